r"""The backward pass of layer and batch normalization, by hand.

Ioffe and Szegedy, *Batch Normalization* (2015), section 3 (the gradients after algorithm 1); Ba, Kiros and Hinton, *Layer
Normalization* (2016).  A *group* is what shares a mean and a deviation: a row of X in layer normalization, a column in batch
normalization.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from math import gcd, isqrt
from typing import Any

import numpy as np

from generator import (
    Array, Bank, Content, Draw, Fields, Figure, InputError, Level, Matrix, Part, Problem, Values, Vector,
    array, equal, expected, one_of, optional, read_matrix, read_vector, require_length, required, some_of, sqrt, steps,
)  # fmt: skip
from generator.document.figures.scene import Box, Label, Line, Scene, Shape, Symbol, Words, baseline
from generator.problems._numeric import slopes

MODES = ("layer", "batch")

# ------------------------------------------------------------------------------------------ the sampler

Pattern = tuple[int, int, int, int]
"""Four numbers that add up to 0, of a whole deviation: what is added to a group's mean."""
BALANCED: Pattern = (2, 2, -2, -2)
ALSO_BALANCED: Pattern = (3, 3, -3, -3)
THREE: Pattern = (5, -3, -1, -1)
FIVE: Pattern = (7, -7, 1, -1)
SIX: Pattern = (10, -6, -2, -2)
HARD = [(BALANCED, THREE), (BALANCED, FIVE), (BALANCED, SIX), (THREE, FIVE), (THREE, SIX)]


def _sample(
    draw: Draw,
    level: str,
    patterns: Sequence[Sequence[Pattern]],
    given: str,
    largest: tuple[int, int],
    fractions: range,
    modes: Sequence[str] = MODES,
) -> Mapping[str, Any]:
    """Groups of whole deviations, and an upstream gradient for which means and result have small denominators."""
    mode = draw.choice(modes)
    chosen = draw.shuffled(draw.choice(patterns))
    means = draw.sample([mean for mean in range(-6, 7) if mean], len(chosen))
    signs = [draw.sign() for _ in chosen]
    around = [[sign * entry for entry in draw.shuffled(pattern)] for sign, pattern in zip(signs, chosen, strict=True)]
    gamma = [draw.sign() * draw.integer(1, 3) for _ in range(4 if mode == "layer" else len(chosen))]
    draw.require(set(gamma) != {1}, "gamma is 1 throughout")
    upstream = []
    for place, pattern in enumerate(around):
        sigma = isqrt(sum(x * x for x in pattern) // 4)
        draw.require(mode == "layer" or abs(gamma[place]) != sigma, "gamma is as large as the deviation")
        scales = gamma if mode == "layer" else [gamma[place]] * 4
        upstream.append(_upstream(draw, scales, pattern, sigma, largest, fractions))
    groups = [[mean + entry for entry in pattern] for mean, pattern in zip(means, around, strict=True)]
    X, G = (rows if mode == "layer" else [*zip(*rows, strict=True)] for rows in (groups, upstream))
    params = {"mode": mode, "X": X, "gamma": gamma, "G": G, "given": given}
    return {**params, **BANK.draw(draw.fork("concepts"), params, level=level)}


def _upstream(
    draw: Draw, scales: Sequence[int], pattern: Sequence[int], sigma: int, largest: tuple[int, int], fractions: range
) -> list[int]:
    """The upstream gradient of a group, found by trial: both means other than 0, and at most one 0 in the result.

    ``largest`` are the largest denominators of s₂ and of the result; ``fractions`` how many of x̂ and the result together are fractions.
    """
    of_result, of_s2, in_xhat = 4 * sigma**3, 4 * sigma, sum(x % sigma != 0 for x in pattern)
    for _ in range(3000):
        g = [draw.integer(-4, 6) for _ in range(4)]
        dxhat = [a * b for a, b in zip(g, scales, strict=True)]
        total, cross = sum(dxhat), sum(a * x for a, x in zip(dxhat, pattern, strict=True))  # 4 s₁ and 4 σ s₂
        if not total or total % 2 or not cross or of_s2 // gcd(cross, of_s2) > largest[0]:
            continue
        result = [4 * sigma**2 * a - sigma**2 * total - x * cross for a, x in zip(dxhat, pattern, strict=True)]
        denominators = [of_result // gcd(one, of_result) for one in result]
        if (
            max(denominators) <= largest[1]
            and result.count(0) <= 1
            and in_xhat + sum(one > 1 for one in denominators) in fractions
        ):
            return g
    draw.require(False, "no upstream gradient has small denominators")
    return []


sample_easy = partial(
    _sample, level="easy", patterns=[[BALANCED], [THREE]], given="formula", largest=(2, 3), fractions=range(2, 5),
    modes=["layer"],
)  # fmt: skip
sample = partial(
    _sample, level="standard", patterns=[[THREE, BALANCED], [THREE, ALSO_BALANCED]], given="words", largest=(3, 3),
    fractions=range(9),
)  # fmt: skip
sample_hard = partial(
    _sample, level="hard", patterns=HARD, given="nothing", largest=(5, 10),
    fractions=range(4, 7),
)  # fmt: skip


def require(mode: str, X: Array, gamma: Array, G: Array) -> None:
    """One entry of γ for each feature, a gradient of the shape of X, and no group without variance."""
    require_length("gamma", gamma, X.shape[1], "feature of X")
    if G.shape != X.shape:
        raise InputError(expected(f"the shape of X, {X.shape}", G.shape), field="G")
    for place, group in enumerate(in_groups(X, mode), start=1):
        if equal(group, group[0]).all():
            raise InputError(f"{'row' if mode == 'layer' else 'column'} {place} has zero variance", field="X")


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.


def spread(values: Array, mode: str) -> Array:
    """One value for each group, where every entry of the group can take it."""
    return values[:, None] if mode == "layer" else values[None, :]


def in_groups(values: Array, mode: str) -> Array:
    """A matrix with the groups as its rows."""
    return values if mode == "layer" else values.T


SOLUTION = steps(
    axis=lambda mode: 1 if mode == "layer" else 0,
    mean=lambda X, axis: X.mean(axis=int(axis)),
    std=lambda X, mean, mode, axis: sqrt(((X - spread(mean, mode)) ** 2).mean(axis=int(axis))),
    xhat=lambda X, mean, std, mode: (X - spread(mean, mode)) / spread(std, mode),
    dgamma=lambda G, xhat: (G * xhat).sum(axis=0),
    dbeta=lambda G: G.sum(axis=0),
    dxhat=lambda G, gamma: G * gamma,
    s1=lambda dxhat, axis: dxhat.mean(axis=int(axis)),
    s2=lambda dxhat, xhat, axis: (dxhat * xhat).mean(axis=int(axis)),
    dX=lambda dxhat, xhat, s1, s2, std, mode: (dxhat - spread(s1, mode) - xhat * spread(s2, mode)) / spread(std, mode),
    sums=lambda dX, xhat, axis: array([dX.sum(axis=int(axis))[0], (dX * xhat).sum(axis=int(axis))[0]]),
)


def is_layer(mode: str) -> bool:
    """The layer is a layer normalization."""
    return mode == "layer"


def is_batch(mode: str) -> bool:
    """The layer is a batch normalization."""
    return mode == "batch"


def several_examples(X: Array) -> bool:
    """There are two examples or more."""
    return len(X) > 1


def first_not_zero(G: Array) -> bool:
    """The first entry of G is not 0."""
    return bool(G[0][0] != 0)


BANK = Bank.beside(
    __file__,
    is_layer,
    is_batch,
    several_examples,
    first_not_zero,
    group=lambda mode: "row" if mode == "layer" else "column",
    Group=lambda mode: "Row" if mode == "layer" else "Column",
    group_size=lambda X, axis: X.shape[int(axis)],
    entries=lambda X: X.size,
    features=lambda gamma: len(gamma),
    first_xhat=lambda xhat, mode: in_groups(xhat, mode)[0],
    column_sums=lambda dX: dX.sum(axis=0),
    fixed_first=lambda dxhat, std: dxhat[0, 0] / std[0],
    ten_more=lambda X: X[0][0] + 10,
    third_first=lambda dX: dX[0, 0] / 3,
    half_first=lambda dX: dX[0, 0] / 2,
    unmasked=lambda X, axis, s2, std: X.shape[int(axis)] * s2[0] / std[0],
    squares_first=lambda dX, mode: (in_groups(dX, mode)[0] ** 2).sum(),
    gamma_products=lambda gamma, dgamma: (gamma * dgamma).sum(),
)

# ------------------------------------------------------------------------------ what students do instead

MISTAKES = [
    BANK.mistake(
        "sample variance",
        std=lambda X, mean, mode, axis: sqrt(
            ((X - spread(mean, mode)) ** 2).sum(axis=int(axis)) / (X.shape[int(axis)] - 1)
        ),
    ),
    BANK.mistake("x for x-hat", dgamma=lambda G, X: (G * X).sum(axis=0)),
    BANK.mistake("gamma in its own gradient", dgamma=lambda G, xhat, gamma: (G * xhat * gamma).sum(axis=0)),
    BANK.mistake(
        "averaged parameter gradients",
        dgamma=lambda G, xhat: (G * xhat).mean(axis=0),
        dbeta=lambda G: G.mean(axis=0),
        applies=lambda X: len(X) > 1,
    ),
    BANK.mistake(
        "group sums for the parameters",
        dgamma=lambda G, xhat: (G * xhat).sum(axis=1),
        dbeta=lambda G: G.sum(axis=1),
        applies=lambda mode, X: mode == "layer" and X.shape[0] == X.shape[1],
    ),
    BANK.mistake("gamma left out", dxhat=lambda G: G),
    BANK.mistake(
        "sums for means",
        s1=lambda dxhat, axis: dxhat.sum(axis=int(axis)),
        s2=lambda dxhat, xhat, axis: (dxhat * xhat).sum(axis=int(axis)),
    ),
    BANK.mistake("statistics held fixed", dX=lambda dxhat, std, mode: dxhat / spread(std, mode)),
    BANK.mistake(
        "deviation held fixed", dX=lambda dxhat, s1, std, mode: (dxhat - spread(s1, mode)) / spread(std, mode)
    ),
    BANK.mistake(
        "mean held fixed", dX=lambda dxhat, xhat, s2, std, mode: (dxhat - xhat * spread(s2, mode)) / spread(std, mode)
    ),
    BANK.mistake(
        "not divided by the deviation",
        dX=lambda dxhat, xhat, s1, s2, mode: dxhat - spread(s1, mode) - xhat * spread(s2, mode),
    ),
    BANK.mistake(
        "sign of the second term",
        dX=lambda dxhat, xhat, s1, s2, std, mode: (
            (dxhat - spread(s1, mode) + xhat * spread(s2, mode)) / spread(std, mode)
        ),
    ),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(mode: str, X: np.ndarray, gamma: np.ndarray, G: np.ndarray) -> Mapping[str, Any]:
    """numpy: every gradient by central differences of Σ G·y, and the statistics from moments."""
    axis = 1 if mode == "layer" else 0

    def normalized(X: np.ndarray) -> np.ndarray:
        mean = np.average(X, axis=axis, keepdims=True)
        return (X - mean) / np.sqrt(np.average(X**2, axis=axis, keepdims=True) - mean**2)

    def loss(X: np.ndarray, gamma: np.ndarray, beta: np.ndarray) -> float:
        return float(np.einsum("ij,ij", G, gamma * normalized(X) + beta))

    xhat, zeros = normalized(X), np.zeros(len(gamma))
    dxhat = slopes(lambda one: float((G * gamma * one).sum()), xhat, step=0.5)
    return {
        "mean": np.average(X, axis=axis),
        "std": np.sqrt(np.average(X**2, axis=axis) - np.average(X, axis=axis) ** 2),
        "xhat": xhat,
        "dgamma": slopes(lambda one: loss(X, one, zeros), gamma, step=0.5),
        "dbeta": slopes(lambda one: loss(X, gamma, one), zeros, step=0.5),
        "dxhat": dxhat,
        "s1": np.average(dxhat, axis=axis),
        "s2": np.average(dxhat * xhat, axis=axis),
        "dX": slopes(lambda one: loss(one, gamma, zeros), X),
        "sums": np.zeros(2),
    }


# -------------------------------------------------------------------------------------------- the prose


def preamble(v: Values) -> Content:
    return [
        BANK.text(f"preamble.{v.mode}", v),
        BANK.text("numbers", v),
        graph_figure(),
    ]


def graph_figure() -> Figure:
    """The ways on which x acts: directly, through its mean, and through its deviation."""
    hat: Words = (Symbol("x̂"),)
    boxes: dict[str, tuple[Words, int, int]] = {
        "x": ((Symbol("x"),), 0, 32),
        "m": ((Symbol("μ"),), 80, 0),
        "s": ((Symbol("σ"),), 80, 64),
        "h": (hat, 160, 32),
        "y": ((Symbol("y"),), 240, 32),
    }
    drawn: list[Shape] = []
    for words, x, y in boxes.values():
        drawn += [Box(x, y, 30, 20, "linear"), Label(x + 15, baseline(y + 10), words)]
    ways = ("x", "m"), ("x", "s"), ("m", "s"), ("x", "h"), ("m", "h"), ("s", "h"), ("h", "y")
    for start, end in ways:
        (_, x, y), (_, to_x, to_y) = boxes[start], boxes[end]
        from_point, to_point = (
            ((x + 15, y + 20), (to_x + 15, to_y)) if x == to_x else ((x + 30, y + 10), (to_x, to_y + 10))
        )
        drawn.append(Line((from_point, to_point), "flow", arrow=True))
    scene = Scene(
        270, 84, tuple(drawn), "What the output depends on",
        "x acts on its normalized value directly, through the mean, and through the deviation, which depends on the mean too; "
        "y depends on the normalized value.",
    )  # fmt: skip
    return Figure("norm-graph", scene)


def parts(v: Values) -> Iterator[Part]:
    of_groups = "rows of X" if v.mode == "layer" else "columns of X"

    def d(symbol: str) -> str:
        return rf"\frac{{\partial L}}{{\partial {symbol}}}"

    in_rows = [in_groups(values, v.mode) for values in (v.X, v.dxhat)]
    groups = [
        {
            "k": place, "entries": x, "mu": mean, "differences": x - mean, "s": std,
            "d": upstream, "s1": s1, "products": upstream * (x - mean), "s2": s2,
        }
        for place, (x, upstream, mean, std, s1, s2) in enumerate(
            zip(*in_rows, v.mean, v.std, v.s1, v.s2, strict=True), start=1
        )
    ]  # fmt: skip
    yield BANK.part("mean", v, Vector("mean", r"\mu", like=of_groups), for_each=groups)
    yield BANK.part("std", v, Vector("std", r"\sigma", like=of_groups), for_each=groups)
    yield BANK.part("xhat", v, Matrix("xhat", r"\hat x", like="X"))
    yield BANK.part(
        "dgamma",
        v,
        Vector("dgamma", d(r"\gamma"), like="gamma"),
        for_each=groups,
        steps=[BANK.text("worked.xhat", v), BANK.text("worked.dgamma", v, products=v.G * v.xhat)],
    )
    yield BANK.part("dbeta", v, Vector("dbeta", d(r"\beta"), like="gamma"))
    yield BANK.part("dxhat", v, Matrix("dxhat", d(r"\hat x"), like="X"))
    yield BANK.part("s1", v, Vector("s1", "s_1", like=of_groups), for_each=groups)
    yield BANK.part("s2", v, Vector("s2", "s_2", like=of_groups), for_each=groups)
    yield BANK.part(
        "dX",
        v,
        Matrix("dX", d("X"), like="X"),
        case=v.given,
        for_each=groups,
        steps=[BANK.text("worked.dX", v)],
    )
    yield BANK.part("sums", v, Fields("sums", (r"\sum d", r"\sum d\,\hat x")))
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))
    yield Part("question", *BANK.essay("question", v))


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The numbers; not the questions in words."""
    return [params[name] for name in ("mode", "X", "gamma", "G")]


def signature(v: Values) -> Mapping[str, Any]:
    """How many groups there are, and how many claims to judge."""
    return {"groups": len(v.mean), "given": v.given, "claims": len(v.claims)}


PROBLEM = Problem(
    id="norm-backward",
    title="Backward through a normalization",
    topic="normalization",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "mode": required(one_of(MODES)),
        "X": required(read_matrix),
        "gamma": required(read_vector),
        "G": required(read_matrix),
        "given": optional(one_of(("formula", "words", "nothing")), "words"),
        "question": optional(one_of(BANK["question"]), "zero_sum"),
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
        "mode": "batch",
        "X": [[7, 1], [3, -7], [3, -5], [7, -5]],
        "gamma": [3, -1],
        "G": [[6, -4], [2, -2], [-4, 3], [4, 1]],
        "claims": ["zero_rows_batch", "twice_the_input"],
    },
    canonical=canonical,
    signature=signature,
    standard={"groups": 2, "given": "words", "claims": 2},
    possible={"sums": 1, "std": 3},
    variants=1_000_000,
    easy=Level(
        sample_easy, {"groups": 1, "given": "formula", "claims": 2}, possible={"sums": 1, "std": 2}, variants=100_000
    ),
    hard=Level(sample_hard, {"groups": 2, "given": "nothing", "claims": 2}, possible={"sums": 1}, variants=1_000_000),
)
