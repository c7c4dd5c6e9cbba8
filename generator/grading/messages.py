"""The sentences that a student reads about an answer, in Markdown; none of them gives away the right answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module

from generator.document import prose
from generator.document.nodes import Code, Math, Paragraph, Text
from generator.grading.diagnose import Diagnosis
from generator.grading.nesting import Index, Unread, indices_text, shape_text
from generator.problem.mistake import Mistake
from generator.problem.solution import Values
from generator.render.escaping import markdown_code
from generator.render.renderer import FORMATS, count_of, renderer

NOT_RIGHT = "That is not right."
"""The message where nothing more is known."""

_CONTEXT = 20
"""Characters shown on either side of the place that cannot be read."""


@cache
def warm_up() -> None:
    """Load and compile now, which takes longer than any mark, and not when the first mistake is found."""
    import_module("sympy.tensor.tensor")  # which sympy's first sum of three terms loads
    renderer(FORMATS["md"]).node((Paragraph((Text("ready"),)), Math("x"), Code("x")))


def right(rounded: bool) -> str:
    """Say that the answer is right."""
    return "Right; you gave it rounded." if rounded else "Right."


def rounding(decimals: bool) -> str:
    """Say that the answer is right except for its rounding."""
    if decimals:
        return "That is close, but has too few digits: give at least three significant digits, or the exact value."
    return "That is right, but rounded: leave roots and fractions as they are."


def invalid(text: str, position: int, reason: str) -> str:
    """Say why an answer cannot be read, and where."""
    before, after = text[max(0, position - _CONTEXT) : position], text[position : position + _CONTEXT]
    place = f", at {markdown_code(after)}" if after.strip() else ""
    place += f" after {markdown_code(before)}" if before.strip() else ""
    return f"This cannot be read, and costs nothing: {_plain(reason)}{place}."


def _plain(text: str) -> str:
    return str(renderer(FORMATS["md"]).node((Text(text),)))


def marked_by_a_person(worth: int) -> str:
    """Say that an answer in words is not marked here."""
    return f"An answer in words: a person marks it by the rubric ({count_of(worth, 'point')})."


def verdicts(right: Sequence[bool], reasons: int) -> str:
    """Say which verdicts on claims are wrong."""
    wrong = [str(place) for place, one in enumerate(right, start=1) if not one]
    message = "All verdicts are right." if not wrong else f"Wrong verdict: {', '.join(wrong)}."
    return f"{message} A person marks the reasons (up to {count_of(reasons, 'point')})." if reasons else message


_MOST_UNREAD = 6
"""Entries that cannot be read, of which a message says what was typed."""


def unread(entries: Mapping[Index, Unread], shape: tuple[int, ...]) -> list[str]:
    """Return sentences on the entries that are empty, and on those that cannot be read: what was typed, and why."""
    empty = [index for index, entry in entries.items() if not entry.typed]
    sentences = []
    if empty:
        verb = "is" if len(empty) == 1 else "are"
        sentences.append(f"{indices_text(empty, shape).capitalize()} {verb} empty.")
    others = [(index, entry) for index, entry in entries.items() if entry.typed]
    for index, entry in others[:_MOST_UNREAD]:
        where = indices_text([index], shape).capitalize()
        sentences.append(f"{where} cannot be read, {markdown_code(entry.typed)}: {_plain(entry.reason)}.")
    if len(others) > _MOST_UNREAD:
        sentences.append(f"Nor can {len(others) - _MOST_UNREAD} other entries.")
    return sentences


def wrong_shape(given: tuple[int, ...] | None, asked: tuple[int, ...] | None) -> str:
    """Say that the answer has another shape."""
    if not given or not asked:
        return "The shape is not that of the right answer."
    return f"Your answer has {shape_text(given)}; the right one has {shape_text(asked)}."


def right_entries(right: int, total: int, where: str) -> str:
    """Say how many entries are right, and which are not."""
    return f"{right} of {total} entries are right; look again at {where}."


def coarse_entries(where: str, count: int, *, decimals: bool) -> str:
    """Say which entries would be right if they were not rounded so far."""
    verb, they = ("is", "it has") if count == 1 else ("are", "they have")
    if not decimals:
        return f"{where.capitalize()} {verb} rounded: leave roots and fractions as they are."
    return f"{where.capitalize()} {verb} close, but {they} too few digits: give at least three significant ones."


def causes(diagnosis: Diagnosis, values: Values) -> list[str]:
    """Return what the student did instead, as far as it is known."""
    if not diagnosis.causes:
        return [diagnosis.observation] if diagnosis.observation else []
    where = f" (in {diagnosis.where} only)" if diagnosis.where else ""
    mistakes = [_joined_mistakes(cause, values) for cause in diagnosis.causes]
    if len(mistakes) == 1:
        begin = (
            "It looks as if you" if len(diagnosis.causes[0]) == 1 else "Two mistakes together could lead to this: you"
        )
        return [f"{begin} {mistakes[0]}{where}."]
    listed = "\n".join(f"- you {one}" for one in mistakes)
    return [f"One of these could have led to your answer{where}:\n\n{listed}\n"]


def _joined_mistakes(cause: Sequence[Mistake], values: Values) -> str:
    return "; and you ".join(feedback(mistake, values) for mistake in cause)


def feedback(mistake: Mistake, values: Values) -> str:
    """Return what continues "you …"."""
    return str(renderer(FORMATS["md"]).node(prose.inline(mistake.feedback, values)))


def first_wrong(name: str, cause: Diagnosis, values: Values) -> str:
    """Say which of the earlier values went wrong first, and how; ``name`` is what the step is called."""
    reason = " ".join(causes(cause, values))
    return f"The first step that went wrong is your {name}." + (f" {reason}" if reason else "")


def follows(names: str) -> str:
    """Say that the answer follows from earlier values."""
    return f"This is not the right answer, but it follows from your {names}: the method is right from there on."


def follows_mostly(names: str, where: str) -> str:
    """Say that the answer follows from earlier values in most entries."""
    return f"Most of this follows from your {names}; look again at {where}."


def another_mistake() -> str:
    """Say that there is another mistake after an earlier wrong value."""
    return "After that there is another mistake."


def joined(sentences: Iterable[str]) -> str:
    """Return the sentences as one text."""
    text = " ".join(sentence for sentence in sentences if sentence).replace("\n ", "\n\n").strip()
    return text or NOT_RIGHT
