"""The intermediate values that a student can give as her working, and their fields."""

from __future__ import annotations

from collections.abc import Iterator

from generator.practice.attempts import AskedPart, Attempt
from generator.practice.web.blanks import Blank, WorkingField
from generator.practice.web.fields import WORKING, Draft
from generator.practice.web.previews import Preview, working_previews
from generator.problem.parts import walk


def steps_on_the_way(attempt: Attempt, asked: AskedPart) -> Iterator[tuple[str, str]]:
    """The steps before a part's answer that the problem's guided version asks for, each with its symbol (TeX, may be empty).

    Those that another part of this attempt asks for are left out: its answer is taken for them.
    """
    step = asked.answer.step
    if step is None:
        return
    before = attempt.problem.graph.upstream(step)
    elsewhere = {part.answer.step for part in attempt.parts.values()}
    for part in walk(attempt.variant.all_parts):
        name = part.answer.step if part.guided and part.answer is not None else None
        if name is not None and name in before and name not in elsewhere:
            yield name, str(getattr(part.answer, "symbol", ""))


def working_fields(attempt: Attempt, asked: AskedPart, draft: Draft) -> tuple[WorkingField, ...]:
    """A field for each of the steps on the way to a part, with what stands there in a draft and how it is read."""
    read = working_previews(attempt.variant.values, draft)
    fields = []
    for step, label in steps_on_the_way(attempt, asked):
        name = f"{WORKING}{step}"
        blank = Blank(f"{asked.id}/{name}", draft.get(name, ""), step.replace("_", " "), label)
        fields.append(WorkingField(step, blank, read.get(step, Preview())))
    return tuple(fields)
