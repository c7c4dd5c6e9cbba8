"""The people that a sheet is printed for: a class list's CSV, read and checked.

.. code-block:: text

    id,name,section,email
    a1729,Ada Lovelace,Mon 10,ada@example.org
    b6174,"Noether, Emmy",Tue 14,

Names are printed and never make file names; ids make file names and are told apart as people tell them apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.paper.csv_tables import LONGEST_TEXT, TableReader, shown
from generator.paper.students import Student, look
from generator.render.escaping import one_line

LONGEST_ID = 64


def read_roster(path: Path) -> tuple[Student, ...]:
    """The students of a class list in the file's order.

    The first line names the columns ``id`` and ``name``, and perhaps ``section`` and ``email``, in any order and
    case; others are ignored.  They are separated by commas, semicolons or tabs, in UTF-8, or UTF-16 with its mark.
    Raises :class:`InputError` with up to ten errors, each with its row (the line in the file) and column.
    """
    return _RosterReader(path).students()


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


_STRANGE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd]")
_INVISIBLE = re.compile(r"[\u00ad\u200b\u2060]")


def _kept(column: str, field: str) -> str:
    """On one line, without what cannot be seen: joiners belong to some names, but to no id."""
    text = _INVISIBLE.sub("", one_line(field))
    if column == "id":
        text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return unicodedata.normalize("NFC", text.strip())
