"""Which page of which paper each scanned page is, and what is missing, doubled, or known to nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from generator.classes.scan.by_hand import BLANK, SPARE, Said
from generator.classes.scan.papers import Paper, Papers
from generator.classes.scan.reading import Place, Seen


@dataclass(frozen=True)
class Sheet:
    """A scanned page with its place in a copy of a paper; page 0 is one whose number nobody knows."""

    seen: Seen
    page: int
    is_back: bool = False
    by_hand: bool = False

    @property
    def order(self) -> tuple[bool, int, bool]:
        """By number, each before its back; pages without a number at the end."""
        return (not self.page, self.page, self.is_back)


@dataclass
class Copy:
    """What was scanned of a paper; ``number`` counts the copies of one that many have."""

    paper: Paper
    number: int = 0
    sheets: list[Sheet] = field(default_factory=list)

    @property
    def stem(self) -> str:
        """The name of its file."""
        return f"{self.paper.stem}-{self.number}" if self.number else self.paper.stem

    @property
    def label(self) -> str:
        """Whose it is."""
        return f"{self.paper.label}, copy {self.number}" if self.number else self.paper.label

    @property
    def missing(self) -> list[int]:
        """The pages that were not scanned; only gaps, where nobody knows how many there are."""
        there = {sheet.page for sheet in self.sheets}
        return [page for page in range(1, (self.paper.pages or max(there)) + 1) if page not in there]


@dataclass(frozen=True)
class Apart:
    """A page that belongs to no student's file, and why; ``first`` is the one in her file that it repeats."""

    seen: Seen
    why: str
    first: Seen | None = None


@dataclass
class Sorted:
    """All scanned pages: those of the papers in the order of the class, and those kept apart."""

    copies: list[Copy]
    keys: list[Apart]
    doubled: list[Apart]
    unknown: list[Apart]
    blank: list[Apart]
    spare: list[Apart]
    by_hand: list[tuple[Place, str]]
    not_scanned: list[Paper]

    @property
    def unnumbered(self) -> list[tuple[Copy, Sheet]]:
        """Pages in a student's file whose number nobody knows."""
        return [(copy, sheet) for copy in self.copies for sheet in copy.sheets if not sheet.page]

    @property
    def incomplete(self) -> list[Copy]:
        """Papers of which some pages were scanned, and some not."""
        return [copy for copy in self.copies if copy.missing]

    @property
    def is_complete(self) -> bool:
        """Whether there is nothing for a person to look at."""
        return not (self.incomplete or self.doubled or self.unknown or self.unnumbered or self.not_scanned)


def sort_pages(pages: Iterable[Seen], papers: Papers, said: Mapping[Place, Said]) -> Sorted:
    """Sort the pages, in the order of the scans; what a person ``said`` of one goes before its code.

    Of two scans of one page a person's word goes first, then the earlier scan; the other is kept apart.
    """
    found = Sorted([], [], [], [], [], [], [(place, one.text) for place, one in sorted(said.items())], [])
    sheets: dict[str, list[Sheet]] = defaultdict(list)
    before = ""
    for seen in pages:
        words = said.get(seen.place)
        named = _by_hand(seen, words) if words is not None else _by_code(seen, papers)
        match named:
            case (paper, sheet):
                sheets[paper.id].append(sheet)
                before = f"page {sheet.page} of {paper.label}" if sheet.page else f"a page of {paper.label}"
            case "blank":
                found.blank.append(Apart(seen, "blank"))
            case "spare":
                found.spare.append(Apart(seen, "left out by hand"))
            case str() if named.startswith("key"):
                found.keys.append(Apart(seen, named))
            case _:
                after = f"; the page before it is {before}" if before and not seen.codes else ""
                found.unknown.append(Apart(seen, named + after))
    for paper in papers.papers:
        copies = _shared(paper, sheets[paper.id]) if paper.shared else _single(paper, sheets[paper.id], found.doubled)
        for copy in copies:
            copy.sheets.sort(key=lambda sheet: sheet.order)
        found.copies += copies
        if not copies and not paper.shared:
            found.not_scanned.append(paper)
    return found


def _by_hand(seen: Seen, said: Said) -> tuple[Paper, Sheet] | str:
    if said.paper is None:
        return {BLANK: "blank", SPARE: "spare"}[said.text]
    if said.is_key:
        return f"key of {said.paper.label}, page {said.page}"
    return said.paper, Sheet(seen, said.page, said.is_back, by_hand=True)


def _by_code(seen: Seen, papers: Papers) -> tuple[Paper, Sheet] | str:
    if seen.is_blank:
        return "blank"
    if not seen.codes:
        return "no code was found"
    if len(seen.codes) > 1:
        return f"it has the codes of several pages: {', '.join(code.text for code in seen.codes)}"
    (code,) = seen.codes
    paper = papers.find(code.paper)
    if paper is None and (newer := papers.replaced_by(code.paper)) is not None:
        return f"its code says {code.text}, a paper of {newer.label} that was replaced by {newer.id}"
    if paper is None:
        return f"its code says {code.text}, a paper that is not in the folder"
    if code.is_key:
        return f"key of {paper.label}, page {code.page}"
    return paper, Sheet(seen, code.page)


def _single(paper: Paper, sheets: Sequence[Sheet], doubled: list[Apart]) -> list[Copy]:
    """A student's paper: each page once, and the others apart."""
    taken: dict[tuple[int, bool], Sheet] = {}
    kept: list[Sheet] = []
    for sheet in sorted(sheets, key=lambda one: not one.by_hand):
        same = (sheet.page, sheet.is_back)
        if sheet.page and same in taken:
            first = taken[same].seen
            why = f"page {sheet.page} of {paper.label} again; it is {first.place} too"
            doubled.append(Apart(sheet.seen, why, first))
        else:
            taken[same] = sheet
            kept.append(sheet)
    return [Copy(paper, 0, kept)] if kept else []


def _shared(paper: Paper, sheets: Iterable[Sheet]) -> list[Copy]:
    """Copies of a form: another begins where a page comes again."""
    copies: list[Copy] = []
    for sheet in sheets:
        if not copies or (sheet.page, sheet.is_back) in {
            (one.page, one.is_back) for one in copies[-1].sheets if one.page
        }:
            copies.append(Copy(paper, len(copies) + 1))
        copies[-1].sheets.append(sheet)
    return copies


def to_look_at(found: Sorted) -> Iterator[tuple[Place, str, str]]:
    """Yield what stands in ``pages.csv``: each page that a person may have to name, what was found, and what she said."""
    said = dict(found.by_hand)
    rows = {
        one.seen.place: one.why for one in (*found.unknown, *found.doubled, *found.keys, *found.blank, *found.spare)
    }
    rows |= {sheet.seen.place: f"a page of {copy.label}, without a number" for copy, sheet in found.unnumbered}
    rows |= {
        sheet.seen.place: f"page {sheet.page} of {copy.label}, by hand"
        for copy in found.copies
        for sheet in copy.sheets
        if sheet.by_hand
    }
    for place in sorted(rows):
        yield place, rows[place], said.get(place, "")
