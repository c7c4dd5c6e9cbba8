"""Whether the bytes of a picture's file are whole: a damaged one would stop TeX, or show as a gap on a page."""

from __future__ import annotations

import io
import struct
import zlib
from itertools import pairwise

FORMATS = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".pdf": b"%PDF-"}
"""The kinds of pictures by the endings of their files, each with the bytes that such a file begins with."""

_CHUNK_FRAME = 12
"""Bytes of a PNG's chunk beside its data: length, kind and checksum."""


def is_damaged(content: bytes, ending: str) -> bool:
    """Whether a file that begins as its ending says is cut off or garbled further on."""
    return {".png": _is_damaged_png, ".pdf": _is_damaged_pdf}.get(ending, _is_damaged_jpeg)(content)


def _is_damaged_png(content: bytes) -> bool:
    start, kinds = len(FORMATS[".png"]), []
    while start + _CHUNK_FRAME <= len(content):
        length, kind = struct.unpack_from(">I4s", content, start)
        end = start + _CHUNK_FRAME + length
        if (
            end > len(content)
            or zlib.crc32(content[start + 4 : end - 4]) != struct.unpack_from(">I", content, end - 4)[0]
        ):
            return True
        kinds.append(kind)
        if kind == b"IEND":
            break
        start = end
    return kinds[:1] != [b"IHDR"] or kinds[-1:] != [b"IEND"] or b"IDAT" not in kinds


def _is_damaged_jpeg(content: bytes) -> bool:
    frames = (0xC0, 0xC1, 0xC2)  # baseline, extended and progressive: what browsers and TeX can show
    has_frame = any(first == 0xFF and second in frames for first, second in pairwise(content))
    return not has_frame or b"\xff\xd9" not in content


def _is_damaged_pdf(content: bytes) -> bool:
    import pikepdf  # slow to load, and few sheets have such a picture

    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True, attempt_recovery=False) as file:
            return not file.pages
    except pikepdf.PdfError:
        return True
