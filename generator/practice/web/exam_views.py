"""Exams: begin one, see what is left of it, hand it in, read the report."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from generator.errors import InputError
from generator.practice.engine import Practice
from generator.practice.exam import Exams
from generator.practice.exam_report import clock, report
from generator.practice.web.attempt_views import SEE_OTHER
from generator.practice.web.loading import load_exam


class ExamViews:
    """The views on exams, over one practice."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self._exams = Exams(practice)

    def blueprint(self) -> Blueprint:
        """The views at their addresses."""
        views = Blueprint("exams", __name__, url_prefix="/exams")
        views.add_url_rule("", "begin", self.begin, methods=["POST"])
        views.add_url_rule("/<exam_id>", "page", self.page)
        views.add_url_rule("/<exam_id>", "hand_in", self.hand_in, methods=["POST"])
        return views

    def begin(self) -> Response:
        """An exam of fresh variants; with the problems she is worst at more often, if she wants that."""
        form = request.form
        count, minutes = _number(form.get("count", ""), "count"), _number(form.get("minutes", ""), "minutes")
        begin = self._exams.start_on_worst if form.get("worst") == "yes" else self._exams.start
        exam = begin(count, minutes, problems=form.getlist("problem") or None, level=form.get("level", "standard"))
        return redirect(url_for("exams.page", exam_id=exam.id), SEE_OTHER)

    def page(self, exam_id: str) -> str:
        """Its problems and the time that is left; when it is over, the report."""
        exam = load_exam(self._exams, exam_id)
        if exam.is_over:
            assert exam.finished is not None
            found = report(exam, self._practice.store)
            return render_template(
                "report.html.j2",
                exam=exam,
                report=found,
                clock=clock,
                taken=clock(exam.finished - exam.started),
                limit=clock(exam.seconds),
            )
        states = [self._practice.state(attempt) for attempt in exam.attempts]
        return render_template("exam.html.j2", exam=exam, states=states, left=exam.left(self._exams.now(exam)))

    def hand_in(self, exam_id: str) -> Response:
        """End it."""
        exam = self._exams.hand_in(load_exam(self._exams, exam_id))
        return redirect(url_for("exams.page", exam_id=exam.id), SEE_OTHER)


def _number(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise InputError(f"expected a whole number; got {text[:20]!r}", field=name)
    return int(text)
