"""The second opinion: the layer applied to masks, all of them for the moments."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
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
    alive = np.ones(len(x), dtype=bool)
    alive[np.asarray(dropped, dtype=int) - 1] = False
    opinion: dict[str, Any] = {
        "contributions": np.diag(np.outer(w, x)),
        "correction": 1 / (1 - p),
        "y_drop": np.where(alive, x, 0.0) @ w,
        "y_corr": np.where(alive, x / (1 - p), 0.0) @ w,
        "y_orig": np.inner(x, w),
    }
    opinion["expected_drop"], opinion["variance_drop"] = _moments(x * w, p)
    opinion["expected_corr"], opinion["variance_corr"] = _moments(x * w / (1 - p), p)
    if seen_drop is not None and seen_corr is not None:
        opinion["found_p"] = (seen_corr - seen_drop) / seen_corr
    return opinion


def _moments(terms: np.ndarray, p: float) -> tuple[float, float]:
    """Mean and variance of the sum of the terms that survive, from all masks of ten units at a time."""
    mean = variance = 0.0
    for block in np.array_split(terms, -(-len(terms) // 10)):
        masks = _masks(len(block))
        likely = np.where(masks, 1 - p, p).prod(axis=1)
        sums = masks @ block
        average = float(likely @ sums)
        mean += average
        variance += float(likely @ (sums - average) ** 2)
    return mean, variance


@cache
def _masks(count: int) -> np.ndarray:
    return np.array(list(product((False, True), repeat=count)))
