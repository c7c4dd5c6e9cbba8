"""Nodes with holes: what a class's papers have in common is kept once, and each student's node is what fills its holes.

What a variant changes in a sentence are a few formulas or words, and in a question its sentences' formulas and its
answers.  So a filled node is kept as a template and what fills the template's holes: a renderer writes out the rest of
the template once for all variants (:mod:`generator.holes`).  Whoever looks into a filled node sees the plain node that it
stands for, which is made when somebody does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from generator.document import Bullets, Display, Math, Numbered, Paragraph, Table, Text
from generator.slots import Slot, fill_math


class StandIns(Protocol):
    """What is put into the holes of a template to see what becomes of them, by the holes' places in the fillings."""

    def text(self, place: int) -> Any:
        """For a text, such as the TeX of a formula."""

    def node(self, place: int, kind: type | None = None) -> Any:
        """For a node of this kind, or of some kind."""


class Template(Protocol):
    """What the filled nodes of one template have in common.

    ``programs`` is where a renderer keeps what writes them out, for as long as the template lives.
    """

    programs: dict[Any, Callable[[Any], str]]

    def with_stand_ins(self, stand_ins: StandIns, first: int = 0) -> Any:
        """The plain node with stand-ins in its holes, numbered from ``first``."""


class Filled:
    """A node as its template and what fills it.

    ``texts`` is where a renderer keeps what it has made of the node, for as long as the node lives.
    """

    __slots__ = ()

    template: Any
    fillings: Sequence[Any]
    texts: dict[Any, str]
    known: Any

    def __init__(self, template: Template, fillings: Sequence[Any], plain: Any = None) -> None:
        self.template = template
        self.fillings = fillings
        self.texts = {}
        self.known = plain

    __setattr__ = object.__setattr__  # the fields of the plain node cannot be set at all

    def plain(self) -> Any:
        """The plain node."""
        if self.known is None:
            self.known = self.template.filled(self.fillings)
        return self.known

    def nodes(self) -> Iterable[Any]:
        """The nodes that the template does not know: among its texts, there are none but words and formulas."""
        return ()

    def stripped(self) -> Any:
        """The node without what only the key shows; None if that is all of it."""
        return None

    def __reduce__(self) -> tuple[Any, ...]:
        plain = self.plain()
        return type(plain), tuple(getattr(plain, name) for name in plain.__dataclass_fields__)


def filled_kind(plain: type) -> type[Filled]:
    """Filled nodes of a kind: their class passes for the kind itself, their fields are those of the plain node."""

    def field(name: str) -> property:
        return property(lambda self: getattr(self.plain(), name))

    body: dict[str, Any] = {name: field(name) for name in plain.__dataclass_fields__}  # type: ignore[attr-defined]
    body |= {"__slots__": ("known", "fillings", "template", "texts"), "__class__": property(lambda _: plain)}
    return type(f"Filled{plain.__name__}", (Filled, plain), body)


# ---------------------------------------------------------------------------------------- an author's text


class Formula:
    """A hole that is a formula, within a line or on one of its own; its filling is the formula's TeX."""

    __slots__ = ("_pieces", "kind", "place")

    def __init__(self, kind: type[Math | Display], pieces: tuple[str | Slot, ...]) -> None:
        self.kind = kind
        self.place = 0
        self._pieces = pieces

    def fill(self, values: Mapping[str, Any]) -> str:
        return fill_math(self._pieces, values)

    def node(self, filling: Any) -> Math | Display:
        return self.kind(filling)

    def stand_in(self, stand_ins: StandIns, place: int) -> Math | Display:
        return self.kind(stand_ins.text(place))


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

    def stand_in(self, stand_ins: StandIns, place: int) -> Any:
        return stand_ins.node(place)


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


class BlockTemplate:
    """A whole block of an author's text, its holes numbered in the order of the text."""

    __slots__ = ("_around", "_fillers", "_kind", "holes", "programs")

    def __init__(self, around: Around) -> None:
        self.holes = tuple(around.holes())
        for place, hole in enumerate(self.holes):
            hole.place = place
        self.programs: dict[Any, Callable[[Any], str]] = {}
        self._around = around
        self._kind = _FILLED_BLOCKS[type(around.made([hole.node(hole) for hole in self.holes]))]
        self._fillers = [hole.fill for hole in self.holes]

    def fill(self, values: Mapping[str, Any]) -> Filled:
        """A variant's block."""
        return self._kind(self, [fill(values) for fill in self._fillers])

    def filled(self, fillings: Sequence[Any]) -> Any:
        """The plain block."""
        return self._around.made([hole.node(filling) for hole, filling in zip(self.holes, fillings, strict=True)])

    def with_stand_ins(self, stand_ins: StandIns, first: int = 0) -> Any:
        return self._around.made([hole.stand_in(stand_ins, first + hole.place) for hole in self.holes])


_FILLED_BLOCKS = {kind: filled_kind(kind) for kind in (Paragraph, Display, Bullets, Numbered, Table)}
FILLED_BLOCKS = frozenset(_FILLED_BLOCKS.values())
"""The kinds of filled blocks, one for each kind of block that a text can be."""
