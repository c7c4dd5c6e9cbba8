"""Exams: start one, see what is left of it, hand it in, read the report, print it."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from generator.errors import InputError, expected
from generator.practice.exam_report import clock, exam_report
from generator.practice.web.current import current_exams, current_practice, find_exam, pdf_response, see_other

views = Blueprint("exams", __name__, url_prefix="/exams")


@views.post("")
def start() -> BaseResponse:
    """Start an exam of fresh variants; with more of the weakest problems, if asked for."""
    form, exams = request.form, current_exams()
    count, minutes = _number("count"), _number("minutes")
    begin = exams.start_on_worst if form.get("worst") == "yes" else exams.start
    exam = begin(count, minutes, problems=form.getlist("problem") or None, level=form.get("level", "standard"))
    return see_other("exams.page", exam_id=exam.id)


@views.get("/<exam_id>")
def page(exam_id: str) -> str:
    """Show its problems and the time that is left; when it is over, the report."""
    exam, practice = find_exam(exam_id), current_practice()
    if exam.finished is not None:
        return render_template(
            "report.html.j2",
            exam=exam,
            report=exam_report(exam, practice.store),
            clock=clock,
            spent=clock(exam.finished - exam.started),
            limit=clock(exam.seconds),
        )
    states = [practice.state(attempt) for attempt in exam.attempts]
    return render_template("exam.html.j2", exam=exam, states=states, left=exam.left(current_exams().now(exam)))


@views.post("/<exam_id>")
def hand_in(exam_id: str) -> BaseResponse:
    """End it."""
    exam = current_exams().hand_in(find_exam(exam_id))
    return see_other("exams.page", exam_id=exam.id)


@views.get("/<exam_id>/<any(worksheet, key):what>.pdf")
def pdf(exam_id: str, what: str) -> Response:
    """Return the whole exam on paper."""
    exam = find_exam(exam_id)
    return pdf_response(exam.attempts, "Exam", "exam", what, is_finished=exam.is_over)


def _number(name: str) -> int:
    text = request.form.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise InputError(expected("a whole number", f"{text[:20]!r}"), field=name)
    return int(text)
