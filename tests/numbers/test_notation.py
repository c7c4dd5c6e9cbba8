"""TeX of numbers: a table of how they look, and their values read back from the TeX."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
import sympy
from hypothesis import example, given
from hypothesis import strategies as st
from sympy import Rational, exp, log, pi, sqrt

from generator.numbers import exact as ex
from generator.numbers import notation
from tests.numbers.test_exact import surd_sums

LOOKS = [
    (0, "0", "0"),
    (-3, "-3", "−3"),
    (9999, "9999", "9999"),
    (66756, r"66\,756", "66756"),
    (-1234567, r"-1\,234\,567", "−1234567"),
    (Rational(-5, 3), r"-\frac{5}{3}", "−5/3"),
    (Rational(16689, 308), r"\frac{16\,689}{308}", "16689/308"),
    (sqrt(2) / 2, r"\frac{\sqrt{2}}{2}", "√2/2"),
    (sqrt(12345), r"\sqrt{12\,345}", "√12345"),
    (4 * sqrt(3), r"4\sqrt{3}", "4√3"),
    (-sqrt(3), r"-\sqrt{3}", "−√3"),
    (1 - sqrt(3), r"1-\sqrt{3}", "1 − √3"),
    (-1 - 2 * sqrt(3) / 3, r"-1-\frac{2\sqrt{3}}{3}", "−1 − 2√3/3"),
    (1 + 15 * sqrt(14) / 14, r"1+\frac{15\sqrt{14}}{14}", "1 + 15√14/14"),
    (sqrt(5) - sqrt(2), r"-\sqrt{2}+\sqrt{5}", "−√2 + √5"),
    (log(6), r"\ln 6", "ln(6)"),
    (log(6) / 2 - 1, r"-1+\frac{\ln 6}{2}", "−1 + ln(6)/2"),
    (log(123456), r"\ln 123\,456", "ln(123456)"),
    (log(2) ** 2, r"\ln{\left(2 \right)}^{2}", "ln(2)^2"),
    (pi / 2, r"\frac{\pi}{2}", "π/2"),
    (exp(2), "e^{2}", "exp(2)"),
]


@pytest.mark.parametrize(("x", "tex", "plain"), LOOKS)
def test_numbers_look_as_in_a_textbook(x: Any, tex: str, plain: str) -> None:
    assert notation.number(x) == tex
    assert notation.plain(x) == plain


@given(surd_sums(4))
@example(-1 - 2 * sqrt(3) / 3)
@example(66756 * sqrt(12346) / 5)
def test_the_tex_has_the_number_s_value_and_so_has_sympy_s(x: Any) -> None:
    assert value_of(notation.number(x)) == pytest.approx(ex.to_float(x), rel=1e-12, abs=1e-12)
    assert value_of(sympy.latex(x)) == pytest.approx(ex.to_float(x), rel=1e-12, abs=1e-12)


@given(surd_sums(), st.integers(1, 30), st.integers(-9, 9))
@example(sympy.Integer(1), 2, -1)
def test_the_tex_of_logarithms_has_their_value(x: Any, n: int, k: int) -> None:
    number = ex.add(x, ex.multiply(log(n), sympy.Integer(k)))
    assert value_of(notation.number(number)) == pytest.approx(ex.to_float(number), rel=1e-12, abs=1e-12)


@given(st.integers(-(10**12), 10**12))
def test_digits_are_grouped_from_five_on(n: int) -> None:
    text = notation.integer(n)
    assert text.replace(r"\,", "") == str(n)
    assert (r"\," in text) == (abs(n) >= 10_000)
    assert all(len(group) == 3 for group in text.lstrip("-").split(r"\,")[1:])


@given(surd_sums(3))
def test_the_rational_term_comes_first(x: Any) -> None:
    text = notation.number(x)
    rational, rest = x.as_coeff_Add()
    if rational != 0:
        assert text.startswith(notation.number(rational))
        assert rest == 0 or r"\sqrt" in text.removeprefix(notation.number(rational))


# ---------------------------------------------------------------------------------------------- brackets


@pytest.mark.parametrize(
    ("x", "bracketed", "factor", "addend", "base", "signed"),
    [
        (2, "2", "2", "2", "2", "+2"),
        (-2, "(-2)", "-2", "(-2)", "(-2)", "-2"),
        (10000, r"10\,000", r"10\,000", r"10\,000", r"10\,000", r"+10\,000"),
        (Rational(-1, 2), r"\left(-\frac{1}{2}\right)", r"-\frac{1}{2}", r"\left(-\frac{1}{2}\right)",
         r"\left(-\frac{1}{2}\right)", r"-\frac{1}{2}"),
        (Rational(1, 2), r"\frac{1}{2}", r"\frac{1}{2}", r"\frac{1}{2}", r"\left(\frac{1}{2}\right)", r"+\frac{1}{2}"),
        (1 - sqrt(3), r"(1-\sqrt{3})", r"(1-\sqrt{3})", r"1-\sqrt{3}", r"(1-\sqrt{3})", r"+1-\sqrt{3}"),
        (sqrt(3), r"\sqrt{3}", r"\sqrt{3}", r"\sqrt{3}", r"(\sqrt{3})", r"+\sqrt{3}"),
        (log(6), r"\ln 6", r"(\ln 6)", r"\ln 6", r"(\ln 6)", r"+\ln 6"),
        (2 * log(10000), r"2 \ln 10\,000", r"(2 \ln 10\,000)", r"2 \ln 10\,000", r"(2 \ln 10\,000)", r"+2 \ln 10\,000"),
    ],
)  # fmt: skip
def test_brackets_stand_where_they_are_needed(
    x: Any, bracketed: str, factor: str, addend: str, base: str, signed: str
) -> None:
    assert notation.bracketed(x) == bracketed
    assert notation.factor(x) == factor
    assert notation.addend(x) == addend
    assert notation.base(x) == base
    assert notation.signed(x) == signed
    assert notation.juxtaposed(x) in (f"({notation.number(x)})", rf"\left({notation.number(x)}\right)")


exact_lists = st.lists(surd_sums(2), min_size=1, max_size=5)


@given(exact_lists)
@example([sympy.Integer(-2), sympy.Integer(-3), sympy.Integer(1)])
def test_sums_have_the_value_of_the_sum(xs: list[Any]) -> None:
    floats = ex.to_float(xs)
    assert value_of(notation.sum_of(xs)) == pytest.approx(math.fsum(floats), rel=1e-9, abs=1e-9)
    assert value_of(notation.sum_of_squares(xs)) == pytest.approx(math.fsum(x * x for x in floats), rel=1e-9)


@given(st.lists(st.tuples(surd_sums(2), surd_sums(2)), min_size=1, max_size=4))
@example([(log(6), sympy.Integer(2)), (log(6), log(2)), (-log(6), -log(2))])
@pytest.mark.slow
def test_linear_combinations_have_their_value(pairs: list[tuple[Any, Any]]) -> None:
    text = notation.linear_combination([w for w, _ in pairs], [x for _, x in pairs])
    expected = math.fsum(ex.to_float(w) * ex.to_float(x) for w, x in pairs)
    assert value_of(text) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_sums_look_as_in_a_textbook() -> None:
    assert notation.sum_of([4, 4, 8, 8]) == "4+4+8+8"
    assert notation.sum_of([-2, -3, 1]) == "-2+(-3)+1"
    assert notation.sum_of_squares([-2, 1]) == "(-2)^2+1^2"
    assert notation.linear_combination([1, -1], [2, 6]) == r"1\cdot 2+(-1)\cdot 6"
    assert notation.linear_combination([-1, log(2)], [-2, 3]) == r"-1\cdot (-2)+(\ln 2)\cdot 3"
    assert notation.sum_of([]) == notation.sum_of_squares([]) == notation.linear_combination([], []) == "0"


# -------------------------------------------------------------------------------------------- collections


def test_vectors_and_matrices_are_on_one_line() -> None:
    assert notation.row([1, -2]) == r"\begin{bmatrix} 1 & -2 \end{bmatrix}"
    assert notation.column([1, -2]) == r"\begin{bmatrix} 1 \\ -2 \end{bmatrix}"
    assert notation.matrix([[1, 2], [3, sqrt(2)]]) == r"\begin{bmatrix} 1 & 2 \\ 3 & \sqrt{2} \end{bmatrix}"
    assert notation.shape([4, 128]) == "[4, 128]"
    assert notation.tuple_([1, Rational(1, 2)]) == r"(1, \frac{1}{2})"


def test_one_function_for_every_value() -> None:
    assert notation.tex(Rational(1, 2)) == r"\frac{1}{2}"
    assert notation.tex(ex.vector([1, 2])) == notation.row([1, 2])
    assert notation.tex(ex.matrix([[1, 2]])) == notation.matrix([[1, 2]])
    for bracket in (notation.bracketed, notation.factor, notation.addend, notation.juxtaposed):
        assert bracket(ex.vector([-1, 2])) == notation.row([-1, 2])


# --------------------------------------------------------------------------- a reader of TeX for the tests

_TOKENS = re.compile(
    r"(?P<number>\d+)|(?P<command>\\(?:frac|sqrt|ln|cdot|left\(|right\)))|(?P<sign>[-+^{}()])|(?P<blank> +)|(?P<other>.)"
)


def value_of(tex: str) -> float:
    """The value of TeX with the precedence a reader gives it: a logarithm takes all factors that follow."""
    tokens = []
    for match in _TOKENS.finditer(tex.replace(r"\,", "")):
        assert match.lastgroup != "other", f"{match[0]!r} in {tex!r}"
        if match.lastgroup != "blank":
            tokens.append(match[0].replace(r"\left", "").replace(r"\right", ""))
    reader = _TexReader([*tokens, "end"])
    value = reader.sum()
    assert reader.tokens == ["end"], f"{reader.tokens} is left of {tex!r}"
    return value


class _TexReader:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def sum(self) -> float:
        negative = self.skip("-")
        value = -self.product() if negative else self.product()
        while self.tokens[0] in ("+", "-"):
            value += self.product() if self.tokens.pop(0) == "+" else -self.product()
        return value

    def product(self) -> float:
        value = self.power()
        while self.tokens[0] not in ("+", "-", ")", "}", "end"):
            assert self.skip(r"\cdot") or not self.tokens[0].isdigit(), "two numbers side by side"
            value *= self.power()
        return value

    def power(self) -> float:
        value = self.atom()
        if self.skip("^"):
            value **= self.atom()
        return value

    def atom(self) -> float:
        word = self.tokens.pop(0)
        if word.isdigit():
            return float(word)
        if word == r"\frac":
            above = self.atom()
            return above / self.atom()
        if word == r"\sqrt":
            return math.sqrt(self.atom())
        if word == r"\ln":
            return math.log(self.product())
        assert word in "({", f"{word!r} is no beginning"
        value = self.sum()
        assert self.tokens.pop(0) == {"(": ")", "{": "}"}[word]
        return value

    def skip(self, token: str) -> bool:
        if self.tokens[0] == token:
            del self.tokens[0]
            return True
        return False
