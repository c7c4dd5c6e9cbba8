r"""PDF objects written one after another, so that a file may be larger than memory: all papers of a class, bound.

What is written depends on the content alone: not on old numbers, nor on the library that packs things on this machine, of
which two makes give two results.  Dictionaries stand together as they are, a twentieth of a file; TeX has packed the rest.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import BinaryIO, Protocol

MOST_PACKED = 200
"""Dictionaries in one stream: a reader reads all of them to find one."""

_STRING = rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)"
_REFERENCE = re.compile(_STRING + rb"|\b(\d+) 0 R\b", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Object:
    """A dictionary or another value, cut at its references, and the bytes of its stream if it has one."""

    pieces: tuple[bytes, ...]
    references: tuple[int, ...]
    stream: bytes | None = None

    @classmethod
    def of(cls, text: bytes, stream: bytes | None = None) -> Object:
        """Cut a text as it stands in a file."""
        pieces, references, after = [], [], 0
        for found in _REFERENCE.finditer(text):
            if found[1]:  # and not a string, which may hold anything
                pieces.append(text[after : found.start()])
                references.append(int(found[1]))
                after = found.end()
        return cls((*pieces, text[after:]), tuple(references), stream)

    def text(self, number: Callable[[int], int]) -> bytes:
        """The text again, its references as ``number`` renumbers them."""
        if not self.references:
            return self.pieces[0]
        first, *rest = self.pieces
        return first + b"".join(
            [b"%d 0 R%b" % (number(old), piece) for old, piece in zip(self.references, rest, strict=True)]
        )


class Writer:
    """A PDF being written to a file: streams at once, all else packed together in streams of its own."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._at = 0
        self._kinds = array("B", [0])
        self._places = array("Q", [0])
        self._within = array("H", [0xFFFF])
        self._waiting: list[tuple[int, bytes]] = []
        self._write(b"%PDF-1.5\n%\xc7\xcf\xd3\xd4\n")

    def reserve(self) -> int:
        """The number of an object that is to be written."""
        self._kinds.append(0)
        self._places.append(0)
        self._within.append(0)
        return len(self._kinds) - 1

    def put(self, number: int, text: bytes, stream: bytes | None = None) -> None:
        """Write an object; ``text`` says the length and the packing of its ``stream``."""
        if stream is None:
            self._waiting.append((number, text))
            if len(self._waiting) == MOST_PACKED:
                self._pack()
            return
        self._kinds[number], self._places[number] = 1, self._at
        self._write(b"%d 0 obj\n%b\nstream\n%b\nendstream\nendobj\n" % (number, text, stream))

    def finish(self, root: int, info: int | None, identity: bytes) -> None:
        """Write the rest; ``identity`` stands for the content, and goes into the file's id."""
        self._pack()
        number = self.reserve()
        self._kinds[number], self._places[number] = 1, self._at
        wide = max(2, (self._at.bit_length() + 7) // 8)
        table = b"".join(
            [
                b"%c%b%b" % (kind, place.to_bytes(wide, "big"), within.to_bytes(2, "big"))
                for kind, place, within in zip(self._kinds, self._places, self._within, strict=True)
            ]
        )
        told = b"" if info is None else b"/Info %d 0 R " % info
        digest = blake2b(identity, digest_size=16).hexdigest().encode()
        start = self._at
        self._write(
            b"%d 0 obj\n<</Type/XRef/Size %d/W[1 %d 2]/Root %d 0 R %b/ID[<%b><%b>]/Length %d>>\n"
            b"stream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n"
            % (number, number + 1, wide, root, told, digest, digest, len(table), table, start)
        )

    def _pack(self) -> None:
        if not self._waiting:
            return
        stream = self.reserve()
        heads, length = [], 0
        for place, (number, text) in enumerate(self._waiting):
            self._kinds[number], self._places[number], self._within[number] = 2, stream, place
            heads.append(b"%d %d" % (number, length))
            length += len(text) + 1
        head = b" ".join(heads) + b"\n"
        content = head + b"\n".join([text for _, text in self._waiting])
        told = b"<</Type/ObjStm/N %d/First %d/Length %d>>" % (len(self._waiting), len(head), len(content))
        self._waiting = []
        self.put(stream, told, content)

    def _write(self, content: bytes) -> None:
        self._file.write(content)
        self._at += len(content)


class Objects(Protocol):
    """The objects of some file, by number."""

    def __getitem__(self, number: int, /) -> Object: ...


class Copy:
    """Objects copied from a source, with those that they refer to, numbered in the order in which they are met."""

    def __init__(self, source: Objects, writer: Writer) -> None:
        self._source = source
        self._writer = writer
        self._numbers: dict[int, int] = {}

    def number(self, old: int, new: int) -> None:
        """Have references to ``old`` lead to ``new``, which is written by somebody else."""
        self._numbers[old] = new

    def take(self, roots: Iterable[int]) -> list[int]:
        """Copy objects; their new numbers."""
        return [self._numbers[root] if root in self._numbers else self._meet(root) for root in roots]

    def _meet(self, root: int) -> int:
        number = self._numbers[root] = self._writer.reserve()
        upcoming = [root]
        for old in upcoming:
            found = self._source[old]
            for other in found.references:
                if other not in self._numbers:
                    self._numbers[other] = self._writer.reserve()
                    upcoming.append(other)
            self._writer.put(self._numbers[old], found.text(self._numbers.__getitem__), found.stream)
        return number
