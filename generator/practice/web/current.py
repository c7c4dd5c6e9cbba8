"""What a request is about: the application's practice, and the attempt or exam that the address names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, abort, current_app, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from generator.errors import InputError
from generator.errors.language import begin_sentence, phrase
from generator.practice.attempts import Attempt
from generator.practice.engine import Practice
from generator.practice.exam import Exam, Exams
from generator.practice.printing import key_pdf, worksheet_pdf
from generator.practice.store.records import NotFoundError

_NAME = "practice"


def set_practice(app: Flask, practice: Practice) -> None:
    """Give an application the practice that its views work on."""
    app.extensions[_NAME] = practice


def current_practice() -> Practice:
    """Return the application's practice."""
    practice: Practice = current_app.extensions[_NAME]
    return practice


def current_exams() -> Exams:
    """Return the exams of the application's practice."""
    return Exams(current_practice())


def find_attempt(attempt_id: str) -> Attempt:
    """Return the attempt; answer the request with 404 if there is none."""
    try:
        return current_practice().load(attempt_id)
    except NotFoundError:
        abort(404, begin_sentence(phrase("practice.no_such_attempt")) + ".")


def find_exam(exam_id: str) -> Exam:
    """Return the exam; answer the request with 404 if there is none."""
    try:
        return current_exams().load(exam_id)
    except NotFoundError:
        abort(404, begin_sentence(phrase("practice.no_such_exam")) + ".")


def see_other(endpoint: str, **arguments: Any) -> BaseResponse:
    """Answer a form with a redirect, so that reloading the page sends nothing again.

    The page's script gets the address as JSON: of a redirect that it follows it would not see the part to go to.
    """
    address = url_for(endpoint, **arguments)
    if request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json":
        return jsonify(location=address)
    return redirect(address, 303)


def pdf_response(attempts: Sequence[Attempt], title: str, name: str, what: str, *, is_finished: bool) -> Response:
    """Return the ``worksheet`` or the ``key`` of an attempt or exam as a PDF to save."""
    if what == "key" and not is_finished:
        raise InputError(phrase("practice.key_later"))
    pdf = key_pdf(attempts, title) if what == "key" else worksheet_pdf(attempts, title)
    # An attachment: shown in the page's place, the browser's viewer would fall under the page's own policy.
    headers = {"Content-Disposition": f'attachment; filename="{name}-{what}.pdf"'}
    return Response(pdf, content_type="application/pdf", headers=headers)
