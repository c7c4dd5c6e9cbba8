"""Finding problems and parts: by topic, by the kind of answer, by the minutes they take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
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
    """A part of a problem: its kind of answer, its points, the minutes it takes, and how its question begins.

    Follow-ups are asked by sheets that are ``extended``.
    """

    id: str
    kind: Kind
    points: int
    minutes: float
    begins: str
    is_follow_up: bool = False


@dataclass(frozen=True)
class FoundProblem:
    """A problem with those of its parts that were looked for; points and minutes are those of all parts that a sheet asks.

    Follow-ups do not count, which a sheet has to ask for.
    """

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
    """Return the points and minutes of a problem without follow-ups, and its parts, follow-ups too."""
    entry = Entry(problem, level=level)
    parts: dict[str, tuple[Kind, Question]] = {}
    minutes: dict[str, list[float]] = {}
    asked: set[str] = set()
    for seed in SEEDS:
        variant = draw_variant(problem, seed, level=level)
        asked.update(part.id for part in walk(asked_parts(variant, replace(entry, extended=False))))
        answers = {part.id: part.answer for part in walk(asked_parts(variant, entry)) if part.answer is not None}
        for question in every_question(exercise(variant, 1, entry)):
            if (answer := answers.get(question.id)) is not None:
                minutes.setdefault(question.id, []).append(estimated_minutes([question]))
                parts.setdefault(question.id, (kind_of(answer, variant.values), question))
    found = [
        Found(name, kind, question.points, mean(minutes[name]), _beginning(question), name not in asked)
        for name, (kind, question) in parts.items()
    ]
    plain = draw_variant(problem, SEEDS[0], level=level)
    points = exercise(plain, 1, replace(entry, extended=False)).points
    return points, sum(sum(minutes[name]) for name in minutes if name in asked) / len(SEEDS), found


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
            begins = f"(follow-up) {part.begins}" if part.is_follow_up else part.begins
            yield f"  {part.id:<{width}} {part.kind:<7} {points:<9} {_rounded(part.minutes):<11} {begins}"


def _rounded(minutes: float) -> str:
    whole = max(round(minutes), 1)
    return f"{whole} minute{'' if whole == 1 else 's'}"
