"""Attempts and exams on paper: their PDFs, and a printed paper found again by the id in its foot.

The id of an attempt's paper holds the stream that its variant was drawn from, that of an exam's paper a digest of the exam.
Which problem, level and parts they are is known from the progress file; a paper of a single attempt can also be drawn again
without it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from generator.document.keyless import without_key
from generator.document.nodes import Worksheet
from generator.document.page_style import PageStyle
from generator.errors import InputError
from generator.errors.language import current, phrase
from generator.paper.ids import PaperId
from generator.paper.origin import Origin
from generator.paper.paper import Paper, assemble, draw_entries
from generator.paper.rebuild import Found
from generator.paper.sheet import Entry, Sheet
from generator.practice.attempts import Attempt
from generator.practice.engine import Practice
from generator.practice.exam import Exams
from generator.practice.store.database import Store
from generator.problem.catalogue import catalogue
from generator.problem.draw import stream

SHEET = "practice"
"""The name of the sheet that the papers' ids belong to."""


def worksheet_pdf(attempts: Sequence[Attempt], title: str) -> bytes:
    """Return the problems of an attempt or an exam as a PDF; raise :class:`EngineError` where there is no TeX."""
    return _pdf(without_key(paper_of(attempts, title)[0].document))


def key_pdf(attempts: Sequence[Attempt], title: str) -> bytes:
    """Return the same with the solutions."""
    return _pdf(paper_of(attempts, title)[0].document)


def paper_of(attempts: Sequence[Attempt], title: str) -> tuple[Paper, Sheet]:
    """Return the paper of one attempt or of an exam, and its sheet."""
    sheet = Sheet(SHEET, title, tuple(attempt.entry for attempt in attempts), style=PageStyle(language=current().code))
    source = attempts[0].stream if len(attempts) == 1 else stream(attempts[0].exam or attempts[0].id)
    origin = Origin(PaperId(sheet.code, source), source)
    return assemble(sheet, origin, tuple(attempt.variant for attempt in attempts)), sheet


def _pdf(document: Worksheet) -> bytes:
    from generator.render.pictures import picture_files
    from generator.render.renderer import FORMATS, renderer
    from generator.tex.pdf import compile_pdf, find_engine

    latex = renderer(FORMATS["tex"])
    text = latex.document(document)
    files: dict[str, str | bytes] = {**latex.companions, **picture_files([document], {"tex": text}, ["tex"])}
    return compile_pdf(text, find_engine(), files=files).content


# ------------------------------------------------------------------------------------- finding a paper


def find_printed(paper_id: PaperId, progress: Path, *, now: Callable[[], float] = time.time) -> Found | None:
    """Return the paper if it was printed from this progress file; None if not, or if there is no such file.

    Raise :class:`InputError` where its key would give away what is not finished, and :class:`StoreError` for a file that
    cannot be used.
    """
    if not progress.is_file():
        return None
    with Store(progress) as store:
        for paper, sheet, is_finished in _papers(Practice(store, now=now), paper_id.stream):
            if sheet.code == paper_id.sheet:
                if not is_finished:
                    raise InputError(
                        phrase("practice.paper_not_finished", paper=paper_id),
                        field="ID",
                    )
                return Found(paper, sheet, progress)
    return None


def _papers(practice: Practice, source: str) -> Iterator[tuple[Paper, Sheet, bool]]:
    """Yield the papers of this stream, the latest first, each with whether it is finished."""
    exams = Exams(practice)
    for row in practice.store.all("SELECT id FROM attempts WHERE stream = ? ORDER BY started DESC, rowid DESC", source):
        attempt = practice.load(row["id"])
        if attempt.exam is not None:
            is_finished = exams.load(attempt.exam).is_over
        else:
            is_finished = practice.state(attempt).may_see_key
        yield *paper_of([attempt], attempt.problem.heading), is_finished
    for row in practice.store.all("SELECT id FROM exams ORDER BY started DESC, rowid DESC"):
        if stream(row["id"]) == source:
            exam = exams.load(row["id"])
            yield *paper_of(exam.attempts, phrase("practice.exam")), exam.is_over


def draw_printed(paper_id: PaperId) -> Found:
    """Draw the paper of one attempt again from its id; raise :class:`InputError` if the id fits none, or several."""
    found = [sheet for sheet in _possible_sheets() if paper_id.is_public and sheet.code == paper_id.sheet]
    if len(found) != 1:
        raise InputError(
            f"{paper_id} cannot be drawn again from the id alone: an exam's paper, or one of a problem in a file of its own, is found in "
            "the progress it was printed from, named with --data",
            field="ID",
        )
    sheet = found[0]
    origin = Origin(paper_id, paper_id.stream)
    return Found(assemble(sheet, origin, draw_entries(sheet, origin.stream)), sheet, None)


def _possible_sheets() -> Iterator[Sheet]:
    for problem in catalogue().values():
        for level in problem.levels:
            for guided in (False, True):
                yield Sheet(SHEET, problem.title, (Entry(problem, guided=guided, level=level),))
