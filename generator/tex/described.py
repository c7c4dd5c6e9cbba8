"""What a PDF says of itself beside its pages: its title, shown in the window, its language, XMP, and an outline of problems and parts.

The style marks where a line of the outline leads by a destination, whose name holds the line: see ``\\outlineentry``.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import pikepdf

_NAME = re.compile(r"outline\.(?P<place>[\d.]+)\.(?P<level>\d)\.(?P<title>.+)", re.DOTALL)


@dataclass(frozen=True)
class Heading:
    """A line of the outline: its level, from 0, its words, and the page and the point on it that it leads to."""

    level: int
    title: str
    page: tuple[int, int]
    left: float
    top: float


def headings_of(pdf: pikepdf.Pdf) -> list[Heading]:
    """Return the headings that the destinations of a PDF name, in their order."""
    if "/Names" not in pdf.Root or "/Dests" not in pdf.Root.Names:
        return []
    found = []
    for name, target in _names(pdf.Root.Names.Dests):
        entry = _NAME.fullmatch(name)
        if entry is not None:
            page, _, left, top, *_ = (target.D if isinstance(target, pikepdf.Dictionary) else target).as_list()
            order = tuple(map(int, entry["place"].split(".")))
            heading = Heading(int(entry["level"]), entry["title"], page.objgen, float(left), float(top))
            found.append((order, heading))
    return [heading for _, heading in sorted(found, key=lambda one: one[0])]


def _names(node: Any) -> Iterator[tuple[str, Any]]:
    if "/Kids" in node:
        for kid in node.Kids.as_list():
            yield from _names(kid)
    if "/Names" in node:
        names = node.Names.as_list()
        yield from zip(map(str, names[::2]), names[1::2], strict=True)


def describe(
    pdf: pikepdf.Pdf, title: str, language: str, headings: Sequence[Heading], pages: Sequence[tuple[int, int]]
) -> None:
    """Write into a PDF its title, language and outline; ``pages`` are the pages' numbers in the file of the ``headings``."""
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    pdf.Root.Lang = pikepdf.String(language)
    packet = _XMP.format(title=escape(title), language=escape(language)).encode()
    pdf.Root.Metadata = pdf.make_stream(packet, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
    places = {page: place for place, page in enumerate(pages)}
    shown = [heading for heading in headings if heading.page in places]
    if shown:
        with pdf.open_outline() as outline:
            above: list[Any] = [outline.root]
            for heading in shown:
                item = pikepdf.OutlineItem(
                    heading.title, places[heading.page], "XYZ", left=heading.left, top=heading.top, zoom=0
                )
                item.is_closed = heading.level > 0
                del above[heading.level + 1 :]
                above[-1].append(item)
                above.append(item.children)


_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def described(content: bytes) -> bytes:
    """Return a PDF as TeX made it with what it says of itself; one that says nothing stays as it is."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        title = str(pdf.docinfo.get("/Title", ""))
        if not title:
            return content
        for key in {*pdf.docinfo.keys()} - {"/Title", "/Creator", "/Producer"}:  # nothing, or a date that is none
            del pdf.docinfo[key]
        headings = headings_of(pdf)
        if headings:
            del pdf.Root.Names
        pages = [page.obj.objgen for page in pdf.pages]
        describe(pdf, title, str(pdf.Root.get("/Lang", "en")), headings, pages)
        return saved(pdf)


def saved(pdf: pikepdf.Pdf) -> bytes:
    """The file, the same bytes each time: streams stay as TeX has packed them, and the other objects are packed together."""
    file = io.BytesIO()
    pdf.save(
        file,
        deterministic_id=True,
        compress_streams=True,
        recompress_flate=False,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return file.getvalue()
