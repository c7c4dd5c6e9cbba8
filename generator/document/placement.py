"""Where a text stands: the labels of the parts that it may refer to, and the folder that its pictures are in.

A text is parsed once, for all problems and sheets.  What it refers to is found where the problem is asked: whoever turns a
problem's texts into nodes does so ``with placed(Placement(…))``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator.document.nodes import Image
from generator.errors import AuthoringError, did_you_mean
from generator.errors.language import phrase

FORMATS = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".pdf": b"%PDF"}
"""The kinds of pictures by the endings of their files, each with the bytes that such a file begins with."""

LARGEST = 5 * 2**20
"""Bytes of a picture, which every student's page holds."""


@dataclass(frozen=True)
class Placement:
    """The place of a problem's texts.

    ``labels`` are those of the parts that are asked, by their ids: ``(a)``, ``(b)(ii)``.  If they are not ``complete``, other
    parts are there and not shown.  ``in_key`` says that the text stands in the key alone.
    """

    folder: Path | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    complete: bool = False
    in_key: bool = False

    def label(self, part: str) -> str:
        """Return the label of a part.  Raise :class:`AuthoringError` for one that is not asked."""
        if part in self.labels or not self.complete:
            return self.labels.get(part, phrase("place.part_alone", part=part))
        raise AuthoringError(
            f"[](#{part}) refers to a part that is not asked here{did_you_mean(part, self.labels)}", text=f"](#{part})"
        )

    def image(self, file: str, alt: str, width: int) -> Image:
        """Return the node of a picture.  Raise :class:`AuthoringError` if its file is missing, or cannot be printed."""
        if self.folder is None:
            return Image(file, alt, width)
        check_picture(self.folder / file, file)
        return Image(str(self.folder / file), alt, width, "key-images" if self.in_key else "images")


_NOWHERE = Placement()
_placement: ContextVar[Placement] = ContextVar("placement", default=_NOWHERE)


def placement() -> Placement:
    """Return the place of the texts that are being turned into nodes."""
    return _placement.get()


@contextmanager
def placed(place: Placement) -> Iterator[None]:
    """Turn texts into nodes as they stand in this place."""
    token = _placement.set(place)
    try:
        yield
    finally:
        _placement.reset(token)


@contextmanager
def in_key() -> Iterator[None]:
    """Turn texts into nodes that only the key shows: their pictures have a folder of their own."""
    with placed(replace(_placement.get(), in_key=True)):
        yield


def check_picture(path: Path, written: str) -> None:
    """Raise :class:`AuthoringError` for a picture that is not there, or that no format could print."""
    begins = FORMATS.get(path.suffix.lower())
    if begins is None:
        raise AuthoringError(f"the picture {written} is none of {', '.join(FORMATS)}: save it as PNG", text=written)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise AuthoringError(
            f"the picture {written} cannot be read: {error.strerror}; looked for in {path.parent}", text=written
        ) from error
    if not content.startswith(begins):
        raise AuthoringError(f"the picture {written} is not what its ending says: save it as PNG again", text=written)
    if len(content) > LARGEST:
        raise AuthoringError(
            f"the picture {written} has more than {LARGEST // 2**20} MiB, and every page holds it: save it smaller",
            text=written,
        )
