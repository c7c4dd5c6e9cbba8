"""How many passes of dropout there are: all of them, written down and counted."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from generator.problem.catalogue import find_problem
from generator.problem.draw import Draw
from generator.problem.problem import LEVELS
from generator.problems.dropout.levels import EASY, HARD, STANDARD, Setting
from generator.problems.dropout.ways import Pass, _counts, _lasts, draw_units, passes

SETTINGS = dict(zip(LEVELS, (EASY, STANDARD, HARD), strict=True))
PROBLEM = find_problem("dropout")


class Rows(NamedTuple):
    """Multisets of units that are alike in all that the conditions look at, and how many; and in how many orders."""

    traits: Any
    """[row, (sum, squares, large, negative, sizes as bits)]"""
    multisets: Any
    orders: Any


@cache
def every_row(setting: Setting, count: int) -> Rows:
    """All multisets of ``count`` units, whatever they add up to."""
    units = np.array(
        [
            (sign * size * x, (size * x) ** 2, int(size * x >= 10), int(sign < 0), 1 << size >> 1)
            for size, largest in ((1, 9), (2, 6), (3, 4))
            for x in range(1, largest + 1)
            for sign in ((1, -1) if setting.negative else (1,))
        ]
    )
    last = run = np.zeros(1, dtype=int)  # the number of a row's last unit, and how often it stands there
    traits, orders = np.zeros((1, 5), dtype=int), np.ones(1, dtype=int)
    for length in range(1, count + 1):
        longer = []
        for place, unit in enumerate(units):
            rows = np.flatnonzero(last <= place)
            again = np.where((last[rows] == place) & (length > 1), run[rows] + 1, 1)
            grown = np.column_stack([traits[rows, :4] + unit[:4], traits[rows, 4] | unit[4]])
            good = (grown[:, 2] <= setting.large) & (grown[:, 3] <= setting.negative)
            whole = (np.full(len(rows), place), again, orders[rows] * length // again, grown)
            longer.append(tuple(one[good] for one in whole))
        last, run, orders, traits = map(np.concatenate, zip(*longer, strict=True))
    codes = traits @ (10**8, 10**4, 10**3, 10**2, 1)
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    return Rows(traits[first], np.bincount(inverse), np.bincount(inverse, weights=orders).astype(int))


def every_pass(setting: Setting, p: str) -> Iterator[tuple[int, int, int, int, int]]:
    """Output, original output, squares, multisets and orders of all pairs of rows that make a pass of the level."""
    keep = 1 - Fraction(p)
    kept = setting.survivors[p]
    survivors, dropped = every_row(setting, kept), every_row(setting, setting.units - kept)
    for (lost, squares, large, negative, sizes), multisets, orders in zip(*dropped, strict=True):
        fitting = np.flatnonzero(
            (survivors.traits[:, 2] == setting.large - large) & (survivors.traits[:, 3] == setting.negative - negative)
        )
        output, with_squares, _, _, with_sizes = survivors.traits[fitting].T
        original, total = output + lost, squares + with_squares
        corrected = output * keep.denominator // keep.numerator
        good = (output * keep.denominator % keep.numerator == 0) & (total % keep.denominator == 0)
        good &= (with_sizes | sizes) == 7
        good &= np.isin(corrected, setting.corrected) & (original >= 10) & (original <= 99)
        good &= 2 * abs(corrected - original) <= abs(output - original)
        good &= (corrected != original) & (original != 2 * output)
        for place in np.flatnonzero(good):
            yield (
                int(output[place]),
                int(original[place]),
                int(total[place]),
                int(multisets * survivors.multisets[fitting[place]]),
                int(orders * survivors.orders[fitting[place]]),
            )


@pytest.mark.heavy
@pytest.mark.parametrize("level", LEVELS)
def test_the_space_is_as_large_as_stated(level: str) -> None:
    setting = SETTINGS[level]
    variants = 0
    for p in setting.survivors:
        ways: dict[Pass, int] = {}
        for output, original, squares, multisets, orders in every_pass(setting, p):
            ways[Pass(output, original)] = ways.get(Pass(output, original), 0) + orders
            # Where Σ(wx)² is y² or p·y², "sum squared" gives a right answer, or that of "second moment".
            if squares not in (original**2, Fraction(p) * original**2):
                variants += multisets * (2 if setting.negative else 1)
        assert ways == passes(setting, p)  # the sampler counts another way, and reaches each of them
    assert PROBLEM.levels[level].variants == variants
    assert PROBLEM.levels[level].counted


@pytest.mark.parametrize(("level", "p"), [(level, p) for level in LEVELS for p in SETTINGS[level].survivors])
def test_a_row_has_the_ways_of_the_rows_without_its_last_unit(level: str, p: str) -> None:
    setting, divisor = SETTINGS[level], Fraction(p).denominator
    counts = _counts(setting, divisor)
    sums = counts[0].shape[-1]
    for length in range(1, len(counts)):
        places = np.flatnonzero(counts[length])
        for place in places[:: max(1, len(places) // 60)].tolist():
            _, steps = _lasts(setting, divisor, place // sums)
            assert counts[length - 1].take(place - steps).sum() == counts[length].item(place)


@pytest.mark.parametrize("level", LEVELS)
def test_units_come_out_at_what_is_aimed_at(level: str) -> None:
    setting = SETTINGS[level]
    for p in setting.survivors:
        every = [*passes(setting, p)]
        for aimed in every[:: len(every) // 8]:
            survivors, dropped = draw_units(Draw("aimed", level, p, *aimed), setting, p, aimed)
            units = [*survivors, *dropped]
            assert len(survivors) == setting.survivors[p]
            assert len(units) == setting.units
            assert (sum(unit.contribution for unit in survivors), sum(unit.contribution for unit in units)) == aimed
            assert sum(unit.is_large for unit in units) == setting.large
            assert sum(unit.weight < 0 for unit in units) == setting.negative
            assert {abs(unit.weight) for unit in units} == {1, 2, 3}
            assert sum(unit.contribution**2 for unit in units) % Fraction(p).denominator == 0
