"""A set of problems as an exam: a time limit, nothing told until the end, then a report.

The clock is the server's.  An answer after the time is refused; what was answered before it counts, whether or not the
student handed in.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import InputError, WorksheetError
from generator.grading.marks import Marked
from generator.paper.sheet import Entry
from generator.practice import records, reviews
from generator.practice.attempts import Attempt
from generator.practice.fresh import digest, new_attempt
from generator.practice.records import OverError as OverError
from generator.practice.store import Row
from generator.problem.draw import Draw
from generator.problem.problem import LEVELS

if TYPE_CHECKING:
    from generator.practice.engine import Practice

MOST = 40
"""Problems of an exam."""
SHORTEST, LONGEST = 1.0, 600.0
"""Minutes of an exam."""


@dataclass(frozen=True)
class Exam:
    """An exam: when it began and ended, its limit, its attempts in order.  Times are seconds of the epoch."""

    id: str
    started: float
    seconds: float
    finished: float | None
    attempts: tuple[Attempt, ...]

    @property
    def ends(self) -> float:
        """When its time is over."""
        return self.started + self.seconds

    @property
    def is_over(self) -> bool:
        """Whether it was handed in, or its time ran out."""
        return self.finished is not None

    def left(self, now: float) -> float:
        """Seconds that are left."""
        return 0.0 if self.is_over else min(max(0.0, self.ends - now), self.seconds)

    def attempt(self, attempt_id: str) -> Attempt:
        """One of its attempts; raises :class:`InputError` for any other."""
        for attempt in self.attempts:
            if attempt.id == attempt_id:
                return attempt
        raise InputError("this exam has no such problem", field="attempt")


@dataclass(frozen=True)
class Outline:
    """An exam by its times and how many problems it has."""

    id: str
    started: float
    finished: float | None
    problems: int


class Exams:
    """The exams of a student's practice."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self._store = practice.store

    def start(
        self,
        count: int = 10,
        minutes: float = 60.0,
        problems: Sequence[str] | None = None,
        level: str = "standard",
        *,
        guided: bool = False,
    ) -> Exam:
        """Begin an exam of ``count`` fresh variants, spread evenly over the ``problems`` (all, by default).

        A problem that has no such level comes at the standard one.
        Raises :class:`InputError` for a count, a time, a problem or a level that cannot be.
        """
        chosen = self._chosen(problems)
        _check(count, minutes, level)
        return self._begin(_evenly(chosen, count, self._practice.seed()), minutes, level, guided=guided)

    def start_on_worst(
        self,
        count: int = 10,
        minutes: float = 60.0,
        level: str = "standard",
        problems: Sequence[str] | None = None,
        *,
        guided: bool = False,
    ) -> Exam:
        """Begin an exam in which one of the ``problems`` comes the more often, the less of it she has mastered."""
        chosen = self._chosen(problems)
        _check(count, minutes, level)
        draw = Draw("exam", self._practice.seed())
        weights = {
            one.problem: 1 + round(9 * (1 - one.mastery))
            for one in self._practice.mastery().values()
            if one.problem in chosen
        }
        return self._begin([draw.weighted(weights) for _ in range(count)], minutes, level, guided=guided)

    def load(self, exam_id: str) -> Exam:
        """An exam by its id; one whose time ran out is over by now.  Raises :class:`records.MissingError` if there is none."""
        row = self._store.one("SELECT * FROM exams WHERE id = ?", exam_id)
        if row is None:
            raise records.MissingError("there is no such exam; it may have been deleted")
        exam = self._of_row(row)
        if not exam.is_over and self.now(exam) >= exam.ends:
            return self._close(exam, exam.ends)
        return exam

    def all(self) -> tuple[Exam, ...]:
        """All exams, the latest first; one with a problem that can no longer be made again is left out."""
        found = []
        for row in self._store.all("SELECT id FROM exams ORDER BY started DESC, rowid DESC"):
            with suppress(WorksheetError):
                found.append(self.load(row["id"]))
        return tuple(found)

    def running(self) -> tuple[Exam, ...]:
        """The exams that are not over, the latest first."""
        rows = self._store.all("SELECT id FROM exams WHERE finished IS NULL ORDER BY started DESC, id")
        return tuple(exam for row in rows if not (exam := self.load(row["id"])).is_over)

    def outlines(self) -> tuple[Outline, ...]:
        """All exams, the latest first, without their problems: none has to be solved again for it."""
        rows = self._store.all(
            "SELECT e.id, e.started, e.finished, count(t.id) AS problems FROM exams e "
            "LEFT JOIN attempts t ON t.exam = e.id GROUP BY e.id ORDER BY e.started DESC, e.id"
        )
        return tuple(Outline(row["id"], row["started"], row["finished"], row["problems"]) for row in rows)

    def answer(
        self,
        exam: Exam,
        attempt: Attempt,
        part_id: str,
        text: str,
        reasons: str = "",
        working: Mapping[str, str] | None = None,
    ) -> str:
        """Store an answer; what is told is only whether it could be read: an empty text, or why not (Markdown).

        The last answer to a part counts, with the ``working`` that came with it.  Raises :class:`OverError` where it comes
        too late, and :class:`InputError` for working that cannot be read.
        """
        given = self._practice.submit(exam.attempt(attempt.id), part_id, text, working, reasons)
        return given.marked.message if given.marked.status == "invalid" else ""

    def hand_in(self, exam: Exam) -> Exam:
        """End the exam now."""
        known = self.load(exam.id)
        return known if known.is_over else self._close(known, self.now(known))

    def now(self, exam: Exam) -> float:
        """The clock as an exam goes by: however it is set, it never comes before what was answered."""
        return records.exam_now(self._store, exam.id, self._practice.now())

    # ------------------------------------------------------------------------------------------------ within

    def _chosen(self, problems: Sequence[str] | None) -> list[str]:
        return [self._practice.problem(name).id for name in dict.fromkeys(problems or self._practice.problems)]

    def _begin(self, names: Sequence[str], minutes: float, level: str, *, guided: bool) -> Exam:
        practice, number = self._practice, secrets.token_urlsafe(16)
        attempts: list[Attempt] = []
        for place, name in enumerate(names, start=1):
            problem = practice.problem(name)
            entry = Entry(problem, guided=guided, level=level if level in problem.levels else "standard")
            drawn = [digest(attempt.variant) for attempt in attempts]
            attempts.append(new_attempt(practice, entry, besides=drawn, exam=number, place=place))
        now = practice.now()
        with self._store.change() as change:
            change.run(
                "INSERT INTO exams (id, started, seconds, finished) VALUES (?, ?, ?, NULL)", number, now, minutes * 60
            )
            for attempt in attempts:
                records.add_attempt(change, attempt)
        return Exam(number, now, minutes * 60, None, tuple(map(practice.keep, attempts)))

    def _close(self, exam: Exam, at: float) -> Exam:
        """End the exam; earlier answers are taken as they ended up, which changes what follows from them."""
        again = [one for attempt in exam.attempts for one in self._marked_again(attempt)]
        with self._store.change() as change:
            if change.one("SELECT 1 FROM exams WHERE id = ? AND finished IS NULL", exam.id) is None:
                return self.load(exam.id)
            for row, marked, earlier in again:
                records.mark_again(change, row, marked, earlier)
            change.run("UPDATE exams SET finished = ? WHERE id = ?", at, exam.id)
            for attempt in exam.attempts:
                records.finish_attempt(change, attempt, at)
        for attempt in exam.attempts:
            state = self._practice.state(attempt)
            if state.is_begun:
                with self._store.change() as change:
                    reviews.schedule(change, state, at)
        return self.load(exam.id)

    def _marked_again(self, attempt: Attempt) -> list[tuple[Row, Marked, dict[str, str]]]:
        standing: dict[str, Row] = {}
        for row in self._store.all(
            "SELECT * FROM answers WHERE attempt = ? AND status != 'invalid' ORDER BY id", attempt.id
        ):
            standing[row["part"]] = row
        found = []
        for part_id in attempt.parts:
            if part_id in standing:
                row = standing[part_id]
                earlier = {name: standing[name]["text"] for name in attempt.before(part_id) if name in standing}
                with attempt.lock:
                    marked = attempt.grader.mark(part_id, row["text"], json.loads(row["working"]), earlier)
                found.append((row, marked, earlier))
        return found

    def _of_row(self, row: Row) -> Exam:
        rows = self._store.all("SELECT id FROM attempts WHERE exam = ? ORDER BY place", row["id"])
        attempts = tuple(self._practice.load(one["id"]) for one in rows)
        return Exam(row["id"], row["started"], row["seconds"], row["finished"], attempts)


def _check(count: int, minutes: float, level: str) -> None:
    if level not in LEVELS:
        raise InputError(f"there is no level {level!r}; there are {', '.join(LEVELS)}", field="level")
    if not 1 <= count <= MOST:
        raise InputError(f"an exam has 1 to {MOST} problems; got {count}", field="count")
    if not SHORTEST <= minutes <= LONGEST:
        raise InputError(f"an exam takes {SHORTEST:g} to {LONGEST:g} minutes; got {minutes:g}", field="minutes")


def _evenly(names: Sequence[str], count: int, seed: int) -> list[str]:
    """Each of the names as often as the others, give or take one, in any order."""
    draw = Draw("exam", seed)
    order = draw.shuffled(names)
    return list(draw.shuffled([order[place % len(order)] for place in range(count)]))
