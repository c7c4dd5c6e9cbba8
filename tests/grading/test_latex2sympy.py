"""LaTeX read here and by latex2sympy2_extended, on generated numbers and matrices: what both read has the same value.

Left out is what the two mean to read differently: log (base ten there), thin spaces between thousands (factors there), mixed
numbers (refused here), odd roots of negative numbers (complex there).
"""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.grading.reading.answers import read_matrix, read_number
from generator.numbers.tokens import UnreadableError

pytestmark = pytest.mark.slow
latex2sympy2_extended = pytest.importorskip("latex2sympy2_extended")

WHOLE = st.integers(0, 40).map(str)
DECIMAL = st.tuples(st.integers(0, 99), st.integers(1, 9)).map(lambda two: f"{two[0]}.{two[1]}")
ATOMS = st.one_of(WHOLE, WHOLE, DECIMAL, st.sampled_from([r"\pi", r"\sqrt{2}", r"\sqrt{3}", r"e^{2}", r"\frac{1}{2}"]))


def compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map(lambda two: rf"\frac{{{two[0]}}}{{{two[1]}}}"),
        pair.map(lambda two: rf"\dfrac{{{two[0]}}}{{{two[1]}}}"),
        pair.map(lambda two: f"{two[0]} + {two[1]}"),
        pair.map(lambda two: rf"{two[0]} - \left({two[1]}\right)"),
        pair.map(lambda two: rf"\left({two[0]}\right) \cdot \left({two[1]}\right)"),
        pair.map(lambda two: rf"\left({two[0]}\right) \times {{{two[1]}}}"),
        inner.map(lambda one: rf"\sqrt{{{one}}}"),
        WHOLE.map(lambda one: rf"\sqrt[3]{{{one}}}"),
        inner.map(lambda one: rf"-\left({one}\right)"),
        inner.map(lambda one: rf"\left|{one}\right|"),
        inner.map(lambda one: rf"\ln\left({one}\right)"),
        inner.map(lambda one: rf"\left({one}\right)^{{2}}"),
        inner.map(lambda one: rf"\left({one}\right)^{{-1}}"),
        st.integers(2, 9).map(lambda n: rf"{n}\sqrt{{{n + 1}}}"),
        st.tuples(DECIMAL, st.integers(-4, 4)).map(lambda two: rf"{two[0]} \cdot 10^{{{two[1]}}}"),
        st.tuples(DECIMAL, st.integers(-4, 4)).map(lambda two: rf"{two[0]} \times 10^{{{two[1]}}}"),
    )


NO_VALUE = (
    "division by zero",
    "the root of a negative number",
    "the logarithm of a number that is not positive",
    "multiplied out, this sum",
    *(
        f"this {what} "
        for what in ("takes too", "number is", "sum has", "denominator has", "root is", "exponential is")
    ),
)
"""The reasons for which a number that can be read has no value here."""
NUMBERS = st.recursive(ATOMS, compound, max_leaves=5)


def theirs(text: str) -> Any:
    return latex2sympy2_extended.latex2sympy(text)


def check_equal(ours: Any, other: Any, text: str) -> None:
    difference = abs(sympy.N(ours, 30) - sympy.N(other, 30))
    assert difference <= 1e-12 * max(1, abs(sympy.N(ours, 30))), (text, ours, other)


@given(NUMBERS)
@settings(max_examples=150)
def test_a_number_has_the_same_value(text: str) -> None:
    ours, refused = None, ""
    try:
        ours = read_number(text).value
    except UnreadableError as error:
        refused = error.reason
    if ours is None:
        assert refused.startswith(NO_VALUE), (text, refused)
    else:
        check_equal(ours, theirs(text), text)


FRAMES = (
    (r"\begin{bmatrix} ", r" \end{bmatrix}"),
    (r"\begin{pmatrix}", r"\end{pmatrix}"),
    (r"\left[\begin{array}{rrr}", r"\end{array}\right]"),
    (r"\begin{matrix} ", r" \end{matrix}"),
)


@given(
    st.integers(1, 3).flatmap(lambda n: st.lists(st.lists(NUMBERS, min_size=n, max_size=n), min_size=1, max_size=3)),
    st.sampled_from(FRAMES),
)
@settings(max_examples=30)
def test_a_matrix_has_the_same_entries(rows: list[list[str]], frame: tuple[str, str]) -> None:
    text = frame[0] + r" \\ ".join(" & ".join(row) for row in rows) + frame[1]
    try:
        ours = read_matrix(text).value
    except UnreadableError:
        return
    other = theirs(text)
    assert other.shape == (len(ours), len(ours[0])), text
    for i, row in enumerate(ours):
        for j, entry in enumerate(row):
            check_equal(entry, other[i, j], text)
