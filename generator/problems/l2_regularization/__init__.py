r"""L2 regularization: what the strength of the penalty does to the minimizer, and to both errors.

Hoerl and Kennard, *Ridge Regression* (1970): the minimizer of :math:`\sum (y - X\theta)^2 + \lambda \|\theta\|^2`
solves :math:`(X^\top X + \lambda I)\,\theta = X^\top y`.
"""

from __future__ import annotations

import cmath
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache, partial
from itertools import combinations_with_replacement, product
from typing import Any

import numpy as np
import sympy

from generator import (
    Array,
    Bank,
    Content,
    Draw,
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
from generator.problems.l2_regularization.sweep import illustration, summary, sweep_part

# -------------------------------------------------------------------------------------------- the sampler

# The minimizers of a sweep, from λ = 0 on.  Inputs x are found for each row whose Σx² makes its strengths whole.
EASY = ("4 3 2", "6 4 3", "3 2 1", "6 3 2", "4 2 1", "5 3 2", "4 3 1", "8 6 4", "6 5 4", "6 4 2", "5 4 2")
STANDARD = (
    "4 3 2 3/2", "3 2 3/2 1", "6 9/2 4 3", "5 3 5/2 2", "4 3 3/2 1", "4 2 3/2 1", "6 9/2 3 2", "6 3 2 3/2", "5 4 5/2 2",
)  # fmt: skip
HARD = (
    "3 5/2 2 3/2", "5 9/2 3 5/2", "5 7/2 3 5/2", "6 9/2 4 7/2", "5 4 7/2 5/2", "5 3 5/2 3/2", "4 7/2 3 3/2", "4 3 5/2 3/2",
    "4 5/2 2 3/2",
)  # fmt: skip

STEPS = (("1/3", 1), ("1/4", 1), ("1/5", 1), ("1/5", 2), ("1/6", 1), ("1/6", 2), ("1/8", 1), ("1/8", 2), ("1/8", 3))
"""Learning rates α and strengths λ for which 1 - 2αλ is a small fraction."""

CURVATURES = {"1/2": (1, 2, 3, 4), "1": (1, 2, 4, 6, 8), "2": (1, 2, 4, 8, 12), "3": (2, 3, 6, 12)}
"""For a strength λ the curvatures h for which h / (h + 2λ) is a small fraction."""

PAIRS = [
    (a, b)
    for a, b in product(range(-6, 7), repeat=2)
    if a * b and (a + b) % 3 == 0 and (abs(5 * a - b) < 3 * abs(a) or abs(5 * b - a) < 3 * abs(b))
]
"""Minimizers of PAIR_X at λ = 1.  That at λ = 0 is (5a - b, 5b - a) / 3: whole, and smaller in one coefficient."""

LABELS = ((9, 3, 2), (8, 2, 2), (8, 2, 3), (10, 2, 3), (12, 2, 5), (12, 3, 2), (12, 3, 3), (12, 4, 2), (15, 3, 2))
"""Positive and negative labels, and the odds that a penalty leaves."""


def _sample(draw: Draw, paths: Sequence[str], training: int, test: int) -> Mapping[str, Any]:
    """A sweep whose test error falls and then rises, a gradient step, a quadratic loss, and questions in words."""
    path = tuple(map(Fraction, draw.choice(paths).split()))
    best = draw.choice([theta for theta in path[1:-1] if theta.denominator == 1])
    sign = draw.sign()
    x = draw.choice(_inputs(path, training))
    train_data = _examples(draw, x, sign * path[0])
    test_data = _examples(draw, draw.sample(range(1, 7), test), sign * best)
    return {
        "X": [[a] for a, _ in train_data],
        "y": [b for _, b in train_data],
        "lambdas": _strengths(path, x),
        "X_test": [[a] for a, _ in test_data],
        "y_test": [b for _, b in test_data],
        "ask_sweep": "yes",
        **_gradient_step(draw.fork("gradient step")),
        **_curvature(draw.fork("curvature")),
        **_concepts(draw.fork("concepts")),
    }


sample_easy = partial(_sample, paths=EASY, training=3, test=2)
sample = partial(_sample, paths=STANDARD, training=3, test=2)
sample_hard = partial(_sample, paths=HARD, training=4, test=3)


def _strengths(path: Sequence[Fraction], x: Sequence[int]) -> list[Fraction]:
    """The strengths that lead from one minimizer to the next: θ (Σx² + λ) is the same for all."""
    square = sum(a * a for a in x)
    return [square * path[0] / theta - square for theta in path]


@cache
def _inputs(path: Sequence[Fraction], count: int) -> list[tuple[int, ...]]:
    """Inputs, not all equal, with whole strengths: Σx² and λ have at most two digits, Σxy and the training errors three."""
    found = []
    for x in combinations_with_replacement(range(1, 7), count):
        square, strengths = sum(a * a for a in x), _strengths(path, x)
        moment, growth = square * path[0], square * (path[0] - path[-1]) ** 2
        sizes_fit = square < 100 <= moment and strengths[-1] < 100 and growth < 400
        if sizes_fit and x[0] < x[-1] and all(strength.denominator == 1 for strength in strengths):
            found.append(x)
    return found


def _examples(draw: Draw, x: Sequence[int], theta: Fraction) -> tuple[tuple[int, int], ...]:
    """Inputs, one of them negative, and targets that theta fits best: their residuals are orthogonal to x."""
    pairs = [(a, int(theta * a) + r) for a, r in zip(x, draw.choice(_residuals(tuple(x))), strict=True)]
    draw.require(all(target for _, target in pairs), "a target is 0")
    (a, target), *others = draw.shuffled(pairs)
    return draw.shuffled([(-a, -target), *others])


@cache
def _residuals(x: tuple[int, ...]) -> list[tuple[int, ...]]:
    """All small residuals orthogonal to x whose squares add up to a number of two digits."""
    found = []
    for others in product(range(-6, 7), repeat=len(x) - 1):
        first, left = divmod(-sum(a * r for a, r in zip(x[1:], others, strict=True)), x[0])
        if left == 0 and 10 <= sum(r * r for r in (first, *others)) <= 80:
            found.append((first, *others))
    return found


def _gradient_step(draw: Draw) -> Mapping[str, Any]:
    """A step from numbers of two digits to whole ones."""
    rate, decay = draw.choice(STEPS)
    kept = 1 - 2 * Fraction(rate) * decay
    weights, gradient = (
        [draw.sign() * size for size in draw.sample([size for size in range(10, 41) if size % pieces == 0], 2)]
        for pieces in (kept.denominator, Fraction(rate).denominator)
    )
    return {"weights": weights, "gradient": gradient, "rate": rate, "decay": decay}


def _curvature(draw: Draw) -> Mapping[str, Any]:
    """A quadratic loss in two coordinates whose penalized minimizer is whole."""
    strength = draw.choice(tuple(CURVATURES))
    curvature = draw.sample(CURVATURES[strength], 2)
    pieces = [(h / (h + 2 * Fraction(strength))).denominator for h in curvature]
    bottom = [draw.sign() * draw.choice((1, 2, 3, 4)) * count for count in pieces]
    return {"curvature": curvature, "bottom": bottom, "strength": strength}


def _concepts(draw: Draw) -> Mapping[str, Any]:
    """The questions in words, with numbers for those that need some."""
    (a, b), middle = draw.choice(PAIRS), draw.integer(-6, 9)
    positive, negative, odds = draw.choice(LABELS)
    numbers = {"pair_y": [3 * a + b - middle, middle, a + 3 * b - middle], "labels": [positive, negative], "odds": odds}
    return {
        "objective": draw.choice((*extremes.OBJECTIVES, "inverse")),  # twice, so that no option is right too often
        "form": draw.choice(extremes.FORMS),
        "order": draw.shuffled((1, 2, 3, 4)),
        **numbers,
        **BANK.draw(draw, numbers),
    }


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


SOLUTION: list[Callable[..., Any]] = [
    gram, moment, sums, theta, coefficients, norm_squared, train_residuals, train_sse, test_residuals, test_sse, best_lambda,
    extremes.large_lambda, extremes.small_lambda, kept_share, stepped, shares, curved_minimizer,
    pair_before, pair_after, pair_norms_squared,
    logistic_optimum, logistic_minimizer, logistic_slope, logistic_lambda, logistic_probabilities,
]  # fmt: skip

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
        r"minimized the mean of the squares: this objective has their sum; in yours the penalty counts $n$ times as much",
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
        r"added $\lambda\theta_\lambda^2$: the error of a model does not include the penalty",
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
        r"solved for the penalty $\lambda \sum_j \lvert\theta_j\rvert$, which subtracts $\lambda / h_j$: a square "
        r"shrinks by a factor, and never to exactly 0",
        curved_minimizer=lambda curvature, bottom, strength: soft_threshold(bottom, strength / curvature),
        applies=lambda curvature: True,
    ),
]

# -------------------------------------------------------------------------------------- the second opinion


def check(
    X: np.ndarray, y: np.ndarray, lambdas: np.ndarray, objective: str, form: str, **given: Any
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
    if "X_test" in given:
        errors = np.square(given["y_test"] - theta @ given["X_test"].T).sum(axis=1)
        opinion |= {"test_sse": errors, "best_lambda": lambdas[np.argmax(errors <= errors.min() * (1 + 1e-9) + 1e-9)]}
    if "weights" in given:
        gradient = given["gradient"] + 2 * given["decay"] * given["weights"]
        opinion["stepped"] = given["weights"] - given["rate"] * gradient
    if "curvature" in given:
        # ½h(θ - t)² + λθ² is least at the mean of t and 0, weighted by h/2 and λ
        half = given["curvature"] / 2
        opinion["curved_minimizer"] = half * given["bottom"] / (half + given["strength"])
    if "pair_y" in given:
        inputs = np.array([[1, 0], [1, 1], [0, 1]])
        before, after = (_least_squares(inputs, given["pair_y"], strength) for strength in (0, 1))
        opinion |= {"pair_before": before, "pair_after": after, "pair_norms_squared": [before @ before, after @ after]}
    if "labels" in given:
        opinion |= _logistic(given["labels"], given["odds"])
    return opinion


def _least_squares(X: np.ndarray, y: np.ndarray, strength: float) -> np.ndarray:
    """The minimizer with the penalty as further examples: the rows of √λ·I, with target 0."""
    rows = np.vstack([X, np.sqrt(strength) * np.eye(X.shape[1])])
    found: np.ndarray = np.linalg.lstsq(rows, np.append(y, np.zeros(X.shape[1])), rcond=None)[0]
    return found


def _logistic(labels: np.ndarray, odds: float) -> Mapping[str, Any]:
    """The slope of the loss by a complex step, and its optimum by bisection of the slope."""
    positive, negative = labels.tolist()

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
        $L(\theta)$ is the loss on the training data and $\theta^\star$ its only minimizer. A penalty is added to it; every part
        states its objective. Throughout, $\lVert\theta\rVert^2 = \sum_j \theta_j^2$, taken over
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
    Near its minimum, the loss is a quadratic bowl: $L(\theta) = \frac{1}{2} \sum_j h_j (\theta_j - t_j)^2$ with
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
        "whole results": all(x.is_Integer for x in (*v.get("stepped", ()), *v.get("curved_minimizer", ()))),
        "claims": len(v.claims),
    }


SIGNATURE: dict[str, Any] = {
    "training examples": 3,
    "test examples": 2,
    "negative inputs": (1, 1),
    "strengths": 4,
    "denominators": (1, 1, 1, 2),
    "best strength": "in the middle",
    "whole results": True,
    "claims": 2,
}

PROBLEM = Problem(
    id="l2-regularization",
    title="L2 regularization",
    topic="regularization",
    bank=BANK,
    symbols={
        "gram": r"\sum_i x_i^2",
        "moment": r"\sum_i x_i y_i",
        "theta": r"\theta_\lambda",
        "norm_squared": r"\lVert\theta_\lambda\rVert^2",
        "train_residuals": r"y - x\theta_\lambda",
        "train_sse": r"E_\lambda",
        "test_residuals": r"y_{\mathrm{test}} - x_{\mathrm{test}}\theta_\lambda",
        "test_sse": r"T_\lambda",
        "kept_share": r"1 - 2\alpha\lambda",
        "shares": r"h_j/(h_j + 2\lambda)",
    },
    parameters={
        "X": required(read_matrix),
        "y": required(read_vector),
        "lambdas": required(read_vector),
        "X_test": optional(read_matrix),
        "y_test": optional(read_vector),
        "objective": optional(one_of(extremes.OBJECTIVES), "plain"),
        "form": optional(one_of(extremes.FORMS), "limit"),
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
    solution=SOLUTION,
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
    parts=parts,
    original={"X": [[1], [1]], "y": [2, 4], "lambdas": [0, 1, 4, 10], "X_test": [[1]], "y_test": [2]},
    canonical=canonical,
    signature=signature,
    standard=SIGNATURE,
    # Counted: for each row of the tables the training data times the test data, and both signs of y.
    easy=Level(sample_easy, SIGNATURE | {"strengths": 3, "denominators": (1, 1, 1)}, variants=1_000_000),
    hard=Level(
        sample_hard,
        SIGNATURE | {"training examples": 4, "test examples": 3, "denominators": (1, 1, 2, 2)},
        variants=140_000_000,
    ),
    variants=930_000,
)
