"""How an answer is read, shown while it is typed: a formula, and what cannot be read and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from generator.errors.language import phrase
from generator.grading.nesting import TypedValue
from generator.grading.reading.answers import read_answer, read_like, read_number
from generator.grading.reading.shapes import read_shape
from generator.grading.reading.subsets import read_subset
from generator.numbers.tokens import UnreadableError
from generator.practice.web.fields import (
    TEXT,
    Draft,
    Kind,
    answer_in,
    field_name,
    grid_of,
    is_as_text,
    spoken_name,
    working_in,
)
from generator.problem.answers import Answer
from generator.problem.choices import Subsets
from generator.problem.solution import Values

EMPTY, UNREADABLE = r"\square", r"\text{?}"
"""What stands in a formula for a field that is empty, and for one that cannot be read."""


@dataclass(frozen=True)
class Complaint:
    """Why a field cannot be read; ``where`` is the field's name, empty where there is only one."""

    where: str
    reason: str


@dataclass(frozen=True)
class Preview:
    """How an answer is read: its TeX, empty if there is none, and what cannot be read."""

    tex: str = ""
    complaints: tuple[Complaint, ...] = ()


def preview(kind: Kind, answer: Answer, values: Values, labels: tuple[str, ...], draft: Draft) -> Preview:
    """Return how the fields of a draft are read; it depends on what was typed, never on the right answer's numbers.

    ``labels`` are the TeX of labelled fields.  Choices, claims and essays have no preview.
    """
    if kind in ("number", "words") or is_as_text(kind, draft):
        return _of_text(lambda text: read_answer(answer, values, text).tex, draft.get(TEXT, ""))
    if kind in ("vector", "matrix"):
        return _of_grid(kind, draft)
    if isinstance(answer, Subsets):
        return _of_labelled(kind, labels, draft, partial(read_subset, letters=answer.letters))
    if kind in ("numbers", "shapes"):
        return _of_labelled(kind, labels, draft, read_shape if kind == "shapes" else read_number)
    return Preview()


def working_previews(values: Values, draft: Draft) -> Mapping[str, Preview]:
    """Return how the typed values of steps are read, by step; unknown steps are left out."""
    known = {name: text for name, text in working_in(draft).items() if name in values.computed}
    return {name: _of_text(partial(_read_like, values[name]), text) for name, text in known.items()}


def _read_like(value: Any, text: str) -> str:
    return read_like(text, value).tex


def _of_text(read: Callable[[str], str], text: str) -> Preview:
    if not text.strip():
        return Preview()
    try:
        return Preview(read(text))
    except UnreadableError as error:
        where = (
            ""
            if error.entry is None
            else phrase("reading.row_and_column", row=error.entry[0] + 1, column=error.entry[1] + 1)
        )
        return Preview("", (Complaint(where, reason(text, error)),))


def reason(text: str, error: UnreadableError) -> str:
    """Return why a text cannot be read, with what stands at the place that this is about."""
    there = text[error.position : error.position + 20].split("\n")[0].strip()
    if not there or there == text.strip():
        return error.reason
    return phrase("practice.reason_there", reason=error.reason, text=there)


def _of_grid(kind: Kind, draft: Draft) -> Preview:
    grid = grid_of(kind, draft)
    if grid is None or not answer_in(kind, 0, draft).text:
        return Preview()
    complaints: list[Complaint] = []
    entries = [_of_field(draft, kind, place, read_number, complaints) for place in grid.places()]
    rows = (entries[start : start + grid.columns] for start in range(0, len(entries), grid.columns))
    return Preview(_bmatrix(rows), tuple(complaints))


def _of_labelled(kind: Kind, labels: tuple[str, ...], draft: Draft, read: Callable[[str], TypedValue]) -> Preview:
    if not answer_in(kind, len(labels), draft).text:
        return Preview()
    complaints: list[Complaint] = []
    equations = [
        f"{label} = {_of_field(draft, kind, (place,), read, complaints)}" for place, label in enumerate(labels, start=1)
    ]
    return Preview(r" \quad ".join(equations), tuple(complaints))


def _of_field(
    draft: Draft, kind: Kind, place: tuple[int, ...], read: Callable[[str], TypedValue], complaints: list[Complaint]
) -> str:
    """Return the TeX of one field, and append to the ``complaints`` if it cannot be read."""
    text = draft.get(field_name(*place), "")
    if not text.strip():
        return EMPTY
    try:
        return read(text).tex
    except UnreadableError as error:
        complaints.append(Complaint(spoken_name(kind, *place), reason(text, error)))
        return UNREADABLE


def _bmatrix(rows: Iterable[Sequence[str]]) -> str:
    return r"\begin{bmatrix} " + r" \\ ".join(" & ".join(row) for row in rows) + r" \end{bmatrix}"
