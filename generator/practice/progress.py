"""A student's progress over all attempts: mastery of problems and parts, open mistakes, and the reviews that are due.

Only the first answer to a part of an attempt counts, less what hints cost it (in an exam the last, since the exam says
nothing about the others).  Mastery of a part starts at 0 and moves, with each attempt, :data:`STEP` of the way to the share of
the points that this answer earned.  That of a problem is the mean over its parts, weighted by their points.

Reviews are scheduled by FSRS, a part of a problem at a level being one card.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from fsrs import Card, Rating, Scheduler

from generator.practice.store.database import Change, Store
from generator.practice.store.state import AttemptState, PartState
from generator.problem.problem import Problem

STEP = 0.4
"""How far one attempt moves the mastery of a part: three right ones in a row make 78 %, five 92 %."""

PASSES = 3
"""A mistake is open until it was avoided in this many later attempts."""


@dataclass
class PartMastery:
    """A part over all attempts: its mastery from 0 to 1, the attempts that count, and its points."""

    part: str
    mastery: float = 0.0
    attempts: int = 0
    worth: int = 1


@dataclass
class MistakeRecord:
    """A mistake: in how many attempts it was made, when last, and in how many since then it was avoided."""

    name: str
    times: int = 0
    last: float = 0.0
    passes: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it may well be made again."""
        return self.passes < PASSES


@dataclass
class ProblemMastery:
    """A problem over all attempts; ``last`` is when the last one was started, in seconds since the epoch (0: never)."""

    problem: str
    attempts: int = 0
    last: float = 0.0
    parts: dict[str, PartMastery] = field(default_factory=dict)
    mistakes: dict[str, MistakeRecord] = field(default_factory=dict)

    @property
    def mastery(self) -> float:
        """Mastery from 0 to 1; 0 before the first answer."""
        worth = sum(part.worth for part in self.parts.values())
        return sum(part.mastery * part.worth for part in self.parts.values()) / worth if worth else 0.0

    @property
    def open_mistakes(self) -> tuple[MistakeRecord, ...]:
        """The open mistakes, the most frequent first."""
        return tuple(sorted((one for one in self.mistakes.values() if one.is_open), key=lambda one: -one.times))


def mastery(store: Store, problems: Mapping[str, Problem]) -> dict[str, ProblemMastery]:
    """Return the mastery of each of the ``problems``; an exam counts once it is over."""
    found = {name: ProblemMastery(name) for name in problems}
    answers = store.by_attempt(
        "SELECT attempt, part, share, max_points, status, at, marked FROM answers WHERE status != 'invalid' ORDER BY id"
    )
    self_marks = store.by_attempt("SELECT attempt, part, points FROM self_marks")
    solutions = store.by_attempt("SELECT attempt, part FROM solutions")
    attempts = store.all(
        "SELECT t.id, t.problem, t.started, t.shows, t.exam FROM attempts t LEFT JOIN exams e ON e.id = t.exam "
        "WHERE t.exam IS NULL OR e.finished IS NOT NULL ORDER BY t.started, t.rowid"
    )
    for row in attempts:
        if row["problem"] in found:
            one = found[row["problem"]]
            one.attempts += 1
            one.last = row["started"]
            submitted = answers.get(row["id"], [])
            counted = _counted(submitted, in_exam=row["exam"] is not None)
            _count_parts(one, counted, self_marks.get(row["id"], []), solutions.get(row["id"], []))
            _count_mistakes(one, submitted, counted, json.loads(row["shows"]))
    return found


def worst(standing: Mapping[str, ProblemMastery]) -> str:
    """Return the problem with the lowest mastery; among equals the one with more open mistakes, then the least recent."""
    return min(
        standing.values(), key=lambda one: (round(one.mastery, 3), -len(one.open_mistakes), one.last, one.problem)
    ).problem


WEAK = 0.15
MOST_WEAK = 4
"""Parts are practised together whose mastery is no more than this above the weakest's, at most so many."""


def weakest_parts(one: ProblemMastery) -> tuple[str, ...]:
    """Return the parts of a problem that are mastered least, in the order in which they came; none if none was practised."""
    if not one.parts:
        return ()
    least = min(part.mastery for part in one.parts.values())
    weak = sorted((part for part in one.parts.values() if part.mastery <= least + WEAK), key=lambda part: part.mastery)
    chosen = {part.part for part in weak[:MOST_WEAK]}
    return tuple(name for name in one.parts if name in chosen)


def _counted(answers: list[sqlite3.Row], *, in_exam: bool) -> dict[str, sqlite3.Row]:
    """Return the answer to each part that counts: the first, in an exam the last."""
    counted: dict[str, sqlite3.Row] = {}
    for row in answers:
        if in_exam or row["part"] not in counted:
            counted[row["part"]] = row
    return counted


def _count_parts(
    one: ProblemMastery, counted: Mapping[str, sqlite3.Row], self_marks: list[sqlite3.Row], solutions: list[sqlite3.Row]
) -> None:
    awarded = {row["part"]: sum(json.loads(row["points"])) for row in self_marks}
    shares: dict[str, tuple[float, int]] = {}
    for part, row in counted.items():
        if row["status"] == "human":
            if part in awarded:
                shares[part] = awarded[part] / row["max_points"] if row["max_points"] else 0.0, row["max_points"]
        else:
            shares[part] = row["share"], row["max_points"]
    for row in solutions:
        if row["part"] not in counted:
            known = one.parts.get(row["part"])
            shares[row["part"]] = 0.0, known.worth if known else 1
    for part, (share, worth) in shares.items():
        known = one.parts.setdefault(part, PartMastery(part))
        known.mastery += STEP * (share - known.mastery)
        known.attempts += 1
        known.worth = max(worth, 1)


def _count_mistakes(
    one: ProblemMastery,
    answers: list[sqlite3.Row],
    counted: Mapping[str, sqlite3.Row],
    affected: Mapping[str, Iterable[str]],
) -> None:
    """Count the mistakes that were made, and those avoided where they would have changed a part (``affected``)."""
    made = {name: row["at"] for row in answers for name in json.loads(row["marked"])["diagnosis"]}
    for name, at in made.items():
        known = one.mistakes.setdefault(name, MistakeRecord(name))
        known.times += 1
        known.last, known.passes = at, 0
    for name, known in one.mistakes.items():
        right = any(part in counted and counted[part]["status"] == "correct" for part in affected.get(name, ()))
        if name not in made and right:
            known.passes += 1


def percent(share: float) -> str:
    """Return ``78 %``."""
    return f"{round(100 * share)} %"


# --------------------------------------------------------------------------------------------- reviews

MAX_INTERVAL = 90
"""Days after which a part is due again however well it is known."""

RATINGS = ((0.95, Rating.Easy), (0.75, Rating.Good), (0.5, Rating.Hard), (0.0, Rating.Again))
"""The least share of a part's points that its first answer must earn for each rating; easy only without hints."""


@dataclass(frozen=True)
class Review:
    """A part of a problem at a level that is to be reviewed; ``due`` in seconds since the epoch.

    ``part`` is empty for a review of the whole problem, as an earlier version scheduled them.
    """

    problem: str
    level: str
    part: str
    due: float


def rating_of(part: PartState) -> Rating | None:
    """Rate a part by its first answer; None if it was neither answered nor given up, or is still to be self-marked."""
    if part.counted is None:
        return Rating.Again if part.solution_shown else None
    if part.part.manual_points and part.self_marks is None:
        return None
    earned = float(sum(part.self_marks or ()))
    if part.counted.marked.status != "human":
        earned += part.counted.share * part.part.max_points
    share = earned / part.worth if part.worth else 0.0
    rating = next(rating for least, rating in RATINGS if share >= least)
    return Rating.Good if rating is Rating.Easy and part.hints_shown else rating


def schedule_reviews(change: Change, state: AttemptState, now: float) -> None:
    """Schedule the next review of each part of an attempt that was answered or given up, the attempt being finished ``now``."""
    # No learning steps of minutes: every variant is fresh work, not a card to turn again.
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), maximum_interval=MAX_INTERVAL, enable_fuzzing=False)
    problem, level, today = state.attempt.problem.id, state.attempt.level, datetime.fromtimestamp(now, UTC)
    find = "SELECT card FROM part_reviews WHERE problem = ? AND level = ? AND part = ?"
    whole = change.one(find, problem, level, "")  # from before reviews brought parts
    for part_id, part in state.parts.items():
        rating = rating_of(part)
        if rating is None:
            continue
        row = change.one(find, problem, level, part_id) or whole
        card = Card.from_json(row["card"]) if row else Card(card_id=1, due=today)
        card, _ = scheduler.review_card(card, rating, today)
        change.run(
            "INSERT INTO part_reviews VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE "
            "SET card = excluded.card, due = excluded.due, attempt = excluded.attempt",
            problem,
            level,
            part_id,
            card.to_json(),
            card.due.timestamp(),
            state.attempt.id,
        )
    if whole:
        change.run("DELETE FROM part_reviews WHERE problem = ? AND level = ? AND part = ''", problem, level)


def reviews(store: Store, problems: Mapping[str, Problem]) -> tuple[Review, ...]:
    """Return all scheduled reviews of the ``problems``, the first due first."""
    rows = store.all("SELECT problem, level, part, due FROM part_reviews ORDER BY due, problem, level, part")
    return tuple(
        Review(row["problem"], row["level"], row["part"], row["due"]) for row in rows if row["problem"] in problems
    )
