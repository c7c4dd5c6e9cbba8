"""Grids of numbers side by side, with cells shaded and windows framed: a picture under a kernel, its feature map, a heat map."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

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

_CELL = 20.0
_GAP = 34.0
_NAME = 14.0  # above a grid, for its name

Cell = tuple[int, int]
"""A row and a column, from 0."""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A grid under a name: a text for each cell (none: an empty cell), which cells are shaded, and windows framed by a line.

    A window is its first cell, then how many rows and columns it has.  The texts of ``marked`` cells are bold.
    """

    name: Words
    cells: Sequence[Sequence[str]]
    shaded: Collection[Cell] = ()
    marked: Collection[Cell] = ()
    windows: Sequence[tuple[Cell, int, int]] = ()


def grids_scene(title: str, grids: Sequence[Grid], description: str, *, cell: float = _CELL) -> Scene:
    """Grids from left to right, centred on one line; a cell is as wide as the widest text, and at least ``cell``.

    After the ``description`` it is said what each grid holds.
    """
    tallest = max(len(grid.cells) for grid in grids)
    width = max([cell, *(words_width((text,)) + 6 for grid in grids for row in grid.cells for text in row if text)])
    drawn: list[Shape] = []
    left = 0.0
    for grid in grids:
        top = _NAME + (tallest - len(grid.cells)) * cell / 2
        drawn += _drawn(grid, left, top, width, cell)
        left += width * len(grid.cells[0]) + _GAP
    return Scene(
        left - _GAP, _NAME + tallest * cell, tuple(drawn), title, " ".join([description, *map(_described, grids)])
    )


def _drawn(grid: Grid, left: float, top: float, width: float, cell: float) -> list[Shape]:
    columns = len(grid.cells[0])
    found: list[Shape] = [Label(left + columns * width / 2, top - 5, grid.name)]
    for i, row in enumerate(grid.cells):
        for j, text in enumerate(row):
            x, y = left + j * width, top + i * cell
            found.append(Box(x, y, width, cell, "linear" if (i, j) in grid.shaded else "plain"))
            if text:
                style = "answer" if (i, j) in grid.marked else "label"
                found.append(Label(x + width / 2, baseline(y + cell / 2), (text,), style))
    for (i, j), rows, high in ((corner, rows, columns) for corner, rows, columns in grid.windows):
        x, y = left + j * width, top + i * cell
        across, down = high * width, rows * cell
        found.append(Line(((x, y), (x + across, y), (x + across, y + down), (x, y + down), (x, y)), "first"))
    return found


def _described(grid: Grid) -> str:
    """What a grid holds: its rows, and which cells are shaded, bold and framed."""
    texts = {(i, j): text for i, row in enumerate(grid.cells) for j, text in enumerate(row) if text}
    rows, columns = len(grid.cells), len(grid.cells[0])
    if 2 * len(texts) < rows * columns:
        few = [f"{text}: {_places([cell])}" for cell, text in texts.items()]
        holds = "; ".join([phrase("figure.grid", rows=rows, columns=columns), *few])
    else:
        holds = "; ".join(", ".join(text or phrase("figure.blank") for text in row) for row in grid.cells)
    framed = [_rectangle((i, i + rows - 1), (j, j + columns - 1)) for (i, j), rows, columns in grid.windows]
    noted = {
        "figure.shaded": _places(grid.shaded), "figure.bold": _places(grid.marked), "figure.framed": " / ".join(framed),
    }  # fmt: skip
    sentences = [f"{in_plain_text(grid.name)}: {holds}"]
    sentences += [phrase(key, places=places) for key, places in noted.items() if places]
    return "; ".join(sentences) + "."


def _places(cells: Collection[Cell]) -> str:
    """Where cells are: together if they fill a rectangle, else one by one."""
    if not cells:
        return ""
    (top, *_, bottom), (left, *_, right) = (sorted([*ends, *ends]) for ends in zip(*cells, strict=True))
    if len(set(cells)) == (bottom - top + 1) * (right - left + 1):
        return _rectangle((top, bottom), (left, right))
    return " / ".join(_rectangle((i, i), (j, j)) for i, j in sorted(set(cells)))


def _rectangle(rows: tuple[int, int], columns: tuple[int, int]) -> str:
    return phrase("figure.cells", rows=_from_to(*rows), columns=_from_to(*columns))


def _from_to(first: int, last: int) -> str:
    """Numbers from 1, ``2`` or ``2–4``."""
    return f"{first + 1}" if first == last else f"{first + 1}–{last + 1}"
