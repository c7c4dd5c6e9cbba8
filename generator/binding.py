"""Many papers bound into one PDF: for the copier, or all the keys with an index of the students."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import pikepdf

from generator.errors import InputError
from generator.pdf import Engine, Pdf, compile_pdf
from generator.pdf_chunk import saved
from generator.render import FORMATS, renderer


@dataclass(frozen=True)
class Bound:
    """A paper that is bound with others: whose it is, and its PDF."""

    student: str
    student_id: str
    variant: str
    content: bytes


@dataclass(frozen=True)
class Entry:
    """A line of the index; pages count from 1."""

    student: str
    student_id: str
    variant: str
    page: int


def one_pdf(papers: Iterable[Bound], engine: Engine, *, duplex: bool, index: str = "") -> Pdf:
    """All papers in one PDF, in their order; ``index`` is the title of an index in front, if there is to be one.

    With ``duplex``, every paper begins on a right-hand page, after an empty one if need be.  Papers are taken one
    by one, and what remains of them in memory is their pages; fonts that are the same are kept once.  Raises
    :class:`InputError` if there is no paper.
    """
    with pikepdf.new() as whole:
        fonts = _Fonts(whole)
        entries = []
        for paper in papers:
            _to_right_hand(whole, duplex=duplex)
            entries.append(Entry(paper.student, paper.student_id, paper.variant, len(whole.pages) + 1))
            with pikepdf.open(io.BytesIO(paper.content)) as one:
                fonts.take(one)
                whole.pages.extend(one.pages)
        if not entries:
            raise InputError("there is no paper to bind")
        warnings: tuple[str, ...] = ()
        if index:
            warnings = _put_index(whole, index, entries, engine, fonts, duplex=duplex)
        fonts.give_back()
        return Pdf(saved(whole), warnings)


def _to_right_hand(whole: pikepdf.Pdf, *, duplex: bool) -> None:
    """Add an empty page where the next one would be a left-hand one."""
    if duplex and len(whole.pages) % 2:
        _, _, width, height = (float(number) for number in whole.pages[-1].mediabox)
        whole.add_blank_page(page_size=(width, height))


def _put_index(
    whole: pikepdf.Pdf, title: str, entries: Sequence[Entry], engine: Engine, fonts: _Fonts, *, duplex: bool
) -> tuple[str, ...]:
    """The index in front, its lines linked to the papers, and an outline; what TeX warned of."""
    before = 0
    while True:  # the index comes before the pages that it tells of: its own are counted in the first round
        told = [Entry(one.student, one.student_id, one.variant, one.page + before) for one in entries]
        made = compile_pdf(renderer(FORMATS["tex"]).text("index.tex.j2", title=title, entries=told), engine)
        with pikepdf.open(io.BytesIO(made.content)) as pages, pikepdf.new() as front:
            fonts.take(pages)
            front.pages.extend(pages.pages)
            _to_right_hand(front, duplex=duplex)
            if len(front.pages) != before:
                before = len(front.pages)
                continue
            for place, page in enumerate(front.pages):
                whole.pages.insert(place, page)
        break
    first_pages = [whole.pages[one.page - 1] for one in told]
    for page in whole.pages[:before]:
        annotations: Any = page.get("/Annots", ())
        for link in annotations:
            target = first_pages[int(link.Paper)]
            link.Dest = pikepdf.Array([target.obj, pikepdf.Name.Fit])
            del link["/Paper"]
    with whole.open_outline() as outline:
        outline.root.extend(
            pikepdf.OutlineItem(f"{one.student} ({one.student_id})".strip(), one.page - 1) for one in told
        )
    return made.warnings


class _Fonts:
    """The font files of many PDFs, each kept once.

    Papers of one chunk carry equal ones.  They are taken out of a paper before its pages are copied, a hash in
    their place, and given back at the end.
    """

    def __init__(self, whole: pikepdf.Pdf) -> None:
        self._whole = whole
        self._files: dict[bytes, pikepdf.Object] = {}

    def take(self, one: pikepdf.Pdf) -> None:
        for found in one.objects:
            if isinstance(found, pikepdf.Stream):
                if "/Length1" not in found:
                    # Held in memory by itself: otherwise the whole file it comes from would be.
                    packing: Any = found.get("/Filter")
                    found.write(found.read_raw_bytes(), filter=packing)
            elif isinstance(found, pikepdf.Dictionary) and isinstance(found.get("/FontFile"), pikepdf.Stream):
                raw = found.FontFile.read_raw_bytes()
                digest = blake2b(raw, digest_size=16).digest()
                if digest not in self._files:
                    fresh = pikepdf.Stream(self._whole, raw)
                    for name, value in found.FontFile.items():
                        if name != "/Length":
                            fresh[name] = value
                    self._files[digest] = self._whole.make_indirect(fresh)
                found.FontFile = pikepdf.String(digest.hex())

    def give_back(self) -> None:
        for found in self._whole.objects:
            if (
                isinstance(found, pikepdf.Dictionary)
                and not isinstance(found, pikepdf.Stream)
                and isinstance(found.get("/FontFile"), pikepdf.String)
            ):
                found.FontFile = self._files[bytes.fromhex(str(found.FontFile))]
