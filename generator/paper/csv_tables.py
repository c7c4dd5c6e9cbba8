"""Rows of CSV files as people save them, and cells that are safe in a spreadsheet and come back from it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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


_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)


def cell_text(cell: str) -> str:
    """Return what a cell says, without what keeps a spreadsheet from taking it for something else.

    The inverse of :func:`spreadsheet_safe`; and ``="00123"``, the formula by which a spreadsheet keeps digits as text, is
    what stands between its quotation marks.
    """
    rest = cell.removeprefix("'")
    if rest != cell:
        return rest if spreadsheet_safe(rest) == cell else cell
    found = _AS_TEXT.fullmatch(cell)
    return cell if found is None else found[1].replace('""', '"')


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


_DECLARED = re.compile(r'"?sep=([,;\t])"?(?:\r\n|\r|\n)', re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """A row of the table, which may run over several lines of the file: the numbers of its first and its last one, and its fields."""

    number: int
    last: int
    fields: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        return not any(field.strip() for field in self.fields)


def rows_of(text: str, delimiter: str, first: int) -> Iterator[Row]:
    """Yield the rows of a CSV whose first line is line ``first + 1`` of the file; blanks before a field are no part of it."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    number = first
    for fields in reader:
        last = first + reader.line_num
        yield Row(number + 1, last, tuple(fields))
        number = last


class Lines:
    """The lines of a file, as :class:`Row` numbers them."""

    def __init__(self, text: str, delimiter: str) -> None:
        self._lines = io.StringIO(text, newline="").readlines()
        self._blank_after = re.compile(rf"{re.escape(delimiter)} +[^\s\"{re.escape(delimiter)}]")

    def has_blank_after_delimiter(self, row: Row, first: int = 0) -> bool:
        """Return whether a blank follows a separator outside quotation marks, as in ``b6174,Noether, Emmy``.

        ``first`` lines of the file stand above these.
        """
        raw = "".join(self._lines[row.number - 1 - first : row.last - first])
        return self._blank_after.search(_QUOTED.sub('""', raw)) is not None


_QUOTED = re.compile(r'"(?:[^"]|"")*"')


def declared_delimiter(text: str) -> tuple[str, str]:
    """Excel may write ``sep=;`` before the header: that delimiter (or nothing), and the text after it."""
    found = _DECLARED.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def csv_fault(error: csv.Error) -> str:
    """Return what is wrong, and what to do about it."""
    message = str(error)
    if "field limit" in message:
        return (
            f"expected at most {LONGEST_TEXT} characters a field; got more than {csv.field_size_limit()}: "
            "shorten it, or close its quotation mark"
        )
    if "end of data" in message:
        return 'a field begins with a quotation mark that is never closed: close it, or double it ("") within a field'
    return f'a quotation mark within a field must be doubled (""); got other text after a closing one ({message})'
