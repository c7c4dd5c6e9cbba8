"""An author's text, parsed: Markdown with mathematics → nodes, with holes where slots stand in them.

Each text is parsed once for all variants.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.dollarmath import dollarmath_plugin

from generator import notation
from generator.blocks import Bullets, Code, Display, Emphasis, Math, Numbered, Paragraph, Strong, Table, Text
from generator.errors import AuthoringError
from generator.filled import Hole, Template, holes_in, keep
from generator.fillers import Filler, Fillers
from generator.slots import SLOT, math_pieces, slot_of

_markdown = MarkdownIt("js-default", {"html": False, "linkify": False}).use(dollarmath_plugin, allow_digits=False)
_DISPLAY = re.compile(r"^(\$\$.*?\$\$)[ \t]*$", re.MULTILINE | re.DOTALL)


class Parsed:
    """A text as its blocks, those with slots as templates.

    ``fillers`` are what fills the holes of all blocks, one after another; None if there are none.
    """

    __slots__ = ("_blocks", "_static", "fillers")

    def __init__(self, blocks: tuple[Any, ...], fillers: list[list[Filler]]) -> None:
        together = [filler for some in fillers for filler in some]
        self.fillers = Fillers(together) if together else None
        self._blocks: list[tuple[Any, int, int]] = []
        self._static = None if together else blocks
        end = 0
        for block, some in zip(blocks, fillers, strict=True):
            start, end = end, end + len(some)
            self._blocks.append((Template(block) if some else block, start, end))
            if not some:
                keep(block)
                if type(block) is Paragraph:
                    keep(block.children)
        if not together:
            keep(blocks)

    def blocks(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The blocks of a variant."""
        if self.fillers is None:
            return self._static or ()
        fillings = self.fillers.of(values)
        return tuple([block.fill(fillings[start:end]) if start < end else block for block, start, end in self._blocks])


@cache
def parse(text: str) -> Parsed:
    """The text's blocks.

    Raises :class:`AuthoringError` for markup that has no node and for a dollar sign that opens no formula.
    """
    apart = _DISPLAY.sub(r"\n\n\1\n\n", inspect.cleandoc(text))  # a display needs no empty lines around it
    tree = SyntaxTreeNode(_markdown.parse(apart))
    if sum(node.content.count("$") for node in tree.walk() if node.type == "text") > text.count(r"\$"):
        raise AuthoringError(
            rf"a dollar sign opens no formula in {text.strip()[:60]!r}; leave space around, or write \$"
        )
    readers = [_Reader() for _ in tree.children]
    blocks = tuple([reader.block(child) for reader, child in zip(readers, tree.children, strict=True)])
    return Parsed(blocks, [reader.fillers for reader in readers])


class _Reader:
    """Turns the tree of one block into nodes, and collects what fills their holes."""

    def __init__(self) -> None:
        self.fillers: list[Filler] = []

    def block(self, node: SyntaxTreeNode) -> Any:
        match node.type:
            case "paragraph":
                return Paragraph(self._inlines(node.children[0]))
            case "math_block":
                return self._math(node.content.strip(), Display)
            case "bullet_list" | "ordered_list":
                kind = Bullets if node.type == "bullet_list" else Numbered
                return kind(tuple([tuple([self.block(child) for child in item.children]) for item in node.children]))
            case "table":
                rows = [row for section in node.children for row in section.children]
                cells = [tuple([self._inlines(cell.children[0]) for cell in row.children]) for row in rows]
                return Table(cells[0], tuple(cells[1:]))
        raise AuthoringError(f"prose has no node for {node.type!r}; write paragraphs, lists, tables and formulas")

    def _inlines(self, node: SyntaxTreeNode) -> tuple[Any, ...]:
        """The pieces of a line; words that follow each other are one text."""
        pieces: list[Any] = []
        for child in node.children:
            for piece in self._inline(child):
                if pieces and type(piece) is Text and type(pieces[-1]) is Text:
                    pieces[-1] = Text(pieces[-1].text + piece.text)
                else:
                    pieces.append(piece)
        for piece in pieces:
            if not any(holes_in(piece)):
                keep(piece)
        return tuple(pieces)

    def _inline(self, node: SyntaxTreeNode) -> tuple[Any, ...]:
        match node.type:
            case "text":
                return tuple(self._words(node.content))
            case "softbreak":
                return (Text(" "),)
            case "math_inline":
                return (self._math(node.content.replace("\n", " "), Math),)
            case "code_inline":
                return (Code(node.content),)
            case "strong":
                return (Strong(self._inlines(node)),)
            case "em":
                return (Emphasis(self._inlines(node)),)
        raise AuthoringError(f"prose has no node for {node.type!r} within a line")

    def _math(self, tex: str, kind: type[Math | Display]) -> Math | Display:
        pieces = math_pieces(tex)
        if all(isinstance(piece, str) for piece in pieces):
            return kind("".join(map(str, pieces)))
        return kind(self._hole(pieces, str))

    def _words(self, text: str) -> list[Any]:
        pieces: list[Any] = []
        end = 0
        for match in SLOT.finditer(text):
            if match.start() > end:
                pieces.append(Text(text[end : match.start()]))
            pieces.append(self._hole(slot_of(match, notation.tex), object))
            end = match.end()
        if end < len(text):
            pieces.append(Text(text[end:]))
        return pieces

    def _hole(self, filler: Filler, kind: type) -> Any:
        self.fillers.append(filler)
        return Hole(len(self.fillers) - 1, kind)
