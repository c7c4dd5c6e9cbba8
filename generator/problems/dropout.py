r"""Dropout on the inputs of one linear unit: a training pass, its correction, and what holds on average.

Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, *Dropout: A Simple Way to Prevent Neural Networks
from Overfitting* (2014).  The correction is the "inverted" one of section 10, applied in training.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from sympy import Rational, denom

from generator import (
    Array, Bank, Content, Draw, InputError, Level, Number, Part, Problem, Values, Vector,
    array, list_of, one_of, optional, read_number, read_vector, require_length, require_together, required, say,
    some_of, sqrt, steps, whole,
)  # fmt: skip
from generator.numbers.encoding import encode


def drops_units(p: Any) -> bool:
    """p is not 0."""
    return bool(p != 0)


def is_lopsided(p: Any) -> bool:
    """p is not one half."""
    return bool(2 * p != 1)


# Conditions and numbers of the questions in words.
BANK = Bank.beside(
    __file__,
    drops_units,
    is_lopsided,
    units=lambda x: len(x),
    masks=lambda x: 2 ** len(x),
    many=lambda p: 100 * denom(p),
    many_kept=lambda p: 100 * denom(p) * (1 - p),
    keep_squared=lambda keep: keep**2,
    odds=lambda p: p / (1 - p),
    inverse_odds=lambda p: (1 - p) / p,
    larger_p=lambda p: (1 + p) / 2,
    larger_odds=lambda p: (1 + p) / (1 - p),
    all_dropped=lambda p, x: p ** len(x),
    shared_variance=lambda p, y_orig: p / (1 - p) * y_orig**2,
    first_doubled=lambda x: 2 * x[0],
    first_noise=lambda p, x: p / (1 - p) * x[0] ** 2,
    fold=lambda x: x[1] + 1,
    fold_squared=lambda x: (x[1] + 1) ** 2,
    batch=lambda x: 4 * x[0] + 4,
    batch_entries=lambda x: (4 * x[0] + 4) * len(x),
)
FOLLOW_UPS = ("expectation",)

# ------------------------------------------------------------------------------------------ the sampler


# For each dropping probability, how many units survive: a number within one of the expected one, and never that one itself,
# since the number of units is prime to every denominator.
EASY = {"2/3": 2, "3/4": 2, "4/5": 2}
STANDARD = {"1/5": 5, "1/4": 5, "1/3": 5, "2/5": 4, "3/5": 3}
HARD = {"1/5": 6, "1/3": 6, "2/5": 5, "3/5": 4}

# Activations with their weights: no contribution is larger than 12, and its square is known by heart.
UNITS = [(x, w) for w, largest in ((1, 9), (2, 6), (3, 4)) for x in range(1, largest + 1)]
SMALL = [(x, w) for x, w in UNITS if x * w < 10]
LARGE = [(x, w) for x, w in UNITS if x * w >= 10]

FOUND = sorted({Fraction(above, below) for below in range(3, 10) for above in range(1, below)} - {Fraction(1, 2)})
"""Probabilities to be found from two outputs; at one half that of keeping a unit is the same."""


def _sample(
    draw: Draw, level: str, survivors: Mapping[str, int], units: int, large: int, negative: int
) -> Mapping[str, Any]:
    """Units, so many with contributions of two digits and with negative weights, and a mask under which the correction helps.

    All units are drawn freely but for the first, a survivor, and the last, a dropped one: these two make the numbers fit.
    """
    p, kept = draw.choice([*survivors.items()])
    free = draw.shuffled(
        [draw.choice(LARGE) for _ in range(large)] + [draw.choice(SMALL) for _ in range(units - 2 - large)]
    )
    signs = draw.shuffled([-1] * negative + [1] * (units - negative))
    chance = Fraction(p)
    inner = [sign * x * w for (x, w), sign in zip(free, signs[1:-1], strict=True)]
    pairs = [(first, last) for first in SMALL for last in SMALL]
    fitting = [
        ((x, w), (y, v))
        for (x, w), (y, v) in pairs
        if _fits(chance, [signs[0] * x * w, *inner, signs[-1] * y * v], kept)
    ]
    draw.require(fitting, "no two units make the numbers fit")
    first, last = draw.choice(fitting)
    row = [(x, sign * w) for (x, w), sign in zip((first, *free, last), signs, strict=True)]
    draw.require({abs(w) for _, w in row} == {1, 2, 3}, "the weights are not of three sizes")
    placed = draw.shuffled([(x, w, place < kept) for place, (x, w) in enumerate(row)])
    turned = draw.sign() if negative else 1  # so that no sign of an output is the common one
    found = draw.choice([share for share in FOUND if share != chance])
    times = draw.sign() * draw.integer(2, 6)
    return {
        "x": [x for x, _, _ in placed],
        "w": [turned * w for _, w, _ in placed],
        "p": p,
        "dropped": [place for place, (_, _, survives) in enumerate(placed, start=1) if not survives],
        "seen_drop": times * (found.denominator - found.numerator),
        "seen_corr": times * found.denominator,
        "follow_ups": FOLLOW_UPS,
        **BANK.draw(draw.fork("concepts"), {"p": chance, "follow_ups": FOLLOW_UPS}, level=level),
    }


def _fits(p: Fraction, contributions: Sequence[int], kept: int) -> bool:
    """Whether the corrected output is whole and closer to the original one, but not equal to it, and both have two digits.

    The first ``kept`` units survive.  The squares must add up to a multiple of the denominator of ``p``: the variances are p(1 - p)
    and p/(1 - p) times their sum, and get no larger denominator than ``p`` has.
    """
    if sum(share**2 for share in contributions) % p.denominator:
        return False
    uncorrected, original = sum(contributions[:kept]), sum(contributions)
    corrected, rest = divmod(uncorrected * p.denominator, p.denominator - p.numerator)
    return (
        rest == 0
        and 10 <= corrected <= 99
        and 10 <= original <= 99
        and 0 < abs(corrected - original) < abs(uncorrected - original)
    )


sample_easy = partial(_sample, level="easy", survivors=EASY, units=7, large=1, negative=0)
sample = partial(_sample, level="standard", survivors=STANDARD, units=7, large=2, negative=2)
sample_hard = partial(_sample, level="hard", survivors=HARD, units=8, large=4, negative=3)


def require(x: Array, w: Array, p: Any, dropped: Array, seen_drop: Any = None, seen_corr: Any = None) -> None:
    """A weight for each unit, a probability that leaves something to scale, and units that exist, once each."""
    require_length("w", w, len(x), "unit of x")
    if p < 0 or p >= 1:
        raise InputError(
            f"expected a probability from 0 to below 1, for the correction divides by 1 - p; got {p}", field="p"
        )
    for place in dropped:
        if place > len(x):
            raise InputError(f"expected positions of x, 1 to {len(x)}; got {place}", field="dropped")
        if dropped.count(place) > 1:
            raise InputError(f"unit {place} stands twice", field="dropped")
    require_together(seen_drop=seen_drop, seen_corr=seen_corr)
    if seen_drop is not None and (seen_corr == 0 or not 0 < seen_drop / seen_corr <= 1):
        raise InputError(
            f"expected a number of the sign of seen_drop = {seen_drop}, and not smaller in size; got {seen_corr}",
            field="seen_corr",
        )


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.


def survivals(x: Array, dropped: Array) -> Array:
    """1 for each unit that survives, 0 for each that is dropped."""
    return array([int(unit not in dropped) for unit in range(1, len(x) + 1)])


SOLUTION = steps(
    keep=lambda p: 1 - p,
    correction=lambda keep: 1 / keep,
    mask=survivals,
    contributions=lambda w, x: w * x,
    surviving=lambda mask, contributions: contributions[mask > 0],
    y_drop=lambda mask, contributions: mask @ contributions,
    y_corr=lambda correction, y_drop: correction * y_drop,
    y_orig=lambda contributions: contributions.sum(),
    expected_drop=lambda keep, y_orig: keep * y_orig,
    mask_variance=lambda keep: keep * (1 - keep),
    squares=lambda contributions: (contributions**2).sum(),
    variance_drop=lambda mask_variance, squares: mask_variance * squares,
    expected_corr=lambda correction, expected_drop: correction * expected_drop,
    variance_corr=lambda correction, variance_drop: correction**2 * variance_drop,
    seen_keep=lambda seen_drop, seen_corr: seen_drop / seen_corr,
    found_p=lambda seen_keep: 1 - seen_keep,
)

# ------------------------------------------------------------------------------ what students do instead

MISTAKES = [
    BANK.mistake("inverted mask", mask=lambda x, dropped: 1 - survivals(x, dropped)),
    BANK.mistake("weights left out", contributions=lambda x: x, applies=lambda w: any(weight != 1 for weight in w)),
    BANK.mistake("p taken for keeping", keep=lambda p: p),
    BANK.mistake("no correction", y_corr=lambda y_drop: y_drop, applies=lambda p: p != 0),
    BANK.mistake("scaled down", correction=lambda keep: keep),
    BANK.mistake("scaled by p", correction=lambda p: p),
    BANK.mistake("scaled by the realized share", y_corr=lambda mask, y_drop: y_drop / mask.mean()),
    BANK.mistake("corrected the full output", y_corr=lambda correction, y_orig: correction * y_orig),
    BANK.mistake("correction taken as exact", y_orig=lambda y_corr: y_corr),
    BANK.mistake("scaled at test too", y_orig=lambda keep, contributions: keep * contributions.sum()),
    BANK.mistake(
        "corrected without dropout",
        y_orig=lambda correction, contributions: correction * contributions.sum(),
        applies=lambda p: p != 0,
    ),
    BANK.mistake("dropout ignored on average", expected_drop=lambda y_orig: y_orig, applies=lambda p: p != 0),
    BANK.mistake("this mask for all", expected_drop=lambda y_drop: y_drop),
    BANK.mistake("masks equally likely", expected_drop=lambda y_orig: y_orig / 2, mask_variance=lambda: Rational(1, 4)),
    BANK.mistake("second moment", mask_variance=lambda keep: keep),
    BANK.mistake("contributions not squared", squares=lambda contributions: contributions.sum()),
    BANK.mistake("sum squared", squares=lambda y_orig: y_orig**2),
    BANK.mistake(
        "survivors only",
        squares=lambda surviving: (surviving**2).sum(),
        applies=lambda surviving, contributions: len(surviving) < len(contributions),
    ),
    BANK.mistake(
        "standard deviation for the variance",
        variance_drop=lambda mask_variance, squares: sqrt(mask_variance * squares),
        variance_corr=lambda correction, mask_variance, squares: correction * sqrt(mask_variance * squares),
    ),
    BANK.mistake("average lost to the correction", expected_corr=lambda expected_drop: expected_drop),
    BANK.mistake("correction not squared", variance_corr=lambda correction, variance_drop: correction * variance_drop),
    BANK.mistake("variance left as it was", variance_corr=lambda variance_drop: variance_drop),
    BANK.mistake("gave the probability of keeping", found_p=lambda seen_keep: seen_keep),
    BANK.mistake("gave the correction", found_p=lambda seen_keep: 1 / seen_keep),
    BANK.mistake("quotient upside down", found_p=lambda seen_keep: 1 / seen_keep - 1),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(
    x: np.ndarray,
    w: np.ndarray,
    p: float,
    dropped: np.ndarray,
    seen_drop: float | None = None,
    seen_corr: float | None = None,
) -> Mapping[str, Any]:
    """numpy: the layer on this mask, and for the moments on every mask, with its probability."""
    alive = np.ones(len(x))
    alive[np.asarray(dropped, dtype=int) - 1] = 0
    opinion: dict[str, Any] = {
        "contributions": np.outer(w, x).diagonal(),
        "correction": 1 / (1 - p),
        "y_drop": (alive * x) @ w,
        "y_corr": (alive * x / (1 - p)) @ w,
        "y_orig": x @ w,
    }
    terms = np.outer(x * w, (1, 1 / (1 - p)))
    moments = sum(_moments(terms[start : start + 10], p) for start in range(0, len(x), 10))
    for name, mean, variance in zip(("drop", "corr"), *np.asarray(moments), strict=True):
        opinion[f"expected_{name}"], opinion[f"variance_{name}"] = mean, variance
    if seen_drop is not None and seen_corr is not None:
        opinion["found_p"] = (seen_corr - seen_drop) / seen_corr
    return opinion


def _moments(terms: np.ndarray, p: float) -> np.ndarray:
    """Mean and variance of the sum of the terms that survive in each column, from all masks and how likely each is."""
    masks = np.indices((2,) * len(terms)).reshape(len(terms), -1).T
    likely = np.where(masks, 1 - p, p).prod(axis=1)
    sums = masks @ terms
    mean = likely @ sums
    return np.array([mean, likely @ (sums - mean) ** 2])


# -------------------------------------------------------------------------------------------- the prose


def preamble(v: Values) -> Content:
    return [
        BANK.text(
            "preamble", v, count=len(v.x), dropped_units=_units(v.dropped), are="is" if len(v.dropped) < 2 else "are"
        ),
        say(_table(len(v.x)), printed_mask=v.mask),
    ]


def _table(count: int) -> str:
    """The units with their weights and their mask, one a column."""
    rows = [["unit $i$", *map(str, range(1, count + 1))], ["---"] * (count + 1)]
    for name, values in (("$x_i$", "x"), ("$w_i$", "w"), ("$m_i$", "printed_mask")):
        rows.append([name, *(f"<{values}[{place}]>" for place in range(count))])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _units(places: Array) -> str:
    """The units in words: ``units 1, 4 and 5``."""
    if not places:
        return "no unit"
    *others, last = map(str, sorted(places))
    return f"units {', '.join(others)} and {last}" if others else f"unit {last}"


def parts(v: Values) -> Iterator[Part]:
    yield BANK.part("contributions", v, Vector("contributions", r"(w_i x_i)_i", like="x"))
    yield BANK.part("correction", v, Number("correction", r"\frac{1}{1 - p}"))
    yield BANK.part("y_drop", v, Number("y_drop", r"y_{\mathrm{drop}}"))
    yield BANK.part("y_corr", v, Number("y_corr", r"y_{\mathrm{corr}}"))
    yield BANK.part("y_orig", v, Number("y_orig", r"y_{\mathrm{orig}}"))
    yield Part("closeness", *BANK.essay("closeness", v), needs=("y_drop", "y_corr", "y_orig"))
    yield Part("train_test", *BANK.essay("train_test", v))
    if "expectation" in v.follow_ups:
        moments = {
            "expected_drop": r"\mathrm{E}[y_{\mathrm{drop}}]",
            "variance_drop": r"\mathrm{Var}[y_{\mathrm{drop}}]",
            "expected_corr": r"\mathrm{E}[y_{\mathrm{corr}}]",
            "variance_corr": r"\mathrm{Var}[y_{\mathrm{corr}}]",
        }
        yield BANK.part(
            "expectation", v, parts=[BANK.part(step, v, Number(step, symbol)) for step, symbol in moments.items()]
        )
    yield BANK.part("find_p", v, Number("found_p", "p'"))
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The probability, and the units with their weights and their fate, up to their order."""
    fates = survivals(params["x"], params["dropped"])
    return params["p"], sorted(encode([*zip(params["x"], params["w"], fates, strict=True)]))


def signature(v: Values) -> Mapping[str, Any]:
    """How much there is to multiply, add and square, and how typical the mask is."""
    negative = (v.w < 0).sum()
    moments = (v.expected_drop, v.variance_drop, v.expected_corr, v.variance_corr)
    return {
        "units": len(v.x),
        "weights of the rarer sign": min(negative, len(v.w) - negative),
        "contributions of two digits": (abs(v.contributions) >= 10).sum(),
        "survivors": "as expected" if abs(len(v.surviving) - v.keep * len(v.x)) < 1 else "unlikely",
        "corrected output": "whole" if v.y_corr.is_Integer else "a fraction",
        "largest denominator": "at most 5" if max(moment.q for moment in moments) <= 5 else "larger",
        "claims": len(v.claims),
    }


SIGNATURE: dict[str, Any] = {
    "units": 7,
    "weights of the rarer sign": 2,
    "contributions of two digits": 2,
    "survivors": "as expected",
    "corrected output": "whole",
    "largest denominator": "at most 5",
    "claims": 2,
}

PROBLEM = Problem(
    id="dropout",
    title="Dropout",
    topic="regularization",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "x": required(read_vector),
        "w": required(read_vector),
        "p": required(read_number),
        "dropped": required(list_of(whole(1))),
        "closeness": optional(one_of(BANK["closeness"]), "why"),
        "train_test": optional(one_of(BANK["train_test"]), "another_layer"),
        "follow_ups": optional(some_of(FOLLOW_UPS), ()),
        "seen_drop": optional(read_number),
        "seen_corr": optional(read_number),
        "claims": optional(some_of(BANK["claims"]), ()),
    },
    require=require,
    sample=sample,
    solution=SOLUTION,
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
    parts=parts,
    original={"x": [2, 6, 4, 4, 5, 3, 4, 4], "w": [1] * 8, "p": "3/4", "dropped": [1, 2, 3, 4, 5, 6]},
    canonical=canonical,
    signature=signature,
    standard=SIGNATURE,
    variants=2_000_000,  # at least, as at the other levels: so rarely do two of 24,000 draws coincide
    possible={"correction": len(STANDARD)},
    easy=Level(
        sample_easy,
        SIGNATURE | {"weights of the rarer sign": 0, "contributions of two digits": 1},
        variants=500_000,
        possible={"correction": len(EASY)},
    ),
    hard=Level(
        sample_hard,
        SIGNATURE | {"units": 8, "weights of the rarer sign": 3, "contributions of two digits": 4},
        variants=1_200_000,
        possible={"correction": len(HARD)},
    ),
)
