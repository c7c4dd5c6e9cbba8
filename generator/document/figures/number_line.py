"""A number line with dots on it and lines above it: outcomes with their probabilities, and where their mean lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from generator.document.figures.plot import nice_ticks
from generator.document.figures.scene import Group, Label, Line, Mark, Scene, Shape
from generator.errors.language import phrase

_WIDTH = 260.0
_MARGIN = 24.0  # at both ends, for words
_ROW = 14.0
_STYLES = ("second", "third", "fourth")


@dataclass(frozen=True)
class Spot:
    """A number with words above it: a dot in row 0, else a line as high as its row, in whose words the number stands.

    ``said`` describes it.
    """

    at: float
    words: str
    said: str
    row: int = 0


def number_line_scene(title: str, spots: Sequence[Spot], description: str) -> Scene:
    """The spots over an axis with whole numbers; after the ``description`` each of them is described."""
    least, most = floor(min(spot.at for spot in spots)), ceil(max(spot.at for spot in spots))
    step = nice_ticks(max(most - least, 1), most=16, whole=True)[1]
    first = floor(least / step)
    count = max(ceil(most / step) - first, 1)
    rows = max(spot.row for spot in spots)
    axis = _ROW * (rows + 2)

    def place(number: float) -> float:
        return round(_MARGIN + (number / step - first) / count * _WIDTH, 2)

    ruled: list[Shape] = [Line(((_MARGIN - 8, axis), (_MARGIN + _WIDTH + 8, axis)), "axis")]
    numbers = [f"{k * step:g}" for k in range(first, first + count + 1)]
    for k, number in enumerate(numbers, start=first):
        x = place(k * step)
        ruled += [Line(((x, axis), (x, axis + 4)), "axis"), Label(x, axis + 14, (number,), "small")]
    drawn: list[Shape] = []
    for spot in spots:
        x = place(spot.at)
        if spot.row:
            top = _ROW * (rows - spot.row + 1)
            drawn += [Line(((x, top), (x, axis)), _STYLES[(spot.row - 1) % len(_STYLES)])]
            drawn += [Label(x, top - 3, (spot.words,), "small")]
        else:
            drawn += [Mark(x, axis, "first"), Label(x, axis - 6, (spot.words,), "small")]
    return Scene(
        width=_WIDTH + 2 * _MARGIN,
        height=axis + 18,
        drawn=(Group(tuple(ruled)), *drawn),
        title=title,
        description=" ".join(
            [description, phrase("figure.ticks", numbers=", ".join(numbers)), *(spot.said for spot in spots)]
        ),
    )
