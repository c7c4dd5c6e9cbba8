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
    Array,
    Bank,
    Content,
    Draw,
    InputError,
    Level,
    Matrix,
    Mistake,
    Part,
    Problem,
    Values,
    Vector,
    equal,
    expected,
    one_of,
    ones,
    optional,
    read_number,
    say,
    some_of,
    sqrt,
    whole,
)
from generator.problems import _norms as norms

BANK = Bank.beside(__file__)

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
    return {
        "X": norms.draw_lines(draw, len(sizes), [variances[row] for row in rows]),
        **norms.draw_affine(draw, draw.shuffled(sizes), negative=2),
        "epsilon": epsilon,
        "row": 1 + rows.index(draw.choice(changed)),
        "scale": -1 if epsilon else draw.choice((-3, -2, 2, 3)),
        "shift": draw.choice((-4, -3, 2, 5, 7)),
        **BANK.draw(concepts, claims=claims, level=level),
    }


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
    change = {"row": row, "scale": scale, "shift": shift}
    missing = [name for name, value in change.items() if value is None]
    if 0 < len(missing) < len(change):
        raise InputError("missing; row, scale and shift are given together or not at all", field=missing[0])
    if row is not None and row > len(X):
        raise InputError(expected(f"a row of X, 1 to {len(X)}", row), field="row")
    if scale is not None and scale == 0:
        raise InputError("expected a number other than 0: a row times 0 has no variance", field="scale")
    if scale is not None and epsilon != 0 and abs(scale) != 1:
        raise InputError(expected(f"1 or -1, for with epsilon = {epsilon} other factors count", scale), field="scale")


# ----------------------------------------------------------------------------------------- the solution
# A function's name is what it computes, its arguments are what it needs; the steps std and output are both norms'.


def mean(X: Array) -> Array:
    return X.mean(axis=1)


def centred(X: Array, mean: Array) -> Array:
    return X - mean[:, None]


def variance(centred: Array) -> Array:
    return (centred**2).mean(axis=1)


def normalized(centred: Array, std: Array) -> Array:
    return centred / std[:, None]


def transformed_row(X: Array, row: Any, scale: Any, shift: Any) -> Array:
    return scale * X[row - 1] + shift


def transformed_output(transformed_row: Array, gamma: Array, beta: Array, epsilon: Any) -> Array:
    distances = transformed_row - transformed_row.mean()
    return gamma * distances / sqrt(transformed_row.var() + epsilon) + beta


# ------------------------------------------------------------------------------ what students do instead

MISTAKES = [
    Mistake(
        "sample variance",
        "divided by $d - 1$ instead of $d$: a norm uses the biased variance",
        variance=lambda centred: (centred**2).sum(axis=1) / (len(centred[0]) - 1),
        applies=lambda X: len(X[0]) > 1,
    ),
    Mistake(
        "not centred",
        "divided $x$ itself by the deviation: subtract the mean first",
        normalized=lambda X, std: X / std[:, None],
    ),
    Mistake(
        "mean absolute deviation",
        "averaged the distances from the mean instead of their squares",
        std=lambda centred: abs(centred).mean(axis=1),
    ),
    *norms.MISTAKES,
    Mistake(
        "normalized along the batch",
        "took the statistics of each column: that is batch normalization",
        mean=lambda X: X.mean(axis=0),
        centred=lambda X, mean: X - mean,
        variance=lambda centred: (centred**2).mean(axis=0),
        normalized=lambda centred, std: centred / std,
    ),
    Mistake(
        "one mean for all",
        "used a single mean and variance for the whole matrix: each row has its own",
        mean=lambda X: X.mean() * ones(len(X)),
        variance=lambda centred: (centred**2).mean() * ones(len(centred)),
        applies=lambda X: len(X) > 1,
    ),
    Mistake(
        "transformed like the input",
        "applied the change of $x$ to the output: the norm removes scale and shift",
        transformed_output=lambda output, row, scale, shift: scale * output[row - 1] + shift,
        applies=lambda row, scale, shift: True,
    ),
    Mistake(
        "sign not flipped",
        r"kept the old output: a negative factor flips the sign of $\hat x$",
        transformed_output=lambda output, row: output[row - 1],
        applies=lambda scale: scale < 0,
    ),
    Mistake(
        "sign of the whole output flipped",
        r"flipped the sign of $\beta$ too: only $\hat x$ changes its sign",
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


def preamble(v: Values) -> Content:
    return say(
        r"""
        Layer normalization treats every example $x$ (a row of $X$) by itself:
        $$\mathrm{LN}(x) = \gamma \odot \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta,$$
        where $\mu$ and $\sigma^2$ are the mean and the variance of the row's own $<d>$ features. The variance is
        the biased one (divide by $<d>$), $\gamma$ and $\beta$ have one entry for each feature, and here
        $\varepsilon = <epsilon>$.
        """,
        d=len(v.gamma),
    )


def parts(v: Values) -> Iterator[Part]:
    yield from norms.guided_parts(v, "row")
    yield Part(
        "output",
        r"""
        Compute $Y = \mathrm{LN}(X)$ for the batch
        $$X = <X>, \qquad \gamma = <gamma>, \qquad \beta = <beta>.$$
        """,
        Matrix("output", "Y", like="X"),
        points=6,
        room=9,
        steps=norms.worked_lines(
            v,
            "row",
            r"""
            Row <place>: $\mu = \frac{<line|sum>}{<size>} = <mu>$ and
            $\sigma^2 = \frac{<centred|squares>}{<size>} = <variance>$, so
            $\sqrt{\sigma^2 + \varepsilon} = <std>$ and $\hat x = <normalized>$. Scaled and shifted, feature by
            feature, this is $\gamma \odot \hat x + \beta = <output>$.
            """,
        ),
    )
    yield Part("single_example", *BANK.essay("question", v))
    if "row" in v:
        yield _transformed(v)
    if v.claims:
        yield Part("claims", "True or false? Give the reason in one line.", BANK.claims("claims", v))


def _transformed(v: Values) -> Part:
    flipped = v.scale < 0
    return Part(
        "transformed",
        r"""
        Example <row> is replaced by $<scale|coefficient>x <shift|signed>$ (in every feature), where $x$ is the old row.
        What is the layer's output for it now?
        """,
        Vector("transformed_output", "y", like="columns of X"),
        points=2,
        room=3,
        steps=[
            say(
                r"The shift leaves $x - \mu$ unchanged. The factor $<scale>$ multiplies $x - \mu$, and its size "
                r"$<size>$ the deviation: $\hat x$ <effect>.",
                size=abs(v.scale),
                effect="changes only its sign" if flipped else "is unchanged",
            ),
            r"Hence $y = \gamma \odot (-\hat x) + \beta = <transformed_output>$."
            if flipped
            else r"Hence $y = <transformed_output>$, as before.",
        ],
    )


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
    symbols={
        "centred": r"x - \mu",
        "transformed_row": r"x_{\mathrm{new}}",
    },
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
    solution=[mean, centred, variance, norms.std, normalized, norms.output, transformed_row, transformed_output],
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
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
    easy=Level(
        sample_easy,
        SIGNATURE | {"shape": (2, 6), "claims": 1},
        variants=285_000,
    ),
    hard=Level(
        sample_hard,
        SIGNATURE
        | {
            "shape": (4, 5),
            "rational rows": 1,
            "decoys": 1,
            "zeros in a row": "at most 1",
            "fractions in gamma": 2,
        },
        variants=891_000_000,
    ),
)
