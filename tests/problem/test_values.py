"""Values after an intervention: those downstream are solved again, and absent where they cannot be had."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from generator.errors import InputError
from generator.problem import drawing
from generator.problem.catalogue import catalogue
from generator.problem.problem import Problem
from generator.problem.solution import Solution, Step, Values


def half(x: int) -> float:
    return x / 2


def quarter(half: float) -> float:
    return half / 2


def inverse(half: float) -> float:
    return 1 / half


def doubled(inverse: float) -> float:
    return 2 * inverse


def apart(x: int) -> int:
    return -x


SOLUTION = Solution([half, quarter, inverse, doubled, apart])


def intervened(replaced: Mapping[str, Step]) -> Values:
    return SOLUTION.intervention(replaced).on(SOLUTION.solve({"x": 8}))


def test_an_intervention_solves_all_that_lies_downstream() -> None:
    replaced: dict[str, Step] = {"half": lambda x: 2 * x}
    at_once = SOLUTION.with_steps(SOLUTION.solve({"x": 8}), replaced)
    values = intervened(replaced)
    assert dict(values) == dict(at_once) == values.everything()
    assert list(values) == list(at_once)
    assert values.computed == at_once.computed
    assert len(values) == len(at_once)
    assert values.params == {"x": 8}


def test_a_step_that_cannot_be_computed_is_absent_with_its_consequences() -> None:
    values = intervened({"half": lambda: 0})
    assert (values.quarter, values.failed) == (0, True)
    assert "inverse" not in values
    assert values.get("doubled", "none") == "none"
    assert [*values] == ["x", "apart", "half", "quarter"]
    with pytest.raises(KeyError, match="doubled"):
        _ = values["doubled"]
    with pytest.raises(AttributeError, match=r"^no value 'doubled'; there are x, apart, half, quarter$"):
        _ = values.doubled


def test_only_what_numbers_forbid_is_taken_for_absent() -> None:
    def refuse(x: int) -> int:
        raise InputError("no")

    assert "half" not in intervened({"half": refuse})
    with pytest.raises(TypeError):
        _ = intervened({"half": lambda x: x + "one"}).half


def test_a_step_whose_needs_are_missing_is_absent_and_has_not_failed() -> None:
    solution = Solution([half, quarter])
    values = solution.intervention({"half": lambda margin: margin}).on(solution.solve({"x": 8}))
    assert "quarter" not in values
    assert not values.failed


@pytest.mark.parametrize("problem", catalogue().values(), ids=catalogue())
def test_mistakes_are_interventions(problem: Problem) -> None:
    variant = drawing.draw_variant(problem, 5)
    for mistake, values in variant.wrong:
        assert dict(values) == dict(problem.graph.with_steps(variant.values, mistake.replaced)), mistake.name
