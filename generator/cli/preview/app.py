"""The application: a page for each tab, the documents that it frames, and the version by which the page renews itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from flask import Flask, Response, abort, jsonify, redirect, render_template, request, url_for
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from generator.cli.preview.build import CONTENT
from generator.cli.preview.pages import Page, Pages
from generator.cli.preview.pieces import TEMPLATES, page_renderer
from generator.cli.preview.request import CHOICES, Facts, Kind, Made, Request
from generator.paper.origin import ORIGINAL, Seed
from generator.practice.web.guards import guard, headers_with, policy

TABS: Mapping[str, Kind] = {
    "question": "documents",
    "key": "documents",
    "mistakes": "mistakes",
    "lint": "lint",
    "pdf": "pdf",
}
TITLES = {"question": "Question", "key": "Key", "mistakes": "Mistakes", "lint": "Lint", "pdf": "PDF"}

HEADERS = headers_with({"frame-src": "'self'", "object-src": "'self'"})

_FRAMED = {"X-Frame-Options": "SAMEORIGIN"}
_DOCUMENT = {
    **_FRAMED,
    "Content-Security-Policy": policy(
        {
            "default-src": "'none'",
            "style-src": "'unsafe-inline'",
            "img-src": "data:",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'self'",
            "sandbox": "allow-same-origin",
        }
    ),
}
"""Of a worksheet or key: as a file of its own, it has its style within, and no script."""
_PDF = {**_FRAMED, "Content-Security-Policy": policy({"default-src": "'none'", "frame-ancestors": "'self'"})}

_FILES = {"question": "worksheet.html", "key": "key.html"}


def create_app(pages: Pages, first: Request, hosts: Collection[str]) -> Flask:
    """Return the application for a target; ``first`` is what it shows when nothing has been chosen."""
    app = Flask(__name__, template_folder=str(TEMPLATES), static_folder=None)
    app.jinja_options = {
        "autoescape": True,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    app.jinja_env.globals["titles"] = TITLES
    guard(app, hosts, HEADERS)
    _add_text(app, "style", "/preview.css", "text/css", page_renderer().text("style.css.j2"))
    _add_text(app, "script", "/preview.js", "text/javascript", (TEMPLATES / "preview.js").read_text(encoding="utf-8"))

    @app.before_request
    def refuse_others() -> None:
        """A page of another site may not have files made here, though it could not read them."""
        if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            abort(403, "This page cannot be requested by another site.")

    @app.get("/")
    def home() -> BaseResponse:
        return redirect(address("question", first))

    @app.get("/version")
    def version() -> Response:
        return jsonify(version=pages.version())

    @app.get("/<any(question, key, mistakes, lint, pdf):tab>")
    def show(tab: str) -> str:
        asked = asked_in(request.args, TABS[tab])
        return _page(pages, tab, asked, is_last="last" in request.args, copy=request.args.get("copy", "worksheet"))

    @app.get("/document/<any(question, key):tab>")
    def document(tab: str) -> Response:
        text = _file(pages, asked_in(request.args, "documents"), _FILES[tab]).decode()
        if tab == "key":
            text = text.replace('<details class="solution">', '<details class="solution" open>')
        return Response(text, content_type="text/html; charset=utf-8", headers=_DOCUMENT)

    @app.get("/<any(worksheet, key):stem>.pdf")
    def pdf(stem: str) -> Response:
        content = _file(pages, asked_in(request.args, "pdf"), f"{stem}.pdf")
        return Response(content, content_type="application/pdf", headers=_PDF)

    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(500, _fault)
    return app


def _add_text(app: Flask, name: str, path: str, content_type: str, text: str) -> None:
    app.jinja_env.globals[f"{name}_version"] = blake2b(text.encode(), digest_size=6).hexdigest()

    def serve() -> Response:
        return Response(text, content_type=f"{content_type}; charset=utf-8")

    app.add_url_rule(path, name, serve)


def asked_in(arguments: Mapping[str, str], kind: Kind) -> Request:
    """Return what an address asks for; answer the request with 400 if it cannot be understood."""
    chosen = {name: arguments.get(name, "") for name in CHOICES}
    for name, value in chosen.items():
        if value not in ("", *CHOICES[name]):
            abort(400, f"{name}: expected {' or '.join(CHOICES[name])}.")
    return Request(kind, _seed(arguments.get("seed", "")), **chosen)


def _seed(text: str) -> Seed:
    if text == ORIGINAL:
        return ORIGINAL
    if text and not (text.isascii() and text.isdigit() and len(text) <= 18):
        abort(400, "A seed is a whole number from 0.")
    return int(text or "1")


def address(tab: str, asked: Request, **changed: Any) -> str:
    """Return the address of a tab, with the choices made and those that are ``changed``."""
    return url_for("show", tab=tab, **{**asked.chosen, **changed})


def _page(pages: Pages, tab: str, asked: Request, *, is_last: bool, copy: str) -> str:
    page = pages.page(asked)
    result = page.result
    last = None if isinstance(result, Made) else pages.last_good(asked.kind)
    shown = page if isinstance(result, Made) else last if is_last else None
    return render_template(
        "page.html.j2",
        tab=tab,
        asked=asked,
        version=page.version,
        facts=pages.facts,
        name=pages.target.name,
        failure=None if isinstance(result, Made) else result,
        last=last,
        shown=shown,
        made=shown.result if shown else None,
        content=_content(shown),
        frame=_frame(tab, shown, copy),
        copy=copy if copy == "key" else "worksheet",
        address=address,
        switches=_switches(tab, asked, pages.facts),
        neighbours=_neighbours(asked),
        original=ORIGINAL,
    )


def _content(shown: Page | None) -> str:
    files = shown.result.files if shown is not None and isinstance(shown.result, Made) else {}
    return files.get(CONTENT, b"").decode()


def _frame(tab: str, shown: Page | None, copy: str) -> str:
    """Return the address of the document that the page frames, if there is one: of the version that is shown."""
    if shown is None or tab not in (*_FILES, "pdf"):
        return ""
    named: dict[str, Any] = {**shown.request.chosen, "version": shown.version}
    if tab == "pdf":
        return url_for("pdf", stem="key" if copy == "key" else "worksheet", **named)
    return url_for("document", tab=tab, **named)


@dataclass(frozen=True)
class Switch:
    """A choice on the page: its options are values and names; one that the tab does not show keeps its value."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...]
    is_shown: bool


_LABELS = {"level": "Level", "guided": "Guided", "extended": "Follow-ups", "layout": "Layout", "paper": "Paper"}
_OF_A_PROBLEM = {"level": "standard", "guided": "no", "extended": "yes", "layout": "worksheet", "paper": "letter"}
"""What is shown of a problem that stands on no sheet, where nothing is chosen."""

_TABS_WITH = {"layout": ("question", "key", "pdf"), "paper": ("pdf",)}


def _switches(tab: str, asked: Request, facts: Facts | None) -> list[Switch]:
    """Return what can be chosen; the first option of each leaves it to the sheet."""
    found = []
    for name, values in CHOICES.items():
        usual = "as set" if facts is None or facts.is_sheet else _OF_A_PROBLEM[name]
        known = facts.levels if name == "level" and facts is not None else values
        options = [("", usual), *((value, value) for value in known if value != usual)]
        is_shown = tab in _TABS_WITH.get(name, tuple(TABS))
        found.append(Switch(name, _LABELS[name], asked.chosen.get(name, ""), tuple(options), is_shown))
    return found


def _neighbours(asked: Request) -> tuple[int, int]:
    """Return the seeds before and after; beside the printed numbers is the first one."""
    seed = 0 if asked.seed == ORIGINAL else int(asked.seed)
    return max(seed - 1, 0), seed + 1


def _file(pages: Pages, asked: Request, name: str) -> bytes:
    """Return a file of the version that the address names; if that is not kept, of the present one."""
    page = pages.kept(request.args.get("version", ""), asked) or pages.page(asked)
    if not isinstance(page.result, Made):
        abort(409, page.result.message)
    return page.result.files[name]


def _http_error(error: HTTPException) -> Any:
    code = error.code or 500
    if code < 400:
        return error  # a redirect
    return render_template("error.html.j2", title=error.name, message=error.description or error.name), code


def _fault(_: Exception) -> tuple[str, int]:
    message = "This is an error in the program, not in your file."
    return render_template("error.html.j2", title="Something went wrong", message=message), 500
