"""Second opinions in floats that several families share: derivatives by differences, zeros by bisection."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def slopes(function: Callable[[np.ndarray], float], at: np.ndarray, step: float = 1e-3) -> np.ndarray:
    """The derivatives of a smooth scalar function with respect to every entry, by central differences of fourth order."""
    moves = step * np.eye(at.size).reshape(-1, *at.shape)
    differences = [
        8 * (function(at + move) - function(at - move)) - (function(at + 2 * move) - function(at - 2 * move))
        for move in moves
    ]
    return np.array(differences).reshape(at.shape) / (12 * step)


def complex_slopes(function: Callable[[np.ndarray], complex], at: np.ndarray) -> np.ndarray:
    """The derivatives of an analytic scalar function with respect to every entry, by complex steps: f'(x) = Im f(x + ih) / h.

    Nothing cancels, so that h may be so small that no kink is near (Squire and Trapp, *Using Complex Variables to Estimate Derivatives of Real Functions*, 1998).
    """
    moves = 1e-30j * np.eye(at.size).reshape(-1, *at.shape)
    return np.array([function(at + move).imag for move in moves]).reshape(at.shape) / 1e-30


def root(rising: Callable[[float], float]) -> float:
    """Where a rising function is 0 between -50 and 50, by bisection."""
    low, high = -50.0, 50.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2
