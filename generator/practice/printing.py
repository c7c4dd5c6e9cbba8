"""What was practised as a PDF: the worksheet on paper, or its key.

All that is needed of TeX is imported here, and only when something is printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

from generator.document.keyless import without_key
from generator.document.nodes import Worksheet
from generator.paper.ids import PaperId
from generator.paper.paper import Paper, assemble
from generator.paper.sheet import Sheet
from generator.practice.attempts import Attempt
from generator.problem.draw import stream

NAME = "practice"
"""The sheet that the id in the foot belongs to; :mod:`generator.practice.printed` finds its papers again."""


def worksheet_pdf(attempts: Sequence[Attempt], title: str) -> bytes:
    """The problems to work on paper: one attempt's, or an exam's.

    Raises :class:`EngineError` where there is no TeX.
    """
    return _pdf(without_key(paper_of(attempts, title)[0].document))


def key_pdf(attempts: Sequence[Attempt], title: str) -> bytes:
    """The same with the solutions: it gives everything away."""
    return _pdf(paper_of(attempts, title)[0].document)


def paper_of(attempts: Sequence[Attempt], title: str) -> tuple[Paper, Sheet]:
    """What is printed of one attempt or of an exam, its id from the attempt's stream or the exam."""
    sheet = Sheet(NAME, title, tuple(attempt.entry for attempt in attempts))
    source = attempts[0].stream if len(attempts) == 1 else stream(attempts[0].exam or attempts[0].id)
    with ExitStack() as held:  # what solving finds on demand is kept with the variant, and marking finds it too
        for attempt in sorted({one.id: one for one in attempts}.values(), key=lambda one: one.id):
            held.enter_context(attempt.lock)
        return assemble(sheet, PaperId(sheet.code, source), tuple(attempt.variant for attempt in attempts)), sheet


def _pdf(document: Worksheet) -> bytes:
    from generator.render.renderer import FORMATS, renderer
    from generator.tex.pdf import compile_pdf, find_engine

    return compile_pdf(renderer(FORMATS["tex"]).document(document), find_engine()).content
