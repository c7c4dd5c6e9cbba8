"""The files that gradebooks import, written without a template: see docs/gradebooks.md for what each platform makes of them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from generator.classes.gradebooks.points import ClassPoints, number_text
from generator.paper.students import Student

Target: TypeAlias = Literal["canvas", "moodle", "brightspace", "blackboard", "gradescope"]

Rows: TypeAlias = Iterable[Sequence[str]]

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Written:
    """A gradebook's file, and a sentence for each student whom the platform cannot find or who has no points."""

    content: bytes
    faults: tuple[str, ...] = ()


def write_gradebook(target: Target, points: ClassPoints) -> Written:
    """Return the file that a platform imports."""
    rows, faults = _TARGETS[target](points), tuple(_faults(target, points))
    marked = target == "blackboard"
    return Written(plain_csv(rows, quoted=marked, mark=marked), faults)


def plain_csv(rows: Rows, *, quoted: bool = False, mark: bool = False) -> bytes:
    """Return a table as CSV with CRLF: no cell is a formula, and quotation marks stand where they are needed, or all are ``quoted``."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig" if mark else "utf-8")


def defused(cell: str) -> str:
    """Return a text that no spreadsheet takes for a formula; a number stays as it is."""
    return f"'{cell}" if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell) else cell


def _canvas(points: ClassPoints) -> Iterator[Sequence[str]]:
    yield ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", points.title)
    yield ("    Points Possible", "", "", "", "", number_text(points.most))
    for one in points.students:
        yield (one.student.name or one.student.id, "", one.student.id, "", one.student.section, one.cell)


def _moodle(points: ClassPoints) -> Iterator[Sequence[str]]:
    """Yield both columns: a mapped column of feedback without one of grades erases the grades, and so does an empty grade."""
    yield ("Email address", "ID number", points.title, f"Feedback: {points.title}")
    for one in points.students:
        if one.points is not None:
            yield (_email(one.student), one.student.id, one.cell, one.feedback)


def _brightspace(points: ClassPoints) -> Iterator[Sequence[str]]:
    yield ("OrgDefinedId", f"{points.title} Points Grade", "End-of-Line Indicator")
    for one in points.students:
        yield (f"#{one.student.id}", one.cell, "#")


def _blackboard(points: ClassPoints) -> Iterator[Sequence[str]]:
    yield ("Last Name", "First Name", "Username", "Student ID", points.title)
    for one in points.students:
        first, last = _halves(one.student.name)
        yield (last, first, one.student.id, one.student.id, one.cell)


def _gradescope(points: ClassPoints) -> Iterator[Sequence[str]]:
    yield ("First Name", "Last Name", "SID", "Email", "Sections")
    for one in points.students:
        first, last = _halves(one.student.name)
        yield (first, last, one.student.id, _email(one.student), one.student.section)


_TARGETS: Mapping[Target, Callable[[ClassPoints], Iterator[Sequence[str]]]] = {
    "canvas": _canvas,
    "moodle": _moodle,
    "brightspace": _brightspace,
    "blackboard": _blackboard,
    "gradescope": _gradescope,
}


def _faults(target: Target, points: ClassPoints) -> Iterator[str]:
    if target == "gradescope":
        for one in points.students:
            if not _email(one.student):
                yield f"{one.name}: has no e-mail address, by which Gradescope knows its students: add it to the class list"
        return
    yield from points.without_points()


def _email(student: Student) -> str:
    return student.email or (student.id if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", student.id) else "")


def _halves(name: str) -> tuple[str, str]:
    """Return the first names and the last one: what stands before a comma, or else the last word."""
    last, comma, first = name.partition(",")
    if comma:
        return first.strip(), last.strip()
    first, _, last = name.strip().rpartition(" ")
    return first, last
