"""A whole class in one run: who gets which paper, made by many hands, stopped and continued at will.

A run is a sequence of chunks.  Each is made whole, its files moved into place, and its records kept in a part of
their own within ``.run``; the manifest is put together from the parts at the very end.  Whatever interrupts a run,
the same command finds the parts and goes on.  Chunks depend on the class alone, so that neither the number of
workers nor an interruption can be seen in the files.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

from generator import distinct, pdf
from generator._version import __version__
from generator.class_binding import KEYS, NOT_BOUND, WORKSHEETS, Binding, bind_class
from generator.class_chunk import HIDDEN, Job, Made, Seat, draw_chunk, kind_of, make_chunk
from generator.distinct import Drawn
from generator.errors import InputError
from generator.files import prepare_folder, write_files
from generator.generate import is_ours
from generator.json_text import to_line
from generator.records import RECORDS
from generator.roster import Student, file_stems, spreadsheet_safe
from generator.sheet import Sheet
from generator.workers import Hands

INDEX = "index.csv"
_OUR_NAMES = {RECORDS, INDEX, WORKSHEETS, KEYS, "report.html"}
LARGEST_CHUNK, LEAST_CHUNKS = 50, 8

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
        sources = [path.read_bytes() for path in _sources(sheet)]
        what = (__version__, sheet.name, sheet.text, sources, self.seed, self.students, self.formats, self.engine)
        return blake2b(repr(what).encode(), digest_size=16).hexdigest()


def generate_class(order: Order, hands: Hands, progress: Progress | None = None) -> ClassWritten:
    """Make a worksheet and a key for every student, each in a folder of her own within the order's.

    Goes on where an earlier run of the same order stopped.  Raises :class:`InputError` when the folder holds another
    run, cannot be written to or is full.
    """
    if "pdf" in order.formats:
        pdf.find_engine(order.engine)
    _check_names(order.students)
    prepare_folder(order.folder)
    _check_folder(order)
    try:
        return _Run(order, hands, progress or _nobody_watches).make()
    except OSError as error:
        raise InputError(
            f"cannot write to {order.folder}: {error.strerror}; mend it, and the same command goes on from here",
            field="--out",
        ) from error


def _check_names(students: Iterable[Student]) -> None:
    """Every student has a folder of her own, which no file of the run is called like."""
    stems = file_stems(students)
    for student, stem in stems.items():
        if stem.lower() in _OUR_NAMES:
            raise InputError(f"the id {student} is the name of a file that a run writes; give the student another id")


def _nobody_watches(_: int) -> None:
    pass


def _sources(sheet: Sheet) -> Iterator[Path]:
    """The files beside the sheet that its papers depend on."""
    yield from (Path(entry.problem.source) for entry in sheet.entries if entry.problem.source)
    if sheet.templates is not None:
        yield from sorted(path for path in sheet.templates.rglob("*") if path.is_file())


def _check_folder(order: Order) -> None:
    """A folder is one run's: another one would leave papers that belong to no key."""
    folder = order.folder
    if (folder / "manifest.json").exists():
        raise InputError(f"{folder} holds a single paper; give the class another folder", field="--out")
    for file in (folder / RECORDS, folder / HIDDEN / "plan.json"):
        try:
            with file.open("rb") as lines:
                found = json.loads(lines.readline())
            theirs = found["sheet"], found["seed"]
        except FileNotFoundError:
            continue
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{file} is not what a run writes; give the class another folder", field="--out"
            ) from error
        if theirs != (order.sheet.name, order.seed):
            raise InputError(
                f"{folder} holds a run of the sheet {theirs[0]} with seed {theirs[1]}; give this one another folder, "
                "or remove that",
                field="--out",
            )


class _Run:
    """One run, from its parts to its manifest."""

    def __init__(self, order: Order, hands: Hands, progress: Progress) -> None:
        self._order = order
        self._hands = hands
        self._progress = progress
        self._hidden = order.folder / HIDDEN
        self._job = Job(
            sheet=(str(order.sheet.path), order.sheet.text),
            seed=order.seed,
            formats=order.formats,
            engine=order.engine,
            folder=str(order.folder.resolve()),
            token=order.digest,
        )
        self._failures: dict[str, str] = {}
        self._warnings: list[str] = []
        self._notices: list[str] = []

    def make(self) -> ClassWritten:
        outdated = self._begin()
        first = self._parts("first", [Seat(student) for student in self._order.students])
        again = self._parts("again", self._yielding(first))
        redone = {record["student"]["id"]: record for part in again for record in _read_part(part)}
        papers = self._write_manifest(first, redone, outdated)
        if self._order.binding:
            self._bind()
        if not self._failures:
            shutil.rmtree(self._hidden)
        return ClassWritten(
            self._order.folder,
            papers,
            tuple(sorted(self._failures.items())),
            tuple(self._warnings),
            tuple(self._notices),
        )

    def _begin(self) -> set[str]:
        """Keep the parts of an earlier run of the same order, and no others; the files that the last run left."""
        plan = self._hidden / "plan.json"
        begun = plan.is_file() and json.loads(plan.read_bytes()).get("order") == self._job.token
        if not begun and self._hidden.exists():
            shutil.rmtree(self._hidden)
        for half in self._hidden.glob(".writing-*"):
            shutil.rmtree(half)
        self._hidden.mkdir(exist_ok=True)
        if not begun:
            head = {"sheet": self._order.sheet.name, "seed": self._order.seed, "order": self._job.token}
            write_files(self._hidden, {"plan.json": to_line(head), "token": self._job.token.encode()})
        bound = {KEYS, WORKSHEETS} if (self._order.folder / RECORDS).is_file() else set()
        return bound | set(_files_of(self._order.folder / RECORDS))

    # Chunks and their parts

    def _parts(self, stage: str, seats: Sequence[Seat]) -> list[Path]:
        """The parts with the records of ``seats``, those made that are not there yet."""
        chunks = _chunks(seats)
        parts = [self._hidden / f"{stage}-{number:05d}.jsonl" for number in range(len(chunks))]
        missing = []
        redone = self._redone() if stage == "first" else set()
        for part, chunk in zip(parts, chunks, strict=True):
            if self._is_whole(part, chunk, redone):
                self._progress(len(chunk) if stage == "first" else 0)
            else:
                missing.append(chunk)
        place = {chunk: part for part, chunk in zip(parts, chunks, strict=True)}
        for chunk, made in self._hands.work(partial(make_chunk, self._job), missing):
            self._keep(place[chunk], made)
            self._progress(len(chunk) if stage == "first" else 0)
        return parts

    def _keep(self, part: Path, made: Made) -> None:
        if made.files:
            write_files(self._order.folder, made.files, staging=self._hidden)
        self._failures |= dict(made.failures)
        self._warnings += made.warnings
        write_files(self._hidden, {part.name: b"".join(map(to_line, made.records))})

    def _is_whole(self, part: Path, chunk: Sequence[Seat], redone: set[str]) -> bool:
        """Whether the part has every paper of the chunk, and their files are as they were written."""
        if not part.is_file():
            return False
        records = {record["student"]["id"]: record for record in _read_part(part)}
        wanted = {seat.student.id: seat.again for seat in chunk}
        if {student: record["again"] for student, record in records.items()} != wanted:
            return False
        return all(
            self._is_as_written(name, digest)
            for student, record in records.items()
            if student not in redone
            for name, digest in record["files"].items()
        )

    def _redone(self) -> set[str]:
        """Students whose first paper has been replaced by a later one already."""
        parts = self._hidden.glob("again-*.jsonl")
        return {record["student"]["id"] for part in parts for record in _read_part(part)}

    def _is_as_written(self, name: str, digest: str) -> bool:
        try:
            return sha256((self._order.folder / name).read_bytes()).hexdigest() == digest
        except OSError:
            return False

    # Who yields to whom

    def _yielding(self, first: Iterable[Path]) -> list[Seat]:
        """The students whose first paper has a variant of somebody else's, and how often they draw again."""
        students = {student.id: student for student in self._order.students}
        papers = {paper.student: paper for part in first for paper in map(_drawn, _read_part(part))}
        room = self._room(len(papers))
        rounds = 0
        while yielding := distinct.who_yields(papers.values(), room):
            rounds += 1
            if rounds % distinct.MOST_ROUNDS == 0:
                for kind in distinct.crowded(yielding, papers.values(), room):
                    room[kind] += 1
            seats = [Seat(students[paper.student], paper.again + 1) for paper in yielding]
            for _, drawn in self._hands.work(partial(draw_chunk, self._job), _chunks(seats)):
                papers |= {paper.student: paper for paper in drawn}
        self._notices += self._shared(papers.values())
        return [Seat(students[paper.student], paper.again) for paper in papers.values() if paper.again]

    def _room(self, students: int) -> dict[str, int]:
        entries = self._order.sheet.entries
        kinds = [kind_of(entry.problem.id, entry.level) for entry in entries]
        spaces = {kind: entry.problem.levels[entry.level].variants for kind, entry in zip(kinds, entries, strict=True)}
        return distinct.room_for(students, spaces, Counter(kinds))

    def _shared(self, papers: Iterable[Drawn]) -> Iterator[str]:
        """What is said of problems with fewer variants than students."""
        uses = Counter(variant for paper in papers for variant in paper.variants)
        most: dict[str, int] = {}
        used: Counter[str] = Counter()
        for (kind, _), count in uses.items():
            most[kind] = max(most.get(kind, 0), count)
            used[kind] += 1
        for kind, count in sorted(most.items()):
            if count > 1:
                yield (
                    f"{kind} has too few variants for {len(self._order.students)} students: {used[kind]} are used, "
                    f"none by more than {count} students"
                )

    # The end of the run

    def _write_manifest(self, first: Iterable[Path], redone: Mapping[str, dict[str, Any]], outdated: set[str]) -> int:
        """Put the parts together, in the order of the class; then remove what no paper has any more."""
        papers = 0
        index = io.StringIO(newline="")
        rows = csv.writer(index, quoting=csv.QUOTE_ALL, lineterminator="\n")
        rows.writerow(["id", "name", "section", "form", "paper", "folder"])
        assembled = self._hidden / RECORDS
        with assembled.open("wb") as file:
            for part in first:
                for record in _read_part(part):
                    whose = record["student"]
                    record = redone.get(whose["id"], record)
                    file.write(to_line(record))
                    outdated -= record["files"].keys()
                    papers += 1
                    stem = next(iter(record["files"])).partition("/")[0]
                    cells = (whose["id"], whose["name"], whose["section"], record["form"], record["id"], stem)
                    rows.writerow(map(spreadsheet_safe, cells))
        write_files(self._order.folder, {INDEX: index.getvalue().encode("utf-8-sig")}, staging=self._hidden)
        assembled.replace(self._order.folder / RECORDS)
        for name in outdated:
            (self._order.folder / name).unlink(missing_ok=True)
        return papers

    def _bind(self) -> None:
        """All PDFs in one, of the papers that there are."""
        folder = self._order.folder
        heads = [
            {key: record[key] for key in ("student", "form", "id", "files")} for record in _read_part(folder / RECORDS)
        ]
        engine = pdf.find_engine(self._order.engine)
        bind_class(heads, self._order.sheet.title, folder, self._order.binding, engine, self._hidden)


def _chunks(seats: Sequence[Seat]) -> list[tuple[Seat, ...]]:
    """Chunks of a size that depends on the class alone."""
    size = max(1, min(LARGEST_CHUNK, -(-len(seats) // LEAST_CHUNKS)))
    return [tuple(seats[start : start + size]) for start in range(0, len(seats), size)]


def _read_part(part: Path) -> Iterator[dict[str, Any]]:
    with part.open("rb") as lines:
        for line in lines:
            yield json.loads(line)


def _drawn(record: Mapping[str, Any]) -> Drawn:
    variants = tuple((kind_of(problem["id"], problem["level"]), problem["canonical"]) for problem in record["problems"])
    return Drawn(record["student"]["id"], record["again"], variants)


def _files_of(manifest: Path) -> Iterator[str]:
    """The paper's files that an earlier run of the sheet wrote."""
    try:
        with manifest.open("rb") as lines:
            for line in lines:
                yield from (name for name in json.loads(line)["files"] if is_ours(name, of_class=True))
    except (OSError, ValueError, KeyError, TypeError):
        return
