"""Paper: an attempt or an exam as a PDF, and its key once it is finished."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response

from generator.errors import InputError
from generator.practice.attempts import Attempt
from generator.practice.engine import Practice
from generator.practice.exam import Exams
from generator.practice.printing import key_pdf, worksheet_pdf
from generator.practice.web.attempt_page import may_see_key
from generator.practice.web.loading import load_attempt, load_exam


class PrintViews:
    """The files to print, over one practice."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self._exams = Exams(practice)

    def blueprint(self) -> Blueprint:
        """The files at their addresses."""
        views = Blueprint("prints", __name__)
        views.add_url_rule("/attempts/<attempt_id>/<any(worksheet, key):what>.pdf", "attempt", self.attempt)
        views.add_url_rule("/exams/<exam_id>/<any(worksheet, key):what>.pdf", "exam", self.exam)
        return views

    def attempt(self, attempt_id: str, what: str) -> Response:
        """One attempt on paper."""
        attempt = load_attempt(self._practice, attempt_id)
        if attempt.exam is not None:
            is_over = self._exams.load(attempt.exam).is_over
        else:
            is_over = may_see_key(self._practice.state(attempt))
        return _printed([attempt], attempt.problem.title, attempt.problem.id, what, is_over=is_over)

    def exam(self, exam_id: str, what: str) -> Response:
        """A whole exam on paper."""
        exam = load_exam(self._exams, exam_id)
        return _printed(exam.attempts, "Exam", "exam", what, is_over=exam.is_over)


def _printed(attempts: Sequence[Attempt], title: str, name: str, what: str, *, is_over: bool) -> Response:
    if what == "key" and not is_over:
        raise InputError("the key is to be had when this is finished: see the solutions first")
    made = key_pdf(attempts, title) if what == "key" else worksheet_pdf(attempts, title)
    # To be kept, and not shown in the page's own place, where its policy would forbid the browser's viewer.
    headers = {"Content-Disposition": f'attachment; filename="{name}-{what}.pdf"'}
    return Response(made, content_type="application/pdf", headers=headers)
