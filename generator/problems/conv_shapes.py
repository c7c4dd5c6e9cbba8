r"""Shapes, parameters, multiply-adds and receptive fields of a stack of convolutions and max pooling.

Dumoulin and Visin, *A guide to convolution arithmetic for deep learning* (2016), relationships 6 and 12; Araujo, Norris and Sim,
*Computing Receptive Fields of Convolutional Neural Networks* (2019); Howard and others, *MobileNets* (2017), section 3.1.
"""

# ruff: noqa: A002, A006 - a parameter of the problem is called input

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate
from math import prod
from operator import mul
from typing import Any

import numpy as np

from generator import (
    Array, Bank, Content, Draw, Fields, Figure, InputError, Level, Number, Part, Problem, Values,
    array, expected, list_of, one_of, optional, read_flag, read_vector, required, say, some_of, steps, table_of, whole,
)  # fmt: skip
from generator.document.figures.chain import Chain, chain_scene
from generator.document.figures.grids import Grid, grids_scene
from generator.document.figures.scene import Scene, Symbol

Layer = Mapping[str, Any]
"""One layer: its ``type``, ``conv`` or ``maxpool``, and its numbers."""

MOST_WORK = 10**6
MOST_PIXELS = 200  # in a drawing
FEWEST_DIGITS, MOST_DIGITS = (
    9.75,
    12.75,
)  # of the numbers of a layer, on average, so that all variants take equally long

# --------------------------------------------------------------------------------------------- reading

WINDOW = {
    "kernel": required(whole(1, 100)),
    "stride": optional(whole(1, 100), 1),
    "padding": optional(whole(0, 100), 0),
    "dilation": optional(whole(1, 100), 1),
}
FILTERS = {
    "out": required(whole(1, 10**6)),
    **WINDOW,
    "groups": optional(whole(1, 10**6), 1),
    "bias": optional(read_flag, True),
}
READERS = {
    "conv": table_of(type=required(one_of(["conv"])), **FILTERS),
    "maxpool": table_of(type=required(one_of(["maxpool"])), **WINDOW),
}


def read_layer(raw: Any, *, field: str) -> Layer:
    """One layer; the stride of a pool is its kernel where it is left out, as in PyTorch."""
    kind = raw.get("type") if isinstance(raw, Mapping) else None
    if kind not in READERS:
        raise InputError(expected(f"a table whose type is {' or '.join(READERS)}", repr(raw)), field=field)
    defaults = {"stride": raw["kernel"]} if kind == "maxpool" and "kernel" in raw else {}
    found: Layer = READERS[kind]({**defaults, **raw}, field=field)
    return found


# ------------------------------------------------------------------------------------------ the sampler


def conv(draw: Draw, kernels: Sequence[int], strides: Sequence[int] = (1,), **more: Any) -> dict[str, Any]:
    """A convolution with 4 to 24 channels out, padded by any number up to half its kernel."""
    kernel = draw.choice(kernels)
    layer = {"type": "conv", "out": draw.choice((4, 5, 6, 8, 9, 10, 12, 15, 16, 18, 20, 24)), "kernel": kernel}
    window = {"stride": draw.choice(strides), "padding": draw.integer(0, kernel // 2), "dilation": 1}
    return {**layer, **window, "groups": 1, "bias": True, **more}


def pool(draw: Draw, kernels: Sequence[int]) -> dict[str, Any]:
    return {"type": "maxpool", "kernel": draw.choice(kernels), "stride": 2, "padding": 0, "dilation": 1}


def easy_layers(draw: Draw) -> list[dict[str, Any]]:
    return [conv(draw, (3, 5)), pool(draw, (2,)), conv(draw, (3,), (1, 2))]


def standard_layers(draw: Draw) -> list[dict[str, Any]]:
    dilated = conv(draw, (3,), dilation=2, padding=draw.integer(0, 2))
    return [conv(draw, (3, 5), (1, 2)), pool(draw, (2, 3)), dilated, conv(draw, (1, 3), (1, 2))]


def hard_layers(draw: Draw) -> list[dict[str, Any]]:
    first = conv(draw, (3, 5), (2,), bias=draw.choice((True, False)), out=draw.choice((4, 6, 8, 10, 12)))
    channels = first["out"]
    depthwise = conv(draw, (3,), out=channels, groups=channels, dilation=draw.choice((1, 2)))
    pointwise = conv(draw, (1,), padding=0, out=draw.choice((8, 12, 16, 20)))
    grouped = conv(draw, (3,), groups=2, dilation=draw.choice((1, 2)), out=draw.choice((10, 14, 18)))
    return [first, depthwise, pointwise, pool(draw, (2,)), grouped]


def _sample(
    draw: Draw, level: str, sides: Sequence[int], wider: Sequence[int], stack: Callable[[Draw], list[dict[str, Any]]]
) -> Mapping[str, Any]:
    """A stack of layers and an image that it leaves at least two pixels high and wide."""
    height = draw.choice(sides)
    given: dict[str, Any] = {
        "input": [draw.integer(1, 3), height, height - draw.choice(wider)],
        "layers": stack(draw),
    }
    found = [tuple(map(int, shape)) for shape in shapes_of(array(given["input"]), given["layers"])]
    draw.require(min(min(shape[1:]) for shape in found) >= 2, "an output is below 2 by 2")
    draw.require(not any(shape[0] in shape[1:] for shape in found), "channels equal height or width")
    return {**given, **BANK.draw(draw.fork("concepts"), given, level=level)}


sample_easy = partial(_sample, level="easy", sides=range(14, 25), wider=(0,), stack=easy_layers)
sample = partial(_sample, level="standard", sides=range(24, 37), wider=(0, 4), stack=standard_layers)
sample_hard = partial(_sample, level="hard", sides=range(24, 37), wider=(0, 4), stack=hard_layers)


def accept(layers: Sequence[Layer], shapes: Sequence[Array], parameters: Array, macs: Array) -> bool:
    """a million multiply-adds and more, or unusually few or many digits to write"""
    numbers = [*parameters, *macs, *(side for shape in shapes for side in shape)]
    digits = sum(len(str(number)) for number in numbers) / len(layers)
    return bool(macs.sum() < MOST_WORK) and FEWEST_DIGITS <= digits <= MOST_DIGITS


LARGEST_SIDE = 10_000


def require(input: Array, layers: Sequence[Layer]) -> None:
    """An image of channels, height and width, a convolution first, and layers that fit what they get."""
    if len(input) != 3 or not all(side.is_Integer and side > 0 for side in input):
        raise InputError(expected("channels, height and width", [*input]), field="input")
    if max(input) > LARGEST_SIDE:
        raise InputError(expected(f"channels, height and width of at most {LARGEST_SIDE}", [*input]), field="input")
    if not layers or not is_conv(layers[0]):
        raise InputError("expected a convolution as the first layer", field="layers")
    channels, *sides = input
    for place, layer in enumerate(layers, start=1):
        field = f"layers[{place}]"
        groups = layer.get("groups", 1)
        if channels % groups or layer.get("out", channels) % groups:
            raise InputError(f"groups = {groups} does not divide the channels in and out", field=field)
        sides = [output_side(side, layer) for side in sides]
        if min(sides) < 1:
            raise InputError("its window does not fit into what it gets", field=field)
        channels = layer.get("out", channels)


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.


def reach_of(layer: Layer) -> Any:
    """How many entries lie under a kernel, from its first to its last."""
    return layer["dilation"] * (layer["kernel"] - 1) + 1


def output_side(side: Any, layer: Layer) -> Any:
    """How many windows fit into one side, rounded down."""
    return (side + 2 * layer["padding"] - reach_of(layer)) // layer["stride"] + 1


def shapes_of(
    input: Array, layers: Sequence[Layer], side: Callable[[Any, Layer], Any] = output_side
) -> tuple[Array, ...]:
    """The output shape of each layer: channels, height, width."""
    found = []
    channels, *sides = input
    for layer in layers:
        channels, sides = layer.get("out", channels), [side(one, layer) for one in sides]
        found.append(array([channels, *sides]))
    return tuple(found)


def weights_of(input: Array, layers: Sequence[Layer], *, squared: bool = True, grouped: bool = True) -> Array:
    """The weights of each layer: out · (in / groups) · k²."""
    found = []
    channels = input[0]
    for layer in layers:
        kernel = layer["kernel"] ** 2 if squared else layer["kernel"]
        groups = layer.get("groups", 1) if grouped else 1
        found.append(layer["out"] * channels / groups * kernel if is_conv(layer) else 0)
        channels = layer.get("out", channels)
    return array(found)


def is_conv(layer: Layer) -> bool:
    return bool(layer["type"] == "conv")


def fields_of(more: Array) -> Array:
    """The receptive field after each layer, from how many pixels ``more`` each one sees."""
    return array([*accumulate(more, initial=1)][1:])


def of_layers(layers: Sequence[Layer], number: Callable[[Layer], Any]) -> Array:
    """One number of each layer."""
    return array([number(layer) for layer in layers])


SOLUTION = steps(
    shapes=lambda input, layers: shapes_of(input, layers),
    flat=lambda shapes: prod(shapes[-1]),
    weights=lambda input, layers: weights_of(input, layers),
    biases=lambda layers: of_layers(layers, lambda one: one["out"] if one.get("bias") else 0),
    parameters=lambda weights, biases: weights + biases,
    total=lambda parameters: parameters.sum(),
    positions=lambda shapes: array([height * width for _, height, width in shapes]),
    macs=lambda positions, weights: positions * weights,
    total_macs=lambda macs: macs.sum(),
    jump=lambda layers: array([*accumulate((one["stride"] for one in layers), mul)]),
    apart=lambda jump: array([1, *jump[:-1]]),
    field=lambda layers, apart: fields_of(of_layers(layers, reach_of) * apart - apart),
    separable_ratio=lambda layers: 1 / layers[0]["out"] + 1 / layers[0]["kernel"] ** 2,
)


def first_ungrouped(layers: Sequence[Layer]) -> bool:
    """Layer 1 has one group."""
    return bool(layers[0].get("groups", 1) == 1)


def first_small(input: Array, layers: Sequence[Layer]) -> bool:
    """Layer 1 is not dilated, and its kernel is smaller than its output is wide."""
    one = layers[0]
    return bool(one.get("dilation", 1) == 1 and one["kernel"] < output_side(input[2], one))


def second_pools(layers: Sequence[Layer]) -> bool:
    """Layer 2 is a pooling layer."""
    return len(layers) > 1 and not is_conv(layers[1])


BANK = Bank.beside(
    __file__,
    first_ungrouped,
    first_small,
    second_pools,
    first_kernel=lambda layers: layers[0]["kernel"],
    first_out=lambda layers: layers[0]["out"],
    twice_first_out=lambda layers: 2 * layers[0]["out"],
    first_stride=lambda layers: layers[0]["stride"],
    first_padding=lambda layers: layers[0]["padding"],
    second_kernel=lambda layers: layers[1]["kernel"],
    second_window=lambda layers: layers[1]["kernel"] ** 2,
    padding_at_two=lambda layers: layers[0]["kernel"] - 1,
    merged_kernel=lambda layers: 2 * layers[0]["kernel"] - 1,
    taps=lambda input, layers: layers[0]["kernel"] ** 2 * input[0],
    dense=lambda input, shapes: prod(input) * prod(shapes[0]),
    pool_weights=lambda layers: layers[0]["out"] ** 2 * layers[1]["kernel"] ** 2,
    pointwise_weights=lambda layers: 3 * layers[0]["out"],
    depthwise_weights=lambda layers: layers[0]["out"] * layers[0]["kernel"] ** 2,
    busiest=lambda macs: macs.argmax() + 1,
    most_macs=lambda macs: macs.max(),
    largest=lambda parameters: parameters.argmax() + 1,
    threes_needed=lambda input: input[1] // 2,
    remainder=lambda input, layers: (input[2] + 2 * layers[0]["padding"] - reach_of(layers[0])) % layers[0]["stride"],
    old_width=lambda shapes: shapes[0][2],
    narrower=lambda input: input[2] - 1,
    wider=lambda input: input[2] + 1,
    new_width=lambda input, layers: output_side(input[2] + 1, layers[0]),
)

# ------------------------------------------------------------------------------ what students do instead


def rounded_up(side: Any, layer: Layer) -> Any:
    return -((reach_of(layer) - side - 2 * layer["padding"]) // layer["stride"]) + 1


def padded_once(side: Any, layer: Layer) -> Any:
    return output_side(side - layer["padding"], layer)


def without_one(side: Any, layer: Layer) -> Any:
    return output_side(side, layer) - 1


def undilated(side: Any, layer: Layer) -> Any:
    return output_side(side, {**layer, "dilation": 1})


def some_division_rounds(input: Array, layers: Sequence[Layer]) -> bool:
    return shapes_of(input, layers) != shapes_of(input, layers, rounded_up)


def is_padded(layers: Sequence[Layer]) -> bool:
    return any(layer["padding"] for layer in layers)


def is_grouped(layers: Sequence[Layer]) -> bool:
    return any(layer.get("groups", 1) > 1 for layer in layers)


def is_dilated(layers: Sequence[Layer]) -> bool:
    return any(layer["dilation"] > 1 for layer in layers)


def are_shapes(shapes: Sequence[Array]) -> bool:
    """Every size is positive: nobody would write down an output of height 0."""
    return all(min(shape) > 0 for shape in shapes)


def kernels_in_pools(shapes: Sequence[Array], layers: Sequence[Layer]) -> Array:
    """The entries of the kernels that pools do not have."""
    return array(
        [0 if is_conv(layer) else shape[0] * layer["kernel"] ** 2 for shape, layer in zip(shapes, layers, strict=True)]
    )


MISTAKES = [
    BANK.mistake(
        "rounded up", shapes=lambda input, layers: shapes_of(input, layers, rounded_up), applies=some_division_rounds
    ),
    BANK.mistake(
        "padding on one side",
        shapes=lambda input, layers: shapes_of(input, layers, padded_once),
        applies=lambda input, layers: is_padded(layers) and are_shapes(shapes_of(input, layers, padded_once)),
    ),
    BANK.mistake(
        "without the one",
        shapes=lambda input, layers: shapes_of(input, layers, without_one),
        applies=lambda input, layers: are_shapes(shapes_of(input, layers, without_one)),
    ),
    BANK.mistake(
        "dilation ignored in the shape",
        shapes=lambda input, layers: shapes_of(input, layers, undilated),
        applies=is_dilated,
    ),
    BANK.mistake(
        "groups ignored", weights=lambda input, layers: weights_of(input, layers, grouped=False), applies=is_grouped
    ),
    BANK.mistake("biases left out", parameters=lambda weights: weights),
    BANK.mistake(
        "kernel not squared",
        parameters=lambda input, layers, biases: weights_of(input, layers, squared=False) + biases,
    ),
    BANK.mistake(
        "parameters in the pool",
        parameters=lambda weights, biases, shapes, layers: weights + biases + kernels_in_pools(shapes, layers),
    ),
    BANK.mistake(
        "macs at the input",
        macs=lambda input, positions, weights: array([input[1] * input[2], *positions[:-1]]) * weights,
    ),
    BANK.mistake(
        "macs for one channel",
        macs=lambda positions, layers: (
            positions * of_layers(layers, lambda one: one["out"] * one["kernel"] ** 2 if is_conv(one) else 0)
        ),
    ),
    BANK.mistake("biases among the macs", macs=lambda positions, parameters: positions * parameters),
    BANK.mistake("strides ignored in the field", apart=lambda layers: of_layers(layers, lambda one: 1)),
    BANK.mistake("own stride counted", apart=lambda jump: jump),
    BANK.mistake("whole kernel added", field=lambda layers, apart: fields_of(of_layers(layers, reach_of) * apart)),
    BANK.mistake(
        "dilation ignored in the field",
        field=lambda layers, apart: fields_of(of_layers(layers, lambda one: one["kernel"] - 1) * apart),
        applies=is_dilated,
    ),
    BANK.mistake("pointwise layer left out", separable_ratio=lambda layers: 1 / layers[0]["out"]),
    BANK.mistake("depthwise layer left out", separable_ratio=lambda layers: 1 / layers[0]["kernel"] ** 2),
]


# ------------------------------------------------------------------------------------ the second opinion


def entries(*shape: int) -> int:
    """How many entries an array of this shape has, by numpy, without the memory for them."""
    return np.broadcast_to(0.0, shape).size


def check(input: np.ndarray, layers: Sequence[Layer]) -> Mapping[str, Any]:
    """numpy: window positions one by one, sizes of weight arrays, and which pixels a corner of the output can depend on."""
    channels, *sides = (int(side) for side in input)
    opinion: dict[str, Any] = {"shapes": [], "parameters": [], "macs": [], "jump": [], "field": []}
    steps_of, reached = 1, {0}
    for layer in layers:
        kernel, stride, padding, dilation = (int(layer[key]) for key in ("kernel", "stride", "padding", "dilation"))
        sides = [
            len([s for s in range(-padding, side + padding, stride) if s + dilation * (kernel - 1) < side + padding])
            for side in sides
        ]
        weights = 0
        if layer["type"] == "conv":
            weights = entries(int(layer["out"]), channels // int(layer["groups"]), kernel, kernel)
            channels = int(layer["out"])
        opinion["shapes"].append([channels, *sides])
        opinion["parameters"].append(weights + (channels if layer.get("bias") else 0))
        opinion["macs"].append(weights * sides[0] * sides[1])
        ends = {min(reached), max(reached)}  # enough for the side, and never many
        reached = {pixel + steps_of * dilation * tap for pixel in ends for tap in range(kernel)}
        steps_of *= stride
        opinion["jump"].append(steps_of)
        opinion["field"].append(max(reached) - min(reached) + 1)
    k, out, image = int(layers[0]["kernel"]), int(layers[0]["out"]), int(input[0])
    separable = entries(image, 1, k, k) + entries(out, image, 1, 1)
    return opinion | {
        "flat": entries(channels, *sides),
        "total": sum(opinion["parameters"]),
        "total_macs": sum(opinion["macs"]),
        "separable_ratio": separable / entries(out, image, k, k),
    }


# -------------------------------------------------------------------------------------------- the prose


def preamble(v: Values) -> Content:
    return [
        BANK.text("preamble", v, count=len(v.layers)),
        say(table(v.layers)),
        BANK.text("rules", v),
        stack_figure(v),
    ]


def table(layers: Sequence[Layer]) -> str:
    """The layers with all their numbers, one a row."""
    names = ("out", "kernel", "stride", "padding", "dilation", "groups")
    rows = [["layer", "type", "channels out", *names[1:], "bias"], ["---"] * 9]
    for place, layer in enumerate(layers, start=1):
        kind = "convolution" if is_conv(layer) else "max pooling"
        bias = {None: "", True: "yes", False: "no"}[layer.get("bias")]
        rows.append([f"{place}", kind, *(str(layer.get(name, "")) for name in names), bias])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def stack_figure(v: Values) -> Figure:
    """The layers as a chain of arrows between shapes, which the key fills in."""

    def scene(filled: bool) -> Scene:
        names = [(Symbol("z", str(place)),) for place in range(1, len(v.layers) + 1)]
        shapes = [(str([*map(int, shape)]),) for shape in (v.input, *v.shapes)]
        chain = Chain(
            title="The stack",
            quantities=shapes if filled else [shapes[0], *names],
            forward=[(f"{'conv' if is_conv(one) else 'pool'} {one['kernel']}/{one['stride']}",) for one in v.layers],
            description=f"From the image through {len(v.layers)} layers, each with its kernel and stride.",
            apart=58,
        )
        return chain_scene(chain)

    return Figure("conv-stack", scene(filled=False), scene(filled=True))


def field_figure(v: Values) -> Figure:
    """A row of input pixels, those shaded on which one entry of the last output can depend, were there no edge."""
    seen, beyond = int(v.field[-1]), 2
    pixels = seen + 2 * beyond
    line = Grid(
        name=(f"{seen} pixels",),
        cells=[[""] * pixels],
        shaded=[(0, place) for place in range(beyond, beyond + seen)],
        windows=[((0, beyond), 1, seen)],
    )
    scene = grids_scene(
        "Receptive field",
        [line],
        f"A row of pixels of the image, and those on which one entry of z{len(v.layers)} can depend.",
        cell=min(8.0, 380 / pixels),
    )
    return Figure("receptive-field", scene)


def parts(v: Values) -> Iterator[Part]:
    z = tuple(f"z_{place}" for place in range(1, len(v.layers) + 1))
    layers = tuple(rf"\text{{layer {place}}}" for place in range(1, len(v.layers) + 1))
    rows = layer_rows(v)
    convolutions = [row for row in rows if row["weights"]]
    first = v.layers[0]
    yield BANK.part("shapes", v, Fields("shapes", z), for_each=rows)
    yield BANK.part("flat", v, Number("flat"), last=v.shapes[-1])
    yield BANK.part("parameters", v, Fields("parameters", layers), for_each=convolutions)
    yield BANK.part("total", v, Number("total", r"\text{parameters}"))
    yield BANK.part("macs", v, Fields("macs", layers), for_each=convolutions)
    yield BANK.part("total_macs", v, Number("total_macs", r"\text{multiply-adds}"))
    yield BANK.part("jump", v, Fields("jump", layers))
    original = say("the original" if first_ungrouped(v.layers) else "the original without groups")
    figures = [field_figure(v)] if v.field[-1] <= MOST_PIXELS else []
    yield BANK.part("field", v, Fields("field", layers), for_each=rows, steps=figures)
    yield BANK.part(
        "separable_ratio", v, Number("separable_ratio"), k=first["kernel"], out=first["out"], original=original
    )
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))
    yield Part("question", *BANK.essay("question", v))


def layer_rows(v: Values) -> list[dict[str, Any]]:
    """What the worked solutions say of each layer."""
    before, smaller_fields = [v.input, *v.shapes], [1, *v.field]
    return [
        {
            "i": i + 1,
            "before": before[i],
            "after": v.shapes[i],
            "side": say(side_formula(layer)),
            "weights": v.weights[i],
            "biases": v.biases[i],
            "parameters": v.parameters[i],
            "height": v.shapes[i][1],
            "width": v.shapes[i][2],
            "macs": v.macs[i],
            "smaller": smaller_fields[i],
            "dilation": layer["dilation"],
            "gaps": layer["kernel"] - 1,
            "apart": v.apart[i],
            "field": v.field[i],
        }
        for i, layer in enumerate(v.layers)
    ]


def side_formula(layer: Layer) -> str:
    """What a layer does to one side, in TeX: ``(L + 4 - 5) / 2 + 1``."""
    return (
        rf"\left\lfloor \frac{{L + {2 * layer['padding']} - {reach_of(layer)}}}{{{layer['stride']}}} \right\rfloor + 1"
    )


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The numbers; not the questions in words."""
    return [params["input"], params["layers"]]


def signature(v: Values) -> Mapping[str, Any]:
    """Which layers there are, and how many claims to judge."""
    return {"layers": tuple(layer["type"] for layer in v.layers), "claims": len(v.claims)}


PROBLEM = Problem(
    id="conv-shapes",
    title="Through a stack of convolutions",
    topic="convolutional networks",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "input": required(read_vector),
        "layers": required(list_of(read_layer)),
        "question": optional(one_of(BANK["question"]), "same_size"),
        "claims": optional(some_of(BANK["claims"]), ()),
    },
    require=require,
    accept=accept,
    sample=sample,
    solution=SOLUTION,
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
    parts=parts,
    original={
        "input": [3, 32, 28],
        "layers": [
            {"type": "conv", "out": 8, "kernel": 5, "stride": 2, "padding": 2},
            {"type": "maxpool", "kernel": 3, "stride": 2},
            {"type": "conv", "out": 12, "kernel": 3, "padding": 2, "dilation": 2},
            {"type": "conv", "out": 20, "kernel": 3, "stride": 2, "padding": 1},
        ],
        "claims": ["pointwise", "padding_parameters"],
    },
    canonical=canonical,
    signature=signature,
    standard={"layers": ("conv", "maxpool", "conv", "conv"), "claims": 2},
    possible={"jump": 4},
    variants=10_000_000,
    easy=Level(
        sample_easy,
        {"layers": ("conv", "maxpool", "conv"), "claims": 2},
        possible={"jump": 2, "field": 2},
        variants=40_000,
    ),
    hard=Level(
        sample_hard,
        {"layers": ("conv", "conv", "conv", "maxpool", "conv"), "claims": 2},
        possible={"jump": 1},
        variants=300_000,
    ),
)
