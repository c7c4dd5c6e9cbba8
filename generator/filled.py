"""Nodes with holes: what a class's papers have in common is kept once, and each student's node is what fills its holes.

What a variant changes in a sentence are a few formulas or words, and in a question its sentences' formulas and its
answers.  So a template is a node some of whose texts or nodes are a :class:`Hole`, and a filled node is its template and
what fills the holes: a renderer writes out the rest once for all variants (:mod:`generator.holes`).  Whoever looks into a
filled node sees the plain node that it stands for, which is made when somebody does.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache, lru_cache
from typing import Any

from generator.blocks import Bullets, Display, Numbered, Paragraph, Table
from generator.document import ClaimSpace, Exercise, Question
from generator.figures.scene import Group, Label, Line, Mark, Scene
from generator.keyless import without_key

MOST_TEMPLATES = 1 << 12
"""How many are remembered: a sheet's questions have a few hundred shapes."""


STATIC: dict[int, Any] = {}
"""By their identity, nodes and tuples of nodes without holes that every variant shares, so that what they are rendered to
can be remembered.  They live as long as the texts that they come from: for ever."""


def keep(node: Any) -> None:
    """Have a node, or several, that no hole is in shared by all variants."""
    STATIC[id(node)] = node


@dataclass(frozen=True, slots=True)
class Hole:
    """What stands in a template for something that each variant has in its own way.

    ``place`` is its filling's among the fillings, and ``kind`` what that is: a text, or a node of some kind (``object`` if
    it may be of several); ``known`` are those fields of the node that are the same in all variants.
    """

    place: int
    kind: type = str
    known: tuple[tuple[str, Any], ...] = ()

    @property
    def is_node(self) -> bool:
        """Whether a node fills it, within which there may be others."""
        return self.kind not in (str, object)

    @property
    def may_hold_others(self) -> bool:
        """Whether a node fills it within which there may be others that are looked for: figures, and what has a key."""
        return self.is_node and self.kind not in _LEAVES


_LEAVES = frozenset({Paragraph, Display, Table, Group, Label, Line, Mark})
"""Kinds of nodes that hold words, formulas or marks alone."""


def put_in(node: Any, fillings: Sequence[Any] | Mapping[int, Any]) -> Any:
    """The node with what fills its holes; what has no hole stays the same object."""
    kind: Any = type(node)
    if kind is Hole:
        return fillings[node.place]
    if id(node) in STATIC:
        return node
    if kind is tuple:
        made = tuple([put_in(child, fillings) for child in node])
        return node if all(map(operator.is_, made, node)) else made
    before = [getattr(node, name) for name in children_of(kind)]
    after = [put_in(child, fillings) for child in before]
    return node if all(map(operator.is_, after, before)) else kind(*after)


def holes_in(node: Any) -> Iterator[Hole]:
    """All holes of a template's node, in the order of its text."""
    if type(node) is Hole:
        yield node
        return
    if id(node) in STATIC:
        return
    kind: Any = type(node)
    for child in node if kind is tuple else [getattr(node, name) for name in children_of(kind)]:
        yield from holes_in(child)


@cache
def children_of(kind: Any) -> tuple[str, ...]:
    """The fields of a kind of nodes; what many drawings have in common is never looked into."""
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) and kind not in {Group, Hole} else ()


class Template:
    """What the nodes of one shape have in common: a node with holes.

    ``nodes`` are the places of those holes that nodes fill within which others are looked for; ``open`` are the fields that
    have holes; ``known`` is what others must know of such a node: a question's name.  ``programs`` is where a renderer
    keeps what writes such nodes out, for as long as the template lives.
    """

    __slots__ = ("_asked", "_kind", "holes", "known", "node", "nodes", "open", "programs")

    def __init__(self, node: Any) -> None:
        self.node = node
        self.holes = tuple(holes_in(node))
        self.nodes = [hole.place for hole in self.holes if hole.may_hold_others]
        kind: Any = type(node)
        self.open = frozenset(name for name in children_of(kind) if any(holes_in(getattr(node, name))))
        self.known = (("id", node.id),) if kind is Question else ()
        self.programs: dict[Any, Callable[[Sequence[Any]], str]] = {}
        self._kind = _KINDS[kind]
        self._asked: _Asked | None = None

    def fill(self, fillings: Sequence[Any]) -> Filled:
        """The node of a variant."""
        return self._kind(self, fillings)

    @property
    def asked(self) -> _Asked:
        """What the same nodes are without that which only the key shows."""
        if self._asked is None:
            self._asked = _Asked(self)
        return self._asked


class _Asked:
    """The template of the same nodes without key, which of the fillings it keeps, and which of those are nodes."""

    def __init__(self, with_key: Template) -> None:
        node = without_key(with_key.node)
        kept = tuple(holes_in(node))
        self.differs = node is not with_key.node
        self.places = [hole.place for hole in kept]
        self.nodes = [place for place, hole in enumerate(kept) if hole.may_hold_others]
        numbered = put_in(node, {hole.place: replace(hole, place=place) for place, hole in enumerate(kept)})
        self.template = _asked_template(numbered) if self.differs else with_key


@lru_cache(maxsize=MOST_TEMPLATES)
def _asked_template(node: Any) -> Template:
    """The template of a node without key: many with a key have the same."""
    return Template(node)


class Filled:
    """A node as its template and what fills it."""

    __slots__ = ()

    template: Template
    fillings: Sequence[Any]
    _known: dict[str, Any]

    def __init__(self, template: Template, fillings: Sequence[Any]) -> None:
        self.template = template
        self.fillings = fillings
        self._known = {}

    __setattr__ = object.__setattr__  # the fields of the plain node cannot be set at all

    def field(self, name: str) -> Any:
        """A field of the plain node."""
        template = self.template
        if name not in template.open:
            return getattr(template.node, name)
        if name not in self._known:
            self._known[name] = put_in(getattr(template.node, name), self.fillings)
        return self._known[name]

    def plain(self) -> Any:
        """The plain node."""
        kind, children = self.__reduce__()
        return kind(*children)

    def stripped(self) -> Any:
        """The node without what only the key shows; None if it has none of that."""
        asked = self.template.asked
        fillings = [self.fillings[place] for place in asked.places]
        differs = asked.differs
        for place in asked.nodes:
            node = fillings[place]
            fillings[place] = without_key(node)
            differs = differs or fillings[place] is not node
        return asked.template.fill(fillings) if differs else None

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        kind: Any = type(self.template.node)
        return kind, tuple(self.field(name) for name in children_of(kind))


def _filled_kind(plain: type) -> type[Filled]:
    """Filled nodes of a kind: their class passes for the kind itself, their fields are those of the plain node."""

    def field(name: str) -> property:
        return property(lambda self: self.field(name))

    body: dict[str, Any] = {name: field(name) for name in children_of(plain)}
    body |= {"__slots__": ("_known", "fillings", "template"), "__class__": property(lambda _: plain)}
    return type(f"Filled{plain.__name__}", (Filled, plain), body)


_BLOCKS = {kind: _filled_kind(kind) for kind in (Paragraph, Display, Bullets, Numbered, Table)}
_KINDS = _BLOCKS | {kind: _filled_kind(kind) for kind in (ClaimSpace, Question, Exercise, Scene)}
FILLED_BLOCKS = frozenset(_BLOCKS.values())
"""The kinds of filled blocks, one for each kind of block that a text can be."""
FILLED = frozenset(_KINDS.values())
"""All kinds of filled nodes."""
