"""A wrong value that nothing led to: over many random ones of the right size, hardly any is explained or earns points."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
import sympy

from generator.grading.grader import Grader
from generator.paper.sheet import Entry
from generator.problem import drawing
from generator.problem.catalogue import find_problem
from tests.practice.student import NAMES, typed

pytestmark = pytest.mark.slow


def random_value(rng: random.Random, right: Any) -> Any:
    """A value of the same kind, sign and size: up to three times as large or small, of small numbers up to fifteen."""
    if isinstance(right, tuple):
        return tuple(random_value(rng, entry) for entry in right)
    sign = -1 if right < 0 else 1
    if right.is_Rational:
        most = max(15, 3 * abs(right.p))
        whole = rng.randint(max(1, abs(right.p) // 3), most)
        return sympy.Rational(sign * whole, rng.randint(2, max(9, 2 * right.q)) if right.q > 1 else 1)
    size = abs(float(right))
    return sign * sympy.Rational(round(rng.uniform(size / 3, 3 * size) * 1000), 1000)


def wrong_values(name: str, count: int) -> Iterator[tuple[Grader, str, Any]]:
    rng = random.Random(name)
    for seed in range(10):
        variant = drawing.draw_variant(find_problem(name), seed)
        grader = Grader(variant, Entry(variant.problem, guided=True))
        for part_id, part in grader.parts.items():
            answer = part.answer
            if answer is None or answer.step is None or isinstance(answer.value(variant.values), str):
                continue
            for _ in range(count):
                yield grader, part_id, random_value(rng, answer.value(variant.values))


@pytest.mark.parametrize("name", NAMES)
def test_hardly_any_random_value_is_explained(name: str) -> None:
    tried: dict[str, int] = {}
    explained: dict[str, int] = {}
    for grader, part_id, value in wrong_values(name, 40):
        answer = grader.parts[part_id].answer
        assert answer is not None
        right = answer.value(grader.variant.values)
        if value == right:
            continue
        marked = grader.mark(part_id, typed(value))
        tried[part_id] = tried.get(part_id, 0) + 1
        if marked.diagnosis or (isinstance(right, sympy.Expr) and marked.points):
            explained[part_id] = explained.get(part_id, 0) + 1
    shares = {part_id: explained.get(part_id, 0) / count for part_id, count in tried.items()}
    assert max(shares.values()) < 0.05, {part: share for part, share in shares.items() if share > 0.03}
