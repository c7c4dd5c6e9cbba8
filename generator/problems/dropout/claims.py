"""The bank of claims to judge."""

from __future__ import annotations

from generator import Claim

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

GIVEN_AWAY = {"unbiased", "mean_only", "fixed_mask"}
"""Claims that the preamble or the moments of the follow-up decide: they are for sheets that leave those out."""
SAID_BY = {
    "high_p": {"less_noise"},
    **{question: {"two_passes"} for question in ("other_mask", "forgotten_switch", "two_sources", "on_purpose")},
}
"""Claims that a question or its answer gives away."""
