"""A chunk of a class, made by one worker: papers, their PDFs, their files and their records.

Everything here can be sent to another process or machine: a job says what is wanted, a chunk whose papers, and
what was made comes back as records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from generator import pdf
from generator.distinct import Drawn
from generator.errors import EngineError, WorksheetError
from generator.files import write_files
from generator.generate import both_documents, latex_texts, text_files
from generator.identity import stream
from generator.manifest import paper_record, variant_digest
from generator.pdf_chunk import compile_class
from generator.roster import Student
from generator.sheet import Sheet, read_sheet
from generator.worksheet import Paper, draw_variants, make_paper

HIDDEN = ".run"
"""The folder within the class's in which a run keeps what is not yet whole."""


@dataclass(frozen=True)
class Job:
    """What is made for every student of a run, and where.

    ``sheet`` is the TOML file's path and text.  A worker that finds ``token`` in the folder shares it, and writes
    there; any other sends the files back.
    """

    sheet: tuple[str, str]
    seed: int
    formats: tuple[str, ...]
    engine: pdf.EngineName | None
    folder: str
    token: str

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
    """What came of a chunk: a record for each paper, what failed, and the files where the folder is not shared."""

    records: list[dict[str, Any]] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)


def token_file(folder: Path) -> Path:
    """By this file a worker knows that it shares the folder of a run."""
    return folder / HIDDEN / "token"


@dataclass
class _Draft:
    """A paper on its way: its LaTeX by document, and its files so far."""

    seat: Seat
    paper: Paper
    latex: dict[str, str]
    files: dict[str, bytes]


def make_chunk(job: Job, seats: Sequence[Seat]) -> Made:
    """Make the papers of some students; one that fails does not keep the others from being made."""
    sheet = _sheet(*job.sheet)
    made = Made()
    drafts = list(_drafts(sheet, job, seats, made))
    if "pdf" in job.formats:
        drafts = list(_with_pdfs(drafts, job, made))
    shared = job.shares_folder
    for draft in drafts:
        student = draft.seat.student
        named = {f"{student.file_stem}/{name}": content for name, content in draft.files.items()}
        made.records.append(paper_record(draft.paper, sheet.name, job.seed, named, student, draft.seat.again))
        if shared:
            write_files(Path(job.folder), named, staging=Path(job.folder, HIDDEN))
        else:
            made.files |= named
    return made


def _drafts(sheet: Sheet, job: Job, seats: Iterable[Seat], made: Made) -> Iterator[_Draft]:
    for seat in seats:
        try:
            paper = make_paper(sheet, job.seed, seat.student, seat.again)
            documents = both_documents(paper)
            latex = latex_texts(documents, sheet) if {"tex", "pdf"} & {*job.formats} else {}
            yield _Draft(seat, paper, latex, text_files(documents, sheet, job.formats, latex))
        except WorksheetError as error:
            made.failures.append((seat.student.id, str(error)))
        except Exception as error:  # noqa: BLE001 - a problem file may raise anything; the others go on
            made.failures.append((seat.student.id, f"{type(error).__name__}: {error}"))


def _with_pdfs(drafts: Sequence[_Draft], job: Job, made: Made) -> Iterator[_Draft]:
    """The drafts that TeX could set, with their PDFs: all worksheets in one run, all keys in another."""
    engine = pdf.find_engine(job.engine)
    set_: dict[str, dict[str, pdf.Pdf | EngineError]] = {
        stem: dict(compile_class([(draft.seat.student.id, draft.latex[stem]) for draft in drafts], engine))
        for stem in ("worksheet", "key")
    }
    for draft in drafts:
        student = draft.seat.student.id
        errors = [f"{stem}: {error}" for stem, all_ in set_.items() if isinstance(error := all_[student], EngineError)]
        if errors:
            made.failures.append((student, "; ".join(errors)))
            continue
        for stem, all_ in set_.items():
            done = all_[student]
            assert isinstance(done, pdf.Pdf)
            draft.files[f"{stem}.pdf"] = done.content
            made.warnings += [f"{draft.seat.student.file_stem}/{stem}.pdf: {warning}" for warning in done.warnings]
        yield draft


def draw_chunk(job: Job, seats: Sequence[Seat]) -> list[Drawn]:
    """What the students' papers would be, so that two alike can be told apart before they are made."""
    sheet = _sheet(*job.sheet)
    drawn = []
    for seat in seats:
        variants = draw_variants(sheet, stream(job.seed, seat.student.id, seat.again))
        kinds = tuple((kind_of(variant.problem.id, variant.level), variant_digest(variant)) for variant in variants)
        drawn.append(Drawn(seat.student.id, seat.again, kinds))
    return drawn


def kind_of(problem: str, level: str) -> str:
    """A problem at a level, as messages name it."""
    return problem if level == "standard" else f"{problem} ({level})"


@lru_cache(maxsize=8)
def _sheet(path: str, text: str) -> Sheet:
    return read_sheet(Path(path), text)
