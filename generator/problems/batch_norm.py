r"""Batch normalization of a small batch, by hand: in training, its running statistics, and at inference.

Ioffe and Szegedy, *Batch Normalization* (2015), algorithms 1 and 2; the running estimates as PyTorch keeps them:
new = (1 − m)·old + m·observed, with the unbiased variance as the one observed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
from sympy import floor

from generator import (
    Array, Bank, Draw, InputError, Level, Matrix, Part, Problem, Values, Vector,
    equal, expected, one_of, optional, read_number, read_vector, some_of, sqrt, steps,
)  # fmt: skip
from generator.problems import _norms as norms


def channels(X: Array) -> Any:
    return 16 * (1 + floor(abs(X[0][0])))


BANK = Bank.beside(
    __file__,
    channels,
    norms.two_features_or_more,
    norms.two_examples_or_more,
    n=lambda X: len(X),
    d=lambda X: len(X[0]),
    twice_n=lambda X: 2 * len(X),
    more_n=lambda X: len(X) + 1,
    others=lambda X: len(X) - 1,
    twice_d=lambda X: 2 * len(X[0]),
    # Another layer, whose size differs between variants.
    channel_parameters=lambda X: 2 * channels(X),
    pixels=lambda X: 64 * len(X),
    gamma_size=lambda gamma: abs(gamma[0]),
    gamma_square=lambda gamma: gamma[0] ** 2,
    beta_sum=lambda beta: beta.sum(),
    plus_one=lambda gamma, beta: beta[0] + gamma[0],
    minus_one=lambda gamma, beta: beta[0] - gamma[0],
    largest_output=lambda X, gamma, beta: abs(gamma[0]) * sqrt(len(X) - 1) + beta[0],
    replaced=lambda X: X[0][0] + 10,
    kept=lambda momentum: 1 - momentum,
    output_variance=lambda gamma, variance, epsilon: gamma[0] ** 2 * variance[0] / (variance[0] + epsilon),
    folded_scale=lambda gamma, running_std: gamma[0] / running_std[0],
    folded_shift=lambda gamma, beta, running_mean, running_std: beta[0] - gamma[0] * running_mean[0] / running_std[0],
    after_two=lambda mean, running_mean, momentum: mean[0] + (1 - momentum) ** 2 * (running_mean[0] - mean[0]),
)

# ------------------------------------------------------------------------------------------ the sampler

HALF = Fraction(1, 2)

# For each level the variances that the columns of X may have, with ε.  With 20 (at ε = 0), 16 and 20 (at ε = 4) the *sample*
# deviation is whole: a decoy.  Five quarters of a multiple of 4 is whole: so are the unbiased variances of five examples.
EASY = [(pair, 0) for pair in combinations((9, 16, 25, 36), 2)]
STANDARD = [
    *(((whole, 20, surd), 0) for whole in (4, 16) for surd in (8, 12, 32)),
    *(((whole, 4, decoy), 4) for whole in (12, 32) for decoy in (16, 20)),
]
HARD = [((whole, 4, 8, decoy), 4) for whole in (12, 32) for decoy in (16, 20)]


def _sample(
    draw: Draw, level: str, examples: int, cases: Sequence[Any], sizes: Sequence[Any], negative: int, claims: int
) -> Mapping[str, Any]:
    """Columns of one of the cases in any order, running estimates, and an example for inference."""
    variances, epsilon = draw.choice(cases)
    columns = norms.draw_lines(draw, examples, draw.shuffled(variances))
    # No running variance is the unbiased one of its column: moved towards itself it would stay as it is.
    deviations = draw.sample((2, 3, 4) if epsilon == 0 else (4, 5, 6, 7), len(columns))
    running_mean = [draw.choice([old for old in range(-4, 7) if old not in (0, sum(c) // examples)]) for c in columns]
    estimates = {
        "running_mean": running_mean,
        "running_variance": [deviation**2 - epsilon for deviation in deviations],
        **({} if level == "easy" else {"momentum": draw.choice(("1/5", "1/4", "1/3"))}),
    }
    known = {
        "X": list(zip(*columns, strict=True)),
        **norms.draw_affine(draw, draw.shuffled(sizes), negative),
        "epsilon": epsilon,
        **estimates,
        "example": _example(draw, running_mean, deviations),
    }
    return {**known, **BANK.draw(draw.fork("concepts"), known, claims=claims, level=level)}


def _example(draw: Draw, means: Sequence[int], deviations: Sequence[int]) -> list[int]:
    """An example at most two deviations from the running mean; in one feature, and no other, it is a whole number of them."""
    whole = draw.integer(0, len(means) - 1)
    example = []
    for place, (mean, deviation) in enumerate(zip(means, deviations, strict=True)):
        distances = [d for d in range(1, 2 * deviation + 1) if (d % deviation == 0) == (place == whole)]
        example.append(mean + draw.sign() * draw.choice(distances))
    return example


sample_easy = partial(_sample, level="easy", examples=6, cases=EASY, sizes=(2, 3), negative=1, claims=1)
sample = partial(_sample, level="standard", examples=5, cases=STANDARD, sizes=(1, 2, 3), negative=1, claims=2)
sample_hard = partial(_sample, level="hard", examples=5, cases=HARD, sizes=(HALF, 3 * HALF, 2, 3), negative=2, claims=2)


def require(
    X: Array,
    gamma: Array,
    beta: Array,
    epsilon: Any,
    momentum: Any = None,
    running_mean: Array | None = None,
    running_variance: Array | None = None,
    example: Array | None = None,
) -> None:
    """Shapes that fit, estimates that are complete, and no feature without variance unless ε helps."""
    given = {"running_mean": running_mean, "running_variance": running_variance, "example": example}
    vectors = {name: vector for name, vector in given.items() if vector is not None}
    norms.require_features(X, epsilon, gamma=gamma, beta=beta, **vectors)
    for place, column in enumerate(X.T, start=1):
        if epsilon == 0 and equal(column, column[0]).all():
            raise InputError(
                f"column {place} has zero variance; at epsilon = 0 it cannot be normalized in training", field="X"
            )
    _require_complete(momentum=momentum, example=example, running_mean=running_mean, running_variance=running_variance)
    if momentum is not None and not 0 <= momentum <= 1:
        raise InputError(expected("a number from 0 to 1", momentum), field="momentum")
    if momentum is not None and len(X) == 1:
        raise InputError(
            "X has a single example, and the unbiased variance that the running variance takes is not defined for one; "
            "leave momentum out",
            field="momentum",
        )
    for place, v in enumerate(running_variance or (), start=1):
        if v < 0:
            raise InputError(expected("a number that is not negative", v), field=f"running_variance[{place}]")
        if example is not None and v + epsilon == 0:
            raise InputError("zero at epsilon = 0: inference would divide by 0", field=f"running_variance[{place}]")


def _require_complete(**given: Any) -> None:
    """Both estimates or none, and something that they are given for."""
    names = [name for name, value in given.items() if value is not None]
    for needed in ("running_mean", "running_variance"):
        if names and needed not in names:
            raise InputError(f"missing; {names[0]} needs it", field=needed)
    if names and not {"momentum", "example"} & {*names}:
        raise InputError("missing; the running estimates are moved by it (or used on an example)", field="momentum")


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.


def moved(old: Array, observed: Array, momentum: Any) -> Array:
    """The running estimate after a batch."""
    return (1 - momentum) * old + momentum * observed


SOLUTION = steps(
    mean=lambda X: X.mean(axis=0),
    centred=lambda X, mean: X - mean,
    variance=lambda centred: (centred**2).mean(axis=0),
    std=lambda variance, epsilon: sqrt(variance + epsilon),
    normalized=lambda centred, std: centred / std,
    output=lambda normalized, gamma, beta: gamma * normalized + beta,
    # Only needed, and with one example not even defined, where estimates are moved: hence the momentum.
    unbiased_variance=lambda X, momentum: X.var(axis=0, ddof=1),
    new_running_mean=lambda momentum, running_mean, mean: moved(running_mean, mean, momentum),
    new_running_variance=lambda momentum, running_variance, unbiased_variance: moved(
        running_variance, unbiased_variance, momentum
    ),
    running_std=lambda running_variance, epsilon: sqrt(running_variance + epsilon),
    inference_normalized=lambda example, running_mean, running_std: (example - running_mean) / running_std,
    inference_output=lambda inference_normalized, gamma, beta: gamma * inference_normalized + beta,
)

# ------------------------------------------------------------------------------ what students do instead

MISTAKES = [
    BANK.mistake(
        "sample variance",
        variance=lambda centred: (centred**2).sum(axis=0) / (len(centred) - 1),
        applies=lambda X: len(X) > 1,
    ),
    BANK.mistake("sum of squares", variance=lambda centred: (centred**2).sum(axis=0), applies=lambda X: len(X) > 1),
    BANK.mistake("mean of the squares", variance=lambda X: (X**2).mean(axis=0), applies=lambda mean: any(mean)),
    BANK.mistake("mean minus x", centred=lambda X, mean: mean - X),
    BANK.mistake("not centred", normalized=lambda X, std: X / std),
    BANK.mistake(
        "mean absolute deviation",
        std=lambda centred, epsilon: sqrt(abs(centred).mean(axis=0) ** 2 + epsilon),
    ),
    *norms.MISTAKES,
    BANK.mistake(
        "normalized along the features",
        normalized=lambda X, epsilon: (
            (X - X.mean(axis=1, keepdims=True)) / sqrt(X.var(axis=1, keepdims=True) + epsilon)
        ),
    ),
    BANK.mistake(
        "one mean for all",
        normalized=lambda X, epsilon: (X - X.mean()) / sqrt(X.var() + epsilon),
        applies=lambda X: len(X[0]) > 1,
    ),
    BANK.mistake(
        "running statistics in training",
        normalized=lambda X, running_mean, running_std: (X - running_mean) / running_std,
        applies=lambda running_mean, running_std: 0 not in running_std,
    ),
    BANK.mistake(
        "momentum swapped",
        new_running_mean=lambda momentum, running_mean, mean: moved(running_mean, mean, 1 - momentum),
        new_running_variance=lambda momentum, running_variance, unbiased_variance: moved(
            running_variance, unbiased_variance, 1 - momentum
        ),
        applies=lambda momentum: 2 * momentum != 1,
    ),
    BANK.mistake(
        "old estimate forgotten",
        new_running_mean=lambda mean, momentum: mean,
        new_running_variance=lambda unbiased_variance: unbiased_variance,
        applies=lambda momentum: momentum != 1,
    ),
    BANK.mistake(
        "old estimate not reduced",
        new_running_mean=lambda momentum, running_mean, mean: running_mean + momentum * mean,
        new_running_variance=lambda momentum, running_variance, unbiased_variance: (
            running_variance + momentum * unbiased_variance
        ),
        applies=lambda momentum: momentum != 0,
    ),
    BANK.mistake(
        "deviation for the running variance",
        new_running_variance=lambda momentum, running_variance, std: moved(running_variance, std, momentum),
        applies=lambda momentum: momentum != 0,
    ),
    BANK.mistake(
        "unbiased factor inverted",
        unbiased_variance=lambda X, variance, momentum: variance * (len(X) - 1) / len(X),
        applies=lambda momentum: momentum != 0,
    ),
    BANK.mistake(
        "biased running variance",
        new_running_variance=lambda momentum, running_variance, variance: moved(running_variance, variance, momentum),
        applies=lambda momentum: momentum != 0,
    ),
    BANK.mistake(
        "batch statistics at inference", inference_normalized=lambda example, mean, std: (example - mean) / std
    ),
    BANK.mistake(
        "updated estimates at inference",
        inference_normalized=lambda example, new_running_mean, new_running_variance, epsilon: (
            (example - new_running_mean) / sqrt(new_running_variance + epsilon)
        ),
        applies=lambda example, momentum: momentum != 0,
    ),
    BANK.mistake(
        "not centred at inference",
        inference_normalized=lambda example, running_std: example / running_std,
        applies=lambda running_mean: any(running_mean),
    ),
    BANK.mistake(
        "epsilon left out at inference",
        running_std=lambda running_variance: sqrt(running_variance),
        applies=lambda epsilon, running_variance: epsilon != 0 and 0 not in running_variance,
    ),
    BANK.mistake(
        "gamma and beta left out at inference", inference_output=lambda inference_normalized: inference_normalized
    ),
    BANK.mistake(
        "variance instead of deviation at inference",
        inference_normalized=lambda example, running_mean, running_variance, epsilon: (
            (example - running_mean) / (running_variance + epsilon)
        ),
    ),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(
    X: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    epsilon: float,
    momentum: float | None = None,
    running_mean: np.ndarray | None = None,
    running_variance: np.ndarray | None = None,
    example: np.ndarray | None = None,
) -> Mapping[str, Any]:
    """numpy, with the variances from a covariance matrix and the affine map as one scale and one offset."""
    count = len(X)
    mu = np.add.reduce(X) / count
    distances = X - mu
    scatter = np.diagonal(distances.T @ distances)
    var = scatter / count
    std = np.sqrt(var + epsilon)
    scale = gamma / std
    opinion = {
        "mean": mu,
        "variance": var,
        "std": std,
        "normalized": distances / std,
        "output": X * scale + (beta - mu * scale),
    }
    if momentum is not None and running_mean is not None and running_variance is not None:
        opinion["new_running_mean"] = running_mean + momentum * (mu - running_mean)
        opinion["new_running_variance"] = running_variance + momentum * (scatter / (count - 1) - running_variance)
    if example is not None and running_mean is not None and running_variance is not None:
        fixed = gamma * (running_variance + epsilon) ** -0.5
        opinion["inference_output"] = example * fixed + (beta - running_mean * fixed)
    return opinion


# -------------------------------------------------------------------------------------------- the prose


def parts(v: Values) -> Iterator[Part]:
    yield from norms.guided_parts(v, "column")
    output = Matrix("output", "Y", by_column=True, like="X")
    yield BANK.part("output", v, output, for_each=norms.worked_lines(v, "column"))
    yield Part("single_example", *BANK.essay("question", v))
    if "momentum" in v:
        slots = {"n": len(v.X), "less": len(v.X) - 1, "kept": 1 - v.momentum}
        mean = Vector("new_running_mean", r"\mu_{\mathrm{new}}", like="running_mean")
        variance = Vector("new_running_variance", r"\sigma^2_{\mathrm{new}}", like="running_variance")
        yield BANK.part(
            "running_statistics",
            v,
            parts=[BANK.part("running_mean", v, mean, **slots), BANK.part("running_variance", v, variance, **slots)],
        )
    yield BANK.part("inference", v, Vector("inference_output", "y", like="example"))
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """X with its columns modulo shift and scale, up to the order of the features and of the examples."""
    return norms.reduced(params["X"].T)


def signature(v: Values) -> Mapping[str, Any]:
    """How much there is to do: the matrix's size, how many columns stay rational, and what is asked beside."""
    samples = sqrt(v.X.var(axis=0, ddof=1) + v.epsilon)
    return {
        "shape": v.X.shape,
        "rational columns": sum(bool(s.is_Rational) for s in v.std),
        "decoys": sum(bool(s.is_Rational) for s in samples),  # columns that are nicer with the sample deviation
        "columns with deviation 1": v.std.count(1),
        "unbiased variances": "whole" if all(s.is_Integer for s in v.get("unbiased_variance", ())) else "fractions",
        "fractions in gamma": sum(not g.is_Integer for g in v.gamma),
        "negative entries of gamma": (v.gamma < 0).sum(),
        "claims": len(v.claims),
        "follow-ups": sum(name in v for name in ("new_running_mean", "inference_output")),
    }


SIGNATURE: dict[str, Any] = {
    "shape": (5, 3),
    "rational columns": 1,
    "decoys": 1,
    "columns with deviation 1": 0,
    "fractions in gamma": 0,
    "negative entries of gamma": 1,
    "claims": 2,
    "follow-ups": 2,
}

PROBLEM = Problem(
    id="batch-norm",
    title="Batch normalization",
    topic="normalization",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        **norms.PARAMETERS,
        "momentum": optional(read_number),
        "running_mean": optional(read_vector),
        "running_variance": optional(read_vector),
        "example": optional(read_vector),
        "question": optional(one_of(BANK["question"]), "single_example"),
        "claims": optional(some_of(BANK["claims"]), ()),
    },
    require=require,
    sample=sample,
    solution=SOLUTION,
    mistakes=MISTAKES,
    check=check,
    preamble=lambda v: BANK.text("preamble", v, here=norms.epsilon_text(v)),
    parts=parts,
    original={
        "X": [[2, 2, 1, 1], [2, 5, 4, 1], [5, 5, 10, 10]],
        "gamma": [1, 2, 3, 4],
        "beta": [0, -1, 1, 0],
        "epsilon": 0,
    },
    canonical=canonical,
    signature=signature,
    standard=SIGNATURE | {"unbiased variances": "whole"},
    variants=3_247_000,
    easy=Level(
        sample_easy,
        SIGNATURE | {"shape": (6, 2), "rational columns": 2, "decoys": 0, "claims": 1, "follow-ups": 1},
        variants=285_000,
    ),
    hard=Level(
        sample_hard,
        SIGNATURE
        | {"shape": (5, 4), "unbiased variances": "whole", "fractions in gamma": 2, "negative entries of gamma": 2},
        variants=275_000_000,
    ),
)
