r"""Two steps of five optimizers with the same two gradients: momentum in two forms, RMSProp, Adam and AdamW.

Sutskever, Martens, Dahl and Hinton, *On the importance of initialization and momentum in deep learning* (2013); Tieleman and Hinton,
*Lecture 6.5: RMSProp* (2012); Kingma and Ba, *Adam* (2015), algorithm 1; Loshchilov and Hutter, *Decoupled Weight Decay Regularization*
(2019), algorithm 2; updates as PyTorch's ``torch.optim`` makes them.  Constants are chosen so that every root is a fraction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache, partial
from typing import Any

import numpy as np

from generator import (
    Array, Bank, Draw, Figure, InputError, Level, Matrix, Number, Part, Problem, Values,
    equal, expected, one_of, optional, read_number, read_vector, require_length, required, some_of, sqrt, stack,
    steps,
)  # fmt: skip
from generator.document.figures.paths import Path, paths_scene
from generator.document.figures.scene import Symbol
from generator.numbers.exact import to_float

# ------------------------------------------------------------------------------------------ the sampler

F = Fraction
Pairs = Mapping[Fraction, Sequence[tuple[int, int]]]

RMSPROP: Pairs = {
    F(3, 4): ((2, 1), (8, 1), (8, 11), (10, 11)),
    F(8, 9): ((3, 1), (6, 7), (9, 7)),
    F(15, 16): ((4, 1), (4, 7), (12, 11)),
}
"""For each α the gradients of two steps, up to a scale and signs, for which both roots of the running average are rational."""

ADAM: Pairs = {
    F(1, 2): ((5, 1), (1, 11)), F(3, 5): ((3, 1), (1, 5)), F(2, 3): ((7, 3), (1, 9), (11, 1)),
    F(3, 4): ((6, 1), (2, 5), (9, 5)), F(4, 5): ((1, 3), (1, 8), (11, 3), (11, 7)),
    F(5, 7): ((2, 1), (2, 7), (2, 11), (5, 11), (10, 1)), F(7, 8): ((1, 4), (7, 2)), F(8, 9): ((6, 11), (12, 5)),
    F(1, 3): ((1, 4), (11, 4), (11, 5)), F(5, 9): ((3, 11), (11, 3)),
    F(7, 9): ((4, 1), (4, 9), (5, 3), (8, 3), (9, 1)), F(7, 20): ((2, 1), (1, 5), (7, 1), (11, 1)),
    F(11, 25): ((8, 1), (9, 7), (12, 5), (12, 7)),
}  # fmt: skip
"""For each β₂ the gradients for which both roots of Adam's corrected average are rational."""

DECAYS = {
    F(1, 2): (F(1, 2), F(2, 5), F(2, 3), F(1)),
    F(1, 3): (F(1, 2), F(3, 4)),
    F(1, 4): (F(4, 5), F(1)),
    F(2, 3): (F(1, 2),),
}
"""For each learning rate the weight decays for which 1 − ηλ is simple."""

MOMENTA = {
    F(1, 2): (F(1, 2), F(2, 3), F(3, 4), F(4, 5)),
    F(1, 3): (F(1, 2), F(3, 4), F(4, 5)),
    F(1, 4): (F(1, 2), F(2, 3), F(4, 5)),
    F(2, 3): (F(3, 4), F(4, 5)),
}
"""For each learning rate the momenta, so that no two pairs have the same quotient η / (1 − μ)."""

SIMPLE_BETA1 = (F(1, 2), F(1, 3))
OTHER_BETA1 = (F(2, 3), F(3, 5))


def _sample(
    draw: Draw, level: str, weights: int, first_betas: Sequence[Fraction], largest: int = 12
) -> Mapping[str, Any]:
    """Constants that hide no mistake, and gradients, of at most the ``largest`` before they are scaled, for both methods."""
    beta1 = draw.choice(first_betas)
    rate, momentum = draw.choice([(rate, mu) for rate, momenta in MOMENTA.items() for mu in momenta if mu != beta1])
    decay = draw.choice(DECAYS[rate])
    alpha, g1, g2 = _gradients(draw, RMSPROP, weights, largest)
    other = {beta2: pairs for beta2, pairs in ADAM.items() if beta2 != alpha and shows_corrections(beta1, beta2)}
    beta2, h1, h2 = _gradients(draw, other, weights, largest)
    denominator = (1 - rate * decay).denominator
    sizes = draw.sample(range(denominator, 13, denominator), weights)
    given = {
        "theta0": [draw.sign() * size for size in sizes],
        "g1": g1, "g2": g2, "h1": h1, "h2": h2,
        "rate": rate, "momentum": momentum, "alpha": alpha, "beta1": beta1, "beta2": beta2, "decay": decay,
    }  # fmt: skip
    return {**given, **BANK.draw(draw.fork("concepts"), given, level=level)}


def _gradients(draw: Draw, table: Pairs, weights: int, largest: int) -> tuple[Fraction, list[int], list[int]]:
    """A constant of a table, and the gradients of both steps: for each weight a pair, with signs and a scale of its own."""
    small = {constant: [pair for pair in pairs if max(pair) <= largest] for constant, pairs in table.items()}
    constant = draw.choice([constant for constant, pairs in small.items() if pairs])
    first, second = [], []
    for scale in draw.sample((1, 2, 3) if weights > 1 else range(2, 10), weights):
        a, b = draw.choice(small[constant])
        first.append(draw.sign() * scale * a)
        second.append(draw.sign() * scale * b)
    return constant, first, second


@cache
def shows_corrections(beta1: Fraction, beta2: Fraction) -> bool:
    """Whether Adam's steps differ if weights of old and new are swapped, or if an average is corrected in another way."""
    return not beta1 == beta2 == F(1, 2) and (1 + beta1) ** 2 != 1 + beta2 and (1 - beta1) ** 2 != 1 - beta2


sample_easy = partial(_sample, level="easy", weights=1, first_betas=SIMPLE_BETA1, largest=5)
sample = partial(_sample, level="standard", weights=2, first_betas=SIMPLE_BETA1)
sample_hard = partial(_sample, level="hard", weights=2, first_betas=OTHER_BETA1)


def digits(numbers: Array) -> int:
    """The digits of all numerators and denominators; none of what is no fraction."""
    fractions = [x for x in numbers.flatten() if x.is_Rational]
    return sum(len(f"{abs(x.p)}") + (len(f"{x.q}") if x.q > 1 else 0) for x in fractions)


def largest_denominator(*values: Array) -> int:
    return max(int(x.q) if x.is_Rational else 1 for numbers in values for x in numbers.flatten())


def accept(
    buf: Array, ema: Array, m: Array, sq_avg: Array, mhat: Array, vhat: Array,
    sgd: Array, sgd_ema: Array, rms: Array, adam: Array, adamw: Array,
) -> bool:  # fmt: skip
    """a weight or moment is 0, weights are equal in size, averages of squares are all 1, or numbers are unusually short or long"""
    paths = (sgd, sgd_ema, rms, adam, adamw)
    if any(equal(values, 0).flatten().any() for values in (buf, ema, m, *paths)) or equal(sq_avg, 1).all():
        return False
    last = abs(adam[-1])
    if len(last) > 1 and last[0] == last[1]:
        return False
    if largest_denominator(sgd, sgd_ema, rms, adam) > 60 or largest_denominator(adamw) > 100:
        return False
    length = sum(map(digits, (buf, ema, m, sq_avg, mhat, vhat, *paths))) / len(last)
    return 48 <= length <= 60


def require(
    theta0: Array, g1: Array, g2: Array, rate: Any, momentum: Any, alpha: Any, beta1: Any, beta2: Any, decay: Any,
    h1: Any = None, h2: Any = None,
) -> None:  # fmt: skip
    """One gradient for each weight, constants from 0 to below 1, and no average of squares that is 0."""
    for field, number in (("momentum", momentum), ("alpha", alpha), ("beta1", beta1), ("beta2", beta2)):
        if not 0 <= number < 1:
            raise InputError(expected("a number from 0 to below 1", number), field=field)
    if rate <= 0:
        raise InputError(expected("a positive learning rate", rate), field="rate")
    if decay < 0:
        raise InputError(expected("a weight decay that is not negative", decay), field="decay")
    gradients = {"g1": g1, "g2": g2, "h1": g1 if h1 is None else h1, "h2": g2 if h2 is None else h2}
    for field, gradient in gradients.items():
        require_length(field, gradient, len(theta0), "weight of theta0")
        kept = {"g1": 0, "g2": alpha, "h1": 0, "h2": beta2}[field]
        if kept == 0 and not all(gradient):
            raise InputError("a gradient is 0, and so is the average of the squares whose root divides it", field=field)


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.  Each value has a row for each of the two steps.


def averages(first: Array, second: Array, kept: Any, new: Any) -> Array:
    """A running average from 0 over two steps: what is kept of the old one plus a part of the new value."""
    return stack([new * first, kept * new * first + new * second])


def path(theta0: Array, moves: Array, shrink: Any = 1) -> Array:
    """The weights after each of two steps; before each move they shrink by a factor."""
    first = shrink * theta0 - moves[0]
    return stack([first, shrink * first - moves[1]])


def corrected(average: Array, beta: Any) -> Array:
    """An average from 0 with its bias taken out."""
    return stack([average[0] / (1 - beta), average[1] / (1 - beta**2)])


SOLUTION = steps(
    h1=lambda g1: g1,
    h2=lambda g2: g2,
    buf=lambda g1, g2, momentum: averages(g1, g2, momentum, 1),
    sgd=lambda theta0, buf, rate: path(theta0, rate * buf),
    ema=lambda g1, g2, momentum: averages(g1, g2, momentum, 1 - momentum),
    sgd_ema=lambda theta0, ema, rate: path(theta0, rate * ema),
    equal_rate=lambda rate, momentum: rate / (1 - momentum),
    sq_avg=lambda g1, g2, alpha: averages(g1**2, g2**2, alpha, 1 - alpha),
    rms=lambda theta0, g1, g2, sq_avg, rate: path(theta0, rate * stack([g1, g2]) / sqrt(sq_avg)),
    m=lambda h1, h2, beta1: averages(h1, h2, beta1, 1 - beta1),
    v=lambda h1, h2, beta2: averages(h1**2, h2**2, beta2, 1 - beta2),
    mhat=lambda m, beta1: corrected(m, beta1),
    vhat=lambda v, beta2: corrected(v, beta2),
    adam=lambda theta0, mhat, vhat, rate: path(theta0, rate * mhat / sqrt(vhat)),
    adamw=lambda theta0, mhat, vhat, rate, decay: path(theta0, rate * mhat / sqrt(vhat), 1 - rate * decay),
)

BANK = Bank.beside(
    __file__,
    shrink=lambda rate, decay: 1 - rate * decay,
    last_gradient=lambda g2: g2[-1],
    heavy_limit=lambda g2, rate, momentum: rate * g2[-1] / (1 - momentum),
    averaged_limit=lambda g2, rate: rate * g2[-1],
    adam_limit=lambda g2, rate: rate * (1 if g2[-1] > 0 else -1),
    drift=lambda buf, rate, momentum: rate * momentum / (1 - momentum) * buf[1],
    factor_squared=lambda beta1, beta2: (1 - beta1) ** 2 / (1 - beta2),
    rms_first=lambda rate, alpha: rate / sqrt(1 - alpha),
    halfway=lambda theta0, sgd: (theta0 + sgd[1]) / 2,
    after_two=lambda momentum: 1 + momentum,
    in_the_end=lambda momentum: 1 / (1 - momentum),
    newer=lambda beta1: 1 / (1 + beta1),
    older=lambda beta1: beta1 / (1 + beta1),
)

# ------------------------------------------------------------------------------ what students do instead


def coupled(theta0: Array, h1: Array, h2: Array, beta1: Any, beta2: Any, rate: Any, decay: Any) -> Array:
    """Adam on the gradients of the loss with an L2 penalty, which the moments then contain."""
    theta, found, moment, square = theta0, [], 0 * theta0, 0 * theta0
    for count, loss_gradient in enumerate((h1, h2), start=1):
        gradient = loss_gradient + decay * theta
        moment = beta1 * moment + (1 - beta1) * gradient
        square = beta2 * square + (1 - beta2) * gradient**2
        theta = theta - rate * moment / (1 - beta1**count) / sqrt(square / (1 - beta2**count))
        found.append(theta)
    return stack(found)


def shrunk_after(theta0: Array, mhat: Array, vhat: Array, rate: Any, decay: Any) -> Array:
    first = (1 - rate * decay) * (theta0 - rate * mhat[0] / sqrt(vhat[0]))
    return stack([first, (1 - rate * decay) * (first - rate * mhat[1] / sqrt(vhat[1]))])


def has_momentum(momentum: Any) -> bool:
    return bool(momentum != 0)


def has_decay(decay: Any) -> bool:
    return bool(decay != 0)


MISTAKES = [
    BANK.mistake("momentum forgotten", buf=lambda g1, g2: stack([g1, g2]), applies=has_momentum),
    BANK.mistake(
        "damped buffer", buf=lambda g1, g2, momentum: averages(g1, g2, momentum, 1 - momentum), applies=has_momentum
    ),
    BANK.mistake(
        "average not damped", ema=lambda g1, g2, momentum: averages(g1, g2, momentum, 1), applies=has_momentum
    ),
    BANK.mistake(
        "average started at the gradient",
        ema=lambda g1, g2, momentum: stack([g1, momentum * g1 + (1 - momentum) * g2]),
        applies=has_momentum,
    ),
    BANK.mistake("rate multiplied", equal_rate=lambda rate, momentum: rate * (1 - momentum), applies=has_momentum),
    BANK.mistake("RMSProp weights swapped", sq_avg=lambda g1, g2, alpha: averages(g1**2, g2**2, 1 - alpha, alpha)),
    BANK.mistake(
        "RMSProp without root", rms=lambda theta0, g1, g2, sq_avg, rate: path(theta0, rate * stack([g1, g2]) / sq_avg)
    ),
    BANK.mistake("no bias correction", mhat=lambda m: m, vhat=lambda v: v),
    BANK.mistake(
        "correction of step 1 twice", mhat=lambda m, beta1: m / (1 - beta1), vhat=lambda v, beta2: v / (1 - beta2)
    ),
    BANK.mistake(
        "Adam weights swapped",
        m=lambda h1, h2, beta1: averages(h1, h2, 1 - beta1, beta1),
        v=lambda h1, h2, beta2: averages(h1**2, h2**2, 1 - beta2, beta2),
    ),
    BANK.mistake(
        "gradient for its average",
        adam=lambda theta0, h1, h2, vhat, rate: path(theta0, rate * stack([h1, h2]) / sqrt(vhat)),
    ),
    BANK.mistake("Adam without root", adam=lambda theta0, mhat, vhat, rate: path(theta0, rate * mhat / vhat)),
    BANK.mistake("decay into the gradient", adamw=coupled, applies=has_decay),
    BANK.mistake(
        "decay without the rate",
        adamw=lambda theta0, mhat, vhat, rate, decay: path(theta0, rate * mhat / sqrt(vhat), 1 - decay),
        applies=has_decay,
    ),
    BANK.mistake("decay after the step", adamw=shrunk_after, applies=has_decay),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(
    theta0: np.ndarray, g1: np.ndarray, g2: np.ndarray, rate: float, momentum: float, alpha: float, beta1: float,
    beta2: float, decay: float, h1: np.ndarray | None = None, h2: np.ndarray | None = None,
) -> Mapping[str, Any]:  # fmt: skip
    """numpy: the updates of PyTorch's optimizers step by step, and Adam's averages as weighted means of both gradients."""
    g = np.array([g1, g2])
    h = np.array([g1 if h1 is None else h1, g2 if h2 is None else h2])

    def kept(values: np.ndarray, share: float, new: float) -> np.ndarray:
        return np.array([[new, 0], [share * new, new]]) @ values

    def weighted_mean(values: np.ndarray, beta: float) -> np.ndarray:
        return np.array([[1, 0], [beta / (1 + beta), 1 / (1 + beta)]]) @ values

    def run(directions: np.ndarray, shrink: float = 0.0) -> np.ndarray:
        theta, found = theta0, []
        for direction in directions:
            theta = theta - shrink * theta
            theta = theta - rate * direction
            found.append(theta)
        return np.array(found)

    buf, ema = kept(g, momentum, 1), kept(g, momentum, 1 - momentum)
    sq_avg = kept(g**2, alpha, 1 - alpha)
    mhat, vhat = weighted_mean(h, beta1), weighted_mean(h**2, beta2)
    return {
        "buf": buf,
        "sgd": run(buf),
        "ema": ema,
        "sgd_ema": run(ema),
        "equal_rate": rate * float(buf[0] @ buf[0] / (buf[0] @ ema[0])),
        "sq_avg": sq_avg,
        "rms": run(g / sq_avg**0.5),
        "mhat": mhat,
        "vhat": vhat,
        "adam": run(mhat / vhat**0.5),
        "adamw": run(mhat / vhat**0.5, rate * decay),
    }


# -------------------------------------------------------------------------------------------- the prose


def parts(v: Values) -> Iterator[Part]:
    theta = r"\theta_1, \theta_2"
    yield BANK.part("buf", v, Matrix("buf", "b_1, b_2"))
    yield BANK.part("sgd", v, Matrix("sgd", theta))
    yield BANK.part("ema", v, Matrix("ema", "m_1, m_2"))
    yield BANK.part("sgd_ema", v, Matrix("sgd_ema", theta))
    yield BANK.part("equal_rate", v, Number("equal_rate", r"\eta'"))
    yield BANK.part("sq_avg", v, Matrix("sq_avg", "v_1, v_2"))
    yield BANK.part("rms", v, Matrix("rms", theta), roots=sqrt(v.sq_avg))
    yield BANK.part("mhat", v, Matrix("mhat", r"\hat m_1, \hat m_2"))
    yield BANK.part("vhat", v, Matrix("vhat", r"\hat v_1, \hat v_2"))
    yield BANK.part("adam", v, Matrix("adam", theta), roots=sqrt(v.vhat), steps=[paths_figure(v)])
    yield BANK.part("adamw", v, Matrix("adamw", theta))
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))
    yield Part("question", *BANK.essay("question", v))


def paths_figure(v: Values) -> Figure:
    """The paths of four methods: in the plane of the first two weights, or of a single weight against the steps."""
    start = to_float(v.theta0)
    is_single = len(start) == 1

    def path_of(name: str, thetas: Array) -> Path:
        points = [start, *to_float(thetas)]
        if is_single:
            return Path(name, tuple((float(step), point[0]) for step, point in enumerate(points)))
        return Path(name, tuple((point[0], point[1]) for point in points))

    paths = {"momentum": v.sgd, "averaged": v.sgd_ema, "RMSProp": v.rms, "Adam": v.adam}
    scene = paths_scene(
        "The paths of the methods",
        [path_of(name, thetas) for name, thetas in paths.items()],
        ("step",) if is_single else ("first weight",),
        (Symbol("θ"),) if is_single else ("second weight",),
        "Two steps of each method from the same starting point.",
    )
    return Figure("optimizer-paths", scene)


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The numbers; not the questions in words."""
    return [value for name, value in sorted(params.items()) if name not in ("question", "claims")]


def signature(v: Values) -> Mapping[str, Any]:
    """How many weights there are, how simple the first beta is, and how many claims to judge."""
    return {
        "weights": len(v.theta0),
        "claims": len(v.claims),
        "first beta": "simple" if v.beta1 in SIMPLE_BETA1 else "other",
    }


PROBLEM = Problem(
    id="optimizers",
    title="Two steps of five optimizers",
    topic="optimization",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "theta0": required(read_vector),
        "g1": required(read_vector),
        "g2": required(read_vector),
        "h1": optional(read_vector),
        "h2": optional(read_vector),
        **{name: required(read_number) for name in ("rate", "momentum", "alpha", "beta1", "beta2", "decay")},
        "question": optional(one_of(BANK["question"]), "larger_gradients"),
        "claims": optional(some_of(BANK["claims"]), ()),
    },
    require=require,
    accept=accept,
    sample=sample,
    solution=SOLUTION,
    mistakes=MISTAKES,
    check=check,
    preamble=lambda v: BANK.text("preamble", v),
    parts=parts,
    original={
        "theta0": [9, -6],
        "g1": [3, -6],
        "g2": [1, 2],
        "h1": [3, -6],
        "h2": [1, 2],
        "rate": "1/2",
        "momentum": "2/3",
        "alpha": "8/9",
        "beta1": "1/2",
        "beta2": "3/5",
        "decay": "2/3",
        "claims": ["first_step", "same_for_sgd"],
    },
    canonical=canonical,
    signature=signature,
    standard={"weights": 2, "claims": 2, "first beta": "simple"},
    variants=40_000,
    easy=Level(sample_easy, {"weights": 1, "claims": 2, "first beta": "simple"}, variants=10_000),
    hard=Level(sample_hard, {"weights": 2, "claims": 2, "first beta": "other"}, variants=40_000),
)
