"""Attempts: start one, see it, act on one of its parts, print it.

The page of an attempt is one form.  Every action is answered by the address of the part it was about, as a redirect or, for the
script, as JSON, so that reloading or going back repeats nothing.  The fields of every part are saved before anything else is
done, so that acting on one loses none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, abort, jsonify, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from generator.errors import InputError
from generator.errors.language import phrase
from generator.paper.sheet import Entry
from generator.practice.attempts import Attempt
from generator.practice.exam import Exam
from generator.practice.store.records import ExamOverError, save_drafts
from generator.practice.web.current import (
    current_exams,
    current_practice,
    find_attempt,
    pdf_response,
    see_other,
)
from generator.practice.web.fields import (
    Draft,
    draft_in_form,
    field_name,
    self_marks_in,
    switched_to_grid,
    switched_to_text,
)
from generator.practice.web.pages import AttemptPage, PartPage, attempt_page
from generator.practice.web.pasting import place_in, read_pasted

views = Blueprint("attempts", __name__, url_prefix="/attempts")


@views.post("")
def start() -> BaseResponse:
    """Start an attempt at a fresh variant: of a problem or some parts of it, an entry of the sheet, the weakest, what is due."""
    form, practice = request.form, current_practice()
    if "entry" in form:
        return _to(practice.start_entry(_entry(form["entry"])))
    problem, level = form.get("problem", ""), form.get("level", "standard")
    match form.get("what", ""):
        case "worst":
            return _to(practice.start_worst(level))
        case "due":
            return _to(practice.start_review(problem, level))
    parts = [part for part in form.getlist("part") if part]
    return _to(practice.start(problem, level, guided=form.get("guided") == "yes", only=parts))


def _entry(place: str) -> Entry:
    """Return an entry of the sheet that is practised, by its place from 1."""
    sheet = current_practice().sheet
    entries = {str(number): entry for number, entry in enumerate(sheet.entries if sheet else (), start=1)}
    if place not in entries:
        raise InputError(phrase("practice.not_on_sheet"), field="entry")
    return entries[place]


@views.post("/<attempt_id>/next")
def start_another(attempt_id: str) -> BaseResponse:
    """Start another variant of the same problem; this attempt is finished then."""
    practice, attempt = current_practice(), find_attempt(attempt_id)
    if attempt.exam is None:
        practice.finish(attempt)
    return _to(practice.start_entry(attempt.entry))


@views.post("/<attempt_id>/finish")
def finish(attempt_id: str) -> BaseResponse:
    """Finish the attempt and show all of its solutions."""
    practice, attempt = current_practice(), find_attempt(attempt_id)
    if attempt.exam is None:
        practice.finish(attempt)
        for part_id in attempt.parts:
            practice.solution(attempt, part_id)
    return _to(attempt, "main")


@views.get("/<attempt_id>")
def page(attempt_id: str) -> str:
    """Show the attempt."""
    page = _page(find_attempt(attempt_id), request.args.get("unanswered", ""))
    left = page.exam.left(current_exams().now(page.exam)) if page.exam is not None else 0.0
    return render_template("attempt.html.j2", page=page, left=left)


@views.get("/<attempt_id>/<any(worksheet, key):what>.pdf")
def pdf(attempt_id: str, what: str) -> Response:
    """Return the attempt on paper."""
    attempt = find_attempt(attempt_id)
    if attempt.exam is not None:
        is_finished = current_exams().load(attempt.exam).is_over
    else:
        is_finished = current_practice().state(attempt).may_see_key
    return pdf_response([attempt], attempt.problem.heading, attempt.problem.id, what, is_finished=is_finished)


@views.post("/<attempt_id>/parts/<part_id>/<any(preview, grid, saved):piece>")
def piece(attempt_id: str, part_id: str, piece: str) -> str:
    """Save the form's fields and return a piece of a part's page, for the script."""
    attempt = find_attempt(attempt_id)
    if part_id not in attempt.parts:
        abort(404)
    _save_fields(attempt)
    return render_template(f"{piece}.html.j2", part=_page(attempt).parts[part_id])


@views.post("/<attempt_id>/parts/<part_id>/pasted")
def paste(attempt_id: str, part_id: str) -> Response:
    """Read what is pasted into a field of a grid, and return what to put into which field, for the script."""
    attempt = find_attempt(attempt_id)
    if part_id not in attempt.parts:
        abort(404)
    _save_fields(attempt)
    part = _page(attempt).parts[part_id]
    if part.grid is None or part.as_text:
        raise InputError(phrase("practice.no_grid"), field="pasted")
    row, column = (place_in(request.form.get(name, "")) for name in ("row", "column"))
    pasted = read_pasted(request.form.get("pasted", ""), part.kind, part.grid, (row, column))
    cells = {f"{part_id}/{field_name(*place)}": text for place, text in pasted.cells.items()}
    return jsonify(cells=cells, message=pasted.message)


@views.post("/<attempt_id>")
def act(attempt_id: str) -> BaseResponse:
    """Do what the pressed button says: its value is ``action:part`` or ``action:part:detail``."""
    attempt = find_attempt(attempt_id)
    _save_fields(attempt)
    action, part_id, detail = (*request.form.get("do", "").split(":"), "", "")[:3]
    page = _page(attempt)
    if page.exam is not None and action in ("check", "save", "go", "exam"):
        return _act_in_exam(page, page.exam, action, part_id)
    if action == "save":
        return _to(attempt)
    if action not in _ACTIONS or part_id not in attempt.parts:
        raise InputError(phrase("practice.no_such_button"), field="do")
    part = page.parts[part_id]
    anchor = _ACTIONS[action](part, detail)
    return _to(attempt, anchor, unanswered=part_id if action == "check" and not part.answer.text else None)


# ------------------------------------------------------------------------------------------- the actions


def _act_in_exam(page: AttemptPage, exam: Exam, action: str, target: str) -> BaseResponse:
    """Save the answers, and go where the button says: to a part, to another problem or to the exam's page."""
    if exam.is_over:
        return see_other("exams.page", exam_id=exam.id, late="yes")
    try:
        for part in page.parts.values():
            if part.answer.text and not part.is_saved:
                current_exams().answer(
                    exam, part.attempt, part.id, part.answer.text, part.reasons, part.readable_working
                )
                _keep_fields(part)
    except ExamOverError:
        return see_other("exams.page", exam_id=exam.id, late="yes")
    if action == "go":
        return _to(exam.attempt(target))
    if action == "exam":
        return see_other("exams.page", exam_id=exam.id)
    return _to(page.attempt, f"result-{target}" if target in page.parts else None)


def _check(part: PartPage, _: str) -> str:
    if not part.answer.text:
        return f"preview-{part.id}"
    if part.has_unreadable_working:
        return f"working-{part.id}"
    practice = current_practice()
    practice.check(part.attempt, part.id, part.answer.text, part.readable_working, part.reasons)
    _keep_fields(part)
    if part.kind == "essay":  # the rubric to mark it by is shown at once
        practice.solution(part.attempt, part.id)
        return f"mine-{part.id}"
    return f"result-{part.id}"


def _switch_to_text(part: PartPage, _: str) -> str:
    return _replace_fields(part, switched_to_text(part.kind, part.draft))


def _switch_to_grid(part: PartPage, _: str) -> str:
    return _replace_fields(part, switched_to_grid(part.kind, part.draft, part.known_grid))


def _hint(part: PartPage, number: str) -> str:
    if number in ("", str(len(part.state.hints_shown) + 1)):
        return f"hint-{part.id}-{current_practice().hint(part.attempt, part.id).number}"
    return f"hint-{part.id}-{len(part.state.hints_shown)}"  # sent twice, or from a page that was out of date


def _solution(part: PartPage, _: str) -> str:
    current_practice().solution(part.attempt, part.id)
    return f"solution-{part.id}"


def _self_mark(part: PartPage, _: str) -> str:
    points = self_marks_in(draft_in_form(request.form, part.id), len(part.part.criteria))
    current_practice().self_mark(part.attempt, part.id, points)
    return f"mine-{part.id}"


_ACTIONS: Mapping[str, Callable[[PartPage, str], str]] = {
    "check": _check,
    "preview": lambda part, _: f"preview-{part.id}",
    "shape": lambda part, _: f"answer-{part.id}",
    "text": _switch_to_text,
    "grid": _switch_to_grid,
    "hint": _hint,
    "solution": _solution,
    "self": _self_mark,
}
"""Each acts on a part and returns the anchor to go to."""


# ------------------------------------------------------------------------------------------- helpers


def _page(attempt: Attempt, unanswered: str = "") -> AttemptPage:
    exam = current_exams().load(attempt.exam) if attempt.exam is not None else None
    return attempt_page(current_practice(), attempt, exam, unanswered)


def _save_fields(attempt: Attempt) -> None:
    """Save the fields of every part that was sent."""
    sent = {name.partition("/")[0] for name in request.form}
    _save(attempt, {part: draft_in_form(request.form, part) for part in attempt.parts if part in sent})


def _keep_fields(part: PartPage) -> None:
    """Save the fields again after they were answered, which made the draft void: they are shown as they were typed."""
    if part.saved is not None:
        _save(part.attempt, {part.id: part.saved})


def _replace_fields(part: PartPage, draft: Draft) -> str:
    if part.kind not in ("vector", "matrix"):
        raise InputError(phrase("practice.only_arrays_as_text"), field="do")
    _save(part.attempt, {part.id: draft})
    return f"answer-{part.id}"


def _save(attempt: Attempt, drafts: Mapping[str, Draft]) -> None:
    practice = current_practice()
    save_drafts(practice.store, attempt.id, drafts, practice.now())


def _to(attempt: Attempt, anchor: str | None = None, unanswered: str | None = None) -> BaseResponse:
    return see_other("attempts.page", attempt_id=attempt.id, unanswered=unanswered, _anchor=anchor)
