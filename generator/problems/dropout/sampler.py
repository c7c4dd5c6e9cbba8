"""How a pass is drawn: a mask for which the correction helps, and numbers that stay small."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import combinations, combinations_with_replacement
from math import gcd
from typing import Any

from generator import Draw, draw_claims
from generator.problems.dropout.concepts import CLAIMS, CLOSENESS, FOLLOW_UPS, GIVEN_AWAY, TRAIN_TEST

LARGEST_ACTIVATION = {1: 9, 2: 6, 3: 4}
"""By the size of its weight: no contribution is larger than 12, and its square is known by heart."""

FOUND = tuple(f"{above}/{below}" for below in range(3, 10) for above in range(1, below) if gcd(above, below) == 1)
"""Probabilities to be found from two outputs."""


CLOSEST = 2
"""Of how many choices of the negative units one is drawn."""


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

    @property
    def sizes(self) -> tuple[tuple[int, ...], ...]:
        """All that the weights' sizes can be together: each of 1, 2, 3 comes, and enough of them can be ``large``."""
        return _sizes(self.units, self.large)


EASY = Setting(7, {"2/3": 2, "3/4": 2, "4/5": 2}, negative=0, large=1)
"""Corrections that are whole."""
STANDARD = Setting(7, {"1/5": 5, "1/4": 5, "1/3": 5, "2/5": 4, "3/5": 3}, negative=2, large=2)
HARD = Setting(8, {"1/5": 6, "1/3": 6, "2/5": 5, "3/5": 4}, negative=3, large=4)


@cache
def _sizes(units: int, large: int) -> tuple[tuple[int, ...], ...]:
    every = combinations_with_replacement((1, 2, 3), units)
    return tuple(sizes for sizes in every if {*sizes} == {1, 2, 3} and units - sizes.count(1) >= large)


# ------------------------------------------------------------------------------------------ the sampler


def _sample(setting: Setting, draw: Draw) -> Mapping[str, Any]:
    """Units, some of them with a negative weight, and a mask under which the correction helps."""
    # The corrected output is a multiple of p's denominator: fewer fifths, and it is less often the same.
    p = draw.weighted({one: 1 if one.endswith("/5") else 2 for one in setting.survivors})
    x, w, kept = _pass(draw, p, setting)
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


def _pass(draw: Draw, p: str, setting: Setting) -> tuple[list[int], list[int], tuple[int, ...]]:
    """Activations, their weights, and the units that survive.

    One random activation is amended, so that the squares of the contributions add up to a multiple of the denominator
    of ``p`` and there is a good mask.  The variances, p(1 - p) times that sum and p/(1 - p) times it, then
    have no square in the denominator.
    """
    sizes = draw.shuffled(draw.choice(setting.sizes))
    large = draw.sample([place for place, size in enumerate(sizes) if size > 1], setting.large)
    ranges = [_activations(size, place in large) for place, size in enumerate(sizes)]
    x = [draw.choice(activations) for activations in ranges]
    negative = _negative_units(draw, [size * activation for size, activation in zip(sizes, x, strict=True)], setting)
    w = [-size if place in negative else size for place, size in enumerate(sizes)]
    squares = sum((weight * activation) ** 2 for weight, activation in zip(w, x, strict=True))
    divisor = _kept_share(p)[1]
    amended = [
        (place, activation)
        for place, weight in enumerate(w)
        for activation in ranges[place]
        if (squares + weight**2 * (activation**2 - x[place] ** 2)) % divisor == 0
    ]
    for place, activation in draw.shuffled(amended):
        candidate = [*x[:place], activation, *x[place + 1 :]]
        shares = [weight * one for weight, one in zip(w, candidate, strict=True)]
        masks = _good_masks(shares, p, setting.survivors[p])
        if masks:
            return candidate, w, draw.choice(masks[draw.choice(tuple(masks))])
    draw.require(False, "no activation to amend leads to a whole corrected output close to the original one")
    raise AssertionError("a failed requirement ends the draw")


def _negative_units(draw: Draw, sizes: Sequence[int], setting: Setting) -> tuple[int, ...]:
    """Units to be negative: their choice spreads the output evenly, which by itself would often be the same."""
    goal = draw.integer(12, 44)
    total = sum(sizes)
    choices = combinations(range(setting.units), setting.negative)
    return draw.choice(sorted(choices, key=lambda some: abs(total - 2 * sum(sizes[i] for i in some) - goal))[:CLOSEST])


def _activations(size: int, is_large: bool) -> range:
    """Those for which the contribution has two digits, or one, at a weight of this size."""
    return range(-(-10 // size) if is_large else 1, (LARGEST_ACTIVATION[size] if is_large else 9 // size) + 1)


def _good_masks(contributions: Sequence[int], p: str, survivors: int) -> Mapping[int, list[tuple[int, ...]]]:
    """The survivors of each mask whose corrected output is whole, at least twice as close, and not exact, by that output.

    The corrected and the original output have two digits.
    """
    above, below = _kept_share(p)
    full = sum(contributions)
    good: dict[int, list[tuple[int, ...]]] = {}
    if not 10 <= full <= 99:
        return good
    for kept in combinations(range(len(contributions)), survivors):
        output = sum([contributions[i] for i in kept])
        corrected, rest = divmod(output * below, above)
        if (
            not rest
            and 10 <= corrected <= 99
            and corrected != full
            and 2 * abs(corrected - full) <= abs(output - full)
            and 2 * output != full  # the inverted mask gives another output
        ):
            good.setdefault(corrected, []).append(kept)
    return good


def _kept_share(p: str) -> tuple[int, int]:
    """1 - p as numerator and denominator."""
    above, below = map(int, p.split("/"))
    return below - above, below
