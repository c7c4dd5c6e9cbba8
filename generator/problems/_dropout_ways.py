"""In how many ways a pass comes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from math import gcd
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from generator import Draw

LARGEST_ACTIVATION = {1: 9, 2: 6, 3: 4}
"""By the size of its weight: no contribution is larger than 12, and its square is known by heart."""

LARGEST = 12
"""Of the contributions."""


class Unit(NamedTuple):
    """An activation and its weight, which may be negative."""

    activation: int
    weight: int

    @property
    def contribution(self) -> int:
        return self.activation * self.weight

    @property
    def is_large(self) -> bool:
        """Whether its contribution has two digits."""
        return abs(self.contribution) >= 10


@dataclass(frozen=True, eq=False)  # equal to itself only, so that tables can be kept for it
class Setting:
    """What one level is made of.

    ``survivors`` gives for each dropping probability how many units survive: a number within one of the expected one,
    and never that one itself, since the number of units is prime to every denominator.
    """

    units: int
    survivors: Mapping[str, int]
    negative: int
    """How many weights are negative; on half of the papers all signs are turned, so that no output is common."""
    large: int
    """How many contributions have two digits."""
    corrected: range
    """The corrected outputs, in size: each is reached in hundreds of ways."""

    @cached_property
    def choices(self) -> tuple[Unit, ...]:
        """All units that there can be."""
        signs = (1, -1) if self.negative else (1,)
        return tuple(
            Unit(activation, sign * size)
            for size, largest in LARGEST_ACTIVATION.items()
            for activation in range(1, largest + 1)
            for sign in signs
        )


EASY = Setting(7, {"2/3": 2, "3/4": 2, "4/5": 2}, negative=0, large=1, corrected=range(16, 76))
"""Corrections that are whole."""
STANDARD = Setting(7, {"1/5": 5, "1/4": 5, "1/3": 5, "2/5": 4, "3/5": 3}, negative=2, large=2, corrected=range(10, 46))
HARD = Setting(8, {"1/5": 6, "1/3": 6, "2/5": 5, "3/5": 4}, negative=3, large=4, corrected=range(10, 51))

FOUND = tuple(f"{above}/{below}" for below in range(3, 10) for above in range(1, below) if gcd(above, below) == 1)
"""Probabilities to be found from two outputs."""


GIVEN_AWAY = {"unbiased", "mean_only", "fixed_mask"}
"""Claims that the preamble or the moments of the follow-up decide: they are for sheets that leave those out."""
SAID_BY = {
    "high_p": {"less_noise"},
    **{question: {"two_passes"} for question in ("other_mask", "forgotten_switch", "two_sources", "on_purpose")},
}
"""Claims that a question or its answer gives away."""

Counts: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"
State: TypeAlias = tuple[int, ...]
"""Of a row of units: how many large ones, how many negative ones, whether there are weights of size 1, 2 and 3, what
the squares of the contributions leave on division, and what they add up to, counted from the least sum on."""

_SIZES = (2, 3, 4)
_SQUARES, _SUM = 5, 6
"""Axes of the counts."""


class Pass(NamedTuple):
    """What a pass must come out at: the survivors' output without the correction, and the output of all units."""

    dropped: int
    original: int


def kept_share(p: str) -> tuple[int, int]:
    """1 - p as numerator and denominator."""
    above, below = map(int, p.split("/"))
    return below - above, below


@cache
def passes(setting: Setting, p: str) -> Mapping[Pass, int]:
    """The passes under which the correction helps, each with the number of its ways.

    The corrected output is whole, at least twice as close as the uncorrected one, and not exact; it and the original
    one have two digits.  The squares of the contributions add up to a multiple of the denominator of ``p``: the
    variances, p(1 - p) times that sum and p/(1 - p) times it, then have no square in the denominator.
    """
    survivors, others = _rows(setting, p)
    least = len(survivors) // 2
    above, below = kept_share(p)
    found = {}
    for corrected in setting.corrected:
        output, rest = divmod(corrected * above, below)
        if rest or output > least:
            continue
        gap = corrected - output
        ways = others.reshape(len(others), -1) @ survivors[output + least].ravel()
        for original in range(max(10, corrected - gap // 3), min(99, corrected + gap) + 1):
            inside = abs(original - output) <= least
            if inside and original not in (corrected, 2 * output):  # the inverted mask gives another output
                found[Pass(output, original)] = int(ways[original - output + least])
    return {one: number for one, number in found.items() if number}


def draw_units(draw: Draw, setting: Setting, p: str, aimed: Pass) -> tuple[list[Unit], list[Unit]]:
    """Survivors and dropped units that come out as ``aimed``; each way is as likely."""
    survivors, others = _rows(setting, p)
    least = len(survivors) // 2
    kept, lost = aimed.dropped + least, aimed.original - aimed.dropped + least
    weights = survivors[kept] * others[lost]
    state = tuple(map(int, np.unravel_index(_drawn(draw, weights), weights.shape)))
    divisor, count = kept_share(p)[1], setting.survivors[p]
    counts = _counts(setting, divisor)[setting.units - count]
    fitting = {rest: int(counts[rest]) for rest in _rests(setting, state, lost, divisor)}
    return (
        _units(draw, setting, divisor, count, (*state, kept)),
        _units(draw, setting, divisor, setting.units - count, draw.weighted(fitting)),
    )


@cache
def _counts(setting: Setting, divisor: int) -> tuple[Counts, ...]:
    """For every number of units up to the most there are of a kind, the rows of so many in each state."""
    most = max(max(survivors, setting.units - survivors) for survivors in setting.survivors.values())
    least = LARGEST * (most + 1)  # one unit taken away or added never leads out of the counts
    empty = np.zeros((setting.large + 1, setting.negative + 1, 2, 2, 2, divisor, 2 * least + 1), dtype=np.int64)
    empty[0, 0, 0, 0, 0, 0, least] = 1
    found = [empty]
    for _ in range(most):
        longer = np.zeros_like(empty)
        before = {size: found[-1].sum(axis=axis) for size, axis in enumerate(_SIZES, start=1)}
        for unit in setting.choices:
            large, negative = setting.large + 1 - unit.is_large, setting.negative + 1 - (unit.weight < 0)
            shorter = np.roll(before[abs(unit.weight)][:large, :negative], unit.contribution**2, axis=-2)
            after = np.moveaxis(longer, _SIZES[abs(unit.weight) - 1], 0)[1, unit.is_large :, unit.weight < 0 :]
            if unit.contribution > 0:
                after[..., unit.contribution :] += shorter[..., : -unit.contribution]
            else:
                after[..., : unit.contribution] += shorter[..., -unit.contribution :]
        found.append(longer)
    return tuple(found)


@cache
def _rows(setting: Setting, p: str) -> tuple[Counts, Counts]:
    """By their sum, the rows of survivors in each state, and the rows of dropped units that go with such survivors."""
    counts = _counts(setting, kept_share(p)[1])
    survivors, dropped = counts[setting.survivors[p]], counts[setting.units - setting.survivors[p]]
    others = np.roll(dropped[::-1, ::-1, :, :, :, ::-1], 1, axis=_SQUARES)  # to the square s belongs the one at -s
    for axis in _SIZES:
        without, having = np.split(others, 2, axis=axis)
        others = np.concatenate((having, without + having), axis=axis)  # what the survivors lack must be there
    by_sum = [np.ascontiguousarray(np.moveaxis(rows, _SUM, 0)) for rows in (survivors, others)]
    return by_sum[0], by_sum[1]


def _rests(setting: Setting, state: State, total: int, divisor: int) -> Iterator[State]:
    """The states of dropped units that add up to ``total`` and go with survivors in ``state``."""
    large, negative, *sizes, square = state
    for one in range(1 - sizes[0], 2):
        for two in range(1 - sizes[1], 2):
            for three in range(1 - sizes[2], 2):
                yield setting.large - large, setting.negative - negative, one, two, three, -square % divisor, total


def _units(draw: Draw, setting: Setting, divisor: int, count: int, state: State) -> list[Unit]:
    """A row of units that is in ``state``, from its last one on."""
    counts = _counts(setting, divisor)
    sums = counts[0].shape[_SUM]
    place = int(np.ravel_multi_index(state, counts[0].shape))
    found = []
    for fewer in range(count - 1, -1, -1):
        units, steps = _lasts(setting, divisor, place // sums)
        last = _drawn(draw, counts[fewer].take(place - steps))
        found.append(units[last])
        place -= int(steps[last])
    return found


@cache
def _lasts(setting: Setting, divisor: int, kind: int) -> tuple[tuple[Unit, ...], Counts]:
    """The units that rows may end in, and how far before them in the counts are the rows without that unit.

    ``kind`` is the place of the rows in the counts, their sum left aside.
    """
    counts = _counts(setting, divisor)[0]
    large, negative, *sizes, square = map(int, np.unravel_index(kind, counts.shape[:_SUM]))
    by_large, by_negative, *by_size, by_square, by_sum = (stride // counts.itemsize for stride in counts.strides)
    units, steps = [], []
    for unit in setting.choices:
        size, is_negative, contribution = abs(unit.weight) - 1, unit.weight < 0, unit.contribution
        if unit.is_large > large or is_negative > negative or not sizes[size]:
            continue
        squared = square - (square - contribution**2) % divisor
        step = unit.is_large * by_large + is_negative * by_negative + squared * by_square + contribution * by_sum
        units += [unit, unit]
        steps += [step + by_size[size], step]  # from rows without such a weight, and from rows with one
    return tuple(units), np.array(steps)


def _drawn(draw: Draw, weights: Counts) -> int:
    """One place in an array, as likely as its weight."""
    totals = weights.cumsum()
    return int(totals.searchsorted(draw.integer(1, int(totals[-1]))))
