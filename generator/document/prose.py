r"""Prose: Markdown with mathematics and slots, turned into document nodes.

An author writes ``"The mean of row 1 is $\mu_1 = <mean[0]>$."``.  The text is parsed once for all variants; a
slot is filled with the value of its name.  Inside a formula a value is bracketed where it stands as an
operand: after ``-``, the value -3/2 becomes ``\left(-\frac{3}{2}\right)``.  ``<X[0]|sum>`` prints a value in
another way; the ways are :data:`generator.document.slots.FORMATS`.  Code stands in fences, ``![what it shows](file.png)`` is a
picture, and ``[](#mean)`` the label of the part ``mean``: see :mod:`generator.document.placement`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, TypeAlias

from generator.document.figures.scene import Scene
from generator.document.markup import parse, without_code
from generator.document.nodes import Block, Figure, Fillable, Inline, Paragraph
from generator.document.placement import in_key, placement
from generator.document.slots import SLOT, Slot, fill, math_pieces, slot_of
from generator.errors import AuthoringError, expected, shown
from generator.numbers import notation


@dataclass(frozen=True, slots=True)
class Say:
    """A text together with values that only it uses (those of a loop, say), and the insights that it tells."""

    text: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    tells: tuple[str, ...] = ()


def say(text: str, **slots: Any) -> Say:
    """``text`` with slots of its own beside the problem's values."""
    return Say(text, slots)


@dataclass(frozen=True, slots=True)
class Fill:
    """A text with blanks, and the same text as the key fills it."""

    blank: str | Say
    filled: str | Say


class _Scope(dict[str, Any]):
    """The values of one text before those of its problem."""

    __slots__ = ("outer",)

    outer: Mapping[str, Any]

    def __missing__(self, name: str) -> Any:
        return self.outer[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self.outer, **self.copy()})


Content: TypeAlias = str | Say | Fill | Figure | Sequence[str | Say | Fill | Figure]
"""The types that an author may write where prose is expected."""


def check_content(content: object, what: str, error: Callable[[str], AuthoringError] = AuthoringError) -> None:
    """Raise an ``error`` unless ``content`` is of the types of :data:`Content`."""
    if not isinstance(content, str | Say | Fill | Figure | list | tuple):
        raise error(f"{what}: {expected('a text, say(...), Fill(...), a Figure or a list of them', shown(content))}")
    for piece in content if isinstance(content, list | tuple) else (content,):
        if not isinstance(piece, str | Say | Fill | Figure):
            raise error(f"{what}: {expected('a text, say(...), Fill(...) or a Figure', shown(piece))}")
        if isinstance(piece, Figure):
            _check_figure(piece, error)
        if isinstance(piece, Fill) and not all(isinstance(text, str | Say) for text in (piece.blank, piece.filled)):
            raise error(f"{what}: {expected('Fill(blank, filled) of two texts', shown(piece))}")


def _check_figure(figure: Figure, error: Callable[[str], AuthoringError]) -> None:
    if not isinstance(figure.name, str) or not _FILE_NAME.fullmatch(figure.name):
        raise error(f"Figure: {expected('a name of letters, digits and hyphens', shown(figure.name))}")
    for scene in (figure.scene, figure.completed):
        if not isinstance(scene, Scene | None) or figure.scene is None:
            raise error(f"Figure {figure.name!r}: {expected('a Scene, such as plot_scene(Plot(...))', shown(scene))}")


_FILE_NAME = re.compile(r"[A-Za-z0-9-]+")


def nodes(content: Content, values: Mapping[str, Any]) -> tuple[Block, ...]:
    """The content as blocks, its slots filled from ``values``.

    Raises :class:`AuthoringError` for a slot without a value and for markup that has no node.
    """
    if isinstance(content, str):
        return parse(content).filled(values)
    if isinstance(content, Say):
        return parse(content.text).filled(scope(content, values))
    if isinstance(content, Figure):
        return (content,)
    if isinstance(content, Fill):
        with in_key():
            filled = nodes(content.filled, values)
        return (Fillable(nodes(content.blank, values), filled),)
    return tuple(block for piece in content for block in nodes(piece, values))


def scope(text: Say, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the values that the slots of a text are filled from."""
    if not text.slots:
        return values
    scope = _Scope(text.slots)
    scope.outer = values
    return scope


def has_slots(text: str) -> bool:
    """Return whether a text differs between variants."""
    return parse(text).has_slots


def paragraph(content: str | Say, values: Mapping[str, Any]) -> Paragraph:
    """Content that is a single paragraph."""
    blocks = nodes(content, values)
    if len(blocks) != 1 or not isinstance(blocks[0], Paragraph):
        text = content.text if isinstance(content, Say) else content
        raise AuthoringError(expected("a single paragraph", shown(text)))
    return blocks[0]


def inline(content: str | Say, values: Mapping[str, Any]) -> tuple[Inline, ...]:
    """Content of a single paragraph, as its inlines."""
    return paragraph(content, values).children


def references(content: Content) -> frozenset[str]:
    """Return the ids of the parts that a content refers to."""
    if isinstance(content, Figure):
        return frozenset()
    if isinstance(content, Fill):
        return references(content.blank)
    if isinstance(content, str | Say):
        return frozenset(_REFERENCE.findall(without_code(content if isinstance(content, str) else content.text)))
    return frozenset().union(*map(references, content))


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
    return "".join([piece if isinstance(piece, str) else piece(values) for piece in _source(text)])


@cache
def _source(text: str) -> tuple[str | Callable[[Mapping[str, Any]], str], ...]:
    """The text as Markdown: what stands in it as it is, and what writes the rest for some values."""
    pieces: list[str | Callable[[Mapping[str, Any]], str]] = []
    for piece in _FORMULA_OR_CODE.split(inspect.cleandoc(text)):
        if reference := _REFERENCE.fullmatch(piece):
            pieces.append(partial(_label, reference[1]))
        elif not SLOT.search(piece) or piece.startswith("`"):
            pieces.append(piece)
        elif piece.startswith("$"):
            pieces += ["$", partial(fill, math_pieces(piece[1:-1])), "$"]
        else:
            end = 0
            for match in SLOT.finditer(piece):
                pieces += [piece[end : match.start()], partial(_among_words, slot_of(match, notation.tex))]
                end = match.end()
            pieces.append(piece[end:])
    return tuple(pieces)


_FORMULA_OR_CODE = re.compile(r"(```.*?```|\$[^$]+\$|`[^`]*`|\[\]\(#[^()]+\))", re.DOTALL)
_REFERENCE = re.compile(r"\[\]\(#([^()]+)\)")


def _label(part: str, _: Mapping[str, Any]) -> str:
    return placement().label(part)


def _among_words(slot: Slot, values: Mapping[str, Any]) -> str:
    value = slot.value(values)
    return value if isinstance(value, str) else f"${slot.printed(value)}$"
