"""The solution: every row by its own mean and variance."""

from __future__ import annotations

from typing import Any

from generator.numbers import exact as ex
from generator.problems import _norms as norms


def mean(X: ex.Matrix) -> ex.Vector:
    return norms.row_means(X)


def centred(X: ex.Matrix, mean: ex.Vector) -> norms.Rows:
    return norms.centred_by_row(X, mean)


def variance(centred: ex.Matrix) -> ex.Vector:
    return norms.row_variances(centred)


def normalized(centred: ex.Matrix, std: ex.Vector) -> norms.Rows:
    return norms.divided_by_row(centred, std)


def output(normalized: norms.Rows, gamma: ex.Vector, beta: ex.Vector) -> norms.Rows:
    return norms.output_by_row(normalized, gamma, beta)


def transformed_row(X: ex.Matrix, row: Any, scale: ex.Scalar, shift: ex.Scalar) -> ex.Vector:
    entries = X[int(row) - 1]
    return ex.affine(entries, (scale,) * len(entries), (shift,) * len(entries))


def transformed_output(transformed_row: ex.Vector, gamma: ex.Vector, beta: ex.Vector, epsilon: ex.Scalar) -> ex.Vector:
    deviation = ex.root(ex.add(ex.variance(transformed_row), epsilon))
    return ex.affine(ex.over(ex.centre(transformed_row), deviation), gamma, beta)
