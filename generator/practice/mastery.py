"""What a student has mastered and what not, by problem, part and mistake; and the problem she is worst at.

Only the first answer to a part of an attempt counts, less what hints cost it (in an exam the last, for nothing was said of
the others).  Mastery of a part begins at 0 and moves, with each attempt, :data:`STEP` of the way to the share of the points
that this answer earned.  That of a problem is the mean over its parts, weighted by their points.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from generator.practice.store import Row, Store
from generator.problem.problem import Problem

STEP = 0.4
"""How far one attempt moves the mastery of a part: three right ones in a row make 78 %, five 92 %."""

PASSES = 3
"""A mistake is open until so many attempts after it in which it could have shown were right there."""


@dataclass
class PartMastery:
    """A part over all attempts: its mastery from 0 to 1, the attempts that count, and its points."""

    part: str
    mastery: float = 0.0
    attempts: int = 0
    worth: int = 1


@dataclass
class MistakeRecord:
    """A mistake of a problem: in how many attempts it was made, when last, and how often it was passed since."""

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
    """A problem over all attempts; ``last`` is when one was begun last, in seconds of the epoch, 0 before the first."""

    problem: str
    attempts: int = 0
    last: float = 0.0
    parts: dict[str, PartMastery] = field(default_factory=dict)
    mistakes: dict[str, MistakeRecord] = field(default_factory=dict)

    @property
    def mastery(self) -> float:
        """From 0 to 1; 0 before the first answer."""
        worth = sum(part.worth for part in self.parts.values())
        return sum(part.mastery * part.worth for part in self.parts.values()) / worth if worth else 0.0

    @property
    def open_mistakes(self) -> tuple[MistakeRecord, ...]:
        """Those that may well be made again, the most frequent first."""
        return tuple(sorted((one for one in self.mistakes.values() if one.is_open), key=lambda one: -one.times))


def mastery(store: Store, problems: Mapping[str, Problem]) -> dict[str, ProblemMastery]:
    """Where she stands with each of the ``problems``; an exam counts once it is over."""
    found = {name: ProblemMastery(name) for name in problems}
    answers = store.by_attempt(
        "SELECT a.attempt, a.part, a.share, a.max_points, a.status, a.at, a.marked FROM answers a "
        "WHERE a.status != 'invalid' ORDER BY a.id"
    )
    marks = store.by_attempt("SELECT attempt, part, points FROM self_marks")
    given_up = store.by_attempt("SELECT attempt, part FROM solutions")
    rows = store.all(
        "SELECT t.id, t.problem, t.started, t.shows, t.exam FROM attempts t LEFT JOIN exams e ON e.id = t.exam "
        "WHERE t.exam IS NULL OR e.finished IS NOT NULL ORDER BY t.started, t.rowid"
    )
    for row in rows:
        if row["problem"] in found:
            one = found[row["problem"]]
            one.attempts += 1
            one.last = row["started"]
            mine = answers.get(row["id"], [])
            counted = _counted(mine, in_exam=row["exam"] is not None)
            _count_parts(one, counted, marks.get(row["id"], []), given_up.get(row["id"], []))
            _count_mistakes(one, mine, counted, json.loads(row["shows"]))
    return found


def worst(standing: Mapping[str, ProblemMastery]) -> str:
    """The problem with the lowest mastery; of equals that with more open mistakes, then the one practised longest ago."""
    return min(
        standing.values(), key=lambda one: (round(one.mastery, 3), -len(one.open_mistakes), one.last, one.problem)
    ).problem


def _counted(answers: list[Row], *, in_exam: bool) -> dict[str, Row]:
    """The answer to each part that counts."""
    counted: dict[str, Row] = {}
    for row in answers:
        if in_exam or row["part"] not in counted:
            counted[row["part"]] = row
    return counted


def _count_parts(one: ProblemMastery, counted: Mapping[str, Row], marks: list[Row], given_up: list[Row]) -> None:
    own = {row["part"]: sum(json.loads(row["points"])) for row in marks}
    shares: dict[str, tuple[float, int]] = {}
    for part, row in counted.items():
        if row["status"] == "human":
            if part in own:
                shares[part] = own[part] / row["max_points"] if row["max_points"] else 0.0, row["max_points"]
        else:
            shares[part] = row["share"], row["max_points"]
    for row in given_up:
        if row["part"] not in counted:
            known = one.parts.get(row["part"])
            shares[row["part"]] = 0.0, known.worth if known else 1
    for part, (share, worth) in shares.items():
        known = one.parts.setdefault(part, PartMastery(part))
        known.mastery += STEP * (share - known.mastery)
        known.attempts += 1
        known.worth = max(worth, 1)


def _count_mistakes(
    one: ProblemMastery, answers: list[Row], counted: Mapping[str, Row], shows: Mapping[str, Iterable[str]]
) -> None:
    made = {name: row["at"] for row in answers for name in json.loads(row["marked"])["diagnosis"]}
    for name, at in made.items():
        known = one.mistakes.setdefault(name, MistakeRecord(name))
        known.times += 1
        known.last, known.passes = at, 0
    for name, known in one.mistakes.items():
        right = any(part in counted and counted[part]["status"] == "correct" for part in shows.get(name, ()))
        if name not in made and right:
            known.passes += 1


def percent(share: float) -> str:
    """``78 %``."""
    return f"{round(100 * share)} %"


def lines(standing: Mapping[str, ProblemMastery], problems: Mapping[str, Problem]) -> Iterator[tuple[str, str, str]]:
    """A row a problem for a table: its title, its mastery, its open mistakes."""
    for name, one in standing.items():
        known = percent(one.mastery) if one.parts else "not yet"
        yield problems[name].title, known, ", ".join(mistake.name for mistake in one.open_mistakes[:3])
