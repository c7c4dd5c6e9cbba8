"""Verifying what was handed out: every paper solved again from its parameters, every file held against its hash."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from generator import audit
from generator._version import __version__
from generator.asked import asked_parts
from generator.class_chunk import HIDDEN
from generator.encoding import encode
from generator.errors import InputError, WorksheetError
from generator.generate import both_documents, is_ours, latex_texts, text_files
from generator.identity import PaperId, read_id, stream
from generator.manifest import paper_record
from generator.problem import Variant
from generator.rebuild import SINGLE, raw_records, sheet_of, student_of, variants_of
from generator.records import INDEX, RECORDS
from generator.render import FORMATS
from generator.sheet import Sheet, find_sheet
from generator.workers import Hands
from generator.worksheet import ORIGINAL, Paper, assemble, draw_variants

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

    ``progress`` is told of so many papers more out of so many.  ``sheet`` is needed for problems in files of their own.  Raises :class:`InputError` where there is nothing to verify.
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
            found = list(_faults(record, manifest.parent, known))
        except WorksheetError as error:
            found = [str(error)]
        except Exception as error:  # noqa: BLE001 - the record may hold anything; the others are looked at
            found = [f"is not a record: {type(error).__name__}: {str(error)[:200]}"]
        faults += [(number, f"{whose}: {fault}") for fault in found]
    return _Found(files, owners, faults)


def _faults(record: Mapping[str, Any], folder: Path, known: Sheet | None) -> Iterator[str]:
    sheet = sheet_of(record, known)
    student = student_of(record)
    expected = PaperId(sheet.code, stream(record["seed"], student.id, record.get("again", 0)))
    if str(expected) != record["id"]:
        yield f"the id is not that of the seed and the student, which is {expected}"
    same_version = record["version"] == __version__
    variants = variants_of(record, sheet)
    if same_version:
        yield from _not_as_made(record, sheet, variants)
    for variant, entry, stored in zip(variants, sheet.entries, record["problems"], strict=True):
        where = variant.problem.id
        for finding in audit.disagreements(variant):
            if finding.is_wrong:
                yield f"{where}: {finding}"
        fresh = {
            "values": encode(variant.values.computed),
            "answers": encode(variant.answers(asked_parts(variant, entry))),
        }
        for kind, now in fresh.items():
            yield from _differences(f"{where}, {kind}", stored[kind], now, same_version)
    for name, digest in record["files"].items():
        if is_ours(name, of_class="student" in record):
            yield from _file_faults(folder, name, digest)
        else:
            yield f"the manifest names a strange file, {_told(name)}"


def _not_as_made(record: Mapping[str, Any], sheet: Sheet, variants: tuple[Variant, ...]) -> Iterator[str]:
    """What this version would have made otherwise: the draws, the texts of the files, what the report counts."""
    identity = read_id(record["id"])
    paper = assemble(sheet, identity, variants, student_of(record))
    if record["seed"] != ORIGINAL:
        for drawn, variant in zip(draw_variants(sheet, identity.stream), variants, strict=True):
            if drawn.params != variant.params:
                yield f"{variant.problem.id}: the parameters are not those that the id stands for"
    made = paper_record(paper, sheet.name, record["seed"], {}, student_of(record), record.get("again", 0))
    for stored, fresh in zip(record["problems"], made["problems"], strict=True):
        for trait in ("canonical", "cost", "letters"):
            if stored.get(trait) != fresh[trait]:
                yield f"{stored['id']}: {trait} is {_told(stored.get(trait))} in the manifest and {_told(fresh[trait])} in the paper"
    if sheet.text:  # or its title and its templates are not known
        folder = f"{student_of(record).file_stem}/" if "student" in record else ""
        yield from _other_texts(record["files"], folder, paper, sheet)


def _other_texts(files: Mapping[str, str], folder: str, paper: Paper, sheet: Sheet) -> Iterator[str]:
    """Files in the paper's folder whose text is not the paper's, such as another student's, and those that are missing."""
    formats = tuple(form for form in FORMATS if f"{folder}worksheet.{form}" in files)
    documents = both_documents(paper)
    latex = latex_texts(documents, sheet) if "tex" in formats else {}
    expected = text_files(documents, sheet, formats, latex)
    for name, content in expected.items():
        stored = files.get(folder + name)
        if stored is None:
            yield f"{folder + name} is missing in the manifest"
        elif stored != sha256(content).hexdigest():
            yield f"{folder + name} is not this paper's: the student, the parts or the sheet have changed"
    pairs = {(stem, form) for form in (*FORMATS, "pdf") for stem in documents if f"{folder}{stem}.{form}" in files}
    if not pairs or len(pairs) % 2:
        yield "the manifest does not name a worksheet and a key of each format"


def _differences(where: str, stored: Mapping[str, Any], now: Mapping[str, Any], same_version: bool) -> Iterator[str]:
    """Of another version only what both know is compared, and not the words, which may have been written anew."""
    for name in sorted(stored.keys() | now.keys()):
        if name in stored and name in now:
            if stored[name] != now[name] and (same_version or not _is_words(stored[name])):
                yield f"{where}: {name} is {_told(stored[name])} in the manifest and {_told(now[name])} when solved again"
        elif same_version:
            yield f"{where}: {name} is {'missing in' if name in now else 'only in'} the manifest"


def _is_words(value: Any) -> bool:
    return isinstance(value, str) and " " in value and any(len(word) > 3 and word.isalpha() for word in value.split())


def _told(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "..."


def _file_faults(folder: Path, name: str, digest: str) -> Iterator[str]:
    try:
        found = sha256((folder / name).read_bytes()).hexdigest()
    except OSError as error:
        yield f"{name}: {error.strerror}"
        return
    if found != digest:
        yield f"{name} is not as it was written"
