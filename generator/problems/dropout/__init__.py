r"""Dropout on the inputs of one linear unit: a training pass, its correction, and what holds on average.

Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, *Dropout: A Simple Way to Prevent Neural Networks
from Overfitting* (2014).  The correction is the "inverted" one of section 10, applied in training.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator import Level, Problem, Values, one_of, optional, read_number, read_vector, required, some_of
from generator.numbers import exact as ex
from generator.numbers.encoding import encode
from generator.problems.dropout.check import check
from generator.problems.dropout.claims import CLAIMS
from generator.problems.dropout.concepts import CLOSENESS, FOLLOW_UPS, TRAIN_TEST
from generator.problems.dropout.conditions import read_positions, require
from generator.problems.dropout.levels import EASY, HARD, STANDARD, Setting
from generator.problems.dropout.mistakes import MISTAKES
from generator.problems.dropout.questions import parts, preamble
from generator.problems.dropout.sampler import sample, sample_easy, sample_hard
from generator.problems.dropout.solution import (
    contributions,
    correction,
    expected_corr,
    expected_drop,
    found_p,
    keep,
    mask,
    mask_variance,
    seen_keep,
    squares,
    surviving,
    variance_corr,
    variance_drop,
    y_corr,
    y_drop,
    y_orig,
)

# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The probability, and the units with their weights and their fate, up to their order."""
    fates = mask(params["x"], params["dropped"])
    return params["p"], sorted(encode([*zip(params["x"], params["w"], fates, strict=True)]))


def signature(v: Values) -> Mapping[str, Any]:
    """How much there is to multiply, add and square, and how typical the mask is."""
    moments = (v.expected_drop, v.variance_drop, v.expected_corr, v.variance_corr)
    weights, shares, outputs = (
        [abs(x) for x in ex.to_float(xs)] for xs in (v.w, v.contributions, (v.y_corr, v.y_orig))
    )
    negative = sum(ex.sign(weight) < 0 for weight in v.w)
    unlikely = ex.subtract(ex.exact(len(v.surviving)), ex.multiply(v.keep, ex.exact(len(v.x))))
    return {
        "units": len(v.x),
        "largest weight": int(max(weights)),
        "weights of the rarer sign": min(negative, len(v.w) - negative),
        "contributions": "at most 12" if max(shares) <= 12 else "larger",
        "contributions of two digits": sum(share >= 10 for share in shares),
        "survivors": "as expected" if abs(ex.to_float(unlikely)) < 1 else "unlikely",
        "outputs": "of two digits" if all(10 <= output <= 99 for output in outputs) else "of other sizes",
        "corrected output": "whole" if v.y_corr.is_Integer else "a fraction",
        "largest denominator": "at most 5" if max(number.q for number in moments) <= 5 else "larger",
        "claims": len(v.claims),
    }


def _signature(setting: Setting) -> Mapping[str, Any]:
    """That of every variant of a level."""
    return {
        "units": setting.units,
        "largest weight": 3,
        "weights of the rarer sign": setting.negative,
        "contributions": "at most 12",
        "contributions of two digits": setting.large,
        "survivors": "as expected",
        "outputs": "of two digits",
        "corrected output": "whole",
        "largest denominator": "at most 5",
        "claims": 2,
    }


def _possible(setting: Setting) -> Mapping[str, int]:
    """A correction for each probability."""
    return {"correction": len(setting.survivors)}


PROBLEM = Problem(
    id="dropout",
    title="Dropout",
    topic="regularization",
    parameters={
        "x": required(read_vector),
        "w": required(read_vector),
        "p": required(read_number),
        "dropped": required(read_positions),
        "closeness": optional(one_of(CLOSENESS), "why"),
        "train_test": optional(one_of(TRAIN_TEST), "another_layer"),
        "follow_ups": optional(some_of(FOLLOW_UPS), ()),
        "seen_drop": optional(read_number),
        "seen_corr": optional(read_number),
        "claims": optional(some_of(CLAIMS), ()),
    },
    require=require,
    sample=sample,
    solution=[
        keep,
        correction,
        mask,
        contributions,
        surviving,
        y_drop,
        y_corr,
        y_orig,
        expected_drop,
        mask_variance,
        squares,
        variance_drop,
        expected_corr,
        variance_corr,
        seen_keep,
        found_p,
    ],
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
    parts=parts,
    original={"x": [2, 6, 4, 4, 5, 3, 4, 4], "w": [1] * 8, "p": "3/4", "dropped": [1, 2, 3, 4, 5, 6]},
    canonical=canonical,
    signature=signature,
    standard=_signature(STANDARD),
    # The numbers of variants are exact: tests/test_dropout_space.py writes all passes down, without those on which the
    # audit finds that two mistakes, or a mistake and the key, give the same.
    easy=Level(sample_easy, _signature(EASY), variants=705_782, counted=True, possible=_possible(EASY)),
    hard=Level(sample_hard, _signature(HARD), variants=2_203_872, counted=True, possible=_possible(HARD)),
    variants=3_001_314,
    counted=True,
    possible=_possible(STANDARD),
)
