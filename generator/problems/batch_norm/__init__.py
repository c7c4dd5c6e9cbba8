r"""Batch normalization of a small batch, by hand: in training, its running statistics, and at inference.

Ioffe and Szegedy, *Batch Normalization* (2015), algorithms 1 and 2; the running estimates as PyTorch keeps them:
new = (1 − m)·old + m·observed, with the unbiased variance as the one observed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator import Level, Problem, Values, one_of, optional, read_number, read_vector, some_of
from generator.numbers import exact as ex
from generator.problems import _norms as norms
from generator.problems.batch_norm.check import check
from generator.problems.batch_norm.concepts import CLAIMS, QUESTIONS
from generator.problems.batch_norm.conditions import require
from generator.problems.batch_norm.mistakes import MISTAKES
from generator.problems.batch_norm.questions import parts, preamble
from generator.problems.batch_norm.sampler import EASY, HARD, STANDARD, sampler
from generator.problems.batch_norm.solution import (
    centred,
    inference_normalized,
    inference_output,
    mean,
    new_running_mean,
    new_running_variance,
    normalized,
    output,
    running_std,
    unbiased_variance,
    variance,
)

# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """X with its columns modulo shift and scale, up to the order of the features and of the examples."""
    return norms.reduced(ex.transpose(params["X"]))


def signature(v: Values) -> Mapping[str, Any]:
    """How much there is to do: the matrix's size, how many columns stay rational, and what is asked beside."""
    unbiased = ex.divide(ex.exact(len(v.X)), ex.exact(len(v.X) - 1))
    samples = norms.std([ex.multiply(unbiased, variance) for variance in v.variance], v.epsilon)
    return {
        "shape": (len(v.X), len(v.X[0])),
        "rational columns": sum(bool(s.is_Rational) for s in v.std),
        "decoys": sum(bool(s.is_Rational) for s in samples),  # columns that are nicer with the sample deviation
        "columns with deviation 1": sum(s == 1 for s in v.std),
        "unbiased variances": "whole" if all(s.is_Integer for s in v.get("unbiased_variance", ())) else "fractions",
        "fractions in gamma": sum(not g.is_Integer for g in v.gamma),
        "negative entries of gamma": sum(g.is_negative for g in v.gamma),
        "claims": len(v.claims),
        "follow-ups": sum(name in v for name in ("new_running_mean", "inference_output")),
    }


# The numbers of variants are exact: the settings' patterns, counted by Burnside's lemma (patterns.count_matrices).
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
    parameters={
        **norms.PARAMETERS,
        "momentum": optional(read_number),
        "running_mean": optional(read_vector),
        "running_variance": optional(read_vector),
        "example": optional(read_vector),
        "question": optional(one_of(QUESTIONS), "single_example"),
        "claims": optional(some_of(CLAIMS), ()),
    },
    require=require,
    sample=sampler(STANDARD),
    solution=[
        mean,
        centred,
        variance,
        norms.std,
        normalized,
        output,
        unbiased_variance,
        new_running_mean,
        new_running_variance,
        running_std,
        inference_normalized,
        inference_output,
    ],
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
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
    variants=2_247_600,
    counted=True,
    easy=Level(
        sampler(EASY),
        SIGNATURE | {"shape": (6, 2), "rational columns": 2, "decoys": 0, "claims": 1, "follow-ups": 1},
        variants=108_388,
        counted=True,
    ),
    hard=Level(
        sampler(HARD),
        SIGNATURE
        | {
            "shape": (5, 4),
            "unbiased variances": "whole",
            "fractions in gamma": 2,
            "negative entries of gamma": 2,
        },
        variants=210_948_600,
        counted=True,
    ),
)
