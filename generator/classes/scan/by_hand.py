"""What a person says a page is: ``pages.csv`` with its last column filled in, or ``--page scan.pdf:7=ID/3``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.classes.scan.papers import Paper, Papers
from generator.classes.scan.reading import Place
from generator.errors import InputError, expected
from generator.paper.csv_files import csv_bytes
from generator.paper.table_reader import TableReader

PAGES = "pages.csv"
COLUMNS = ("scan", "page", "digest", "found", "is")

BLANK, SPARE = "blank", "spare"

FORMS = f"ID/3, ID/3b for the back of page 3, ID/K3 for page 3 of the key, ID alone, {BLANK}, or {SPARE} for a page to leave out"


@dataclass(frozen=True)
class Said:
    """What a page is by somebody's word: a page of a paper, or (without one) ``blank`` or ``spare``."""

    text: str
    paper: Paper | None = None
    page: int = 0
    is_key: bool = False
    is_back: bool = False


def read_said(text: str, papers: Papers, field: str) -> Said:
    """Return what ``text`` says; raises :class:`InputError` where no page can be that."""
    words = text.strip()
    if words.lower() in (BLANK, SPARE):
        return Said(words.lower())
    if (paper := papers.find(words)) is not None:
        return Said(words, paper)
    identity, slash, end = words.rpartition("/")
    found = _PAGE.fullmatch(end.strip())
    if not slash or found is None:
        raise InputError(expected(FORMS, repr(text)) + papers.suggestion(words), field=field)
    paper = papers.find(identity.strip())
    if paper is None:
        raise InputError(
            f"there is no paper or student {identity.strip()!r} in the folder{papers.suggestion(identity)}", field=field
        )
    page = int(found["page"])
    if paper.pages is not None and page > paper.pages and not found["key"]:
        raise InputError(f"the paper of {paper.label} has {paper.pages} pages; got page {page}", field=field)
    return Said(words, paper, page, bool(found["key"]), bool(found["back"]))


_PAGE = re.compile(r"(?P<key>[kK])?(?P<page>[1-9][0-9]?)(?P<back>[bB])?")
_OPTION = re.compile(r"(?P<file>.+?):(?P<page>[0-9]{1,6})=(?P<what>.*)", re.DOTALL)


def read_options(options: Iterable[str], counts: Mapping[str, int], papers: Papers) -> dict[Place, Said]:
    """Return what ``--page`` says of each page; ``counts`` are the numbers of pages of the scans."""
    said = {}
    for option in options:
        found = _OPTION.fullmatch(option)
        if found is None:
            raise InputError(expected("FILE:PAGE=WHAT, as in scan.pdf:7=ID/3", repr(option)), field="--page")
        place = Place(Path(found["file"]).name, int(found["page"]))
        _check_place(place, counts, "--page")
        said[place] = read_said(found["what"], papers, "--page")
    return said


def _check_place(place: Place, counts: Mapping[str, int], field: str) -> None:
    if place.scan not in counts:
        raise InputError(expected(f"one of the scans {', '.join(counts)}", place.scan), field=field)
    if not 1 <= place.page <= counts[place.scan]:
        raise InputError(f"{place.scan} has pages 1 to {counts[place.scan]}; got {place.page}", field=field)


class _Table(TableReader):
    columns = COLUMNS
    needed = ("scan", "page", "is")
    usual: Mapping[str, tuple[str, ...]] = {}
    what = "list of pages"
    each = "page"

    def rows(self) -> list[tuple[int, Mapping[str, str]]]:
        """The number and the fields of each row; raises :class:`InputError` where one cannot be used."""
        rows = [*self.table()]
        if self._errors:
            raise self._failure(self._errors)
        return rows


def read_table(
    path: Path, counts: Mapping[str, int], digests: Mapping[str, str], papers: Papers
) -> tuple[dict[Place, Said], list[str]]:
    """Return what the filled rows of a ``pages.csv`` say, and notes on those that are about other files.

    A row counts only for the file that it was written for: scanners give the same names again.
    """
    said, notes = {}, []
    for number, row in _Table(path).rows():
        what = row["is"].strip().removeprefix("'")
        if not what:
            continue
        field = f"{path.name}, row {number}"
        page = row["page"].strip()
        if not page.isascii() or not page.isdigit():
            raise InputError(expected("the number of a page", repr(page)), field=field)
        place = Place(row["scan"].strip().removeprefix("'"), int(page))
        written_for = row.get("digest", "").strip()
        if place.scan not in counts or (written_for and written_for != digests[place.scan]):
            notes.append(f"{field} is about another file of the name {place.scan}: not used")
            continue
        _check_place(place, counts, field)
        said[place] = read_said(what, papers, field)
    return said, notes


def table_bytes(rows: Iterable[tuple[Place, str, str]], digests: Mapping[str, str]) -> bytes:
    """Return a ``pages.csv``: of each page what was found, and what somebody said it is."""
    body = [(place.scan, str(place.page), digests[place.scan], found, what) for place, found, what in rows]
    return csv_bytes([COLUMNS, *body])
