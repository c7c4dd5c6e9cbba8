"""A chunk of a class, made by one worker: papers, their PDFs, their files and their records, which it sends back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path

from generator import __version__
from generator.classes.distinct import Drawn
from generator.classes.drafts import Draft, make_drafts, reason
from generator.classes.job import HIDDEN, Job, Seat
from generator.classes.summary import Summary, summary
from generator.classes.timeout import patience
from generator.errors import EngineError, InputError
from generator.paper.files import Writer
from generator.paper.generate import STEMS
from generator.paper.paper import draw_entry
from generator.paper.record import ProblemRecord, Recipient, Record, hashes, record_line, variant_digest
from generator.paper.sheet import Sheet, read_sheet
from generator.paper.sources import changed_sources
from generator.problem.draw import stream
from generator.tex import pdf
from generator.tex.chunk import compile_class


@dataclass
class Made:
    """What came of a chunk: a record a student, in their order, and the files where the folder is not shared.

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


@dataclass
class Redrawn:
    """What came of drawing problems: those drawn, and for which students one could not be drawn and why."""

    problems: list[Drawn] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)


def make_chunk(job: Job, seats: Sequence[Seat]) -> Made:
    """Make the papers of some students; one that fails does not keep the others from being made."""
    sheet = _sheet_of(job)
    made = Made()
    drafts = make_drafts(sheet, job, seats)
    if "pdf" in job.formats:
        _set([draft for draft in drafts if not draft.failed], job, made)
    files: dict[str, bytes] = {}
    for draft in drafts:
        student = draft.seat.student
        if draft.failed:
            made.add(_failure(sheet, job, draft))
            continue
        named = {f"{student.file_stem}/{name}": content for name, content in draft.files(job.formats).items()}
        assert draft.record is not None
        draft.record.files = hashes(named)
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


def _set(drafts: Sequence[Draft], job: Job, made: Made) -> None:
    """Have TeX set the drafts: all worksheets in one run, all keys in another; where the one fails, the other would too."""
    engine = pdf.find_engine(job.engine)
    warnings: dict[str, list[str]] = {}
    for stem in STEMS:
        left = [draft for draft in drafts if not draft.failed]
        documents = [(draft.seat.student.id, draft.texts[f"{stem}.tex"]) for draft in left]
        for draft, (_, done) in zip(left, compile_class(documents, engine), strict=True):
            if isinstance(done, EngineError):
                draft.failed = f"{stem}: {done}"
                continue
            place = draft.seat.student.file_stem
            draft.pdfs[f"{stem}.pdf"] = done.content
            warnings.setdefault(place, []).extend(f"{place}/{stem}.pdf: {warning}" for warning in done.warnings)
    made.warnings += chain.from_iterable(warnings.values())


def _failure(sheet: Sheet, job: Job, draft: Draft) -> Record:
    """The record of a paper that failed: where a problem could be drawn, others yield to it all the same."""
    seat = draft.seat
    again = dict(seat.redraws)
    problems = [
        ProblemRecord(
            id=entry.problem.id,
            params={},
            values={},
            answers={},
            level=entry.level,
            canonical=_digest(sheet, job, seat.student.id, place, again.get(place, 0)),
            again=again.get(place, 0),
        )
        for place, entry in enumerate(sheet.entries, start=1)
    ]
    return Record(
        sheet=sheet.name,
        seed=job.seed,
        id="",
        version=__version__,
        student=Recipient(seat.student.id, "", "", ""),
        failed=draft.failed,
        files={},
        problems=problems,
    )


def _digest(sheet: Sheet, job: Job, student: str, place: int, again: int) -> str:
    try:
        with patience() as limit, limit:
            return variant_digest(draw_entry(sheet, place, stream(job.seed, student), again))
    except (Exception, SystemExit):  # noqa: BLE001 - this, or the like of it, is why the paper failed
        return ""


def draw_chunk(job: Job, wanted: Sequence[Drawn]) -> Redrawn:
    """What the students would have in some places of their papers, drawn ``again`` as often as is wanted."""
    sheet = _sheet_of(job)
    redrawn = Redrawn()
    for one in wanted:
        told = f"seed {job.seed}, student {one.student!r}, drawn again {one.again} times"
        try:
            with patience() as limit, limit:
                variant = draw_entry(sheet, one.place, stream(job.seed, one.student), one.again, told)
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
    sheet = _sheet(*job.sheet, job.token)
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
