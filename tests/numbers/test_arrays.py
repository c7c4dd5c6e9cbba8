"""Exact arrays do what numpy does, on exact numbers: compared with numpy's arrays of fractions."""

from __future__ import annotations

import operator
import pickle
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import example, given, settings
from hypothesis import strategies as st

import generator as g
from generator.errors import AuthoringError, InputError
from generator.numbers.arrays import Array, as_array
from generator.numbers.encoding import encode, read_matrix, read_vector
from generator.numbers.exact import same, to_float
from tests.numbers.test_exact import surd_sums

FRACTIONS = st.fractions(-9, 9, max_denominator=6)
FEW = settings(max_examples=8)
SHAPES = [(3,), (2, 3), (2, 1), (1, 3), (1, 1), (2, 2, 3)]


def of_fractions(shape: tuple[int, ...]) -> st.SearchStrategy[Any]:
    size = int(np.prod(shape))
    return st.lists(FRACTIONS, min_size=size, max_size=size).map(
        lambda entries: np.array(entries, dtype=object).reshape(shape)
    )


def as_exact(value: Any) -> Any:
    """A numpy array of fractions, or a fraction, as ours."""
    return g.array(value.tolist()) if isinstance(value, np.ndarray) else sympy.Rational(value)


def assert_same(ours: Any, theirs: Any) -> None:
    assert ours == as_exact(theirs)
    if isinstance(ours, Array):
        assert ours.shape == theirs.shape


@FEW
@given(st.data())
@pytest.mark.parametrize(
    "operation",
    [
        operator.sub,
        *(pytest.param(one, marks=pytest.mark.slow) for one in (operator.add, operator.mul, operator.truediv)),
    ],
)
@pytest.mark.parametrize("left", [(), *SHAPES])
@pytest.mark.parametrize("right", [(), *SHAPES])
def test_arithmetic_broadcasts(
    operation: Callable[[Any, Any], Any], left: tuple[int, ...], right: tuple[int, ...], data: st.DataObject
) -> None:
    a, b = (data.draw(of_fractions(shape) if shape else FRACTIONS) for shape in (left, right))
    if not left and not right:
        return
    if operation is operator.truediv:
        b = b * b + 1
    assert_same(operation(as_exact(a), as_exact(b)), operation(a, b))


@FEW
@given(of_fractions((2, 3)))
def test_reductions_of_a_matrix(a: Any) -> None:
    x = as_exact(a)
    for axis in (None, 0, 1, -1):
        for keepdims in (False, True):
            for name in ("sum", "mean", "max", "min"):
                ours = getattr(x, name)(axis=axis, keepdims=keepdims)
                assert_same(ours, getattr(a, name)(axis=axis, keepdims=keepdims))
            assert_same(x.var(axis=axis, keepdims=keepdims), a.var(axis=axis, keepdims=keepdims))
        assert_same(x.var(axis=axis, ddof=1), a.var(axis=axis, ddof=1))
        assert_same(x.argmax(axis=axis), np.array(a.argmax(axis=axis)) if axis is not None else a.argmax())
        assert x.std(axis=axis) ** 2 == x.var(axis=axis)
    assert sympy.sqrt(2) * x.std() == g.sqrt(2 * x.var())


@FEW
@given(of_fractions((2, 2, 3)))
def test_reductions_along_several_axes(a: Any) -> None:
    x = as_exact(a)
    for axes in (0, 1, 2, (0, 1), (0, 2), (1, 2), (0, 1, 2)):
        for keepdims in (False, True):
            assert_same(x.sum(axis=axes, keepdims=keepdims), a.sum(axis=axes, keepdims=keepdims))
            assert_same(x.mean(axis=axes, keepdims=keepdims), a.mean(axis=axes, keepdims=keepdims))


@FEW
@given(st.data())
@pytest.mark.parametrize(("left", "right"), [((2, 3), (3, 4)), ((2, 3), (3,)), ((3,), (3, 2)), ((3,), (3,))])
def test_products(left: tuple[int, ...], right: tuple[int, ...], data: st.DataObject) -> None:
    a, b = data.draw(of_fractions(left)), data.draw(of_fractions(right))
    assert_same(as_exact(a) @ as_exact(b), a @ b)
    assert_same(as_exact(a).dot(as_exact(b)), a @ b)


KEYS = [
    0,
    -1,
    slice(1, None),
    slice(None, None, -1),
    (0, 1),
    (slice(None), 1),
    (slice(None), None),
    (None, slice(None)),
    (slice(1), slice(1, None)),
    [1, 0],
    (slice(None), [2, 0, 0]),
    (0, slice(None), None),
]


@FEW
@given(of_fractions((2, 3)))
@pytest.mark.parametrize("key", KEYS, ids=str)
def test_indexing(key: Any, a: Any) -> None:
    assert_same(as_exact(a)[key], a[key])


@FEW
@given(of_fractions((3, 2)))
def test_a_comparison_picks_the_rows_where_it_holds(a: Any) -> None:
    x = as_exact(a)
    assert tuple(x[x[:, 0] > 0]) == tuple(x[[place for place in range(3) if a[place, 0] > 0]])
    assert tuple(x[0][x[0] > 0]) == tuple(entry for entry in x[0] if entry > 0)
    with pytest.raises(AuthoringError, match=r"expected a comparison with 3 entries as an index; got \(2,\)"):
        x[x[0] > 0]


def test_positions_may_be_exact_numbers() -> None:
    """Parameters are: the row to change, say."""
    x = g.array([[1, 2], [3, 4]])
    assert x[sympy.Integer(1)] == (3, 4)
    assert g.eye(3)[g.array([2, 0])] == ((0, 0, 1), (1, 0, 0))
    with pytest.raises(IndexError):
        x[2]
    with pytest.raises(AuthoringError, match="an index has more entries than the array has axes"):
        x[0, 0, 0]


@FEW
@given(of_fractions((2, 3)))
def test_shapes(a: Any) -> None:
    x = as_exact(a)
    assert_same(x.T, a.T)
    assert_same(x[0].T, a[0].T)
    assert_same(x.flatten(), a.flatten())
    assert_same(x.reshape(3, 2), a.reshape(3, 2))
    assert_same(x.reshape((-1,)), a.reshape(-1))
    assert_same(x.reshape(1, -1, 2), a.reshape(1, -1, 2))
    assert (x.ndim, x.size) == (a.ndim, a.size)


@FEW
@given(of_fractions((2, 3)), of_fractions((2, 3)))
def test_joining(a: Any, b: Any) -> None:
    x, y = as_exact(a), as_exact(b)
    for axis in (0, 1):
        assert_same(g.concatenate([x, y], axis), np.concatenate([a, b], axis))
    for axis in (0, 1, 2):
        assert_same(g.stack([x, y], axis), np.stack([a, b], axis))


@FEW
@given(of_fractions((2, 3)), of_fractions((3,)))
def test_comparisons(a: Any, b: Any) -> None:
    x, y = as_exact(a), as_exact(b)
    assert_same(g.maximum(x, y), np.maximum(a, b))
    assert_same(g.minimum(x, 0), np.minimum(a, 0))
    assert_same(g.where(x > y, x, 0), np.where(a > b, a, 0))
    assert_same(g.where((x >= 0) & ~(x > y) | g.equal(x, 1), 1, y), np.where((a >= 0) & ~(a > b) | (a == 1), 1, b))
    assert (x < y).sum() == (a < b).sum()
    assert (x <= y).any() == (a <= b).any()
    assert (x <= y).all() == (a <= b).all()


def test_a_comparison_is_no_single_truth() -> None:
    with pytest.raises(AuthoringError, match=r"entry by entry; say \.any\(\) or \.all\(\)"):
        assert g.array([1, 2]) > 0


def test_equality_is_of_whole_arrays() -> None:
    x = g.array([[1, 2], [3, 4]])
    assert x == ((1, 2), (3, 4))
    assert x != ((1, 2), (3, 5))
    assert {x: "found"}[g.array([[1, 2], [3, 4]])] == "found"
    assert x[0] in x
    assert isinstance(x, tuple)
    assert isinstance(x[0], Array)


def test_numbers_with_roots_and_logarithms_stay_canonical() -> None:
    x = g.sqrt(g.array([2, 8, Fraction(1, 2)]))
    assert x == (sympy.sqrt(2), 2 * sympy.sqrt(2), sympy.sqrt(2) / 2)
    assert encode(1 / (1 + x)) == ["-1 + sqrt(2)", "-1/7 + 2*sqrt(2)/7", "2 - sqrt(2)"]
    assert encode(g.log(g.array([12, Fraction(7, 2)]))) == ["log(3) + 2*log(2)", "-log(2) + log(7)"]
    assert g.exp(g.log(g.array([12, Fraction(7, 2)])) / 2) == g.sqrt(g.array([12, Fraction(7, 2)]))
    assert g.log(sympy.sqrt(3)) == sympy.log(3) / 2
    assert g.array([4, 9]) ** Fraction(3, 2) == (8, 27)
    assert g.array([2, 4]) ** -2 == (sympy.Rational(1, 4), sympy.Rational(1, 16))
    assert 2 ** g.array([3, -1]) == (8, sympy.Rational(1, 2))


def test_numbers_and_tuples_stand_on_either_side() -> None:
    x: Any = g.array([1, 2])
    assert 3 - x == (2, 1)
    assert sympy.sqrt(2) * x == (sympy.sqrt(2), 2 * sympy.sqrt(2))
    assert sympy.Integer(6) / x == (6, 3)
    assert (10, 20) * x == (10, 40)
    tens: Any = [10, 20]
    assert tens * x == (10, 40)
    assert -x == (-1, -2)
    assert abs(-x) == +x == x
    assert [[1, 1]] @ x == (3,)


def test_makers() -> None:
    assert g.zeros(2) == (0, 0)
    assert g.ones((2, 3)) == ((1, 1, 1), (1, 1, 1))
    assert g.eye(2) == ((1, 0), (0, 1))
    assert g.arange(3) == (0, 1, 2)
    assert g.arange(1, 3) == (1, 2)
    assert g.outer([1, 2], [3, 4]) == ((3, 4), (6, 8))


X = g.array([[1, 2, 3], [4, 5, 6]])


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: X + g.array([1, 2]), r"arrays of shapes \(2, 3\) and \(2,\) do not fit each other"),
        (lambda: X * g.ones((3, 2)), r"shapes \(2, 3\) and \(3, 2\) do not fit"),
        (lambda: X @ X, r"shapes \(2, 3\) and \(2, 3\) cannot be multiplied with @"),
        (lambda: X @ 2, r"shapes \(2, 3\) and \(\) cannot be multiplied with @"),
        (lambda: X.sum(axis=2), r"an array of shape \(2, 3\) has no axis 2"),
        (lambda: X.reshape(4, 2), r"an array of shape \(2, 3\) cannot be reshaped to \(4, 2\)"),
        (lambda: X[None].T, r"expected a matrix to transpose; got an array of shape \(1, 2, 3\)"),
        (lambda: g.array([[1, 2], [3]]), r"the rows of an array have the shapes \(1,\), \(2,\)"),
        (lambda: g.array("12"), "expected nested lists of numbers; got '12'"),
        (lambda: g.stack([[1], [1, 2]]), r"arrays of shapes \(1,\), \(2,\) cannot be stacked"),
        (lambda: g.concatenate([X, X.T]), r"arrays of shapes \(2, 3\), \(3, 2\) cannot be joined along axis 0"),
        (lambda: g.array([0.5]), "expected an exact number .*; got 0.5"),
        (lambda: X * 0.5, "expected an exact number .*; got 0.5"),
        (lambda: X + np.ones(3), "expected an exact number"),
        (lambda: np.ones(3) + X, "expected an exact number"),
        (lambda: np.float64(2) * X, "expected an exact number"),
        (lambda: g.sqrt(0.25), "expected an exact number .*; got 0.25"),
        (lambda: g.array([True]), "expected an exact number .*; got True"),
    ],
)
def test_what_does_not_fit_is_refused(act: Callable[[], Any], message: str) -> None:
    with pytest.raises(AuthoringError, match=message):
        act()


def test_what_numbers_do_not_allow() -> None:
    with pytest.raises(ZeroDivisionError):
        X / g.array([1, 0, 2])
    with pytest.raises(ZeroDivisionError, match="no mean of 1 entries with ddof=1"):
        g.array([1]).var(ddof=1)
    with pytest.raises(InputError, match="square root of the negative number -1"):
        g.sqrt(-X)
    with pytest.raises(InputError, match="the logarithm of 0"):
        g.log(g.zeros(2))


def test_readers_give_arrays() -> None:
    assert read_vector([1, "1/2"], field="x") / 2 == (sympy.Rational(1, 2), sympy.Rational(1, 4))
    assert read_matrix([[1, 2], [3, 4]], field="X").T == ((1, 3), (2, 4))


def test_values_from_outside_become_arrays() -> None:
    assert isinstance(as_array(((sympy.Integer(1),), (sympy.Integer(2),))), Array)
    for value in (("a", "b"), ((sympy.Integer(1),), ()), sympy.Integer(3), "word"):
        assert as_array(value) is value


def test_arrays_travel_between_processes() -> None:
    again = pickle.loads(pickle.dumps(X))  # noqa: S301 - our own
    assert again == X
    assert again.T == X.T


@FEW
@given(st.lists(surd_sums(), min_size=2, max_size=5))
def test_moments_of_roots_are_those_of_numpy(row: list[Any]) -> None:
    x = g.array(row)
    floats = np.array([float(number.evalf(20)) for number in row])
    size = 1 + float(np.max(np.abs(floats)))
    for ours, theirs in ((x.mean(), floats.mean()), (x.var(), floats.var()), (x.var(ddof=1), floats.var(ddof=1))):
        assert to_float(ours) == pytest.approx(float(theirs), rel=1e-9, abs=1e-9 * size**2)


@pytest.mark.slow
@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(st.lists(surd_sums(2), min_size=n + 1, max_size=n + 1), min_size=n, max_size=n)
    )
)
@example([[0, 1, 2], [1, 0, 3]])
def test_a_linear_system_is_solved_or_singular(table: list[list[Any]]) -> None:
    A, b = g.array([row[:-1] for row in table]), g.array([row[-1] for row in table])
    try:
        x = g.solve(A, b)
    except ZeroDivisionError:
        assert np.linalg.cond(np.array(to_float(A))) > 1e10
    else:
        assert same(A @ x, b)


def test_a_singular_and_an_oblong_system_are_refused() -> None:
    with pytest.raises(ZeroDivisionError, match="the matrix is singular"):
        g.solve([[1, 2], [2, 4]], [1, 2])
    with pytest.raises(ZeroDivisionError, match="the matrix is singular"):
        g.solve([[sympy.log(6), 1], [sympy.log(2) + sympy.log(3), 1]], [1, 2])
    with pytest.raises(AuthoringError, match="square"):
        g.solve([[1, 2, 3], [4, 5, 6]], [1, 2])
