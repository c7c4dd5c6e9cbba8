"""More of what students type: asides, labels of lists, names of rows, marks of other programs, and what is asked about."""

from __future__ import annotations

from typing import Any

import pytest

from generator.grading.nesting import Unread
from generator.grading.reading.answers import read_answer, read_like
from generator.grading.reading.choices import read_choice, read_choices, read_option, read_truths
from generator.grading.reading.several_shapes import read_shapes
from generator.grading.reading.shapes import read_shape
from generator.grading.reading.typed_words import read_words
from generator.numbers.equality import same
from generator.numbers.tokens import UnreadableError
from generator.problem.answers import Fields, Shape
from generator.problem.choices import Subsets
from generator.problem.solution import Values
from tests.grading.test_typed_answers import exactly

NUMBERS = {
    # an approximation beside the exact value
    "2√3 (3.464)": "2*sqrt(3)", "3.46 (2√3)": "2*sqrt(3)", "√3/3 (0.577)": "sqrt(3)/3", "2√3 (~3.464)": "2*sqrt(3)",
    "2√3 ~ 3.46": "2*sqrt(3)", "2√3 ~= 3.46": "2*sqrt(3)", r"2\sqrt{3} \sim 3.46": "2*sqrt(3)", "~12": "12", "x ∼ 12": "12",
    "2 (0.5)": "1", "2 (3)": "6", "46~136": "46136", "x~=~12": "12",
    "1/2 (50%)": "1/2", "50% (1/2)": "1/2",
    # marks of Markdown, words, a label of the paper
    "The answer is **1/2**": "1/2", "The answer is **1/2**.": "1/2", "50 per cent": "1/2", "12.5 per cent": "1/8", "C/K = 12": "12",
    "1.234.567,8": "6172839/5", "1.234.567": "1234567", "12.345,67": "1234567/100",
    # names before the value
    "x := 12": "12", "x <- 12": "12", "θ* = 12": "12", "w^* = 12": "12", r"\theta^{*} = 12": "12", "‖x‖ = 12": "12",
    "‖x‖₂ = 12": "12", r"\|x\| = 12": "12", r"\lVert x \rVert = 12": "12",
    # roots with an index, mixed numbers and per cent, other modules
    "sqrt[3]{8}": "2", "sqrt[3](8)": "2", "33 1/3%": "1/3", "33 1/3 %": "1/3", "(1/3)%": "1/300", "Math.sqrt(3)": "sqrt(3)",
}  # fmt: skip

VECTORS = [
    "1) 1, 2) 2, 3) 3", "(a) 1 (b) 2 (c) 3", "a) 1\nb) 2\nc) 3", "(i) 1\n(ii) 2\n(iii) 3", "{'a': 1, 'b': 2, 'c': 3}", "1|2|3", "(1 | 2 | 3)",
    "Matrix(3, 1, [1, 2, 3])", "column vector (1, 2, 3)", "1,0 2,0 3,0", "1 (1.0), 2, 3",
]  # fmt: skip

MATRICES = [
    "Matrix(2, 2, [1, 2, 3, 4])", "row 1 = [1, 2]\nrow 2 = [3, 4]", "Row 1: 1 2; Row 2: 3 4", "Row 1: [1, 2], Row 2: [3, 4]",
    "x_1 = (1, 2), x_2 = (3, 4)", "ŷ₁ = [1, 2]\nŷ₂ = [3, 4]", "r1 = [1, 2], r2 = [3, 4]", "1. [1, 2]\n2. [3, 4]", "a) 1, 2\nb) 3, 4",
    "- [1, 2]\n- [3, 4]", r"\begin{bmatrix}1&2\\[ 4pt ]3&4\end{bmatrix}", "2x2 Matrix{Int64}:\n 1  2\n 3  4",
]  # fmt: skip


@pytest.mark.parametrize(("text", "means"), NUMBERS.items())
def test_a_number_means_what_it_says(text: str, means: str) -> None:
    assert same(read_like(text, exactly(means)).value, exactly(means))


@pytest.mark.parametrize("text", ["1/3%", "100/50%", "2024-3-4", "2024/3/4", "1,795e3"])
def test_a_number_that_can_be_two_is_not_read(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_like(text, exactly("7"))


@pytest.mark.parametrize("text", VECTORS)
def test_a_vector_means_what_it_says(text: str) -> None:
    assert same(read_like(text, exactly(["1", "2", "3"])).value, exactly(["1", "2", "3"]))


@pytest.mark.parametrize("text", MATRICES)
def test_a_matrix_means_what_it_says(text: str) -> None:
    right = exactly([["1", "2"], ["3", "4"]])
    assert same(read_like(text, right).value, right)


@pytest.mark.parametrize(
    "text", ["0,5 -0,75 2", "0,5; -0,75; 2", "(0,5 | -0,75 | 2)", "0,5\t-0,75\t2", "0,5\n-0,75\n2", "0,50 -0,75 2,0"]
)
def test_decimal_commas_are_no_separators_where_others_separate(text: str) -> None:
    right = exactly(["1/2", "-3/4", "2"])
    assert same(read_like(text, right).value, right)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1.795/2", "1795/2"),
        ("1.795 + 1.000", "2795"),
        ("1.795 · 10", "17950"),
        ("2*1.795", "3590"),
        ("1.795√3", "1795*sqrt(3)"),
    ],
)
def test_thousands_within_a_calculation_are_asked_about(text: str, key: str) -> None:
    with pytest.raises(UnreadableError, match="can be read in two ways"):
        read_like(text, exactly(key))
    with pytest.raises(UnreadableError, match="can be read in two ways"):
        read_like(f"1 & {text} & 3", exactly(["1", key, "3"]))


COUNTS = exactly(["12", "1234", "7"])


@pytest.mark.parametrize(
    "text",
    [
        "12; 1,234; 7", "12, 1.234, 7", "12\n1,234\n7", "12\t1.234\t7", "12 & 1{,}234 & 7", "12 1 234 7", "12,1,234,7",
        "12 1,234 7",
    ],
)  # fmt: skip
def test_thousands_in_a_vector_are_asked_about_where_they_may_be_right(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_like(text, COUNTS)


@pytest.mark.parametrize("text", ["12; 1,235; 7", "12; 9.999; 7"])
def test_thousands_that_cannot_be_right_are_a_wrong_entry(text: str) -> None:
    assert [same(one, right) for one, right in zip(read_like(text, COUNTS).value, COUNTS, strict=True)] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("text", "like"),
    [
        (r"\frac{1}{2}\begin{bmatrix}2&4\\6&8\end{bmatrix}", [["1", "2"], ["3", "4"]]),
        (r"\begin{bmatrix}2&4\\6&8\end{bmatrix}/2", [["1", "2"], ["3", "4"]]),
        (r"\frac{1}{2}\begin{bmatrix}2\\4\\6\end{bmatrix}", ["1", "2", "3"]),
        ("(1/2)(2, 4, 6)", ["1", "2", "3"]),
        ("1/2 [[2, 4], [6, 8]]", [["1", "2"], ["3", "4"]]),
        ("1, 2; 3", [["1", "2"], ["3", "4"]]),
        ("1, 2, 3; 4, 6", [["1", "2", "3"], ["4", "5", "6"]]),
    ],
)
def test_what_is_no_array_of_entries_is_not_cut_into_entries(text: str, like: Any) -> None:
    with pytest.raises(UnreadableError):
        read_like(text, exactly(like))


def test_a_bracket_that_is_not_closed_spoils_its_entry_alone() -> None:
    value = read_like("1, (2, 3", exactly(["1", "2", "3"])).value
    assert [isinstance(entry, Unread) for entry in value] == [False, True, False]


@pytest.mark.parametrize("text", ["4 times 128", "The shape is (4, 128)", "It is 4x128", "(4,\n 128)"])
def test_a_shape_means_what_it_says(text: str) -> None:
    assert read_shape(text).value == (4, 128)


@pytest.mark.parametrize(
    "text",
    [
        "1) 4x128 2) 4x20", "a) 4x128\nb) 4x20", "(a) 4x128 (b) 4x20", "- 4x128\n- 4x20", "• 4x128\n• 4x20", "4x128 -> 4x20",
        "4x128 → 4x20", "z_1 = 4x128 → z_2 = 4x20", "4x128 | 4x20",
    ],
)  # fmt: skip
def test_several_shapes_mean_what_they_say(text: str) -> None:
    assert read_shapes(text, 2).value == ((4, 128), (4, 20))


@pytest.mark.parametrize("text", ["4x128, ?", "(4, 128), ?", "z_1: [4, 128], z_2: ?", "4x128 | junk"])
def test_a_shape_that_cannot_be_read_is_a_wrong_entry(text: str) -> None:
    first, second = read_shapes(text, 2).value
    assert first == (4, 128)
    assert isinstance(second, Unread)


@pytest.mark.parametrize("text", ["z_2: 4x20, z_1: 4x128", "z_2: [4, 20]; z_1: [4, 128]"])
def test_shapes_out_of_order_are_not_read(text: str) -> None:
    with pytest.raises(UnreadableError, match="order"):
        read_shapes(text, 2)


@pytest.mark.parametrize(
    "text",
    [
        "1=T, 2=F, 3=T", "1 = true 2 = false 3 = true", "a=T,b=F,c=T", "I. T II. F III. T", "**T** **F** **T**", "1T2F3T", "１ ０ １",
        "tensor([True, False, True], dtype=torch.bool)", "'T', 'F', 'T'", "#1 T #2 F #3 T", r"\text{T}, \text{F}, \text{T}", "$T, F, T$",
    ],
)  # fmt: skip
def test_verdicts_mean_what_they_say(text: str) -> None:
    assert read_truths(text, 3).value == (True, False, True)


@pytest.mark.parametrize("text", ["The answer is B", "It is B", "choice b", "= B", "-> B", "'B'", "my pick: (b)"])
def test_a_choice_means_what_it_says(text: str) -> None:
    assert read_choice(text, 4).value == 1


@pytest.mark.parametrize("text", [r"\mathbf{z}_{11}", "the answer is z11", "option z_11", "z[11]", "Answer: $z_{11}$"])
def test_an_option_is_named_within_a_sentence(text: str) -> None:
    assert read_option(text, ["z1", "z11", "z2"]) == "z11"


def values_of(**steps: Any) -> Values:
    return Values.of(
        {}, {name: exactly(value) if not isinstance(value, str) else value for name, value in steps.items()}
    )


@pytest.mark.parametrize(
    "text", ["σ = 3, μ = 1/2", "sigma=3, mu=1/2", r"\sigma = 3; \mu = \frac12", "σ: 3\nμ: 1/2", "sigma = 3 mu = 1/2"]
)
def test_fields_named_in_another_order_are_asked_about(text: str) -> None:
    with pytest.raises(UnreadableError, match="in the order of their names"):
        read_answer(Fields("f", (r"\mu", r"\sigma")), values_of(f=["1/2", "3"]), text)


@pytest.mark.parametrize(
    "text",
    [
        "μ = 1/2, σ = 3",
        r"\mu = \frac12, \sigma = 3",
        "mu: 1/2; sigma: 3",
        "mean = 1/2, std = 3",
        "1/2, 3",
        "μ = 2/4 = 1/2, σ = 3",
    ],
)
def test_fields_named_in_their_order_or_not_at_all(text: str) -> None:
    values = values_of(f=["1/2", "3"])
    assert read_answer(Fields("f", (r"\mu", r"\sigma")), values, text).value == values["f"]


def test_sets_of_letters_named_in_another_order_are_asked_about() -> None:
    answer = Subsets("s", (r"\text{BatchNorm}", r"\text{LayerNorm}"), "NCHW")
    values = Values.of({}, {"s": ("NHW", "CHW")})
    with pytest.raises(UnreadableError, match="in the order of their names"):
        read_answer(answer, values, "LayerNorm: CHW; BatchNorm: NHW")
    for text in (
        "BatchNorm: NHW; LayerNorm: CHW",
        "1. NHW 2. CHW",
        "NHW and CHW",
        "over N, H, W; over C, H, W",
        "NHW/CHW",
    ):
        assert read_answer(answer, values, text).value == ("NHW", "CHW")


@pytest.mark.parametrize("text", ["[4 128]", "[  4 128]", "4x128", "[4, 2*64]", "4 128"])
def test_the_shape_of_an_array_means_what_it_says(text: str) -> None:
    assert read_answer(Shape("s"), values_of(s=["4", "128"]), text).value == (4, 128)


@pytest.mark.parametrize("text", ["4x128=512", "4 × 128 (batch × features)", "4/128", "4-128"])
def test_what_is_no_shape_is_no_vector_of_one_product(text: str) -> None:
    with pytest.raises(UnreadableError):
        read_answer(Shape("s"), values_of(s=["4", "128"]), text)


@pytest.mark.parametrize("text", ["[4 128]; [4 20]", "[ 4 128] [ 4  20]"])
def test_several_shapes_as_numpy_prints_them(text: str) -> None:
    assert read_shapes(text, 2).value == ((4, 128), (4, 20))


@pytest.mark.parametrize(
    "text",
    [
        "n+e and s+t",
        "[('n', 'e'), ('s', 't')]",
        "(n, e), (s, t)",
        "n e\ns t",
        "n e, s t",
        "The answer is n+e, s+t",
        "n+e, s+t",
    ],
)
def test_merges_mean_what_they_say(text: str) -> None:
    assert read_words(text, ("n+e", "s+t")).value == ("n+e", "s+t")


def test_pairs_that_are_no_merges_stay_words() -> None:
    assert read_words("(n, e), (s, t)", ("n", "e", "s", "t")).value == ("n", "e", "s", "t")
    assert read_words("the word is net", "net").value == "net"


@pytest.mark.parametrize("text", [r"\{A, C\}", "both A and C", "options A and C", "The answers are A and C", "AC"])
def test_several_options_mean_what_they_say(text: str) -> None:
    assert read_choices(text, 3).value == (0, 2)
