"""A whole class in one run: who gets which paper, made by many workers, stopped and continued at will.

A run is a sequence of chunks.  Each is made whole, its files moved into place, and its records kept in a part of
their own within ``.run``; the manifest is put together from the parts at the very end.  Whatever interrupts a run,
the same command finds the parts and goes on.  Chunks depend on the class alone, so that neither the number of
workers nor an interruption can be seen in the files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from generator.classes.assembly import Record, assemble_class
from generator.classes.binding import bind_class
from generator.classes.chunk import Made, draw_chunk, make_chunk
from generator.classes.distinct import Drawn, Redrawn, settle_class
from generator.classes.earlier import listed, read_earlier
from generator.classes.folder import ClassFolder, run_in
from generator.classes.plan import HIDDEN, Assignment, Job, Plan
from generator.classes.plan import Order as Order
from generator.classes.summary import Summary, read_part, summary
from generator.classes.warm_up import warm_up_task
from generator.classes.workers import WorkerPool
from generator.errors import InputError
from generator.errors.language import using
from generator.paper.fixed_layout import reserved_places
from generator.paper.generate import check_programs
from generator.paper.manifest import INDEX, RECORDS
from generator.paper.needs import formats_for
from generator.paper.origin import Origin, Redraws, secret_origin
from generator.paper.students import Student
from generator.render.letters import prints_as_written
from generator.tex import pdf

LARGEST_CHUNK, LEAST_CHUNKS = 50, 8
NOT_LOCKED = "the file system has no locks: a second run in this folder at the same time would not have been noticed"

Task = TypeVar("Task")


class Progress(Protocol):
    """Called with how much was just done, of how much there is to do in all, and what is done now."""

    def __call__(self, count: int, out_of: int, what: str) -> None: ...


@dataclass(frozen=True)
class ClassWritten:
    """The result of a run: the papers made, those that failed (student's id, reason), warnings and notices."""

    folder: Path
    papers: int
    failures: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    notices: tuple[str, ...]


def generate_class(order: Order, pool: WorkerPool, progress: Progress | None = None) -> ClassWritten:
    """Make a worksheet and a key for every student, each in a folder of her own within the order's.

    Goes on where an earlier run of the same order stopped.  Raises :class:`InputError` when the folder holds another
    run, cannot be written to or is full, and :class:`WorkerError` when worker after worker dies.
    """
    check_programs({form for one in order.students for form in formats_for(one.needs, order.formats)}, order.engine)
    sheet = order.sheet
    if sheet.style.fixed:
        sheet = sheet.with_places(_places_before(order) or reserved_places(sheet, order.formats))
        order = replace(order, sheet=sheet)
    try:
        plan = Plan(
            sheet.name,
            order.seed,
            order.digest,
            order.folders,
            order.formats,
            sheet.sources,
            order.replaces,
            order.secret.fingerprint,
            sheet.overrides,
        )
        with run_in(order.folder, plan) as folder, pool.started(warm_up_task(sheet, order.formats)):
            return _Run(order, plan, folder, pool, progress or _nobody_watches).make()
    except OSError as error:
        what = f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
        raise InputError(
            f"cannot go on in {order.folder} ({what}): mend it, and give the same command again to go on", field="--out"
        ) from error


def _places_before(order: Order) -> Mapping[str, int]:
    """Return the places that the papers in the folder have, if they are made from the same."""
    earlier = read_earlier(order.folder / RECORDS)
    is_same = earlier.sources == order.sheet.sources and earlier.options == order.sheet.overrides
    return earlier.places if is_same else {}


def _nobody_watches(count: int, out_of: int, what: str) -> None:
    pass


class _Run:
    """One run, from its parts to its manifest."""

    def __init__(self, order: Order, plan: Plan, folder: ClassFolder, pool: WorkerPool, progress: Progress) -> None:
        self._order = order
        self._stems = plan.folders
        self._folder = folder
        self._pool = pool
        self._progress = progress
        self._job = Job(
            sheet=(str(order.sheet.path), order.sheet.text),
            seed=order.seed,
            formats=order.formats,
            engine=order.engine,
            folder=str(order.folder.resolve()),
            token=plan.token,
            sources=plan.sources,
            options=order.sheet.overrides,
            places=dict(order.sheet.style.places),
        )
        self._before = folder.earlier_papers()
        self._unchanged = folder.unchanged_papers(order)
        self._summaries: dict[Path, list[Summary]] = {}
        self._undrawn: Mapping[str, str] = {}
        self._warnings: list[str] = []
        self._notices = [] if folder.is_locked else [NOT_LOCKED]

    def make(self) -> ClassWritten:
        self._show(len(self._unchanged), "papers")
        self._notices += [*self._in_latin_letters(), *self._needs()]
        left = [self._assignment(student) for student in self._order.students if student.id not in self._unchanged]
        first = self._parts("first", left)
        again = self._parts("again", self._yielding(first))
        self._show(0, "moving files into place")
        made = assemble_class(
            self._folder, self._order, self._unchanged, self._records(first), self._records(again), self._undrawn
        )
        self._notices += self._changes()
        self._bind()
        if not made.failures:
            self._folder.finish()
        self._show(1, "done")
        return ClassWritten(
            self._order.folder, made.papers, tuple(made.failures.items()), tuple(self._warnings), tuple(self._notices)
        )

    def _changes(self) -> Iterator[str]:
        """Yield notices about what is not as the run before left it."""
        before = self._before
        if not before:
            return
        now = read_earlier(self._order.folder / RECORDS).papers
        gone = [student for student in before if student not in self._stems]
        if gone:
            yield f"the papers of {listed(gone)}, who left the class, were removed"
        both = [(student, paper, before[student]) for student, paper in now.items() if student in before]
        other = [student for student, paper, old in both if paper.id != old.id]
        if other:
            yield f"{listed(other)} had another paper before: the sheet asks something else"
        numbers = [student for student, paper, old in both if paper.id == old.id and paper.problems != old.problems]
        if numbers:
            yield f"{listed(numbers)} had other numbers before, under the same ids: what was handed out is out of date"

    def _assignment(self, student: Student, redraws: Redraws = ()) -> Assignment:
        """The paper of a student: the one in place of those that were replaced."""
        replaced = self._before[student.id].replaced if student.id in self._before else ()
        return Assignment(student, self._origin(student.id, redraws), replaced)

    def _origin(self, student: str, redraws: Redraws = ()) -> Origin:
        replaced = self._before[student].replaced if student in self._before else ()
        return secret_origin(
            self._order.secret, self._order.sheet, self._order.seed, student, redraws, replacement=len(replaced)
        )

    def _in_latin_letters(self) -> Iterator[str]:
        """Yield a notice about names that PDFs cannot print as they are written."""
        order = self._order
        names = [student.name for student in order.students if not prints_as_written(student.name)]
        if names and "pdf" in order.formats and order.engine != "lualatex":
            yield (
                f"{listed(names)}: in PDFs in Latin letters, or without some accents; "
                "--engine lualatex and HTML print names as they are written"
            )

    def _needs(self) -> Iterator[str]:
        """Yield a notice about what students need of their papers, and of the room."""
        needing = [f"{student.id} ({', '.join(student.needs)})" for student in self._order.students if student.needs]
        if needing:
            yield f"needs, as in {INDEX}: {listed(needing)}"

    # Chunks and their parts

    def _parts(self, stage: str, assignments: Sequence[Assignment]) -> list[Path]:
        """The parts with the records of ``assignments``, those made that are not there yet."""
        chunks = _chunks(assignments)
        parts = {chunk: self._folder.part(stage, number) for number, chunk in enumerate(chunks)}
        redone = self._redone() if stage == "first" else set()
        missing = []
        for chunk, part in parts.items():
            if self._is_whole(part, chunk, redone):
                self._advance(stage, chunk)
            else:
                missing.append(chunk)
        for chunk, made in self._pool.work(partial(make_chunk, self._job), missing):
            self._keep(parts[chunk], made)
            self._advance(stage, chunk)
        return list(parts.values())

    def _advance(self, stage: str, chunk: Sequence[Assignment]) -> None:
        if stage == "first":
            self._show(len(chunk), "papers")

    def _show(self, count: int, what: str) -> None:
        """Show how far the run is: the papers, each PDF that is bound, and at last all of it in its place."""
        papers, binding = len(self._order.students), self._order.binding
        copies = len(binding.assigned) or papers
        self._progress(count, papers + papers * binding.keys + copies * binding.prints + 1, what)

    def _keep(self, part: Path, made: Made) -> None:
        self._folder.keep(part, made.lines, made.files)
        self._summaries[part] = made.summaries
        self._warnings += made.warnings

    def _is_whole(self, part: Path, chunk: Sequence[Assignment], redone: set[str]) -> bool:
        """Return whether the part has every paper of the chunk, none of them failed, with their files as they were written."""
        try:
            records = list(read_part(part))
            summaries = [*map(summary, records)]
            whole = [(one.student, one.redraws, one.failed) for one in summaries] == [
                (assignment.student.id, assignment.redraws, None) for assignment in chunk
            ] and all(record.recipient.id in redone or self._folder.has(record.files) for record in records)
        except (OSError, InputError):  # not there, or what a power cut left
            return False
        if whole:
            self._summaries[part] = summaries
        return whole

    def _redone(self) -> set[str]:
        """Students whose first paper has been replaced by a later one already."""
        try:
            return {record.recipient.id for part in self._folder.parts_of("again") for record in read_part(part)}
        except InputError:
            return set()

    # Who yields to whom, and the end

    def _yielding(self, first: Iterable[Path]) -> list[Assignment]:
        """The students with a problem that somebody else has, and what they draw again."""
        settlement = settle_class(self._of(first), self._before, self._draw, self._unchanged.values())
        self._undrawn = settlement.failures
        self._notices += settlement.notices
        students = self._order.students
        return [
            self._assignment(student, settlement.redraws[student.id])
            for student in students
            if student.id in settlement.redraws and student.id not in self._unchanged
        ]

    def _draw(self, wanted: Sequence[Drawn]) -> Iterator[Redrawn]:
        tasks = [(one, self._origin(one.student)) for one in wanted]
        for _, redrawn in self._pool.work(partial(draw_chunk, self._job), _chunks(tasks)):
            yield redrawn

    def _of(self, parts: Iterable[Path]) -> Iterator[Summary]:
        for part in parts:
            yield from self._summaries[part]

    def _records(self, parts: Sequence[Path]) -> Iterator[Record]:
        yield from zip(self._of(parts), _lines_of(parts), strict=True)

    def _bind(self) -> None:
        """Bind the PDFs of all papers, as far as they are not bound already."""
        order, folder = self._order, self._order.folder
        papers = [summary(record) for record in read_part(folder / RECORDS)]
        # The index is written for pdfTeX.
        find_engine = partial(pdf.find_engine, None if order.engine == "lualatex" else order.engine)
        if papers:
            with using(order.sheet.language):  # the index is printed too
                self._notices += bind_class(
                    papers,
                    order.sheet.title,
                    folder,
                    order.binding,
                    find_engine,
                    folder / HIDDEN,
                    lambda name: self._show(1, f"binding {name}"),
                    replaces=order.replaces,
                )


def _lines_of(parts: Iterable[Path]) -> Iterator[bytes]:
    for part in parts:
        with part.open("rb") as lines:
            yield from lines


def _chunks(tasks: Sequence[Task]) -> list[tuple[Task, ...]]:
    """Chunks of a size that depends on the class alone."""
    size = max(1, min(LARGEST_CHUNK, -(-len(tasks) // LEAST_CHUNKS)))
    return [tuple(tasks[start : start + size]) for start in range(0, len(tasks), size)]
