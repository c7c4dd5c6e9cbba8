"""Layer normalization: the printed key to the symbol, one's own numbers, mistakes by hand, pleasant draws."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Rational, sqrt

from generator.errors import InputError
from generator.numbers.encoding import encode
from generator.paper.paper import exercise
from generator.paper.solve import solution
from generator.problem import drawing
from generator.problem.catalogue import find_problem
from generator.problem.giveaways import fixed_insights
from generator.problem.insights import Insights
from generator.problem.problem import Variant
from generator.problem.solution import Values
from generator.problems.layer_norm import BANK, EASY, HARD, STANDARD
from generator.render.renderer import FORMATS, renderer

PROBLEM = find_problem("layer-norm")
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
    assert values.mean == (6, 3, 2)
    assert values.std == (2, 3, sqrt(3))
    assert values.output == (
        (-1, -3, 4, 4),
        (-1, Rational(-5, 3), 0, Rational(20, 3)),
        (-sqrt(3) / 3, -1 - 2 * sqrt(3) / 3, 1 - sqrt(3), 4 * sqrt(3)),
    )
    assert encode(values.output) == [
        ["-1", "-3", "4", "4"],
        ["-1", "-5/3", "0", "20/3"],
        ["-sqrt(3)/3", "-1 - 2*sqrt(3)/3", "1 - sqrt(3)", "4*sqrt(3)"],
    ]


def test_the_key_normalizes_itself() -> None:
    """At ε = 0 each row of x̂ has the sum 0 and the squares' sum d."""
    for seed in range(1, 41):
        values = drawing.draw_variant(PROBLEM, seed).values
        if values.epsilon == 0:
            for row in values.normalized:
                assert sum(row) == 0
                assert sum(x**2 for x in row).expand() == len(row)


def test_epsilon_under_the_root() -> None:
    values = solved(X=[[1, 1, 1, 5]], gamma=[1, 1, 1, 1], beta=[0, 0, 0, 0], epsilon=1)
    assert values.std == (2,)
    assert values.output == ((Rational(-1, 2), Rational(-1, 2), Rational(-1, 2), Rational(3, 2)),)


def test_one_feature_puts_out_beta() -> None:
    assert solved(X=[[7], [-2]], gamma=[5], beta=["1/3"], epsilon="1/100").output == ((Rational(1, 3),),) * 2


def test_a_constant_row_has_variance_zero_however_it_is_written() -> None:
    with pytest.raises(InputError, match="^X: row 1 has zero variance"):
        solved(X=[["log(6)", "log(2) + log(3)"]], gamma=[1, 1], beta=[0, 0])
    with pytest.raises(InputError, match="^X: row 2 has zero variance"):
        solved(X=[[1, 2], ["sqrt(8)", "2*sqrt(2)"]], gamma=[1, 1], beta=[0, 0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"gamma": [1]}, "^gamma: expected 2 entries, one for each feature of X; got 1"),
        ({"beta": [1, 2, 3]}, "^beta: expected 2 entries"),
        ({"epsilon": "-1/2"}, "^epsilon: expected a number that is not negative"),
        ({"row": 3, "scale": 2, "shift": 1}, "^row: expected a row of X, 1 to 1; got 3"),
        ({"row": 1, "shift": 1}, "^scale: missing; row, scale and shift are given together"),
        ({"row": 1, "scale": 0, "shift": 1}, "^scale: expected a number other than 0"),
        ({"row": 1, "scale": 2, "shift": 1, "epsilon": 1}, "^scale: expected 1 or -1"),
        ({"question": "nonsense"}, "^question: expected one of row_statistics"),
        ({"claims": ["parameters", "parameters"]}, "^claims: a name stands twice"),
    ],
)
def test_what_does_not_fit_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        solved(**{"X": [[1, 2]], "gamma": [1, 1], "beta": [0, 0], **change})


def test_mistakes_by_hand() -> None:
    wrong = {mistake.name: answers["output"] for mistake, answers in PROBLEM.printed().mistaken_answers() if answers}
    assert wrong["no square root"][0] == (Rational(-1, 2), -2, Rational(5, 2), 2)
    assert wrong["not centred"][0] == (2, 3, 13, 16)
    assert wrong["shifted before scaling"][0] == (-1, -4, 6, 4)
    assert wrong["sample variance"][2] == (-Rational(1, 2), -2, -Rational(1, 2), 6)
    assert wrong["mean absolute deviation"][1] == (Rational(-6, 5), Rational(-9, 5), Rational(-1, 5), 8)
    assert wrong["not divided"][0] == (-2, -5, 7, 8)
    assert wrong["mean minus x"][0] == (1, 1, -2, -4)
    assert wrong["gamma and beta exchanged"][0] == (1, 3, 4, 4)
    assert wrong["sum of squares"][1] == (Rational(-1, 2), Rational(-4, 3), Rational(1, 2), Rational(10, 3))
    assert wrong["mean of the squares"][0][0] == -sqrt(10) / 10  # -2 over the root of (16 + 16 + 64 + 64)/4
    assert "gamma and beta by row" not in wrong  # three examples of four features: it cannot be made
    assert "epsilon left out" not in wrong


def test_the_mean_absolute_deviation_takes_epsilon_under_the_root() -> None:
    variant = PROBLEM.variant(PROBLEM.read({"X": [[1, 2, 6]], "gamma": [1, 1, 1], "beta": [0, 0, 0], "epsilon": 5}))
    wrong = {mistake.name: values for mistake, values in variant.wrong}
    assert wrong["mean absolute deviation"].std == (3,)  # the root of 2² + 5
    assert wrong["mean absolute deviation"].output == ((-Rational(2, 3), -Rational(1, 3), 1),)


def test_a_factor_or_a_shift_that_is_kept() -> None:
    given = {"X": [[4, 4, 8, 8]], "gamma": [1, 2, 3, 4], "beta": [0, -1, 1, 0], "row": 1, "scale": -2, "shift": 5}
    wrong = {mistake.name: values for mistake, values in PROBLEM.variant(PROBLEM.read(given)).wrong}
    assert wrong["factor kept"].transformed_output == (2, 3, -5, -8)
    assert wrong["shift kept"].transformed_output == (6, 6, 3, 1)
    turned = PROBLEM.variant(PROBLEM.read({**given, "scale": -1}))
    assert "factor kept" not in [mistake.name for mistake, _ in turned.wrong]


def test_the_transformed_row() -> None:
    plain = {"X": [[4, 4, 8, 8]], "gamma": [1, 2, 3, 4], "beta": [0, -1, 1, 0], "row": 1}
    assert solved(**plain, scale=3, shift=5).transformed_output == (-1, -3, 4, 4)
    assert solved(**plain, scale=-2, shift=5).transformed_output == (1, 1, -2, -4)


def test_a_changed_row_in_words() -> None:
    base = {"X": [[4, 4, 8, 8]], "gamma": [1, 2, 3, 4], "beta": [0, -1, 1, 0], "row": 1}
    for scale, shift, words in ((3, 5, "$3x +5$"), (-1, -2, "$-x -2$"), ("-1/2", 4, r"$-\frac{1}{2}x +4$")):
        variant = PROBLEM.variant(PROBLEM.read({**base, "scale": scale, "shift": shift}))
        text = str(renderer(FORMATS["md"]).node(exercise(variant, 1)))
        assert (
            f"Row $1$ of $X$, here called $x$, is replaced by {words} (the same change in every feature)"
            in text.replace("$`", "$").replace("`$", "$")
        )


def test_numbers_far_from_zero_are_not_in_doubt() -> None:
    X = [["100000001/10000", 10000, "99999999/10000"]]
    assert solution(PROBLEM, {"X": X, "gamma": [1] * 3, "beta": [0] * 3})["values"]["variance"] == ["1/150000000"]


@pytest.mark.slow
@pytest.mark.parametrize("level", CASES)
def test_draws_are_pleasant(drawn: Draws, level: str) -> None:
    for variant in drawn[level]:
        values = variant.values
        assert all(-9 <= x <= 12 for row in values.X for x in row)
        assert all(Rational(1, 2) <= abs(g) <= 4 for g in values.gamma)
        assert all(-3 <= b <= 4 and b != 0 for b in values.beta)
        assert len(set(values.beta)) == len(values.beta)
        assert 0 not in values.mean
        assert 1 not in values.std
        assert len(set(values.mean)) == len(set(values.std)) == len(values.X)
        assert max(row.count(0) for row in values.centred) <= 2
        assert max(abs(c) for row in values.centred for c in row) <= 8
        assert any((g - 1) * b != 0 for g, b in zip(values.gamma, values.beta, strict=True))
        assert {s**2 for s in values.std if not s.is_Rational} <= {2, 3, 5, 6, 7, 8, 12, 18, 20, 24, 32}
        for row in values.centred:
            assert len({abs(entry) for entry in row}) > 1
        for column in zip(*values.X, strict=True):
            assert len(set(column)) > 1


@pytest.mark.slow
def test_a_decoy_in_hard_variants_alone(drawn: Draws) -> None:
    """A row that looks nicer to whoever divides by d - 1."""
    for level, variants in drawn.items():
        for variant in variants:
            samples = variant.values.X.var(axis=1, ddof=1) + variant.values.epsilon
            assert sum(sqrt(s).is_Rational for s in samples) == (level == "hard")


@pytest.mark.slow
def test_no_two_mistakes_are_noted_alike(drawn: Draws) -> None:
    for variant in (variant for variants in drawn.values() for variant in variants):
        for question in exercise(variant, 1).parts:
            notes = [note.wrong for note in question.key.notes] if question.key else []
            assert len(set(notes)) == len(notes), f"part {question.id} of {variant.params}"


@pytest.mark.slow
def test_every_question_and_claim_of_a_level_comes_up(drawn: Draws) -> None:
    """But claims that another part decides."""
    claims = set()
    for level, variants in drawn.items():
        questions = {name for name, entry in QUESTIONS.items() if entry.is_drawn_at(level)}
        assert {variant.params["question"] for variant in variants} == questions
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


def test_a_users_own_numbers_with_a_single_example() -> None:
    params = {"X": [[0, 4]], "gamma": [1, 2], "beta": [1, -1]}
    assert solution(PROBLEM, params)["answers"]["output"] == [["0", "1"]]
    for question in QUESTIONS:
        assert solution(PROBLEM, {**params, "question": question})["answers"]["single_example"]


@pytest.mark.slow
@pytest.mark.parametrize(("level", "cases"), CASES.items())
def test_every_epsilon_comes_up(drawn: Draws, level: str, cases: list[Any]) -> None:
    assert {int(variant.values.epsilon) for variant in drawn[level]} == {epsilon for _, epsilon in cases}


@pytest.mark.slow
def test_few_draws_are_thrown_away(drawn: Draws) -> None:
    for variants in drawn.values():
        assert sum(sum(variant.redraws.values()) for variant in variants) < 2 * len(variants)
