"""The places to type an answer in: what a part's form asks for, and the one text that its fields make.

A form's fields are kept as a *draft*, texts by the fields' names; :func:`typed` makes of it the text that the grader
reads.  Names are those of :func:`blank_name`; how many rows and columns a grid has is typed too, for it can be wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from generator.errors import AuthoringError
from generator.grading.nesting import depth_of
from generator.problem.answers import Answer, Fields, Matrix, Number, Vector
from generator.problem.choices import Choice, Offered
from generator.problem.solution import Values
from generator.problem.words import Claims, Essay

Kind: TypeAlias = Literal["number", "vector", "matrix", "numbers", "shapes", "choice", "claims", "essay"]
Draft: TypeAlias = Mapping[str, str]
"""What stands in the fields of one part, by their names."""

MAX_SIDE = 12
"""Rows and columns that a grid can be given; a larger answer can be typed as a text."""

LONGEST = 20_000
"""Characters of one field that are kept; the reader refuses far shorter ones, except for essays."""

LETTERS = "ABCDEFGH"
"""Of options, in their order."""

ROWS, COLUMNS, TEXT, AS_TEXT = "rows", "columns", "text", "as-text"


def kind_of(answer: Answer, values: Values) -> Kind:
    """What kind of fields an answer is typed into."""
    match answer:
        case Choice() | Offered():
            return "choice"
        case Number():
            return "number"
        case Vector():
            return "vector"
        case Matrix():
            return "matrix"
        case Fields():
            return "shapes" if depth_of(answer.value(values)) > 1 else "numbers"
        case Claims():
            return "claims"
        case Essay():
            return "essay"
    raise AuthoringError(f"the page has no field for a {type(answer).__name__}")


def blank_name(*place: int) -> str:
    """The name of the field at a place, counted from 1: of row 2 and column 3 it is ``2.3``."""
    return ".".join(map(str, place))


def spoken(kind: Kind, *place: int) -> str:
    """What a field is called aloud."""
    if len(place) == 2:
        return f"row {place[0]}, column {place[1]}"
    return f"{ {'claims': 'claim', 'vector': 'entry'}.get(kind, 'field') } {place[0]}"


@dataclass(frozen=True)
class Grid:
    """The shape that was typed; a vector has one row."""

    rows: int
    columns: int

    def places(self) -> Iterator[tuple[int, int]]:
        """Row and column of each field, from 1."""
        return ((row, column) for row in range(1, self.rows + 1) for column in range(1, self.columns + 1))


def grid_of(kind: Kind, draft: Draft) -> Grid | None:
    """The grid that the draft asks for; none before its shape is typed."""
    rows = 1 if kind == "vector" else _side(draft.get(ROWS, ""))
    columns = _side(draft.get(COLUMNS, ""))
    return Grid(rows, columns) if rows and columns else None


def _side(text: str) -> int:
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 3 and int(plain) <= MAX_SIDE else 0


def is_as_text(kind: Kind, draft: Draft) -> bool:
    """Whether a vector or a matrix is typed as one text."""
    return kind in ("vector", "matrix") and draft.get(AS_TEXT) == "yes"


@dataclass(frozen=True)
class Typed:
    """What the fields say.

    ``text`` is what the grader reads, empty if nothing is typed; ``missing`` are the fields that are still empty although
    others are not, as they are called aloud.
    """

    text: str
    missing: tuple[str, ...] = ()


def typed(kind: Kind, count: int, draft: Draft) -> Typed:
    """What stands in the fields of a draft; ``count`` is how many a part with labelled fields or claims has."""
    if kind == "number":
        return Typed(draft.get(TEXT, "").strip())
    if kind == "essay":
        return Typed(draft.get(TEXT, "").strip())
    if kind == "choice":
        return Typed(draft.get(blank_name(1), "").strip())
    if is_as_text(kind, draft):
        return Typed(draft.get(TEXT, "").strip("\r\n "))
    if kind in ("vector", "matrix"):
        grid = grid_of(kind, draft)
        places = list(grid.places()) if grid is not None else []
        cells = [draft.get(blank_name(*place), "").strip() for place in places]
        return _together(cells, [_spoken_cell(kind, place) for place in places], _grid_text(grid, cells))
    cells = [draft.get(blank_name(place), "").strip() for place in range(1, count + 1)]
    names = [spoken(kind, place) for place in range(1, count + 1)]
    return _together(cells, names, {"shapes": "; ", "numbers": " & "}.get(kind, " ").join(cells))


def _spoken_cell(kind: Kind, place: tuple[int, int]) -> str:
    return spoken(kind, place[1]) if kind == "vector" else spoken(kind, *place)


def _grid_text(grid: Grid | None, cells: list[str]) -> str:
    """Rows on lines, entries apart by ``&``: blanks and commas within an entry then separate nothing."""
    if grid is None:
        return ""
    lines = (cells[start : start + grid.columns] for start in range(0, len(cells), grid.columns))
    return "\n".join(" & ".join(line) for line in lines)


def _together(cells: list[str], names: list[str], text: str) -> Typed:
    empty = tuple(name for name, cell in zip(names, cells, strict=True) if not cell)
    return Typed("") if len(empty) == len(cells) else Typed(text, empty)


def draft_of(kind: Kind, count: int, text: str) -> dict[str, str]:
    """Fields for an answer that is kept as a text: of another day, or typed in the terminal."""
    if kind in ("vector", "matrix"):
        return _grid_draft(kind, text) or {AS_TEXT: "yes", TEXT: text}
    if kind in ("number", "essay"):
        return {TEXT: text}
    if kind == "choice":
        return {blank_name(1): text.strip(" ().").upper()}
    cells = [piece.strip() for piece in text.split({"shapes": ";", "numbers": "&"}.get(kind, " "))]
    return {blank_name(place): cell for place, cell in enumerate(cells, start=1)} if len(cells) == count else {}


def _grid_draft(kind: Kind, text: str) -> dict[str, str]:
    """The cells of a text that a grid made, or that might be one's."""
    rows = [[cell.strip() for cell in line.split("&")] for line in text.split("\n")]
    widths = {len(row) for row in rows}
    fits = len(widths) == 1 and max(len(rows), *widths) <= MAX_SIDE and (kind == "matrix" or len(rows) == 1)
    if not fits or (len(rows) == 1 and "&" not in text):
        return {}
    cells = {blank_name(i, j): cell for i, row in enumerate(rows, 1) for j, cell in enumerate(row, 1)}
    return {ROWS: str(len(rows)), COLUMNS: str(len(rows[0])), **cells}


def kept(posted: Mapping[str, str], part_id: str) -> dict[str, str]:
    """The part's fields among all that were posted, without its name before theirs; empty ones are left out."""
    begin = f"{part_id}/"
    return {
        name.removeprefix(begin): text[:LONGEST]
        for name, text in posted.items()
        if name.startswith(begin) and text.strip()
    }


WORKING, REASON, OWN = "working.", "reason.", "own."


def working_of(draft: Draft) -> dict[str, str]:
    """The typed values of steps, by the steps' names."""
    return {name.removeprefix(WORKING): text for name, text in draft.items() if name.startswith(WORKING)}


def reasons_of(draft: Draft, count: int) -> str:
    """The typed reasons for the verdicts on claims, each on a line with its number."""
    reasons = [(place, " ".join(draft.get(f"{REASON}{place}", "").split())) for place in range(1, count + 1)]
    return "\n".join(f"{place}. {reason}" for place, reason in reasons if reason)


def reasons_in(text: str) -> dict[str, str]:
    """The fields of reasons that :func:`reasons_of` made a text of."""
    lines = (line.partition(". ") for line in text.splitlines())
    return {f"{REASON}{place}": reason for place, _, reason in lines if place.isdigit()}


def own_marks_of(draft: Draft, count: int) -> list[int]:
    """The points that she gave herself, one number a criterion; -1 for what is no number, which no criterion takes."""
    marks = [draft.get(f"{OWN}{place}", "") for place in range(1, count + 1)]
    return [int(mark) if mark.isascii() and mark.isdigit() and len(mark) < 4 else -1 for mark in marks]


def switched_to_text(kind: Kind, draft: Draft) -> dict[str, str]:
    """The draft with its grid typed out as a text, unless there is a text already."""
    text = draft.get(TEXT, "") or typed(kind, 0, draft).text
    return {**draft, AS_TEXT: "yes", TEXT: text}


def switched_to_grid(draft: Draft) -> dict[str, str]:
    """The draft with its grid shown again."""
    return {name: text for name, text in draft.items() if name != AS_TEXT}
