"""Cells of a table: safe in a spreadsheet, shown in a message, read as the names of columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from generator.render.escaping import one_line, shortened

LONGEST_TEXT = 200
"""Characters of a cell that somebody typed."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")


def spreadsheet_safe(text: str) -> str:
    """A text for a cell of an exported CSV that no spreadsheet takes for a formula (``=HYPERLINK(…)``).

    What could begin one gets an apostrophe in front, and so does an apostrophe: taking one away from the front
    gives the text back.  Write the file with ``csv.QUOTE_ALL``, or a semicolon within a text begins a new cell
    where lists are separated by semicolons.
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def column_name(field: str) -> str:
    """A field of the header as columns are compared: without regard to case, width or space around it."""
    return one_line(unicodedata.normalize("NFKC", field)).strip().casefold()


def listed(fields: Sequence[str]) -> str:
    """The first fields of a row in a message, and how many more there are."""
    first = ", ".join(shown(field) for field in fields[:8])
    return f"{first} and {len(fields) - 8} more" if len(fields) > 8 else first


def shown(text: str) -> str:
    """A text in a message: quoted, short, and without what would move the terminal's cursor."""
    return f"'{shortened(one_line(text[:1000]).strip(), 40)}'"
