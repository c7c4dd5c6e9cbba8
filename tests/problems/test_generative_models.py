"""generative-models: the printed example worked out by hand, and what its parameters allow and refuse."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

from generator.errors import InputError
from generator.paper.solve import solution
from generator.problem import drawing
from generator.problem.catalogue import find_problem
from generator.problem.problem import LEVELS
from generator.problems.generative_models.pieces import FIRST_STEPS, THREE_STEPS, TWO_STEPS

PROBLEM = find_problem("generative-models")
ORIGINAL: dict[str, Any] = {
    "mu": [1, -2], "k": [1, -2], "noise": ["1/2", -2], "x": [4, -1],
    "p": ["1/2", "3/8", "1/8"], "q": ["1/4", "1/8", "5/8"],
    "betas": ["9/25", "7/16"], "x0": 5, "eps": -1,
}  # fmt: skip

KEY: dict[str, Any] = {
    "sigma": [2, "1/4"],
    "sigma_squared": [4, "1/16"],
    "log_variance": ["2*log(2)", "-4*log(2)"],
    "kl_terms": ["2 - log(2)", "2*log(2) + 49/32"],
    "kl": "log(2) + 113/32",
    "shift": [1, "-1/2"],
    "z": [2, "-5/2"],
    "residual": [-2, "-3/2"],
    "kl_gradient_mu": [1, -2],
    "kl_gradient_logvar": ["3/2", "-15/32"],
    "gradient_mu": [-1, "-7/2"],
    "gradient_logvar": ["1/2", "-3/32"],
    "discriminator": ["2/3", "3/4", "1/6"],
    "value": "-9*log(3)/8 - 5*log(2)/4 + 5*log(5)/8",
    "js": "-9*log(3)/16 + 3*log(2)/8 + 5*log(5)/16",
    "alphas": ["16/25", "9/16"],
    "alpha_bars": ["16/25", "9/25"],
    "signal": "3/5",
    "spread": "4/5",
    "noisy": "11/5",
    "coefficients": ["35/64", "27/64"],
    "posterior_mean": "293/80",
    "posterior_variance": "63/256",
}

WRONG: dict[str, dict[str, Any]] = {
    "log_sigma": {"kl": "log(2)/2 + 113/32"},
    "sigma_not_squared": {"kl": "log(2) + 21/8", "gradient_logvar": ["-1/2", 0]},
    "half_forgotten": {"kl": "2*log(2) + 113/16"},
    "minus_one_forgotten": {"kl": "log(2) + 145/32"},
    "noise_times_variance": {"z": [3, "-17/8"], "gradient_mu": [0, "-25/8"], "gradient_logvar": ["1/2", "-51/128"]},
    "chain_half_forgotten": {"gradient_logvar": ["-1/2", "9/32"]},
    "kl_not_differentiated": {"gradient_logvar": [-1, "3/8"]},
    "reconstruction_only": {"gradient_mu": [-2, "-3/2"]},
    "real_and_fake_exchanged": {
        "discriminator": ["1/3", "1/4", "5/6"],
        "value": "-11*log(3)/8 - 3*log(2)/2 + log(5)/8",
        "js": "-11*log(3)/16 + log(5)/16 + log(2)/4",
    },
    "real_half_only": {"value": "-log(3)/4 - 3*log(2)/8", "js": "-log(3)/8 + 13*log(2)/16"},
    "js_not_halved": {"js": "-9*log(3)/8 + 3*log(2)/4 + 5*log(5)/8"},
    "beta_product": {
        "alpha_bars": ["9/25", "63/400"],
        "noisy": "-sqrt(337)/20 + 3*sqrt(7)/4",
        "posterior_mean": "861/337 - 16*sqrt(2359)/1685",
        "posterior_variance": "112/337",
    },
    "roots_forgotten": {"noisy": "29/25", "posterior_mean": "2579/800"},
    "one_step_only": {"noisy": "15/4 - sqrt(7)/4", "posterior_mean": "1105/256 - 27*sqrt(7)/256"},
    "coefficients_exchanged": {"posterior_mean": "53/16"},
    "current_alpha_bar": {"posterior_mean": "4737/1280"},
    "forward_variance": {"posterior_variance": "7/16"},
}


def solved(**changed: Any) -> dict[str, Any]:
    found: dict[str, Any] = solution(PROBLEM, {**ORIGINAL, **changed})
    return found


def same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(same, found, wanted))
    return bool(sympy.simplify(sympy.sympify(found) - sympy.sympify(wanted)) == 0)


def test_the_printed_example() -> None:
    values = solved()["values"]
    assert [*values] == [*KEY]  # in the order in which one computes them
    for name, wanted in KEY.items():
        assert same(values[name], wanted), name


def test_the_mistakes_of_the_printed_example() -> None:
    made = {one["name"]: one["answers"] for one in solved()["mistakes"]}
    assert made.keys() == WRONG.keys()
    for name, answers in WRONG.items():
        assert made[name].keys() == answers.keys(), name
        assert all(same(made[name][part], wanted) for part, wanted in answers.items()), name


EDGES: dict[str, dict[str, Any]] = {
    "one of everything": {"mu": [0], "k": [0], "noise": [0], "x": [0], "p": [1], "q": [1], "betas": ["1/2"]},
    "an impossible fake": {"q": ["3/8", 0, "5/8"]},
    "an impossible datum": {"p": ["3/8", 0, "5/8"]},
    "nothing in common": {"p": [1, 0], "q": [0, 1]},
    "equal distributions": {"q": ["1/2", "3/8", "1/8"]},
    "a deviation that is a root": {"k": ["1/2", "-3/2"]},
    "three steps with roots": {"betas": ["1/3", "1/10", "2/7"], "x0": "-7/2", "eps": "1/3"},
    "large deviations": {"k": [20, -20]},
    "decimals": {"mu": ["0.5", "-0.25"], "betas": ["0.1", "0.2"]},
}


@pytest.mark.parametrize("changed", EDGES.values(), ids=list(EDGES))
def test_whatever_the_parameters_allow_is_solved_and_confirmed(changed: dict[str, Any]) -> None:
    found = solved(**changed)
    assert "confirmed" not in found
    given = {**ORIGINAL, **changed}
    p, q = (np.array([float(Fraction(one)) for one in given[name]]) for name in "pq")
    with np.errstate(divide="ignore", invalid="ignore"):
        D = p / (p + q)
        value = np.nansum(np.where(p > 0, p * np.log(D), 0)) + np.nansum(np.where(q > 0, q * np.log(1 - D), 0))
    assert float(sympy.sympify(found["values"]["value"])) == pytest.approx(value)


def test_a_single_step_leads_back_to_its_start() -> None:
    values = solved(betas=["9/25"])["values"]
    assert (values["coefficients"], values["posterior_mean"], values["posterior_variance"]) == (["1", "0"], "5", "0")


def test_a_mistake_that_would_take_the_logarithm_of_0_is_left_out() -> None:
    made = [one["name"] for one in solved(q=["3/8", 0, "5/8"])["mistakes"]]
    assert "real_and_fake_exchanged" not in made
    assert "real_half_only" in made


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"k": [1]}, "k: expected 2 entries"),
        ({"x": [1, 2, 3]}, "x: expected 2 entries"),
        ({"k": [1, "sqrt(2)"]}, "k: expected fractions from -20 to 20"),
        ({"k": [1, 1000]}, "k: expected fractions from -20 to 20"),
        ({"q": ["1/2", "1/2"]}, "q: expected 3 entries"),
        ({"p": ["1/2", "3/8", "1/4"]}, "p: expected probabilities that add up to 1"),
        ({"p": [2, -1, 0]}, "p: expected probabilities"),
        ({"p": ["1/2", "1/2", 0], "q": ["1/4", "3/4", 0]}, "q: outcome 3 has probability 0"),
        ({"betas": [0, "1/2"]}, "betas: expected numbers between 0 and 1"),
        ({"betas": ["1/2", 1]}, "betas: expected numbers between 0 and 1"),
        ({"betas": []}, "betas"),
    ],
)
def test_what_does_not_fit_is_said_so(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        solved(**changed)


def test_the_signals_are_those_with_simple_numbers() -> None:
    fractions = sorted({Fraction(n, d) for d in range(2, 13) for n in range(1, d)})

    def are_simple(before: Fraction, last: Fraction, most: int) -> bool:
        weights = [(before**2 - last**2) / before / (1 - last**2), last * (1 - before**2) / before / (1 - last**2)]
        betas = [1 - before**2, 1 - (last / before) ** 2]
        sizes = [max(one.numerator, one.denominator) for one in weights]
        return max(sizes) <= most and max(one.denominator for one in betas) <= 300

    for table, most in ((TWO_STEPS, 100), (THREE_STEPS, 300)):
        for last, several in table.items():
            simple = {one for one in fractions if one > last and are_simple(one, last, most)}
            reached = simple if table is TWO_STEPS else {one for one in simple if one in FIRST_STEPS}
            assert {*several} == reached - {one for one in reached if not FIRST_STEPS.get(one, [one])}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.slow
def test_no_draw_hides_what_is_asked(level: str) -> None:
    for seed in range(60):
        v = drawing.draw_variant(PROBLEM, seed, level=level).values
        assert sum(v.k) != 0
        assert 0 not in (*v.residual, *v.gradient_mu, *v.gradient_logvar)
        assert sympy.Rational(1, 2) not in v.discriminator
        assert len({*v.discriminator}) == len(v.discriminator)
        assert v.noisy not in (0, v.x0)
        assert v.coefficients[0] != v.coefficients[1]
        assert v.signal.is_Rational
        assert v.spread.is_Rational
