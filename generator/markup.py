"""An author's text, parsed: Markdown with mathematics → nodes, with holes where slots stand in them.

Each text is parsed once for all variants.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.dollarmath import dollarmath_plugin

from generator import notation
from generator.blocks import Bullets, Code, Display, Emphasis, Math, Numbered, Paragraph, Strong, Table, Text
from generator.errors import AuthoringError
from generator.filled import Hole, Template, holes_in, keep
from generator.slots import SLOT, Slot, fill_math, math_pieces, slot_of

Filler: TypeAlias = Callable[[Mapping[str, Any]], Any]
"""What fills a hole, from a variant's values: the TeX of a formula, or a node among words."""

_markdown = MarkdownIt("js-default", {"html": False, "linkify": False}).use(dollarmath_plugin, allow_digits=False)
_DISPLAY = re.compile(r"^(\$\$.*?\$\$)[ \t]*$", re.MULTILINE | re.DOTALL)


class Parsed:
    """A text as its blocks, those with slots as templates, and what fills their holes.

    ``fillers`` are those of all blocks, one after another.
    """

    __slots__ = ("_blocks", "_static", "fillers")

    def __init__(self, blocks: tuple[Any, ...], fillers: list[list[Filler]]) -> None:
        self.fillers = [fill for some in fillers for fill in some]
        self._blocks = [(Template(block) if some else block, some) for block, some in zip(blocks, fillers, strict=True)]
        self._static = None if self.fillers else blocks
        for one in (block for block, some in self._blocks if not some):
            keep(one)
            if type(one) is Paragraph:
                keep(one.children)
        if not self.fillers:
            keep(blocks)

    def blocks(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """The blocks of a variant."""
        if self._static is not None:
            return self._static
        return tuple([block.fill([fill(values) for fill in some]) if some else block for block, some in self._blocks])


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
        return kind(self._hole(partial(fill_math, pieces), str))

    def _words(self, text: str) -> list[Any]:
        pieces: list[Any] = []
        end = 0
        for match in SLOT.finditer(text):
            if match.start() > end:
                pieces.append(Text(text[end : match.start()]))
            pieces.append(self._hole(partial(_word, slot_of(match, notation.tex)), object))
            end = match.end()
        if end < len(text):
            pieces.append(Text(text[end:]))
        return pieces

    def _hole(self, fill: Filler, kind: type) -> Any:
        self.fillers.append(fill)
        return Hole(len(self.fillers) - 1, kind)


def _word(slot: Slot, values: Mapping[str, Any]) -> Text | Math:
    """What stands for a slot among words: a text stays a text, anything else is a formula."""
    value = slot.value(values)
    return Text(value) if isinstance(value, str) else Math(slot.print(value))
