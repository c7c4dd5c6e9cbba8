"""Several shapes, each perhaps with the names that it is for: ``z_1, z_2: [4, 128]; z_3: 4x256``, ``z_1–z_3: [4, 128]``.

One pass over the text from left to right, so that its time grows with its length alone.
"""

from __future__ import annotations

import re
from typing import Any

from generator.grading.nesting import Typed
from generator.grading.reading import read_shape
from generator.grading.tokens import MAX_CHARACTERS, Unreadable, bounded

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
"""Activations that one range of names stands for."""


def read_shapes(text: str) -> Typed:
    """The shapes in the order of the text, a shape for each name.  Raises :class:`Unreadable`, also for names out of order."""
    reader = _Reader()
    for piece in _PIECE.finditer(_unframed(bounded(text, MAX_CHARACTERS).replace('"', " "))):
        reader.take(str(piece.lastgroup), piece[0], piece.start())
    return Typed(reader.shapes(text), {})


def _unframed(text: str) -> str:
    """Without the brackets around a list of bracketed shapes, every character in its place."""
    inner = text.strip()
    if inner[:1] not in ("[", "(") or inner[1:].lstrip()[:1] not in ("[", "(") or len(inner) < 3:
        return text
    start = text.index(inner[0])
    end = len(text.rstrip()) - 1
    return text[:start] + " " + text[start + 1 : end] + " "


class _Reader:
    def __init__(self) -> None:
        self._shapes: list[Any] = []
        self._names: list[int | None] = []
        self._last = 0
        self._ranging = self._named = False

    def take(self, kind: str, word: str, place: int) -> None:
        """The next piece of the text."""
        if kind == "label" and not self._named:
            self._name(word, place)
        elif kind == "to" and self._names and not self._ranging and not self._named:
            self._ranging = True
        elif kind == "sign" and self._names and not self._named and not self._ranging:
            self._named = True
        elif kind == "shape" and bool(self._names) == self._named:
            self._shape(word, place)
        elif kind != "skip":
            raise Unreadable(_EXAMPLE, place)

    def shapes(self, text: str) -> tuple[Any, ...]:
        """All of them, once the text is at its end."""
        if self._names:
            raise Unreadable("a shape is missing after these names", len(text))
        if not self._shapes:
            raise Unreadable("expected shapes such as [4, 128]; [4, 256]")
        return tuple(self._shapes)

    def _name(self, word: str, place: int) -> None:
        found = _NUMBER.search(word.translate(_PLAIN_DIGITS))
        number = int(found[0]) if found is not None and len(found[0]) < 6 else None
        if number is not None and number <= self._last:
            raise Unreadable("give the shapes in the order of the names, each name once", place)
        if self._ranging:
            if number is None or self._names[-1] is None or number - self._last > _MOST:
                raise Unreadable("a range needs two numbered names, as in z_1-z_3", place)
            self._names += range(self._last + 1, number)
        self._names.append(number)
        self._last = self._last if number is None else number
        self._ranging = False

    def _shape(self, word: str, place: int) -> None:
        try:
            shape = read_shape(word).value
        except Unreadable as error:
            raise Unreadable(error.reason, place + error.position, (len(self._shapes), 0)) from error
        self._shapes += [shape] * max(1, len(self._names))
        self._names, self._named = [], False
