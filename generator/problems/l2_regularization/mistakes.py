"""What students do instead."""

from __future__ import annotations

from collections.abc import Mapping

from generator import Mistake
from generator.numbers import exact as ex
from generator.problems.l2_regularization.solution import (
    NEVER,
    OBJECTIVES,
    OPTIMUM,
    TWO,
    _smallest,
    _sum_of_squares,
    large_lambda,
    small_lambda,
    stepped,
    theta,
)


def _penalty_wins(objective: str, answer: str) -> Mapping[str, str]:
    """The right answers to the questions on extremes, except that ``answer`` is given where the penalty wins."""
    right = {"large_lambda": large_lambda(objective, "limit"), "small_lambda": small_lambda(objective, "limit")}
    return {part: key if key == OPTIMUM else answer for part, key in right.items()}


def _soft_threshold(x: ex.Scalar, by: ex.Scalar) -> ex.Scalar:
    if ex.sign(ex.subtract(ex.absolute(x), by)) <= 0:
        return ex.ZERO
    return ex.add(x, by) if ex.sign(x) < 0 else ex.subtract(x, by)


MISTAKES = [
    Mistake(
        "extremes swapped",
        "swapped the extremes: the term with the larger factor decides where the minimum lies",
        large_lambda=small_lambda,
        small_lambda=large_lambda,
    ),
    Mistake(
        "penalty taken for a reward",
        "took the penalty for a reward: a large norm makes the objective larger, and it is minimized",
        large_lambda=lambda objective: _penalty_wins(objective, "1000000")["large_lambda"],
        small_lambda=lambda objective: _penalty_wins(objective, "1000000")["small_lambda"],
        applies=lambda form: bool(form == "limit"),
    ),
    Mistake(
        "pulled to 0 by habit",
        r"overlooked that this penalty vanishes at $\mathbf{1}$, not at 0",
        large_lambda=lambda objective: _penalty_wins(objective, "0")["large_lambda"],
        small_lambda=lambda objective: _penalty_wins(objective, "0")["small_lambda"],
        applies=lambda objective, form: bool(form == "limit" and OBJECTIVES[objective].anchor != "0"),
    ),
    Mistake(
        "pulled to 1",
        "took 1 for the point where the penalty vanishes: this one vanishes at 0",
        large_lambda=lambda objective: _penalty_wins(objective, "1")["large_lambda"],
        small_lambda=lambda objective: _penalty_wins(objective, "1")["small_lambda"],
        applies=lambda objective, form: bool(form == "limit" and OBJECTIVES[objective].anchor == "0"),
    ),
    Mistake(
        "never near",
        "asked for equality: no finite strength reaches the limit, but it comes as near as one likes",
        large_lambda=lambda: NEVER,
        small_lambda=lambda: NEVER,
        applies=lambda form: bool(form == "setting"),
    ),
    Mistake(
        "strength 1 is neutral",
        "took the factor 1 for no penalty at all: it still weighs as much as the loss",
        small_lambda=lambda: "1",
        applies=lambda form: bool(form == "setting"),
    ),
    Mistake(
        "factor 2 of the loss dropped",
        r"differentiated the squares without their factor 2: that solves the problem for $2\lambda$",
        theta=lambda gram, moment, lambdas: theta(gram, moment, tuple(ex.multiply(TWO, s) for s in lambdas)),
    ),
    Mistake(
        "factor 2 of the penalty dropped",
        r"took $\lambda\theta$ for the derivative of $\lambda\theta^2$: that solves the problem for $\lambda/2$",
        theta=lambda gram, moment, lambdas: theta(gram, moment, tuple(ex.divide(s, TWO) for s in lambdas)),
    ),
    Mistake(
        "mean for the sum",
        r"minimized the mean of the squares: this objective has their sum; yours weighs the penalty $n$ times as much",
        theta=lambda X, gram, moment, lambdas: theta(
            gram, moment, tuple(ex.multiply(ex.exact(len(X)), s) for s in lambdas)
        ),
        applies=lambda X: len(X) > 2,
    ),
    Mistake(
        "strength in the numerator",
        r"added $\lambda$ to the numerator: it belongs to $\sum x_i^2$ below, so that $\theta_\lambda$ shrinks",
        theta=lambda gram, moment, lambdas: tuple(
            ex.solve_linear(gram, tuple([ex.add(entry, s) for entry in moment])) for s in lambdas
        ),
    ),
    Mistake(
        "absolute value for the square",
        r"solved for the penalty $\lambda\lvert\theta\rvert$, which subtracts $\lambda/2$ above and can give exactly 0",
        theta=lambda gram, moment, lambdas: tuple(
            (ex.divide(_soft_threshold(moment[0], ex.divide(s, TWO)), gram[0][0]),) for s in lambdas
        ),
        applies=lambda X: len(X[0]) == 1,
    ),
    Mistake(
        "penalty counted as error",
        r"added $\lambda\theta_\lambda^2$: the error of a model is what it gets wrong, without the penalty",
        train_sse=lambda train_residuals, lambdas, norm_squared: tuple(
            ex.add(_sum_of_squares(residuals), ex.multiply(s, n))
            for residuals, s, n in zip(train_residuals, lambdas, norm_squared, strict=True)
        ),
    ),
    Mistake(
        "averaged errors",
        "divided by the number of examples: the error asked for is the sum",
        train_sse=lambda train_residuals: tuple(
            ex.divide(_sum_of_squares(residuals), ex.exact(len(residuals))) for residuals in train_residuals
        ),
        test_sse=lambda test_residuals: tuple(
            ex.divide(_sum_of_squares(residuals), ex.exact(len(residuals))) for residuals in test_residuals
        ),
    ),
    Mistake(
        "test always improves",
        "took the largest strength: the test error falls only until the model begins to underfit",
        best_lambda=lambda lambdas: ex.extremes(lambdas)[1],
        applies=lambda test_sse: True,
    ),
    Mistake(
        "chosen on the training data",
        "compared the training errors, which are always smallest without a penalty",
        best_lambda=lambda lambdas, train_sse: lambdas[_smallest(train_sse)],
        applies=lambda test_sse: True,
    ),
    Mistake(
        "decay without its factor 2",
        r"took $\lambda\theta$ for the gradient of $\lambda\lVert\theta\rVert^2$: it is $2\lambda\theta$",
        kept_share=lambda rate, decay: ex.subtract(ex.ONE, ex.multiply(rate, decay)),
        applies=lambda weights: True,
    ),
    Mistake(
        "decay without the learning rate",
        r"shrank $\theta$ by the factor $1 - 2\lambda$: the learning rate multiplies the penalty's gradient too",
        kept_share=lambda decay: ex.subtract(ex.ONE, ex.multiply(TWO, decay)),
        applies=lambda weights: True,
    ),
    Mistake(
        "step without the penalty",
        r"followed the gradient of $L$ alone: the penalty adds $2\lambda\theta$ to it",
        kept_share=lambda: ex.ONE,
        applies=lambda weights: True,
    ),
    Mistake(
        "decayed after the step",
        r"shrank the result of the step: $1 - 2\alpha\lambda$ multiplies $\theta$, not $-\alpha g$",
        stepped=lambda weights, gradient, rate, kept_share: tuple(
            ex.multiply(kept_share, entry) for entry in stepped(weights, gradient, rate, ex.ONE)
        ),
        applies=lambda weights: True,
    ),
    Mistake(
        "factor 2 of the bowl",
        r"mixed up the factors: the derivative of $\lambda\theta_j^2$ is $2\lambda\theta_j$, and that of "
        r"$\frac{1}{2} h_j (\theta_j - t_j)^2$ is $h_j (\theta_j - t_j)$",
        shares=lambda curvature, strength: tuple(ex.divide(h, ex.add(h, strength)) for h in curvature),
        applies=lambda curvature: True,
    ),
    Mistake(
        "shrinkage inverted",
        r"exchanged the two terms: the factor is $h_j / (h_j + 2\lambda)$, near 1 where the loss is steep",
        shares=lambda curvature, strength: tuple(
            ex.divide(ex.multiply(TWO, strength), ex.add(h, ex.multiply(TWO, strength))) for h in curvature
        ),
        applies=lambda curvature: True,
    ),
    Mistake(
        "soft threshold in the bowl",
        r"solved for the penalty $\lambda \sum_j \lvert\theta_j\rvert$, which takes off $\lambda / h_j$: a square "
        r"shrinks by a factor, and never to exactly 0",
        curved_minimizer=lambda curvature, bottom, strength: tuple(
            _soft_threshold(t, ex.divide(strength, h)) for h, t in zip(curvature, bottom, strict=True)
        ),
        applies=lambda curvature: True,
    ),
]
