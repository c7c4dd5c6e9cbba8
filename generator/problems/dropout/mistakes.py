"""What students do instead."""

from __future__ import annotations

from generator import Mistake
from generator.numbers import exact as ex
from generator.problems.dropout.solution import mask, y_orig

MISTAKES = [
    Mistake(
        "inverted mask",
        "kept the units that are dropped and dropped the others",
        mask=lambda x, dropped: tuple([ex.subtract(ex.ONE, m) for m in mask(x, dropped)]),
    ),
    Mistake(
        "weights left out",
        "added up the activations without their weights",
        contributions=lambda x: x,
        applies=lambda w: any(weight != 1 for weight in w),
    ),
    Mistake(
        "p taken for keeping",
        "took $p$ for the probability of keeping a unit: it is that of dropping it",
        keep=lambda p: p,
    ),
    Mistake(
        "scaled down",
        "multiplied by $1 - p$ instead of dividing by it: the survivors have to make up for the dropped units",
        correction=lambda keep: keep,
    ),
    Mistake(
        "scaled by p",
        "multiplied by $p$: the correction divides by the probability of keeping, $1 - p$",
        correction=lambda p: p,
    ),
    Mistake(
        "scaled by the realized share",
        "divided by the share of units that happened to survive: the correction divides by the probability "
        "$1 - p$, whatever the mask",
        y_corr=lambda mask, y_drop: ex.divide(ex.multiply(ex.exact(len(mask)), y_drop), ex.total(mask)),
    ),
    Mistake(
        "corrected the full output",
        "divided the output of all units by $1 - p$: only the survivors are scaled up",
        y_corr=lambda correction, y_orig: ex.multiply(correction, y_orig),
    ),
    Mistake(
        "correction taken as exact",
        "took the corrected output for the original one: they agree on average, not in each pass",
        y_orig=lambda y_corr: y_corr,
    ),
    Mistake(
        "scaled at test too",
        "multiplied the output by $1 - p$: nothing is dropped here and nothing is scaled",
        y_orig=lambda keep, contributions: ex.multiply(keep, y_orig(contributions)),
    ),
    Mistake(
        "this mask for all",
        "gave the output of this one mask: the expectation runs over all masks",
        expected_drop=lambda y_drop: y_drop,
    ),
    Mistake(
        "masks equally likely",
        "took all masks for equally likely: each unit survives with probability $1 - p$, not with one half",
        expected_drop=lambda y_orig: ex.divide(y_orig, ex.exact(2)),
        mask_variance=lambda: ex.divide(ex.ONE, ex.exact(4)),
    ),
    Mistake(
        "second moment",
        "took the mean of $m_i^2$ for the variance of $m_i$: subtract the square of its mean, which leaves $p(1 - p)$",
        mask_variance=lambda keep: keep,
    ),
    Mistake(
        "contributions not squared",
        "multiplied the contributions by the variance of the mask: a factor comes out of a variance squared",
        squares=lambda contributions: ex.total(contributions),
    ),
    Mistake(
        "sum squared",
        "squared the sum of the contributions: the units are independent, so it is their variances that add up",
        squares=lambda y_orig: ex.multiply(y_orig, y_orig),
    ),
    Mistake(
        "average lost to the correction",
        "left the expectation as it was: the correction is a factor, and it comes out of the expectation",
        expected_corr=lambda expected_drop: expected_drop,
    ),
    Mistake(
        "correction not squared",
        "multiplied the variance by the correction itself: a factor comes out of a variance squared",
        variance_corr=lambda correction, variance_drop: ex.multiply(correction, variance_drop),
    ),
    Mistake(
        "variance left as it was",
        "kept the variance: scaling by $1/(1 - p)$ also scales the distances from the mean",
        variance_corr=lambda variance_drop: variance_drop,
    ),
    Mistake(
        "gave the probability of keeping",
        "stopped at $1 - p'$, the probability of keeping a unit",
        found_p=lambda seen_keep: seen_keep,
    ),
    Mistake(
        "quotient upside down",
        "took $y_{\\mathrm{corr}}/y_{\\mathrm{drop}} - 1$: that quotient is $1/(1 - p')$, so divide the other way round",
        found_p=lambda seen_keep: ex.subtract(ex.divide(ex.ONE, seen_keep), ex.ONE),
    ),
]
