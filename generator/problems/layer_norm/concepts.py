"""Questions in words, and claims to judge."""

from __future__ import annotations

from generator import Claim, Essay, Values
from generator.document.prose import Content


def _single_example(v: Values) -> tuple[Content, Essay]:
    return (
        "Does layer normalization still work when the batch holds a single example? Why, or why not?",
        Essay(
            "Yes. An example is normalized with the mean and the variance of its own features; no other example "
            "enters. Row 1 alone would come out as $<output[0]>$, just as it does within the batch.",
            (
                (1, "it works"),
                (1, "mean and variance are taken over the features of each example, not over the batch"),
            ),
        ),
    )


def _identical_examples(v: Values) -> tuple[Content, Essay]:
    return (
        "Suppose that all other rows of $X$ are replaced by copies of row 1. What are the rows of the output? Why?",
        Essay(
            "Each of them is $<output[0]>$. Each row is normalized by its own statistics, so equal rows give equal "
            "outputs, and row 1 does not notice that its neighbours have changed.",
            ((1, "all rows equal the first row of the old output"), (1, "because no row depends on another")),
        ),
    )


def _one_feature(v: Values) -> tuple[Content, Essay]:
    return (
        r"Suppose that each example had a single feature ($d = 1$) and $\varepsilon$ were a small positive number. What "
        r"would the layer put out for an example $x$, and what of $x$ would survive?",
        Essay(
            r"Exactly $\beta$, for every $x$. The mean of one feature is that feature, so $x - \mu = 0$ and "
            r"$\hat x = 0 / \sqrt{0 + \varepsilon} = 0$. Nothing of the input survives.",
            ((1, r"the output is $\beta$"), (1, r"because $x - \mu = 0$ when there is one feature")),
        ),
    )


def _changed_example(v: Values) -> tuple[Content, Essay]:
    return (
        "Suppose that example 2 is replaced by another one. Which rows of the output can change, and which cannot? Why?",
        Essay(
            "Only row 2 can change. Row 1, for one, stays $<output[0]>$: the mean and the variance of a row are taken over "
            "its own features, and no other row enters.",
            ((1, "only row 2 can change"), (1, "statistics are taken within each row")),
        ),
    )


def _one_by_one(v: Values) -> tuple[Content, Essay]:
    return (
        "At test time the same examples arrive one by one instead of in one batch, and no statistics were stored during "
        "training. Are the outputs the same? Why?",
        Essay(
            "Yes, row for row: $<output[0]>$ for the first, and so on. The layer takes mean and variance from the "
            "example in front of it, in training and at test, so it needs neither the rest of the batch nor stored "
            "statistics.",
            ((1, "the outputs are the same"), (1, "nothing is taken from the batch or from earlier batches")),
        ),
    )


def _two_features(v: Values) -> tuple[Content, Essay]:
    return (
        r"Suppose that each example had two features ($d = 2$), different from each other, and $\varepsilon = 0$. Which values "
        r"can the entries of $\hat x$ take, and what of the example would survive?",
        Essay(
            r"Only $-1$ and $+1$: for features $a$ and $b$ the mean is $(a + b)/2$ and the deviation $|a - b|/2$, so the "
            r"larger feature becomes $+1$ and the smaller $-1$. What survives is which of the two is larger.",
            ((1, r"one entry is $+1$, the other $-1$"), (1, "only which feature is larger survives")),
        ),
    )


def _same_normalized(v: Values) -> tuple[Content, Essay]:
    return (
        r"At $\varepsilon = 0$, an example $x'$ that is not equal to row 1 of $X$ gets the same output as row 1. How are "
        r"the two related? Why?",
        Essay(
            r"$x' = a x + c$ with a factor $a > 0$ and a shift $c$ common to all features. Equal outputs mean equal "
            r"$\hat x$ (no entry of $\gamma$ is 0), so $x' = \mu' + \sigma' \hat x = \mu' + \frac{\sigma'}{\sigma} (x - \mu)$; "
            "mean and deviation are all that the layer takes away.",
            ((1, "$x' = a x + c$, the same $a$ and $c$ for all features"), (1, "with $a > 0$")),
        ),
    )


QUESTIONS = {
    "single_example": _single_example,
    "identical_examples": _identical_examples,
    "one_feature": _one_feature,
    "changed_example": _changed_example,
    "one_by_one": _one_by_one,
    "two_features": _two_features,
    "same_normalized": _same_normalized,
}

CLAIMS = {
    "bias_redundant": Claim(
        "A bias added to the features just before layer normalization can always be left out without changing "
        "the output.",
        False,
        r"Subtracting $\mu$ removes only what the bias adds equally to all features; the differences between its "
        r"entries stay.",
    ),
    "running_averages": Claim(
        "During training, layer normalization keeps running averages of mean and variance for use at test time.",
        False,
        "It computes both from the example itself, in training and at test; there is nothing to keep.",
    ),
    "column_shift": Claim(
        "Adding the same constant to the first feature of every example leaves the output unchanged.",
        False,
        "That changes each row's mean and its deviations; only a constant added to all features of a row cancels.",
    ),
    "batch_size": Claim(
        "The larger the batch, the better layer normalization estimates its mean and variance.",
        False,
        "Each example has its own mean and variance over its features; the size of the batch does not enter.",
    ),
    "same_at_test": Claim(
        "Layer normalization computes the same function of an example in training and at test.",
        True,
        "Its statistics come from the example alone, so there is no difference between the modes.",
    ),
    "squared_length": Claim(
        r"At $\varepsilon = 0$, the squares of the entries of every normalized row $\hat x$ (with $d$ features) add up "
        r"to $d$.",
        True,
        r"$\sum_j \hat x_j^2 = \sum_j (x_j - \mu)^2 / \sigma^2 = d \sigma^2 / \sigma^2 = d$.",
    ),
    "parameters": Claim(
        "A layer normalization of $d$ features learns $2d$ parameters, whatever the size of the batch.",
        True,
        r"$\gamma$ and $\beta$ have one entry a feature each; mean and variance are computed, not learned.",
    ),
    "zero_sum": Claim(
        r"The entries of every normalized row $\hat x$ add up to 0, also for $\varepsilon > 0$.",
        True,
        r"$\sum_j (x_j - \mu) = 0$, and all of them are divided by the same number.",
    ),
    "sign_of_output": Claim(
        "Turning the sign of all features of an example turns the sign of all its outputs.",
        False,
        r"It turns the sign of $\hat x$ only; the shift by $\beta$ stays as it is.",
    ),
    "constant_example": Claim(
        r"For $\varepsilon > 0$, every example whose features are all equal comes out as $\beta$.",
        True,
        r"Its features are equal to their mean, so $\hat x = 0$.",
    ),
}
