"""A class's answers to fill in: a row a student and part, as ``worksheet grade`` reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.grading.answer_forms.asked import AskedSheet
from generator.paper.csv_files import csv_bytes
from generator.paper.csv_tables import spreadsheet_safe
from generator.paper.workbooks import workbook

HEADER = ("student", "name", "form", "paper", "problem", "part", "title", "how to type it", "answer")
_WIDTHS = (14, 24, 7, 17, 9, 10, 28, 34, 40)


def answers_table(asked: AskedSheet) -> Iterator[Sequence[str]]:
    """Yield the header and the rows; sentences, which a person marks on paper, have none.

    An empty answer says that there is none, so that a row for sentences would say that nothing was written.
    """
    yield HEADER
    for paper in asked.papers:
        student = paper.student
        for part in paper.parts:
            if part.kind != "essay":
                who = (student.id if student.name else "", student.name, student.form, paper.paper)
                yield (*who, str(part.place), part.label, part.title, part.how, "")


def answers_csv(asked: AskedSheet) -> bytes:
    """Return the table as CSV."""
    return csv_bytes(answers_table(asked))


def answers_workbook(asked: AskedSheet) -> bytes:
    """Return the table as XLSX, all of whose cells are texts."""
    rows = [[spreadsheet_safe(cell) for cell in row] for row in answers_table(asked)]
    return workbook("answers", rows, _WIDTHS)
