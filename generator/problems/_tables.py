"""Tables of the numbers that a problem gives, for the texts of several problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from generator import say
from generator.document.prose import Say
from generator.numbers import notation


def table_of_rows(rows: Mapping[str, Iterable[Any]]) -> Say:
    """A table with a row for each name; numbers are printed as formulas, texts as they are."""
    cells = [
        [name, *(one if isinstance(one, str) else f"${notation.tex(one)}$" for one in row)]
        for name, row in rows.items()
    ]
    lines = [f"| {' | '.join(row)} |" for row in cells]
    return say("\n".join([lines[0], "|" + " --- |" * len(cells[0]), *lines[1:]]))
