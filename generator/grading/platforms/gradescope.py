"""The scores of Gradescope, as points that a person gives: its questions are the parts of the papers by their numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from generator.errors import InputError
from generator.grading.answer_file import Given, RowsRead
from generator.grading.given_points import GivenPoints
from generator.grading.platforms.owners import ClassPapers
from generator.paper.csv_tables import column_name, listed, shown
from generator.paper.whole_tables import Table, read_table

_QUESTION = re.compile(
    r"\s*(?P<problem>\d{1,3})(?:\.(?P<part>\d{1,3}))?\s*:.*\((?P<points>\d+(?:\.\d+)?) pts?\)\s*", re.DOTALL
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def fits_gradescope(fields: Sequence[str]) -> bool:
    """Return whether a header is that of an assignment's scores in Gradescope."""
    names = {column_name(one) for one in fields}
    return {"status", "submission id"} <= names and bool({"sid", "email"} & names)


def read_scores(path: Path, papers: ClassPapers) -> RowsRead[Given]:
    """Read the points of graded submissions; they stand in place of those given automatically.

    Raises :class:`InputError` where the file is none of Gradescope's, or a question is no part or worth other points.
    """
    table = read_table(path, fits_gradescope, what="table of scores")
    if not fits_gradescope(table.header):
        raise InputError(
            f"{path}: expected the scores of an assignment in Gradescope, with SID, Email, Status and Submission ID; got {listed(table.header)}"
        )
    parts = _parts(path, table, papers)
    columns = {column_name(one): place for place, one in reversed([*enumerate(table.header)])}
    rows: list[Given] = []
    refused: list[str] = [*table.faults]
    notes: list[str] = []
    for number, cells in table.rows.items():
        named = [cells[columns[name]] for name in ("sid", "email") if name in columns]
        name = " ".join(cells[columns[one]] for one in ("first name", "last name", "name") if one in columns)
        status = cells[columns["status"]].strip().casefold()
        if status != "graded":
            sentence = f"row {number}, {shown(name or named[0])}: is {status or 'not graded'} in Gradescope"
            (notes if status == "missing" else refused).append(sentence)
            continue
        try:
            student = papers.owner(named, [name])
        except InputError as error:
            refused.append(f"row {number}: {error}")
            continue
        for place, (problem, part) in parts.items():
            text = cells[place].strip()
            if text and not _NUMBER.fullmatch(text):
                refused.append(f"row {number}, column {place + 1}: expected points; got {shown(text)}")
            elif text:
                given = GivenPoints(float(text), for_all=True)
                rows.append(Given(row=number, student=student, problem=problem, part=part, given=given))
    return RowsRead(tuple(rows), tuple(refused), tuple(notes))


def _parts(path: Path, table: Table, papers: ClassPapers) -> dict[int, tuple[str, str]]:
    """Return the part of each question, by the place of its column: ``2.1`` is the first part of problem 2 that is answered."""
    found: dict[int, tuple[str, str]] = {}
    for place, name in enumerate(table.header):
        question = _QUESTION.fullmatch(name)
        if question is None:
            continue
        number, inner = int(question["problem"]), question["part"]
        answered = papers.printed[number - 1].answered if 1 <= number <= len(papers.printed) else ()
        index = int(inner) if inner else 1
        if not 1 <= index <= len(answered) or (not inner and len(answered) > 1):
            raise InputError(f"{path}: the papers have no part for the question {shown(name)}: is it another sheet's?")
        part = answered[index - 1]
        worth = papers.worth(number, part)
        if float(question["points"]) != worth:
            raise InputError(
                f"{path}: expected {worth} points for part {part} of problem {number}; got {shown(name)}: is it another sheet's?"
            )
        found[place] = (str(number), part)
    if not found:
        raise InputError(f"{path}: expected questions such as '2.1: Dropout (2.0 pts)'; got {listed(table.header)}")
    return found
