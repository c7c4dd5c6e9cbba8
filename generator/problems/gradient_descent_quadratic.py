r"""Gradient descent on a bowl: steps by hand, the stable and the best step size, how many steps, and early stopping as a penalty.

Boyd and Vandenberghe, *Convex Optimization* (2004), section 9.3.2 (a quadratic in two variables); Nesterov, *Lectures on Convex
Optimization* (2018), theorem 2.1.15 (the best constant step, 2/(L + μ)); Goodfellow, Bengio and Courville, *Deep Learning* (2016),
section 7.8 (early stopping as weight decay, equations 7.33 to 7.45).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache, partial
from itertools import count
from math import log1p, ceil, cos, log, pi, sin
from math import sqrt as float_root
from typing import Any

import numpy as np

from generator import (
    Array, Bank, Choice, Content, Draw, Figure, InputError, Level, Matrix, Number, Part, Problem, Values, Vector,
    array, equal, expected, one_of, optional, read_number, read_vector, require_length, required, some_of, sqrt, stack,
    steps, whole,
)  # fmt: skip
from generator.document.figures.curves import Curve, Curves, curves_scene
from generator.document.figures.scene import Symbol
from generator.numbers import notation
from generator.numbers.exact import to_float
from generator.problems._numeric import complex_slopes

# ------------------------------------------------------------------------------------------ the sampler

F = Fraction
FLATTEST = (1, 2, 3, 4, 6)
"""The smallest curvatures; the largest is κ times as large."""
CONDITIONS = {
    "easy": (F(3), F(2), F(5, 3)),
    "standard": (F(3), F(2), F(5, 3), F(3, 2), F(4), F(5)),
    "hard": (F(2), F(3), F(4), F(5), F(7)),
}
"""κ at each level; with three coordinates κ = 9 has no step size whose factors are simple."""
EARLY_STEPS = {"easy": (2,), "standard": (3,), "hard": (2, 3)}
COUNTS = range(2, 8)
"""How many steps may be needed, each as often."""
TRIALS = [
    F(*pair)
    for pair in ((1, 2), (2, 3), (3, 4), (5, 4), (4, 3), (3, 2), (5, 3), (5, 2), (3, 1), (7, 2), (5, 1), (7, 1))
]
"""Step sizes whose behaviour is asked, as multiples of 1/L."""
LONGEST_TOLERANCE, FARTHEST = 7000, 60
MOST_STEPS, LARGEST_VALUE = 10_000, 10**30
"""Of anything that somebody gives."""
MOST_OFTEN = {"easy": 3, "standard": 2, "hard": 2}
"""A κ is drawn as often as it has curvatures, but not more often than so, so that none is on too many papers."""
LENGTHS = {"easy": range(45, 73), "standard": range(58, 87), "hard": range(68, 107)}
"""What the numbers may have to be written at each level, so that no paper is much more work than another."""

Goals = Sequence[tuple[str, Fraction]]
"""What may be measured, and to which tolerance, for one number of steps."""


def _sample(draw: Draw, level: str, measures: Sequence[str]) -> Mapping[str, Any]:
    """Curvatures and a tolerance for so many steps, then step sizes with simple factors, and a start that stays whole for two steps."""
    tasks = _tasks(level, measures)[draw.choice(COUNTS)]
    most = MOST_OFTEN[level]
    condition = draw.weighted({condition: min(len(curvatures), most) for condition, (curvatures, _) in tasks.items()})
    curvatures, goals = tasks[condition]
    mu, (measure, tolerance) = draw.choice(curvatures), draw.choice(goals)
    largest = int(condition * mu)
    per_step = ((condition - 1) / (condition + 1)) ** (1 if measure == "distance" else 2)
    needed = least_steps(per_step, tolerance)
    powers = [tolerance, per_step, per_step, per_step, per_step ** (needed - 1), per_step**needed]
    h = [mu, largest, *([(mu + largest) // 2] if level == "hard" else [])]
    for _ in range(500):
        rate, early_rate = draw.choice(_rates(tuple(h))), draw.choice(_early_rates(tuple(h)))
        early_steps, trial_rate = draw.choice(EARLY_STEPS[level]), _trial(draw, tuple(h), rate)
        t = [draw.sign() * draw.integer(1, 9) for _ in h]
        apart = [draw.sign() * _apart(draw, 1 - rate * one) for one in h]
        start = [one + distance for one, distance in zip(t, apart, strict=True)]
        work = _work(h, t, apart, rate, early_rate, early_steps, trial_rate, *powers)
        if max(map(abs, start)) <= FARTHEST and work in LENGTHS[level]:
            break
    else:
        draw.require(False, "no numbers are as long as on other papers")
    order = draw.shuffled(range(len(h)))
    given = {
        **{name: [values[place] for place in order] for name, values in (("h", h), ("t", t), ("start", start))},
        "rate": rate, "steps": 2, "measure": measure, "tolerance": tolerance, "early_rate": early_rate,
        "early_steps": early_steps, "trial_rate": trial_rate,
    }  # fmt: skip
    return {**given, **BANK.draw(draw.fork("concepts"), given, level=level)}


@cache
def _tasks(level: str, measures: Sequence[str]) -> Mapping[int, Mapping[Fraction, tuple[Sequence[int], Goals]]]:
    """For every number of steps the κ that lead to it, each with its μ and goals: tolerances are powers of ρ, or 1/100 and 1/1000 where ρ is 1/n."""
    found: dict[int, dict[Fraction, tuple[Sequence[int], Goals]]] = {number: {} for number in COUNTS}
    for condition in CONDITIONS[level]:
        rho = (condition - 1) / (condition + 1)
        tolerances = {rho**power for power in range(2, 13)} | ({F(1, 100), F(1, 1000)} if rho.numerator == 1 else set())
        needed = {
            (measure, tolerance): least_steps(rho if measure == "distance" else rho**2, tolerance)
            for measure in measures
            for tolerance in sorted(tolerances)
            if tolerance.denominator <= LONGEST_TOLERANCE
        }
        middle = 2 if level == "hard" else 1  # a third curvature lies half-way
        curvatures = [mu for mu in FLATTEST if ((condition + middle - 1) * mu / middle).denominator == 1]
        for number in COUNTS:
            if goals := [goal for goal, least in needed.items() if least == number]:
                found[number][condition] = curvatures, goals
    return found


@cache
def _rates(h: tuple[int, ...]) -> Sequence[Fraction]:
    """Step sizes whose factors have different sizes below 1, none of them 0, and denominators up to 5, or 6 where there is none; without the best."""
    for largest in (5, 6):
        fractions = {F(a, b) for b in range(2, largest + 1) for a in range(1 - b, b) if a}
        found = [
            rate
            for rate in sorted({(1 - fraction) / max(h) for fraction in fractions})
            if rate != F(2, max(h) + min(h))
            and all(1 - rate * one in fractions for one in h)
            and len({abs(1 - rate * one) for one in h}) == len(h)
        ]
        if found:
            break
    return found


@cache
def _early_rates(h: tuple[int, ...]) -> Sequence[Fraction]:
    """Step sizes of the stopped run: all factors between 0 and 1, with denominators up to 10."""
    fractions = {F(a, b) for b in range(2, 11) for a in range(1, b)}
    rates = {(1 - fraction) / max(h) for fraction in fractions}
    return [rate for rate in sorted(rates) if all(1 - rate * one in fractions for one in h)]


def _trial(draw: Draw, h: tuple[int, ...], rate: Fraction) -> Fraction:
    """A step size for every behaviour that there is, each as often."""
    by_behaviour: dict[str, list[Fraction]] = {}
    for trial in (multiple / max(h) for multiple in TRIALS):
        factors = [1 - trial * one for one in h]
        if trial not in (rate, F(2, max(h) + min(h))) and all(abs(factor) not in (0, 1) for factor in factors):
            by_behaviour.setdefault("".join(map(behaviour_of, factors)), []).append(trial)
    return draw.choice(by_behaviour[draw.choice([*by_behaviour])])


def _apart(draw: Draw, factor: Fraction) -> int:
    """How far the start lies from the minimum: a multiple of the squared denominator of the factor."""
    square = factor.denominator**2
    return square * draw.integer(1, max(1, min(6, 40 // square)))


def _work(
    h: Sequence[int], t: Sequence[int], apart: Sequence[int], rate: Fraction, early_rate: Fraction, early_steps: int,
    trial_rate: Fraction, *powers: Fraction,
) -> int:  # fmt: skip
    """How many digits and bars the numbers of the key have beyond their first digits."""
    factors, early, trial = ([1 - size * one for one in h] for size in (rate, early_rate, trial_rate))
    errors = [[factor**k * distance for factor, distance in zip(factors, apart, strict=True)] for k in range(3)]
    thetas = [e + one for row in errors[1:] for e, one in zip(row, t, strict=True)]
    losses = [sum(one * e**2 for one, e in zip(h, row, strict=True)) / 2 for row in errors]
    left = [factor**early_steps for factor in early]
    stopped = [(1 - share) * one for share, one in zip(left, t, strict=True)]
    penalties = [share * one / (1 - share) for share, one in zip(left, h, strict=True)]
    numbers = [
        *factors,
        *(one for row in errors for one in row),
        *thetas,
        *losses,
        *early,
        *left,
        *left,
        *stopped,
        *penalties,
    ]
    return sum(map(_written, (*numbers, *trial, trial_rate, rate, early_rate, max(h), max(h), max(h), *powers)))


def _written(number: Any) -> int:
    """How many digits and bars a number has beyond its first digit."""
    digits = len(str(abs(number.numerator))) - 1
    return digits + len(str(number.denominator)) if number.denominator > 1 else digits


sample_easy = partial(_sample, level="easy", measures=("distance",))
sample = partial(_sample, level="standard", measures=("distance", "loss"))
sample_hard = partial(_sample, level="hard", measures=("distance", "loss"))


def require(
    h: Array, t: Array, start: Array, rate: Any, steps: Any, tolerance: Any, early_rate: Any, early_steps: Any,
    trial_rate: Any = None,
) -> None:  # fmt: skip
    """Positive curvatures and step sizes, one coordinate of minimum and start for each, and a tolerance that some steps reach."""
    for curvature in h:
        if curvature <= 0:
            raise InputError(expected("positive curvatures", curvature), field="h")
    for field, vector in (("t", t), ("start", start)):
        require_length(field, vector, len(h), "entry of h")
    for field, number in (("rate", rate), ("early_rate", early_rate), ("trial_rate", trial_rate)):
        if number is not None and number <= 0:
            raise InputError(expected("a positive step size", number), field=field)
    if not 0 < tolerance < 1:
        raise InputError(expected("a number between 0 and 1", tolerance), field="tolerance")
    _require_moderate(h, rate, steps, tolerance, early_rate, early_steps)


def _require_moderate(h: Array, rate: Any, steps: Any, tolerance: Any, early_rate: Any, early_steps: Any) -> None:
    """A number of steps that can be counted, distances that do not outgrow floats, and a stopped run that has moved."""
    try:
        least_steps((h.max() - h.min()) / (h.max() + h.min()), tolerance)
    except InputError as error:
        raise InputError(f"{error.message}; use a larger one", field="tolerance") from None
    remaining = (1 - early_rate * h) ** early_steps
    for field, factors in (("rate", (1 - rate * h) ** steps), ("early_rate", remaining)):
        if abs(factors).max() > LARGEST_VALUE:
            raise InputError(f"distances grow by more than {LARGEST_VALUE:.0e}; use a smaller one", field=field)
    if equal(remaining, 1).any():
        raise InputError(
            "the stopped run ends where it began in a coordinate, which no penalty does", field="early_rate"
        )


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.  Iterates begin with the start.


def descent(start: Array, t: Array, factors: Array, steps: Any) -> Array:
    """The start and as many steps, each of which multiplies the distance of every coordinate to t by its factor."""
    return stack([t + factors**k * (start - t) for k in range(int(steps) + 1)])


def least_steps(factor: Any, tolerance: Any) -> int:
    """The least number of steps after which a product of equal factors is at most the tolerance."""
    if not 0 <= factor < 1:
        raise InputError(expected("a factor from 0 to below 1, which some power makes small", factor))
    if factor == 0:
        return 1
    guess = log(float(tolerance)) / log1p(-float(1 - factor))
    if guess > MOST_STEPS:
        raise InputError(f"more than {MOST_STEPS} steps are needed")
    return next(steps for steps in count(max(ceil(guess - 1e-9), 1)) if factor**steps <= tolerance)


def after_steps(factor: Any, steps: Any) -> Any:
    """The product of so many equal factors; 0 for a number of steps, of a student, whose product nobody would write."""
    return factor**steps if 0 <= steps <= MOST_STEPS else 0


def behaviour_of(factor: Any) -> str:
    """What a coordinate does: ``s`` for steady, ``o`` for oscillating, ``d`` for diverging, ``f`` for back and forth for ever."""
    return "d" if factor < -1 else "f" if factor == -1 else "o" if factor < 0 else "s"


SOLUTION = steps(
    curvature=lambda h: h,
    factors=lambda curvature, rate: 1 - rate * curvature,
    iterates=descent,
    losses=lambda iterates, h, t: (h * (iterates - t) ** 2).sum(axis=1) / 2,
    extremes=lambda h: array([h.min(), h.max()]),
    largest_rate=lambda extremes: 2 / extremes[1],
    trial_rate=lambda rate: rate,
    behaviour=lambda h, trial_rate: "".join(map(behaviour_of, 1 - trial_rate * h)),
    best_rate=lambda extremes: 2 / extremes.sum(),
    kappa=lambda extremes: extremes[1] / extremes[0],
    contraction=lambda kappa: (kappa - 1) / (kappa + 1),
    per_step=lambda contraction, measure: contraction if measure == "distance" else contraction**2,
    steps_needed=lambda per_step, tolerance: least_steps(per_step, tolerance),
    remaining=lambda h, early_rate, early_steps: (1 - early_rate * h) ** early_steps,
    early_theta=lambda remaining, t: (1 - remaining) * t,
    equivalent_lambda=lambda h, remaining: h * remaining / (1 - remaining),
)

# ------------------------------------------------------------------------------ what students do instead


def several_curvatures(h: Array) -> bool:
    """The curvatures differ."""
    return bool(h.min() != h.max())


def other_measure(contraction: Any, measure: str) -> Any:
    """What belongs to a step in the measure that is not asked for."""
    return contraction**2 if measure == "distance" else contraction


BANK = Bank.beside(
    __file__,
    apart=lambda start, t: start - t,
    trial_factors=lambda trial_rate, h: 1 - trial_rate * h,
    trial_verdict=lambda behaviour: "it does not" if {"d", "f"} & {*behaviour} else "it does",
    before=lambda steps_needed: steps_needed - 1,
    power_before=lambda per_step, steps_needed: after_steps(per_step, steps_needed - 1),
    power_needed=lambda per_step, steps_needed: after_steps(per_step, steps_needed),
    early_factors=lambda early_rate, h: 1 - early_rate * h,
    moved=lambda remaining: 1 - remaining,
    ten_h=lambda h: 10 * h,
    tenth_rate=lambda rate: rate / 10,
    tenth_bound=lambda largest_rate: largest_rate / 10,
    tenth_best=lambda best_rate: best_rate / 10,
    tolerance_squared=lambda tolerance: tolerance**2,
    steps_squared=lambda per_step, tolerance: least_steps(per_step, tolerance**2),
    one_over_l=lambda h: 1 / h.max(),
    one_over_mu=lambda h: 1 / h.min(),
    one_over_first=lambda h: 1 / h[0],
    too_large=lambda h: 3 / h.max(),
    thumb=lambda early_rate, early_steps: 1 / (early_rate * early_steps),
    start_gradient=lambda h, start, t: h * (start - t),
    first_factor=lambda factors: factors[0],
    fourth_power=lambda factors: factors[0] ** 4,
    worst_squared=lambda factors: (factors**2).max(),
    shrunk_by_one=lambda h, t: h[0] / (h[0] + 1) * t[0],
    one_more=lambda h, early_rate, early_steps: (1 - early_rate * h[0]) ** (early_steps + 1),
    halfway=lambda extremes: extremes.mean(),
    minus_t=lambda t: -t,
    steeper=lambda h: h.max() + 1,
    flatter=lambda h: h.min() / 2,
    twice_early=lambda early_steps: 2 * early_steps,
)

MISTAKES = [
    BANK.mistake("half_gradient", factors=lambda curvature, rate: 1 - rate * curvature / 2),
    BANK.mistake("ascent", factors=lambda curvature, rate: 1 + rate * curvature),
    BANK.mistake(
        "one_curvature",
        factors=lambda curvature, rate: 1 - rate * (0 * curvature + curvature.max()),
        applies=several_curvatures,
    ),
    BANK.mistake(
        "minimum_forgotten",
        iterates=lambda start, t, factors, steps: descent(start, 0 * t, factors, steps),
        applies=lambda t: any(t),
    ),
    BANK.mistake("half_forgotten", losses=lambda iterates, h, t: (h * (iterates - t) ** 2).sum(axis=1)),
    BANK.mistake("one_over_l", largest_rate=lambda extremes: 1 / extremes[1]),
    BANK.mistake("flattest_direction", largest_rate=lambda extremes: 2 / extremes[0], applies=several_curvatures),
    BANK.mistake("best_is_one_over_l", best_rate=lambda extremes: 1 / extremes[1], applies=several_curvatures),
    BANK.mistake("best_is_one_over_sum", best_rate=lambda extremes: 1 / extremes.sum()),
    BANK.mistake("rate_of_one_over_l", contraction=lambda kappa: (kappa - 1) / kappa, applies=several_curvatures),
    BANK.mistake(
        "momentum_rate", contraction=lambda kappa: (sqrt(kappa) - 1) / (sqrt(kappa) + 1), applies=several_curvatures
    ),
    BANK.mistake(
        "wrong_measure",
        per_step=other_measure,
        applies=lambda contraction, measure, tolerance, steps_needed: (
            least_steps(other_measure(contraction, measure), tolerance) not in (steps_needed, steps_needed - 1)
        ),
    ),
    BANK.mistake("rounded_down", steps_needed=lambda per_step, tolerance: least_steps(per_step, tolerance) - 1),
    BANK.mistake("kept_not_removed", early_theta=lambda remaining, t: remaining * t),
    BANK.mistake("inverted_lambda", equivalent_lambda=lambda h, remaining: h * (1 - remaining) / remaining),
    BANK.mistake(
        "rule_of_thumb",
        equivalent_lambda=lambda h, early_rate, early_steps: 0 * h + 1 / (early_rate * early_steps),
    ),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(
    h: np.ndarray, t: np.ndarray, start: np.ndarray, rate: float, steps: float, measure: str, tolerance: float,
    early_rate: float, early_steps: float, trial_rate: float | None = None,
) -> Mapping[str, Any]:  # fmt: skip
    """numpy: gradients by complex steps, the stable edge by bisection, the best step by ternary search; λ by the stationary point."""

    def loss(theta: np.ndarray, centre: np.ndarray = t) -> complex:
        return complex(0.5 * np.dot(h, (theta - centre) ** 2))

    def run(theta: np.ndarray, rate: float, steps: float, centre: np.ndarray = t) -> np.ndarray:
        found = [theta]
        for _ in range(int(steps)):
            found.append(found[-1] - rate * complex_slopes(lambda one: loss(one, centre), found[-1]))
        return np.array(found)

    def worst(rate: float) -> float:
        return float(np.abs(1 - rate * h).max())

    low, high = 0.0, 4 / float(h.max())
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if worst(middle) < 1 else (low, middle)
    left, right = 0.0, 4 / float(h.min())
    for _ in range(200):
        third = (right - left) / 3
        left, right = (left, right - third) if worst(left + third) < worst(right - third) else (left + third, right)
    rho = worst(left)
    needed, size = 0, 1.0
    while size > tolerance * (1 + 1e-9):
        needed, size = needed + 1, size * (rho if measure == "distance" else rho**2)
    path = run(start, rate, steps)
    reached = run(np.zeros(len(h)), early_rate, early_steps, np.ones(len(h)))[-1]
    after_one = run(t + 1, rate if trial_rate is None else trial_rate, 1)[-1] - t
    return {
        "factors": run(t + 1, rate, 1)[-1] - t,
        "iterates": path,
        "losses": [loss(theta).real for theta in path],
        "largest_rate": low,
        "behaviour": "".join(
            "f" if abs(one + 1) < 1e-9 else "d" if one < -1 else "o" if one < -1e-9 else "s" for one in after_one
        ),
        "best_rate": left,
        "kappa": np.linalg.cond(np.diag(h)),
        "contraction": rho,
        "steps_needed": needed,
        "remaining": 1 - reached,
        "early_theta": run(np.zeros(len(h)), early_rate, early_steps)[-1],
        "equivalent_lambda": h * (1 - reached) / reached,
    }


# -------------------------------------------------------------------------------------------- the prose


def preamble(v: Values) -> Content:
    return BANK.text("preamble", v)


def behaviours(v: Values) -> dict[str, Content]:
    """The behaviours to choose from: the right one among those of other step sizes."""
    steepest, flattest = (equal(v.h, extreme) for extreme in (v.extremes[1], v.extremes[0]))
    patterns = [v.behaviour, *(letter * len(v.h) for letter in "sod")]
    for picked, other, rest in ((steepest, "o", "s"), (flattest, "s", "o"), (steepest, "d", "s")):
        patterns.append("".join(other if one else rest for one in picked))
    words = BANK.texts("behaviours", v)
    return {
        pattern: ", ".join(rf"$\theta_{place}$ {words[letter].text}" for place, letter in enumerate(pattern, start=1))
        for pattern in dict.fromkeys(patterns)
    }


def parts(v: Values) -> Iterator[Part]:
    last = int(v.steps)
    rows = [
        {"k": k, "p": k - 1, "error": (theta - v.t), "theta": theta} for k, theta in enumerate(v.iterates[1:], start=1)
    ]
    yield BANK.part("factors", v, Vector("factors", "r", like="h"))
    iterates = Matrix("iterates", rf"\theta_0, \dots, \theta_{{{last}}}")
    yield BANK.part("iterates", v, iterates, for_each=rows, last=last, steps=path_figure(v))
    yield BANK.part("losses", v, Vector("losses", rf"f(\theta_0), \dots, f(\theta_{{{last}}})"), last=last)
    yield BANK.part("largest_rate", v, Number("largest_rate"))
    yield BANK.part("behaviour", v, Choice("behaviour", behaviours(v)))
    yield BANK.part("kappa", v, Number("kappa", r"\kappa"))
    yield BANK.part("best_rate", v, Number("best_rate", r"\alpha"))
    yield BANK.part("contraction", v, Number("contraction", r"\rho"), steps=[factor_figure(v)])
    yield BANK.part("steps_needed", v, Number("steps_needed", "k"), case=v.measure)
    yield BANK.part("remaining", v, Vector("remaining", "s", like="h"))
    yield BANK.part("early_theta", v, Vector("early_theta", r"\theta", like="h"))
    yield BANK.part("equivalent_lambda", v, Vector("equivalent_lambda", r"\lambda", like="h"))
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))
    yield Part("question", *BANK.essay("question", v))


def path_figure(v: Values) -> list[Figure]:
    """The iterates in the plane of the flattest and the steepest coordinate, on level curves of f there; none where there is nothing to see."""
    if len(v.h) < 2 or v.extremes[0] == v.extremes[1]:
        return []
    places = sorted((int(v.h.argmin()), int(v.h.argmax())))
    h, t = (to_float(values[places]) for values in (v.h, v.t))
    points = [tuple(to_float(theta[places])) for theta in v.iterates]
    levels = [sum(c * (x - m) ** 2 for c, x, m in zip(h, point, t, strict=True)) for point in points]
    if not any(levels):
        return []
    sizes = [float_root(max(levels) / c) for c in h]
    x_range, y_range = ((m - 1.05 * size, m + 1.05 * size) for m, size in zip(t, sizes, strict=True))
    turns = [2 * pi * step / 48 for step in range(49)]
    ellipses = [
        Curve(
            points=[
                (t[0] + float_root(level / h[0]) * cos(turn), t[1] + float_root(level / h[1]) * sin(turn))
                for turn in turns
            ],
            style="grid",
            said="",
        )
        for level in levels
        if level
    ]
    path = Curve(points=points, style="first", name=("iterates",), has_marks=True)
    x_ticks, y_ticks = (
        [(to_float(value), notation.plain(value)) for value in dict.fromkeys((v.t[place], v.start[place]))]
        for place in places
    )
    scene = curves_scene(
        Curves(
            title="The iterates on level curves of f",
            curves=[*ellipses, path],
            across=(Symbol("θ", f"{places[0] + 1}"),),
            up=(Symbol("θ", f"{places[1] + 1}"),),
            x_range=x_range,
            y_range=y_range,
            x_ticks=x_ticks,
            y_ticks=y_ticks,
            is_equal=True,
            description="Ellipses around the minimum, one through each iterate.",
        )
    )
    return [Figure("iterates", scene)]


def factor_figure(v: Values) -> Figure:
    """The size of every coordinate's factor against the step size: the largest of them has its kink at the best step size."""
    steepest = to_float(v.extremes[1])
    end = 2.5 / steepest
    curves = []
    for style, curvature in zip(("first", "second", "third", "fourth"), sorted(set(v.h)), strict=False):
        slope = to_float(curvature)
        corner = [(1 / slope, 0.0)] if 1 / slope < end else []
        points = [(0.0, 1.0), *corner, (end, abs(1 - slope * end))]
        curves.append(Curve(points=points, style=style, name=(f"h = {notation.plain(curvature)}",)))
    scene = curves_scene(
        Curves(
            title="The size of each factor against the step size",
            curves=curves,
            across=(Symbol("α"),),
            up=("|1 − ", Symbol("α"), "h|"),
            x_range=(0.0, end),
            y_range=(0.0, 1.5),
            x_ticks=[(to_float(rate), notation.plain(rate)) for rate in dict.fromkeys((v.best_rate, v.largest_rate))],
            y_ticks=[(to_float(one), notation.plain(one)) for one in dict.fromkeys((v.contraction, 1))],
            description=(
                f"At the best step size, {notation.plain(v.best_rate)}, the largest and the smallest curvature have a factor "
                f"of the same size, {notation.plain(v.contraction)}; from {notation.plain(v.largest_rate)} on one is 1 or more."
            ),
        )
    )
    return Figure("factors", scene)


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The numbers, coordinate by coordinate in any order; not the questions in words."""
    coordinates = sorted(zip(params["h"], params["t"], params["start"], strict=True))
    others = ("rate", "steps", "measure", "tolerance", "early_rate", "early_steps", "trial_rate")
    return [[*map(list, coordinates)], [params.get(name) for name in others]]


def signature(v: Values) -> Mapping[str, Any]:
    """How many coordinates there are, how many steps of the stopped run, and how many claims to judge."""
    return {"coordinates": len(v.h), "early steps": int(v.early_steps), "claims": len(v.claims)}


PROBLEM = Problem(
    id="gradient-descent-quadratic",
    title="Gradient descent on a bowl",
    topic="optimization",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "h": required(read_vector),
        "t": required(read_vector),
        "start": required(read_vector),
        "rate": required(read_number),
        "steps": required(whole(1, 200)),
        "measure": required(one_of(("distance", "loss"))),
        "tolerance": required(read_number),
        "early_rate": required(read_number),
        "early_steps": required(whole(1, 200)),
        "trial_rate": optional(read_number),
        "question": optional(one_of(BANK["question"]), "limits_and_speed"),
        "claims": optional(some_of(BANK["claims"]), ()),
    },
    require=require,
    sample=sample,
    solution=SOLUTION,
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
    parts=parts,
    original={
        "h": [2, 6],
        "t": [3, -1],
        "start": [19, 15],
        "rate": "1/8",
        "steps": 2,
        "measure": "loss",
        "tolerance": "1/1000",
        "early_rate": "1/12",
        "early_steps": 2,
        "question": "limits_and_speed",
        "claims": ["bounces_for_ever", "one_penalty"],
    },
    canonical=canonical,
    signature=signature,
    standard={"coordinates": 2, "early steps": 3, "claims": 2},
    possible={"contraction": 6, "kappa": 6, "steps_needed": 6},
    variants=1_000_000,
    easy=Level(
        sample_easy,
        {"coordinates": 2, "early steps": 2, "claims": 2},
        possible={"contraction": 3, "kappa": 3, "steps_needed": 6},
        variants=1_000_000,
    ),
    hard=Level(
        sample_hard,
        {"coordinates": 3, "claims": 2},
        possible={"contraction": 5, "kappa": 5, "steps_needed": 6},
        variants=1_000_000,
    ),
)
