"""A class's questions as templates: two questions whose texts, spaces and notes are the same but for what fills them.

Nearly every question of a student has the shape of one that another student had before: her own are its formulas, its
answer, and the answers that mistakes lead to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import count
from typing import Any

from generator.document import (
    BoxedAnswer,
    Criterion,
    FieldsSpace,
    GridSpace,
    Key,
    LinesSpace,
    MistakeNote,
    ModelAnswer,
    NumberSpace,
    Question,
    WorkSpace,
    without_key,
)
from generator.filled import FILLED_BLOCKS, Filled, StandIns, filled_kind
from generator.markup import STATIC

MOST_TEMPLATES = 1 << 12
"""How many are remembered: a sheet's questions have a few hundred shapes."""

_AS_THEY_ARE = frozenset({WorkSpace, NumberSpace, GridSpace, FieldsSpace, LinesSpace, str, int, type(None)})
"""What belongs to the shape itself, by its value."""

_INTO = {kind: tuple(one.name for one in fields(kind)) for kind in (Question, Key, ModelAnswer, Criterion)}
"""The nodes that are looked into, and their fields."""


def filled_question(question: Question) -> Question:
    """The same question as its template and what fills it."""
    shape: list[Any] = []
    fillings: list[Any] = []
    _gather(question, shape, fillings)
    template = _template(tuple(shape), question, fillings)
    return FilledQuestion(template, fillings, question)


def _gather(node: Any, shape: list[Any], fillings: list[Any]) -> None:
    """Note what all questions of a shape have in common, and what fills this one.

    Formulas of texts, answers in frames and wrong answers are fillings, and so is every node that is not looked into.
    """
    kind = type(node)
    if kind in FILLED_BLOCKS:
        shape.append(node.template)
        fillings += node.fillings
    elif id(node) in STATIC:
        shape.append(-id(node))  # it lives for ever; and unlike all counts, it is negative
    elif kind is tuple:
        shape.append(len(node))
        for child in node:
            _gather(child, shape, fillings)
    elif kind in _AS_THEY_ARE:
        shape.append(node)
    elif kind is MistakeNote:
        shape.append(kind)
        fillings.append(node.wrong)
        _gather(node.feedback, shape, fillings)
    elif kind is BoxedAnswer:
        shape.append(kind)
        fillings.append(node.tex)
    elif kind in _INTO:
        shape.append(kind)
        for name in _INTO[kind]:
            _gather(getattr(node, name), shape, fillings)
    else:
        shape.append(node.__class__)
        fillings.append(node)


class QuestionTemplate:
    """What the questions of one shape have in common, known by the first of them."""

    __slots__ = ("_asked", "first", "nodes", "programs")

    def __init__(self, first: Question, fillings: Sequence[Any]) -> None:
        self.programs: dict[Any, Callable[[Any], str]] = {}
        self.first = first
        self.nodes = tuple(place for place, filling in enumerate(fillings) if not isinstance(filling, str))
        self._asked: tuple[QuestionTemplate, int] | None = None

    def with_stand_ins(self, stand_ins: StandIns, first: int = 0) -> Any:
        return _with_stand_ins(self.first, stand_ins, count(first))

    def asked(self) -> tuple[QuestionTemplate, int]:
        """The template of the same questions without key, and how many of the fillings stay: the key's are the last."""
        if self._asked is None:
            asked = without_key(self.first)
            shape: list[Any] = []
            fillings: list[Any] = []
            _gather(asked, shape, fillings)
            self._asked = _template(tuple(shape), asked, fillings), len(fillings)
        return self._asked


_OfAQuestion: Any = filled_kind(Question)


class FilledQuestion(_OfAQuestion):  # type: ignore[misc]
    """A question as its template and what fills it."""

    __slots__ = ()

    id = property(lambda self: self.template.first.id)  # all questions of a shape have it

    def nodes(self) -> Iterable[Any]:
        return [self.fillings[place] for place in self.template.nodes]

    def stripped(self) -> FilledQuestion:
        """The question as the student gets it."""
        template, kept = self.template.asked()
        fillings = list(self.fillings[:kept])
        for place in template.nodes:
            fillings[place] = without_key(fillings[place])
        return _AskedQuestion(template, fillings, self)


class _AskedQuestion(FilledQuestion):
    """A question without its key; the plain one is made of that with the key."""

    __slots__ = ()

    known: Any

    def plain(self) -> Any:
        with_key: Any = self.known
        if isinstance(with_key, Filled):
            object.__setattr__(self, "known", without_key(with_key.plain()))
        return self.known


FILLED_QUESTIONS = frozenset({FilledQuestion, _AskedQuestion})

_templates: dict[tuple[Any, ...], QuestionTemplate] = {}


def _template(shape: tuple[Any, ...], question: Question, fillings: Sequence[Any]) -> QuestionTemplate:
    """The template of a shape, made for the first question that has it."""
    template = _templates.get(shape)
    if template is None:
        if len(_templates) >= MOST_TEMPLATES:
            _templates.clear()
        template = _templates[shape] = QuestionTemplate(question, fillings)
    return template


def _with_stand_ins(node: Any, stand_ins: StandIns, places: Iterator[int]) -> Any:
    """The node with a stand-in for each filling, in the order of :func:`_gather`."""
    kind = type(node)
    if kind in FILLED_BLOCKS:
        first = next(places)
        for _ in node.fillings[1:]:
            next(places)
        return node.template.with_stand_ins(stand_ins, first)
    if id(node) in STATIC or kind in _AS_THEY_ARE:
        return node
    if kind is tuple:
        return tuple([_with_stand_ins(child, stand_ins, places) for child in node])
    if kind is MistakeNote:
        return MistakeNote(stand_ins.text(next(places)), _with_stand_ins(node.feedback, stand_ins, places))
    if kind is BoxedAnswer:
        return BoxedAnswer(stand_ins.text(next(places)))
    if kind in _INTO:
        return kind(*[_with_stand_ins(getattr(node, name), stand_ins, places) for name in _INTO[kind]])
    return stand_ins.node(next(places), node.__class__)
