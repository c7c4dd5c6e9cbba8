"""A paper that nobody gets, made once in the server that workers are forked from: all of them find everything ready.

The tables that problems draw from, the compiled templates and whatever else is remembered take as long as fifty papers.
The server imports this module; which sheet it is to make a paper of, its environment says.
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
from generator.paper.sheet import Sheet, read_sheet
from generator.paper.students import Student

_TOLD = "PROBLEMWRIGHT_WARM_UP"


def specimen(sheet: Sheet, formats: Sequence[str]) -> str:
    """What the server is told; nothing of a sheet with problems or templates of its own.

    Whatever such a file does, it is to do to a worker: there is another one when that has died.
    """
    if sheet.templates is not None or any(entry.problem.source for entry in sheet.entries):
        return ""
    return json.dumps([str(sheet.path), sheet.text, *formats])


@contextmanager
def told(specimen: str) -> Iterator[None]:
    """Have a process that begins within know of the specimen."""
    os.environ[_TOLD] = specimen
    try:
        yield
    finally:
        del os.environ[_TOLD]


def _make(path: str, text: str, *formats: str) -> None:
    sheet = read_sheet(Path(path), text)
    student = Student("specimen", "A student")
    paper = make_paper(sheet, 1, student)
    documents = both_documents(paper)
    paper_record(paper, sheet.name, 1, text_files(documents, sheet, formats), student)


if os.environ.get(_TOLD):
    with suppress(Exception):  # whoever is to get a paper like it is told why it fails
        _make(*json.loads(os.environ[_TOLD]))
