"""The second opinion: the layer applied to masks, all of them for the moments."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np


def check(
    x: np.ndarray,
    w: np.ndarray,
    p: float,
    dropped: np.ndarray,
    seen_drop: float | None = None,
    seen_corr: float | None = None,
) -> Mapping[str, Any]:
    """The layer itself on this mask, and every mask with its probability for the moments."""
    alive = np.ones(len(x))
    alive[np.asarray(dropped, dtype=int) - 1] = 0
    opinion: dict[str, Any] = {
        "contributions": np.outer(w, x).diagonal(),
        "correction": 1 / (1 - p),
        "y_drop": (alive * x) @ w,
        "y_corr": (alive * x / (1 - p)) @ w,
        "y_orig": x @ w,
    }
    means, variances = _moments(np.outer(x * w, (1, 1 / (1 - p))), p)
    opinion["expected_drop"], opinion["expected_corr"] = means
    opinion["variance_drop"], opinion["variance_corr"] = variances
    if seen_drop is not None and seen_corr is not None:
        opinion["found_p"] = (seen_corr - seen_drop) / seen_corr
    return opinion


def _moments(terms: np.ndarray, p: float) -> tuple[list[float], list[float]]:
    """Mean and variance of the sum of the terms that survive in each column, from all masks of ten units at a time."""
    mean = variance = np.zeros(terms.shape[1])
    for start in range(0, len(terms), 10):
        block = terms[start : start + 10]
        masks, likely = _masks(len(block), p)
        sums = masks @ block
        average = likely @ sums
        mean = mean + average
        variance = variance + likely @ (sums - average) ** 2
    return mean.tolist(), variance.tolist()


@lru_cache(maxsize=64)
def _masks(count: int, p: float) -> tuple[np.ndarray, np.ndarray]:
    """All masks of so many units, and how likely each is."""
    masks = np.array(list(product((0.0, 1.0), repeat=count)))
    return masks, np.where(masks, 1 - p, p).prod(axis=1)
