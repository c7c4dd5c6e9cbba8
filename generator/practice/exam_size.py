"""How large an exam is: attempts are drawn until they are as many, worth as much, or take as long as was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from generator.document.nodes import every_question
from generator.paper.hand_work import estimated_minutes
from generator.paper.sheet import Entry
from generator.practice.attempts import Attempt, variant_digest
from generator.practice.engine import Practice
from generator.problem.draw import Draw

MAX_PROBLEMS = 40
"""Problems of an exam."""


@dataclass(frozen=True)
class Goal:
    """The number of problems, of points, or of minutes that an exam should have; the first that is given decides."""

    count: int | None = None
    points: int | None = None
    minutes: float | None = None

    def left(self, attempts: list[Attempt]) -> float:
        """Return how much is still to be filled: problems, points or minutes."""
        if self.count is not None:
            return self.count - len(attempts)
        if self.points is not None:
            return self.points - sum(map(points_of, attempts))
        return (self.minutes or 0) - sum(map(minutes_of, attempts))

    def size(self, attempt: Attempt) -> float:
        """Return how much of it an attempt fills."""
        return 1 if self.count is not None else points_of(attempt) if self.points is not None else minutes_of(attempt)

    def takes(self, attempt: Attempt, attempts: list[Attempt]) -> bool:
        """Return whether an attempt still fits: into the time, or so that the points come nearer to those asked for."""
        left = self.left(attempts)
        return self.size(attempt) <= (2 * left if self.points is not None else left)


def points_of(attempt: Attempt) -> int:
    """Return the points of an attempt."""
    return attempt.key.points


def minutes_of(attempt: Attempt) -> float:
    """Return the time that an attempt is estimated to take."""
    return estimated_minutes(every_question(attempt.key))


def fill(practice: Practice, entries: Iterator[Entry], goal: Goal, *, by_part: bool = False) -> list[Attempt]:
    """Draw attempts at the entries until the goal is reached; ``by_part``, at single parts of them.

    What would exceed the goal is passed over, unless it is all there is.
    """
    attempts: list[Attempt] = []
    passed_over = 0
    for entry in islice(entries, 4 * MAX_PROBLEMS):
        drawn = [variant_digest(attempt.variant) for attempt in attempts]
        attempt = practice.new_attempt(entry, excluded=drawn)
        if by_part:
            attempt = _some_parts(attempt, goal, goal.left(attempts) / 2, Draw("parts", practice.seed()))
        if attempts and not goal.takes(attempt, attempts):
            passed_over += 1
        else:
            attempts.append(attempt)
            passed_over = 0
        is_full = goal.left(attempts) <= 0 or passed_over > len(practice.problems)
        if is_full or len(attempts) == MAX_PROBLEMS:
            break
    return attempts


def _some_parts(attempt: Attempt, goal: Goal, most: float, draw: Draw) -> Attempt:
    """Return the attempt with a third of its parts, drawn at random: at least one, and no more than fills ``most``."""
    wanted = max(1, round(len(attempt.parts) / 3))
    chosen: set[str] = set()
    for name in draw.shuffled(list(attempt.parts)):
        tried = _with_only(attempt, chosen | {name})
        if not chosen or goal.size(tried) <= most:
            chosen.add(name)
        if len(chosen) == wanted:
            break
    return _with_only(attempt, chosen)


def _with_only(attempt: Attempt, chosen: set[str]) -> Attempt:
    only = tuple(name for name in attempt.parts if name in chosen)
    return replace(attempt, entry=replace(attempt.entry, only=only))
