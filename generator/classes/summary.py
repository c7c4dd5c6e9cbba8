"""Summaries of records: as much of each paper as a run keeps in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import msgspec

from generator.paper.origin import Redraws
from generator.paper.record import Record, read_record

Kind: TypeAlias = str
"""A problem at a level: what has one space of variants."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The student, the redraws, the id and the files of a paper, and (kind, digest) of its variants.

    A paper that ``failed`` has a reason, and no id and no files.  A variant has no digest if it could not be drawn, and if
    nothing was: a problem without parameters is the same for everybody.
    ``replaced`` are the records, as JSON, of the papers that the student had before.
    """

    student: str
    redraws: Redraws
    variants: tuple[tuple[Kind, str], ...]
    paper: str = ""
    name: str = ""
    section: str = ""
    form: str = ""
    email: str = ""
    files: tuple[str, ...] = ()
    failed: str | None = None
    replaced: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EarlierPaper:
    """A paper of the run before, as far as this one must know of it: its id, of each problem (kind, again, digest), and the
    records of the papers that it replaced.
    """

    id: str
    problems: tuple[tuple[Kind, int, str], ...]
    replaced: tuple[str, ...] = ()

    def problem(self, kind: Kind, copy: int) -> tuple[int, str] | None:
        """Return, for the ``copy``-th problem of a kind, how often it was drawn again, and its digest."""
        of_kind = [(again, digest) for other, again, digest in self.problems if other == kind]
        return of_kind[copy - 1] if copy <= len(of_kind) else None


def earlier_paper(paper: Summary) -> EarlierPaper:
    """Return what the next run must know of a paper."""
    again = dict(paper.redraws)
    numbered = enumerate(paper.variants, start=1)
    return EarlierPaper(
        paper.paper, tuple((kind, again.get(place, 0), digest) for place, (kind, digest) in numbered), paper.replaced
    )


def summary(record: Record) -> Summary:
    """Return the summary of a record."""
    student = record.recipient
    variants = tuple(
        (kind_of(problem.id, problem.level), problem.canonical if problem.params or record.failed else "")
        for problem in record.problems
    )
    return Summary(
        student.id,
        record.redraws,
        variants,
        record.id,
        student.name,
        student.section,
        student.form,
        student.email,
        tuple(record.files),
        record.failed or None,
        tuple(msgspec.json.encode(one).decode() for one in record.replaced),
        student.needs,
    )


def kind_of(problem: str, level: str) -> Kind:
    """A problem at a level, as messages name it."""
    return problem if level == "standard" else f"{problem} ({level})"


def read_part(part: Path) -> Iterator[Record]:
    """Yield the records of a part, or of the manifest."""
    with part.open("rb") as lines:
        yield from map(read_record, lines)
