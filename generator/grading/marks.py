"""A marked answer, and how many points an answer earns.

An answer that is right earns all points of its part.  Any other earns the best of three, each rounded down:

- its right entries: their share of the points (except for a number, a choice and verdicts on claims);
- what follows from the student's own earlier values: all points but one of a part worth two or more, the one point of a
  part worth one; of a matrix or a vector the share of its entries that follow;
- a recognised mistake: what it leaves of the part's rubric; without a rubric half of the points, a quarter for two mistakes made
  together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from generator.problem.mistake import Mistake
from generator.problem.parts import Rubric
from generator.render.renderer import count_of

Status = Literal["correct", "partial", "wrong", "invalid", "human"]
"""``invalid``: cannot be read, and costs nothing; ``human``: an answer in words, which a person marks."""


@dataclass(frozen=True)
class Marked:
    """A marked answer.

    ``points`` is None where a person marks it.  ``diagnosis`` names the mistakes that lead to it; ``message`` is Markdown
    for the student.  ``entries`` has the shape of the answer and says of each entry whether it is right; it is None where the
    answer has no entries, or another shape.  ``expected_from_working`` is what follows from the values given, encoded;
    ``wrong_earlier`` is the earlier step that the message says went wrong first, empty where it says none.
    ``unread`` lists the entries that are empty or cannot be read, which count as wrong: for each its place from 1
    (``[2]`` in a vector, ``[row, column]`` in a matrix), what was typed, and why; it is None where there are none.
    """

    status: Status
    points: int | None
    max_points: int
    diagnosis: tuple[str, ...] = ()
    message: str = ""
    rounded: bool = False
    entries: Any = None
    expected_from_working: Any = None
    tex: str = ""
    wrong_earlier: str = ""
    unread: Any = None

    def to_dict(self) -> dict[str, Any]:
        """Return the mark for JSON."""
        return {
            "status": self.status,
            "points": self.points,
            "max_points": self.max_points,
            "diagnosis": list(self.diagnosis),
            "message": self.message,
            "expected_from_working": self.expected_from_working,
            "rounded": self.rounded,
            "entries": self.entries,
            "unread": self.unread,
        }

    @property
    def head(self) -> str:
        """The status and the points: ``partial, 1 of 2 points``."""
        if self.points is None:
            return f"for a person to mark, {count_of(self.max_points, 'point')}"
        return f"{self.status}, {self.points} of {count_of(self.max_points, 'point')}"


def points_for_entries(points: int, right: int, total: int) -> int:
    """Return the share of the right entries."""
    return points * right // total if right < total else points


def points_for_following(points: int, right: int = 1, total: int = 1) -> int:
    """Return the points of an answer that follows from wrong earlier values in ``right`` of ``total`` entries."""
    return points_for_entries(max(points - 1, min(points, 1)), right, total)


def points_by_rubric(rubric: Rubric, mistakes: Sequence[Mistake]) -> int:
    """Return the points of the lines of a rubric whose steps these mistakes leave alone.

    One that touches them all costs the first alone, since the others follow from it; one that touches none costs half.
    """
    lost: set[int] = set()
    halves = 0
    for mistake in mistakes:
        touched = [place for place, (_, _, *steps) in enumerate(rubric) if mistake.replaced.keys() & {*steps}]
        lost.update(touched[:1] if len(touched) == len(rubric) else touched)
        halves += not touched
    left = sum(int(line[0]) for place, line in enumerate(rubric) if place not in lost)
    return left >> halves


def points_for_mistakes(points: int, count: int) -> int:
    """Return the points of an answer that ``count`` mistakes lead to, everything else being right."""
    return points >> count
