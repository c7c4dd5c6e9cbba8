"""The papers of a chunk on their way: drawn, written down in all formats but PDF, and on record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from generator.classes.patience import patience
from generator.culprit import blaming_exercises, described
from generator.errors import WorksheetError
from generator.generate import both_documents, latex_texts, text_files
from generator.identity import PaperId, stream
from generator.manifest import paper_record
from generator.sheet import Sheet
from generator.variant import Variant
from generator.worksheet import assemble, draw_variant, told_of

if TYPE_CHECKING:
    from generator.classes.chunk import Job, Seat


@dataclass
class Draft:
    """A paper on its way: its variants; then its record but for its files, its LaTeX, and its files so far; or why it failed.

    The paper itself is let go: what of a chunk lives long, Python's collector of cycles searches again and again.
    """

    seat: Seat
    variants: list[Variant] = field(default_factory=list)
    record: dict[str, Any] = field(default_factory=dict)
    latex: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    failed: str = ""


def make_drafts(sheet: Sheet, job: Job, seats: Sequence[Seat]) -> list[Draft]:
    """The drafts of some students; one that fails does not keep the others from being made."""
    drafts = [Draft(seat) for seat in seats]
    _draw(sheet, job, drafts)
    for draft in drafts:
        if not draft.failed:
            with _failing(draft):
                _write_down(sheet, job, draft)
    return drafts


@contextmanager
def _failing(draft: Draft) -> Iterator[None]:
    """What goes wrong within is why the draft fails: a problem file may raise anything, and the others go on."""
    try:
        with patience():
            yield
    except (Exception, SystemExit) as error:  # noqa: BLE001 - see above
        draft.failed = reason(error)


def _draw(sheet: Sheet, job: Job, drafts: Sequence[Draft]) -> None:
    """Draw each problem for all students in turn: a processor does the like quicker again than something else in between."""
    for place in range(1, len(sheet.entries) + 1):
        for draft in drafts:
            if not draft.failed:
                with _failing(draft):
                    again = dict(draft.seat.redraws).get(place, 0)
                    draft.variants.append(variant_of(sheet, job, draft.seat.student.id, place, again))


def _write_down(sheet: Sheet, job: Job, draft: Draft) -> None:
    seat = draft.seat
    identity = PaperId(sheet.code, stream(job.seed, seat.student.id), seat.redraws)
    paper = assemble(sheet, identity, tuple(draft.variants), seat.student)
    draft.variants.clear()
    documents = both_documents(paper)
    with blaming_exercises(paper, sheet, job.formats):
        draft.latex = latex_texts(documents, sheet) if {"tex", "pdf"} & {*job.formats} else {}
        draft.files = text_files(documents, sheet, job.formats, draft.latex)
    draft.record = paper_record(paper, sheet.name, job.seed, {}, seat.student, job.sources)


def variant_of(sheet: Sheet, job: Job, student: str, place: int, again: int) -> Variant:
    """What a student has in a place of her paper, drawn ``again`` so often."""
    return draw_variant(sheet, place, stream(job.seed, student), again, told_of(job.seed, student))


def reason(error: BaseException) -> str:
    """Why a paper failed, in a line."""
    return str(error) if isinstance(error, WorksheetError) else described(error)
