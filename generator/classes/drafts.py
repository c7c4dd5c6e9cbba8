"""The papers of a chunk: drawn, written down in all formats but PDF, and on record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import partial

from generator.classes.gc_pause import resting
from generator.classes.job import Job, Seat
from generator.classes.timeout import patience
from generator.errors import WorksheetError, describe_error
from generator.paper.generate import both_documents, exercise_context, writings
from generator.paper.ids import PaperId
from generator.paper.paper import Paper, assemble, draw_entry, label_of
from generator.paper.record import Record, paper_record
from generator.paper.sheet import Sheet
from generator.problem.draw import stream
from generator.problem.problem import Variant


@dataclass
class Draft:
    """A paper on its way; in the end its record but for its files, and its texts and PDFs by their paths; or why it failed."""

    seat: Seat
    failed: str = ""
    variants: list[Variant] = field(default_factory=list)
    paper: Paper | None = None
    texts: dict[str, str] = field(default_factory=dict)
    record: Record | None = None
    pdfs: dict[str, bytes] = field(default_factory=dict)

    def files(self, formats: Collection[str]) -> dict[str, bytes]:
        """The contents of the files of these formats by their paths; drawings belong to the Markdown."""
        left_out = () if "tex" in formats else (".tex",)
        texts = {name: text.encode() for name, text in self.texts.items() if not name.endswith(left_out)}
        return texts | self.pdfs


def make_drafts(sheet: Sheet, job: Job, seats: Sequence[Seat]) -> list[Draft]:
    """The drafts of some students; one that fails does not keep the others from being made.

    Each step is taken for all of them in turn: a processor does the like again quicker than something else.
    """
    drafts = [Draft(seat) for seat in seats]
    draws = [partial(_draw, sheet, job, place) for place in range(1, len(sheet.entries) + 1)]
    with resting(), patience() as limit:
        for step in (*draws, partial(_assemble, sheet, job), partial(_write, sheet, job), partial(_record, sheet, job)):
            for draft in drafts:
                if not draft.failed:
                    try:
                        with limit:
                            step(draft)
                    except (Exception, SystemExit) as error:  # noqa: BLE001 - a problem file may raise anything
                        draft.failed = reason(error)
    return drafts


def _draw(sheet: Sheet, job: Job, place: int, draft: Draft) -> None:
    student, again = draft.seat.student.id, dict(draft.seat.redraws).get(place, 0)
    draft.variants.append(draw_entry(sheet, place, stream(job.seed, student), again, label_of(job.seed, student)))


def _assemble(sheet: Sheet, job: Job, draft: Draft) -> None:
    seat = draft.seat
    identity = PaperId(sheet.code, stream(job.seed, seat.student.id), seat.redraws)
    draft.paper = assemble(sheet, identity, draft.variants, seat.student)


def _write(sheet: Sheet, job: Job, draft: Draft) -> None:
    assert draft.paper is not None
    documents = both_documents(draft.paper)
    with exercise_context(draft.paper, sheet, job.formats):
        for write in writings(sheet, job.formats):
            draft.texts |= write(documents)


def _record(sheet: Sheet, job: Job, draft: Draft) -> None:
    assert draft.paper is not None
    draft.record = paper_record(draft.paper, sheet.name, job.seed, {}, draft.seat.student, job.sources)
    draft.variants, draft.paper = [], None


def reason(error: BaseException) -> str:
    """Why a paper failed, in a line."""
    return str(error) if isinstance(error, WorksheetError) else describe_error(error)
