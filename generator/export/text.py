"""Nodes of a document as the blocks of an export."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import singledispatch
from typing import Any, TypeAlias

from generator.document import nodes
from generator.export.tree import Block, Blocks, Inline, Line
from generator.render.escaping import one_line, printable

Name: TypeAlias = Callable[[nodes.Figure | nodes.Image], str]
"""Gives a picture's id."""


def blocks(content: Iterable[nodes.Block], name: Name, *, filled: bool = False) -> Blocks:
    """Return blocks of a document for an export; what is to be filled in is ``filled`` in solutions."""
    return [block for node in content for block in _block(node, name, filled)]


def _block(node: nodes.Block, name: Name, filled: bool) -> Blocks:
    match node:
        case nodes.Paragraph():
            return [paragraph(node.children)]
        case nodes.Display():
            return [{"display": portable(node.tex)}]
        case nodes.Bullets() | nodes.Numbered():
            key = "list" if isinstance(node, nodes.Bullets) else "ordered"
            return [{key: [blocks(item, name, filled=filled) for item in node.items]}]
        case nodes.Table():
            header = [node.header] if any(node.header) else []
            cells = [[line(cell) for cell in row] for row in [*header, *node.rows]]
            return [{"table": cells, "header": len(header)}]
        case nodes.CodeBlock():
            return [{"code": printable(node.text)}]
        case nodes.Fillable():
            return blocks(node.filled if filled else node.blank, name, filled=filled)
        case nodes.Figure() | nodes.Image():
            return [{"figure": name(node)}]


def paragraph(content: Iterable[nodes.Inline]) -> Block:
    """Return a paragraph."""
    return {"p": line(content)}


def line(content: Iterable[nodes.Inline]) -> Line:
    """Return what stands in a line."""
    return [_inline(node) for node in content]


@singledispatch
def _inline(node: Any) -> Inline:
    raise TypeError(f"no text: {node!r}")


@_inline.register
def _(node: nodes.Text) -> Inline:
    return one_line(node.text)


@_inline.register
def _(node: nodes.Math) -> Inline:
    return {"tex": portable(node.tex)}


@_inline.register
def _(node: nodes.Code) -> Inline:
    return {"code": printable(node.text)}


@_inline.register
def _(node: nodes.Strong) -> Inline:
    return {"strong": line(node.children)}


@_inline.register
def _(node: nodes.Emphasis) -> Inline:
    return {"em": line(node.children)}


@_inline.register
def _(node: nodes.Link) -> Inline:
    return {"link": line(node.children), "url": node.url}


_BRACKETS = re.compile(r"(\\sqrt\s*|\\\\\s*)\[([^\[\]]*)\]|\[|\]")
_ROOT = r"\sqrt"


def portable(tex: str) -> str:
    r"""Return a formula without square brackets, which some platforms take for blanks: ``\lbrack`` prints the same."""
    return _BRACKETS.sub(_without_bracket, tex)


def _without_bracket(match: re.Match[str]) -> str:
    if match[1] is None:
        return r"\lbrack " if match[0] == "[" else r"\rbrack "
    if match[1].startswith(_ROOT):
        return rf"{{}}^{{{match[2]}}}\!\sqrt" if match[2] else _ROOT
    return r"\\"
