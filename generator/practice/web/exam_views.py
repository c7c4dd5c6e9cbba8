"""Exams: start one, see what is left of it, hand it in, read the report, print it."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from generator.errors import InputError
from generator.errors.language import phrase
from generator.practice.exam_report import clock, exam_report
from generator.practice.web.current import current_exams, current_practice, find_exam, pdf_response, see_other

views = Blueprint("exams", __name__, url_prefix="/exams")


@views.post("")
def start() -> BaseResponse:
    """Start an exam of fresh variants, as long as is asked for, or the sheet that is practised."""
    form, exams = request.form, current_exams()
    if form.get("sheet") == "yes":
        exam = exams.start_sheet()
    else:
        exam = exams.start(
            count=_number("count"),
            minutes=_number("minutes"),
            points=_number("points"),
            problems=form.getlist("problem") or None,
            level=form.get("level", "standard"),
            by_part=form.get("by_part") == "yes",
            worst=form.get("worst") == "yes",
        )
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
    return pdf_response(exam.attempts, phrase("practice.exam"), "exam", what, is_finished=exam.is_over)


def _number(name: str) -> int | None:
    """Return a number of the form; None where it was left empty."""
    text = request.form.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise InputError(phrase("practice.whole_number", text=repr(text[:20])), field=name)
    return int(text)
