r"""Layer normalization of a small batch, by hand.

Ba, Kiros and Hinton, *Layer Normalization* (2016), equations 3 and 4: every example (row) is centred and
scaled by its own mean and its own biased variance, then scaled and shifted feature by feature.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from generator import (
    Claim,
    Claims,
    Draw,
    Essay,
    InputError,
    Matrix,
    Mistake,
    Part,
    Problem,
    Values,
    Vector,
    draw_claims,
    one_of,
    optional,
    read_number,
    say,
    some_of,
    whole,
)
from generator import exact as ex
from generator.patterns import zero_sum_patterns
from generator.problems import _norms as norms
from generator.prose import Content

EXAMPLES = 3
FEATURES = 5

# ------------------------------------------------------------------------------------------ the sampler


def sample(draw: Draw) -> Mapping[str, Any]:
    """Two rows with different whole deviations and one with a surd, in any order."""
    epsilon = draw.weighted({0: 4, 1: 1})
    # Five integers that add up to 0 have an even sum of squares, so their variance is even.
    variances = (8, 24, draw.choice((2, 4))) if epsilon else (4, 16, draw.choice((2, 6, 8)))
    rows = []
    means = draw.sample((-2, -1, 1, 2, 3, 4, 5), EXAMPLES)
    for mean, variance in zip(means, draw.shuffled(variances), strict=True):
        pattern = draw.weighted(zero_sum_patterns(FEATURES, variance * FEATURES, largest=7))
        rows.append([mean + entry for entry in draw.shuffled(pattern)])
    draw.require(all(-9 <= entry <= 12 for row in rows for entry in row), "an entry outside -9…12")
    concept = draw.fork("concepts")
    return {
        "X": rows,
        **norms.sample_affine(draw, FEATURES),
        "epsilon": epsilon,
        "question": concept.choice(tuple(QUESTIONS)),
        "row": concept.integer(1, EXAMPLES),
        "scale": -1 if epsilon else concept.choice((-3, -2, 2, 3)),
        "shift": concept.choice((-4, -3, 2, 5, 7)),
        "claims": draw_claims(concept, CLAIMS),
    }


def require(
    X: ex.Matrix,
    gamma: ex.Vector,
    beta: ex.Vector,
    epsilon: ex.Scalar,
    row: Any = None,
    scale: ex.Scalar | None = None,
    shift: ex.Scalar | None = None,
) -> None:
    """Shapes that fit, no example without variance unless ε helps, and a change of a row that is complete."""
    norms.require_features(X, epsilon, gamma=gamma, beta=beta)
    for place, example in enumerate(X, start=1):
        if ex.is_zero(epsilon) and ex.is_zero(ex.variance(example)):
            raise InputError(f"row {place} has zero variance; at epsilon = 0 it cannot be normalized", field="X")
    change = {"row": row, "scale": scale, "shift": shift}
    missing = [name for name, value in change.items() if value is None]
    if 0 < len(missing) < len(change):
        raise InputError("missing; row, scale and shift are given together or not at all", field=missing[0])
    if row is not None and row > len(X):
        raise InputError(f"expected a row of X, 1 to {len(X)}; got {row}", field="row")
    if scale is not None and ex.is_zero(scale):
        raise InputError("expected a number other than 0: a row times 0 has no variance", field="scale")
    if scale is not None and not ex.is_zero(epsilon) and ex.absolute(scale) != 1:
        raise InputError(
            f"expected 1 or -1, for with epsilon = {epsilon} other factors count; got {scale}", field="scale"
        )


# ----------------------------------------------------------------------------------------- the solution


def mean(X: ex.Matrix) -> ex.Vector:
    return norms.row_means(X)


def centred(X: ex.Matrix, mean: ex.Vector) -> ex.Matrix:
    return norms.centred_by_row(X, mean)


def variance(centred: ex.Matrix) -> ex.Vector:
    return norms.row_variances(centred)


def normalized(centred: ex.Matrix, std: ex.Vector) -> ex.Matrix:
    return norms.divided_by_row(centred, std)


def transformed_row(X: ex.Matrix, row: Any, scale: ex.Scalar, shift: ex.Scalar) -> ex.Vector:
    return tuple(ex.add(ex.multiply(scale, x), shift) for x in X[int(row) - 1])


def transformed_output(transformed_row: ex.Vector, gamma: ex.Vector, beta: ex.Vector, epsilon: ex.Scalar) -> ex.Vector:
    deviation = ex.root(ex.add(ex.variance(transformed_row), epsilon))
    return norms.affine(tuple(ex.divide(c, deviation) for c in ex.centre(transformed_row)), gamma, beta)


# ------------------------------------------------------------------------------ what students do instead


MISTAKES = [
    Mistake(
        "sample variance",
        "divided by $d - 1$ instead of $d$: a norm uses the biased variance",
        variance=lambda centred: tuple(ex.sample_variance(row) for row in centred),
        applies=lambda X: len(X[0]) > 1,
    ),
    Mistake(
        "not centred",
        "divided $x$ itself by the deviation: subtract the mean first",
        normalized=lambda X, std: norms.divided_by_row(X, std),
    ),
    Mistake(
        "mean absolute deviation",
        "averaged the distances from the mean instead of their squares",
        std=lambda centred: tuple(ex.mean_absolute_deviation(row) for row in centred),
    ),
    *norms.MISTAKES,
    Mistake(
        "normalized along the batch",
        "took the statistics of each column: that is batch normalization",
        mean=norms.column_means,
        centred=norms.centred_by_column,
        variance=norms.column_variances,
        normalized=norms.divided_by_column,
    ),
    Mistake(
        "one mean for all",
        "used a single mean and variance for the whole matrix: each row has its own",
        mean=lambda X: (ex.mean([x for row in X for x in row]),) * len(X),
        variance=lambda centred: (ex.mean([ex.multiply(c, c) for row in centred for c in row]),) * len(centred),
        applies=lambda X: len(X) > 1,
    ),
    Mistake(
        "transformed like the input",
        "applied the change of $x$ to the output: the norm takes scale and shift out again",
        transformed_output=lambda output, row, scale, shift: tuple(
            ex.add(ex.multiply(scale, y), shift) for y in output[int(row) - 1]
        ),
        applies=lambda row, scale, shift: True,
    ),
    Mistake(
        "sign not flipped",
        r"kept the old output: a negative factor turns the sign of $\hat x$",
        transformed_output=lambda output, row: output[int(row) - 1],
        applies=lambda scale: bool(scale.is_negative),
    ),
    Mistake(
        "sign of the whole output flipped",
        r"turned the sign of $\beta$ too: only $\hat x$ changes its sign",
        transformed_output=lambda output, row: tuple(ex.multiply(-1, y) for y in output[int(row) - 1]),
        applies=lambda scale: bool(scale.is_negative),
    ),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(
    X: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    epsilon: float,
    row: float | None = None,
    scale: float = 1.0,
    shift: float = 0.0,
) -> Mapping[str, Any]:
    """numpy, from the differences between the features of a row: their mean is x − μ, their mean square 2σ²."""

    def normalize(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        differences = [np.subtract.outer(row, row) for row in rows]
        var = np.array([np.square(d).mean() / 2 for d in differences])
        return var, np.array([d.mean(axis=1) for d in differences]) * ((var + epsilon) ** -0.5)[:, None]

    var, x_hat = normalize(X)
    opinion = {
        "mean": np.average(X, axis=1),
        "variance": var,
        "std": (var + epsilon) ** 0.5,
        "normalized": x_hat,
        "output": x_hat @ np.diag(gamma) + beta,
    }
    if row is not None:
        _, changed = normalize(scale * X[[int(row) - 1]] + shift)
        opinion["transformed_output"] = changed[0] * gamma + beta
    return opinion


# ------------------------------------------------------------------------------------------- the prose


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
    yield Part("mean", r"Compute the mean of each row of $X = <X>$.", Vector("mean", r"\mu"), 1, guided=True)
    yield Part("variance", "Compute the variance of each row.", Vector("variance", r"\sigma^2"), 1, guided=True)
    yield Part(
        "std",
        r"Compute what each row is divided by, $\sqrt{\sigma^2 + \varepsilon}$.",
        Vector("std", r"\sqrt{\sigma^2 + \varepsilon}"),
        1,
        guided=True,
    )
    yield Part("normalized", r"Normalize the rows.", Matrix("normalized", r"\hat X"), 2, guided=True)
    yield Part(
        "output",
        r"""
        Compute $Y = \mathrm{LN}(X)$ for the batch
        $$X = <X>, \qquad \gamma = <gamma>, \qquad \beta = <beta>.$$
        """,
        Matrix("output", "Y"),
        points=6,
        room=9,
        steps=[_worked_row(v, place) for place in range(len(v.X))],
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
        Vector("transformed_output", "y"),
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


def _worked_row(v: Values, place: int) -> Content:
    return say(
        r"""
        Row <i>: $\mu = \frac{<row|sum>}{<d>} = <mu>$ and
        $\sigma^2 = \frac{<centred_row|squares>}{<d>} = <variance_row>$, so
        $\sqrt{\sigma^2 + \varepsilon} = <std_row>$ and $\hat x = <normalized_row>$. Scaled and shifted, feature by
        feature, this is $\gamma \odot \hat x + \beta = <output_row>$.
        """,
        i=place + 1,
        d=len(v.gamma),
        row=v.X[place],
        mu=v.mean[place],
        centred_row=v.centred[place],
        variance_row=v.variance[place],
        std_row=v.std[place],
        normalized_row=v.normalized[place],
        output_row=v.output[place],
    )


# ----------------------------------------------------------------------------------- the concept questions


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


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """X with its rows modulo shift and scale, up to the order of the examples and of the features."""
    return norms.reduced(params["X"])


def signature(v: Values) -> Mapping[str, Any]:
    """How much there is to do: the matrix's size, how many rows stay rational, and what is asked beside."""
    samples = norms.std([ex.sample_variance(row) for row in v.X], v.epsilon)
    return {
        "shape": (len(v.X), len(v.X[0])),
        "rational rows": sum(bool(s.is_Rational) for s in v.std),
        "decoys": sum(bool(s.is_Rational) for s in samples),  # rows that are nicer with the sample deviation
        "rows with deviation 1": sum(s == 1 for s in v.std),
        "zeros in a row": "at most 1" if max(row.count(0) for row in v.centred) <= 1 else "more",
        "negative entries of gamma": sum(g.is_negative for g in v.gamma),
        "claims": len(v.claims),
    }


PROBLEM = Problem(
    id="layer-norm",
    title="Layer normalization",
    topic="normalization",
    parameters={
        **norms.PARAMETERS,
        "question": optional(one_of(QUESTIONS), "single_example"),
        "row": optional(whole(1)),
        "scale": optional(read_number),
        "shift": optional(read_number),
        "claims": optional(some_of(CLAIMS), ()),
    },
    require=require,
    sample=sample,
    solution=[mean, centred, variance, norms.std, normalized, norms.output, transformed_row, transformed_output],
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
    parts=parts,
    original={
        "X": [[4, 4, 8, 8], [0, 2, 2, 8], [1, 1, 1, 5]],
        "gamma": [1, 2, 3, 4],
        "beta": [0, -1, 1, 0],
        "epsilon": 0,
    },
    canonical=canonical,
    signature=signature,
    standard={
        "shape": (EXAMPLES, FEATURES),
        "rational rows": 2,
        "decoys": 0,
        "rows with deviation 1": 0,
        "zeros in a row": "at most 1",
        "negative entries of gamma": 2,
        "claims": 2,
    },
    variants=23_000,  # the distinct ones among the first draws of 24000 seeds are 23213
)
