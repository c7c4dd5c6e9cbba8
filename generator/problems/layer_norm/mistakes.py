"""What students do instead, beside what both norms share."""

from __future__ import annotations

from generator import Mistake
from generator.numbers import exact as ex
from generator.problems import _norms as norms
from generator.problems.layer_norm.solution import output, transformed_row

MISTAKES = [
    Mistake(
        "sample variance",
        "divided by $d - 1$ instead of $d$: a norm uses the biased variance",
        variance=norms.sample_variances,
        applies=lambda X: len(X[0]) > 1,
    ),
    Mistake(
        "not centred",
        "divided $x$ itself by the deviation: subtract the mean first",
        normalized=lambda X, std: norms.divided_by_row(X, std),
    ),
    Mistake(
        "mean absolute deviation",
        "averaged the distances from the mean instead of their squares",
        std=norms.mean_distances,
    ),
    *norms.mistakes(output),
    Mistake(
        "normalized along the batch",
        "took the statistics of each column: that is batch normalization",
        mean=norms.column_means,
        centred=norms.centred_by_column,
        variance=norms.column_variances,
        normalized=lambda X, mean, std: norms.across(X, mean, std),
    ),
    Mistake(
        "one mean for all",
        "used a single mean and variance for the whole matrix: each row has its own",
        mean=lambda X: (ex.mean([x for row in X for x in row]),) * len(X),
        variance=lambda centred: (ex.mean_square([c for row in centred for c in row]),) * len(centred),
        applies=lambda X: len(X) > 1,
    ),
    Mistake(
        "transformed like the input",
        "applied the change of $x$ to the output: the norm takes scale and shift out again",
        transformed_output=lambda output, row, scale, shift: transformed_row(output, row, scale, shift),
        applies=lambda row, scale, shift: True,
    ),
    Mistake(
        "sign not flipped",
        r"kept the old output: a negative factor turns the sign of $\hat x$",
        transformed_output=lambda output, row: output[int(row) - 1],
        applies=lambda scale: ex.sign(scale) < 0,
    ),
    Mistake(
        "sign of the whole output flipped",
        r"turned the sign of $\beta$ too: only $\hat x$ changes its sign",
        transformed_output=lambda output, row: transformed_row(output, row, ex.MINUS_ONE, ex.ZERO),
        applies=lambda scale: ex.sign(scale) < 0,
    ),
]
