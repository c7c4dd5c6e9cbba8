"""The people that a sheet is printed for: a class list's CSV, read and checked.

.. code-block:: text

    id,name,section,email,needs
    a1729,Ada Lovelace,Mon 10,ada@example.org,large time+50
    b6174,"Noether, Emmy",Tue 14,,

Exports of learning platforms are read as they are (:mod:`generator.classes.roster_columns`).  Names are printed and never
make file names; ids make file names and are told apart as people tell them apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.classes.chosen_columns import Chosen, chosen_places
from generator.classes.garbled import garbled
from generator.classes.roster_columns import ID, SECTION, WHOLE, find_columns, half_of_a_name, same_columns
from generator.classes.roster_rows import changed_id, failed_formula, not_a_student, rounded_number
from generator.errors import expected
from generator.paper.csv_tables import LONGEST_TEXT, Row, column_name, listed, shown
from generator.paper.needs import KNOWN, parse_needs
from generator.paper.students import Student, look
from generator.paper.table_reader import Places, TableReader
from generator.render.escaping import one_line

LONGEST_ID = 64

MOST_NOTES = 10


@dataclass(frozen=True)
class ClassList:
    """A class list as it was read.

    ``columns`` is a sentence on which column of the file became which of ours;
    ``notes`` are on what was skipped, or may be damaged; ``seats`` are by student's id, where the file has them.
    """

    students: tuple[Student, ...]
    columns: str
    notes: tuple[str, ...]
    seats: Mapping[str, str]


def read_roster(path: Path) -> tuple[Student, ...]:
    """Return the students of a class list: see :func:`read_class_list`."""
    return read_class_list(path).students


def read_class_list(path: Path, chosen: Chosen | None = None) -> ClassList:
    """Read a class list; its students keep the file's order.

    The columns are found by their names, unless they are ``chosen``.  Raises :class:`InputError` with up to ten errors, each
    with its row (the line in the file) and column.
    """
    return _RosterReader(path, chosen or {}).class_list()


class _RosterReader(TableReader):
    """Reads a class list."""

    columns = ("id", "name", "section", "email")
    needed = ("id", "name")
    usual = {"id": tuple(map(str.casefold, ID)), "name": tuple(map(str.casefold, WHOLE)), "section": SECTION}
    what = "class list"
    each = "student"
    older_encoding = "cp1252"

    def __init__(self, path: Path, chosen: Chosen) -> None:
        super().__init__(path)
        self._chosen = chosen
        self._names: dict[str, str] = {}
        self._numbers_marked = False
        self._apostrophes: list[str] = []
        self._changed: dict[str, list[str]] = {}
        self._skipped: dict[str, list[str]] = {}

    def class_list(self) -> ClassList:
        seats: dict[str, str] = {}
        students = self._distinct((number, self._student(number, fields, seats)) for number, fields in self.table())
        if self._errors:
            raise self._failure(self._errors)
        if not students:
            raise self._failure(["no row describes a student", *self._skip_notes()])
        more = len(self.notes) - MOST_NOTES
        notes = [*self.notes[:MOST_NOTES], *([f"and {more} more such cells"] if more > 0 else [])]
        if self._apostrophes:
            notes.append(
                f"ids such as {self._apostrophes[0]} were read without the apostrophe, a spreadsheet's mark of text"
            )
        notes += [
            f"ids such as {shown(ids[0])} look like {what}: they are used as they stand; is it what the answers have?"
            for what, ids in self._changed.items()
        ]
        return ClassList(students, self._read_columns(students), (*notes, *self._skip_notes()), seats)

    def _read_columns(self, students: Sequence[Student]) -> str:
        noun = "student" if len(students) == 1 else "students"
        found = [name for name in (*self.columns, "seat", "needs") if name in self._names]
        is_ours = all(self._label(name) == name for name in found)
        parts = found if is_ours else [f"{name} from {self._names[name]}" for name in found]
        none = [name for name in self.columns if name not in self._names]
        return f"{len(students)} {noun}; {', '.join(parts)}" + (f"; no {' or '.join(none)}" if none else "")

    # Columns

    def _named(self, fields: Sequence[str]) -> set[str]:
        found = chosen_places(self._chosen, fields)
        return {*find_columns(fields), *found} - {name for name in self._chosen if name not in found}

    def _places(self, header: Row, rows: Sequence[Row]) -> Places:
        fields = header.fields
        filled = {place for row in rows for place, field in enumerate(row.fields) if field.strip()}
        places = find_columns(fields, filled.__contains__) | chosen_places(self._chosen, fields, strict=True)
        addresses = next(
            (place for place in range(len(fields)) if place in filled and _are_addresses(rows, place)), None
        )
        if addresses is not None:
            for name in ("email", "id"):
                places.setdefault(name, (addresses,))
        if "name" not in self._chosen and len(places.get("name", ())) == 2:
            places["name"] = _without_repetition(rows, *places["name"])
        faults = []
        for name in (*self.columns, "needs"):
            for place in places.get(name, ()):
                same = same_columns(fields, place)
                if len(same) > 1 and name not in self._chosen:
                    faults.append(self._twice(header, column_name(fields[place]), same))
        free = [field for field in fields if field.strip()]
        for name in self.needed:
            if name not in places:
                likeliest = self._likeliest(name, free)
                free = [field for field in free if field != likeliest]
                faults.append(self._missing(name, header, likeliest))
        if faults:
            raise self._failure(faults)
        self._names = {
            name: " and ".join(shown(fields[place] or f"column {place + 1}") for place in of)
            for name, of in places.items()
        }
        self._numbers_marked = any(column_name(field) == "orgdefinedid" for field in fields) or any(
            _are_marks(rows, place) for place in range(len(fields))
        )
        return places

    def _missing(self, name: str, header: Row, likeliest: str) -> str:
        half = half_of_a_name(header.fields) if name == "name" else None
        if half is not None:
            return (
                f"row {header.number}: expected the whole name, in one column or in two such as 'First name' and "
                f"'Last name'; got {shown(header.fields[half])} alone: add the column of the other half, or say "
                "--columns name=… if it is the whole name"
            )
        return (
            f"row {header.number}: expected a column {name!r}; got {listed(header.fields)}: name it in the first line, such as "
            f"{','.join(self.needed)}, or say which one it is: --columns {name}={shown(likeliest) if likeliest else '…'}"
        )

    # Rows

    def _student(self, row: int, fields: Mapping[str, str], seats: dict[str, str]) -> Student | None:
        reason = not_a_student(fields)
        if reason:
            shown_name = fields["name"] or next(filter(None, fields.values()), "")
            self._skipped.setdefault(reason, []).append(
                f"row {row}" + (f" ({shown(shown_name)})" if shown_name else "")
            )
            return None
        texts = {name: self._text(row, name, field) for name, field in fields.items() if name != "role"}
        if None in texts.values():
            return None
        kept = {name: text for name, text in texts.items() if text is not None}
        seats |= {kept["id"]: seat} if (seat := kept.pop("seat", "")) else {}
        try:
            needs = parse_needs(kept.pop("needs", ""))
        except ValueError as error:
            self._note(f"row {row}, column {self._label('needs')}: {expected(f'some of {KNOWN}', error)}")
            return None
        return Student(**kept, needs=needs)

    def _text(self, row: int, column: str, field: str) -> str | None:
        """The field as it is kept, or None after noting what is wrong with it."""
        most = LONGEST_ID if column == "id" else LONGEST_TEXT
        fault = ""
        strange = _STRANGE.search(field)
        text = _kept(column, field[: 10 * LONGEST_TEXT])
        if column == "id":
            text = self._plain_id(text)
        likely = garbled(field[: 10 * LONGEST_TEXT])
        if strange is not None:
            what = "a letter that was lost when it was saved" if strange[0] == "\ufffd" else "a control character"
            perhaps = f" (is it {shown(likely)}?)" if likely else ""
            fault = (
                f"expected plain text; got {shown(field)} with U+{ord(strange[0]):04X}, {what}{perhaps}: type it again"
            )
        elif len(text) > most or len(field) > 10 * LONGEST_TEXT:
            fault = f"expected at most {most} characters; got {len(field)}: {shown(text)}: shorten it"
        elif not text and column in self.needed:
            other = "" if self._label(column) == column else f", or take another column: --columns {column}=…"
            fault = f"expected the student's {column}; got nothing: fill it in, or remove the row{other}"
        elif column == "id" and rounded_number(text):
            fault = (
                f"expected the student's id; got {shown(text)}, a number whose last digits a spreadsheet has left out: format "
                "that column as text where the digits still are, and export the list again"
            )
        elif failed_formula(field.strip()):
            fault = (
                f"expected the student's {column}; got {shown(field)}, by which a spreadsheet says that it has no value to show: "
                "type it again"
            )
        if fault:
            self._note(f"row {row}, column {self._label(column)}: {fault}")
            return None
        if column == "id" and (what := changed_id(text)):
            self._changed.setdefault(what, []).append(text)
        if likely:
            self.notes.append(
                f"row {row}, column {self._label(column)}: {shown(text)} looks like {shown(likely)} read in a wrong "
                "encoding; it is printed as it stands: export the list again as UTF-8, or type the name again"
            )
        return text

    def _plain_id(self, text: str) -> str:
        """An id without what marks it as text: an apostrophe before digits, or the # of Brightspace's exports."""
        if re.fullmatch(r"['’‘]\d.*", text):
            self._apostrophes.append(text)
            return text[1:]
        return text.removeprefix("#") if self._numbers_marked else text

    def _label(self, column: str) -> str:
        """The column as the file names it."""
        name = self._names.get(column, column)
        return column if name.strip("'").casefold() == column else name

    def _skip_notes(self) -> list[str]:
        return [
            f"skipped, {reason}: {', '.join(rows[:5])}" + (f" and {len(rows) - 5} more" if len(rows) > 5 else "")
            for reason, rows in self._skipped.items()
        ]

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
                    f"row {row}, column {self._label('id')}: expected each id once; got {shown(student.id)}, which {alike} "
                    f"the id of row {earlier}: correct one of the two rows, or remove it"
                )
            students.append(student)
        return tuple(students)


def _are_addresses(rows: Iterable[Row], place: int) -> bool:
    """Return whether all that stands in a column are e-mail addresses, whatever it is called."""
    cells = (row.fields[place].strip() for row in rows if place < len(row.fields))
    return all(_ADDRESS.fullmatch(cell) for cell in cells if cell)


def _without_repetition(rows: Iterable[Row], first: int, last: int) -> tuple[int, ...]:
    """Return the columns of a name but for one whose words stand in the other one in all rows: that has the whole name."""
    words = [
        tuple({*row.fields[place].casefold().replace(",", " ").split()} for place in (first, last))
        for row in rows
        if max(first, last) < len(row.fields) and row.fields[first].strip() and row.fields[last].strip()
    ]
    if words and all(one > other for one, other in words):
        return (first,)
    return (last,) if words and all(other > one for one, other in words) else (first, last)


def _are_marks(rows: Sequence[Row], place: int) -> bool:
    """Return whether # stands in every row of a column, as in Brightspace's last one, whatever it is called."""
    return bool(rows) and all(row.fields[place : place + 1] == ("#",) for row in rows)


_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_STRANGE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd]")
_INVISIBLE = re.compile(r"[\u00ad\u200b\u2060]")


def _kept(column: str, field: str) -> str:
    """On one line, without what cannot be seen: joiners belong to some names, but to no id."""
    text = _INVISIBLE.sub("", one_line(field))
    if column == "id":
        text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return unicodedata.normalize("NFC", text.strip())
