"""The solution: ridge regression over a sweep, the extremes of the strength, one step, one bowl."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy

from generator.document.prose import Content
from generator.numbers import exact as ex

TWO = ex.exact(2)

PAIR_INPUTS: ex.Matrix = ex.matrix([[1, 0], [1, 1], [0, 1]])
"""Three examples of two features on which one coefficient can grow while the norm shrinks (at λ = 1)."""


def gram(X: ex.Matrix) -> ex.Matrix:
    return ex.matmul(ex.transpose(X), X)


def moment(X: ex.Matrix, y: ex.Vector) -> ex.Vector:
    return ex.matvec(ex.transpose(X), y)


def sums(gram: ex.Matrix, moment: ex.Vector) -> ex.Vector:
    """The entries of both: of one feature, Σx² and Σxy."""
    return (*(entry for row in gram for entry in row), *moment)


def theta(gram: ex.Matrix, moment: ex.Vector, lambdas: ex.Vector) -> ex.Matrix:
    if len(moment) == 1:  # the common case of one feature, without the elimination
        return tuple((ex.divide(moment[0], ex.add(gram[0][0], strength)),) for strength in lambdas)
    return tuple(ex.solve_linear(_with_diagonal(gram, strength), moment) for strength in lambdas)


def coefficients(theta: ex.Matrix) -> ex.Vector:
    return tuple(entry for vector in theta for entry in vector)


def norm_squared(theta: ex.Matrix) -> ex.Vector:
    return tuple(_sum_of_squares(vector) for vector in theta)


def train_residuals(X: ex.Matrix, y: ex.Vector, theta: ex.Matrix) -> ex.Matrix:
    return _residuals(X, y, theta)


def train_sse(train_residuals: ex.Matrix) -> ex.Vector:
    return tuple(_sum_of_squares(residuals) for residuals in train_residuals)


def test_residuals(X_test: ex.Matrix, y_test: ex.Vector, theta: ex.Matrix) -> ex.Matrix:
    return _residuals(X_test, y_test, theta)


def test_sse(test_residuals: ex.Matrix) -> ex.Vector:
    return tuple(_sum_of_squares(residuals) for residuals in test_residuals)


def best_lambda(lambdas: ex.Vector, test_sse: ex.Vector) -> ex.Scalar:
    return lambdas[_smallest(test_sse)]


def large_lambda(objective: str, form: str) -> str:
    rule = OBJECTIVES[objective]
    if form == "limit":
        return OPTIMUM if rule.multiplies_loss else rule.anchor
    return TINY if rule.multiplies_loss else HUGE


def small_lambda(objective: str, form: str) -> str:
    rule = OBJECTIVES[objective]
    if form == "limit":
        return rule.anchor if rule.multiplies_loss else OPTIMUM
    return HUGE if rule.multiplies_loss else TINY


def kept_share(rate: ex.Scalar, decay: ex.Scalar) -> ex.Scalar:
    return ex.subtract(ex.ONE, ex.multiply(TWO, ex.multiply(rate, decay)))


def stepped(weights: ex.Vector, gradient: ex.Vector, rate: ex.Scalar, kept_share: ex.Scalar) -> ex.Vector:
    return tuple(
        ex.subtract(ex.multiply(kept_share, w), ex.multiply(rate, g)) for w, g in zip(weights, gradient, strict=True)
    )


def shares(curvature: ex.Vector, strength: ex.Scalar) -> ex.Vector:
    return tuple(ex.divide(h, ex.add(h, ex.multiply(TWO, strength))) for h in curvature)


def curved_minimizer(shares: ex.Vector, bottom: ex.Vector) -> ex.Vector:
    return tuple(ex.multiply(share, t) for share, t in zip(shares, bottom, strict=True))


def pair_before(pair_y: ex.Vector) -> ex.Vector:
    return ex.solve_linear(gram(PAIR_INPUTS), moment(PAIR_INPUTS, pair_y))


def pair_after(pair_y: ex.Vector) -> ex.Vector:
    return ex.solve_linear(_with_diagonal(gram(PAIR_INPUTS), ex.ONE), moment(PAIR_INPUTS, pair_y))


def pair_norms_squared(pair_before: ex.Vector, pair_after: ex.Vector) -> ex.Vector:
    return (_sum_of_squares(pair_before), _sum_of_squares(pair_after))


def logistic_optimum(labels: ex.Vector) -> ex.Scalar:
    return sympy.log(ex.divide(*labels))


def logistic_minimizer(odds: ex.Scalar) -> ex.Scalar:
    return sympy.log(odds)


def logistic_slope(labels: ex.Vector, odds: ex.Scalar) -> ex.Scalar:
    """The derivative of the loss Σ -log p(label) at θ = log(odds)."""
    positive, negative = labels
    return ex.divide(ex.subtract(ex.multiply(odds, negative), positive), ex.add(odds, ex.ONE))


def logistic_lambda(logistic_slope: ex.Scalar, logistic_minimizer: ex.Scalar) -> ex.Scalar:
    return ex.divide(ex.multiply(ex.MINUS_ONE, logistic_slope), ex.multiply(TWO, logistic_minimizer))


def logistic_probabilities(labels: ex.Vector, odds: ex.Scalar) -> ex.Vector:
    return (ex.divide(labels[0], ex.total(labels)), ex.divide(odds, ex.add(odds, ex.ONE)))


def _with_diagonal(rows: ex.Matrix, strength: ex.Scalar) -> ex.Matrix:
    return tuple(
        tuple(ex.add(entry, strength) if i == j else entry for j, entry in enumerate(row)) for i, row in enumerate(rows)
    )


def _residuals(X: ex.Matrix, y: ex.Vector, thetas: ex.Matrix) -> ex.Matrix:
    if len(X[0]) == 1:  # the common case of one feature, without a sum of one product
        pairs = [(row[0], target) for row, target in zip(X, y, strict=True)]
        return tuple(tuple([ex.subtract(target, ex.multiply(x, slope)) for x, target in pairs]) for (slope,) in thetas)
    return tuple(
        tuple(ex.subtract(target, ex.dot(row, vector)) for row, target in zip(X, y, strict=True)) for vector in thetas
    )


def _sum_of_squares(xs: ex.Vector) -> ex.Scalar:
    return ex.dot(xs, xs)


def _smallest(xs: ex.Vector) -> int:
    """The place of the smallest entry, the first of equal ones."""
    best = 0
    for place, x in enumerate(xs):
        if ex.sign(ex.subtract(x, xs[best])) < 0:
            best = place
    return best


# -------------------------------------------------------------------------- the extremes of the strength

OPTIMUM, TINY, HUGE, NEVER = "theta*", "1/1000000", "1000000", "none"
FORMS = ("limit", "setting")
"""What is asked about the extremes: the minimizer for a strength, or the strength for a minimizer."""


@dataclass(frozen=True)
class Objective:
    """A penalized objective, and what its minimizer is when the loss is ½‖θ - θ*‖²."""

    tex: str
    anchor: str
    solved: str
    strength: str = r"\lambda"
    multiplies_loss: bool = False
    where: str = ""

    @property
    def anchor_tex(self) -> str:
        """Where the penalty vanishes."""
        return r"\mathbf{1}" if self.anchor == "1" else "0"


OBJECTIVES = {
    "plain": Objective(
        tex=r"L(\theta) + \lambda \lVert\theta\rVert^2", anchor="0", solved=r"\frac{\theta^\star}{1 + 2\lambda}"
    ),
    "half": Objective(
        tex=r"L(\theta) + \frac{\lambda}{2} \lVert\theta\rVert^2",
        anchor="0",
        solved=r"\frac{\theta^\star}{1 + \lambda}",
    ),
    "mean": Objective(
        tex=r"\frac{1}{n} \sum_{i=1}^{n} \ell_i(\theta) + \lambda \lVert\theta\rVert^2",
        anchor="0",
        solved=r"\frac{\theta^\star}{1 + 2\lambda}",
        where=r", where $L$ is the mean of the losses $\ell_i$ of the $n$ training examples",
    ),
    "inverse": Objective(
        tex=r"C\, L(\theta) + \lVert\theta\rVert^2",
        anchor="0",
        solved=r"\frac{C\, \theta^\star}{C + 2}",
        strength="C",
        multiplies_loss=True,
        where=", in which the strength $C$ multiplies the loss",
    ),
    "towards_one": Objective(
        tex=r"L(\theta) + \lambda \lVert\theta - \mathbf{1}\rVert^2",
        anchor="1",
        solved=r"\frac{\theta^\star + 2\lambda\mathbf{1}}{1 + 2\lambda}",
        where=r", where $\mathbf{1}$ is the vector of ones",
    ),
}

MINIMIZERS: Mapping[str, Content] = {
    "0": "$0$",
    "1": "$1$ in every coordinate",
    "1000000": r"$1\,000\,000$ in every coordinate",
    OPTIMUM: r"$\theta^\star$, the minimizer of $L$ alone",
}
STRENGTHS: Mapping[str, str] = {
    TINY: r"$<symbol> = \frac{1}{1\,000\,000}$",
    "1": "$<symbol> = 1$",
    HUGE: r"$<symbol> = 1\,000\,000$",
    NEVER: "none: no positive $<symbol>$ brings it near",
}
