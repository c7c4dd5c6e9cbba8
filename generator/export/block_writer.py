"""Blocks in a markup: one method for each kind of block, and for each kind of what stands in a line."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import groupby
from typing import ClassVar

from generator.export.tree import Block, Blocks, Inline, Line


class BlockWriter(ABC):
    """Writes blocks; a subclass knows the signs of a markup.  ``between`` stands between two blocks."""

    between: ClassVar[str] = ""

    def blocks(self, content: Blocks) -> str:
        """Return blocks."""
        return self.between.join(map(self._block, content))

    def line(self, content: Line) -> str:
        """Return what stands in a line."""
        # Words that follow each other are one text: half a sign of a platform's in each would make a whole one.
        groups = groupby(content, key=lambda node: isinstance(node, str))
        return "".join(
            self._inline("".join(map(str, nodes))) if are_words else "".join(map(self._inline, nodes))
            for are_words, nodes in groups
        )

    def _block(self, block: Block) -> str:
        match block:
            case {"p": content}:
                return self.paragraph(content)
            case {"display": tex}:
                return self.display(tex)
            case {"list": items}:
                return self.bullets(items)
            case {"ordered": items}:
                return self.numbered(items)
            case {"table": rows, "header": header}:
                return self.table(rows, header)
            case {"code": code}:
                return self.program(code)
            case {"figure": name}:
                return self.figure(name)
        raise ValueError(f"no block: {block!r}")

    def _inline(self, node: Inline) -> str:
        match node:
            case str():
                return self.words(node)
            case {"tex": tex}:
                return self.formula(tex)
            case {"code": code}:
                return self.code(code)
            case {"em": inner}:
                return self.emphasis(self.line(inner))
            case {"strong": inner}:
                return self.strong(self.line(inner))
            case {"link": inner, "url": url}:
                return self.link(self.line(inner), url)
        raise ValueError(f"nothing for a line: {node!r}")

    # ------------------------------------------------------------------------------------------- blocks

    @abstractmethod
    def paragraph(self, content: Line) -> str:
        """Return a paragraph."""

    @abstractmethod
    def display(self, tex: str) -> str:
        """Return a formula of its own."""

    @abstractmethod
    def bullets(self, items: Sequence[Blocks]) -> str:
        """Return a list."""

    @abstractmethod
    def numbered(self, items: Sequence[Blocks]) -> str:
        """Return a list with numbers."""

    @abstractmethod
    def table(self, rows: Sequence[Sequence[Line]], header: int) -> str:
        """Return a table, of whose rows so many are headings."""

    @abstractmethod
    def program(self, code: str) -> str:
        """Return the lines of a program."""

    @abstractmethod
    def figure(self, name: str) -> str:
        """Return a picture, by its id."""

    # ------------------------------------------------------------------------------------------- in a line

    @abstractmethod
    def words(self, text: str) -> str:
        """Return plain words."""

    @abstractmethod
    def formula(self, tex: str) -> str:
        """Return a formula within a line."""

    @abstractmethod
    def code(self, code: str) -> str:
        """Return code within a line."""

    @abstractmethod
    def emphasis(self, inner: str) -> str:
        """Return emphasized text, which is written already."""

    @abstractmethod
    def strong(self, inner: str) -> str:
        """Return strong text, which is written already."""

    @abstractmethod
    def link(self, inner: str, url: str) -> str:
        """Return a link, whose text is written already."""
