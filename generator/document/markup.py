"""An author's text, parsed once for all variants: Markdown with mathematics → nodes, some with slots still to be filled."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, TypeAlias

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.dollarmath import dollarmath_plugin

from generator.document.nodes import (
    Block,
    Bullets,
    Code,
    Display,
    Emphasis,
    Math,
    Numbered,
    Paragraph,
    Strong,
    Table,
    Text,
    children,
)
from generator.document.slots import SLOT, Pieces, Slot, fill, math_pieces, slot_of
from generator.errors import AuthoringError
from generator.numbers import notation

_markdown = MarkdownIt("js-default", {"html": False, "linkify": False}).use(dollarmath_plugin, allow_digits=False)
_DISPLAY = re.compile(r"^(\$\$.*?\$\$)[ \t]*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class UnfilledFormula:
    """A formula with slots."""

    kind: type[Math | Display]
    pieces: Pieces

    def filled(self, values: Mapping[str, Any]) -> Math | Display:
        """The formula with its values."""
        return self.kind(fill(self.pieces, values))


@dataclass(frozen=True, slots=True)
class UnfilledValue:
    """A slot among words: a formula, unless its value is a text."""

    slot: Slot

    def filled(self, values: Mapping[str, Any]) -> Text | Math:
        """The value of the slot."""
        value = self.slot.value(values)
        return Text(value) if isinstance(value, str) else Math(self.slot.printed(value))


Unfilled: TypeAlias = UnfilledFormula | UnfilledValue


@dataclass(frozen=True, slots=True)
class Template:
    """A text as its blocks, in which :class:`UnfilledFormula` and :class:`UnfilledValue` stand for what has slots."""

    blocks: tuple[Any, ...]
    has_slots: bool

    def filled(self, values: Mapping[str, Any]) -> tuple[Block, ...]:
        """The blocks for these values."""
        return _filled(self.blocks, values) if self.has_slots else self.blocks


def _filled(node: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(node, UnfilledFormula | UnfilledValue):
        return node.filled(values)
    if isinstance(node, tuple):
        return tuple([_filled(child, values) for child in node])
    inner = children(node)
    return type(node)(*[_filled(child, values) for child in inner]) if inner else node


def _has_slots(node: Any) -> bool:
    return isinstance(node, UnfilledFormula | UnfilledValue) or any(
        _has_slots(child) for child in (node if isinstance(node, tuple) else children(node))
    )


@cache
def parse(text: str) -> Template:
    """The text as a template.

    Raises :class:`AuthoringError` for markup that has no node and for a dollar sign that opens no formula.
    """
    check_characters(text)
    for match in _LIKE_A_SLOT.finditer(_CODE.sub("", text)):
        if not SLOT.fullmatch(match[0]):
            raise AuthoringError(
                f"{match[0]} is no slot; write <name>, <name[0]> or <name|format>, and \\lt or &lt; for the sign",
                text=match[0],
            )
    apart = _DISPLAY.sub(r"\n\n\1\n\n", inspect.cleandoc(text))  # a display needs no empty lines around it
    tree = SyntaxTreeNode(_markdown.parse(apart))
    if sum(node.content.count("$") for node in tree.walk() if node.type == "text") > text.count(r"\$"):
        raise AuthoringError(
            rf"a dollar sign opens no formula in {text.strip()[:60]!r}; leave space around, or write \$", text=text
        )
    blocks = tuple([_block(child) for child in tree.children])
    return Template(blocks, _has_slots(blocks))


def _block(node: SyntaxTreeNode) -> Any:
    match node.type:
        case "paragraph":
            return Paragraph(_inlines(node.children[0]))
        case "math_block":
            return _math(node.content.strip(), Display)
        case "bullet_list" | "ordered_list":
            kind = Bullets if node.type == "bullet_list" else Numbered
            return kind(tuple([tuple([_block(child) for child in item.children]) for item in node.children]))
        case "table":
            rows = [row for section in node.children for row in section.children]
            cells = [tuple([_inlines(cell.children[0]) for cell in row.children]) for row in rows]
            return Table(cells[0], tuple(cells[1:]))
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
    return tuple(pieces)


def _inline(node: SyntaxTreeNode) -> tuple[Any, ...]:
    match node.type:
        case "text":
            return tuple(_words(node.content))
        case "softbreak":
            return (Text(" "),)
        case "math_inline":
            return (_math(node.content.replace("\n", " "), Math),)
        case "code_inline":
            return (Code(node.content),)
        case "strong":
            return (Strong(_inlines(node)),)
        case "em":
            return (Emphasis(_inlines(node)),)
    raise AuthoringError(f"prose has no node for {node.type!r} within a line")


_LIKE_A_SLOT = re.compile(r"<[A-Za-z_][\w.|:\[\]-]*>")
_CODE = re.compile(r"`[^`]*`")


def check_characters(text: str, read_by: str = "Python", remedy: str = "make the text raw, r'…'") -> None:
    r"""Raise :class:`AuthoringError` for what Python makes of ``\theta`` and the like in a text that is not raw."""
    found = _ESCAPED.search(text)
    if found is None:
        return
    letter = _LETTERS.get(found[1], "")
    meant = rf", the beginning of \{letter}{found[2]}" if letter else ""
    raise AuthoringError(f"{read_by} read a control character in {found[0]!r}{meant}: {remedy}")


_LETTERS = {"\a": "a", "\b": "b", "\f": "f", "\n": "n", "\r": "r", "\t": "t", "\v": "v"}
# A tab may indent a line, and a line may end before any word but the rest of a command.
_ESCAPED = re.compile(
    r"([\x00-\x08\x0b\x0c\x0e-\x1f]|\r(?!\n)|(?:(?<=\S)|(?<=\S ))\t(?=[A-Za-z])|\n(?=abla|otin|eq[ \d\\]))([A-Za-z]*)"
)


@lru_cache(maxsize=1 << 12)
def check_tex(tex: str) -> None:
    """Raise :class:`AuthoringError` for a formula that no format could read: a brace has no partner."""
    check_characters(tex)
    depth = 0
    for brace in _BRACE.findall(tex):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            break
    if depth:
        side = "an opening" if depth > 0 else "a closing"
        raise AuthoringError(f"{side} brace has no partner in the formula {tex!r}", text=tex)


_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def _math(tex: str, kind: type[Math | Display]) -> Math | Display | Unfilled:
    check_tex(tex)
    pieces = math_pieces(tex)
    return kind(tex) if all(isinstance(piece, str) for piece in pieces) else UnfilledFormula(kind, pieces)


def _words(text: str) -> Iterator[Text | Unfilled]:
    end = 0
    for match in SLOT.finditer(text):
        if match.start() > end:
            yield Text(text[end : match.start()])
        yield UnfilledValue(slot_of(match, notation.tex))
        end = match.end()
    if end < len(text):
        yield Text(text[end:])
