"""Questions and the like as they are written: their templates, and what fills them.

Nearly every question of a student has the shape of one that another student had before: her own are its formulas, its
answer, and the answers that mistakes lead to.  So while it is written its shape is noted, and what fills it; nodes are
made only of the first one of a shape, which becomes the template of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from generator import prose
from generator.blocks import Display, Figure, Fillable, Math, Paragraph
from generator.document import (
    BoxedAnswer,
    ChoiceSpace,
    ClaimSpace,
    Criterion,
    Exercise,
    FieldsSpace,
    GridSpace,
    Key,
    LinesSpace,
    MistakeNote,
    ModelAnswer,
    NumberSpace,
    Question,
    WorkSpace,
)
from generator.filled import FILLED, FILLED_BLOCKS, MOST_TEMPLATES, STATIC, Hole, Template, children_of, put_in
from generator.markup import parse

_AS_THEY_ARE = frozenset({WorkSpace, NumberSpace, GridSpace, LinesSpace, str, int, bool, type(None)})
"""What belongs to the shape itself, by its value."""

_TEX = frozenset({BoxedAnswer, Math, Display})
"""Nodes that are a formula, which fills the shape."""

_INTO = frozenset({Exercise, Question, Key, ModelAnswer, Criterion, Paragraph, Fillable, ClaimSpace})
"""Nodes that are looked into."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note on a mistake as it is written: the answer it leads to, and the paragraph that its feedback is yet."""

    wrong: str
    feedback: Paragraph


_templates: dict[tuple[Any, ...], Template] = {}


class Sketch:
    """A node while it is written: ``shape`` is what it has in common with others, ``fillings`` is all else."""

    __slots__ = ("_values", "fillings", "shape")

    def __init__(self, values: Mapping[str, Any], *shape: Any) -> None:
        self._values = values
        self.shape: list[Any] = list(shape)
        self.fillings: list[Any] = []

    def content(self, content: prose.Content | Sequence[prose.Content]) -> None:
        """What an author wrote; that of the same shape has the same nodes but for what fills them."""
        values = self._values
        if isinstance(content, str):
            parsed = parse(content)
        elif isinstance(content, prose.Say):
            parsed = parse(content.text)
            values = prose.scope(content, values)
        elif isinstance(content, Figure):
            self.nodes(content)
            return
        elif isinstance(content, prose.Fill):
            self.shape.append(Fillable)
            self.content(content.blank)
            self.content(content.filled)
            return
        else:
            self.shape.append(len(content))
            for piece in content:
                self.content(piece)
            return
        self.shape.append(parsed)
        if parsed.fillers is not None:
            self.fillings += parsed.fillers.of(values)

    def note(self, wrong: str, feedback: str) -> None:
        """A note on a mistake: the answer it leads to, and what an author wrote of it."""
        parsed = parse(feedback)
        self.shape.append(parsed)
        self.fillings.append(wrong)
        if parsed.fillers is not None:
            self.fillings += parsed.fillers.of(self._values)

    def nodes(self, *nodes: Any) -> None:
        """Nodes, or tuples of nodes: formulas fill the shape, and so does every node that is not looked into."""
        for node in nodes:
            if node:
                _gather(node, self.shape, self.fillings)
            else:  # there is none
                self.shape.append(node)

    def filled(self, make: Callable[[], Any]) -> Any:
        """The node, written; ``make`` makes it, its parts in the order in which they were noted here."""
        shape = tuple(self.shape)
        template = _templates.get(shape)
        if template is None:
            if len(_templates) >= MOST_TEMPLATES:
                _templates.clear()
            template = _templates[shape] = Template(_with_holes(make(), count()))
        return template.fill(self.fillings)


def filled(node: Any) -> Any:
    """The same node as its template and what fills it."""
    kind: Any = type(node)
    sketch = Sketch({}, kind)
    for name in children_of(kind):
        sketch.nodes(getattr(node, name))
    return sketch.filled(lambda: node)


def _gather(node: Any, shape: list[Any], fillings: list[Any]) -> None:
    kind: Any = type(node)
    if kind in _AS_THEY_ARE:
        shape.append(node)
    elif id(node) in STATIC:
        shape.append(-id(node))  # it lives for ever; and unlike all counts, it is negative
    elif kind is tuple:
        shape.append(len(node))
        for child in node:
            _gather(child, shape, fillings)
    elif kind in _TEX:
        shape.append(kind)
        fillings.append(node.tex)
    elif kind in {FieldsSpace, ChoiceSpace}:
        _gather_space(node, shape, fillings)
    elif kind in FILLED_BLOCKS:
        shape.append(node.template)
        fillings += node.fillings
    elif kind in _INTO:
        shape.append(kind)
        for name in children_of(kind):
            _gather(getattr(node, name), shape, fillings)
    else:
        shape += (node.template.node.__class__, node.template.known) if kind in FILLED else (kind,)
        fillings.append(node)


def _gather_space(space: FieldsSpace | ChoiceSpace, shape: list[Any], fillings: list[Any]) -> None:
    if isinstance(space, FieldsSpace):
        shape += (FieldsSpace, len(space.labels))
        fillings += space.labels
        return
    # Options come in any order, so that even those that all variants share fill the shape.
    kinds = tuple([tuple([block.__class__ for block in option]) for option in space.options])
    shape += (ChoiceSpace, space.correct, kinds)
    for option in space.options:
        fillings += option


def _with_holes(node: Any, places: Iterator[int]) -> Any:
    """The node with a hole for each filling, in the order of the fillings."""
    kind: Any = type(node)
    if kind in _AS_THEY_ARE or id(node) in STATIC:
        return node
    if kind is tuple:
        return tuple([_with_holes(child, places) for child in node])
    if kind in _TEX:
        return kind(Hole(next(places)))
    if kind is FieldsSpace:
        labels: Any = tuple([Hole(next(places)) for _ in node.labels])
        return FieldsSpace(labels)
    if kind is ChoiceSpace:
        options: Any = [tuple([Hole(next(places), block.__class__) for block in option]) for option in node.options]
        return ChoiceSpace(tuple(options), node.correct)
    if kind in FILLED_BLOCKS:
        return put_in(node.template.node, [Hole(next(places), hole.kind) for hole in node.template.holes])
    if kind is Note:
        wrong: Any = Hole(next(places))
        return MistakeNote(wrong, _with_holes(node.feedback, places).children)
    if kind in _INTO:
        return kind(*[_with_holes(getattr(node, name), places) for name in children_of(kind)])
    return Hole(next(places), node.__class__, node.template.known if kind in FILLED else ())
