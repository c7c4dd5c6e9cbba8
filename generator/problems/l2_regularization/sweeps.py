"""Tables of sweeps: data with whole and half minimizers, whose test error falls and then rises.

Entries of a table take about equally many marks of the pen to work out, and are weighted so that no answer is common.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, combinations_with_replacement, product
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from generator.problem.balance import even_weights
from generator.problem.draw import Weights

LARGEST_STRENGTH = 60
LARGEST_GROWTH = 1600
"""By how much the largest strength may raise the training error: four times that."""
INPUTS = range(1, 6)
TEST_INPUTS = range(1, 6)


@dataclass(frozen=True, eq=False)  # equal to itself only, so that tables can be kept for it
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
    """How many digits are written out for the quotients of the minimizers."""
    fitting: range
    """How many marks it takes to write down these and the training errors."""
    testing: range
    """How many it takes to write down the test errors, and to name some of them again."""
    offsets: int
    """How far a test target may be from what the best strength predicts."""


EASY = Setting(
    training=3,
    test=2,
    strengths=3,
    halves=0,
    negative=1,
    digits=range(14, 20),
    fitting=range(19, 26),
    testing=range(6, 10),
    offsets=12,
)
STANDARD = Setting(
    training=3,
    test=2,
    strengths=4,
    halves=1,
    negative=1,
    digits=range(19, 27),
    fitting=range(29, 37),
    testing=range(12, 20),
    offsets=6,
)
HARD = Setting(
    training=4,
    test=3,
    strengths=4,
    halves=2,
    negative=1,
    digits=range(19, 27),
    fitting=range(36, 45),
    testing=range(18, 28),
    offsets=3,
)

Path = tuple[int, ...]
"""Twice the minimizer for each strength, from the smallest strength on."""
Examples = tuple[tuple[int, int], ...]
"""Inputs with their targets."""
Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"


class Sweep(NamedTuple):
    """Inputs, the moment Σxy, and strengths."""

    x: tuple[int, ...]
    moment: int
    lambdas: tuple[int, ...]


@cache
def sweeps(setting: Setting) -> Weights[tuple[Path, Sweep, int]]:
    """All sweeps with their paths and the place of the best strength, weighted so that no answer is a good guess."""
    every = [
        (twice, sweep, place)
        for twice, taking in paths(setting).items()
        for place, sweep in product(held_out_sets(setting, twice), taking)
    ]
    answers = [
        (("path", twice), ("sums", _dot(sweep.x, sweep.x), sweep.moment), ("best", sweep.lambdas[place]))
        for twice, sweep, place in every
    ]
    return Weights(dict(zip(every, even_weights(answers), strict=True)))


@cache
def paths(setting: Setting) -> Mapping[Path, tuple[Sweep, ...]]:
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
                if sum(theta % 2 for theta in twice) != setting.halves:
                    continue
                sweep = Sweep(x, moment, (0, *(s - square for s in sums)))
                if square * (twice[0] - twice[-1]) ** 2 < LARGEST_GROWTH and targets(setting, twice, sweep):
                    found.setdefault(twice, []).append(sweep)
    return {twice: tuple(taking) for twice, taking in found.items()}


@cache
def targets(setting: Setting, twice: Path, sweep: Sweep) -> tuple[Examples, ...]:
    """All small targets of a sweep that a line through 0 fits well, but not exactly, with as much to write as fits."""
    digits = sum(len(f"{sweep.moment}{_dot(sweep.x, sweep.x)}{strength}") for strength in sweep.lambdas)
    if digits not in setting.digits:
        return ()
    every = _every_target(sweep.x, sweep.moment)
    marks = digits + _error_marks(_residuals(sweep.x, every, twice)).sum(axis=0)
    fitting = every[np.isin(marks, setting.fitting)].tolist()
    return tuple(sorted({tuple(sorted(zip(sweep.x, y, strict=True))) for y in fitting}))


@cache
def _every_target(x: tuple[int, ...], moment: int) -> Array:
    """All of them, one a row."""
    square = _dot(x, x)
    rest = _grid([np.arange(moment * a // square - 6, moment * a // square + 8) for a in x[1:]])
    first, left = np.divmod(moment - rest @ np.array(x[1:]), x[0])
    targets: Array = np.column_stack((first, rest))
    missed = (targets**2).sum(axis=1) * square - moment**2  # the least training error, times the square
    good = (left == 0) & (targets != 0).all(axis=1) & (10 * square <= missed) & (missed <= 80 * square)
    found: Array = targets[good]
    return found


@cache
def held_out_sets(setting: Setting, twice: Path) -> Mapping[int, tuple[Examples, ...]]:
    """All small test sets on which a middle strength is best and the largest is worse than none, by the place of the best."""
    found: dict[int, list[Examples]] = {}
    for x in combinations(TEST_INPUTS, setting.test):
        near = [np.arange(twice[-2] * a // 2 - setting.offsets, twice[1] * a // 2 + setting.offsets + 1) for a in x]
        targets = _grid(near)
        residuals = _residuals(x, targets, twice)
        errors = (residuals**2).sum(axis=-1)  # four times each
        best = errors.min(axis=0)
        good = (errors == best).sum(axis=0) == 1
        good &= (best > 0) & (best < errors[0]) & (errors[0] < errors[-1]) & (targets != 0).all(axis=1)
        good &= (errors[0] >= 40) & (errors[-1] < 400)  # two digits
        targets, places = targets[good], errors[:, good].argmin(axis=0)
        marks = _marks(errors[:, good], 4)
        named = marks.sum(axis=0) + marks[0] + marks[-1] + np.take_along_axis(marks, places[None], axis=0)[0]
        fitting = np.isin(_error_marks(residuals[:, good]).sum(axis=0) + named, setting.testing)
        for place, y in zip(places[fitting].tolist(), targets[fitting].tolist(), strict=True):
            found.setdefault(place, []).append(tuple(zip(x, y, strict=True)))
    return {place: tuple(found[place]) for place in sorted(found)}


def _grid(axes: Sequence[Array]) -> Array:
    """All choices of one entry from each axis, one a row."""
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))


def _residuals(x: Sequence[int], targets: Array, twice: Path) -> Array:
    """Twice the residuals, [minimizer, row of targets, example]."""
    predicted: Array = np.multiply.outer(np.array(twice), np.array(x))
    found: Array = 2 * targets[None] - predicted[:, None]
    return found


def _error_marks(residuals: Array) -> Array:
    """How many marks the residuals and the sum of their squares take, [minimizer, row of targets]."""
    found: Array = _marks(residuals, 2).sum(axis=-1) + _marks((residuals**2).sum(axis=-1), 4)
    return found


def _marks(above: Array, below: int) -> Array:
    """The digits of each numerator beyond its first, in lowest terms, and the bar if it is a fraction."""
    common = np.gcd(above, below)
    reduced = np.abs(above) // common
    found: Array = np.sum([common < below, *(reduced >= size for size in (10, 100, 1000))], axis=0, dtype=int)
    return found


def _dot(a: Sequence[int], b: Sequence[int]) -> int:
    return sum(x * y for x, y in zip(a, b, strict=True))
