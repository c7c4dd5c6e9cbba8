"""A gradebook's own download, filled: our column gets the points, and not one byte changes elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator.classes.gradebooks.matching import match_rows
from generator.classes.gradebooks.points import ClassPoints, number_text
from generator.classes.gradebooks.raw_cells import Span, in_place_of, raw_rows, raw_text, unquoted
from generator.classes.gradebooks.targets import Target, Written
from generator.classes.roster_columns import find_columns
from generator.errors import InputError, near
from generator.paper.csv_tables import column_name, listed, shown
from generator.paper.whole_tables import Table, read_table

_SUFFIX: Mapping[Target, re.Pattern[str]] = {
    "canvas": re.compile(r"\s*\(\d+\)\s*$"),
    "brightspace": re.compile(r"\s+(?:[A-Z][a-z]+ )?Points Grade\b.*$|\s*<[^<>]*>\s*$", re.IGNORECASE | re.DOTALL),
    "blackboard": re.compile(r"\s*\[Total Pts:[^\]]*\](?:\s*\|\s*\d+)?\s*$|\s*\|\s*\d+\s*$", re.IGNORECASE),
    "moodle": re.compile(r"\s*\((?:Real|Points|Punkte|Brut|Real\w*)\)\s*$", re.IGNORECASE),
}
_PREFIX = re.compile(r"(?:Quiz|Assignment|Manual item|Test|Aufgabe|External tool)\s*:\s*", re.IGNORECASE)
_WORTH = re.compile(r"\[Total Pts:\s*(?:up to\s*)?(\d+(?:\.\d+)?)|MaxPoints:\s*(\d+(?:\.\d+)?)", re.IGNORECASE)
_EXCUSED = frozenset({"ex", "excused", "exempt"})


@dataclass
class _Fill:
    """The cells to replace, by row, and what was found wrong, and what else is to be known."""

    cells: dict[int, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Filled(Written):
    """A filled template; ``notes`` are what else the user should know."""

    notes: tuple[str, ...] = ()


def fill_template(path: Path, target: Target, points: ClassPoints, column: str) -> Filled:
    """Return a platform's own download with the points in the column that is called ``column``.

    The students are found by their ids, else by their addresses, else by a name that nobody else has.  Raises
    :class:`InputError` where the file is no gradebook, or has no such column or several.
    """
    table = read_table(path, _is_gradebook, what="gradebook")
    if table.faults:
        raise InputError(f"{path}: {table.faults[0]}: download the gradebook again, and do not change it in between")
    place = _column(path, target, table.header, column)
    filled = _Fill()
    matches = match_rows(table, place, points.students)
    filled.faults += matches.faults
    for row, one in matches.found.items():
        before = table.rows[row][place].strip()
        if before.casefold() in _EXCUSED:
            filled.notes.append(f"row {row}, {one.name}: is excused there, which stays")
        elif one.points is not None:
            filled.cells[row] = one.cell
    filled.faults += points.without_points()
    _check_worth(table, place, points, filled)
    try:
        content = _with_cells(path.read_bytes(), table, place, filled.cells)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    return Filled(content, tuple(filled.faults), tuple(filled.notes))


def _is_gradebook(fields: Sequence[str]) -> bool:
    """Return whether a header has students and something beside them."""
    people = find_columns(fields)
    return ("id" in people or "email" in people) and len([one for one in fields if one.strip()]) > 1


def _column(path: Path, target: Target, header: Sequence[str], wanted: str) -> int:
    """Return the place of the column: of the one with just this name, else of the one with this title and the platform's marks."""
    exact = [place for place, one in enumerate(header) if one.strip() == wanted.strip()]
    titled = [place for place, one in enumerate(header) if column_name(wanted) in _titles(target, one)]
    for places in (exact, titled):
        if len(places) == 1:
            return places[0]
        if places:
            several = listed([header[place] for place in places])
            raise InputError(
                f"{path}: {len(places)} columns are called {shown(wanted)}: {several}: give one whole with --column"
            )
    titles = {title: one for one in header for title in _titles(target, one)}
    close = near(column_name(wanted), titles)
    raise InputError(
        f"{path}: expected a column {shown(wanted)}{close}; got {listed(header)}: name it with --column, or make it on the site and "
        "download the gradebook again"
    )


def _titles(target: Target, name: str) -> set[str]:
    suffix = _SUFFIX.get(target)
    bare = suffix.sub("", name) if suffix is not None else name
    titles = {name, bare}
    if target == "moodle":
        titles |= {_PREFIX.sub("", bare, count=1) if _PREFIX.match(bare) else bare}
    return {column_name(one) for one in titles if one.strip()}


def _check_worth(table: Table, column: int, points: ClassPoints, filled: _Fill) -> None:
    """Note where the column is out of other points than ours."""
    named = _WORTH.search(table.header[column])
    texts = [named[1] or named[2]] if named else []
    texts += [cells[column] for cells in table.rows.values() if cells[0].strip().casefold() == "points possible"]
    for text in texts:
        if re.fullmatch(r"\s*\d+(?:\.\d+)?\s*", text) and float(text) != points.most:
            filled.notes.append(
                f"the column is out of {number_text(float(text))} points there, and out of {number_text(points.most)} here"
            )


# ------------------------------------------------------------------------------------ the bytes


def _with_cells(content: bytes, table: Table, column: int, cells: Mapping[int, str]) -> bytes:
    """Return the file with these cells of a column, by the numbers of their rows."""
    if content.startswith(b"PK"):
        raise InputError("is a workbook; expected the CSV that the platform gives")
    raw = raw_text(content)
    rows = raw_rows(raw.text, table.delimiter)
    header = rows.get(table.header_row, ())
    if tuple(unquoted(raw.text[start:end]).strip("\ufeff \t") for start, end in header) != tuple(
        one.strip("\ufeff \t") for one in table.header
    ):
        raise InputError(
            "has a first row that cannot be taken apart: download it again, and do not change it in between"
        )
    pieces, last = [], 0
    for row, value in sorted(cells.items()):
        start, end, text = _replacement(raw.text, rows[row], column, value, table.delimiter)
        pieces += [raw.text[last:start], text]
        last = end
    return raw.encoded("".join([*pieces, raw.text[last:]]))


def _replacement(text: str, spans: Sequence[Span], column: int, value: str, delimiter: str) -> tuple[int, int, str]:
    """Return what is to be replaced in a row, and by what; cells that are absent at its end are added."""
    if column < len(spans):
        start, end = spans[column]
        return start, end, in_place_of(text[start:end], value)
    end = spans[-1][1]
    quoted = text[spans[0][0] : spans[0][1]]
    return end, end, delimiter * (column - len(spans) + 1) + in_place_of(quoted, value)
