"""The folder of a class: what an unfinished run keeps in it, and what an earlier run left there.

Within the hidden folder ``.run`` stand the plan (:mod:`generator.classes.plan`), a part with the records of each chunk,
a lock, and the names of the files that were there before; it is gone when the run is finished.
"""

from __future__ import annotations

import filecmp
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from generator.classes.binding import is_bound
from generator.classes.bound import HASHES
from generator.classes.earlier import (
    Earlier,
    is_unchanged,
    line_left,
    line_of,
    losses,
    ours,
    read_earlier,
    refuse_losses,
)
from generator.classes.forms_by_seat import FORMS
from generator.classes.plan import HIDDEN, PLAN, TOKEN, Order, Plan, check_owner
from generator.classes.summary import EarlierPaper, Summary, read_part, summary
from generator.errors import InputError
from generator.paper.files import prepare_folder, write_files
from generator.paper.generate import is_ours
from generator.paper.locks import locked
from generator.paper.manifest import RECORDS, REPORT
from generator.paper.record import read_record, recipient, record_line
from generator.paper.students import Student

_BEFORE, _LOCK = "before.json", "lock"


@contextmanager
def run_in(folder: Path, plan: Plan) -> Iterator[ClassFolder]:
    """The folder, made and locked for one run; what an unfinished run of the same plan made is kept.

    Raises :class:`InputError` when it cannot be written to, holds something else or papers that would be lost, or
    another run is at work there.
    """
    prepare_folder(folder)
    check_owner(folder, plan)
    found = None
    try:
        with folder_locked(folder) as is_locked:
            finish_replacement(folder)
            check_owner(folder, plan)
            earlier = read_earlier(folder / RECORDS)
            if not plan.replaces:
                refuse_losses(folder, losses(earlier, plan.folders, plan.formats, plan.sources, plan.options))
            found = ClassFolder(folder, earlier, is_locked=is_locked)
            found.begin(plan)
            yield found
    finally:
        if found is not None and found.finished:
            _remove(folder / HIDDEN)


@contextmanager
def folder_locked(folder: Path) -> Iterator[bool]:
    """Keep others from a class's folder; yield whether its file system has locks.

    The hidden folder is gone afterwards if there is nothing else in it.
    """
    hidden = folder / HIDDEN
    if not hidden.is_dir() and hidden.exists():
        raise InputError(f"{hidden} is a file where a folder is needed; move it away", field="--out")
    hidden.mkdir(exist_ok=True)
    taken = f"another run is at work in {folder}; wait for its end, or give this one another folder"
    try:
        with locked(hidden / _LOCK, taken) as has_locks:
            yield has_locks
    finally:
        if [path.name for path in hidden.iterdir()] == [_LOCK]:
            _remove(hidden)


REPLACEMENT = f"{HIDDEN}/replacement"
"""The folder with a paper that replaces another and all that changes with it, until it is moved into place."""


def finish_replacement(folder: Path) -> dict[str, Any] | None:
    """Move a replacement that stands ready into its place, also one that was stopped amid this; return what it is, if any."""
    staged, other = folder / REPLACEMENT, folder / f"{REPLACEMENT}.new"
    shutil.rmtree(other, ignore_errors=True)  # of one that was stopped before it was ready
    if not staged.is_dir():
        return None
    done: Any = _read_json(staged / "replaced.json")
    if not isinstance(done, dict):
        raise InputError(
            f"{staged} is not what the command replace writes; remove it, and give that command again", field="--in"
        )
    for path in sorted(one for one in staged.rglob("*") if one.is_file() and one.name != "replaced.json"):
        target = folder / path.relative_to(staged)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
    for name in done["outdated"]:
        (folder / name).unlink(missing_ok=True)
        with suppress(OSError):  # not empty, or gone
            (folder / name).parent.rmdir()
    staged.rename(other)
    shutil.rmtree(other)
    return done


class ClassFolder:
    """A folder while a run is at work in it."""

    def __init__(self, folder: Path, earlier: Earlier, *, is_locked: bool) -> None:
        self.is_locked = is_locked
        self._folder = folder
        self._earlier = earlier
        self._hidden = folder / HIDDEN
        self.finished = False
        self.is_changed = False
        self._is_new = False

    def begin(self, plan: Plan) -> None:
        """Keep the parts of an earlier run of the same plan, and no others."""
        for half in self._hidden.glob(".writing-*"):
            shutil.rmtree(half, ignore_errors=True)  # a worker of a killed run may not have noticed yet
        earlier = _read_json(self._folder / PLAN) or {}
        self._is_new = not earlier and not (self._folder / RECORDS).exists()
        if earlier.get("token") == plan.token:
            return
        # Each step may be the last before the power goes: what is known of old files is kept before it is forgotten.
        before = sorted(self._before() | {*self._unfinished(earlier.get("folders", ()))})
        papers = {student: asdict(paper) for student, paper in (self.earlier_papers() | self._earlier.papers).items()}
        write_files(self._hidden, {_BEFORE: msgspec.json.encode({"files": before, "papers": papers})})
        (self._folder / PLAN).unlink(missing_ok=True)
        for part in self._parts():
            part.unlink()
        head = {
            "sheet": plan.sheet,
            "seed": plan.seed,
            "secret": plan.secret,
            "token": plan.token,
            "folders": [*plan.folders.values()],
        }
        write_files(self._hidden, {Path(TOKEN).name: plan.token.encode(), Path(PLAN).name: msgspec.json.encode(head)})

    # Parts

    def part(self, stage: str, number: int) -> Path:
        """Where the records of a chunk are kept."""
        return self._hidden / f"{stage}-{number:05d}.jsonl"

    def parts_of(self, stage: str) -> list[Path]:
        """Return the parts that are there."""
        return sorted(self._hidden.glob(f"{stage}-*.jsonl"))

    def keep(self, part: Path, lines: Iterable[bytes], files: Mapping[str, bytes]) -> None:
        """Write what a worker has not written itself, and then the part: it vouches for the files."""
        if files:
            write_files(self._folder, files, staging=self._hidden)
        write_files(self._hidden, {part.name: b"".join(lines)})

    def has(self, files: Mapping[str, str]) -> bool:
        """Return whether all files are as they were written."""
        return all(self._digest(name) == digest for name, digest in files.items())

    def _digest(self, name: str) -> str:
        try:
            return sha256((self._folder / name).read_bytes()).hexdigest()
        except OSError:
            return ""

    # The end

    @contextmanager
    def manifest(self) -> Iterator[Any]:
        """A file to write the manifest into, which is moved into place when it is whole, if it says anything new."""
        assembled, target = self._hidden / RECORDS, self._folder / RECORDS
        with assembled.open("wb") as file:
            yield file
        self.is_changed = not (target.exists() and filecmp.cmp(assembled, target, shallow=False))
        if self.is_changed:
            assembled.replace(target)
        else:
            assembled.unlink()

    def unchanged_papers(self, order: Order) -> dict[str, Summary]:
        """Return the papers of an earlier run whose files are as this order would make them, by their students."""
        students = {student.id: student for student in order.students}
        return {
            record.recipient.id: summary(record)
            for record in (read_part(self._folder / RECORDS) if self._earlier.papers else ())
            if record.recipient.id in students
            and is_unchanged(record, students[record.recipient.id], order)
            and self.has(record.files)
        }

    def unchanged_record(self, student: Student) -> tuple[Summary, bytes]:
        """Return the record of an unchanged paper, with the student's section and address of today."""
        line = line_of(self._folder / RECORDS, self._earlier, student.id)
        record = read_record(line)
        if record.recipient != student:
            record.student = recipient(student)
            line = record_line(record)
        return summary(record), line

    def line_before(self, student: str, formats: Iterable[str], sources: Mapping[str, str]) -> bytes | None:
        """The record of the paper that a student had, if it is whole as it was written: see :func:`line_left`."""
        line = line_left(self._folder / RECORDS, self._earlier, student, formats, sources)
        return line if line is not None and self.has(read_record(line).files) else None

    def write(self, name: str, content: bytes) -> None:
        """A file of the whole class, left alone where it has this content already."""
        if not self.has({name: sha256(content).hexdigest()}):
            write_files(self._folder, {name: content}, staging=self._hidden)

    def remove_outdated(self, wanted: set[str], also: Iterable[str]) -> None:
        """Remove what earlier runs, and this one, wrote of papers that are no more."""
        made_of_all = (
            {REPORT} if self.is_changed and not self._is_new else set()
        )  # of the papers that were there before
        for name in sorted((self._noted_before() | {*also} | made_of_all) - wanted):
            path = self._folder / name
            path.unlink(missing_ok=True)
            with suppress(OSError):  # not empty, or gone
                path.parent.rmdir()
                path.parent.parent.rmdir()

    def finish(self) -> None:
        """Nothing is left to go on with."""
        (self._folder / PLAN).unlink()
        self.finished = True

    # What was there before

    def earlier_papers(self) -> dict[str, EarlierPaper]:
        """Each student's paper in the finished run before this one."""
        noted = _read_json(self._hidden / _BEFORE) or {}
        return {
            student: EarlierPaper(
                paper["id"],
                tuple((kind, again, digest) for kind, again, digest in paper["problems"]),
                tuple(paper["replaced"]),
            )
            for student, paper in noted.get("papers", {}).items()
            if isinstance(paper, dict)
        }

    def _before(self) -> set[str]:
        return self._noted_before() | self._earlier.files

    def _noted_before(self) -> set[str]:
        noted = _read_json(self._hidden / _BEFORE) or {}
        return {*ours(noted.get("files", ()))}

    def _unfinished(self, folders: Iterable[str]) -> Iterator[str]:
        """The papers' files in the folders of a run that was not finished, whether a part vouches for them or not."""
        for name in folders:
            if not is_ours(f"{name}/worksheet.md", of_class=True):
                continue
            for path in (self._folder / name).rglob("*"):
                yield from ours([path.relative_to(self._folder).as_posix()])

    def _parts(self) -> list[Path]:
        return [*self.parts_of("first"), *self.parts_of("again")]


def _remove(hidden: Path) -> None:
    """Only what a run wrote: nobody else's folder of this name may be lost."""
    for half in hidden.glob(".writing-*"):
        shutil.rmtree(half, ignore_errors=True)
    for name in (Path(TOKEN).name, _BEFORE, _LOCK, RECORDS, HASHES, FORMS, "first-*.jsonl", "again-*.jsonl"):
        for path in hidden.glob(name):
            path.unlink(missing_ok=True)
    for path in [path for path in hidden.iterdir() if is_bound(path.name)]:
        path.unlink(missing_ok=True)
    with suppress(OSError):
        hidden.rmdir()


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
