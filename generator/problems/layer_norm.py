r"""Layer normalization of a small batch, by hand.

Ba, Kiros and Hinton, *Layer Normalization* (2016), equations 3 and 4: every example (row) is centred and
scaled by its own mean and its own biased variance, then scaled and shifted feature by feature.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
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
    one_of,
    ones,
    optional,
    read_number,
    say,
    some_of,
    sqrt,
    whole,
)
from generator.problem.words import draw_claims
from generator.problems import _norms as norms
from generator.problems._norms_draws import PAIRS, Case, Setting, Slot, centred_marks, output_marks

BANK = Bank.beside(__file__)

# ------------------------------------------------------------------------------------------ the sampler

HALF = Fraction(1, 2)

EASY = Setting(
    count=6,
    cases=PAIRS,
    gamma=((1, 2), (1, 2), (2, 3), (2, 3), (3, 4), (3, 4)),
    negative=2,
    changed=(0,),
    claims=1,
    tries=20,
    marks=24,
)
"""Two rows of six, both with whole deviations."""

# Five integers that add up to 0 have an even sum of squares, so their variance is even.
STANDARD = Setting(
    count=5,
    cases=(
        Case((Slot((4,), (1,)), Slot((16,), (0,)), Slot((6, 8, 12, 18, 32), (0, 1))), epsilon=0, weight=3),
        Case((Slot((8,), (1,)), Slot((24,), (1,)), Slot((2, 4, 6), (0, 1))), epsilon=1),
        Case((Slot((12,), (1,)), Slot((32,), (1,)), Slot((8, 14), (0, 1))), epsilon=4),
    ),
    gamma=((1,), (2,), (2,), (3,), (4,)),
    negative=2,
    changed=(1,),
)
"""Two rows of five with different whole deviations and one with a surd."""

HARD = Setting(
    count=5,
    cases=(Case((Slot((12, 32), (1,)), Slot((4,), (1,)), Slot((8, 14), (0,)), Slot((16, 20), (0,))), epsilon=4),),
    gamma=((HALF,), (3 * HALF,), (2,), (3,), (3,)),
    negative=2,
    changed=(2, 3),
)
"""Four rows of five, one of them with a whole deviation; of the surds one is a decoy: its *sample* deviation is whole."""


def sampler(setting: Setting) -> Callable[[Draw], Mapping[str, Any]]:
    """The sampler of a difficulty."""

    def sample(draw: Draw) -> Mapping[str, Any]:
        epsilon, order, rows = setting.lines(draw)
        concept = draw.fork("concepts")
        changed = concept.choice([row for row, slot in enumerate(order, start=1) if slot in setting.changed])

        scale = -1 if epsilon else concept.choice((-3, -2, 2, 3))

        def marks(gamma: Sequence[Fraction | int], beta: Sequence[int]) -> int:
            flipped = [-size for size in gamma] if scale < 0 else gamma
            outputs = [output_marks(row, epsilon, gamma, beta) for row in rows]
            outputs.append(output_marks(rows[changed - 1], epsilon, flipped, beta) + 2 * (scale < 0))
            return sum(centred_marks(row, epsilon) for row in rows) + sum(outputs)

        return {
            "X": rows,
            **setting.affine(draw, draw.shuffled(range(setting.count)), marks),
            "epsilon": epsilon,
            "question": concept.choice(tuple(BANK["question"])),
            "row": changed,
            "scale": scale,
            "shift": concept.choice((-4, -3, 2, 5, 7)),
            "claims": draw_claims(concept, BANK.all_claims("claims"))[: setting.claims],
        }

    return sample


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
        raise InputError(f"expected a row of X, 1 to {len(X)}; got {row}", field="row")
    if scale is not None and scale == 0:
        raise InputError("expected a number other than 0: a row times 0 has no variance", field="scale")
    if scale is not None and epsilon != 0 and abs(scale) != 1:
        raise InputError(
            f"expected 1 or -1, for with epsilon = {epsilon} other factors count; got {scale}", field="scale"
        )


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
        "applied the change of $x$ to the output: the norm takes scale and shift out again",
        transformed_output=lambda output, row, scale, shift: scale * output[row - 1] + shift,
        applies=lambda row, scale, shift: True,
    ),
    Mistake(
        "sign not flipped",
        r"kept the old output: a negative factor turns the sign of $\hat x$",
        transformed_output=lambda output, row: output[row - 1],
        applies=lambda scale: scale < 0,
    ),
    Mistake(
        "sign of the whole output flipped",
        r"turned the sign of $\beta$ too: only $\hat x$ changes its sign",
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
                r"The shift leaves $x - \mu$ as it was. The factor $<scale>$ multiplies $x - \mu$, and its size "
                r"$<size>$ the deviation: $\hat x$ <effect>.",
                size=abs(v.scale),
                effect="changes its sign and nothing else" if flipped else "stays as it was",
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
    parameters={
        **norms.PARAMETERS,
        "question": optional(one_of(BANK["question"]), "single_example"),
        "row": optional(whole(1)),
        "scale": optional(read_number),
        "shift": optional(read_number),
        "claims": optional(some_of(BANK["claims"]), ()),
    },
    require=require,
    sample=sampler(STANDARD),
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
    variants=2_451_640,
    counted=True,
    easy=Level(
        sampler(EASY),
        SIGNATURE | {"shape": (2, 6), "claims": 1},
        variants=108_388,
        counted=True,
    ),
    hard=Level(
        sampler(HARD),
        SIGNATURE
        | {
            "shape": (4, 5),
            "rational rows": 1,
            "decoys": 1,
            "zeros in a row": "at most 1",
            "fractions in gamma": 2,
        },
        variants=472_680_000,
        counted=True,
    ),
)
