"""The first page, with the problems to practise, and the progress page, with export and deletion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice

from flask import Blueprint, Response, abort, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from generator.document.nodes import Inline
from generator.document.prose import nodes
from generator.errors import InputError
from generator.errors.language import phrase
from generator.paper.json_text import to_json
from generator.practice.exam_report import clock
from generator.practice.part_names import part_names
from generator.practice.progress import Review, reviews, weakest_parts, worst
from generator.practice.store.export import delete as delete_progress
from generator.practice.store.export import export as export_progress
from generator.practice.store.records import drafts_of
from generator.practice.store.state import AttemptState
from generator.practice.web.current import current_exams, current_practice, see_other

home = Blueprint("home", __name__)
progress = Blueprint("progress", __name__, url_prefix="/progress")

MAX_UNFINISHED = 5
"""Attempts that the first page offers to continue."""


@home.get("/")
def page() -> str:
    """Show the problems with their mastery, and what is due, unfinished or running."""
    practice, exams = current_practice(), current_exams()
    mastery, due = practice.mastery(), practice.due()
    is_started = any(one.parts for one in mastery.values())
    return render_template(
        "home.html.j2",
        problems=practice.problems.values(),
        sheet=practice.sheet,
        entries=[(place, one) for place, one in enumerate(practice.sheet.entries, start=1)] if practice.sheet else [],
        instructions=nodes(practice.sheet.instructions, {}) if practice.sheet else (),
        mastery=mastery,
        due=_due(due),
        names=_names_of,
        worst=practice.problems[worst(mastery)] if is_started else None,
        weakest=weakest_parts(mastery[worst(mastery)]),
        unfinished=_unfinished(),
        exams=[(exam, exam.left(exams.now(exam))) for exam in exams.running()],
    )


@home.get("/problems/<problem_id>/parts")
def parts(problem_id: str) -> str:
    """Show the parts of a problem, to practise some of them."""
    problem = current_practice().problems.get(problem_id)
    if problem is None:
        abort(404, phrase("practice.problem_not_here"))
    return render_template("choose.html.j2", problem=problem, names=_names_of, levels=problem.levels)


def _names_of(problem_id: str) -> Mapping[str, tuple[Inline, ...]]:
    """Return what the parts of a problem are called; many variants are drawn for it, so it is not asked for every problem."""
    return part_names(current_practice().problem(problem_id))


def _due(reviews: Sequence[Review]) -> dict[str, dict[str, list[str]]]:
    """Return the parts that are due, by problem and level; a review of a whole problem has the part ``""``."""
    found: dict[str, dict[str, list[str]]] = {}
    for one in reviews:
        found.setdefault(one.problem, {}).setdefault(one.level, []).append(one.part)
    return found


def _unfinished() -> list[AttemptState]:
    """Return the last attempts in which something was answered, shown or at least typed."""
    practice = current_practice()
    states = map(practice.state, practice.unfinished())
    started = (one for one in states if one.is_started or any(drafts_of(practice.store, one.attempt.id).values()))
    return list(islice(started, MAX_UNFINISHED))


@progress.get("")
def overview() -> str:
    """Show mastery and mistakes by problem and part, and past exams."""
    practice = current_practice()
    mastery = practice.mastery()
    scheduled = reversed(reviews(practice.store, practice.problems))  # so that the first one due of a problem is kept
    return render_template(
        "progress.html.j2",
        problems=practice.problems,
        mastery=mastery,
        names=_names_of,
        due={review.problem: review.due for review in scheduled},
        is_started=any(one.parts for one in mastery.values()),
        exams=current_exams().summaries(),
        path=practice.store.path,
        clock=clock,
        day=day,
    )


@progress.get("/progress.json")
def export() -> Response:
    """Return all that is stored as a JSON file."""
    headers = {"Content-Disposition": 'attachment; filename="practice-progress.json"'}
    text = to_json(export_progress(current_practice().store))
    return Response(text, content_type="application/json", headers=headers)


@progress.post("/delete")
def delete() -> BaseResponse:
    """Delete all that is stored, if the box to confirm it is ticked."""
    if request.form.get("sure") != "yes":
        raise InputError(phrase("practice.not_deleted"))
    delete_progress(current_practice().store)
    return see_other("progress.overview", _anchor="data")


def day(seconds: float) -> str:
    """Return the local date of a time in seconds since the epoch: ``24 November 2026``."""
    then = datetime.fromtimestamp(seconds).astimezone()
    month = phrase("words.months").split()[then.month - 1]
    return phrase("words.date", day=then.day, month=month, year=then.year)
