"""The second opinion: variances from a covariance matrix, the affine map as one scale and one offset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def check(
    X: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    epsilon: float,
    momentum: float | None = None,
    running_mean: np.ndarray | None = None,
    running_variance: np.ndarray | None = None,
    example: np.ndarray | None = None,
) -> Mapping[str, Any]:
    """numpy, with the variances from a covariance matrix and the affine map as one scale and one offset."""
    count = len(X)
    mu = np.add.reduce(X) / count
    distances = X - mu
    scatter = np.diagonal(distances.T @ distances)
    var = scatter / count
    std = np.sqrt(var + epsilon)
    scale = gamma / std
    opinion = {
        "mean": mu,
        "variance": var,
        "std": std,
        "normalized": distances / std,
        "output": X * scale + (beta - mu * scale),
    }
    if momentum is not None and running_mean is not None and running_variance is not None:
        opinion["new_running_mean"] = running_mean + momentum * (mu - running_mean)
        opinion["new_running_variance"] = running_variance + momentum * (scatter / (count - 1) - running_variance)
    if example is not None and running_mean is not None and running_variance is not None:
        fixed = gamma * (running_variance + epsilon) ** -0.5
        opinion["inference_output"] = example * fixed + (beta - running_mean * fixed)
    return opinion
