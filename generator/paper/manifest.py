"""The manifest of a folder: where the records of its papers stand, read a line at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator.errors import InputError
from generator.paper.record import Record, read_record

SINGLE = "manifest.json"
"""The record of a single paper."""

RECORDS = "manifest.jsonl"
"""The records of a class, one a line."""

VARIANTS = "variants.jsonl"
"""The records of the variants that an export has, one a line, by which answers are marked; there are no papers of them."""

REPORT = "report.html"
"""The page on the fairness of the class."""

INDEX = "index.csv"
"""The table of whose paper is which."""

MANIFEST_HASH = "manifest.sha256"
"""The SHA-256 of the records and of the index."""

LARGEST_RECORD = 8 * 2**20
"""Bytes; a record of Discussion 04 has some ten thousand."""

_CONTINUE = "run the same command again to continue"


def raw_records(manifest: Path) -> Iterator[bytes]:
    """Yield the JSON of each record: a line of a class's manifest, or the whole of a single paper's."""
    try:
        with manifest.open("rb") as file:
            while (
                line := file.read(LARGEST_RECORD + 1) if manifest.name == SINGLE else file.readline(LARGEST_RECORD + 1)
            ):
                if len(line) > LARGEST_RECORD:
                    raise InputError(
                        f"{manifest} has a record of more than {LARGEST_RECORD // 2**20} MiB: no paper has"
                    )
                yield line
    except OSError as error:
        raise InputError(f"{manifest} cannot be read: {error.strerror}", field="DIR") from error


def read_records(folder: Path) -> Iterator[Record]:
    """Yield the records of the class in ``folder``, in the order of the file.

    Raises :class:`InputError` where there is no class, and at the first line that is not a record of the same sheet, or
    lacks what the report on fairness counts.
    """
    manifest = _class_manifest(folder)
    shared: list[str] | None = None
    for number, line in enumerate(raw_records(manifest), start=1):
        if not line.strip():
            continue
        where = f"{manifest}, line {number}"
        try:
            record = read_record(line)
        except InputError as error:
            if not line.endswith(b"\n"):
                raise InputError(f"{where} is cut short; the run did not finish: {_CONTINUE}") from error
            raise InputError(f"{where} {error}") from error
        for place, problem in enumerate(record.problems, start=1):
            if not problem.canonical or problem.cost is None or problem.letters is None:
                raise InputError(
                    f"{where}, problem {place}: canonical, cost or letters are missing; was the manifest changed, or "
                    "made by another version?"
                )
        ids = [" or ".join(problem.among) or problem.id for problem in record.problems]
        if shared is not None and ids != shared:
            raise InputError(
                f"{where}: expected the problems of the lines before, {', '.join(shared)}; got {', '.join(ids)}; a "
                "report is about one sheet"
            )
        shared = ids
        yield record
    if shared is None:
        raise InputError(f"{manifest} holds no paper; the run did not finish: {_CONTINUE}", field="DIR")


def _class_manifest(folder: Path) -> Path:
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}; give the one that a class was written into", field="DIR")
    path = folder / RECORDS
    if path.is_file():
        return path
    if (folder / VARIANTS).is_file():
        raise InputError(
            f"{folder} holds the variants of an export; a report needs a class (generate --roster)", field="DIR"
        )
    if (folder / SINGLE).is_file():
        raise InputError(f"{folder} holds a single paper; a report needs a class (generate --roster)", field="DIR")
    raise InputError(
        f"{folder} has no {RECORDS}; give the folder that a class was written into, or, if its run did not finish, "
        f"{_CONTINUE}",
        field="DIR",
    )
