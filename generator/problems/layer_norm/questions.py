"""The questions and their worked steps."""

from __future__ import annotations

from collections.abc import Iterator

from generator import Claims, Matrix, Part, Values, Vector, say
from generator.document.prose import Content
from generator.numbers import exact as ex
from generator.problems._norms_guided import guided_parts
from generator.problems._norms_worked import worked_lines
from generator.problems.layer_norm.concepts import CLAIMS, QUESTIONS


def preamble(v: Values) -> Content:
    return say(
        r"""
        Layer normalization treats every example $x$ (a row of $X$) by itself:
        $$\mathrm{LN}(x) = \gamma \odot \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta,$$
        where $\mu$ and $\sigma^2$ are the mean and the variance of the row's own $<d>$ features. The variance is
        the biased one (divide by $<d>$), $\gamma$ and $\beta$ have one entry for each feature, and here
        $\varepsilon = <epsilon>$.
        """,
        d=len(v.gamma),
    )


def parts(v: Values) -> Iterator[Part]:
    yield from guided_parts(v, "row")
    yield Part(
        "output",
        r"""
        Compute $Y = \mathrm{LN}(X)$ for the batch
        $$X = <X>, \qquad \gamma = <gamma>, \qquad \beta = <beta>.$$
        """,
        Matrix("output", "Y", like="X"),
        points=6,
        room=9,
        steps=worked_lines(v, "row", _WORKED_ROW),
    )
    question, essay = QUESTIONS[v.question](v)
    yield Part("single_example", question, essay)
    if "row" in v:
        yield _transformed(v)
    if v.claims:
        yield Part(
            "claims",
            "True or false? Give the reason in one line.",
            Claims(tuple(CLAIMS[name] for name in v.claims)),
        )


def _transformed(v: Values) -> Part:
    flipped = ex.sign(v.scale) < 0
    return Part(
        "transformed",
        r"""
        Example <row> is replaced by $<scale|coefficient>x <shift|signed>$ (in every feature), where $x$ is the old row.
        What is the layer's output for it now?
        """,
        Vector("transformed_output", "y", like="columns of X"),
        points=2,
        room=3,
        steps=[
            say(
                r"The shift leaves $x - \mu$ as it was. The factor $<scale>$ multiplies $x - \mu$, and its size "
                r"$<size>$ the deviation: $\hat x$ <effect>.",
                size=ex.absolute(v.scale),
                effect="changes its sign and nothing else" if flipped else "stays as it was",
            ),
            r"Hence $y = \gamma \odot (-\hat x) + \beta = <transformed_output>$."
            if flipped
            else r"Hence $y = <transformed_output>$, as before.",
        ],
    )


_WORKED_ROW = r"""
Row <place>: $\mu = \frac{<line|sum>}{<size>} = <mu>$ and
$\sigma^2 = \frac{<centred|squares>}{<size>} = <variance>$, so
$\sqrt{\sigma^2 + \varepsilon} = <std>$ and $\hat x = <normalized>$. Scaled and shifted, feature by
feature, this is $\gamma \odot \hat x + \beta = <output>$.
"""
