"""Checks a class as a whole: its records against each other, its index, its hashes and its folders."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from generator import __version__
from generator.classes.binding import bound_faults
from generator.classes.bound import digest_of
from generator.paper.csv_tables import spreadsheet_safe
from generator.paper.generate import STEMS, is_ours
from generator.paper.manifest import INDEX, MANIFEST_HASH, RECORDS
from generator.paper.needs import added_formats
from generator.paper.record import Record

COLUMNS = ("id", "name", "section", "form", "paper", "folder", "needs")
"""The columns of the index; there is one of ``needs`` where somebody has any."""


@dataclass(frozen=True, slots=True)
class Line:
    """The part of a record that is checked against the others: its row of the index, its version and its formats."""

    row: tuple[str, ...]
    version: str
    formats: tuple[str, ...]
    needs: tuple[str, ...] = ()

    @property
    def needed(self) -> set[str]:
        """The files that the student's needs may add."""
        return {f"{stem}.{form}" for form in added_formats(self.needs, ()) for stem in STEMS}

    @property
    def owner(self) -> str:
        """The student and the id, as messages name the paper."""
        return f"{self.row[0]} ({self.row[4]})"


def line_of(record: Record) -> Line:
    """The line of a record that is one of a class."""
    student = record.recipient
    named = {name.rpartition("/")[2] for name in record.files if "figures/" not in name}
    row = (
        student.id,
        student.name,
        student.section,
        student.form,
        record.id,
        student.file_stem,
        " ".join(student.needs),
    )
    return Line(row, record.version, tuple(sorted(named)), student.needs)


def index_table(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the index of a class from its papers' rows."""
    table = [COLUMNS, *rows]
    return table if any(row[-1] for row in rows) else [row[:-1] for row in table]


def index_row(row: Sequence[str]) -> list[str]:
    """A row as it stands in the index."""
    return [spreadsheet_safe(cell) for cell in row]


def class_faults(lines: Sequence[Line], folder: Path) -> Iterator[str]:
    """Yield what is wrong beyond single records; ``lines`` are in the order of the manifest."""
    yield from _repeated(lines)
    yield from _other_than_most(lines)
    yield from _index_faults(lines, folder)
    yield from _hash_faults(lines, folder)
    yield from _folders_of_nobody({line.row[5] for line in lines}, folder)
    yield from bound_faults(folder)


def _repeated(lines: Sequence[Line]) -> Iterator[str]:
    counted = Counter((line.row[0], line.row[4]) for line in lines)
    for kind, names in (
        ("student", Counter(student for student, _ in counted)),
        ("id", Counter(one for _, one in counted)),
    ):
        yield from (f"the {kind} {name} has {count} records" for name, count in names.items() if count > 1)
    yield from (
        f"{student} ({one}) has {count} equal records" for (student, one), count in counted.items() if count > 1
    )


def _other_than_most(lines: Sequence[Line]) -> Iterator[str]:
    """A run is of one version, and writes the same formats for all but for what some need: another paper would be looked at less closely."""
    version = _usual([line.version for line in lines])
    formats = _usual([line.formats for line in lines if not line.needed] or [line.formats for line in lines])
    for line in lines:
        if line.version != version:
            yield f"{line.owner} is of the version {line.version or 'none'}; the others: {version or 'none'}"
        if ({*line.formats} ^ {*formats}) - line.needed:
            yield f"{line.owner} has the files {' '.join(line.formats) or 'none'}; the others: {' '.join(formats) or 'none'}"
        endings = [name.rpartition(".")[2] for name in line.formats]
        if missing := added_formats(line.needs, endings):
            yield f"{line.owner} needs {', '.join(line.needs)} and has no {' and no '.join(missing)}"


Value = TypeVar("Value")


def _usual(values: Sequence[Value]) -> Value:
    return Counter(values).most_common(1)[0][0]


def _index_faults(lines: Sequence[Line], folder: Path) -> Iterator[str]:
    try:
        with (folder / INDEX).open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            listed = [(*(row[column] or "" for column in COLUMNS[:-1]), row.get("needs") or "") for row in reader]
    except KeyError as error:
        yield f"{INDEX} has no column {error}"
        return
    except FileNotFoundError:
        yield f"{INDEX} is missing"
        return
    except (OSError, ValueError, csv.Error) as error:
        yield f"{INDEX} cannot be read: {getattr(error, 'strerror', None) or error}"
        return
    expected = [tuple(index_row(line.row)) for line in lines]
    there, known = ({(row[0], row[4]): row for row in rows} for rows in (listed, expected))
    for student, one in sorted(there.keys() ^ known.keys()):
        where = INDEX if (student, one) in there else RECORDS
        yield f"{student.removeprefix(_APOSTROPHE)} ({one}) is only in {where}"
    for key in there.keys() & known.keys():
        for column, in_index, in_manifest in zip(COLUMNS, there[key], known[key], strict=True):
            if in_index != in_manifest:
                yield f"{key[0]} ({key[1]}): {column} is {in_index!r} in {INDEX} and {in_manifest!r} in {RECORDS}"
    if len(listed) != len(there):
        yield f"{INDEX} has a student's line twice"
    elif there.keys() == known.keys() and [*there] != [*known]:
        yield f"{INDEX} has its lines in another order than {RECORDS}"


_APOSTROPHE = "'"


def _hash_faults(lines: Sequence[Line], folder: Path) -> Iterator[str]:
    """The manifest's own hash and the index's: they catch what is on no paper, such as an e-mail address."""
    try:
        expected = _written_hashes(folder)
    except FileNotFoundError:
        if any(line.version == __version__ for line in lines):
            yield f"{MANIFEST_HASH} is missing: what is on no paper cannot be compared"
        return
    except (OSError, UnicodeDecodeError) as error:
        yield f"{MANIFEST_HASH} cannot be read: {getattr(error, 'strerror', None) or error}"
        return
    for name in (RECORDS, INDEX):
        if name not in expected:
            yield f"{MANIFEST_HASH} has no hash of {name}"
        elif (folder / name).is_file() and digest_of(folder / name) != expected[name]:
            yield f"{name} is not as it was written"


def is_manifest_changed(folder: Path) -> bool:
    """Return whether the manifest of a class is not as it was written; of a folder without its hash nobody knows."""
    try:
        expected = _written_hashes(folder)
        return RECORDS in expected and digest_of(folder / RECORDS) != expected[RECORDS]
    except (OSError, UnicodeDecodeError):
        return False


def _written_hashes(folder: Path) -> dict[str, str]:
    text = (folder / MANIFEST_HASH).read_text(encoding="utf-8")
    return {name: digest for digest, _, name in (line.partition("  ") for line in text.splitlines())}


def manifest_hash(folder: Path) -> bytes:
    """The text of :data:`MANIFEST_HASH`, which ``sha256sum -c`` reads too."""
    return "".join(f"{digest_of(folder / name)}  {name}\n" for name in (RECORDS, INDEX)).encode()


def _folders_of_nobody(known: set[str], folder: Path) -> Iterator[str]:
    for inner in sorted(path for path in folder.iterdir() if path.name not in known and path.is_dir()):
        ours = sorted(path.name for path in inner.iterdir() if is_ours(f"{inner.name}/{path.name}", of_class=True))
        if ours:
            yield f"{inner.name}/ has {', '.join(ours)}, and the manifest no paper there"
