"""A vector or matrix that is pasted into a grid of fields, read as a typed one is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.grading.reading.answers import typed_entries
from generator.numbers.tokens import UnreadableError
from generator.practice.web.fields import MAX_SIDE, Grid, Kind
from generator.practice.web.previews import reason
from generator.render.renderer import count_of


@dataclass(frozen=True)
class Pasted:
    """What to put into which fields, by row and column from 1; and what to say, empty where all is as expected."""

    cells: Mapping[tuple[int, int], str] = field(default_factory=dict)
    message: str = ""


def read_pasted(text: str, kind: Kind, grid: Grid, place: tuple[int, int]) -> Pasted:
    """Return what a text fills when it is pasted into the field at ``place``.

    One of the grid's shape fills the grid; a smaller one the fields to the right and below, if it fits there.
    """
    shape = (grid.columns,) if kind == "vector" else (grid.rows, grid.columns)
    try:
        rows = typed_entries(text, shape)
    except UnreadableError as error:
        return Pasted(message=f"What you pasted cannot be read: {reason(text, error)}.")
    if kind == "vector" and {len(row) for row in rows} == {1}:
        rows = (tuple(entry for (entry,) in rows),)
    found = Grid(len(rows), len(rows[0]))
    if found == grid:
        place = (1, 1)
    first_row, first_column = place
    if first_row + found.rows - 1 > grid.rows or first_column + found.columns - 1 > grid.columns:
        where = "" if place == (1, 1) or _is_larger(found, grid) else ", and does not fit at this place"
        return Pasted(message=f"What you pasted has {_size(found, kind)}; the grid has {_size(grid, kind)}{where}.")
    cells = {
        (first_row + down, first_column + right): entry
        for down, row in enumerate(rows)
        for right, entry in enumerate(row)
    }
    if found in (grid, Grid(1, 1)):
        return Pasted(cells)
    return Pasted(
        cells,
        f"What you pasted has {_size(found, kind)}, the grid has {_size(grid, kind)}: the other fields are as they were.",
    )


def _is_larger(found: Grid, grid: Grid) -> bool:
    return found.rows > grid.rows or found.columns > grid.columns


def _size(grid: Grid, kind: Kind) -> str:
    entries = "1 entry" if grid.columns == 1 else f"{grid.columns} entries"
    return entries if kind == "vector" and grid.rows == 1 else f"{count_of(grid.rows, 'row')} of {entries}"


def place_in(text: str) -> int:
    """Return a row or a column in a form, from 1; 1 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 and 0 < int(text) <= MAX_SIDE else 1
