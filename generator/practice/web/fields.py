"""The fields of a part's form, and the text that they make.

The texts in a form's fields, by field name, are a *draft*; :func:`answer_in` turns a draft into the text that the grader reads.
Field names are those of :func:`field_name`; the number of rows and columns of a grid is a field too, for it can be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from generator.errors import AuthoringError
from generator.errors.language import phrase
from generator.grading.nesting import depth_of
from generator.grading.reading.entries import rows_of
from generator.numbers.tokens import UnreadableError
from generator.problem.answers import Answer, Fields, Matrix, Number, Vector
from generator.problem.choices import Choice, Offered, Subsets
from generator.problem.solution import Values
from generator.problem.word_answers import Words
from generator.problem.words import Claims, Essay

Kind: TypeAlias = Literal[
    "number", "vector", "matrix", "numbers", "shapes", "subsets", "words", "choice", "choices", "claims", "essay"
]
Draft: TypeAlias = Mapping[str, str]

MAX_SIDE = 12
"""Rows and columns that a grid can have; a larger answer can be typed as a text."""

MAX_FIELD = 20_000
"""Characters of a field that are kept; the reader refuses far shorter ones, except for essays."""

LETTERS = "ABCDEFGH"
"""Letters of options."""

ROWS, COLUMNS, TEXT, AS_TEXT = "rows", "columns", "text", "as-text"
WORKING, REASON, SELF_MARK = "working.", "reason.", "own."
"""What the names of these fields start with."""

_SEPARATORS = {"shapes": "; ", "subsets": "; ", "numbers": " & ", "claims": " "}
_NOUNS = {"claims": "practice.claim_field", "vector": "practice.entry_field"}
_IF_EMPTY = {"claims": "?"}
"""What stands in the text for an empty field, where not nothing."""


_KINDS: Mapping[type, Kind] = {
    Number: "number",
    Vector: "vector",
    Matrix: "matrix",
    Offered: "choice",
    Subsets: "subsets",
    Words: "words",
    Claims: "claims",
    Essay: "essay",
}


def kind_of(answer: Answer, values: Values) -> Kind:
    """Return what kind of fields an answer is typed into."""
    match answer:
        case Choice():
            return "choices" if answer.several else "choice"
        case Fields():
            return "shapes" if depth_of(answer.value(values)) > 1 else "numbers"
    for kind, name in _KINDS.items():
        if isinstance(answer, kind):
            return name
    raise AuthoringError(f"the page has no field for a {type(answer).__name__}")


def field_name(*place: int) -> str:
    """Return the name of the field at a place, counted from 1: of row 2 and column 3 it is ``2.3``."""
    return ".".join(map(str, place))


def spoken_name(kind: Kind, *place: int, of: str = "") -> str:
    """Return the name of the field at a place, with the symbol in words that it belongs to, if that is given.

    *row 2, column 3 of X hat*; *sigma squared, entry 2*.  A vector's place has a row too, which is left out.
    """
    if kind != "vector" and len(place) == 2:
        where = phrase("reading.row_and_column", row=place[0], column=place[1])
        return phrase("practice.place_of", place=where, name=of) if of else where
    where = phrase(_NOUNS.get(kind, "practice.field"), place=place[-1])
    return phrase("practice.name_and_place", name=of, place=where) if of else where


@dataclass(frozen=True)
class Grid:
    """The shape of a grid of fields; a vector has one row."""

    rows: int
    columns: int

    def places(self) -> Iterator[tuple[int, int]]:
        """Yield row and column of each field, from 1."""
        return ((row, column) for row in range(1, self.rows + 1) for column in range(1, self.columns + 1))


def grid_of(kind: Kind, draft: Draft) -> Grid | None:
    """Return the grid whose shape the draft holds; None before it is typed."""
    rows = 1 if kind == "vector" else _side(draft.get(ROWS, ""))
    columns = _side(draft.get(COLUMNS, ""))
    return Grid(rows, columns) if rows and columns else None


def _side(text: str) -> int:
    side = _whole_number(text.strip())
    return side if 0 < side <= MAX_SIDE else 0


def _whole_number(text: str) -> int:
    """Return a number of at most three digits; -1 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1


def grid_in_question(answer: Answer, values: Values) -> Grid | None:
    """Return the shape of the answer's fields if the question gives it: the answer is ``like`` something printed.

    None where it is part of the answer and the student has to know it, and for what is larger than a grid can be.  Raise
    :class:`AuthoringError` where the answer is like something that is not printed.
    """
    if not isinstance(answer, Vector | Matrix) or not answer.like:
        return None
    grid = _like(answer, values)
    return grid if max(grid.rows, grid.columns) <= MAX_SIDE else None


def _like(answer: Vector | Matrix, values: Values) -> Grid:
    axis, _, name = answer.like.rpartition(" of ")
    printed: Any = values.known.get(name)
    is_matrix = isinstance(answer, Matrix)
    try:
        if not is_matrix and not axis:
            return Grid(1, len(printed))
        rows, columns = len(printed), len(printed[0])
        return Grid(rows, columns) if is_matrix else Grid(1, {"rows": rows, "columns": columns}[axis])
    except (KeyError, TypeError):
        kind = "a matrix" if is_matrix or axis else "a vector"
        raise AuthoringError(
            f"{answer.step}: like={answer.like!r} should name {kind} that the question prints, or its rows or columns; "
            f"there are {', '.join(values.known)}"
        ) from None


# ------------------------------------------------------------------------------------- drafts and texts


@dataclass(frozen=True)
class FormAnswer:
    """The text that the fields make, empty if nothing is typed, and the names of fields left empty while others are not.

    An answer with empty fields can be checked: they count as wrong ones.
    """

    text: str
    missing: tuple[str, ...] = ()


def is_as_text(kind: Kind, draft: Draft) -> bool:
    """Return whether a vector or a matrix is typed as one text."""
    return kind in ("vector", "matrix") and draft.get(AS_TEXT) == "yes"


def answer_in(kind: Kind, count: int, draft: Draft) -> FormAnswer:
    """Return the answer in a draft; ``count`` is the number of labelled fields or claims of a part that has such."""
    if kind in ("number", "words", "essay"):
        return FormAnswer(draft.get(TEXT, "").strip())
    if kind == "choice":
        return FormAnswer(draft.get(field_name(1), "").strip())
    if kind == "choices":
        return FormAnswer(", ".join(letter for letter in LETTERS if draft.get(letter)))
    if is_as_text(kind, draft):
        return FormAnswer(draft.get(TEXT, "").strip("\r\n "))
    if kind in ("vector", "matrix"):
        grid = grid_of(kind, draft)
        if grid is None:
            return FormAnswer("")
        places: list[tuple[int, ...]] = list(grid.places())
        cells = [draft.get(field_name(*place), "").strip() for place in places]
        rows = (cells[start : start + grid.columns] for start in range(0, len(cells), grid.columns))
        text = "\n".join(" & ".join(row) for row in rows)  # so that blanks and commas within an entry separate nothing
    else:
        places = [(place,) for place in range(1, count + 1)]
        cells = [draft.get(field_name(*place), "").strip() for place in places]
        text = _SEPARATORS[kind].join(cell or _IF_EMPTY.get(kind, "") for cell in cells)
    missing = tuple(spoken_name(kind, *place) for place, cell in zip(places, cells, strict=True) if not cell)
    return FormAnswer(text, missing) if any(cells) else FormAnswer("")


def draft_from_text(kind: Kind, count: int, text: str) -> dict[str, str]:
    """Return the draft for an answer that is stored as a text: given earlier, or typed in the terminal."""
    if kind in ("vector", "matrix"):
        return _grid_draft(kind, text) or {AS_TEXT: "yes", TEXT: text}
    if kind in ("number", "words", "essay"):
        return {TEXT: text}
    if kind == "choices":
        words = re.findall("[A-Z]+", text.upper())
        return {letter: letter for word in words if {*word} <= {*LETTERS} for letter in word}
    if kind == "choice":
        return {field_name(1): text.strip(" ().").upper()}
    cells = [piece.strip() for piece in text.split(_SEPARATORS[kind].strip() or " ")]
    cells = ["" if cell == _IF_EMPTY.get(kind) else cell for cell in cells]
    return {field_name(place): cell for place, cell in enumerate(cells, start=1)} if len(cells) == count else {}


def _grid_draft(kind: Kind, text: str) -> dict[str, str]:
    """Return the draft for a text that a grid made or could have made; else an empty one."""
    rows = [[cell.strip() for cell in line.split("&")] for line in text.split("\n")]
    widths = {len(row) for row in rows}
    fits = len(widths) == 1 and max(len(rows), *widths) <= MAX_SIDE and (kind == "matrix" or len(rows) == 1)
    if not fits or (len(rows) == 1 and "&" not in text):
        return {}
    cells = {field_name(i, j): cell for i, row in enumerate(rows, 1) for j, cell in enumerate(row, 1)}
    return {ROWS: str(len(rows)), COLUMNS: str(len(rows[0])), **cells}


def switched_to_text(kind: Kind, draft: Draft) -> dict[str, str]:
    """Return the draft with its grid as a text, unless it has a text already."""
    return {**draft, AS_TEXT: "yes", TEXT: draft.get(TEXT, "") or answer_in(kind, 0, draft).text}


def switched_to_grid(kind: Kind, draft: Draft, known: Grid | None) -> dict[str, str]:
    """Return the draft with its text in the fields of a grid, of the ``known`` shape if there is one; a text that fits in none stays."""
    text = draft.get(TEXT, "")
    others = {name: value for name, value in draft.items() if name not in (AS_TEXT, TEXT)}
    if not text.strip():
        return others
    try:
        rows = [[entry.typed for entry in row] for row in rows_of(text)]
    except UnreadableError:
        return {**draft}
    if kind == "vector":
        rows = [[typed for row in rows for typed in row]]
    found = Grid(len(rows), len(rows[0]))
    if max(found.rows, found.columns) > MAX_SIDE or known not in (None, found):
        return {**draft}
    cells = {field_name(i, j): typed for i, row in enumerate(rows, 1) for j, typed in enumerate(row, 1)}
    return {**others, ROWS: str(found.rows), COLUMNS: str(found.columns), **cells}


def draft_in_form(form: Mapping[str, str], part_id: str) -> dict[str, str]:
    """Return the fields of a part in a submitted form, named without the part; empty ones are left out."""
    prefix = f"{part_id}/"
    return {
        name.removeprefix(prefix): text[:MAX_FIELD]
        for name, text in form.items()
        if name.startswith(prefix) and text.strip()
    }


def working_in(draft: Draft) -> dict[str, str]:
    """Return the typed values of steps, by step."""
    return {name.removeprefix(WORKING): text for name, text in draft.items() if name.startswith(WORKING)}


def reasons_text(draft: Draft, count: int) -> str:
    """Return the typed reasons for the verdicts on claims, each on a line with its number."""
    reasons = [(place, " ".join(draft.get(f"{REASON}{place}", "").split())) for place in range(1, count + 1)]
    return "\n".join(f"{place}. {reason}" for place, reason in reasons if reason)


def reasons_draft(text: str) -> dict[str, str]:
    """Return the fields that :func:`reasons_text` made a text of."""
    lines = (line.partition(". ") for line in text.splitlines())
    return {f"{REASON}{place}": reason for place, _, reason in lines if place.isdigit()}


def self_marks_in(draft: Draft, count: int) -> list[int]:
    """Return the points that the student awards for each criterion; -1, which fits none, for what is not a number."""
    return [_whole_number(draft.get(f"{SELF_MARK}{place}", "")) for place in range(1, count + 1)]
