r"""Layer normalization of a small batch, by hand.

Ba, Kiros and Hinton, *Layer Normalization* (2016), equations 3 and 4: every example (row) is centred and
scaled by its own mean and its own biased variance, then scaled and shifted feature by feature.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np

from generator import (
    Array, Bank, Draw, InputError, Level, Matrix, Part, Problem, Values, Vector,
    equal, expected, one_of, ones, optional, read_number, require_together, some_of, sqrt, steps, whole,
)  # fmt: skip
from generator.problems import _norms as norms


def beta_without_zero(beta: Array) -> bool:
    """No entry of β is 0."""
    return 0 not in beta


def scales_differ(gamma: Array) -> bool:
    """Not all entries of γ are equal."""
    return len({*gamma}) > 1


BANK = Bank.beside(
    __file__,
    beta_without_zero,
    scales_differ,
    norms.two_features_or_more,
    n=lambda X: len(X),
    d=lambda X: len(X[0]),
    others=lambda X: len(X[0]) - 1,
    tokens=lambda X: 7 * len(X),
    gamma_size=lambda gamma: abs(gamma[0]),
    beta_sum=lambda beta: beta.sum(),
    rms=lambda X: sqrt((X[0] ** 2).mean()),
    squares=lambda X, variance, epsilon: len(X[0]) * variance[0] / (variance[0] + epsilon),
    replaced=lambda X: X[0][0] + 10,
)

# ------------------------------------------------------------------------------------------ the sampler

HALF = Fraction(1, 2)

# For each level the variances that the rows of X may have, with ε: 4 and 16 have whole deviations, 6 has a surd.
EASY = [(pair, 0) for pair in combinations((9, 16, 25, 36), 2)]
STANDARD = [
    *(((4, 16, surd), 0) for surd in (6, 8, 12, 18, 32)),
    *(((8, 24, surd), 1) for surd in (2, 4, 6)),
    *(((12, 32, surd), 4) for surd in (8, 14)),
]
HARD = [((whole, 4, surd, decoy), 4) for whole in (12, 32) for surd in (8, 14) for decoy in (16, 20)]
"""With 16 and 20 the *sample* deviation is whole: a decoy."""


def _sample(
    draw: Draw, level: str, cases: Sequence[Any], sizes: Sequence[Any], changed: Sequence[int], claims: int
) -> Mapping[str, Any]:
    """Rows of one of the cases in any order; a follow-up scales and shifts one of the ``changed``."""
    variances, epsilon = draw.choice(cases)
    rows = draw.shuffled(range(len(variances)))
    concepts = draw.fork("concepts")
    known = {
        "X": norms.draw_lines(draw, len(sizes), [variances[row] for row in rows]),
        **norms.draw_affine(draw, draw.shuffled(sizes), negative=2),
        "epsilon": epsilon,
        "row": 1 + rows.index(draw.choice(changed)),
        "scale": -1 if epsilon else draw.choice((-3, -2, 2, 3)),
        "shift": draw.choice((-4, -3, 2, 5, 7)),
    }
    return {**known, **BANK.draw(concepts, known, claims=claims, level=level)}


sample_easy = partial(_sample, level="easy", cases=EASY, sizes=(1, 2, 2, 2, 3, 4), changed=(0,), claims=1)
sample = partial(_sample, level="standard", cases=STANDARD, sizes=(1, 2, 2, 3, 4), changed=(1,), claims=2)
sample_hard = partial(_sample, level="hard", cases=HARD, sizes=(HALF, 3 * HALF, 2, 3, 3), changed=(2, 3), claims=2)


def require(
    X: Array, gamma: Array, beta: Array, epsilon: Any, row: Any = None, scale: Any = None, shift: Any = None
) -> None:
    """Shapes that fit, no example without variance unless ε helps, and a change of a row that is complete."""
    norms.require_features(X, epsilon, gamma=gamma, beta=beta)
    for place, example in enumerate(X, start=1):
        if epsilon == 0 and equal(example, example[0]).all():
            raise InputError(f"row {place} has zero variance; at epsilon = 0 it cannot be normalized", field="X")
    require_together(row=row, scale=scale, shift=shift)
    if row is not None and row > len(X):
        raise InputError(expected(f"a row of X, 1 to {len(X)}", row), field="row")
    if scale is not None and scale == 0:
        raise InputError("expected a number other than 0: a row times 0 has no variance", field="scale")
    if scale is not None and epsilon != 0 and abs(scale) != 1:
        raise InputError(expected(f"1 or -1, for with epsilon = {epsilon} other factors count", scale), field="scale")


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.


def layer_norm(x: Array, gamma: Array, beta: Array, epsilon: Any) -> Array:
    return gamma * (x - x.mean()) / sqrt(x.var() + epsilon) + beta


SOLUTION = steps(
    mean=lambda X: X.mean(axis=1),
    centred=lambda X, mean: X - mean[:, None],
    variance=lambda centred: (centred**2).mean(axis=1),
    std=lambda variance, epsilon: sqrt(variance + epsilon),
    normalized=lambda centred, std: centred / std[:, None],
    output=lambda normalized, gamma, beta: gamma * normalized + beta,
    transformed_row=lambda X, row, scale, shift: scale * X[row - 1] + shift,
    transformed_output=lambda transformed_row, gamma, beta, epsilon: layer_norm(transformed_row, gamma, beta, epsilon),
)

# ------------------------------------------------------------------------------ what students do instead

MISTAKES = [
    BANK.mistake(
        "sample variance",
        variance=lambda centred: (centred**2).sum(axis=1) / (len(centred[0]) - 1),
        applies=lambda X: len(X[0]) > 1,
    ),
    BANK.mistake("sum of squares", variance=lambda centred: (centred**2).sum(axis=1), applies=lambda X: len(X[0]) > 1),
    BANK.mistake("mean of the squares", variance=lambda X: (X**2).mean(axis=1), applies=lambda mean: any(mean)),
    BANK.mistake("mean minus x", centred=lambda X, mean: mean[:, None] - X),
    BANK.mistake("not centred", normalized=lambda X, std: X / std[:, None]),
    BANK.mistake(
        "mean absolute deviation",
        std=lambda centred, epsilon: sqrt(abs(centred).mean(axis=1) ** 2 + epsilon),
    ),
    *norms.MISTAKES,
    BANK.mistake(
        "normalized along the batch",
        mean=lambda X: X.mean(axis=0),
        centred=lambda X, mean: X - mean,
        variance=lambda centred: (centred**2).mean(axis=0),
        normalized=lambda centred, std: centred / std,
    ),
    BANK.mistake(
        "one mean for all",
        mean=lambda X: X.mean() * ones(len(X)),
        variance=lambda centred: (centred**2).mean() * ones(len(centred)),
        applies=lambda X: len(X) > 1,
    ),
    BANK.mistake(
        "transformed like the input",
        transformed_output=lambda output, row, scale, shift: scale * output[row - 1] + shift,
    ),
    BANK.mistake(
        "factor kept",
        transformed_output=lambda normalized, row, scale, gamma, beta: gamma * scale * normalized[row - 1] + beta,
        applies=lambda scale: abs(scale) != 1,
    ),
    BANK.mistake(
        "shift kept",
        transformed_output=lambda transformed_row, gamma, beta, epsilon, shift: (
            layer_norm(transformed_row, gamma, beta, epsilon) + shift
        ),
        applies=lambda shift: shift != 0,
    ),
    BANK.mistake(
        "sign not flipped", transformed_output=lambda output, row: output[row - 1], applies=lambda scale: scale < 0
    ),
    BANK.mistake(
        "sign of the whole output flipped",
        transformed_output=lambda output, row: -output[row - 1],
        applies=lambda scale: scale < 0,
    ),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(
    X: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    epsilon: float,
    row: float | None = None,
    scale: float = 1.0,
    shift: float = 0.0,
) -> Mapping[str, Any]:
    """numpy, from the differences between the features of a row: their mean is x − μ, their mean square 2σ²."""
    count, features = X.shape
    rows = X if row is None else np.vstack([X, scale * X[int(row) - 1] + shift])
    differences = rows[:, :, None] - rows[:, None, :]
    var = np.add.reduce(differences**2, axis=(1, 2)) / (2 * features**2)
    std = np.sqrt(var + epsilon)
    x_hat = np.add.reduce(differences, axis=2) / (features * std[:, None])
    outputs = x_hat * gamma + beta
    opinion = {
        "mean": np.add.reduce(X, axis=1) / features,
        "variance": var[:count],
        "std": std[:count],
        "normalized": x_hat[:count],
        "output": outputs[:count],
    }
    if row is not None:
        opinion["transformed_output"] = outputs[count]
    return opinion


# -------------------------------------------------------------------------------------------- the prose


def parts(v: Values) -> Iterator[Part]:
    yield from norms.guided_parts(v, "row")
    yield BANK.part("output", v, Matrix("output", "Y", like="X"), for_each=norms.worked_lines(v, "row"))
    yield Part("single_example", *BANK.essay("question", v))
    if "row" in v:
        answer = Vector("transformed_output", "y", like="columns of X")
        case = "flipped" if v.scale < 0 else "unchanged"
        yield BANK.part("transformed", v, answer, case=case, size=abs(v.scale))
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """X with its rows modulo shift and scale, up to the order of the examples and of the features."""
    return norms.reduced(params["X"])


def signature(v: Values) -> Mapping[str, Any]:
    """How much there is to do: the matrix's size, how many rows stay rational, and what is asked beside."""
    return {
        "shape": v.X.shape,
        "rational rows": sum(bool(s.is_Rational) for s in v.std),
        # rows that are nicer with the sample deviation
        "decoys": sum(bool(s.is_Rational) for s in sqrt(v.X.var(axis=1, ddof=1) + v.epsilon)),
        "rows with deviation 1": v.std.count(1),
        "zeros in a row": "at most 1" if max(row.count(0) for row in v.centred) <= 1 else "more",
        "fractions in gamma": sum(not g.is_Integer for g in v.gamma),
        "negative entries of gamma": (v.gamma < 0).sum(),
        "claims": len(v.claims),
    }


SIGNATURE: dict[str, Any] = {
    "shape": (3, 5),
    "rational rows": 2,
    "decoys": 0,
    "rows with deviation 1": 0,
    "fractions in gamma": 0,
    "negative entries of gamma": 2,
    "claims": 2,
}

PROBLEM = Problem(
    id="layer-norm",
    title="Layer normalization",
    topic="normalization",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        **norms.PARAMETERS,
        "question": optional(one_of(BANK["question"]), "single_example"),
        "row": optional(whole(1)),
        "scale": optional(read_number),
        "shift": optional(read_number),
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
        "X": [[4, 4, 8, 8], [0, 2, 2, 8], [1, 1, 1, 5]],
        "gamma": [1, 2, 3, 4],
        "beta": [0, -1, 1, 0],
        "epsilon": 0,
    },
    canonical=canonical,
    signature=signature,
    standard=SIGNATURE | {"zeros in a row": "at most 1"},
    variants=2_595_000,
    easy=Level(sample_easy, SIGNATURE | {"shape": (2, 6), "claims": 1}, variants=285_000),
    hard=Level(
        sample_hard,
        SIGNATURE
        | {"shape": (4, 5), "rational rows": 1, "decoys": 1, "zeros in a row": "at most 1", "fractions in gamma": 2},
        variants=891_000_000,
    ),
)
