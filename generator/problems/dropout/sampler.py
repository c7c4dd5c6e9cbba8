"""How a pass is drawn: a mask for which the correction helps, and numbers that stay small."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from generator import Draw, draw_claims
from generator.problems.dropout.concepts import CLAIMS, CLOSENESS, FOLLOW_UPS, GIVEN_AWAY, TRAIN_TEST

UNITS = 7
"""Prime to every denominator below: the share of dropped units can never be ``p`` itself."""

SURVIVORS = {
    "1/5": (5, 6),
    "1/4": (5,),
    "1/3": (4, 5),
    "2/5": (4,),
    "3/5": (3,),
    "2/3": (2, 3),
    "3/4": (2,),
}
"""For each dropping probability the counts of survivors within one of the expected count."""

SIZES = (1, 1, 1, 2, 2, 2, 3)
LARGEST_ACTIVATION = {1: 9, 2: 6, 3: 4}
"""By the size of its weight: no contribution is larger than 12, and its square is known by heart."""

# ------------------------------------------------------------------------------------------ the sampler


def sample(draw: Draw) -> Mapping[str, Any]:
    """Seven units, two of them with a negative weight, and a mask under which the correction helps."""
    p = draw.choice(tuple(SURVIVORS))
    signs = draw.shuffled((-1, -1, 1, 1, 1, 1, 1))
    w = [sign * size for sign, size in zip(signs, draw.shuffled(SIZES), strict=True)]
    x = _activations(draw, w, divisor=_kept_share(p)[1])
    masks = _good_masks([weight * activation for weight, activation in zip(w, x, strict=True)], p)
    draw.require(masks, "no mask with a whole corrected output close to the original one")
    kept = draw.choice(masks)
    other = draw.choice([share for share in SURVIVORS if share != p])
    seen_above, seen_below = _kept_share(other)
    times = draw.sign() * draw.integer(2, 6)
    concept = draw.fork("concepts")
    return {
        "x": x,
        "w": w,
        "p": p,
        "dropped": [i + 1 for i in range(UNITS) if i not in kept],
        "closeness": concept.choice(tuple(CLOSENESS)),
        "train_test": concept.choice(tuple(TRAIN_TEST)),
        "follow_ups": FOLLOW_UPS,
        "seen_drop": times * seen_above,
        "seen_corr": times * seen_below,
        "claims": draw_claims(concept, CLAIMS, without=GIVEN_AWAY),
    }


def _activations(draw: Draw, w: Sequence[int], divisor: int) -> list[int]:
    """Random activations, one of them amended so that the squares of the contributions add up to a multiple.

    The variances, p(1 - p) times that sum and p/(1 - p) times it, then have no square in the denominator.
    """
    x = [draw.integer(1, LARGEST_ACTIVATION[abs(weight)]) for weight in w]
    squares = sum((weight * activation) ** 2 for weight, activation in zip(w, x, strict=True))
    amended = [
        (place, activation)
        for place, weight in enumerate(w)
        for activation in range(1, LARGEST_ACTIVATION[abs(weight)] + 1)
        if (squares + weight**2 * (activation**2 - x[place] ** 2)) % divisor == 0
    ]
    draw.require(amended, "no activation makes the sum of squares a multiple")
    place, activation = draw.choice(amended)
    x[place] = activation
    return x


def _good_masks(contributions: Sequence[int], p: str) -> list[tuple[int, ...]]:
    """The survivors of each mask whose corrected output is whole, at least twice as close, and not exact."""
    above, below = _kept_share(p)
    full = sum(contributions)
    good = []
    for count in SURVIVORS[p]:
        for kept in combinations(range(UNITS), count):
            output = sum(contributions[i] for i in kept)
            corrected, rest = divmod(output * below, above)
            if (
                not rest
                and corrected != full
                and 2 * abs(corrected - full) <= abs(output - full)
                and 2 * output != full  # the inverted mask gives another output
            ):
                good.append(kept)
    return good


def _kept_share(p: str) -> tuple[int, int]:
    """1 - p as numerator and denominator."""
    above, below = map(int, p.split("/"))
    return below - above, below
