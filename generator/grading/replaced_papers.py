"""Which paper of a student is marked, where she was given another in place of the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, TypeVar

from generator.errors import InputError
from generator.grading.answer_file import AboutPart, Submitted
from generator.grading.class_marks import PaperMarks
from generator.paper.csv_tables import shown
from generator.paper.ids import read_id
from generator.paper.record import Record

RowOf = TypeVar("RowOf", bound=AboutPart)

Refused: TypeAlias = list[tuple[int, str]]
"""Rows that cannot be used, each with the reason."""


def paper_answered(record: Record, rows: Sequence[AboutPart], kept: PaperMarks | None) -> Record:
    """Return the record of the paper that a student's rows are about.

    It is the one that the first row with an id names; where none does, the newest, or the one whose marks are ``kept`` if
    there are no answers to another.
    """
    papers = {one.id: one for one in (record, *record.replaced)}
    for row in rows:
        if row.paper and (named := _id(row)) in papers:
            return papers[named]
    if kept is not None and kept.paper in papers and not any(isinstance(row, Submitted) for row in rows):
        return papers[kept.paper]
    return record


def rows_about(paper: Record, rows: Sequence[RowOf], refused: Refused) -> tuple[RowOf, ...]:
    """Return the rows about a paper: those without an id, too."""
    found = []
    others: dict[tuple[int, str], None] = {}  # a row of a table has an answer in each of several columns
    for row in rows:
        if not row.paper or _id(row) == paper.id:
            found.append(row)
        else:
            fault = (
                f"student {shown(row.student)}, column paper: expected {paper.id}, the paper of this student that is "
                f"marked here; got {shown(row.paper)}"
            )
            others[row.row, fault] = None
    refused += others
    return tuple(found)


def _id(row: AboutPart) -> str:
    try:
        return str(read_id(row.paper))
    except InputError:
        return row.paper
