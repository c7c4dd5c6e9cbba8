r"""A word, or a list of words: ``AC``, ``n+e, s+t``, ``["h", "o", "nest"]``."""

from __future__ import annotations

import re
from typing import Any

from generator.errors.language import phrase
from generator.grading.nesting import TypedValue
from generator.grading.reading.choices import plain_letters
from generator.grading.reading.prints import without_list_numbers
from generator.numbers.tokens import MAX_CHARACTERS, UnreadableError
from generator.problem.word_answers import WORD, words_tex

_TEX = re.compile(
    r"```[a-z]{0,12}|\\(?:text|texttt|mathrm|mathtt|boxed|answerbox)(?=\{)|\\(?:q?quad|left|right)\b|\\[,;:! ()\[\]]|[$`'\"{}]"
)
"""Signs of TeX and quotation marks, which mean nothing here."""
_PIECE = re.compile(rf"(?P<word>{WORD})|(?P<skip>[\s,;|/&()\[\]<>=*.–-]+)|(?P<other>.)", re.DOTALL)


def read_words(text: str, right: Any) -> TypedValue:
    """Read a word where ``right`` is one, else a list of words, in the case in which ``right`` is written.

    Blanks within a single word, and around its plus signs, mean nothing; arrows and hyphens separate words as commas do.
    """
    plain = _TEX.sub(" ", without_list_numbers(plain_letters(text, MAX_CHARACTERS)))
    plain = re.sub(r"\s*\+\s*", "+", plain.strip().rstrip("."))
    found: list[str] = []
    for piece in _PIECE.finditer(plain):
        if piece.lastgroup == "other":
            what = phrase("reading.words")
            raise UnreadableError(phrase("reading.expected", what=what, got=repr(piece[0])))
        if piece.lastgroup == "word":
            found.append(piece[0].upper() if _is_upper(right) else piece[0].lower())
    if not found:
        raise UnreadableError(phrase("reading.nothing_here"))
    value = tuple(found) if isinstance(right, tuple) else "".join(found)
    return TypedValue(value, {}, words_tex(value))


def _is_upper(right: Any) -> bool:
    return "".join(right) == "".join(right).upper()
