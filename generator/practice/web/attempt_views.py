"""Attempts: begin one, see it, act on one of its parts, print it.

Every action is sent by the one form of the page and answered by a redirect to the part it was about, so that to reload or to
go back repeats nothing.  The form holds what is typed for all parts, so that nothing is lost by acting on one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from generator.errors import InputError
from generator.practice.attempts import Attempt
from generator.practice.engine import Practice
from generator.practice.web.attempt_page import attempt_page
from generator.practice.web.drafts import Drafts
from generator.practice.web.fields import (
    kept,
    own_marks_of,
    reasons_of,
    switched_to_grid,
    switched_to_text,
)
from generator.practice.web.part_page import PartPage

SEE_OTHER = 303


class AttemptViews:
    """The views on attempts, over one practice."""

    def __init__(self, practice: Practice, drafts: Drafts) -> None:
        self._practice = practice
        self._drafts = drafts
        self._actions: Mapping[str, Callable[[PartPage, str], str]] = {
            "check": self._check,
            "preview": lambda part, _: f"preview-{part.id}",
            "shape": lambda part, _: f"answer-{part.id}",
            "text": self._as_text,
            "grid": self._as_grid,
            "hint": self._hint,
            "solution": self._solution,
            "self": self._self_mark,
        }

    def blueprint(self) -> Blueprint:
        """The views at their addresses."""
        views = Blueprint("attempts", __name__, url_prefix="/attempts")
        views.add_url_rule("", "begin", self.begin, methods=["POST"])
        views.add_url_rule("/<attempt_id>", "page", self.page)
        views.add_url_rule("/<attempt_id>", "act", self.act, methods=["POST"])
        views.add_url_rule("/<attempt_id>/next", "again", self.again, methods=["POST"])
        views.add_url_rule("/<attempt_id>/parts/<part_id>/<piece>", "piece", self.piece, methods=["POST"])
        return views

    # --------------------------------------------------------------------------------------------- attempts

    def begin(self) -> Response:
        """A fresh variant of the chosen problem."""
        form = request.form
        attempt = self._practice.start(
            form.get("problem", ""), form.get("level", "standard"), guided=form.get("guided") == "yes"
        )
        return _to(attempt)

    def again(self, attempt_id: str) -> Response:
        """Another variant of the same problem, asked the same way."""
        before = self._load(attempt_id)
        return _to(self._practice.start(before.problem.id, before.level, guided=before.guided))

    def page(self, attempt_id: str) -> str:
        """The attempt, as it stands."""
        attempt = self._load(attempt_id)
        page = attempt_page(self._practice, attempt, self._drafts, request.args.get("unanswered", ""))
        return render_template("attempt.html.j2", page=page)

    # -------------------------------------------------------------------------------------------- one part

    def act(self, attempt_id: str) -> Response:
        """Do what the pressed button says to the part that it stands in."""
        attempt = self._load(attempt_id)
        self._keep_drafts(attempt)
        verb, part_id, detail = (*request.form.get("do", "").split(":"), "", "")[:3]
        if verb == "save":
            return _to(attempt)
        if verb not in self._actions or part_id not in attempt.parts:
            raise InputError("this page has no such button; load it anew", field="do")
        part = attempt_page(self._practice, attempt, self._drafts).parts[part_id]
        anchor = self._actions[verb](part, detail)
        unanswered = {"unanswered": part_id} if verb == "check" and not part.typed.text else {}
        return _to(attempt, anchor, **unanswered)

    def piece(self, attempt_id: str, part_id: str, piece: str) -> str:
        """A piece of a part's page for the script: how the fields are read, or a grid of the shape they say."""
        attempt = self._load(attempt_id)
        if part_id not in attempt.parts or piece not in ("preview", "grid"):
            abort(404)
        self._keep_drafts(attempt)
        part = attempt_page(self._practice, attempt, self._drafts).parts[part_id]
        return render_template(f"{piece}.html.j2", part=part)

    def _check(self, part: PartPage, _: str) -> str:
        if not part.typed.text or part.typed.missing:
            return f"preview-{part.id}"
        if any(field.preview.complaints for field in part.working):
            return f"working-{part.id}"
        self._practice.check(
            part.attempt, part.id, part.typed.text, part.given_working, reasons_of(part.draft, part.count)
        )
        return f"result-{part.id}"

    def _as_text(self, part: PartPage, _: str) -> str:
        return self._replace(part, switched_to_text(part.kind, part.draft))

    def _as_grid(self, part: PartPage, _: str) -> str:
        return self._replace(part, switched_to_grid(part.draft))

    def _replace(self, part: PartPage, draft: Mapping[str, str]) -> str:
        if part.kind not in ("vector", "matrix"):
            raise InputError("only vectors and matrices are typed in either way", field="do")
        self._drafts.keep(part.attempt.id, {part.id: draft})
        return f"answer-{part.id}"

    def _hint(self, part: PartPage, number: str) -> str:
        if number in ("", str(part.state.hints_shown + 1)):
            return f"hint-{part.id}-{self._practice.hint(part.attempt, part.id).number}"
        return f"hint-{part.id}-{part.state.hints_shown}"  # sent twice, or from a page that was out of date

    def _solution(self, part: PartPage, _: str) -> str:
        self._practice.solution(part.attempt, part.id)
        return f"solution-{part.id}"

    def _self_mark(self, part: PartPage, _: str) -> str:
        points = own_marks_of(part.draft, len(part.asked.criteria))
        self._practice.self_mark(part.attempt, part.id, points)
        return f"mine-{part.id}"

    # --------------------------------------------------------------------------------------------- helpers

    def _load(self, attempt_id: str) -> Attempt:
        try:
            return self._practice.load(attempt_id)
        except InputError as error:
            if error.field == "attempt":
                abort(404, "There is no such attempt; it may have been deleted.")
            raise

    def _keep_drafts(self, attempt: Attempt) -> None:
        names = {name.partition("/")[0] for name in request.form}
        self._drafts.keep(attempt.id, {one: kept(request.form, one) for one in attempt.parts if one in names})


def _to(attempt: Attempt, anchor: str | None = None, **arguments: Any) -> Response:
    where = url_for("attempts.page", attempt_id=attempt.id, _anchor=anchor, **arguments)
    return redirect(where, SEE_OTHER)
