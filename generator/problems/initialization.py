r"""How the variance of a signal and of its gradient changes with depth, and the initializations that keep it.

Glorot and Bengio, *Understanding the difficulty of training deep feedforward neural networks* (2010), equations 5, 6, 12 and 16;
He, Zhang, Ren and Sun, *Delving Deep into Rectifiers* (2015), equations 7 to 14.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from generator import (
    Array, Bank, Choice, Content, Draw, Fields, Figure, InputError, Level, Number, Part, Problem, Values,
    array, expected, one_of, optional, read_flag, read_number, read_vector, require_length, required, some_of, sqrt, steps,
    table_of, whole,
)  # fmt: skip
from generator.document.figures.plot import Plot, Series, plot_scene
from generator.numbers.exact import to_float

WIDTHS = (8, 12, 16, 18, 20, 24, 32, 36, 40, 48, 50, 64, 72, 100)
FIRST = (Fraction(1, 2), Fraction(1), Fraction(2), Fraction(3))
FACTORS = tuple(map(Fraction, ("1/4", "1/3", "1/2", "2/3", "3/4", "3/2", "2", "5/2", "3", "4")))
"""By which Var z changes from a layer to the next."""
DEEP = [
    (factor, depth)
    for factor in map(Fraction, ("1/2", "1/3", "2/3", "3/2", "2", "3"))
    for depth in range(3, 7)
    if factor not in (2, Fraction(1, 2)) or depth != 4
]
"""The factor of one of the further layers, and how many there are: four times 2 would be 2 to the power of 3."""
FANS = [
    (fan_in, 6 * m**2 - fan_in)
    for m in range(2, 8)
    for fan_in in range(10, 6 * m**2 - 9, 2)
    if fan_in not in (3 * m**2, 2 * m**2, 4 * m**2) and min(fan_in, 6 * m**2 - fan_in) < 100
]
"""Numbers of inputs and outputs whose sum is 6m², so that Xavier's bound is 1/m."""
KERNELS = ((3, 2), (3, 8), (3, 18), (3, 32), (3, 50), (5, 2), (5, 8), (5, 32))
"""Kernels with channels in, twice a square, so that He's deviation is a fraction, another one for each."""
LARGEST = 500
"""Of the numerators and denominators of variances and second moments."""
LENGTHS = {2: range(29, 42), 3: range(38, 53), 4: range(45, 71)}
"""What the numbers of a network of so many layers may have to be written, so that no paper is much more work than another."""

# ------------------------------------------------------------------------------------------ the sampler


def _sample(draw: Draw, level: str, layers: int, always_relu: bool, groups: Sequence[int]) -> Mapping[str, Any]:
    """Widths and variances with simple factors, and layers of one width that follow."""
    relu = always_relu or draw.choice((True, False))
    kept: Any = Fraction(1, 2 if relu else 1)
    widths = draw.sample(WIDTHS, layers + 1)
    factors = draw.sample(FACTORS, layers - 1)
    varw = [Fraction(draw.choice(FIRST), widths[0])]
    varw += [factor / (kept * width) for factor, width in zip(factors, widths[1:-1], strict=True)]
    draw.require(len(set(varw)) == len(varw), "two layers have one variance")
    width, (factor, depth) = draw.choice(WIDTHS), draw.choice(DEEP)
    kernel, channels = draw.choice(KERNELS)
    share, bound = draw.choice(groups), draw.integer(2, 7)
    given = {
        "widths": widths,
        "varw": varw,
        "relu": relu,
        "depth": depth,
        "width": width,
        "depth_var": factor / (kept * width),
        "fan": draw.choice([fan for fan in FANS if sum(fan) == 6 * bound**2]),
        "conv": {
            "in": channels * share,
            "out": draw.choice((4, 8, 12, 16, 24, 32)) * share,
            "kernel": kernel,
            "groups": share,
        },
    }
    draw.require(given["conv"]["in"] != given["conv"]["out"], "a convolution has as many channels out as in")
    return {**given, **BANK.draw(draw.fork("concepts"), given, level=level)}


sample_easy = partial(_sample, level="easy", layers=2, always_relu=True, groups=(1,))
sample = partial(_sample, level="standard", layers=3, always_relu=False, groups=(1,))
sample_hard = partial(_sample, level="hard", layers=4, always_relu=True, groups=(2, 4))


def accept(
    relu: bool, varw: Array, forward: Array, backward: Array, deep_factor: Any, depth_var: Any, fan: Array, he_var: Any,
    xavier_var: Any, widths: Array, conv_fan: Array,
) -> bool:  # fmt: skip
    """numbers above 500, or much more or less to write than on other papers"""
    variances = [*varw, *forward, *backward]
    single = [deep_factor, depth_var, *fan, he_var, xavier_var, *widths, *conv_fan, conv_fan[0]]
    length = sum(map(_length, (*variances, *variances, *single))) + (4 if relu else 0)
    return length in LENGTHS[len(varw)] and max(max(one.p, one.q) for one in (*forward, *backward)) <= LARGEST


def _length(number: Any) -> int:
    """How many digits and bars a number has beyond its first digit."""
    return len(str(number.p)) - 1 + (len(str(number.q)) if number.q != 1 else 0)


def require(
    widths: Array, varw: Array, fan: Array, conv: Mapping[str, Any], q0: Any, g0: Any, width: Any, depth_var: Any
) -> None:
    """One variance for each layer, all numbers positive, and groups that divide the channels."""
    if len(widths) < 2:
        raise InputError(expected("the widths of at least one layer's input and output", [*widths]), field="widths")
    require_length("varw", varw, len(widths) - 1, "layer")
    require_length("fan", fan, 2, "side of a layer")
    for field, numbers in (
        ("widths", widths),
        ("varw", varw),
        ("fan", fan),
        ("q0", [q0]),
        ("g0", [g0]),
        ("depth_var", [depth_var]),
    ):
        if not all(number > 0 for number in numbers):
            raise InputError(expected("positive numbers", [*map(str, numbers)]), field=field)
    for field, counts in (("widths", widths), ("fan", fan)):
        if not all(count.is_Integer for count in counts):
            raise InputError(expected("whole numbers", [*map(str, counts)]), field=field)
    if conv["in"] % conv["groups"] or conv["out"] % conv["groups"]:
        raise InputError("the groups do not divide the channels in and out", field="conv.groups")


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.


def through(q0: Any, counts: Sequence[Any], variances: Sequence[Any], kept: Any) -> Array:
    """Var z of each layer: what a layer gets, times its number of inputs and its variance; ``kept`` of it gets to the next."""
    found: list[Any] = []
    for count, variance in zip(counts, variances, strict=True):
        found.append(count * variance * (kept * found[-1] if found else q0))
    return array(found)


def back(g0: Any, counts: Sequence[Any], variances: Sequence[Any], kept: Any) -> Array:
    """The second moment of the gradient at each z, from the last one back."""
    found = [g0]
    for count, variance in zip(reversed(counts), reversed(variances), strict=True):
        found.append(kept * count * variance * found[-1])
    return array(found[::-1])


SOLUTION = steps(
    kept=lambda relu: Fraction(1, 2) if relu else 1,
    forward=lambda q0, widths, varw, kept: through(q0, widths[:-1], varw, kept),
    factors=lambda widths, varw, kept: kept * widths[1:-1] * varw[1:],
    backward=lambda g0, widths, varw, kept: back(g0, widths[2:], varw[1:], kept),
    layer_factor=lambda width, depth_var, kept: kept * width * depth_var,
    deep_factor=lambda layer_factor, depth: layer_factor**depth,
    trend=lambda deep_factor: "vanishes" if deep_factor < 1 else "explodes" if deep_factor > 1 else "stays",
    he_var=lambda fan: 2 / fan[0],
    xavier_var=lambda fan: 2 / (fan[0] + fan[1]),
    xavier_bound=lambda xavier_var: sqrt(3 * xavier_var),
    conv_fan=lambda conv: array([conv["in"], conv["out"]]) * conv["kernel"] ** 2 / conv["groups"],
    conv_std=lambda conv_fan: sqrt(2 / conv_fan[0]),
)


def layers_beyond(layer_factor: Any) -> Any:
    """After how many layers the variance is below 1/1000, or above 1000; after no more than 100 it is not asked for."""
    size = layer_factor if layer_factor > 1 else 1 / layer_factor
    return next((count for count in range(1, 100) if size**count > 1000), 100)


def deep(widths: Array) -> bool:
    """There are two layers or more."""
    return len(widths) > 2


def has_relu(relu: bool) -> bool:
    """The activations are ReLU."""
    return relu


def steep(relu: bool, width: Any, depth_var: Any) -> bool:
    """Each of the further layers at least doubles the variance or at least halves it."""
    factor = width * depth_var * (Fraction(1, 2) if relu else 1)
    return bool(factor >= 2 or factor <= Fraction(1, 2))


BANK = Bank.beside(
    __file__,
    layers_beyond,
    deep,
    has_relu,
    steep,
    layers=lambda varw: len(varw),
    relus=lambda varw: len(varw) - 1,
    n1=lambda widths: widths[1],
    n2=lambda widths: widths[2],
    last=lambda widths: widths[-1],
    twice_n0=lambda widths: 2 * widths[0],
    three_v1=lambda varw: 3 * varw[0],
    twice_n1=lambda widths: 2 * widths[1],
    bound_v1=lambda varw: sqrt(3 * varw[0]),
    nine_v1=lambda varw: 9 * varw[0],
    he_first=lambda widths: 2 / widths[0],
    xavier_first=lambda widths: 2 / (widths[0] + widths[1]),
    default_var=lambda fan: 1 / (3 * fan[0]),
    he_bound=lambda he_var: sqrt(3 * he_var),
    three_xavier=lambda xavier_var: 3 * xavier_var,
    conv_var=lambda conv_fan: 2 / conv_fan[0],
    last_layer=lambda varw: len(varw),
    keeping=lambda widths, kept: 1 / (kept * widths[1]),
    gradient_factor=lambda widths: widths[2] / widths[1],
    fan_out_factor=lambda widths: widths[1] / widths[2],
    telescoped=lambda widths: widths[-1] / widths[1],
    raw_first=lambda widths, varw: 100 * widths[0] * varw[0],
    without_relu=lambda q0, widths, varw: through(q0, widths[:-1], varw, 1)[-1],
    beyond=lambda layer_factor: "above 1000" if layer_factor > 1 else "below 1/1000",
)

# ------------------------------------------------------------------------------ what students do instead

MISTAKES = [
    BANK.mistake("half forgotten", kept=lambda: 1, applies=lambda relu: relu),
    BANK.mistake(
        "half in the first layer too",
        forward=lambda q0, widths, varw, kept: through(kept * q0, widths[:-1], varw, kept),
        applies=lambda relu: relu,
    ),
    BANK.mistake("fan-out forward", forward=lambda q0, widths, varw, kept: through(q0, widths[1:], varw, kept)),
    BANK.mistake(
        "deviation for the variance", forward=lambda q0, widths, varw, kept: through(q0, widths[:-1], sqrt(varw), kept)
    ),
    BANK.mistake(
        "fan-in backward",
        backward=lambda g0, widths, varw, kept: back(g0, widths[1:-1], varw[1:], kept),
        applies=lambda widths: len(widths) > 2,
    ),
    BANK.mistake("factors added", deep_factor=lambda layer_factor, depth: layer_factor * depth),
    BANK.mistake(
        "one layer too few",
        deep_factor=lambda layer_factor, depth: layer_factor ** (depth - 1),
        applies=lambda layer_factor: layer_factor != 1,
    ),
    BANK.mistake("trend the wrong way round", trend=lambda deep_factor: "explodes" if deep_factor < 1 else "vanishes"),
    BANK.mistake("He without its 2", he_var=lambda fan: 1 / fan[0], conv_std=lambda conv_fan: sqrt(1 / conv_fan[0])),
    BANK.mistake("He with fan-out", he_var=lambda fan: 2 / fan[1], applies=lambda fan: fan[0] != fan[1]),
    BANK.mistake("Xavier with one fan", xavier_var=lambda fan: 1 / fan[0], applies=lambda fan: fan[0] != fan[1]),
    BANK.mistake("Xavier without its 2", xavier_var=lambda fan: 1 / (fan[0] + fan[1])),
    BANK.mistake("bound equal to the deviation", xavier_bound=lambda xavier_var: sqrt(xavier_var)),
    BANK.mistake(
        "kernel not counted",
        conv_fan=lambda conv: array([conv["in"], conv["out"]]) / conv["groups"],
        applies=lambda conv: conv["kernel"] > 1,
    ),
    BANK.mistake(
        "kernel counted once",
        conv_fan=lambda conv: array([conv["in"], conv["out"]]) * conv["kernel"] / conv["groups"],
        applies=lambda conv: conv["kernel"] > 1,
    ),
    BANK.mistake(
        "groups ignored",
        conv_fan=lambda conv: array([conv["in"], conv["out"]]) * conv["kernel"] ** 2,
        applies=lambda conv: conv["groups"] > 1,
    ),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(
    widths: np.ndarray, varw: np.ndarray, relu: bool, depth: float, width: float, depth_var: float, fan: np.ndarray,
    conv: Mapping[str, float], q0: float = 1.0, g0: float = 1.0,
) -> Mapping[str, Any]:  # fmt: skip
    """numpy: what ReLU keeps of a standard normal by quadrature, products in place of recursions, the variance of a uniform by quadrature."""
    z = np.linspace(0, 12, 4001)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    kept = float((z**2 * density).sum() * z[1]) if relu else 1.0  # the integral: at both ends the integrand is 0
    gains = np.concatenate([[widths[0] * varw[0]], kept * widths[1:-1] * varw[1:]])
    losses = kept * widths[2:] * varw[1:]
    factor = kept * width * depth_var
    points, weights = np.polynomial.legendre.leggauss(4)
    spread = float(weights @ points**2) / 2  # the variance of a uniform on [-1, 1]
    taps = np.ones((int(conv["kernel"]), int(conv["kernel"]))).sum()
    channels = np.array([conv["in"], conv["out"]], dtype=float) / float(conv["groups"])
    variance = 1 / np.mean(fan)
    deep = np.exp(depth * np.log(factor))
    return {
        "forward": q0 * np.cumprod(gains),
        "factors": gains[1:],
        "backward": g0 * np.concatenate([np.cumprod(losses[::-1])[::-1], [1.0]]),
        "deep_factor": deep,
        "trend": "stays" if abs(deep - 1) < 1e-9 else "explodes" if deep > 1 else "vanishes",
        "he_var": 1 / (0.5 * fan[0]),
        "xavier_var": variance,
        "xavier_bound": np.sqrt(variance / spread),
        "conv_fan": channels * taps,
        "conv_std": np.sqrt(2 / (taps * channels[0])),
    }


# -------------------------------------------------------------------------------------------- the prose


def preamble(v: Values) -> Content:
    case = "relu" if v.relu else "linear"
    return BANK.text(f"preamble.{case}", v, count=len(v.varw))


def parts(v: Values) -> Iterator[Part]:
    layers = range(1, len(v.varw) + 1)
    variances = tuple(rf"\mathrm{{Var}}\,z_{layer}" for layer in layers)
    moments = tuple(rf"\delta_{layer}" for layer in layers)
    case = "relu" if v.relu else "linear"
    before = [v.q0, *(v.kept * v.forward[:-1])]
    yield BANK.part(
        "forward",
        v,
        Fields("forward", variances),
        for_each=[
            {"l": layer, "n": n, "v": variance, "q": q, "out": out}
            for layer, n, variance, q, out in zip(layers, v.widths[:-1], v.varw, before, v.forward, strict=True)
        ],
        steps=[variance_figure(v)],
    )
    if len(v.varw) > 1:
        names = tuple(rf"\text{{layer }}{layer}" for layer in layers[1:])
        yield BANK.part(
            "factors",
            v,
            Fields("factors", names),
            case=case,
            for_each=[
                {"l": layer, "n": n, "v": variance, "factor": factor}
                for layer, n, variance, factor in zip(layers[1:], v.widths[1:-1], v.varw[1:], v.factors, strict=True)
            ],
        )
        yield BANK.part(
            "backward",
            v,
            Fields("backward", moments),
            case=case,
            for_each=[
                {
                    "l": layer,
                    "m": layer + 1,
                    "n": v.widths[layer + 1],
                    "v": v.varw[layer],
                    "g": v.backward[layer],
                    "out": v.backward[layer - 1],
                }
                for layer in reversed(layers[:-1])
            ],
        )
    yield BANK.part("deep_factor", v, Number("deep_factor"), case=case)
    yield BANK.part("trend", v, Choice("trend", BANK.texts("trends", v)))
    yield BANK.part("he_var", v, Number("he_var", r"\mathrm{Var}\,w"))
    yield BANK.part("xavier_var", v, Number("xavier_var", r"\mathrm{Var}\,w"))
    yield BANK.part("xavier_bound", v, Number("xavier_bound", "a"))
    yield BANK.part("conv_fan", v, Fields("conv_fan", (r"\text{fan in}", r"\text{fan out}")), **_named(v.conv))
    yield BANK.part("conv_std", v, Number("conv_std", r"\sigma"))
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))
    yield Part("question", *BANK.essay("question", v))


def _named(conv: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "c_in": conv["in"],
        "c_out": conv["out"],
        "k": conv["kernel"],
        "groups": conv["groups"],
        "groups_text": "no groups" if conv["groups"] == 1 else f"{conv['groups']} groups",
    }


def variance_figure(v: Values) -> Figure:
    """Var z by layer, as printed and with the variances of He and of Xavier."""

    def series(name: str, variances: Sequence[Any]) -> Series:
        return Series((name,), tuple(to_float(through(v.q0, v.widths[:-1], variances, v.kept))))

    pairs = [*pairwise(v.widths)]
    scene = plot_scene(
        Plot(
            title="Var z by layer",
            logarithmic=True,
            x_name=("layer",),
            positions=tuple(str(layer) for layer in range(1, len(v.varw) + 1)),
            series=(
                series("as printed", v.varw),
                series("He", [2 / fan_in for fan_in, _ in pairs]),
                series("Xavier", [2 / (fan_in + fan_out) for fan_in, fan_out in pairs]),
            ),
        )
    )
    return Figure("variance-by-layer", scene)


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The numbers; not the questions in words."""
    return [params[name] for name in ("widths", "varw", "relu", "depth", "width", "depth_var", "fan", "conv")]


def signature(v: Values) -> Mapping[str, Any]:
    """How many layers there are, and how many claims to judge."""
    return {"layers": len(v.varw), "claims": len(v.claims)}


POSSIBLE = {"trend": 2, "xavier_var": 6, "xavier_bound": 6, "conv_std": 8}

PROBLEM = Problem(
    id="initialization",
    title="Variance through depth",
    topic="initialization",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "q0": optional(read_number, 1),
        "g0": optional(read_number, 1),
        "widths": required(read_vector),
        "varw": required(read_vector),
        "relu": optional(read_flag, True),
        "depth": required(whole(1, 1000)),
        "width": required(whole(1)),
        "depth_var": required(read_number),
        "fan": required(read_vector),
        "conv": required(
            table_of(
                **{
                    "in": required(whole(1)),
                    "out": required(whole(1)),
                    "kernel": required(whole(1)),
                    "groups": optional(whole(1), 1),
                }
            )
        ),
        "question": optional(one_of(BANK["question"]), "all_zero"),
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
        "widths": [32, 50, 20, 16],
        "varw": ["1/16", "1/50", "3/20"],
        "relu": True,
        "depth": 5,
        "width": 50,
        "depth_var": "1/50",
        "question": "keep_the_variance",
        "fan": [72, 24],
        "conv": {"in": 8, "out": 16, "kernel": 3, "groups": 1},
        "claims": ["he_keeps", "xavier_halves"],
    },
    canonical=canonical,
    signature=signature,
    standard={"layers": 3, "claims": 2},
    possible=POSSIBLE,
    variants=10_000_000,
    easy=Level(sample_easy, {"layers": 2, "claims": 2}, possible=POSSIBLE, variants=10_000_000),
    hard=Level(sample_hard, {"layers": 4, "claims": 2}, possible=POSSIBLE, variants=10_000_000),
)
