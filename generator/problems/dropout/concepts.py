"""Questions in words, and claims to judge."""

from __future__ import annotations

from collections.abc import Mapping

from generator import (
    Claim,
    Essay,
)

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

GIVEN_AWAY = {"unbiased", "mean_only", "fixed_mask"}
"""Claims that the preamble or the moments of the follow-up decide: they are for sheets that leave those out."""
SAID_BY = {
    "high_p": {"less_noise"},
    **{question: {"two_passes"} for question in ("other_mask", "forgotten_switch", "two_sources", "on_purpose")},
}
"""Claims that a question or its answer gives away."""
