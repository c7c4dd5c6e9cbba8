"""Heat maps side by side: cells from white to dark by their values, with names of rows and columns, and hatched where nothing may stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil

from generator.document.figures.scene import (
    Box,
    Label,
    Line,
    Scene,
    Shape,
    Words,
    baseline,
    in_plain_text,
    words_width,
)
from generator.errors.language import phrase

_CELL = 26.0
_GAP = 30.0
_TOP = 28.0  # above the cells, for the name of the map and those of its columns
_HATCHES = 3  # lines across a hatched cell
_SHADES = ("plain", "faint", "light", "medium", "dark")

Cell = tuple[int, int]
"""A row and a column, from 0."""


@dataclass(frozen=True, kw_only=True)
class HeatMap:
    """A map under a name: a value from 0 to 1 and a text for each cell, and which cells are hatched, so that they show neither.

    Only 0 is white.  Without ``values`` the cells are left blank, to write in.
    """

    name: Words
    rows: Sequence[str]
    columns: Sequence[str]
    values: Sequence[Sequence[float]] = ()
    texts: Sequence[Sequence[str]] = ()
    hatched: Collection[Cell] = ()


def heat_map_scene(title: str, maps: Sequence[HeatMap], description: str) -> Scene:
    """Maps from left to right; a cell is as wide as the widest text.  After the ``description`` it is said what each map holds."""
    texts = [text for one in maps for row in one.texts for text in row]
    width = float(ceil(max([_CELL, *(words_width((text,)) + 8 for text in texts)])))
    drawn: list[Shape] = []
    left = 0.0
    for one in maps:
        left += ceil(max(words_width((name,), "small") for name in one.rows)) + 5
        drawn += _drawn(one, left, width)
        left += width * len(one.columns) + _GAP
    height = _TOP + _CELL * max(len(one.rows) for one in maps)
    return Scene(left - _GAP, height, tuple(drawn), title, " ".join([description, *map(_described, maps)]))


def _drawn(one: HeatMap, left: float, width: float) -> list[Shape]:
    found: list[Shape] = [Label(left + len(one.columns) * width / 2, _TOP - 17, one.name)]
    found += [Label(left + (j + 0.5) * width, _TOP - 4, (name,), "small") for j, name in enumerate(one.columns)]
    for i, name in enumerate(one.rows):
        y = _TOP + i * _CELL
        found.append(Label(left - 4, baseline(y + _CELL / 2, "small"), (name,), "small", "end"))
        for j in range(len(one.columns)):
            x = left + j * width
            if (i, j) in one.hatched:
                found += [Box(x, y, width, _CELL, "plain"), *_hatching(x, y, width)]
            elif one.values:
                shade = min(max(ceil(one.values[i][j] * (len(_SHADES) - 1)), 0), len(_SHADES) - 1)
                found.append(Box(x, y, width, _CELL, _SHADES[shade]))
                found.append(Label(x + width / 2, baseline(y + _CELL / 2), (one.texts[i][j],)))
            else:
                found.append(Box(x, y, width, _CELL, "plain"))
    return found


def _hatching(x: float, y: float, width: float) -> list[Shape]:
    """Slanted lines from the lower left to the upper right of a cell."""
    return [
        Line(((round(x + max(t - 1, 0) * width, 2), round(y + min(t, 1) * _CELL, 2)),
              (round(x + min(t, 1) * width, 2), round(y + max(t - 1, 0) * _CELL, 2))), "grid")
        for t in (2 * step / (_HATCHES + 1) for step in range(1, _HATCHES + 1))
    ]  # fmt: skip


def _described(one: HeatMap) -> str:
    """Return what a map holds, row by row."""

    def said(i: int, j: int) -> str:
        if (i, j) in one.hatched:
            return phrase("figure.hatched")
        return one.texts[i][j] if one.values else phrase("figure.blank")

    columns = range(len(one.columns))
    rows = [f"{name}: {', '.join(said(i, j) for j in columns)}" for i, name in enumerate(one.rows)]
    return f"{in_plain_text(one.name)} ({', '.join(one.columns)}): {'; '.join(rows)}."
