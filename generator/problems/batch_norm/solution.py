"""The solution: every column by its own mean and variance; the running estimates; inference."""

from __future__ import annotations

from generator.numbers import exact as ex
from generator.problems import _norms as norms


def mean(X: ex.Matrix) -> ex.Vector:
    return norms.column_means(X)


def centred(X: ex.Matrix, mean: ex.Vector) -> norms.Rows:
    return norms.centred_by_column(X, mean)


def variance(centred: ex.Matrix) -> ex.Vector:
    return norms.column_variances(centred)


def normalized(centred: ex.Matrix, std: ex.Vector) -> norms.Rows:
    return norms.divided_by_column(centred, std)


def output(normalized: norms.Rows, gamma: ex.Vector, beta: ex.Vector) -> norms.Rows:
    return norms.output_by_column(normalized, gamma, beta)


def unbiased_variance(X: ex.Matrix, momentum: ex.Scalar) -> ex.Vector:
    """Only needed, and with one example not even defined, where estimates are moved: hence ``momentum``."""
    return tuple(ex.sample_variance(column) for column in ex.transpose(X))


def new_running_mean(momentum: ex.Scalar, running_mean: ex.Vector, mean: ex.Vector) -> ex.Vector:
    return _moved(momentum, running_mean, mean)


def new_running_variance(momentum: ex.Scalar, running_variance: ex.Vector, unbiased_variance: ex.Vector) -> ex.Vector:
    return _moved(momentum, running_variance, unbiased_variance)


def _moved(momentum: ex.Scalar, old: ex.Vector, observed: ex.Vector) -> ex.Vector:
    kept = ex.subtract(ex.ONE, momentum)
    return tuple(
        ex.add(ex.multiply(kept, before), ex.multiply(momentum, now)) for before, now in zip(old, observed, strict=True)
    )


def running_std(running_variance: ex.Vector, epsilon: ex.Scalar) -> ex.Vector:
    return norms.std(running_variance, epsilon)


def inference_normalized(example: ex.Vector, running_mean: ex.Vector, running_std: ex.Vector) -> ex.Vector:
    return tuple(ex.divide(ex.subtract(x, mu), s) for x, mu, s in zip(example, running_mean, running_std, strict=True))


def inference_output(inference_normalized: ex.Vector, gamma: ex.Vector, beta: ex.Vector) -> ex.Vector:
    return ex.affine(inference_normalized, gamma, beta)
