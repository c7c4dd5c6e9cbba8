r"""Layer normalization of a small batch, by hand.

Ba, Kiros and Hinton, *Layer Normalization* (2016), equations 3 and 4: every example (row) is centred and
scaled by its own mean and its own biased variance, then scaled and shifted feature by feature.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator import InputError, Level, Problem, Values, one_of, optional, read_number, some_of, whole
from generator.numbers import exact as ex
from generator.problems import _norms as norms
from generator.problems.layer_norm.check import check
from generator.problems.layer_norm.concepts import CLAIMS, QUESTIONS
from generator.problems.layer_norm.mistakes import MISTAKES
from generator.problems.layer_norm.questions import parts, preamble
from generator.problems.layer_norm.sampler import EASY, HARD, STANDARD, sampler
from generator.problems.layer_norm.solution import (
    centred,
    mean,
    normalized,
    output,
    transformed_output,
    transformed_row,
    variance,
)


def require(
    X: ex.Matrix,
    gamma: ex.Vector,
    beta: ex.Vector,
    epsilon: ex.Scalar,
    row: Any = None,
    scale: ex.Scalar | None = None,
    shift: ex.Scalar | None = None,
) -> None:
    """Shapes that fit, no example without variance unless ε helps, and a change of a row that is complete."""
    norms.require_features(X, epsilon, gamma=gamma, beta=beta)
    for place, example in enumerate(X, start=1):
        if ex.is_zero(epsilon) and all(ex.is_zero(ex.subtract(x, example[0])) for x in example):
            raise InputError(f"row {place} has zero variance; at epsilon = 0 it cannot be normalized", field="X")
    change = {"row": row, "scale": scale, "shift": shift}
    missing = [name for name, value in change.items() if value is None]
    if 0 < len(missing) < len(change):
        raise InputError("missing; row, scale and shift are given together or not at all", field=missing[0])
    if row is not None and row.p > len(X):
        raise InputError(f"expected a row of X, 1 to {len(X)}; got {row}", field="row")
    if scale is not None and ex.is_zero(scale):
        raise InputError("expected a number other than 0: a row times 0 has no variance", field="scale")
    if scale is not None and not ex.is_zero(epsilon) and ex.absolute(scale) != 1:
        raise InputError(
            f"expected 1 or -1, for with epsilon = {epsilon} other factors count; got {scale}", field="scale"
        )


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """X with its rows modulo shift and scale, up to the order of the examples and of the features."""
    return norms.reduced(params["X"])


def signature(v: Values) -> Mapping[str, Any]:
    """How much there is to do: the matrix's size, how many rows stay rational, and what is asked beside."""
    unbiased = ex.divide(ex.exact(len(v.X[0])), ex.exact(len(v.X[0]) - 1))
    samples = norms.std([ex.multiply(unbiased, variance) for variance in v.variance], v.epsilon)
    return {
        "shape": (len(v.X), len(v.X[0])),
        "rational rows": sum(bool(s.is_Rational) for s in v.std),
        "decoys": sum(bool(s.is_Rational) for s in samples),  # rows that are nicer with the sample deviation
        "rows with deviation 1": sum(s == 1 for s in v.std),
        "zeros in a row": "at most 1" if max(row.count(0) for row in v.centred) <= 1 else "more",
        "fractions in gamma": sum(not g.is_Integer for g in v.gamma),
        "negative entries of gamma": sum(g.is_negative for g in v.gamma),
        "claims": len(v.claims),
    }


# The numbers of variants are exact: the settings' patterns, counted by Burnside's lemma (patterns.count_matrices).
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
    parameters={
        **norms.PARAMETERS,
        "question": optional(one_of(QUESTIONS), "single_example"),
        "row": optional(whole(1)),
        "scale": optional(read_number),
        "shift": optional(read_number),
        "claims": optional(some_of(CLAIMS), ()),
    },
    require=require,
    sample=sampler(STANDARD),
    solution=[mean, centred, variance, norms.std, normalized, output, transformed_row, transformed_output],
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
