"""What students do instead, beside what both norms share."""

from __future__ import annotations

from generator import Mistake
from generator.numbers import exact as ex
from generator.problems import _norms as norms
from generator.problems.batch_norm.solution import _moved, inference_normalized, output

MISTAKES = [
    Mistake(
        "sample variance",
        r"divided by $n - 1$ instead of $n$: only the running variance takes the unbiased one",
        variance=lambda centred: norms.sample_variances(ex.transpose(centred)),
        applies=lambda X: len(X) > 1,
    ),
    Mistake(
        "not centred",
        "divided $x$ itself by the deviation: subtract the mean first",
        normalized=lambda X, std: norms.divided_by_column(X, std),
    ),
    Mistake(
        "mean absolute deviation",
        "averaged the distances from the mean instead of their squares",
        std=lambda centred: norms.mean_distances(ex.transpose(centred)),
    ),
    *norms.mistakes(output),
    Mistake(
        "normalized along the features",
        "took the statistics of each row: that is layer normalization",
        normalized=lambda X, epsilon: ex.transpose(
            norms.across(
                ex.transpose(X), norms.row_means(X), norms.std(tuple([ex.variance(row) for row in X]), epsilon)
            )
        ),
    ),
    Mistake(
        "one mean for all",
        "used a single mean and variance for the whole matrix: each column has its own",
        normalized=lambda X, epsilon: _by_one(X, epsilon),
        applies=lambda X: len(X[0]) > 1,
    ),
    Mistake(
        "running statistics in training",
        "normalized with the running estimates: in training the batch's own statistics are used",
        normalized=lambda X, running_mean, running_std: norms.divided_by_column(
            norms.centred_by_column(X, running_mean), running_std
        ),
        applies=lambda running_mean, running_std: not any(ex.is_zero(s) for s in running_std),
    ),
    Mistake(
        "momentum swapped",
        "kept the share $m$ of the old estimate: it keeps $1 - m$",
        new_running_mean=lambda momentum, running_mean, mean: _moved(momentum, mean, running_mean),
        new_running_variance=lambda momentum, running_variance, unbiased_variance: _moved(
            momentum, unbiased_variance, running_variance
        ),
        applies=lambda momentum: momentum != ex.divide(ex.ONE, ex.exact(2)),
    ),
    Mistake(
        "old estimate forgotten",
        "replaced the estimates by the batch's statistics instead of moving towards them",
        new_running_mean=lambda mean, momentum: mean,
        new_running_variance=lambda unbiased_variance: unbiased_variance,
        applies=lambda momentum: momentum != 1,
    ),
    Mistake(
        "biased running variance",
        "moved towards the biased variance: the running estimate takes the unbiased one",
        new_running_variance=lambda momentum, running_variance, variance: _moved(momentum, running_variance, variance),
        applies=lambda momentum: not ex.is_zero(momentum),
    ),
    Mistake(
        "batch statistics at inference",
        "normalized with the statistics of the batch: at inference the running estimates are used",
        inference_normalized=lambda example, mean, std: inference_normalized(example, mean, std),
    ),
    Mistake(
        "updated estimates at inference",
        "normalized with the estimates after the batch: they are asked for before it",
        inference_normalized=lambda example, new_running_mean, new_running_variance, epsilon: inference_normalized(
            example, new_running_mean, norms.std(new_running_variance, epsilon)
        ),
        applies=lambda example, momentum: not ex.is_zero(momentum),
    ),
    Mistake(
        "variance instead of deviation at inference",
        "divided by the running variance instead of its square root",
        inference_normalized=lambda example, running_mean, running_variance, epsilon: inference_normalized(
            example, running_mean, tuple(ex.add(v, epsilon) for v in running_variance)
        ),
        applies=lambda example: True,
    ),
]


def _by_one(X: ex.Matrix, epsilon: ex.Scalar) -> norms.Rows:
    entries = tuple(x for row in X for x in row)
    mu, deviation = ex.mean(entries), ex.root(ex.add(ex.variance(entries), epsilon))
    factor = ex.divide(ex.ONE, deviation)
    return ex.transpose(ex.times(ex.less(column, mu), factor) for column in ex.transpose(X))
