r"""Batch normalization of a small batch, by hand: in training, its running statistics, and at inference.

Ioffe and Szegedy, *Batch Normalization* (2015), algorithms 1 and 2; the running estimates as PyTorch keeps them:
new = (1 − m)·old + m·observed, with the unbiased variance as the one observed.
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
    read_vector,
    say,
    some_of,
)
from generator import exact as ex
from generator.patterns import zero_sum_patterns
from generator.problems import _norms as norms
from generator.prose import Content

EXAMPLES = 4
FEATURES = 4

# ------------------------------------------------------------------------------------------ the sampler


def sample(draw: Draw) -> Mapping[str, Any]:
    """Two columns with whole deviations and two with surds, in any order; every unbiased variance is whole."""
    epsilon = draw.weighted({0: 4, 1: 1})
    # Four thirds of a multiple of 3 is whole.  One column in each variant is a decoy: its *sample* deviation is
    # whole (that of 3, of 12, and at ε = 1 of 6) while its own is a surd.
    variances = draw.shuffled((3, 24, 6, 9) if epsilon else (9, 9, draw.choice((3, 12)), draw.choice((6, 18))))
    columns = []
    means = draw.sample((-2, -1, 1, 2, 3, 4, 5, 6), FEATURES)
    for mean, variance in zip(means, variances, strict=True):
        pattern = draw.weighted(zero_sum_patterns(EXAMPLES, variance * EXAMPLES, largest=8))
        columns.append([mean + entry for entry in draw.shuffled(pattern)])
    draw.require(all(-9 <= entry <= 12 for column in columns for entry in column), "an entry outside -9…12")
    deviations = draw.shuffled((2, 3, 4, 5))
    running_mean = [draw.choice([old for old in range(-4, 7) if old not in (0, mean)]) for mean in means]
    concept = draw.fork("concepts")
    question = concept.choice(tuple(QUESTIONS))
    return {
        "X": list(zip(*columns, strict=True)),
        **norms.sample_affine(draw, FEATURES),
        "epsilon": epsilon,
        "momentum": draw.choice(("1/10", "1/5", "1/4")),
        "running_mean": running_mean,
        "running_variance": [deviation**2 - epsilon for deviation in deviations],
        "example": [
            mean + draw.sign() * draw.integer(1, 2 * deviation)
            for mean, deviation in zip(running_mean, deviations, strict=True)
        ],
        "question": question,
        "claims": draw_claims(concept, CLAIMS, without=GIVEN_AWAY | ({"undo"} if question == "undone" else set())),
    }


def require(
    X: ex.Matrix,
    gamma: ex.Vector,
    beta: ex.Vector,
    epsilon: ex.Scalar,
    momentum: ex.Scalar | None = None,
    running_mean: ex.Vector | None = None,
    running_variance: ex.Vector | None = None,
    example: ex.Vector | None = None,
) -> None:
    """Shapes that fit, estimates that are complete, and no feature without variance unless ε helps."""
    given = {"running_mean": running_mean, "running_variance": running_variance, "example": example}
    vectors = {name: vector for name, vector in given.items() if vector is not None}
    norms.require_features(X, epsilon, gamma=gamma, beta=beta, **vectors)
    for place, column in enumerate(ex.transpose(X), start=1):
        if ex.is_zero(epsilon) and ex.is_zero(ex.variance(column)):
            raise InputError(
                f"column {place} has zero variance; at epsilon = 0 it cannot be normalized in training", field="X"
            )
    _require_complete(momentum, running_mean, running_variance, example)
    if momentum is not None and (ex.sign(momentum) < 0 or ex.sign(ex.subtract(ex.ONE, momentum)) < 0):
        raise InputError(f"expected a number from 0 to 1; got {momentum}", field="momentum")
    if momentum is not None and len(X) == 1:
        raise InputError(
            "X has a single example, and the unbiased variance that the running variance takes is not defined for one; "
            "leave momentum out",
            field="momentum",
        )
    for place, v in enumerate(running_variance or (), start=1):
        if ex.sign(v) < 0:
            raise InputError(f"expected a number that is not negative; got {v}", field=f"running_variance[{place}]")
        if example is not None and ex.is_zero(ex.add(v, epsilon)):
            raise InputError("zero at epsilon = 0: inference would divide by 0", field=f"running_variance[{place}]")


def _require_complete(momentum: Any, running_mean: Any, running_variance: Any, example: Any) -> None:
    """Both estimates or none, and something that they are given for."""
    given = {
        "momentum": momentum,
        "example": example,
        "running_mean": running_mean,
        "running_variance": running_variance,
    }
    names = [name for name, value in given.items() if value is not None]
    for needed in ("running_mean", "running_variance"):
        if names and needed not in names:
            raise InputError(f"missing; {names[0]} needs it", field=needed)
    if names and momentum is None and example is None:
        raise InputError("missing; the running estimates are moved by it (or used on an example)", field="momentum")


# ----------------------------------------------------------------------------------------- the solution


def mean(X: ex.Matrix) -> ex.Vector:
    return norms.column_means(X)


def centred(X: ex.Matrix, mean: ex.Vector) -> ex.Matrix:
    return norms.centred_by_column(X, mean)


def variance(centred: ex.Matrix) -> ex.Vector:
    return norms.column_variances(centred)


def normalized(centred: ex.Matrix, std: ex.Vector) -> ex.Matrix:
    return norms.divided_by_column(centred, std)


def unbiased_variance(X: ex.Matrix, momentum: ex.Scalar) -> ex.Vector:
    """Only needed, and with one example not even defined, where estimates are moved: hence ``momentum``."""
    return tuple(ex.sample_variance(column) for column in ex.transpose(X))


def new_running_mean(momentum: ex.Scalar, running_mean: ex.Vector, mean: ex.Vector) -> ex.Vector:
    return _moved(momentum, running_mean, mean)


def new_running_variance(momentum: ex.Scalar, running_variance: ex.Vector, unbiased_variance: ex.Vector) -> ex.Vector:
    return _moved(momentum, running_variance, unbiased_variance)


def _moved(momentum: ex.Scalar, old: ex.Vector, observed: ex.Vector) -> ex.Vector:
    kept = ex.subtract(ex.ONE, momentum)
    return tuple(
        ex.add(ex.multiply(kept, before), ex.multiply(momentum, now)) for before, now in zip(old, observed, strict=True)
    )


def running_std(running_variance: ex.Vector, epsilon: ex.Scalar) -> ex.Vector:
    return norms.std(running_variance, epsilon)


def inference_normalized(example: ex.Vector, running_mean: ex.Vector, running_std: ex.Vector) -> ex.Vector:
    return tuple(ex.divide(ex.subtract(x, mu), s) for x, mu, s in zip(example, running_mean, running_std, strict=True))


def inference_output(inference_normalized: ex.Vector, gamma: ex.Vector, beta: ex.Vector) -> ex.Vector:
    return norms.affine(inference_normalized, gamma, beta)


# ------------------------------------------------------------------------------ what students do instead

MISTAKES = [
    Mistake(
        "sample variance",
        r"divided by $n - 1$ instead of $n$: only the running variance takes the unbiased one",
        variance=lambda centred: tuple(ex.sample_variance(column) for column in ex.transpose(centred)),
        applies=lambda X: len(X) > 1,
    ),
    Mistake(
        "not centred",
        "divided $x$ itself by the deviation: subtract the mean first",
        normalized=lambda X, std: norms.divided_by_column(X, std),
    ),
    Mistake(
        "mean absolute deviation",
        "averaged the distances from the mean instead of their squares",
        std=lambda centred: tuple(ex.mean_absolute_deviation(column) for column in ex.transpose(centred)),
    ),
    *norms.MISTAKES,
    Mistake(
        "normalized along the features",
        "took the statistics of each row: that is layer normalization",
        normalized=lambda X, epsilon: norms.divided_by_row(
            norms.centred_by_row(X, norms.row_means(X)),
            norms.std(tuple(ex.variance(row) for row in X), epsilon),
        ),
    ),
    Mistake(
        "one mean for all",
        "used a single mean and variance for the whole matrix: each column has its own",
        normalized=lambda X, epsilon: _by_one(X, epsilon),
        applies=lambda X: len(X[0]) > 1,
    ),
    Mistake(
        "running statistics in training",
        "normalized with the running estimates: in training the batch's own statistics are used",
        normalized=lambda X, running_mean, running_std: norms.divided_by_column(
            norms.centred_by_column(X, running_mean), running_std
        ),
        applies=lambda running_mean, running_std: not any(ex.is_zero(s) for s in running_std),
    ),
    Mistake(
        "momentum swapped",
        "kept the share $m$ of the old estimate: it keeps $1 - m$",
        new_running_mean=lambda momentum, running_mean, mean: _moved(momentum, mean, running_mean),
        new_running_variance=lambda momentum, running_variance, unbiased_variance: _moved(
            momentum, unbiased_variance, running_variance
        ),
        applies=lambda momentum: momentum != ex.divide(ex.ONE, ex.exact(2)),
    ),
    Mistake(
        "old estimate forgotten",
        "replaced the estimates by the batch's statistics instead of moving towards them",
        new_running_mean=lambda mean, momentum: mean,
        new_running_variance=lambda unbiased_variance: unbiased_variance,
        applies=lambda momentum: momentum != 1,
    ),
    Mistake(
        "biased running variance",
        "moved towards the biased variance: the running estimate takes the unbiased one",
        new_running_variance=lambda momentum, running_variance, variance: _moved(momentum, running_variance, variance),
        applies=lambda momentum: not ex.is_zero(momentum),
    ),
    Mistake(
        "batch statistics at inference",
        "normalized with the statistics of the batch: at inference the running estimates are used",
        inference_normalized=lambda example, mean, std: inference_normalized(example, mean, std),
    ),
    Mistake(
        "updated estimates at inference",
        "normalized with the estimates after the batch: they are asked for before it",
        inference_normalized=lambda example, new_running_mean, new_running_variance, epsilon: inference_normalized(
            example, new_running_mean, norms.std(new_running_variance, epsilon)
        ),
        applies=lambda example, momentum: not ex.is_zero(momentum),
    ),
    Mistake(
        "variance instead of deviation at inference",
        "divided by the running variance instead of its square root",
        inference_normalized=lambda example, running_mean, running_variance, epsilon: inference_normalized(
            example, running_mean, tuple(ex.add(v, epsilon) for v in running_variance)
        ),
        applies=lambda example: True,
    ),
]


def _by_one(X: ex.Matrix, epsilon: ex.Scalar) -> ex.Matrix:
    entries = tuple(x for row in X for x in row)
    mu, deviation = ex.mean(entries), ex.root(ex.add(ex.variance(entries), epsilon))
    return tuple(tuple(ex.divide(ex.subtract(x, mu), deviation) for x in row) for row in X)


# ------------------------------------------------------------------------------------ the second opinion


def check(
    X: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    epsilon: float,
    momentum: float | None = None,
    running_mean: np.ndarray | None = None,
    running_variance: np.ndarray | None = None,
    example: np.ndarray | None = None,
) -> Mapping[str, Any]:
    """numpy, with the variances from a covariance matrix and the affine map as one scale and one offset."""
    mu = X.mean(axis=0)
    covariance = np.atleast_2d(np.cov(X, rowvar=False, bias=True))
    var = np.diagonal(covariance)
    scale = gamma / np.sqrt(var + epsilon)
    opinion = {
        "mean": mu,
        "variance": var,
        "std": np.sqrt(var + epsilon),
        "normalized": (X - mu) / np.sqrt(var + epsilon),
        "output": X * scale + (beta - mu * scale),
    }
    if momentum is not None and running_mean is not None and running_variance is not None:
        opinion["new_running_mean"] = running_mean + momentum * (mu - running_mean)
        opinion["new_running_variance"] = running_variance + momentum * (X.var(axis=0, ddof=1) - running_variance)
    if example is not None and running_mean is not None and running_variance is not None:
        fixed = gamma * (running_variance + epsilon) ** -0.5
        opinion["inference_output"] = example * fixed + (beta - running_mean * fixed)
    return opinion


# ------------------------------------------------------------------------------------------- the prose


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
    yield Part("mean", r"Compute the mean of each column of $X = <X>$.", Vector("mean", r"\mu"), 1, guided=True)
    yield Part("variance", "Compute the variance of each column.", Vector("variance", r"\sigma^2"), 1, guided=True)
    yield Part(
        "std",
        r"Compute what each column is divided by, $\sqrt{\sigma^2 + \varepsilon}$.",
        Vector("std", r"\sqrt{\sigma^2 + \varepsilon}"),
        1,
        guided=True,
    )
    yield Part("normalized", "Normalize the columns.", Matrix("normalized", r"\hat X", by_column=True), 2, guided=True)
    yield Part(
        "output",
        r"""
        Compute $Y = \mathrm{BN}(X)$ in training mode for the batch
        $$X = <X>, \qquad \gamma = <gamma>, \qquad \beta = <beta>.$$
        """,
        Matrix("output", "Y", by_column=True),
        points=6,
        room=9,
        steps=[_worked_column(v, place) for place in range(len(v.gamma))],
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
        Vector("inference_output", "y"),
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
                Vector("new_running_mean", r"\mu_{\mathrm{new}}"),
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
                Vector("new_running_variance", r"\sigma^2_{\mathrm{new}}"),
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


def _worked_column(v: Values, place: int) -> Content:
    return say(
        r"""
        Column <j>: $\mu = \frac{<column|sum>}{<n>} = <mu>$ and $\sigma^2 = \frac{<centred_column|squares>}{<n>} =
        <variance_column>$, so $\sqrt{\sigma^2 + \varepsilon} = <std_column>$ and $\hat x^\top = <normalized_column>$. Scaled and
        shifted, this is $\gamma_{<j>} \hat x^\top + \beta_{<j>} = <output_column>$.
        """,
        j=place + 1,
        n=len(v.X),
        column=tuple(row[place] for row in v.X),
        mu=v.mean[place],
        centred_column=tuple(row[place] for row in v.centred),
        variance_column=v.variance[place],
        std_column=v.std[place],
        normalized_column=tuple(row[place] for row in v.normalized),
        output_column=tuple(row[place] for row in v.output),
    )


# ----------------------------------------------------------------------------------- the concept questions


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


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """X with its columns modulo shift and scale, up to the order of the features and of the examples."""
    return norms.reduced(ex.transpose(params["X"]))


def signature(v: Values) -> Mapping[str, Any]:
    """How much there is to do: the matrix's size, how many columns stay rational, and what is asked beside."""
    samples = norms.std([ex.sample_variance(column) for column in ex.transpose(v.X)], v.epsilon)
    return {
        "shape": (len(v.X), len(v.X[0])),
        "rational columns": sum(bool(s.is_Rational) for s in v.std),
        "decoys": sum(bool(s.is_Rational) for s in samples),  # columns that are nicer with the sample deviation
        "columns with deviation 1": sum(s == 1 for s in v.std),
        "unbiased variances": "whole" if all(s.is_Integer for s in v.get("unbiased_variance", ())) else "fractions",
        "negative entries of gamma": sum(g.is_negative for g in v.gamma),
        "claims": len(v.claims),
        "follow-ups": sum(name in v for name in ("new_running_mean", "inference_output")),
    }


PROBLEM = Problem(
    id="batch-norm",
    title="Batch normalization",
    topic="normalization",
    parameters={
        **norms.PARAMETERS,
        "momentum": optional(read_number),
        "running_mean": optional(read_vector),
        "running_variance": optional(read_vector),
        "example": optional(read_vector),
        "question": optional(one_of(QUESTIONS), "single_example"),
        "claims": optional(some_of(CLAIMS), ()),
    },
    require=require,
    sample=sample,
    solution=[
        mean,
        centred,
        variance,
        norms.std,
        normalized,
        norms.output,
        unbiased_variance,
        new_running_mean,
        new_running_variance,
        running_std,
        inference_normalized,
        inference_output,
    ],
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
    parts=parts,
    original={
        "X": [[2, 2, 1, 1], [2, 5, 4, 1], [5, 5, 10, 10]],
        "gamma": [1, 2, 3, 4],
        "beta": [0, -1, 1, 0],
        "epsilon": 0,
    },
    canonical=canonical,
    signature=signature,
    standard={
        "shape": (EXAMPLES, FEATURES),
        "rational columns": 2,
        "decoys": 1,
        "columns with deviation 1": 0,
        "unbiased variances": "whole",
        "negative entries of gamma": 2,
        "claims": 2,
        "follow-ups": 2,
    },
    variants=7_700,  # the distinct ones among the first draws of 24000 seeds are 7747
)
