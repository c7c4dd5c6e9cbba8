"""A chunk's PDF cut into those of its papers."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

from generator.errors import EngineError
from generator.tex.described import Heading, describe, headings_of, saved


def cut(content: bytes) -> Iterator[bytes]:
    """Each paper's pages as a PDF of their own, with its title; nothing for one without pages.

    The catalog says which pages are whose: see :mod:`generator.tex.chunk`.  Raises :class:`EngineError` for pages with links,
    which may lead to other pages.
    """
    with pikepdf.open(io.BytesIO(content)) as whole:
        root = whole.Root
        headings = headings_of(whole)
        pages, first = list(whole.pages), 0
        if any("/Annots" in page for page in pages):
            raise EngineError("papers with links are set alone")
        for paper in root.Papers.as_list():
            last = first + int(paper.Pages)
            yield _one(pages[first:last], paper.Info, root.get("/Lang"), headings) if first < last else b""
            first = last


def _one(pages: list[pikepdf.Page], info: Any, language: Any, headings: list[Heading]) -> bytes:
    with pikepdf.new() as one:
        one.pages.extend(pages)
        title = str(info.Title)
        if title:
            one.docinfo["/Title"] = pikepdf.String(bytes(info.Title))
        numbers = [page.obj.objgen for page in pages]
        describe(one, title, str(language) if language is not None else "en", headings, numbers)
        return saved(one)
