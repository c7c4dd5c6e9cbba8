"""Finding problems and parts: by topic, by the kind of answer, by the minutes they take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import mean
from typing import get_args

from generator.document.nodes import Question, every_question
from generator.export.answers import kind_of
from generator.export.tree import Kind
from generator.paper.asked import asked_parts
from generator.paper.hand_work import estimated_minutes
from generator.paper.paper import exercise
from generator.paper.sheet import Entry
from generator.problem.catalogue import catalogue
from generator.problem.drawing import draw_variant
from generator.problem.parts import walk
from generator.problem.problem import Problem
from generator.render.escaping import one_line, shortened
from generator.render.renderer import FORMATS, renderer

KINDS: tuple[str, ...] = get_args(Kind)

SEEDS = (1, 2, 3)
"""The variants that are looked at: a problem's essays and claims, and so its minutes, differ from one to the next."""

_LONGEST = 90


@dataclass(frozen=True)
class Found:
    """A part of a problem: its kind of answer, its points, the minutes it takes, and how its question begins."""

    id: str
    kind: Kind
    points: int
    minutes: float
    begins: str


@dataclass(frozen=True)
class FoundProblem:
    """A problem with those of its parts that were looked for; points and minutes are those of all its parts."""

    problem: Problem
    points: int
    minutes: float
    parts: tuple[Found, ...]


def search(
    topic: str = "", kind: str = "", minutes: float | None = None, level: str = "standard"
) -> list[FoundProblem]:
    """Return the problems, and their parts, that are about a topic, have a kind of answer and take so many minutes at most.

    A topic is looked for in a problem's topic, title and id, and in the ids of its parts.
    """
    found = []
    for problem in catalogue().values():
        if level in problem.levels:
            about = f"{problem.topic} {problem.title} {problem.id}"
            is_about = all(word in about.casefold() for word in topic.casefold().split())
            points, whole, parts = _measured(problem, level)
            wanted = tuple(
                part
                for part in parts
                if (is_about or topic.casefold() in part.id)
                and kind in ("", part.kind)
                and (minutes is None or part.minutes <= minutes)
            )
            if wanted:
                found.append(FoundProblem(problem, points, whole, wanted))
    return found


def _measured(problem: Problem, level: str) -> tuple[int, float, list[Found]]:
    """Return a problem's points and minutes, and those of each of its parts."""
    entry = Entry(problem, level=level)
    points: list[int] = []
    parts: dict[str, tuple[Kind, Question]] = {}
    minutes: dict[str, list[float]] = {}
    for seed in SEEDS:
        variant = draw_variant(problem, seed, level=level)
        made = exercise(variant, 1, entry)
        answers = {part.id: part.answer for part in walk(asked_parts(variant, entry)) if part.answer is not None}
        points.append(made.points)
        for question in every_question(made):
            if (answer := answers.get(question.id)) is not None:
                minutes.setdefault(question.id, []).append(estimated_minutes([question]))
                parts.setdefault(question.id, (kind_of(answer, variant.values), question))
    found = [
        Found(name, kind, question.points, mean(minutes[name]), _beginning(question))
        for name, (kind, question) in parts.items()
    ]
    return points[0], sum(map(sum, minutes.values())) / len(SEEDS), found


def _beginning(question: Question) -> str:
    """Return how the question begins, in one line of Markdown."""
    return shortened(one_line(str(renderer(FORMATS["md"]).node(question.body))).strip(), _LONGEST)


def as_lines(found: list[FoundProblem]) -> Iterator[str]:
    """The lines that ``worksheet list`` prints."""
    width = max(len(part.id) for one in found for part in one.parts)
    for one in found:
        size = f"{one.problem.topic}; {one.points} points, about {_rounded(one.minutes)}"
        yield f"{one.problem.id}  {one.problem.title} ({size})"
        for part in one.parts:
            points = f"{part.points} point{'' if part.points == 1 else 's'}"
            yield f"  {part.id:<{width}} {part.kind:<7} {points:<9} {_rounded(part.minutes):<11} {part.begins}"


def _rounded(minutes: float) -> str:
    whole = max(round(minutes), 1)
    return f"{whole} minute{'' if whole == 1 else 's'}"
