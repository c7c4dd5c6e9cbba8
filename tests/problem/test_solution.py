"""The graph of steps: its order, what is solved, interventions by step and by value, and what is refused."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Integer, sqrt

from generator.errors import AuthoringError
from generator.numbers.arrays import array
from generator.problem.mistake import Mistake
from generator.problem.solution import Solution, Step, Values, call_by_name, can_call_by_name, steps

# A little course of arithmetic: width and height are given, margin may be.


def area(width: int, height: int) -> int:
    return width * height


def perimeter(width: int, height: int) -> int:
    return 2 * (width + height)


def ratio(area: int, perimeter: int) -> float:
    return area / perimeter


def framed(area: int, margin: int) -> int:
    return area + margin


def price(framed: int) -> int:
    return 10 * framed


STEPS: list[Step] = [area, perimeter, ratio, framed, price]
GIVEN = {"width": 3, "height": 6}


@pytest.fixture
def solution() -> Solution:
    return Solution(STEPS)


# ------------------------------------------------------------------------------------------------ solving


def test_every_quantity_is_computed_from_those_it_names(solution: Solution) -> None:
    values = solution.solve({**GIVEN, "margin": 2})
    assert values.computed == {"area": 18, "perimeter": 18, "ratio": 1, "framed": 20, "price": 200}


def test_the_order_of_the_list_does_not_matter() -> None:
    backwards = Solution(STEPS[::-1])
    assert backwards.solve({**GIVEN, "margin": 2}).computed == Solution(STEPS).solve({**GIVEN, "margin": 2}).computed
    assert backwards.names.index("area") < backwards.names.index("framed") < backwards.names.index("price")


def test_steps_keep_the_order_of_the_list_where_they_can(solution: Solution) -> None:
    assert solution.names == ("area", "perimeter", "ratio", "framed", "price")
    assert Solution([ratio, perimeter, area]).names == ("area", "perimeter", "ratio")


def test_what_no_step_computes_is_an_input(solution: Solution) -> None:
    assert solution.inputs == {"width", "height", "margin"}


def test_steps_without_their_optional_values_are_left_out(solution: Solution) -> None:
    values = solution.solve(GIVEN)
    assert values.computed == {"area": 18, "perimeter": 18, "ratio": 1}
    assert "framed" not in values
    assert "price" not in values
    assert values.get("price") is None


def test_a_value_of_zero_or_none_is_there() -> None:
    def nothing() -> None:
        return None

    def seen(nothing: None) -> str:
        return "seen"

    assert Solution([nothing, seen]).solve({}).computed == {"nothing": None, "seen": "seen"}
    assert Solution(STEPS).solve({**GIVEN, "margin": 0}).framed == 18


# ------------------------------------------------------------------------------------------------- values


def test_values_are_found_by_name_and_as_attributes(solution: Solution) -> None:
    values = solution.solve(GIVEN)
    assert values["area"] == values.area == 18
    assert values.width == 3
    assert list(values) == ["width", "height", "area", "perimeter", "ratio"]
    assert len(values) == 5
    assert values.params == GIVEN


def test_a_missing_value_names_those_that_exist() -> None:
    values = Values({"x": 1}, {"y": 2})
    with pytest.raises(AttributeError, match=r"^no value 'z'; there are x, y$"):
        _ = values.z
    with pytest.raises(KeyError, match="z"):
        _ = values["z"]
    assert not hasattr(values, "z")


def test_no_value_hides_what_values_can_do() -> None:
    values = Values({"get": 1, "items": 2, "x": 3}, {"known": 4, "failed": 5})
    assert (values["get"], values.get("items"), values.x) == (1, 2, 3)
    assert values.failed is False
    assert dict(values.items()) == values.known == {"get": 1, "items": 2, "x": 3, "known": 4, "failed": 5}


# --------------------------------------------------------------------------------- interventions by step


def test_a_replaced_step_changes_what_follows_from_it(solution: Solution) -> None:
    values = solution.solve({**GIVEN, "margin": 2})
    wrong = solution.with_steps(values, {"area": lambda width, height: width + height})
    assert wrong.computed == {"area": 9, "perimeter": 18, "ratio": 0.5, "framed": 11, "price": 110}
    assert values.area == 18


def test_a_replacement_may_need_other_values(solution: Solution) -> None:
    values = solution.solve(GIVEN)
    assert solution.with_steps(values, {"area": lambda perimeter: perimeter + 9}).ratio == 1.5
    assert solution.with_steps(values, {"ratio": lambda width: width}).ratio == 3
    assert solution.with_steps(values, {"ratio": lambda: 7}).ratio == 7


def test_several_steps_are_replaced_at_once(solution: Solution) -> None:
    values = solution.solve(GIVEN)
    wrong = solution.with_steps(values, {"perimeter": lambda area: 2 * area, "area": lambda: 5})
    assert wrong.computed == {"area": 5, "perimeter": 10, "ratio": 0.5}


def test_replacements_are_solved_in_the_order_of_their_own_needs(solution: Solution) -> None:
    """Here the area comes after the perimeter, which it does not in the right solution."""
    wrong = solution.with_steps(
        solution.solve(GIVEN), {"area": lambda perimeter: 3 * perimeter, "perimeter": lambda: 4}
    )
    assert wrong.computed == {"perimeter": 4, "area": 12, "ratio": 3}


def test_a_replacement_that_needs_a_missing_value_is_left_out_with_its_consequences(solution: Solution) -> None:
    wrong = solution.with_steps(solution.solve(GIVEN), {"area": lambda margin: margin})
    assert "area" not in wrong
    assert "ratio" not in wrong
    assert wrong.perimeter == 18


def test_a_replacement_can_do_without_the_missing_value(solution: Solution) -> None:
    wrong = solution.with_steps(solution.solve(GIVEN), {"framed": lambda area: area})
    assert (wrong.framed, wrong.price) == (18, 180)


def test_only_what_is_downstream_is_solved_again() -> None:
    calls: list[str] = []

    def left(x: int) -> int:
        calls.append("left")
        return x

    def right(x: int) -> int:
        calls.append("right")
        return -x

    def both(left: int, right: int) -> int:
        calls.append("both")
        return left - right

    solution = Solution([left, right, both])
    values = solution.solve({"x": 4})
    calls.clear()
    assert solution.with_steps(values, {"left": lambda x: 10 * x}).both == 44
    assert calls == ["both"]
    calls.clear()
    assert solution.with_values(values, {"right": 0}).both == 4
    assert calls == ["both"]


def test_one_intervention_serves_many_values(solution: Solution) -> None:
    """The plan of an intervention is kept; what it was first used with must not stick to it."""
    mistake: dict[str, Step] = {"area": lambda width: width**2}
    with_margin = solution.with_steps(solution.solve({**GIVEN, "margin": 1}), mistake)
    without = solution.with_steps(solution.solve({"width": 5, "height": 1}), mistake)
    assert with_margin.computed == {"area": 9, "perimeter": 18, "ratio": 0.5, "framed": 10, "price": 100}
    assert without.area == 25
    assert "framed" not in without


def test_an_unknown_step_cannot_be_replaced(solution: Solution) -> None:
    with pytest.raises(AuthoringError, match=r"^no step computes volume; the steps are area, perimeter, "):
        solution.with_steps(solution.solve(GIVEN), {"volume": lambda: 0})


# -------------------------------------------------------------------------------- interventions by value


def test_a_students_own_value_is_followed_through(solution: Solution) -> None:
    theirs = solution.with_values(solution.solve({**GIVEN, "margin": 2}), {"area": 36})
    assert theirs.computed == {"area": 36, "perimeter": 18, "ratio": 2, "framed": 38, "price": 380}


def test_several_own_values_are_all_kept(solution: Solution) -> None:
    theirs = solution.with_values(solution.solve(GIVEN), {"area": 10, "ratio": 3})
    assert theirs.computed == {"area": 10, "perimeter": 18, "ratio": 3}


def test_an_own_value_can_stand_in_for_a_missing_one(solution: Solution) -> None:
    assert solution.with_values(solution.solve(GIVEN), {"framed": 7}).price == 70


def test_only_steps_have_own_values(solution: Solution) -> None:
    with pytest.raises(AuthoringError, match=r"^no step computes width; the steps are "):
        solution.with_values(solution.solve(GIVEN), {"width": 4})


# ------------------------------------------------------------------------------------- what is refused


def test_steps_in_a_circle() -> None:
    def hen(egg: int) -> int:
        return egg

    def egg(hen: int) -> int:
        return hen

    with pytest.raises(AuthoringError, match=r"^the steps need each other in a circle: hen → egg → hen$"):
        Solution([hen, egg])


def test_a_step_that_needs_itself() -> None:
    def echo(echo: int) -> int:
        return echo

    with pytest.raises(AuthoringError, match=r"in a circle: echo → echo$"):
        Solution([echo])


def test_the_circle_is_named_without_the_way_to_it() -> None:
    steps = [step("start", ["a"]), step("a", ["b"]), step("b", ["c"]), step("c", ["a"])]
    with pytest.raises(AuthoringError, match=r"in a circle: a → b → c → a$"):
        Solution(steps)


def test_a_replacement_that_closes_a_circle(solution: Solution) -> None:
    with pytest.raises(AuthoringError, match=r"in a circle: area → ratio → area$"):
        solution.with_steps(solution.solve(GIVEN), {"area": lambda ratio: ratio})


def test_two_steps_of_one_name() -> None:
    with pytest.raises(AuthoringError, match=r"^two steps compute a, b; give each quantity one step$"):
        Solution([step("b", []), step("a", []), step("c", []), step("a", ["c"]), step("b", [])])


def test_an_error_within_a_step_is_not_swallowed() -> None:
    def inverse(x: int) -> float:
        return 1 / x

    with pytest.raises(ZeroDivisionError):
        Solution([inverse]).solve({"x": 0})


# --------------------------------------------------------------------------------------- calling by name


def test_a_function_gets_the_arguments_it_names() -> None:
    available = {"a": 1, "b": 2, "c": 3}
    assert call_by_name(lambda c, a: (c, a), available) == (3, 1)
    assert call_by_name(lambda a, z=9: (a, z), available) == (1, 9)
    assert call_by_name(lambda **everything: everything, available) == available


def test_a_function_can_be_called_when_its_arguments_are_there() -> None:
    available = {"a": 1}
    assert can_call_by_name(lambda a, z=9: 0, available)
    assert can_call_by_name(lambda: 0, {})
    assert can_call_by_name(lambda **everything: 0, {})
    assert not can_call_by_name(lambda a, b: 0, available)


# -------------------------------------------------------------------------------------- graphs of any shape


def step(name: str, needs: list[str], constant: int = 0) -> Step:
    """A step of that name and those needs: the constant, plus the needs weighted by their places."""

    def compute(*arguments: int) -> int:
        return constant + sum(place * argument for place, argument in enumerate(arguments, start=1))

    compute.__name__ = name
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    compute.__dict__["__signature__"] = inspect.Signature([inspect.Parameter(need, kind) for need in needs])
    return compute


Graph = list[tuple[str, list[str], int]]


@st.composite
def graphs(draw: Callable[..., Any]) -> Graph:
    """Steps s0, s1 …, each in need of earlier ones and of the parameters p0 and p1, in a random order."""
    found: Graph = []
    for place in range(draw(st.integers(1, 8))):
        earlier = ["p0", "p1", *(name for name, _, _ in found)]
        needs = draw(st.lists(st.sampled_from(earlier), unique=True, max_size=4))
        found.append((f"s{place}", needs, draw(st.integers(-3, 3))))
    return list(draw(st.permutations(found)))


def recursively(graph: Graph, params: dict[str, int], fixed: dict[str, int]) -> dict[str, int]:
    """The same values by plain recursion; those in ``fixed`` are taken as they are."""
    steps = {name: (needs, constant) for name, needs, constant in graph}
    known: dict[str, int | None] = {**params, **fixed}

    def value(name: str) -> int | None:
        if name not in known and name not in steps:
            return None
        if name not in known:
            needs, constant = steps[name]
            arguments = [value(need) for need in needs]
            known[name] = (
                None
                if None in arguments
                else constant + sum(place * (argument or 0) for place, argument in enumerate(arguments, start=1))
            )
        return known[name]

    return {name: found for name in steps if (found := value(name)) is not None}


params_given = st.dictionaries(st.sampled_from(["p0", "p1"]), st.integers(-5, 5))


@given(graphs(), params_given)
def test_solving_agrees_with_recursion(graph: Graph, params: dict[str, int]) -> None:
    solution = Solution([step(*described) for described in graph])
    assert solution.solve(params).computed == recursively(graph, params, {})


@given(graphs())
def test_every_step_stands_after_its_needs(graph: Graph) -> None:
    names = Solution([step(*described) for described in graph]).names
    assert sorted(names) == sorted(name for name, _, _ in graph)
    for name, needs, _ in graph:
        for need in needs:
            assert need.startswith("p") or names.index(need) < names.index(name)


@given(graphs(), params_given, st.data())
def test_a_value_given_agrees_with_a_step_that_gives_it(
    graph: Graph, params: dict[str, int], data: st.DataObject
) -> None:
    solution = Solution([step(*described) for described in graph])
    values = solution.solve(params)
    chosen = data.draw(st.lists(st.sampled_from(graph), min_size=1, max_size=3, unique_by=lambda one: one[0]))
    fixed = {name: 100 + place for place, (name, _, _) in enumerate(chosen)}
    expected = recursively(graph, params, fixed)
    assert solution.with_values(values, fixed).computed == expected
    replaced = {name: step(name, [], constant) for name, constant in fixed.items()}
    assert solution.with_steps(values, replaced).computed == expected


@given(graphs(), params_given, st.data())
def test_replacing_a_step_by_itself_changes_nothing(graph: Graph, params: dict[str, int], data: st.DataObject) -> None:
    solution = Solution([step(*described) for described in graph])
    values = solution.solve(params)
    name, needs, constant = data.draw(st.sampled_from(graph))
    assert solution.with_steps(values, {name: step(name, needs, constant)}).computed == values.computed


def test_single_numbers_may_be_computed_with_sympys_operators() -> None:
    def square(x: Any) -> Any:
        return (1 + sqrt(x)) ** 2

    def inverse(x: Any) -> Any:
        return 1 / (1 + sqrt(x))

    def share(x: Any) -> Any:
        return x / (x - x)

    values = Solution([square, inverse]).solve({"x": Integer(2)})
    assert (str(values.square), str(values.inverse)) == ("2*sqrt(2) + 3", "-1 + sqrt(2)")
    with pytest.raises(ZeroDivisionError):
        Solution([share]).solve({"x": Integer(2)})


def test_a_students_rows_are_arrays() -> None:
    def centred(X: Any) -> Any:
        return X - X.mean(axis=0)

    def doubled(centred: Any) -> Any:
        return 2 * centred

    solution = Solution([centred, doubled])
    values = solution.solve({"X": array([[1, 2], [3, 6]])})
    given = solution.with_values(values, {"centred": ((Integer(1), Integer(2)), (Integer(3), Integer(4)))})
    assert given.doubled == ((2, 4), (6, 8))


def test_steps_are_named_by_their_keywords() -> None:
    def shrink(x: Any) -> Any:
        return x / 2

    solution = Solution(steps(half=shrink, quarter=lambda half: shrink(half), same=lambda x: x))
    values = solution.solve({"x": Integer(8)})
    assert (values.half, values.quarter, values.same) == (4, 2, 8)
    assert solution.inputs == {"x"}
    assert shrink.__name__ == "shrink"


@pytest.mark.parametrize(("given", "is_made"), [({"x": 1}, True), ({"y": 1}, True), ({"z": 1}, False)])
def test_a_mistake_about_values_that_are_not_there_is_not_made(given: dict[str, Any], is_made: bool) -> None:
    mistake = Mistake("swapped", "swapped them", a=lambda x: x, b=lambda y: y)
    assert mistake.applies_to(Values(given, {})) is is_made
