r"""Five small pieces of training practice: residual stacks, learning rates, averages of weights, quantization, and InfoNCE.

He, Zhang, Ren and Sun, *Identity Mappings in Deep Residual Networks* (2016), equations 3 to 5; Loshchilov and Hutter, *SGDR* (2017),
equation 5, with the linear warm-up of Goyal and others, *Accurate, Large Minibatch SGD* (2017), section 2.2; Polyak and Juditsky (1992) for
averages; Jacob and others, *Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference* (2018), equation 1;
van den Oord, Li and Vinyals, *Representation Learning with Contrastive Predictive Coding* (2018), equation 4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import accumulate, pairwise
from math import floor, prod
from typing import Any

import numpy as np
import sympy

from generator import (
    Array, Bank, Draw, Figure, InputError, Level, Number, Part, Problem, Values, Vector,
    array, expected, log, maximum, minimum, one_of, optional, read_matrix, read_number, read_vector, require_length,
    required, some_of, steps, where, whole,
)  # fmt: skip
from generator.document.figures.curve import Curve, curve_scene
from generator.document.figures.scene import Box, Label, Line, Scene, Shape, Symbol, baseline
from generator.numbers import notation
from generator.numbers.exact import to_float
from generator.problems._drawing import Piece, first_good, written_length
from generator.problems._numeric import complex_slopes

# ------------------------------------------------------------------------------------------ the sampler

F = Fraction
SCHEDULES = ("linear", "cosine", "step")
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
LENGTHS = {3: range(117, 163), 4: range(138, 198), 5: range(159, 231)}
"""What the numbers of a variant with so many blocks may have to be written, so that no paper is much more work than another."""


def _sample(
    draw: Draw, level: str, blocks: int, schedules: Sequence[str], averaged: int, bits: int, anchors: int
) -> Mapping[str, Any]:
    """Each of the five pieces drawn by itself, again and again until it is a good one."""
    pieces: dict[str, Piece] = {
        "stack": partial(_stack, blocks=blocks, level=level),
        "schedule": partial(_schedule, kind=draw.choice(schedules), angles=MORE_ANGLES if level == "hard" else ANGLES),
        "average": partial(_average, count=averaged, in_fractions=level == "hard"),
        "quantize": partial(_quantize, bits=bits),
        "contrast": partial(_contrast, anchors=anchors),
    }
    given: dict[str, Any] = {}
    for name, make in pieces.items():
        given |= first_good(draw.fork(name), make)
    return {**given, **BANK.draw(draw.fork("concepts"), given, level=level)}


def _stack(draw: Draw, blocks: int, level: str) -> dict[str, Any] | None:
    """Slopes and shifts; every ReLU of the plain stack is open, and of the residual one at most one is shut."""
    slopes = [draw.choice(POSITIVE_SLOPES if level == "easy" else SLOPES) for _ in range(blocks)]
    if level == "easy" and len({*slopes}) == blocks and draw.choice((True, False)):
        return None  # three different ones have three products only, which would be on too many papers
    shut = (
        draw.integer(1, blocks - 1) if level == "hard" or (level == "standard" and draw.choice((True, False))) else -1
    )
    start = draw.choice((-2, -1, 1, 2, 3))
    residual, plain = F(start), F(start)
    shifts: list[int] = []
    for place, slope in enumerate(slopes):
        fitting = [b for b in range(-12, 13) if b > -plain and ((b < -residual) if place == shut else (b > -residual))]
        fitting = [b for b in sorted(fitting, key=abs)[:4] if max(abs(residual + b), plain + b) <= LARGEST_STATE]
        if not fitting:
            return None
        shift = draw.choice(fitting)
        shifts.append(shift)
        residual += slope * max(F(0), residual + shift)
        plain = slope * (plain + shift)
    inner = [F(0) if place == shut else slope for place, slope in enumerate(slopes)]
    gradient = prod(1 + slope for slope in inner)
    wrong = {gradient, prod(slopes), prod(inner), 1 + prod(inner), 1 + sum(inner)}
    if max(abs(residual), abs(plain)) > LARGEST_STATE or len(wrong) < (4 if shut < 0 else 5):
        return None
    return {"x": start, "slopes": slopes, "shifts": shifts}


def _schedule(draw: Draw, kind: str, angles: Sequence[Fraction]) -> dict[str, Any] | None:
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


def _average(draw: Draw, count: int, in_fractions: bool) -> dict[str, Any] | None:
    """Weights, multiples of the denominator of m or not, that differ from their neighbours."""
    momentum = draw.choice((F(3, 4), F(2, 3)) if count == 3 else (F(3, 4), F(2, 3), F(4, 5)))
    size = momentum.denominator
    choices = [one for one in range(-12, 17) if one and (one % size == 0) != in_fractions]
    weights = [draw.choice(choices) for _ in range(count)]
    if any(one == other for one, other in pairwise(weights)):
        return None
    return {"weights": weights, "momentum": momentum}


def _quantize(draw: Draw, bits: int) -> dict[str, Any] | None:
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


def _contrast(draw: Draw, anchors: int) -> dict[str, Any] | None:
    """Positives that are no sum of their negatives, rows and columns with different sums, and one anchor that is hardest."""
    places = range(anchors)
    rows = [[draw.integer(4, 10) if i == j else draw.integer(1, 4) for j in places] for i in places]
    sums = [sum(row) for row in rows]
    shares = sorted(F(rows[i][i], sums[i]) for i in places)
    columns = [sum(row[j] for row in rows) for j in places]
    if any(sums[i] == columns[i] or sums[i] == 2 * rows[i][i] for i in places) or shares[0] == shares[1]:
        return None
    return {"similarity_ratios": rows}


sample_easy = partial(_sample, level="easy", blocks=3, schedules=("linear", "step"), averaged=3, bits=4, anchors=2)
sample = partial(_sample, level="standard", blocks=4, schedules=SCHEDULES, averaged=4, bits=8, anchors=3)
sample_hard = partial(_sample, level="hard", blocks=5, schedules=("cosine",), averaged=4, bits=8, anchors=3)


def accept(
    residual_states: Array, plain_states: Array, residual_factors: Array, asked_steps: Array, progress: Array,
    decay: Array, rates: Array, peak: Any, ema: Array, weights: Array, errors: Array, scale: Any, affine_errors: Array,
    affine_scale: Any, contrast: Array, contrast_loss: Any,
) -> bool:  # fmt: skip
    """the numbers are much more or much less to write than on other papers"""
    lengths = {
        1: (*plain_states, *progress, *rates, *ema, *weights, *errors, contrast_loss),
        2: (*residual_states, *residual_factors, *asked_steps, *decay, *affine_errors),
        3: (peak, scale, affine_scale, *contrast),
    }
    length = sum(times * sum(map(written_length, numbers)) for times, numbers in lengths.items())
    return length in LENGTHS[len(residual_factors)]


def require(
    x: Any, slopes: Array, shifts: Array, schedule: str, peak: Any, warmup: Any, total: Any, asked_steps: Array,
    momentum: Any, bits: Any, vector: Array, activations: Array, similarity_ratios: Array, drop: Any = None, every: Any = None,
) -> None:  # fmt: skip
    """What fits together, and no value at a kink or halfway between two codes."""
    require_length("shifts", shifts, len(slopes), "slope")
    for name, states in (("residual", residual(x, slopes, shifts)), ("plain", plain(x, slopes, shifts))):
        for place, (state, shift) in enumerate(zip(states, shifts, strict=False), start=1):
            if state + shift == 0:
                raise InputError(
                    f"in block {place} of the {name} stack ReLU gets 0, where it has no slope", field="shifts"
                )
    require_schedule(schedule, peak, warmup, total, asked_steps, drop, every)
    if not 0 <= momentum <= 1:
        raise InputError(expected("a number from 0 to 1", momentum), field="momentum")
    require_codes("vector", vector, abs(vector).max(), 2 ** (bits - 1) - 1)
    require_codes("activations", activations, activations.max() - activations.min(), 2**bits - 1)
    if len(similarity_ratios) != len(similarity_ratios[0]):
        wrong = f"{len(similarity_ratios)} rows of {len(similarity_ratios[0])}"
        raise InputError(
            expected("a square table, one row and one column for each pair", wrong), field="similarity_ratios"
        )
    if not all(entry > 0 for entry in similarity_ratios.flatten()):
        raise InputError(expected("positive numbers", "one that is not"), field="similarity_ratios")


def require_schedule(
    schedule: str, peak: Any, warmup: Any, total: Any, asked_steps: Array, drop: Any, every: Any
) -> None:
    """A schedule that ends after its warm-up, steps of it, and cosines that can be written down."""
    if peak <= 0:
        raise InputError(expected("a positive learning rate", peak), field="peak")
    if total <= warmup:
        raise InputError(expected(f"more steps than the {warmup} of the warm-up", total), field="total")
    if schedule == "step":
        for field, number in (("drop", drop), ("every", every)):
            if number is None:
                raise InputError("missing; the step schedule needs it", field=field)
        if drop <= 0:
            raise InputError(expected("a positive factor", drop), field="drop")
    for step in asked_steps:
        if not step.is_Integer or not 0 <= step <= total:
            raise InputError(expected(f"whole numbers from 0 to {total}", step), field="asked_steps")
        if schedule == "cosine" and step > warmup and not has_cosine((step - warmup) / (total - warmup)):
            share = f"{(step - warmup) / (total - warmup)}·π"
            raise InputError(f"the cosine of {share}, for step {step}, is no sum of square roots", field="asked_steps")


def has_cosine(share: Any) -> bool:
    """Whether the cosine of so many π is a sum of roots of whole numbers."""
    return share.q in (1, 2, 3, 4, 5, 6, 10, 12)


def require_codes(field: str, values: Array, spread: Any, codes: Any) -> None:
    """A scale that is not 0, and no value halfway between two codes."""
    if spread == 0:
        raise InputError("all values have one code: the scale would be 0", field=field)
    scale = spread / codes
    for one in (*values, *([-values.min()] if field == "activations" else [])):
        if (one / scale + sympy.Rational(1, 2)).is_integer:
            raise InputError(f"{one} is halfway between two codes, at {one / scale} times the scale", field=field)


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.


def residual(x: Any, slopes: Array, shifts: Array) -> Array:
    """The states of the stack with skip connections, from x on."""
    found = [x]
    for a, b in zip(slopes, shifts, strict=True):
        found.append(found[-1] + a * maximum(found[-1] + b, 0))
    return array(found)


def plain(x: Any, slopes: Array, shifts: Array) -> Array:
    """The states of the same stack without them."""
    found = [x]
    for a, b in zip(slopes, shifts, strict=True):
        found.append(a * maximum(found[-1] + b, 0))
    return array(found)


def open_slopes(states: Array, slopes: Array, shifts: Array) -> Array:
    """f′ in each block: the slope where ReLU is open, else 0."""
    return where(states[:-1] + shifts > 0, slopes, 0)


def is_early(step: Any, warmup: Any) -> bool:
    """Whether a step is in the warm-up; with none there is no such step."""
    return bool(step <= warmup and warmup > 0)


def progress_of(asked_steps: Array, warmup: Any, total: Any) -> Array:
    """Which part of the warm-up, or of what comes after it, is over."""
    return array([t / warmup if is_early(t, warmup) else (t - warmup) / (total - warmup) for t in asked_steps])


def cosine(share: Any) -> Any:
    """cos πu, multiplied out."""
    return sympy.sqrtdenest(sympy.cos(sympy.pi * share)).expand()


def decayed(
    schedule: str, asked_steps: Array, warmup: Any, progress: Array, drop: Any = None, every: Any = None
) -> Array:
    """Which part of the peak each rate is."""

    def left(step: Any, share: Any) -> Any:
        if is_early(step, warmup):
            return share
        if schedule == "step":
            return drop ** sympy.floor((step - warmup) / every)
        return 1 - share if schedule == "linear" else (1 + cosine(share)) / 2

    return array([left(t, u) for t, u in zip(asked_steps, progress, strict=True)])


def averaged(first: Any, weights: Sequence[Any], old: Any, new: Any) -> Array:
    """A running average from a first value on."""
    return array([*accumulate(weights, lambda average, weight: old * average + new * weight, initial=first)])


def nearest(values: Any) -> Any:
    """The nearest whole numbers."""
    return array([sympy.floor(one + sympy.Rational(1, 2)) for one in values])


def clipped(codes: Array, least: Any, most: Any) -> Array:
    return minimum(maximum(codes, least), most)


def diagonal(table: Array) -> Array:
    return array([row[place] for place, row in enumerate(table)])


SOLUTION = steps(
    residual_states=residual,
    residual_slopes=lambda residual_states, slopes, shifts: open_slopes(residual_states, slopes, shifts),
    residual_factors=lambda residual_slopes: 1 + residual_slopes,
    residual_gradient=lambda residual_factors: prod(residual_factors),
    plain_states=plain,
    plain_slopes=lambda plain_states, slopes, shifts: open_slopes(plain_states, slopes, shifts),
    plain_gradient=lambda plain_slopes: prod(plain_slopes),
    progress=progress_of,
    decay=decayed,
    rates=lambda peak, decay: peak * decay,
    ema=lambda weights, momentum: averaged(weights[0], weights[1:], momentum, 1 - momentum),
    levels=lambda bits: 2 ** (bits - 1) - 1,
    scale=lambda vector, levels: abs(vector).max() / levels,
    codes=lambda vector, scale, levels: clipped(nearest(vector / scale), -levels, levels),
    errors=lambda codes, scale, vector: codes * scale - vector,
    affine_scale=lambda activations, bits: (activations.max() - activations.min()) / (2**bits - 1),
    zero_point=lambda activations, affine_scale: nearest([-activations.min() / affine_scale])[0],
    affine_codes=lambda activations, affine_scale, zero_point, bits: clipped(
        nearest(activations / affine_scale) + zero_point, 0, 2**bits - 1
    ),
    affine_errors=lambda affine_codes, affine_scale, zero_point, activations: (
        (affine_codes - zero_point) * affine_scale - activations
    ),
    contrast=lambda similarity_ratios: diagonal(similarity_ratios) / similarity_ratios.sum(axis=1),
    contrast_loss=lambda contrast: -log(contrast).mean(),
)

BANK = Bank.beside(
    __file__,
    blocks=lambda slopes: len(slopes),
    paths=lambda slopes: 2 ** len(slopes),
    half_residual=lambda slopes: sympy.Rational(3, 2) ** len(slopes),
    half_plain=lambda slopes: sympy.Rational(1, 2) ** len(slopes),
    length=lambda total, warmup: total - warmup,
    twice_warmup=lambda warmup: 2 * warmup,
    half_peak=lambda peak: peak / 2,
    newest=lambda momentum: 1 - momentum,
    newest_before=lambda momentum: momentum * (1 - momentum),
    first_share=lambda weights, momentum: momentum ** (len(weights) - 1),
    averaged_count=lambda weights: len(weights),
    last_weight=lambda weights: weights[-1],
    last_average=lambda ema: ema[-1],
    more_bits=lambda bits: bits + 1,
    middle_code=lambda bits: 2 ** (bits - 1),
    lowest_code=lambda bits: -(2 ** (bits - 1)),
    all_codes=lambda bits: 2**bits,
    highest_code=lambda bits: 2**bits - 1,
    used_codes=lambda levels: 2 * levels + 1,
    half_scale=lambda scale: scale / 2,
    half_affine_scale=lambda affine_scale: affine_scale / 2,
    largest=lambda vector: in_decimals(abs(vector).max()),
    even_scale=lambda activations, levels: abs(activations).max() / levels,
    span=lambda activations: in_decimals(activations.max() - activations.min()),
    least=lambda activations: in_decimals(activations.min()),
    greatest=lambda activations: in_decimals(activations.max()),
    anchors=lambda similarity_ratios: len(similarity_ratios),
    negatives=lambda similarity_ratios: len(similarity_ratios) - 1,
    hardest=lambda contrast: contrast.argmin() + 1,
    least_share=lambda contrast: contrast.min(),
    first_row=lambda similarity_ratios: similarity_ratios[0],
    first_total=lambda similarity_ratios: similarity_ratios[0].sum(),
    first_positive=lambda similarity_ratios: similarity_ratios[0, 0],
    first_negatives=lambda similarity_ratios: similarity_ratios[0].sum() - similarity_ratios[0, 0],
)


def decimal_row(values: Array) -> str:
    """The TeX of a vector in decimals, from which codes are read off."""
    return rf"\begin{{bmatrix}} {' & '.join(map(in_decimals, values))} \end{{bmatrix}}"


def in_decimals(number: Any) -> str:
    """The TeX of a number with up to five decimals; of one that needs more, of the fraction."""
    shifted = number * 10**5
    if not shifted.is_Integer:
        return notation.tex(number)
    digits = f"{abs(int(shifted)):06d}"
    sign = "-" if number < 0 else ""
    return sign + f"{digits[:-5]}.{digits[-5:]}".rstrip("0").rstrip(".")


# ------------------------------------------------------------------------------ what students do instead


def has_shut_gate(residual_states: Array, shifts: Array) -> bool:
    return any(state + shift < 0 for state, shift in zip(residual_states, shifts, strict=False))


def of_kind(kind: str) -> Callable[..., bool]:
    """Whether the schedule is of a kind."""
    return lambda schedule: bool(schedule == kind)


def counted_from_zero(schedule: str, asked_steps: Array, warmup: Any, total: Any) -> bool:
    """Whether the share of all steps that are over leads to a rate that can be written down."""
    late = [t / total for t in asked_steps if not is_early(t, warmup)]
    return bool(warmup > 0 and (schedule == "linear" or (schedule == "cosine" and all(map(has_cosine, late)))))


def quickest_first(asked_steps: Array, warmup: Any, total: Any) -> Array:
    """Progress with a warm-up whose count starts at 1."""
    return array([(t + 1) / warmup if is_early(t, warmup) else (t - warmup) / (total - warmup) for t in asked_steps])


def bare_cosine(asked_steps: Array, warmup: Any, progress: Array) -> Array:
    return array([u if is_early(t, warmup) else cosine(u) for t, u in zip(asked_steps, progress, strict=True)])


def dropped_from_zero(asked_steps: Array, warmup: Any, progress: Array, drop: Any, every: Any) -> Array:
    return array(
        [
            u if is_early(t, warmup) else drop ** sympy.floor(t / every)
            for t, u in zip(asked_steps, progress, strict=True)
        ]
    )


MISTAKES = [
    BANK.mistake("skip_forgotten", residual_factors=lambda residual_slopes: residual_slopes),
    BANK.mistake("one_plus_product", residual_gradient=lambda residual_slopes: 1 + prod(residual_slopes)),
    BANK.mistake("shut_gate_open", residual_slopes=lambda slopes: slopes, applies=has_shut_gate),
    BANK.mistake("one_plus_sum", residual_gradient=lambda residual_slopes: 1 + sum(residual_slopes)),
    BANK.mistake("warmup_from_one", progress=quickest_first, applies=lambda warmup: warmup > 0),
    BANK.mistake(
        "warmup_not_subtracted",
        progress=lambda asked_steps, warmup, total: array(
            [t / warmup if is_early(t, warmup) else t / total for t in asked_steps]
        ),
        applies=counted_from_zero,
    ),
    BANK.mistake("bare_cosine", decay=bare_cosine, applies=of_kind("cosine")),
    BANK.mistake("drops_from_zero", decay=dropped_from_zero, applies=of_kind("step")),
    BANK.mistake("progress_not_remaining", decay=lambda progress: progress, applies=of_kind("linear")),
    BANK.mistake(
        "momentum_exchanged", ema=lambda weights, momentum: averaged(weights[0], weights[1:], 1 - momentum, momentum)
    ),
    BANK.mistake("average_from_zero", ema=lambda weights, momentum: averaged(0, weights, momentum, 1 - momentum)[1:]),
    BANK.mistake("whole_range", levels=lambda bits: 2**bits - 1),
    BANK.mistake("one_level_more", levels=lambda bits: 2 ** (bits - 1)),
    BANK.mistake(
        "truncated",
        codes=lambda vector, scale: array([sympy.sign(one) * sympy.floor(abs(one)) for one in vector / scale]),
    ),
    BANK.mistake(
        "zero_point_sign", zero_point=lambda activations, affine_scale: nearest([activations.min() / affine_scale])[0]
    ),
    BANK.mistake("no_zero_point", zero_point=lambda: 0, applies=lambda zero_point: zero_point != 0),
    BANK.mistake(
        "zero_point_not_subtracted",
        affine_errors=lambda affine_codes, affine_scale, activations: affine_codes * affine_scale - activations,
        applies=lambda zero_point: zero_point != 0,
    ),
    BANK.mistake(
        "positive_not_below",
        contrast=lambda similarity_ratios: (
            diagonal(similarity_ratios) / (similarity_ratios.sum(axis=1) - diagonal(similarity_ratios))
        ),
        applies=lambda similarity_ratios: len(similarity_ratios) > 1,
    ),
    BANK.mistake(
        "columns_compared",
        contrast=lambda similarity_ratios: diagonal(similarity_ratios) / similarity_ratios.sum(axis=0),
    ),
    BANK.mistake(
        "summed",
        contrast_loss=lambda contrast: -log(contrast).sum(),
        applies=lambda similarity_ratios: len(similarity_ratios) > 1,
    ),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(
    x: float, slopes: np.ndarray, shifts: np.ndarray, schedule: str, peak: float, warmup: float, total: float,
    asked_steps: np.ndarray, weights: np.ndarray, momentum: float, bits: float, vector: np.ndarray,
    activations: np.ndarray, similarity_ratios: np.ndarray, drop: float = 1.0, every: float = 1.0,
) -> Mapping[str, Any]:  # fmt: skip
    """numpy: gradients by complex steps, rates along the schedule, averages in closed form, the nearest of all restored values, log-sum-exp."""

    def states(start: complex, kept: float) -> list[complex]:
        found = [start]
        for a, b in zip(slopes, shifts, strict=True):
            inner = found[-1] + b
            found.append(kept * found[-1] + (a * inner if inner.real > 0 else 0))
        return found

    def slope(kept: float) -> float:
        return float(complex_slopes(lambda at: complex(states(at[0], kept)[-1]), np.array([x + 0j]))[0])

    def rate(step: float) -> float:
        if warmup > 0 and step <= warmup:
            return float(np.interp(step, [0, warmup], [0, peak]))
        if schedule == "step":
            return float(peak * drop ** int((step - warmup) / every + 1e-9))
        if schedule == "linear":
            return float(np.interp(step, [warmup, total], [peak, 0]))
        return float(peak * np.cos(np.pi / 2 * (step - warmup) / (total - warmup)) ** 2)

    count = len(weights)
    shares = np.array(
        [[(1 - momentum) * momentum ** (t - i) if i <= t else 0 for i in range(count)] for t in range(count)]
    )
    shares[:, 0] = momentum ** np.arange(count)
    most = 2 ** (bits - 1) - 1
    scale = np.abs(vector).max() / most
    codes = closest(vector / scale, -most, most)
    affine_scale = np.ptp(activations) / (2**bits - 1)
    zero_point = closest(np.array([-activations.min() / affine_scale]), -np.inf, np.inf)[0]
    affine_codes = closest(activations / affine_scale + zero_point, 0, 2**bits - 1)
    logits = np.log(similarity_ratios)
    top = logits.max(axis=1)
    logs = np.diag(logits) - top - np.log(np.exp(logits - top[:, None]).sum(axis=1))
    return {
        "residual_states": [one.real for one in states(x + 0j, 1.0)],
        "residual_gradient": slope(1.0),
        "plain_gradient": slope(0.0),
        "rates": [rate(step) for step in asked_steps],
        "ema": shares @ weights,
        "scale": scale,
        "codes": codes,
        "errors": codes * scale - vector,
        "affine_scale": affine_scale,
        "zero_point": zero_point,
        "affine_codes": affine_codes,
        "affine_errors": (affine_codes - zero_point) * affine_scale - activations,
        "contrast": np.exp(logs),
        "contrast_loss": -logs.mean(),
    }


def closest(values: np.ndarray, least: float, most: float) -> np.ndarray:
    """Of the whole numbers around each value, and the ends of the range, the one that is nearest to it."""
    around = np.floor(values)[:, None] + np.array([-1, 0, 1, 2])
    around = np.clip(around, least, most)
    return np.array([row[np.abs(row - one).argmin()] for row, one in zip(around, values, strict=True)])


# -------------------------------------------------------------------------------------------- the prose


def parts(v: Values) -> Iterator[Part]:
    count = len(v.slopes)
    vector, activations = decimal_row(v.vector), decimal_row(v.activations)
    yield BANK.part(
        "stacks",
        v,
        figure=residual_block(),
        parts=[
            BANK.part(
                "residual_states", v, Vector("residual_states", rf"x_0, \dots, x_{{{count}}}"), for_each=[*blocks_of(v)]
            ),
            BANK.part("residual_gradient", v, Number("residual_gradient", "g")),
            BANK.part("plain_gradient", v, Number("plain_gradient", "g"), inner=v.plain_states),
        ],
    )
    yield BANK.part(
        "rates",
        v,
        Vector("rates", r"\text{rates}", like="asked_steps"),
        case=v.schedule,
        for_each=[*asked(v)],
        steps=[rate_figure(v)],
    )
    yield BANK.part("ema", v, Vector("ema", r"\text{averages}", like="weights"), for_each=[*averages(v)])
    yield BANK.part(
        "symmetric",
        v,
        vector=vector,
        parts=[
            BANK.part("scale", v, Number("scale", "s")),
            BANK.part("codes", v, Vector("codes", "c", like="vector"), quotients=decimal_row(v.vector / v.scale)),
            BANK.part("errors", v, Vector("errors", "e", like="vector"), vector=vector),
        ],
    )
    yield BANK.part(
        "affine",
        v,
        activations=activations,
        parts=[
            BANK.part("affine_scale", v, Number("affine_scale", "s")),
            BANK.part(
                "zero_point",
                v,
                Number("zero_point", "z"),
                offset=in_decimals(-v.activations.min() / v.affine_scale),
            ),
            BANK.part(
                "affine_codes",
                v,
                Vector("affine_codes", "c", like="activations"),
                quotients=decimal_row(v.activations / v.affine_scale),
            ),
            BANK.part("affine_errors", v, Vector("affine_errors", "e", like="activations"), activations=activations),
        ],
    )
    yield BANK.part(
        "contrastive",
        v,
        parts=[
            BANK.part(
                "contrast",
                v,
                Vector("contrast", r"\text{shares}", like="rows of similarity_ratios"),
                totals=v.similarity_ratios.sum(axis=1),
            ),
            BANK.part("contrast_loss", v, Number("contrast_loss", "L")),
        ],
    )
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))
    yield Part("question", *BANK.essay("question", v))


def blocks_of(v: Values) -> Iterator[Mapping[str, Any]]:
    """What each block of the residual stack computes."""
    for place, (a, b, state, after) in enumerate(
        zip(v.slopes, v.shifts, v.residual_states, v.residual_states[1:], strict=False), start=1
    ):
        yield {"l": place, "a": a, "b": b, "state": state, "after": after}


def asked(v: Values) -> Iterator[Mapping[str, Any]]:
    """Where each of the asked steps stands, and the part of the peak that is its rate."""
    for t, u, part, rate in zip(v.asked_steps, v.progress, v.decay, v.rates, strict=True):
        if is_early(t, v.warmup):
            how = BANK.text("in_warmup", v, t=t, u=u)
        elif v.schedule == "step":
            how = BANK.text("in_step", v, t=t, drops=sympy.floor((t - v.warmup) / v.every))
        else:
            how = BANK.text(f"in_{v.schedule}", v, t=t, u=u)
        yield {"t": t, "how": how, "part": part, "rate": rate}


def averages(v: Values) -> Iterator[Mapping[str, Any]]:
    """How each average follows from the one before."""
    for weight, old, new in zip(v.weights[1:], v.ema, v.ema[1:], strict=False):
        yield {"weight": weight, "old": old, "new": new}


def rate_figure(v: Values) -> Figure:
    """The learning rate over the steps, with the asked ones marked."""
    warmup, total, peak = (to_float(v[name]) for name in ("warmup", "total", "peak"))
    shares = [place / 60 for place in range(61)]
    points = [(0.0, 0.0)] if warmup else []
    if v.schedule == "step":
        drop, every = to_float(v.drop), to_float(v.every)
        corners = range(min(floor((total - warmup) / every), 200) + 1)
        for count in corners:
            at = warmup + count * every
            points += [(at, peak * drop**count), (min(at + every, total), peak * drop**count)]
    elif v.schedule == "linear":
        points += [(warmup, peak), (total, 0.0)]
    else:
        points += [(warmup + u * (total - warmup), peak * (1 + np.cos(np.pi * u)) / 2) for u in shares]
    in_order = sorted(zip(v.asked_steps, v.rates, strict=True))
    scene = curve_scene(
        Curve(
            title="The learning rate",
            x_name=("step",),
            y_name=("learning rate",),
            points=[(float(x), float(y)) for x, y in points],
            marked=[(to_float(step), to_float(rate)) for step, rate in in_order],
            names=[notation.plain(step) for step, _ in in_order],
            values=[notation.plain(rate) for _, rate in in_order],
            description=f"It rises to {notation.plain(v.peak)} at step {notation.plain(v.warmup)}; the last step is {notation.plain(v.total)}.",
        )
    )
    return Figure("learning-rate", scene)


def residual_block() -> Figure:
    """One block with its skip connection."""
    middle, left = 34.0, 40.0
    drawn: list[Shape] = [Label(14, baseline(middle), (Symbol("x"),))]
    for words in (("+ ", Symbol("b")), ("ReLU",), ("× ", Symbol("a"))):
        drawn += [
            Line(((left - 18, middle), (left, middle)), "flow", arrow=True),
            Box(left, middle - 11, 44, 22, "activation" if words == ("ReLU",) else "linear"),
            Label(left + 22, baseline(middle), words),
        ]
        left += 62
    drawn += [
        Line(((left - 18, middle), (left, middle)), "flow", arrow=True),
        Box(left, middle - 9, 18, 18, "add"),
        Label(left + 9, baseline(middle), ("+",)),
        Line(((26, middle), (26, 10), (left + 9, 10), (left + 9, middle - 9)), "skip", arrow=True),
        Line(((left + 18, middle), (left + 36, middle)), "flow", arrow=True),
        Label(left + 70, baseline(middle), (Symbol("x"), " + ", Symbol("f"), "(", Symbol("x"), ")")),
    ]
    description = "From x an arrow leads through + b, ReLU and × a to a sum; a second arrow leads from x around them to the same sum."
    scene = Scene(left + 106, middle + 16, tuple(drawn), "A residual block", description)
    return Figure("residual-block", scene)


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The numbers; not the questions in words."""
    return [value for name, value in sorted(params.items()) if name not in ("question", "claims")]


def signature(v: Values) -> Mapping[str, Any]:
    """How many blocks, averaged weights, bits and anchors there are, and how many claims to judge."""
    return {
        "blocks": len(v.slopes),
        "weights": len(v.weights),
        "bits": int(v.bits),
        "anchors": len(v.similarity_ratios),
        "claims": len(v.claims),
    }


PROBLEM = Problem(
    id="residuals-and-schedules",
    title="Skip connections, schedules, averages, integers and contrast",
    topic="training practice",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "x": required(read_number),
        "slopes": required(read_vector),
        "shifts": required(read_vector),
        "schedule": required(one_of(SCHEDULES)),
        "peak": required(read_number),
        "warmup": required(whole(0)),
        "total": required(whole(1)),
        "drop": optional(read_number),
        "every": optional(whole(1)),
        "asked_steps": required(read_vector),
        "weights": required(read_vector),
        "momentum": required(read_number),
        "bits": required(whole(2, 32)),
        "vector": required(read_vector),
        "activations": required(read_vector),
        "similarity_ratios": required(read_matrix),
        "question": optional(one_of(BANK["question"]), "half_slopes"),
        "claims": optional(some_of(BANK["claims"]), ()),
    },
    require=require,
    accept=accept,
    sample=sample,
    solution=SOLUTION,
    mistakes=MISTAKES,
    check=check,
    preamble=lambda v: BANK.text("preamble", v),
    parts=parts,
    original={
        "x": 1,
        "slopes": ["1/2", 2, -3, "1/2"],
        "shifts": [1, 0, -1, 4],
        "schedule": "cosine",
        "peak": "1/100",
        "warmup": 20,
        "total": 140,
        "drop": "1/10",
        "every": 40,
        "asked_steps": [10, 60, 100],
        "weights": [4, 8, -4, 12],
        "momentum": "3/4",
        "bits": 8,
        "vector": ["127/10", "-78/25", "11/25", "-239/25"],
        "activations": ["-513/100", "2037/100", "3/5", "-87/100"],
        "similarity_ratios": [[6, 2, 1], [3, 8, 1], [2, 3, 4]],
        "claims": ["flat_blocks", "middle_zero_point"],
    },
    canonical=canonical,
    signature=signature,
    standard={"blocks": 4, "weights": 4, "bits": 8, "anchors": 3, "claims": 2},
    possible={"scale": 7, "affine_scale": 7},
    variants=10_000_000,
    easy=Level(
        sample_easy,
        {"blocks": 3, "weights": 3, "bits": 4, "anchors": 2, "claims": 2},
        possible={"scale": 7, "affine_scale": 7},
        variants=10_000_000,
    ),
    hard=Level(
        sample_hard,
        {"blocks": 5, "weights": 4, "bits": 8, "anchors": 3, "claims": 2},
        possible={"scale": 7, "affine_scale": 7},
        variants=10_000_000,
    ),
)
