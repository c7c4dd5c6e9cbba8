"""What can be read in two ways is refused at its place: never read as something that was not meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from generator.grading.grader import mark
from generator.grading.nesting import TypedValue
from generator.grading.reading.answers import read_matrix, read_number, read_vector
from generator.numbers.tokens import UnreadableError
from generator.problem.catalogue import find_problem


@pytest.mark.parametrize(
    ("read", "text", "message", "character"),
    [
        (read_number, "1/2√3", "after '/' can be read in two ways", 4),
        (read_number, "6/2(1+2)", "after '/' can be read in two ways", 4),
        (read_number, "2√3/3√2", "after '/' can be read in two ways", 6),
        (read_number, "ln 2/3", "the argument of ln can be read", 5),
        (read_number, "ln 2√3", "the argument of ln can be read", 5),
        (read_number, r"\log 6*2", "the argument of log can be read", 7),
        (read_number, "3^1/2", "write ^(1/2)", 3),
        (read_number, "e^-1/2", "write ^(-1/2)", 4),
        (read_number, r"2\frac{1}{2}", "as a sum and as a product", 2),
        (read_number, "0.(3)", "a repeating decimal", 3),
        (read_number, "0.666...", "write a repeating decimal as a fraction", 6),
        (read_number, "2.5..", "write a repeating decimal as a fraction", 4),
        (read_number, "sqrt2(3)", "a number before its bracket is not read", 1),
        (read_number, r"\frac123", r"put braces around both parts of \frac", 6),
        (read_number, "x*y = 3", "only a name may come before '='", 1),
        (read_number, "x + 1 = 3", "only a name may come before '='", 1),
        (read_number, "2x = 3", "'x' is not known here", 2),
        (read_number, "1₂", "is not known here", 2),
        (read_vector, "1/3 [1,2]", "a comma cannot be used inside an entry", 7),
        (read_vector, "x_2 = 2, x_1 = 1", "in the order of their names", 10),
        (read_vector, "x2=2 x1=1", "in the order of their names", 6),
        (read_vector, "x₂ = 2; x₂ = 1", "each name once", 9),
        (read_vector, "x_2, x_1 = 1, 2", "in the order of their names", 6),
        (read_number, "x, y = 3", "only a name may come before '='", 1),
        (read_number, "x-y = 3", "only a name may come before '='", 1),
        (read_number, "alpha-beta = 3", "only a name may come before '='", 1),
        (read_vector, "-[1,2]", "a comma cannot be used inside an entry", 4),
        (read_vector, "6 | -3 | 2", "'|' with spaces on both sides", 3),
        (read_matrix, "0,5; 1,5\n2,5; 3,5", "rows may end with ';' or with the line", 4),
    ],
)
def test_what_is_ambiguous_is_refused_at_its_position(
    read: Callable[[str], TypedValue], text: str, message: str, character: int
) -> None:
    with pytest.raises(UnreadableError, match=re.escape(message)) as caught:
        read(text)
    assert caught.value.position == character - 1


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (read_number, "(1/2)√3 - ½√3", "0"),
        (read_number, r"\frac{1}{2}\sqrt{3} - √3/2", "0"),
        (read_number, "1/2*√3 - √3/2", "0"),
        (read_number, "ln(2)/3 - \\frac{\\ln 2}{3}", "0"),
        (read_number, "ln 6 - ln 2 - ln 3", "0"),
        (read_number, "2^3/4", "2"),
        (read_number, "3^{1}/2", "3/2"),
        (read_number, r"3\frac{\sqrt{4}}{2}", "3"),
        (read_number, "2.5.", "5/2"),
        (read_number, "x₁ = 3", "3"),
        (read_number, "sqrt 2(3)", "3*sqrt(2)"),
        (read_number, "2e -3", "-3 + 2*E"),
        (read_matrix, "(1+2) (3)", "((3, 3),)"),
        (read_vector, "|1 - 3| 2", "(2, 2)"),
        (read_vector, "x_1 = 3, x_{10} = 4, y = 5", "(3, 4, 5)"),
        (read_vector, "x, y = 3, 4", "(3, 4)"),
        (read_vector, "ln 2, ln 1", "(log(2), 0)"),
        (read_matrix, r"$\hat m_1, \hat m_2 = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}$", "((1, 2), (3, 4))"),
        (read_matrix, "θ1,θ2: [[1,2],[3,4]]", "((1, 2), (3, 4))"),
        (read_number, "multiply-adds=352 350", "352350"),
        (read_number, "mean-square error = 3", "3"),
        (read_matrix, "1,2;\n3,4;", "((1, 2), (3, 4))"),
        (read_matrix, "1 2 \\\\\n3 4", "((1, 2), (3, 4))"),
    ],
)
def test_what_is_clear_is_read(read: Callable[[str], Any], text: str, value: str) -> None:
    assert str(read(text).value) == value


@pytest.mark.parametrize(
    ("problem", "part", "text", "message"),
    [
        ("layer-norm", "mean", "6,0; 3,0; 2,0", "may be a decimal comma"),
        ("layer-norm", "mean", "6,0, 3,0, 2,0", "may be a decimal comma"),
        ("layer-norm", "std", "2 3 1 √3", "a space may separate entries or be part of one"),
        ("layer-norm", "mean", "6 3 1 -3", "a space before a sign"),
        ("layer-norm", "mean", "6 3 - 2", "a sign between spaces"),
        ("layer-norm", "output", "1 2 3 4\n5 6 7 8\n-1 -2 √3 1 4", "row 3 has 5 entries"),
    ],
)
def test_a_count_that_would_be_right_if_read_otherwise_is_invalid(
    problem: str, part: str, text: str, message: str
) -> None:
    marked = mark(find_problem(problem).printed(), part, text)
    assert marked.status == "invalid"
    assert message in marked.message


def test_a_count_that_is_wrong_anyhow_is_wrong() -> None:
    marked = mark(find_problem("layer-norm").printed(), "mean", "6 3 2 1")
    assert marked.message.startswith("Your answer has 4 entries; the right one has 3 entries")


def test_a_matrix_where_a_vector_is_asked_for_has_another_shape() -> None:
    marked = mark(find_problem("layer-norm").printed(), "mean", "6 1; 3 1; 2 1")
    assert (marked.status, marked.entries) == ("wrong", None)
    assert marked.message.startswith("Your answer has shape 3×2; the right one has 3 entries")
