"""CSV files for spreadsheets, all written here: with a byte-order mark, every cell quoted, no cell a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from generator.paper.csv_tables import spreadsheet_safe


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table as a CSV file; without the mark a spreadsheet takes ``é`` for two letters of another encoding."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([spreadsheet_safe(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")
