"""An author's text, parsed once for all variants: Markdown with mathematics → nodes, some with slots still to be filled."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.dollarmath import dollarmath_plugin

from generator.document.nodes import (
    Block,
    Bullets,
    Code,
    CodeBlock,
    Display,
    Emphasis,
    Image,
    Link,
    Math,
    Numbered,
    Paragraph,
    Strong,
    Table,
    Text,
    children,
)
from generator.document.placement import placement
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


@dataclass(frozen=True, slots=True)
class UnfilledReference:
    """A reference to another part, ``[](#mean)``, whose label the sheet decides."""

    part: str

    def filled(self, values: Mapping[str, Any]) -> Text:
        """The label of the part."""
        return Text(placement().label(self.part))


@dataclass(frozen=True, slots=True)
class UnfilledImage:
    """A picture, whose file is beside that of the problem."""

    file: str
    alt: str
    width: int

    def filled(self, values: Mapping[str, Any]) -> Image:
        """The picture with its place."""
        return placement().image(self.file, self.alt, self.width)


Unfilled: TypeAlias = UnfilledFormula | UnfilledValue | UnfilledReference | UnfilledImage
_UNFILLED = (UnfilledFormula, UnfilledValue, UnfilledReference, UnfilledImage)


@dataclass(frozen=True, slots=True)
class Template:
    """A text as its blocks, in which those of :data:`Unfilled` stand for what differs from variant to variant."""

    blocks: tuple[Any, ...]
    has_slots: bool

    def filled(self, values: Mapping[str, Any]) -> tuple[Block, ...]:
        """The blocks for these values."""
        return _filled(self.blocks, values) if self.has_slots else self.blocks


def _filled(node: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(node, _UNFILLED):
        return node.filled(values)
    if isinstance(node, tuple):
        return tuple([_filled(child, values) for child in node])
    inner = children(node)
    return type(node)(*[_filled(child, values) for child in inner]) if inner else node


def _has_slots(node: Any) -> bool:
    return isinstance(node, _UNFILLED) or any(
        _has_slots(child) for child in (node if isinstance(node, tuple) else children(node))
    )


@cache
def parse(text: str) -> Template:
    """The text as a template.

    Raises :class:`AuthoringError` for markup that has no node and for a dollar sign that opens no formula.
    """
    check_characters(without_code(text))
    for match in _LIKE_A_SLOT.finditer(_CODE.sub("", without_code(text))):
        if not SLOT.fullmatch(match[0]):
            raise AuthoringError(
                f"{match[0]} is no slot; write <name>, <name[0]> or <name|format>, and \\lt or &lt; for the sign",
                text=match[0],
            )
    displays_apart = partial(_DISPLAY.sub, r"\n\n\1\n\n")  # a display needs no empty lines around it
    apart = outside_code(displays_apart, inspect.cleandoc(text))
    tree = SyntaxTreeNode(_markdown.parse(apart))
    if sum(node.content.count("$") for node in tree.walk() if node.type == "text") > text.count(r"\$"):
        raise AuthoringError(
            rf"a dollar sign opens no formula in {text.strip()[:60]!r}; leave space around, or write \$", text=text
        )
    _check_links(tree)
    blocks = tuple([_block(child) for child in tree.children])
    return Template(blocks, _has_slots(blocks))


def pictures_in(text: str) -> list[str]:
    """Return the files of the pictures that a text shows."""
    found: list[str] = []

    def collect(node: Any) -> None:
        if isinstance(node, UnfilledImage):
            found.append(node.file)
        for child in node if isinstance(node, tuple) else children(node):
            collect(child)

    collect(parse(text).blocks if "](" in text else ())
    return found


def _block(node: SyntaxTreeNode) -> Any:
    match node.type:
        case "paragraph":
            line = node.children[0]
            return _image(line) if _is_image(line) else Paragraph(_inlines(line))
        case "fence":
            return CodeBlock(re.sub(r"\n{3,}", "\n\n", node.content.expandtabs().rstrip()))
        case "math_block":
            return _math(node.content.strip(), Display)
        case "bullet_list" | "ordered_list":
            kind = Bullets if node.type == "bullet_list" else Numbered
            return kind(tuple([tuple([_block(child) for child in item.children]) for item in node.children]))
        case "table":
            rows = [row for section in node.children for row in section.children]
            cells = [tuple([_inlines(cell.children[0]) for cell in row.children]) for row in rows]
            return Table(cells[0], tuple(cells[1:]))
    raise AuthoringError(
        f"prose has no node for {node.type!r}; write paragraphs, lists, tables, formulas, code and pictures"
    )


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
        case "link":
            return (_link(node),)
        case "image":
            raise AuthoringError(
                f"the picture {_file(node)} stands among words: give it a paragraph of its own", text=_file(node)
            )
    raise AuthoringError(f"prose has no node for {node.type!r} within a line")


def _is_image(line: SyntaxTreeNode) -> bool:
    first, *others = line.children
    return first.type == "image" and (not others or (len(others) == 1 and others[0].type == "text"))


def _image(line: SyntaxTreeNode) -> UnfilledImage:
    """The picture of a paragraph that is nothing else: ``![words that stand for it](file.png){width=60%}``."""
    image, *others = line.children
    alt, file = " ".join(image.content.split()), _file(image)
    if not alt:
        raise AuthoringError(
            f"the picture {file} has no alternative text: say in the brackets what one has to see, ![…]({file})",
            text=file,
        )
    if Path(file).is_absolute() or ":" in file:
        raise AuthoringError(f"the picture {file}: give the name of a file beside the problem's or sheet's", text=file)
    width = _WIDTH.fullmatch(others[0].content.strip()) if others else None
    if others and (width is None or not 1 <= int(width[1]) <= 100):
        raise AuthoringError(
            f"after the picture {file}: expected nothing, or its width from 1 to 100 %, as {{width=60%}}; "
            f"got {others[0].content.strip()[:60]!r}",
            text=file,
        )
    return UnfilledImage(file, alt, int(width[1]) if width else 0)


_WIDTH = re.compile(r"\{\s*width\s*=\s*(\d{1,3})\s*%\s*\}")


def _file(image: SyntaxTreeNode) -> str:
    return unquote(str(image.attrs["src"]))


def _link(node: SyntaxTreeNode) -> Link | UnfilledReference:
    url = str(node.attrs["href"])
    words = _inlines(node)
    if url.startswith("#"):
        if words:
            raise AuthoringError(
                f"a reference to a part has no words of its own: write [](#{url[1:]})", text=f"]({url})"
            )
        return UnfilledReference(unquote(url[1:]))
    if not _WEB.match(url):
        raise AuthoringError(
            f"the link to {url} leads nowhere from a page: write https://…, http://… or mailto:…, or [](#part) for a part",
            text=url,
        )
    if node.info == "auto":
        words = (Text(url.removeprefix("mailto:")),)
    if not words:
        raise AuthoringError(f"the link to {url} has no words: write them in the brackets", text=url)
    return Link(url, words)


_WEB = re.compile(r"https?://[^/\s]+|mailto:[^@\s]+@[^@\s]+", re.IGNORECASE)


def _check_links(tree: SyntaxTreeNode) -> None:
    """Raise :class:`AuthoringError` for what looks like a link or a picture and is none for Markdown."""
    for node in tree.walk():
        if node.type == "text" and (found := _LIKE_A_LINK.search(node.content)):
            raise AuthoringError(
                f"{found[0]!r} ends no link and no picture: a link needs an address of http, https or mailto, and a file "
                "whose name has spaces stands in <…>; the words in the brackets are without [ and ]",
                text=found[0],
            )


_LIKE_A_LINK = re.compile(r"\]\((?:[a-z]+:[^()\s]|[^()]*\.(?:png|jpe?g|pdf)\b)[^()]*\)?", re.IGNORECASE)

_FENCE = re.compile(
    r"^[ ]*(?P<fence>`{3,}|~{3,})[^\n`]*\n.*?(?:^[ ]*(?P=fence)[`~]*[ \t]*(?:\n|\Z)|\Z)", re.MULTILINE | re.DOTALL
)


def without_code(text: str) -> str:
    """Return the text without its fenced code, in which nothing means anything."""
    return _FENCE.sub("\n", text) if "```" in text or "~~~" in text else text


def outside_code(change: Callable[[str], str], text: str) -> str:
    """Return the text with all that is not fenced code changed."""
    if "```" not in text and "~~~" not in text:
        return change(text)
    pieces, end = [], 0
    for fence in _FENCE.finditer(text):
        pieces += [change(text[end : fence.start()]), "\n", fence[0], "\n"]
        end = fence.end()
    return "".join([*pieces, change(text[end:])])


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
