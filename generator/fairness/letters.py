"""Which letters of the options are right, for the report on whether one letter is right too often."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from generator.document import ChoiceSpace, Exercise
from generator.fairness.questions import every_question
from generator.filled import MOST_TEMPLATES, Filled, Hole, Template


def right_letters(exercise: Exercise) -> dict[str, dict[str, Any]]:
    """By the part's id, which of how many options are right (positions from 0), in an exercise that still has its key."""
    return {
        question.id: {"right": list(space.correct), "of": len(space.options)}
        for question in every_question(exercise)
        if not isinstance(question, Filled) or _has_options(question.template)
        for space in question.spaces
        if isinstance(space, ChoiceSpace)
    }


@lru_cache(maxsize=MOST_TEMPLATES)
def _has_options(template: Template) -> bool:
    return any((space.kind if type(space) is Hole else type(space)) is ChoiceSpace for space in template.node.spaces)
