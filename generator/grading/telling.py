"""The sentences a student reads about her answer, in Markdown; none of them gives the right answer away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from generator.document import prose
from generator.document.nodes import Code, Math, Paragraph, Text
from generator.grading.diagnosing import Diagnosis
from generator.grading.nesting import shape_text
from generator.problem.mistake import Mistake
from generator.problem.solution import Values
from generator.render.escaping import markdown_code
from generator.render.renderer import FORMATS, count_of, renderer

_AROUND = 20
"""Characters shown on either side of the place that cannot be read."""


@cache
def make_ready() -> None:
    """Compile the templates now, which takes longer than any mark, and not when the first mistake is to be told."""
    renderer(FORMATS["md"]).node((Paragraph((Text("ready"),)), Math("x"), Code("x")))


def right(rounded: bool) -> str:
    """The answer is right."""
    return "Right; you gave it rounded." if rounded else "Right."


def rounding(decimals: bool) -> str:
    """The answer is right but for its rounding."""
    if decimals:
        return (
            "That is near, but has too few digits to tell: give at least three significant digits, or the exact value."
        )
    return "That is right, but rounded: leave roots and fractions as they are."


def invalid(text: str, position: int, reason: str) -> str:
    """The answer cannot be read: why, and where."""
    before, after = text[max(0, position - _AROUND) : position], text[position : position + _AROUND]
    place = f", at {markdown_code(after)}" if after.strip() else ""
    place += f" after {markdown_code(before)}" if before.strip() else ""
    return f"This cannot be read, and costs nothing: {_plain(reason)}{place}."


def _plain(text: str) -> str:
    return str(renderer(FORMATS["md"]).node((Text(text),)))


def for_a_person(worth: int) -> str:
    """An answer in words."""
    return f"An answer in words: a person marks it by the rubric ({count_of(worth, 'point')})."


def verdicts(right_: Sequence[bool], reasons: int) -> str:
    """The verdicts on claims."""
    wrong = [str(place) for place, one in enumerate(right_, start=1) if not one]
    told = "All verdicts are right." if not wrong else f"Wrong verdict: {', '.join(wrong)}."
    return f"{told} The reasons are for a person to mark (up to {count_of(reasons, 'point')})." if reasons else told


def wrong_shape(given: tuple[int, ...] | None, asked: tuple[int, ...] | None) -> str:
    """The answer has another shape."""
    if not given or not asked:
        return "That has another shape than the answer."
    return f"You gave {shape_text(given)}, and the answer is {shape_text(asked)}."


def entries(right_: int, total: int, where: str) -> str:
    """How many entries are right, and which are not."""
    return f"{right_} of {total} entries are right; look again at {where}."


def causes(diagnosis: Diagnosis, values: Values) -> list[str]:
    """What was done instead, as far as that can be told."""
    if not diagnosis.causes:
        return [diagnosis.remark] if diagnosis.remark else []
    where = f" (in {diagnosis.where} only)" if diagnosis.where else ""
    told = [_made(cause, values) for cause in diagnosis.causes]
    if len(told) == 1:
        begin = "It looks as if you" if len(diagnosis.causes[0]) == 1 else "Two mistakes together lead to this: you"
        return [f"{begin} {told[0]}{where}."]
    listed = "\n".join(f"- you {one}" for one in told)
    return [f"One of these leads to your answer{where}; which one it was cannot be told:\n\n{listed}\n"]


def _made(cause: Sequence[Mistake], values: Values) -> str:
    return "; and you ".join(feedback(mistake, values) for mistake in cause)


def feedback(mistake: Mistake, values: Values) -> str:
    """What continues "you …"."""
    return str(renderer(FORMATS["md"]).node(prose.inline(mistake.feedback, values)))


def first_wrong(name: str, cause: Diagnosis, values: Values) -> str:
    """Which of the earlier values went wrong first, and how."""
    told = " ".join(causes(cause, values))
    return f"The first step that went wrong is `{name}`." + (f" {told}" if told else "")


def follows(names: Iterable[str]) -> str:
    """The answer follows from earlier values."""
    return f"This is not the right answer, but it follows from {_given(names)}: the method is right from there on."


def follows_but(names: Iterable[str], where: str) -> str:
    """The answer follows from earlier values in most entries."""
    return f"Most of this follows from {_given(names)}; look again at {where}."


def on_top() -> str:
    """Another mistake after an earlier wrong value."""
    return "From there on, something else went wrong too."


def _given(names: Iterable[str]) -> str:
    return "your " + ", ".join(f"`{name}`" for name in names)


def joined(sentences: Iterable[str]) -> str:
    """The sentences as one text."""
    text = " ".join(sentence for sentence in sentences if sentence).replace("\n ", "\n\n").strip()
    return text or "That is not right."
