"""The application: its views, its files, its protection against other sites, and its error pages."""

from __future__ import annotations

from collections.abc import Callable, Collection
from hashlib import blake2b
from typing import Any

from flask import Flask, Response, abort, render_template, request, session, url_for
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

from generator.errors import EngineError, InputError, WorksheetError
from generator.errors.language import phrase, using
from generator.practice.engine import Practice
from generator.practice.store.schema import StoreError
from generator.practice.web import attempt_views, exam_views, overview_views, rendering
from generator.practice.web.current import set_practice

MAX_REQUEST = 256 * 1024
"""Bytes of a form: room for every field of the largest part, as long as the reader allows, and the essays with it."""

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}

HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Sent with every response."""

_YEAR = 365 * 24 * 3600


def create_app(practice: Practice, *, key: bytes, hosts: Collection[str] = ("localhost",)) -> Flask:
    """Return the application for a student's practice.

    ``key`` signs its cookies; ``hosts`` are the names (and ports) under which it may be requested.
    """
    app = Flask(__name__, template_folder=str(rendering.TEMPLATES), static_folder=None)
    app.jinja_options = {
        "autoescape": True,  # Flask would decide by the end of the template's name, which is .j2
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    rendering.add_rendering(app.jinja_env)
    set_practice(app, practice)
    _protect(app, key, hosts)
    for views in (overview_views.home, attempt_views.views, exam_views.views, overview_views.progress):
        app.register_blueprint(views)
    _add_file(app, "style", "/practice.css", "text/css", rendering.stylesheet())
    with using(practice.language):
        _add_file(app, "script", "/practice.js", "text/javascript", rendering.script())
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(WorksheetError, _worksheet_error)
    app.register_error_handler(500, _fault)
    app.wsgi_app = _in_language(app.wsgi_app, practice.language)  # type: ignore[method-assign]
    return app


def _in_language(serve: Callable[..., Any], language: str) -> Callable[..., Any]:
    """Return the application with every request answered in a language."""

    def in_language(environ: Any, start_response: Any) -> Any:
        with using(language):
            return serve(environ, start_response)

    return in_language


def _add_file(app: Flask, name: str, path: str, content_type: str, text: str) -> None:
    """Serve a text; templates put its version into the address, so that browsers may keep it."""
    app.jinja_env.globals[f"{name}_version"] = blake2b(text.encode(), digest_size=6).hexdigest()
    headers = {"Cache-Control": f"private, max-age={_YEAR}, immutable"}

    def serve() -> Response:
        return Response(text, content_type=f"{content_type}; charset=utf-8", headers=headers)

    app.add_url_rule(path, name, serve)


def _protect(app: Flask, secret_key: bytes, hosts: Collection[str]) -> None:
    """Refuse what does not come from the page itself, and tell the browser to do the same.

    A page elsewhere whose name was made to point here sends its own name as the host.  Every form that changes something
    carries a token, which has to match the cookie signed with ``secret_key``.
    """
    app.config.update(
        SECRET_KEY=secret_key,
        SESSION_COOKIE_NAME=f"practice-{blake2b(secret_key, digest_size=4).hexdigest()}",  # cookies ignore ports
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        PERMANENT_SESSION_LIFETIME=_YEAR,
        MAX_CONTENT_LENGTH=MAX_REQUEST,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST,
        WTF_CSRF_TIME_LIMIT=None,  # a page left open overnight can still be sent
    )

    @app.before_request
    def check_host() -> None:
        if request.host not in hosts:
            abort(400, phrase("practice.other_address"))
        session.permanent = True  # so that a form can be sent after the browser was closed and restored

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        response.headers.setdefault("Cache-Control", "no-store")  # going back shows the present state, not the past
        return response

    CSRFProtect(app)  # after the check of the host


# ---------------------------------------------------------------------------------------------- errors

_TITLES = {
    400: "practice.not_understood",
    404: "practice.no_such_page",
    405: "practice.cannot_be_done",
    413: "practice.too_much",
}


def _title(code: int) -> str:
    return phrase(_TITLES.get(code, "practice.went_wrong"))


def _error_page(code: int, title: str, message: str) -> tuple[str, int]:
    return render_template("error.html.j2", title=title, message=message, back=_back(code)), code


def _back(code: int) -> str | None:
    """Return the address of the attempt or exam that a form was about; None if it was about none, or that is missing."""
    arguments = (request.view_args or {}) if code != 404 and request.method == "POST" else {}
    for endpoint, name in (("attempts.page", "attempt_id"), ("exams.page", "exam_id")):
        if name in arguments:
            return url_for(endpoint, **{name: arguments[name]})
    return None


def _http_error(error: HTTPException) -> Any:
    code = error.code or 500
    if code < 400:
        return error  # a redirect
    message = error.description or error.name
    if code == 413:
        message = phrase("practice.form_too_long", size=f"{MAX_REQUEST // 1024} kB")
    elif message == getattr(type(error), "description", None):
        message = phrase("practice.no_such_page_here") if code == 404 else phrase("practice.nothing_changed")
    return _error_page(code, _title(code), message)


def _csrf_error(_: CSRFError) -> tuple[str, int]:
    return _error_page(
        400,
        phrase("practice.form_out_of_date"),
        phrase("practice.form_out_of_date_why"),
    )


def _worksheet_error(error: WorksheetError) -> tuple[str, int]:
    if isinstance(error, InputError):
        return _error_page(400, _title(400), str(error).removeprefix(f"{error.field}: "))
    if isinstance(error, StoreError):
        return _error_page(503, phrase("practice.progress_not_saved"), str(error))
    title = phrase("practice.no_pdf") if isinstance(error, EngineError) else phrase("practice.went_wrong")
    return _error_page(500, title, str(error))


def _fault(_: Exception) -> tuple[str, int]:
    return _error_page(500, phrase("practice.went_wrong"), phrase("practice.fault"))
