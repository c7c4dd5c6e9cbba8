"""What a guided sheet asks for on the way to a norm's output: mean, variance, deviation, normalized entries."""

from __future__ import annotations

from collections.abc import Iterator

from generator import Matrix, Part, Values, Vector, say
from generator.document.prose import Content
from generator.problems._norms_worked import by_line


def guided_parts(v: Values, line: str) -> Iterator[Part]:
    """What a guided sheet asks for on the way; ``line`` is what has statistics of its own, a row or a column.

    The steps are written when somebody looks: on most sheets nobody does.
    """
    name = line.capitalize()
    places = range(len(by_line(v.X, line)))

    def mean(i: int) -> Content:
        row = by_line(v.X, line)[i]
        return say(
            rf"{name} <i>: $\mu_{{<i>}} = \frac{{<row|sum>}}{{<size>}} = <mu>$.",
            i=i + 1,
            row=row,
            size=len(row),
            mu=v.mean[i],
        )

    def variance(i: int) -> Content:
        row = by_line(v.centred, line)[i]
        return say(
            rf"{name} <i>, less its mean, is $<row>$: $\sigma_{{<i>}}^2 = \frac{{<row|squares>}}{{<size>}} = <squared>$.",
            i=i + 1,
            row=row,
            size=len(row),
            squared=v.variance[i],
        )

    def std(i: int) -> Content:
        return say(
            rf"{name} <i>: $\sqrt{{\sigma_{{<i>}}^2 + \varepsilon}} = \sqrt{{<squared> + <epsilon>}} = <root>$.",
            i=i + 1,
            squared=v.variance[i],
            root=v.std[i],
        )

    def normalized(i: int) -> Content:
        return say(
            rf"{name} <i>, less its mean, over $<root>$: $<row>$ becomes $<result>$.",
            i=i + 1,
            row=by_line(v.centred, line)[i],
            root=v.std[i],
            result=by_line(v.normalized, line)[i],
        )

    yield Part(
        "mean",
        f"Compute the mean of each {line} of $X = <X>$.",
        Vector("mean", r"\mu", like=f"{line}s of X"),
        points=1,
        guided=True,
        steps=[*map(mean, places)],
    )
    yield Part(
        "variance",
        f"Compute the variance of each {line}.",
        Vector("variance", r"\sigma^2", like=f"{line}s of X"),
        points=1,
        guided=True,
        steps=[*map(variance, places)],
    )
    yield Part(
        "std",
        rf"Compute what each {line} is divided by, $\sqrt{{\sigma^2 + \varepsilon}}$.",
        Vector("std", r"\sqrt{\sigma^2 + \varepsilon}", like=f"{line}s of X"),
        points=1,
        guided=True,
        steps=[*map(std, places)],
    )
    yield Part(
        "normalized",
        f"Normalize the {line}s.",
        Matrix("normalized", r"\hat X", by_column=line == "column", like="X"),
        points=2,
        guided=True,
        steps=[*map(normalized, places)],
    )
