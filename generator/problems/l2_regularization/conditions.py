"""What a user's own numbers must satisfy."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from generator import InputError
from generator.numbers import exact as ex
from generator.problems.l2_regularization.norm_concepts import NEEDS
from generator.problems.l2_regularization.solution import PAIR_INPUTS, gram, moment, pair_after, pair_before, theta


def require(
    X: ex.Matrix,
    y: ex.Vector,
    lambdas: ex.Vector,
    X_test: ex.Matrix | None = None,
    y_test: ex.Vector | None = None,
    weights: ex.Vector | None = None,
    gradient: ex.Vector | None = None,
    rate: ex.Scalar | None = None,
    decay: ex.Scalar | None = None,
    curvature: ex.Vector | None = None,
    bottom: ex.Vector | None = None,
    strength: ex.Scalar | None = None,
    pair_y: ex.Vector | None = None,
    labels: ex.Vector | None = None,
    odds: ex.Scalar | None = None,
    norm_question: str = "",
    ask_sweep: str = "no",
) -> None:
    """Shapes that fit, strengths that are not negative, and a minimizer for each of them."""
    for place, one in enumerate(lambdas, start=1):
        _require_strength(f"lambdas[{place}]", one)
    _require_together(X_test=X_test, y_test=y_test)
    _require_data(X, y, X_test, y_test)
    if any(ex.is_zero(one) for one in lambdas):
        _require_unique_minimizer(X, y)
    _require_together(weights=weights, gradient=gradient, rate=rate, decay=decay)
    if weights is not None and gradient is not None:
        _require_length("gradient", gradient, len(weights), "entry of weights")
        _require_strength("decay", decay)
    _require_together(curvature=curvature, bottom=bottom, strength=strength)
    if curvature is not None and bottom is not None:
        _require_length("bottom", bottom, len(curvature), "entry of curvature")
        _require_strength("strength", strength)
        if not all(ex.sign(h) > 0 for h in curvature):
            raise InputError("expected positive numbers, so that the loss has a minimum", field="curvature")
    _require_together(labels=labels, odds=odds)
    _require_for_questions(norm_question, pair_y, labels, odds)
    if ask_sweep == "yes" and len(X[0]) > 1:
        raise InputError(f"the sweep is asked for one feature only; X has {len(X[0])}", field="ask_sweep")


def _require_together(**given: Any) -> None:
    there = [name for name, value in given.items() if value is not None]
    missing = [name for name, value in given.items() if value is None]
    if there and missing:
        raise InputError(f"missing; {there[0]} is of no use without it", field=missing[0])


def _require_data(X: ex.Matrix, y: ex.Vector, X_test: ex.Matrix | None, y_test: ex.Vector | None) -> None:
    _require_length("y", y, len(X), "example of X")
    if X_test is not None and y_test is not None:
        if len(X_test[0]) != len(X[0]):
            raise InputError(f"expected rows of {len(X[0])} entries, as in X; got {len(X_test[0])}", field="X_test")
        _require_length("y_test", y_test, len(X_test), "example of X_test")


def _require_for_questions(
    norm_question: str, pair_y: ex.Vector | None, labels: ex.Vector | None, odds: ex.Scalar | None
) -> None:
    needed = NEEDS.get(norm_question)
    if needed is not None and {"pair_y": pair_y, "labels": labels}[needed] is None:
        raise InputError(f"missing; the question {norm_question!r} needs it", field=needed)
    if pair_y is not None:
        _require_length("pair_y", pair_y, len(PAIR_INPUTS), "example")
        if not _one_grows(pair_y):
            raise InputError("expected targets with which one coefficient grows from lambda = 0 to 1", field="pair_y")
    if labels is not None:
        _require_odds(labels, odds)


@lru_cache(maxsize=1 << 10)
def _one_grows(pair_y: ex.Vector) -> bool:
    """Whether a coefficient is larger in size at λ = 1 than at 0: samplers draw from a table of such targets."""
    pairs = zip(pair_after(pair_y), pair_before(pair_y), strict=True)
    return any(ex.sign(ex.subtract(ex.absolute(a), ex.absolute(b))) > 0 for a, b in pairs)


def _require_length(name: str, vector: ex.Vector, length: int, of: str) -> None:
    if len(vector) != length:
        raise InputError(f"expected {length} entries, one for each {of}; got {len(vector)}", field=name)


def _require_strength(name: str, strength: ex.Scalar) -> None:
    if ex.sign(strength) < 0:
        raise InputError(f"expected a strength that is not negative; got {strength}", field=name)


def _require_unique_minimizer(X: ex.Matrix, y: ex.Vector) -> None:
    if len(X[0]) == 1 and not all(ex.is_zero(x) for (x,) in X):
        return
    try:
        theta(gram(X), moment(X, y), (ex.ZERO,))
    except ZeroDivisionError:
        raise InputError(
            "the columns of X are linearly dependent, so at lambda = 0 the minimizer is not unique; "
            "leave out 0 or change X",
            field="lambdas",
        ) from None


def _require_odds(labels: ex.Vector, odds: ex.Scalar) -> None:
    _require_length("labels", labels, 2, "class")
    if not all(count.is_Integer and count.is_positive for count in labels):
        raise InputError("expected two positive whole numbers", field="labels")
    if not ex.subtract(odds, ex.ONE).is_positive:
        raise InputError(f"expected odds above 1; got {odds}", field="odds")
    if not ex.subtract(labels[0], ex.multiply(odds, labels[1])).is_positive:
        raise InputError(f"expected odds below {labels[0]}/{labels[1]}, those of the labels; got {odds}", field="odds")
