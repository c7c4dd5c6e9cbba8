"""Questions in words, and claims to judge."""

from __future__ import annotations

from generator import Claim, Essay, Values
from generator.document.prose import Content


def _single_example(v: Values) -> tuple[Content, Essay]:
    return (
        r"Does batch normalization still work when the batch holds a single example? Answer for training, at "
        r"$\varepsilon = 0$ and at a small $\varepsilon > 0$, and for inference.",
        Essay(
            r"Not in training: the one example is its own mean and the variance is 0, so $\hat x$ is $0/0$ at "
            r"$\varepsilon = 0$; for $\varepsilon > 0$ it is 0, and the output is $\beta = <beta>$ whatever $x$ is. At "
            r"inference it works, because the running mean and variance are used and nothing comes from the batch.",
            (
                (1, r"in training the variance is 0: not defined at $\varepsilon = 0$"),
                (1, r"for $\varepsilon > 0$ the output is $\beta$ for every $x$"),
                (1, "inference works, with the running statistics"),
            ),
            lines=4,
        ),
    )


def _two_examples(v: Values) -> tuple[Content, Essay]:
    return (
        r"A batch of two examples that differ in every feature is normalized in training at $\varepsilon = 0$. What values "
        r"can $\hat x$ take, and what of the two examples does the output still tell?",
        Essay(
            r"Only $-1$ and $+1$. For entries $a$ and $b$ the mean is $(a + b)/2$ and the deviation $|a - b|/2$, so the "
            r"larger becomes $+1$ and the smaller $-1$. The output tells which example was larger in a feature and not "
            r"by how much.",
            (
                (1, r"$\hat x$ is $+1$ or $-1$"),
                (1, "because both are one deviation from their mean"),
                (1, "only the order survives"),
            ),
            lines=4,
        ),
    )


def _changed_example(v: Values) -> tuple[Content, Essay]:
    return (
        "Suppose that example 2 is replaced by another one. Which rows of the output can change in training, and which "
        "at inference? Why?",
        Essay(
            "In training all rows can change: example 2 enters the mean and the variance of every column, and with them "
            "every example's output. At inference only row 2 can change, because the running statistics are fixed.",
            (
                (1, "in training every row can change"),
                (1, "because the statistics are taken over the batch"),
                (1, "at inference only row 2"),
            ),
            lines=4,
        ),
    )


def _identical_examples(v: Values) -> tuple[Content, Essay]:
    return (
        r"Suppose that all examples of a training batch are equal and $\varepsilon$ is a small positive number. What is the "
        r"output, and what is it at inference with running statistics from other batches?",
        Essay(
            r"In training every column is constant, so $x - \mu = 0$ and every row of the output is $\beta = <beta>$. At "
            r"inference the running mean and variance belong to other data; the rows are equal to each other, but in "
            r"general they are not $\beta$.",
            (
                (1, r"in training every row is $\beta$"),
                (1, r"because $x - \mu = 0$"),
                (1, r"at inference equal rows, in general not $\beta$"),
            ),
            lines=4,
        ),
    )


def _one_by_one(v: Values) -> tuple[Content, Essay]:
    return (
        "Somebody forgets to switch the layer to inference and feeds the test examples one by one. What goes wrong, and "
        "would it also go wrong with layer normalization?",
        Essay(
            r"Each example is a batch of its own, with variance 0: the output is $\beta = <beta>$ (or undefined at "
            r"$\varepsilon = 0$) whatever the example is, and the running estimates are spoilt. Layer normalization would "
            r"not mind, since it computes the same in both modes and from one example alone.",
            (
                (1, r"the output is $\beta$, or undefined"),
                (1, "because the variance of a single example is 0"),
                (1, "layer normalization is not affected"),
            ),
            lines=4,
        ),
    )


def _undone(v: Values) -> tuple[Content, Essay]:
    return (
        r"Which $\gamma$ and $\beta$ would make the output of this batch equal to $X$? Would they do the same for the next batch?",
        Essay(
            r"$\gamma = \sqrt{\sigma^2 + \varepsilon} = <std>$ and $\beta = \mu = <mean>$: then $\gamma \odot \hat x + \beta = "
            r"(x - \mu) + \mu = x$. The next batch has another mean and another deviation, so there they would not undo it.",
            (
                (1, r"$\gamma = \sqrt{\sigma^2 + \varepsilon}$ for each feature"),
                (1, r"$\beta = \mu$ for each feature"),
                (1, "not for a batch with other statistics"),
            ),
            lines=4,
        ),
    )


QUESTIONS = {
    "single_example": _single_example,
    "two_examples": _two_examples,
    "changed_example": _changed_example,
    "identical_examples": _identical_examples,
    "one_by_one": _one_by_one,
    "undone": _undone,
}

CLAIMS = {
    "bias_redundant": Claim(
        "A bias added to the features just before batch normalization (in training) can be left out without changing the "
        "output.",
        True,
        "The bias of a feature moves its mean by as much, and subtracting the mean takes it out again.",
    ),
    "undo": Claim(
        r"At $\varepsilon = 0$, some $\gamma$ and $\beta$ make the layer the identity on a given training batch.",
        True,
        r"$\gamma = \sigma$ and $\beta = \mu$ of that batch, feature by feature.",
    ),
    "column_shift": Claim(
        "In training, adding the same constant to the first feature of every example leaves the output unchanged.",
        True,
        "The mean of that column moves by the same constant, and the differences from it stay.",
    ),
    "column_mean": Claim(
        r"In training, the mean of every column of the output is the corresponding entry of $\beta$.",
        True,
        r"The columns of $\hat x$ have mean 0, so $\gamma \odot \hat x + \beta$ has mean $\beta$.",
    ),
    "learned_statistics": Claim(
        "The running mean and variance are learned by gradient descent.",
        False,
        "They are moving averages of what the batches show; no gradient reaches them.",
    ),
    "order_of_batch": Claim(
        "At inference, the output for an example depends on which other examples are in its batch.",
        False,
        "At inference the running statistics are used, and they do not depend on the batch.",
    ),
    "row_scale": Claim(
        r"In training, multiplying one example by 10 leaves its own output unchanged (at $\varepsilon = 0$).",
        False,
        "It changes the statistics of the columns in another proportion; that holds for layer normalization.",
    ),
    "parameters": Claim(
        "The number of parameters that batch normalization learns grows with the size of the batch.",
        False,
        r"It learns $\gamma$ and $\beta$, one entry each for every feature; the batch's size does not enter.",
    ),
    "one_feature": Claim(
        "In training, an example's normalized first feature depends on the other features of the same example.",
        False,
        "Each feature has a mean and a variance of its own, taken over the examples of the batch.",
    ),
    "last_batch": Claim(
        "At inference, the layer uses the mean and the variance of the last training batch.",
        False,
        "It uses running averages over many batches; the last one enters with the share $m$ only.",
    ),
}


GIVEN_AWAY = {"learned_statistics", "last_batch"}
"""Claims that the follow-ups' text decides: they are for sheets that leave those out."""
