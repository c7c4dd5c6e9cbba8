"""Many papers bound into one PDF: for the copier, or all the keys with an index of the students."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pikepdf

from generator.errors import InputError
from generator.render import FORMATS, renderer
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


def one_pdf(papers: Iterable[Bound], target: Path, engine: Engine, *, duplex: bool, index: str = "") -> tuple[str, ...]:
    """Write all papers into one PDF, in their order; return what TeX warned of in the index.

    ``index`` is the title of an index in front, if there is to be one.  With ``duplex``, every paper begins on a
    right-hand page, after an empty one if need be.  Papers are taken one by one, and what remains of them in memory
    is their pages; fonts that are the same are kept once.  Raises :class:`InputError` if there is no paper.
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
        save(whole, target)
        return warnings


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


def save(pdf: pikepdf.Pdf, target: Path) -> None:
    """Write a PDF, the same bytes for the same content."""
    pdf.save(
        target,
        min_version="1.5",
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
        fix_metadata_version=False,
    )


class _Fonts:
    """The fonts of many PDFs, each kept once.

    Papers of one chunk carry equal ones.  They are taken out of a paper before its pages are copied, a hash in
    their place, and given back at the end.
    """

    def __init__(self, whole: pikepdf.Pdf) -> None:
        self._whole = whole
        self._fonts: dict[bytes, pikepdf.Object] = {}

    def take(self, one: pikepdf.Pdf) -> None:
        digests: dict[tuple[int, int], bytes] = {}
        for found in one.objects:
            if isinstance(found, pikepdf.Stream) and "/Length1" not in found:
                _keep_in_memory(found)
        for named in _named_fonts(one):
            for name, font in named.items():
                if isinstance(font, pikepdf.String):  # resources that several pages share have been seen
                    continue
                place = font.objgen
                if place not in digests:
                    digests[place] = digest = _digest(font)
                    if digest not in self._fonts:
                        program = font.get("/FontDescriptor", pikepdf.Dictionary()).get("/FontFile")
                        if program is not None:
                            _keep_in_memory(program)
                        self._fonts[digest] = self._whole.copy_foreign(font)
                named[name] = pikepdf.String(digests[place].hex())

    def give_back(self) -> None:
        for named in _named_fonts(self._whole):
            for name, digest in named.items():
                if isinstance(digest, pikepdf.String):
                    named[name] = self._fonts[bytes.fromhex(str(digest))]


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


def _keep_in_memory(stream: pikepdf.Stream) -> None:
    """Hold the stream by itself: otherwise the whole file it comes from would be held."""
    packing: Any = stream.get("/Filter")
    stream.write(stream.read_raw_bytes(), filter=packing)
