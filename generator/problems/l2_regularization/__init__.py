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
    Array, Bank, Choice, Content, Draw, Fields, InputError, Level, Number, Part, Problem, Values, Vector,
    array, concatenate, equal, eye, maximum, minimum, one_of, optional, permutation, read_matrix, read_number,
    read_vector, require_length, require_together, required, solve, some_of, stack, steps,
)  # fmt: skip
from generator.numbers import notation
from generator.problems.l2_regularization.figure import sweep_figure
from generator.problems.l2_regularization.words import NUMBERS, PAIR_X

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
    for a, b in product(range(-12, 13), repeat=2)
    if a * b and (a + b) % 3 == 0 and (abs(5 * a - b) < 3 * abs(a) or abs(5 * b - a) < 3 * abs(b))
]
"""Minimizers of PAIR_X at λ = 1.  That at λ = 0 is (5a - b, 5b - a) / 3: whole, and smaller in one coefficient."""

LABELS = ((9, 3, 2), (8, 2, 2), (8, 2, 3), (10, 2, 3), (12, 2, 5), (12, 3, 2), (12, 3, 3), (12, 4, 2), (15, 3, 2))
"""Positive and negative labels, and the odds that a penalty leaves."""

# Two choices about extreme strengths: which minimizer an extreme strength gives, or which strength gives an extreme minimizer.
OBJECTIVES = ("plain", "half", "mean", "inverse", "towards_one")  # in "inverse" the strength multiplies the loss
FORMS = ("limit", "setting")

QUESTIONS = {
    ("plain", "limit"): 12, ("half", "limit"): 1, ("mean", "limit"): 1, ("towards_one", "limit"): 1, ("inverse", "limit"): 2,
    ("plain", "setting"): 1, ("towards_one", "setting"): 1, ("inverse", "setting"): 1,
}  # fmt: skip
"""How often the two choices are asked of an objective and in a form: in most variants as on the printed sheet."""

ANCHORS = {"towards_one": "1"}
"""Where the penalty vanishes, if not at 0."""

OPTIMUM, TINY, HUGE = "theta*", "1/1000000", "1000000"


def _sample(draw: Draw, level: str, paths: Sequence[str], training: int, test: int) -> Mapping[str, Any]:
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
        **_concepts(draw.fork("concepts"), level),
    }


sample_easy = partial(_sample, level="easy", paths=EASY, training=3, test=2)
sample = partial(_sample, level="standard", paths=STANDARD, training=3, test=2)
sample_hard = partial(_sample, level="hard", paths=HARD, training=4, test=3)


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


def _concepts(draw: Draw, level: str) -> Mapping[str, Any]:
    """The questions in words, with numbers for those that need some."""
    (a, b), middle = draw.choice(PAIRS), draw.integer(-6, 9)
    positive, negative, odds = draw.choice(LABELS)
    numbers = {"pair_y": [3 * a + b - middle, middle, a + 3 * b - middle], "labels": [positive, negative], "odds": odds}
    objective, form = draw.weighted(QUESTIONS)
    return {
        "objective": objective,
        "form": form,
        "order": draw.shuffled((1, 2, 3, 4)),
        **numbers,
        **BANK.draw(draw, numbers, level=level),
    }


# ---------------------------------------------------------------------------------- the user's own numbers

TOGETHER = ("X_test y_test", "weights gradient rate decay", "curvature bottom strength", "labels odds")
SAME_LENGTH = {"y": "X", "y_test": "X_test", "gradient": "weights", "bottom": "curvature"}


def require(**given: Any) -> None:
    """Shapes that fit, strengths that are not negative, and a minimizer for each of them."""
    for names in TOGETHER:
        require_together(**{name: given.get(name) for name in names.split()})
    for name, like in SAME_LENGTH.items():
        if name in given:
            require_length(name, given[name], len(given[like]), f"of {like}")
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


def _require_minimizers(given: Mapping[str, Any]) -> None:
    strengths = {f"lambdas[{place}]": one for place, one in enumerate(given["lambdas"], start=1)}
    strengths |= {name: given[name] for name in ("decay", "strength") if name in given}
    for name, is_negative in zip(strengths, array([*strengths.values()]) < 0, strict=True):
        if is_negative:
            raise InputError(f"expected a strength that is not negative; got {strengths[name]}", field=name)
    try:
        if equal(given["lambdas"], 0).any():
            minimizers(given["X"].T @ given["X"], given["X"].T @ given["y"], [0])
    except ZeroDivisionError:
        raise InputError(
            "the columns of X are linearly dependent, so at lambda = 0 the minimizer is not unique; "
            "leave out 0 or change X",
            field="lambdas",
        ) from None
    if "curvature" in given and not (given["curvature"] > 0).all():
        raise InputError("expected positive numbers, so that the loss has a minimum", field="curvature")


def _require_pair(pair_y: Array) -> None:
    require_length("pair_y", pair_y, len(PAIR_X), "of the three examples")
    before, after = abs(pair_minimizers(pair_y))
    if not (after > before).any():
        raise InputError("expected targets with which one coefficient grows from lambda = 0 to 1", field="pair_y")


def _require_odds(labels: Array, odds: Any) -> None:
    require_length("labels", labels, 2, "of the two classes")
    if not all(count.is_Integer and count > 0 for count in labels):
        raise InputError("expected two positive whole numbers", field="labels")
    if not 1 < odds < labels[0] / labels[1]:
        raise InputError(
            f"expected odds between 1 and {labels[0]}/{labels[1]}, those of the labels; got {odds}", field="odds"
        )


# ------------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.


def minimizers(gram: Array, moment: Array, lambdas: Any) -> Array:
    return array([solve(gram + strength * eye(len(gram)), moment) for strength in lambdas])


def pair_minimizers(pair_y: Array) -> Array:
    """Those at λ = 0 and λ = 1."""
    return minimizers(PAIR_X.T @ PAIR_X, PAIR_X.T @ pair_y, (0, 1))


def extreme(objective: str, form: str, large: bool, anchor: str = "") -> str:
    """The minimizer for a large strength, or a small one; or the strength that brings it to an extreme.

    A large strength brings it to where the penalty vanishes, the ``anchor``, unless the strength multiplies the loss.
    """
    penalty_wins = large != (objective == "inverse")
    if form == "setting":
        return HUGE if penalty_wins else TINY
    return anchor or ANCHORS.get(objective, "0") if penalty_wins else OPTIMUM


SOLUTION = steps(
    gram=lambda X: X.T @ X,
    moment=lambda X, y: X.T @ y,
    sums=lambda gram, moment: concatenate([gram.flatten(), moment]),  # of one feature, Σx² and Σxy
    theta=minimizers,
    coefficients=lambda theta: theta.flatten(),
    norm_squared=lambda theta: (theta**2).sum(axis=1),
    train_residuals=lambda X, y, theta: y - theta @ X.T,
    train_sse=lambda train_residuals: (train_residuals**2).sum(axis=1),
    test_residuals=lambda X_test, y_test, theta: y_test - theta @ X_test.T,
    test_sse=lambda test_residuals: (test_residuals**2).sum(axis=1),
    best_lambda=lambda lambdas, test_sse: lambdas[test_sse.argmin()],
    large_lambda=lambda objective, form: extreme(objective, form, large=True),
    small_lambda=lambda objective, form: extreme(objective, form, large=False),
    kept_share=lambda rate, decay: 1 - 2 * rate * decay,
    stepped=lambda weights, gradient, rate, kept_share: kept_share * weights - rate * gradient,
    shares=lambda curvature, strength: curvature / (curvature + 2 * strength),
    curved_minimizer=lambda shares, bottom: shares * bottom,
    pair_before=lambda pair_y: pair_minimizers(pair_y)[0],
    pair_after=lambda pair_y: pair_minimizers(pair_y)[1],
    pair_norms_squared=lambda pair_before, pair_after: (stack([pair_before, pair_after]) ** 2).sum(axis=1),
    logistic_optimum=lambda labels: sympy.log(labels[0] / labels[1]),
    logistic_minimizer=lambda odds: sympy.log(odds),
    logistic_slope=lambda labels, odds: (odds * labels[1] - labels[0]) / (odds + 1),
    logistic_lambda=lambda logistic_slope, logistic_minimizer: -logistic_slope / (2 * logistic_minimizer),
    logistic_probabilities=lambda labels, odds: array([labels[0] / labels.sum(), odds / (odds + 1)]),
)

BANK = Bank.beside(__file__, **NUMBERS)

# -------------------------------------------------------------------------------- what students do instead


def soft_threshold(x: Array, by: Any) -> Any:
    """Each entry moved towards 0, and no further."""
    return maximum(x - by, 0) + minimum(x + by, 0)


def anchored(at: str) -> dict[str, Callable[[str], str]]:
    """Both extremes, with the penalty taken to vanish there."""
    return {
        "large_lambda": lambda objective: extreme(objective, "limit", large=True, anchor=at),
        "small_lambda": lambda objective: extreme(objective, "limit", large=False, anchor=at),
    }


MISTAKES = [
    BANK.mistake(
        "extremes swapped",
        large_lambda=lambda objective, form: extreme(objective, form, large=False),
        small_lambda=lambda objective, form: extreme(objective, form, large=True),
    ),
    BANK.mistake("penalty taken for a reward", **anchored(HUGE), applies=lambda form: form == "limit"),
    BANK.mistake(
        "pulled to 0 by habit",
        **anchored("0"),
        applies=lambda objective, form: form == "limit" and objective in ANCHORS,
    ),
    BANK.mistake(
        "pulled to 1", **anchored("1"), applies=lambda objective, form: form == "limit" and objective not in ANCHORS
    ),
    BANK.mistake(
        "never near", large_lambda=lambda: "none", small_lambda=lambda: "none", applies=lambda form: form == "setting"
    ),
    BANK.mistake("strength 1 is neutral", small_lambda=lambda: "1", applies=lambda form: form == "setting"),
    BANK.mistake(
        "factor 2 of the loss dropped", theta=lambda gram, moment, lambdas: minimizers(gram, moment, 2 * lambdas)
    ),
    BANK.mistake(
        "factor 2 of the penalty dropped", theta=lambda gram, moment, lambdas: minimizers(gram, moment, lambdas / 2)
    ),
    BANK.mistake(
        "mean for the sum",
        theta=lambda X, gram, moment, lambdas: minimizers(gram, moment, len(X) * lambdas),
        applies=lambda X: len(X) > 2,
    ),
    BANK.mistake(
        "strength in the numerator",
        theta=lambda gram, moment, lambdas: array([solve(gram, moment + strength) for strength in lambdas]),
    ),
    BANK.mistake(
        "absolute value for the square",
        theta=lambda gram, moment, lambdas: soft_threshold(moment, lambdas[:, None] / 2) / gram[0],
        applies=lambda X: len(X[0]) == 1,
    ),
    BANK.mistake(
        "square of the sum",
        gram=lambda X: array([[X.sum() ** 2]]),
        applies=lambda X, gram: len(X[0]) == 1 and X.sum() != 0 and X.sum() ** 2 != gram[0][0],
    ),
    BANK.mistake(
        "penalty counted as error",
        train_sse=lambda train_residuals, lambdas, norm_squared: (
            (train_residuals**2).sum(axis=1) + lambdas * norm_squared
        ),
    ),
    BANK.mistake(
        "averaged errors",
        train_sse=lambda train_residuals: (train_residuals**2).mean(axis=1),
        test_sse=lambda test_residuals: (test_residuals**2).mean(axis=1),
    ),
    BANK.mistake(
        "halved errors",
        train_sse=lambda train_residuals: (train_residuals**2).sum(axis=1) / 2,
        test_sse=lambda test_residuals: (test_residuals**2).sum(axis=1) / 2,
        applies=lambda X: len(X) != 2,
    ),
    BANK.mistake(
        "residuals not squared",
        train_sse=lambda train_residuals: abs(train_residuals).sum(axis=1),
        test_sse=lambda test_residuals: abs(test_residuals).sum(axis=1),
    ),
    BANK.mistake(
        "error for the strength",
        best_lambda=lambda test_sse: test_sse.min(),
        applies=lambda test_sse, lambdas: test_sse.min() not in lambdas,
    ),
    BANK.mistake("test always improves", best_lambda=lambda lambdas, test_sse: lambdas.max()),
    BANK.mistake(
        "chosen on the training data", best_lambda=lambda lambdas, train_sse, test_sse: lambdas[train_sse.argmin()]
    ),
    BANK.mistake(
        "uphill",
        stepped=lambda weights, gradient, rate, decay: weights + rate * (gradient + 2 * decay * weights),
        applies=lambda rate: rate != 0,
    ),
    BANK.mistake(
        "penalty pushes away",
        kept_share=lambda rate, decay: 1 + 2 * rate * decay,
        applies=lambda rate, decay: rate * decay != 0,
    ),
    BANK.mistake(
        "no learning rate",
        stepped=lambda weights, gradient, decay: weights - (gradient + 2 * decay * weights),
        applies=lambda rate: rate != 1,
    ),
    BANK.mistake(
        "change without the start",
        stepped=lambda weights, gradient, rate, decay: -rate * (gradient + 2 * decay * weights),
    ),
    BANK.mistake("decay without its factor 2", kept_share=lambda rate, decay: 1 - rate * decay),
    BANK.mistake("decay without the learning rate", kept_share=lambda decay: 1 - 2 * decay),
    BANK.mistake("step without the penalty", kept_share=lambda decay: sympy.Integer(1)),
    BANK.mistake(
        "decayed after the step",
        stepped=lambda weights, gradient, rate, kept_share: kept_share * (weights - rate * gradient),
    ),
    BANK.mistake("factor 2 of the bowl", shares=lambda curvature, strength: curvature / (curvature + strength)),
    BANK.mistake(
        "half of the bowl kept",
        shares=lambda curvature, strength: curvature / (curvature + 4 * strength),
        applies=lambda strength: strength != 0,
    ),
    BANK.mistake("shrinkage inverted", shares=lambda curvature, strength: 2 * strength / (curvature + 2 * strength)),
    BANK.mistake(
        "soft threshold in the bowl",
        curved_minimizer=lambda curvature, bottom, strength: soft_threshold(bottom, strength / curvature),
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
        **_extremes(objective, form),
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


def _extremes(objective: str, form: str) -> Mapping[str, str]:
    """The minimizer of a·½(θ - 3)² + b(θ - c)² in floats, compared with the options."""
    c = 1 if objective == "towards_one" else 0

    def minimizer(strength: float) -> float:
        a, b = (strength, 1.0) if objective == "inverse" else (1.0, strength / (2 if objective == "half" else 1))
        return (3 * a / 2 + b * c) / (a / 2 + b)

    if form == "limit":
        options = {"0": 0.0, "1": 1.0, HUGE: 1e6, OPTIMUM: 3.0}
        wanted = minimizer(1e8), minimizer(1e-8)
    else:
        options = {TINY: minimizer(1e-6), "1": minimizer(1.0), HUGE: minimizer(1e6)}
        wanted = c, 3.0
    large, small = (min(options, key=lambda name: abs(options[name] - value)) for value in wanted)
    return {"large_lambda": large, "small_lambda": small}


def _logistic(labels: np.ndarray, odds: float) -> Mapping[str, Any]:
    """The slope of the loss by a complex step, and its optimum, the log-odds, as 2 artanh(2p - 1)."""
    positive, negative = labels.tolist()
    theta = float(np.log1p(odds - 1))
    z = theta + 1e-30j
    loss = positive * cmath.log(1 + cmath.exp(-z)) + negative * cmath.log(1 + cmath.exp(z))
    slope = loss.imag / 1e-30
    return {
        "logistic_optimum": 2 * np.arctanh((positive - negative) / (positive + negative)),
        "logistic_minimizer": theta,
        "logistic_slope": slope,
        "logistic_lambda": -slope / (2 * theta),
        "logistic_probabilities": (positive / (positive + negative), 1 / (1 + np.exp(-theta))),
    }


# ---------------------------------------------------------------------------------------------- the prose


def parts(v: Values) -> Iterator[Part]:
    yield from _extreme_parts(v)
    shown = _summary(v) if v.ask_sweep == "yes" else _illustration(v)
    yield BANK.part(
        "moderate_lambda",
        v,
        parts=(
            Part("norm", *BANK.essay("norm_question", v)),
            Part("training", *BANK.essay("training_question", v)),
            Part("test", *BANK.essay("test_question", v), steps=shown),
        ),
    )
    if v.ask_sweep == "yes":
        yield _sweep(v)
    yield BANK.part("gradient_step", v, Vector("stepped", r"\theta_{\text{new}}", like="weights"))
    yield BANK.part("curvature", v, Vector("curved_minimizer", r"\theta_\lambda", like="curvature"))
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))


def _extreme_parts(v: Values) -> Iterator[Part]:
    """The two choices, with the options in the order drawn."""
    symbol = r"\kappa" if v.objective == "inverse" else r"\lambda"
    options = [*BANK.texts("minimizers" if v.form == "limit" else "strengths", v, symbol=symbol).items()]
    in_order = dict([options[place - 1] for place in v.order])
    anchor = r"\mathbf{1}" if v.objective in ANCHORS else "0"
    slots: dict[str, Any] = {
        "symbol": symbol,
        "anchor": anchor,
        "objective": BANK.text(f"objectives.{v.objective}", v),
        "solved": BANK.text(f"solved.{v.objective}", v),
        "bound": BANK.text(f"bounds.{v.objective}", v),
    }
    for name, limit in (("large_lambda", anchor), ("small_lambda", r"\theta^\star")):
        penalty_wins = (name == "large_lambda") != (v.objective == "inverse")
        wins = "penalty_wins" if penalty_wins else "loss_wins"
        reason = BANK.text(f"reason_for_{v.form}.{wins}", v, limit=limit, **slots)
        yield BANK.part(name, v, Choice(name, in_order, in_order=True), case=v.form, steps=[reason], **slots)


def _sweep(v: Values) -> Part:
    """One part for each row of the table, for a single feature."""
    labels = [notation.tex(strength) for strength in v.lambdas]

    def fields(step: str, symbol: str) -> Fields:
        return Fields(step, tuple(symbol % label for label in labels))

    def rows(sums: Array, residuals: Array) -> list[dict[str, Any]]:
        columns = zip(v.lambdas, residuals, sums, strict=True)
        return [{"s": strength, "row": row, "sum": total} for strength, row, total in columns]

    sums = Fields("sums", (r"\sum_i x_i^2", r"\sum_i x_i y_i"))
    minimizers = [{"s": s, "theta": theta} for s, theta in zip(v.lambdas, v.coefficients, strict=True)]
    norms = fields("norm_squared", r"\lVert\theta_{%s}\rVert^2")
    parts = [
        BANK.part("sums", v, sums),
        BANK.part("theta", v, fields("coefficients", r"\theta_{%s}"), for_each=minimizers),
        BANK.part("norms", v, norms, for_each=rows(v.norm_squared, v.theta)),
        BANK.part("train_error", v, fields("train_sse", "E_{%s}"), for_each=rows(v.train_sse, v.train_residuals)),
    ]
    if "test_sse" in v:
        test_error = fields("test_sse", "T_{%s}")
        parts += [
            BANK.part("test_error", v, test_error, for_each=rows(v.test_sse, v.test_residuals)),
            BANK.part("best_lambda", v, Number("best_lambda", r"\lambda_{\text{best}}"), steps=_picture(v)),
        ]
    case = "with_test_data" if "test_sse" in v else "without_test_data"
    return BANK.part("sweep", v, case=case, strengths=", ".join(labels), parts=parts)


def _picture(v: Values) -> list[Content]:
    return [BANK.text("picture", v), sweep_figure(v)]


def _summary(v: Values) -> list[Content]:
    """What the sweep asked for later says about the test error."""
    if "test_sse" not in v:
        return []
    return [BANK.text("summary", v, best=v.test_sse.min(), last=v.test_sse[-1], largest=v.lambdas[-1])]


def _illustration(v: Values) -> list[Content]:
    """The whole sweep as a table and a plot; with several features the table leaves the minimizers out."""
    one_feature = len(v.X[0]) == 1
    case = "one_feature" if one_feature else "several_features"
    test = BANK.text(f"test_examples.{case}", v) if "test_sse" in v else ""
    rows = [
        [BANK.text(f"rows.{step}", v).text, *(f"$<{step}[{place}]>$" for place in range(len(v.lambdas)))]
        for step in ("lambdas", "coefficients", "norm_squared", "train_sse", "test_sse")
        if step in v and (one_feature or step != "coefficients")
    ]
    rows.insert(1, ["---"] * (len(v.lambdas) + 1))
    return [
        BANK.text(f"illustration.{case}", v, test=test),
        "\n".join(f"| {' | '.join(row)} |" for row in rows),
        *_picture(v),
    ]


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
    symbols=BANK.symbols,
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
    solution=SOLUTION,
    mistakes=MISTAKES,
    check=check,
    preamble=lambda v: BANK.text("preamble", v),
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
