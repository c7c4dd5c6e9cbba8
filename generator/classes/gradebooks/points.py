"""The points of a class for one column of a gradebook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.paper.csv_tables import shown
from generator.paper.students import Student
from generator.render.renderer import count_of


@dataclass(frozen=True)
class StudentPoints:
    """A student's points; ``left`` are those that are still left to a person, and ``feedback`` is a line for the student.

    ``points`` is None where the cell stays empty.
    """

    student: Student
    points: float | None
    left: int = 0
    feedback: str = ""

    @property
    def cell(self) -> str:
        """The points with at most two decimals and no separator of thousands; empty where there are none."""
        return "" if self.points is None else number_text(self.points)

    @property
    def name(self) -> str:
        """The student in a message."""
        return f"student {shown(self.student.id)}"


@dataclass(frozen=True)
class ClassPoints:
    """The students of a class with their points, out of ``most``, for a column called ``title``."""

    title: str
    most: float
    students: tuple[StudentPoints, ...]

    def without_points(self) -> Iterator[str]:
        """Yield a sentence for each student whose cell stays empty."""
        for one in self.students:
            if one.points is None and one.left:
                left = count_of(one.left, "point")
                yield f"{one.name}: {left} left to a person, so that nothing is written in the cell (--pending zero counts them as 0)"
            elif one.points is None:
                yield f"{one.name}: has no marks, so that nothing is written in the cell"


def number_text(number: float) -> str:
    """Return ``7.5``."""
    return f"{number:.2f}".rstrip("0").rstrip(".") if number else "0"
