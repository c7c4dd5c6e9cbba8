"""A chunk of a class, made by one worker: papers, their PDFs, their files and their records.

Everything here can be sent to another process or machine: a job says what is wanted, a chunk whose papers, and
what was made comes back as records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from generator._version import __version__
from generator.classes.distinct import Drawn
from generator.classes.kept import Kept, head, kind_of
from generator.classes.students import Student
from generator.culprit import blaming_exercises, described
from generator.errors import EngineError, InputError, WorksheetError
from generator.files import Writer
from generator.generate import both_documents, latex_texts, text_files
from generator.identity import stream
from generator.json_text import to_line
from generator.manifest import paper_record, variant_digest
from generator.sheet import Sheet, read_sheet
from generator.sources import changed_sources
from generator.tex import pdf
from generator.tex.chunk import compile_class
from generator.worksheet import Paper, draw_variants, make_paper

HIDDEN = ".run"
"""The folder within the class's in which a run keeps what is not yet whole."""


@dataclass(frozen=True)
class Job:
    """What is made for every student of a run, and where.

    ``sheet`` is the TOML file's path and text, ``sources`` what its papers come from.  A worker that finds ``token`` in the folder shares it, and writes
    there; any other sends the files back.
    """

    sheet: tuple[str, str]
    seed: int
    formats: tuple[str, ...]
    engine: pdf.EngineName | None
    folder: str
    token: str
    sources: Mapping[str, str] = field(default_factory=dict)
    version: str = __version__

    @property
    def shares_folder(self) -> bool:
        """Whether this process sees the folder of the run."""
        try:
            return token_file(Path(self.folder)).read_text() == self.token
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class Seat:
    """A student, and how often her paper had to be drawn again."""

    student: Student
    again: int = 0


@dataclass
class Made:
    """What came of a chunk: a record a student, in their order, and the files where the folder is not shared.

    Of each record there is the line of the manifest and its head.  That of a student whose paper failed has a reason,
    ``failed``, and says no more than who yields to whom must know of it.
    """

    lines: list[bytes] = field(default_factory=list)
    heads: list[Kept] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, record: Mapping[str, Any]) -> None:
        """The next student's record."""
        self.lines.append(to_line(record))
        self.heads.append(head(record))


@dataclass
class Redrawn:
    """What came of drawing for some students: the papers, and for whom nothing could be drawn and why."""

    papers: list[Drawn] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)


def token_file(folder: Path) -> Path:
    """By this file a worker knows that it shares the folder of a run."""
    return folder / HIDDEN / "token"


@dataclass
class _Draft:
    """A paper on its way: its LaTeX by document and its files so far, or why it failed."""

    seat: Seat
    paper: Paper | None = None
    latex: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    failed: str = ""


def make_chunk(job: Job, seats: Sequence[Seat]) -> Made:
    """Make the papers of some students; one that fails does not keep the others from being made."""
    sheet = _sheet_of(job)
    made = Made()
    drafts = [_draft(sheet, job, seat) for seat in seats]
    if "pdf" in job.formats:
        _set([draft for draft in drafts if not draft.failed], job, made)
    with _delivery(job, made) as deliver:
        for draft in drafts:
            student = draft.seat.student
            named = {f"{student.file_stem}/{name}": content for name, content in draft.files.items()}
            record = _record(sheet, job, draft, named)
            made.add(record)
            if "failed" not in record:
                deliver(named)
    return made


@contextmanager
def _delivery(job: Job, made: Made) -> Iterator[Callable[[Mapping[str, bytes]], None]]:
    """Where a paper's files go: into the folder, or back with the records."""
    if not job.shares_folder:
        yield made.files.update
        return
    with Writer(Path(job.folder), Path(job.folder, HIDDEN)) as writer:

        def write(files: Mapping[str, bytes]) -> None:
            if not job.shares_folder:  # the run was killed, and another one has begun there
                raise InputError(f"another run has begun in {job.folder}", field="--out")
            writer.write(files)

        yield write


def _draft(sheet: Sheet, job: Job, seat: Seat) -> _Draft:
    try:
        paper = make_paper(sheet, job.seed, seat.student, seat.again)
        documents = both_documents(paper)
        with blaming_exercises(paper, sheet, job.formats):
            latex = latex_texts(documents, sheet) if {"tex", "pdf"} & {*job.formats} else {}
            return _Draft(seat, paper, latex, text_files(documents, sheet, job.formats, latex))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a problem file may raise anything; the others go on
        return _Draft(seat, failed=_reason(error))


def _set(drafts: Sequence[_Draft], job: Job, made: Made) -> None:
    """Have TeX set the drafts: all worksheets in one run, all keys in another; where the one fails, the other would too."""
    engine = pdf.find_engine(job.engine)
    warnings: dict[str, list[str]] = {}
    for stem in ("worksheet", "key"):
        left = [draft for draft in drafts if not draft.failed]
        documents = [(draft.seat.student.id, draft.latex[stem]) for draft in left]
        for draft, (_, done) in zip(left, compile_class(documents, engine), strict=True):
            if isinstance(done, EngineError):
                draft.failed = f"{stem}: {done}"
                continue
            place = draft.seat.student.file_stem
            draft.files[f"{stem}.pdf"] = done.content
            warnings.setdefault(place, []).extend(f"{place}/{stem}.pdf: {warning}" for warning in done.warnings)
    made.warnings += chain.from_iterable(warnings.values())


def _record(sheet: Sheet, job: Job, draft: _Draft, files: Mapping[str, bytes]) -> dict[str, Any]:
    """The record of a paper with these files, or of its failure."""
    seat = draft.seat
    if draft.paper is not None and not draft.failed:
        try:
            return paper_record(draft.paper, sheet.name, job.seed, files, seat.student, seat.again, job.sources)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - as in _draft
            draft.failed = _reason(error)
    return _failure(sheet, job, draft)


def _failure(sheet: Sheet, job: Job, draft: _Draft) -> dict[str, Any]:
    """The record of a paper that failed: if it could be drawn, others yield to it all the same."""
    seat = draft.seat
    record = {"student": {"id": seat.student.id}, "again": seat.again, "failed": draft.failed}
    try:
        variants = draft.paper.variants if draft.paper else draw_variants(sheet, _stream(job, seat))
        named = [(variant.problem.id, variant.level, variant_digest(variant)) for variant in variants]
    except (Exception, SystemExit):  # noqa: BLE001 - this, or the like of it, is why it failed
        named = []
    return record | {"problems": [{"id": one, "level": level, "canonical": digest} for one, level, digest in named]}


def draw_chunk(job: Job, seats: Sequence[Seat]) -> Redrawn:
    """What the students' papers would be, so that two alike can be told apart before they are made."""
    sheet = _sheet_of(job)
    redrawn = Redrawn()
    for seat in seats:
        try:
            variants = draw_variants(sheet, _stream(job, seat), f"seed {job.seed}, student {seat.student.id!r}")
            kinds = tuple((kind_of(variant.problem.id, variant.level), variant_digest(variant)) for variant in variants)
            redrawn.papers.append(Drawn(seat.student.id, seat.again, kinds))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - as in _draft
            redrawn.failures[seat.student.id] = _reason(error)
    return redrawn


def _stream(job: Job, seat: Seat) -> str:
    return stream(job.seed, seat.student.id, seat.again)


def _reason(error: BaseException) -> str:
    return str(error) if isinstance(error, WorksheetError) else described(error)


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
