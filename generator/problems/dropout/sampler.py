"""How a pass is drawn: a mask for which the correction helps, and numbers that stay small."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import combinations_with_replacement
from math import gcd
from typing import Any, NamedTuple

from generator import Draw, draw_claims
from generator.balance import even_weights
from generator.problems.dropout.concepts import CLAIMS, CLOSENESS, FOLLOW_UPS, GIVEN_AWAY, TRAIN_TEST

LARGEST_ACTIVATION = {1: 9, 2: 6, 3: 4}
"""By the size of its weight: no contribution is larger than 12, and its square is known by heart."""

LARGEST = 12
"""Of the contributions."""
TRIES = 16
"""At weights and a mask that fit the output aimed at."""

FOUND = tuple(f"{above}/{below}" for below in range(3, 10) for above in range(1, below) if gcd(above, below) == 1)
"""Probabilities to be found from two outputs."""


@dataclass(frozen=True)
class Setting:
    """What one level is made of.

    ``survivors`` gives for each dropping probability how many units survive: a number within one of the expected one,
    and never that one itself, since the number of units is prime to every denominator.
    """

    units: int
    survivors: Mapping[str, int]
    negative: int
    large: int
    """How many contributions have two digits."""
    usual: int
    """The largest corrected output that is aimed at; larger ones come by themselves."""

    @property
    def sizes(self) -> tuple[tuple[int, ...], ...]:
        """All that the weights' sizes can be together: each of 1, 2, 3 comes, and enough of them can be ``large``."""
        return _sizes(self.units, self.large)


EASY = Setting(7, {"2/3": 2, "3/4": 2, "4/5": 2}, negative=0, large=1, usual=60)
"""Corrections that are whole."""
STANDARD = Setting(7, {"1/5": 5, "1/4": 5, "1/3": 5, "2/5": 4, "3/5": 3}, negative=2, large=2, usual=48)
HARD = Setting(8, {"1/5": 6, "1/3": 6, "2/5": 5, "3/5": 4}, negative=3, large=4, usual=48)


@cache
def _sizes(units: int, large: int) -> tuple[tuple[int, ...], ...]:
    every = combinations_with_replacement((1, 2, 3), units)
    return tuple(sizes for sizes in every if {*sizes} == {1, 2, 3} and units - sizes.count(1) >= large)


# ------------------------------------------------------------------------------------------ the sampler


def _sample(setting: Setting, draw: Draw) -> Mapping[str, Any]:
    """Units, some of them with a negative weight, and a mask under which the correction helps."""
    p, aimed = draw.weighted(_aims(tuple(setting.survivors), setting.usual))
    x, w, kept = _pass(draw, p, aimed, setting)
    seen_above, seen_below = _kept_share(draw.choice([share for share in FOUND if share != p]))
    times = draw.sign() * draw.integer(2, 6)
    concept = draw.fork("concepts")
    return {
        "x": x,
        "w": w,
        "p": p,
        "dropped": [i + 1 for i in range(setting.units) if i not in kept],
        "closeness": concept.choice(tuple(CLOSENESS)),
        "train_test": concept.choice(tuple(TRAIN_TEST)),
        "follow_ups": FOLLOW_UPS,
        "seen_drop": times * seen_above,
        "seen_corr": times * seen_below,
        "claims": draw_claims(concept, CLAIMS, without=GIVEN_AWAY),
    }


sample_easy, sample, sample_hard = (partial(_sample, setting) for setting in (EASY, STANDARD, HARD))


def _pass(draw: Draw, p: str, aimed: int, setting: Setting) -> tuple[list[int], list[int], tuple[int, ...]]:
    """Activations, their weights, and the units that survive.

    Of a few weights and masks the first are taken with which the survivors can add up to ``aimed``.  What all units add up
    to is drawn evenly, so that the corrected output is whole and closer, and the squares of the contributions add up to
    a multiple of the denominator of ``p``.  The variances, p(1 - p) times that sum and p/(1 - p) times it, then
    have no square in the denominator.
    """
    for _ in range(TRIES):
        units = _units(draw, p, setting)
        if aimed in units.good:
            break
    draw.require(units.good, "no contributions lead to a whole corrected output close to the original one")
    output = aimed if aimed in units.good else draw.choice(tuple(units.good))
    square, full = draw.choice(units.good[output])
    found = dict(
        zip(units.kept, _contributions(draw, units.of(units.kept), units.surviving, output, square), strict=True)
    )
    lost = _contributions(draw, units.of(units.lost), units.dropped, full - output, -square)
    found |= dict(zip(units.lost, lost, strict=True))
    return [found[place] // weight for place, weight in enumerate(units.w)], units.w, units.kept


class _Units(NamedTuple):
    """Weights, what each unit may contribute, the mask, and what survivors and dropped units can add up to."""

    w: list[int]
    shares: list[tuple[int, ...]]
    kept: tuple[int, ...]
    lost: tuple[int, ...]
    surviving: list[list[int]]
    dropped: list[list[int]]
    good: Mapping[int, list[tuple[int, int]]]

    def of(self, places: Sequence[int]) -> list[tuple[int, ...]]:
        """What the units at some places may contribute."""
        return [self.shares[place] for place in places]


def _units(draw: Draw, p: str, setting: Setting) -> _Units:
    units = range(setting.units)
    sizes = draw.shuffled(draw.choice(setting.sizes))
    large = draw.sample([place for place, size in enumerate(sizes) if size > 1], setting.large)
    negative = draw.sample(units, setting.negative)
    kept = tuple(sorted(draw.sample(units, setting.survivors[p])))
    lost = tuple(place for place in units if place not in kept)
    w = [-size if place in negative else size for place, size in enumerate(sizes)]
    shares = [
        tuple(weight * one for one in _activations(abs(weight), place in large)) for place, weight in enumerate(w)
    ]
    surviving, dropped = (_sums([shares[place] for place in some], _kept_share(p)[1]) for some in (kept, lost))
    return _Units(w, shares, kept, lost, surviving, dropped, _good_outputs(p, surviving, dropped))


def _activations(size: int, is_large: bool) -> range:
    """Those for which the contribution has two digits, or one, at a weight of this size."""
    return range(-(-10 // size) if is_large else 1, (LARGEST_ACTIVATION[size] if is_large else 9 // size) + 1)


def _sums(shares: Sequence[Sequence[int]], divisor: int) -> list[list[int]]:
    """What the units from each one on can add up to: a bit for each sum, by what their squares leave on division.

    Each unit's contribution is counted from -12 on, so that no sum is negative.
    """
    found = [[1] + [0] * (divisor - 1)]
    for choices in reversed(shares):
        sums = [0] * divisor
        for share in choices:
            for square, before in enumerate(found[-1]):
                sums[(square + share * share) % divisor] |= before << (share + LARGEST)
        found.append(sums)
    return found[::-1]


def _contributions(
    draw: Draw, shares: Sequence[Sequence[int]], sums: Sequence[Sequence[int]], total: int, square: int
) -> list[int]:
    """Contributions that add up to ``total`` and whose squares leave ``square``, unit by unit."""
    found = []
    for later, choices in enumerate(shares, start=1):
        shift = LARGEST * (len(shares) - later)
        fitting = [
            share
            for share in choices
            if total - share + shift >= 0
            and sums[later][(square - share * share) % len(sums[later])] >> (total - share + shift) & 1
        ]
        share = draw.choice(fitting)
        found.append(share)
        total, square = total - share, square - share * share
    return found


def _good_outputs(
    p: str, surviving: Sequence[Sequence[int]], dropped: Sequence[Sequence[int]]
) -> Mapping[int, list[tuple[int, int]]]:
    """The survivors' outputs, with what their squares leave and the outputs of all units that go with them.

    The corrected output is whole, at least twice as close as the uncorrected one, and not exact; it and the original
    one have two digits.
    """
    above, below = _kept_share(p)
    good: dict[int, list[tuple[int, int]]] = {}
    for output in range(above, LARGEST * len(surviving), above):
        corrected = output * below // above
        gap = corrected - output
        nearest = range(max(10, corrected - gap // 3), min(99, corrected + gap) + 1)
        for square, sums in enumerate(surviving[0]):
            if not 10 <= corrected <= 99 or not sums >> (output + LARGEST * (len(surviving) - 1)) & 1:
                continue
            others = dropped[0][-square % below] << output >> LARGEST * (len(dropped) - 1)
            for full in nearest:
                if others >> full & 1 and full not in (corrected, 2 * output):  # the inverted mask gives another output
                    good.setdefault(output, []).append((square, full))
    return good


@cache
def _aims(probabilities: tuple[str, ...], usual: int) -> Mapping[tuple[str, int], int]:
    """Probabilities with the survivors' outputs to aim at, weighted so that none is often the same, nor the corrected one."""
    every = [
        (p, output, output * below // above)
        for p in probabilities
        for above, below in [_kept_share(p)]
        for output in range(above, usual, above)
        if 10 <= output * below // above <= usual
    ]
    answers = [(("drop", output), ("corr", corrected)) for _, output, corrected in every]
    weights = even_weights(answers)
    return {(p, output): weight for (p, output, _), weight in zip(every, weights, strict=True)}


def _kept_share(p: str) -> tuple[int, int]:
    """1 - p as numerator and denominator."""
    above, below = map(int, p.split("/"))
    return below - above, below
