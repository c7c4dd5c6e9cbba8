"""The second opinion: arrays of the network's sizes, counted."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

import numpy as np

from generator.problems.model_size.networks import Operations

_LEADER = {-1: "parameters", 0: "equal", 1: "activations"}


def check(
    batch: float,
    features: float,
    operations: Operations,
    blanks: tuple[str, ...] = (),
    compare_at: Any = "large",
    candidates: Any = (),
    logits: np.ndarray | None = None,
    budget: float | None = None,
) -> Mapping[str, Any]:
    """A pass of arrays without memory through the network, then searches instead of divisions."""
    n = int(batch)
    z = [_array(n, int(features))]
    linears, learned = [], []
    for operation in operations:
        match operation["op"]:
            case "Linear":
                weight, bias = _array(z[-1].shape[1], int(operation["out"])), _array(int(operation["out"]))
                linears.append(weight)
                learned += [weight, bias]
                z.append(_array(n, *bias.shape))
            case "Norm":
                gamma, beta = z[-1][0], z[-1][0]
                learned += [gamma, beta]
                z.append(z[-1])
            case "Add":
                z.append(_array(*np.broadcast_shapes(z[-1].shape, z[int(operation["with"])].shape)))
            case _:
                z.append(z[-1])  # entry by entry
    total = sum([array.size for array in z[1:-1]])
    count = sum([array.size for array in learned])
    ends: list[tuple[int, ...]] = [array.shape for array in linears]
    sides = list(blanks) or (["out"] + ["in"] * len(ends))[: len(ends) - 1]
    hidden = {(i, 1) if side == "out" else (i + 1, 0) for i, side in enumerate(sides)} | {(len(ends) - 1, 1)}

    def least_above(bound: int) -> int:
        """The least batch size that holds more numbers than that, looked up among the multiples of K."""
        return bisect_right(range(0, bound + total, total // n), bound)

    last = len(operations)
    ending = re.search("(Softmax (Log )?)?$", "".join(f"{operation['op']} " for operation in operations))
    scores = f"z{last - (ending.group().count(' ') if ending else 0)}"
    sizes = [10 * count] if isinstance(compare_at, str) else np.atleast_1d(compare_at).tolist()
    signs = [(size * total > n * count) - (size * total < n * count) for size in sizes]
    opinion = {
        "dimensions": [ends[i][end] for i, end in sorted(hidden)],
        "shapes": [array.shape for array in z[1:]],
        "logits_activation": scores,
        "activations_per_example": total / n,
        "activations": total,
        "weights": sum([array.size for array in linears]),
        "biases": sum([leaving for _, leaving in ends]),
        "norm_parameters": count - sum([(entering + 1) * leaving for entering, leaving in ends]),
        "parameters": count,
        "crossover": n * count / total,
        "break_even": least_above(count),
        "break_even_adam": least_above(4 * count),
        "memory": _LEADER[signs[0]] + " first" * (signs[0] != signs[-1]),
    }
    if len(candidates):
        opinion["logits_option"] = scores if any(scores == f"z{int(place)}" for place in candidates) else "none"
    if logits is not None:
        shifted = np.asarray(logits) - np.asarray(logits).max()
        opinion["probabilities"] = np.exp(shifted - np.log(np.exp(shifted).sum()))
    if budget is not None:
        opinion["largest_batch"] = least_above(int(budget) - count) - 1
    return opinion


_NOTHING = np.dtype([])
"""Entries of no bytes: arrays that have a shape and take no memory."""


def _array(*shape: int) -> np.ndarray:
    return np.empty(shape, _NOTHING)
