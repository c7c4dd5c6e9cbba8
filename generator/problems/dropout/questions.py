"""The questions and their worked steps."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from generator import Claims, Number, Part, Values, Vector, say
from generator.document.prose import Content
from generator.numbers import exact as ex
from generator.problems.dropout.claims import CLAIMS
from generator.problems.dropout.concepts import CLOSENESS, TRAIN_TEST


def preamble(v: Values) -> Content:
    return [
        say(
            r"""
            A network computes $y = \sum_i w_i x_i$ from the <count> units $x_i$ of a hidden layer. Between the two stands
            dropout with $p = <p>$: in each training pass it drops every unit with probability $p$, independently of the
            others. The mask $m_i$ is 0 for a dropped unit and 1 for a survivor, and the unit counts as $m_i x_i$. With the
            *correction*, the survivors are also multiplied by $1/(1 - p)$. In one training pass <units> <are> dropped:
            """,
            count=ex.exact(len(v.x)),
            units=_units(v.dropped),
            are="is" if len(v.dropped) < 2 else "are",
        ),
        say(_table(len(v.x)), printed_mask=v.mask),
    ]


@lru_cache(maxsize=1 << 7)
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


def _units(places: ex.Vector) -> str:
    """The units in words: ``units 1, 4 and 5``."""
    if not places:
        return "no unit"
    names = [str(place) for place in sorted(map(int, places))]
    return f"unit {names[0]}" if len(names) == 1 else f"units {', '.join(names[:-1])} and {names[-1]}"


def parts(v: Values) -> Iterator[Part]:
    yield from ONE_PASS
    yield Part("closeness", *CLOSENESS[v.closeness])
    yield Part("train_test", *TRAIN_TEST[v.train_test])
    if "expectation" in v.follow_ups:
        yield EXPECTATION
    yield FIND_P
    if v.claims:
        yield Part(
            "claims",
            "True or false? Give the reason in one line. (*On average* means: over all masks, with $x$ and $w$ fixed.)",
            Claims(tuple(CLAIMS[name] for name in v.claims)),
        )


# --------------------------------------------------------------- parts that are the same in all variants

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
            (
                r"A unit is kept with probability $1 - p = <keep>$, so the survivors are multiplied by "
                r"$1/(1 - p) = <correction>$. The factor is common to all of them: "
                r"$y_{\mathrm{corr}} = <correction> \cdot <y_drop> = <y_corr>$."
            ),
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
"""What one training pass puts out, with the correction and without it."""

EXPECTATION = Part(
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

FIND_P = Part(
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
