"""The application: what it is put together from, its files, and the pages of its errors."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import Flask, Response, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

from generator.errors import EngineError, InputError, WorksheetError
from generator.practice.engine import Practice
from generator.practice.store import StoreError
from generator.practice.web import pictures
from generator.practice.web.attempt_views import AttemptViews
from generator.practice.web.drafts import Drafts
from generator.practice.web.exam_views import ExamViews
from generator.practice.web.home_views import HomeViews
from generator.practice.web.print_views import PrintViews
from generator.practice.web.progress_views import ProgressViews
from generator.practice.web.security import LARGEST_REQUEST, protect

FOR_EVER = "private, max-age=31536000, immutable"


def create_app(practice: Practice, *, key: bytes, hosts: Collection[str] = ("localhost",)) -> Flask:
    """The application over a student's practice.

    ``key`` signs its cookies; ``hosts`` are the names (and ports) under which it may be asked for.
    """
    app = Flask(__name__, template_folder=pictures.templates(), static_folder=None)
    app.jinja_options = {
        "autoescape": True,  # Flask would look at the end of the name, which is .j2
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    protect(app, key, hosts)
    pictures.equip(app.jinja_env)
    drafts = Drafts(practice.store, practice.now)
    app.register_blueprint(HomeViews(practice, drafts).blueprint())
    app.register_blueprint(AttemptViews(practice, drafts).blueprint())
    app.register_blueprint(ExamViews(practice).blueprint())
    app.register_blueprint(PrintViews(practice).blueprint())
    app.register_blueprint(ProgressViews(practice).blueprint())
    _add_files(app)
    _add_errors(app)
    return app


def _add_files(app: Flask) -> None:
    def served(text: str, kind: str) -> Response:
        return Response(text, content_type=f"{kind}; charset=utf-8", headers={"Cache-Control": FOR_EVER})

    @app.get("/practice.css")
    def style() -> Response:
        return served(pictures.style(), "text/css")

    @app.get("/practice.js")
    def script() -> Response:
        return served(pictures.script(), "text/javascript")


# ---------------------------------------------------------------------------------------------- errors


def _add_errors(app: Flask) -> None:
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(CSRFError, _of_token)
    app.register_error_handler(WorksheetError, _of_ours)
    app.register_error_handler(500, _of_fault)


def _page(code: int, title: str, message: str) -> tuple[str, int]:
    return render_template("error.html.j2", title=title, message=message, back=_back(code)), code


def _back(code: int) -> str | None:
    """The address of the attempt or exam that the request was about; None where it was about none, or that is what failed."""
    name = (request.view_args or {}) if code != 404 and request.method == "POST" else {}
    for endpoint, argument in (("attempts.page", "attempt_id"), ("exams.page", "exam_id")):
        if argument in name:
            return url_for(endpoint, **{argument: name[argument]})
    return None


_TITLES = {
    400: "That could not be understood",
    404: "There is no such page",
    405: "That cannot be done here",
    413: "That is too much at once",
}


def _of_http(error: HTTPException) -> Any:
    code = error.code or 500
    if code < 400:
        return error  # a redirect
    message = error.description or error.name
    if code == 413:
        message = f"A form may hold {LARGEST_REQUEST // 1024} kB; what you sent is longer. Go back and shorten it."
    return _page(code, _TITLES.get(code, error.name), message)


def _of_token(_: CSRFError) -> tuple[str, int]:
    return _page(
        400,
        "This form is out of date",
        "It was not sent by a page of this server, or by one that your browser no longer has the cookie of. Go back, load the "
        "page anew and send it again; nothing was changed.",
    )


def _of_ours(error: WorksheetError) -> tuple[str, int]:
    if isinstance(error, InputError):
        return _page(400, _TITLES[400], str(error))
    if isinstance(error, StoreError):
        return _page(503, "Your progress cannot be kept", str(error))
    return _page(500, "No PDF could be made" if isinstance(error, EngineError) else "Something went wrong", str(error))


def _of_fault(_: Exception) -> tuple[str, int]:
    return _page(500, "Something went wrong", "This is a fault of the program; nothing was changed by what you sent.")
