r"""L2 regularization: what the strength of the penalty does to the minimizer, and to both errors.

Hoerl and Kennard, *Ridge Regression* (1970): the minimizer of :math:`\sum (y - X\theta)^2 + \lambda \|\theta\|^2`
solves :math:`(X^\top X + \lambda I)\,\theta = X^\top y`.
"""

from __future__ import annotations

import cmath
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import sympy

from generator import (
    Array,
    Bank,
    Content,
    InputError,
    Level,
    Mistake,
    Part,
    Problem,
    Values,
    Vector,
    array,
    concatenate,
    equal,
    eye,
    maximum,
    minimum,
    one_of,
    optional,
    permutation,
    read_matrix,
    read_number,
    read_vector,
    required,
    solve,
    some_of,
    stack,
)
from generator.problems.l2_regularization import extremes
from generator.problems.l2_regularization.extremes import FORMS, OBJECTIVES, large_lambda, small_lambda
from generator.problems.l2_regularization.sampler import sample, sample_easy, sample_hard
from generator.problems.l2_regularization.sweep import illustration, summary, sweep_part
from generator.problems.l2_regularization.sweeps import EASY, HARD, STANDARD, Setting

# ---------------------------------------------------------------------------------- the user's own numbers

TOGETHER = (
    ("X_test", "y_test"),
    ("weights", "gradient", "rate", "decay"),
    ("curvature", "bottom", "strength"),
    ("labels", "odds"),
)
"""Parameters that are given together or not at all."""

SAME_LENGTH = {"y": "X", "y_test": "X_test", "gradient": "weights", "bottom": "curvature"}


def require(**given: Any) -> None:
    """Shapes that fit, strengths that are not negative, and a minimizer for each of them."""
    for names in TOGETHER:
        missing = [name for name in names if name not in given]
        if 0 < len(missing) < len(names):
            raise InputError(f"missing; {', '.join(names)} are given together or not at all", field=missing[0])
    for name, like in SAME_LENGTH.items():
        if name in given:
            _require_length(name, given[name], len(given[like]), like)
    features = len(given["X"][0])
    if "X_test" in given and len(given["X_test"][0]) != features:
        raise InputError(f"expected rows of {features} entries, as in X", field="X_test")
    if given["ask_sweep"] == "yes" and features > 1:
        raise InputError(f"the sweep is asked for one feature only; X has {features}", field="ask_sweep")
    _require_minimizers(given)
    if "pair_y" in given:
        _require_pair(given["pair_y"])
    if "labels" in given:
        _require_odds(given["labels"], given["odds"])


def _require_length(name: str, vector: Array, length: int, like: str) -> None:
    if len(vector) != length:
        raise InputError(f"expected {length} entries, one for each of {like}; got {len(vector)}", field=name)


def _require_minimizers(given: Mapping[str, Any]) -> None:
    strengths = {f"lambdas[{place}]": one for place, one in enumerate(given["lambdas"], start=1)}
    strengths |= {name: given[name] for name in ("decay", "strength") if name in given}
    for name, is_negative in zip(strengths, array([*strengths.values()]) < 0, strict=True):
        if is_negative:
            raise InputError(f"expected a strength that is not negative; got {strengths[name]}", field=name)
    try:
        if equal(given["lambdas"], 0).any():
            theta(gram(given["X"]), moment(given["X"], given["y"]), [0])
    except ZeroDivisionError:
        raise InputError(
            "the columns of X are linearly dependent, so at lambda = 0 the minimizer is not unique; "
            "leave out 0 or change X",
            field="lambdas",
        ) from None
    if "curvature" in given and not (given["curvature"] > 0).all():
        raise InputError("expected positive numbers, so that the loss has a minimum", field="curvature")


def _require_pair(pair_y: Array) -> None:
    _require_length("pair_y", pair_y, len(PAIR_X), "the three examples")
    if not (abs(pair_after(pair_y)) > abs(pair_before(pair_y))).any():
        raise InputError("expected targets with which one coefficient grows from lambda = 0 to 1", field="pair_y")


def _require_odds(labels: Array, odds: Any) -> None:
    _require_length("labels", labels, 2, "the two classes")
    if not all(count.is_Integer and count > 0 for count in labels):
        raise InputError("expected two positive whole numbers", field="labels")
    if not 1 < odds < labels[0] / labels[1]:
        raise InputError(
            f"expected odds between 1 and {labels[0]}/{labels[1]}, those of the labels; got {odds}", field="odds"
        )


# ------------------------------------------------------------------------------------------- the solution
# A function's name is what it computes, its arguments are what it needs; two more steps are in extremes.


def gram(X: Array) -> Array:
    return X.T @ X


def moment(X: Array, y: Array) -> Array:
    return X.T @ y


def sums(gram: Array, moment: Array) -> Array:
    """The entries of both: of one feature, Σx² and Σxy."""
    return concatenate([gram.flatten(), moment])


def theta(gram: Array, moment: Array, lambdas: Any) -> Array:
    return array([solve(gram + strength * eye(len(gram)), moment) for strength in lambdas])


def coefficients(theta: Array) -> Array:
    return theta.flatten()


def norm_squared(theta: Array) -> Array:
    return (theta**2).sum(axis=1)


def train_residuals(X: Array, y: Array, theta: Array) -> Array:
    return y - theta @ X.T


def train_sse(train_residuals: Array) -> Array:
    return (train_residuals**2).sum(axis=1)


def test_residuals(X_test: Array, y_test: Array, theta: Array) -> Array:
    return y_test - theta @ X_test.T


def test_sse(test_residuals: Array) -> Array:
    return (test_residuals**2).sum(axis=1)


def best_lambda(lambdas: Array, test_sse: Array) -> Any:
    return lambdas[test_sse.argmin()]


def kept_share(rate: Any, decay: Any) -> Any:
    return 1 - 2 * rate * decay


def stepped(weights: Array, gradient: Array, rate: Any, kept_share: Any) -> Array:
    return kept_share * weights - rate * gradient


def shares(curvature: Array, strength: Any) -> Array:
    return curvature / (curvature + 2 * strength)


def curved_minimizer(shares: Array, bottom: Array) -> Array:
    return shares * bottom


PAIR_X = array([[1, 0], [1, 1], [0, 1]])
"""Three examples of two features on which one coefficient can grow while the norm shrinks (at λ = 1)."""


def pair_before(pair_y: Array) -> Array:
    return solve(gram(PAIR_X), moment(PAIR_X, pair_y))


def pair_after(pair_y: Array) -> Array:
    return solve(gram(PAIR_X) + eye(2), moment(PAIR_X, pair_y))


def pair_norms_squared(pair_before: Array, pair_after: Array) -> Array:
    return (stack([pair_before, pair_after]) ** 2).sum(axis=1)


def logistic_optimum(labels: Array) -> Any:
    return sympy.log(labels[0] / labels[1])


def logistic_minimizer(odds: Any) -> Any:
    return sympy.log(odds)


def logistic_slope(labels: Array, odds: Any) -> Any:
    """The derivative of the loss Σ -log p(label) at θ = log(odds)."""
    return (odds * labels[1] - labels[0]) / (odds + 1)


def logistic_lambda(logistic_slope: Any, logistic_minimizer: Any) -> Any:
    return -logistic_slope / (2 * logistic_minimizer)


def logistic_probabilities(labels: Array, odds: Any) -> Array:
    return array([labels[0] / labels.sum(), odds / (odds + 1)])


# What questions of the bank show beside the steps.


def candidates(pair_before: Array, pair_after: Array) -> Array:
    """Both minimizers of the pair in an order that does not give the penalized one away."""
    return array(sorted((pair_before, pair_after), key=tuple))


def candidate_norms(pair_before: Array, pair_after: Array) -> Array:
    return (candidates(pair_before, pair_after) ** 2).sum(axis=1)


def roles(pair_before: Array, pair_after: Array) -> tuple[str, str]:
    """The letters of the penalized minimizer and of the other."""
    return ("A", "B") if candidates(pair_before, pair_after)[0] == pair_after else ("B", "A")


def grown(pair_before: Array, pair_after: Array) -> Array:
    """Which coefficient of the pair has grown, from what, and to what."""
    before, after = abs(pair_before), abs(pair_after)
    place = (after - before).argmax()
    return array([place + 1, before[place], after[place]])


BANK = Bank.beside(__file__, candidates, candidate_norms, roles, grown)

# -------------------------------------------------------------------------------- what students do instead


def soft_threshold(x: Array, by: Any) -> Any:
    """Each entry moved towards 0, and no further."""
    return maximum(x - by, 0) + minimum(x + by, 0)


MISTAKES = [
    *extremes.MISTAKES,
    Mistake(
        "factor 2 of the loss dropped",
        r"differentiated the squares without their factor 2: that solves the problem for $2\lambda$",
        theta=lambda gram, moment, lambdas: theta(gram, moment, 2 * lambdas),
    ),
    Mistake(
        "factor 2 of the penalty dropped",
        r"took $\lambda\theta$ for the derivative of $\lambda\theta^2$: that solves the problem for $\lambda/2$",
        theta=lambda gram, moment, lambdas: theta(gram, moment, lambdas / 2),
    ),
    Mistake(
        "mean for the sum",
        r"minimized the mean of the squares: this objective has their sum; yours weighs the penalty $n$ times as much",
        theta=lambda X, gram, moment, lambdas: theta(gram, moment, len(X) * lambdas),
        applies=lambda X: len(X) > 2,
    ),
    Mistake(
        "strength in the numerator",
        r"added $\lambda$ to the numerator: it belongs to $\sum x_i^2$ below, so that $\theta_\lambda$ shrinks",
        theta=lambda gram, moment, lambdas: array([solve(gram, moment + strength) for strength in lambdas]),
    ),
    Mistake(
        "absolute value for the square",
        r"solved for the penalty $\lambda\lvert\theta\rvert$, which subtracts $\lambda/2$ above and can give exactly 0",
        theta=lambda gram, moment, lambdas: soft_threshold(moment, lambdas[:, None] / 2) / gram[0],
        applies=lambda X: len(X[0]) == 1,
    ),
    Mistake(
        "penalty counted as error",
        r"added $\lambda\theta_\lambda^2$: the error of a model is what it gets wrong, without the penalty",
        train_sse=lambda train_residuals, lambdas, norm_squared: train_sse(train_residuals) + lambdas * norm_squared,
    ),
    Mistake(
        "averaged errors",
        "divided by the number of examples: the error asked for is the sum",
        train_sse=lambda train_residuals: (train_residuals**2).mean(axis=1),
        test_sse=lambda test_residuals: (test_residuals**2).mean(axis=1),
    ),
    Mistake(
        "test always improves",
        "took the largest strength: the test error falls only until the model begins to underfit",
        best_lambda=lambda lambdas: lambdas.max(),
        applies=lambda test_sse: True,
    ),
    Mistake(
        "chosen on the training data",
        "compared the training errors, which are always smallest without a penalty",
        best_lambda=lambda lambdas, train_sse: lambdas[train_sse.argmin()],
        applies=lambda test_sse: True,
    ),
    Mistake(
        "decay without its factor 2",
        r"took $\lambda\theta$ for the gradient of $\lambda\lVert\theta\rVert^2$: it is $2\lambda\theta$",
        kept_share=lambda rate, decay: 1 - rate * decay,
        applies=lambda weights: True,
    ),
    Mistake(
        "decay without the learning rate",
        r"shrank $\theta$ by the factor $1 - 2\lambda$: the learning rate multiplies the penalty's gradient too",
        kept_share=lambda decay: 1 - 2 * decay,
        applies=lambda weights: True,
    ),
    Mistake(
        "step without the penalty",
        r"followed the gradient of $L$ alone: the penalty adds $2\lambda\theta$ to it",
        kept_share=lambda: sympy.Integer(1),
        applies=lambda weights: True,
    ),
    Mistake(
        "decayed after the step",
        r"shrank the result of the step: $1 - 2\alpha\lambda$ multiplies $\theta$, not $-\alpha g$",
        stepped=lambda weights, gradient, rate, kept_share: kept_share * (weights - rate * gradient),
        applies=lambda weights: True,
    ),
    Mistake(
        "factor 2 of the bowl",
        r"mixed up the factors: the derivative of $\lambda\theta_j^2$ is $2\lambda\theta_j$, and that of "
        r"$\frac{1}{2} h_j (\theta_j - t_j)^2$ is $h_j (\theta_j - t_j)$",
        shares=lambda curvature, strength: curvature / (curvature + strength),
        applies=lambda curvature: True,
    ),
    Mistake(
        "shrinkage inverted",
        r"exchanged the two terms: the factor is $h_j / (h_j + 2\lambda)$, near 1 where the loss is steep",
        shares=lambda curvature, strength: 2 * strength / (curvature + 2 * strength),
        applies=lambda curvature: True,
    ),
    Mistake(
        "soft threshold in the bowl",
        r"solved for the penalty $\lambda \sum_j \lvert\theta_j\rvert$, which takes off $\lambda / h_j$: a square "
        r"shrinks by a factor, and never to exactly 0",
        curved_minimizer=lambda curvature, bottom, strength: soft_threshold(bottom, strength / curvature),
        applies=lambda curvature: True,
    ),
]

# -------------------------------------------------------------------------------------- the second opinion


def check(
    X: np.ndarray,
    y: np.ndarray,
    lambdas: np.ndarray,
    objective: str,
    form: str,
    X_test: np.ndarray | None = None,
    y_test: np.ndarray | None = None,
    weights: np.ndarray | None = None,
    gradient: np.ndarray | None = None,
    rate: float = 0.0,
    decay: float = 0.0,
    curvature: np.ndarray | None = None,
    bottom: np.ndarray | None = None,
    strength: float = 0.0,
    pair_y: np.ndarray | None = None,
    labels: np.ndarray | None = None,
    odds: float = 1.0,
) -> Mapping[str, Any]:
    """numpy's least squares, and the logistic loss in floats."""
    theta = np.array([_least_squares(X, y, strength) for strength in lambdas])
    opinion: dict[str, Any] = {
        "sums": [*(X.T @ X).ravel(), *(X.T @ y)],
        "coefficients": theta.ravel(),
        "norm_squared": np.square(theta).sum(axis=1),
        "train_sse": np.square(y - theta @ X.T).sum(axis=1),
        **extremes.check(objective, form),
    }
    if X_test is not None:
        errors = np.square(y_test - theta @ X_test.T).sum(axis=1)
        opinion |= {"test_sse": errors, "best_lambda": lambdas[np.argmax(errors <= errors.min() * (1 + 1e-9) + 1e-9)]}
    if weights is not None and gradient is not None:
        opinion["stepped"] = weights - rate * (gradient + 2 * decay * weights)
    if curvature is not None and bottom is not None:
        # ½h(θ - t)² + λθ² is least at the mean of t and 0, weighted by h/2 and λ
        opinion["curved_minimizer"] = curvature / 2 * bottom / (curvature / 2 + strength)
    if pair_y is not None:
        before, after = (_least_squares(np.array([[1, 0], [1, 1], [0, 1]]), pair_y, strength) for strength in (0, 1))
        opinion |= {"pair_before": before, "pair_after": after, "pair_norms_squared": [before @ before, after @ after]}
    if labels is not None:
        opinion |= _logistic(labels[0], labels[1], odds)
    return opinion


def _least_squares(X: np.ndarray, y: np.ndarray, strength: float) -> np.ndarray:
    """The minimizer with the penalty as further examples: the rows of √λ·I, with target 0."""
    rows = np.vstack([X, np.sqrt(strength) * np.eye(X.shape[1])])
    found: np.ndarray = np.linalg.lstsq(rows, np.append(y, np.zeros(X.shape[1])), rcond=None)[0]
    return found


def _logistic(positive: float, negative: float, odds: float) -> Mapping[str, Any]:
    """The slope of the loss by a complex step, and its optimum by bisection of the slope."""

    def slope(theta: float) -> float:
        z = theta + 1e-30j
        loss: complex = positive * cmath.log(1 + cmath.exp(-z)) + negative * cmath.log(1 + cmath.exp(z))
        return loss.imag / 1e-30

    low, high = 0.0, 40.0
    for _ in range(45):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    theta = float(np.log1p(odds - 1))
    return {
        "logistic_optimum": low,
        "logistic_minimizer": theta,
        "logistic_slope": slope(theta),
        "logistic_lambda": -slope(theta) / (2 * theta),
        "logistic_probabilities": (positive / (positive + negative), 1 / (1 + np.exp(-theta))),
    }


# ---------------------------------------------------------------------------------------------- the prose


def preamble(_: Values) -> Content:
    return r"""
        $L(\theta)$ is the loss on the training data and $\theta^\star$ its only minimizer. A penalty is weighed against it;
        every part states the objective that it is about. Throughout, $\lVert\theta\rVert^2 = \sum_j \theta_j^2$, taken over
        all parameters.
        """


def parts(v: Values) -> Iterator[Part]:
    yield from extremes.parts(v)
    shown = summary(v) if v.ask_sweep == "yes" else illustration(v)
    yield Part(
        "moderate_lambda",
        r"""
        From here on, $\theta_\lambda$ minimizes $J_\lambda(\theta) = L(\theta) + \lambda\lVert\theta\rVert^2$. Let
        $\lambda > 0$ be moderate: neither negligible nor overwhelming.
        """,
        parts=(
            Part("norm", *BANK.essay("norm_question", v)),
            Part("training", *BANK.essay("training_question", v)),
            Part("test", *BANK.essay("test_question", v), steps=shown),
        ),
    )
    if v.ask_sweep == "yes":
        yield sweep_part(v)
    yield GRADIENT_STEP
    yield CURVATURE
    if v.claims:
        yield Part(
            "claims",
            r"True or false? Give the reason in one line. ($\theta_\lambda$, $\theta^\star$ and $L$ as above.)",
            BANK.claims("claims", v),
        )


GRADIENT_STEP = Part(
    "gradient_step",
    r"""
    Gradient descent with learning rate $\alpha = <rate>$ minimizes $L(\theta) + \lambda\lVert\theta\rVert^2$ with
    $\lambda = <decay>$. It has reached $\theta = <weights>$, where the gradient of the loss alone is
    $g = \nabla L(\theta) = <gradient>$. Where does the next step lead?
    """,
    Vector("stepped", r"\theta_{\text{new}}", like="weights"),
    points=2,
    room=3,
    steps=[
        r"""
        The gradient of the objective is $g + 2\lambda\theta$, so
        $\theta_{\text{new}} = \theta - \alpha(g + 2\lambda\theta) = (1 - 2\alpha\lambda)\,\theta - \alpha g$: the
        weights decay, and the loss moves them.
        """,
        r"""
        Here $1 - 2\alpha\lambda = 1 - 2 \cdot <rate> \cdot <decay> = <kept_share>$, so
        $\theta_{\text{new}} = <kept_share> <weights> - <rate> <gradient> = <stepped>$.
        """,
    ],
)

CURVATURE = Part(
    "curvature",
    r"""
    Near its minimum, the loss is a bowl: $L(\theta) = \frac{1}{2} \sum_j h_j (\theta_j - t_j)^2$ with
    $h = <curvature>$ and $t = <bottom>$. Which $\theta$ minimizes $L(\theta) + \lambda\lVert\theta\rVert^2$ for
    $\lambda = <strength>$?
    """,
    Vector("curved_minimizer", r"\theta_\lambda", like="curvature"),
    points=2,
    room=3,
    steps=[
        r"""
        Coordinate by coordinate, $h_j (\theta_j - t_j) + 2\lambda\theta_j = 0$, so
        $\theta_j = \frac{h_j}{h_j + 2\lambda}\, t_j$.
        """,
        r"""
        The factors are $<shares>$, so $\theta_\lambda = <curved_minimizer>$. The flatter the bowl in a direction, the
        more the penalty shrinks that coordinate.
        """,
    ],
)

# ---------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The data of the sweep, its examples in any order, and the strengths."""
    train, test = (
        sorted((*row, target) for row, target in zip(params.get(inputs, ()), params.get(targets, ()), strict=True))
        for inputs, targets in (("X", "y"), ("X_test", "y_test"))
    )
    return (train, test, params["lambdas"])


def signature(v: Values) -> Mapping[str, Any]:
    """How much there is to do: the sizes of the sweep, its fractions, its course, and what is asked beside."""
    errors = v.get("test_sse", array([0]))
    return {
        "training examples": len(v.X),
        "test examples": len(v.get("X_test", ())),
        "negative inputs": tuple((rows[:, 0] < 0).sum() for rows in (v.X, v.get("X_test", v.X))),
        "strengths": len(v.lambdas),
        "denominators": tuple(sorted(int(entry.q) for entry in v.coefficients if entry.is_Rational)),
        "best strength": "in the middle" if 0 < errors.argmin() < len(errors) - 1 else "at an end",
        "largest strength": "worse than none" if errors[-1] > errors[0] else "not worse than none",
        "whole results": all(x.is_Integer for x in (*v.get("stepped", ()), *v.get("curved_minimizer", ()))),
        "claims": len(v.claims),
    }


def _signature(setting: Setting) -> Mapping[str, Any]:
    """That of every variant of a level."""
    return {
        "training examples": setting.training,
        "test examples": setting.test,
        "negative inputs": (setting.negative, setting.negative),
        "strengths": setting.strengths,
        "denominators": (1,) * (setting.strengths - setting.halves) + (2,) * setting.halves,
        "best strength": "in the middle",
        "largest strength": "worse than none",
        "whole results": True,
        "claims": 2,
    }


PROBLEM = Problem(
    id="l2-regularization",
    title="L2 regularization",
    topic="regularization",
    bank=BANK,
    parameters={
        "X": required(read_matrix),
        "y": required(read_vector),
        "lambdas": required(read_vector),
        "X_test": optional(read_matrix),
        "y_test": optional(read_vector),
        "objective": optional(one_of(OBJECTIVES), "plain"),
        "form": optional(one_of(FORMS), "limit"),
        "order": optional(permutation(4), (1, 2, 3, 4)),
        "norm_question": optional(one_of(BANK["norm_question"]), "compare"),
        "training_question": optional(one_of(BANK["training_question"]), "compare"),
        "test_question": optional(one_of(BANK["test_question"]), "compare"),
        "pair_y": optional(read_vector),
        "labels": optional(read_vector),
        "odds": optional(read_number),
        "ask_sweep": optional(one_of(("no", "yes")), "no"),
        "weights": optional(read_vector),
        "gradient": optional(read_vector),
        "rate": optional(read_number),
        "decay": optional(read_number),
        "curvature": optional(read_vector),
        "bottom": optional(read_vector),
        "strength": optional(read_number),
        "claims": optional(some_of(BANK["claims"]), ()),
    },
    require=require,
    sample=sample,
    solution=[
        gram,
        moment,
        sums,
        theta,
        coefficients,
        norm_squared,
        train_residuals,
        train_sse,
        test_residuals,
        test_sse,
        best_lambda,
        large_lambda,
        small_lambda,
        kept_share,
        stepped,
        shares,
        curved_minimizer,
        pair_before,
        pair_after,
        pair_norms_squared,
        logistic_optimum,
        logistic_minimizer,
        logistic_slope,
        logistic_lambda,
        logistic_probabilities,
    ],
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
    parts=parts,
    original={"X": [[1], [1]], "y": [2, 4], "lambdas": [0, 1, 4, 10], "X_test": [[1]], "y_test": [2]},
    canonical=canonical,
    signature=signature,
    standard=_signature(STANDARD),
    # The data that can be drawn are counted in tests/test_l2_regularization_space.py, up to the order of the examples: 3 896 008
    # at the easy level, 3 386 024 at the standard and 289 522 044 at the hard one.  A thousandth is left to the audit.
    easy=Level(sample_easy, _signature(EASY), variants=3_890_000),
    hard=Level(sample_hard, _signature(HARD), variants=289_000_000),
    variants=3_380_000,
)
