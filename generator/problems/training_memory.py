r"""Memory in training: bytes for each parameter, shards of ZeRO, activations with checkpoints, and the batch that fits.

Micikevicius and others, *Mixed Precision Training* (2018), section 3.1; Rajbhandari and others, *ZeRO: Memory Optimizations Toward
Training Trillion Parameter Models* (2020), sections 3 and 5; Shoeybi and others, *Megatron-LM* (2019), section 3; Chen and others,
*Training Deep Nets with Sublinear Memory Cost* (2016), section 4.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from math import isqrt
from typing import Any

import numpy as np

from generator import (
    Array, Bank, Content, Draw, Fields, Figure, InputError, Level, Number, Part, Problem, Values,
    array, expected, one_of, optional, read_number, required, some_of, sqrt, steps, whole,
)  # fmt: skip
from generator.document.figures.plot import Plot, Series, plot_scene
from generator.document.figures.segments import segments_scene
from generator.numbers.exact import to_float

# ------------------------------------------------------------------------------------------ the sampler

WEIGHTS = {"fp32": 4, "mixed": 2}
"""Bytes of a parameter, and of its gradient."""

MASTER = {"fp32": 0, "mixed": 4}
MOMENTS = {"sgd": 0, "momentum": 4, "adam": 8}
STATES = ("parameters", "gradients", "master copy", "moments")
FIRST_SHARDED = (3, 2, 1, 1)
"""From which stage of ZeRO on parameters, gradients, master copy and moments are sharded."""

LAYERS = {9: 6, 16: 6, 25: 6, 36: 6, 49: 4, 64: 6}
"""How often each number of layers is drawn: an odd root hides less, so that it is thrown away less often."""

LAYER_MB = (20, 40, 50, 100, 125, 200, 250, 500)
MEMORY = (16, 24, 32, 40, 48, 64, 80, 96)


def _sample(
    draw: Draw,
    level: str,
    billions: Sequence[Any],
    splits: Mapping[tuple[int, int], int],
    stages: Sequence[int],
    runs: Mapping[tuple[str, str], int],
    marks: tuple[int, int],
) -> Mapping[str, Any]:
    """A run that fits its devices with room to spare, whose usual mistakes all show, and that takes about as much work as any other."""
    precision, optimizer = draw.weighted(runs)
    devices, tensor = draw.weighted(splits)
    given: dict[str, Any] = {
        "billions": draw.choice(billions),
        "precision": precision,
        "optimizer": optimizer,
        "devices": devices,
        "tensor": tensor,
        "stage": draw.choice(stages),
        "layers": draw.weighted(LAYERS),
        "layer_mb": draw.choice(LAYER_MB),
        "micro_batch": draw.integer(2, 10),
        "accumulation": draw.integer(2, 8),
        "memory_gb": draw.choice(MEMORY),
    }
    _require_good(draw, marks, **given)
    return {**given, **BANK.draw(draw.fork("concepts"), given, level=level)}


def _require_good(
    draw: Draw, marks: tuple[int, int], billions: Any, precision: str, optimizer: str, devices: int, tensor: int, stage: int,
    layers: int, layer_mb: int, micro_batch: int, accumulation: int, memory_gb: int,
) -> None:  # fmt: skip
    """In plain numbers, since most draws are thrown away: nothing is hidden, and sizes are short decimals."""
    workers, root = devices // tensor, isqrt(layers)
    parts = (WEIGHTS[precision], WEIGHTS[precision], MASTER[precision], MOMENTS[optimizer])
    draw.require(workers > 1, "there is one worker only")
    draw.require(not (stage == 3 and tensor == workers), "the tensor split is as large as the number of workers")
    draw.require(accumulation not in (micro_batch, workers), "accumulation equals micro-batch or workers")
    draw.require(2 * accumulation != root, "checkpoints save as much as accumulation would multiply")
    if stage:
        cut = sum(size for size, first in zip(parts, FIRST_SHARDED, strict=True) if first <= stage)
        draw.require(cut, "nothing is there to be sharded at this stage")
    shards = [workers if first <= stage else 1 for first in FIRST_SHARDED]
    model = sum(Fraction(size, shard) for size, shard in zip(parts, shards, strict=True)) * Fraction(billions) / tensor
    unit = Fraction(2 * root * layer_mb, 1000)
    full = model + unit * micro_batch
    draw.require(model < memory_gb, "the model does not fit")
    draw.require(full <= memory_gb, "the device is over-full")
    room = (memory_gb - model) / unit
    draw.require(room.denominator > 1, "the largest micro-batch fits exactly")
    draw.require(int(room) not in (micro_batch, int(memory_gb / unit)), "the largest micro-batch hides a mistake")
    sizes = (model, unit * micro_batch, full, Fraction(layers * layer_mb * micro_batch, 1000))
    draw.require(all((100 * size).denominator == 1 for size in sizes), "a size has more than two decimals")
    least, most = marks
    megabytes = layers * layer_mb * micro_batch
    written = (
        (sum(parts), 4), (sum(parts) * billions, 1), (billions, 2), (billions / Fraction(tensor), 2), (devices, 1), (workers, 5),
        (model, 3), (layers, 4), (layer_mb, 5), (micro_batch, 6), (megabytes, 2), (sizes[3], 1), (2 * root, 3),
        (sizes[1] * 1000, 1), (sizes[1], 2), (full, 1), (memory_gb - model, 2), (unit, 2), (room, 1), (int(room), 1),
        (micro_batch * accumulation * workers, 1),
    )  # fmt: skip
    total = sum(times * digits(number) for number, times in written) - 2 * (stage < 3)
    draw.require(least <= total <= most, "unusually few or many digits to write")


def digits(number: Any) -> int:
    """The digits of a numerator, and of a denominator if there is one."""
    number = Fraction(number)
    return len(str(number.numerator)) + (len(str(number.denominator)) if number.denominator > 1 else 0)


HALF = Fraction(1, 2)
EASY_RUNS = {
    ("fp32", "sgd"): 6, ("fp32", "momentum"): 4, ("fp32", "adam"): 4,
    ("mixed", "sgd"): 3, ("mixed", "momentum"): 3, ("mixed", "adam"): 3,
}  # fmt: skip
RUNS = {
    ("fp32", "sgd"): 9, ("fp32", "momentum"): 6, ("fp32", "adam"): 6,
    ("mixed", "sgd"): 7, ("mixed", "momentum"): 6, ("mixed", "adam"): 7,
}  # fmt: skip
"""How often each precision and optimizer is drawn; plain SGD in fp32 leaves nothing for stage 1 to share out."""

SPLITS = {(16, 8): 3, (16, 4): 2, (32, 8): 2, (16, 2): 1, (32, 4): 1, (64, 8): 1, (32, 2): 2, (64, 4): 2, (64, 2): 3}
"""How often each number of devices and degree of tensor parallelism is drawn: all numbers of workers are about as common."""

sample_easy = partial(
    _sample,
    level="easy",
    billions=(HALF, 1, 2, 3),
    splits={(2, 1): 1, (4, 1): 1, (8, 1): 1},
    stages=(0, 1, 3),
    runs=EASY_RUNS,
    marks=(88, 110),
)
sample = partial(
    _sample,
    level="standard",
    billions=range(1, 9),
    splits={(4, 1): 1, (8, 1): 1, (16, 1): 1},
    stages=(1, 2, 3),
    runs=RUNS,
    marks=(92, 116),
)
sample_hard = partial(
    _sample,
    level="hard",
    billions=range(8, 41),
    splits=SPLITS,
    stages=(1, 2, 3),
    runs=RUNS,
    marks=(98, 124),
)


def require(billions: Any, devices: Any, tensor: Any, layers: Any, layer_mb: Any, memory_gb: Any) -> None:
    """Positive sizes, tensor parallelism that divides the devices, and layers that can be cut into as many segments as each one has."""
    for field, size in (("billions", billions), ("layer_mb", layer_mb), ("memory_gb", memory_gb)):
        if not size.is_Rational or size <= 0:
            raise InputError(expected("a positive number, no root and no logarithm", size), field=field)
    if devices % tensor:
        raise InputError(expected(f"a divisor of the {devices} devices", tensor), field="tensor")
    if isqrt(int(layers)) ** 2 != layers:
        raise InputError(
            expected("a square number, so that one length of the segments is best", layers), field="layers"
        )


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.


def shares_of(stage: Any, workers: Any) -> Array:
    """What of parameters, gradients, master copy and moments one worker holds."""
    return array([1 / workers if first <= stage else 1 for first in FIRST_SHARDED])


def fitting(memory_gb: Any, taken: Any, unit: Any) -> Any:
    """How many examples fit beside what is ``taken``; none where that is too much already."""
    return max((memory_gb - taken) // unit, 0)


SOLUTION = steps(
    weight_bytes=lambda precision: WEIGHTS[precision],
    gradient_bytes=lambda precision: WEIGHTS[precision],
    master_bytes=lambda precision: MASTER[precision],
    moment_bytes=lambda optimizer: MOMENTS[optimizer],
    per_parameter=lambda weight_bytes, gradient_bytes, master_bytes, moment_bytes: array(
        [weight_bytes, gradient_bytes, master_bytes, moment_bytes]
    ),
    model_gb=lambda per_parameter, billions: per_parameter.sum() * billions,
    workers=lambda devices, tensor: devices / tensor,
    shares=lambda stage, workers: shares_of(stage, workers),
    local_billions=lambda billions, tensor: billions / tensor,
    sharded_gb=lambda per_parameter, shares, local_billions: per_parameter.dot(shares) * local_billions,
    activations_gb=lambda layers, layer_mb, micro_batch: layers * layer_mb * micro_batch / 1000,
    best_segment=lambda layers: sqrt(layers),
    held=lambda layers, best_segment: layers / best_segment + best_segment,
    checkpointed_gb=lambda held, layer_mb, micro_batch: held * layer_mb * micro_batch / 1000,
    device_gb=lambda sharded_gb, checkpointed_gb: sharded_gb + checkpointed_gb,
    global_batch=lambda micro_batch, accumulation, workers: micro_batch * accumulation * workers,
    largest_micro_batch=lambda memory_gb, sharded_gb, held, layer_mb: fitting(
        memory_gb, sharded_gb, held * layer_mb / 1000
    ),
)


def left_whole(stage: Any) -> Array:
    """A one for each of parameters, gradients, master copy and moments that every worker holds whole, else a zero."""
    return array([1 if first > stage else 0 for first in FIRST_SHARDED])


def at_stages(per_parameter: Array, workers: Any, local_billions: Any, checkpointed_gb: Any) -> Array:
    """What a device would hold at each of the four stages, with checkpoints."""
    states = [per_parameter.dot(shares_of(stage, workers)) * local_billions for stage in range(4)]
    return array(states) + checkpointed_gb


def first_stage(per_parameter: Array, workers: Any, local_billions: Any, checkpointed_gb: Any, memory_gb: Any) -> Any:
    """The first stage at which a device is not over-full; the last one if there is none."""
    sizes = at_stages(per_parameter, workers, local_billions, checkpointed_gb)
    return next((stage for stage, size in enumerate(sizes) if size <= memory_gb), 3)


def needs_shards(
    billions: Any, precision: str, optimizer: str, devices: Any, tensor: Any, layers: Any, layer_mb: Any,
    micro_batch: Any, memory_gb: Any,
) -> bool:  # fmt: skip
    """Plain data parallelism is too much for a device, and some stage is not."""
    per_parameter = array([WEIGHTS[precision], WEIGHTS[precision], MASTER[precision], MOMENTS[optimizer]])
    activations = 2 * sqrt(layers) * layer_mb * micro_batch / 1000
    sizes = at_stages(per_parameter, devices / tensor, billions / tensor, activations)
    return bool(sizes[0] > memory_gb >= sizes[3])


def below_stage_three(stage: Any) -> bool:
    """Some of the model states are whole on every worker."""
    return bool(stage < 3)


def not_adam(optimizer: str) -> bool:
    """The optimizer is another than Adam."""
    return optimizer != "adam"


def in_gb(size: Any) -> str:
    """The unit, and the size as a decimal if it is no whole number and short enough as one."""
    hundredths = 100 * size
    if size.is_Integer or not hundredths.is_Integer:
        return "GB"
    return f"GB ({to_float(size):g} GB)"


BANK = Bank.beside(
    __file__,
    needs_shards,
    below_stage_three,
    not_adam,
    first_stage,
    at_stages,
    total=lambda per_parameter: per_parameter.sum(),
    whole_bytes=lambda per_parameter, stage: per_parameter.dot(left_whole(stage)),
    cut_bytes=lambda per_parameter, stage: per_parameter.dot(1 - left_whole(stage)),
    gain=lambda layers: sqrt(layers) / 2,
    one_more=lambda layers: layers + 1,
    least_held=lambda layers: 2 * sqrt(layers),
    four_layers=lambda layers: 4 * layers,
    twice_batch=lambda micro_batch: 2 * micro_batch,
    twice_accumulation=lambda accumulation: 2 * accumulation,
    twice_devices=lambda devices: 2 * devices,
    twice_memory=lambda memory_gb: 2 * memory_gb,
    per_device=lambda micro_batch, accumulation: micro_batch * accumulation,
    limit=lambda per_parameter, stage, local_billions: per_parameter.dot(left_whole(stage)) * local_billions,
    bound=lambda model_gb, devices: model_gb / devices,
    eight_billions=lambda billions: 8 * billions,
    sixteen_billions=lambda billions: 16 * billions,
    all_mb=lambda layers, layer_mb, micro_batch: layers * layer_mb * micro_batch,
    held_mb=lambda held, layer_mb, micro_batch: held * layer_mb * micro_batch,
    unit=lambda held, layer_mb: held * layer_mb / 1000,
    model_in=lambda model_gb: in_gb(model_gb),
    sharded_in=lambda sharded_gb: in_gb(sharded_gb),
    activations_in=lambda activations_gb: in_gb(activations_gb),
    checkpointed_in=lambda checkpointed_gb: in_gb(checkpointed_gb),
    device_in=lambda device_gb: in_gb(device_gb),
    unit_in=lambda held, layer_mb: in_gb(held * layer_mb / 1000),
)

# ------------------------------------------------------------------------------ what students do instead

MISTAKES = [
    BANK.mistake("master_copy_forgotten", master_bytes=lambda: 0, applies=lambda precision: precision == "mixed"),
    BANK.mistake("one_moment", moment_bytes=lambda: 4, applies=lambda optimizer: optimizer == "adam"),
    BANK.mistake(
        "states_in_half",
        moment_bytes=lambda: 2,
        applies=lambda optimizer, precision: optimizer == "momentum" and precision == "mixed",
    ),
    BANK.mistake("gradients_forgotten", gradient_bytes=lambda: 0),
    BANK.mistake("all_devices_are_workers", workers=lambda devices: devices, applies=lambda tensor: tensor > 1),
    BANK.mistake(
        "everything_sharded",
        shares=lambda workers: shares_of(3, workers),
        applies=lambda stage, workers: stage < 3 and workers > 1,
    ),
    BANK.mistake(
        "nothing_sharded",
        shares=lambda workers: shares_of(0, workers),
        applies=lambda stage, workers: stage > 0 and workers > 1,
    ),
    BANK.mistake(
        "stage_off_by_one",
        shares=lambda workers: shares_of(2, workers),
        applies=lambda stage, workers: stage == 1 and workers > 1,
    ),
    BANK.mistake("tensor_split_forgotten", local_billions=lambda billions: billions, applies=lambda tensor: tensor > 1),
    BANK.mistake("one_example", activations_gb=lambda layers, layer_mb: layers * layer_mb / 1000),
    BANK.mistake("a_checkpoint_at_every_layer", best_segment=lambda: 1, applies=lambda layers: layers > 1),
    BANK.mistake("segment_forgotten", held=lambda layers, best_segment: layers / best_segment),
    BANK.mistake("no_checkpointing", device_gb=lambda sharded_gb, activations_gb: sharded_gb + activations_gb),
    BANK.mistake(
        "accumulation_multiplies_memory",
        device_gb=lambda sharded_gb, checkpointed_gb, accumulation: sharded_gb + accumulation * checkpointed_gb,
    ),
    BANK.mistake("accumulation_forgotten", global_batch=lambda micro_batch, workers: micro_batch * workers),
    BANK.mistake("one_worker", global_batch=lambda micro_batch, accumulation: micro_batch * accumulation),
    BANK.mistake(
        "model_forgotten",
        largest_micro_batch=lambda memory_gb, held, layer_mb: fitting(memory_gb, 0, held * layer_mb / 1000),
    ),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(
    billions: float, precision: str, optimizer: str, devices: float, tensor: float, stage: float, layers: float,
    layer_mb: float, micro_batch: float, accumulation: float, memory_gb: float,
) -> Mapping[str, Any]:  # fmt: skip
    """numpy: arrays of the named types, cut and measured; a simulated pass for every length of the segments; the batch by bisection."""
    size, depth = int(devices), int(layers)  # as many parameters as devices, so that each can be cut into whole shares
    dtype = np.float16 if precision == "mixed" else np.float32
    held = {
        "weights": np.zeros((1, size), dtype),
        "gradients": np.zeros((1, size), dtype),
        "master": np.zeros((int(precision == "mixed"), size), np.float32),
        "moments": np.zeros(({"sgd": 0, "momentum": 1, "adam": 2}[optimizer], size), np.float32),
    }
    workers = size // int(tensor)
    local = [one[:, : size // int(tensor)] for one in held.values()]
    sharded = [("moments", "master"), ("gradients",), ("weights",)][: int(stage)]
    kept = [
        one[:, : one.shape[1] // workers] if any(name in names for names in sharded) else one
        for name, one in zip(held, local, strict=True)
    ]
    model = sum(one.size * one.itemsize for one in kept) / size * billions
    units = {length: peak_units(depth, length) for length in range(1, depth + 1) if depth % length == 0}
    best = min(units, key=lambda length: units[length])

    def filled(examples: float) -> float:
        return model + units[best] * layer_mb * 1e-3 * examples

    batch = np.zeros((workers, int(accumulation), int(micro_batch)), np.int8)
    return {
        "per_parameter": [one.nbytes / size for one in held.values()],
        "model_gb": sum(one.nbytes for one in held.values()) / size * billions,
        "workers": workers,
        "sharded_gb": model,
        "activations_gb": sum(layer_mb * micro_batch for _ in range(depth)) * 1e-3,
        "best_segment": best,
        "checkpointed_gb": filled(micro_batch) - model,
        "device_gb": filled(micro_batch),
        "global_batch": batch.size,
        "largest_micro_batch": max(bisect_right(range(10**18), memory_gb * (1 + 1e-12), key=filled) - 1, 0),
    }


def peak_units(layers: int, length: int) -> int:
    """The most units of activations held at once in a pass with segments of this length: forward, then segment by segment back."""
    live = peak = 0
    for _ in range(0, layers, length):  # forward: the input of each segment stays
        live += 1
        peak = max(peak, live)
    for _ in range(0, layers, length):  # back: a segment is computed again, used and dropped, with its checkpoint
        for _ in range(length):
            live += 1
            peak = max(peak, live)
        live -= length + 1
    return peak


# -------------------------------------------------------------------------------------------- the prose

MOST_LAYERS = 100  # in a drawing


def preamble(v: Values) -> Content:
    return BANK.text(
        "preamble",
        v,
        method=BANK.text(f"methods.{v.optimizer}", v),
        types=BANK.text(f"types.{v.precision}", v),
        split=BANK.text("split.none" if v.tensor == 1 else "split.tensor", v),
    )


def parts(v: Values) -> Iterator[Part]:
    labels = tuple(rf"\text{{{name}}}" for name in STATES)
    yield BANK.part(
        "per_parameter",
        v,
        Fields("per_parameter", labels),
        case=v.precision,
        moments=BANK.text(f"moments.{v.optimizer}", v),
    )
    yield BANK.part("model_gb", v, Number("model_gb"))
    yield BANK.part("workers", v, Number("workers"), case="one" if v.tensor == 1 else "several")
    yield BANK.part(
        "sharded_gb",
        v,
        Number("sharded_gb"),
        case=("none", "some", "some", "all")[int(v.stage)],
        steps=[stages_figure(v)],
    )
    yield BANK.part("activations_gb", v, Number("activations_gb"))
    yield BANK.part("best_segment", v, Number("best_segment", "s"))
    drawing = [segments_figure(v)] if v.layers <= MOST_LAYERS else []
    yield BANK.part("checkpointed_gb", v, Number("checkpointed_gb"), steps=drawing)
    yield BANK.part("device_gb", v, Number("device_gb"))
    yield BANK.part("global_batch", v, Number("global_batch"))
    yield BANK.part(
        "largest_micro_batch",
        v,
        Number("largest_micro_batch"),
        room=v.memory_gb - v.sharded_gb,
        quotient=(v.memory_gb - v.sharded_gb) / (v.held * v.layer_mb / 1000),
    )
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))
    yield Part("question", *BANK.essay("question", v))


def stages_figure(v: Values) -> Figure:
    """What a device holds of the model at each of the four stages, stacked by kind."""
    series = []
    for place, name in enumerate(STATES):
        size = v.per_parameter[place] * v.local_billions
        held = [size * shares_of(stage, v.workers)[place] for stage in range(4)]
        if size:
            series.append(Series((name,), tuple(to_float(held))))
    scene = plot_scene(
        Plot(
            title="Model states on a device by stage",
            x_name=("stage",),
            y_name=("GB on a device",),
            positions=tuple(str(stage) for stage in range(4)),
            series=tuple(series),
            bars=True,
            stacked=True,
        )
    )
    return Figure("memory-by-stage", scene)


def segments_figure(v: Values) -> Figure:
    """The layers as a chain, cut into the best segments."""
    layers, length = int(v.layers), int(v.best_segment)
    starts = ", ".join(str(place) for place in range(1, layers + 1, length))
    description = f"A chain of {layers} layers in segments of {length}; the inputs of layers {starts} are kept."
    return Figure(
        "checkpoints",
        segments_scene("Layers whose inputs are kept", layers, length, ("layers, in the forward pass",), description),
    )


# ------------------------------------------------------------------------------------- what makes it fair

NUMBERS = (
    "billions", "precision", "optimizer", "devices", "tensor", "stage", "layers", "layer_mb", "micro_batch",
    "accumulation", "memory_gb",
)  # fmt: skip


def canonical(params: Mapping[str, Any]) -> Any:
    """The numbers; not the questions in words."""
    return [params[name] for name in NUMBERS]


def signature(v: Values) -> Mapping[str, Any]:
    """Whether the model is split by tensors as well, of which kind the question in words is, and how many claims there are to judge."""
    kind = BANK["question"][v.question].kind
    return {"split": bool(v.tensor > 1), "question": kind, "claims": len(v.claims)}


POSSIBLE = {"per_parameter": 6, "best_segment": 6}

PROBLEM = Problem(
    id="training-memory",
    title="Where the memory goes",
    topic="training at scale",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "billions": required(read_number),
        "precision": required(one_of(WEIGHTS)),
        "optimizer": required(one_of(MOMENTS)),
        "devices": required(whole(1, 100_000)),
        "tensor": optional(whole(1, 100_000), 1),
        "stage": required(whole(0, 3)),
        "layers": required(whole(1, 10_000)),
        "layer_mb": required(read_number),
        "micro_batch": required(whole(1, 10_000)),
        "accumulation": required(whole(1, 1000)),
        "memory_gb": required(read_number),
        "question": optional(one_of(BANK["question"]), "checkpoint_gain"),
        "claims": optional(some_of(BANK["claims"]), ()),
    },
    require=require,
    sample=sample,
    solution=SOLUTION,
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
    parts=parts,
    original={
        "billions": 2,
        "precision": "mixed",
        "optimizer": "adam",
        "devices": 8,
        "tensor": 1,
        "stage": 2,
        "layers": 36,
        "layer_mb": 250,
        "micro_batch": 4,
        "accumulation": 5,
        "memory_gb": 40,
        "claims": ["accumulation_keeps", "stage_one_parameters"],
    },
    canonical=canonical,
    signature=signature,
    standard={"split": False, "question": "explain", "claims": 2},
    possible={**POSSIBLE, "workers": 3},
    variants=2_000_000,
    easy=Level(
        sample_easy,
        {"split": False, "question": "recall", "claims": 2},
        possible={**POSSIBLE, "workers": 3},
        variants=1_000_000,
    ),
    hard=Level(
        sample_hard,
        {"split": True, "question": "prove", "claims": 2},
        possible={**POSSIBLE, "workers": 5},
        variants=20_000_000,
    ),
)
