"""A chunk of a class, made by one worker: papers are drawn, rendered, set by TeX and put on record, and the records sent back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path

from generator import __version__
from generator.classes.distinct import Drawn, Redrawn
from generator.classes.gc_pause import gc_paused
from generator.classes.plan import HIDDEN, Assignment, Job
from generator.classes.summary import Summary, summary
from generator.errors import EngineError, InputError, WorksheetError, describe_error
from generator.errors.language import using
from generator.paper.companions import images, tex_files
from generator.paper.files import Writer
from generator.paper.generate import STEMS, both_documents, exercise_context, writings
from generator.paper.needs import DOCX, formats_for
from generator.paper.origin import Origin
from generator.paper.paper import Paper, assemble, draw_entry, label_of, settled
from generator.paper.record import (
    ProblemRecord,
    Recipient,
    Record,
    hashes,
    paper_record,
    read_record,
    record_line,
    variant_digest,
)
from generator.paper.sheet import Sheet
from generator.paper.sheet_file import read_sheet
from generator.paper.sources import changed_sources
from generator.paper.timeout import time_limit
from generator.paper.word import WordFile, word_files
from generator.problem.problem import Variant
from generator.render.author_signs import for_engine
from generator.render.pictures import picture_files
from generator.tex import pdf
from generator.tex.chunk import compile_class
from generator.tex.pdf import Pdf


@dataclass
class Draft:
    """A paper on its way; in the end its record but for its files, and its texts, PDFs and files for Word by their paths; or why it failed.

    ``pictures`` are those beside the texts, ``printed`` those that TeX needs.
    """

    assignment: Assignment
    failed: str = ""
    variants: list[Variant] = field(default_factory=list)
    paper: Paper | None = None
    formats: tuple[str, ...] = ()
    texts: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    printed: dict[str, bytes] = field(default_factory=dict)
    record: Record | None = None
    converted: dict[str, bytes] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def files(self) -> dict[str, bytes]:
        """The contents of the files by their paths; drawings belong to the Markdown."""
        left_out = () if "tex" in self.formats else (".tex", ".sty")
        texts = {name: text.encode() for name, text in self.texts.items() if not name.endswith(left_out)}
        return texts | self.pictures | self.converted

    def keep(self, files: Mapping[str, Pdf | WordFile]) -> None:
        """Keep files that another program made from the texts, and what it warned of."""
        place = self.assignment.student.file_stem
        self.converted |= {name: one.content for name, one in files.items()}
        self.warnings += (f"{place}/{name}: {warning}" for name, one in files.items() for warning in one.warnings)


def make_drafts(sheet: Sheet, job: Job, assignments: Sequence[Assignment]) -> list[Draft]:
    """The drafts of some students; one that fails does not keep the others from being made.

    Each step is taken for all of them in turn: a processor does the like again quicker than something else.
    """
    drafts = [Draft(one, formats=formats_for(one.student.needs, job.formats)) for one in assignments]
    draws = [partial(_draw, sheet, job, place) for place in range(1, sheet.length + 1)]
    with gc_paused(), using(sheet.language), for_engine(job.engine), time_limit() as limit:
        for step in (
            *draws,
            partial(_settle, sheet),
            partial(_assemble, sheet),
            partial(_render, sheet, job),
            partial(_record, sheet, job),
        ):
            for draft in drafts:
                if not draft.failed:
                    try:
                        with limit:
                            step(draft)
                    except (Exception, SystemExit) as error:  # noqa: BLE001 - a problem file may raise anything
                        draft.failed = reason(error)
    return drafts


def _draw(sheet: Sheet, job: Job, place: int, draft: Draft) -> None:
    student, origin = draft.assignment.student.id, draft.assignment.origin
    again = dict(origin.redraws).get(place, 0)
    draft.variants.append(draw_entry(sheet, place, origin.stream, again, label_of(job.seed, student)))


def _settle(sheet: Sheet, draft: Draft) -> None:
    draft.variants[:] = settled(sheet.for_paper(draft.assignment.origin.stream), draft.variants)


def _assemble(sheet: Sheet, draft: Draft) -> None:
    draft.paper = assemble(sheet, draft.assignment.origin, draft.variants, draft.assignment.student)


def _render(sheet: Sheet, job: Job, draft: Draft) -> None:
    assert draft.paper is not None
    documents = both_documents(draft.paper, draft.formats)
    with exercise_context(draft.paper, sheet, draft.formats):
        for write in writings(sheet, draft.formats):
            draft.texts |= write(documents)
        draft.pictures = picture_files(documents.values(), draft.texts, draft.formats)
        draft.printed = picture_files(documents.values(), draft.texts, ["tex"] if "pdf" in draft.formats else [])
        if DOCX in draft.formats:
            draft.keep(word_files(documents, sheet, job.engine))


def _record(sheet: Sheet, job: Job, draft: Draft) -> None:
    assert draft.paper is not None
    draft.record = paper_record(draft.paper, sheet.name, job.seed, {}, draft.assignment.student, job.sources)
    draft.record.options = dict(sheet.overrides)
    draft.record.replaced = [read_record(one.encode()) for one in draft.assignment.replaced]
    draft.variants, draft.paper = [], None


def reason(error: BaseException) -> str:
    """Why a paper failed, in a line."""
    return str(error) if isinstance(error, WorksheetError) else describe_error(error)


@dataclass
class Made:
    """The result of a chunk: a record a student, in their order, and the files where the folder is not shared.

    Of each record there is the line of the manifest and its head.  That of a student whose paper failed has a reason,
    ``failed``, and says no more than who yields to whom must know of it.
    """

    lines: list[bytes] = field(default_factory=list)
    summaries: list[Summary] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        """The next student's record."""
        self.lines.append(record_line(record))
        self.summaries.append(summary(record))


def make_chunk(job: Job, assignments: Sequence[Assignment]) -> Made:
    """Make the papers of some students; one that fails does not keep the others from being made."""
    sheet = _sheet_of(job)
    made = Made()
    drafts = make_drafts(sheet, job, assignments)
    with_pdf = [draft for draft in drafts if not draft.failed and "pdf" in draft.formats]
    if with_pdf:
        _set(with_pdf, job, tex_files(sheet))
    files: dict[str, bytes] = {}
    for draft in drafts:
        student = draft.assignment.student
        if draft.failed:
            made.add(_failure(sheet, job, draft))
            continue
        contents = draft.files() | images(sheet, draft.formats)
        named = {f"{student.file_stem}/{name}": content for name, content in contents.items()}
        made.warnings += draft.warnings
        assert draft.record is not None
        draft.record.files = hashes(named)
        draft.record.engine = job.engine or ""
        made.add(draft.record)
        files |= named
    if job.shares_folder:
        _write(job, files)
    else:
        made.files = files
    return made


def _write(job: Job, files: Mapping[str, bytes]) -> None:
    """Write a chunk's files into the folder, unless another run has begun there since."""
    with Writer(Path(job.folder), Path(job.folder, HIDDEN)) as writer:
        writer.stage(files)
        if not job.shares_folder:  # this run was killed
            raise InputError(f"another run has begun in {job.folder}", field="--out")
        writer.place()


def _set(drafts: Sequence[Draft], job: Job, files: Mapping[str, str | bytes]) -> None:
    """Have TeX set the drafts: all worksheets in one run, all keys in another; where the one fails, the other would too."""
    engine = pdf.find_engine(job.engine)
    for stem in STEMS:
        left = [draft for draft in drafts if not draft.failed]
        read: dict[str, str | bytes] = {
            **files,
            **{name: content for draft in left for name, content in draft.printed.items()},
        }
        documents = [(draft.assignment.student.id, draft.texts[f"{stem}.tex"]) for draft in left]
        for draft, (_, done) in zip(left, compile_class(documents, engine, files=read), strict=True):
            if isinstance(done, EngineError):
                draft.failed = f"{stem}: {done}"
                continue
            draft.keep({f"{stem}.pdf": done})


def _failure(sheet: Sheet, job: Job, draft: Draft) -> Record:
    """The record of a paper that failed: where a problem could be drawn, others yield to it all the same."""
    assignment = draft.assignment
    again = dict(assignment.redraws)
    problems = [
        ProblemRecord(
            id=entry.problem.id,
            params={},
            values={},
            answers={},
            level=entry.level,
            canonical=_digest(sheet, assignment.origin.stream, place, again.get(place, 0)),
            again=again.get(place, 0),
        )
        for place, entry in enumerate(sheet.for_paper(assignment.origin.stream).entries, start=1)
    ]
    return Record(
        sheet=sheet.name,
        seed=job.seed,
        id="",
        version=__version__,
        student=Recipient(assignment.student.id, "", "", ""),
        failed=draft.failed,
        files={},
        problems=problems,
    )


def _digest(sheet: Sheet, source: str, place: int, again: int) -> str:
    try:
        with time_limit() as limit, limit:
            return variant_digest(draw_entry(sheet, place, source, again))
    except (Exception, SystemExit):  # noqa: BLE001 - this, or the like of it, is why the paper failed
        return ""


def draw_chunk(job: Job, wanted: Sequence[tuple[Drawn, Origin]]) -> Redrawn:
    """Draw the problems in some places of students' papers, from their origins, each ``again`` as often as it says."""
    sheet = _sheet_of(job)
    redrawn = Redrawn()
    for one, origin in wanted:
        label = f"seed {job.seed}, student {one.student!r}, drawn again {one.again} times"
        try:
            with time_limit() as limit, limit:
                variant = draw_entry(sheet, one.place, origin.stream, one.again, label)
            redrawn.problems.append(replace(one, digest=variant_digest(variant)))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - as with drafts
            redrawn.failures[one.student] = reason(error)
    return redrawn


def _sheet_of(job: Job) -> Sheet:
    if job.version != __version__:
        raise InputError(
            f"a worker has version {__version__}, and the run is of version {job.version}: install the same on both",
            field="--cluster",
        )
    sheet = _sheet(*job.sheet, job.token).overridden(job.options).with_places(job.places)
    changed = changed_sources(job.sources, sheet.sources)
    if changed:
        raise InputError(
            f"{', '.join(changed)} is not what the run began with: it was changed meanwhile, or a worker of a cluster "
            "sees another one; see that all have the same, and give the command again"
        )
    return sheet


@lru_cache(maxsize=8)
def _sheet(path: str, text: str, _: str) -> Sheet:
    return read_sheet(Path(path), text)
