"""Which letters of the options are right, for the report on whether one letter is right too often."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from generator.document import ChoiceSpace, Question
from generator.filled import MOST_TEMPLATES, Filled, Hole, Template


def right_letters(questions: Iterable[Question]) -> dict[str, dict[str, Any]]:
    """By the part's id, which of how many options are right (positions from 0), of questions that still have their keys."""
    return {
        question.id: {"right": list(space.correct), "of": len(space.options)}
        for question in questions
        if not isinstance(question, Filled) or _has_options(question.template)
        for space in question.spaces
        if isinstance(space, ChoiceSpace)
    }


@lru_cache(maxsize=MOST_TEMPLATES)
def _has_options(template: Template) -> bool:
    return any((space.kind if type(space) is Hole else type(space)) is ChoiceSpace for space in template.node.spaces)
