"""Layer normalization: the printed key to the symbol, one's own numbers, mistakes by hand, pleasant draws."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Rational, sqrt

from generator.catalogue import find_problem
from generator.encoding import encode
from generator.errors import InputError
from generator.problems.layer_norm import CLAIMS, QUESTIONS
from generator.render import FORMATS, renderer
from generator.solution import Values
from generator.worksheet import exercise

PROBLEM = find_problem("layer-norm")
SEEDS = range(1, 201)


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
        values = PROBLEM.draw(seed).values
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
        ({"question": "nonsense"}, "^question: expected one of single_example"),
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
    assert "gamma and beta by row" not in wrong  # three examples of four features: it cannot be made
    assert "epsilon left out" not in wrong


def test_the_transformed_row() -> None:
    plain = {"X": [[4, 4, 8, 8]], "gamma": [1, 2, 3, 4], "beta": [0, -1, 1, 0], "row": 1}
    assert solved(**plain, scale=3, shift=5).transformed_output == (-1, -3, 4, 4)
    assert solved(**plain, scale=-2, shift=5).transformed_output == (1, 1, -2, -4)


def test_draws_are_pleasant() -> None:
    for seed in SEEDS:
        values = PROBLEM.draw(seed).values
        assert all(-9 <= x <= 12 for row in values.X for x in row)
        assert all(1 <= abs(g) <= 4 for g in values.gamma)
        assert all(-3 <= b <= 4 for b in values.beta)
        assert 0 not in values.mean
        assert 1 not in values.std
        assert len(set(values.mean)) == len(set(values.std)) == 3
        assert max(row.count(0) for row in values.centred) <= 2
        assert any((g - 1) * b != 0 for g, b in zip(values.gamma, values.beta, strict=True))
        assert all(s.is_Rational or s**2 <= 8 for s in values.std)


def test_few_draws_are_thrown_away() -> None:
    assert sum(sum(PROBLEM.draw(seed).redraws.values()) for seed in SEEDS) < len(SEEDS)


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_question_renders(question: str, seed: int) -> None:
    params = {**PROBLEM.draw(seed).params, "question": question, "claims": tuple(CLAIMS)}
    node = exercise(PROBLEM.variant(params), 1)
    for form in FORMATS.values():
        assert str(renderer(form).node(node))
