r"""Five normalizations of one small tensor: which entries share statistics, how many there are, and what becomes of one entry.

Wu and He, *Group Normalization* (2018), section 3.1; Ulyanov, Vedaldi and Lempitsky, *Instance Normalization* (2016); Zhang and Sennrich,
*Root Mean Square Layer Normalization* (2019).  Positions count from 1, the variance is biased, ε is 0, and BatchNorm is in training mode.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache, partial
from itertools import combinations_with_replacement, product
from math import isqrt, prod
from typing import Any

import numpy as np

from generator import (
    Array, Bank, Content, Draw, Fields, Figure, InputError, Level, Part, Problem, Subsets, Values,
    array, expected, list_of, one_of, optional, read_matrix, read_number, read_vector, require_length, required, say,
    some_of, sqrt, steps, whole,
)  # fmt: skip
from generator.document.figures.grids import Grid, grids_scene
from generator.document.figures.scene import Scene

AXES = {"BatchNorm": "NHW", "LayerNorm": "CHW", "InstanceNorm": "HW", "GroupNorm": "CHW", "RMSNorm": "CHW"}
"""Over which axes each of them averages; GroupNorm over a part of the channels."""
NORMS = tuple(AXES)


def read_tensor(raw: Any, *, field: str) -> Array:
    """Examples of channels of rows of entries."""
    examples = list_of(list_of(read_matrix))(raw, field=field)
    shapes = {(len(example), *channel.shape) for example in examples for channel in example}
    if len(shapes) != 1 or not all(examples):
        raise InputError(expected("examples of as many channels each, all of one height and width", raw), field=field)
    return array(examples)


def read_norms(raw: Any, *, field: str) -> tuple[str, ...]:
    """Different names of normalizations, also as ``batch``, ``batch_norm`` or ``batch norm``."""
    if not isinstance(raw, list | tuple) or not raw:
        raise InputError(expected(f"a list of names out of {', '.join(NORMS)}", repr(raw)), field=field)
    short = {name.lower().removesuffix("norm"): name for name in NORMS}
    plain = [str(one).lower().replace("_", "").replace("-", "").replace(" ", "").removesuffix("norm") for one in raw]
    return some_of(NORMS)([short.get(one, name) for one, name in zip(plain, raw, strict=True)], field=field)


# ------------------------------------------------------------------------------------------ the sampler

LOWEST, HIGHEST = -7, 13
WHOLE_ROOTS = ((4, 3), (3, 4), (8, 6), (6, 8), (5, 12), (12, 5))
"""Means, in size, and deviations with a whole root mean square."""
WHOLE_DEVIATIONS = tuple((mean, sigma) for mean in range(1, 8) for sigma in range(3, 8))


@cache
def by_sums(count: int) -> dict[tuple[int, int], list[tuple[int, ...]]]:
    """So many ascending numbers, by their sum and the sum of their squares."""
    found: dict[tuple[int, int], list[tuple[int, ...]]] = {}
    for numbers in combinations_with_replacement(range(LOWEST, HIGHEST + 1), count):
        found.setdefault((sum(numbers), sum(x * x for x in numbers)), []).append(numbers)
    return found


def completion(
    draw: Draw, count: int, known: Sequence[int], entry: int, taken: set[Fraction], roots: bool = False
) -> tuple[int, ...]:
    """So many more numbers, with which the known ones have a whole mean and deviation, and ``roots``: a whole root mean square.

    The entry gets outputs that are not ``taken``, and now are.
    """
    size, total, squares = len(known) + count, sum(known), sum(x * x for x in known)
    fitting = []
    for absolute, sigma in WHOLE_ROOTS if roots else WHOLE_DEVIATIONS:
        for mean in (absolute, -absolute):
            outputs = [Fraction(entry - mean, sigma)] + [Fraction(entry, isqrt(mean**2 + sigma**2))] * roots
            if len(taken.union(outputs)) == len(taken) + len(outputs):
                sums = size * mean - total, size * (mean**2 + sigma**2) - squares
                fitting += [(numbers, outputs) for numbers in by_sums(count).get(sums, ())]
    draw.require(fitting, "no other entries give a whole deviation")
    numbers, outputs = draw.choice(fitting)
    taken.update(outputs)
    return draw.shuffled(numbers)


def _sample(draw: Draw, level: str, examples: int, channels: int, norms: int, scaled: bool) -> Mapping[str, Any]:
    """A tensor in which the channel of the target is completed to a group, an example and a batch of whole deviations."""
    n, c, w = draw.integer(0, examples - 1), draw.integer(0, channels - 1), draw.integer(0, 1)
    middle, half = draw.choice([mean for mean in range(-2, 9) if mean]), draw.choice((3, 3, 4, 4, 8))
    pair = draw.shuffled((middle - half, middle + half))
    entry = pair[w]
    draw.require(entry, "the entry is 0")
    taken = {Fraction(0), Fraction(1), Fraction(-1)}  # InstanceNorm gives 1 or -1
    cells: dict[tuple[int, int], tuple[int, ...]] = {
        (i, k): (draw.integer(-3, 9), draw.integer(-3, 9)) for i in range(examples) for k in range(channels)
    }
    group = completion(draw, 2, pair, entry, taken)
    beside = c + 1 if c % 2 == 0 else c - 1
    if channels == 2:  # they order the entry otherwise than the positions do
        above = entry == max(pair)
        group = group if (group[w] > entry) == above else group[::-1]
        draw.require(group[w] != entry and (group[w] > entry) == above, "channels and positions order the entry alike")
    else:
        others = completion(draw, 4, (*pair, *group), entry, taken, roots=True)
        first, second = (k for k in range(channels) if k not in (c, beside))
        cells[n, first], cells[n, second] = others[:2], others[2:]
    cells[n, c], cells[n, beside] = pair, group
    batch = completion(draw, 2 * (examples - 1), pair, entry, taken)
    for place, i in enumerate(i for i in range(examples) if i != n):
        cells[i, c] = batch[2 * place : 2 * place + 2]
    given = {
        "X": [[[cells[i, k]] for k in range(channels)] for i in range(examples)],
        "target": [n + 1, c + 1, 1, w + 1],
        "norms": draw.shuffled(NORMS[:norms]),
        "groups": 2,
        "gamma": draw.choice((2, 3, -2)) if scaled else 1,
        "beta": draw.sign() * draw.integer(1, 3) if scaled else 0,
    }
    return {**given, **BANK.draw(draw.fork("concepts"), given, level=level)}


sample_easy = partial(_sample, level="easy", examples=2, channels=2, norms=3, scaled=False)
sample = partial(_sample, level="standard", examples=2, channels=4, norms=5, scaled=False)
sample_hard = partial(_sample, level="hard", examples=3, channels=4, norms=5, scaled=True)


def require(X: Array, target: Array, norms: Sequence[str], groups: Any) -> None:
    """An entry of the tensor, groups that divide its channels, and no norm without spread around the entry."""
    require_length("target", target, 4, "axis")
    for place, length in zip(target, X.shape, strict=True):
        if not place.is_Integer or not 1 <= place <= length:
            raise InputError(expected(f"a position within {list(X.shape)}", [*target]), field="target")
    if "GroupNorm" in norms and X.shape[1] % groups:
        raise InputError(expected(f"a divisor of the {X.shape[1]} channels", groups), field="groups")
    for name, scale in zip(norms, scales(shared(X, target, norms, groups), norms), strict=True):
        if not scale:
            raise InputError(f"{name}: the entries that share statistics with the target have no spread", field="X")


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.


def index(target: Array) -> list[int]:
    """A position, counted from 0."""
    return [int(place) - 1 for place in target]


def at(X: Array, target: Array) -> Any:
    """The entry at a position."""
    n, c, h, w = index(target)
    return X[n, c, h, w]


def members(X: Array, target: Array, name: str, groups: Any) -> Array:
    """The entries that share statistics with the target."""
    n, c, _, _ = index(target)
    if name == "BatchNorm":
        return X[:, c].flatten()
    if name == "InstanceNorm":
        return X[n, c].flatten()
    if name == "GroupNorm":
        return X[n, slice(*group_of(c, X.shape[1] // int(groups)))].flatten()
    return X[n].flatten()


def group_of(channel: int, size: int) -> tuple[int, int]:
    """Where the group of a channel begins, and where the next one does."""
    first = channel // size * size
    return first, first + size


def shared(X: Array, target: Array, norms: Sequence[str], groups: Any) -> tuple[Array, ...]:
    """For each norm the entries that share statistics with the target."""
    return tuple(members(X, target, name, groups) for name in norms)


def root_mean_square(entries: Array) -> Any:
    return sqrt((entries**2).mean())


def scales(
    shared: Sequence[Array],
    norms: Sequence[str],
    deviation: Callable[[Array], Any] = Array.std,
    rms: Callable[[Array], Any] = root_mean_square,
) -> Array:
    """What each norm divides by: a deviation, or in RMSNorm the root mean square."""
    return array([(rms if name == "RMSNorm" else deviation)(one) for one, name in zip(shared, norms, strict=True)])


def sizes(shape: Array, norms: Sequence[str], groups: Any) -> Array:
    """How many entries share one mean."""
    length = dict(zip("NCHW", shape, strict=True))
    return array([prod(length[axis] for axis in AXES[name]) / (groups if name == "GroupNorm" else 1) for name in norms])


def learned(shape: Array, norms: Sequence[str], elements: Any) -> Array:
    """The parameters of each layer with PyTorch's defaults; LayerNorm and RMSNorm learn for so many elements."""
    channels = shape[1]
    numbers = {
        "BatchNorm": 2 * channels, "GroupNorm": 2 * channels, "InstanceNorm": 0, "LayerNorm": 2 * elements, "RMSNorm": elements,
    }  # fmt: skip
    return array([numbers[name] for name in norms])


SOLUTION = steps(
    shape=lambda X: array(X.shape),
    axes=lambda norms: tuple(AXES[name] for name in norms),
    size=sizes,
    number=lambda shape, size: prod(shape) / size,
    shared=shared,
    centre=lambda shared, norms: array(
        [0 if name == "RMSNorm" else one.mean() for one, name in zip(shared, norms, strict=True)]
    ),
    scale=lambda shared, norms: scales(shared, norms),
    output=lambda X, target, centre, scale, gamma, beta: gamma * (at(X, target) - centre) / scale + beta,
    affine=lambda shape, norms: learned(shape, norms, prod(shape[1:])),
)


def five(norms: Sequence[str]) -> bool:
    """All five layers are there."""
    return len(norms) == len(NORMS)


def with_groups(norms: Sequence[str]) -> bool:
    """GroupNorm is among the layers."""
    return "GroupNorm" in norms


def with_rms(norms: Sequence[str]) -> bool:
    """RMSNorm is among the layers."""
    return "RMSNorm" in norms


def several_examples(X: Array) -> bool:
    """There are two examples or more."""
    return X.shape[0] > 1


def several_channels(X: Array) -> bool:
    """There are two channels or more."""
    return X.shape[1] > 1


def two_positions(X: Array) -> bool:
    """A channel has two positions."""
    return prod(X.shape[2:]) == 2


def beside(X: Array, target: Array) -> Array:
    """The first position of the next channel, or of the one before, in the example of the target."""
    n, c = target[0], target[1]
    return array([n, c + 1 if c < X.shape[1] else c - 1, 1, 1])


def contain_beside(X: Array, target: Array, norms: Sequence[str], groups: Any) -> list[str]:
    """The layers whose statistics at the target contain the entry in the channel beside it."""
    size = X.shape[1] // groups
    in_group = (target[1] - 1) // size == (beside(X, target)[1] - 1) // size
    return [name for name in norms if name in ("LayerNorm", "RMSNorm") or (name == "GroupNorm" and in_group)]


def channel(X: Array, target: Array) -> Array:
    """The entries of the target's channel in its example."""
    return members(X, target, "InstanceNorm", 1)


def example_entries(X: Array, target: Array) -> Array:
    """All entries of the target's example."""
    return members(X, target, "LayerNorm", 1)


BANK = Bank.beside(
    __file__,
    five,
    with_groups,
    with_rms,
    several_examples,
    several_channels,
    two_positions,
    beside,
    channel,
    entry=at,
    example=lambda target: target[0],
    signs=lambda X, target: array([1, -1] if channel(X, target).argmax() == 0 else [-1, 1]),
    larger=lambda X, target: channel(X, target).argmax() + 1,
    across=lambda target: array([target[0] - 1 if target[0] > 1 else 2, target[1], 1, 1]),
    changed_beside=lambda X, target, norms, groups: ", ".join(contain_beside(X, target, norms, groups)),
    kept_beside=lambda X, target, norms, groups: ", ".join(
        name for name in norms if name not in contain_beside(X, target, norms, groups)
    ),
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
    in_channel=lambda shape: prod(shape[2:]),
    twice_batch=lambda shape: 2 * shape[0] * prod(shape[2:]),
    bound=lambda shape: sqrt(prod(shape[1:])),
    mean=lambda X, target: example_entries(X, target).mean(),
    variance=lambda X, target: example_entries(X, target).var(),
    square_mean=lambda X, target: (example_entries(X, target) ** 2).mean(),
    rms=lambda X, target: root_mean_square(example_entries(X, target)),
    rms_three=lambda X, target: 3 * root_mean_square(example_entries(X, target)),
)


# ------------------------------------------------------------------------------ what students do instead


def exchanged(norms: Sequence[str]) -> list[str]:
    return [{"BatchNorm": "LayerNorm", "LayerNorm": "BatchNorm"}.get(name, name) for name in norms]


def other_entries(name: str, feedback: str, chosen: Callable[..., Array]) -> Any:
    """A mistake that takes other entries for one of the norms: those that ``chosen`` picks from the tensor."""

    def instead(X: Array, target: Array, norms: Sequence[str], groups: Any) -> tuple[Array, ...]:
        entries = chosen(X, *index(target), int(groups)).flatten()
        return tuple(
            entries if one == name else right
            for one, right in zip(norms, shared(X, target, norms, groups), strict=True)
        )

    return BANK.mistake(feedback, shared=instead, applies=lambda norms: name in norms)


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
        axes=lambda norms: tuple(AXES[name] for name in exchanged(norms)),
        size=lambda shape, norms, groups: sizes(shape, exchanged(norms), groups),
        shared=lambda X, target, norms, groups: shared(X, target, exchanged(norms), groups),
        applies=lambda norms: "BatchNorm" in norms and "LayerNorm" in norms,
    ),
    other_entries("BatchNorm", "batch norm by position", lambda X, n, c, h, w, groups: X[:, c, h, w]),
    other_entries("LayerNorm", "layer norm over the channels only", lambda X, n, c, h, w, groups: X[n, :, h, w]),
    other_entries("InstanceNorm", "instance norm over the channels", lambda X, n, c, h, w, groups: X[n, :, h, w]),
    other_entries("GroupNorm", "groups strided", lambda X, n, c, h, w, groups: X[n, c % groups :: groups]),
    other_entries(
        "GroupNorm",
        "group norm across the batch",
        lambda X, n, c, h, w, groups: X[:, slice(*group_of(c, X.shape[1] // groups))],
    ),
    BANK.mistake(
        "RMS norm centred",
        centre=lambda shared: array([one.mean() for one in shared]),
        scale=lambda shared: array([one.std() for one in shared]),
        applies=with_rms,
    ),
    BANK.mistake(
        "RMS norm without the mean",
        scale=lambda shared, norms: scales(shared, norms, rms=lambda one: sqrt((one**2).sum())),
        applies=with_rms,
    ),
    BANK.mistake(
        "sample variance",
        scale=lambda shared, norms: scales(shared, norms, deviation=lambda one: one.std(ddof=1)),
    ),
    BANK.mistake("affine of the channels everywhere", affine=lambda shape, norms: learned(shape, norms, shape[1])),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(
    X: np.ndarray, target: np.ndarray, norms: Sequence[str], groups: float, gamma: float = 1.0, beta: float = 0.0
) -> Mapping[str, Any]:
    """numpy: statistics of the whole tensor along axes, GroupNorm by reshaping, and counts by the sizes of arrays."""
    X = np.asarray(X, dtype=float)
    n, c, h, w = X.shape
    place = tuple(np.asarray(target, dtype=int) - 1)
    quantities = ("axes", "size", "number", "centre", "scale", "output", "affine")
    opinion: dict[str, Any] = {quantity: [] for quantity in quantities}
    for name in norms:
        over = tuple("NCHW".index(axis) for axis in AXES[name])
        values = X
        if name == "GroupNorm":
            values, over = X.reshape(n, int(groups), c // int(groups), h, w), (2, 3, 4)
        mean = values.mean(axis=over, keepdims=True) * (name != "RMSNorm")
        scale = np.sqrt(((values - mean) ** 2).mean(axis=over, keepdims=True))
        centre, divisor = (np.broadcast_to(one, values.shape).reshape(X.shape)[place] for one in (mean, scale))
        weights = {"LayerNorm": (2, c, h, w), "RMSNorm": (c, h, w), "InstanceNorm": (0,)}.get(name, (2, c))
        found = (
            AXES[name], values.size // mean.size, mean.size, centre, divisor,
            (X[place] - centre) / divisor * gamma + beta, np.empty(weights).size,
        )  # fmt: skip
        for listed, one in zip(opinion.values(), found, strict=True):
            listed.append(one)
    return opinion


# -------------------------------------------------------------------------------------------- the prose


def preamble(v: Values) -> Content:
    rules = [BANK.text(f"rules.{name}", v) for name in v.norms]
    return [BANK.text("preamble", v), say(_table(v.X)), *rules, BANK.text("entry", v), groups_figure(v)]


def _table(X: Array) -> str:
    """The examples as rows, the channels as columns."""
    rows = [["", *(f"$c = {place}$" for place in range(1, X.shape[1] + 1))], ["---"] * (X.shape[1] + 1)]
    for place, example in enumerate(X, start=1):
        rows.append([f"$n = {place}$", *(f"${', '.join(map(str, one.flatten()))}$" for one in example)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def groups_figure(v: Values) -> Figure:
    """A cell for each example and channel, and for each norm those shaded, in the key, that share statistics with the target."""
    examples, channels = v.X.shape[:2]
    n, c, _, _ = index(v.target)
    first, after = group_of(c, channels // int(v.groups)) if with_groups(v.norms) else (0, channels)
    ranges = {  # the examples and channels that are shaded
        "BatchNorm": (range(examples), range(c, c + 1)),
        "InstanceNorm": (range(n, n + 1), range(c, c + 1)),
        "GroupNorm": (range(n, n + 1), range(first, after)),
    }
    of_norm = {name: ranges.get(name, (range(n, n + 1), range(channels))) for name in v.norms}
    cells = [["x" if (i, k) == (n, c) else "" for k in range(channels)] for i in range(examples)]

    def scene(filled: bool) -> Scene:
        grids = [
            Grid(name=(name,), cells=cells, shaded=[*product(*of_norm[name])] if filled else ()) for name in v.norms
        ]
        words = [
            f"For each norm a grid of {examples} examples by {channels} channels; "
            f"an x marks the target, in example {n + 1}, channel {c + 1}."
        ]
        if filled:
            words += [
                f"{name}: shaded are {_counted('example', rows)}, {_counted('channel', columns)}."
                for name, (rows, columns) in of_norm.items()
            ]
        return grids_scene("Examples (rows) and channels (columns)", grids, " ".join(words))

    return Figure("norm-groups", scene(filled=False), scene(filled=True))


def _counted(noun: str, places: range) -> str:
    """``channel 2`` or ``channels 1 to 4``, counted from 1."""
    if len(places) == 1:
        return f"{noun} {places[0] + 1}"
    return f"{noun}s {places[0] + 1} to {places[-1] + 1}"


def parts(v: Values) -> Iterator[Part]:
    labels = tuple(rf"\text{{{name}}}" for name in v.norms)
    columns = zip(v.norms, v.axes, v.size, v.number, v.shared, v.centre, v.scale, v.output, v.affine, strict=True)
    rows = [
        {
            "name": name, "axes": ", ".join(axes), "size": size, "number": number, "shared": entries, "mu": mean,
            "differences": entries - mean, "s": scale, "out": out, "learned": learned,
        }
        for name, axes, size, number, entries, mean, scale, out, learned in columns
    ]  # fmt: skip
    for row in rows:
        row["within"] = " within a group of channels" if row["name"] == "GroupNorm" else ""
        row["centring"] = BANK.text("centring.none" if row["name"] == "RMSNorm" else "centring.mean", v, **row)
    scaled = "plain" if (v.gamma, v.beta) == (1, 0) else "scaled"
    yield BANK.part("axes", v, Subsets("axes", labels, "NCHW"), for_each=rows)
    yield BANK.part("size", v, Fields("size", labels), for_each=rows)
    yield BANK.part("number", v, Fields("number", labels), for_each=rows, total=prod(v.shape))
    yield BANK.part("centre", v, Fields("centre", labels), for_each=rows)
    yield BANK.part("scale", v, Fields("scale", labels), for_each=rows)
    yield BANK.part("output", v, Fields("output", labels), case=scaled, for_each=rows)
    yield BANK.part("affine", v, Fields("affine", labels), for_each=rows)
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))
    yield Part("question", *BANK.essay("question", v))


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The numbers, and the norms in any order; not the questions in words."""
    return [sorted(params["norms"]), *(params[name] for name in ("X", "target", "groups", "gamma", "beta"))]


def signature(v: Values) -> Mapping[str, Any]:
    """The size of the tensor, and how many claims there are to judge."""
    return {"shape": tuple(v.shape), "norms": len(v.norms), "claims": len(v.claims)}


POSSIBLE = {"axes": 20, "size": 30, "number": 30, "affine": 20}  # the norms stand in any order

PROBLEM = Problem(
    id="norm-axes",
    title="Who shares a mean?",
    topic="normalization",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "X": required(read_tensor),
        "target": required(read_vector),
        "norms": optional(read_norms, NORMS),
        "groups": optional(whole(1), 2),
        "gamma": optional(read_number, 1),
        "beta": optional(read_number, 0),
        "question": optional(one_of(BANK["question"]), "small_batches"),
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
    easy=Level(
        sample_easy,
        {"shape": (2, 2, 1, 2), "norms": 3, "claims": 2},
        possible={"axes": 6, "size": 3, "number": 3, "affine": 6},
        variants=10_000,
    ),
    hard=Level(
        sample_hard,
        {"shape": (3, 4, 1, 2), "norms": 5, "claims": 2},
        possible={"axes": 20, "size": 60, "number": 60, "affine": 20},
        variants=1_000_000,
    ),
)
