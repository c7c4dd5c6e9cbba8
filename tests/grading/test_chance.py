"""A wrong value that nothing led to: over many random ones of the right size, hardly any is explained or earns points."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
import sympy

from generator.grading.grader import Grader
from generator.grading.nesting import depth_of, entries_of, flatten
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


@pytest.mark.parametrize("name", ["backprop-mlp", "conv-by-hand", "layer-norm", "model-selection"])
def test_hardly_any_random_entry_is_explained(name: str) -> None:
    """With all entries right but a random one: a mistake that leads there in this entry alone is as likely a slip."""
    rng = random.Random(name)
    tried, explained = 0, 0
    for seed in range(10):
        variant = drawing.draw_variant(find_problem(name), seed)
        grader = Grader(variant, Entry(variant.problem, guided=True))
        for part_id, part in grader.parts.items():
            answer = part.answer
            if answer is None or answer.step is None or depth_of(answer.value(variant.values)) not in (1, 2):
                continue
            right = answer.value(variant.values)
            entries = entries_of(right, depth_of(right))
            if len(entries) < 2 or not all(isinstance(entry, sympy.Expr) for entry in entries.values()):
                continue
            for _ in range(8):
                index = rng.choice(list(entries))
                marked = grader.mark(part_id, typed(_with_entry(right, index, random_value(rng, entries[index]))))
                tried += marked.status != "correct"
                explained += bool(marked.diagnosis)
    assert explained < 0.05 * tried, (explained, tried)


def _with_entry(value: Any, index: tuple[int, ...], entry: Any) -> Any:
    if not index:
        return entry
    return (*value[: index[0]], _with_entry(value[index[0]], index[1:], entry), *value[index[0] + 1 :])


@pytest.mark.parametrize(
    ("name", "part_id"),
    [("model-selection", "kept_epoch"), ("gradient-descent-quadratic", "steps_needed"), ("backprop-mlp", "db2")],
)
def test_where_every_eighth_value_is_explained_no_mistake_is_claimed(name: str, part_id: str) -> None:
    """It could be that mistake, says the message, and gives no points."""
    doubtful = 0
    for seed in range(6):
        grader = Grader(drawing.draw_variant(find_problem(name), seed))
        right = grader.variant.values[grader.answer(part_id).step or ""]
        for mistake, values in grader.variant.wrong:
            value = values.get(grader.answer(part_id).step or "")
            if value is None or value == right or max(map(abs, flatten((value, right)))) > 15:
                continue
            marked = grader.mark(part_id, typed(value))
            assert mistake.name in marked.diagnosis
            assert marked.points == 0 or depth_of(right) > 0
            doubtful += marked.message.startswith("It could be that you")
            assert not marked.message.startswith("It looks as if")
    assert doubtful
