"""Exact values as JSON, there and back."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sympy
from hypothesis import example, given
from sympy import Rational, exp, log, pi, sqrt

from generator.errors import AuthoringError, InputError
from generator.numbers import exact as ex
from generator.numbers.encoding import encode, read_matrix, read_number, read_vector
from tests.numbers.test_exact import surd_sums
from tests.numbers.test_plain_numbers import expressions


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (sympy.Integer(-3), "-3"),
        (Rational(16689, 308), "16689/308"),
        (-1 - 2 * sqrt(3) / 3, "-1 - 2*sqrt(3)/3"),
        (1 + 15 * sqrt(14) / 14, "1 + 15*sqrt(14)/14"),
        (-sqrt(2) / 2, "-sqrt(2)/2"),
        (sqrt(5) - sqrt(2), "-sqrt(2) + sqrt(5)"),
        (log(6), "log(6)"),
        (log(6) / 2 - 1, "-1 + log(6)/2"),
        (Rational(1, 2) - log(3), "1/2 - log(3)"),
        (sqrt(2) + pi - 1, "-1 + sqrt(2) + pi"),
        (exp(Rational(1, 2)), "exp(1/2)"),
    ],
)
def test_numbers_are_written_with_the_rational_term_first(x: Any, text: str) -> None:
    assert encode(x) == text
    assert sympy.sympify(text) == x
    assert read_number(text, field="x") == x


@given(surd_sums(3))
@pytest.mark.slow
def test_a_sum_of_roots_comes_back(x: Any) -> None:
    text = encode(x)
    assert sympy.sympify(text) == x
    assert read_number(text, field="x") == x


@given(expressions)
@example("(sqrt(2)+sqrt(3)+sqrt(5)+1)^64")
@example("3^64")
@example("exp(exp(4))*exp(exp(4))")
@example("(log(2)+log(3))^32")
@example("exp(100)*exp(38)/3^20")
@pytest.mark.slow
def test_what_is_read_can_be_written_and_read_again(text: str) -> None:
    try:
        value = read_number(text, field="x")
    except InputError:
        return
    assert ex.same(read_number(encode(value), field="x"), value)
    assert ex.same(ex.exact(sympy.sympify(encode(value))), value)


def test_values_of_every_nesting_become_json() -> None:
    value = {
        "X": ex.matrix([[1, 2], [3, sqrt(2)]]),
        "gamma": [ex.ONE, 2],
        "which": "theta",
        "present": True,
        "nothing": None,
        "table": {"a": (log(6),)},
    }
    assert json.loads(json.dumps(encode(value))) == {
        "X": [["1", "2"], ["3", "sqrt(2)"]],
        "gamma": ["1", "2"],
        "which": "theta",
        "present": True,
        "nothing": None,
        "table": {"a": ["log(6)"]},
    }


@pytest.mark.parametrize("value", [0.5, {1, 2}, object(), b"1"])
def test_what_has_no_exact_text_is_the_author_s_mistake(value: Any) -> None:
    with pytest.raises(AuthoringError, match="no exact text"):
        encode((value,))


# ------------------------------------------------------------------------------------------------ reading


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (0.5, 'x: 0.5 is not exact; write it as a text, such as "1/2"'),
        (True, "x: expected a number; got True"),
        (None, "x: expected a number; got None"),
        ([1], "x: expected a number; got [1]"),
        ({"a": 1}, "x: expected a number"),
        (10**30, "x: a number has more than 30 digits"),
        (-(10**30), "x: a number has more than 30 digits"),
        ("3^64", "x: written out, the number is too long"),
        ("(sqrt(2)+sqrt(3)+sqrt(5)+1)^20", "x: "),
        ("abc", "x: 'abc', character 1"),
    ],
)
def test_a_value_that_is_no_number_is_refused_by_name(raw: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_number(raw, field="x")
    assert str(caught.value).startswith(message)


def test_numbers_that_are_exact_already_stay() -> None:
    assert read_number(-7, field="x") == -7
    assert read_number(sqrt(2) / 2, field="x") == sqrt(2) / 2


def test_vectors_and_matrices() -> None:
    assert read_vector([1, "1/2", "sqrt(2)"], field="x") == (1, Rational(1, 2), sqrt(2))
    assert read_matrix([[1, 2], ["3", 4]], field="X") == ((1, 2), (3, 4))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ([[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3]], "X: row 3 has 3 entries, row 1 has 4"),
        ([[1, 2, 3], [1, 2, 0.5]], "X[2][3]: 0.5 is not exact"),
        ([[1, 2, "x"]], "X[1][3]: 'x', character 1"),
        ([], "X: expected at least one row"),
        ([[]], "X[1]: expected at least one number"),
        ([[1], []], "X[2]: expected at least one number"),
        ([1, 2], "X[1]: expected a list of numbers; got 1"),
        ("12", "X: expected a list of rows; got '12'"),
        ({"1": 2}, "X: expected a list of rows"),
        (None, "X: expected a list of rows; got None"),
    ],
)
def test_a_matrix_that_is_none_is_refused_at_its_place(raw: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_matrix(raw, field="X")
    assert str(caught.value).startswith(message)
