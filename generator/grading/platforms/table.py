"""The table of an export, read whole: its header, and its rows by number."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.paper.csv_tables import Row
from generator.paper.table_reader import LARGEST_FILE, Places, TableReader


@dataclass(frozen=True)
class Table:
    """The fields of the header with its row, the rows by their numbers, and what is wrong with others."""

    header: tuple[str, ...]
    header_row: int
    rows: Mapping[int, tuple[str, ...]]
    faults: tuple[str, ...]


def read_table(path: Path, fits: Callable[[Sequence[str]], bool]) -> Table:
    """Read a CSV or a workbook whose header ``fits``; without such a row, the one with most fields is the header.

    Raises :class:`InputError` where the file cannot be read, is empty or has a header alone.
    """
    return _Reader(path, fits).whole()


class _Reader(TableReader):
    columns = ()
    needed = ("student", "problem", "part", "answer")
    what = "table of answers"
    each = "student's answers"
    takes_workbooks = True

    def __init__(self, path: Path, fits: Callable[[Sequence[str]], bool]) -> None:
        super().__init__(path)
        self._fits = fits
        self._header_found = Row(1, 1, ())

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
        return Table(tuple(header.fields), header.number, rows, tuple(self._errors))

    def _fitness(self, fields: Sequence[str]) -> tuple[bool, int, int]:
        filled = sum(bool(field.strip()) for field in fields)
        return self._fits(fields), filled if filled > 1 else 0, len(fields)

    def _places(self, header: Row, rows: Sequence[Row]) -> Places:
        self._header_found = header
        return {str(place): (place,) for place in range(len(header.fields))}

    def _note(self, fault: str) -> None:
        self._errors.append(fault)  # all of them are reported, and the other rows are marked
