r"""Dropout on the inputs of one linear unit: a training pass, its correction, and what holds on average.

Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, *Dropout: A Simple Way to Prevent Neural Networks
from Overfitting* (2014).  The correction is the "inverted" one of section 10, applied in training.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache, partial
from typing import Any

import numpy as np
from sympy import Rational

from generator import (
    Array,
    Bank,
    Content,
    Draw,
    InputError,
    Level,
    Mistake,
    Number,
    Part,
    Problem,
    Values,
    Vector,
    array,
    one_of,
    optional,
    read_number,
    read_vector,
    required,
    say,
    some_of,
    whole,
)
from generator.numbers.encoding import encode

BANK = Bank.beside(__file__)
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
        **BANK.draw(draw.fork("concepts"), {"follow_ups": FOLLOW_UPS}, level=level),
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


def read_positions(raw: Any, *, field: str) -> Any:
    """A list of positions, counted from 1; it may be empty."""
    if raw in ([], ()):
        return ()
    return tuple(
        [whole(1)(place, field=f"{field}[{i}]") for i, place in enumerate(read_vector(raw, field=field), start=1)]
    )


def require(x: Array, w: Array, p: Any, dropped: Array, seen_drop: Any = None, seen_corr: Any = None) -> None:
    """A weight for each unit, a probability that leaves something to scale, and units that exist, once each."""
    if len(w) != len(x):
        raise InputError(f"expected {len(x)} entries, one for each unit of x; got {len(w)}", field="w")
    if p < 0 or p >= 1:
        raise InputError(
            f"expected a probability from 0 to below 1, for the correction divides by 1 - p; got {p}", field="p"
        )
    for place in dropped:
        if place > len(x):
            raise InputError(f"expected positions of x, 1 to {len(x)}; got {place}", field="dropped")
        if dropped.count(place) > 1:
            raise InputError(f"unit {place} stands twice", field="dropped")
    if (seen_drop is None) != (seen_corr is None):
        missing = "seen_drop" if seen_drop is None else "seen_corr"
        raise InputError("missing; seen_drop and seen_corr are given together or not at all", field=missing)
    if seen_drop is not None and (seen_corr == 0 or not 0 < seen_drop / seen_corr <= 1):
        raise InputError(
            f"expected a number of the sign of seen_drop = {seen_drop}, and not smaller in size; got {seen_corr}",
            field="seen_corr",
        )


# ----------------------------------------------------------------------------------------- the solution
# A function's name is what it computes, its arguments are what it needs.


def keep(p: Any) -> Any:
    return 1 - p


def correction(keep: Any) -> Any:
    return 1 / keep


def mask(x: Array, dropped: Array) -> Array:
    return array([int(unit not in dropped) for unit in range(1, len(x) + 1)])


def contributions(w: Array, x: Array) -> Array:
    return w * x


def surviving(mask: Array, contributions: Array) -> Array:
    return Array([share for m, share in zip(mask, contributions, strict=True) if m != 0])


def y_drop(mask: Array, contributions: Array) -> Any:
    return mask @ contributions


def y_corr(correction: Any, y_drop: Any) -> Any:
    return correction * y_drop


def y_orig(contributions: Array) -> Any:
    return contributions.sum()


def expected_drop(keep: Any, y_orig: Any) -> Any:
    return keep * y_orig


def mask_variance(keep: Any) -> Any:
    return keep * (1 - keep)


def squares(contributions: Array) -> Any:
    return (contributions**2).sum()


def variance_drop(mask_variance: Any, squares: Any) -> Any:
    return mask_variance * squares


def expected_corr(correction: Any, expected_drop: Any) -> Any:
    return correction * expected_drop


def variance_corr(correction: Any, variance_drop: Any) -> Any:
    return correction**2 * variance_drop


def seen_keep(seen_drop: Any, seen_corr: Any) -> Any:
    return seen_drop / seen_corr


def found_p(seen_keep: Any) -> Any:
    return 1 - seen_keep


SOLUTION: Sequence[Callable[..., Any]] = [
    keep, correction, mask, contributions, surviving, y_drop, y_corr, y_orig,
    expected_drop, mask_variance, squares, variance_drop, expected_corr, variance_corr, seen_keep, found_p,
]  # fmt: skip

# ------------------------------------------------------------------------------ what students do instead

MISTAKES = [
    Mistake(
        "inverted mask",
        "kept the units that are dropped and dropped the others",
        mask=lambda x, dropped: 1 - mask(x, dropped),
    ),
    Mistake(
        "weights left out",
        "added up the activations without their weights",
        contributions=lambda x: x,
        applies=lambda w: any(weight != 1 for weight in w),
    ),
    Mistake(
        "p taken for keeping",
        "took $p$ for the probability of keeping a unit: it is that of dropping it",
        keep=lambda p: p,
    ),
    Mistake(
        "scaled down",
        "multiplied by $1 - p$ instead of dividing by it: the survivors have to make up for the dropped units",
        correction=lambda keep: keep,
    ),
    Mistake(
        "scaled by p",
        "multiplied by $p$: the correction divides by the probability of keeping, $1 - p$",
        correction=lambda p: p,
    ),
    Mistake(
        "scaled by the realized share",
        "divided by the share of units that happened to survive: the correction divides by the probability "
        "$1 - p$, whatever the mask",
        y_corr=lambda mask, y_drop: y_drop / mask.mean(),
    ),
    Mistake(
        "corrected the full output",
        "divided the output of all units by $1 - p$: only the survivors are scaled up",
        y_corr=lambda correction, y_orig: correction * y_orig,
    ),
    Mistake(
        "correction taken as exact",
        "took the corrected output for the original one: they agree on average, not in each pass",
        y_orig=lambda y_corr: y_corr,
    ),
    Mistake(
        "scaled at test too",
        "multiplied the output by $1 - p$: nothing is dropped here and nothing is scaled",
        y_orig=lambda keep, contributions: keep * contributions.sum(),
    ),
    Mistake(
        "this mask for all",
        "gave the output of this one mask: the expectation runs over all masks",
        expected_drop=lambda y_drop: y_drop,
    ),
    Mistake(
        "masks equally likely",
        "took all masks for equally likely: each unit survives with probability $1 - p$, not with one half",
        expected_drop=lambda y_orig: y_orig / 2,
        mask_variance=lambda: Rational(1, 4),
    ),
    Mistake(
        "second moment",
        "took the mean of $m_i^2$ for the variance of $m_i$: subtract the square of its mean, which leaves $p(1 - p)$",
        mask_variance=lambda keep: keep,
    ),
    Mistake(
        "contributions not squared",
        "multiplied the contributions by the variance of the mask: a factor is squared in a variance",
        squares=lambda contributions: contributions.sum(),
    ),
    Mistake(
        "sum squared",
        "squared the sum of the contributions: the units are independent, so their variances add up",
        squares=lambda y_orig: y_orig**2,
    ),
    Mistake(
        "average lost to the correction",
        "left the expectation as it was: the correction is a factor, and it comes out of the expectation",
        expected_corr=lambda expected_drop: expected_drop,
    ),
    Mistake(
        "correction not squared",
        "multiplied the variance by the correction itself: a factor is squared in a variance",
        variance_corr=lambda correction, variance_drop: correction * variance_drop,
    ),
    Mistake(
        "variance left as it was",
        "kept the variance: scaling by $1/(1 - p)$ also scales the distances from the mean",
        variance_corr=lambda variance_drop: variance_drop,
    ),
    Mistake(
        "gave the probability of keeping",
        "stopped at $1 - p'$, the probability of keeping a unit",
        found_p=lambda seen_keep: seen_keep,
    ),
    Mistake(
        "quotient upside down",
        "took $y_{\\mathrm{corr}}/y_{\\mathrm{drop}} - 1$: that quotient is $1/(1 - p')$, so divide the other way round",
        found_p=lambda seen_keep: 1 / seen_keep - 1,
    ),
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
        say(
            r"""
            A network computes $y = \sum_i w_i x_i$ from the <count> units $x_i$ of a hidden layer, to which dropout with
            $p = <p>$ is applied: in each training pass it drops every unit with probability $p$, independently of the
            others. The mask $m_i$ is 0 for a dropped unit and 1 for a survivor, and the unit enters as $m_i x_i$. With the
            *correction*, the survivors are also multiplied by $1/(1 - p)$. In one training pass <units> <are> dropped:
            """,
            count=len(v.x),
            units=_units(v.dropped),
            are="is" if len(v.dropped) < 2 else "are",
        ),
        say(_table(len(v.x)), printed_mask=v.mask),
    ]


@cache
def _table(count: int) -> str:
    """The units with their weights and their mask, one a column."""
    rows = {
        "unit $i$": [str(i) for i in range(1, count + 1)],
        "$x_i$": [f"<x[{i}]>" for i in range(count)],
        "$w_i$": [f"<w[{i}]>" for i in range(count)],
        "$m_i$": [f"<printed_mask[{i}]>" for i in range(count)],
    }
    head, *body = (f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items())
    return "\n".join((head, "|---" * (count + 1) + "|", *body))


def _units(places: Array) -> str:
    """The units in words: ``units 1, 4 and 5``."""
    if not places:
        return "no unit"
    names = [str(place) for place in sorted(places)]
    return f"unit {names[0]}" if len(names) == 1 else f"units {', '.join(names[:-1])} and {names[-1]}"


def parts(v: Values) -> Iterator[Part]:
    yield from ONE_PASS
    yield Part("closeness", *BANK.essay("closeness", v))
    yield Part("train_test", *BANK.essay("train_test", v))
    if "expectation" in v.follow_ups:
        yield EXPECTATION
    yield FIND_P
    if v.claims:
        yield Part(
            "claims",
            "True or false? Give the reason in one line. (*On average* means: over all masks, with $x$ and $w$ fixed.)",
            BANK.claims("claims", v),
        )


def _moment(step: str, symbol: str, points: int, *steps: str, room: int = 0) -> Part:
    """A part that asks for an expectation or a variance."""
    return Part(step, f"Compute ${symbol}$.", Number(step, symbol), points=points, room=room, steps=steps)


ONE_PASS = (
    Part(
        "contributions",
        "Compute what each unit would contribute to $y$ if it were not dropped: $w_i x_i$ for every $i$.",
        Vector("contributions", r"(w_i x_i)_i", like="x"),
        points=1,
        guided=True,
        steps=[r"Multiply unit by unit: $w = <w>$ and $x = <x>$ give $<contributions>$."],
    ),
    Part(
        "correction",
        "By what factor does the correction multiply the survivors?",
        Number("correction", r"\frac{1}{1 - p}"),
        points=1,
        guided=True,
        steps=[
            r"A unit is kept with probability $1 - p = 1 - <p> = <keep>$.",
            r"Divided by that, the survivors are multiplied by $\frac{1}{1 - p} = <correction>$.",
        ],
    ),
    Part(
        "y_drop",
        r"Compute the output $y_{\mathrm{drop}}$ of this pass without the correction.",
        Number("y_drop", r"y_{\mathrm{drop}}"),
        points=1,
        room=2,
        steps=[
            r"Unit by unit, the contributions $w_i x_i$ are $<contributions>$.",
            r"Those of the survivors add up: $y_{\mathrm{drop}} = \sum_i m_i w_i x_i = <surviving|sum> = <y_drop>$.",
        ],
    ),
    Part(
        "y_corr",
        r"Compute the output $y_{\mathrm{corr}}$ of the same pass with the correction.",
        Number("y_corr", r"y_{\mathrm{corr}}"),
        points=1,
        room=1,
        steps=[
            r"""
            A unit is kept with probability $1 - p = <keep>$, so the survivors are multiplied by
            $1/(1 - p) = <correction>$. The factor is common to all of them:
            $y_{\mathrm{corr}} = <correction> \cdot <y_drop> = <y_corr>$.
            """
        ],
    ),
    Part(
        "y_orig",
        r"Compute the output $y_{\mathrm{orig}}$ without dropout, that is, with all units and no scaling.",
        Number("y_orig", r"y_{\mathrm{orig}}"),
        points=1,
        room=2,
        steps=[r"All units count: $y_{\mathrm{orig}} = <contributions|sum> = <y_orig>$."],
    ),
)
"""The outputs of one training pass, with the correction and without it."""

EXPECTATION = Part(
    "expectation",
    r"""
    Now let the mask be random again, with $x$, $w$ and $p$ as above, and take expectation and variance over all
    masks. Give exact fractions.
    """,
    parts=[
        _moment(
            "expected_drop",
            r"\mathrm{E}[y_{\mathrm{drop}}]",
            1,
            r"""
            $\mathrm{E}[m_i] = 1 - p$ and the expectation is linear:
            $\mathrm{E}[y_{\mathrm{drop}}] = (1 - p) \sum_i w_i x_i = <keep> \cdot <y_orig> = <expected_drop>$.
            """,
        ),
        _moment(
            "variance_drop",
            r"\mathrm{Var}[y_{\mathrm{drop}}]",
            2,
            r"""
            A mask entry has $\mathrm{Var}[m_i] = \mathrm{E}[m_i^2] - \mathrm{E}[m_i]^2 = p(1 - p) = <mask_variance>$.
            The entries are independent, so their variances add up, each times the square of its factor $w_i x_i$.
            """,
            r"""
            $\sum_i (w_i x_i)^2 = <contributions|squares> = <squares>$, hence
            $\mathrm{Var}[y_{\mathrm{drop}}] = <mask_variance> \cdot <squares> = <variance_drop>$.
            """,
            room=3,
        ),
        _moment(
            "expected_corr",
            r"\mathrm{E}[y_{\mathrm{corr}}]",
            1,
            r"""
            The correction is a constant factor:
            $\mathrm{E}[y_{\mathrm{corr}}] = <correction> \cdot <expected_drop> = <expected_corr>$, which is
            $y_{\mathrm{orig}}$.
            """,
        ),
        _moment(
            "variance_corr",
            r"\mathrm{Var}[y_{\mathrm{corr}}]",
            2,
            r"""
            A constant factor is squared when it is taken out of a variance:
            $\mathrm{Var}[y_{\mathrm{corr}}] = <correction>^2 \cdot <variance_drop> = <variance_corr>$. The correction
            restores the mean and increases the variance.
            """,
        ),
    ],
)

FIND_P = Part(
    "find_p",
    r"""
    Another dropout layer of the same kind, with an unknown probability $p'$, was run twice with one and the same mask:
    the output was $<seen_drop>$ without the correction and $<seen_corr>$ with it. Find $p'$.
    """,
    Number("found_p", "p'"),
    points=2,
    steps=[
        r"""
        The correction divides by $1 - p'$, so $1 - p' = y_{\mathrm{drop}} / y_{\mathrm{corr}} = <seen_keep>$ and
        $p' = 1 - <seen_keep> = <found_p>$.
        """
    ],
)


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The probability, and the units with their weights and their fate, up to their order."""
    fates = mask(params["x"], params["dropped"])
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
    symbols={
        "keep": "1 - p",
        "mask": "m",
        "surviving": "(w_i x_i)_{m_i = 1}",
        "mask_variance": r"\mathrm{Var}[m_i]",
        "squares": r"\sum_i (w_i x_i)^2",
        "seen_keep": "1 - p'",
    },
    parameters={
        "x": required(read_vector),
        "w": required(read_vector),
        "p": required(read_number),
        "dropped": required(read_positions),
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
