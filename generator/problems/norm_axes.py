r"""Five normalizations of one small tensor: which entries share statistics, how many there are, and what becomes of one entry.

Wu and He, *Group Normalization* (2018), section 3.1; Ulyanov, Vedaldi and Lempitsky, *Instance Normalization* (2016); Zhang and Sennrich,
*Root Mean Square Layer Normalization* (2019).  Positions count from 1, the variance is biased, ε is 0, and BatchNorm is in training mode.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import combinations_with_replacement, permutations
from math import prod
from typing import Any

import numpy as np

from generator import (
    Array, Bank, Content, Draw, Fields, Figure, InputError, Level, Part, Problem, Values,
    array, expected, list_of, one_of, optional, read_matrix, read_number, read_vector, require_length, required, say,
    some_of, sqrt, steps, whole,
)  # fmt: skip
from generator.document.figures.grids import Grid, grids_scene
from generator.document.figures.scene import Scene

NORMS = ("BatchNorm", "LayerNorm", "InstanceNorm", "GroupNorm", "RMSNorm")
AXES = {"BatchNorm": "NHW", "LayerNorm": "CHW", "InstanceNorm": "HW", "GroupNorm": "CHW", "RMSNorm": "CHW"}
"""Over which axes each of them averages; GroupNorm over a part of the channels."""


def read_norms(raw: Any, *, field: str) -> tuple[str, ...]:
    """Different names of normalizations, also as ``batch`` or ``batch_norm``."""
    if not isinstance(raw, list | tuple) or not raw:
        raise InputError(expected(f"a list of names out of {', '.join(NORMS)}", repr(raw)), field=field)
    short = {name.lower().removesuffix("norm"): name for name in NORMS}
    plain = [str(one).lower().replace("_", "").replace("-", "").removesuffix("norm") for one in raw]
    return some_of(NORMS)([short.get(one, one) for one in plain], field=field)


# ------------------------------------------------------------------------------------------ the sampler

FOURS = sorted({p for pattern in ((5, -3, -1, -1), (-5, 3, 1, 1), (7, -7, 1, -1)) for p in permutations(pattern)})
"""Four numbers with the mean 0 and the deviation 3 or 5, in every order."""

EIGHTS = ((4, 3), (3, 4), (8, 6), (6, 8))
"""Mean, in size, and deviation of eight numbers whose root mean square is whole too."""

LOWEST, HIGHEST = -9, 13


@cache
def by_sums() -> dict[tuple[int, int], list[tuple[int, ...]]]:
    """Four ascending numbers by their sum and the sum of their squares."""
    found: dict[tuple[int, int], list[tuple[int, ...]]] = {}
    for four in combinations_with_replacement(range(LOWEST, HIGHEST + 1), 4):
        found.setdefault((sum(four), sum(x * x for x in four)), []).append(four)
    return found


def completed(pair: tuple[int, int]) -> list[tuple[int, int]]:
    """The pairs that make four numbers of a whole mean and deviation together with this one."""
    found = []
    for four in FOURS:
        mean = pair[0] - four[0]
        rest = mean + four[2], mean + four[3]
        if pair[1] - four[1] == mean and mean and min(rest) >= -5 and max(rest) <= HIGHEST:
            found.append(rest)
    return found


def _sample(
    draw: Draw, level: str, shape: tuple[int, int, int, int], norms: Sequence[str], scaled: bool
) -> Mapping[str, Any]:
    """A tensor whose target channel completes to numbers of a whole deviation in every direction."""
    examples, channels, _, _ = shape
    four = draw.choice(FOURS)
    mean = draw.choice([mean for mean in range(-4, 9) if mean])
    pair, beside = (mean + four[0], mean + four[1]), (mean + four[2], mean + four[3])
    draw.require(sum(pair) % 2 == 0 and sum(pair), "the mean of the target channel is 0 or not whole")
    draw.require(pair[0] != pair[1], "the target channel has no spread")
    n, c, w = draw.integer(1, examples), draw.integer(1, channels), draw.integer(1, 2)
    entry, other = pair[w - 1], pair[2 - w]
    draw.require(entry not in (0, mean), "the entry is 0 or a mean")
    X = [[[[draw.integer(-3, 9) for _ in range(2)]] for _ in range(channels)] for _ in range(examples)]
    X[n - 1][c - 1] = [list(pair)]
    partner = c + 1 if c % 2 else c - 1
    beside_it = draw.shuffled(beside)
    if (
        channels == 2
    ):  # of two entries only the order survives: the channels must order them otherwise than the positions
        draw.require((entry - other) * (entry - beside_it[w - 1]) < 0, "channels and positions order the entry alike")
    X[n - 1][partner - 1] = [list(beside_it)]
    others = [place for place in range(1, channels + 1) if place not in (c, partner)]
    if others:
        rest = _completion(draw, [*pair, *beside], [(mean, sigma) for size, sigma in EIGHTS for mean in (size, -size)])
        for place, two in zip(others, (rest[:2], rest[2:]), strict=True):
            X[n - 1][place - 1] = [list(two)]
    elsewhere = [place for place in range(examples) if place != n - 1]
    if len(elsewhere) == 1:
        pairs = [one for one in completed(pair) if sorted(one) != sorted(beside)]
        draw.require(pairs, "the channel cannot be completed")
        X[elsewhere[0]][c - 1] = [list(draw.choice(pairs))]
    else:
        wanted = [(mean, sigma) for mean in range(-4, 8) if mean for sigma in range(2, 7)]
        rest = _completion(draw, pair, wanted)
        for place, two in zip(elsewhere, (rest[:2], rest[2:]), strict=True):
            X[place][c - 1] = [list(two)]
    given = {
        "X": X,
        "target": [n, c, 1, w],
        "norms": list(norms),
        "groups": 2,
        "gamma": draw.choice((2, 3, -2)) if scaled else 1,
        "beta": draw.sign() * draw.integer(1, 3) if scaled else 0,
    }
    return {**given, **BANK.draw(draw.fork("concepts"), given, level=level)}


def _completion(draw: Draw, known: Sequence[int], wanted: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """Four more numbers, in any order, with which the known ones have one of the means and deviations wanted."""
    count, total, squares = len(known) + 4, sum(known), sum(x * x for x in known)
    table = by_sums()
    fitting = [
        four
        for mean, sigma in wanted
        for four in table.get((count * mean - total, count * (mean**2 + sigma**2) - squares), [])
    ]
    draw.require(fitting, "no other entries give a whole deviation")
    return draw.shuffled(draw.choice(fitting))


sample_easy = partial(_sample, level="easy", shape=(2, 2, 1, 2), norms=NORMS[:3], scaled=False)
sample = partial(_sample, level="standard", shape=(2, 4, 1, 2), norms=NORMS, scaled=False)
sample_hard = partial(_sample, level="hard", shape=(3, 4, 1, 2), norms=NORMS, scaled=True)


def accept(X: Any, target: Array, norms: Sequence[str], centre: Array, scale: Array, output: Array) -> bool:
    """two norms give the same, the entry is 0 or a mean, or a scale is 1 or irrational"""
    entry = at(X, target)
    means = [mean for mean, name in zip(centre, norms, strict=True) if name != "RMSNorm"]
    if len(set(output)) < len(output) or entry == 0 or entry in means or 0 in means:
        return False
    return all(mean.is_Integer for mean in means) and all(one.is_Integer and one != 1 for one in scale)


def require(X: Any, target: Array, norms: Sequence[str], groups: Any) -> None:
    """A tensor of four axes, an entry of it, and groups that divide its channels."""
    tensor = array(X)
    if tensor.ndim != 4:
        raise InputError(expected("examples of channels of rows of entries", f"{tensor.ndim} axes"), field="X")
    require_length("target", target, 4, "axis")
    for place, length in zip(target, tensor.shape, strict=True):
        if not place.is_Integer or not 1 <= place <= length:
            raise InputError(expected(f"a position within {list(tensor.shape)}", [*target]), field="target")
    if tensor.shape[1] % groups:
        raise InputError(expected(f"a divisor of the {tensor.shape[1]} channels", groups), field="groups")
    for name in norms:
        if not sqrt(spread(members(X, target, name, groups), name)):
            raise InputError(f"{name}: the entries that share statistics with the target have no spread", field="X")


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.


def at(X: Any, target: Array) -> Any:
    """The entry at a position."""
    found = array(X)
    for place in target:
        found = found[int(place) - 1]
    return found


def members(X: Any, target: Array, name: str, groups: Any) -> Array:
    """The entries that share statistics with the target."""
    n, c = (int(place) - 1 for place in target[:2])
    tensor = array(X)
    if name == "BatchNorm":
        return tensor[:, c].flatten()
    if name == "InstanceNorm":
        return tensor[n, c].flatten()
    if name == "GroupNorm":
        size = tensor.shape[1] // int(groups)
        first = c // size * size
        return tensor[n, first : first + size].flatten()
    return tensor[n].flatten()


def spread(values: Array, name: str) -> Any:
    """The variance, or for RMSNorm the mean square."""
    return (values**2).mean() if name == "RMSNorm" else values.var()


def sizes(shape: Array, norms: Sequence[str], groups: Any) -> Array:
    """How many entries share one mean."""
    length = dict(zip("NCHW", shape, strict=True))
    found = {name: prod(length[axis] for axis in AXES[name]) for name in norms}
    return array([found[name] / (groups if name == "GroupNorm" else 1) for name in norms])


def learned(shape: Array, name: str) -> Any:
    """The parameters of a layer with PyTorch's defaults."""
    _, c, h, w = shape
    return {
        "BatchNorm": 2 * c,
        "GroupNorm": 2 * c,
        "LayerNorm": 2 * c * h * w,
        "RMSNorm": c * h * w,
        "InstanceNorm": 0,
    }[name]


SOLUTION = steps(
    shape=lambda X: array(array(X).shape),
    axes=lambda norms: tuple(array([int(axis in AXES[name]) for axis in "NCHW"]) for name in norms),
    size=sizes,
    number=lambda shape, size: prod(shape) / size,
    centre=lambda X, target, norms, groups: array(
        [0 if name == "RMSNorm" else members(X, target, name, groups).mean() for name in norms]
    ),
    scale=lambda X, target, norms, groups: array(
        [sqrt(spread(members(X, target, name, groups), name)) for name in norms]
    ),
    output=lambda X, target, centre, scale, gamma, beta: gamma * (at(X, target) - centre) / scale + beta,
    affine=lambda shape, norms: array([learned(shape, name) for name in norms]),
)


def shape_of(X: Any) -> tuple[int, ...]:
    return tuple(array(X).shape)


def five(norms: Sequence[str]) -> bool:
    """All five layers are there."""
    return len(norms) == len(NORMS)


def with_groups(norms: Sequence[str]) -> bool:
    """GroupNorm is among the layers."""
    return "GroupNorm" in norms


def with_rms(norms: Sequence[str]) -> bool:
    """RMSNorm is among the layers."""
    return "RMSNorm" in norms


def several_examples(X: Any) -> bool:
    """There are two examples or more."""
    return shape_of(X)[0] > 1


def several_channels(X: Any) -> bool:
    """There are two channels or more."""
    return shape_of(X)[1] > 1


def two_positions(X: Any) -> bool:
    """A channel has two positions."""
    return prod(shape_of(X)[2:]) == 2


def beside(X: Any, target: Array) -> Array:
    """The first position of the next channel, or of the one before, in the example of the target."""
    n, c = target[0], target[1]
    return array([n, c + 1 if c < shape_of(X)[1] else c - 1, 1, 1])


def names_beside(X: Any, target: Array, norms: Sequence[str], groups: Any, *, changed: bool) -> str:
    """The layers whose statistics at the target contain, or do not contain, the entry in the channel beside it."""
    group = shape_of(X)[1] // groups
    same_group = (target[1] - 1) // group == (beside(X, target)[1] - 1) // group
    shared = {"LayerNorm", "RMSNorm"} | ({"GroupNorm"} if same_group else set())
    return ", ".join(name for name in norms if (name in shared) == changed)


BANK = Bank.beside(
    __file__,
    five,
    with_groups,
    with_rms,
    several_examples,
    several_channels,
    two_positions,
    beside,
    entry=lambda X, target: at(X, target),
    example=lambda target: target[0],
    channel=lambda X, target: array(X)[int(target[0]) - 1, int(target[1]) - 1].flatten(),
    signs=lambda X, target: signs_of(array(X)[int(target[0]) - 1, int(target[1]) - 1].flatten()),
    larger=lambda X, target: array(X)[int(target[0]) - 1, int(target[1]) - 1].flatten().argmax() + 1,
    across=lambda X, target: array([target[0] - 1 if target[0] > 1 else 2, target[1], 1, 1]),
    changed_beside=lambda X, target, norms, groups: names_beside(X, target, norms, groups, changed=True),
    kept_beside=lambda X, target, norms, groups: names_beside(X, target, norms, groups, changed=False),
    ten_times=lambda X, target: 10 * at(X, target),
    five_more=lambda X, target: at(X, target) + 5,
    n=lambda shape: shape[0],
    c=lambda shape: shape[1],
    h=lambda shape: shape[2],
    w=lambda shape: shape[3],
    twice_n=lambda shape: 2 * shape[0],
    twice_c=lambda shape: 2 * shape[1],
    twice_w=lambda shape: 2 * shape[3],
    wide_size=lambda shape: 2 * shape[2] * shape[3],
    instance_means=lambda shape: shape[0] * shape[1],
    in_example=lambda shape: prod(shape[1:]),
    bound=lambda shape: sqrt(prod(shape[1:])),
    mean=lambda X, target: of_example(X, target).mean(),
    variance=lambda X, target: of_example(X, target).var(),
    square_mean=lambda X, target: (of_example(X, target) ** 2).mean(),
    rms=lambda X, target: sqrt((of_example(X, target) ** 2).mean()),
    rms_three=lambda X, target: 3 * sqrt((of_example(X, target) ** 2).mean()),
)


def of_example(X: Any, target: Array) -> Array:
    """All entries of the target's example."""
    return array(X)[int(target[0]) - 1].flatten()


def signs_of(pair: Array) -> Array:
    """1 for the larger of two entries and -1 for the smaller."""
    return array([1, -1] if pair[0] > pair[1] else [-1, 1])


# ------------------------------------------------------------------------------ what students do instead


def over(name: str, chosen: Any) -> dict[str, Any]:
    """The replaced steps of a mistake that takes other entries for one of the norms; ``chosen`` picks them from the tensor."""

    def entries(X: Any, target: Array, groups: Any) -> Array:
        n, c, h, w = (int(place) - 1 for place in target)
        return array(list(chosen(array(X), n, c, h, w, int(groups))))

    return {
        "centre": lambda X, target, norms, groups: array(
            [
                (
                    0
                    if one == "RMSNorm"
                    else (entries(X, target, groups) if one == name else members(X, target, one, groups)).mean()
                )
                for one in norms
            ]
        ),
        "scale": lambda X, target, norms, groups: array(
            [
                sqrt(spread(entries(X, target, groups) if one == name else members(X, target, one, groups), one))
                for one in norms
            ]
        ),
    }


def strided(X: Array, n: int, c: int, h: int, w: int, groups: int) -> Array:
    return array([X[n, k] for k in range(c % groups, X.shape[1], groups)]).flatten()


def across(X: Array, n: int, c: int, h: int, w: int, groups: int) -> Array:
    size = X.shape[1] // groups
    return array([X[i, k] for i in range(len(X)) for k in range(c // size * size, c // size * size + size)]).flatten()


def exchanged(names: Sequence[str]) -> list[str]:
    return [{"BatchNorm": "LayerNorm", "LayerNorm": "BatchNorm"}.get(name, name) for name in names]


def has(name: str) -> Any:
    return lambda norms: name in norms


MISTAKES = [
    BANK.mistake(
        "one mean for each entry of the other axes",
        number=lambda shape, norms, groups: array(
            [
                {"BatchNorm": prod(shape[1:]), "GroupNorm": groups}.get(name, shape[0] * shape[2] * shape[3])
                for name in norms
            ]
        ),
    ),
    BANK.mistake(
        "batch and layer exchanged",
        axes=lambda norms: tuple(array([int(axis in AXES[name]) for axis in "NCHW"]) for name in exchanged(norms)),
        size=lambda shape, norms, groups: sizes(shape, exchanged(norms), groups),
        centre=lambda X, target, norms, groups: array(
            [0 if name == "RMSNorm" else members(X, target, name, groups).mean() for name in exchanged(norms)]
        ),
        scale=lambda X, target, norms, groups: array(
            [sqrt(spread(members(X, target, name, groups), name)) for name in exchanged(norms)]
        ),
        applies=lambda norms: "BatchNorm" in norms and "LayerNorm" in norms,
    ),
    BANK.mistake(
        "batch norm by position",
        **over("BatchNorm", lambda X, n, c, h, w, groups: X[:, c, h, w]),
        applies=has("BatchNorm"),
    ),
    BANK.mistake(
        "layer norm over the channels only",
        **over("LayerNorm", lambda X, n, c, h, w, groups: X[n, :, h, w]),
        applies=has("LayerNorm"),
    ),
    BANK.mistake(
        "instance norm over the channels",
        **over("InstanceNorm", lambda X, n, c, h, w, groups: X[n, :, h, w]),
        applies=has("InstanceNorm"),
    ),
    BANK.mistake("groups strided", **over("GroupNorm", strided), applies=has("GroupNorm")),
    BANK.mistake("group norm across the batch", **over("GroupNorm", across), applies=has("GroupNorm")),
    BANK.mistake(
        "RMS norm centred",
        centre=lambda X, target, norms, groups: array([members(X, target, name, groups).mean() for name in norms]),
        scale=lambda X, target, norms, groups: array([members(X, target, name, groups).std() for name in norms]),
        applies=has("RMSNorm"),
    ),
    BANK.mistake(
        "RMS norm without the mean",
        scale=lambda X, target, norms, groups: array(
            [
                sqrt((members(X, target, name, groups) ** 2).sum())
                if name == "RMSNorm"
                else members(X, target, name, groups).std()
                for name in norms
            ]
        ),
        applies=has("RMSNorm"),
    ),
    BANK.mistake(
        "sample variance",
        scale=lambda X, target, norms, groups: array(
            [
                sqrt(spread(members(X, target, name, groups), name))
                if name == "RMSNorm"
                else members(X, target, name, groups).std(ddof=1)
                for name in norms
            ]
        ),
    ),
    BANK.mistake(
        "affine of the channels everywhere",
        affine=lambda shape, norms: array(
            [{"LayerNorm": 2 * shape[1], "RMSNorm": shape[1]}.get(name, learned(shape, name)) for name in norms]
        ),
    ),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(
    X: Any, target: np.ndarray, norms: Sequence[str], groups: float, gamma: float = 1.0, beta: float = 0.0
) -> Mapping[str, Any]:
    """numpy: statistics of the whole tensor along axes, GroupNorm by reshaping, and counts by the sizes of arrays."""
    tensor = np.asarray(X, dtype=float)
    n, c, h, w = tensor.shape
    place = tuple(np.asarray(target, dtype=int) - 1)
    grouped = tensor.reshape(n, int(groups), c // int(groups), h, w)
    arrays = {
        "BatchNorm": (tensor, (0, 2, 3)), "LayerNorm": (tensor, (1, 2, 3)), "InstanceNorm": (tensor, (2, 3)),
        "GroupNorm": (grouped, (2, 3, 4)), "RMSNorm": (tensor, (1, 2, 3)),
    }  # fmt: skip
    opinion: dict[str, list[Any]] = {
        name: [] for name in ("axes", "size", "number", "centre", "scale", "output", "affine")
    }
    for name in norms:
        values, over_axes = arrays[name]
        mean = (
            0 * values.mean(axis=over_axes, keepdims=True)
            if name == "RMSNorm"
            else values.mean(axis=over_axes, keepdims=True)
        )
        scale = np.sqrt(((values - mean) ** 2).mean(axis=over_axes, keepdims=True))
        wide = [np.broadcast_to(one, values.shape).reshape(tensor.shape)[place] for one in (mean, scale)]
        opinion["axes"].append([float(axis in AXES[name]) for axis in "NCHW"])
        opinion["number"].append(mean.size)
        opinion["size"].append(values.size // mean.size)
        opinion["centre"].append(wide[0])
        opinion["scale"].append(wide[1])
        opinion["output"].append(((tensor[place] - wide[0]) / wide[1]) * gamma + beta)
        weights = {"LayerNorm": (2, c, h, w), "RMSNorm": (c, h, w), "InstanceNorm": (0,)}.get(name, (2, c))
        opinion["affine"].append(np.empty(weights).size)
    return opinion


# -------------------------------------------------------------------------------------------- the prose


def preamble(v: Values) -> Content:
    rules = [BANK.text(f"rules.{name}", v) for name in v.norms]
    return [BANK.text("preamble", v), say(_table(array(v.X))), *rules, BANK.text("entry", v), groups_figure(v)]


def _table(X: Array) -> str:
    """The examples as rows, the channels as columns."""
    rows = [["", *(f"channel {place}" for place in range(1, X.shape[1] + 1))], ["---"] * (X.shape[1] + 1)]
    for place, example in enumerate(X, start=1):
        rows.append([f"example {place}", *(f"${', '.join(map(str, channel.flatten()))}$" for channel in example)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def groups_figure(v: Values) -> Figure:
    """A cell for each example and channel, and for each norm those shaded, in the key, that share statistics with the target."""
    examples, channels = array(v.X).shape[:2]
    n, c = int(v.target[0]) - 1, int(v.target[1]) - 1
    size = channels // int(v.groups)
    first = c // size * size
    everything = [(i, k) for i in range(examples) for k in range(channels)]
    shaded = {
        "BatchNorm": [(i, k) for i, k in everything if k == c],
        "InstanceNorm": [(n, c)],
        "GroupNorm": [(n, k) for k in range(first, first + size)],
    }
    row = [(i, k) for i, k in everything if i == n]

    def scene(filled: bool) -> Scene:
        cells = [["x" if (i, k) == (n, c) else "" for k in range(channels)] for i in range(examples)]
        grids = [Grid(name=(name,), cells=cells, shaded=shaded.get(name, row) if filled else ()) for name in v.norms]
        return grids_scene(
            "Examples (rows) and channels (columns)",
            grids,
            f"For each norm a grid of {examples} examples by {channels} channels; the target is in example {n + 1}, channel {c + 1}.",
        )

    return Figure("norm-groups", scene(filled=False), scene(filled=True))


def parts(v: Values) -> Iterator[Part]:
    labels = tuple(rf"\text{{{name}}}" for name in v.norms)
    rows = [
        {"name": say(name), "mu": mean, "s": scale, "out": out, "x": at(v.X, v.target)}
        for name, mean, scale, out in zip(v.norms, v.centre, v.scale, v.output, strict=True)
    ]
    yield BANK.part("axes", v, Fields("axes", labels))
    yield BANK.part("size", v, Fields("size", labels))
    yield BANK.part("number", v, Fields("number", labels), total=prod(v.shape))
    yield BANK.part("centre", v, Fields("centre", labels))
    yield BANK.part("scale", v, Fields("scale", labels))
    yield BANK.part("output", v, Fields("output", labels), for_each=rows)
    yield BANK.part("affine", v, Fields("affine", labels))
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))
    yield Part("question", *BANK.essay("question", v))


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The numbers; not the questions in words."""
    return [params[name] for name in ("X", "target", "norms", "groups", "gamma", "beta")]


def signature(v: Values) -> Mapping[str, Any]:
    """The size of the tensor, and how many claims there are to judge."""
    return {"shape": tuple(v.shape), "norms": len(v.norms), "claims": len(v.claims)}


POSSIBLE = {"axes": 1, "size": 1, "number": 1, "affine": 1}

PROBLEM = Problem(
    id="norm-axes",
    title="Who shares a mean?",
    topic="normalization",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "X": required(list_of(list_of(read_matrix))),
        "target": required(read_vector),
        "norms": optional(read_norms, NORMS),
        "groups": optional(whole(1), 2),
        "gamma": optional(read_number, 1),
        "beta": optional(read_number, 0),
        "question": optional(one_of(BANK["question"]), "small_batches"),
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
        "X": [[[[3, 1]], [[-1, 9]], [[2, 2]], [[6, 1]]], [[[3, 9]], [[-5, 1]], [[1, 5]], [[3, 7]]]],
        "question": "what_is_left",
        "target": [2, 1, 1, 2],
        "claims": ["one_group", "batch_only"],
    },
    canonical=canonical,
    signature=signature,
    standard={"shape": (2, 4, 1, 2), "norms": 5, "claims": 2},
    possible=POSSIBLE,
    variants=1_000_000,
    easy=Level(sample_easy, {"shape": (2, 2, 1, 2), "norms": 3, "claims": 2}, possible=POSSIBLE, variants=10_000),
    hard=Level(sample_hard, {"shape": (3, 4, 1, 2), "norms": 5, "claims": 2}, possible=POSSIBLE, variants=1_000_000),
)
