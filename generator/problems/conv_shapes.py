r"""Shapes, parameters, multiply-adds and receptive fields of a stack of convolutions and max pooling.

Dumoulin and Visin, *A guide to convolution arithmetic for deep learning* (2016), relationships 6 and 12; Araujo, Norris and Sim,
*Computing Receptive Fields of Convolutional Neural Networks* (2019); Howard and others, *MobileNets* (2017), section 3.1.
"""

# ruff: noqa: A002, A006 - a parameter of the problem is called input

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from math import prod
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

LEAST_WORK, MOST_WORK = 20_000, 10**6

# --------------------------------------------------------------------------------------------- reading

_WINDOW = {
    "kernel": required(whole(1, 100)),
    "stride": optional(whole(1, 100), 1),
    "padding": optional(whole(0, 100), 0),
    "dilation": optional(whole(1, 100), 1),
}
_TYPES = {
    "conv": table_of(
        type=required(one_of(["conv"])),
        out=required(whole(1, 10**6)),
        **_WINDOW,
        groups=optional(whole(1, 10**6), 1),
        bias=optional(read_flag, True),
    ),
    "maxpool": table_of(type=required(one_of(["maxpool"])), **_WINDOW),
}


def read_layer(raw: Any, *, field: str) -> Layer:
    """One layer; the stride of a pool is its kernel where it is left out, as in PyTorch."""
    kind = raw.get("type") if isinstance(raw, Mapping) else None
    if kind not in _TYPES:
        raise InputError(expected(f"a table whose type is {' or '.join(_TYPES)}", repr(raw)), field=field)
    given = dict(raw)
    if kind == "maxpool" and "kernel" in given:
        given.setdefault("stride", given["kernel"])
    found: Layer = _TYPES[kind](given, field=field)
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
    return [
        first,
        depthwise,
        pointwise,
        pool(draw, (2,)),
        conv(draw, (3,), groups=2, dilation=draw.choice((1, 2)), out=draw.choice((10, 14, 18))),
    ]


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


def accept(total_macs: Any) -> bool:
    """fewer than 20 000 multiply-adds, or a million and more"""
    return bool(LEAST_WORK <= total_macs < MOST_WORK)


def require(input: Array, layers: Sequence[Layer]) -> None:
    """An image of channels, height and width, a convolution first, and layers that fit what they get."""
    if len(input) != 3 or not all(side.is_Integer and side > 0 for side in input):
        raise InputError(expected("channels, height and width", [*input]), field="input")
    if not layers or layers[0]["type"] != "conv":
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


def weights_of(input: Array, layers: Sequence[Layer], *, squared: bool = True, grouped: bool = True) -> list[Any]:
    """The weights of each layer: out · (in / groups) · k²."""
    found = []
    channels = input[0]
    for layer in layers:
        kernel = layer["kernel"] ** 2 if squared else layer["kernel"]
        groups = layer.get("groups", 1) if grouped else 1
        found.append(layer["out"] * channels / groups * kernel if layer["type"] == "conv" else 0 * channels)
        channels = layer.get("out", channels)
    return found


def biases_of(layers: Sequence[Layer]) -> list[Any]:
    return [layer["out"] if layer.get("bias") else 0 for layer in layers]


def strides_before(layers: Sequence[Layer]) -> list[Any]:
    """For each layer the product of the strides of those before it."""
    return [prod(layer["stride"] for layer in layers[:place]) for place in range(len(layers))]


def fields_of(layers: Sequence[Layer], jumps: Sequence[Any], *, more: int = 0, dilated: bool = True) -> Array:
    """The receptive field after each layer: each adds d(k − 1) times the distance of two neighbouring entries of its input."""
    reach = [
        ((one["dilation"] if dilated else 1) * (one["kernel"] - 1) + more) * jump
        for one, jump in zip(layers, jumps, strict=True)
    ]
    return array([1 + sum(reach[: place + 1]) for place in range(len(layers))])


SOLUTION = steps(
    shapes=lambda input, layers: shapes_of(input, layers),
    flat=lambda shapes: prod(shapes[-1]),
    weights=lambda input, layers: array(weights_of(input, layers)),
    parameters=lambda weights, layers: weights + array(biases_of(layers)),
    total=lambda parameters: parameters.sum(),
    macs=lambda shapes, weights: array([shape[1] * shape[2] * w for shape, w in zip(shapes, weights, strict=True)]),
    total_macs=lambda macs: macs.sum(),
    jump=lambda layers: array(
        [before * one["stride"] for before, one in zip(strides_before(layers), layers, strict=True)]
    ),
    field=lambda layers, jump: fields_of(layers, [1, *jump[:-1]]),
    separable_ratio=lambda layers: (
        (layers[0]["out"] + layers[0]["kernel"] ** 2) / (layers[0]["out"] * layers[0]["kernel"] ** 2)
    ),
)


def spatial(layer: Layer) -> str:
    """What a layer does to one side, in TeX: ``(L + 4 - 5) / 2 + 1``."""
    return (
        rf"\left\lfloor \frac{{L + {2 * layer['padding']} - {reach_of(layer)}}}{{{layer['stride']}}} \right\rfloor + 1"
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
    return len(layers) > 1 and layers[1]["type"] == "maxpool"


BANK = Bank.beside(
    __file__,
    first_ungrouped,
    first_small,
    second_pools,
    first_kernel=lambda layers: layers[0]["kernel"],
    first_out=lambda layers: layers[0]["out"],
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
    classifier=lambda flat: 10 * flat + 10,
    threes_needed=lambda input: input[1] // 2,
    remainder=lambda input, layers: (input[2] + 2 * layers[0]["padding"] - reach_of(layers[0])) % layers[0]["stride"],
    old_width=lambda shapes: shapes[0][2],
    narrower=lambda shapes: shapes[0][2] - 1,
    wider=lambda shapes: shapes[0][2] + 1,
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


def is_grouped(layers: Sequence[Layer]) -> bool:
    return any(layer.get("groups", 1) > 1 for layer in layers)


def is_dilated(layers: Sequence[Layer]) -> bool:
    return any(layer["dilation"] > 1 for layer in layers)


def input_sizes(input: Array, shapes: Sequence[Array]) -> list[Any]:
    """Height times width of what each layer gets."""
    return [shape[1] * shape[2] for shape in (input, *shapes[:-1])]


def pool_sizes(shapes: Sequence[Array], layers: Sequence[Layer]) -> list[Any]:
    """For each pool the entries of a kernel that it does not have."""
    return [
        shape[0] * one["kernel"] ** 2 if one["type"] == "maxpool" else 0
        for shape, one in zip(shapes, layers, strict=True)
    ]


MISTAKES = [
    BANK.mistake(
        "rounded up", shapes=lambda input, layers: shapes_of(input, layers, rounded_up), applies=some_division_rounds
    ),
    BANK.mistake(
        "padding on one side",
        shapes=lambda input, layers: shapes_of(input, layers, padded_once),
        applies=lambda layers: any(one["padding"] for one in layers),
    ),
    BANK.mistake("without the one", shapes=lambda input, layers: shapes_of(input, layers, without_one)),
    BANK.mistake(
        "dilation ignored in the shape",
        shapes=lambda input, layers: shapes_of(input, layers, undilated),
        applies=is_dilated,
    ),
    BANK.mistake(
        "groups ignored",
        weights=lambda input, layers: array(weights_of(input, layers, grouped=False)),
        applies=is_grouped,
    ),
    BANK.mistake("biases left out", parameters=lambda weights: weights),
    BANK.mistake(
        "kernel not squared",
        parameters=lambda input, layers: array(weights_of(input, layers, squared=False)) + array(biases_of(layers)),
    ),
    BANK.mistake(
        "parameters in the pool",
        parameters=lambda weights, shapes, layers: (
            weights + array(biases_of(layers)) + array(pool_sizes(shapes, layers))
        ),
    ),
    BANK.mistake(
        "macs at the input",
        macs=lambda input, shapes, weights: array(
            [size * w for size, w in zip(input_sizes(input, shapes), weights, strict=True)]
        ),
    ),
    BANK.mistake(
        "macs for one channel",
        macs=lambda shapes, layers: array(
            [
                s[0] * s[1] * s[2] * one["kernel"] ** 2 if one["type"] == "conv" else 0
                for s, one in zip(shapes, layers, strict=True)
            ]
        ),
    ),
    BANK.mistake(
        "biases among the macs",
        macs=lambda shapes, parameters: array(
            [s[1] * s[2] * count for s, count in zip(shapes, parameters, strict=True)]
        ),
    ),
    BANK.mistake("strides ignored in the field", field=lambda layers: fields_of(layers, [1] * len(layers))),
    BANK.mistake("own stride counted", field=lambda layers, jump: fields_of(layers, jump)),
    BANK.mistake("whole kernel added", field=lambda layers, jump: fields_of(layers, [1, *jump[:-1]], more=1)),
    BANK.mistake(
        "dilation ignored in the field",
        field=lambda layers, jump: fields_of(layers, [1, *jump[:-1]], dilated=False),
        applies=is_dilated,
    ),
    BANK.mistake("pointwise layer left out", separable_ratio=lambda layers: 1 / layers[0]["out"]),
    BANK.mistake("depthwise layer left out", separable_ratio=lambda layers: 1 / layers[0]["kernel"] ** 2),
]


# ------------------------------------------------------------------------------------ the second opinion


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
            weights = np.empty((int(layer["out"]), channels // int(layer["groups"]), kernel, kernel)).size
            channels = int(layer["out"])
        opinion["shapes"].append([channels, *sides])
        opinion["parameters"].append(weights + (channels if layer.get("bias") else 0))
        opinion["macs"].append(weights * sides[0] * sides[1])
        reached = {pixel + steps_of * dilation * tap for pixel in reached for tap in range(kernel)}
        steps_of *= stride
        opinion["jump"].append(steps_of)
        opinion["field"].append(max(reached) - min(reached) + 1)
    k, out, image = int(layers[0]["kernel"]), int(layers[0]["out"]), int(input[0])
    separable = np.empty((image, 1, k, k)).size + np.empty((out, image, 1, 1)).size
    return opinion | {
        "flat": np.empty((channels, *sides)).size,
        "total": sum(opinion["parameters"]),
        "total_macs": sum(opinion["macs"]),
        "separable_ratio": separable / np.empty((out, image, k, k)).size,
    }


# -------------------------------------------------------------------------------------------- the prose


def preamble(v: Values) -> Content:
    return [
        BANK.text("preamble", v, count=len(v.layers)),
        say(_table(v.layers)),
        BANK.text("rules", v),
        stack_figure(v),
    ]


def _table(layers: Sequence[Layer]) -> str:
    """The layers with all their numbers, one a row."""
    names = ("out", "kernel", "stride", "padding", "dilation", "groups")
    rows = [["layer", "type", "channels out", *names[1:], "bias"], ["---"] * 9]
    for place, layer in enumerate(layers, start=1):
        kind = "convolution" if layer["type"] == "conv" else "max pooling"
        bias = "" if layer["type"] != "conv" else "yes" if layer["bias"] else "no"
        rows.append([f"{place}", kind, *(str(layer.get(name, "")) for name in names), bias])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def stack_figure(v: Values) -> Figure:
    """The layers as a chain of arrows between shapes, which the key fills in."""

    def scene(filled: bool) -> Scene:
        shapes = [v.input, *v.shapes]
        return chain_scene(
            Chain(
                title="The stack",
                quantities=[
                    (_plain(shape),) if filled or not place else (Symbol("z", str(place)),)
                    for place, shape in enumerate(shapes)
                ],
                forward=[(_arrow(layer),) for layer in v.layers],
                description=f"From the image through {len(v.layers)} layers, each with its kernel and stride.",
                apart=58,
            )
        )

    return Figure("conv-stack", scene(filled=False), scene(filled=True))


def field_figure(v: Values) -> Figure:
    """A row of input pixels, those shaded on which one entry of the last output can depend, were there no edge."""
    seen = int(v.field[-1])
    beyond = 2
    line = Grid(
        name=(f"receptive field of one entry of z{len(v.layers)}: {seen} pixels",),
        cells=[[""] * (seen + 2 * beyond)],
        shaded=[(0, place) for place in range(beyond, beyond + seen)],
        windows=[((0, beyond), 1, seen)],
    )
    scene = grids_scene(
        "Receptive field",
        [line],
        f"A row of pixels of the image; {seen} in a row are shaded.",
        cell=min(8.0, 380 / (seen + 2 * beyond)),
    )
    return Figure("receptive-field", scene)


def _arrow(layer: Layer) -> str:
    return f"{'conv' if layer['type'] == 'conv' else 'pool'} {layer['kernel']}/{layer['stride']}"


def _plain(shape: Array) -> str:
    return f"[{', '.join(map(str, shape))}]"


def parts(v: Values) -> Iterator[Part]:
    z = tuple(f"z_{place}" for place in range(1, len(v.layers) + 1))
    layers = tuple(rf"\text{{layer {place}}}" for place in range(1, len(v.layers) + 1))
    rows = [{"i": place, "layer": layer} for place, layer in enumerate(v.layers, start=1)]
    before = [v.input, *v.shapes]
    yield BANK.part(
        "shapes",
        v,
        Fields("shapes", z),
        for_each=[
            {
                "i": row["i"],
                "before": before[row["i"] - 1],
                "after": before[row["i"]],
                "side": say(spatial(row["layer"])),
            }
            for row in rows
        ],
    )
    yield BANK.part("flat", v, Number("flat"), last=v.shapes[-1])
    yield BANK.part(
        "parameters",
        v,
        Fields("parameters", layers),
        for_each=[
            {"i": i, "w": w, "b": count - w, "n": count}
            for i, (w, count) in enumerate(zip(v.weights, v.parameters, strict=True), start=1)
            if count
        ],
    )
    yield BANK.part("total", v, Number("total", r"\text{parameters}"))
    yield BANK.part(
        "macs",
        v,
        Fields("macs", layers),
        for_each=[
            {"i": i, "h": shape[1], "w": shape[2], "k": weights, "n": count}
            for i, (shape, weights, count) in enumerate(zip(v.shapes, v.weights, v.macs, strict=True), start=1)
            if count
        ],
    )
    yield BANK.part("total_macs", v, Number("total_macs", r"\text{multiply-adds}"))
    yield BANK.part("jump", v, Fields("jump", layers))
    jumps = [1, *v.jump[:-1]]
    fields = [1, *v.field]
    yield BANK.part(
        "field",
        v,
        Fields("field", layers),
        for_each=[
            {
                "i": i + 1,
                "r": fields[i],
                "d": one["dilation"],
                "k": one["kernel"] - 1,
                "j": jumps[i],
                "n": fields[i + 1],
            }
            for i, one in enumerate(v.layers)
        ],
        steps=[field_figure(v)],
    )
    yield BANK.part("separable_ratio", v, Number("separable_ratio"), k=v.layers[0]["kernel"], out=v.layers[0]["out"])
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))
    yield Part("question", *BANK.essay("question", v))


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
