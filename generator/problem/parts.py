"""The parts of a problem: what is asked, and parts within parts."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from generator.document.prose import Content, check_content
from generator.errors import AuthoringError, expected, shown
from generator.problem.answers import Answer

Rubric: TypeAlias = Sequence[Sequence[Any]]
"""How the points of a computed answer are divided: in each line points, what earns them, and the steps that belong to it."""


def rubric_points(rubric: Rubric) -> int:
    """Return the points of all lines together."""
    return sum(line[0] for line in rubric)


@dataclass(frozen=True)
class Part:
    """One part of a problem: the question, its answer, and how one gets there.

    ``id`` names the part for ever: in JSON, in the manifest, when marking.  ``points`` may be left out where
    the answer brings its own (a rubric).  ``steps`` are the worked solution, line by line.  A part that is
    ``guided`` only appears on sheets that ask for the problem guided, and a follow-up that is ``extended`` only on sheets that ask for
    the problem extended.  ``room`` is the space to work in,
    in lines.  ``needs`` are the ids of other parts that the question refers to: a sheet that leaves one of them out has to
    leave this one out too.  A part that all others refer to is ``needed``: no sheet can leave it out.
    ``hint`` says what to compute and by which formula, without the answer: the first hint in practice; else it is made from the steps.
    ``asks`` names the insights that decide the answer, ``tells`` those that the question gives away.
    ``rubric`` says how the points of a computed answer are divided: ``(points, "what earns them", steps …)``, where a mistake
    in one of the steps costs these points.  ``guided_points`` are what it is worth on a guided sheet, which asks the guided parts before.
    """

    id: str
    question: Content
    answer: Answer | None = None
    points: int = 0
    steps: Sequence[Content] = ()
    parts: Sequence[Part] = ()
    guided: bool = False
    room: int = 0
    needed: bool = False
    hint: Content | None = None
    needs: Sequence[str] = ()
    tells: Sequence[str] = ()
    asks: Sequence[str] = ()
    extended: bool = False
    rubric: Rubric = ()
    guided_points: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not _ID.fullmatch(self.id):
            raise AuthoringError(expected("a part's id of letters, digits, hyphens and underscores", shown(self.id)))
        for name in ("points", "room", "guided_points"):
            number = getattr(self, name)
            if type(number) is not int or number < 0:
                raise self._error(f"{name}: {expected('a whole number, not negative', shown(number))}")
        for name in ("guided", "extended", "needed"):
            if not isinstance(getattr(self, name), bool):
                raise self._error(f"{name}: {expected('True or False', shown(getattr(self, name)))}")
        if self.answer is not None and (isinstance(self.answer, type) or not hasattr(self.answer, "spaces")):
            raise self._error(f"{expected('an answer, such as Number(step, symbol)', shown(self.answer))}")
        self._check_lists()
        self._check_rubric()
        check_content(self.question, "the question", self._error)
        for place, step in enumerate(self.steps, start=1):
            check_content(step, "steps", self._error)
            if isinstance(step, str) and not step.strip():
                raise self._error(f"steps: step {place} is empty")
        if self.hint is not None:
            check_content(self.hint, "hint", self._error)

    def _check_lists(self) -> None:
        for name, kind in (("steps", "texts"), ("parts", "Part(...)"), ("needs", "parts' ids"), *_KNOWLEDGE):
            if not isinstance(getattr(self, name), list | tuple):
                raise self._error(f"{name}: {expected(f'a list of {kind}', shown(getattr(self, name)))}")
        for name in ("needs", "tells", "asks"):
            for one in getattr(self, name):
                if not isinstance(one, str) or not one.strip():
                    raise self._error(f"{name}: {expected('a list of texts', shown(one))}")
        for inner in self.parts:
            if not isinstance(inner, Part):
                raise self._error(f"parts: {expected('a list of Part(...)', shown(inner))}")

    def _check_rubric(self) -> None:
        wanted = 'a list of (points, "what earns them", steps …)'
        if not isinstance(self.rubric, list | tuple):
            raise self._error(f"rubric: {expected(wanted, shown(self.rubric))}")
        for line in self.rubric:
            if not (
                isinstance(line, list | tuple)
                and len(line) >= 2
                and type(line[0]) is int
                and line[0] > 0
                and all(isinstance(text, str) for text in line[1:])
            ):
                raise self._error(f"rubric: {expected(wanted, shown(line))}")
        if self.rubric and self.points != rubric_points(self.rubric):
            raise self._error(f"points={self.points}, but its rubric adds up to {rubric_points(self.rubric)}")
        own = self.answer.points if self.answer is not None else None
        if own is not None and self.points not in (0, own):
            raise self._error(f"points={self.points}, but its rubric adds up to {own}")
        if self.points and self.guided_points > self.points:
            raise self._error(f"guided_points={self.guided_points}, more than its points={self.points}")

    def _error(self, message: str) -> AuthoringError:
        return AuthoringError(message).locate(item=f"part {self.id}")

    @property
    def own_worth(self) -> int:
        """The part's points but those of its sub-parts: its answer's own, or those stated."""
        own = self.answer.points if self.answer is not None else None
        return self.points if own is None else own

    @property
    def worth(self) -> int:
        """The part's points, its sub-parts' included."""
        return self.own_worth + sum(part.worth for part in self.parts)


_KNOWLEDGE = (("tells", "names"), ("asks", "names"))
_ID = re.compile(r"[\w.-]+")


def without_guided(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts that every sheet asks."""
    for part in parts:
        if not part.guided:
            yield with_parts(part, tuple(without_guided(part.parts))) if part.parts else part


def without_extended(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts but for follow-ups; one all of whose parts are follow-ups, and that asks nothing itself, goes too."""
    for part in parts:
        if part.extended:
            continue
        inner = tuple(without_extended(part.parts))
        if inner or not part.parts or part.answer is not None:
            yield with_parts(part, inner) if part.parts else part


def with_parts(part: Part, inner: tuple[Part, ...]) -> Part:
    """The part with those of its own parts that are left; itself if they are all of them."""
    if len(inner) == len(part.parts) and all(map(operator.is_, inner, part.parts)):
        return part
    return replace(part, parts=inner)


def with_guided_points(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts with the points that they are worth after the guided parts, which have done some of their work."""
    for part in parts:
        inner = tuple(with_guided_points(part.parts))
        if part.guided_points:
            part = replace(part, points=part.guided_points, rubric=())
        yield with_parts(part, inner)


def walk(parts: Iterable[Part]) -> Iterator[Part]:
    """Yield all parts, each before its sub-parts."""
    for part in parts:
        yield part
        yield from walk(part.parts)


def computed_among(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return all parts whose answer a step computes, each before its sub-parts."""
    found: list[Part] = []
    for part in parts:
        if part.answer is not None and part.answer.step is not None:
            found.append(part)
        if part.parts:
            found += computed_among(part.parts)
    return tuple(found)
