"""Pictures from files: the copies that documents find beside them, and those that a page holds itself."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from markupsafe import Markup

from generator.document.nodes import Image, Worksheet, children
from generator.errors import AuthoringError
from generator.render.escaping import safe

_MEDIA = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
_PRINTED = (".pdf", *_MEDIA)
"""The kinds that LaTeX includes; the others are for pages."""


def file_name(image: Image, *, printed: bool) -> str:
    """Return the path of a picture's copy beside a document: that of LaTeX, which is ``printed``, or of a page."""
    path = _file(image, printed=printed)
    stem = re.sub(r"[^A-Za-z0-9]+", "-", path.stem).strip("-") or "picture"
    return f"{image.folder}/{stem}-{blake2b(_content(path), digest_size=4).hexdigest()}{path.suffix.lower()}"


def latex_file(image: Image) -> Markup:
    """The path of a picture as LaTeX includes it."""
    return safe(file_name(image, printed=True))


def page_file(image: Image) -> Markup:
    """The path of a picture as a page of Markdown shows it."""
    return safe(file_name(image, printed=False))


def latex_width(image: Image) -> Markup:
    """The width of a picture as a share of the line's; nothing if it is its own."""
    return safe(f"{image.width / 100:g}" if image.width else "")


def data_uri(image: Image) -> Markup:
    """A picture as the address of itself, so that a page needs no file beside it."""
    path = _file(image, printed=False)
    return safe(_uri(path, *_stamp(path)))


@lru_cache(maxsize=1 << 5)
def _uri(path: Path, *_: int) -> str:
    return f"data:{_MEDIA[path.suffix.lower()]};base64,{b64encode(path.read_bytes()).decode()}"


def page_content(image: Image) -> bytes:
    """The content of a picture as a page shows it, a PNG or JPEG."""
    return _content(_file(image, printed=False))


def picture_files(
    documents: Iterable[Worksheet], texts: Mapping[str, str], formats: Collection[str]
) -> dict[str, bytes]:
    """Return the pictures that the texts of the ``formats`` find beside them, by their paths.

    ``texts`` are those of the documents: one that names no picture spares the search for some.
    """
    kinds = [printed for name, printed in (("tex", True), ("md", False)) if name in formats]
    if not kinds or not any("images/" in text for text in texts.values()):
        return {}
    images: list[Image] = []
    for document in documents:
        _collect(document, images)
    return {
        file_name(one, printed=printed): _content(_file(one, printed=printed)) for one in images for printed in kinds
    }


def _collect(node: Any, found: list[Image]) -> None:
    if isinstance(node, Image):
        if node.folder:
            found.append(node)
    else:
        for child in node if isinstance(node, tuple) else children(node):
            _collect(child, found)


def _file(image: Image, *, printed: bool) -> Path:
    """The file of a picture; a page shows the PNG or JPEG of the same name where that of a PDF is given."""
    path = Path(image.source)
    if path.suffix.lower() in (_PRINTED if printed else _MEDIA):
        return path
    found = [other for ending in _MEDIA if (other := path.with_suffix(ending)).is_file()]
    if not found:
        raise AuthoringError(
            f"the picture {path.name} prints in LaTeX alone: put {path.stem}.png beside it for HTML and Markdown",
            text=path.name,
        )
    return found[0]


def _content(path: Path) -> bytes:
    return _read(path, *_stamp(path))


@lru_cache(maxsize=1 << 5)
def _read(path: Path, *_: int) -> bytes:
    return path.read_bytes()


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns
