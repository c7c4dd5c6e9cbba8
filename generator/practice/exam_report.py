"""What an exam came to: points, time and mistakes by problem, on a page, in the terminal or as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from generator.document.nodes import Text
from generator.errors import InputError
from generator.practice.exam import Exam
from generator.practice.progress import AttemptState, state_of
from generator.practice.store import Store
from generator.render.renderer import FORMATS, count_of, renderer


@dataclass(frozen=True)
class ProblemReport:
    """One problem of an exam.

    ``points`` are of ``worth``; of these ``to_mark`` are the student's own to give, which she has not given yet.
    ``seconds`` are those between the answer before and each answer to this problem.  ``mistakes`` are the names of those
    recognised.
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
        return self.state.attempt.problem.title


@dataclass(frozen=True)
class ExamReport:
    """An exam that is over."""

    exam: Exam
    problems: tuple[ProblemReport, ...]

    @property
    def points(self) -> int:
        """All that was earned."""
        return sum(one.points for one in self.problems)

    @property
    def worth(self) -> int:
        """All that could be earned."""
        return sum(one.worth for one in self.problems)

    @property
    def to_mark(self) -> int:
        """The points that are the student's own to give yet."""
        return sum(one.to_mark for one in self.problems)

    @property
    def mistakes(self) -> tuple[tuple[str, int], ...]:
        """Each mistake with the number of problems in which it was made, the most frequent first."""
        return tuple(Counter(name for one in self.problems for name in one.mistakes).most_common())


def report(exam: Exam, store: Store) -> ExamReport:
    """The report of an exam; raises :class:`InputError` while it runs."""
    if not exam.is_over:
        raise InputError("the exam still runs: hand it in first", field="exam")
    spent = _seconds(exam, store)
    return ExamReport(exam, tuple(_of_problem(state_of(one, store), spent.get(one.id, 0.0)) for one in exam.attempts))


def _of_problem(state: AttemptState, seconds: float) -> ProblemReport:
    points = to_mark = 0
    mistakes: dict[str, None] = {}
    for part in state.parts.values():
        given = part.counted
        if given is not None:
            points += (given.earned if given.marked.points is not None else 0) + sum(part.self_marks or ())
            mistakes.update(dict.fromkeys(given.marked.diagnosis))
            to_mark += part.asked.by_hand if part.self_marks is None else 0
    return ProblemReport(state.attempt.place, state, points, state.worth, to_mark, seconds, tuple(mistakes))


def _seconds(exam: Exam, store: Store) -> Mapping[str, float]:
    """The time before each answer, since the one before it in any problem, summed by attempt."""
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
    """``4:05``; ``1:00:00`` from an hour on."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def as_markdown(found: ExamReport) -> str:
    """The report as a Markdown document."""
    exam = found.exam
    assert exam.finished is not None
    day = datetime.fromtimestamp(exam.started, UTC).strftime("%Y-%m-%d %H:%M UTC")
    head = [
        f"# Exam of {day}",
        "",
        f"{found.points} of {count_of(found.worth, 'point')} in {clock(exam.finished - exam.started)} of {clock(exam.seconds)}.",
        "",
    ]
    if found.to_mark:
        head += [f"Up to {count_of(found.to_mark, 'point')} more are yours to give for answers in words.", ""]
    table = ["| | problem | level | points | of | time | mistakes |", "| ---: | --- | --- | ---: | ---: | ---: | --- |"]
    table += [
        f"| {one.place} | {_plain(one.title)} | {one.state.attempt.level} | {one.points} | {one.worth} | {clock(one.seconds)} "
        f"| {_plain(', '.join(one.mistakes))} |"
        for one in found.problems
    ]
    return "\n".join((*head, *table, ""))


def _plain(text: str) -> str:
    return str(renderer(FORMATS["md"]).node((Text(text),))).replace("|", r"\|")
