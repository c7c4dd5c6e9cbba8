"""All questions of an exercise, however deep."""

from __future__ import annotations

from collections.abc import Iterator

from generator.document.nodes import Exercise, Question


def every_question(node: Exercise | Question) -> Iterator[Question]:
    """The questions of an exercise, each before its parts."""
    for part in node.parts:
        yield part
        yield from every_question(part)
