"""Which letters of the options are right, for the report on whether one letter is right too often."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from generator.document.nodes import ChoiceSpace, Question


def right_letters(questions: Iterable[Question]) -> dict[str, dict[str, Any]]:
    """By the part's id, which of how many options are right (positions from 0), of questions that still have their keys."""
    return {
        question.id: {"right": list(space.correct), "of": len(space.options)}
        for question in questions
        for space in question.spaces
        if isinstance(space, ChoiceSpace)
    }
