r"""Five small pieces of training practice: residual stacks, learning rates, averages of weights, quantization, and InfoNCE.

He, Zhang, Ren and Sun, *Identity Mappings in Deep Residual Networks* (2016), equations 3 to 5; Loshchilov and Hutter, *SGDR* (2017),
equation 5, with the linear warm-up of Goyal and others, *Accurate, Large Minibatch SGD* (2017), section 2.2; Polyak and Juditsky (1992) for
averages; Jacob and others, *Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference* (2018), equation 1;
van den Oord, Li and Vinyals, *Representation Learning with Contrastive Predictive Coding* (2018), equation 4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate
from math import prod
from typing import Any

import sympy

from generator import (
    Array, Bank, Draw, InputError, Level, Number, Part, Problem, Values, Vector,
    array, expected, log, maximum, minimum, one_of, optional, read_matrix, read_number, read_vector, require_length,
    required, some_of, steps, where, whole,
)  # fmt: skip
from generator.problems._drawing import Piece, first_good, written_length
from generator.problems.residuals_and_schedules import pieces
from generator.problems.residuals_and_schedules.printed import decimal_row, in_decimals, rate_figure, residual_block
from generator.problems.residuals_and_schedules.requirements import has_cosine, require_codes, require_schedule
from generator.problems.residuals_and_schedules.second_opinion import check

# ------------------------------------------------------------------------------------------ the sampler

SCHEDULES = ("linear", "cosine", "step")
LENGTHS = {3: range(117, 163), 4: range(138, 198), 5: range(159, 231)}
"""What the numbers of a variant with so many blocks may have to be written, so that no paper is much more work than another."""


def _sample(
    draw: Draw, level: str, blocks: int, schedules: Sequence[str], averaged: int, bits: int, anchors: int
) -> Mapping[str, Any]:
    """Each of the five pieces drawn by itself, again and again until it is a good one."""
    slopes = pieces.POSITIVE_SLOPES if level == "easy" else pieces.SLOPES
    with_shut = level == "hard" or (level == "standard" and draw.choice((True, False)))
    made: dict[str, Piece] = {
        "stack": partial(pieces.stack, blocks=blocks, slopes=slopes, with_shut=with_shut),
        "schedule": partial(
            pieces.schedule,
            kind=draw.choice(schedules),
            angles=pieces.MORE_ANGLES if level == "hard" else pieces.ANGLES,
        ),
        "average": partial(pieces.average, count=averaged, in_fractions=level == "hard"),
        "quantize": partial(pieces.quantize, bits=bits),
        "contrast": partial(pieces.contrast, anchors=anchors),
    }
    given: dict[str, Any] = {}
    for name, make in made.items():
        given |= first_good(draw.fork(name), make)
    return {**given, **BANK.draw(draw.fork("concepts"), given, level=level)}


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
    for name, kept in (("residual", 1), ("plain", 0)):
        for place, (state, shift) in enumerate(zip(states_of(x, slopes, shifts, kept), shifts, strict=False), start=1):
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
    for entry in similarity_ratios.flatten():
        if entry <= 0:
            raise InputError(expected("positive numbers", entry), field="similarity_ratios")


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.


def states_of(x: Any, slopes: Array, shifts: Array, kept: int) -> Array:
    """The states of a stack from x on: of the residual one, which keeps each state, or of the plain one, which does not."""
    found = [x]
    for a, b in zip(slopes, shifts, strict=True):
        found.append(kept * found[-1] + a * maximum(found[-1] + b, 0))
    return array(found)


def open_slopes(states: Array, slopes: Array, shifts: Array) -> Array:
    """f′ in each block: the slope where ReLU is open, else 0."""
    return where(states[:-1] + shifts > 0, slopes, 0)


def is_early(step: Any, warmup: Any) -> bool:
    """Whether a step is in the warm-up; with none there is no such step."""
    return bool(step <= warmup and warmup > 0)


def by_phase(asked_steps: Array, warmup: Any, early: Callable[[Any], Any], late: Callable[[Any], Any]) -> Array:
    """What one function makes of the steps in the warm-up, and another one of those after it."""
    return array([early(t) if is_early(t, warmup) else late(t) for t in asked_steps])


def over(asked_steps: Array, warmup: Any, total: Any) -> Array:
    """Which part of the warm-up, or of what comes after it, is over."""
    return by_phase(asked_steps, warmup, lambda t: t / warmup, lambda t: (t - warmup) / (total - warmup))


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
    residual_states=lambda x, slopes, shifts: states_of(x, slopes, shifts, 1),
    residual_slopes=lambda residual_states, slopes, shifts: open_slopes(residual_states, slopes, shifts),
    residual_factors=lambda residual_slopes: 1 + residual_slopes,
    residual_gradient=lambda residual_factors: prod(residual_factors),
    plain_states=lambda x, slopes, shifts: states_of(x, slopes, shifts, 0),
    plain_slopes=lambda plain_states, slopes, shifts: open_slopes(plain_states, slopes, shifts),
    plain_gradient=lambda plain_slopes: prod(plain_slopes),
    progress=over,
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
    first_positive=lambda similarity_ratios: similarity_ratios[0, 0],
    first_negatives=lambda similarity_ratios: similarity_ratios[0].sum() - similarity_ratios[0, 0],
)

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


MISTAKES = [
    BANK.mistake("skip_forgotten", residual_factors=lambda residual_slopes: residual_slopes),
    BANK.mistake("one_plus_product", residual_gradient=lambda residual_slopes: 1 + prod(residual_slopes)),
    BANK.mistake("shut_gate_open", residual_slopes=lambda slopes: slopes, applies=has_shut_gate),
    BANK.mistake("one_plus_sum", residual_gradient=lambda residual_slopes: 1 + sum(residual_slopes)),
    BANK.mistake(
        "warmup_from_one",
        progress=lambda asked_steps, warmup, total: by_phase(
            asked_steps, warmup, lambda t: (t + 1) / warmup, lambda t: (t - warmup) / (total - warmup)
        ),
        applies=lambda warmup: warmup > 0,
    ),
    BANK.mistake(
        "warmup_not_subtracted",
        progress=lambda asked_steps, warmup, total: by_phase(
            asked_steps, warmup, lambda t: t / warmup, lambda t: t / total
        ),
        applies=counted_from_zero,
    ),
    BANK.mistake(
        "bare_cosine",
        decay=lambda asked_steps, warmup, total: by_phase(
            asked_steps, warmup, lambda t: t / warmup, lambda t: cosine((t - warmup) / (total - warmup))
        ),
        applies=of_kind("cosine"),
    ),
    BANK.mistake(
        "drops_from_zero",
        decay=lambda asked_steps, warmup, drop, every: by_phase(
            asked_steps, warmup, lambda t: t / warmup, lambda t: drop ** sympy.floor(t / every)
        ),
        applies=of_kind("step"),
    ),
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
            how = BANK.text("in_warmup", v, t=t)
        elif v.schedule == "step":
            how = BANK.text("in_step", v, t=t, drops=sympy.floor((t - v.warmup) / v.every))
        else:
            how = BANK.text(f"in_{v.schedule}", v, t=t, u=u)
        yield {"t": t, "how": how, "part": part, "rate": rate}


def averages(v: Values) -> Iterator[Mapping[str, Any]]:
    """How each average follows from the one before."""
    for weight, old, new in zip(v.weights[1:], v.ema, v.ema[1:], strict=False):
        yield {"weight": weight, "old": old, "new": new}


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


ORIGINAL = {
    "x": 1, "slopes": ["1/2", 2, -3, "1/2"], "shifts": [1, 0, -1, 4],
    "schedule": "cosine", "peak": "1/100", "warmup": 20, "total": 140, "drop": "1/10", "every": 40,
    "asked_steps": [10, 60, 100],
    "weights": [4, 8, -4, 12], "momentum": "3/4",
    "bits": 8, "vector": ["127/10", "-78/25", "11/25", "-239/25"], "activations": ["-513/100", "2037/100", "3/5", "-87/100"],
    "similarity_ratios": [[6, 2, 1], [3, 8, 1], [2, 3, 4]],
    "claims": ["flat_blocks", "middle_zero_point"],
}  # fmt: skip

POSSIBLE = {"scale": len(pieces.SCALES), "affine_scale": len(pieces.SCALES)}

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
    original=ORIGINAL,
    canonical=canonical,
    signature=signature,
    standard={"blocks": 4, "weights": 4, "bits": 8, "anchors": 3, "claims": 2},
    possible=POSSIBLE,
    variants=10_000_000,
    easy=Level(
        sample_easy,
        {"blocks": 3, "weights": 3, "bits": 4, "anchors": 2, "claims": 2},
        possible=POSSIBLE,
        variants=10_000_000,
    ),
    hard=Level(
        sample_hard,
        {"blocks": 5, "weights": 4, "bits": 8, "anchors": 3, "claims": 2},
        possible=POSSIBLE,
        variants=10_000_000,
    ),
)
