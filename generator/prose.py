r"""Prose: Markdown with mathematics and slots, turned into document nodes.

An author writes ``"The mean of row 1 is $\mu_1 = <mean[0]>$."``.  The text is parsed once for all variants; a
slot is filled with the value of its name.  Inside a formula a value is bracketed where it stands as an
operand: after ``-``, the value -3/2 becomes ``\left(-\frac{3}{2}\right)``.  ``<X[0]|sum>`` prints a value in
another way; the ways are :data:`generator.slots.FORMATS`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.dollarmath import dollarmath_plugin

from generator import notation
from generator.document import (
    Block,
    Bullets,
    Code,
    Display,
    Emphasis,
    Figure,
    Fillable,
    Inline,
    Math,
    Numbered,
    Paragraph,
    Strong,
    Table,
    Text,
)
from generator.errors import AuthoringError
from generator.slots import SLOT, Slot, fill_math, math_pieces, slot_of


@dataclass(frozen=True, slots=True)
class Say:
    """A text together with values that only it uses (those of a loop, say)."""

    text: str
    slots: Mapping[str, Any] = field(default_factory=dict)


def say(text: str, **slots: Any) -> Say:
    """``text`` with slots of its own beside the problem's values."""
    return Say(text, slots)


@dataclass(frozen=True, slots=True)
class Fill:
    """A text with blanks, and the same text as the key fills it."""

    blank: str | Say
    filled: str | Say


class _Scope(Mapping[str, Any]):
    """The values of one text before those of its problem."""

    __slots__ = ("_outer", "_own")

    def __init__(self, own: Mapping[str, Any], outer: Mapping[str, Any]) -> None:
        self._own = own
        self._outer = outer

    def __getitem__(self, name: str) -> Any:
        return self._own[name] if name in self._own else self._outer[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._outer, **self._own})

    def __len__(self) -> int:
        return len({**self._outer, **self._own})


Content: TypeAlias = str | Say | Fill | Figure | Sequence[str | Say | Fill | Figure]
"""What an author may write where prose is expected."""


def nodes(content: Content, values: Mapping[str, Any]) -> tuple[Block, ...]:
    """The content as blocks, its slots filled from ``values``.

    Raises :class:`AuthoringError` for a slot without a value and for markup that has no node.
    """
    if isinstance(content, str):
        return _fill_blocks(_parse(content), values)
    if isinstance(content, Say):
        return _fill_blocks(_parse(content.text), _Scope(content.slots, values) if content.slots else values)
    if isinstance(content, Figure):
        return (content,)
    if isinstance(content, Fill):
        return (Fillable(nodes(content.blank, values), nodes(content.filled, values)),)
    return tuple(block for piece in content for block in nodes(piece, values))


def inline(content: str | Say, values: Mapping[str, Any]) -> tuple[Inline, ...]:
    """Content of a single paragraph, as its inlines."""
    blocks = nodes(content, values)
    if len(blocks) != 1 or not isinstance(blocks[0], Paragraph):
        raise AuthoringError(f"expected a single paragraph, got {content!r}")
    return blocks[0].children


def source(content: Content, values: Mapping[str, Any]) -> str:
    """The content as Markdown text with its slots filled, for JSON and the like."""
    if isinstance(content, Figure):
        return ""
    if isinstance(content, Fill):
        return source(content.filled, values)
    if isinstance(content, str):
        return _fill_source(content, values)
    if isinstance(content, Say):
        return _fill_source(content.text, _Scope(content.slots, values))
    return "\n\n".join(source(piece, values) for piece in content)


def _fill_source(text: str, values: Mapping[str, Any]) -> str:
    def within(match: re.Match[str]) -> str:
        return "$" + fill_math(math_pieces(match[1]), values) + "$"

    def alone(match: re.Match[str]) -> str:
        value = slot_of(match, notation.tex).tex(values)
        return value if isinstance(slot_of(match, notation.tex).value(values), str) else f"${value}$"

    text = re.sub(r"\$([^$]+)\$", within, inspect.cleandoc(text))
    outside = re.split(r"(\$[^$]*\$|`[^`]*`)", text)
    return "".join(piece if piece.startswith(("$", "`")) else SLOT.sub(alone, piece) for piece in outside)


# ---------------------------------------------------------------------------------------------- parsing


@dataclass(frozen=True, slots=True)
class _Template:
    """A node some descendant of which has a slot."""

    fill: Callable[[Mapping[str, Any]], Any]


_markdown = MarkdownIt("js-default", {"html": False, "linkify": False}).use(dollarmath_plugin, allow_digits=False)


_DISPLAY = re.compile(r"^(\$\$.*?\$\$)[ \t]*$", re.MULTILINE | re.DOTALL)


STATIC: dict[int, Any] = {}
"""By their identity, the nodes and tuples of nodes in which no slot stands: every variant shares them, so that
what they are rendered to can be remembered.  They live as long as the texts that were parsed: for ever."""


@cache
def _parse(text: str) -> tuple[Any, ...]:
    apart = _DISPLAY.sub(r"\n\n\1\n\n", inspect.cleandoc(text))  # a display needs no empty lines around it
    tree = SyntaxTreeNode(_markdown.parse(apart))
    if sum(node.content.count("$") for node in tree.walk() if node.type == "text") > text.count(r"\$"):
        raise AuthoringError(
            rf"a dollar sign opens no formula in {text.strip()[:60]!r}; leave space around, or write \$"
        )
    blocks = tuple(block for child in tree.children for block in _block(child))
    _keep(blocks)
    return blocks


def _keep(blocks: tuple[Any, ...]) -> None:
    for block in blocks:
        if type(block) is not _Template:
            STATIC[id(block)] = block
            if type(block) is Paragraph:
                STATIC[id(block.children)] = block.children
    if all(type(block) is not _Template for block in blocks):
        STATIC[id(blocks)] = blocks


def _fill_blocks(parsed: tuple[Any, ...], values: Mapping[str, Any]) -> tuple[Any, ...]:
    if id(parsed) in STATIC:
        return parsed
    return tuple([node.fill(values) if type(node) is _Template else node for node in parsed])


def _node(kind: Callable[[tuple[Any, ...]], Any], children: tuple[Any, ...]) -> Any:
    """``kind(children)``, now if nothing in it has a slot, else when filled."""
    if not any(type(child) is _Template for child in children):
        return kind(children)
    return _Template(lambda values: kind(_fill_blocks(children, values)))


def _same(children: tuple[Any, ...]) -> Any:
    return children


def _block(node: SyntaxTreeNode) -> tuple[Any, ...]:
    match node.type:
        case "paragraph":
            return (_node(Paragraph, _inlines(node.children[0])),)
        case "math_block":
            return (_math(node.content.strip(), Display),)
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
            return (_node(lambda filled: Table(filled[0], filled[1:]), cells),)
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
    STATIC.update((id(piece), piece) for piece in pieces if type(piece) is not _Template)
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


def _math(tex: str, kind: Callable[[str], Any]) -> Any:
    pieces = math_pieces(tex)
    if all(isinstance(piece, str) for piece in pieces):
        return kind("".join(str(piece) for piece in pieces))
    return _Template(lambda values: kind(fill_math(pieces, values)))


def _text(text: str) -> tuple[Any, ...]:
    pieces: list[Any] = []
    end = 0
    for match in SLOT.finditer(text):
        if match.start() > end:
            pieces.append(Text(text[end : match.start()]))
        pieces.append(_word(slot_of(match, notation.tex)))
        end = match.end()
    if end < len(text):
        pieces.append(Text(text[end:]))
    return tuple(pieces)


def _word(slot: Slot) -> _Template:
    """A slot among words: a text stays a text, anything else is a formula."""

    def fill(values: Mapping[str, Any]) -> Inline:
        value = slot.value(values)
        return Text(value) if isinstance(value, str) else Math(slot.print(value))

    return _Template(fill)
