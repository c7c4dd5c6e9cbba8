"""What can be revealed of a part, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy

from generator.document.nodes import Math, Paragraph
from generator.numbers import exact as ex
from generator.practice.attempts import Attempt
from generator.practice.lines import Line, first_difference, leaves, placed, single_changes, worked_lines


def hints_of(attempt: Attempt, part_id: str) -> tuple[Line, ...]:
    """The worked steps of a part, none of an essay; of one that has none, the formulas in later parts' steps that compute its quantity."""
    if part_id not in attempt.hints:
        key = attempt.part(part_id).question.key
        steps = key.steps if key is not None and attempt.part(part_id).kind != "essay" else ()
        attempt.hints[part_id] = steps or tuple(_computing(attempt, part_id))
    found: tuple[Line, ...] = attempt.hints[part_id]
    return found


def _computing(attempt: Attempt, part_id: str) -> Iterator[Line]:
    """The formulas at which a part's quantity first shows in the worked steps of the parts after it."""
    step, key = attempt.part(part_id).answer.step, attempt.variant.values
    if step is None:
        return
    for other in attempt.parts:
        ours = worked_lines(attempt.variant, other, key)
        found: dict[tuple[int, int], None] = {}
        for changed in single_changes(key[step], _other(key[step])):
            theirs = worked_lines(attempt.variant, other, placed(key, {step: changed}))
            for place, (mine, hers) in enumerate(zip(ours, theirs, strict=False)):
                leaf = first_difference(mine, hers)
                if leaf is not None:
                    found[place, leaf] = None
                    break
        if found:
            for place, leaf in found:
                shown = tuple(leaves(ours[place]))[leaf]
                if isinstance(shown, Math):
                    yield (Paragraph((shown,)),)
            return


def _other(value: Any) -> Any:
    """The value with every number in it changed."""
    if isinstance(value, tuple):
        return tuple(_other(entry) for entry in value)
    return ex.add(value, ex.ONE) if isinstance(value, sympy.Expr) else value
