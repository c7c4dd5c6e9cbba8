r"""Dropout on the inputs of one linear unit: a training pass, its correction, and what holds on average.

Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, *Dropout: A Simple Way to Prevent Neural Networks
from Overfitting* (2014).  The correction is the "inverted" one of section 10, applied in training.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations, product
from typing import Any

import numpy as np

from generator import (
    Claim,
    Claims,
    Draw,
    Essay,
    InputError,
    Mistake,
    Number,
    Part,
    Problem,
    Values,
    one_of,
    optional,
    read_number,
    read_vector,
    required,
    say,
    some_of,
    whole,
)
from generator import exact as ex
from generator.prose import Content

UNITS = 7
"""Prime to every denominator below: the share of dropped units can never be ``p`` itself."""

SURVIVORS = {
    "1/5": (5, 6),
    "1/4": (5,),
    "1/3": (4, 5),
    "2/5": (4,),
    "3/5": (3,),
    "2/3": (2, 3),
    "3/4": (2,),
}
"""For each dropping probability the counts of survivors within one of the expected count."""

SIZES = (1, 1, 1, 2, 2, 2, 3)
LARGEST_ACTIVATION = {1: 9, 2: 6, 3: 4}
"""By the size of its weight: no contribution is larger than 12, and its square is known by heart."""

# ------------------------------------------------------------------------------------------ the sampler


def sample(draw: Draw) -> Mapping[str, Any]:
    """Seven units, two of them with a negative weight, and a mask under which the correction helps."""
    p = draw.choice(tuple(SURVIVORS))
    signs = draw.shuffled((-1, -1, 1, 1, 1, 1, 1))
    w = [sign * size for sign, size in zip(signs, draw.shuffled(SIZES), strict=True)]
    x = _activations(draw, w, divisor=_kept_share(p)[1])
    masks = _good_masks([weight * activation for weight, activation in zip(w, x, strict=True)], p)
    draw.require(masks, "no mask with a whole corrected output close to the original one")
    kept = draw.choice(masks)
    other = draw.choice([share for share in SURVIVORS if share != p])
    seen_above, seen_below = _kept_share(other)
    times = draw.sign() * draw.integer(2, 6)
    concept = draw.fork("concepts")
    true, false = _claims_by_verdict()
    return {
        "x": x,
        "w": w,
        "p": p,
        "dropped": [i + 1 for i in range(UNITS) if i not in kept],
        "closeness": concept.choice(tuple(CLOSENESS)),
        "train_test": concept.choice(tuple(TRAIN_TEST)),
        "follow_ups": FOLLOW_UPS,
        "seen_drop": times * seen_above,
        "seen_corr": times * seen_below,
        "claims": concept.shuffled((concept.choice(true), concept.choice(false))),
    }


def _activations(draw: Draw, w: Sequence[int], divisor: int) -> list[int]:
    """Random activations, one of them amended so that the squares of the contributions add up to a multiple.

    The variances, p(1 - p) times that sum and p/(1 - p) times it, then have no square in the denominator.
    """
    x = [draw.integer(1, LARGEST_ACTIVATION[abs(weight)]) for weight in w]
    squares = sum((weight * activation) ** 2 for weight, activation in zip(w, x, strict=True))
    amended = [
        (place, activation)
        for place, weight in enumerate(w)
        for activation in range(1, LARGEST_ACTIVATION[abs(weight)] + 1)
        if (squares + weight**2 * (activation**2 - x[place] ** 2)) % divisor == 0
    ]
    draw.require(amended, "no activation makes the sum of squares a multiple")
    place, activation = draw.choice(amended)
    x[place] = activation
    return x


def _good_masks(contributions: Sequence[int], p: str) -> list[tuple[int, ...]]:
    """The survivors of each mask whose corrected output is whole, at least twice as close, and not exact."""
    above, below = _kept_share(p)
    full = sum(contributions)
    good = []
    for count in SURVIVORS[p]:
        for kept in combinations(range(UNITS), count):
            output = sum(contributions[i] for i in kept)
            corrected, rest = divmod(output * below, above)
            if (
                not rest
                and corrected != full
                and 2 * abs(corrected - full) <= abs(output - full)
                and 2 * output != full  # the inverted mask gives another output
            ):
                good.append(kept)
    return good


def _kept_share(p: str) -> tuple[int, int]:
    """1 - p as numerator and denominator."""
    above, below = map(int, p.split("/"))
    return below - above, below


def read_positions(raw: Any, *, field: str) -> ex.Vector:
    """A list of positions, counted from 1; it may be empty."""
    if isinstance(raw, list | tuple) and not raw:
        return ()
    one = whole(1)
    return tuple(one(place, field=f"{field}[{i}]") for i, place in enumerate(read_vector(raw, field=field), start=1))


def require(
    x: ex.Vector,
    w: ex.Vector,
    p: ex.Scalar,
    dropped: ex.Vector,
    seen_drop: ex.Scalar | None = None,
    seen_corr: ex.Scalar | None = None,
) -> None:
    """A weight for each unit, a probability that leaves something to scale, and units that exist, once each."""
    if len(w) != len(x):
        raise InputError(f"expected {len(x)} entries, one a unit of x; got {len(w)}", field="w")
    if p.is_negative or not ex.subtract(ex.ONE, p).is_positive:
        raise InputError(
            f"expected a probability from 0 to below 1, for the correction divides by 1 - p; got {p}", field="p"
        )
    for place in dropped:
        if place > len(x):
            raise InputError(f"expected positions of x, 1 to {len(x)}; got {place}", field="dropped")
    for place in dropped:
        if dropped.count(place) > 1:
            raise InputError(f"unit {place} stands twice", field="dropped")
    if (seen_drop is None) != (seen_corr is None):
        missing = "seen_drop" if seen_drop is None else "seen_corr"
        raise InputError("missing; seen_drop and seen_corr are given together or not at all", field=missing)
    if seen_drop is not None and seen_corr is not None:
        share = ex.ZERO if ex.is_zero(seen_corr) else ex.divide(seen_drop, seen_corr)
        if not share.is_positive or ex.subtract(ex.ONE, share).is_negative:
            raise InputError(
                f"expected a number of the sign of seen_drop = {seen_drop}, and not smaller in size; got {seen_corr}",
                field="seen_corr",
            )


# ----------------------------------------------------------------------------------------- the solution


def keep(p: ex.Scalar) -> ex.Scalar:
    return ex.subtract(ex.ONE, p)


def correction(keep: ex.Scalar) -> ex.Scalar:
    return ex.divide(ex.ONE, keep)


def mask(x: ex.Vector, dropped: ex.Vector) -> ex.Vector:
    return tuple(ex.ZERO if place in dropped else ex.ONE for place in range(1, len(x) + 1))


def contributions(w: ex.Vector, x: ex.Vector) -> ex.Vector:
    return tuple(ex.multiply(weight, activation) for weight, activation in zip(w, x, strict=True))


def surviving(mask: ex.Vector, contributions: ex.Vector) -> ex.Vector:
    return tuple(share for m, share in zip(mask, contributions, strict=True) if m == 1)


def y_drop(surviving: ex.Vector) -> ex.Scalar:
    return ex.total(surviving)


def y_corr(correction: ex.Scalar, y_drop: ex.Scalar) -> ex.Scalar:
    return ex.multiply(correction, y_drop)


def y_orig(contributions: ex.Vector) -> ex.Scalar:
    return ex.total(contributions)


def expected_drop(keep: ex.Scalar, y_orig: ex.Scalar) -> ex.Scalar:
    return ex.multiply(keep, y_orig)


def mask_variance(keep: ex.Scalar) -> ex.Scalar:
    return ex.multiply(keep, ex.subtract(ex.ONE, keep))


def squares(contributions: ex.Vector) -> ex.Scalar:
    return ex.dot(contributions, contributions)


def variance_drop(mask_variance: ex.Scalar, squares: ex.Scalar) -> ex.Scalar:
    return ex.multiply(mask_variance, squares)


def expected_corr(correction: ex.Scalar, expected_drop: ex.Scalar) -> ex.Scalar:
    return ex.multiply(correction, expected_drop)


def variance_corr(correction: ex.Scalar, variance_drop: ex.Scalar) -> ex.Scalar:
    return ex.multiply(ex.multiply(correction, correction), variance_drop)


def seen_keep(seen_drop: ex.Scalar, seen_corr: ex.Scalar) -> ex.Scalar:
    return ex.divide(seen_drop, seen_corr)


def found_p(seen_keep: ex.Scalar) -> ex.Scalar:
    return ex.subtract(ex.ONE, seen_keep)


# ------------------------------------------------------------------------------ what students do instead

MISTAKES = [
    Mistake(
        "inverted mask",
        "kept the units that are dropped and dropped the others",
        mask=lambda x, dropped: tuple(ex.subtract(ex.ONE, m) for m in mask(x, dropped)),
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
        y_corr=lambda mask, y_drop: ex.divide(ex.multiply(ex.exact(len(mask)), y_drop), ex.total(mask)),
    ),
    Mistake(
        "corrected the full output",
        "divided the output of all units by $1 - p$: only the survivors are scaled up",
        y_corr=lambda correction, y_orig: ex.multiply(correction, y_orig),
    ),
    Mistake(
        "correction taken as exact",
        "took the corrected output for the original one: they agree on average, not in each pass",
        y_orig=lambda y_corr: y_corr,
    ),
    Mistake(
        "scaled at test too",
        "multiplied the output by $1 - p$: nothing is dropped here and nothing is scaled",
        y_orig=lambda keep, contributions: ex.multiply(keep, y_orig(contributions)),
    ),
    Mistake(
        "this mask for all",
        "gave the output of this one mask: the expectation runs over all masks",
        expected_drop=lambda y_drop: y_drop,
    ),
    Mistake(
        "masks equally likely",
        "took all masks for equally likely: each unit survives with probability $1 - p$, not with one half",
        expected_drop=lambda y_orig: ex.divide(y_orig, ex.exact(2)),
        mask_variance=lambda: ex.divide(ex.ONE, ex.exact(4)),
    ),
    Mistake(
        "second moment",
        "took the mean of $m_i^2$ for the variance of $m_i$: subtract the square of its mean, which leaves $p(1 - p)$",
        mask_variance=lambda keep: keep,
    ),
    Mistake(
        "contributions not squared",
        "multiplied the contributions by the variance of the mask: a factor comes out of a variance squared",
        squares=lambda contributions: ex.total(contributions),
    ),
    Mistake(
        "sum squared",
        "squared the sum of the contributions: the units are independent, so it is their variances that add up",
        squares=lambda y_orig: ex.multiply(y_orig, y_orig),
    ),
    Mistake(
        "average lost to the correction",
        "left the expectation as it was: the correction is a factor, and it comes out of the expectation",
        expected_corr=lambda expected_drop: expected_drop,
    ),
    Mistake(
        "correction not squared",
        "multiplied the variance by the correction itself: a factor comes out of a variance squared",
        variance_corr=lambda correction, variance_drop: ex.multiply(correction, variance_drop),
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
        "divided the wrong way round: $y_{\\mathrm{corr}}/y_{\\mathrm{drop}}$ is $1/(1 - p')$",
        found_p=lambda seen_keep: ex.subtract(ex.divide(ex.ONE, seen_keep), ex.ONE),
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
    """The layer itself on this mask, and every mask with its probability for the moments."""
    alive = np.ones(len(x), dtype=bool)
    alive[np.asarray(dropped, dtype=int) - 1] = False
    opinion: dict[str, Any] = {
        "y_drop": np.where(alive, x, 0.0) @ w,
        "y_corr": np.where(alive, x / (1 - p), 0.0) @ w,
        "y_orig": np.inner(x, w),
    }
    opinion["expected_drop"], opinion["variance_drop"] = _moments(x * w, p)
    opinion["expected_corr"], opinion["variance_corr"] = _moments(x * w / (1 - p), p)
    if seen_drop is not None and seen_corr is not None:
        opinion["found_p"] = (seen_corr - seen_drop) / seen_corr
    return opinion


def _moments(terms: np.ndarray, p: float) -> tuple[float, float]:
    """Mean and variance of the sum of the terms that survive, from all masks of ten units at a time."""
    mean = variance = 0.0
    for block in np.array_split(terms, -(-len(terms) // 10)):
        masks = _masks(len(block))
        likely = np.where(masks, 1 - p, p).prod(axis=1)
        sums = masks @ block
        average = float(likely @ sums)
        mean += average
        variance += float(likely @ (sums - average) ** 2)
    return mean, variance


@cache
def _masks(count: int) -> np.ndarray:
    return np.array(list(product((False, True), repeat=count)))


# ------------------------------------------------------------------------------------------- the prose


def preamble(v: Values) -> Content:
    count = len(v.x)
    rows = {
        "unit $i$": [str(i) for i in range(1, count + 1)],
        "$x_i$": [f"<x[{i}]>" for i in range(count)],
        "$w_i$": [f"<w[{i}]>" for i in range(count)],
        "$m_i$": [f"<printed_mask[{i}]>" for i in range(count)],
    }
    head, *body = (f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items())
    table = "\n".join((head, "|---" * (count + 1) + "|", *body))
    return [
        say(
            r"""
            A network computes $y = \sum_i w_i x_i$ from the <count> units $x_i$ of a hidden layer. Between the two stands
            dropout with $p = <p>$: in each training pass it drops every unit with probability $p$, independently of the
            others. The mask $m_i$ is 0 for a dropped unit and 1 for a survivor, and the unit counts as $m_i x_i$. With the
            *correction*, the survivors are also multiplied by $1/(1 - p)$. At test time nothing is dropped and nothing
            is scaled. In one training pass <units> <are> dropped:
            """,
            count=ex.exact(count),
            units=_units(v.dropped),
            are="is" if len(v.dropped) < 2 else "are",
        ),
        say(table, printed_mask=mask(v.x, v.dropped)),
    ]


def _units(places: ex.Vector) -> str:
    """The units in words: ``units 1, 4 and 5``."""
    if not places:
        return "no unit"
    names = [str(place) for place in sorted(places)]
    return f"unit {names[0]}" if len(names) == 1 else f"units {', '.join(names[:-1])} and {names[-1]}"


def parts(v: Values) -> Iterator[Part]:
    yield Part(
        "y_drop",
        r"Compute the output $y_{\mathrm{drop}}$ of this pass without the correction.",
        Number("y_drop", r"y_{\mathrm{drop}}"),
        points=1,
        room=2,
        steps=[
            r"Unit by unit, the contributions $w_i x_i$ are $<contributions>$.",
            r"Those of the survivors add up: $y_{\mathrm{drop}} = \sum_i m_i w_i x_i = <surviving|sum> = <y_drop>$.",
        ],
    )
    yield Part(
        "y_corr",
        r"Compute the output $y_{\mathrm{corr}}$ of the same pass with the correction.",
        Number("y_corr", r"y_{\mathrm{corr}}"),
        points=1,
        room=1,
        steps=[
            (
                r"A unit is kept with probability $1 - p = <keep>$, so the survivors are multiplied by "
                r"$1/(1 - p) = <correction>$. The factor is common to all of them: "
                r"$y_{\mathrm{corr}} = <correction> \cdot <y_drop> = <y_corr>$."
            ),
        ],
    )
    yield Part(
        "y_orig",
        r"Compute the output $y_{\mathrm{orig}}$ without dropout, that is, with all units and no scaling.",
        Number("y_orig", r"y_{\mathrm{orig}}"),
        points=1,
        room=2,
        steps=[r"All units count: $y_{\mathrm{orig}} = <contributions|sum> = <y_orig>$."],
    )
    yield Part("closeness", *CLOSENESS[v.closeness])
    yield Part("train_test", *TRAIN_TEST[v.train_test])
    if "expectation" in v.follow_ups:
        yield _expectation()
    yield Part(
        "find_p",
        r"""
        Another dropout layer of the same kind, with an unknown probability $p'$, was run twice with one and the same mask:
        the output was $<seen_drop>$ without the correction and $<seen_corr>$ with it. Find $p'$.
        """,
        Number("found_p", "p'"),
        points=2,
        steps=[
            (
                r"The correction divides by $1 - p'$, so $1 - p' = y_{\mathrm{drop}} / y_{\mathrm{corr}} = <seen_keep>$ and "
                r"$p' = 1 - <seen_keep> = <found_p>$."
            ),
        ],
    )
    if v.claims:
        yield Part(
            "claims",
            "True or false? Give the reason in one line. (*On average* means: over all masks, with $x$ and $w$ fixed.)",
            Claims(tuple(CLAIMS[name] for name in v.claims)),
        )


def _expectation() -> Part:
    return Part(
        "expectation",
        r"""
        Now let the mask be random again, with $x$, $w$ and $p$ as above, and take expectation and variance over all
        masks. Give exact fractions.
        """,
        parts=[
            Part(
                "expected_drop",
                r"Compute $\mathrm{E}[y_{\mathrm{drop}}]$.",
                Number("expected_drop", r"\mathrm{E}[y_{\mathrm{drop}}]"),
                points=1,
                steps=[
                    (
                        r"$\mathrm{E}[m_i] = 1 - p$ and the expectation is linear: $\mathrm{E}[y_{\mathrm{drop}}] = "
                        r"(1 - p) \sum_i w_i x_i = <keep> \cdot <y_orig> = <expected_drop>$."
                    ),
                ],
            ),
            Part(
                "variance_drop",
                r"Compute $\mathrm{Var}[y_{\mathrm{drop}}]$.",
                Number("variance_drop", r"\mathrm{Var}[y_{\mathrm{drop}}]"),
                points=2,
                room=3,
                steps=[
                    (
                        r"A mask entry has $\mathrm{Var}[m_i] = \mathrm{E}[m_i^2] - \mathrm{E}[m_i]^2 = p(1 - p) = "
                        r"<mask_variance>$. The entries are independent, so their variances add up, each times the square "
                        r"of its factor $w_i x_i$."
                    ),
                    (
                        r"$\sum_i (w_i x_i)^2 = <contributions|squares> = <squares>$, hence "
                        r"$\mathrm{Var}[y_{\mathrm{drop}}] = <mask_variance> \cdot <squares> = <variance_drop>$."
                    ),
                ],
            ),
            Part(
                "expected_corr",
                r"Compute $\mathrm{E}[y_{\mathrm{corr}}]$.",
                Number("expected_corr", r"\mathrm{E}[y_{\mathrm{corr}}]"),
                points=1,
                steps=[
                    (
                        r"The correction is a constant factor: $\mathrm{E}[y_{\mathrm{corr}}] = <correction> \cdot "
                        r"<expected_drop> = <expected_corr>$, which is $y_{\mathrm{orig}}$."
                    ),
                ],
            ),
            Part(
                "variance_corr",
                r"Compute $\mathrm{Var}[y_{\mathrm{corr}}]$.",
                Number("variance_corr", r"\mathrm{Var}[y_{\mathrm{corr}}]"),
                points=2,
                steps=[
                    (
                        r"A constant factor comes out of a variance squared: $\mathrm{Var}[y_{\mathrm{corr}}] = "
                        r"<correction>^2 \cdot <variance_drop> = <variance_corr>$. The correction mends the mean and raises "
                        r"the variance."
                    ),
                ],
            ),
        ],
    )


# ----------------------------------------------------------------------------------- the concept questions

CLOSENESS: Mapping[str, tuple[str, Essay]] = {
    "why": (
        (
            r"One wants $y_{\mathrm{corr}}$ to be close to $y_{\mathrm{orig}}$, closer than $y_{\mathrm{drop}}$ usually is. Why "
            "is that desirable?"
        ),
        Essay(
            r"At test time nothing is dropped, and the later layers receive $y_{\mathrm{orig}} = <y_orig>$. In training "
            r"$y_{\mathrm{corr}}$ has the same expectation over the masks, while $y_{\mathrm{drop}}$ averages only "
            r"$(1 - p)\,y_{\mathrm{orig}} = <expected_drop>$. With the correction the later layers are trained on the scale "
            "that they meet at test, so nothing has to be changed or rescaled when dropout is switched off.",
            (
                (1, r"the corrected output has the expectation of the original one: one scale in training and at test"),
                (1, "so nothing needs to change at test"),
            ),
        ),
    ),
    "not_corrected": (
        (
            r"Suppose that the network is trained with $y_{\mathrm{drop}}$, without the correction, and used at test with all "
            "units and no scaling. What goes wrong, and by which factor?"
        ),
        Essay(
            r"In training the output is $\mathrm{E}[y_{\mathrm{drop}}] = (1 - p)\,y_{\mathrm{orig}} = <expected_drop>$ on "
            r"average; at test it is $y_{\mathrm{orig}} = <y_orig>$, which is $1/(1 - p) = <correction>$ times as much. The later "
            "layers were fitted to the smaller scale and now get inputs that are too large.",
            (
                (1, "the output at test is on another scale than in training"),
                (1, r"too large by the factor $1/(1 - p) = <correction>$"),
            ),
        ),
    ),
    "scale_at_test": (
        (
            r"Suppose that training uses $y_{\mathrm{drop}}$, without the correction. What must be done at test to keep one scale, "
            "and why does one prefer to correct in training?"
        ),
        Essay(
            r"At test the output (or the weights) must be multiplied by $1 - p$: $<keep> \cdot <y_orig> = <expected_drop>$ is "
            r"what $y_{\mathrm{drop}}$ is on average. If training corrects instead, the network at test is just the one "
            "without dropout: no extra work, and whoever uses it need not know $p$.",
            (
                (1, "multiply by $1 - p$ at test"),
                (1, "with the correction in training, the network at test is left alone and does not depend on $p$"),
            ),
        ),
    ),
    "other_mask": (
        (
            r"The next training pass on the same $x$ has another mask. Will $y_{\mathrm{corr}}$ come as close to "
            r"$y_{\mathrm{orig}}$ as before? In which sense is the correction right?"
        ),
        Essay(
            r"Not necessarily: in a single pass $y_{\mathrm{corr}}$ depends on which units happen to survive, and it "
            r"scatters with variance $<variance_corr>$. It is right on average. Each unit survives with probability $1 - p$ "
            r"and then counts $1/(1 - p)$ times, so $\mathrm{E}[y_{\mathrm{corr}}] = y_{\mathrm{orig}} = <y_orig>$.",
            (
                (1, r"no: $y_{\mathrm{corr}}$ changes with the mask"),
                (1, r"its expectation over the masks is $y_{\mathrm{orig}}$"),
            ),
        ),
    ),
    "divided_by_p": (
        (
            r"By mistake a programmer multiplies the survivors by $1/p$ instead of $1/(1 - p)$. What is the expected output then, "
            r"as a multiple of $y_{\mathrm{orig}}$? For which $p$ would nobody notice?"
        ),
        Essay(
            r"Each unit survives with probability $1 - p$ and then counts $1/p$ times, so the expected output is "
            r"$\frac{1 - p}{p}\,y_{\mathrm{orig}}$: too large for $p < \frac{1}{2}$, too small for $p > \frac{1}{2}$. Only at "
            r"$p = \frac{1}{2}$ are the two factors equal. For $p = <p>$ the right factor is $<correction>$.",
            (
                (1, r"$\frac{1 - p}{p}\,y_{\mathrm{orig}}$"),
                (1, r"$p = \frac{1}{2}$"),
            ),
        ),
    ),
    "high_p": (
        (
            r"With the correction, the expected output is $y_{\mathrm{orig}}$ for every $p < 1$. What does one pay for a $p$ "
            "close to 1 all the same?"
        ),
        Essay(
            r"Noise. $\mathrm{Var}[y_{\mathrm{corr}}] = \frac{p}{1 - p} \sum_i (w_i x_i)^2$ is $<variance_corr>$ for "
            r"$p = <p>$, and it grows without bound as $p$ approaches 1: few units survive, and each of them counts "
            r"$1/(1 - p)$ times. The average stays right, but a single pass is no longer close to $y_{\mathrm{orig}}$.",
            (
                (1, "the variance of the output grows without bound"),
                (1, "because few units survive and each is multiplied by the large factor $1/(1 - p)$"),
            ),
        ),
    ),
}

TRAIN_TEST: Mapping[str, tuple[str, Essay]] = {
    "another_layer": (
        (
            "Dropout does one thing in training and another at test. Name another layer of which this is true, and say what it "
            "does in each of the two modes."
        ),
        Essay(
            "Batch normalization. In training it normalizes with the mean and the variance of the current batch (and "
            "updates running averages of them); at test it normalizes with these running averages.",
            (
                (1, "batch normalization"),
                (1, "statistics of the batch in training, running averages at test"),
            ),
        ),
    ),
    "same_in_both": (
        (
            "Which of these layers compute the same function of an example in training and at test: Linear, ReLU, batch "
            "normalization, layer normalization, dropout? Explain the exceptions."
        ),
        Essay(
            "Linear, ReLU and layer normalization. The exceptions are dropout, which drops and rescales units in "
            "training only, and batch normalization, which uses the statistics of the batch in training and running "
            "averages at test.",
            (
                (1, "the same: Linear, ReLU, layer normalization"),
                (1, "what dropout and batch normalization do differently in the two modes"),
            ),
        ),
    ),
    "must_switch": (
        (
            "A trained network consists of Linear layers, ReLU, batch normalization and this dropout layer. Before it is tested, "
            "it is switched from training to test mode (`model.eval()` in PyTorch). In which layers does that change "
            "anything, and what?"
        ),
        Essay(
            "In dropout, which from then on passes its input through unchanged, and in batch normalization, which takes its "
            "running averages instead of the mean and the variance of the batch. Linear and ReLU have no modes.",
            (
                (1, "dropout: becomes the identity"),
                (1, "batch normalization: running averages instead of the statistics of the batch"),
            ),
        ),
    ),
    "forgotten_switch": (
        (
            "The trained network is tested, but somebody forgot to switch this dropout layer to test mode. The same $x$ is fed "
            "in twice. What does one see, and what would the average of very many such passes approach?"
        ),
        Essay(
            r"The two outputs differ in general, because each pass draws a mask of its own. The average of many passes "
            r"approaches $\mathrm{E}[y_{\mathrm{corr}}] = y_{\mathrm{orig}} = <y_orig>$, which the layer in test mode gives at "
            "once and without noise.",
            (
                (1, "the outputs differ, since each pass has its own random mask"),
                (1, r"the average approaches $y_{\mathrm{orig}}$"),
            ),
        ),
    ),
    "never_training": (
        (
            "A network with dropout and batch normalization is left in test mode during its whole training. What do the two "
            "layers fail to do?"
        ),
        Essay(
            "Dropout never drops a unit, so it does not regularize. Batch normalization uses its running averages, which are "
            "never updated and keep their initial values (mean 0, variance 1): it does not normalize what it is fed.",
            (
                (1, "dropout never drops: no regularization"),
                (1, "batch normalization neither uses the statistics of the batch nor updates its running averages"),
            ),
        ),
    ),
    "two_sources": (
        (
            "In training, both dropout and batch normalization make the output for an example random. What does it depend on, "
            "beside the example and the weights, in each of the two layers, and what takes its place at test?"
        ),
        Essay(
            "Dropout: on the random mask; at test no unit is dropped, and thanks to the correction this is the average "
            "over the masks. Batch normalization: on the other examples of the batch, through mean and variance; at "
            "test the running averages stand in for them.",
            (
                (1, "dropout: the mask; at test all units are kept"),
                (1, "batch normalization: the other examples of the batch; at test running averages"),
            ),
        ),
    ),
    "on_purpose": (
        (
            "Somebody leaves this dropout layer in training mode at test on purpose, and averages the outputs $y_{\\mathrm{corr}}$ "
            "of 100 passes with independent masks. What are the expectation and, in terms of "
            "$\\mathrm{Var}[y_{\\mathrm{corr}}]$, the variance of that average? What can be read from the scatter of the 100 "
            "outputs that a single pass in test mode does not tell?"
        ),
        Essay(
            r"The expectation is $y_{\mathrm{orig}} = <y_orig>$, the output in test mode; the variance is a hundredth of "
            r"$\mathrm{Var}[y_{\mathrm{corr}}] = <variance_corr>$. The scatter shows how strongly the output depends on which "
            "units are present, a rough measure of how uncertain the network is.",
            (
                (1, r"expectation $y_{\mathrm{orig}}$, variance $\mathrm{Var}[y_{\mathrm{corr}}] / 100$"),
                (1, "the scatter is a measure of uncertainty"),
            ),
            lines=4,
        ),
    ),
}

CLAIMS = {
    "identity_at_test": Claim(
        "With the correction in training, a dropout layer is the identity at test.",
        True,
        "Nothing is dropped at test, and the scale was already put right in training.",
    ),
    "unbiased": Claim(
        r"On average, $y_{\mathrm{corr}}$ is $y_{\mathrm{orig}}$, whatever the signs of the weights.",
        True,
        r"$\mathrm{E}[m_i]/(1 - p) = 1$ for each unit, and the expectation is linear.",
    ),
    "no_parameters": Claim(
        "A dropout layer learns no parameters.",
        True,
        "$p$ is chosen beforehand, and the mask is drawn, not learned.",
    ),
    "no_gradient": Claim(
        "In the backward pass of one example, the weight $w_i$ of a dropped unit gets the gradient 0.",
        True,
        "The output contains $w_i$ only in the term $m_i w_i x_i$, and $m_i = 0$.",
    ),
    "two_passes": Claim(
        "In training, two passes with the same example and the same weights can give different outputs.",
        True,
        "Each pass draws a mask of its own, and other units survive.",
    ),
    "realized_share": Claim(
        "In every pass the share of dropped units is exactly $p$.",
        False,
        "Each unit is dropped independently, so the share varies; it is $p$ only on average.",
    ),
    "relu": Claim(
        r"On average, $\mathrm{ReLU}(y_{\mathrm{corr}})$ is always $\mathrm{ReLU}(y_{\mathrm{orig}})$.",
        False,
        r"The ReLU is not linear: where $y_{\mathrm{corr}}$ takes both signs, the average of the ReLU is larger than the ReLU "
        "of the average.",
    ),
    "mean_only": Claim(
        "The correction changes the expectation of the output but not its variance.",
        False,
        r"A constant factor comes out of a variance squared: the variance is multiplied by $1/(1 - p)^2$.",
    ),
    "less_noise": Claim(
        r"The larger $p$ is, the smaller is the variance of $y_{\mathrm{corr}}$, because fewer units take part.",
        False,
        r"$\mathrm{Var}[y_{\mathrm{corr}}] = \frac{p}{1 - p} \sum_i (w_i x_i)^2$ grows with $p$: the survivors count more.",
    ),
    "fixed_mask": Claim(
        "The mask is drawn once, before training, and the same units stay dropped.",
        False,
        "Every training pass draws a new mask; a fixed one would just be a smaller network.",
    ),
    "scaled_at_test": Claim(
        "With the correction in training, the outputs must still be multiplied by $1 - p$ at test.",
        False,
        "The correction already keeps the average; scaling at test as well would make the output too small.",
    ),
}

FOLLOW_UPS = ("expectation",)


def _claims_by_verdict() -> tuple[tuple[str, ...], tuple[str, ...]]:
    true = tuple(name for name, claim in CLAIMS.items() if claim.verdict)
    return true, tuple(name for name in CLAIMS if name not in true)


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The probability, and the units with their weights and their fate, up to their order."""
    fates = mask(params["x"], params["dropped"])
    return params["p"], sorted(zip(params["x"], params["w"], fates, strict=True), key=str)


def signature(v: Values) -> Mapping[str, Any]:
    """How much there is to multiply, add and square, and how typical the mask is."""
    moments = (v.expected_drop, v.variance_drop, v.expected_corr, v.variance_corr)
    return {
        "units": len(v.x),
        "sizes of the weights": tuple(sorted(int(abs(weight)) for weight in v.w)),
        "negative weights": sum(bool(weight.is_negative) for weight in v.w),
        "contributions": "at most 12" if max(abs(share) for share in v.contributions) <= 12 else "larger",
        "survivors": "as expected" if abs(len(v.surviving) - v.keep * len(v.x)) < 1 else "unlikely",
        "corrected output": "whole" if v.y_corr.is_Integer else "a fraction",
        "largest denominator": "at most 5" if max(number.q for number in moments) <= 5 else "larger",
        "claims": len(v.claims),
    }


PROBLEM = Problem(
    id="dropout",
    title="Dropout",
    topic="regularization",
    parameters={
        "x": required(read_vector),
        "w": required(read_vector),
        "p": required(read_number),
        "dropped": required(read_positions),
        "closeness": optional(one_of(CLOSENESS), "why"),
        "train_test": optional(one_of(TRAIN_TEST), "another_layer"),
        "follow_ups": optional(some_of(FOLLOW_UPS), ()),
        "seen_drop": optional(read_number),
        "seen_corr": optional(read_number),
        "claims": optional(some_of(CLAIMS), ()),
    },
    require=require,
    sample=sample,
    solution=[
        keep,
        correction,
        mask,
        contributions,
        surviving,
        y_drop,
        y_corr,
        y_orig,
        expected_drop,
        mask_variance,
        squares,
        variance_drop,
        expected_corr,
        variance_corr,
        seen_keep,
        found_p,
    ],
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
    parts=parts,
    original={"x": [2, 6, 4, 4, 5, 3, 4, 4], "w": [1] * 8, "p": "3/4", "dropped": [1, 2, 3, 4, 5, 6]},
    canonical=canonical,
    signature=signature,
    standard={
        "units": UNITS,
        "sizes of the weights": SIZES,
        "negative weights": 2,
        "contributions": "at most 12",
        "survivors": "as expected",
        "corrected output": "whole",
        "largest denominator": "at most 5",
        "claims": 2,
    },
    variants=20_000,  # the seeds 1 to 21 000 give 20 774 different ones
)
