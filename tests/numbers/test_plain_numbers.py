"""Numbers in the plain spelling of parameters and stored papers: values, refusals at their place, and time."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import pytest
import sympy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sympy import E, Rational, exp, log, pi, sqrt

from generator.errors import InputError
from generator.numbers import exact as ex
from generator.numbers.encoding import read_number
from generator.numbers.tokens import MAX_DIGITS, MAX_NUMBER_CHARACTERS


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("  7 ", 7),
        ("+3", 3),
        ("--1", 1),
        ("1/3", Rational(1, 3)),
        ("-6/4", Rational(-3, 2)),
        ("0.5", Rational(1, 2)),
        (".1", Rational(1, 10)),
        ("2.", 2),
        ("0.1^2", Rational(1, 100)),
        ("2*-3", -6),
        ("1 / 3 - - 2", Rational(7, 3)),
        ("-2^2", -4),
        ("2^3^2", 512),
        ("2**-3", Rational(1, 8)),
        ("4^(1/2)", 2),
        ("8^-1.5", sqrt(2) / 32),
        ("sqrt(12)", 2 * sqrt(3)),
        ("1/sqrt(3)", sqrt(3) / 3),
        ("1/(1+sqrt(2))", sqrt(2) - 1),
        ("sqrt(3 + 2*sqrt(2))", 1 + sqrt(2)),
        ("-1 - 2*sqrt(3)/3", -1 - 2 * sqrt(3) / 3),
        ("sqrt(1.21)", Rational(11, 10)),
        ("0.12345678901234567890123", Rational(12345678901234567890123, 10**23)),
        ("log(6)", log(6)),
        ("log(8)", 3 * log(2)),
        ("ln(sqrt(2))", log(2) / 2),
        ("ln(1/2)", -log(2)),
        ("log(exp(2))", 2),
        ("exp(log(3)/2)", sqrt(3)),
        ("E^2", exp(2)),
        ("e*pi", E * pi),
        ("(" * 30 + "1" + ")" * 30, 1),
        ("log(6) - log(2) - log(3)", 0),
        ("sqrt(log(6) - log(2) - log(3))", 0),
        ("+".join(["1"] * 70), 70),
        ("9" * MAX_DIGITS, 10**MAX_DIGITS - 1),
    ],
)
def test_a_number_is_read_exactly_and_made_canonical(text: str, value: Any) -> None:
    assert read_number(text, field="x") == value


@pytest.mark.parametrize(
    ("text", "message", "character"),
    [
        ("__import__('os')", "'_' cannot be used in a number", 1),
        ("1 + x", "'x' is not known here; known are sqrt, log, ln, exp, pi, E, e", 5),
        ("1 if 1 else 2", "'if' is not known", 3),
        ("lambda", "'lambda' is not known", 1),
        ("True", "'True' is not known", 1),
        ("oo", "'oo' is not known", 1),
        ("abs(2)", "'abs' is not known", 1),
        ("pi.real", "'real' is not known", 4),
        ("'a'", '"\'" cannot be used', 1),
        ("[1]", "'[' cannot be used in", 1),
        ("1,2", "',' cannot be used in", 2),
        ("5%3", "'%' cannot be used in", 2),
        ("$3$", "'$' cannot be used in", 1),
        ("½", "'½' cannot be used in", 1),
        ("1−2", "'−' cannot be used in", 2),
        ("１", "'１' cannot be used in", 1),
        ("1\x00", r"'\x00' cannot be used in", 2),
        ("3\n", r"'\n' cannot be used in", 2),
        ("1e5", "can be read in two ways; write 1*10^5", 1),
        ("0x10", "'x' is not known", 2),
        ("1_000", "'_' cannot be used in", 2),
        ("2pi", "write * before 'pi'", 2),
        ("2(3)", "write * before '('", 2),
        ("pi(2)", "write * before '('", 3),
        ("sqrt 2", "write sqrt with brackets", 1),
        ("3^1/2", "write ^(1/2)", 3),
        ("3 4", "'3' and '4' are next to each other", 3),
        ("(3", "'(' is not closed by ')'", 1),
        ("3)", "this bracket was not opened", 2),
        ("2^^3", "a number is missing before '^'", 3),
        ("1//2", "a number is missing before '/'", 3),
        ("sqrt", "'sqrt' needs a number after it", 1),
        ("sqrt()", "a number is missing before ')'", 6),
        ("1/0", "division by zero", 2),
        ("2^3 + 1/(pi - pi)", "division by zero", 8),
        ("1/(log(6)-log(2)-log(3))", "division by zero", 2),
        ("0^-1", "division by zero", 2),
        ("0^0", "0^0 is not a number", 2),
        ("1 + sqrt(-4)", "the root of a negative number is not real", 5),
        ("(-1)^(1/2)", "the root of a negative number is not real", 5),
        ("sqrt(sqrt(2)-sqrt(3))", "the root of a negative number is not real", 1),
        ("log(0)", "logarithm of a number that is not positive", 1),
        ("log(1-sqrt(2)+sqrt(3-2*sqrt(2)))", "logarithm of a number that is not positive", 1),
        ("2^(1/3)", "a root other than a square root", 1),
        ("exp(log(2)/3)", "a root other than a square root", 1),
        ("2^pi", "expected an exponent from -64 to 64", 2),
        ("2^65", "expected an exponent from -64 to 64", 2),
        ("1 + 9^64*9^64", "too large", 9),
        ("pi*pi^64", "written out, the number is too long or too involved", None),
        ("exp(231)", "too large", 1),
        ("exp(64)^64", "too large", 8),
        ("exp(-64)^64", "too small", 9),
        ("((1+sqrt(2))^64)^64", "too large", 17),
        ("(pi+E+log(2)+sqrt(2))^64", "more than 16 terms", 22),
        ("(1+sqrt(2)+sqrt(3)+sqrt(5)+sqrt(7)+sqrt(11)+sqrt(13))^3", "more than 16 different roots", 54),
        ("(1-" * 35 + "1" + ")" * 35, "nested more than 30 deep", None),
        ("-" * 50 + "1", "nested more than 30 deep", None),
        ("sqrt(" * 33 + "2" + ")" * 33, "nested more than 30 deep", None),
        ("1" * (MAX_DIGITS + 1), "more than 30 digits", 1),
        ("0." + "1" * (MAX_DIGITS + 1), "more than 30 digits", 1),
        ("+1" * 101, "202 characters", None),
        ("", "expected a number", None),
        ("  ", "expected a number", None),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(text: str, message: str, character: int | None) -> None:
    with pytest.raises(InputError) as caught:
        read_number(text, field="X[2][3]")
    assert str(caught.value).startswith("X[2][3]: ")
    assert caught.value.field == "X[2][3]"
    assert message in str(caught.value)
    if character is not None:
        assert f", character {character}: " in str(caught.value)


expressions = st.recursive(
    st.sampled_from(["0", "1", "2", "3", "10", "7/3", "0.25", "pi", "E", "999999999999999999999999999989"]),
    lambda inner: st.one_of(
        st.builds("({}{}{})".format, inner, st.sampled_from("+-*/^"), inner),
        st.builds("{}({})".format, st.sampled_from(["sqrt", "log", "exp", "-", ""]), inner),
        st.builds("({})^{}".format, inner, st.sampled_from(["2", "64", "-64", "(1/2)", "(63/2)"])),
    ),
    max_leaves=12,
).filter(lambda text: len(text) <= MAX_NUMBER_CHARACTERS)


@settings(max_examples=300)
@given(expressions)
@example("((((1/2)^64-pi)^2-exp(log(10)/2))^(1/2)+(log(E^2+pi))^(63/2))^2")
@example("1/(sqrt(2)+sqrt(3)+sqrt(5)+sqrt(7)+sqrt(11)+sqrt(13)+sqrt(17)+sqrt(19)+sqrt(23)+sqrt(29)+sqrt(31)+sqrt(37))")
@example("(1+sqrt(1+sqrt(2)))^64/(1+sqrt(3+sqrt(5)))^64")
@example("(sqrt(2)+sqrt(3)+sqrt(5)+sqrt(7)+sqrt(11))^64")
def test_any_expression_is_read_right_or_refused_in_a_moment(text: str) -> None:
    start = time.perf_counter()
    try:
        value = read_number(text, field="x")
    except InputError:
        value = None
    assert time.perf_counter() - start < 5, "bounds are there to keep this short"
    if value is not None:
        assert ex.is_exact(value)
        expected = sympy.sympify(text, rational=True).evalf(20, maxn=400)
        assert abs(ex.to_float(value) - float(expected)) <= 1e-9 * max(1, abs(float(expected)))


@given(st.text(alphabet="0123456789.+-*/^() spiqrtlogexE,_'\n\x00½λ", max_size=30) | st.text(max_size=30))
@example("1if 1else 2")
@example("1or 2")
def test_no_text_does_anything_but_read_or_refuse(text: str) -> None:
    with suppress(InputError):
        assert ex.is_exact(read_number(text, field="x"))
