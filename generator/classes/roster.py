"""The people (or the forms) that a sheet is printed for: a class list's CSV, read and checked.

.. code-block:: text

    id,name,section,email
    a1729,Ada Lovelace,Mon 10,ada@example.org
    b6174,"Noether, Emmy",Tue 14,

Names are printed and never make file names; ids make file names and are told apart as people tell them apart.
"""

from __future__ import annotations

import codecs
import csv
import difflib
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.errors import InputError
from generator.escaping import one_line

LARGEST_FILE = 16 * 2**20
"""Bytes of a class list: some 200 000 students."""

LONGEST_ID = 64
LONGEST_TEXT = 200
LONGEST_STEM = 60
MOST_ERRORS = 10
MOST_FORMS = 26


@dataclass(frozen=True)
class Student:
    """Whom a paper is for: one line of a class list, or a form of the sheet.

    ``form`` is the letter of a form, which stands beside the title; its ``name`` is empty, for whoever gets the
    paper writes it.  A student of a class list has a name and no ``form``.
    """

    id: str
    name: str
    section: str = ""
    email: str = ""
    form: str = ""

    @property
    def file_stem(self) -> str:
        """The name of this student's files and folders: see :func:`file_stem`."""
        return file_stem(self.id)


NOBODY = Student(id="", name="")
"""For whom a single paper is."""


def forms(count: int) -> tuple[Student, ...]:
    """Forms A, B, C … of a sheet, each for any number of students.

    Raises :class:`InputError` where there are more than letters, or none.
    """
    if not 1 <= count <= MOST_FORMS:
        raise InputError(
            f"expected 1 to {MOST_FORMS} forms, one a letter; got {count}: for a paper a student use --roster",
            field="--forms",
        )
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:count]
    return tuple(Student(id=f"form-{letter}", name="", form=letter) for letter in letters)


# ------------------------------------------------------------------------------------------- file names

_PORTABLE = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_HASHED = re.compile(r".*--[0-9a-f]{12}", re.IGNORECASE)
_NOT_PORTABLE = re.compile(r"[^A-Za-z0-9]+")


def file_stem(identifier: str) -> str:
    """A portable name for a student's files, from the id alone, so that no other student can change it.

    An id stays as it is if it has at most 60 of the characters ``A-Za-z0-9._-``, begins with neither a dot nor a
    dash, does not end in a dot, is no device of Windows (``CON``, ``nul.txt``) and does not end like a hash.  Any
    other becomes its readable part, two dashes and twelve hexadecimal digits of its BLAKE2b; ids of the first kind
    never end so, and thus the two kinds never meet.
    """
    identifier = unicodedata.normalize("NFC", identifier)
    if (
        len(identifier) <= LONGEST_STEM
        and _PORTABLE.fullmatch(identifier)
        and not _DEVICE.fullmatch(identifier)
        and not _HASHED.fullmatch(identifier)
    ):
        return identifier
    # Not transliterated: Unicode promises that decompositions never change, and so a file keeps its name.
    unaccented = unicodedata.normalize("NFKD", identifier).encode("ascii", "ignore").decode()
    readable = _NOT_PORTABLE.sub("-", unaccented)[: LONGEST_STEM - 14].strip("-") or "id"
    digest = hashlib.blake2b(identifier.encode(errors="surrogatepass"), digest_size=6).hexdigest()
    return f"{readable}--{digest}"


def file_stems(students: Iterable[Student]) -> dict[str, str]:
    """Student's id → :func:`file_stem`, different for each even where file names ignore case.

    Raises :class:`InputError` naming two ids that would share a file; :func:`read_roster` lets no such pair pass.
    """
    stems: dict[str, str] = {}
    owners: dict[str, str] = {}
    for student in students:
        stem = student.file_stem
        owner = owners.setdefault(stem.lower(), student.id)
        if owner != student.id or student.id in stems:
            raise InputError(
                f"the ids {shown(owner)} and {shown(student.id)} would give the same file {stem}: change one of them"
            )
        stems[student.id] = stem
    return stems


def spreadsheet_safe(text: str) -> str:
    """A text for a cell of an exported CSV that no spreadsheet takes for a formula (``=HYPERLINK(…)``).

    What could begin one gets an apostrophe in front, and so does an apostrophe: taking one away from the front
    gives the text back.  Write the file with ``csv.QUOTE_ALL``, or a semicolon within a text begins a new cell
    where lists are separated by semicolons.
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")


# ------------------------------------------------------------------------------------------- class lists


def read_roster(path: Path) -> tuple[Student, ...]:
    """The students of a class list in the file's order.

    The first line names the columns ``id`` and ``name``, and perhaps ``section`` and ``email``, in any order and
    case; others are ignored.  They are separated by commas, semicolons or tabs, in UTF-8, or UTF-16 with its mark.
    Raises :class:`InputError` with up to ten errors, each with its row (the line in the file) and column.
    """
    return _RosterReader(path).students()


@dataclass(frozen=True)
class _Row:
    number: int
    fields: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        return not any(field.strip() for field in self.fields)


class TableReader:
    """Reads one CSV file whose first line names columns; every message begins with the file.

    What is wrong with a row is noted, and the other rows are read.
    """

    columns: tuple[str, ...]
    """The columns that are read; others are ignored."""
    needed: tuple[str, ...]
    """Those that must be there."""
    usual: Mapping[str, tuple[str, ...]]
    """What those that are needed are called elsewhere."""
    what: str
    """What the file is."""
    each: str
    """What a line of it is."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._errors: list[str] = []
        self._untold = 0

    def table(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """The number and the fields of each row that has as many as the header names; blank rows are passed over.

        Raises :class:`InputError` where the file cannot be read, lacks a column or has no row.
        """
        text = self._decoded(self._content())
        delimiter, body = _declared_delimiter(text)
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
                header = next((row for row in _records(text, delimiter, first) if not row.is_blank), None)
            except csv.Error:  # such as a comma after a quoted field; if it is for all, reading the rows will say so
                return -1, 0
            names = [_column(field) for field in header.fields] if header is not None else []
            return len(set(names) & set(self.columns)), len(names)

        return max(",;\t", key=fitness)

    def _rows(self, text: str, delimiter: str, first: int) -> Iterator[_Row]:
        """The rows up to one that is no CSV: what follows an open quotation mark cannot be told apart."""
        number = first
        try:
            for row in _records(text, delimiter, first):
                number = row.last
                yield _Row(row.number, row.fields)
        except csv.Error as error:
            self._note(f"row {number + 1}: {_csv_fault(error)}")

    def _places(self, header: _Row) -> Mapping[str, int]:
        names = [_column(field) for field in header.fields]
        faults = []
        for name in self.columns:
            if names.count(name) > 1:
                numbers = [str(place) for place, other in enumerate(names, start=1) if other == name]
                faults.append(
                    f"row {header.number}: expected one column {name!r}; got columns {' and '.join(numbers)}: "
                    "rename or remove one"
                )
        faults += [
            f"row {header.number}: expected a column {name!r}; got {_listed(header.fields)}{self._hint(name, header.fields)}"
            for name in self.needed
            if name not in names
        ]
        if faults:
            raise self._failure(faults)
        return {name: names.index(name) for name in self.columns if name in names}

    def _fits(self, row: _Row, header: _Row) -> bool:
        """Whether the row has as many fields as the header; if not, that is noted."""
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
        """What to do about a missing column; the likeliest of those there are is suggested."""
        columns = {_column(field): one_line(field).strip() for field in fields if len(field) <= LONGEST_TEXT}

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
            self._untold += 1

    def _failure(self, faults: Sequence[str]) -> InputError:
        path = _shortened(one_line(str(self._path)), 200)
        if len(faults) == 1:
            return InputError(f"{path}: {faults[0]}")
        told = [f"  {fault}" for fault in faults]
        if self._untold:
            told.append(f"  and {self._untold} more")
        return InputError("\n".join([f"{path}: {len(faults) + self._untold} errors", *told]))


class _RosterReader(TableReader):
    """Reads a class list."""

    columns = ("id", "name", "section", "email")
    needed = ("id", "name")
    usual = {
        "id": (
            "student id",
            "student number",
            "sid",
            "uid",
            "netid",
            "login",
            "number",
            "matriculation number",
            "sis id",
        ),
        "name": ("names", "full name", "student name", "student", "surname", "display name", "last name"),
    }
    what = "class list"
    each = "student"

    def students(self) -> tuple[Student, ...]:
        students = self._distinct((number, self._student(number, fields)) for number, fields in self.table())
        if self._errors:
            raise self._failure(self._errors)
        return students

    def _student(self, row: int, fields: Mapping[str, str]) -> Student | None:
        texts = {name: self._text(row, name, field) for name, field in fields.items()}
        if None in texts.values():
            return None
        return Student(**{name: text for name, text in texts.items() if text is not None})

    def _text(self, row: int, column: str, field: str) -> str | None:
        """The field as it is kept, or None after noting what is wrong with it."""
        most = LONGEST_ID if column == "id" else LONGEST_TEXT
        fault = ""
        strange = _STRANGE.search(field)
        text = _kept(column, field[: 10 * LONGEST_TEXT])
        if strange is not None:
            what = "a letter that was lost when it was saved" if strange[0] == "\ufffd" else "a control character"
            fault = f"expected plain text; got {shown(field)} with U+{ord(strange[0]):04X}, {what}: type it again"
        elif len(text) > most or len(field) > 10 * LONGEST_TEXT:
            fault = f"expected at most {most} characters; got {len(field)}: {shown(text)}: shorten it"
        elif not text and column in self.needed:
            fault = f"expected the student's {column}; got nothing: fill it in, or remove the row"
        if fault:
            self._note(f"row {row}, column {column}: {fault}")
            return None
        return text

    def _distinct(self, found: Iterable[tuple[int, Student | None]]) -> tuple[Student, ...]:
        students: list[Student] = []
        seen: dict[str, tuple[int, str]] = {}
        for row, student in found:
            if student is None:
                continue
            earlier, same = seen.setdefault(look(student.id), (row, student.id))
            if earlier != row:
                alike = "is" if same == student.id else f"looks like {shown(same)},"
                self._note(
                    f"row {row}, column id: expected each id once; got {shown(student.id)}, which {alike} the id of "
                    f"row {earlier}: correct one of the two rows, or remove it"
                )
            students.append(student)
        return tuple(students)


@dataclass(frozen=True)
class _Record(_Row):
    """A row that may run over several lines; ``last`` is that of its last one."""

    last: int


def _records(text: str, delimiter: str, first: int) -> Iterator[_Record]:
    """The records of a CSV whose first line is line ``first + 1`` of the file."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = first
    for fields in reader:
        last = first + reader.line_num
        yield _Record(number + 1, tuple(fields), last)
        number = last


_DECLARED = re.compile(r'"?sep=([,;\t])"?(?:\r\n|\r|\n)', re.IGNORECASE)


def _declared_delimiter(text: str) -> tuple[str, str]:
    """Excel may write ``sep=;`` before the header: that delimiter (or nothing), and the text after it."""
    found = _DECLARED.match(text)
    return (found[1], text[found.end() :]) if found else ("", text)


def _csv_fault(error: csv.Error) -> str:
    message = str(error)
    if "field limit" in message:
        return (
            f"expected at most {LONGEST_TEXT} characters a field; got more than {csv.field_size_limit()}: "
            "shorten it, or close its quotation mark"
        )
    if "end of data" in message:
        return 'a field begins with a quotation mark that is never closed: close it, or double it ("") within a field'
    return f'a quotation mark within a field must be doubled (""); got other text after a closing one ({message})'


def _column(field: str) -> str:
    return one_line(unicodedata.normalize("NFKC", field)).strip().casefold()


_STRANGE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd]")
_INVISIBLE = re.compile(r"[\u00ad\u200b\u2060]")


def _kept(column: str, field: str) -> str:
    """On one line, without what cannot be seen: joiners belong to some names, but to no id."""
    text = _INVISIBLE.sub("", one_line(field))
    if column == "id":
        text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return unicodedata.normalize("NFC", text.strip())


def look(identifier: str) -> str:
    """Equal for ids that differ only by case or by look, such as full-width letters."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", identifier).casefold())


def _listed(fields: Sequence[str]) -> str:
    listed = ", ".join(shown(field) for field in fields[:8])
    return f"{listed} and {len(fields) - 8} more" if len(fields) > 8 else listed


def shown(text: str) -> str:
    """A text in a message: quoted, short, and without what would move the terminal's cursor."""
    return f"'{_shortened(one_line(text[:1000]).strip(), 40)}'"


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
