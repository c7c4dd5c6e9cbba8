"""What a run keeps of a paper: its record, as a line of the manifest, and what the run itself must know of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from generator.paper.ids import Redraws

Kind: TypeAlias = str
"""A problem at a level: what has one space of variants."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A record's head: whose paper it is, what of it was drawn again, its id, its files, and (kind, digest) of its variants.

    A paper that ``failed`` has a reason, and no id and no files; a variant of it that could not be drawn has no digest.
    """

    student: str
    redraws: Redraws
    variants: tuple[tuple[Kind, str], ...]
    paper: str = ""
    name: str = ""
    section: str = ""
    form: str = ""
    files: tuple[str, ...] = ()
    failed: str | None = None


@dataclass(frozen=True, slots=True)
class PaperBefore:
    """A paper of the run before, as far as this one must know of it: its id, and of each problem (kind, again, digest)."""

    id: str
    problems: tuple[tuple[Kind, int, str], ...]

    def problem(self, kind: Kind, copy: int) -> tuple[int, str] | None:
        """How often the problem was drawn again that came as this kind's so many-th, and its digest."""
        of_kind = [(again, digest) for other, again, digest in self.problems if other == kind]
        return of_kind[copy - 1] if copy <= len(of_kind) else None


def paper_before(paper: Kept) -> PaperBefore:
    """What is kept of a paper for the next run."""
    again = dict(paper.redraws)
    numbered = enumerate(paper.variants, start=1)
    return PaperBefore(paper.paper, tuple((kind, again.get(place, 0), digest) for place, (kind, digest) in numbered))


def head(record: Mapping[str, Any]) -> Kept:
    """The head of a record; raises KeyError or TypeError for what is none."""
    whose = record["student"]
    variants = tuple((kind_of(problem["id"], problem["level"]), problem["canonical"]) for problem in record["problems"])
    redraws = redraws_of(record)
    if "failed" in record:
        return Kept(whose["id"], redraws, variants, failed=record["failed"])
    named = whose["id"], redraws, variants, record["id"], whose["name"], whose["section"], record["form"]
    return Kept(*named, tuple(record["files"]))


def redraws_of(record: Mapping[str, Any]) -> Redraws:
    """Which problems were drawn again; none of an old record, whose ``again`` is about the paper as a whole."""
    numbered = enumerate(record["problems"], start=1)
    return tuple((place, problem["again"]) for place, problem in numbered if problem.get("again"))


def kind_of(problem: str, level: str) -> Kind:
    """A problem at a level, as messages name it."""
    return problem if level == "standard" else f"{problem} ({level})"


def read_part(part: Path) -> Iterator[dict[str, Any]]:
    """The records of a part, or of the manifest."""
    with part.open("rb") as lines:
        for line in lines:
            yield json.loads(line)
