"""The second opinion, in floats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from generator.problems._numeric import complex_slopes


def check(
    x: float, slopes: np.ndarray, shifts: np.ndarray, schedule: str, peak: float, warmup: float, total: float,
    asked_steps: np.ndarray, weights: np.ndarray, momentum: float, bits: float, vector: np.ndarray,
    activations: np.ndarray, similarity_ratios: np.ndarray, drop: float = 1.0, every: float = 1.0,
) -> Mapping[str, Any]:  # fmt: skip
    """numpy: gradients by complex steps, rates along the schedule, averages in closed form, the nearest of all restored values, log-sum-exp."""

    def states(start: complex, kept: float) -> list[complex]:
        found = [start]
        for a, b in zip(slopes, shifts, strict=True):
            inner = found[-1] + b
            found.append(kept * found[-1] + (a * inner if inner.real > 0 else 0))
        return found

    def slope(kept: float) -> float:
        return float(complex_slopes(lambda at: complex(states(at[0], kept)[-1]), np.array([x + 0j]))[0])

    def rate(step: float) -> float:
        if warmup > 0 and step <= warmup:
            return float(np.interp(step, [0, warmup], [0, peak]))
        if schedule == "step":
            return float(peak * drop ** int((step - warmup) / every + 1e-9))
        if schedule == "linear":
            return float(np.interp(step, [warmup, total], [peak, 0]))
        return float(peak * np.cos(np.pi / 2 * (step - warmup) / (total - warmup)) ** 2)

    count = len(weights)
    shares = np.array(
        [[(1 - momentum) * momentum ** (t - i) if i <= t else 0 for i in range(count)] for t in range(count)]
    )
    shares[:, 0] = momentum ** np.arange(count)
    most = 2 ** (bits - 1) - 1
    scale = np.abs(vector).max() / most
    codes = closest(vector / scale, -most, most)
    affine_scale = np.ptp(activations) / (2**bits - 1)
    zero_point = closest(np.array([-activations.min() / affine_scale]), -np.inf, np.inf)[0]
    affine_codes = closest(activations / affine_scale + zero_point, 0, 2**bits - 1)
    logits = np.log(similarity_ratios)
    top = logits.max(axis=1)
    logs = np.diag(logits) - top - np.log(np.exp(logits - top[:, None]).sum(axis=1))
    return {
        "residual_states": [one.real for one in states(x + 0j, 1.0)],
        "residual_gradient": slope(1.0),
        "plain_gradient": slope(0.0),
        "rates": [rate(step) for step in asked_steps],
        "ema": shares @ weights,
        "scale": scale,
        "codes": codes,
        "errors": codes * scale - vector,
        "affine_scale": affine_scale,
        "zero_point": zero_point,
        "affine_codes": affine_codes,
        "affine_errors": (affine_codes - zero_point) * affine_scale - activations,
        "contrast": np.exp(logs),
        "contrast_loss": -logs.mean(),
    }


def closest(values: np.ndarray, least: float, most: float) -> np.ndarray:
    """Of the whole numbers around each value, and the ends of the range, the one that is nearest to it."""
    around = np.floor(values)[:, None] + np.array([-1, 0, 1, 2])
    around = np.clip(around, least, most)
    return np.array([row[np.abs(row - one).argmin()] for row, one in zip(around, values, strict=True)])
