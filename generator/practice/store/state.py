"""The state of an attempt, read from the store: what was answered, what it earned, which help was shown."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.grading.marks import Marked
from generator.practice.attempts import Attempt, AttemptPart
from generator.practice.hints import next_hint
from generator.practice.store.database import Change, Store
from generator.practice.store.schema import StoreError


@dataclass(frozen=True)
class Submission:
    """One answer to one part, as it was marked.

    ``earlier`` are the answers to earlier parts that it was marked with.  ``earned`` are the points that count: those of the
    mark, less what ``hints`` cost, and none after the solution was shown; ``share`` is the same as a share of the part's
    points, not rounded.  ``at`` is in seconds since the epoch.
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

    @property
    def is_readable(self) -> bool:
        """Whether the answer could be read."""
        return self.marked.status != "invalid"


@dataclass(frozen=True)
class PartState:
    """The state of one part.

    ``latest`` is the last answer, ``latest_readable`` the last that could be read; ``counted`` is the one that counts for
    mastery: the first readable one, in an exam the last.  ``hints_shown`` are the hints
    shown so far, by their place from 0.  ``tries`` are the readable answers, ``earned`` is the most that
    one of them earned.  ``self_marks`` are the points that the student awarded for each criterion, None before that.
    """

    part: AttemptPart
    latest: Submission | None
    latest_readable: Submission | None
    counted: Submission | None
    tries: int
    earned: int
    attempt: Attempt
    hints_shown: tuple[int, ...]
    solution_shown: bool
    self_marks: tuple[int, ...] | None

    @property
    def hints_total(self) -> int:
        """The number of hints that there are."""
        return len(self.attempt.hints(self.part.id))

    @property
    def next_hint(self) -> int | None:
        """The hint to come, by its place from 0; None if none is left that says anything new."""
        entries = self.latest_readable.marked.entries if self.latest_readable else None
        return next_hint(self.attempt.hints(self.part.id), self.hints_shown, entries)

    @property
    def is_done(self) -> bool:
        """Whether the answer is right or the solution was shown, and everything to self-mark is marked."""
        if self.part.manual_points and self.latest_readable is not None and self.self_marks is None:
            return False
        answered = self.latest_readable is not None and self.latest_readable.marked.status in ("correct", "human")
        return answered or self.solution_shown

    @property
    def can_self_mark(self) -> bool:
        """Whether there is something to self-mark that was written before the solution was shown."""
        return (
            bool(self.part.manual_points)
            and self.latest_readable is not None
            and not self.latest_readable.after_solution
        )

    @property
    def points(self) -> int:
        """The points of the part, marked by the program and by the student."""
        return self.earned + sum(self.self_marks or ())

    @property
    def worth(self) -> int:
        """The points that the part can earn, both ways; those for an essay are all the student's to award."""
        return self.part.manual_points + (0 if self.part.kind == "essay" else self.part.max_points)


@dataclass(frozen=True)
class AttemptState:
    """The state of a whole attempt, its parts in the order of the sheet."""

    attempt: Attempt
    parts: Mapping[str, PartState]
    finished: float | None

    @property
    def points(self) -> int:
        """The points of all parts."""
        return sum(part.points for part in self.parts.values())

    @property
    def worth(self) -> int:
        """The points that all parts can earn."""
        return sum(part.worth for part in self.parts.values())

    @property
    def is_started(self) -> bool:
        """Whether anything was answered or shown."""
        return any(part.tries or part.solution_shown for part in self.parts.values())

    @property
    def is_done(self) -> bool:
        """Whether every part is done."""
        return all(part.is_done for part in self.parts.values())

    @property
    def may_see_key(self) -> bool:
        """Whether the key gives nothing away: every part is done, or its solution was shown."""
        return all(part.solution_shown or part.is_done for part in self.parts.values())


def state_of(attempt: Attempt, store: Store) -> AttemptState:
    """Return the state of an attempt, read from the store alone."""
    answers: dict[str, list[Submission]] = {}
    for row in store.all("SELECT * FROM answers WHERE attempt = ? ORDER BY id", attempt.id):
        answers.setdefault(row["part"], []).append(submission_from_row(row))
    hints = hints_shown(store, attempt.id)
    solutions = _by_part(store, "SELECT part, at FROM solutions WHERE attempt = ?", attempt.id)
    marks = _by_part(store, "SELECT part, points FROM self_marks WHERE attempt = ?", attempt.id)
    finished = store.one("SELECT finished FROM attempts WHERE id = ?", attempt.id)
    parts = {}
    for part_id, part in attempt.parts.items():
        submissions = answers.get(part_id, [])
        readable = [one for one in submissions if one.is_readable]
        parts[part_id] = PartState(
            part=part,
            latest=submissions[-1] if submissions else None,
            latest_readable=readable[-1] if readable else None,
            counted=readable[-1 if attempt.exam else 0] if readable else None,
            tries=len(readable),
            earned=max((one.earned for one in readable), default=0),
            attempt=attempt,
            hints_shown=hints.get(part_id, ()),
            solution_shown=part_id in solutions,
            self_marks=tuple(json.loads(marks[part_id])) if part_id in marks else None,
        )
    return AttemptState(attempt, parts, finished["finished"] if finished else None)


def open_steps(state: AttemptState, part_id: str) -> frozenset[str]:
    """Return the steps that other parts ask for and that must not be shown: those neither solved nor given up."""
    own = state.parts[part_id].part.answer.step
    asked = ((part.part.answer.step, part.is_done) for name, part in state.parts.items() if name != part_id)
    return frozenset(step for step, is_done in asked if step is not None and step != own and not is_done)


def hints_shown(store: Store | Change, attempt_id: str) -> dict[str, tuple[int, ...]]:
    """Return which hints of each part were shown, by their place from 0."""
    rows = store.all("SELECT part, shown, numbers FROM hints WHERE attempt = ?", attempt_id)
    # an earlier version kept how many, and showed them in order
    return {row["part"]: tuple(json.loads(row["numbers"] or "null") or range(row["shown"])) for row in rows}


def submission_from_row(row: sqlite3.Row) -> Submission:
    """Return an answer from its row; raise :class:`StoreError` for one that this program cannot have written."""
    try:
        marked = json.loads(row["marked"])
        mark = Marked(**{**marked, "diagnosis": tuple(marked["diagnosis"])})
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(
            f"the file of progress is damaged: the mark of an answer to {row['part']} cannot be read ({error}); "
            "restore a copy, or start another file with --data"
        ) from error
    return Submission(
        part=row["part"],
        text=row["text"],
        working=json.loads(row["working"]),
        reasons=row["reasons"],
        earlier=json.loads(row["earlier"]),
        at=row["at"],
        marked=mark,
        earned=row["earned"],
        share=row["share"],
        hints=row["hints"],
        after_solution=bool(row["solution"]),
    )


def marked_json(marked: Marked) -> str:
    """Return a mark as it is stored."""
    return json.dumps({**marked.to_dict(), "tex": marked.tex})


def _by_part(store: Store, query: str, attempt_id: str) -> dict[str, Any]:
    return {row[0]: row[1] for row in store.all(query, attempt_id)}
