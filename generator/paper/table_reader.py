"""Tables in CSV files, as programs export them and people save them, read with messages that name the row."""

from __future__ import annotations

import codecs
import csv
import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from generator.errors import InputError
from generator.paper.csv_tables import (
    LONGEST_TEXT,
    Lines,
    Row,
    cell_text,
    column_name,
    csv_fault,
    declared_delimiter,
    listed,
    rows_of,
    shown,
)
from generator.paper.workbooks import LINE_END, workbook_as_csv
from generator.render.escaping import one_line, shortened

LARGEST_FILE = 16 * 2**20
"""Bytes of a file: a class list of some 200 000 students."""

MOST_ERRORS = 10

HEADER_WITHIN = 25
"""The number of rows, blank ones left out, among which the names of the columns are looked for: a title may stand above."""

Places = Mapping[str, tuple[int, ...]]
"""The columns of the file that each column of ours is made of."""


class TableReader:
    """Reads one CSV file in which a row names the columns; every message begins with the file.

    What is wrong with a row is noted, and the other rows are read.
    """

    columns: tuple[str, ...]
    """The columns that are read; others are ignored."""
    needed: tuple[str, ...]
    """The columns that must be there."""
    usual: Mapping[str, tuple[str, ...]] = {}
    """The names that needed columns have in other programs."""
    what: str
    """A noun phrase for the file."""
    each: str
    """A noun for what a line of it describes."""
    older_encoding: str | None = None
    """The encoding of a file that is not in UTF-8, if it may be read as such: only words of letters are."""
    takes_workbooks: bool = False
    """Whether the first sheet of a workbook (XLSX) is read in place of a CSV."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._errors: list[str] = []
        self._uncounted = 0
        self._is_workbook = False
        self.notes: list[str] = []
        """What was not read as it stands."""

    def table(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Yield the number and the cells of each row; blank rows are passed over, cells absent at its end are empty.

        Raises :class:`InputError` where the file cannot be read, lacks a column or has no row.
        """
        text = self._decoded(self._content()).lstrip("\ufeff")
        delimiter, body = declared_delimiter(text)
        first = len(text[: len(text) - len(body)].splitlines())
        delimiter, header = self._header(body, first, delimiter or ",;\t")
        rows, fault = self._rows(body, delimiter, first)
        if header is None:
            line = ",".join(self.needed)
            nothing = f"the file is empty; expected a line '{line}' and one line a {self.each}"
            raise self._failure([fault or nothing])
        below = [row for row in rows if row.number > header.number and row.fields != header.fields]
        places = self._places(header, below)
        lines = Lines(body, delimiter)
        tidy = not lines.has_blank_after_delimiter(header, first)
        usual = Counter(len(row.fields) for row in below).most_common(1)
        most = max([len(header.fields), *(length for length, _ in usual)])
        for row in below:
            # Where others have none, a blank after a separator is likely one within a name: the cells after it are others'.
            is_ragged = len(row.fields) != len(header.fields)
            parted = len(row.fields) > most or (is_ragged and tidy and lines.has_blank_after_delimiter(row, first))
            fields = self._fitted(row, header, parted=parted)
            if fields is not None:
                fields = [field.replace(LINE_END, "\n") for field in fields] if self._is_workbook else fields
                yield row.number, {name: _joined(fields[place] for place in of) for name, of in places.items()}
        if fault:
            self._note(fault)
        elif not below:
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
        if self.takes_workbooks and content.startswith(b"PK\x03\x04"):
            self._is_workbook = True
            try:
                return workbook_as_csv(content)
            except InputError as error:
                raise self._failure([str(error)]) from error
        if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            raise self._failure(["is a workbook; expected CSV: in the spreadsheet, save it as 'CSV UTF-8'"])
        return content

    def _decoded(self, content: bytes) -> str:
        encoding = encoding_of(content)
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding != "utf-8-sig":
                raise self._failure(["is broken UTF-16: save it again, as 'CSV UTF-8'"]) from error
            older = self._in_older_encoding(content)
            if older is not None:
                return older
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

    def _in_older_encoding(self, content: bytes) -> str | None:
        """Return the text in the older encoding if all its words look like words, and note some of them."""
        if self.older_encoding is None or content.startswith(codecs.BOM_UTF8):
            return None
        try:
            text = content.decode(self.older_encoding)
        except UnicodeDecodeError:
            return None
        words = list(dict.fromkeys(re.findall(r"[^\W\d_]*[^\W\d_\x00-\x7f][^\W\d_]*", text)))
        if not _WESTERN.fullmatch(text) or not all(word[1:] in (word[1:].lower(), word[1:].upper()) for word in words):
            return None
        self.notes.append(
            f"the file is not in UTF-8 and was read as Windows-1252: {listed(words)}; if these are misspelt, "
            "save it as 'CSV UTF-8'"
        )
        return text

    # Rows and columns

    def _header(self, text: str, first: int, delimiters: str) -> tuple[str, Row | None]:
        """Return the delimiter, and the first row that names all columns that are needed; else the one that names most."""
        found: list[tuple[tuple[bool, int, int], str, Row]] = []
        for delimiter in delimiters:
            rows, _ = self._rows(text, delimiter, first, HEADER_WITHIN)
            fitness = [self._fitness(row.fields) for row in rows]
            whole = [place for place, (is_whole, *_) in enumerate(fitness) if is_whole]
            best = whole[0] if whole else max(range(len(rows)), key=lambda place: fitness[place][1], default=None)
            if best is not None:
                found.append((fitness[best], delimiter, rows[best]))
        if not found:
            return delimiters[0], None
        _, delimiter, row = max(found, key=lambda one: one[0])
        return delimiter, row

    def _fitness(self, fields: Sequence[str]) -> tuple[bool, int, int]:
        """Return whether a row names all columns that are needed, how many columns it names, and how many fields it has."""
        named = self._named(fields)
        return all(name in named for name in self.needed), len(named), len(fields)

    def _named(self, fields: Sequence[str]) -> set[str]:
        """Return our columns that a row names."""
        return {column_name(field) for field in fields} & {*self.columns}

    def _rows(self, text: str, delimiter: str, first: int, most: int | None = None) -> tuple[list[Row], str]:
        """Return the rows up to one that is no CSV, and what is wrong there: what follows an open quotation mark is no row."""
        rows: list[Row] = []
        number = first
        try:
            for row in islice(rows_of(text, delimiter, first), most and 2 * most):
                number = row.last
                rows += [] if row.is_blank else [row]
        except csv.Error as error:
            return rows, f"row {number + 1}: {csv_fault(error)}"
        return rows[:most], ""

    def _places(self, header: Row, rows: Sequence[Row]) -> Places:
        """Return the columns of the file for ours; raise :class:`InputError` where a needed one is missing."""
        names = [column_name(field) for field in header.fields]
        faults = [
            self._twice(header, name, [place for place, other in enumerate(names) if other == name])
            for name in self.columns
            if names.count(name) > 1
        ]
        faults += [
            f"row {header.number}: expected a column {name!r}; got {listed(header.fields)}{self._hint(name, header.fields)}"
            for name in self.needed
            if name not in names
        ]
        if faults:
            raise self._failure(faults)
        return {name: (names.index(name),) for name in self.columns if name in names}

    def _twice(self, header: Row, name: str, places: Sequence[int]) -> str:
        numbers = " and ".join(str(place + 1) for place in places)
        return f"row {header.number}: expected one column {name!r}; got columns {numbers}: rename or remove one"

    def _fitted(self, row: Row, header: Row, *, parted: bool) -> list[str] | None:
        """Return what the cells say, as many as the header names; None, after noting an error, where there are more.

        A row that is ``parted`` likely has a separator within a field.
        """
        most = len(header.fields)
        if parted or any(field.strip() for field in row.fields[most:]):
            self._note(
                f"row {row.number}: too {'many' if len(row.fields) > most else 'few'} fields: expected {most}, as in row "
                f"{header.number}; got {len(row.fields)}, beginning {shown(row.fields[0])}: put quotation marks around a field "
                "that holds the separator"
            )
            return None
        absent = [""] * (most - len(row.fields))
        return [cell_text(field.strip()) for field in row.fields[:most]] + absent

    def _hint(self, name: str, fields: Sequence[str]) -> str:
        """Return what to do about a missing column, with the likeliest of the columns that are there."""
        likeliest = self._likeliest(name, fields)
        if likeliest:
            return f": rename {shown(likeliest)} to {name!r}"
        return f": name it in the first line, such as {','.join(self.needed)}"

    def _likeliest(self, name: str, fields: Sequence[str]) -> str:
        """Return the column that is most likely meant by ``name``, if any is."""
        columns = {column_name(field): one_line(field).strip() for field in fields if len(field) <= LONGEST_TEXT}

        def likeness(column: str) -> float:
            words = re.findall(r"[a-z]+", column)
            close = max(
                difflib.SequenceMatcher(None, column, usual).ratio() for usual in (name, *self.usual.get(name, ()))
            )
            return max(close, 0.95 if name in words else 0)

        free = [column for column in columns if column and column not in self.columns]
        likeliest = max(free, key=likeness, default="")
        return columns[likeliest] if likeliest and likeness(likeliest) > 0.7 else ""

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


def encoding_of(content: bytes) -> str:
    """Return UTF-16 where it has its mark, or every other byte of the first sign is zero; else UTF-8."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not content.startswith(codecs.BOM_UTF32_LE):
        return "utf-16"
    if content[:1] != b"\0" and content[1:2] == b"\0":
        return "utf-16-le"
    if content[:1] == b"\0" and content[1:2] != b"\0":
        return "utf-16-be"
    return "utf-8-sig"


_WESTERN = re.compile(r"(?:[\x00-\x7fÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüÿ’]|(?<=N)[°º])*")
"""Letters of Western Europe; the other signs of Windows-1252 are more likely letters of another encoding."""


def _joined(cells: Iterator[str]) -> str:
    return " ".join(cell for cell in cells if cell)
