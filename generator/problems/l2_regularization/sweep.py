"""The sweep over the strengths: its parts where it is asked for, and else a table; a plot in both cases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator import Array, Content, Fields, Figure, Number, Part, Values, say
from generator.document.figures.plot import Plot, Series, plot_scene
from generator.document.figures.scene import Symbol
from generator.numbers import notation
from generator.numbers.exact import to_float


def sweep_part(v: Values) -> Part:
    """One part for each row of the table, for a single feature."""
    test = r", the test examples $x = <x_test|tuple>$ with $y = <y_test|tuple>$" if "X_test" in v else ""
    question = rf"""
        A sweep. There is one feature and no intercept; the training examples are $x = <x|tuple>$ with
        $y = <y|tuple>${test}. For each $\lambda \in \{{<strengths>\}}$, let $\theta_\lambda$ minimize (with a sum over the
        training examples: no mean, no factor $\frac{{1}}{{2}}$)
        $$J_\lambda(\theta) = \sum_i (y_i - x_i \theta)^2 + \lambda\theta^2.$$
        """
    strengths = ", ".join(map(notation.tex, v.lambdas))
    return Part("sweep", say(question, strengths=strengths, **_columns(v)), parts=tuple(_children(v)), needed=True)


def _children(v: Values) -> Iterator[Part]:
    x = v.X[:, 0]
    sums = say(
        r"$\sum_i x_i^2 = <x|squares> = <gram[0][0]>$ and $\sum_i x_i y_i = <products> = <moment[0]>$.",
        x=x,
        products=notation.linear_combination(x, v.y),
    )
    yield Part(
        "sums",
        "Compute the sum of the squared inputs, and the sum of the inputs times their targets.",
        Fields("sums", (r"\sum_i x_i^2", r"\sum_i x_i y_i")),
        points=1,
        guided=True,
        steps=[say(r"$<x|squares> = <gram[0][0]>$ and $<products> = <moment[0]>$.", **sums.slots)],
    )
    yield Part(
        "theta",
        r"Compute $\theta_\lambda$ for each of these $\lambda$.",
        _for_each("coefficients", r"\theta", v),
        points=2,
        room=4,
        steps=[
            r"""
            Where the derivative $-2\sum_i x_i (y_i - x_i\theta) + 2\lambda\theta$ vanishes,
            $\theta_\lambda = \frac{\sum_i x_i y_i}{\sum_i x_i^2 + \lambda}$.
            """,
            say("Here " + sums.text, **sums.slots),
            *(
                say(r"$\theta_{<s>} = \frac{<moment[0]>}{<gram[0][0]>+<s>} = <theta>$.", s=s, theta=theta)
                for s, theta in zip(v.lambdas, v.coefficients, strict=True)
            ),
        ],
    )
    yield Part(
        "norms",
        r"Compute the squared norm $\lVert\theta_\lambda\rVert^2$ of each.",
        Fields("norm_squared", tuple([rf"\lVert\theta_{{{notation.tex(s)}}}\rVert^2" for s in v.lambdas])),
        points=1,
        guided=True,
        steps=_worked(r"\lVert\theta_{<s>}\rVert^2", v, v.theta, v.norm_squared),
    )
    yield Part(
        "train_error",
        r"""
        Compute the training error $E_\lambda$ of each $\theta_\lambda$: the sum of the squared residuals
        $y_i - x_i\theta_\lambda$ on the training data, without the penalty.
        """,
        _for_each("train_sse", "E", v),
        points=2,
        room=5,
        steps=_worked("E_{<s>}", v, v.train_residuals, v.train_sse),
    )
    if "test_sse" in v:
        yield Part(
            "test_error",
            r"Compute the test error $T_\lambda$ of each $\theta_\lambda$ in the same way on the test data.",
            _for_each("test_sse", "T", v),
            points=2,
            room=4,
            steps=_worked("T_{<s>}", v, v.test_residuals, v.test_sse),
            needs=("train_error",),
        )
        yield Part(
            "best_lambda",
            r"Which of these $\lambda$ has the smallest test error?",
            Number("best_lambda", r"\lambda_{\text{best}}"),
            points=1,
            steps=[
                r"The smallest of the test errors $<test_sse|tuple>$ is that of $\lambda = <best_lambda>$.",
                *plotted(v),
            ],
            needs=("test_error",),
        )


def _for_each(step: str, symbol: str, v: Values) -> Fields:
    return Fields(step, tuple([f"{symbol}_{{{notation.tex(s)}}}" for s in v.lambdas]))


def _worked(symbol: str, v: Values, rows: Array, sums: Array) -> list[Content]:
    """For each strength a row's sum of squares."""
    return [
        say(f"${symbol} = <row|squares> = <sum>$.", s=s, row=row, sum=total)
        for s, row, total in zip(v.lambdas, rows, sums, strict=True)
    ]


def _columns(v: Values) -> dict[str, Any]:
    """The first feature of the examples."""
    return {"x": v.X[:, 0], **({"x_test": v.X_test[:, 0]} if "X_test" in v else {})}


def summary(v: Values) -> list[Content]:
    """What the sweep asked for later says about the test error."""
    if "test_sse" not in v:
        return []
    return [
        say(
            r"On the data of the sweep below, the test error is $<test_sse[0]>$ at $\lambda = <lambdas[0]>$, falls to $<best>$ at "
            r"$\lambda = <best_lambda>$, and is $<last>$ at $\lambda = <largest>$.",
            best=v.test_sse.min(),
            last=v.test_sse[-1],
            largest=v.lambdas[-1],
        )
    ]


ROWS = {
    r"$\lambda$": "lambdas",
    r"$\theta_\lambda$": "coefficients",
    r"$\lVert\theta_\lambda\rVert^2$": "norm_squared",
    "training error": "train_sse",
    "test error": "test_sse",
}
"""The steps that a table of the sweep shows; with several features it leaves the minimizers out."""


def illustration(v: Values) -> list[Content]:
    """The whole sweep as a table and a plot."""
    one_feature = len(v.X[0]) == 1
    rows = {name: step for name, step in ROWS.items() if step in v and (one_feature or step != "coefficients")}
    data = r"training examples $x = <x|tuple>$" if one_feature else r"training examples in the rows of $X = <X>$"
    data += r" with $y = <y|tuple>$"
    if "test_sse" in v:
        data += r"; test examples $x = <x_test|tuple>$" if one_feature else r"; test examples $X = <X_test>$"
        data += r" with $y = <y_test|tuple>$"
    text = (
        f"An example in numbers, without an intercept: {data}. The loss and the errors are sums of squared residuals."
    )
    cells = {name: [f"$<{step}[{place}]>$" for place in range(len(v.lambdas))] for name, step in rows.items()}
    lines = [" | ".join(("", name, *row, "")).strip() for name, row in cells.items()]
    return [
        say(text, **_columns(v)),
        "\n".join([lines[0], "|" + " --- |" * (len(v.lambdas) + 1), *lines[1:]]),
        *plotted(v),
    ]


def plotted(v: Values) -> list[Content]:
    """The norm and the errors over the sweep, each as a share of its largest value, so that one axis serves all."""
    strengths = to_float(v.lambdas)
    order = sorted(range(len(strengths)), key=strengths.__getitem__)

    def series(name: str, values: Array, power: float = 1.0) -> Series:
        sizes = to_float(values)
        heights = [max(sizes[place], 0.0) ** power for place in order]
        largest = max(heights) or 1.0
        return Series((name,), tuple([height / largest for height in heights]))

    lines = [series("norm", v.norm_squared, 0.5), series("training error", v.train_sse)]
    if "test_sse" in v:
        lines.append(series("test error", v.test_sse))
    scene = plot_scene(
        Plot(
            title="The sweep: norm and errors against the strength",
            x_name=(Symbol("λ"), " (not to scale)"),
            y_name=("share of the largest value",),
            positions=tuple([notation.plain(v.lambdas[place]) for place in order]),
            series=tuple(lines),
        )
    )
    return [
        r"The sweep as a picture: $\lVert\theta_\lambda\rVert$ and the errors, each as a share of its largest value.",
        Figure(name="ridge-sweep", scene=scene, completed=scene),
    ]
