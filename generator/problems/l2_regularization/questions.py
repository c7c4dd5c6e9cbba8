"""The questions and their worked steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from generator import Choice, Claims, Part, Values, Vector, say
from generator.document.prose import Content
from generator.problems.l2_regularization.claims import CLAIMS
from generator.problems.l2_regularization.concepts import TEST, TRAINING
from generator.problems.l2_regularization.norm_concepts import NORM
from generator.problems.l2_regularization.solution import MINIMIZERS, OBJECTIVES, STRENGTHS
from generator.problems.l2_regularization.sweep_questions import illustration, plotted, referred_to, sweep_part


def preamble(_: Values) -> Content:
    return r"""
        $L(\theta)$ is the loss on the training data and $\theta^\star$ its only minimizer. A penalty is weighed against it;
        every part states the objective that it is about. Throughout, $\lVert\theta\rVert^2 = \sum_j \theta_j^2$, taken over
        all parameters.
        """


def parts(v: Values) -> Iterator[Part]:
    yield from _extremes(v.objective, v.form, tuple(map(int, v.order)))
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
            Part("test", *test, steps=referred_to(v) if v.ask_sweep == "yes" else [*illustration(v), *plotted(v)]),
        ),
    )
    if v.ask_sweep == "yes":
        yield sweep_part(v)
    yield GRADIENT_STEP
    yield CURVATURE
    if v.claims:
        yield Part(
            "claims",
            r"True or false? Give the reason in one line. ($\theta_\lambda$, $\theta^\star$ and $L$ as above.)",
            Claims(tuple(CLAIMS[name] for name in v.claims)),
        )


GRADIENT_STEP = Part(
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
CURVATURE = Part(
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


@lru_cache(maxsize=1 << 8)
def _extremes(objective: str, form: str, order: tuple[int, ...]) -> tuple[Part, ...]:
    rule = OBJECTIVES[objective]
    slots = {"J": rule.tex, "symbol": rule.strength, "anchor": rule.anchor_tex, "solved": rule.solved}
    about = (
        r"This part and the next are about $J(\theta) = <J>$"
        + rule.where
        + r""". No coordinate of $\theta^\star$ is near 0,
        near 1 or in the thousands. """
    )
    options: Mapping[str, Content]
    if form == "limit":
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
    keys = [tuple(options)[place - 1] for place in order]
    answers = {key: options[key] for key in keys}
    return (
        Part(
            "large_lambda", say(about + large, **slots), Choice("large_lambda", answers), 1, [say(reasons[0], **slots)]
        ),
        Part("small_lambda", say(small, **slots), Choice("small_lambda", answers), 1, [say(reasons[1], **slots)]),
    )


_LOSS_WINS = r"The penalty becomes negligible beside the loss. What is left to minimize is $L$, and its minimizer is $\theta^\star$."
_PENALTY_WINS = (
    r"At $\theta = <anchor>$ the penalty is 0. Leaving that point lowers the loss by $L(<anchor>) - L(\theta^\star)$ at most, "
    r"which pays for an ever shorter way as the penalty's weight grows: the minimizer tends to $<anchor>$."
)
