"""How an answer was read, before it counts: a formula, and what could not be read and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from generator.grading.marks import Marked
from generator.grading.nesting import TypedValue
from generator.grading.reading.answers import read_answer, read_like, read_number
from generator.grading.reading.shapes import read_shape
from generator.numbers.tokens import UnreadableError
from generator.practice.web.fields import (
    LETTERS,
    TEXT,
    Draft,
    Kind,
    blank_name,
    grid_of,
    is_as_text,
    spoken,
    typed,
    working_of,
)
from generator.problem.answers import Answer
from generator.problem.choices import Choice
from generator.problem.solution import Values

EMPTY, UNREAD = r"\square", r"\text{?}"
"""What stands for a field that is empty, and for one that cannot be read."""


@dataclass(frozen=True)
class Complaint:
    """A field that cannot be read: what it is called (empty where there is only one), and what is wrong with it."""

    where: str
    reason: str


@dataclass(frozen=True)
class Preview:
    """How an answer was read: its TeX (empty if nothing is typed, or nothing was read), and what was not."""

    tex: str = ""
    complaints: tuple[Complaint, ...] = ()


def preview(kind: Kind, answer: Answer, values: Values, labels: tuple[str, ...], draft: Draft) -> Preview:
    """How the fields of a draft are read.  It rests on what was typed and never on the right answer's numbers.

    ``labels`` are the TeX of labelled fields.  Choices, claims and essays are read as they stand there.
    """
    if kind == "number" or is_as_text(kind, draft):
        return _whole(answer, values, draft.get(TEXT, ""))
    if kind in ("vector", "matrix"):
        return _grid(kind, draft)
    if kind in ("numbers", "shapes"):
        return _labelled(kind, labels, draft)
    return Preview()


def working_previews(values: Values, draft: Draft) -> Mapping[str, Preview]:
    """How the typed values of steps are read, by the steps' names; steps that there are not are passed over."""
    known = {name: text for name, text in working_of(draft).items() if name in values.computed}
    return {name: _one(partial(_like, values[name]), text) for name, text in known.items()}


def _like(value: Any, text: str) -> str:
    return read_like(text, value).tex


def _whole(answer: Answer, values: Values, text: str) -> Preview:
    return _one(lambda text: read_answer(answer, values, text).tex, text)


def _one(read: Callable[[str], str], text: str) -> Preview:
    if not text.strip():
        return Preview()
    try:
        return Preview(read(text))
    except UnreadableError as error:
        row_and_column = "" if error.entry is None else f"row {error.entry[0] + 1}, column {error.entry[1] + 1}"
        return Preview("", (Complaint(row_and_column, _pointed(text, error)),))


def _pointed(text: str, error: UnreadableError) -> str:
    """The reason, and what stands at the place that it is about."""
    there = text[error.position : error.position + 20].split("\n")[0].strip()
    return f"{error.reason} (at “{there}”)" if there and there != text.strip() else error.reason


def _grid(kind: Kind, draft: Draft) -> Preview:
    grid = grid_of(kind, draft)
    if grid is None or not typed(kind, 0, draft).text:
        return Preview()
    complaints: list[Complaint] = []
    rows = []
    for row in range(1, grid.rows + 1):
        cells = []
        for column in range(1, grid.columns + 1):
            where = spoken(kind, column) if kind == "vector" else spoken(kind, row, column)
            tex, complaint = _cell(draft.get(blank_name(row, column), ""), where, read_number)
            cells.append(tex)
            complaints += complaint
        rows.append(" & ".join(cells))
    return Preview(r"\begin{bmatrix} " + r" \\ ".join(rows) + r" \end{bmatrix}", tuple(complaints))


def _labelled(kind: Kind, labels: tuple[str, ...], draft: Draft) -> Preview:
    if not typed(kind, len(labels), draft).text:
        return Preview()
    reader = read_shape if kind == "shapes" else read_number
    complaints: list[Complaint] = []
    pairs = []
    for place, label in enumerate(labels, start=1):
        tex, complaint = _cell(draft.get(blank_name(place), ""), spoken(kind, place), reader)
        pairs.append(f"{label} = {tex}")
        complaints += complaint
    return Preview(r" \quad ".join(pairs), tuple(complaints))


def _cell(text: str, where: str, read: Callable[[str], TypedValue]) -> tuple[str, list[Complaint]]:
    if not text.strip():
        return EMPTY, []
    try:
        return read(text).tex, []
    except UnreadableError as error:
        return UNREAD, [Complaint(where, _pointed(text, error))]


def encoded_tex(value: Any) -> str:
    """The TeX of exact values as they are encoded for JSON."""
    if not isinstance(value, list):
        return read_number(str(value)).tex
    rows = value if value and isinstance(value[0], list) else [value]
    lines = (" & ".join(encoded_tex(entry) for entry in row) for row in rows)
    return r"\begin{bmatrix} " + r" \\ ".join(lines) + r" \end{bmatrix}"


def expected_tex(answer: Answer, marked: Marked) -> str:
    """The TeX of what follows from a student's own working; empty where there is none, or where she is right."""
    value = marked.expected_from_working
    if value is None or marked.status == "correct":
        return ""
    if isinstance(answer, Choice):
        keys = list(answer.options)
        return rf"\text{{({LETTERS[keys.index(value)]})}}" if value in keys else ""
    return encoded_tex(value)
