"""The papers of a folder as far as scans are concerned: whose they are, and how many pages each has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf

from generator.classes.scan.sources import page_count
from generator.classes.verify import manifest_in
from generator.errors import InputError, near
from generator.paper.manifest import raw_records
from generator.paper.record import Record, read_record
from generator.paper.students import file_stem


@dataclass(frozen=True)
class Paper:
    """A paper: its id, whose it is, its worksheet's PDF if it is there, and the number of its pages, if that is known.

    Of a paper that is ``shared``, such as a form, there are many copies, which nothing on them tells apart.
    """

    id: str
    student: str
    name: str
    section: str
    stem: str
    shared: bool
    problems: tuple[str, ...]
    pdf: Path | None = None
    pages: int | None = None
    replaced: tuple[str, ...] = ()
    """The ids of papers that the student was given before this one."""

    @property
    def label(self) -> str:
        """Whose it is, in a line."""
        return " ".join(filter(None, (self.name, f"({self.student})" if self.name else self.student))) or self.id


@dataclass(frozen=True)
class Papers:
    """All papers of a folder, in the order of its manifest."""

    papers: Sequence[Paper]
    _known: dict[str, Paper] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for paper in self.papers:
            self._known.setdefault(f"={paper.student}", paper)
            self._known[_plain(paper.id)] = paper

    def find(self, text: str) -> Paper | None:
        """Return the paper with this id, as printed or as somebody typed it, or of the student with this id."""
        return self._known.get(_plain(text)) or (self._known.get(f"={text}") if text else None)

    def replaced_by(self, identity: str) -> Paper | None:
        """Return the paper that was given out in place of the one with this id, if there is one."""
        return next((paper for paper in self.papers if identity in paper.replaced), None)

    def suggestion(self, text: str) -> str:
        """Return the end of a message about an unknown id."""
        return near(text, [name for paper in self.papers for name in (paper.id, paper.student) if name], 0.7)


def _plain(identity: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", identity.upper())


def read_papers(folder: Path) -> Papers:
    """Return the papers of the class, or the single paper, in ``folder``; raises :class:`InputError` where there is none."""
    manifest = manifest_in(folder)
    papers = []
    for number, line in enumerate(raw_records(manifest), start=1):
        try:
            papers.append(_paper(read_record(line), folder))
        except InputError as error:
            raise InputError(f"{manifest}, line {number} {error}", field="--in") from error
    return Papers(papers)


def _paper(record: Record, folder: Path) -> Paper:
    student = record.recipient
    pdf = next((folder / name for name in record.files if name.rpartition("/")[2] == "worksheet.pdf"), None)
    if pdf is not None and not pdf.is_file():
        pdf = None
    return Paper(
        record.id,
        student.id,
        student.name,
        student.section,
        file_stem(student.id or record.id),
        shared=not student.name,
        problems=tuple(problem.id for problem in record.problems),
        pdf=pdf,
        pages=_pages(pdf) if pdf is not None else None,
        replaced=tuple(one.id for one in record.replaced),
    )


def _pages(pdf: Path) -> int:
    try:
        return page_count(pdf)
    except (InputError, pikepdf.PdfError) as error:
        raise InputError(f": the paper's PDF cannot be read: {error}; make the class again") from error
