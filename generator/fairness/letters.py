"""Which letters of the options are right, for the report on whether one letter is right too often."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from generator.document import ChoiceSpace, Exercise, Question
from generator.filled import MOST_TEMPLATES, Filled, Hole, Template, holes_in


def right_letters(exercise: Exercise) -> dict[str, dict[str, Any]]:
    """By the part's id, which of how many options are right (positions from 0), in an exercise that still has its key."""
    found: dict[str, dict[str, Any]] = {}
    for part in exercise.parts:
        _gather(part, found)
    return found


def _gather(question: Question, found: dict[str, dict[str, Any]]) -> None:
    if isinstance(question, Filled):
        asks, places = _choices(question.template)
        parts: Any = [question.fillings[place] for place in places]
    else:
        asks, parts = True, question.parts
    if asks:
        for space in question.spaces:
            if isinstance(space, ChoiceSpace):
                found[question.id] = {"right": list(space.correct), "of": len(space.options)}
    for part in parts:
        _gather(part, found)


@lru_cache(maxsize=MOST_TEMPLATES)
def _choices(template: Template) -> tuple[bool, list[int]]:
    """Whether there are options to choose from; which holes are parts."""
    question = template.node
    asks = any((space.kind if type(space) is Hole else type(space)) is ChoiceSpace for space in question.spaces)
    return asks, [hole.place for hole in holes_in(question.parts)]
