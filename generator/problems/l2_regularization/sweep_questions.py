"""The sweep over strengths of the penalty: asked for, referred to, or shown as a table and a plot."""

from __future__ import annotations

from generator import Fields, Figure, Number, Part, Values, say
from generator.document.figures.plot import Plot, Series, plot_scene
from generator.document.figures.scene import Symbol
from generator.document.prose import Content
from generator.numbers import exact as ex
from generator.numbers import notation
from generator.problems.l2_regularization.solution import _smallest


def sweep_part(v: Values) -> Part:
    """One part for each column of the table of a sweep over one feature."""
    labels = [notation.tex(strength) for strength in v.lambdas]
    x = tuple(row[0] for row in v.X)
    products = notation.linear_combination(x, v.y)
    children = [
        Part(
            "sums",
            "Compute the sum of the squared inputs, and the sum of the inputs times their targets.",
            Fields("sums", (r"\sum_i x_i^2", r"\sum_i x_i y_i")),
            points=1,
            guided=True,
            steps=[say(r"$<x|squares> = <gram[0][0]>$ and $<products> = <moment[0]>$.", x=x, products=products)],
        ),
        Part(
            "theta",
            r"Compute $\theta_\lambda$ for each of these $\lambda$.",
            Fields("coefficients", tuple(rf"\theta_{{{label}}}" for label in labels)),
            points=2,
            room=4,
            steps=[
                r"""
                Where the derivative $-2\sum_i x_i (y_i - x_i\theta) + 2\lambda\theta$ vanishes,
                $\theta_\lambda = \frac{\sum_i x_i y_i}{\sum_i x_i^2 + \lambda}$.
                """,
                say(
                    r"Here $\sum_i x_i^2 = <x|squares> = <gram[0][0]>$ and $\sum_i x_i y_i = <products> = <moment[0]>$.",
                    x=x,
                    products=products,
                ),
                *(
                    say(r"$\theta_{<s>} = \frac{<moment[0]>}{<gram[0][0]>+<s>} = <solved>$.", s=s, solved=solved)
                    for s, solved in zip(v.lambdas, v.coefficients, strict=True)
                ),
            ],
        ),
        Part(
            "norms",
            r"Compute the squared norm $\lVert\theta_\lambda\rVert^2$ of each.",
            Fields("norm_squared", tuple(rf"\lVert\theta_{{{label}}}\rVert^2" for label in labels)),
            points=1,
            guided=True,
            steps=[*map(_worked_norm, v.lambdas, v.theta, v.norm_squared)],
        ),
        Part(
            "train_error",
            r"""
            Compute the training error $E_\lambda$ of each $\theta_\lambda$: the sum of the squared residuals
            $y_i - x_i\theta_\lambda$ on the training data, without the penalty.
            """,
            Fields("train_sse", tuple(f"E_{{{label}}}" for label in labels)),
            points=2,
            room=5,
            steps=_worked_errors("E", v.lambdas, v.train_residuals, v.train_sse),
        ),
    ]
    if "test_sse" in v:
        children += [
            Part(
                "test_error",
                r"Compute the test error $T_\lambda$ of each $\theta_\lambda$ in the same way on the test data.",
                Fields("test_sse", tuple(f"T_{{{label}}}" for label in labels)),
                points=2,
                room=4,
                steps=_worked_errors("T", v.lambdas, v.test_residuals, v.test_sse),
            ),
            Part(
                "best_lambda",
                r"Which of these $\lambda$ has the smallest test error?",
                Number("best_lambda", r"\lambda_{\text{best}}"),
                points=1,
                steps=[
                    r"The smallest of the test errors $<test_sse|tuple>$ is that of $\lambda = <best_lambda>$.",
                    *plotted(v),
                ],
            ),
        ]
    test = r", the test examples $x = <x_test|tuple>$ with $y = <y_test|tuple>$" if "X_test" in v else ""
    question = rf"""
        A sweep. There is one feature and no intercept; the training examples are $x = <x|tuple>$ with
        $y = <y|tuple>${test}. For each $\lambda \in \{{<strengths>\}}$, let $\theta_\lambda$ minimize (with a sum over the
        training examples: no mean, no factor $\frac{{1}}{{2}}$)
        $$J_\lambda(\theta) = \sum_i (y_i - x_i \theta)^2 + \lambda\theta^2.$$
        """
    x_test = tuple(row[0] for row in v.get("X_test", ()))
    return Part("sweep", say(question, x=x, x_test=x_test, strengths=", ".join(labels)), parts=children, needed=True)


def _worked_norm(strength: ex.Scalar, theta: ex.Vector, squared: ex.Scalar) -> Content:
    return say(r"$\lVert\theta_{<s>}\rVert^2 = <theta|squares> = <squared>$.", s=strength, theta=theta, squared=squared)


def _worked_errors(symbol: str, lambdas: ex.Vector, residuals: ex.Matrix, errors: ex.Vector) -> list[Content]:
    return [
        say(r"$<symbol>_{<s>} = <gaps|squares> = <error>$.", symbol=symbol, s=s, gaps=gaps, error=error)
        for s, gaps, error in zip(lambdas, residuals, errors, strict=True)
    ]


def referred_to(v: Values) -> list[Content]:
    """What the sweep asked for later says about the test error."""
    if "test_sse" not in v:
        return []
    return [
        say(
            r"On the data of the sweep below, the test error is $<first>$ at $\lambda = <smallest>$, falls to $<best>$ at "
            r"$\lambda = <best_lambda>$, and is $<last>$ at $\lambda = <largest>$.",
            first=v.test_sse[0],
            smallest=v.lambdas[0],
            best=v.test_sse[_smallest(v.test_sse)],
            last=v.test_sse[-1],
            largest=v.lambdas[-1],
        )
    ]


def illustration(v: Values) -> list[Content]:
    """The whole sweep as a table, where it is not asked for."""
    one_feature = len(v.X[0]) == 1
    rows = {r"$\lambda$": "lambdas"}
    if one_feature:
        rows[r"$\theta_\lambda$"] = "coefficients"
    rows |= {r"$\lVert\theta_\lambda\rVert^2$": "norm_squared", "training error": "train_sse"}
    data = r"training examples $x = <x|tuple>$" if one_feature else r"training examples in the rows of $X = <X>$"
    data += r" with $y = <y|tuple>$"
    if "test_sse" in v:
        rows["test error"] = "test_sse"
        data += r"; test examples $x = <x_test|tuple>$" if one_feature else r"; test examples $X = <X_test>$"
        data += r" with $y = <y_test|tuple>$"
    lines = [
        "| " + " | ".join((name, *(f"$<{step}[{place}]>$" for place in range(len(v.lambdas))))) + " |"
        for name, step in rows.items()
    ]
    lines.insert(1, "|" + " --- |" * (len(v.lambdas) + 1))
    columns = {"x": tuple(row[0] for row in v.X), "x_test": tuple(row[0] for row in v.get("X_test", ()))}
    text = (
        f"An example in numbers, without an intercept: {data}. The loss and the errors are sums of squared residuals."
    )
    return [say(text, **columns), "\n".join(lines)]


def plotted(v: Values) -> list[Content]:
    """The norm and the errors over the sweep, each as a share of its largest value, so that one axis serves all."""
    strengths = ex.to_float(v.lambdas)
    order = sorted(range(len(strengths)), key=strengths.__getitem__)

    def series(name: str, values: ex.Vector, power: float = 1.0) -> Series:
        sizes = ex.to_float(values)
        heights = [max(sizes[place], 0.0) ** power for place in order]
        largest = max(heights) or 1.0
        return Series((name,), tuple([height / largest for height in heights]))

    lines = [series("norm", v.norm_squared, 0.5), series("training error", v.train_sse)]
    if "test_sse" in v:
        lines.append(series("test error", v.test_sse))
    plot = Plot(
        title="The sweep: norm and errors against the strength",
        x_name=(Symbol("λ"), " (not to scale)"),
        y_name=("share of the largest value",),
        positions=tuple([notation.plain(v.lambdas[place]) for place in order]),
        series=tuple(lines),
    )
    scene = plot_scene(plot)
    return [
        r"The sweep as a picture: $\lVert\theta_\lambda\rVert$ and the errors, each as a share of its largest value.",
        Figure(name="ridge-sweep", scene=scene, completed=scene),
    ]
