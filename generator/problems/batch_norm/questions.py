"""The questions and their worked steps."""

from __future__ import annotations

from collections.abc import Iterator

from generator import Claims, Matrix, Part, Values, Vector, say
from generator.document.prose import Content
from generator.numbers import exact as ex
from generator.problems._norms_guided import guided_parts
from generator.problems._norms_worked import worked_lines
from generator.problems.batch_norm.concepts import CLAIMS, QUESTIONS


def preamble(v: Values) -> Content:
    return say(
        r"""
        Batch normalization in training treats every feature (a column of $X$) by itself:
        $$\mathrm{BN}(x) = \gamma \odot \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta,$$
        where $\mu$ and $\sigma^2$ are the mean and the variance of the feature over the $<n>$ examples of the batch.
        That variance is the biased one (divide by $<n>$), $\gamma$ and $\beta$ have one entry for each feature, and
        here $\varepsilon = <epsilon>$.
        """,
        n=len(v.X),
    )


def parts(v: Values) -> Iterator[Part]:
    yield from guided_parts(v, "column")
    yield Part(
        "output",
        r"""
        Compute $Y = \mathrm{BN}(X)$ in training mode for the batch
        $$X = <X>, \qquad \gamma = <gamma>, \qquad \beta = <beta>.$$
        """,
        Matrix("output", "Y", by_column=True, like="X"),
        points=6,
        room=9,
        steps=worked_lines(v, "column", _WORKED_COLUMN),
    )
    question, essay = QUESTIONS[v.question](v)
    yield Part("single_example", question, essay)
    if "new_running_mean" in v:
        yield _running_statistics(v)
    yield Part(
        "inference",
        r"""
        Now the layer is switched to inference *before* it has seen the batch $X$: it has the estimates
        $\mu_{\mathrm{run}} = <running_mean>$ and $\sigma^2_{\mathrm{run}} = <running_variance>$ and the same $\gamma$
        and $\beta$. What does it put out for the single example $x = <example>$?
        """,
        Vector("inference_output", "y", like="example"),
        points=3,
        room=3,
        steps=[
            r"At inference the running estimates stand in for the batch: $\sqrt{\sigma^2_{\mathrm{run}} + \varepsilon} = "
            r"<running_std>$, so $\hat x = <inference_normalized>$.",
            r"Then $y = \gamma \odot \hat x + \beta = <inference_output>$.",
        ],
    )
    if v.claims:
        yield Part(
            "claims",
            "True or false? Give the reason in one line.",
            Claims(tuple(CLAIMS[name] for name in v.claims)),
        )


def _running_statistics(v: Values) -> Part:
    return Part(
        "running_statistics",
        r"""
        The layer also keeps running estimates for inference. Each batch moves them by
        $\text{new} = (1 - m) \cdot \text{old} + m \cdot \text{observed}$ with $m = <momentum>$; the observed variance is the
        *unbiased* one (divide by $n - 1$). Before this batch they were $\mu_{\mathrm{run}} = <running_mean>$ and
        $\sigma^2_{\mathrm{run}} = <running_variance>$.
        """,
        parts=[
            Part(
                "running_mean",
                "What is the running mean after this batch?",
                Vector("new_running_mean", r"\mu_{\mathrm{new}}", like="running_mean"),
                points=2,
                steps=[
                    say(
                        r"The batch has the means $\mu = <mean>$, so $\mu_{\mathrm{new}} = <kept>\,\mu_{\mathrm{run}} + "
                        r"<momentum>\,\mu = <new_running_mean>$.",
                        kept=ex.subtract(ex.ONE, v.momentum),
                    )
                ],
            ),
            Part(
                "running_variance",
                "What is the running variance after this batch?",
                Vector("new_running_variance", r"\sigma^2_{\mathrm{new}}", like="running_variance"),
                points=2,
                steps=[
                    say(
                        r"The unbiased variances of the batch are $s^2 = \frac{<n>}{<less>}\,\sigma^2 = <unbiased_variance>$, "
                        r"so $\sigma^2_{\mathrm{new}} = <kept>\,\sigma^2_{\mathrm{run}} + <momentum>\,s^2 = "
                        r"<new_running_variance>$.",
                        n=len(v.X),
                        less=len(v.X) - 1,
                        kept=ex.subtract(ex.ONE, v.momentum),
                    )
                ],
            ),
        ],
    )


_WORKED_COLUMN = r"""
Column <place>: $\mu = \frac{<line|sum>}{<size>} = <mu>$ and $\sigma^2 = \frac{<centred|squares>}{<size>} =
<variance>$, so $\sqrt{\sigma^2 + \varepsilon} = <std>$ and $\hat x^\top = <normalized>$. Scaled and
shifted, this is $\gamma_{<place>} \hat x^\top + \beta_{<place>} = <output>$.
"""
