"""The end of a run: the manifest and the index of the class put together from the records of its chunks."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from generator.classes.class_faults import index_table, manifest_hash
from generator.classes.folder import ClassFolder
from generator.classes.plan import Order
from generator.classes.summary import Summary, summary
from generator.paper.csv_files import csv_bytes
from generator.paper.manifest import INDEX, MANIFEST_HASH
from generator.paper.needs import formats_for
from generator.paper.record import read_record

Record: TypeAlias = tuple[Summary, bytes]
"""A record's head and its line of the manifest."""


@dataclass(frozen=True)
class Assembled:
    """The number of papers of the class, and the failures by student with their reasons."""

    papers: int
    failures: Mapping[str, str]


def assemble_class(
    folder: ClassFolder,
    order: Order,
    unchanged: Container[str],
    first: Iterable[Record],
    again: Iterable[Record],
    undrawn: Mapping[str, str],
) -> Assembled:
    """Write manifest and index in the order of the class; then remove what no paper has any more.

    ``first`` are the records of all students' first papers, but for those whose papers are ``unchanged``; ``again`` are
    those of the papers with a problem drawn again; ``undrawn`` tells for whom there was none.  Where a paper failed, the one that the run before made stays, if it is
    whole and of the same files and formats as the others.
    """
    folders = order.folders
    before = folder.earlier_papers()
    papers = 0
    failures: dict[str, str] = {}
    wanted: set[str] = set()
    given_up: set[str] = set()
    index: list[tuple[str, ...]] = []
    with folder.manifest() as file:
        made = _last_of(first, again)
        for student in order.students:
            if student.id in unchanged:
                one, line = folder.unchanged_record(student)
                earlier = one
            else:
                earlier, one, line = next(made)
            given_up.update(earlier.files)
            reason = undrawn.get(one.student) or one.failed
            if reason is not None:
                failures[one.student] = reason
                left = folder.line_before(one.student, formats_for(student.needs, order.formats), order.sheet.sources)
                if left is None:
                    failures[one.student] += _REMOVED if one.student in before else ""
                    continue
                failures[one.student] += "\n  (the paper that the run before made stays)"
                one, line = summary(read_record(left)), left
            file.write(line)
            wanted.update(one.files)
            papers += 1
            row = (one.student, one.name, one.section, one.form, one.paper, folders[one.student], " ".join(one.needs))
            index.append(row)
    folder.write(INDEX, csv_bytes(index_table(index)))
    folder.write(MANIFEST_HASH, manifest_hash(order.folder))
    folder.remove_outdated(wanted, given_up)
    return Assembled(papers, failures)


_REMOVED = (
    "\n  (the paper that the run before made was removed: it is not as it was written, or was made from other files "
    "or in fewer formats)"
)


def _last_of(first: Iterable[Record], again: Iterable[Record]) -> Iterator[tuple[Summary, Summary, bytes]]:
    """Each student's first record and the one that counts, with its line; both are in the order of the class."""
    later = iter(again)
    upcoming = next(later, None)
    for one, line in first:
        if upcoming is not None and upcoming[0].student == one.student:
            yield one, *upcoming
            upcoming = next(later, None)
        else:
            yield one, one, line
