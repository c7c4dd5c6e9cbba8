"""Two choices about extreme strengths: what a very large and a very small penalty do to the minimizer.

They are asked in two forms: for the minimizer at an extreme strength ("limit"), or for the strength that brings the
minimizer to an extreme ("setting").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from generator import Choice, Content, Mistake, Part, Values, say

FORMS = ("limit", "setting")
OPTIMUM, TINY, HUGE, NEVER = "theta*", "1/1000000", "1000000", "none"


class Objective(NamedTuple):
    """A penalized objective; ``anchor`` is where its penalty vanishes, ``solved`` its minimizer for ½‖θ - θ*‖² as the loss."""

    tex: str
    solved: str
    where: str = ""
    strength: str = r"\lambda"
    anchor: str = "0"
    multiplies_loss: bool = False


OBJECTIVES = {
    "plain": Objective(r"L(\theta) + \lambda \lVert\theta\rVert^2", r"\frac{\theta^\star}{1 + 2\lambda}"),
    "half": Objective(r"L(\theta) + \frac{\lambda}{2} \lVert\theta\rVert^2", r"\frac{\theta^\star}{1 + \lambda}"),
    "mean": Objective(
        r"\frac{1}{n} \sum_{i=1}^{n} \ell_i(\theta) + \lambda \lVert\theta\rVert^2",
        r"\frac{\theta^\star}{1 + 2\lambda}",
        r", where $L$ is the mean of the losses $\ell_i$ of the $n$ training examples",
    ),
    "inverse": Objective(
        r"C\, L(\theta) + \lVert\theta\rVert^2",
        r"\frac{C\, \theta^\star}{C + 2}",
        ", in which the strength $C$ multiplies the loss",
        strength="C",
        multiplies_loss=True,
    ),
    "towards_one": Objective(
        r"L(\theta) + \lambda \lVert\theta - \mathbf{1}\rVert^2",
        r"\frac{\theta^\star + 2\lambda\mathbf{1}}{1 + 2\lambda}",
        r", where $\mathbf{1}$ is the vector of ones",
        anchor="1",
    ),
}

MINIMIZERS: Mapping[str, Content] = {
    "0": "$0$",
    "1": "$1$ in every coordinate",
    "1000000": r"$1\,000\,000$ in every coordinate",
    OPTIMUM: r"$\theta^\star$, the minimizer of $L$ alone",
}
STRENGTHS = {
    TINY: r"$<symbol> = \frac{1}{1\,000\,000}$",
    "1": "$<symbol> = 1$",
    HUGE: r"$<symbol> = 1\,000\,000$",
    NEVER: "none: no positive $<symbol>$ brings it close",
}


def large_lambda(objective: str, form: str) -> str:
    """Where the minimizer is for a large strength; or the strength that brings it to where the penalty vanishes."""
    rule = OBJECTIVES[objective]
    if form == "limit":
        return OPTIMUM if rule.multiplies_loss else rule.anchor
    return TINY if rule.multiplies_loss else HUGE


def small_lambda(objective: str, form: str) -> str:
    """Where the minimizer is for a small strength; or the strength that brings it to that of the loss."""
    rule = OBJECTIVES[objective]
    if form == "limit":
        return rule.anchor if rule.multiplies_loss else OPTIMUM
    return HUGE if rule.multiplies_loss else TINY


def _where_the_penalty_wins(answer: str) -> Mapping[str, Callable[[str], str]]:
    """Both steps, except that ``answer`` is given where the penalty wins."""

    def instead(step: Callable[[str, str], str]) -> Callable[[str], str]:
        return lambda objective: OPTIMUM if step(objective, "limit") == OPTIMUM else answer

    return {"large_lambda": instead(large_lambda), "small_lambda": instead(small_lambda)}


MISTAKES = [
    Mistake(
        "extremes swapped",
        "swapped the extremes: the term with the larger factor decides where the minimum lies",
        large_lambda=small_lambda,
        small_lambda=large_lambda,
    ),
    Mistake(
        "penalty taken for a reward",
        "took the penalty for a reward: a large norm makes the objective larger, and the objective is minimized",
        **_where_the_penalty_wins("1000000"),
        applies=lambda form: form == "limit",
    ),
    Mistake(
        "pulled to 0 by habit",
        r"overlooked that this penalty vanishes at $\mathbf{1}$, not at 0",
        **_where_the_penalty_wins("0"),
        applies=lambda objective, form: form == "limit" and OBJECTIVES[objective].anchor != "0",
    ),
    Mistake(
        "pulled to 1",
        "took 1 for the point where the penalty vanishes: this one vanishes at 0",
        **_where_the_penalty_wins("1"),
        applies=lambda objective, form: form == "limit" and OBJECTIVES[objective].anchor == "0",
    ),
    Mistake(
        "never near",
        "asked for exact equality: no finite strength reaches the limit, but the minimizer comes as close as you like",
        large_lambda=lambda: NEVER,
        small_lambda=lambda: NEVER,
        applies=lambda form: form == "setting",
    ),
    Mistake(
        "strength 1 is neutral",
        "took a strength of 1 for no penalty at all: the penalty still counts as much as the loss",
        small_lambda=lambda: "1",
        applies=lambda form: form == "setting",
    ),
]


def check(objective: str, form: str) -> Mapping[str, str]:
    """The minimizer of a·½(θ - 3)² + b(θ - c)² in floats, compared with the options."""
    optimum = 3.0
    weights: Mapping[str, Callable[[float], tuple[float, float, float]]] = {
        "plain": lambda s: (1, s, 0),
        "half": lambda s: (1, s / 2, 0),
        "mean": lambda s: (1, s, 0),
        "inverse": lambda s: (s, 1, 0),
        "towards_one": lambda s: (1, s, 1),
    }

    def minimizer(strength: float) -> float:
        a, b, c = weights[objective](strength)
        return (a / 2 * optimum + b * c) / (a / 2 + b)

    def nearest(options: Mapping[str, float], wanted: float) -> str:
        return min(options, key=lambda name: abs(options[name] - wanted))

    if form == "limit":
        options = {"0": 0.0, "1": 1.0, "1000000": 1e6, OPTIMUM: optimum}
        large, small = (nearest(options, minimizer(strength)) for strength in (1e8, 1e-8))
    else:
        options = {TINY: minimizer(1e-6), "1": minimizer(1.0), HUGE: minimizer(1e6)}
        large, small = (nearest(options, wanted) for wanted in (weights[objective](1)[2], optimum))
    return {"large_lambda": large, "small_lambda": small}


LOSS_WINS = r"The penalty becomes negligible beside the loss. What is left to minimize is $L$, and its minimizer is $\theta^\star$."
PENALTY_WINS = (
    r"At $\theta = <anchor>$ the penalty is 0. Moving away from there lowers the loss by at most $L(<anchor>) - L(\theta^\star)$, "
    r"which makes up for an ever shorter move as the penalty's weight grows: the minimizer tends to $<anchor>$."
)
SOLVED = r"The gradient of $J$ vanishes at $\theta = <solved>$. That tends to $<limit>$ as $<symbol>$ <moves>, and $<symbol> = 1$ leaves it well in between."


def parts(v: Values) -> Iterator[Part]:
    """The two choices, with the options in the order drawn."""
    rule = OBJECTIVES[v.objective]
    anchor = r"\mathbf{1}" if rule.anchor == "1" else "0"
    about = (
        rf"This part and the next are about $J(\theta) = <J>${rule.where}. No coordinate of $\theta^\star$ is near 0, near 1 or "
        "in the thousands. "
    )
    slots = {"J": rule.tex, "symbol": rule.strength, "solved": rule.solved, "anchor": anchor}
    options: Mapping[str, Content]
    if v.form == "limit":
        options = MINIMIZERS
        large = about + "If $<symbol>$ is very large, which of these comes closest to the minimizer of $J$?"
        small = "And if $<symbol>$ is positive but very close to 0?"
        reasons = [say(text, **slots) for text in (PENALTY_WINS, LOSS_WINS)]
        if rule.multiplies_loss:
            reasons.reverse()
    else:
        options = {key: say(text, symbol=rule.strength) for key, text in STRENGTHS.items()}
        large = about + r"Take $L(\theta) = \frac{1}{2} \lVert\theta - \theta^\star\rVert^2$. "
        large += "For which of these is the minimizer of $J$ practically equal to $<anchor>$?"
        small = r"And for which of them is it practically equal to $\theta^\star$?"
        moves = ["grows", "falls towards 0"]
        if rule.multiplies_loss:
            moves.reverse()
        reasons = [
            say(SOLVED, limit=limit, moves=move, **slots)
            for limit, move in zip((anchor, r"\theta^\star"), moves, strict=True)
        ]
    keys = [list(options)[place - 1] for place in v.order]
    answers = {key: options[key] for key in keys}
    for name, question, reason, needs in (
        ("large_lambda", large, reasons[0], ()),
        ("small_lambda", small, reasons[1], ("large_lambda",)),
    ):
        yield Part(
            name, say(question, **slots), Choice(name, answers, in_order=True), points=1, steps=[reason], needs=needs
        )
