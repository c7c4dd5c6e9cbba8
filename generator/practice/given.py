"""What a student gives, before it is stored: how long a text may be, how it is read, which own points fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.errors import InputError
from generator.grading import messages
from generator.numbers.tokens import UnreadableError
from generator.practice.attempts import AskedPart, Attempt

LONGEST = 20_000
"""Characters of an answer; what is longer is refused before anything is made of it."""


@dataclass(frozen=True)
class Preview:
    """How an answer is read as it is typed: ``tex``, or where it cannot be, a ``message`` (Markdown) and the place."""

    tex: str = ""
    message: str = ""
    position: int | None = None


def preview_of(attempt: Attempt, part_id: str, text: str) -> Preview:
    """How an answer would be read; of an empty one there is nothing to say."""
    attempt.part(part_id)
    if not text.strip():
        return Preview()
    try:
        with attempt.lock:
            return Preview(tex=attempt.grader.reading_tex(part_id, bounded(text)))
    except UnreadableError as error:
        return Preview(message=messages.invalid(text, error.position, str(error)), position=error.position)


def bounded(text: str) -> str:
    """The text, if it is not too long to be read; half of a pair of surrogates, which no file takes, is replaced."""
    if len(text) > LONGEST:
        raise InputError(f"an answer has at most {LONGEST} characters; got {len(text)}", field="answer")
    return text.encode("utf-8", "replace").decode()


def check_own_points(asked: AskedPart, points: Sequence[int]) -> None:
    """Raises :class:`InputError` unless there is one number for each criterion of the part, and each fits."""
    most = [criterion.points for criterion in asked.criteria] if asked.by_hand else []
    if not most:
        raise InputError("this part is marked by the program, not by you")
    if len(points) != len(most) or not all(0 <= given <= top for given, top in zip(points, most, strict=True)):
        shown = ", ".join(f"0 to {top}" for top in most)
        raise InputError(f"expected {shown} points; got {', '.join(map(str, points)) or 'nothing'}", field="points")
