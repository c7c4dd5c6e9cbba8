r"""A word, or a list of words: ``AC``, ``n+e, s+t``, ``["h", "o", "nest"]``."""

from __future__ import annotations

import re
from typing import Any

from generator.errors.language import phrase
from generator.grading.nesting import TypedValue, Unread
from generator.grading.reading.choices import plain_letters
from generator.grading.reading.prints import without_list_numbers
from generator.numbers.tokens import MAX_CHARACTERS, UnreadableError
from generator.problem.word_answers import WORD, words_tex

_TEX = re.compile(
    r"```[a-z]{0,12}|\\(?:text|texttt|mathrm|mathtt|boxed|answerbox)(?=\{)|\\(?:q?quad|left|right)\b|\\[,;:! ()\[\]]|[$`'\"{}]"
)
"""Signs of TeX and quotation marks, which mean nothing here."""
_PIECE = re.compile(rf"(?P<word>{WORD})|(?P<skip>[\s,;|/&()\[\]<>=*.–-]+)|(?P<other>.)", re.DOTALL)
_INTRODUCTION = re.compile(r"(?i)^\s*(?:(?:the|my)\s+)?(?:answer|words?|result)\s*(?:is|are|:|=)\s*")
_BETWEEN = re.compile(r"[,;\n]")


def read_words(text: str, right: Any) -> TypedValue:
    """Read a word where ``right`` is one, else a list of words, in the case in which ``right`` is written.

    Blanks within a single word, and around its plus signs, mean nothing; arrows and hyphens separate words as commas do.
    Of a list with as many places between commas as there are right words, some may be empty or unreadable.
    """
    plain = _INTRODUCTION.sub("", _TEX.sub(" ", without_list_numbers(plain_letters(text, MAX_CHARACTERS))))
    plain = re.sub(r"\s*\+\s*", "+", plain.strip().rstrip("."))
    plain = plain.upper() if _is_upper(right) else plain.lower()
    if not isinstance(right, tuple):
        word = "".join(_words_in(plain))
        return TypedValue(word, {}, words_tex(word))
    plain = _AND.sub(", ", plain)
    if all("+" in word for word in right):
        plain = _as_sums(plain, len(right))
    places = _BETWEEN.split(plain)
    words = tuple(map(_word_or_not, places)) if len(places) == len(right) else tuple(_words_in(plain))
    if all(isinstance(word, Unread) for word in words):
        _words_in(plain)  # raises what is wrong with the first
        raise UnreadableError(phrase("reading.expected", what=phrase("reading.words"), got=repr(plain)))
    return TypedValue(words, {}, words_tex(tuple("?" if isinstance(word, Unread) else word for word in words)))


_AND = re.compile(r",?\s+(?:and|und)\s+")
_PAIR = re.compile(rf"\(\s*({WORD})\s*,\s*({WORD})\s*\)")
_TWO_WORDS = re.compile(rf"\s*({WORD})[ ]+({WORD})\s*")


def _as_sums(plain: str, count: int) -> str:
    """Return ``n+e`` for the pairs ``(n, e)`` of Python, and for ``n e`` in a line of its own, if there are so many of them."""
    if len(_PAIR.findall(plain)) == count and not _PIECE.sub("", _PAIR.sub("", plain)).strip("[], \n"):
        return _PAIR.sub(r"\1+\2", plain)
    places = _BETWEEN.split(plain)
    if len(places) == count and all(map(_TWO_WORDS.fullmatch, places)):
        return ",".join(_TWO_WORDS.sub(r"\1+\2", place) for place in places)
    return plain


def _words_in(plain: str) -> list[str]:
    """Return the words of a text; raise :class:`UnreadableError` if it has none, or something else among them."""
    found: list[str] = []
    for piece in _PIECE.finditer(plain):
        if piece.lastgroup == "other":
            raise UnreadableError(phrase("reading.expected", what=phrase("reading.words"), got=repr(piece[0])))
        if piece.lastgroup == "word":
            found.append(piece[0])
    if not found:
        raise UnreadableError(phrase("reading.nothing_here"))
    return found


def _word_or_not(place: str) -> str | Unread:
    """Return the one word at a place of a list."""
    try:
        words = _words_in(place)
    except UnreadableError as error:
        return Unread(place.strip(), error.reason)
    if len(words) > 1:
        return Unread(place.strip(), phrase("reading.expected", what=phrase("reading.words"), got=repr(place.strip())))
    return words[0]


def _is_upper(right: Any) -> bool:
    return "".join(right) == "".join(right).upper()
