"""Many papers bound into one PDF: for the copier, or all the keys with an index of the students."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any

import pikepdf

from generator.document.nodes import PersonName
from generator.errors import InputError
from generator.render.renderer import FORMATS, renderer
from generator.tex.objects import Copy, Object, Writer
from generator.tex.pdf import Engine, compile_pdf


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


def one_pdf(
    papers: Iterable[Bound],
    target: Path,
    engine: Engine,
    *,
    duplex: bool,
    title: str = "",
    index: bool = False,
    paper: str = "letter",
) -> tuple[str, ...]:
    """Write all papers into one PDF, in their order; return what TeX warned of in the index.

    With ``index`` there is one in front, on ``paper`` of this size, under the PDF's ``title``; each paper has a bookmark.  With ``duplex``, every paper begins on a
    right-hand page, after an empty one if need be.  Papers are taken one by one and written at once; what remains of them
    in memory are numbers.  Fonts that are the same are kept once.  Raises :class:`InputError` if there is no paper.
    """
    rest = iter(papers)
    first = next(rest, None)
    if first is None:
        raise InputError("there is no paper to bind")
    with target.open("wb") as file:
        binder = _Binder(Writer(file))
        entries = []
        for one in chain((first,), rest):
            if duplex:
                binder.fill_sheet()
            entries.append(Entry(one.student, one.student_id, one.variant, len(binder.pages) + 1))
            binder.add(one.content)
        first_pages = [binder.pages[one.page - 1] for one in entries]
        warnings: tuple[str, ...] = ()
        if index:
            warnings = _put_index(binder, title, entries, first_pages, engine, duplex=duplex, paper=paper)
        binder.outline = [
            (f"{one.student} ({one.student_id})" if one.student_id else one.student, page)
            for one, page in zip(entries, first_pages, strict=True)
        ]
        binder.finish(title)
        return warnings


def _put_index(
    binder: _Binder,
    title: str,
    entries: Sequence[Entry],
    first_pages: Sequence[int],
    engine: Engine,
    *,
    duplex: bool,
    paper: str,
) -> tuple[str, ...]:
    """The index in front, its lines linked to the papers; what TeX warned of."""
    before = 0
    while True:  # the index comes before the pages that it tells of: its own are counted in the first round
        told = [
            Entry(PersonName(one.student), PersonName(one.student_id), one.variant, one.page + before)
            for one in entries
        ]
        text = renderer(FORMATS["tex"]).text("index.tex.j2", title=title, entries=told, paper=paper)
        made = compile_pdf(text, engine)
        with pikepdf.open(io.BytesIO(made.content)) as pages:
            count = len(pages.pages)
        count += count % 2 if duplex else 0
        if count == before:
            break
        before = count
    papers = binder.pages
    binder.pages = []
    binder.add(made.content, first_pages)
    if duplex:
        binder.fill_sheet()
    binder.pages += papers
    return made.warnings


class _Binder:
    """A PDF that grows by papers; ``pages`` are the numbers of its pages, in order."""

    def __init__(self, writer: Writer) -> None:
        self.pages: list[int] = []
        self.outline: list[tuple[str, int]] = []
        self._writer = writer
        self._root, self._tree = writer.reserve(), writer.reserve()
        self._fonts: dict[bytes, int] = {}
        self._size = b""
        self._identity = blake2b(digest_size=16)

    def add(self, content: bytes, leading_to: Sequence[int] = ()) -> None:
        """The pages of a PDF; links to a paper, told by its place, lead to the page of that place in ``leading_to``."""
        self._identity.update(blake2b(content).digest())
        with pikepdf.open(io.BytesIO(content)) as one:
            copy = Copy(_Opened(one), self._writer)
            for place, page in enumerate(leading_to):
                copy.number(_PAPERS + place, page)
            for node in one.pages:
                copy.number(node.obj.Parent.objgen[0], self._tree)
            for number, font in {
                font.objgen[0]: font for named in _named_fonts(one) for _, font in named.items()
            }.items():
                digest = _digest(font)
                if digest in self._fonts:
                    copy.number(number, self._fonts[digest])
                else:
                    [self._fonts[digest]] = copy.take([number])
            self.pages += copy.take([page.obj.objgen[0] for page in one.pages])
            self._size = b" ".join(b"%g" % float(number) for number in one.pages[-1].mediabox)

    def fill_sheet(self) -> None:
        """Add an empty page where the next one would be a left-hand one."""
        if len(self.pages) % 2:
            page = self._writer.reserve()
            text = b"<</Type/Page/Parent %d 0 R/MediaBox[%b]/Resources<<>>>>" % (self._tree, self._size)
            self._writer.put(page, text)
            self.pages.append(page)

    def finish(self, title: str) -> None:
        """Write what holds the pages together, with a title that readers show."""
        kids = b" ".join([b"%d 0 R" % page for page in self.pages])
        self._writer.put(self._tree, b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(self.pages), kids))
        outline = b"/Outlines %d 0 R" % self._put_outline() if self.outline else b""
        said, information = b"/Lang(en)", None
        if title:
            said += b"/ViewerPreferences<</DisplayDocTitle true>>"
            information = self._writer.reserve()
            self._writer.put(information, b"<</Title %b>>" % pikepdf.String(title).unparse())
        self._writer.put(self._root, b"<</Type/Catalog/Pages %d 0 R%b%b>>" % (self._tree, said, outline))
        self._writer.finish(self._root, information, self._identity.digest())

    def _put_outline(self) -> int:
        head, *lines = (self._writer.reserve() for _ in range(len(self.outline) + 1))
        for place, (title, page) in enumerate(self.outline):
            beside = b"/Prev %d 0 R" % lines[place - 1] if place else b""
            beside += b"/Next %d 0 R" % lines[place + 1] if place + 1 < len(lines) else b""
            words = pikepdf.String(title).unparse()
            text = b"<</Title %b/Parent %d 0 R%b/Dest[%d 0 R/Fit]>>" % (words, head, beside, page)
            self._writer.put(lines[place], text)
        text = b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (lines[0], lines[-1], len(lines))
        self._writer.put(head, text)
        return head


_PAPERS = 10**7
"""Numbers from here on stand for papers that links lead to: no file has so many objects."""

_LINK = re.compile(rb"/Paper (\d+)")
_LENGTH = re.compile(rb"/Length \d+(?: 0 R)?")


class _Opened:
    """The objects of a PDF of any make."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf

    def __getitem__(self, number: int) -> Object:
        found = self._pdf.get_object(number, 0)
        if isinstance(found, pikepdf.Stream):
            content = found.read_raw_bytes()
            told = _LENGTH.sub(b"", found.stream_dict.unparse(resolved=True))
            return Object.of(told.removesuffix(b">>") + b"/Length %d >>" % len(content), content)
        text = found.unparse(resolved=True)
        return Object.of(_LINK.sub(lambda place: b"/Dest [ %d 0 R /Fit ]" % (_PAPERS + int(place[1])), text))


def _named_fonts(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Of each set of resources, its fonts by name."""
    for found in pdf.objects:
        if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            resources: Any = found.get("/Resources", found)
            named: Any = resources.get("/Font")
            if isinstance(named, pikepdf.Dictionary):
                yield named


def _digest(font: Any) -> bytes:
    """Equal for fonts with the same letters, whatever their objects are numbered."""
    digest = blake2b(digest_size=16)
    for part in (font, font.get("/FontDescriptor", pikepdf.Dictionary())):
        for name, value in part.items():
            if name != "/FontDescriptor":
                digest.update(name.encode() + b"\0" + _raw(value) + b"\0")
    return digest.digest()


def _raw(value: object) -> bytes:
    if isinstance(value, pikepdf.Stream):
        return value.read_raw_bytes()
    return value.unparse(resolved=True) if isinstance(value, pikepdf.Object) else str(value).encode()
