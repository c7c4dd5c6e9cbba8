r"""Some letters for each of several labels, such as the axes N, H, W: ``NHW; CHW; HW`` or ``(N, H, W), (C, H, W), (H, W)``."""

from __future__ import annotations

import re
from typing import Any

from generator.errors.language import phrase
from generator.grading.nesting import TypedValue, Unread
from generator.grading.reading.choices import plain_letters
from generator.grading.reading.prints import without_list_numbers
from generator.numbers.tokens import MAX_CHARACTERS, UnreadableError
from generator.problem.choices import set_tex

_TEX = re.compile(
    r"```[a-z]{0,12}|\\(?:begin|end)\{[a-z]{1,12}\*?\}|\\(?:text|mathrm|boxed|answerbox)(?=\{)|\\(?:q?quad|left|right)\b|\\[,;:! ]|[$`'\"]|\\[()\[\]]"
)
"""Signs of TeX and quotation marks, which mean nothing here."""
_ROW_END = re.compile(r"[|\t]|[; ]*\n\s*")
_NAME = re.compile(r"[{(]?[A-Za-z][\w-]*[})]?[ &]*[:=]")
"""A label before its letters: ``BatchNorm:``, ``{LayerNorm} &=``."""
_OVER = re.compile(r"(?i)\b(?:over|axes)\b(?!\s*[:=])")
_AND = re.compile(r"(?i)\s+and\s+")
_GROUP = re.compile(r"[({\[]([^(){}\[\]]*)[)}\]]")
_WORD = re.compile(r"(?P<letters>[A-Za-z]+)|(?P<skip>[\s,.&+*/×(){}\[\]]+)|(?P<other>.)", re.DOTALL)


def read_subsets(text: str, letters: str, count: int) -> TypedValue:
    """Read ``count`` sets of letters, as a tuple of texts with each letter once, in the order of ``letters``.

    A set that is empty or cannot be read is an :class:`Unread` while others can be; raise :class:`UnreadableError` if none can.
    """
    plain = _OVER.sub("", without_list_numbers(plain_letters(text, MAX_CHARACTERS)))
    for sign, meaning in ((r"\\", ";"), (r"\{", "{"), (r"\}", "}")):
        plain = plain.replace(sign, meaning)
    plain = _ROW_END.sub(";", _TEX.sub(" ", plain).strip())
    values: list[Any] = []
    for cell in _cells(plain, letters, count):
        try:
            values.append(_subset(cell, letters))
        except UnreadableError as error:
            values.append(Unread(cell.strip(), error.reason))
    if all(isinstance(value, Unread) for value in values):
        raise UnreadableError(_wanted(letters, count))
    sets = [r"\text{?}" if isinstance(value, Unread) else set_tex(value) for value in values]
    return TypedValue(tuple(values), {}, r"\begin{bmatrix} " + " & ".join(sets) + r" \end{bmatrix}")


def read_subset(text: str, letters: str) -> TypedValue:
    """Read one set of letters."""
    (value,) = read_subsets(text, letters, 1).value
    return TypedValue(value, {}, set_tex(value))


def _cells(text: str, letters: str, count: int) -> list[str]:
    """Return the texts of so many sets; raise :class:`UnreadableError` where the text cannot be divided into as many."""
    if count == 1:
        return [_NAME.sub(" ", text).replace(";", " ")]
    divided = [re.split("[:=]", cell)[-1] for cell in text.split(";")]
    named = [cell for cell in _NAME.sub(";", text).split(";") if cell.strip(" ,&")]
    for cells in (
        divided,
        named,
        _GROUP.findall(text),
        text.split(","),
        text.split("/"),
        _AND.split(text),
        text.replace(";", " ").split(),
    ):
        if len(cells) == count:
            return cells
    raise UnreadableError(_wanted(letters, count))


def _subset(cell: str, letters: str) -> str:
    chosen = set()
    for piece in _WORD.finditer(cell):
        word = piece[0].upper()
        if piece.lastgroup == "skip" or word == "AND":
            continue
        if piece.lastgroup == "other" or not set(word) <= set(letters):
            raise UnreadableError(phrase("reading.expected", what=_wanted_one(letters), got=repr(piece[0][:20])))
        chosen |= set(word)
    if not chosen:
        raise UnreadableError(phrase("reading.nothing_here"))
    return "".join(letter for letter in letters if letter in chosen)


def _wanted_one(letters: str) -> str:
    return phrase("reading.letters_out_of", letters=", ".join(letters))


def _wanted(letters: str, count: int) -> str:
    what = _wanted_one(letters)
    if count > 1:
        what = phrase("reading.times_letters_out_of", number=count, letters=", ".join(letters))
    return phrase("reading.letter_expected", wanted=what)
