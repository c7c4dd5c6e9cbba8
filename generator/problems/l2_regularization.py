r"""L2 regularization: what the strength of the penalty does to the minimizer, and to both errors.

Hoerl and Kennard, *Ridge Regression* (1970): the minimizer of :math:`\sum (y - X\theta)^2 + \lambda \|\theta\|^2`
solves :math:`(X^\top X + \lambda I)\,\theta = X^\top y`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations, combinations_with_replacement, product
from typing import Any

import numpy as np
import sympy

from generator import (
    Choice,
    Claims,
    Draw,
    Fields,
    Figure,
    InputError,
    Matrix,
    Mistake,
    Number,
    Part,
    Problem,
    Values,
    Vector,
    notation,
    one_of,
    optional,
    read_matrix,
    read_number,
    read_vector,
    required,
    say,
    some_of,
)
from generator import exact as ex
from generator.figures.plot import Plot, Series, plot_scene
from generator.figures.scene import Symbol
from generator.penalty_concepts import ANSWERS_CLAIM, CLAIMS, NEEDS, NORM, TEST, TRAINING
from generator.prose import Content

# ------------------------------------------------------------------------------------------ the sampler

LARGEST_STRENGTH = 50
LARGEST_ERROR = 150

TWO = ex.exact(2)

PAIR_INPUTS: ex.Matrix = ex.matrix([[1, 0], [1, 1], [0, 1]])
"""Three examples of two features on which one coefficient can grow while the norm shrinks (at λ = 1)."""

LOGISTIC = ((9, 3, 2), (8, 2, 2), (8, 2, 3), (10, 2, 3), (12, 2, 5), (12, 3, 2), (12, 3, 3), (12, 4, 2), (15, 3, 2))
"""Positive and negative labels, and the odds that a penalty leaves."""

STEPS = (("1/10", "1/2"), ("1/10", "1"), ("1/10", "2"), ("1/5", "1/2"), ("1/5", "1"), ("1/4", "1/2"), ("1/4", "1"))
"""Learning rates and strengths for which 1 - 2αλ is a small fraction."""

CURVATURES = {"1/2": (1, 2, 3, 4), "1": (1, 2, 4, 6, 8), "2": (1, 2, 4, 8, 12), "3": (2, 3, 6, 12)}
"""For a strength λ the curvatures h for which h / (h + 2λ) is a small fraction."""


def sample(draw: Draw) -> Mapping[str, Any]:
    """A sweep that first helps and then underfits, a gradient step, a bowl, and the questions about them."""
    x, moment, lambdas = draw.weighted(_sweeps())
    x_test, y_test = draw.choice(_test_sets(_doubled_path(x, moment, lambdas)))
    examples = draw.shuffled(list(zip(x, draw.choice(_targets(x, moment)), strict=True)))
    return {
        "X": [[a] for a, _ in examples],
        "y": [b for _, b in examples],
        "lambdas": lambdas,
        "X_test": [[a] for a in x_test],
        "y_test": y_test,
        "ask_sweep": "yes",
        **_gradient_step(draw.fork("gradient step")),
        **_bowl(draw.fork("curvature")),
        **_concepts(draw.fork("concepts")),
    }


Sweep = tuple[tuple[int, ...], int, tuple[int, ...]]


@cache
def _sweeps() -> Mapping[Sweep, int]:
    """Inputs x, the moment Σxy and four strengths, each weighted by the number of its variants.

    The minimizer at λ is Σxy / (Σx² + λ), so the strengths are read off the divisors of 2Σxy: three of the four
    minimizers are whole, one is a half.
    """
    found: dict[Sweep, int] = {}
    for x in combinations_with_replacement(range(1, 5), 3):
        square = _dot(x, x)
        for moment in range(2 * square, 7 * square):
            if x[0] == x[-1] or 2 * moment % square:
                continue
            divisors = [s for s in range(square + 1, square + LARGEST_STRENGTH + 1) if 2 * moment % s == 0]
            for sums in combinations(divisors, 3):
                lambdas = (0, *(s - square for s in sums))
                twice = _doubled_path(x, moment, lambdas)
                loss = square * (twice[0] - twice[-1]) ** 2 / 4
                if sum(theta % 2 for theta in twice) == 1 and loss < LARGEST_ERROR and _test_sets(twice):
                    found[x, moment, lambdas] = len(_targets(x, moment)) * len(_test_sets(twice))
    return found


def _doubled_path(x: tuple[int, ...], moment: int, lambdas: tuple[int, ...]) -> tuple[int, ...]:
    """2θ for each λ, whole in every sweep that is drawn."""
    return tuple(2 * moment // (_dot(x, x) + strength) for strength in lambdas)


@cache
def _targets(x: tuple[int, ...], moment: int) -> tuple[tuple[int, ...], ...]:
    """All y with Σxy = moment that a line through 0 fits well, but not exactly."""
    square = _dot(x, x)
    near = [range(moment * a // square - 3, moment * a // square + 5) for a in x]
    return tuple(
        y
        for y in product(*near)
        if _dot(x, y) == moment and 0 < _dot(y, y) * square - moment**2 <= 12 * square and 0 not in y
    )


@cache
def _test_sets(twice: tuple[int, ...]) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    """All small test sets on which a middle strength is best and the largest is worse than none."""
    found = []
    middle = [theta for theta in twice[1:3] if theta % 2 == 0]
    for theta, x, off in product(middle, ((1, 1), (1, 2), (1, 3), (2, 3)), product((-2, -1, 0, 1, 2), repeat=2)):
        y = tuple(theta // 2 * a + e for a, e in zip(x, off, strict=True))
        errors = [sum((2 * b - t * a) ** 2 for a, b in zip(x, y, strict=True)) for t in twice]
        best = errors[twice.index(theta)]
        if any(off) and 0 not in y and errors.count(best) == 1 and best == min(errors) and errors[-1] > errors[0]:
            found.append((x, y))
    return tuple(found)


def _dot(a: Sequence[int], b: Sequence[int]) -> int:
    return sum(x * y for x, y in zip(a, b, strict=True))


def _gradient_step(draw: Draw) -> Mapping[str, Any]:
    """One step whose result is whole."""
    rate, decay = draw.choice(STEPS)
    alpha, strength = Fraction(rate), Fraction(decay)
    pieces = (1 - 2 * alpha * strength).denominator
    return {
        "weights": [draw.sign() * pieces * size for size in draw.sample((1, 2, 3), 2)],
        "gradient": [draw.sign() * int(size / alpha) for size in draw.sample((1, 2, 3, 4), 2)],
        "rate": rate,
        "decay": decay,
    }


def _bowl(draw: Draw) -> Mapping[str, Any]:
    """A quadratic loss of two curvatures whose penalized minimizer is whole."""
    strength = draw.choice(tuple(CURVATURES))
    added = int(2 * Fraction(strength))
    steep = draw.sample(CURVATURES[strength], 2)
    return {
        "curvature": steep,
        "bottom": [draw.sign() * draw.choice((1, 2)) * Fraction(h, h + added).denominator for h in steep],
        "strength": strength,
    }


def _concepts(draw: Draw) -> Mapping[str, Any]:
    norm, training, test = (draw.choice(tuple(bank)) for bank in (NORM, TRAINING, TEST))
    asked = {norm, training, test}
    true, false = (
        [
            name
            for name, claim in CLAIMS.items()
            if claim.verdict is verdict and not ANSWERS_CLAIM.get(name, set()) & asked
        ]
        for verdict in (True, False)
    )
    chosen: dict[str, Any] = {
        "objective": draw.choice(tuple(OBJECTIVES)),
        "form": draw.choice(FORMS),
        "order": draw.shuffled((1, 2, 3, 4)),
        "norm_question": norm,
        "training_question": training,
        "test_question": test,
        "claims": draw.shuffled((draw.choice(true), draw.choice(false))),
    }
    if NEEDS.get(norm) == "pair_y":
        chosen["pair_y"] = draw.choice(_pairs())
    if NEEDS.get(norm) == "labels":
        positive, negative, odds = draw.choice(LOGISTIC)
        chosen |= {"labels": (positive, negative), "odds": odds}
    return chosen


@cache
def _pairs() -> tuple[tuple[int, int, int], ...]:
    """Targets for :data:`PAIR_INPUTS` with whole minimizers at λ = 0 and λ = 1, one coefficient growing in size."""
    found = []
    for y in product(range(-8, 13), repeat=3):
        p, q = y[0] + y[1], y[1] + y[2]
        before, after = ((2 * p - q, 2 * q - p), 3), ((3 * p - q, 3 * q - p), 8)
        if any(entry % size for entries, size in (before, after) for entry in entries):
            continue
        pairs = [(abs(a) // 3, abs(b) // 8) for a, b in zip(before[0], after[0], strict=True)]
        if any(b > a for a, b in pairs) and 0 not in after[0] and max(map(max, pairs)) <= 12:
            found.append((y[0], y[1], y[2]))
    return tuple(found)


# ----------------------------------------------------------------------------------- what may be given


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
        if not all(h > 0 for h in curvature):
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
        if not any(abs(a) > abs(b) for a, b in zip(pair_after(pair_y), pair_before(pair_y), strict=True)):
            raise InputError("expected targets with which one coefficient grows from lambda = 0 to 1", field="pair_y")
    if labels is not None:
        _require_odds(labels, odds)


def _require_length(name: str, vector: ex.Vector, length: int, of: str) -> None:
    if len(vector) != length:
        raise InputError(f"expected {length} entries, one for each {of}; got {len(vector)}", field=name)


def _require_strength(name: str, strength: ex.Scalar) -> None:
    if strength < 0:
        raise InputError(f"expected a strength that is not negative; got {strength}", field=name)


def _require_unique_minimizer(X: ex.Matrix, y: ex.Vector) -> None:
    try:
        ex.solve_linear(gram(X), moment(X, y))
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


def _read_order(raw: Any, *, field: str) -> ex.Vector:
    order = read_vector(raw, field=field)
    if sorted(map(str, order)) != ["1", "2", "3", "4"]:
        raise InputError(f"expected the numbers 1 to 4 in some order; got {list(order)}", field=field)
    return order


# ----------------------------------------------------------------------------------------- the solution


def gram(X: ex.Matrix) -> ex.Matrix:
    return ex.matmul(ex.transpose(X), X)


def moment(X: ex.Matrix, y: ex.Vector) -> ex.Vector:
    return ex.matvec(ex.transpose(X), y)


def theta(gram: ex.Matrix, moment: ex.Vector, lambdas: ex.Vector) -> ex.Matrix:
    return tuple(ex.solve_linear(_with_diagonal(gram, strength), moment) for strength in lambdas)


def coefficients(theta: ex.Matrix) -> ex.Vector:
    return tuple(entry for vector in theta for entry in vector)


def norm_squared(theta: ex.Matrix) -> ex.Vector:
    return tuple(_sum_of_squares(vector) for vector in theta)


def train_residuals(X: ex.Matrix, y: ex.Vector, theta: ex.Matrix) -> ex.Matrix:
    return _residuals(X, y, theta)


def train_sse(train_residuals: ex.Matrix) -> ex.Vector:
    return tuple(_sum_of_squares(residuals) for residuals in train_residuals)


def test_residuals(X_test: ex.Matrix, y_test: ex.Vector, theta: ex.Matrix) -> ex.Matrix:
    return _residuals(X_test, y_test, theta)


def test_sse(test_residuals: ex.Matrix) -> ex.Vector:
    return tuple(_sum_of_squares(residuals) for residuals in test_residuals)


def best_lambda(lambdas: ex.Vector, test_sse: ex.Vector) -> ex.Scalar:
    return lambdas[_smallest(test_sse)]


def large_lambda(objective: str, form: str) -> str:
    rule = OBJECTIVES[objective]
    if form == "limit":
        return OPTIMUM if rule.multiplies_loss else rule.anchor
    return TINY if rule.multiplies_loss else HUGE


def small_lambda(objective: str, form: str) -> str:
    rule = OBJECTIVES[objective]
    if form == "limit":
        return rule.anchor if rule.multiplies_loss else OPTIMUM
    return HUGE if rule.multiplies_loss else TINY


def kept_share(rate: ex.Scalar, decay: ex.Scalar) -> ex.Scalar:
    return ex.subtract(ex.ONE, ex.multiply(TWO, ex.multiply(rate, decay)))


def stepped(weights: ex.Vector, gradient: ex.Vector, rate: ex.Scalar, kept_share: ex.Scalar) -> ex.Vector:
    return tuple(
        ex.subtract(ex.multiply(kept_share, w), ex.multiply(rate, g)) for w, g in zip(weights, gradient, strict=True)
    )


def shares(curvature: ex.Vector, strength: ex.Scalar) -> ex.Vector:
    return tuple(ex.divide(h, ex.add(h, ex.multiply(TWO, strength))) for h in curvature)


def curved_minimizer(shares: ex.Vector, bottom: ex.Vector) -> ex.Vector:
    return tuple(ex.multiply(share, t) for share, t in zip(shares, bottom, strict=True))


def pair_before(pair_y: ex.Vector) -> ex.Vector:
    return ex.solve_linear(gram(PAIR_INPUTS), moment(PAIR_INPUTS, pair_y))


def pair_after(pair_y: ex.Vector) -> ex.Vector:
    return ex.solve_linear(_with_diagonal(gram(PAIR_INPUTS), ex.ONE), moment(PAIR_INPUTS, pair_y))


def pair_norms_squared(pair_before: ex.Vector, pair_after: ex.Vector) -> ex.Vector:
    return (_sum_of_squares(pair_before), _sum_of_squares(pair_after))


def logistic_optimum(labels: ex.Vector) -> ex.Scalar:
    return sympy.log(ex.divide(*labels))


def logistic_minimizer(odds: ex.Scalar) -> ex.Scalar:
    return sympy.log(odds)


def logistic_slope(labels: ex.Vector, odds: ex.Scalar) -> ex.Scalar:
    """The derivative of the loss Σ -log p(label) at θ = log(odds)."""
    positive, negative = labels
    return ex.divide(ex.subtract(ex.multiply(odds, negative), positive), ex.add(odds, ex.ONE))


def logistic_lambda(logistic_slope: ex.Scalar, logistic_minimizer: ex.Scalar) -> ex.Scalar:
    return ex.divide(ex.multiply(ex.MINUS_ONE, logistic_slope), ex.multiply(TWO, logistic_minimizer))


def logistic_probabilities(labels: ex.Vector, odds: ex.Scalar) -> ex.Vector:
    return (ex.divide(labels[0], ex.total(labels)), ex.divide(odds, ex.add(odds, ex.ONE)))


def _with_diagonal(rows: ex.Matrix, strength: ex.Scalar) -> ex.Matrix:
    return tuple(
        tuple(ex.add(entry, strength) if i == j else entry for j, entry in enumerate(row)) for i, row in enumerate(rows)
    )


def _residuals(X: ex.Matrix, y: ex.Vector, thetas: ex.Matrix) -> ex.Matrix:
    return tuple(
        tuple(ex.subtract(target, ex.dot(row, vector)) for row, target in zip(X, y, strict=True)) for vector in thetas
    )


def _sum_of_squares(xs: ex.Vector) -> ex.Scalar:
    return ex.dot(xs, xs)


def _smallest(xs: ex.Vector) -> int:
    """The place of the smallest entry, the first of equal ones."""
    best = 0
    for place, x in enumerate(xs):
        if x < xs[best]:
            best = place
    return best


# -------------------------------------------------------------------------- the extremes of the strength

OPTIMUM, TINY, HUGE, NEVER = "theta*", "1/1000000", "1000000", "none"
FORMS = ("limit", "setting")
"""What is asked about the extremes: the minimizer for a strength, or the strength for a minimizer."""


@dataclass(frozen=True)
class Objective:
    """A penalized objective, and what its minimizer is when the loss is ½‖θ - θ*‖²."""

    tex: str
    anchor: str
    solved: str
    strength: str = r"\lambda"
    multiplies_loss: bool = False
    where: str = ""

    @property
    def anchor_tex(self) -> str:
        """Where the penalty vanishes."""
        return r"\mathbf{1}" if self.anchor == "1" else "0"


OBJECTIVES = {
    "plain": Objective(
        tex=r"L(\theta) + \lambda \lVert\theta\rVert^2", anchor="0", solved=r"\frac{\theta^\star}{1 + 2\lambda}"
    ),
    "half": Objective(
        tex=r"L(\theta) + \frac{\lambda}{2} \lVert\theta\rVert^2",
        anchor="0",
        solved=r"\frac{\theta^\star}{1 + \lambda}",
    ),
    "mean": Objective(
        tex=r"\frac{1}{n} \sum_{i=1}^{n} \ell_i(\theta) + \lambda \lVert\theta\rVert^2",
        anchor="0",
        solved=r"\frac{\theta^\star}{1 + 2\lambda}",
        where=r", where $L$ is the mean of the losses $\ell_i$ of the $n$ training examples",
    ),
    "inverse": Objective(
        tex=r"C\, L(\theta) + \lVert\theta\rVert^2",
        anchor="0",
        solved=r"\frac{C\, \theta^\star}{C + 2}",
        strength="C",
        multiplies_loss=True,
        where=", in which the strength $C$ multiplies the loss",
    ),
    "towards_one": Objective(
        tex=r"L(\theta) + \lambda \lVert\theta - \mathbf{1}\rVert^2",
        anchor="1",
        solved=r"\frac{\theta^\star + 2\lambda\mathbf{1}}{1 + 2\lambda}",
        where=r", where $\mathbf{1}$ is the vector of ones",
    ),
}

MINIMIZERS: Mapping[str, Content] = {
    "0": "$0$",
    "1": "$1$ in every coordinate",
    "1000000": r"$1\,000\,000$ in every coordinate",
    OPTIMUM: r"$\theta^\star$, the minimizer of $L$ alone",
}
STRENGTHS: Mapping[str, str] = {
    TINY: r"$<symbol> = \frac{1}{1\,000\,000}$",
    "1": "$<symbol> = 1$",
    HUGE: r"$<symbol> = 1\,000\,000$",
    NEVER: "none: no positive $<symbol>$ brings it near",
}


# ------------------------------------------------------------------------------ what students do instead


def _penalty_wins(objective: str, answer: str) -> Mapping[str, str]:
    """The right answers to the questions on extremes, except that ``answer`` is given where the penalty wins."""
    right = {"large_lambda": large_lambda(objective, "limit"), "small_lambda": small_lambda(objective, "limit")}
    return {part: key if key == OPTIMUM else answer for part, key in right.items()}


def _soft_threshold(x: ex.Scalar, by: ex.Scalar) -> ex.Scalar:
    if abs(x) <= by:
        return ex.ZERO
    return ex.add(x, by) if x < 0 else ex.subtract(x, by)


MISTAKES = [
    Mistake(
        "extremes swapped",
        "swapped the extremes: the term with the larger factor decides where the minimum lies",
        large_lambda=small_lambda,
        small_lambda=large_lambda,
    ),
    Mistake(
        "penalty taken for a reward",
        "took the penalty for a reward: a large norm makes the objective larger, and it is minimized",
        large_lambda=lambda objective: _penalty_wins(objective, "1000000")["large_lambda"],
        small_lambda=lambda objective: _penalty_wins(objective, "1000000")["small_lambda"],
        applies=lambda form: bool(form == "limit"),
    ),
    Mistake(
        "pulled to 0 by habit",
        r"overlooked that this penalty vanishes at $\mathbf{1}$, not at 0",
        large_lambda=lambda objective: _penalty_wins(objective, "0")["large_lambda"],
        small_lambda=lambda objective: _penalty_wins(objective, "0")["small_lambda"],
        applies=lambda objective, form: bool(form == "limit" and OBJECTIVES[objective].anchor != "0"),
    ),
    Mistake(
        "pulled to 1",
        "took 1 for the point where the penalty vanishes: this one vanishes at 0",
        large_lambda=lambda objective: _penalty_wins(objective, "1")["large_lambda"],
        small_lambda=lambda objective: _penalty_wins(objective, "1")["small_lambda"],
        applies=lambda objective, form: bool(form == "limit" and OBJECTIVES[objective].anchor == "0"),
    ),
    Mistake(
        "never near",
        "asked for equality: no finite strength reaches the limit, but it comes as near as one likes",
        large_lambda=lambda: NEVER,
        small_lambda=lambda: NEVER,
        applies=lambda form: bool(form == "setting"),
    ),
    Mistake(
        "strength 1 is neutral",
        "took the factor 1 for no penalty at all: it still weighs as much as the loss",
        small_lambda=lambda: "1",
        applies=lambda form: bool(form == "setting"),
    ),
    Mistake(
        "factor 2 of the loss dropped",
        r"differentiated the squares without their factor 2: that solves the problem for $2\lambda$",
        theta=lambda gram, moment, lambdas: theta(gram, moment, tuple(ex.multiply(TWO, s) for s in lambdas)),
    ),
    Mistake(
        "factor 2 of the penalty dropped",
        r"took $\lambda\theta$ for the derivative of $\lambda\theta^2$: that solves the problem for $\lambda/2$",
        theta=lambda gram, moment, lambdas: theta(gram, moment, tuple(ex.divide(s, TWO) for s in lambdas)),
    ),
    Mistake(
        "mean for the sum",
        r"minimized the mean of the squares: this objective has their sum; yours weighs the penalty $n$ times as much",
        theta=lambda X, gram, moment, lambdas: theta(
            gram, moment, tuple(ex.multiply(ex.exact(len(X)), s) for s in lambdas)
        ),
        applies=lambda X: len(X) > 2,
    ),
    Mistake(
        "strength in the numerator",
        r"added $\lambda$ to the numerator: it belongs to $\sum x_i^2$ below, so that $\theta_\lambda$ shrinks",
        theta=lambda gram, moment, lambdas: tuple(
            ex.solve_linear(gram, tuple(ex.add(entry, s) for entry in moment)) for s in lambdas
        ),
    ),
    Mistake(
        "absolute value for the square",
        r"solved for the penalty $\lambda\lvert\theta\rvert$, which subtracts $\lambda/2$ above and can give exactly 0",
        theta=lambda gram, moment, lambdas: tuple(
            (ex.divide(_soft_threshold(moment[0], ex.divide(s, TWO)), gram[0][0]),) for s in lambdas
        ),
        applies=lambda X: len(X[0]) == 1,
    ),
    Mistake(
        "penalty counted as error",
        r"added $\lambda\theta_\lambda^2$: the error of a model is what it gets wrong, without the penalty",
        train_sse=lambda train_residuals, lambdas, norm_squared: tuple(
            ex.add(_sum_of_squares(residuals), ex.multiply(s, n))
            for residuals, s, n in zip(train_residuals, lambdas, norm_squared, strict=True)
        ),
    ),
    Mistake(
        "averaged errors",
        "divided by the number of examples: the error asked for is the sum",
        train_sse=lambda train_residuals: tuple(
            ex.divide(_sum_of_squares(residuals), ex.exact(len(residuals))) for residuals in train_residuals
        ),
        test_sse=lambda test_residuals: tuple(
            ex.divide(_sum_of_squares(residuals), ex.exact(len(residuals))) for residuals in test_residuals
        ),
    ),
    Mistake(
        "test always improves",
        "took the largest strength: the test error falls only until the model begins to underfit",
        best_lambda=lambda lambdas: max(lambdas),
        applies=lambda test_sse: True,
    ),
    Mistake(
        "chosen on the training data",
        "compared the training errors, which are always smallest without a penalty",
        best_lambda=lambda lambdas, train_sse: lambdas[_smallest(train_sse)],
        applies=lambda test_sse: True,
    ),
    Mistake(
        "decay without its factor 2",
        r"took $\lambda\theta$ for the gradient of $\lambda\lVert\theta\rVert^2$: it is $2\lambda\theta$",
        kept_share=lambda rate, decay: ex.subtract(ex.ONE, ex.multiply(rate, decay)),
        applies=lambda weights: True,
    ),
    Mistake(
        "decay without the learning rate",
        r"shrank $\theta$ by the factor $1 - 2\lambda$: the learning rate multiplies the penalty's gradient too",
        kept_share=lambda decay: ex.subtract(ex.ONE, ex.multiply(TWO, decay)),
        applies=lambda weights: True,
    ),
    Mistake(
        "step without the penalty",
        r"followed the gradient of $L$ alone: the penalty adds $2\lambda\theta$ to it",
        kept_share=lambda: ex.ONE,
        applies=lambda weights: True,
    ),
    Mistake(
        "decayed after the step",
        r"shrank the result of the step: $1 - 2\alpha\lambda$ multiplies $\theta$, not $-\alpha g$",
        stepped=lambda weights, gradient, rate, kept_share: tuple(
            ex.multiply(kept_share, entry) for entry in stepped(weights, gradient, rate, ex.ONE)
        ),
        applies=lambda weights: True,
    ),
    Mistake(
        "factor 2 of the bowl",
        r"mixed up the factors: the derivative of $\lambda\theta_j^2$ is $2\lambda\theta_j$, and that of "
        r"$\frac{1}{2} h_j (\theta_j - t_j)^2$ is $h_j (\theta_j - t_j)$",
        shares=lambda curvature, strength: tuple(ex.divide(h, ex.add(h, strength)) for h in curvature),
        applies=lambda curvature: True,
    ),
    Mistake(
        "shrinkage inverted",
        r"exchanged the two terms: the factor is $h_j / (h_j + 2\lambda)$, near 1 where the loss is steep",
        shares=lambda curvature, strength: tuple(
            ex.divide(ex.multiply(TWO, strength), ex.add(h, ex.multiply(TWO, strength))) for h in curvature
        ),
        applies=lambda curvature: True,
    ),
    Mistake(
        "soft threshold in the bowl",
        r"solved for the penalty $\lambda \sum_j \lvert\theta_j\rvert$, which takes off $\lambda / h_j$: a square "
        r"shrinks by a factor, and never to exactly 0",
        curved_minimizer=lambda curvature, bottom, strength: tuple(
            _soft_threshold(t, ex.divide(strength, h)) for h, t in zip(curvature, bottom, strict=True)
        ),
        applies=lambda curvature: True,
    ),
]


# ------------------------------------------------------------------------------------ the second opinion


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
    """Least squares with the penalty as further examples: rows √λ·I of X with target 0."""
    theta = np.array([_augmented(X, y, one) for one in lambdas])
    opinion: dict[str, Any] = {
        "gram": np.einsum("ij,ik->jk", X, X),
        "moment": np.einsum("ij,i->j", X, y),
        "theta": theta,
        "coefficients": theta.ravel(),
        "norm_squared": np.linalg.norm(theta, axis=1) ** 2,
        "train_sse": np.array([np.linalg.norm(y - X @ one) ** 2 for one in theta]),
        "large_lambda": _extreme(objective, form, large=True),
        "small_lambda": _extreme(objective, form, large=False),
    }
    if X_test is not None:
        errors = np.array([np.linalg.norm(y_test - X_test @ one) ** 2 for one in theta])
        near = errors <= errors.min() * (1 + 1e-9) + 1e-9
        opinion |= {"test_sse": errors, "best_lambda": lambdas[int(np.argmax(near))]}
    if weights is not None and gradient is not None:
        opinion["stepped"] = weights - rate * (gradient + 2 * decay * weights)
    if curvature is not None and bottom is not None:
        # ½h(θ - t)² is the square of √(h/2)·t - √(h/2)·θ
        roots = np.sqrt(curvature / 2)
        opinion["curved_minimizer"] = _augmented(np.diag(roots), roots * bottom, strength)
    if pair_y is not None:
        design = np.array(ex.to_float(PAIR_INPUTS))
        before, after = _augmented(design, pair_y, 0.0), _augmented(design, pair_y, 1.0)
        opinion |= {
            "pair_before": before,
            "pair_after": after,
            "pair_norms_squared": np.array([before @ before, after @ after]),
        }
    if labels is not None:
        opinion |= _logistic(labels, odds)
    return opinion


def _augmented(X: np.ndarray, y: np.ndarray, strength: float) -> np.ndarray:
    size = X.shape[1]
    rows = np.vstack([X, np.sqrt(strength) * np.eye(size)])
    solution: np.ndarray = np.linalg.lstsq(rows, np.concatenate([y, np.zeros(size)]), rcond=None)[0]
    return solution


def _extreme(objective: str, form: str, *, large: bool) -> str:
    """The minimizer of a ½(θ - 3)² + b (θ - c)² at both ends, compared with the options."""
    parts_of: Mapping[str, Callable[[float], tuple[float, float, float]]] = {
        "plain": lambda s: (1, s, 0),
        "half": lambda s: (1, s / 2, 0),
        "mean": lambda s: (1, s, 0),
        "inverse": lambda s: (s, 1, 0),
        "towards_one": lambda s: (1, s, 1),
    }
    optimum = 3.0

    def minimizer(size: float) -> float:
        a, b, centre = parts_of[objective](size)
        return (a / 2 * optimum + b * centre) / (a / 2 + b)

    if form == "limit":
        found = minimizer(1e8 if large else 1e-8)
        options = {"0": 0.0, "1": 1.0, "1000000": 1e6, OPTIMUM: optimum}
        return min(options, key=lambda name: abs(options[name] - found))
    wanted = parts_of[objective](1)[2] if large else optimum
    strengths = {TINY: 1e-6, "1": 1.0, HUGE: 1e6}
    return min(strengths, key=lambda name: abs(minimizer(strengths[name]) - wanted))


def _logistic(labels: np.ndarray, odds: float) -> Mapping[str, Any]:
    """The slope by a complex step; the optimum by bisection of the slope."""
    positive, negative = labels

    def slope(theta: float) -> float:
        z = theta + 1e-30j
        return float((positive * np.log(1 + np.exp(-z)) + negative * np.log(1 + np.exp(z))).imag / 1e-30)

    low, high = 0.0, 40.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    theta = float(np.log1p(odds - 1))
    return {
        "logistic_optimum": (low + high) / 2,
        "logistic_minimizer": theta,
        "logistic_slope": slope(theta),
        "logistic_lambda": -slope(theta) / (2 * theta),
        "logistic_probabilities": np.array([positive / labels.sum(), 1 / (1 + np.exp(-theta))]),
    }


# ------------------------------------------------------------------------------------------- the prose


def preamble(_: Values) -> Content:
    return r"""
        $L(\theta)$ is the loss on the training data and $\theta^\star$ its only minimizer. A penalty on the squared norm
        $\lVert\theta\rVert^2 = \sum_j \theta_j^2$ of all parameters is added to $L$; every part says with which factor.
        """


def parts(v: Values) -> Iterator[Part]:
    yield from _extremes(v)
    norm, training, test = (
        question(v) if callable(question) else question
        for question in (NORM[v.norm_question], TRAINING[v.training_question], TEST[v.test_question])
    )
    yield Part(
        "moderate_lambda",
        r"""
        From here on, $\theta_\lambda$ minimizes $J_\lambda(\theta) = L(\theta) + \lambda\lVert\theta\rVert^2$. Let
        $\lambda > 0$ be moderate: neither negligible nor overwhelming.
        """,
        parts=(
            Part("norm", *norm),
            Part("training", *training),
            Part("test", *test, steps=_referred(v) if v.ask_sweep == "yes" else [*_illustration(v), *_plot(v)]),
        ),
    )
    yield Part("gram", r"Compute $X^\top X$ for the training data of the sweep.", Matrix("gram"), 1, guided=True)
    yield Part("moment", r"Compute $X^\top y$ for the same data.", Vector("moment"), 1, guided=True)
    if v.ask_sweep == "yes":
        yield _sweep(v)
    yield Part(
        "gradient_step",
        r"""
        Gradient descent with learning rate $\alpha = <rate>$ minimizes $L(\theta) + \lambda\lVert\theta\rVert^2$ with
        $\lambda = <decay>$. It has reached $\theta = <weights>$, where the gradient of the loss alone is
        $g = \nabla L(\theta) = <gradient>$. Where does the next step lead?
        """,
        Vector("stepped", r"\theta_{\text{new}}"),
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
    yield Part(
        "curvature",
        r"""
        Near its minimum, the loss is a bowl: $L(\theta) = \frac{1}{2} \sum_j h_j (\theta_j - t_j)^2$ with
        $h = <curvature>$ and $t = <bottom>$. Which $\theta$ minimizes $L(\theta) + \lambda\lVert\theta\rVert^2$ for
        $\lambda = <strength>$?
        """,
        Vector("curved_minimizer", r"\theta_\lambda"),
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
    if v.claims:
        yield Part(
            "claims",
            r"True or false? Give the reason in one line. ($\theta_\lambda$, $\theta^\star$ and $L$ as above.)",
            Claims(tuple(CLAIMS[name] for name in v.claims)),
        )


def _extremes(v: Values) -> Iterator[Part]:
    rule = OBJECTIVES[v.objective]
    slots = {"J": rule.tex, "symbol": rule.strength, "anchor": rule.anchor_tex, "solved": rule.solved}
    about = (
        r"This part and the next are about $J(\theta) = <J>$"
        + rule.where
        + r""". No coordinate of $\theta^\star$ is near 0,
        near 1 or in the thousands. """
    )
    options: Mapping[str, Content]
    if v.form == "limit":
        options = MINIMIZERS
        large = "If $<symbol>$ is very large, which of these comes closest to the minimizer of $J$?"
        small = "And if $<symbol>$ is positive but very close to 0?"
        reasons = (_LOSS_WINS, _PENALTY_WINS) if rule.multiplies_loss else (_PENALTY_WINS, _LOSS_WINS)
    else:
        options = {key: say(text, symbol=rule.strength) for key, text in STRENGTHS.items()}
        about += r"Take $L(\theta) = \frac{1}{2} \lVert\theta - \theta^\star\rVert^2$. "
        large = "For which of these is the minimizer of $J$ practically equal to $<anchor>$?"
        small = r"And for which of them is it practically equal to $\theta^\star$?"
        grows, falls = "as $<symbol>$ grows", "as $<symbol>$ falls towards 0"
        if rule.multiplies_loss:
            grows, falls = falls, grows
        solved = r"The gradient of $J$ vanishes at $\theta = <solved>$. "
        between = ", and $<symbol> = 1$ leaves it well in between."
        reasons = (
            solved + f"That tends to $<anchor>$ {grows}" + between,
            solved + rf"That tends to $\theta^\star$ {falls}" + between,
        )
    keys = [tuple(options)[int(place) - 1] for place in v.order]
    answers = {key: options[key] for key in keys}
    yield Part(
        "large_lambda", say(about + large, **slots), Choice("large_lambda", answers), 1, [say(reasons[0], **slots)]
    )
    yield Part("small_lambda", say(small, **slots), Choice("small_lambda", answers), 1, [say(reasons[1], **slots)])


_LOSS_WINS = r"The penalty becomes negligible beside the loss. What is left to minimize is $L$, and its minimizer is $\theta^\star$."
_PENALTY_WINS = (
    r"At $\theta = <anchor>$ the penalty is 0. Leaving that point lowers the loss by $L(<anchor>) - L(\theta^\star)$ at most, "
    r"which pays for an ever shorter way as the penalty's weight grows: the minimizer tends to $<anchor>$."
)


def _sweep(v: Values) -> Part:
    """One part for each column of the table of a sweep over one feature."""
    labels = [notation.tex(strength) for strength in v.lambdas]
    x = tuple(row[0] for row in v.X)
    children = [
        Part(
            "theta",
            r"Compute $\theta_\lambda$ for each of these $\lambda$.",
            Fields("coefficients", tuple(rf"\theta_{{{label}}}" for label in labels)),
            points=2,
            room=4,
            steps=[
                r"""
                Where the derivative $-2\sum_i x_i (y_i - x_i\theta) + 2\lambda\theta$ vanishes,
                $\theta_\lambda = \frac{\sum_i x_i y_i}{\sum_i x_i^2 + \lambda}$.
                """,
                say(
                    r"Here $\sum_i x_i^2 = <x|squares> = <gram[0][0]>$ and $\sum_i x_i y_i = <products> = <moment[0]>$.",
                    x=x,
                    products=notation.linear_combination(x, v.y),
                ),
                *(
                    say(r"$\theta_{<s>} = \frac{<moment[0]>}{<gram[0][0]>+<s>} = <solved>$.", s=s, solved=solved)
                    for s, solved in zip(v.lambdas, v.coefficients, strict=True)
                ),
            ],
        ),
        Part(
            "train_error",
            r"""
            Compute the training error $E_\lambda$ of each $\theta_\lambda$: the sum of the squared residuals
            $y_i - x_i\theta_\lambda$ on the training data, without the penalty.
            """,
            Fields("train_sse", tuple(f"E_{{{label}}}" for label in labels)),
            points=2,
            room=5,
            steps=_worked_errors("E", v.lambdas, v.train_residuals, v.train_sse),
        ),
    ]
    if "test_sse" in v:
        children += [
            Part(
                "test_error",
                r"Compute the test error $T_\lambda$ of each $\theta_\lambda$ in the same way on the test data.",
                Fields("test_sse", tuple(f"T_{{{label}}}" for label in labels)),
                points=2,
                room=4,
                steps=_worked_errors("T", v.lambdas, v.test_residuals, v.test_sse),
            ),
            Part(
                "best_lambda",
                r"Which of these $\lambda$ has the smallest test error?",
                Number("best_lambda", r"\lambda_{\text{best}}"),
                points=1,
                steps=[
                    r"The smallest of the test errors $<test_sse|tuple>$ is that of $\lambda = <best_lambda>$.",
                    *_plot(v),
                ],
            ),
        ]
    test = r", the test examples $x = <x_test|tuple>$ with $y = <y_test|tuple>$" if "X_test" in v else ""
    question = rf"""
        A sweep. There is one feature and no intercept; the training examples are $x = <x|tuple>$ with
        $y = <y|tuple>${test}. For each $\lambda \in \{{<strengths>\}}$, let $\theta_\lambda$ minimize (with a sum over the
        training examples: no mean, no factor $\frac{{1}}{{2}}$)
        $$J_\lambda(\theta) = \sum_i (y_i - x_i \theta)^2 + \lambda\theta^2.$$
        """
    x_test = tuple(row[0] for row in v.get("X_test", ()))
    return Part("sweep", say(question, x=x, x_test=x_test, strengths=", ".join(labels)), parts=children)


def _worked_errors(symbol: str, lambdas: ex.Vector, residuals: ex.Matrix, errors: ex.Vector) -> list[Content]:
    return [
        say(r"$<symbol>_{<s>} = <gaps|squares> = <error>$.", symbol=symbol, s=s, gaps=gaps, error=error)
        for s, gaps, error in zip(lambdas, residuals, errors, strict=True)
    ]


def _referred(v: Values) -> list[Content]:
    """What the sweep asked for later says about the test error."""
    if "test_sse" not in v:
        return []
    return [
        say(
            r"On the data of the sweep below, the test error is $<first>$ at $\lambda = <smallest>$, falls to $<best>$ at "
            r"$\lambda = <best_lambda>$, and is $<last>$ at $\lambda = <largest>$.",
            first=v.test_sse[0],
            smallest=v.lambdas[0],
            best=v.test_sse[_smallest(v.test_sse)],
            last=v.test_sse[-1],
            largest=v.lambdas[-1],
        )
    ]


def _illustration(v: Values) -> list[Content]:
    """The whole sweep as a table, where it is not asked for."""
    one_feature = len(v.X[0]) == 1
    rows = {r"$\lambda$": "lambdas"}
    if one_feature:
        rows[r"$\theta_\lambda$"] = "coefficients"
    rows |= {r"$\lVert\theta_\lambda\rVert^2$": "norm_squared", "training error": "train_sse"}
    data = r"training examples $x = <x|tuple>$" if one_feature else r"training examples in the rows of $X = <X>$"
    data += r" with $y = <y|tuple>$"
    if "test_sse" in v:
        rows["test error"] = "test_sse"
        data += r"; test examples $x = <x_test|tuple>$" if one_feature else r"; test examples $X = <X_test>$"
        data += r" with $y = <y_test|tuple>$"
    lines = [
        "| " + " | ".join((name, *(f"$<{step}[{place}]>$" for place in range(len(v.lambdas))))) + " |"
        for name, step in rows.items()
    ]
    lines.insert(1, "|" + " --- |" * (len(v.lambdas) + 1))
    columns = {"x": tuple(row[0] for row in v.X), "x_test": tuple(row[0] for row in v.get("X_test", ()))}
    text = (
        f"An example in numbers, without an intercept: {data}. The loss and the errors are sums of squared residuals."
    )
    return [say(text, **columns), "\n".join(lines)]


def _plot(v: Values) -> list[Content]:
    """The norm and the errors over the sweep, each as a share of its largest value, so that one axis serves all."""
    order = sorted(range(len(v.lambdas)), key=lambda place: ex.to_float(v.lambdas[place]))

    def series(name: str, values: ex.Vector, power: float = 1.0) -> Series:
        heights = [max(ex.to_float(values[place]), 0.0) ** power for place in order]
        return Series((name,), tuple(height / (max(heights) or 1.0) for height in heights))

    lines = [series("norm", v.norm_squared, 0.5), series("training error", v.train_sse)]
    if "test_sse" in v:
        lines.append(series("test error", v.test_sse))
    plot = Plot(
        title="The sweep: norm and errors against the strength",
        x_name=(Symbol("λ"),),
        y_name=("share of the largest value",),
        positions=tuple(notation.plain(v.lambdas[place]) for place in order),
        series=tuple(lines),
    )
    scene = plot_scene(plot)
    return [
        r"The sweep as a picture: $\lVert\theta_\lambda\rVert$ and the errors, each as a share of its largest value.",
        Figure(name="ridge-sweep", scene=scene, completed=scene),
    ]


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The data of the sweep, its examples in any order, and the strengths."""
    train, test = (
        sorted((*row, target) for row, target in zip(params.get(inputs, ()), params.get(targets, ()), strict=True))
        for inputs, targets in (("X", "y"), ("X_test", "y_test"))
    )
    return (train, test, params["lambdas"])


def signature(v: Values) -> Mapping[str, Any]:
    """How much there is to do: the sizes of the sweep, its fractions, its course, and what is asked beside."""
    denominators = sorted(int(entry.q) for vector in v.theta for entry in vector if entry.is_Rational)
    errors = v.get("test_sse", ())
    best = _smallest(errors) if errors else 0
    return {
        "training examples": len(v.X),
        "test examples": len(errors and v.X_test),
        "strengths": len(v.lambdas),
        "denominators": tuple(denominators),
        "best strength": "in the middle" if 0 < best < len(errors) - 1 else "at an end",
        "largest strength": "worse than none" if errors and errors[-1] > errors[0] else "not worse than none",
        "whole results": all(x.is_Integer for x in (*v.get("stepped", ()), *v.get("curved_minimizer", ()))),
        "claims": len(v.claims),
    }


PROBLEM = Problem(
    id="l2-regularization",
    title="L2 regularization",
    topic="regularization",
    parameters={
        "X": required(read_matrix),
        "y": required(read_vector),
        "lambdas": required(read_vector),
        "X_test": optional(read_matrix),
        "y_test": optional(read_vector),
        "objective": optional(one_of(OBJECTIVES), "plain"),
        "form": optional(one_of(FORMS), "limit"),
        "order": optional(_read_order, (1, 2, 3, 4)),
        "norm_question": optional(one_of(NORM), "compare"),
        "training_question": optional(one_of(TRAINING), "compare"),
        "test_question": optional(one_of(TEST), "compare"),
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
        "claims": optional(some_of(CLAIMS), ()),
    },
    require=require,
    sample=sample,
    solution=[
        gram,
        moment,
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
    standard={
        "training examples": 3,
        "test examples": 2,
        "strengths": 4,
        "denominators": (1, 1, 1, 2),
        "best strength": "in the middle",
        "largest strength": "worse than none",
        "whole results": True,
        "claims": 2,
    },
    variants=6000,
)
