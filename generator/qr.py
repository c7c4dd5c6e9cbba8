"""The small code in the foot of a page: a variant's id, to be read by a camera."""

from __future__ import annotations

import re
from functools import cache, lru_cache

import segno
from markupsafe import Markup

RECTANGLES_A_LINE = 10
_MASK = 3
"""Every reader knows all eight masks; trying them out for the best takes six times as long as drawing the code."""

_NUMBERS = {letter: number for number, letter in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")}
"""Of the letters of which the standard (ISO/IEC 18004) writes two as one number of eleven bits."""

_DARK = re.compile("1+")


@lru_cache(maxsize=64)
def qr(text: str) -> Markup:
    r"""``text`` as a QR code for the macro ``\\qrcode``: the modules a side, and the dark ones as PDF rectangles.

    An id of capitals, digits and dashes fits the smallest code, of 21 modules, which still reads with 15 % of it
    lost; the margin of four modules is the page's to keep.  Rectangles are ``x y width height re``, in modules,
    y upwards.
    """
    in_pairs = not text.isdecimal() and _NUMBERS.keys() >= set(text)  # the standard writes any other text otherwise
    side, modules = _codes(len(text)).code(text) if in_pairs else _draw(text)
    shapes = _rectangles(side, modules)
    lines = (shapes[start : start + RECTANGLES_A_LINE] for start in range(0, len(shapes), RECTANGLES_A_LINE))
    return Markup(f"\\qrcode{{{side}}}{{" + "\n  ".join(" ".join(line) for line in lines) + "}")  # noqa: S704


def _rectangles(side: int, modules: int) -> list[str]:
    """The dark modules, those side by side as one, from the lowest row upwards."""
    bits = f"{modules:0{side * side}b}"
    rows = " ".join([bits[start : start + side] for start in range(side * (side - 1), -1, -side)])
    written = _written(side)
    return [written[run.span()] for run in _DARK.finditer(rows)]


class _Written(dict[tuple[int, int], str]):
    """The rectangle of a run of dark modules, by where it begins and ends in the rows with a blank between."""

    def __init__(self, side: int) -> None:
        self._side = side

    def __missing__(self, run: tuple[int, int]) -> str:
        start, end = run
        y, x = divmod(start, self._side + 1)
        self[run] = f"{x} {y} {end - start} 1 re"
        return self[run]


@cache
def _written(side: int) -> _Written:
    return _Written(side)


@cache
def _codes(_: int) -> _Codes:
    return _Codes()


class _Codes:
    """The codes of texts of one length: some are drawn, and all others are sums of these.

    A code shows its text's bits, check bits that are linear in them, and patterns that every code has.  So the sum
    without carries of an odd number of codes is the code of the sum of their bits; for ids some sixty have to be drawn.
    """

    def __init__(self) -> None:
        self._side = 0
        self._drawn: dict[int, tuple[int, int]] = {}  # by its highest bit: a sum of texts, and that of their codes

    def code(self, text: str) -> tuple[int, int]:
        """The modules a side, and all of them as the bits of a number, row by row from the upper left."""
        rest = _bits(text)
        modules = 0
        while known := self._drawn.get(rest.bit_length()):
            rest ^= known[0]
            modules ^= known[1]
        if rest:
            self._side, drawn = _draw(text)
            self._drawn[rest.bit_length()] = rest, modules ^ drawn
            return self._side, drawn
        return self._side, modules


def _bits(text: str) -> int:
    """The bits of a text, after a first one that is always set."""
    bits = 1
    for start in range(0, len(text) - 1, 2):
        bits = bits << 11 | 45 * _NUMBERS[text[start]] + _NUMBERS[text[start + 1]]
    return bits << 6 | _NUMBERS[text[-1]] if len(text) % 2 else bits


def _draw(text: str) -> tuple[int, int]:
    matrix = segno.make_qr(text, error="m", boost_error=False, mask=_MASK).matrix
    return len(matrix), int("".join(str(module) for row in matrix for module in row), 2)
