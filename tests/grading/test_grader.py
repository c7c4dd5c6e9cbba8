"""Marking: the printed sheet's own numbers, comparing, diagnosing, following through, and what cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import combinations
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import InputError, WorksheetError
from generator.grading.compare import compare, matches
from generator.grading.grader import Grader, mark
from generator.grading.marks import Marked
from generator.grading.nesting import TypedValue
from generator.numbers.encoding import encode
from generator.paper.sheet import Entry
from generator.problem import drawing
from generator.problem.catalogue import find_problem
from generator.problem.choices import Choice
from generator.problem.problem import Variant
from tests.grading.test_catalogue_answers import texts

KEY = "-1, -3, 4, 4; -1, -5/3, 0, 20/3; -√3/3, -1-2√3/3, 1-√3, 4√3"


@cache
def printed(name: str) -> Variant:
    return find_problem(name).printed()


def of(name: str, part: str, text: str, working: Mapping[str, str] | None = None, **options: Any) -> Marked:
    return mark(printed(name), part, text, working, **options)


# ------------------------------------------------------------------------------------------ the printed sheet


@pytest.mark.parametrize(
    ("problem", "part", "text"),
    [
        ("layer-norm", "output", KEY),
        ("layer-norm", "output", "[-1,-3,4,4]\n[-1,-5/3,0,20/3]\n[-1/sqrt(3), -1-2/√3, 1-3/√3, 12/√3]"),
        ("layer-norm", "mean", "6 3 2"),
        ("layer-norm", "std", "(2, 3, √3)"),
        ("batch-norm", "variance", "2, 2, 14, 18"),
        (
            "batch-norm",
            "output",
            "-√2/2, -1-2√2, 1-6√14/7, -2√2; -1/√2, -1+√2, 1-3√14/14, -2√2; √2, -1+√2, 1+15√14/14, 4√2",
        ),
        ("dropout", "y_drop", "8"),
        ("dropout", "y_corr", "64/2"),
        ("model-size", "dimensions", "128, 256, 20, 1000"),
        ("model-size", "shapes", "z1, z2, z3: [4,128]; z4, z5, z6: 4x256; z7, z8, z9, z10 = (4,20); z_{11}: [4, 1000]"),
        ("model-size", "logits", "z11"),
        ("model-size", "parameters", "66756"),
        ("l2-regularization", "large_lambda", "A"),
    ],
)
def test_right_answers_of_the_printed_sheet(problem: str, part: str, text: str) -> None:
    marked = of(problem, part, text)
    assert (marked.status, marked.points, marked.diagnosis) == ("correct", marked.max_points, ())


@pytest.mark.parametrize(
    ("problem", "part", "text", "mistake"),
    [
        ("layer-norm", "std", "4, 9, 3", "no square root"),
        ("layer-norm", "variance", "16/3, 12, 4", "sample variance"),
        ("batch-norm", "variance", "3, 3, 21, 27", "sample variance"),
        ("dropout", "y_corr", "2", "scaled down"),
        ("dropout", "y_corr", "128", "corrected the full output"),
        ("model-size", "parameters", "65352", "no biases"),
        ("model-size", "break_even", "54", "rounded down at the break-even"),
        ("l2-regularization", "large_lambda", "D", "extremes swapped"),
    ],
)
def test_mistakes_on_the_printed_sheet(problem: str, part: str, text: str, mistake: str) -> None:
    variant = printed(problem)
    if part == "break_even":
        source = find_problem(problem)
        variant = source.variant(source.read({**(source.original or {}), "follow_ups": ["break_even"]}))
    marked = mark(variant, part, text)
    assert marked.status in ("wrong", "partial")
    assert mistake in marked.diagnosis


# ------------------------------------------------------------------------------------------------- comparing


def test_decimals_count_when_they_are_rounded_right() -> None:
    text = "-1,-3,4,4; -1,-1.67,0,6.67; -0.577,-2.155,-0.732,6.928"
    marked = of("layer-norm", "output", text)
    assert (marked.status, marked.points, marked.rounded) == ("correct", 6, True)
    truncated = of("layer-norm", "output", text.replace("-1.67", "-1.66"))
    assert (truncated.status, truncated.points) == ("partial", 5)
    strict = of("layer-norm", "output", text, decimals=False)
    assert (strict.status, strict.points) == ("partial", 3)
    assert "leave roots and fractions" in strict.message


def test_a_root_of_a_decimal_counts_as_one() -> None:
    source = find_problem("layer-norm")
    variant = source.variant(source.read({**(source.original or {}), "epsilon": "1/2"}))
    assert mark(variant, "std", "√4.5, √9.5, √3.5").status == "correct"
    assert mark(variant, "std", "√4.50, 3.08, √3.5").rounded
    assert mark(variant, "std", "√4.5, √9.5, √3.6").entries == [True, True, False]


def test_too_few_digits_do_not_tell_enough() -> None:
    marked = of("layer-norm", "std", "2 3 1.7")
    assert (marked.status, marked.points) == ("wrong", 0)
    assert "three significant digits" in marked.message
    assert of("layer-norm", "std", "2 3 1.73").status == "correct"
    assert not of("layer-norm", "std", "2.0 3.0 √3").rounded


@given(st.integers(-400, 400), st.integers(1, 60), st.integers(2, 5))
def test_a_rounded_number_is_recognised_and_its_neighbour_is_not(p: int, q: int, places: int) -> None:
    exact = sympy.Rational(p, q)
    scaled = sympy.Rational(round(exact * 10**places), 10**places)
    typed = TypedValue(scaled, {(): places})
    if abs(scaled * 10**places) >= 100:
        assert matches(typed, exact, 0)
    beside = TypedValue(scaled + sympy.Rational(2, 10**places), {(): places})
    assert not matches(beside, exact, 0)


def test_entries_and_shapes() -> None:
    found = compare(TypedValue(((1, 2), (3, 5)), {}), ((1, 2), (3, 4)), 2, decimals=True)
    assert found is not None
    assert (found.right, found.wrong) == (3, ((1, 1),))
    assert compare(TypedValue(((1, 2),), {}), ((1, 2), (3, 4)), 2, decimals=True) is None
    marked = of("layer-norm", "output", "1,2,3;4,5,6;7,8,9;1,1,1")
    assert (marked.status, marked.entries) == ("wrong", None)
    assert marked.message == "Your answer has shape 4×3; the right one has shape 3×4."
    assert of("layer-norm", "mean", "[6; 3; 2]").status == "correct"


# ------------------------------------------------------------------------------------------------ diagnosing


def test_a_mistake_in_one_row_is_found_there() -> None:
    marked = of("layer-norm", "output", KEY.replace("-√3/3, -1-2√3/3, 1-√3, 4√3", "-1/3, -5/3, 0, 4"))
    assert marked.diagnosis == ("no square root",)
    assert "(in row 3 only)" in marked.message
    assert marked.entries == [[True] * 4, [True] * 4, [False] * 4]
    assert (marked.status, marked.points) == ("partial", 4)


def test_a_mistake_in_some_rows_earns_no_less_than_in_all() -> None:
    wrong = printed("layer-norm").wrong
    values = next(values for mistake, values in wrong if mistake.name == "no square root")
    rows = [", ".join(row) for row in encode(values["output"])]
    everywhere = of("layer-norm", "output", "; ".join(rows))
    in_two = of("layer-norm", "output", "; ".join([*rows[:2], KEY.split("; ")[2]]))
    assert everywhere.diagnosis == in_two.diagnosis == ("no square root",)
    assert (everywhere.points, in_two.points) == (3, 3)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("-1, -1, -√3/3; -3, -5/3, -1-2√3/3; 4, 0, 1-√3; 4, 20/3, 4√3", "this is the transpose"),
        ("-1, -5/3, 0, 20/3; -1, -3, 4, 4; -√3/3, -1-2√3/3, 1-√3, 4√3", "Rows 1 and 2 are in the wrong order"),
        ("-3, -1, 4, 4; -5/3, -1, 0, 20/3; -1-2√3/3, -√3/3, 1-√3, 4√3", "Columns 1 and 2 are in the wrong order"),
        ("1, 3, -4, -4; -1, -5/3, 0, 20/3; -√3/3, -1-2√3/3, 1-√3, 4√3", "The sign is wrong in row 1"),
        (
            "-2, -6, 8, 8; -2, -10/3, 0, 40/3; -2√3/3, -2-4√3/3, 2-2√3, 8√3",
            "Every entry is $2$ times what it should be",
        ),
        ("-1, -3, 4, 5; -1, -5/3, 0, 20/3; -√3/3, -1-2√3/3, 1-√3, 4√3", "Only entry (1, 4) is wrong"),
    ],
)
def test_what_the_entries_show(text: str, told: str) -> None:
    marked = of("layer-norm", "output", text)
    assert told in marked.message
    assert marked.diagnosis == ()
    assert marked.status in ("wrong", "partial")


def test_nothing_is_claimed_of_what_nothing_explains() -> None:
    marked = of("model-size", "parameters", "987654321")
    assert (marked.status, marked.diagnosis, marked.message) == ("wrong", (), "That is not right.")


def test_several_mistakes_that_lead_to_one_answer_are_all_named() -> None:
    source = find_problem("layer-norm")
    variant = source.variant(source.read({**(source.original or {}), "beta": [0, 0, 0, 0]}))
    left_out = mark(variant, "output", "-1,-1,1,1; -1,-1/3,-1/3,5/3; -√3/3,-√3/3,-√3/3,√3")
    assert {"gamma left out", "gamma and beta left out"} <= {*left_out.diagnosis}
    assert "One of these could have led to your answer" in left_out.message


@pytest.mark.parametrize("name", ["layer-norm", "batch-norm", "dropout", "l2-regularization", "model-size"])
def test_two_mistakes_made_together_are_both_named(name: str) -> None:
    variant = drawing.draw_variant(find_problem(name), 5)
    grader = Grader(variant)
    singles = {part_id: [] for part_id in grader.parts}  # type: dict[str, list[Any]]
    for _, answers in variant.mistaken_answers(guided=True):
        for part_id, value in answers.items():
            singles[part_id].append(value)
    told = 0
    for first, second in list(combinations([mistake for mistake, _ in variant.wrong], 2))[::3]:
        try:
            wrong = variant.problem.graph.with_steps(variant.values, {**second.replaced, **first.replaced})
        except (WorksheetError, ValueError):
            continue  # each needs what the other replaces, or they do not fit each other
        for part in variant.computed_parts(guided=True):
            assert part.answer is not None
            value = part.answer.value(wrong)
            alone = [*singles[part.id], part.answer.value(variant.values)]
            if first.replaced.keys() & second.replaced.keys() or isinstance(value, str) or value in alone:
                continue
            marked = grader.mark(part.id, next(texts(part.answer, value, variant.values)))
            if not marked.diagnosis and isinstance(value, sympy.Rational):
                continue  # of few possible values, too many have two mistakes behind them to say so
            if value in variant.values.known.values():
                continue  # it is another quantity of the solution, and called that
            assert {first.name, second.name} <= {*marked.diagnosis}, (part.id, marked)
            assert marked.points is not None
            assert marked.points < marked.max_points
            told += 1
    assert told > 1


@pytest.mark.parametrize(("name", "part"), [("l2-regularization", "large_lambda"), ("model-size", "logits")])
def test_of_a_wrong_option_only_single_mistakes_are_named(name: str, part: str) -> None:
    for seed in range(4):
        variant = drawing.draw_variant(find_problem(name), seed)
        grader = Grader(variant)
        answer = grader.parts[part].answer
        assert isinstance(answer, Choice)
        for letter, option in zip("ABCDEFGH", answer.options, strict=False):
            lead_there = {mistake.name for mistake, values in variant.wrong if answer.value(values) == option}
            marked = grader.mark(part, letter)
            assert marked.status == "correct" or {*marked.diagnosis} == lead_there


# ----------------------------------------------------------------------------------------- following through


def test_earlier_values_that_change_nothing_are_not_said_to_lead_anywhere() -> None:
    opposite = {"centred": "2,2,-2,-2; 3,1,1,-5; 1,1,1,-3", "std": "-2, -3, -√3"}
    marked = of("layer-norm", "output", KEY.replace("20/3", "7"), opposite)
    assert marked.points == 5
    assert "follows from" not in marked.message


def test_what_follows_from_a_wrong_deviation_earns_all_points_but_one() -> None:
    wrong = KEY.replace("-√3/3, -1-2√3/3, 1-√3, 4√3", "-1/3, -5/3, 0, 4")
    marked = of("layer-norm", "output", wrong, {"std": "2 3 3"})
    assert (marked.status, marked.points, marked.max_points) == ("partial", 5, 6)
    assert marked.diagnosis == ("no square root",)
    assert "follows from your $\\sqrt{\\sigma^2 + \\varepsilon}$" in marked.message
    assert marked.expected_from_working == [
        ["-1", "-3", "4", "4"],
        ["-1", "-5/3", "0", "20/3"],
        ["-1/3", "-5/3", "0", "4"],
    ]
    assert (
        of("layer-norm", "output", wrong, {"std": "2 3 √3"}).points == 4
    )  # the right deviation, and yet row 3 is wrong


def test_a_right_answer_is_right_whatever_the_working() -> None:
    assert of("layer-norm", "output", KEY, {"std": "1 1 1"}).status == "correct"


def test_a_rounded_working_is_taken_for_the_exact_value_it_rounds() -> None:
    marked = of("layer-norm", "output", KEY, {"std": "2 3 1.73"})
    assert marked.expected_from_working[2] == ["-sqrt(3)/3", "-1 - 2*sqrt(3)/3", "1 - sqrt(3)", "4*sqrt(3)"]
    near = of(
        "layer-norm",
        "normalized",
        "-0.866,-0.866,0.866,0.866; -1,-1/3,-1/3,5/3; -0.577,-0.577,-0.577,1.73",
        {"std": "2.31 3 1.73"},
    )
    assert (near.status, near.points) == ("partial", 1)
    assert "follows from your $\\sqrt{\\sigma^2 + \\varepsilon}$" in near.message


def test_earlier_parts_count_as_working() -> None:
    grader = Grader(printed("layer-norm"))
    earlier = {"mean": "6 3 3", "variance": "4 9 4", "std": "2 3 2"}
    marked = grader.mark("std", "2 3 2", earlier={"variance": "4 9 4"})
    assert (marked.status, marked.points) == ("partial", 1)
    output = grader.mark("output", "-1,-3,4,4; -1,-5/3,0,20/3; -1,-3,-2,4", earlier=earlier)
    assert (output.status, output.points) == ("partial", 5)


@pytest.mark.parametrize(
    ("problem", "part", "text", "working", "told"),
    [
        (
            "layer-norm",
            "normalized",
            "-2,-2,2,2; -3,-1,-1,5; -1,-1,-1,3",
            {"std": "1 1 1"},
            r"leaves $x - \mu$ unchanged",
        ),
        ("layer-norm", "normalized", "-1,-1,1,1; -1,-1/3,-1/3,5/3; -1,-1,-1,3", {"std": "2 3 1"}, r"leaves $x - \mu$"),
        (
            "layer-norm",
            "output",
            "0,-1,1,0; 0,-1,1,0; 0,-1,1,0",
            {"normalized": "0,0,0,0;0,0,0,0;0,0,0,0"},
            "all zeros",
        ),
        ("layer-norm", "output", "0,-1,1,0; 0,-1,1,0; 0,-1,1,0", {"variance": "0 0 0"}, "cannot be computed"),
        ("dropout", "y_corr", "8", {"correction": "1"}, r"leaves $y_{\mathrm{drop}}$ unchanged"),
        ("dropout", "y_corr", "8", {"keep": "1"}, "leaves"),
        ("dropout", "y_corr", "0", {"keep": "0"}, "cannot be computed"),
        ("dropout", "y_corr", "0", {"y_drop": "0"}, "is 0, which leaves"),
        ("dropout", "y_corr", "5", {"y_corr": "5"}, "the answer to this part itself"),
        ("layer-norm", "std", "2 3 2", {"variance": "4 9"}, "it has 2 entries, the right one has 3 entries"),
        ("layer-norm", "std", "2 3 2", {"variance": "4 9 -4"}, "cannot be computed"),
    ],
)
def test_values_that_leave_nothing_to_do_earn_no_method_marks(
    problem: str, part: str, text: str, working: dict[str, str], told: str
) -> None:
    marked = of(problem, part, text, working)
    assert told in marked.message
    assert "but it follows from" not in marked.message
    assert marked.points == of(problem, part, text).points


X = "4,4,8,8; 0,2,2,8; 1,1,1,5"


@pytest.mark.parametrize(
    ("part", "given", "told"),
    [
        ("output", {"normalized": X}, r"$\hat X$ is a copy of the given $X$"),
        ("output", {"normalized": "-2,-2,2,2; -3,-1,-1,5; -1,-1,-1,3"}, r"$\hat X$ is a copy of $x - \mu$"),
        ("output", {"normalized": "-1,-1,1,1; -1,-1/3,-1/3,5/3; 1,1,1,5"}, r"$\hat X$ is a copy of the given $X$"),
        ("std", {"variance": "6 3 2"}, r"$\sigma^2$ is a copy of $\mu$"),
    ],
)
def test_what_was_only_copied_earns_no_method_marks(part: str, given: dict[str, str], told: str) -> None:
    assert "; ".join(",".join(map(str, row)) for row in printed("layer-norm").values.X) == X
    text = expected_text(part, given)
    marked = of("layer-norm", part, text, given)
    assert told in marked.message
    assert "but it follows from" not in marked.message
    assert marked.points == of("layer-norm", part, text).points


@pytest.mark.parametrize(
    "given",
    [
        {"std": "4 9 3"},  # the variance handed on, which is a known mistake
        {"centred": X},  # one step left out, with all others to be done
        {"variance": "6 3 2"},
        {
            "normalized": "-1,-1,1,1; -1,-1/3,-1/3,5/3; 1,1,-√3/3,√3"
        },  # two entries that stand in the data too are no copy
    ],
)
def test_what_leaves_most_of_the_work_keeps_its_method_marks(given: dict[str, str]) -> None:
    marked = of("layer-norm", "output", expected_text("output", given), given)
    assert (marked.points, "but it follows from" in marked.message) == (5, True)


def expected_text(part: str, given: dict[str, str]) -> str:
    """The answer that follows from wrong values."""
    wrong = {"output": "1,2,3,4; 5,6,7,8; 9,1,2,3", "std": "1 2 4"}[part]
    expected = of("layer-norm", part, wrong, given).expected_from_working
    return "; ".join(", ".join(row) for row in expected) if part == "output" else ", ".join(expected)


def test_a_sum_handed_on_unchanged_is_no_work_of_its_own() -> None:
    source = find_problem("l2-regularization")
    data = {"X": [[1], [1]], "y": [2, 4], "X_test": [[1]], "y_test": [2], "lambdas": [0, 1, 4, 10]}
    grader = Grader(source.variant(source.read({**(source.original or {}), **data, "ask_sweep": "yes"})))
    followed = grader.mark("theta", "6, 3, 6/5, 6/11", earlier={"sums": "1, 6"})
    assert (followed.status, followed.points) == ("partial", 1)
    copied = grader.mark("theta", "6, 3, 1, 1/2", {"theta": "6, 3, 1, 1/2"})
    assert "a copy of" in copied.message
    zero = grader.mark("theta", "0, 0, 0, 0", {"sums": "2, 0"})
    assert (zero.status, zero.points) == ("wrong", 0)


# ------------------------------------------------------------------------------------- words, and no words


def test_claims_earn_points_for_verdicts_alone() -> None:
    variant = drawing.draw_variant(find_problem("layer-norm"), 1)
    part = next(part for part in variant.parts if part.id == "claims")
    assert part.answer is not None
    truth = part.answer.value(variant.values)
    right = " ".join("T" if verdict else "F" for verdict in truth)
    marked = mark(variant, "claims", right)
    assert (marked.status, marked.points, marked.max_points) == ("correct", 2, 2)
    assert "A person marks the reasons" in marked.message
    half = mark(variant, "claims", " ".join("T" if verdict else "F" for verdict in (truth[0], not truth[1])))
    assert (half.status, half.points, half.entries) == ("partial", 1, [True, False])
    assert mark(variant, "claims", "T").status == "invalid"


def test_essays_are_for_a_person() -> None:
    marked = of("layer-norm", "single_example", "Yes, $\\sigma$ is its own. <script>")
    assert (marked.status, marked.points, marked.max_points) == ("human", None, 2)


def test_a_computed_part_offered_as_multiple_choice() -> None:
    variant = printed("dropout")
    grader = Grader(variant, Entry(variant.problem, choices=("y_drop",)))
    letters = {letter: grader.mark("y_drop", letter) for letter in "ABCDE"}
    assert [one.status for one in letters.values()].count("correct") == 1
    wrong = [one for one in letters.values() if one.status == "wrong"]
    assert all(one.diagnosis and one.points == 0 for one in wrong)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "__import__('os').system('id')",
        "1/0",
        "9" * 400,
        "(" * 200,
        "\x00",
        "😀",
        "2^9999999",
        "√-1",
        "1 2; 3",
        "1,,2",
    ],
)
def test_what_cannot_be_read_is_invalid_and_costs_nothing(text: str) -> None:
    marked = of("layer-norm", "output", text)
    assert (marked.status, marked.points, marked.diagnosis) == ("invalid", 0, ())
    assert "costs nothing" in marked.message


@settings(max_examples=150)
@given(st.text(max_size=60) | st.text("0123456789+-*/^()[]{},;.√ \nTFsqrtABCx×π", max_size=40))
def test_any_text_gets_a_mark(text: str) -> None:
    for name, part in (
        ("layer-norm", "output"),
        ("model-size", "shapes"),
        ("dropout", "y_corr"),
        ("model-size", "logits"),
    ):
        marked = of(name, part, text)
        assert marked.status in ("correct", "partial", "wrong", "invalid")
        assert marked.points is not None
        assert 0 <= marked.points <= marked.max_points


def test_unknown_parts_and_steps_are_named() -> None:
    with pytest.raises(InputError, match="no part 'outputs' to answer here; it has mean"):
        of("layer-norm", "outputs", "1")
    with pytest.raises(InputError, match="computes no 'sigma' here; it computes mean, centred"):
        of("layer-norm", "output", KEY, {"sigma": "1"})
    with pytest.raises(InputError, match="--working std: the value cannot be read"):
        of("layer-norm", "output", KEY, {"std": "? ? ?"})


@pytest.mark.parametrize(
    "working",
    [
        {"mean": "√2+√3+√5, √7+√11+√13, √17+√19+√23"},
        {"variance": "pi, e, ln(7)"},
        {"centred": "1+√2, √3, 3+√5, √7; √11, √13, √17, √19; √23, √29, √31, √37"},
        {"std": "123456789012345678901234567890/7 * 10^25, 1, 2"},
    ],
)
def test_numbers_that_would_never_end_are_not_carried_on(working: dict[str, str]) -> None:
    marked = of("layer-norm", "output", "1 2 3 4; 1 2 3 4; 1 2 3 4", working)
    assert marked.expected_from_working is None
    assert "too long" in marked.message
