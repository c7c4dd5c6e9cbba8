"""What students type and paste, and what it means: prints of programs, LaTeX, spreadsheets' habits, words, dates."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

from generator.grading.compare import compare
from generator.grading.grader import mark
from generator.grading.nesting import Unread
from generator.grading.reading.answers import read_like
from generator.grading.reading.choices import read_option, read_truths
from generator.grading.reading.several_shapes import read_shapes
from generator.grading.reading.shapes import read_shape
from generator.numbers import exact as ex
from generator.numbers.equality import same
from generator.numbers.tokens import UnreadableError
from generator.problem.catalogue import find_problem


def exactly(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(map(exactly, value))
    return ex.exact(sympy.sympify(value, rational=True))


ONE, THREE, SQUARE = exactly("1"), exactly(["1", "2", "3"]), exactly([["1", "2"], ["3", "4"]])
THIN, NARROW, HARD = "\u2009", "\u202f", "\u00a0"

NUMBERS = {
    # scientific notation
    "1e3": "1000", "1e-3": "1/1000", "4.125e-2": "33/800", "3.0e+00": "3", "7.5E+02": "750", "4.125*10^-2": "33/800",
    "4.125 × 10⁻²": "33/800", "4.125·10**-2": "33/800", r"4.125 \times 10^{-2}": "33/800", "1.5x10^3": "1500",
    "2.5 х 10^2": "250", "577e-3": "577/1000",
    # thousands
    "46 136": "46136", f"46{THIN}136": "46136", f"46{NARROW}136": "46136", f"46{HARD}136": "46136", "46_136": "46136",
    "46'136": "46136", r"46\,136": "46136", r"46\;136": "46136", "1,234.5": "2469/2", "1.234,5": "2469/2",
    "12.345.678": "12345678", "12,345,678": "12345678", "46 136,5": "92273/2",
    # chains of equalities
    "24/2=12": "12", "24/2 = 12.0": "12", "sqrt(3)/3 = 0.577": "sqrt(3)/3", "sqrt(3)/3 ≈ 0.577": "sqrt(3)/3", "2/3 ≈ 0.66": "2/3",
    "x = 24/2 = 12": "12", r"\frac{24}{2} = 12": "12", "0.577 ≈ √3/3": "sqrt(3)/3", r"\frac13 \approx 0.333": "1/3", "= 12": "12",
    "≈ 0.5": "1/2", "E[X] = 12": "12", "P(A) = 1/2": "1/2", "12 == 12": "12",
    # prints of programs
    "np.sqrt(3)": "sqrt(3)", "math.sqrt(3)/3": "sqrt(3)/3", "torch.sqrt(torch.tensor(3.))": "sqrt(3)", "np.float64(1.5)": "3/2",
    "tensor(0.5774)": "2887/5000", "tensor(0.5, grad_fn=<MeanBackward0>)": "1/2", "array(0.5, dtype=float32)": "1/2",
    "Decimal('1.5')": "3/2",
    "np.cbrt(8)": "2",
    r"12\,\text{bits}": "12",
    r"\begin{equation} 12 \end{equation}": "12",
    "√3 (≈ 1.73)": "sqrt(3)",
    "1,5e-2": "3/200",
    "1,5 · 10^-2": "3/200",
    "=SQRT(3)/3": "sqrt(3)/3",
    "Rational(1, 2)": "1/2", "Fraction(-1, 2)": "-1/2", "S(1)/2": "1/2", "1//2": "1/2", "math.pi": "pi", "np.log(2)": "log(2)",
    "<tf.Tensor: shape=(), dtype=float32, numpy=0.5>": "1/2", "tf.Tensor(0.5, shape=(), dtype=float32)": "1/2", "(5,)": "5", "[5,]": "5",
    # LaTeX around it, arrows
    r"\begin{align*} x &= 2\sqrt{3} \end{align*}": "2*sqrt(3)", r"\textcolor{red}{12}": "12", r"\underline{12}": "12",
    r"\therefore x = 12": "12", "∴ 12": "12", "⇒ 12": "12", "=> 12": "12", "-> 12": "12", r"\implies 12": "12",
    # marks of direction, which are invisible
    "\u200e-12": "-12", "\u202a12\u202c": "12", "\u202d12": "12",
    # "per cent" in short
    "12 pct": "3/25", "3 ¹/₂": "7/2", "-3 ¹⁄₂": "-7/2",
    # mixed numbers, fractions in Unicode
    "112 1/2": "225/2", "-3 1/2": "-7/2", "1 ½": "3/2", "1½": "3/2", "½": "1/2", "¹⁄₂": "1/2", "3⁄4": "3/4", "３／４": "3/4",
    "e²": "exp(2)",
    # signs, products, percent
    "−3": "-3", "–3": "-3", "2x3": "6", "2 X 3": "6", "50%": "1/2", r"50\%": "1/2", "50 %": "1/2", "12.5 percent": "1/8",
    # spreadsheets' guards, quotation marks, Markdown
    "'-3": "-3", '="-3"': "-3", "=-3": "-3", "'=-3": "-3", "“12”": "12", "`12`": "12", "**12**": "12", "*12*": "12", "_12_": "12",
    "**Answer:** 12": "12",
    # words
    "The answer is 12": "12", "Answer: 12": "12", "the value of x is 12.": "12", "about 12": "12", "approx. 12": "12",
    "12 parameters": "12", "12 parameters in total": "12", "12 (parameters)": "12", r"12 \text{ parameters}": "12",
    "12,": "12", "12.": "12", "12;": "12", "so x = 12": "12",
    # LaTeX
    r"\dfrac{1}{2}": "1/2", r"\tfrac{1}{2}\cdot 3": "3/2", r"\left( \frac{1}{2} \right)": "1/2", r"\boxed{12}": "12",
    r"\mathbf{12}": "12", r"\[ 12 \]": "12", r"$\displaystyle\frac{2\sqrt{3}}{3}$": "2*sqrt(3)/3", r"\sqrt{3}\,/\,3": "sqrt(3)/3",
    r"-\phantom{-}3": "-3", r"\nicefrac{1}{2}": "1/2",
}  # fmt: skip

VECTORS = [
    "1. 1\n2. 2\n3. 3",
    "1) 1\n2) 2\n3) 3",
    "<1, 2, 3>",
    '{"a": 1, "b": 2, "c": 3}',
    "(1, 2, 3),",
    "<tf.Tensor: shape=(3,), dtype=float32, numpy=array([1., 2., 3.], dtype=float32)>", "tf.Tensor([1. 2. 3.], shape=(3,), dtype=float32)",
    "DeviceArray([1., 2., 3.], dtype=float32)", "pd.Series([1, 2, 3])", "     x\n0  1.0\n1  2.0\n2  3.0", "a    1\nb    2\nc    3\ndtype: int64",
    "• 1\n• 2\n• 3", "* 1\n* 2\n* 3", "| 1 | 2 | 3 |", "1، 2، 3", "1、2、3", r"\begin{Bmatrix}1&2&3\end{Bmatrix}",
    "[1, 2, 3]", "[1, 2, 3,]", "1, 2 and 3", "1, 2, and 3", "['1', '2', '3']", "⟨1, 2, 3⟩", r"\{1, 2, 3\}", "**[1, 2, 3]**",
    "```python\n[1, 2, 3]\n```", "The answer is [1, 2, 3].", "x1: 1, x2: 2, x3: 3", "[3/3 = 1, 2, 3]", "[1, 2, 3] ≈ [1.0, 2.0, 3.0]",
    "tensor([1., 2., 3.], grad_fn=<AddBackward0>)", "tensor([1., 2., 3.],\n       device='cuda:0', dtype=torch.float64)",
    "array([1., 2., 3.], dtype=float32)", "[1.00000000e+00 2.00000000e+00 3.00000000e+00]", "[1. 2.\n 3.]",
    "[np.float64(1.0), np.float64(2.0), np.float64(3.0)]", "[tensor(1.), tensor(2.), tensor(3.)]", "np.array([1, 2, 3]).T",
    "Matrix([[1], [2], [3]])", "Matrix([[Rational(2, 2)], [2], [3]])", "⎡1⎤\n⎢ ⎥\n⎢2⎥\n⎢ ⎥\n⎣3⎦", "c(1, 2, 3)", "[1] 1 2 3",
    "3-element Vector{Float64}:\n 1.0\n 2.0\n 3.0", "0    1.0\n1    2.0\n2    3.0\ndtype: float64", "ans =\n\n     1     2     3\n",
    "x =\n\n     1\n     2\n     3\n", r"\begin{bmatrix}1\\[4pt]2\\[4pt]3\end{bmatrix}", r"\begin{pmatrix*}[r]1\\2\\3\end{pmatrix*}",
    r"\left[\begin{array}{@{}c@{}}1\\[.5ex]2\\3\end{array}\right]", r"(1,\, 2,\; 3)^{\top}", r"(1, 2, 3)^\mathsf{T}",
    f"1,{HARD}2,{HARD}3", f"1{HARD}2{HARD}3", "| a | b | c |".replace("a", "1").replace("b", "2").replace("c", "3") + "\n|---|---|---|",
]  # fmt: skip

MATRICES = [
    "<tf.Tensor: shape=(2, 2), dtype=float32, numpy=\narray([[1., 2.],\n       [3., 4.]], dtype=float32)>",
    "tf.Tensor(\n[[1. 2.]\n [3. 4.]], shape=(2, 2), dtype=float32)", "   a  b\n0  1  2\n1  3  4", "   a  b\nr  1  2\ns  3  4",
    "| 1 | 2 |\n| 3 | 4 |", "1 | 2\n3 | 4", "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |", "| | |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
    "+---+---+\n| 1 | 2 |\n+---+---+\n| 3 | 4 |\n+---+---+", r"\begin{tabular}{rr} 1 & 2 \\ 3 & 4 \end{tabular}",
    r"\begin{bNiceMatrix}1&2\\3&4\end{bNiceMatrix}",
    "[[1, 2,], [3, 4,],]", "1, 2,\n3, 4", "Matrix([\n[1, 2],\n[3, 4]])", "| 1 | 2 |\n|---|---|\n| 3 | 4 |",
    "tensor([[1., 2.],\n        [3., 4.]], requires_grad=True)", "array([[1, 2],\n       [3, 4]], dtype=int64)",
    "Parameter containing:\ntensor([[1., 2.],\n        [3., 4.]], requires_grad=True)", "[[1 2]\n [3 4]]",
    "     [,1] [,2]\n[1,]    1    2\n[2,]    3    4", "2×2 Matrix{Float64}:\n 1.0  2.0\n 3.0  4.0",
    "     0    1\n0  1.0  2.0\n1  3.0  4.0", "A =\n\n     1     2\n     3     4\n", "⎡1  2⎤\n⎢    ⎥\n⎣3  4⎦",
    r"\begin{array}{rr} 1 & 2 \\ \hline 3 & 4 \end{array}", r"\begin{array}{|c|c|}\hline 1&2\\\hline 3&4\\\hline\end{array}",
    r"\begin{array}{*{2}{r}} 1 & 2 \\[4pt] 3 & 4 \end{array}", r"\begin{bmatrix}\phantom{-}1&2\\3&4\\\end{bmatrix}",
    r"\begin{smallmatrix} 1 & 2 \\ 3 & 4 \end{smallmatrix}",
]  # fmt: skip

SHAPES = [
    "a matrix of 4 rows and 128 columns", "dimension 4 × 128", r"\R^{4 \times 128}", "4 ⨉ 128", "shape=(4, 128)",
    "torch.Size([4, 128])", "torch.Size([4,\n            128])", "(4,128,)", "4-by-128", r"\mathbb{R}^{4 \times 128}", "ℝ^{4×128}",
    "ℝ⁴ˣ¹²⁸", r"x \in \mathbb{R}^{4 \times 128}", "x ∈ R^(4x128)", "4 х 128", "4 rows, 128 columns", "128 columns, 4 rows",
    "4 rows and 128 columns", "a 4x128 matrix", "4X128", "x.shape = torch.Size([4, 128])", "TensorShape([4, 128])", "`(4, 128)`",
    f"4{THIN}×{THIN}128", "shape: (4, 128)",
]  # fmt: skip

SEVERAL_SHAPES = [
    "1. 4x128\n2. 4x20",
    "torch.Size([4, 128]), torch.Size([4, 20])", "[torch.Size([4, 128]), torch.Size([4, 20])]", "4,128; 4,20", "4,128\n4,20",
    "torch.Size([4, 128])\ntorch.Size([4, 20])", "{'z_1': torch.Size([4, 128]), 'z_2': torch.Size([4, 20])}", "4x128 and 4x20",
    "z_1.shape = (4, 128); z_2.shape = (4, 20)", r"z_1 \in \mathbb{R}^{4\times128}, z_2 \in \mathbb{R}^{4\times 20}",
    "4 rows, 128 columns; 4 rows, 20 columns", "(4, 128,), (4, 20,)", "4-by-128, 4-by-20",
]  # fmt: skip

DATES = [
    "3/4/2024", "3/4/24", "2024-03-04", "2024/03/04", "2024-03-04 00:00:00", "03.04.", "03.04", "12.04.", "04.03.2024", "4-Mar",
    "Mar-04", "04-Mar-2024", "3. Apr", "4. März", "Apr 3", "'3/4/2024",
]  # fmt: skip


@pytest.mark.parametrize(("text", "means"), NUMBERS.items())
def test_a_number_means_what_it_says(text: str, means: str) -> None:
    assert same(read_like(text, ONE).value, exactly(means))


@pytest.mark.parametrize("text", VECTORS)
def test_a_vector_means_what_it_says(text: str) -> None:
    assert same(read_like(text, THREE).value, THREE)


@pytest.mark.parametrize("text", MATRICES)
def test_a_matrix_means_what_it_says(text: str) -> None:
    assert same(read_like(text, SQUARE).value, SQUARE)


def test_decimals_that_programs_print_are_read_to_their_last_digit() -> None:
    typed = read_like("[5.77350269e-01 1.73205081e+00 0.00000000e+00]", THREE)
    assert same(typed.value, exactly(["0.577350269", "1.73205081", "0"]))
    assert typed.places == {(0,): 9, (1,): 8, (2,): 8}
    lines = "tensor([[-1.0000, -3.0000],\n        [-0.5774, -2.1547]], grad_fn=<NativeLayerNormBackward0>)"
    assert same(read_like(lines, SQUARE).value, exactly([["-1", "-3"], ["-0.5774", "-2.1547"]]))


@pytest.mark.parametrize("text", SHAPES)
def test_a_shape_means_what_it_says(text: str) -> None:
    assert read_shape(text).value == (4, 128)


@pytest.mark.parametrize("text", SEVERAL_SHAPES)
def test_several_shapes_mean_what_they_say(text: str) -> None:
    assert read_shapes(text, 2).value == ((4, 128), (4, 20))


@pytest.mark.parametrize(
    "text",
    [
        "tensor([ True, False,  True])",
        "array([True, False, True])",
        "1 true 2 false 3 true",
        "1T 2F 3T",
        "1-T 2-F 3-T",
        "T, F and T",
        "claim 1: T, claim 2: F, claim 3: T",
        "Т F Т",
        "ＴＦＴ",
        "1. T 2. F 3. T",
        "a) T b) F c) T",
        "(a) true (b) false (c) true",
        "i) T\nii) F\niii) T",
        "1: T, 2: F, 3: T",
        "1. 1 2. 0 3. 1",
    ],
)
def test_verdicts_may_have_labels(text: str) -> None:
    assert read_truths(text, 3).value == (True, False, True)


def test_an_option_may_be_named() -> None:
    options = ["z1", "z11", "z2"]
    for text in ("z_11", "z11", "$z_{11}$", "z₁₁", "(Z_11)"):
        assert read_option(text, options) == "z11"
    assert read_option("B", options) is None
    assert read_option("z", options) is None
    assert read_option("A", ["a", "b"]) is None  # a letter is that of an option as it is printed


@pytest.mark.parametrize("text", DATES)
def test_a_date_is_asked_about(text: str) -> None:
    with pytest.raises(UnreadableError, match="a spreadsheet made a date of a fraction"):
        read_like(text, ONE)
    typed = read_like(f"1 & {text} & 3", THREE)
    assert isinstance(typed.value[1], Unread)


@pytest.mark.parametrize("text", ["1/2/3", "3/4", "2.5.", "12.5", "10.75", "2024", "2024-1", "3-4", "1/100/3"])
def test_what_only_resembles_a_date_is_a_number(text: str) -> None:
    read_like(text, ONE)


@pytest.mark.parametrize("text", ["1,795", "1.795", "x = 1.795", "-1.795", "1,795."])
def test_a_comma_and_a_point_before_three_digits_are_both_asked_about(text: str) -> None:
    key = exactly("-1795" if text.startswith("-") else "1795")
    with pytest.raises(UnreadableError, match="can be read in two ways"):
        read_like(text, key)


def test_a_point_is_a_decimal_point_where_that_can_be_right() -> None:
    assert read_like("1.795", exactly("359/200")).value == sympy.Rational(359, 200)
    assert read_like("1.7950", exactly("1795")).value == sympy.Rational(359, 200)
    assert read_like("1.795", exactly("7")).value == sympy.Rational(359, 200)


@pytest.mark.parametrize(
    "text", ["24/2 = 13", "sqrt(3)/3 = 0.59", "12 = 12.4", "x = 1/3 = 0.25", "[1, 2, 3] = [1, 2, 4]"]
)
def test_sides_that_are_not_equal_are_asked_about(text: str) -> None:
    with pytest.raises(UnreadableError, match="not equal"):
        read_like(text, THREE if "[" in text else ONE) if "[" not in text else _strict_vector(text)


def _strict_vector(text: str) -> None:
    typed = read_like(text, THREE)
    assert isinstance(typed.value[2], Unread)
    raise UnreadableError(typed.value[2].reason)


@pytest.mark.parametrize(
    "text",
    [
        "3 or 4",
        "3 and 4",
        "12 thousand",
        "12k",
        "12 million",
        "three",
        "2 lambda",
        "12 MB",
        "minus 3",
        "3 sigma",
        "5 squared",
        "0.57...",
    ],
)
def test_words_that_change_a_number_are_not_passed_over(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_like(text, ONE)


@pytest.mark.parametrize(
    ("typed", "right", "status"),
    [
        ("5.774*10^-1", "sqrt(3)/3", "correct"),
        ("5.77e-1", "sqrt(3)/3", "correct"),
        ("57.7%", "sqrt(3)/3", "correct"),
        ("577/10^3", "sqrt(3)/3", "correct"),
        ("5.8*10^-1", "sqrt(3)/3", "wrong"),
        ("5.78e-1", "sqrt(3)/3", "wrong"),
        ("1.73*10^3", "1000*sqrt(3)", "correct"),
        ("1.74*10^3", "1000*sqrt(3)", "wrong"),
        ("1.7e3", "1000*sqrt(3)", "wrong"),
    ],
)
def test_the_digits_of_a_power_of_ten_are_counted(typed: str, right: str, status: str) -> None:
    compared = compare(read_like(typed, ONE), exactly(right), 0, decimals=True)
    assert compared is not None
    assert compared.all_right == (status == "correct")


@pytest.mark.parametrize(
    ("typed", "right", "counts"),
    [
        ("0.57735026", "sqrt(3)/3", True),  # as 32 bits have it: 0.5773502692 rounds to ...27
        ("0.30000000000000004", "3/10", True),
        ("2.9999998", "3", True),
        ("-1.1920929e-07", "0", True),
        ("0.57735", "sqrt(3)/3", True),
        ("0.577351", "sqrt(3)/3", False),
        ("0.5773512", "sqrt(3)/3", False),
        ("0.001", "0", False),
        ("0.0000001", "1/1000", False),
        ("2.99999", "3", False),
    ],
)
def test_what_floats_make_of_a_number_counts_as_rounded(typed: str, right: str, counts: bool) -> None:
    compared = compare(read_like(typed, ONE), exactly(right), 0, decimals=True)
    assert compared is not None
    assert compared.all_right == counts


def test_what_is_read_is_marked() -> None:
    dropout = find_problem("dropout").printed()
    right = dropout.values["y_corr"]
    for text in (f"'{right}", f"={right}", f"y = 2*{right}/2 = {right}", f"{right}.0", f"{right} units"):
        assert mark(dropout, "y_corr", text).status == "correct", text
    assert mark(dropout, "y_corr", "3/4/2024").status == "invalid"
