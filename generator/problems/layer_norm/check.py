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

    def normalize(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        differences = rows[:, :, None] - rows[:, None, :]
        var = np.square(differences).mean(axis=(1, 2)) / 2
        return var, differences.mean(axis=2) * ((var + epsilon) ** -0.5)[:, None]

    var, x_hat = normalize(X)
    opinion = {
        "mean": np.average(X, axis=1),
        "variance": var,
        "std": (var + epsilon) ** 0.5,
        "normalized": x_hat,
        "output": x_hat @ np.diag(gamma) + beta,
    }
    if row is not None:
        _, changed = normalize(scale * X[[int(row) - 1]] + shift)
        opinion["transformed_output"] = changed[0] * gamma + beta
    return opinion
