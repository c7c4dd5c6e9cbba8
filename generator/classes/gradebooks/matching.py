"""Whose row is which in a gradebook: by ids, else by e-mail addresses, else by a name that nobody else has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from generator.classes.gradebooks.points import StudentPoints
from generator.classes.roster_columns import EMAIL, find_columns, heading
from generator.classes.roster_rows import not_a_student
from generator.paper.csv_tables import shown
from generator.paper.students import look
from generator.paper.whole_tables import Table

_IDS = (
    "SIS User ID", "OrgDefinedId", "ID number", "Student ID", "SIS Login ID", "Username", "Integration ID", "ID", "SID", "UIN", "UID",
)  # fmt: skip
"""The columns that may have our ids, the likeliest first: what one has found, a later one does not find again."""


@dataclass
class Matches:
    """The students by the numbers of their rows, and a sentence for each student without a row and each row of nobody's."""

    found: dict[int, StudentPoints] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def match_rows(table: Table, column: int, students: Sequence[StudentPoints]) -> Matches:
    """Find the row of each student, each once; ``column`` has the points and names nobody."""
    header = ["" if place == column else one for place, one in enumerate(table.header)]
    return _Matcher(header, table, students).matches()


class _Matcher:
    def __init__(self, header: Sequence[str], table: Table, students: Sequence[StudentPoints]) -> None:
        self._students = students
        people = find_columns(header)
        known = {heading(one): place for place, one in reversed([*enumerate(header)])}
        self._ids = [known[heading(name)] for name in _IDS if heading(name) in known]
        self._ids += [place for place in people.get("id", ()) if place not in self._ids]
        addresses = {*map(heading, EMAIL)}
        self._emails = [place for place, one in enumerate(header) if heading(one) in addresses]
        self._names = people.get("name", ())
        self._rows = {row: cells for row, cells in table.rows.items() if not _is_no_student(people, cells)}
        self._found: dict[int, StudentPoints] = {}
        self._taken: set[int] = set()
        self._twice: dict[int, tuple[StudentPoints, int]] = {}

    def matches(self) -> Matches:
        """Return whose row is which."""
        for place in self._ids:
            self._match(_cell(place), lambda one: look(one.student.id))
        for place in (*self._emails, *self._ids):
            self._match(_cell(place), lambda one: look(one.student.email))
        self._match(lambda cells: _words(self._name(cells)), lambda one: _words(one.student.name))
        result = Matches(dict(sorted(self._found.items())))
        for row, cells in self._rows.items():
            if row in self._twice and row not in self._found:
                one, first = self._twice[row]
                result.faults.append(
                    f"row {row}, {one.name}: has points in row {first} already; this row stays as it is"
                )
            elif row not in self._found:
                name = next(
                    (cells[place] for place in (*self._names, *self._ids, *self._emails) if cells[place].strip()), ""
                )
                result.faults.append(f"row {row}, {shown(name)}: is nobody of this class; the row stays as it is")
        result.faults += [
            f"{one.name} ({shown(one.student.name)}): has no row in the gradebook"
            for number, one in enumerate(self._students)
            if number not in self._taken
        ]
        return result

    def _match(
        self, key_of_row: Callable[[Sequence[str]], Hashable], key_of: Callable[[StudentPoints], Hashable]
    ) -> None:
        """Match what is still free by a key that nobody else has."""
        ours: dict[Hashable, list[int]] = defaultdict(list)
        for number, one in enumerate(self._students):
            if number not in self._taken and (key := key_of(one)):
                ours[key].append(number)
        theirs: dict[Hashable, list[int]] = defaultdict(list)
        for row, cells in self._rows.items():
            if row not in self._found and (key := key_of_row(cells)):
                theirs[key].append(row)
        for key, (first, *others) in theirs.items():
            numbers = ours.get(key, ())
            if len(numbers) == 1:
                student = self._students[numbers[0]]
                self._found[first] = student
                self._taken.add(numbers[0])
                self._twice |= dict.fromkeys(others, (student, first))

    def _name(self, cells: Sequence[str]) -> str:
        return " ".join(cells[place] for place in self._names)


def _cell(place: int) -> Callable[[Sequence[str]], Hashable]:
    return lambda cells: look(cells[place].strip().removeprefix("#"))


def _words(name: str) -> frozenset[str]:
    return frozenset(look(name.replace(",", " ")).split())


def _is_no_student(people: Mapping[str, tuple[int, ...]], cells: Sequence[str]) -> bool:
    """Return whether a row is that of points possible, averages or the test student."""
    texts = {name: " ".join(cells[place] for place in people.get(name, ())).strip() for name in ("id", "name", "email")}
    return bool(not_a_student({**texts, "role": ""}))
