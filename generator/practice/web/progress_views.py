"""Progress: what is mastered, which mistakes are made, exams; to take it away as a file, and to delete it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from generator.errors import InputError
from generator.paper.json_text import to_json
from generator.practice import progress_file
from generator.practice.engine import Practice
from generator.practice.exam import Exams, Outline
from generator.practice.exam_report import clock
from generator.practice.mastery import ProblemMastery
from generator.practice.reviews import reviews
from generator.practice.web.attempt_views import SEE_OTHER
from generator.practice.web.charts import meter
from generator.problem.problem import Problem
from generator.render.renderer import count_of


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
        views.add_url_rule("/progress.json", "export", self.export)
        views.add_url_rule("/delete", "delete", self.delete, methods=["POST"])
        return views

    def page(self) -> str:
        """All of it, by problem, part and mistake."""
        rows = list(self._rows())
        return render_template(
            "progress.html.j2",
            rows=rows,
            begun=any(row.standing.parts for row in rows),
            exams=[_past(exam) for exam in self._exams.outlines()],
            where=self._practice.store.path,
            meter=meter,
        )

    def export(self) -> Response:
        """All that is stored, as a JSON file."""
        text = to_json(progress_file.export(self._practice.store))
        headers = {"Content-Disposition": 'attachment; filename="practice-progress.json"'}
        return Response(text, content_type="application/json", headers=headers)

    def delete(self) -> BaseResponse:
        """Delete all that is stored, if she has ticked that she means it."""
        if request.form.get("sure") != "yes":
            raise InputError("nothing was deleted: tick that you are sure, and press the button again")
        progress_file.delete(self._practice.store)
        self._practice.forget()
        return redirect(url_for("progress.page", _anchor="data"), SEE_OTHER)

    def _rows(self) -> Iterator[Row]:
        practice = self._practice
        due: dict[str, float] = {}
        for review in reviews(practice.store, practice.problems):
            due.setdefault(review.problem, review.due)
        for name, one in practice.mastery().items():
            yield Row(practice.problems[name], one, day(due[name]) if name in due else "")


def _past(exam: Outline) -> PastExam:
    problems = count_of(exam.problems, "problem")
    told = f"{problems} in {clock(exam.finished - exam.started)}" if exam.finished else f"{problems}, not handed in"
    return PastExam(exam.id, day(exam.started), told)


def day(seconds: float) -> str:
    """The day of a time of the epoch, where the student is: ``24 November 2026``."""
    then = datetime.fromtimestamp(seconds).astimezone()
    return f"{then.day} {then:%B %Y}"
