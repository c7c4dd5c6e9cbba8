"""A vector or matrix that is pasted into a grid of fields, read as a typed one is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.errors.language import phrase
from generator.grading.reading.answers import typed_entries
from generator.numbers.tokens import UnreadableError
from generator.practice.web.fields import MAX_SIDE, Grid, Kind
from generator.practice.web.previews import reason


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
        return Pasted(message=phrase("practice.pasted_unreadable", reason=reason(text, error)))
    if kind == "vector" and {len(row) for row in rows} == {1}:
        rows = (tuple(entry for (entry,) in rows),)
    found = Grid(len(rows), len(rows[0]))
    if found == grid:
        place = (1, 1)
    first_row, first_column = place
    if first_row + found.rows - 1 > grid.rows or first_column + found.columns - 1 > grid.columns:
        fits_elsewhere = place != (1, 1) and not _is_larger(found, grid)
        key = "practice.pasted_does_not_fit_here" if fits_elsewhere else "practice.pasted_does_not_fit"
        return Pasted(message=phrase(key, pasted=_size(found, kind), grid=_size(grid, kind)))
    cells = {
        (first_row + down, first_column + right): entry
        for down, row in enumerate(rows)
        for right, entry in enumerate(row)
    }
    if found in (grid, Grid(1, 1)):
        return Pasted(cells)
    return Pasted(
        cells,
        phrase("practice.pasted_partly", pasted=_size(found, kind), grid=_size(grid, kind)),
    )


def _is_larger(found: Grid, grid: Grid) -> bool:
    return found.rows > grid.rows or found.columns > grid.columns


def _size(grid: Grid, kind: Kind) -> str:
    entries = phrase("entries.count", count=grid.columns)
    if kind == "vector" and grid.rows == 1:
        return entries
    return phrase("entries.rows_of", count=grid.rows, entries=entries)


def place_in(text: str) -> int:
    """Return a row or a column in a form, from 1; 1 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 and 0 < int(text) <= MAX_SIDE else 1
