"""What a user's own numbers must satisfy."""

from __future__ import annotations

from typing import Any

from generator import InputError
from generator.numbers import exact as ex
from generator.problems import _norms as norms


def require(
    X: ex.Matrix,
    gamma: ex.Vector,
    beta: ex.Vector,
    epsilon: ex.Scalar,
    momentum: ex.Scalar | None = None,
    running_mean: ex.Vector | None = None,
    running_variance: ex.Vector | None = None,
    example: ex.Vector | None = None,
) -> None:
    """Shapes that fit, estimates that are complete, and no feature without variance unless ε helps."""
    given = {"running_mean": running_mean, "running_variance": running_variance, "example": example}
    vectors = {name: vector for name, vector in given.items() if vector is not None}
    norms.require_features(X, epsilon, gamma=gamma, beta=beta, **vectors)
    for place, column in enumerate(ex.transpose(X), start=1):
        if ex.is_zero(epsilon) and all(ex.is_zero(ex.subtract(x, column[0])) for x in column):
            raise InputError(
                f"column {place} has zero variance; at epsilon = 0 it cannot be normalized in training", field="X"
            )
    _require_complete(momentum, running_mean, running_variance, example)
    if momentum is not None and (ex.sign(momentum) < 0 or ex.sign(ex.subtract(ex.ONE, momentum)) < 0):
        raise InputError(f"expected a number from 0 to 1; got {momentum}", field="momentum")
    if momentum is not None and len(X) == 1:
        raise InputError(
            "X has a single example, and the unbiased variance that the running variance takes is not defined for one; "
            "leave momentum out",
            field="momentum",
        )
    for place, v in enumerate(running_variance or (), start=1):
        if ex.sign(v) < 0:
            raise InputError(f"expected a number that is not negative; got {v}", field=f"running_variance[{place}]")
        if example is not None and ex.is_zero(ex.add(v, epsilon)):
            raise InputError("zero at epsilon = 0: inference would divide by 0", field=f"running_variance[{place}]")


def _require_complete(momentum: Any, running_mean: Any, running_variance: Any, example: Any) -> None:
    """Both estimates or none, and something that they are given for."""
    given = {
        "momentum": momentum,
        "example": example,
        "running_mean": running_mean,
        "running_variance": running_variance,
    }
    names = [name for name, value in given.items() if value is not None]
    for needed in ("running_mean", "running_variance"):
        if names and needed not in names:
            raise InputError(f"missing; {names[0]} needs it", field=needed)
    if names and momentum is None and example is None:
        raise InputError("missing; the running estimates are moved by it (or used on an example)", field="momentum")
