"""A whole class in one run: who gets which paper, made by many hands, stopped and continued at will.

A run is a sequence of chunks.  Each is made whole, its files moved into place, and its records kept in a part of
their own within ``.run``; the manifest is put together from the parts at the very end.  Whatever interrupts a run,
the same command finds the parts and goes on.  Chunks depend on the class alone, so that neither the number of
workers nor an interruption can be seen in the files.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b
from pathlib import Path

from generator._version import __version__
from generator.classes import distinct
from generator.classes.binding import HASHES, KEYS, NOT_BOUND, WORKSHEETS, Binding, bind_class
from generator.classes.chunk import HIDDEN, Job, Made, Seat, draw_chunk, make_chunk
from generator.classes.distinct import Drawn
from generator.classes.folder import ClassFolder, Plan, run_in
from generator.classes.kept import Kept, head, read_part
from generator.classes.specimen import specimen
from generator.classes.students import Student, file_stems
from generator.classes.workers import Hands
from generator.errors import InputError
from generator.fairness.records import INDEX, RECORDS, REPORT
from generator.generate import MANIFEST
from generator.identity import PaperId, stream
from generator.sheet import Sheet
from generator.tables import spreadsheet_safe
from generator.tex import pdf

_OUR_NAMES = {RECORDS, INDEX, WORKSHEETS, KEYS, HASHES, REPORT, MANIFEST}
LARGEST_CHUNK, LEAST_CHUNKS = 50, 8
MOST_NAMED = 8

Progress = Callable[[int], None]
"""Told how many more papers are made."""


@dataclass(frozen=True)
class ClassWritten:
    """What came of a run: the papers made, those that failed (student's id, reason), and what is to be said."""

    folder: Path
    papers: int
    failures: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    """What is wanted: a sheet for some students, in some formats, in a folder."""

    sheet: Sheet
    seed: int
    students: tuple[Student, ...]
    formats: tuple[str, ...]
    folder: Path
    engine: pdf.EngineName | None = None
    binding: Binding = NOT_BOUND

    @property
    def digest(self) -> str:
        """Equal for two orders that lead to the same bytes."""
        sheet = self.sheet
        sources = [(name, path.read_bytes()) for name, path in _sources(sheet)]
        what = (__version__, sheet.name, sheet.text, sources, self.seed, self.students, self.formats, self.engine)
        return blake2b(repr(what).encode(), digest_size=16).hexdigest()


def generate_class(order: Order, hands: Hands, progress: Progress | None = None) -> ClassWritten:
    """Make a worksheet and a key for every student, each in a folder of her own within the order's.

    Goes on where an earlier run of the same order stopped.  Raises :class:`InputError` when the folder holds another
    run, cannot be written to or is full, and :class:`WorkerError` when worker after worker dies.
    """
    if "pdf" in order.formats:
        pdf.find_engine(order.engine)
    stems = _stems(order.students)
    try:
        plan = Plan(order.sheet.name, order.seed, order.digest, tuple(stems.values()))
        with run_in(order.folder, plan) as folder, hands.hired(specimen(order.sheet, order.formats)):
            return _Run(order, plan, folder, hands, progress or _nobody_watches).make()
    except OSError as error:
        what = f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
        raise InputError(
            f"cannot go on in {order.folder} ({what}): mend it, and give the same command again to go on", field="--out"
        ) from error


def _stems(students: Iterable[Student]) -> dict[str, str]:
    """Every student has a folder of her own, which no file of the run is called like."""
    stems = file_stems(students)
    for student, stem in stems.items():
        if stem.lower() in _OUR_NAMES:
            raise InputError(f"the id {student} is the name of a file that a run writes; give the student another id")
    return stems


def _nobody_watches(_: int) -> None:
    pass


def _sources(sheet: Sheet) -> Iterator[tuple[str, Path]]:
    """The files beside the sheet that its papers depend on."""
    yield from (("", Path(entry.problem.source)) for entry in sheet.entries if entry.problem.source)
    templates = sheet.templates
    if templates is not None:
        files = sorted(path for path in templates.rglob("*") if path.is_file())
        yield from ((path.relative_to(templates).as_posix(), path) for path in files)


class _Run:
    """One run, from its parts to its manifest."""

    def __init__(self, order: Order, plan: Plan, folder: ClassFolder, hands: Hands, progress: Progress) -> None:
        self._order = order
        self._stems = dict(zip((student.id for student in order.students), plan.folders, strict=True))
        self._folder = folder
        self._hands = hands
        self._progress = progress
        self._job = Job(
            sheet=(str(order.sheet.path), order.sheet.text),
            seed=order.seed,
            formats=order.formats,
            engine=order.engine,
            folder=str(order.folder.resolve()),
            token=plan.token,
        )
        self._heads: dict[Path, list[Kept]] = {}
        self._kept: dict[str, int] = {}
        self._undrawn: dict[str, str] = {}
        self._warnings: list[str] = []
        self._notices: list[str] = []

    def make(self) -> ClassWritten:
        self._kept = self._papers_to_keep()
        first = self._parts("first", [Seat(student) for student in self._order.students])
        again = self._parts("again", self._yielding(first))
        papers, failures = self._write_manifest(first, again)
        self._notices += self._changes()
        if self._order.binding and papers:
            self._bind()
        if not failures:
            self._folder.finish()
        return ClassWritten(
            self._order.folder, papers, tuple(failures.items()), tuple(self._warnings), tuple(self._notices)
        )

    def _papers_to_keep(self) -> dict[str, int]:
        """How often the papers of those who were in the class before were drawn: newcomers yield to them."""
        before = self._folder.papers_before()
        sheet, seed = self._order.sheet, self._order.seed
        return {
            student: again
            for student, (identity, again) in before.items()
            if identity == str(PaperId(sheet.code, stream(seed, student, again)))
        }

    def _changes(self) -> Iterator[str]:
        """What is not as the run before left it."""
        before = {student: identity for student, (identity, _) in self._folder.papers_before().items()}
        if not before:
            return
        now = {record["student"]["id"]: record["id"] for record in read_part(self._order.folder / RECORDS)}
        gone = [student for student in before if student not in self._stems]
        if gone:
            yield f"the papers of {_listed(gone)}, who left the class, were removed"
        other = [student for student, identity in now.items() if before.get(student, identity) != identity]
        if other:
            yield f"{_listed(other)} had another paper before: the sheet asks something else"

    # Chunks and their parts

    def _parts(self, stage: str, seats: Sequence[Seat]) -> list[Path]:
        """The parts with the records of ``seats``, those made that are not there yet."""
        chunks = _chunks(seats)
        parts = {chunk: self._folder.part(stage, number) for number, chunk in enumerate(chunks)}
        redone = self._redone() if stage == "first" else set()
        missing = []
        for chunk, part in parts.items():
            if self._is_whole(part, chunk, redone):
                self._advance(stage, chunk)
            else:
                missing.append(chunk)
        for chunk, made in self._hands.work(partial(make_chunk, self._job), missing):
            self._keep(parts[chunk], made)
            self._advance(stage, chunk)
        return list(parts.values())

    def _advance(self, stage: str, chunk: Sequence[Seat]) -> None:
        if stage == "first":
            self._progress(len(chunk))

    def _keep(self, part: Path, made: Made) -> None:
        self._folder.keep(part, made.lines, made.files)
        self._heads[part] = made.heads
        self._warnings += made.warnings

    def _is_whole(self, part: Path, chunk: Sequence[Seat], redone: set[str]) -> bool:
        """Whether the part has every paper of the chunk, none of them failed, and their files as they were written."""
        try:
            records = list(read_part(part))
            heads = [*map(head, records)]
            whole = [(one.student, one.again, one.failed) for one in heads] == [
                (seat.student.id, seat.again, None) for seat in chunk
            ] and all(record["student"]["id"] in redone or self._folder.has(record["files"]) for record in records)
        except (OSError, ValueError, KeyError, TypeError):  # not there, or what a power cut left
            return False
        if whole:
            self._heads[part] = heads
        return whole

    def _redone(self) -> set[str]:
        """Students whose first paper has been replaced by a later one already."""
        try:
            return {record["student"]["id"] for part in self._folder.parts_of("again") for record in read_part(part)}
        except (ValueError, KeyError, TypeError):
            return set()

    # Who yields to whom

    def _yielding(self, first: Iterable[Path]) -> list[Seat]:
        """The students whose first paper has a variant of somebody else's, and how often they draw again."""
        students = {student.id: student for student in self._order.students}

        def redraw(yielding: list[Drawn]) -> Iterator[Drawn]:
            seats = [Seat(students[paper.student], paper.again + 1) for paper in yielding]
            for _, redrawn in self._hands.work(partial(draw_chunk, self._job), _chunks(seats)):
                self._undrawn |= redrawn.failures
                yield from redrawn.papers

        kept = {paper.student: paper for paper in self._kept_again(students)}
        drawn = (Drawn(one.student, one.again, one.variants, one.student in self._kept) for one in self._of(first))
        settled = distinct.settle((kept.get(paper.student, paper) for paper in drawn), redraw)
        self._notices += self._shared(settled)
        return [Seat(students[paper.student], paper.again) for paper in settled.papers if paper.again]

    def _kept_again(self, students: Mapping[str, Student]) -> Iterator[Drawn]:
        """Those papers to keep that are not their students' first ones."""
        seats = [Seat(students[name], again) for name, again in self._kept.items() if again and name in students]
        for _, redrawn in self._hands.work(partial(draw_chunk, self._job), _chunks(seats)):
            yield from (replace(paper, kept=True) for paper in redrawn.papers)

    def _shared(self, settled: distinct.Settled) -> Iterator[str]:
        """What is said of problems with fewer variants than students."""
        uses = Counter(variant for paper in settled.papers for variant in paper.variants)
        for kind, count in settled.shared.items():
            most = max((uses[variant] for variant in uses if variant[0] == kind), default=0)
            yield (
                f"{kind} has {count} variants, too few for {len(settled.papers)} students: "
                f"none is on more than {most} papers"
            )

    # The end of the run

    def _write_manifest(self, first: Iterable[Path], again: Iterable[Path]) -> tuple[int, dict[str, str]]:
        """Put the parts together, in the order of the class; then remove what no paper has any more."""
        papers = 0
        failures: dict[str, str] = {}
        wanted: set[str] = set()
        given_up: set[str] = set()
        index = io.StringIO(newline="")
        rows = csv.writer(index, quoting=csv.QUOTE_ALL, lineterminator="\n")
        rows.writerow(["id", "name", "section", "form", "paper", "folder"])
        with self._folder.manifest() as file:
            for earlier, one, line in self._last_of(first, again):
                given_up.update(earlier.files)
                reason = self._undrawn.get(one.student) or one.failed
                if reason is not None:
                    failures[one.student] = reason
                    continue
                file.write(line)
                wanted.update(one.files)
                papers += 1
                cells = (one.student, one.name, one.section, one.form, one.paper)
                rows.writerow(map(spreadsheet_safe, (*cells, self._stems[one.student])))
        self._folder.write(INDEX, index.getvalue().encode("utf-8-sig"))
        self._folder.remove_outdated(wanted, given_up)
        return papers, failures

    def _of(self, parts: Iterable[Path]) -> Iterator[Kept]:
        for part in parts:
            yield from self._heads[part]

    def _last_of(self, first: Iterable[Path], again: Iterable[Path]) -> Iterator[tuple[Kept, Kept, bytes]]:
        """Each student's first record and the one that counts, with its line; both are in the order of the class."""
        later = zip(self._of(again), _lines_of(again), strict=True)
        upcoming = next(later, None)
        for one, line in zip(self._of(first), _lines_of(first), strict=True):
            if upcoming is not None and upcoming[0].student == one.student:
                yield one, *upcoming
                upcoming = next(later, None)
            else:
                yield one, one, line

    def _bind(self) -> None:
        """All PDFs in one, of the papers that there are."""
        folder = self._order.folder
        heads = [
            {key: record[key] for key in ("student", "form", "id", "files")} for record in read_part(folder / RECORDS)
        ]
        engine = pdf.find_engine(self._order.engine)
        bind_class(heads, self._order.sheet.title, folder, self._order.binding, engine, folder / HIDDEN)


def _lines_of(parts: Iterable[Path]) -> Iterator[bytes]:
    for part in parts:
        with part.open("rb") as lines:
            yield from lines


def _chunks(seats: Sequence[Seat]) -> list[tuple[Seat, ...]]:
    """Chunks of a size that depends on the class alone."""
    size = max(1, min(LARGEST_CHUNK, -(-len(seats) // LEAST_CHUNKS)))
    return [tuple(seats[start : start + size]) for start in range(0, len(seats), size)]


def _listed(students: Sequence[str]) -> str:
    shown = ", ".join(students[:MOST_NAMED])
    return f"{shown} and {len(students) - MOST_NAMED} more" if len(students) > MOST_NAMED else shown
