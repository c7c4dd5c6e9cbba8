"""How data are drawn: sweeps with small fractions whose test error falls and then rises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations, combinations_with_replacement, product
from typing import Any

from generator import Draw, draw_claims
from generator.problems.l2_regularization.claims import ANSWERS_CLAIM, CLAIMS
from generator.problems.l2_regularization.concepts import NEEDS, NORM, TEST, TRAINING
from generator.problems.l2_regularization.solution import FORMS, OBJECTIVES

LARGEST_STRENGTH = 50
LARGEST_ERROR = 150

LOGISTIC = ((9, 3, 2), (8, 2, 2), (8, 2, 3), (10, 2, 3), (12, 2, 5), (12, 3, 2), (12, 3, 3), (12, 4, 2), (15, 3, 2))
"""Positive and negative labels, and the odds that a penalty leaves."""

STEPS = (("1/10", "1/2"), ("1/10", "1"), ("1/10", "2"), ("1/5", "1/2"), ("1/5", "1"), ("1/4", "1/2"), ("1/4", "1"))
"""Learning rates and strengths for which 1 - 2αλ is a small fraction."""

CURVATURES = {"1/2": (1, 2, 3, 4), "1": (1, 2, 4, 6, 8), "2": (1, 2, 4, 8, 12), "3": (2, 3, 6, 12)}
"""For a strength λ the curvatures h for which h / (h + 2λ) is a small fraction."""


def sample(draw: Draw) -> Mapping[str, Any]:
    """A sweep that first helps and then underfits, a gradient step, a bowl, and the questions about them."""
    x, moment, lambdas = draw.weighted(_sweeps())
    x_test, y_test = draw.choice(_test_sets(_doubled_path(x, moment, lambdas)))
    examples = draw.shuffled(list(zip(x, draw.choice(_targets(x, moment)), strict=True)))
    return {
        "X": [[a] for a, _ in examples],
        "y": [b for _, b in examples],
        "lambdas": lambdas,
        "X_test": [[a] for a in x_test],
        "y_test": y_test,
        "ask_sweep": "yes",
        **_gradient_step(draw.fork("gradient step")),
        **_bowl(draw.fork("curvature")),
        **_concepts(draw.fork("concepts")),
    }


Sweep = tuple[tuple[int, ...], int, tuple[int, ...]]


@cache
def _sweeps() -> Mapping[Sweep, int]:
    """Inputs x, the moment Σxy and four strengths, each weighted by the number of its variants.

    The minimizer at λ is Σxy / (Σx² + λ), so the strengths are read off the divisors of 2Σxy: three of the four
    minimizers are whole, one is a half.
    """
    found: dict[Sweep, int] = {}
    for x in combinations_with_replacement(range(1, 5), 3):
        square = _dot(x, x)
        for moment in range(2 * square, 7 * square):
            if x[0] == x[-1] or 2 * moment % square:
                continue
            divisors = [s for s in range(square + 1, square + LARGEST_STRENGTH + 1) if 2 * moment % s == 0]
            for sums in combinations(divisors, 3):
                lambdas = (0, *(s - square for s in sums))
                twice = _doubled_path(x, moment, lambdas)
                loss = square * (twice[0] - twice[-1]) ** 2 / 4
                if sum(theta % 2 for theta in twice) == 1 and loss < LARGEST_ERROR and _test_sets(twice):
                    found[x, moment, lambdas] = len(_targets(x, moment)) * len(_test_sets(twice))
    return found


def _doubled_path(x: tuple[int, ...], moment: int, lambdas: tuple[int, ...]) -> tuple[int, ...]:
    """2θ for each λ, whole in every sweep that is drawn."""
    return tuple(2 * moment // (_dot(x, x) + strength) for strength in lambdas)


@cache
def _targets(x: tuple[int, ...], moment: int) -> tuple[tuple[int, ...], ...]:
    """All y with Σxy = moment that a line through 0 fits well, but not exactly."""
    square = _dot(x, x)
    near = [range(moment * a // square - 3, moment * a // square + 5) for a in x]
    return tuple(
        y
        for y in product(*near)
        if _dot(x, y) == moment and 0 < _dot(y, y) * square - moment**2 <= 12 * square and 0 not in y
    )


@cache
def _test_sets(twice: tuple[int, ...]) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    """All small test sets on which a middle strength is best and the largest is worse than none."""
    found = []
    middle = [theta for theta in twice[1:3] if theta % 2 == 0]
    for theta, x, off in product(middle, ((1, 1), (1, 2), (1, 3), (2, 3)), product((-2, -1, 0, 1, 2), repeat=2)):
        y = tuple(theta // 2 * a + e for a, e in zip(x, off, strict=True))
        errors = [sum((2 * b - t * a) ** 2 for a, b in zip(x, y, strict=True)) for t in twice]
        best = errors[twice.index(theta)]
        if any(off) and 0 not in y and errors.count(best) == 1 and best == min(errors) and errors[-1] > errors[0]:
            found.append((x, y))
    return tuple(found)


def _dot(a: Sequence[int], b: Sequence[int]) -> int:
    return sum(x * y for x, y in zip(a, b, strict=True))


def _gradient_step(draw: Draw) -> Mapping[str, Any]:
    """One step whose result is whole."""
    rate, decay = draw.choice(STEPS)
    alpha, strength = Fraction(rate), Fraction(decay)
    pieces = (1 - 2 * alpha * strength).denominator
    return {
        "weights": [draw.sign() * pieces * size for size in draw.sample((1, 2, 3), 2)],
        "gradient": [draw.sign() * int(size / alpha) for size in draw.sample((1, 2, 3, 4), 2)],
        "rate": rate,
        "decay": decay,
    }


def _bowl(draw: Draw) -> Mapping[str, Any]:
    """A quadratic loss of two curvatures whose penalized minimizer is whole."""
    strength = draw.choice(tuple(CURVATURES))
    added = int(2 * Fraction(strength))
    steep = draw.sample(CURVATURES[strength], 2)
    return {
        "curvature": steep,
        "bottom": [draw.sign() * draw.choice((1, 2)) * Fraction(h, h + added).denominator for h in steep],
        "strength": strength,
    }


def _concepts(draw: Draw) -> Mapping[str, Any]:
    norm, training, test = (draw.choice(tuple(bank)) for bank in (NORM, TRAINING, TEST))
    given_away = {name for name, questions in ANSWERS_CLAIM.items() if questions & {norm, training, test}}
    chosen: dict[str, Any] = {
        "objective": draw.choice(tuple(OBJECTIVES)),
        "form": draw.choice(FORMS),
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
