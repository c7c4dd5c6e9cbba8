"""A chunk's PDF cut into those of its papers; each depends on the paper's own pages and fonts alone."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b

from generator.errors import EngineError
from generator.tex.objects import Copy, Object, Source, Writer

_PAPER = re.compile(rb"<</Info (?:null|(\d+) 0 R) /Pages (\d+)>>")
_FONT = re.compile(rb"/Type /Font\s")
_KIDS = re.compile(rb"/Kids\s*\[")


def fonts(content: bytes) -> frozenset[bytes]:
    """A digest of each font in a file that pdfTeX wrote: which letters it holds, and how they are named.

    Raises :class:`EngineError` for a file of another make.
    """
    try:
        source = Source(content)
        return frozenset(
            _font(source, number) for number in range(len(source)) if _FONT.search(source[number].pieces[0])
        )
    except ValueError as error:
        raise EngineError(f"the PDF that TeX wrote is of an unknown make: {error}") from error


def _font(source: Source, number: int) -> bytes:
    digest, upcoming = blake2b(digest_size=16), [number]
    for old in upcoming:
        found = source[old]
        for piece in found.pieces:
            digest.update(piece)
        if b"/Length1" not in found.pieces[0]:  # the program itself, of which the descriptor names the letters
            digest.update(found.stream or b"")
        upcoming += [other for other in found.references if other not in upcoming]
    return digest.digest()


def cut(content: bytes) -> Iterator[bytes]:
    """Each paper's pages as a PDF of their own, with its title; nothing for one without pages.

    The catalog says which pages are whose: see :mod:`generator.tex.chunk`.  Raises :class:`EngineError` for a file with
    more than pages in it, such as names that links lead to.
    """
    try:
        source = Source(content)
        catalog = _text(source[_reference(source.trailer, b"Root")])
        papers = [(int(info or 0), int(pages)) for info, pages in _PAPER.findall(catalog)]
        pages = [*_leaves(source, _reference(catalog, b"Pages"))]
    except ValueError as error:
        raise EngineError(f"the PDF that TeX wrote is of an unknown make: {error}") from error
    if b"/Names" in catalog or b"/Outlines" in catalog or sum(count for _, count in papers) != len(pages):
        raise EngineError("papers with names or an outline are set alone")
    first = 0
    for info, count in papers:
        yield _one(source, pages[first : first + count], info) if count else b""
        first += count


def _one(source: Source, pages: Sequence[int], info: int) -> bytes:
    file = io.BytesIO()
    writer = Writer(file)
    root, tree = writer.reserve(), writer.reserve()
    writer.put(root, b"<</Type/Catalog/Pages %d 0 R>>" % tree)
    copy = Copy(source, writer)
    for page in pages:  # all have the same parent
        for parent in _parents(source[page]):
            copy.number(parent, tree)
    numbers = copy.take(pages)
    kids = b" ".join([b"%d 0 R" % number for number in numbers])
    writer.put(tree, b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(pages), kids))
    told = copy.take([info])[0] if info else None
    writer.finish(root, told, b"".join([*_contents(source, pages), _text(source[info]) if info else b""]))
    return file.getvalue()


def _leaves(source: Source, node: int) -> Iterator[int]:
    """The pages below a node of the tree of pages, in order."""
    found = source[node]
    if not _KIDS.search(_text(found)):
        yield node
        return
    above = {*_parents(found)}
    for kid in found.references:
        if kid not in above:
            yield from _leaves(source, kid)


def _parents(node: Object) -> Iterator[int]:
    yield from _named(node, b"/Parent")


def _contents(source: Source, pages: Sequence[int]) -> Iterator[bytes]:
    for page in pages:
        for stream in _named(source[page], b"/Contents"):
            yield source[stream].stream or b""


def _named(node: Object, name: bytes) -> Iterator[int]:
    """What stands after a name, if that is a reference."""
    for piece, number in zip(node.pieces, node.references, strict=False):
        if piece.rstrip().endswith(name):
            yield number


def _reference(text: bytes, name: bytes) -> int:
    found = re.search(rb"/%b (\d+) 0 R" % name, text)
    if found is None:
        raise ValueError(f"there is no {name.decode()}")
    return int(found[1])


def _text(found: Object) -> bytes:
    return found.text(lambda old: old)
