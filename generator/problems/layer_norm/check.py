"""The second opinion: variances from pairwise differences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


def check(
    X: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    epsilon: float,
    row: float | None = None,
    scale: float = 1.0,
    shift: float = 0.0,
) -> Mapping[str, Any]:
    """numpy, from the differences between the features of a row: their mean is x − μ, their mean square 2σ²."""
    count, features = X.shape
    rows = X if row is None else np.vstack([X, scale * X[int(row) - 1] + shift])
    differences = rows[:, :, None] - rows[:, None, :]
    var = np.add.reduce(differences**2, axis=(1, 2)) / (2 * features**2)
    std = np.sqrt(var + epsilon)
    x_hat = np.add.reduce(differences, axis=2) / (features * std[:, None])
    outputs = x_hat * gamma + beta
    opinion = {
        "mean": np.add.reduce(X, axis=1) / features,
        "variance": var[:count],
        "std": std[:count],
        "normalized": x_hat[:count],
        "output": outputs[:count],
    }
    if row is not None:
        opinion["transformed_output"] = outputs[count]
    return opinion
