"""Rows at once give what is reckoned number by number, in the same form."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from generator.numbers import exact as ex

rationals = st.fractions(-9, 9, max_denominator=6).map(ex.exact)
surds = st.builds(lambda a, n: ex.multiply(a, ex.root(ex.exact(n))), rationals, st.integers(1, 30))
numbers = st.one_of(rationals, surds, st.builds(ex.add, surds, surds), st.sampled_from([sympy.log(6), sympy.exp(2)]))


def rows(of: st.SearchStrategy[ex.Scalar]) -> st.SearchStrategy[ex.Vector]:
    return st.lists(of, min_size=1, max_size=4).map(tuple)


@given(rows(numbers), numbers)
def test_less(xs: ex.Vector, by: ex.Scalar) -> None:
    assert ex.less(xs, by) == tuple(ex.subtract(x, by) for x in xs)


@given(st.one_of(rows(rationals), rows(numbers)), st.one_of(rationals, surds, numbers))
def test_over(xs: ex.Vector, by: ex.Scalar) -> None:
    if ex.is_zero(by):
        with pytest.raises(ZeroDivisionError):
            ex.over(xs, by)
    else:
        assert ex.over(xs, by) == tuple(ex.divide(x, by) for x in xs)
    assert ex.times(xs, by) == tuple(ex.multiply(x, by) for x in xs)


@given(st.one_of(rows(surds), rows(numbers)), st.data())
def test_affine_and_scaled(xs: ex.Vector, data: st.DataObject) -> None:
    scalars = data.draw(st.sampled_from([rationals, numbers]))
    scales, shifts = (tuple(data.draw(scalars) for _ in xs) for _ in range(2))
    entries = zip(xs, scales, shifts, strict=True)
    assert ex.affine(xs, scales, shifts) == tuple(ex.add(ex.multiply(g, x), b) for x, g, b in entries)
    assert ex.scaled(xs, scales) == tuple(ex.multiply(g, x) for x, g in zip(xs, scales, strict=True))


@given(rows(numbers), numbers, numbers)
def test_affine_alike(xs: ex.Vector, scale: ex.Scalar, shift: ex.Scalar) -> None:
    assert ex.affine_alike(xs, scale, shift) == tuple(ex.add(ex.multiply(scale, x), shift) for x in xs)


def test_rows_of_other_lengths_do_not_fit() -> None:
    one, two = (ex.ONE,), (ex.ONE, ex.ONE)
    for scales, shifts in ((one, two), (two, one), (one, one)):
        with pytest.raises(ValueError, match="zip"):
            ex.affine(two, scales, shifts)
    with pytest.raises(ValueError, match="zip"):
        ex.scaled(two, one)


@given(rows(numbers))
def test_variances_are_mean_squares_of_distances(xs: ex.Vector) -> None:
    centred = tuple(ex.subtract(x, ex.mean(xs)) for x in xs)
    assert ex.variance(xs) == ex.mean_square(centred)
    if len(xs) > 1:
        assert ex.sample_variance(xs) == ex.divide(ex.dot(centred, centred), ex.exact(len(xs) - 1))
