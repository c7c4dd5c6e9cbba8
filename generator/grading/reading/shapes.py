"""Shapes of arrays: ``[4, 128]``, ``4x128``, ``4 by 128``; and several, perhaps with the names that they are for.

Each reader makes one pass over the text from left to right, so that its time grows with the text's length alone.
"""

from __future__ import annotations

import re
from typing import Any

import sympy

from generator.grading.nesting import TypedValue
from generator.grading.reading.choices import plain_letters
from generator.numbers.tokens import (
    MAX_CHARACTERS,
    MAX_NUMBER_CHARACTERS,
    UnreadableError,
    check_length,
    describe_character,
)

MAX_DIMENSIONS = 8
_MAX_SIZE_DIGITS = 12

# -------------------------------------------------------------------------------------------- one shape

_SHAPE = re.compile(
    r"(?P<size>[0-9]+)(?![.][0-9])|(?P<by>\\times|\\cdot|[x*,;]|by\b)"
    r"|(?P<wrap>\\[()\[\]]|\\(?:left|right)\b|\\[,;!:{} ]|\$+|[\[\](){}])|(?P<blank>\s+)|(?P<other>.)",
    re.DOTALL | re.IGNORECASE,
)
_SHAPE_NAME = re.compile(
    r"\s*(?:[^\W\d]|\\)[\w\\.{} ]{0,30}(?:=|:)(?=\s*\S)|\s*(?:torch\.)?size(?=\s*\()", re.IGNORECASE
)
_SHAPE_EXAMPLE = "a shape such as [4, 128] or 4x128"


def read_shape(text: str) -> TypedValue:
    """Read the shape of an array, as a tuple of positive Integers."""
    plain = plain_letters(text, MAX_NUMBER_CHARACTERS)
    prefix = _SHAPE_NAME.match(plain)
    end = len(plain.rstrip().removesuffix("."))
    sizes: list[sympy.Integer] = []
    by: str | None = ""  # what is between the last size and the next; None where nothing is yet
    for piece in _SHAPE.finditer(plain, prefix.end() if prefix else 0, end):
        kind, word, place = piece.lastgroup, piece[0], piece.start()
        if kind == "other":
            raise UnreadableError(
                f"{describe_character(text[place])} is not expected here; expected {_SHAPE_EXAMPLE}", place
            )
        if kind == "size":
            if by is None:
                raise UnreadableError("write a comma or x between two sizes", place)
            sizes.append(_size(word, place))
            by = None
        elif kind == "by":
            if by is not None:
                raise UnreadableError(f"a size is missing before {word!r}", place)
            by = word
    if not sizes:
        raise UnreadableError(f"expected {_SHAPE_EXAMPLE}")
    _check_same_separators(plain, prefix.end() if prefix else 0)
    if by is not None and (by != "," or len(sizes) > 1):  # (4,) is one dimension
        raise UnreadableError("a size is missing at the end", end)
    if len(sizes) > MAX_DIMENSIONS:
        raise UnreadableError(f"this has more than {MAX_DIMENSIONS} dimensions")
    return TypedValue(tuple(sizes), {}, "[" + ", ".join(map(str, sizes)) + "]")


def _check_same_separators(plain: str, start: int) -> None:
    """Refuse ``4 x 1,024``, whose comma may be one between thousands."""
    between = [found for found in _SHAPE.finditer(plain, start) if found.lastgroup == "by"]
    for found in between:
        if (found[0] in ",;") != (between[0][0] in ",;"):
            raise UnreadableError("write a comma between all sizes, or x between all", found.start())


def _size(word: str, place: int) -> sympy.Integer:
    if len(word) > _MAX_SIZE_DIGITS or int(word) == 0 or word[0] == "0":
        raise UnreadableError(f"{word[:20]} is not a size; sizes are whole numbers from 1 up", place)
    return sympy.Integer(word)


# ---------------------------------------------------------------------------------------- several shapes

_PIECE = re.compile(
    r"(?P<shape>[\[(][^\[\]()]*[\])]|[0-9]+(?:\s*(?:[x×*]|\\times|by)\s*[0-9]+)+)"
    r"|(?P<to>[-–—]|\.{2,3}|…|\bto\b|\\(?:dots|ldots|cdots))"
    r"|(?P<skip>(?:[\s,;$&]|\\\\|\\left|\\right|\\quad|\\(?:begin|end)\{[a-z]{1,12}\})+)"
    r"|(?P<label>[A-Za-z][₀-₉]{1,6}|[A-Za-z](?:[A-Za-z0-9]|_(?=[\w{]))*+(?:\{[0-9]{1,6}\})?)"
    r"|(?P<sign>[:=])|(?P<other>.)",
    re.DOTALL,
)
_NUMBER = re.compile(r"[0-9]+(?=\}?$)")
_PLAIN_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_EXAMPLE = "expected a shape such as [4, 128]"
_MOST = 100
"""Activations in one range of names."""


def read_shapes(text: str) -> TypedValue:
    """Read several shapes in the order of the text, one for each name: ``z_1, z_2: [4, 128]; z_3–z_6: 4x256``.

    Raise :class:`UnreadableError`, also for names out of order.
    """
    reader = _ShapesReader()
    for piece in _PIECE.finditer(_unframed(check_length(text, MAX_CHARACTERS).replace('"', " "))):
        reader.take(str(piece.lastgroup), piece[0], piece.start())
    return TypedValue(reader.shapes(text))


def _unframed(text: str) -> str:
    """Return the text without brackets around a list of bracketed shapes, every character in its position."""
    inner = text.strip()
    if inner[:1] not in ("[", "(") or inner[1:].lstrip()[:1] not in ("[", "(") or len(inner) < 3:
        return text
    start = text.index(inner[0])
    end = len(text.rstrip()) - 1
    return text[:start] + " " + text[start + 1 : end] + " "


class _ShapesReader:
    def __init__(self) -> None:
        self._shapes: list[Any] = []
        self._names: list[int | None] = []
        self._last = 0
        self._ranging = self._named = False

    def take(self, kind: str, word: str, place: int) -> None:
        """Take the next piece of the text."""
        if kind == "label" and not self._named:
            self._name(word, place)
        elif kind == "to" and self._names and not self._ranging and not self._named:
            self._ranging = True
        elif kind == "sign" and self._names and not self._named and not self._ranging:
            self._named = True
        elif kind == "shape" and bool(self._names) == self._named:
            self._shape(word, place)
        elif kind != "skip":
            raise UnreadableError(_EXAMPLE, place)

    def shapes(self, text: str) -> tuple[Any, ...]:
        """Return all of them, once the text is at its end."""
        if self._names:
            raise UnreadableError("a shape is missing after these names", len(text))
        if not self._shapes:
            raise UnreadableError("expected shapes such as [4, 128]; [4, 256]")
        return tuple(self._shapes)

    def _name(self, word: str, place: int) -> None:
        found = _NUMBER.search(word.translate(_PLAIN_DIGITS))
        number = int(found[0]) if found is not None and len(found[0]) < 6 else None
        if number is not None and number <= self._last:
            raise UnreadableError("give the shapes in the order of the names, each name once", place)
        if self._ranging:
            if number is None or self._names[-1] is None or number - self._last > _MOST:
                raise UnreadableError("a range needs two numbered names, as in z_1-z_3", place)
            self._names += range(self._last + 1, number)
        self._names.append(number)
        self._last = self._last if number is None else number
        self._ranging = False

    def _shape(self, word: str, place: int) -> None:
        try:
            shape = read_shape(word).value
        except UnreadableError as error:
            raise UnreadableError(error.reason, place + error.position, (len(self._shapes), 0)) from error
        self._shapes += [shape] * max(1, len(self._names))
        self._names, self._named = [], False
