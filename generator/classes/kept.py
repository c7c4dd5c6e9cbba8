"""What a run keeps of a paper: its record, as a line of the manifest, and what the run itself must know of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.classes.distinct import Kind


@dataclass(frozen=True, slots=True)
class Kept:
    """A record's head: whose paper it is, drawn how often, its id, its files, and (kind, digest) of its variants.

    A paper that ``failed`` has a reason, and no id and no files.
    """

    student: str
    again: int
    variants: tuple[tuple[Kind, str], ...]
    paper: str = ""
    name: str = ""
    section: str = ""
    form: str = ""
    files: tuple[str, ...] = ()
    failed: str | None = None


def head(record: Mapping[str, Any]) -> Kept:
    """The head of a record; raises KeyError or TypeError for what is none."""
    whose = record["student"]
    variants = tuple((kind_of(problem["id"], problem["level"]), problem["canonical"]) for problem in record["problems"])
    if "failed" in record:
        return Kept(whose["id"], record["again"], variants, failed=record["failed"])
    named = whose["id"], record["again"], variants, record["id"], whose["name"], whose["section"], record["form"]
    return Kept(*named, tuple(record["files"]))


def kind_of(problem: str, level: str) -> Kind:
    """A problem at a level, as messages name it."""
    return problem if level == "standard" else f"{problem} ({level})"


def read_part(part: Path) -> Iterator[dict[str, Any]]:
    """The records of a part, or of the manifest."""
    with part.open("rb") as lines:
        for line in lines:
            yield json.loads(line)
