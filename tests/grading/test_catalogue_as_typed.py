"""Every answer of the catalogue as people type it: with labels, names and approximations; each is right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sympy

from generator.grading.grader import Grader
from generator.grading.nesting import depth_of
from generator.numbers import notation
from generator.numbers.equality import approximate
from generator.problem.answers import Answer, Fields, Matrix, Number, Shape, Vector
from generator.problem.catalogue import catalogue
from generator.problem.problem import Variant
from tests.drawn import drawn

PROBLEMS = sorted(catalogue())


def typed(answer: Answer, variant: Variant) -> Iterator[str]:
    """The right answer in the forms in which people write one of its kind."""
    value = answer.value(variant.values)
    if isinstance(answer, Number):
        yield from _number(value)
    elif isinstance(answer, Shape):
        sizes = [str(size) for size in value]
        yield from ("x".join(sizes), f"[{' '.join(sizes)}]", f"torch.Size([{', '.join(sizes)}])")
    elif isinstance(answer, Fields) and depth_of(value) == 1:
        entries = list(map(notation.plain, value))
        yield from _list(entries)
        yield ", ".join(f"{label} = {entry}" for label, entry in zip(answer.labels, entries, strict=True))
    elif isinstance(answer, Vector):
        yield from _list(list(map(notation.plain, value)))
        yield ", ".join(map(_with_aside, value))
    elif isinstance(answer, Matrix):
        rows = ["[" + ", ".join(map(notation.plain, row)) + "]" for row in value]
        yield from ("\n".join(rows), ", ".join(rows), "[" + ",\n ".join(rows) + "]")
        yield "\n".join(f"row {place} = {row}" for place, row in enumerate(rows, start=1))
        yield ", ".join(f"x_{place} = {row}" for place, row in enumerate(rows, start=1))
        yield "\n".join(f"{place}. {row}" for place, row in enumerate(rows, start=1))
        yield "; ".join(", ".join(map(_with_aside, row)) for row in value)
        yield f"Matrix({len(value)}, {len(value[0])}, [{', '.join(notation.plain(entry) for row in value for entry in row)}])"


def _number(value: Any) -> Iterator[str]:
    text = notation.plain(value)
    yield from (
        f"x := {text}",
        f"**{text}**",
        f"The answer is **{text}**.",
        f"'{text}",
        f"θ* = {text}",
        _with_aside(value),
    )


def _list(entries: list[str]) -> Iterator[str]:
    yield from ("; ".join(entries), "\n".join(entries), f"[{', '.join(entries)}]", " & ".join(entries))
    yield "\n".join(f"{place}) {entry}" for place, entry in enumerate(entries, start=1))
    if len(entries) <= 10:
        yield " ".join(f"({letter}) {entry}," for letter, entry in zip("abcdefghij", entries, strict=False)).rstrip(",")
    yield f"Matrix({len(entries)}, 1, [{', '.join(entries)}])"


def _with_aside(value: Any) -> str:
    """A number that is not whole with its approximation in brackets."""
    text = notation.plain(value)
    if not isinstance(value, sympy.Expr) or value.is_Integer:
        return text
    decimal = sympy.N(approximate(value), 15)
    return f"{text} ({float(decimal):.3f})" if abs(decimal) > 1 else text


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_right_answer_is_right_in_each_of_its_forms(name: str) -> None:
    variant = drawn(name, 1, "standard")
    grader = Grader(variant)
    for part in variant.computed_parts(guided=True):
        assert part.answer is not None
        for text in typed(part.answer, variant):
            if len(text) < 2000:
                marked = grader.mark(part.id, text)
                assert marked.status == "correct", (part.id, text, marked.status, marked.message)
