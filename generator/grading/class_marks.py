"""The marks of a student's paper: what the program gave, what a person gave, and what is left to a person."""

from __future__ import annotations

from dataclasses import dataclass

from generator.grading.given_points import GivenPoints
from generator.grading.marks import Marked
from generator.paper.students import Student


@dataclass(frozen=True)
class PartMarks:
    """A part of a student's paper.

    ``max_points`` are given automatically, ``manual_points`` by a person (an essay's, those for the reasons of claims).
    ``marked`` is the answer's mark; ``empty`` says that she handed in an empty answer.  ``given`` are a person's points.
    ``form`` is the number of the variant that was answered, where each part has one of its own, as on platforms.
    """

    id: str
    label: str
    max_points: int
    manual_points: int
    answer: str | None = None
    marked: Marked | None = None
    empty: bool = False
    given: GivenPoints | None = None
    form: str = ""

    @property
    def most(self) -> int:
        """All points of the part."""
        return self.max_points + self.manual_points

    @property
    def automatic(self) -> int:
        """The points earned automatically."""
        return (self.marked.points or 0) if self.marked is not None else 0

    @property
    def is_overridden(self) -> bool:
        """Whether a person's points stand in place of the automatic ones."""
        return self.given is not None and (self.given.for_all or not self.manual_points)

    @property
    def points(self) -> float:
        """The points so far."""
        given = self.given.points if self.given is not None else 0
        return given if self.is_overridden else self.automatic + given

    @property
    def is_unread(self) -> bool:
        """Whether there is an answer that could not be read, and nobody has marked it."""
        return self.marked is not None and self.marked.status == "invalid" and not self.is_overridden

    @property
    def left(self) -> int:
        """The points that are left to a person."""
        if self.is_overridden:
            return 0
        unmarked = self.manual_points if self.given is None and not self.empty else 0
        return unmarked + (self.max_points if self.is_unread else 0)

    @property
    def decided(self) -> int:
        """The points that the part is marked out of so far; an answer that was not given is worth nothing."""
        return self.most if self.is_overridden or self.given is not None or self.empty else self.max_points


@dataclass(frozen=True)
class ProblemMarks:
    """A problem of a student's paper, at its place on the sheet (from 1)."""

    place: int
    id: str
    title: str
    parts: tuple[PartMarks, ...]

    @property
    def points(self) -> float:
        """The points so far."""
        return sum(part.points for part in self.parts)

    @property
    def most(self) -> int:
        """All points of the problem."""
        return sum(part.most for part in self.parts)


@dataclass(frozen=True)
class PaperMarks:
    """A student's paper, by its id, and its marks; ``key`` is a digest of the numbers and answers it was marked by."""

    student: Student
    paper: str
    key: str
    sheet: str
    problems: tuple[ProblemMarks, ...]

    @property
    def owner(self) -> tuple[str, str]:
        """The student's id and the letter of her form, which tell papers apart."""
        return self.student.id, self.student.form

    @property
    def parts(self) -> tuple[tuple[ProblemMarks, PartMarks], ...]:
        """All parts, each with its problem."""
        return tuple((problem, part) for problem in self.problems for part in problem.parts)

    @property
    def points(self) -> float:
        """The points so far."""
        return sum(problem.points for problem in self.problems)

    @property
    def most(self) -> int:
        """All points of the paper."""
        return sum(problem.most for problem in self.problems)

    @property
    def left(self) -> int:
        """The points that are left to a person; the total is final where there are none."""
        return sum(part.left for _, part in self.parts)

    @property
    def unread(self) -> int:
        """The number of answers that could not be read."""
        return sum(part.is_unread for _, part in self.parts)
