"""What the questions in words show beside the steps of the solution: numbers made of those that a variant draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from generator import Array, array
from generator.numbers import notation

PAIR_X = array([[1, 0], [1, 1], [0, 1]])
"""Three examples of two features on which one coefficient can grow while the norm shrinks (at λ = 1)."""


def candidates(pair_before: Array, pair_after: Array) -> Array:
    """Both minimizers of the pair in an order that does not give the penalized one away."""
    return array(sorted((pair_before, pair_after), key=tuple))


def roles(pair_before: Array, pair_after: Array) -> tuple[str, str]:
    """The letters of the penalized minimizer and of the other."""
    return ("A", "B") if candidates(pair_before, pair_after)[0] == pair_after else ("B", "A")


def grown(pair_before: Array, pair_after: Array) -> Array:
    """Which coefficient of the pair has grown, from what, and to what."""
    before, after = abs(pair_before), abs(pair_after)
    place = (after - before).argmax()
    return array([place + 1, before[place], after[place]])


def run_order(order: Array) -> tuple[int, ...]:
    """The places, from 0 on, of the smallest, the middle and the largest of three runs' numbers."""
    return tuple(place - 1 for place in map(int, order) if place < 4)


def runs(labels: Array, odds: Any, order: Array) -> Array:
    """A number for each of the runs A, B and C."""
    sizes = dict(zip(run_order(order), (odds, labels[0], labels.sum()), strict=True))
    return array([sizes[place] for place in range(3)])


def run_letters(order: Array) -> tuple[str, ...]:
    """The letters of the runs with the smallest, the middle and the largest number."""
    return tuple("ABC"[place] for place in run_order(order))


def overfits(order: Array) -> str:
    """The letter of the model that overfits."""
    return "A" if order[0] < order[1] else "B"


def model_errors(labels: Array, order: Array) -> Array:
    """The training and the test error of models A and B: one overfits, the other underfits."""
    pairs = (labels[1] / 10, labels[0]), (labels[0] + 1, labels[0] + 2)
    return array([*pairs[0], *pairs[1]] if overfits(order) == "A" else [*pairs[1], *pairs[0]])


NUMBERS: Mapping[str, Callable[..., Any]] = {
    "candidates": candidates,
    "roles": roles,
    "grown": grown,
    "runs": runs,
    "model_errors": model_errors,
    "overfitting": overfits,
    "underfitting": lambda order: "B" if overfits(order) == "A" else "A",
    "run_letters": run_letters,
    "candidate_norms": lambda pair_before, pair_after: (candidates(pair_before, pair_after) ** 2).sum(axis=1),
    "pair_errors": lambda pair_before, pair_after, pair_y: (
        (pair_y - candidates(pair_before, pair_after) @ PAIR_X.T) ** 2
    ).sum(axis=1),
    "pair_squares": lambda pair_y: (pair_y**2).sum(),
    "pair_mean": lambda pair_y: pair_y.mean(),
    "pair_gain": lambda pair_y: 3 * pair_y.mean() ** 2,
    "better_run": lambda labels, odds, order: "A" if runs(labels, odds, order)[:2].argmin() == 0 else "B",
    "chosen_strength": lambda order: (0, 1, 10)[run_order(order)[0]],
    "total": lambda labels: labels.sum(),
    "loss_gap": lambda labels, odds: odds * (labels[1] - 1),
    "upper_norm_bound": lambda labels: labels[0] + labels[1] - 1,
    "norm_bound": lambda labels: labels[0] - labels[1] + 1,
    "loss_bound": lambda labels, odds: labels[1] + odds * labels[0],
    "between": lambda labels, odds: (labels[0] + odds) / 2,
    "orthonormal_share": lambda odds: 1 / (1 + odds),
    "lost_share": lambda odds: odds / (1 + odds),
    "lost_square": lambda odds: (odds / (1 + odds)) ** 2,
    "mean_strength": lambda labels, odds: labels.sum() / odds,
    "tenth": lambda odds: odds / 10,
    "tenth_error": lambda labels: labels[1] / 10,
    "fifth_error": lambda labels: labels[1] / 5,
    "half_error": lambda labels: labels[1] / 2,
    "slightly_more": lambda labels: labels[0] + 1,
    "alpha": lambda labels: 1 / (2 * labels[0]),
    "plateau_factor": lambda labels, odds: 1 - odds / (10 * labels[0]),
    "best_ratio": lambda labels, odds: labels[0] / odds - 1,
    "worse_by": lambda labels: labels[0] - labels[1],
    "units_factor": lambda labels: labels[0] ** 2,
    "true_square": lambda labels: labels[1] ** 2,
    "best_shrinkage": lambda labels, odds: labels[1] ** 2 / (labels[1] ** 2 + odds),
    "x": lambda X: X[:, 0],  # the first feature
    "x_test": lambda X_test: X_test[:, 0],
    "products": lambda X, y: notation.linear_combination(X[:, 0], y),
}
"""By the names of the bank's slots; arguments are values of the problem."""
