"""A block with holes, parsed once for all variants, and the blocks that come of filling them.

What a variant changes in a sentence are a few formulas or words.  So a filled block is kept as the template it was
made from and what fills its holes: a renderer writes out the rest of the template once for all variants
(:mod:`generator.holes`), and the nodes within the block are made only when somebody looks at them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from generator.document import Bullets, Display, Math, Numbered, Paragraph, Table, Text
from generator.slots import Slot, fill_math


class Formula:
    """A hole that is a formula, within a line or on one of its own; its filling is the formula's TeX."""

    __slots__ = ("_pieces", "kind", "place")

    def __init__(self, kind: type[Math] | type[Display], pieces: tuple[str | Slot, ...]) -> None:
        self.kind = kind
        self.place = 0
        self._pieces = pieces

    def fill(self, values: Mapping[str, Any]) -> str:
        return fill_math(self._pieces, values)

    def node(self, filling: Any) -> Math | Display:
        return self.kind(filling)


class Word:
    """A hole among words; its filling is the node: a text stays a text, anything else is a formula."""

    __slots__ = ("_slot", "place")

    def __init__(self, slot: Slot) -> None:
        self.place = 0
        self._slot = slot

    def fill(self, values: Mapping[str, Any]) -> Text | Math:
        value = self._slot.value(values)
        return Text(value) if isinstance(value, str) else Math(self._slot.print(value))

    def node(self, filling: Any) -> Any:
        return filling


Hole: TypeAlias = Formula | Word


class Around:
    """A node some descendant of which is a hole: what makes it, and of which children."""

    __slots__ = ("_children", "_kind")

    def __init__(self, kind: Callable[[tuple[Any, ...]], Any], children: tuple[Any, ...]) -> None:
        self._kind = kind
        self._children = children

    def holes(self) -> list[Hole]:
        """All that stand in it, in the order of the text."""
        found: list[Hole] = []
        for child in self._children:
            if type(child) is Around:
                found += child.holes()
            elif type(child) is Formula or type(child) is Word:
                found.append(child)
        return found

    def made(self, nodes: Sequence[Any]) -> Any:
        """The node with one of ``nodes`` in the place of each hole."""
        return self._kind(tuple([_made(child, nodes) for child in self._children]))


def _made(child: Any, nodes: Sequence[Any]) -> Any:
    if type(child) is Around:
        return child.made(nodes)
    return nodes[child.place] if type(child) is Formula or type(child) is Word else child


class Template:
    """A whole block with holes, numbered in the order of the text."""

    __slots__ = ("_around", "_fillers", "_kind", "holes")

    def __init__(self, around: Around) -> None:
        self.holes = tuple(around.holes())
        for place, hole in enumerate(self.holes):
            hole.place = place
        self._around = around
        self._kind = _FILLED[type(around.made([hole.node(hole) for hole in self.holes]))]
        self._fillers = [hole.fill for hole in self.holes]

    def fill(self, values: Mapping[str, Any]) -> FilledBlock:
        """A variant's block."""
        return self._kind(self, [fill(values) for fill in self._fillers])

    def made(self, nodes: Sequence[Any]) -> Any:
        """The plain block with these nodes in place of the holes."""
        return self._around.made(nodes)


class FilledBlock:
    """A block as its template and what fills it; whoever looks at it sees the plain block that it stands for.

    ``texts`` is where a renderer keeps what it has made of the block, for as long as the block lives.
    """

    __slots__ = ()

    template: Template
    fillings: Sequence[Any]
    texts: dict[Any, str]
    _plain: Any

    def __init__(self, template: Template, fillings: Sequence[Any]) -> None:
        self.template = template
        self.fillings = fillings
        self.texts = {}
        self._plain = None

    __setattr__ = object.__setattr__  # the fields are frozen as they are: they cannot be set at all

    def plain(self) -> Any:
        """The plain block, made when first looked into."""
        if self._plain is None:
            pairs = zip(self.template.holes, self.fillings, strict=True)
            self._plain = self.template.made([hole.node(filling) for hole, filling in pairs])
        return self._plain

    def __reduce__(self) -> tuple[Any, ...]:
        plain = self.plain()
        return type(plain), tuple(getattr(plain, name) for name in plain.__dataclass_fields__)


def _filled(plain: type) -> type[FilledBlock]:
    """The filled blocks of a kind: their class passes for the kind itself, their fields are those of the plain block."""

    def field(name: str) -> property:
        return property(lambda self: getattr(self.plain(), name))

    body = {name: field(name) for name in plain.__dataclass_fields__}  # type: ignore[attr-defined]
    body |= {"__slots__": ("_plain", "fillings", "template", "texts"), "__class__": property(lambda self: plain)}
    return type(f"Filled{plain.__name__}", (FilledBlock, plain), body)


_FILLED = {kind: _filled(kind) for kind in (Paragraph, Display, Bullets, Numbered, Table)}
FILLED = tuple(_FILLED.values())
"""The kinds of filled blocks, one for each kind of block that a text can be."""
