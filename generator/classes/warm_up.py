"""A paper that nobody gets, made once in the server that workers are forked from, so that all of them find everything ready.

The tables that problems draw from, the compiled templates and whatever else is cached take as long as fifty papers.
The server imports this module; an environment variable says which sheet it makes a paper of.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from generator.paper.generate import both_documents, text_files
from generator.paper.paper import make_paper
from generator.paper.record import paper_record
from generator.paper.sheet import Sheet
from generator.paper.sheet_file import read_sheet
from generator.paper.students import Student

_VARIABLE = "PROBLEMWRIGHT_WARM_UP"


def warm_up_task(sheet: Sheet, formats: Sequence[str]) -> str:
    """Return what the server is to make, as text; nothing for a sheet with problems or templates of its own.

    Whatever such a file does, it may do only to a worker, which can be replaced.
    """
    if sheet.templates is not None or any(entry.problem.source for entry in sheet.entries):
        return ""
    return json.dumps([str(sheet.path), sheet.text, *formats])


@contextmanager
def announced(task: str) -> Iterator[None]:
    """Announce the warm-up to a process that starts within."""
    os.environ[_VARIABLE] = task
    try:
        yield
    finally:
        del os.environ[_VARIABLE]


def _make(path: str, text: str, *formats: str) -> None:
    sheet = read_sheet(Path(path), text)
    student = Student("warm-up", "A student")
    paper = make_paper(sheet, 1, student)
    documents = both_documents(paper, formats)
    paper_record(paper, sheet.name, 1, text_files(documents, sheet, formats), student)


if os.environ.get(_VARIABLE):
    with suppress(Exception):  # the papers that are really made report why they fail
        _make(*json.loads(os.environ[_VARIABLE]))
