r"""Softmax and cross-entropy by hand: from logits to probabilities, loss and gradient; temperature and label smoothing.

Goodfellow, Bengio and Courville, *Deep Learning* (2016), section 6.2.2.3; the temperature as in Hinton, Vinyals and Dean,
*Distilling the Knowledge in a Neural Network* (2015), equation 1; smoothing as in Szegedy and others, *Rethinking the Inception
Architecture for Computer Vision* (2016), section 7.  Logits are logarithms of whole numbers, so that probabilities are fractions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from generator import (
    Array, Bank, Content, Draw, Figure, InputError, Level, Matrix, Number, Part, Problem, Values, Vector,
    exp, expected, eye, log, one_of, optional, read_matrix, read_number, read_vector, require_length, required, some_of,
    steps,
)  # fmt: skip
from generator.document.figures.plot import Plot, Series, plot_scene
from generator.numbers import notation
from generator.numbers.exact import to_float
from generator.problems._numeric import complex_slopes, root


def runner_up(A: Array, labels: Array) -> int:
    """The class, other than the label's, that has the largest probability in the first example."""
    return max((k for k in range(1, len(A[0]) + 1) if k != labels[0]), key=lambda k: A[0, k - 1])


def label_to_runner_up(A: Array, labels: Array) -> Any:
    """How many times as probable as the runner-up the label of the first example is."""
    return A[0, labels[0] - 1] / A[0, runner_up(A, labels) - 1]


BANK = Bank.beside(
    __file__,
    runner_up,
    K=lambda A: len(A[0]),
    predicted=lambda A: A[0].argmax() + 1,
    log_probs=lambda exps, totals: log(exps / totals[:, None]),
    label_prob=lambda probs, labels: probs[0, labels[0] - 1],
    wrong_prob=lambda probs, labels: 1 - probs[0, labels[0] - 1],
    ratio=label_to_runner_up,
    low=lambda targets: targets[0].min(),
    high=lambda targets: targets[0].max(),
)

# ------------------------------------------------------------------------------------------ the sampler

HALF = Fraction(1, 2)
TOTALS = {(1, 3): (10, 30), (1, 4): (13, 30), (2, 3): (10, 22)}
"""For each number of examples and classes the totals of a row that are about as much work as each other."""

SMALL = (1, 2, 3, 4, 5, 7)  # without 6, whose logarithm is a sum
SQUARES = (1, 4, 9, 16)
SECOND = (1, 2, 3, 4, 5, 7, 8)
SMOOTHING = {
    3: [Fraction(1, 5), Fraction(1, 4), Fraction(3, 10), Fraction(3, 20), Fraction(3, 25)],
    4: [Fraction(1, 5), Fraction(2, 5), Fraction(1, 10), Fraction(4, 15), Fraction(4, 25)],
}
"""For each number of classes the amounts for which the gap is the logarithm of a small whole number."""


def _sample(
    draw: Draw, level: str, classes: int, examples: int, tempered: Sequence[tuple[Any, Sequence[int]]]
) -> Mapping[str, Any]:
    """Exponentials that differ within a row, and as few large totals as a calculation by hand allows."""
    T, numbers = draw.choice(tempered)
    least, most = TOTALS[examples, classes]
    rows = [draw.sample(numbers, classes), *(draw.sample(SECOND, classes) for _ in range(examples - 1))]
    labels = draw.sample(range(1, classes + 1), examples)
    for row, label in zip(rows, labels, strict=True):
        share = Fraction(row[label - 1], sum(row))
        draw.require(least <= sum(row) <= most, "a total is too small or too large")
        draw.require(share != HALF, "the label has probability 1/2 already")
        draw.require(share != Fraction(1, classes), "the label has the probability of a uniform guess")
    draw.require(T > 1 or sum(a**2 for a in rows[0]) <= 100, "a total at the temperature is above 100")
    return {
        "A": rows,
        "labels": labels,
        "T": T,
        "smoothing": draw.choice(SMOOTHING[classes][: 5 if examples == 1 else 4]),
        **BANK.draw(draw.fork("concepts"), level=level),
    }


sample_easy = partial(_sample, level="easy", classes=3, examples=1, tempered=[(HALF, SMALL)])
sample = partial(_sample, level="standard", classes=4, examples=1, tempered=[(2, SQUARES), *3 * [(HALF, (*SMALL, 6))]])
sample_hard = partial(_sample, level="hard", classes=3, examples=2, tempered=[(2, SQUARES), (HALF, SMALL)])


def require(A: Array, labels: Array, T: Any, smoothing: Any) -> None:
    """Positive exponentials of two classes or more, one label a row, a positive temperature, and smoothing that leaves a label."""
    classes = len(A[0])
    if classes < 2:
        raise InputError(expected("at least two classes, the columns of A", classes), field="A")
    for row in A:
        for entry in row:
            if not entry.is_Integer or entry < 1:
                raise InputError(expected("positive whole numbers, the exponentials of the logits", entry), field="A")
    require_length("labels", labels, len(A), "row of A")
    for label in labels:
        if not label.is_Integer or not 1 <= label <= classes:
            raise InputError(expected(f"a class, 1 to {classes}", label), field="labels")
    if T <= 0:
        raise InputError(expected("a positive temperature", T), field="T")
    if not T.is_Rational or max(T.p, T.q) > 1000:
        raise InputError(expected("a temperature that is a fraction with numbers up to 1000", T), field="T")
    if not 0 < smoothing < 1:
        raise InputError(expected("a number between 0 and 1", smoothing), field="smoothing")


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.


def mixed(onehot: Array, smoothing: Any) -> Array:
    """The one-hot targets, mixed with the uniform ones."""
    return (1 - smoothing) * onehot + smoothing / len(onehot[0])


SOLUTION = steps(
    logits=lambda A: log(A),
    onehot=lambda A, labels: eye(len(A[0]))[labels - 1],
    exps=lambda logits: exp(logits),
    totals=lambda exps: exps.sum(axis=1),
    probs=lambda exps, totals: exps / totals[:, None],
    label_probs=lambda probs, onehot: (probs * onehot).sum(axis=1),
    losses=lambda label_probs: -log(label_probs),
    loss=lambda losses: losses.mean(),
    dlogits=lambda probs, onehot: (probs - onehot) / len(probs),
    dlogits_sums=lambda dlogits: dlogits.sum(axis=1),
    label_exp=lambda exps, labels: exps[0, labels[0] - 1],
    raise_half=lambda label_exp, totals: log((totals[0] - label_exp) / label_exp),
    exps_T=lambda logits, T: exp(logits[0] / T),
    probs_T=lambda exps_T: exps_T / exps_T.sum(),
    targets=mixed,
    loss_smooth=lambda targets, probs: -(targets * log(probs)).sum() / len(probs),
    dlogits_smooth=lambda targets, probs: (probs - targets) / len(probs),
    gap=lambda targets: log(targets[0].max() / targets[0].min()),
)

# ------------------------------------------------------------------------------ what students do instead


def label_term(exps: Array, totals: Array, onehot: Array) -> Array:
    """The derivative with respect to the label's logit alone."""
    return (exps / totals[:, None] - 1) * onehot / len(exps)


MISTAKES = [
    BANK.mistake(
        "logits normalised",
        probs=lambda logits: logits / logits.sum(axis=1)[:, None],
        # A class whose logit is 0 would get the probability 0, which has no logarithm: the smoothed loss stays as it is.
        loss_smooth=lambda targets, exps, totals: -(targets * log(exps / totals[:, None])).sum() / len(exps),
        applies=lambda logits, onehot: all(logits.sum(axis=1)) and all((logits * onehot).sum(axis=1)),
    ),
    BANK.mistake("sign of the exponent", exps=lambda logits: exp(-logits)),
    BANK.mistake("loss without its minus", losses=lambda label_probs: log(label_probs)),
    BANK.mistake("one minus p", losses=lambda label_probs: 1 - label_probs),
    BANK.mistake("gradient reversed", dlogits=lambda probs, onehot: (onehot - probs) / len(probs)),
    BANK.mistake("label entry only", dlogits=label_term),
    BANK.mistake(
        "gradient by the probability", dlogits=lambda label_probs, onehot: -onehot / label_probs[:, None] / len(onehot)
    ),
    BANK.mistake(
        "mean left out",
        dlogits=lambda probs, onehot: probs - onehot,
        dlogits_smooth=lambda targets, probs: probs - targets,
        applies=lambda A: len(A) > 1,
    ),
    BANK.mistake("sum for the mean", loss=lambda losses: losses.sum(), applies=lambda A: len(A) > 1),
    BANK.mistake("old total kept", raise_half=lambda label_exp, totals: log(totals[0] / (2 * label_exp))),
    BANK.mistake("temperature multiplied", exps_T=lambda logits, T: exp(logits[0] * T), applies=lambda T: T > 1),
    BANK.mistake("temperature outside", probs_T=lambda probs, T: probs[0] / T),
    BANK.mistake(
        "smoothed over the others",
        targets=lambda onehot, smoothing: (1 - smoothing) * onehot + smoothing * (1 - onehot) / (len(onehot[0]) - 1),
    ),
    BANK.mistake("smoothed loss scaled only", loss_smooth=lambda loss, smoothing: (1 - smoothing) * loss),
    BANK.mistake("smoothing left out of the gradient", dlogits_smooth=lambda dlogits: dlogits),
    BANK.mistake(
        "gap without the label's share", gap=lambda onehot, smoothing: log((1 - smoothing) * len(onehot[0]) / smoothing)
    ),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(A: np.ndarray, labels: np.ndarray, T: float, smoothing: float) -> Mapping[str, Any]:
    """numpy: log-sum-exp, gradients by complex steps, and the two logits by bisection."""
    logits = np.log(A)
    examples, classes = A.shape
    chosen = np.arange(examples), np.asarray(labels, dtype=int) - 1
    targets = np.full(A.shape, smoothing / classes)
    targets[chosen] += 1 - smoothing

    def log_probs(z: np.ndarray) -> np.ndarray:
        top = z.real.max(axis=-1, keepdims=True)
        return z - top - np.log(np.exp(z - top).sum(axis=-1, keepdims=True))

    def loss(z: np.ndarray) -> complex:
        return complex(-log_probs(z)[chosen].mean())

    def smoothed(z: np.ndarray) -> complex:
        return complex(-(targets * log_probs(z)).sum() / examples)

    first, label = logits[0], chosen[1][0]
    apart = np.eye(classes)[label]
    return {
        "probs": np.exp(log_probs(logits)),
        "loss": loss(logits).real,
        "dlogits": complex_slopes(loss, logits),
        "dlogits_sums": np.zeros(examples),
        "raise_half": root(lambda rise: np.exp(log_probs(first + rise * apart))[label] - 0.5),
        "probs_T": np.exp(log_probs(first / T)),
        "targets": targets,
        "loss_smooth": smoothed(logits).real,
        "dlogits_smooth": complex_slopes(smoothed, logits),
        "gap": root(lambda gap: np.exp(log_probs(gap * apart))[label] - targets[0, label]),
    }


# -------------------------------------------------------------------------------------------- the prose


def preamble(v: Values) -> Content:
    return BANK.text("preamble", v, classes=len(v.A[0]), rows=BANK.text("one" if len(v.A) == 1 else "batch", v))


def parts(v: Values) -> Iterator[Part]:
    examples = range(len(v.A))
    yield BANK.part(
        "probs",
        v,
        Matrix("probs", "P", like="logits"),
        for_each=[{"i": i + 1, "e": v.exps[i], "total": v.totals[i], "p": v.probs[i]} for i in examples],
    )
    case = "one" if len(v.A) == 1 else "batch"
    yield BANK.part("loss", v, Number("loss", "L"), case=case)
    yield BANK.part("dlogits", v, Matrix("dlogits", r"\frac{\partial L}{\partial Z}", like="logits"), case=case)
    yield BANK.part("dlogits_sums", v, Vector("dlogits_sums", "s", like="rows of logits"))
    yield BANK.part("raise_half", v, Number("raise_half", "r"), others=v.totals[0] - v.label_exp)
    yield BANK.part(
        "probs_T",
        v,
        Vector("probs_T", "p", like="columns of logits"),
        steps=[temperature_figure(v)],
        total=v.exps_T.sum(),
    )
    yield BANK.part(
        "smoothing",
        v,
        parts=[
            BANK.part("targets", v, Matrix("targets", "Q", like="logits")),
            BANK.part("loss_smooth", v, Number("loss_smooth", r"L_\varepsilon")),
            BANK.part(
                "dlogits_smooth",
                v,
                Matrix("dlogits_smooth", r"\frac{\partial L_\varepsilon}{\partial Z}", like="logits"),
            ),
            BANK.part("gap", v, Number("gap", r"\Delta")),
        ],
    )
    yield Part("question", *BANK.essay("question", v))
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))


def temperature_figure(v: Values) -> Figure:
    """The first example's probabilities at temperature 1 and at T, as bars side by side."""
    T = notation.plain(v.T)
    scene = plot_scene(
        Plot(
            title=f"Probabilities at temperature 1 and at {T}",
            x_name=("class",),
            y_name=("probability",),
            positions=tuple(str(place) for place in range(1, len(v.A[0]) + 1)),
            series=(
                Series(("T = 1",), tuple(to_float(v.probs[0]))),
                Series((f"T = {T}",), tuple(to_float(v.probs_T))),
            ),
            bars=True,
        )
    )
    return Figure(name="softmax-temperature", scene=scene)


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The numbers; not the questions in words."""
    return [params[name] for name in ("A", "labels", "T", "smoothing")]


def signature(v: Values) -> Mapping[str, Any]:
    """How many numbers there are to divide, and how many claims to judge."""
    return {"shape": v.A.shape, "claims": len(v.claims)}


POSSIBLE = {"gap": 5, "dlogits_sums": 1}

PROBLEM = Problem(
    id="softmax-cross-entropy",
    title="Softmax and cross-entropy",
    topic="losses",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "A": required(read_matrix),
        "labels": required(read_vector),
        "T": required(read_number),
        "smoothing": required(read_number),
        "question": optional(one_of(BANK["question"]), "rise_and_fall"),
        "claims": optional(some_of(BANK["claims"]), ()),
    },
    require=require,
    sample=sample,
    solution=SOLUTION,
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
    parts=parts,
    original={
        "A": [[4, 1, 9]],
        "labels": [1],
        "T": 2,
        "smoothing": "3/10",
        "claims": ["shift", "entropy_floor"],
    },
    canonical=canonical,
    signature=signature,
    standard={"shape": (1, 4), "claims": 2},
    possible=POSSIBLE,
    variants=2_000,
    easy=Level(sample_easy, {"shape": (1, 3), "claims": 2}, possible=POSSIBLE, variants=800),
    hard=Level(sample_hard, {"shape": (2, 3), "claims": 2}, possible={"gap": 4, "dlogits_sums": 1}, variants=10_000),
)
