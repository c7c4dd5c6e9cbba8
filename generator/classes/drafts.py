"""The papers of a chunk on their way: drawn, written down in all formats but PDF, and on record."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from generator.classes.job import Job, Seat
from generator.classes.patience import Limit, patience
from generator.collector import resting
from generator.culprit import blaming_exercises, described
from generator.document import Exercise, Worksheet
from generator.errors import WorksheetError
from generator.generate import Writing, both_documents, writings
from generator.identity import PaperId, stream
from generator.manifest import paper_record
from generator.problem import STAGES
from generator.sheet import Sheet
from generator.variant import Variant
from generator.worksheet import Paper, drawing, numbered, put_together, told_of


@dataclass
class Draft:
    """A paper on its way: what there is of it so far; or why it failed.

    In the end that is its record but for its files, and its texts and PDFs by the paths of their files; all else is let go.
    """

    seat: Seat
    failed: str = ""
    drawing: Iterator[Variant | None] = field(default_factory=lambda: iter(()))
    variants: list[Variant] = field(default_factory=list)
    exercises: list[Exercise] = field(default_factory=list)
    paper: Paper | None = None
    documents: dict[str, Worksheet] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    record: dict[str, Any] = field(default_factory=dict)
    pdfs: dict[str, bytes] = field(default_factory=dict)

    def files(self, formats: Collection[str]) -> dict[str, bytes]:
        """The contents of the files of these formats by their paths; drawings belong to the Markdown."""
        left_out = () if "tex" in formats else (".tex",)
        texts = {name: text.encode() for name, text in self.texts.items() if not name.endswith(left_out)}
        return texts | self.pdfs


def make_drafts(sheet: Sheet, job: Job, seats: Sequence[Seat]) -> list[Draft]:
    """The drafts of some students; one that fails does not keep the others from being made.

    Each step is taken for all of them in turn: a processor does the like again quicker than something else
    (docs/performance.md).
    """
    drafts = [Draft(seat) for seat in seats]
    with resting(), patience() as limit:
        for step in _steps(sheet, job):
            for draft in drafts:
                if not draft.failed:
                    _take(step, draft, limit)
    return drafts


Step: TypeAlias = Callable[[Draft], None]


def _take(step: Step, draft: Draft, limit: Limit) -> None:
    """Take a step; what goes wrong is why the draft fails: a problem file may raise anything, and the others go on."""
    try:
        with limit:
            step(draft)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - see above
        draft.failed = reason(error)


def _steps(sheet: Sheet, job: Job) -> Iterator[Step]:
    """All that is done to a draft."""
    places = range(1, len(sheet.entries) + 1)

    def begin(place: int, draft: Draft) -> None:
        student = draft.seat.student.id
        again = dict(draft.seat.redraws).get(place, 0)
        draft.drawing = drawing(sheet, place, stream(job.seed, student), again, told_of(job.seed, student))

    def go_on(draft: Draft) -> None:
        next(draft.drawing)

    def finish(draft: Draft) -> None:
        *_, variant = draft.drawing
        assert variant is not None
        draft.variants.append(variant)

    def ask(place: int, draft: Draft) -> None:
        draft.exercises.append(numbered(sheet, place, draft.variants[place - 1]))

    def put(draft: Draft) -> None:
        seat = draft.seat
        identity = PaperId(sheet.code, stream(job.seed, seat.student.id), seat.redraws)
        draft.paper = put_together(sheet, identity, draft.variants, draft.exercises, seat.student)
        draft.documents = both_documents(draft.paper)

    def write(writing: Writing, draft: Draft) -> None:
        assert draft.paper is not None
        with blaming_exercises(draft.paper, sheet, job.formats):
            draft.texts |= writing(draft.documents)

    def record(draft: Draft) -> None:
        assert draft.paper is not None
        draft.record = paper_record(draft.paper, sheet.name, job.seed, {}, draft.seat.student, job.sources)
        draft.variants, draft.exercises, draft.paper, draft.documents = [], [], None, {}

    for place in places:
        yield partial(begin, place)
        yield from [go_on] * STAGES
        yield finish
    yield from [partial(ask, place) for place in places]
    yield put
    yield from [partial(write, writing) for writing in writings(sheet, job.formats)]
    yield record


def reason(error: BaseException) -> str:
    """Why a paper failed, in a line."""
    return str(error) if isinstance(error, WorksheetError) else described(error)
