"""The worked solution, and the place in it where a student went wrong."""

from __future__ import annotations

from generator.document import Block
from generator.practice.attempts import Attempt


def hints_of(attempt: Attempt, part_id: str) -> tuple[tuple[Block, ...], ...]:
    """What can be revealed of a part step by step: its worked steps."""
    key = attempt.part(part_id).question.key
    return key.steps if key is not None else ()
