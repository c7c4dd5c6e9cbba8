"""What a guided sheet asks for on the way to a norm's output: mean, variance, deviation, normalized entries."""

from __future__ import annotations

from collections.abc import Iterator

from generator import Matrix, Part, Values, Vector, say
from generator import exact as ex


def guided_parts(v: Values, line: str) -> Iterator[Part]:
    """What a guided sheet asks for on the way; ``line`` is what has statistics of its own, a row or a column."""
    turned = ex.transpose if line == "column" else tuple
    X, centred, normalized = (turned(matrix) for matrix in (v.X, v.centred, v.normalized))
    size = len(X[0])
    name = line.capitalize()
    yield Part(
        "mean",
        f"Compute the mean of each {line} of $X = <X>$.",
        Vector("mean", r"\mu", like=f"{line}s of X"),
        points=1,
        guided=True,
        steps=[
            say(
                rf"{name} <i>: $\mu_{{<i>}} = \frac{{<row|sum>}}{{<size>}} = <mu>$.",
                i=i + 1,
                row=row,
                size=size,
                mu=v.mean[i],
            )
            for i, row in enumerate(X)
        ],
    )
    yield Part(
        "variance",
        f"Compute the variance of each {line}.",
        Vector("variance", r"\sigma^2", like=f"{line}s of X"),
        points=1,
        guided=True,
        steps=[
            say(
                rf"{name} <i>, less its mean, is $<row>$: "
                r"$\sigma_{<i>}^2 = \frac{<row|squares>}{<size>} = <squared>$.",
                i=i + 1,
                row=row,
                size=size,
                squared=v.variance[i],
            )
            for i, row in enumerate(centred)
        ],
    )
    yield Part(
        "std",
        rf"Compute what each {line} is divided by, $\sqrt{{\sigma^2 + \varepsilon}}$.",
        Vector("std", r"\sqrt{\sigma^2 + \varepsilon}", like=f"{line}s of X"),
        points=1,
        guided=True,
        steps=[
            say(
                rf"{name} <i>: $\sqrt{{\sigma_{{<i>}}^2 + \varepsilon}} = \sqrt{{<squared> + <epsilon>}} = <root>$.",
                i=i + 1,
                squared=v.variance[i],
                root=v.std[i],
            )
            for i in range(len(X))
        ],
    )
    yield Part(
        "normalized",
        f"Normalize the {line}s.",
        Matrix("normalized", r"\hat X", by_column=line == "column", like="X"),
        points=2,
        guided=True,
        steps=[
            say(
                rf"{name} <i>, less its mean, over $<root>$: $<row>$ becomes $<result>$.",
                i=i + 1,
                row=row,
                root=v.std[i],
                result=normalized[i],
            )
            for i, row in enumerate(centred)
        ],
    )
