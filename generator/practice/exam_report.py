"""The report of an exam: points, time and mistakes by problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from generator.errors import InputError
from generator.errors.language import phrase
from generator.practice.exam import Exam
from generator.practice.store.database import Store
from generator.practice.store.state import AttemptState, state_of


@dataclass(frozen=True)
class ProblemReport:
    """One problem of an exam.

    ``points`` of ``worth`` were earned; up to ``to_mark`` more are the student's to award and not awarded yet.  ``seconds`` is
    the time before each answer to this problem since the answer before.  ``mistakes`` are names of recognized mistakes.
    """

    place: int
    state: AttemptState
    points: int
    worth: int
    to_mark: int
    seconds: float
    mistakes: tuple[str, ...]

    @property
    def title(self) -> str:
        """The problem's title."""
        return self.state.attempt.problem.heading


@dataclass(frozen=True)
class ExamReport:
    """The report of an exam that is over."""

    exam: Exam
    problems: tuple[ProblemReport, ...]

    @property
    def points(self) -> int:
        """The points that were earned."""
        return sum(one.points for one in self.problems)

    @property
    def worth(self) -> int:
        """The points that could be earned."""
        return sum(one.worth for one in self.problems)

    @property
    def to_mark(self) -> int:
        """The points that the student has still to award."""
        return sum(one.to_mark for one in self.problems)

    @property
    def mistakes(self) -> tuple[tuple[str, int], ...]:
        """Each mistake with the number of problems in which it was made, most frequent first."""
        return tuple(Counter(name for one in self.problems for name in one.mistakes).most_common())


def exam_report(exam: Exam, store: Store) -> ExamReport:
    """Return the report of an exam; raise :class:`InputError` while it runs."""
    if not exam.is_over:
        raise InputError(phrase("practice.exam_still_running"), field="exam")
    seconds = _seconds(exam, store)
    problems = (_problem_report(state_of(attempt, store), seconds.get(attempt.id, 0.0)) for attempt in exam.attempts)
    return ExamReport(exam, tuple(problems))


def _problem_report(state: AttemptState, seconds: float) -> ProblemReport:
    points = to_mark = 0
    mistakes: dict[str, None] = {}
    for part in state.parts.values():
        submission = part.counted
        if submission is not None:
            points += (submission.earned if submission.marked.points is not None else 0) + sum(part.self_marks or ())
            mistakes.update(dict.fromkeys(name.replace("_", " ") for name in submission.marked.diagnosis))
            to_mark += part.part.manual_points if part.self_marks is None else 0
    return ProblemReport(state.attempt.place, state, points, state.worth, to_mark, seconds, tuple(mistakes))


def _seconds(exam: Exam, store: Store) -> Mapping[str, float]:
    """Return, by attempt, the time before each of its answers since the answer before it in any problem."""
    spent: Counter[str] = Counter()
    last = exam.started
    for row in store.all(
        "SELECT a.attempt, a.at FROM answers a JOIN attempts t ON t.id = a.attempt WHERE t.exam = ? ORDER BY a.id",
        exam.id,
    ):
        if exam.finished is not None and row["at"] <= exam.finished:
            spent[row["attempt"]] += max(0.0, row["at"] - last)
            last = row["at"]
    return spent


def clock(seconds: float) -> str:
    """Return a duration as ``4:05``, from an hour on as ``1:00:00``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
