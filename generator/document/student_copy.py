"""The student's copy as the sheet's layout wants it: without points or room for answers, or with places of fixed heights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from generator.document.keyless import without_key
from generator.document.nodes import ClaimSpace, Exercise, Question, Space, Worksheet
from generator.document.page_style import PageStyle, Reserved


def student_copy(document: Worksheet) -> Worksheet:
    """Return the document without its key, laid out as its style says."""
    copy, style = without_key(document), document.style
    if style.show_points and not style.is_handout and not style.fixed:
        return copy
    return replace(copy, exercises=tuple(_exercise(exercise, style) for exercise in copy.exercises))


def _exercise(exercise: Exercise, style: PageStyle) -> Exercise:
    heights = dict(style.places)
    place = str(exercise.number)
    return replace(
        exercise,
        parts=tuple(_question(part, style, place, heights) for part in exercise.parts),
        shows_points=style.show_points,
        reserved=Reserved(place, heights.get(place, 0)) if style.fixed else None,
    )


def _question(question: Question, style: PageStyle, above: str, heights: Mapping[str, int]) -> Question:
    place = f"{above}{question.label}" if above.isdigit() else f"{above}-{question.label}"
    answer = f"{place}-answer"
    return replace(
        question,
        spaces=tuple(_left_in_handout(question.spaces)) if style.is_handout else question.spaces,
        parts=tuple(_question(part, style, place, heights) for part in question.parts),
        shows_points=style.show_points,
        reserved=Reserved(place, heights.get(place, 0)) if style.fixed else None,
        reserved_answer=Reserved(answer, heights.get(answer, 0)) if style.fixed else None,
    )


def _left_in_handout(spaces: tuple[Space, ...]) -> Iterator[Space]:
    """Yield what asks something itself: options and claims, without lines to write on."""
    for space in spaces:
        if isinstance(space, ClaimSpace):
            yield replace(space, has_room=False)
        elif space.in_key:
            yield space
