"""The questions and their worked steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator import (
    Choice,
    Claims,
    Fields,
    Figure,
    Number,
    Part,
    Values,
    Vector,
    notation,
    say,
)
from generator import exact as ex
from generator.figures.plot import Plot, Series, plot_scene
from generator.figures.scene import Symbol
from generator.problems.l2_regularization.claims import CLAIMS
from generator.problems.l2_regularization.concepts import TEST, TRAINING
from generator.problems.l2_regularization.norm_concepts import NORM
from generator.problems.l2_regularization.solution import MINIMIZERS, OBJECTIVES, STRENGTHS, _smallest
from generator.prose import Content


def preamble(_: Values) -> Content:
    return r"""
        $L(\theta)$ is the loss on the training data and $\theta^\star$ its only minimizer. A penalty is weighed against it;
        every part states the objective that it is about. Throughout, $\lVert\theta\rVert^2 = \sum_j \theta_j^2$, taken over
        all parameters.
        """


def parts(v: Values) -> Iterator[Part]:
    yield from _extremes(v)
    norm, training, test = (
        question(v) if callable(question) else question
        for question in (NORM[v.norm_question], TRAINING[v.training_question], TEST[v.test_question])
    )
    yield Part(
        "moderate_lambda",
        r"""
        From here on, $\theta_\lambda$ minimizes $J_\lambda(\theta) = L(\theta) + \lambda\lVert\theta\rVert^2$. Let
        $\lambda > 0$ be moderate: neither negligible nor overwhelming.
        """,
        parts=(
            Part("norm", *norm),
            Part("training", *training),
            Part("test", *test, steps=_referred(v) if v.ask_sweep == "yes" else [*_illustration(v), *_plot(v)]),
        ),
    )
    if v.ask_sweep == "yes":
        yield _sweep(v)
    yield Part(
        "gradient_step",
        r"""
        Gradient descent with learning rate $\alpha = <rate>$ minimizes $L(\theta) + \lambda\lVert\theta\rVert^2$ with
        $\lambda = <decay>$. It has reached $\theta = <weights>$, where the gradient of the loss alone is
        $g = \nabla L(\theta) = <gradient>$. Where does the next step lead?
        """,
        Vector("stepped", r"\theta_{\text{new}}", like="weights"),
        points=2,
        room=3,
        steps=[
            r"""
            The gradient of the objective is $g + 2\lambda\theta$, so
            $\theta_{\text{new}} = \theta - \alpha(g + 2\lambda\theta) = (1 - 2\alpha\lambda)\,\theta - \alpha g$: the
            weights decay, and the loss moves them.
            """,
            r"""
            Here $1 - 2\alpha\lambda = 1 - 2 \cdot <rate> \cdot <decay> = <kept_share>$, so
            $\theta_{\text{new}} = <kept_share> <weights> - <rate> <gradient> = <stepped>$.
            """,
        ],
    )
    yield Part(
        "curvature",
        r"""
        Near its minimum, the loss is a bowl: $L(\theta) = \frac{1}{2} \sum_j h_j (\theta_j - t_j)^2$ with
        $h = <curvature>$ and $t = <bottom>$. Which $\theta$ minimizes $L(\theta) + \lambda\lVert\theta\rVert^2$ for
        $\lambda = <strength>$?
        """,
        Vector("curved_minimizer", r"\theta_\lambda", like="curvature"),
        points=2,
        room=3,
        steps=[
            r"""
            Coordinate by coordinate, $h_j (\theta_j - t_j) + 2\lambda\theta_j = 0$, so
            $\theta_j = \frac{h_j}{h_j + 2\lambda}\, t_j$.
            """,
            r"""
            The factors are $<shares>$, so $\theta_\lambda = <curved_minimizer>$. The flatter the bowl in a direction, the
            more the penalty shrinks that coordinate.
            """,
        ],
    )
    if v.claims:
        yield Part(
            "claims",
            r"True or false? Give the reason in one line. ($\theta_\lambda$, $\theta^\star$ and $L$ as above.)",
            Claims(tuple(CLAIMS[name] for name in v.claims)),
        )


def _extremes(v: Values) -> Iterator[Part]:
    rule = OBJECTIVES[v.objective]
    slots = {"J": rule.tex, "symbol": rule.strength, "anchor": rule.anchor_tex, "solved": rule.solved}
    about = (
        r"This part and the next are about $J(\theta) = <J>$"
        + rule.where
        + r""". No coordinate of $\theta^\star$ is near 0,
        near 1 or in the thousands. """
    )
    options: Mapping[str, Content]
    if v.form == "limit":
        options = MINIMIZERS
        large = "If $<symbol>$ is very large, which of these comes closest to the minimizer of $J$?"
        small = "And if $<symbol>$ is positive but very close to 0?"
        reasons = (_LOSS_WINS, _PENALTY_WINS) if rule.multiplies_loss else (_PENALTY_WINS, _LOSS_WINS)
    else:
        options = {key: say(text, symbol=rule.strength) for key, text in STRENGTHS.items()}
        about += r"Take $L(\theta) = \frac{1}{2} \lVert\theta - \theta^\star\rVert^2$. "
        large = "For which of these is the minimizer of $J$ practically equal to $<anchor>$?"
        small = r"And for which of them is it practically equal to $\theta^\star$?"
        grows, falls = "as $<symbol>$ grows", "as $<symbol>$ falls towards 0"
        if rule.multiplies_loss:
            grows, falls = falls, grows
        solved = r"The gradient of $J$ vanishes at $\theta = <solved>$. "
        between = ", and $<symbol> = 1$ leaves it well in between."
        reasons = (
            solved + f"That tends to $<anchor>$ {grows}" + between,
            solved + rf"That tends to $\theta^\star$ {falls}" + between,
        )
    keys = [tuple(options)[int(place) - 1] for place in v.order]
    answers = {key: options[key] for key in keys}
    yield Part(
        "large_lambda", say(about + large, **slots), Choice("large_lambda", answers), 1, [say(reasons[0], **slots)]
    )
    yield Part("small_lambda", say(small, **slots), Choice("small_lambda", answers), 1, [say(reasons[1], **slots)])


_LOSS_WINS = r"The penalty becomes negligible beside the loss. What is left to minimize is $L$, and its minimizer is $\theta^\star$."
_PENALTY_WINS = (
    r"At $\theta = <anchor>$ the penalty is 0. Leaving that point lowers the loss by $L(<anchor>) - L(\theta^\star)$ at most, "
    r"which pays for an ever shorter way as the penalty's weight grows: the minimizer tends to $<anchor>$."
)


def _sweep(v: Values) -> Part:
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
            steps=[
                say(r"$\lVert\theta_{<s>}\rVert^2 = <theta|squares> = <squared>$.", s=s, theta=theta, squared=squared)
                for s, theta, squared in zip(v.lambdas, v.theta, v.norm_squared, strict=True)
            ],
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
                    *_plot(v),
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


def _worked_errors(symbol: str, lambdas: ex.Vector, residuals: ex.Matrix, errors: ex.Vector) -> list[Content]:
    return [
        say(r"$<symbol>_{<s>} = <gaps|squares> = <error>$.", symbol=symbol, s=s, gaps=gaps, error=error)
        for s, gaps, error in zip(lambdas, residuals, errors, strict=True)
    ]


def _referred(v: Values) -> list[Content]:
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


def _illustration(v: Values) -> list[Content]:
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


def _plot(v: Values) -> list[Content]:
    """The norm and the errors over the sweep, each as a share of its largest value, so that one axis serves all."""
    order = sorted(range(len(v.lambdas)), key=lambda place: ex.to_float(v.lambdas[place]))

    def series(name: str, values: ex.Vector, power: float = 1.0) -> Series:
        heights = [max(ex.to_float(values[place]), 0.0) ** power for place in order]
        return Series((name,), tuple(height / (max(heights) or 1.0) for height in heights))

    lines = [series("norm", v.norm_squared, 0.5), series("training error", v.train_sse)]
    if "test_sse" in v:
        lines.append(series("test error", v.test_sse))
    plot = Plot(
        title="The sweep: norm and errors against the strength",
        x_name=(Symbol("λ"), " (not to scale)"),
        y_name=("share of the largest value",),
        positions=tuple(notation.plain(v.lambdas[place]) for place in order),
        series=tuple(lines),
    )
    scene = plot_scene(plot)
    return [
        r"The sweep as a picture: $\lVert\theta_\lambda\rVert$ and the errors, each as a share of its largest value.",
        Figure(name="ridge-sweep", scene=scene, completed=scene),
    ]
