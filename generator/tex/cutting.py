"""A chunk's PDF cut into those of its papers."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

from generator.errors import EngineError


def cut(content: bytes) -> Iterator[bytes]:
    """Each paper's pages as a PDF of their own, with its title; nothing for one without pages.

    The catalog says which pages are whose: see :mod:`generator.tex.chunk`.  Raises :class:`EngineError` for pages with links,
    which may lead to other pages.
    """
    with pikepdf.open(io.BytesIO(content)) as whole:
        root = whole.Root
        pages, first = list(whole.pages), 0
        if any("/Annots" in page for page in pages):
            raise EngineError("papers with links are set alone")
        for paper in root.Papers.as_list():
            last = first + int(paper.Pages)
            yield _one(pages[first:last], paper.Info, root.get("/Lang")) if first < last else b""
            first = last


def _one(pages: list[pikepdf.Page], info: Any, language: Any) -> bytes:
    with pikepdf.new() as one:
        one.pages.extend(pages)
        if str(info.Title):
            one.docinfo["/Title"] = pikepdf.String(bytes(info.Title))
        if language is not None:
            one.Root.Lang = pikepdf.String(bytes(language))
        return saved(one)


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
