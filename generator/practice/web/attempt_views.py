"""Attempts: begin one, see it, act on one of its parts, print it.

Every action is sent by the one form of the page and answered by a redirect to the part it was about, so that to reload or to
go back repeats nothing.  What the form holds of each part is kept before anything else is done, so that nothing is lost by
acting on one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from generator.errors import InputError
from generator.practice.attempts import Attempt
from generator.practice.engine import Practice
from generator.practice.exam import Exam, Exams, OverError
from generator.practice.web.attempt_page import AttemptPage, attempt_page
from generator.practice.web.drafts import Drafts
from generator.practice.web.fields import kept, own_marks_of, switched_to_grid, switched_to_text
from generator.practice.web.loading import load_attempt
from generator.practice.web.part_page import PartPage

SEE_OTHER = 303

PIECES = ("preview", "grid", "taken")
"""What the script asks for of a part, each a template."""


class AttemptViews:
    """The views on attempts, over one practice."""

    def __init__(self, practice: Practice, drafts: Drafts) -> None:
        self._practice = practice
        self._drafts = drafts
        self._exams = Exams(practice)
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
        views.add_url_rule("/<attempt_id>/finish", "finish", self.finish, methods=["POST"])
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
        """Another variant of the same problem, asked the same way; this attempt is over then."""
        before = load_attempt(self._practice, attempt_id)
        if before.exam is None:
            self._practice.finish(before)
        return _to(self._practice.start(before.problem.id, before.level, guided=before.guided))

    def finish(self, attempt_id: str) -> Response:
        """End the attempt and show all of its solutions; the next review is put on the calendar."""
        attempt = load_attempt(self._practice, attempt_id)
        if attempt.exam is None:
            self._practice.finish(attempt)
            for part_id in attempt.parts:
                self._practice.solution(attempt, part_id)
        return _to(attempt, "main")

    def page(self, attempt_id: str) -> str:
        """The attempt, as it stands."""
        page = self._page(load_attempt(self._practice, attempt_id), request.args.get("unanswered", ""))
        left = page.exam.left(self._exams.now(page.exam)) if page.exam is not None else 0.0
        return render_template("attempt.html.j2", page=page, left=left)

    # -------------------------------------------------------------------------------------------- one part

    def act(self, attempt_id: str) -> Response:
        """Do what the pressed button says to the part that it stands in."""
        attempt = load_attempt(self._practice, attempt_id)
        self._keep_drafts(attempt)
        verb, part_id, detail = (*request.form.get("do", "").split(":"), "", "")[:3]
        page = self._page(attempt)
        if page.exam is not None and verb in ("check", "save", "go", "exam"):
            return self._act_in_exam(page, page.exam, verb, part_id)
        if verb == "save":
            return _to(attempt)
        if verb not in self._actions or part_id not in attempt.parts:
            raise InputError("this page has no such button; load it anew", field="do")
        part = page.parts[part_id]
        anchor = self._actions[verb](part, detail)
        unanswered = {"unanswered": part_id} if verb == "check" and not part.typed.text else {}
        return _to(attempt, anchor, **unanswered)

    def piece(self, attempt_id: str, part_id: str, piece: str) -> str:
        """A piece of a part's page for the script: one of :data:`PIECES`."""
        attempt = load_attempt(self._practice, attempt_id)
        if part_id not in attempt.parts or piece not in PIECES:
            abort(404)
        self._keep_drafts(attempt)
        return render_template(f"{piece}.html.j2", part=self._page(attempt).parts[part_id])

    def _act_in_exam(self, page: AttemptPage, exam: Exam, verb: str, name: str) -> Response:
        """Take what is typed, and go where the button says: to a part, to another problem or to the exam itself."""
        too_late = redirect(url_for("exams.page", exam_id=exam.id, late="yes"), SEE_OTHER)
        if exam.is_over:
            return too_late
        try:
            self._take(page, exam)
        except OverError:
            return too_late
        if verb == "go":
            return _to(exam.attempt(name))
        if verb == "exam":
            return redirect(url_for("exams.page", exam_id=exam.id), SEE_OTHER)
        return _to(page.attempt, f"result-{name}" if name in page.parts else None)

    def _take(self, page: AttemptPage, exam: Exam) -> None:
        """Hand in, of an exam's problem, every part that is filled in and was changed."""
        for part in page.parts.values():
            if part.typed.text and not part.typed.missing and not part.is_taken:
                self._exams.answer(exam, page.attempt, part.id, part.typed.text, part.reasons, part.given_working)
                self._keep_on(part)

    def _check(self, part: PartPage, _: str) -> str:
        if not part.typed.text or part.typed.missing:
            return f"preview-{part.id}"
        if any(field.preview.complaints for field in part.working):
            return f"working-{part.id}"
        self._practice.check(part.attempt, part.id, part.typed.text, part.given_working, part.reasons)
        self._keep_on(part)
        if part.kind == "essay":  # handed in, it is marked by the rubric, which stands below it at once
            self._practice.solution(part.attempt, part.id)
            return f"mine-{part.id}"
        return f"result-{part.id}"

    def _keep_on(self, part: PartPage) -> None:
        """Go on showing the fields as they were filled in, now that what stands in them was answered."""
        if part.sent is not None:
            self._drafts.keep(part.attempt.id, {part.id: part.sent})

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
        points = own_marks_of(kept(request.form, part.id), len(part.asked.criteria))
        self._practice.self_mark(part.attempt, part.id, points)
        return f"mine-{part.id}"

    # --------------------------------------------------------------------------------------------- helpers

    def _page(self, attempt: Attempt, unanswered: str = "") -> AttemptPage:
        exam = self._exams.load(attempt.exam) if attempt.exam is not None else None
        return attempt_page(self._practice, attempt, self._drafts, exam, unanswered)

    def _keep_drafts(self, attempt: Attempt) -> None:
        names = {name.partition("/")[0] for name in request.form}
        self._drafts.keep(attempt.id, {one: kept(request.form, one) for one in attempt.parts if one in names})


def _to(attempt: Attempt, anchor: str | None = None, **arguments: Any) -> Response:
    where = url_for("attempts.page", attempt_id=attempt.id, _anchor=anchor, **arguments)
    return redirect(where, SEE_OTHER)
