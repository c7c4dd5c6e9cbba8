"""What the five pieces of a variant are drawn from; each is drawn again while it is bad."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import prod
from typing import Any

from generator import Draw

F = Fraction
POSITIVE_SLOPES = tuple(map(F, ("1/2", "1", "2", "3")))
SLOPES = (*POSITIVE_SLOPES, *map(F, ("-1/2", "-2", "-3", "-3/2")))
LARGEST_STATE = 60
PEAKS = tuple(map(F, ("1/1000", "1/500", "3/1000", "1/200", "1/100", "1/50", "3/100", "1/20", "1/10", "1/5")))
SHARES = tuple(map(F, ("1/5", "1/4", "2/5", "1/2", "3/5", "3/4", "4/5")))
"""Of a linear decay."""
ANGLES = tuple(map(F, ("1/3", "1/2", "2/3")))
MORE_ANGLES = (*ANGLES, *map(F, ("1/6", "1/4", "3/4", "5/6")))
"""Of π, where the cosine is a number with a root at most."""
DROPS = tuple(map(F, ("1/2", "1/4", "1/5", "1/10")))
SCALES = tuple(map(F, ("1/100", "1/50", "1/20", "1/10", "1/5", "1/4", "1/2")))


def stack(draw: Draw, blocks: int, slopes: Sequence[Fraction], with_shut: bool) -> dict[str, Any] | None:
    """Slopes and shifts; every ReLU of the plain stack is open, and of the residual one at most one is shut."""
    chosen = [draw.choice(slopes) for _ in range(blocks)]
    if slopes == POSITIVE_SLOPES and len({*chosen}) == blocks and draw.choice((True, False)):
        return None  # three different ones have three products only, which would be on too many papers
    shut = draw.integer(1, blocks - 1) if with_shut else -1
    start = draw.choice((-2, -1, 1, 2, 3))
    residual, plain = F(start), F(start)
    shifts: list[int] = []
    for place, slope in enumerate(chosen):
        fitting = [b for b in range(-12, 13) if b > -plain and ((b < -residual) if place == shut else (b > -residual))]
        fitting = [b for b in sorted(fitting, key=abs)[:4] if max(abs(residual + b), plain + b) <= LARGEST_STATE]
        if not fitting:
            return None
        shift = draw.choice(fitting)
        shifts.append(shift)
        residual += slope * max(F(0), residual + shift)
        plain = slope * (plain + shift)
    inner = [F(0) if place == shut else slope for place, slope in enumerate(chosen)]
    gradient = prod(1 + slope for slope in inner)
    wrong = {gradient, prod(chosen), prod(inner), 1 + prod(inner), 1 + sum(inner)}
    if max(abs(residual), abs(plain)) > LARGEST_STATE or len(wrong) < (5 if with_shut else 4):
        return None
    return {"x": start, "slopes": chosen, "shifts": shifts}


def schedule(draw: Draw, kind: str, angles: Sequence[Fraction]) -> dict[str, Any] | None:
    """A step within the warm-up and two after it, on different levels and not where a step schedule drops."""
    warmup = draw.choice((10, 20, 40))
    peak = draw.choice(PEAKS)
    early = warmup // 10 * draw.integer(1, 9)
    given: dict[str, Any] = {"schedule": kind, "peak": peak, "warmup": warmup}
    if kind == "step":
        every, drop = draw.choice((20, 30, 40, 50, 60)), draw.choice(DROPS)
        length = every * draw.integer(3, 6)
        late = sorted(draw.sample(range(10, 3 * every, 10), 2))
        counts = [one // every for one in late]
        from_zero = [(one + warmup) // every for one in late]
        if any(one % every == 0 for one in late) or counts[0] == counts[1] or counts == from_zero:
            return None
        given |= {"drop": drop, "every": every}
    else:
        length = draw.choice(range(100, 401, 20) if kind == "linear" else range(60, 481, 12))
        shares = sorted(draw.sample(SHARES if kind == "linear" else angles, 2))
        if any((share * length).denominator > 1 for share in shares):
            return None
        late = [int(share * length) for share in shares]
    return {**given, "total": warmup + length, "asked_steps": [early, *(warmup + one for one in late)]}


def average(draw: Draw, count: int, in_fractions: bool) -> dict[str, Any] | None:
    """Weights, multiples of the denominator of m or not, that differ from their neighbours."""
    momentum = draw.choice((F(3, 4), F(2, 3)) if count == 3 else (F(3, 4), F(2, 3), F(4, 5)))
    size = momentum.denominator
    choices = [one for one in range(-12, 17) if one and (one % size == 0) != in_fractions]
    weights = [draw.choice(choices) for _ in range(count)]
    if any(one == other for one, other in pairwise(weights)):
        return None
    return {"weights": weights, "momentum": momentum}


def quantize(draw: Draw, bits: int) -> dict[str, Any] | None:
    """Values with one digit more than their scale, so that codes are read off; one of them at least is rounded away from 0."""
    scale, affine_scale = draw.sample(SCALES, 2)
    most, all_codes = 2 ** (bits - 1) - 1, 2**bits - 1
    tenths = [draw.sign() * draw.integer(11, 10 * most - 11) for _ in range(3)]
    least = -draw.integer(all_codes, 9 * all_codes)
    inner = [draw.integer(least + 11, least + 10 * all_codes - 11) for _ in range(2)]
    if any(one % 10 == 5 for one in (*tenths, least, *inner)) or len({*map(abs, tenths)}) < 3 or inner[0] == inner[1]:
        return None
    if all(abs(one) % 10 < 5 for one in tenths) or 0 in inner or not any(one % 10 for one in (least, *inner)):
        return None
    vector = draw.shuffled([draw.sign() * 10 * most, *tenths])
    activations = draw.shuffled([least, least + 10 * all_codes, *inner])
    return {
        "bits": bits,
        "vector": [scale * one / 10 for one in vector],
        "activations": [affine_scale * one / 10 for one in activations],
    }


def contrast(draw: Draw, anchors: int) -> dict[str, Any] | None:
    """Positives that are no sum of their negatives, rows and columns with different sums, and one anchor that is hardest."""
    places = range(anchors)
    rows = [[draw.integer(4, 10) if i == j else draw.integer(1, 4) for j in places] for i in places]
    sums = [sum(row) for row in rows]
    shares = sorted(F(rows[i][i], sums[i]) for i in places)
    columns = [sum(row[j] for row in rows) for j in places]
    if any(sums[i] == columns[i] or sums[i] == 2 * rows[i][i] for i in places) or shares[0] == shares[1]:
        return None
    return {"similarity_ratios": rows}
