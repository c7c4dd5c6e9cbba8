"""Batch normalization: the printed key to the symbol, running statistics, inference, errors, pleasant draws."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational, sqrt

from generator.errors import InputError
from generator.numbers.arrays import array
from generator.numbers.encoding import encode
from generator.paper.paper import exercise
from generator.paper.solve import solution
from generator.problem import drawing
from generator.problem.catalogue import find_problem
from generator.problem.giveaways import fixed_insights
from generator.problem.insights import Insights
from generator.problem.problem import Variant
from generator.problem.solution import Values
from generator.problems import _norms as norms
from generator.problems.batch_norm import BANK, EASY, HARD, STANDARD

PROBLEM = find_problem("batch-norm")
QUESTIONS, CLAIMS = BANK["question"], BANK["claims"]
SEEDS = range(1, 101)
CASES = {"easy": EASY, "standard": STANDARD, "hard": HARD}
Draws = dict[str, list[Variant]]


@pytest.fixture(scope="module")
def drawn() -> Draws:
    return {level: [drawing.draw_variant(PROBLEM, seed, level=level) for seed in SEEDS] for level in PROBLEM.levels}


def solved(**params: Any) -> Values:
    return PROBLEM.variant(PROBLEM.read(params)).values


def test_the_printed_key() -> None:
    values = PROBLEM.printed().values
    assert values.mean == (3, 4, 5, 4)
    assert values.variance == (2, 2, 14, 18)
    assert values.output == (
        (-sqrt(2) / 2, -1 - 2 * sqrt(2), 1 - 6 * sqrt(14) / 7, -2 * sqrt(2)),
        (-sqrt(2) / 2, -1 + sqrt(2), 1 - 3 * sqrt(14) / 14, -2 * sqrt(2)),
        (sqrt(2), -1 + sqrt(2), 1 + 15 * sqrt(14) / 14, 4 * sqrt(2)),
    )
    assert encode(values.output) == [
        ["-sqrt(2)/2", "-1 - 2*sqrt(2)", "1 - 6*sqrt(14)/7", "-2*sqrt(2)"],
        ["-sqrt(2)/2", "-1 + sqrt(2)", "1 - 3*sqrt(14)/14", "-2*sqrt(2)"],
        ["sqrt(2)", "-1 + sqrt(2)", "1 + 15*sqrt(14)/14", "4*sqrt(2)"],
    ]


def test_running_statistics_after_two_batches() -> None:
    common: dict[str, Any] = {"gamma": [1], "beta": [0], "momentum": "1/10"}
    first = solved(X=[[2], [4], [6], [8]], running_mean=[0], running_variance=[1], **common)
    second = solved(
        X=[[0], [4], [4], [8]],
        running_mean=encode(first.new_running_mean),
        running_variance=encode(first.new_running_variance),
        **common,
    )
    assert second.new_running_mean == (Rational(17, 20),)
    assert second.new_running_variance == (Rational(743, 300),)


def test_the_biased_running_variance_is_a_known_mistake() -> None:
    common: dict[str, Any] = {"gamma": [1], "beta": [0], "momentum": "1/10", "running_mean": [0]}
    estimate = ["1"]
    for X in ([[2], [4], [6], [8]], [[0], [4], [4], [8]]):
        variant = PROBLEM.variant(PROBLEM.read({"X": X, "running_variance": estimate, **common}))
        wrong = {mistake.name: values for mistake, values in variant.wrong}
        estimate = encode(wrong["biased running variance"].new_running_variance)
    assert estimate == ["103/50"]


def test_inference_on_one_example() -> None:
    values = solved(X=[[1], [2]], gamma=[2], beta=[0], running_mean=[1], running_variance=[9], example=[7], epsilon=0)
    assert values.inference_output == (4,)


def test_what_is_not_given_is_not_computed() -> None:
    values = solved(X=[[1], [2]], gamma=[2], beta=[0])
    assert not {"new_running_mean", "new_running_variance", "inference_output"} & set(values)


def test_a_batch_of_one() -> None:
    with pytest.raises(InputError, match="^X: column 1 has zero variance"):
        solved(X=[[3, 4]], gamma=[1, 1], beta=[5, 6])
    assert solved(X=[[3, 4]], gamma=[1, 1], beta=[5, 6], epsilon=1).output == ((5, 6),)
    with pytest.raises(InputError, match="^momentum: X has a single example, and the unbiased variance"):
        solved(X=[[3]], gamma=[1], beta=[5], epsilon=1, momentum="1/2", running_mean=[0], running_variance=[1])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"momentum": "1/10"}, "^running_mean: missing; momentum needs it"),
        ({"momentum": "1/10", "running_mean": [0, 0]}, "^running_variance: missing; momentum needs it"),
        ({"example": [1, 1], "running_mean": [0, 0]}, "^running_variance: missing; example needs it"),
        (
            {"momentum": 2, "running_mean": [0, 0], "running_variance": [1, 1]},
            "^momentum: expected a number from 0 to 1",
        ),
        ({"running_mean": [0]}, "^running_mean: expected 2 entries"),
        ({"running_mean": [0, 0]}, "^running_variance: missing; running_mean needs it"),
        ({"running_variance": [1, 1]}, "^running_mean: missing; running_variance needs it"),
        (
            {"running_mean": [0, 0], "running_variance": [1, 1]},
            "^momentum: missing; the running estimates are moved by it",
        ),
        (
            {"momentum": 1, "running_mean": [0, 0], "running_variance": [1, -1]},
            r"^running_variance\[2\]: expected a number that is not negative",
        ),
        (
            {"example": [1, 1], "running_mean": [0, 0], "running_variance": [1, 0]},
            r"^running_variance\[2\]: zero at epsilon = 0",
        ),
        ({"X": [[1, 5], [2, 5]]}, "^X: column 2 has zero variance"),
        ({"gamma": [1]}, "^gamma: expected 2 entries"),
    ],
)
def test_what_does_not_fit_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        solved(**{"X": [[1, 2], [3, 5]], "gamma": [1, 1], "beta": [0, 0], **change})


def test_mistakes_by_hand() -> None:
    params = {"X": [[0, 2], [4, 10]], "gamma": [1, 1], "beta": [0, 0], "momentum": "1/4"}
    params |= {"running_mean": [0, 2], "running_variance": [4, 16], "example": [4, 2]}
    variant = PROBLEM.variant(PROBLEM.read(params))
    wrong = {mistake.name: values for mistake, values in variant.wrong}
    assert variant.values.new_running_mean == (Rational(1, 2), 3)
    assert wrong["momentum swapped"].new_running_mean == (Rational(3, 2), 5)
    assert wrong["old estimate forgotten"].new_running_variance == (8, 32)
    assert wrong["old estimate not reduced"].new_running_mean == (Rational(1, 2), Rational(7, 2))
    assert wrong["old estimate not reduced"].new_running_variance == (6, 24)
    assert wrong["deviation for the running variance"].new_running_variance == (Rational(7, 2), 13)
    assert wrong["unbiased factor inverted"].new_running_variance == (Rational(7, 2), 14)
    assert wrong["not centred at inference"].inference_output == (2, Rational(1, 2))
    assert wrong["running statistics in training"].output == ((0, 0), (2, 2))
    assert wrong["normalized along the features"].output == ((-1, 1), (-1, 1))
    assert wrong["batch statistics at inference"].inference_output == (1, -1)
    assert wrong["variance instead of deviation at inference"].inference_output == (1, 0)
    # after the batch: means 1/2 and 3, variances 3/4·4 + 1/4·8 = 5 and 3/4·16 + 1/4·32 = 20
    assert wrong["updated estimates at inference"].inference_output == (7 * sqrt(5) / 10, -sqrt(5) / 10)
    assert variant.values.inference_output == (2, 0)


def test_numbers_far_from_zero_are_not_in_doubt() -> None:
    X = [["100000001/10000"], [10000], ["99999999/10000"]]
    assert solution(PROBLEM, {"X": X, "gamma": [1], "beta": [0]})["values"]["variance"] == ["1/150000000"]


@pytest.mark.slow
@pytest.mark.parametrize("level", CASES)
def test_draws_are_pleasant(drawn: Draws, level: str) -> None:
    for variant in drawn[level]:
        values = variant.values
        assert all(-9 <= x <= 12 for row in values.X for x in row)
        assert all(Rational(1, 2) <= abs(g) <= 4 for g in values.gamma)
        assert all(-3 <= b <= 4 and b != 0 for b in values.beta)
        assert 0 not in values.mean
        assert 1 not in values.std
        assert len(set(values.mean)) == len(set(values.std)) == len(values.X[0])
        assert {s**2 for s in values.std if not s.is_Rational} <= {8, 12, 20, 24, 32}
        assert all(s.is_Integer for s in values.running_std)
        assert all(entry.q <= 7 for entry in values.inference_normalized)
        assert sum(entry.is_Integer for entry in values.inference_normalized) == 1
        assert 0 not in values.running_mean
        assert all(old != new for old, new in zip(values.running_mean, values.mean, strict=True))
        for column in zip(*values.centred, strict=True):
            assert column.count(0) <= 2
            assert len({abs(entry) for entry in column}) > 1
            assert sum(column) == 0
        for row in values.X:
            assert len(set(row)) > 1


@pytest.mark.slow
@pytest.mark.parametrize("level", ["standard", "hard"])
def test_running_statistics_are_pleasant(drawn: Draws, level: str) -> None:
    for variant in drawn[level]:
        values = variant.values
        assert all(s.is_Integer for s in values.unbiased_variance)
        assert all(entry.q <= 5 for entry in (*values.new_running_mean, *values.new_running_variance))
        assert all(old != s for old, s in zip(values.running_variance, values.unbiased_variance, strict=True))
        assert values.momentum != Rational(1, 2)


@pytest.mark.slow
def test_easy_variants_move_no_running_statistics(drawn: Draws) -> None:
    for variant in drawn["easy"]:
        assert "momentum" not in variant.params
        assert [part.id for part in variant.parts] == ["output", "single_example", "inference", "claims"]


@pytest.mark.slow
@pytest.mark.parametrize("level", ["standard", "hard"])
def test_each_variant_has_one_decoy(drawn: Draws, level: str) -> None:
    """A column that looks nicer to whoever divides by n - 1."""
    for variant in drawn[level]:
        samples = [sqrt(s + variant.values.epsilon) for s in variant.values.unbiased_variance]
        decoys = [
            s for s, own in zip(samples, variant.values.std, strict=True) if s.is_Rational and not own.is_Rational
        ]
        assert len(decoys) == 1


@pytest.mark.slow
def test_no_two_mistakes_are_noted_alike(drawn: Draws) -> None:
    for variant in (variant for variants in drawn.values() for variant in variants):
        for part in exercise(variant, 1).parts:
            for question in (part, *part.parts):
                notes = [note.wrong for note in question.key.notes] if question.key else []
                assert len(set(notes)) == len(notes), f"part {question.id} of {variant.params}"


@pytest.mark.slow
def test_every_question_and_claim_of_a_level_comes_up(drawn: Draws) -> None:
    """But those that another part decides."""
    claims = set()
    for level, variants in drawn.items():
        questions = {name for name, entry in QUESTIONS.items() if entry.is_drawn_at(level)}
        assert {variant.params["question"] for variant in variants} == questions - {"two_modes"}
        fixed = [*fixed_insights(variants[0], variants[0].parts)]
        claims |= {
            name
            for name, entry in CLAIMS.items()
            if entry.levels
            and "running_mean" not in entry.not_with
            and not any(
                Insights(frozenset(entry.tells), frozenset(entry.asks), is_claim=True).clashes(one) for one in fixed
            )
        }
    assert {name for variants in drawn.values() for one in variants for name in one.params["claims"]} == claims
    assert len(claims) >= 12


def test_the_same_exercise_in_other_clothes() -> None:
    def canonical(*rows: list[Any]) -> str:
        return PROBLEM.variant(PROBLEM.read({"X": rows, "gamma": [1, 1], "beta": [0, 0], "epsilon": 1})).canonical

    plain = canonical([0, 1], [2, 5], [7, 1])
    assert canonical([7, 1], [0, 1], [2, 5]) == plain  # examples in another order
    assert canonical([1, 0], [5, 2], [1, 7]) == plain  # features in another order
    assert canonical(["1/2", 1], ["3/2", 5], [4, 1]) == plain  # a feature halved and shifted
    assert canonical([0, 1], [2, 5], [8, 1]) != plain
    roots = canonical(["sqrt(2)", 1], ["3*sqrt(2)", 5], ["8*sqrt(2)", 1])
    assert roots == canonical([1, 1], [3, 5], [8, 1])  # a feature with roots, shifted and scaled
    assert canonical(["pi", 1], ["pi", 5]) == canonical([2, 1], [2, 5])  # one that is the same in all examples


@given(st.lists(st.fractions(-20, 20, max_denominator=12), min_size=2, max_size=5))
def test_a_line_is_brought_to_0_to_1_as_fractions_have_it(line: list[Fraction]) -> None:
    row = array(line)
    low, high = min(line), max(line)
    shares = [str((x - low) / (high - low)) if low != high else "0" for x in line]
    assert norms.reduced([row]) == sorted((text,) for text in shares)


@pytest.mark.slow
@pytest.mark.parametrize(("level", "cases"), CASES.items())
def test_every_epsilon_comes_up(drawn: Draws, level: str, cases: list[Any]) -> None:
    assert {int(variant.values.epsilon) for variant in drawn[level]} == {epsilon for _, epsilon in cases}


@pytest.mark.slow
def test_few_draws_are_thrown_away(drawn: Draws) -> None:
    for variants in drawn.values():
        assert sum(sum(variant.redraws.values()) for variant in variants) < 2 * len(variants)


@pytest.mark.slow
def test_a_question_and_the_claim_that_it_gives_away_do_not_meet(drawn: Draws) -> None:
    for variants in drawn.values():
        assert not any("undo" in one.params["claims"] for one in variants if one.params["question"] == "undone")
