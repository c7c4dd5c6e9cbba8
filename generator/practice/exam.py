"""Exams: several problems with a time limit, no results before the end, then a report.

The clock is the program's.  An answer after the time is refused; what was answered before counts, whether or not the exam
was handed in.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import ceil

from generator.errors import InputError, WorksheetError
from generator.errors.language import phrase
from generator.grading.marks import Marked
from generator.paper.sheet import Entry
from generator.practice.attempts import Attempt
from generator.practice.engine import Practice
from generator.practice.exam_size import MAX_PROBLEMS, Goal, fill, minutes_of
from generator.practice.progress import schedule_reviews
from generator.practice.store import records
from generator.problem.draw import Draw, stream
from generator.problem.problem import LEVELS

MAX_POINTS = 500
MIN_MINUTES, MAX_MINUTES, DEFAULT_MINUTES = 1.0, 600.0, 60.0


@dataclass(frozen=True)
class Exam:
    """An exam: when it started and finished, its limit, its attempts in order.  Times are in seconds since the epoch."""

    id: str
    started: float
    seconds: float
    finished: float | None
    attempts: tuple[Attempt, ...]

    @property
    def ends(self) -> float:
        """When its time is up."""
        return self.started + self.seconds

    @property
    def is_over(self) -> bool:
        """Whether it was handed in or its time is up."""
        return self.finished is not None

    def left(self, now: float) -> float:
        """Return the seconds that are left."""
        return 0.0 if self.is_over else min(max(0.0, self.ends - now), self.seconds)

    def attempt(self, attempt_id: str) -> Attempt:
        """Return one of its attempts; raise :class:`InputError` for any other."""
        for attempt in self.attempts:
            if attempt.id == attempt_id:
                return attempt
        raise InputError(phrase("practice.exam_without_problem"), field="attempt")


@dataclass(frozen=True)
class ExamSummary:
    """An exam without its attempts: its times and the number of its problems."""

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
        count: int | None = None,
        minutes: float | None = None,
        problems: Sequence[str] | None = None,
        level: str = "standard",
        *,
        points: int | None = None,
        guided: bool = False,
        by_part: bool = False,
        worst: bool = False,
    ) -> Exam:
        """Start an exam of fresh variants of the ``problems`` (by default, all), each as often as the others.

        It has ``count`` problems, or so many that they are worth about ``points``, or fill about ``minutes`` (60 by default) by
        the estimate of :func:`~generator.paper.hand_work.estimated_minutes`; what is not given follows from what is.
        ``by_part`` draws single parts instead of whole problems.  With ``worst``, a problem comes the more often, the less it
        is mastered.  A problem without the level comes at the standard one.  Raise :class:`InputError` for a number, problem or
        level that is out of range or unknown.
        """
        _check(count, minutes, points, level)
        if by_part and count is not None:
            raise InputError(phrase("practice.exam_by_part_size"), field="count")
        names = self._order(problems, worst=worst)
        entries = (self._entry(name, level, guided=guided) for name in names)
        goal = Goal(count, points, minutes if minutes is not None or count or points else DEFAULT_MINUTES)
        return self._start(fill(self._practice, entries, goal, by_part=by_part), minutes)

    def start_sheet(self, minutes: float | None = None) -> Exam:
        """Start an exam that is the practice's sheet: its problems in order, as it asks for them, for as long as it says."""
        sheet = self._practice.sheet
        if sheet is None:
            raise InputError(phrase("practice.no_sheet"), field="sheet")
        _check(None, minutes, None, "standard")
        drawn = sheet.for_paper(stream(self._practice.seed()))
        attempts = fill(self._practice, iter(drawn.entries), Goal(count=drawn.length))
        return self._start(attempts, sheet.minutes if minutes is None else minutes)

    def load(self, exam_id: str) -> Exam:
        """Return an exam; it is closed first if its time is up.  Raise :class:`NotFoundError` if there is none."""
        row = self._store.one("SELECT * FROM exams WHERE id = ?", exam_id)
        if row is None:
            raise records.NotFoundError(phrase("practice.no_such_exam"))
        exam = self._from_row(row)
        if not exam.is_over and self.now(exam) >= exam.ends:
            return self._close(exam, exam.ends)
        return exam

    def all(self) -> tuple[Exam, ...]:
        """Return all exams, the latest first, without those with a problem that can no longer be rebuilt."""
        found = []
        for row in self._store.all("SELECT id FROM exams ORDER BY started DESC, rowid DESC"):
            with suppress(WorksheetError):
                found.append(self.load(row["id"]))
        return tuple(found)

    def running(self) -> tuple[Exam, ...]:
        """Return the exams that are not over, the latest first."""
        rows = self._store.all("SELECT id FROM exams WHERE finished IS NULL ORDER BY started DESC, id")
        return tuple(exam for row in rows if not (exam := self.load(row["id"])).is_over)

    def summaries(self) -> tuple[ExamSummary, ...]:
        """Return all exams, the latest first, without rebuilding their problems."""
        rows = self._store.all(
            "SELECT e.id, e.started, e.finished, count(t.id) AS problems FROM exams e "
            "LEFT JOIN attempts t ON t.exam = e.id GROUP BY e.id ORDER BY e.started DESC, e.id"
        )
        return tuple(ExamSummary(row["id"], row["started"], row["finished"], row["problems"]) for row in rows)

    def answer(
        self,
        exam: Exam,
        attempt: Attempt,
        part_id: str,
        text: str,
        reasons: str = "",
        working: Mapping[str, str] | None = None,
    ) -> str:
        """Store an answer; return why it cannot be read (Markdown), or an empty text: no more is said before the end.

        The last answer to a part counts, with the ``working`` that came with it.  Raise :class:`ExamOverError` if it comes too
        late, and :class:`InputError` for working that cannot be read.
        """
        submission = self._practice.submit(exam.attempt(attempt.id), part_id, text, working, reasons)
        return "" if submission.is_readable else submission.marked.message

    def hand_in(self, exam: Exam) -> Exam:
        """End the exam."""
        known = self.load(exam.id)
        return known if known.is_over else self._close(known, self.now(known))

    def now(self, exam: Exam) -> float:
        """Return the time in an exam: never before its last answer, even if the clock was set back."""
        return records.exam_time(self._store, exam.id, self._practice.now())

    def _order(self, problems: Sequence[str] | None, *, worst: bool) -> Iterator[str]:
        """Yield problems without end: each as often as the others, or, with ``worst``, the less it is mastered."""
        practice = self._practice
        names = [practice.problem(name).id for name in dict.fromkeys(problems or practice.problems)]
        draw = Draw("exam", practice.seed())
        if worst:
            weights = {
                name: 1 + round(9 * (1 - one.mastery)) for name, one in practice.mastery().items() if name in names
            }
            while True:
                yield draw.weighted(weights)
        while True:
            yield from draw.shuffled(names)

    def _entry(self, name: str, level: str, *, guided: bool) -> Entry:
        problem = self._practice.problem(name)
        return Entry(problem, guided=guided, level=level if level in problem.levels else "standard")

    def _start(self, attempts: Sequence[Attempt], minutes: float | None) -> Exam:
        practice, exam_id = self._practice, secrets.token_urlsafe(16)
        attempts = [replace(one, exam=exam_id, place=place) for place, one in enumerate(attempts, start=1)]
        if minutes is None:
            minutes = _rounded_up(sum(map(minutes_of, attempts)))
        now = practice.now()
        with self._store.change() as change:
            change.run(
                "INSERT INTO exams (id, started, seconds, finished) VALUES (?, ?, ?, NULL)", exam_id, now, minutes * 60
            )
            for attempt in attempts:
                records.add_attempt(change, attempt)
        return Exam(exam_id, now, minutes * 60, None, tuple(attempts))

    def _close(self, exam: Exam, at: float) -> Exam:
        """End the exam, after marking each last answer again with the final answers to the parts before it."""
        remarked = [one for attempt in exam.attempts for one in self._remarked(attempt)]
        with self._store.change() as change:
            if change.one("SELECT 1 FROM exams WHERE id = ? AND finished IS NULL", exam.id) is None:
                return self.load(exam.id)
            for row, marked, earlier in remarked:
                records.update_mark(change, row, marked, earlier)
            change.run("UPDATE exams SET finished = ? WHERE id = ?", at, exam.id)
            for attempt in exam.attempts:
                records.finish_attempt(change, attempt, at)
        for attempt in exam.attempts:
            state = self._practice.state(attempt)
            if state.is_started:
                with self._store.change() as change:
                    schedule_reviews(change, state, at)
        return self.load(exam.id)

    def _remarked(self, attempt: Attempt) -> list[tuple[sqlite3.Row, Marked, dict[str, str]]]:
        rows = self._store.all(
            "SELECT * FROM answers WHERE attempt = ? AND status != 'invalid' ORDER BY id", attempt.id
        )
        last = {row["part"]: row for row in rows}
        remarked = []
        for part_id in attempt.parts:
            if part_id in last:
                row = last[part_id]
                earlier = {name: last[name]["text"] for name in attempt.before(part_id) if name in last}
                marked = attempt.grader.mark(part_id, row["text"], json.loads(row["working"]), earlier)
                remarked.append((row, marked, earlier))
        return remarked

    def _from_row(self, row: sqlite3.Row) -> Exam:
        rows = self._store.all("SELECT id FROM attempts WHERE exam = ? ORDER BY place", row["id"])
        attempts = tuple(self._practice.load(one["id"]) for one in rows)
        return Exam(row["id"], row["started"], row["seconds"], row["finished"], attempts)


def _check(count: int | None, minutes: float | None, points: int | None, level: str) -> None:
    if level not in LEVELS:
        raise InputError(phrase("practice.no_such_level", level=repr(level), known=", ".join(LEVELS)), field="level")
    if count is not None and not 1 <= count <= MAX_PROBLEMS:
        raise InputError(phrase("practice.exam_problems", most=MAX_PROBLEMS, got=count), field="count")
    if points is not None and not 1 <= points <= MAX_POINTS:
        raise InputError(phrase("practice.exam_points", most=MAX_POINTS, got=points), field="points")
    if count is not None and points is not None:
        raise InputError(phrase("practice.exam_problems_or_points"), field="points")
    if minutes is not None and not MIN_MINUTES <= minutes <= MAX_MINUTES:
        limits = {"least": f"{MIN_MINUTES:g}", "most": f"{MAX_MINUTES:g}", "got": f"{minutes:g}"}
        raise InputError(phrase("practice.exam_minutes", **limits), field="minutes")


def _rounded_up(minutes: float) -> float:
    """Return a time limit: the next multiple of five minutes."""
    return min(MAX_MINUTES, max(5.0, 5.0 * ceil(minutes / 5)))
