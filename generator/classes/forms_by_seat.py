"""Forms given to the students of a class list, so that neighbours have different ones."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from generator.errors import InputError
from generator.paper.csv_tables import shown
from generator.paper.students import Student
from generator.paper.table_reader import TableReader

FORMS = "forms.csv"
"""The table of who has which form."""


@dataclass(frozen=True)
class Assigned:
    """A student of a class list, the seat, and the letter of the form."""

    student: Student
    form: str
    seat: str = ""


def assign_forms(
    students: Sequence[Student], letters: Sequence[str], seats: Mapping[str, str], kept: Mapping[str, str]
) -> tuple[Assigned, ...]:
    """Give each student a form that neighbours do not have; who has one already (``kept``) keeps it.

    Where students have ``seats``, these say who sits beside and before whom; the others sit in the order of the list.
    Raises :class:`InputError` where two students of a section have one seat.
    """
    order = {letter: number for number, letter in enumerate(letters)}
    given = {student: order[form] for student, form in kept.items() if form in order}
    seated = [student for student in students if student.id in seats]
    for group in _rooms(seated, seats):
        _assign_by_seat([(one.id, _place(seats[one.id])) for one in group], len(letters), given)
    _assign_in_order([student for student in students if student.id not in seats], len(letters), given)
    return tuple(Assigned(one, letters[given[one.id]], seats.get(one.id, "")) for one in students)


Place: TypeAlias = tuple[tuple[int | str, ...], int]
"""The row of a seat and its number in the row."""


def _place(seat: str) -> Place:
    """``B12`` is seat 12 of row B; ``12B``, as in a train, is the second seat of row 12."""
    parts = [int(part) if part.isdecimal() else part.casefold() for part in re.findall(r"\d+|[^\W\d_]+", seat)]
    if not parts:
        return (), 0
    *row, last = parts
    number = last if isinstance(last, int) else sum(26**place * (ord(x) - 96) for place, x in enumerate(reversed(last)))
    return tuple(row), number


def _rooms(students: Sequence[Student], seats: Mapping[str, str]) -> list[list[Student]]:
    """All in one room, unless a seat is there twice: then each section sits for itself."""
    if len({_place(seats[student.id]) for student in students}) == len(students):
        return [list(students)]
    sections: dict[str, list[Student]] = defaultdict(list)
    for student in students:
        sections[student.section].append(student)
    for section in sections.values():
        on: dict[Place, Student] = {}
        for student in section:
            other = on.setdefault(_place(seats[student.id]), student)
            if other is not student:
                raise InputError(
                    f"the students {shown(other.id)} and {shown(student.id)} of one section have the same seat "
                    f"{shown(seats[student.id])}: correct one of them in the class list"
                )
    return list(sections.values())


def _assign_by_seat(places: Iterable[tuple[str, Place]], count: int, given: dict[str, int]) -> None:
    """Beside one another never the same form, before one another and diagonally not if there is a way."""
    on = {place: student for student, place in places}
    rows = {row: rank for rank, row in enumerate(sorted({row for row, _ in on}, key=_sorted_row))}
    numbers = {number: rank for rank, number in enumerate(sorted({number for _, number in on}))}
    at = {(rows[row], numbers[number]): student for (row, number), student in on.items()}
    in_row: dict[int, list[str]] = defaultdict(list)
    for place in sorted(at):
        in_row[place[0]].append(at[place])
    beside = _neighbours(in_row.values())
    shift = (
        1 if count < 4 else 2
    )  # in a full room with four forms, no two neighbours then have one, not even diagonally
    for (row, number), student in sorted(at.items()):
        if student not in given:
            front = [given.get(at.get((row + step, number), "")) for step in (-1, 1)]
            diagonal = [given.get(at.get((row + step, number + side), "")) for step in (-1, 1) for side in (-1, 1)]
            given[student] = _best(
                count, number + shift * row, [given.get(one) for one in beside[student]], front, diagonal
            )


def _sorted_row(row: tuple[int | str, ...]) -> list[tuple[bool, int, str]]:
    return [(isinstance(part, str), part if isinstance(part, int) else 0, str(part)) for part in row]


def _assign_in_order(students: Sequence[Student], count: int, given: dict[str, int]) -> None:
    """In turn within each section; and where a section follows another, not as the one before, if there is a way."""
    in_list = _neighbours([[student.id for student in students]])
    sections: dict[str, list[str]] = defaultdict(list)
    for student in students:
        sections[student.section].append(student.id)
    in_section = _neighbours(sections.values())
    last: dict[str, int] = {}
    form = -1
    for student in students:
        section = student.section
        if student.id not in given:
            near = [[given.get(one) for one in order[student.id]] for order in (in_section, in_list)]
            given[student.id] = _best(count, last.get(section, form) + 1, *near)
        form = last[section] = given[student.id]


def _neighbours(orders: Iterable[Sequence[str]]) -> dict[str, list[str]]:
    """Return the ones before and after each, in its order."""
    return {
        one: [*order[max(place - 1, 0) : place], *order[place + 1 : place + 2]]
        for order in orders
        for place, one in enumerate(order)
    }


def _best(count: int, usual: int, *neighbours: Sequence[int | None]) -> int:
    """The form that the fewest neighbours have, those that matter most first; the usual one if it can be."""
    ways = [(usual + step) % count for step in range(count)]
    return min(ways, key=lambda form: [near.count(form) for near in neighbours])


class _FormsReader(TableReader):
    """Reads the table of who has which form."""

    columns = ("id", "form")
    needed = ("id", "form")
    what = "table of forms"
    each = "student"

    def forms(self) -> dict[str, str]:
        return {fields["id"]: fields["form"] for _, fields in self.table()}


def assigned_before(folder: Path) -> dict[str, str]:
    """Return who has which form by the table in a folder; nothing where there is none."""
    path = folder / FORMS
    return _FormsReader(path).forms() if path.is_file() else {}


def forms_table(assigned: Sequence[Assigned], papers: Mapping[str, str]) -> list[tuple[str, ...]]:
    """The rows of :data:`FORMS`; ``papers`` are the forms' ids."""
    rows = [
        (one.student.id, one.student.name, one.student.section, one.seat, one.form, papers.get(one.form, ""))
        for one in assigned
    ]
    return [("id", "name", "section", "seat", "form", "paper"), *rows]
