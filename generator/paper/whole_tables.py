"""The table of another program, read whole: its header, and its rows by number."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from generator.paper.csv_tables import Row
from generator.paper.table_reader import LARGEST_FILE, Places, TableReader


@dataclass(frozen=True)
class Table:
    """The fields of the header with its row, the rows by their numbers, what is wrong with others, and the separator."""

    header: tuple[str, ...]
    header_row: int
    rows: Mapping[int, tuple[str, ...]]
    faults: tuple[str, ...]
    delimiter: str


Fits: TypeAlias = Callable[[Sequence[str]], bool]
"""Tells whether a row is a header."""


def read_table(path: Path, fits: Fits, nearly: Fits = lambda _: False, what: str = "table of answers") -> Table:
    """Read a CSV or a workbook whose header ``fits``.

    Without such a row the header is one that fits ``nearly``, or else the row with most fields.  Raises :class:`InputError` where
    the file cannot be read, is empty or has a header alone.
    """
    return _Reader(path, fits, nearly, what).whole()


_MOST = 10**6
"""More fields than a row has."""


class _Reader(TableReader):
    columns = ()
    needed = ("student", "problem", "part", "answer")
    each = "student"
    takes_workbooks = True

    def __init__(self, path: Path, fits: Fits, nearly: Fits, what: str) -> None:
        super().__init__(path)
        self.what = what
        self._fits = fits
        self._fits_nearly = nearly
        self._header_found = Row(1, 1, ())
        self._delimiter = ","

    def whole(self) -> Table:
        before = csv.field_size_limit(LARGEST_FILE)  # an essay, or the parameters of a question, may be long
        try:
            rows = {
                number: tuple(cells[str(place)] for place in range(len(self._header_found.fields)))
                for number, cells in self.table()
            }
        finally:
            csv.field_size_limit(before)
        header = self._header_found
        return Table(tuple(header.fields), header.number, rows, tuple(self._errors), self._delimiter)

    def _header(self, text: str, first: int, delimiters: str) -> tuple[str, Row | None]:
        self._delimiter, row = super()._header(text, first, delimiters)
        return self._delimiter, row

    def _fitness(self, fields: Sequence[str]) -> tuple[bool, int, int]:
        filled = sum(bool(field.strip()) for field in fields)
        likeness = (filled if filled > 1 else 0) + (_MOST if self._fits_nearly(fields) else 0)
        return self._fits(fields), likeness, len(fields)

    def _places(self, header: Row, rows: Sequence[Row]) -> Places:
        self._header_found = header
        return {str(place): (place,) for place in range(len(header.fields))}

    def _note(self, fault: str) -> None:
        self._errors.append(fault)  # all of them are reported, and the other rows are marked
