"""How data are drawn: a sweep from its table, a gradient step, a bowl, and the questions about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache, partial
from itertools import product
from math import gcd
from typing import Any

from generator import Draw, draw_claims
from generator.problem.draw import Weights
from generator.problems.l2_regularization.extremes import FORMS, OBJECTIVES
from generator.problems.l2_regularization.sweeps import (
    EASY,
    HARD,
    STANDARD,
    Examples,
    Setting,
    held_out_sets,
    sweeps,
    targets,
)

LOGISTIC = ((9, 3, 2), (8, 2, 2), (8, 2, 3), (10, 2, 3), (12, 2, 5), (12, 3, 2), (12, 3, 3), (12, 4, 2), (15, 3, 2))
"""Positive and negative labels, and the odds that a penalty leaves."""

STEPS = (
    ("1/3", "1"),
    ("1/4", "1"),
    ("1/5", "1"),
    ("1/5", "2"),
    ("1/6", "1"),
    ("1/6", "2"),
    ("1/8", "1"),
    ("1/8", "2"),
    ("1/8", "3"),
)
"""Learning rates and strengths for which 1 - 2αλ is a small fraction."""

CURVATURES = {"1/2": (1, 2, 3, 4), "1": (1, 2, 4, 6, 8), "2": (1, 2, 4, 8, 12), "3": (2, 3, 6, 12)}
"""For a strength λ the curvatures h for which h / (h + 2λ) is a small fraction."""

EXTREMES = Weights(
    {
        (name, form): 12 if rule.multiplies_loss else 3 if form == "setting" else 6 if rule.anchor == "1" else 2
        for name, rule in OBJECTIVES.items()
        for form in FORMS
    }
)
"""How often the extremes of an objective are asked for in a form: for both extremes every answer is right equally often."""


def _sample(setting: Setting, draw: Draw) -> Mapping[str, Any]:
    """A sweep that first helps and then underfits, a gradient step, a bowl, and the questions about them."""
    sign = draw.sign()
    twice, sweep, place = draw.weighted(sweeps(setting))
    examples = _mirrored(setting, draw.shuffled(draw.choice(targets(setting, twice, sweep))))
    test_examples = _mirrored(setting, draw.shuffled(draw.choice(held_out_sets(setting, twice)[place])))
    examples, test_examples = draw.shuffled(examples), draw.shuffled(test_examples)
    return {
        "X": [[x] for x, _ in examples],
        "y": [sign * y for _, y in examples],
        "lambdas": sweep.lambdas,
        "X_test": [[x] for x, _ in test_examples],
        "y_test": [sign * y for _, y in test_examples],
        "ask_sweep": "yes",
        **_gradient_step(draw.fork("gradient step")),
        **_bowl(draw.fork("curvature")),
        **_concepts(draw.fork("concepts")),
    }


sample_easy, sample, sample_hard = (partial(_sample, setting) for setting in (EASY, STANDARD, HARD))


def _mirrored(setting: Setting, examples: Examples) -> Examples:
    """The examples, the first ones with the opposite signs of input and target, which changes no residual but its sign."""
    count = setting.negative
    return (*((-x, -y) for x, y in examples[:count]), *examples[count:])


def _gradient_step(draw: Draw) -> Mapping[str, Any]:
    """One step whose result is whole, from numbers of two digits."""
    rate, decay = draw.choice(STEPS)
    weights, gradient = _step_sizes(rate, decay)
    return {
        "weights": [draw.sign() * size for size in draw.sample(weights, 2)],
        "gradient": [draw.sign() * size for size in draw.sample(gradient, 2)],
        "rate": rate,
        "decay": decay,
    }


@cache
def _step_sizes(rate: str, decay: str) -> tuple[Sequence[int], Sequence[int]]:
    """The sizes of the weights and of the gradient that one step leaves whole."""
    alpha = Fraction(rate)
    pieces = (1 - 2 * alpha * Fraction(decay)).denominator
    weights, gradient = ([size for size in range(10, 41) if size % every == 0] for every in (pieces, alpha.denominator))
    return weights, gradient


def _bowl(draw: Draw) -> Mapping[str, Any]:
    """A quadratic loss of two curvatures whose penalized minimizer is whole."""
    strength = draw.choice(tuple(CURVATURES))
    added = int(2 * Fraction(strength))
    steep = draw.sample(CURVATURES[strength], 2)
    return {
        "curvature": steep,
        "bottom": [draw.sign() * draw.choice((1, 2, 3, 4)) * ((h + added) // gcd(h, added)) for h in steep],
        "strength": strength,
    }


def _concepts(draw: Draw) -> Mapping[str, Any]:
    from generator.problems.l2_regularization import BANK

    groups = ("norm_question", "training_question", "test_question")
    norm, training, test = (draw.choice(tuple(BANK[group])) for group in groups)
    asked = {f"{group}.{name}" for group, name in zip(groups, (norm, training, test), strict=True)}
    CLAIMS = BANK.all_claims("claims")
    given_away = {name for name, entry in BANK["claims"].items() if asked & {*entry.not_with}}
    NEEDS = {"which_minimizer": "pair_y", "every_coordinate": "pair_y", "logistic": "labels"}
    objective, form = draw.weighted(EXTREMES)
    chosen: dict[str, Any] = {
        "objective": objective,
        "form": form,
        "order": draw.shuffled((1, 2, 3, 4)),
        "norm_question": norm,
        "training_question": training,
        "test_question": test,
        "claims": draw_claims(draw, CLAIMS, without=given_away),
    }
    if NEEDS.get(norm) == "pair_y":
        chosen["pair_y"] = draw.choice(_pairs())
    if NEEDS.get(norm) == "labels":
        positive, negative, odds = draw.choice(LOGISTIC)
        chosen |= {"labels": (positive, negative), "odds": odds}
    return chosen


@cache
def _pairs() -> tuple[tuple[int, int, int], ...]:
    """Targets for :data:`PAIR_INPUTS` with whole minimizers at λ = 0 and λ = 1, one coefficient growing in size."""
    found = []
    for y in product(range(-8, 13), repeat=3):
        p, q = y[0] + y[1], y[1] + y[2]
        before, after = ((2 * p - q, 2 * q - p), 3), ((3 * p - q, 3 * q - p), 8)
        if any(entry % size for entries, size in (before, after) for entry in entries):
            continue
        pairs = [(abs(a) // 3, abs(b) // 8) for a, b in zip(before[0], after[0], strict=True)]
        if any(b > a for a, b in pairs) and 0 not in after[0] and max(map(max, pairs)) <= 12:
            found.append((y[0], y[1], y[2]))
    return tuple(found)
