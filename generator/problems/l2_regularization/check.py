"""The second opinion: least squares on augmented data, and the logistic loss in floats."""

from __future__ import annotations

import cmath
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any

import numpy as np

from generator.numbers import exact as ex
from generator.problems.l2_regularization.solution import HUGE, OPTIMUM, PAIR_INPUTS, TINY

_PAIR_INPUTS = np.array(ex.to_float(PAIR_INPUTS))


def check(
    X: np.ndarray,
    y: np.ndarray,
    lambdas: np.ndarray,
    objective: str,
    form: str,
    X_test: np.ndarray | None = None,
    y_test: np.ndarray | None = None,
    weights: np.ndarray | None = None,
    gradient: np.ndarray | None = None,
    rate: float = 0.0,
    decay: float = 0.0,
    curvature: np.ndarray | None = None,
    bottom: np.ndarray | None = None,
    strength: float = 0.0,
    pair_y: np.ndarray | None = None,
    labels: np.ndarray | None = None,
    odds: float = 1.0,
) -> Mapping[str, Any]:
    """Least squares with the penalty as further examples: rows √λ·I of X with target 0."""
    theta = _augmented(X, y, lambdas)
    opinion: dict[str, Any] = {
        "sums": [*(X.T @ X).ravel(), *(X.T @ y)],
        "coefficients": theta.ravel(),
        "norm_squared": np.square(theta).sum(axis=1),
        "train_sse": np.square(y - theta @ X.T).sum(axis=1),
        "large_lambda": _extreme(objective, form, large=True),
        "small_lambda": _extreme(objective, form, large=False),
    }
    if X_test is not None:
        errors = np.square(y_test - theta @ X_test.T).sum(axis=1).tolist()
        good = min(errors) * (1 + 1e-9) + 1e-9
        opinion |= {
            "test_sse": errors,
            "best_lambda": next(strength for strength, error in zip(lambdas, errors, strict=True) if error <= good),
        }
    if weights is not None and gradient is not None:
        opinion["stepped"] = weights - rate * (gradient + 2 * decay * weights)
    if curvature is not None and bottom is not None:
        # ½h(θ - t)² + λθ² is least at the mean of t and 0, weighted by h/2 and λ
        opinion["curved_minimizer"] = curvature / 2 * bottom / (curvature / 2 + strength)
    if pair_y is not None:
        before, after = _augmented(_PAIR_INPUTS, pair_y, np.array([0.0, 1.0]))
        opinion |= {
            "pair_before": before,
            "pair_after": after,
            "pair_norms_squared": np.array([before @ before, after @ after]),
        }
    if labels is not None:
        opinion |= _logistic(*labels.tolist(), odds)
    return opinion


def _augmented(X: np.ndarray, y: np.ndarray, strengths: np.ndarray) -> np.ndarray:
    """The minimizer for each strength: what must be taken of each column so that the rest of y is orthogonal to all.

    The columns are made orthogonal one after another (Gram and Schmidt, modified).  Below the numbers of a column stands
    what it was made of, and so at the end below the rest of y, which is y - Xθ, stands -θ.
    """
    examples, size = X.shape
    height = examples + size
    columns = np.zeros((size + 1, len(strengths), height + size))
    columns[:size, :, :examples] = X.T[:, None]
    columns[size, :, :examples] = y
    for place in range(size):
        columns[place, :, examples + place] = np.sqrt(strengths)
        columns[place, :, height + place] = 1
    for place in range(size):
        along = np.add.reduce(columns[place:, :, :height] * columns[place, :, :height], axis=2)
        columns[place + 1 :] -= (along[1:] / along[0])[:, :, None] * columns[place]
    return -columns[size, :, height:]


@cache
def _extreme(objective: str, form: str, *, large: bool) -> str:
    """The minimizer of a ½(θ - 3)² + b (θ - c)² at both ends, compared with the options."""
    parts_of: Mapping[str, Callable[[float], tuple[float, float, float]]] = {
        "plain": lambda s: (1, s, 0),
        "half": lambda s: (1, s / 2, 0),
        "mean": lambda s: (1, s, 0),
        "inverse": lambda s: (s, 1, 0),
        "towards_one": lambda s: (1, s, 1),
    }
    optimum = 3.0

    def minimizer(size: float) -> float:
        a, b, centre = parts_of[objective](size)
        return (a / 2 * optimum + b * centre) / (a / 2 + b)

    if form == "limit":
        found = minimizer(1e8 if large else 1e-8)
        options = {"0": 0.0, "1": 1.0, "1000000": 1e6, OPTIMUM: optimum}
        return min(options, key=lambda name: abs(options[name] - found))
    wanted = parts_of[objective](1)[2] if large else optimum
    strengths = {TINY: 1e-6, "1": 1.0, HUGE: 1e6}
    return min(strengths, key=lambda name: abs(minimizer(strengths[name]) - wanted))


@lru_cache(maxsize=64)
def _logistic(positive: float, negative: float, odds: float) -> Mapping[str, Any]:
    """The slope by a complex step; the optimum by bisection of the slope.  Samplers draw from few numbers of labels."""

    def slope(theta: float) -> float:
        z = theta + 1e-30j
        loss: complex = positive * cmath.log(1 + cmath.exp(-z)) + negative * cmath.log(1 + cmath.exp(z))
        return loss.imag / 1e-30

    low, high = 0.0, 40.0
    for _ in range(45):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    theta = float(np.log1p(odds - 1))
    return {
        "logistic_optimum": (low + high) / 2,
        "logistic_minimizer": theta,
        "logistic_slope": slope(theta),
        "logistic_lambda": -slope(theta) / (2 * theta),
        "logistic_probabilities": (positive / (positive + negative), 1 / (1 + np.exp(-theta))),
    }
