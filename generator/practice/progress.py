"""Where a student stands in an attempt, read from the store: what she answered, what it earned, what she was shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.grading.marks import Marked
from generator.practice.attempts import AskedPart, Attempt
from generator.practice.hints import hints_of
from generator.practice.store import Row, Store


@dataclass(frozen=True)
class Submission:
    """One answer to one part, as it was marked.

    ``earned`` are the points that count: those of the mark, less what hints cost, and none after the solution was shown.
    ``earlier`` are the answers to earlier parts that it was marked with.
    ``share`` is the same as a share of the part's points, not rounded.  ``at`` is in seconds of the epoch.
    """

    part: str
    text: str
    working: Mapping[str, str]
    reasons: str
    earlier: Mapping[str, str]
    at: float
    marked: Marked
    earned: int
    share: float
    hints: int
    after_solution: bool


@dataclass(frozen=True)
class PartState:
    """A part of an attempt, as it stands.

    ``latest`` is her last answer, readable or not; ``standing`` the last one that could be read; ``counted`` the one that
    mastery counts, which is the first such, and in an exam the last.  ``earned`` is the best that an answer earned.  Of ``hints_total`` worked steps she saw
    ``hints_shown``.  ``self_marks`` are the points that she gave herself for each criterion, None before she did.
    """

    asked: AskedPart
    latest: Submission | None
    standing: Submission | None
    counted: Submission | None
    tries: int
    earned: int
    hints_shown: int
    hints_total: int
    solution_shown: bool
    self_marks: tuple[int, ...] | None

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do: right, or the solution was shown; and what is hers to mark is marked."""
        if self.asked.by_hand and self.standing is not None and self.self_marks is None:
            return False
        by_machine = self.standing is not None and self.standing.marked.status in ("correct", "human")
        return by_machine or self.solution_shown

    @property
    def can_self_mark(self) -> bool:
        """Whether there is something of hers to mark that was written before she saw the solution."""
        return bool(self.asked.by_hand) and self.standing is not None and not self.standing.after_solution

    @property
    def points(self) -> int:
        """All that the part has earned: by machine and by her own mark."""
        return self.earned + sum(self.self_marks or ())

    @property
    def worth(self) -> int:
        """All that the part can earn, both ways; an essay's points are her own to give."""
        return self.asked.by_hand + (0 if self.asked.kind == "essay" else self.asked.max_points)


@dataclass(frozen=True)
class AttemptState:
    """A whole attempt as it stands, its parts in the order of the sheet."""

    attempt: Attempt
    parts: Mapping[str, PartState]
    finished: float | None

    @property
    def points(self) -> int:
        """What all parts have earned."""
        return sum(part.points for part in self.parts.values())

    @property
    def worth(self) -> int:
        """What all parts can earn."""
        return sum(part.worth for part in self.parts.values())

    @property
    def is_begun(self) -> bool:
        """Whether she did anything yet."""
        return any(part.tries or part.solution_shown for part in self.parts.values())

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to do."""
        return all(part.is_settled for part in self.parts.values())


def state_of(attempt: Attempt, store: Store) -> AttemptState:
    """Where she stands, from the store alone."""
    answers: dict[str, list[Submission]] = {}
    for row in store.all("SELECT * FROM answers WHERE attempt = ? ORDER BY id", attempt.id):
        answers.setdefault(row["part"], []).append(submission_of(row))
    hints = _by_part(store, "SELECT part, shown FROM hints WHERE attempt = ?", attempt.id)
    solutions = _by_part(store, "SELECT part, at FROM solutions WHERE attempt = ?", attempt.id)
    marks = _by_part(store, "SELECT part, points FROM self_marks WHERE attempt = ?", attempt.id)
    finished = store.one("SELECT finished FROM attempts WHERE id = ?", attempt.id)
    parts = {}
    for part_id, asked in attempt.parts.items():
        given = answers.get(part_id, [])
        readable = [one for one in given if one.marked.status != "invalid"]
        parts[part_id] = PartState(
            asked=asked,
            latest=given[-1] if given else None,
            standing=readable[-1] if readable else None,
            counted=readable[-1 if attempt.exam else 0] if readable else None,
            tries=len(readable),
            earned=max((one.earned for one in readable), default=0),
            hints_shown=hints.get(part_id, 0),
            hints_total=len(hints_of(attempt, part_id)),
            solution_shown=part_id in solutions,
            self_marks=tuple(json.loads(marks[part_id])) if part_id in marks else None,
        )
    return AttemptState(attempt, parts, finished["finished"] if finished else None)


def submission_of(row: Row) -> Submission:
    """An answer from its row."""
    return Submission(
        part=row["part"],
        text=row["text"],
        working=json.loads(row["working"]),
        reasons=row["reasons"],
        earlier=json.loads(row["earlier"]),
        at=row["at"],
        marked=marked_of(json.loads(row["marked"])),
        earned=row["earned"],
        share=row["share"],
        hints=row["hints"],
        after_solution=bool(row["solution"]),
    )


def marked_of(table: Mapping[str, Any]) -> Marked:
    """A mark from what :func:`marked_table` made of it."""
    return Marked(**{**table, "diagnosis": tuple(table["diagnosis"])})


def marked_table(marked: Marked) -> dict[str, Any]:
    """A mark for the store."""
    return {**marked.to_dict(), "tex": marked.tex}


def _by_part(store: Store, query: str, attempt_id: str) -> dict[str, Any]:
    return {row[0]: row[1] for row in store.all(query, attempt_id)}
