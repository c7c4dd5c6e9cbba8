"""Progress: what is mastered, which mistakes are made, exams; to take it away as a file, and to delete it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template

from generator.practice.engine import Practice
from generator.practice.exam import Exam, Exams
from generator.practice.exam_report import clock
from generator.practice.mastery import ProblemMastery
from generator.practice.reviews import reviews
from generator.practice.web.charts import meter
from generator.problem import Problem
from generator.render import count_of


@dataclass(frozen=True)
class Row:
    """A problem: where she stands with it, and the day of its next review; empty where there is none."""

    problem: Problem
    standing: ProblemMastery
    due: str


@dataclass(frozen=True)
class PastExam:
    """An exam: its day, and what is told of it."""

    id: str
    day: str
    told: str


class ProgressViews:
    """The views on progress, over one practice."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self._exams = Exams(practice)

    def blueprint(self) -> Blueprint:
        """The views at their addresses."""
        views = Blueprint("progress", __name__, url_prefix="/progress")
        views.add_url_rule("", "page", self.page)
        return views

    def page(self) -> str:
        """All of it, by problem, part and mistake."""
        rows = list(self._rows())
        return render_template(
            "progress.html.j2",
            rows=rows,
            begun=any(row.standing.parts for row in rows),
            exams=[_past(exam) for exam in self._exams.all()],
            where=self._practice.store.path,
            meter=meter,
        )

    def _rows(self) -> Iterator[Row]:
        practice = self._practice
        due: dict[str, float] = {}
        for review in reviews(practice.store, practice.problems):
            due.setdefault(review.problem, review.due)
        for name, one in practice.mastery().items():
            yield Row(practice.problems[name], one, day(due[name]) if name in due else "")


def _past(exam: Exam) -> PastExam:
    problems = count_of(len(exam.attempts), "problem")
    told = f"{problems} in {clock(exam.finished - exam.started)}" if exam.finished else f"{problems}, still running"
    return PastExam(exam.id, day(exam.started), told)


def day(seconds: float) -> str:
    """The day of a time of the epoch, where the student is: ``24 November 2026``."""
    then = datetime.fromtimestamp(seconds).astimezone()
    return f"{then.day} {then:%B %Y}"
