r"""L2 regularization: what the strength of the penalty does to the minimizer, and to both errors.

Hoerl and Kennard, *Ridge Regression* (1970): the minimizer of :math:`\sum (y - X\theta)^2 + \lambda \|\theta\|^2`
solves :math:`(X^\top X + \lambda I)\,\theta = X^\top y`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator import (
    Level,
    Problem,
    Values,
    one_of,
    optional,
    permutation,
    read_matrix,
    read_number,
    read_vector,
    required,
    some_of,
)
from generator.numbers import exact as ex
from generator.problems.l2_regularization.check import check
from generator.problems.l2_regularization.claims import CLAIMS
from generator.problems.l2_regularization.concepts import TEST, TRAINING
from generator.problems.l2_regularization.conditions import require
from generator.problems.l2_regularization.mistakes import MISTAKES
from generator.problems.l2_regularization.norm_concepts import NORM
from generator.problems.l2_regularization.questions import parts, preamble
from generator.problems.l2_regularization.sampler import sample, sample_easy, sample_hard
from generator.problems.l2_regularization.solution import (
    FORMS,
    OBJECTIVES,
    _smallest,
    best_lambda,
    coefficients,
    curved_minimizer,
    gram,
    kept_share,
    large_lambda,
    logistic_lambda,
    logistic_minimizer,
    logistic_optimum,
    logistic_probabilities,
    logistic_slope,
    moment,
    norm_squared,
    pair_after,
    pair_before,
    pair_norms_squared,
    shares,
    small_lambda,
    stepped,
    sums,
    test_residuals,
    test_sse,
    theta,
    train_residuals,
    train_sse,
)
from generator.problems.l2_regularization.sweeps import EASY, HARD, STANDARD, Setting

# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The data of the sweep, its examples in any order, and the strengths."""
    train, test = (
        ex.ascending(
            (*row, target) for row, target in zip(params.get(inputs, ()), params.get(targets, ()), strict=True)
        )
        for inputs, targets in (("X", "y"), ("X_test", "y_test"))
    )
    return (train, test, params["lambdas"])


def signature(v: Values) -> Mapping[str, Any]:
    """How much there is to do: the sizes of the sweep, its fractions, its course, and what is asked beside."""
    denominators = sorted(int(entry.q) for vector in v.theta for entry in vector if entry.is_Rational)
    errors = v.get("test_sse", ())
    best = _smallest(errors) if errors else 0
    return {
        "training examples": len(v.X),
        "test examples": len(errors and v.X_test),
        "negative inputs": tuple(sum(ex.sign(row[0]) < 0 for row in rows) for rows in (v.X, v.get("X_test", ()))),
        "strengths": len(v.lambdas),
        "denominators": tuple(denominators),
        "best strength": "in the middle" if 0 < best < len(errors) - 1 else "at an end",
        "largest strength": "worse than none"
        if errors and ex.sign(ex.subtract(errors[-1], errors[0])) > 0
        else "not worse than none",
        "whole results": all(x.is_Integer for x in (*v.get("stepped", ()), *v.get("curved_minimizer", ()))),
        "claims": len(v.claims),
    }


def _signature(setting: Setting) -> Mapping[str, Any]:
    """That of every variant of a level."""
    return {
        "training examples": setting.training,
        "test examples": setting.test,
        "negative inputs": (setting.negative, setting.negative),
        "strengths": setting.strengths,
        "denominators": (1,) * (setting.strengths - setting.halves) + (2,) * setting.halves,
        "best strength": "in the middle",
        "largest strength": "worse than none",
        "whole results": True,
        "claims": 2,
    }


PROBLEM = Problem(
    id="l2-regularization",
    title="L2 regularization",
    topic="regularization",
    parameters={
        "X": required(read_matrix),
        "y": required(read_vector),
        "lambdas": required(read_vector),
        "X_test": optional(read_matrix),
        "y_test": optional(read_vector),
        "objective": optional(one_of(OBJECTIVES), "plain"),
        "form": optional(one_of(FORMS), "limit"),
        "order": optional(permutation(4), (1, 2, 3, 4)),
        "norm_question": optional(one_of(NORM), "compare"),
        "training_question": optional(one_of(TRAINING), "compare"),
        "test_question": optional(one_of(TEST), "compare"),
        "pair_y": optional(read_vector),
        "labels": optional(read_vector),
        "odds": optional(read_number),
        "ask_sweep": optional(one_of(("no", "yes")), "no"),
        "weights": optional(read_vector),
        "gradient": optional(read_vector),
        "rate": optional(read_number),
        "decay": optional(read_number),
        "curvature": optional(read_vector),
        "bottom": optional(read_vector),
        "strength": optional(read_number),
        "claims": optional(some_of(CLAIMS), ()),
    },
    require=require,
    sample=sample,
    solution=[
        gram,
        moment,
        sums,
        theta,
        coefficients,
        norm_squared,
        train_residuals,
        train_sse,
        test_residuals,
        test_sse,
        best_lambda,
        large_lambda,
        small_lambda,
        kept_share,
        stepped,
        shares,
        curved_minimizer,
        pair_before,
        pair_after,
        pair_norms_squared,
        logistic_optimum,
        logistic_minimizer,
        logistic_slope,
        logistic_lambda,
        logistic_probabilities,
    ],
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
    parts=parts,
    original={"X": [[1], [1]], "y": [2, 4], "lambdas": [0, 1, 4, 10], "X_test": [[1]], "y_test": [2]},
    canonical=canonical,
    signature=signature,
    standard=_signature(STANDARD),
    # The data that can be drawn are counted in tests/test_l2_regularization_space.py, up to the order of the examples: 3 896 008
    # at the easy level, 3 386 024 at the standard and 289 522 044 at the hard one.  A thousandth is left to the audit.
    easy=Level(sample_easy, _signature(EASY), variants=3_890_000),
    hard=Level(sample_hard, _signature(HARD), variants=289_000_000),
    variants=3_380_000,
)
