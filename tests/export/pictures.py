"""Trees whose drawings stand for PNG without TeX, for tests of what is written around them."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace

from generator.export.tree import Export


def png(width: int) -> bytes:
    """Return a white picture, ten dots high."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, 10, 8, 0, 0, 0, 0))
    dots = chunk(b"IDAT", zlib.compress((b"\0" + b"\xff" * width) * 10))
    return b"\x89PNG\r\n\x1a\n" + header + dots + chunk(b"IEND", b"")


PNG = png(1000)


def with_pictures(tree: Export) -> Export:
    """Return a tree each of whose pictures has some content."""
    return replace(tree, figures={name: replace(one, content=one.content or PNG) for name, one in tree.figures.items()})
