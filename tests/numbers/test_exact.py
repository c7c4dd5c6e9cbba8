"""Exact arithmetic against fractions, statistics, numpy and sympy."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import assume, example, given
from hypothesis import strategies as st
from sympy import Rational, cbrt, exp, log, pi, sqrt

from generator.errors import AuthoringError, InputError
from generator.numbers import exact as ex
from generator.numbers.surds import rational, rational_and_surd, root_of_fraction, surd, whole

fractions = st.fractions(min_value=-30, max_value=30, max_denominator=12)
rows = st.lists(fractions, min_size=1, max_size=7)
radicands = st.sampled_from([1, 2, 3, 5, 6, 7, 10, 12, 18, 50])


@st.composite
def surd_sums(draw: st.DrawFn, max_terms: int = 3) -> Any:
    """Sums of rational multiples of roots, as sympy makes them."""
    terms = draw(st.lists(st.tuples(fractions, radicands), max_size=max_terms))
    return sympy.Add(*(Rational(f.numerator, f.denominator) * sqrt(r) for f, r in terms))


def as_fraction(x: Any) -> Fraction:
    assert isinstance(x, sympy.Rational)
    return Fraction(int(x.p), int(x.q))


# ------------------------------------------------------------------------------------------------ making


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, sympy.Integer(3)),
        (Fraction(-2, 6), Rational(-1, 3)),
        (sqrt(12), 2 * sqrt(3)),
        (1 / (1 + sqrt(2)), -1 + sqrt(2)),
        (log(6), log(6)),
    ],
)
def test_a_number_is_made_canonical(value: Any, expected: Any) -> None:
    assert ex.exact(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        0.5,
        True,
        "1/2",
        None,
        1j,
        sympy.Float(1),
        sqrt(2) * 1.5,
        sympy.Symbol("x"),
        sympy.Symbol("t", real=True, finite=True),
        sympy.zoo,
        sympy.nan,
        sympy.oo,
        sqrt(-1),
    ],
)
def test_what_is_not_exact_is_refused(value: Any) -> None:
    with pytest.raises(AuthoringError, match="expected an exact number"):
        ex.exact(value)
    assert not ex.is_exact(value)


def test_exact_looks_into_every_nesting() -> None:
    assert ex.is_exact(ex.matrix([[1, 2], [Fraction(1, 2), sqrt(2)]]))
    assert not ex.is_exact((ex.ONE, (sympy.Float(0.5),)))


# -------------------------------------------------------------------------------------------- arithmetic


@given(surd_sums(), surd_sums())
@pytest.mark.slow
def test_sums_and_products_are_what_sympy_expands(a: Any, b: Any) -> None:
    for ours, theirs in ((ex.add(a, b), a + b), (ex.subtract(a, b), a - b), (ex.multiply(a, b), a * b)):
        theirs = sympy.expand(theirs)
        assert ours == theirs
        assert hash(ours) == hash(theirs)
        assert ours.args == theirs.args  # in sympy's own order, so that equal numbers are one key


@given(surd_sums(), surd_sums())
@pytest.mark.slow
def test_a_quotient_times_its_divisor_is_the_dividend(a: Any, b: Any) -> None:
    assume(b != 0)
    quotient = ex.divide(a, b)
    assert ex.multiply(quotient, b) == sympy.expand(a)
    assert ex.surds(quotient) is not None, "roots are left in the denominator"


def test_denominators_are_rational() -> None:
    assert ex.divide(ex.ONE, sqrt(3)) == sqrt(3) / 3
    assert ex.divide(ex.ONE, sqrt(2) + sqrt(3)) == sqrt(3) - sqrt(2)
    assert ex.divide(ex.ONE, 1 + sqrt(2) + sqrt(3)) == Rational(1, 2) + sqrt(2) / 4 - sqrt(6) / 4
    five = sqrt(2) + sqrt(3) + sqrt(5) + sqrt(7) + sqrt(11)
    assert ex.multiply(ex.divide(ex.ONE, five), five) == 1
    entangled = -2 + 3 * sqrt(10) - 2 * sqrt(15) - 2 * sqrt(21) + sqrt(22) + 3 * sqrt(35)
    assert ex.surds(ex.divide(ex.ONE, entangled)) is not None
    assert ex.multiply(ex.divide(ex.ONE, entangled), entangled) == 1


@pytest.mark.parametrize("zero", [ex.ZERO, log(6) - log(2) - log(3), sqrt(3 + 2 * sqrt(2)) - 1 - sqrt(2)])
def test_nothing_is_divided_by_zero_however_it_is_written(zero: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        ex.divide(ex.ONE, zero)


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (Rational(12, 25), 2 * sqrt(3) / 5),
        (Rational(4, 3), 2 * sqrt(3) / 3),
        (Rational(1, 3), sqrt(3) / 3),
        (Rational(9, 4), Rational(3, 2)),
        (ex.ZERO, 0),
        (sympy.Integer(12345678987654321), 111111111),
        (3 + 2 * sqrt(2), 1 + sqrt(2)),
        (log(2) ** 2, log(2)),
        (log(6) - log(2) - log(3), 0),
    ],
)
def test_roots_are_canonical(x: Any, expected: Any) -> None:
    assert ex.root(x) == expected


@given(st.fractions(min_value=0, max_value=10**9, max_denominator=10**6))
def test_a_root_squared_is_the_number(fraction: Fraction) -> None:
    x = ex.exact(fraction)
    root = ex.root(x)
    assert ex.multiply(root, root) == x
    assert root == sqrt(x)


@pytest.mark.parametrize("x", [sympy.Integer(-4), 1 - sqrt(2), log(2) - 1])
def test_a_negative_number_has_no_root(x: Any) -> None:
    with pytest.raises(InputError, match="negative"):
        ex.root(x)


# ------------------------------------------------------------------------------- moments, linear algebra


@given(st.data(), st.integers(1, 4), st.integers(1, 4), st.integers(1, 4))
def test_products_of_matrices_are_those_of_numpy(data: st.DataObject, n: int, m: int, k: int) -> None:
    def draw_matrix(rows: int, columns: int) -> list[list[int]]:
        row = st.lists(st.integers(-9, 9), min_size=columns, max_size=columns)
        return data.draw(st.lists(row, min_size=rows, max_size=rows))

    a, b = draw_matrix(n, m), draw_matrix(m, k)
    A, B = ex.matrix(a), ex.matrix(b)
    assert ex.matmul(A, B) == ex.matrix((np.array(a) @ np.array(b)).tolist())
    assert ex.matvec(A, ex.transpose(B)[0]) == ex.vector((np.array(a) @ np.array(b)[:, 0]).tolist())
    assert ex.transpose(A) == ex.matrix(np.array(a).T.tolist())


def test_factors_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter|longer"):
        ex.dot(ex.vector([1, 2]), ex.vector([1, 2, 3]))
    with pytest.raises(ValueError, match="shorter|longer"):
        ex.matmul(ex.matrix([[1, 2]]), ex.matrix([[1, 2]]))


def test_of_a_number_there_is_one_object_in_whatever_terms_it_is_made() -> None:
    assert rational(6, 4) is rational(3, 2)
    assert rational(6, 3) is whole(2)
    assert surd(6, 4, 5) is surd(3, 2, 5)
    assert surd(2, 2, 5) is surd(1, 1, 5)
    assert rational_and_surd(6, 4, 10, 4, 7) is rational_and_surd(3, 2, 5, 2, 7)
    assert rational_and_surd(3, 2, 10, 4, 7) is rational_and_surd(6, 4, 5, 2, 7)


@pytest.mark.parametrize("x", [2, -2, Fraction(3, 4), Fraction(-3, 4), sympy.sqrt(2), 1 - sympy.sqrt(3), sympy.log(3)])
def test_a_number_times_its_reciprocal_is_one(x: Any) -> None:
    assert ex.is_zero(ex.subtract(ex.multiply(ex.reciprocal(ex.exact(x)), x), ex.ONE))
    with pytest.raises(ZeroDivisionError):
        ex.reciprocal(ex.ZERO)


# --------------------------------------------------------------------------------------------- questions

ZEROS = [
    log(6) - log(2) - log(3),
    log(4) - 2 * log(2),
    log(8) / log(2) - 3,
    (log(6) - log(2) - log(3)) * pi,
    (log(6) - log(2) - log(3)) ** 2,
    log(1 + sqrt(2)) + log(sqrt(2) - 1),
    sqrt(3 + 2 * sqrt(2)) - 1 - sqrt(2),
    sqrt(5 + sqrt(7)) * sqrt(5 - sqrt(7)) - sqrt(18),
    cbrt(2) * cbrt(4) - 2,
    exp(log(3) / 2) - sqrt(3),
    sqrt(1000033 * 1000003**2) - 1000003 * sqrt(1000033),  # a square that sympy leaves under the root
]


@pytest.mark.parametrize("x", ZEROS, ids=str)
def test_zero_is_known_however_it_is_written(x: Any) -> None:
    assert ex.is_zero(x)
    assert ex.sign(x) == 0
    assert ex.same(x, ex.ZERO)


@pytest.mark.parametrize("x", ZEROS, ids=str)
def test_next_to_zero_is_not_zero(x: Any) -> None:
    for off in (Rational(1, 10**60), -Rational(1, 10**60)):
        assert not ex.is_zero(ex.add(x, off))
        assert ex.sign(ex.add(x, off)) == (1 if off > 0 else -1)


@pytest.mark.parametrize(
    "x", [exp(-1000), pi**-500, log(2) / 10**300, sqrt(2) / 10**300, log(log(3)), Rational(1, 10**300)]
)
def test_small_is_not_zero(x: Any) -> None:
    assert not ex.is_zero(x)
    assert ex.sign(x) == 1


def test_a_square_left_under_a_root_is_found_when_roots_are_added() -> None:
    p, q = 1000003, sympy.Integer(1000033)  # sympy looks for small prime factors only
    assert ex.root(q * p**2) != p * sqrt(q), "sympy now finds it: the case is no longer needed"
    assert ex.subtract(ex.root(q * p**2), p * sqrt(q)) == 0
    assert ex.same(ex.add(ex.root(q * p**2), sqrt(q)), (p + 1) * sqrt(q))
    assert ex.multiply(ex.root(q * p**2), sqrt(q)) == q * p


@given(surd_sums(), surd_sums())
def test_same_is_equality_of_value(a: Any, b: Any) -> None:
    assert ex.same(a, b) == (sympy.expand(a - b) == 0)
    assert ex.same(ex.divide(sympy.expand(a * b), b), a) if b != 0 else True


def test_same_goes_into_every_nesting() -> None:
    one = ((log(6), ex.ONE), "words", True)
    assert ex.same(one, ((log(2) + log(3), ex.ONE), "words", True))
    assert not ex.same(one, ((log(2) + log(3), ex.ZERO), "words", True))
    assert not ex.same(ex.vector([1, 2]), ex.vector([1, 2, 3]))
    assert not ex.same(ex.vector([1]), ex.ONE)


@given(surd_sums(4))
@example(sqrt(10**12 + 1) - 10**6)
@example(sqrt(50) - 7 - Rational(71, 1000))
def test_floats_are_as_near_as_floats_can_be(x: Any) -> None:
    precise = float(x.evalf(40, maxn=400))
    assert math.isclose(ex.to_float(x), precise, rel_tol=1e-12)
    assert isinstance(ex.to_float(x), float)


def test_floats_of_every_nesting() -> None:
    assert ex.to_float(((ex.ONE, log(2)), (pi,))) == [[1.0, math.log(2)], [math.pi]]
    with pytest.raises(InputError, match="too large"):
        ex.to_float(sympy.Integer(10) ** 400)


@given(surd_sums())
def test_sign_and_size(x: Any) -> None:
    value = float(x.evalf(30, maxn=300))
    assert ex.sign(x) == (value > 0) - (value < 0)
    assert ex.same(ex.absolute(x), x if value >= 0 else -x)


@given(surd_sums(4))
def test_terms_put_together_again_are_the_number(x: Any) -> None:
    terms = ex.surds(x)
    assert terms is not None
    assert [r for _, _, r in terms] == sorted({r for _, _, r in terms})
    assert sympy.Add(*(Rational(p, q) * sqrt(r) for p, q, r in terms)) == x


@pytest.mark.parametrize("x", [pi, log(2), cbrt(2), sqrt(1 + sqrt(2)), sqrt(2) * pi, 1 + exp(2)])
def test_other_numbers_are_no_sums_of_roots(x: Any) -> None:
    assert ex.surds(x) is None


@given(st.integers(1, 1 << 31))
def test_roots_of_integers_are_those_of_sympy(n: int) -> None:
    assert root_of_fraction(n, 1) == sympy.sqrt(n)


@given(st.integers(1, 1000), st.integers(1, 1000))
def test_squares_come_out_of_a_root(a: int, b: int) -> None:
    assert root_of_fraction(a * a * b, 1) == a * sympy.sqrt(b)


# ---------------------------------------------------------------------------------------------- in order


@given(st.lists(st.tuples(st.integers(-30, 30), st.integers(-30, 30)), min_size=1, max_size=6))
def test_rows_of_whole_numbers_ascend_as_sympy_has_it(pairs: list[tuple[int, int]]) -> None:
    rows = [ex.vector(pair) for pair in pairs]
    assert ex.ascending(rows) == sorted(rows)


def test_rows_of_other_numbers_ascend_too() -> None:
    two, half = ex.root(ex.exact(2)), ex.divide(ex.ONE, ex.exact(2))
    assert ex.ascending([(two,), (ex.exact(10),), (half,), (ex.exact(-9),)]) == [
        (ex.exact(-9),), (half,), (two,), (ex.exact(10),)
    ]  # fmt: skip
    assert ex.extremes((two, ex.exact(10), half)) == (half, ex.exact(10))


def test_floats_beyond_their_range_are_refused() -> None:
    for huge in (10**400, sympy.Integer(10) ** 400 * sympy.sqrt(2), sympy.exp(1000)):
        with pytest.raises(InputError, match="too large"):
            ex.to_float(huge)
    assert ex.to_float(sympy.Rational(1, 3)) == 1 / 3
    assert ex.to_float([3, (sympy.sqrt(2), sympy.Integer(2**60))]) == [3.0, [2**0.5, float(2**60)]]
    nearly = sympy.sqrt(10**14 + 1) - 10**7
    assert ex.to_float(nearly) == pytest.approx(5e-8, rel=1e-9)
