"""Verifying what was handed out: every paper solved again from its parameters, every file held against its hash."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from operator import itemgetter
from pathlib import Path

from generator.classes.class_faults import Line, class_faults, line_of
from generator.classes.folder import REPLACEMENT
from generator.classes.plan import PLAN
from generator.classes.workers import WorkerPool
from generator.errors import InputError, WorksheetError, describe_error
from generator.errors.language import using
from generator.paper.manifest import RECORDS, SINGLE, VARIANTS, raw_records
from generator.paper.rebuild import sheet_of
from generator.paper.record import Record, read_class_record, read_record
from generator.paper.record_faults import faults_of, notes_of, secret_faults
from generator.paper.recorded import check_sources
from generator.paper.secret import Secret
from generator.paper.sheet_file import find_sheet
from generator.problem.catalogue import catalogue

CHUNK = 50


@dataclass(frozen=True)
class Verified:
    """The numbers of papers and files that were verified, what is wrong with them, and what else the user should know."""

    papers: int
    files: int
    faults: tuple[str, ...]
    notes: tuple[str, ...] = ()


def verify_folder(
    folder: Path,
    pool: WorkerPool,
    sheet: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    *,
    recorded: bool = False,
    secret: Secret | None = None,
) -> Verified:
    """Solve every paper in ``folder`` again, with sympy and with numpy, and hash its files.

    ``progress`` is called with the number of papers just verified and the number of all.  ``sheet`` is needed for problems in files of their
    own.  Papers that are taken as ``recorded`` are not solved again.  With the course ``secret`` their ids are
    compared with those that it gives.  Raises :class:`InputError` where there is nothing to verify, or the sheet or a problem's file is not what the papers were made from.
    """
    unfinished = _unfinished(folder)
    if unfinished and not any(
        (folder / name).is_file() and (folder / name).stat().st_size for name in (RECORDS, SINGLE)
    ):
        return Verified(0, 0, unfinished)
    manifest = manifest_in(folder)
    check_folder(manifest, sheet, recorded=recorded)
    chunks = list(_chunks(raw_records(manifest)))
    total = sum(chunk.records for chunk in chunks)
    papers = files = 0
    lines: list[tuple[int, Line]] = []
    notes: set[str] = set()
    faults: list[tuple[int, str]] = []
    for chunk, found in pool.work(partial(_verify, manifest, sheet, recorded), chunks):
        papers += chunk.records
        files += found.files
        faults += found.faults
        lines += found.lines
        notes |= found.notes
        if progress is not None:
            progress(chunk.records, total)
    if not papers:
        raise InputError(f"{manifest} has no records: run the same command again to continue", field="DIR")
    faults += _not_of_secret(manifest, sheet, secret, notes)
    texts = [*unfinished, *(fault for _, fault in sorted(faults))]
    if manifest.name == RECORDS:
        texts += class_faults([line for _, line in sorted(lines, key=itemgetter(0))], folder)
    return Verified(papers, files, tuple(texts), tuple(sorted(notes)))


def _unfinished(folder: Path) -> tuple[str, ...]:
    """A sentence for what was stopped in the folder: until it is finished the class is not what it is to be."""
    found = []
    if (folder / REPLACEMENT).exists():
        found.append(f"a replacement in {folder} did not finish: give its command again to continue")
    if (folder / PLAN).exists():
        found.append(f"the run in {folder} did not finish: give its command again to continue")
    return tuple(found)


def _not_of_secret(
    manifest: Path, sheet: str | None, secret: Secret | None, notes: set[str]
) -> Iterator[tuple[int, str]]:
    """Yield faults with the numbers of their records; here and not in the workers, which are not sent the secret."""
    known = find_sheet(sheet) if sheet is not None else None
    for number, line in enumerate(raw_records(manifest), start=1):
        try:
            record = _reader(manifest)(line)
            if not record.secret:
                continue
            if secret is None or record.secret != secret.fingerprint:
                notes.add(
                    f"drawn with the secret {record.secret}, which is not here: whether ids and numbers are those of seed and "
                    "student was not compared"
                )
                continue
            for fault in secret_faults(record, known, secret):
                yield number, f"{record.recipient.id} ({record.id}): {fault}"
        except WorksheetError:  # reported by the workers
            continue


def check_folder(manifest: Path, sheet: str | None, *, recorded: bool) -> None:
    """Raise one error for the folder, instead of one for every record: its sheet is not given, or not what it was."""
    try:
        record = read_record(next(raw_records(manifest), b""))
    except InputError:  # reported later, for this record alone
        return
    unknown = [problem.id for problem in record.problems if problem.id not in catalogue()] if sheet is None else []
    if unknown and record.sources:
        names = ", ".join(unknown)
        raise InputError(
            f"{names} is in a file of its own: name the sheet's file, {record.sheet_file}", field="--sheet"
        )
    if not recorded:
        check_sources(record, sheet_of(record, find_sheet(sheet) if sheet is not None else None))


def manifest_in(folder: Path) -> Path:
    """The manifest of a class or of a single paper."""
    for name in (RECORDS, SINGLE):
        if (folder / name).is_file():
            return folder / name
    if (folder / VARIANTS).is_file():
        raise InputError(
            f"{folder} has the variants of an export, of which there are no papers: give a folder that generate wrote",
            field="DIR",
        )
    if (folder / PLAN).parent.is_dir():
        raise InputError(f"the run in {folder} did not finish: give its command again to continue", field="DIR")
    raise InputError(f"{folder} has neither {RECORDS} nor {SINGLE}: give a folder that generate wrote", field="DIR")


def records_in(folder: Path) -> Path:
    """Return the file with the records of a class, of a single paper, or of the variants of an export."""
    variants = folder / VARIANTS
    return variants if variants.is_file() else manifest_in(folder)


@dataclass(frozen=True)
class _Chunk:
    """Some records from an offset in the manifest on, which the worker that verifies them reads."""

    first: int
    offset: int
    records: int


def _chunks(lines: Iterable[bytes]) -> Iterator[_Chunk]:
    number, offset = 1, 0
    rest = iter(lines)
    while sizes := [len(line) for line in islice(rest, CHUNK)]:
        yield _Chunk(number, offset, len(sizes))
        number += len(sizes)
        offset += sum(sizes)


def _lines(manifest: Path, chunk: _Chunk) -> Iterator[tuple[int, bytes]]:
    with manifest.open("rb") as file:
        file.seek(chunk.offset)
        lines = [file.read()] if manifest.name == SINGLE else islice(file, chunk.records)
        yield from enumerate(lines, start=chunk.first)


def _reader(manifest: Path) -> Callable[[bytes], Record]:
    return read_class_record if manifest.name == RECORDS else read_record


@dataclass
class _Found:
    """Of a chunk: how many files, its lines and faults, each with the number of its record, and notes."""

    files: int = 0
    lines: list[tuple[int, Line]] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)


def _verify(manifest: Path, sheet: str | None, recorded: bool, chunk: _Chunk) -> _Found:
    known = find_sheet(sheet) if sheet is not None else None
    found_all = _Found()
    for number, line in _lines(manifest, chunk):
        label = f"record {number}"
        try:
            record = _reader(manifest)(line)
            label = f"{record.recipient.id} ({record.id})".strip()
            if record.student is not None:
                found_all.lines.append((number, line_of(record)))
            found_all.files += len(record.files)
            found_all.notes.update(notes_of(record, known, recorded=recorded))
            with using(record.language):  # model answers are in it
                found = list(faults_of(record, manifest.parent, known, recorded=recorded))
        except WorksheetError as error:
            found = [str(error)]
        except Exception as error:  # noqa: BLE001 - a problem file may raise anything; the others are looked at
            found = [f"cannot be solved again: {describe_error(error)}"]
        found_all.faults += [(number, f"{label}: {fault}") for fault in found]
    return found_all
