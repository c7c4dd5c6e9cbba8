"""CSV files as people save them, read with messages that name the row, and cells that are safe in a spreadsheet."""

from __future__ import annotations

import codecs
import csv
import difflib
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.errors import InputError
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
    """Yield the rows of a CSV whose first line is line ``first + 1`` of the file."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = first
    for fields in reader:
        last = first + reader.line_num
        yield Row(number + 1, last, tuple(fields))
        number = last


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


LARGEST_FILE = 16 * 2**20
"""Bytes of a file: a class list of some 200 000 students."""

MOST_ERRORS = 10


class TableReader:
    """Reads one CSV file whose first line names columns; every message begins with the file.

    What is wrong with a row is noted, and the other rows are read.
    """

    columns: tuple[str, ...]
    """The columns that are read; others are ignored."""
    needed: tuple[str, ...]
    """The columns that must be there."""
    usual: Mapping[str, tuple[str, ...]]
    """The names that needed columns have in other programs."""
    what: str
    """A noun phrase for the file."""
    each: str
    """A noun for what a line of it describes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._errors: list[str] = []
        self._uncounted = 0

    def table(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """The number and the fields of each row that has as many as the header names; blank rows are passed over.

        Raises :class:`InputError` where the file cannot be read, lacks a column or has no row.
        """
        text = self._decoded(self._content())
        delimiter, body = declared_delimiter(text)
        first = len(text[: len(text) - len(body)].splitlines())
        delimiter = delimiter or self._delimiter(body, first)
        rows = (row for row in self._rows(body, delimiter, first) if not row.is_blank)
        header = next(rows, None)
        if header is None:
            line = ",".join(self.needed)
            raise self._failure(
                self._errors or [f"the file is empty; expected a line '{line}' and one line a {self.each}"]
            )
        places = self._places(header)
        empty = True
        for row in rows:
            empty = False
            if self._fits(row, header):
                yield row.number, {name: row.fields[place] for name, place in places.items()}
        if empty and not self._errors:
            raise self._failure(
                [f"row {header.number} names the columns, but no {self.each} follows: add a line a {self.each}"]
            )

    # The file

    def _content(self) -> bytes:
        try:
            with self._path.open("rb") as file:
                content = file.read(LARGEST_FILE + 1)
        except IsADirectoryError as error:
            raise self._failure([f"is a folder; give the {self.what}'s CSV file within it"]) from error
        except FileNotFoundError as error:
            raise self._failure([f"there is no such file; expected a {self.what} as CSV"]) from error
        except (OSError, ValueError) as error:  # a NUL in the path is a ValueError
            raise self._failure([f"cannot be read: {getattr(error, 'strerror', None) or error}"]) from error
        if len(content) > LARGEST_FILE:
            raise self._failure(
                [f"is larger than {LARGEST_FILE // 2**20} MiB; expected a {self.what}, a line a {self.each}"]
            )
        if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            raise self._failure(["is a workbook; expected CSV: in the spreadsheet, save it as 'CSV UTF-8'"])
        if b"\0" in content[:2]:
            raise self._failure(["is UTF-16 without its mark; expected UTF-8: save it again, as 'CSV UTF-8'"])
        return content

    def _decoded(self, content: bytes) -> str:
        encoding = "utf-8-sig"
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not content.startswith(
            codecs.BOM_UTF32_LE
        ):
            encoding = "utf-16"
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding == "utf-16":
                raise self._failure(["is broken UTF-16: save it again, as 'CSV UTF-8'"]) from error
            # The codec for UTF-8 with a mark counts from after the mark.
            offset = error.start + (len(content) - len(error.object))
            before = content[:offset].decode(errors="replace")
            line = re.split(r"\r\n|\r|\n", before)
            raise self._failure(
                [
                    f"row {len(line)}: expected UTF-8; got the byte {content[offset]:#04x} after "
                    f"{shown(line[-1][-20:])}: save the file as 'CSV UTF-8' in the spreadsheet, or as UTF-8 in the editor"
                ]
            ) from error

    # Rows and columns

    def _delimiter(self, text: str, first: int) -> str:
        """The one that parts the header into the columns that are needed, or else into the most fields."""

        def fitness(delimiter: str) -> tuple[int, int]:
            try:
                header = next((row for row in rows_of(text, delimiter, first) if not row.is_blank), None)
            except csv.Error:  # such as a comma after a quoted field; if it is for all, reading the rows will say so
                return -1, 0
            names = [column_name(field) for field in header.fields] if header is not None else []
            return len(set(names) & set(self.columns)), len(names)

        return max(",;\t", key=fitness)

    def _rows(self, text: str, delimiter: str, first: int) -> Iterator[Row]:
        """Yield the rows up to one that is no CSV: what follows an open quotation mark cannot be divided into rows."""
        number = first
        try:
            for row in rows_of(text, delimiter, first):
                number = row.last
                yield row
        except csv.Error as error:
            self._note(f"row {number + 1}: {csv_fault(error)}")

    def _places(self, header: Row) -> Mapping[str, int]:
        names = [column_name(field) for field in header.fields]
        faults = []
        for name in self.columns:
            if names.count(name) > 1:
                numbers = [str(place) for place, other in enumerate(names, start=1) if other == name]
                faults.append(
                    f"row {header.number}: expected one column {name!r}; got columns {' and '.join(numbers)}: "
                    "rename or remove one"
                )
        faults += [
            f"row {header.number}: expected a column {name!r}; got {listed(header.fields)}{self._hint(name, header.fields)}"
            for name in self.needed
            if name not in names
        ]
        if faults:
            raise self._failure(faults)
        return {name: names.index(name) for name in self.columns if name in names}

    def _fits(self, row: Row, header: Row) -> bool:
        """Return whether the row has as many fields as the header, and note an error if not."""
        if len(row.fields) == len(header.fields):
            return True
        kind, advice = (
            ("many", "put quotation marks around a field that holds the separator")
            if len(row.fields) > len(header.fields)
            else ("few", "leave a field empty, but keep its separator")
        )
        self._note(
            f"row {row.number}: too {kind} fields: expected {len(header.fields)}, as in row {header.number}; "
            f"got {len(row.fields)}, beginning {shown(row.fields[0])}: {advice}"
        )
        return False

    def _hint(self, name: str, fields: Sequence[str]) -> str:
        """Return what to do about a missing column, with the likeliest of the columns that are there."""
        columns = {column_name(field): one_line(field).strip() for field in fields if len(field) <= LONGEST_TEXT}

        def likeness(column: str) -> float:
            words = re.findall(r"[a-z]+", column)
            close = max(
                difflib.SequenceMatcher(None, column, usual).ratio() for usual in (name, *self.usual.get(name, ()))
            )
            return max(close, 0.95 if name in words else 0)

        free = [column for column in columns if column and column not in self.columns]
        likeliest = max(free, key=likeness, default="")
        if likeliest and likeness(likeliest) > 0.7:
            return f": rename {shown(columns[likeliest])} to {name!r}"
        return f": name it in the first line, such as {','.join(self.needed)}"

    def _note(self, fault: str) -> None:
        if len(self._errors) < MOST_ERRORS:
            self._errors.append(fault)
        else:
            self._uncounted += 1

    def _failure(self, faults: Sequence[str]) -> InputError:
        path = shortened(one_line(str(self._path)), 200)
        if len(faults) == 1:
            return InputError(f"{path}: {faults[0]}")
        lines = [f"  {fault}" for fault in faults]
        if self._uncounted:
            lines.append(f"  and {self._uncounted} more")
        return InputError("\n".join([f"{path}: {len(faults) + self._uncounted} errors", *lines]))
