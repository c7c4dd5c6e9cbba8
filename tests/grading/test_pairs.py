"""Two mistakes made together, in a graph of three steps."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from sympy import Expr, Integer, Rational, sqrt

from generator.grading.chance import Explanations
from generator.grading.diagnose import Diagnoser
from generator.grading.nesting import TypedValue
from generator.grading.observations import observe
from generator.grading.step_names import StepNames
from generator.problem.mistake import Mistake
from generator.problem.problem import Variant
from generator.problem.solution import Solution


def doubled(x: int) -> int:
    return 2 * x


def shifted(doubled: int) -> int:
    return doubled + 10


def verdict(shifted: int) -> str:
    return "large" if shifted > 15 else "small" if shifted > 0 else "negative"


def diagnoser(*mistakes: Mistake) -> Diagnoser:
    """Of the graph above, at x = 300."""
    graph = Solution([doubled, shifted, verdict])
    values = graph.solve({"x": Integer(300)})
    wrong = [(mistake, graph.intervention(mistake.replaced).on(values)) for mistake in mistakes]
    problem = SimpleNamespace(graph=graph, mistakes=mistakes, symbols={})
    variant = SimpleNamespace(values=values, wrong=wrong, problem=problem, all_parts=())
    return Diagnoser(cast("Variant", variant), StepNames(cast("Variant", variant)))


TRIPLED = Mistake("tripled", "tripled", doubled=lambda x: 3 * x)
SUBTRACTED = Mistake("subtracted", "subtracted", shifted=lambda doubled: doubled - 10)
BOTH = Mistake("both", "did both", doubled=lambda x: x, shifted=lambda doubled: doubled - 1)
LAST = Mistake("halved", "halved", shifted=lambda doubled: doubled + 5)


def test_two_mistakes_are_tried_together_unless_they_replace_the_same_step() -> None:
    pairs = diagnoser(TRIPLED, SUBTRACTED).diagnose("shifted", TypedValue(Integer(890), {}), 0)
    assert [tuple(one.name for one in cause) for cause in pairs.causes] == [("tripled", "subtracted")]
    assert diagnoser(BOTH, LAST).diagnose("shifted", TypedValue(Integer(305), {}), 0).causes == ()


def test_two_mistakes_are_not_looked_for_behind_an_option() -> None:
    once = Mistake("once", "took it once", doubled=lambda x: x)
    found = diagnoser(once, Mistake("less five", "subtracted", shifted=lambda doubled: doubled - 5))
    assert found.diagnose("verdict", TypedValue("negative", {}), 0).causes == ()


@pytest.mark.parametrize("first", [Integer(10) ** 400, Integer(0), Rational(1, 10**400), sqrt(2) * 10**400])
def test_numbers_of_any_size_have_explanations(first: Expr) -> None:
    for right, wrong, depth in ((first, first + 7, 0), ((first, sqrt(2)), (first + 7, sqrt(2)), 1)):
        explained = Explanations(right, [wrong])
        assert explained.admits(wrong)
        assert "factor" not in observe(right, TypedValue(wrong), depth, explained)


def test_of_a_matrix_with_one_entry_that_entry_is_observed() -> None:
    right = ((Integer(34),),)
    assert observe(right, TypedValue(((Integer(68),),)), 2, Explanations(right, [])) == "It is twice what it should be."
