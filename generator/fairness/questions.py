"""All questions of an exercise, however deep, without looking into any."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from generator.document import Exercise, Question
from generator.filled import MOST_TEMPLATES, Filled, Template, holes_in


def every_question(exercise: Exercise) -> list[Question]:
    """The questions of an exercise, each before its parts."""
    found: list[Question] = []
    _add_parts(exercise, found)
    return found


def _add_parts(node: Any, found: list[Question]) -> None:
    parts = [node.fillings[place] for place in _parts(node.template)] if isinstance(node, Filled) else node.parts
    for part in parts:
        found.append(part)
        _add_parts(part, found)


@lru_cache(maxsize=MOST_TEMPLATES)
def _parts(template: Template) -> list[int]:
    """Which holes are parts."""
    return [hole.place for hole in holes_in(template.node.parts)]
