"""How data are drawn: sweeps with whole and half minimizers, whose test error falls and then rises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial
from itertools import combinations, combinations_with_replacement, product
from typing import Any, NamedTuple

import numpy as np

from generator import Draw, draw_claims
from generator.problems.l2_regularization.claims import ANSWERS_CLAIM, CLAIMS
from generator.problems.l2_regularization.concepts import NEEDS, NORM, TEST, TRAINING
from generator.problems.l2_regularization.solution import FORMS, OBJECTIVES

LARGEST_STRENGTH = 60
INPUTS = range(1, 6)
TEST_INPUTS = range(1, 6)


@dataclass(frozen=True)
class Setting:
    """The sizes of a level's sweeps."""

    training: int
    test: int
    strengths: int
    halves: int
    """How many minimizers are halves; all others are whole."""
    negative: int
    """How many inputs are negative, of the training and of the test data each."""
    digits: range
    """How many digits are written out for the minimizers."""
    offsets: int
    """How far a test target may be from what the best strength predicts."""


EASY = Setting(training=3, test=2, strengths=3, halves=0, negative=1, digits=range(13, 18), offsets=12)
STANDARD = Setting(training=3, test=2, strengths=4, halves=1, negative=1, digits=range(18, 24), offsets=6)
HARD = Setting(training=4, test=3, strengths=4, halves=2, negative=1, digits=range(20, 24), offsets=3)

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

EXTREMES = {
    (name, form): 4 if rule.multiplies_loss else 3 if (rule.anchor, form) == ("1", "limit") else 1
    for name, rule in OBJECTIVES.items()
    for form in FORMS
}
"""How often the extremes of an objective are asked for in a form, so that every answer is right about equally often."""


def _sample(setting: Setting, draw: Draw) -> Mapping[str, Any]:
    """A sweep that first helps and then underfits, a gradient step, a bowl, and the questions about them."""
    known = _sweeps(setting)
    sign = draw.sign()
    twice = draw.choice(known[draw.choice(tuple(known))])
    sweep = draw.choice(_paths(setting)[twice])
    test_sets = _test_sets(setting, twice)
    draw.require(test_sets, "no test set on which a middle strength is best")
    examples = _mirrored(setting, draw.shuffled(draw.choice(_targets(sweep.x, sweep.moment))))
    test_examples = _mirrored(setting, draw.shuffled(draw.choice(test_sets)))
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


Path = tuple[int, ...]
"""Twice the minimizer for each strength, from the smallest strength on."""
Examples = tuple[tuple[int, int], ...]
"""Inputs with their targets."""


class Sweep(NamedTuple):
    """Inputs, the moment Σxy, and strengths."""

    x: tuple[int, ...]
    moment: int
    lambdas: tuple[int, ...]


@cache
def _sweeps(setting: Setting) -> Mapping[int, tuple[Path, ...]]:
    """All paths by where they begin: drawn evenly, the first minimizer is seldom the same."""
    found: dict[int, list[Path]] = {}
    for twice in sorted(_paths(setting)):
        found.setdefault(twice[0], []).append(twice)
    return {first: tuple(paths) for first, paths in found.items()}


@cache
def _paths(setting: Setting) -> Mapping[Path, tuple[Sweep, ...]]:
    """All paths of small numbers with the sweeps that take them.

    The minimizer at λ is Σxy / (Σx² + λ), so the strengths are read off the divisors of 2Σxy.
    """
    found: dict[Path, list[Sweep]] = {}
    for x in combinations_with_replacement(INPUTS, setting.training):
        square = _dot(x, x)
        for moment in range(2 * square, 12 * square):
            if x[0] == x[-1] or 2 * moment % square:
                continue
            divisors = [s for s in range(square + 1, square + LARGEST_STRENGTH + 1) if 2 * moment % s == 0]
            for sums in combinations(divisors, setting.strengths - 1):
                twice = tuple(2 * moment // s for s in (square, *sums))
                if _digits(square, moment, sums) not in setting.digits:
                    continue
                if sum(theta % 2 for theta in twice) != setting.halves or square * (twice[0] - twice[-1]) ** 2 >= 800:
                    continue
                if any(_every_target(x, moment)):
                    found.setdefault(twice, []).append(Sweep(x, moment, (0, *(s - square for s in sums))))
    return {twice: tuple(sweeps) for twice, sweeps in found.items()}


def _digits(square: int, moment: int, sums: Sequence[int]) -> int:
    """How many digits the quotients of a sweep have that are written out for its minimizers."""
    return sum(len(f"{moment}{square}{one - square}") for one in (square, *sums))


@cache
def _targets(x: tuple[int, ...], moment: int) -> tuple[Examples, ...]:
    """All small targets with Σxy = moment that a line through 0 fits well, but not exactly."""
    return tuple(sorted(set(_every_target(x, moment))))


def _every_target(x: tuple[int, ...], moment: int) -> Iterator[Examples]:
    square = _dot(x, x)
    near = [range(moment * a // square - 6, moment * a // square + 8) for a in x[1:]]
    for rest in product(*near):
        first, left = divmod(moment - _dot(x[1:], rest), x[0])
        y = (first, *rest)
        if not left and 0 not in y and 10 * square <= _dot(y, y) * square - moment**2 <= 80 * square:
            yield tuple(sorted(zip(x, y, strict=True)))


@cache
def _test_sets(setting: Setting, twice: Path) -> tuple[Examples, ...]:
    """All small test sets on which a middle strength is best and the largest is worse than none."""
    found: list[Examples] = []
    for x in combinations(TEST_INPUTS, setting.test):
        near = [np.arange(twice[-2] * a // 2 - setting.offsets, twice[1] * a // 2 + setting.offsets + 1) for a in x]
        grid = np.ix_(*near, np.array(twice))
        errors = sum((2 * y - a * grid[-1]) ** 2 for a, y in zip(x, grid, strict=False))  # four times each
        best = errors.min(axis=-1)
        good = (errors == best[..., None]).sum(axis=-1) == 1
        good &= (best > 0) & (best < errors[..., 0]) & (errors[..., 0] < errors[..., -1])
        good &= (errors[..., 0] >= 40) & (errors[..., -1] < 400)  # two digits
        for places in np.argwhere(good).tolist():
            y = [int(targets[place]) for targets, place in zip(near, places, strict=True)]
            if 0 not in y:
                found.append(tuple(zip(x, y, strict=True)))
    return tuple(found)


def _dot(a: Sequence[int], b: Sequence[int]) -> int:
    return sum(x * y for x, y in zip(a, b, strict=True))


def _gradient_step(draw: Draw) -> Mapping[str, Any]:
    """One step whose result is whole, from numbers of two digits."""
    rate, decay = draw.choice(STEPS)
    alpha, strength = Fraction(rate), Fraction(decay)
    pieces = (1 - 2 * alpha * strength).denominator
    weights = [size for size in range(10, 41) if size % pieces == 0]
    gradient = [size for size in range(10, 41) if size % alpha.denominator == 0]
    return {
        "weights": [draw.sign() * size for size in draw.sample(weights, 2)],
        "gradient": [draw.sign() * size for size in draw.sample(gradient, 2)],
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
        "bottom": [draw.sign() * draw.choice((1, 2, 3, 4)) * Fraction(h, h + added).denominator for h in steep],
        "strength": strength,
    }


def _concepts(draw: Draw) -> Mapping[str, Any]:
    norm, training, test = (draw.choice(tuple(bank)) for bank in (NORM, TRAINING, TEST))
    given_away = {name for name, questions in ANSWERS_CLAIM.items() if questions & {norm, training, test}}
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
