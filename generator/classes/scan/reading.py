"""What a scanned page says of itself: the code in its foot, which way is up, or that there is nothing on it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from math import atan2, degrees
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from generator.classes.scan.sources import page_image, shown
from generator.render.qr import PageCode, read_code

SIZES = (2200, 3300, 1650)
"""Pixels of a page's longer side at which its code is looked for: 200, 300 and 150 in an inch of letter paper."""

CHUNK = 8
"""Pages that a worker reads in one go."""

THUMBNAIL = 480


@dataclass(frozen=True, order=True)
class Place:
    """A page of a scan, from 1; ``scan`` is the name of its file."""

    scan: str
    page: int

    def __str__(self) -> str:
        return f"{self.scan}:{self.page}"


@dataclass(frozen=True)
class Seen:
    """A page as it was read: our codes on it, the clockwise degrees that turn it upright, whether it is empty."""

    place: Place
    codes: tuple[PageCode, ...]
    turn: int = 0
    is_blank: bool = False


@dataclass(frozen=True)
class Task:
    """Pages of a file that one worker reads."""

    path: Path
    first: int
    last: int


def read_pages(task: Task) -> list[Seen]:
    """Read the pages of a task."""
    with shown(task.path) as document:
        return [_read(document, Place(task.path.name, page)) for page in range(task.first, task.last + 1)]


def _read(document: Any, place: Place) -> Seen:
    for size in SIZES:
        image = page_image(document, place.page, size)
        if image is None:
            break
        if found := _codes(image):
            return Seen(place, tuple(sorted(found)), next(iter(found.values())))
        if size == SIZES[0] and is_blank(image):
            return Seen(place, (), is_blank=True)
    return Seen(place, ())


def _codes(image: np.ndarray[Any, Any]) -> dict[PageCode, int]:
    """Return our codes in an image, each with the turn that sets it upright."""
    import zxingcpp

    found = {}
    for barcode in zxingcpp.read_barcodes(np.ascontiguousarray(image), formats=zxingcpp.BarcodeFormat.QRCode):
        code = read_code(barcode.text)
        if code is not None:
            left, right = barcode.position.top_left, barcode.position.top_right
            quarter = round(degrees(atan2(right.y - left.y, right.x - left.x)) / 90) * 90
            found[code] = -quarter % 360
    return found


def is_blank(image: np.ndarray[Any, Any]) -> bool:
    """Return whether there is no more on a page than dust, a punched hole or the shadow of the paper's edge.

    Cells of some 2 mm are compared with the paper: a stroke of a pencil darkens several.
    """
    height, width = image.shape
    inner = image[height // 16 : -(height // 16), width // 16 : -(width // 16)].astype(np.float32)
    rows, columns = inner.shape[0] // _CELL, inner.shape[1] // _CELL
    if rows < _LEAST_CELLS or columns < _LEAST_CELLS:
        return False
    cells = inner[: rows * _CELL, : columns * _CELL].reshape(rows, _CELL, columns, _CELL).mean(axis=(1, 3))
    return int((cells < np.median(cells) - _DARKER).sum()) <= _MOST_DARK


_CELL, _DARKER, _MOST_DARK, _LEAST_CELLS = 16, 9, 3, 8


def thumbnail(path: Path, page: int, turn: int) -> bytes:
    """Return a page, turned upright, as a small JPEG; nothing for one that cannot be shown."""
    with shown(path) as document:
        image = page_image(document, page, THUMBNAIL)
    if image is None:
        return b""
    file = io.BytesIO()
    Image.fromarray(image).rotate(-turn, expand=True).save(file, "JPEG", quality=60)
    return file.getvalue()
