"""Matrices by their lines: a line is made when somebody looks at it, once, and all of them are the matrix."""

from __future__ import annotations

import pytest

from generator import exact as ex
from generator.catalogue import find_problem
from generator.lines import Lines, Turned, columns_of, entire, glimpse

made: list[int] = []


def doubled(line: tuple[int, ...], number: int) -> tuple[int, ...]:
    made.append(number)
    return tuple(2 * entry for entry in line)


def lines() -> Lines:
    made.clear()
    return Lines(doubled, ((1, 2, 3), (4, 5, 6)), (1, 2))


def test_a_line_is_made_when_somebody_looks_and_once() -> None:
    rows = lines()
    assert (len(rows), made) == (2, [])
    assert rows[1] == rows[-1] == (8, 10, 12)
    assert made == [2]
    assert entire(rows) == ((2, 4, 6), (8, 10, 12))
    assert made == [2, 1]


def test_a_glimpse_makes_the_first_line_alone() -> None:
    assert (glimpse(lines()), made) == (6, [1])
    assert (glimpse(Turned(lines())), made) == (6, [1])
    assert glimpse(Lines(doubled, lines(), (3, 4))) == 12
    assert made == [1, 3]


@pytest.mark.parametrize(("value", "number"), [(7, 7), ("z1", "z1"), ((), ()), ((1, 2), 2), (((1, 2), (3, 4)), 2)])
def test_a_glimpse_of_what_is_there(value: object, number: object) -> None:
    assert glimpse(value) == number


def test_columns_are_turned_into_rows_and_back() -> None:
    turned = Turned(lines())
    assert len(turned) == 3
    assert turned[0] == (2, 8)
    assert entire(turned) == tuple(turned) == ((2, 8), (4, 10), (6, 12))
    assert columns_of(turned)[1] == (8, 10, 12)
    assert columns_of(entire(turned)) == ((2, 4, 6), (8, 10, 12))


def test_sources_of_other_lengths_do_not_fit() -> None:
    with pytest.raises(ValueError, match=r"expected 2 items of each source; got \[1\]"):
        Lines(doubled, ((1,), (2,)), (1,))


@pytest.mark.parametrize("name", ["layer-norm", "batch-norm"])
def test_of_a_mistake_no_more_is_made_than_it_takes_to_tell_it_apart(name: str) -> None:
    """The audit has looked at one line; the others are the same whether made one by one or all at once."""
    variant = find_problem(name).draw(3)
    for mistake, values in variant.wrong:
        looked_at = values.on_demand("output")
        at_once = variant.problem.graph.with_steps(variant.values, mistake.replaced)["output"]
        assert [*looked_at] == [*at_once] == [*values["output"]], mistake.name


def test_a_line_without_deviation_is_found_before_any_is_divided() -> None:
    """Of a constant second row the mean absolute deviation is 0: the first row alone would not show it."""
    raw = {"X": [[1, 2, 6], [4, 4, 4]], "gamma": [1, 2, 3], "beta": [1, 1, 1], "epsilon": 1}
    problem = find_problem("layer-norm")
    wrong = {mistake.name: values for mistake, values in problem.variant(problem.read(raw)).wrong}
    values = wrong["mean absolute deviation"]
    assert (values.glimpse("output"), values.failed) == (None, True)
    assert wrong["gamma left out"].glimpse("output") != ex.ZERO
