"""Verifying what was handed out: every paper solved again from its parameters, every file held against its hash."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from generator.classes.binding import bound_faults
from generator.classes.chunk import HIDDEN
from generator.classes.workers import Hands
from generator.errors import InputError, WorksheetError
from generator.fairness.records import INDEX, RECORDS
from generator.rebuild import SINGLE, raw_records
from generator.record_faults import faults_of
from generator.sheet import find_sheet

CHUNK = 50


@dataclass(frozen=True)
class Verified:
    """How many papers were looked at, how many files, and what is wrong with them."""

    papers: int
    files: int
    faults: tuple[str, ...]


def verify_folder(
    folder: Path, hands: Hands, sheet: str | None = None, progress: Callable[[int, int], None] | None = None
) -> Verified:
    """Solve every paper in ``folder`` again, with sympy and with numpy, and hash its files.

    ``progress`` is told of so many papers more out of so many.  ``sheet`` is needed for problems in files of their
    own.  Raises :class:`InputError` where there is nothing to verify.
    """
    manifest = manifest_in(folder)
    chunks = list(_chunks(raw_records(manifest)))
    total = sum(chunk.records for chunk in chunks)
    papers = files = 0
    owners: list[tuple[str, str]] = []
    faults: list[tuple[int, str]] = []
    for chunk, found in hands.work(partial(_verify, manifest, sheet), chunks):
        papers += chunk.records
        files += found.files
        faults += found.faults
        owners += found.whose
        if progress is not None:
            progress(chunk.records, total)
    if not papers:
        raise InputError(f"{manifest} has no records: run the same command again to continue", field="DIR")
    told = [fault for _, fault in sorted(faults)]
    if manifest.name == RECORDS:
        told += _miscounted(owners, folder)
        told += bound_faults(folder)
    return Verified(papers, files, tuple(told))


def _miscounted(owners: Iterable[tuple[str, str]], folder: Path) -> Iterator[str]:
    """Records that are there twice, and whatever the index of the class has otherwise."""
    counted = Counter(owners)
    for kind, names in (
        ("student", Counter(student for student, _ in counted)),
        ("id", Counter(one for _, one in counted)),
    ):
        yield from (f"the {kind} {name} has {count} records" for name, count in names.items() if count > 1)
    yield from (
        f"{student} ({one}) has {count} equal records" for (student, one), count in counted.items() if count > 1
    )
    try:
        with (folder / INDEX).open(encoding="utf-8-sig", newline="") as file:
            listed = {(row["id"].removeprefix("'"), row["paper"]) for row in csv.DictReader(file)}
    except (OSError, ValueError, KeyError, csv.Error) as error:
        yield f"{INDEX} cannot be read: {error}"
        return
    for student, one in sorted(listed ^ counted.keys()):
        where = INDEX if (student, one) in listed else RECORDS
        yield f"{student} ({one}) is only in {where}"


def manifest_in(folder: Path) -> Path:
    """The manifest of a class or of a single paper."""
    for name in (RECORDS, SINGLE):
        if (folder / name).is_file():
            return folder / name
    if (folder / HIDDEN).is_dir():
        raise InputError(f"the run in {folder} did not finish: give its command again to continue", field="DIR")
    raise InputError(f"{folder} has neither {RECORDS} nor {SINGLE}: give a folder that generate wrote", field="DIR")


@dataclass(frozen=True)
class _Chunk:
    """So many records from a place in the manifest on; whoever verifies them reads them."""

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


@dataclass(frozen=True)
class _Found:
    """Of a chunk: how many files, whose papers (student, id), and each fault with the number of its record."""

    files: int
    whose: list[tuple[str, str]]
    faults: list[tuple[int, str]]


def _verify(manifest: Path, sheet: str | None, chunk: _Chunk) -> _Found:
    known = find_sheet(sheet) if sheet is not None else None
    faults = []
    owners = []
    files = 0
    for number, line in _lines(manifest, chunk):
        whose = f"record {number}"
        try:
            record = json.loads(line)
            student = record.get("student", {}).get("id", "")
            whose = f"{student} ({record['id']})".strip()
            owners.append((student, record["id"]))
            files += len(record["files"])
            found = list(faults_of(record, manifest.parent, known))
        except WorksheetError as error:
            found = [str(error)]
        except Exception as error:  # noqa: BLE001 - the record may hold anything; the others are looked at
            found = [f"is not a record: {type(error).__name__}: {str(error)[:200]}"]
        faults += [(number, f"{whose}: {fault}") for fault in found]
    return _Found(files, owners, faults)
