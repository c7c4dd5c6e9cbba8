r"""Prose: Markdown with mathematics and slots, turned into document nodes.

An author writes ``"The mean of row 1 is $\mu_1 = <mean[0]>$."``.  The text is parsed once for all variants; a
slot is filled with the value of its name.  Inside a formula a value is bracketed where it stands as an
operand: after ``-``, the value -3/2 becomes ``\left(-\frac{3}{2}\right)``.  ``<X[0]|sum>`` prints a value in
another way; the ways are :data:`generator.slots.FORMATS`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from generator import notation
from generator.blocks import Block, Figure, Fillable, Inline, Paragraph
from generator.errors import AuthoringError
from generator.markup import parse
from generator.slots import SLOT, fill_math, math_pieces, slot_of


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
        return parse(content).blocks(values)
    if isinstance(content, Say):
        return parse(content.text).blocks(scope(content, values))
    if isinstance(content, Figure):
        return (content,)
    if isinstance(content, Fill):
        return (Fillable(nodes(content.blank, values), nodes(content.filled, values)),)
    return tuple(block for piece in content for block in nodes(piece, values))


def scope(text: Say, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the slots of a text are filled from."""
    return _Scope(text.slots, values) if text.slots else values


def has_slots(text: str) -> bool:
    """Whether a text differs between variants."""
    return bool(parse(text).fillers)


def paragraph(content: str | Say, values: Mapping[str, Any]) -> Paragraph:
    """Content that is a single paragraph."""
    blocks = nodes(content, values)
    if len(blocks) != 1 or not isinstance(blocks[0], Paragraph):
        raise AuthoringError(f"expected a single paragraph, got {content!r}")
    return blocks[0]


def inline(content: str | Say, values: Mapping[str, Any]) -> tuple[Inline, ...]:
    """Content of a single paragraph, as its inlines."""
    return paragraph(content, values).children


def source(content: Content, values: Mapping[str, Any]) -> str:
    """The content as Markdown text with its slots filled, for JSON and the like."""
    if isinstance(content, Figure):
        return ""
    if isinstance(content, Fill):
        return source(content.filled, values)
    if isinstance(content, str):
        return _fill_source(content, values)
    if isinstance(content, Say):
        return _fill_source(content.text, scope(content, values))
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
