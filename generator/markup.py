"""An author's text, parsed: Markdown with mathematics → nodes, and templates where slots stand in them.

Each text is parsed once for all variants.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.dollarmath import dollarmath_plugin

from generator import notation
from generator.document import Bullets, Code, Display, Emphasis, Math, Numbered, Paragraph, Strong, Table, Text
from generator.errors import AuthoringError
from generator.filled import Around, BlockTemplate, Formula, Word
from generator.slots import SLOT, math_pieces, slot_of

STATIC: dict[int, Any] = {}
"""By their identity, the nodes and tuples of nodes in which no slot stands: every variant shares them, so that
what they are rendered to can be remembered.  They live as long as the texts that were parsed: for ever."""

_markdown = MarkdownIt("js-default", {"html": False, "linkify": False}).use(dollarmath_plugin, allow_digits=False)
_DISPLAY = re.compile(r"^(\$\$.*?\$\$)[ \t]*$", re.MULTILINE | re.DOTALL)


@cache
def parse(text: str) -> tuple[Any, ...]:
    """The text's blocks: those without a slot as they are, the others as templates.

    Raises :class:`AuthoringError` for markup that has no node and for a dollar sign that opens no formula.
    """
    apart = _DISPLAY.sub(r"\n\n\1\n\n", inspect.cleandoc(text))  # a display needs no empty lines around it
    tree = SyntaxTreeNode(_markdown.parse(apart))
    if sum(node.content.count("$") for node in tree.walk() if node.type == "text") > text.count(r"\$"):
        raise AuthoringError(
            rf"a dollar sign opens no formula in {text.strip()[:60]!r}; leave space around, or write \$"
        )
    parsed = [block for child in tree.children for block in _block(child)]
    blocks = tuple(BlockTemplate(block) if type(block) is Around else block for block in parsed)
    _keep(blocks)
    return blocks


def _keep(blocks: tuple[Any, ...]) -> None:
    for block in blocks:
        if type(block) is not BlockTemplate:
            STATIC[id(block)] = block
            if type(block) is Paragraph:
                STATIC[id(block.children)] = block.children
    if all(type(block) is not BlockTemplate for block in blocks):
        STATIC[id(blocks)] = blocks


def _node(kind: Callable[[tuple[Any, ...]], Any], children: tuple[Any, ...]) -> Any:
    """``kind(children)`` if nothing in it has a slot, else what will be it."""
    has_hole = any(type(child) in {Around, Formula, Word} for child in children)
    return Around(kind, children) if has_hole else kind(children)


def _same(children: tuple[Any, ...]) -> Any:
    return children


def _only(children: tuple[Any, ...]) -> Any:
    return children[0]


def _table(rows: tuple[Any, ...]) -> Table:
    return Table(rows[0], rows[1:])


def _block(node: SyntaxTreeNode) -> tuple[Any, ...]:
    match node.type:
        case "paragraph":
            return (_node(Paragraph, _inlines(node.children[0])),)
        case "math_block":
            return (_node(_only, (_math(node.content.strip(), Display),)),)
        case "bullet_list" | "ordered_list":
            items = tuple(
                _node(_same, tuple(block for child in item.children for block in _block(child)))
                for item in node.children
            )
            return (_node(Bullets if node.type == "bullet_list" else Numbered, items),)
        case "table":
            rows = [row for section in node.children for row in section.children]
            cells = tuple(
                _node(_same, tuple(_node(_same, _inlines(cell.children[0])) for cell in row.children)) for row in rows
            )
            return (_node(_table, cells),)
    raise AuthoringError(f"prose has no node for {node.type!r}; write paragraphs, lists, tables and formulas")


def _inlines(node: SyntaxTreeNode) -> tuple[Any, ...]:
    """The pieces of a line; words that follow each other are one text."""
    pieces: list[Any] = []
    for child in node.children:
        for piece in _inline(child):
            if pieces and type(piece) is Text and type(pieces[-1]) is Text:
                pieces[-1] = Text(pieces[-1].text + piece.text)
            else:
                pieces.append(piece)
    STATIC.update((id(piece), piece) for piece in pieces if type(piece) not in {Around, Formula, Word})
    return tuple(pieces)


def _inline(node: SyntaxTreeNode) -> tuple[Any, ...]:
    match node.type:
        case "text":
            return _text(node.content)
        case "softbreak":
            return (Text(" "),)
        case "math_inline":
            return (_math(node.content.replace("\n", " "), Math),)
        case "code_inline":
            return (Code(node.content),)
        case "strong":
            return (_node(Strong, _inlines(node)),)
        case "em":
            return (_node(Emphasis, _inlines(node)),)
    raise AuthoringError(f"prose has no node for {node.type!r} within a line")


def _math(tex: str, kind: type[Math | Display]) -> Any:
    pieces = math_pieces(tex)
    if all(isinstance(piece, str) for piece in pieces):
        return kind("".join(str(piece) for piece in pieces))
    return Formula(kind, pieces)


def _text(text: str) -> tuple[Any, ...]:
    pieces: list[Any] = []
    end = 0
    for match in SLOT.finditer(text):
        if match.start() > end:
            pieces.append(Text(text[end : match.start()]))
        pieces.append(Word(slot_of(match, notation.tex)))
        end = match.end()
    if end < len(text):
        pieces.append(Text(text[end:]))
    return tuple(pieces)
