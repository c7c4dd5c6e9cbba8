r"""Backpropagation by hand: one ReLU layer and a linear output, squared loss, one step of gradient descent.

Rumelhart, Hinton and Williams, *Learning representations by back-propagating errors* (1986); in matrices as in Goodfellow, Bengio
and Courville, *Deep Learning* (2016), algorithms 6.3 and 6.4.  Weight matrices are [out, in], as PyTorch's ``Linear`` stores them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from generator import (
    Array, Bank, Content, Draw, Figure, InputError, Level, Matrix, Number, Part, Problem, Values, Vector,
    expected, maximum, one_of, optional, outer, read_matrix, read_number, read_vector, require_length, required, some_of,
    steps, where,
)  # fmt: skip
from generator.document.figures.units import Unit, Units, indexed, units_scene
from generator.document.figures.scene import Symbol, Words
from generator.numbers import notation
from generator.numbers.encoding import encode
from generator.problems._numeric import complex_slopes

RATES = [Fraction(1, below) for below in (4, 5, 10, 20, 40, 50)]
LARGEST_OUTPUT = 15

# ------------------------------------------------------------------------------------------ the sampler


ERRORS: Mapping[int, Sequence[tuple[int, ...]]] = {1: [(1,), (2,)], 2: [(1, 1), (2, 2), (3, 3), (1, 2), (1, 3), (2, 3)]}
"""For each number of outputs the sizes of their errors; each gives another loss, so that no loss is much more frequent."""


def _sample(draw: Draw, level: str, shapes: Sequence[tuple[int, int]], largest: int) -> Mapping[str, Any]:
    """A network with two inputs, exactly one dead unit, and the largest rate at which the step lowers the loss."""
    hidden, outputs = draw.choice(shapes)
    sizes = range(1, largest + 1)
    x = [draw.sign() * size for size in draw.sample(sizes, 2)]
    dead = draw.integer(0, hidden - 1)
    units = [_unit(draw, x, sizes, alive=unit != dead) for unit in range(hidden)]
    W1, b1 = [unit[:2] for unit in units], [unit[2] for unit in units]
    W2 = [[draw.sign() * draw.choice(sizes) for _ in range(hidden)] for _ in range(outputs)]
    b2 = [draw.sign() * draw.choice(sizes) for _ in range(outputs)]
    draw.require(largest in {abs(w) for row in (x, *W1, *W2) for w in row}, "all numbers are small")
    dy = [draw.sign() * size for size in draw.shuffled(draw.choice(ERRORS[outputs]))]
    y = _run(x, W1, b1, W2, b2)[1]
    draw.require(max(map(abs, y)) <= LARGEST_OUTPUT, "the output is above 15")
    given = {"x": x, "W1": W1, "b1": b1, "W2": W2, "b2": b2, "t": [out - off for out, off in zip(y, dy, strict=True)]}
    rate = next((rate for rate in RATES if _is_good_step(rate, dy, **given)), None)
    draw.require(rate is not None, "no step lowers the loss and leaves each unit on its side")
    draw.require(outputs == 1 or rate in RATES[2:5], "with two outputs the rate makes too little or too much work")
    return {**given, "rate": rate, **BANK.draw(draw.fork("concepts"), given, level=level)}


def _unit(draw: Draw, x: Sequence[int], sizes: Sequence[int], *, alive: bool) -> list[int]:
    """Two weights and a bias for which the pre-activation is at most 5 in size and has the sign wanted."""
    for _ in range(100):
        first, second, bias = (draw.sign() * draw.choice(sizes) for _ in range(3))
        z = first * x[0] + second * x[1] + bias
        if 1 <= abs(z) <= 5 and (z > 0) == alive:
            return [first, second, bias]
    raise AssertionError("a unit of either sign is found within a few tries")


def _run(x: Any, W1: Any, b1: Any, W2: Any, b2: Any) -> tuple[Any, Any]:
    """Pre-activations and output in Python's own numbers."""
    z = np.array(W1, object) @ np.array(x, object) + np.array(b1, object)
    return z, np.array(W2, object) @ np.maximum(z, 0) + np.array(b2, object)


def _is_good_step(rate: Fraction, dy: Sequence[int], x: Any, W1: Any, b1: Any, W2: Any, b2: Any, t: Any) -> bool:
    """Whether the step lowers the loss, moves no unit to the other side of 0, and leaves no weight at 0."""
    z, _ = _run(x, W1, b1, W2, b2)
    error = np.array(dy, object)
    dz = np.where(z > 0, np.array(W2, object).T @ error, 0)
    W1_new, b1_new = np.array(W1, object) - rate * np.outer(dz, x), np.array(b1, object) - rate * dz
    W2_new, b2_new = (
        np.array(W2, object) - rate * np.outer(error, np.maximum(z, 0)),
        np.array(b2, object) - rate * error,
    )
    z_new, y_new = _run(x, W1_new, b1_new, W2_new, b2_new)
    falls = ((y_new - t) ** 2).sum() < (error**2).sum()
    return bool(falls and ((z_new > 0) == (z > 0)).all() and W1_new.all() and W2_new.all())


sample_easy = partial(_sample, level="easy", shapes=[(2, 1)], largest=2)
sample = partial(_sample, level="standard", shapes=[(2, 1)], largest=3)
sample_hard = partial(_sample, level="hard", shapes=[(2, 2)], largest=3)


def accept(da: Array, dx: Array) -> bool:
    """a gradient that is asked for is 0 although nothing forces it to be"""
    return all(da) and all(dx)


def require(x: Array, W1: Array, b1: Array, W2: Array, b2: Array, t: Array, rate: Any) -> None:
    """Shapes that fit, no pre-activation at the kink of ReLU, and a positive learning rate."""
    hidden, inputs = W1.shape
    require_length("x", x, inputs, "column of W1")
    require_length("b1", b1, hidden, "row of W1")
    if W2.shape[1] != hidden:
        raise InputError(expected(f"{hidden} columns, one for each row of W1", W2.shape[1]), field="W2")
    require_length("b2", b2, len(W2), "row of W2")
    require_length("t", t, len(W2), "row of W2")
    if not all(W1 @ x + b1):
        raise InputError("a pre-activation is 0, where ReLU has no derivative", field="b1")
    if rate <= 0:
        raise InputError(expected("a positive learning rate", rate), field="rate")


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.

SOLUTION = steps(
    z=lambda W1, x, b1: W1 @ x + b1,
    a=lambda z: maximum(z, 0),
    y=lambda W2, a, b2: W2 @ a + b2,
    loss=lambda y, t: ((y - t) ** 2).sum() / 2,
    dy=lambda y, t: y - t,
    dW2=lambda dy, a: outer(dy, a),
    db2=lambda dy: dy,
    da=lambda W2, dy: W2.T @ dy,
    dz=lambda z, da: where(z > 0, da, 0),
    dW1=lambda dz, x: outer(dz, x),
    db1=lambda dz: dz,
    dx=lambda W1, dz: W1.T @ dz,
    W2_new=lambda W2, dW2, rate: W2 - rate * dW2,
    b2_new=lambda b2, db2, rate: b2 - rate * db2,
    W1_new=lambda W1, dW1, rate: W1 - rate * dW1,
    b1_new=lambda b1, db1, rate: b1 - rate * db1,
    z_new=lambda W1_new, x, b1_new: W1_new @ x + b1_new,
    a_new=lambda z_new: maximum(z_new, 0),
    y_new=lambda W2_new, a_new, b2_new: W2_new @ a_new + b2_new,
    loss_new=lambda y_new, t: ((y_new - t) ** 2).sum() / 2,
)


def squared_norm(dW1: Array, db1: Array, dW2: Array, db2: Array) -> Any:
    """The squares of all gradients, added up."""
    return sum((gradient**2).sum() for gradient in (dW1, db1, dW2, db2))


BANK = Bank.beside(
    __file__,
    squared_norm,
    dead=lambda z: 1 + z.argmin(),  # the sampler sees to it that exactly one pre-activation is negative
    dead_bias=lambda z, b1: (b1 - z)[z.argmin()],
    dead_da=lambda z, da: da[z.argmin()],
    estimate=lambda dW1, db1, dW2, db2, rate: rate * squared_norm(dW1, db1, dW2, db2),
    frozen=lambda a, rate: 1 - rate * ((a**2).sum() + 1),
    hidden=lambda W1: len(W1),
    inputs=lambda x: len(x),
    fall=lambda loss, loss_new: loss - loss_new,
)

# ------------------------------------------------------------------------------ what students do instead

MISTAKES = [
    BANK.mistake("no ReLU forward", a=lambda z: z),
    BANK.mistake("absolute value", a=lambda z: abs(z)),
    BANK.mistake("loss without its half", loss=lambda y, t: ((y - t) ** 2).sum()),
    BANK.mistake("factor 2 kept", dy=lambda y, t: 2 * (y - t)),
    BANK.mistake("error reversed", dy=lambda y, t: t - y),
    BANK.mistake("pre-activations in dW2", dW2=lambda dy, z: outer(dy, z)),
    BANK.mistake("W2 not transposed", da=lambda W2, dy: W2 @ dy, applies=lambda W2: W2.shape[0] == W2.shape[1]),
    BANK.mistake("dead unit passes", dz=lambda da: da),
    BANK.mistake("ReLU of the gradient", dz=lambda da: maximum(da, 0), applies=lambda z, da: any(da[z > 0] < 0)),
    BANK.mistake(
        "outer product transposed", dW1=lambda dz, x: outer(x, dz), applies=lambda W1: W1.shape[0] == W1.shape[1]
    ),
    BANK.mistake("bias without the mask", db1=lambda da: da),
    BANK.mistake("new weights in the backward pass", da=lambda W2_new, dy: W2_new.T @ dy),
    BANK.mistake(
        "ascent",
        W2_new=lambda W2, dW2, rate: W2 + rate * dW2,
        b2_new=lambda b2, db2, rate: b2 + rate * db2,
        W1_new=lambda W1, dW1, rate: W1 + rate * dW1,
        b1_new=lambda b1, db1, rate: b1 + rate * db1,
    ),
    BANK.mistake("biases left alone", b2_new=lambda b2: b2, b1_new=lambda b1: b1),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(
    x: np.ndarray, W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray, t: np.ndarray, rate: float
) -> Mapping[str, Any]:
    """numpy: the network run forward in complex numbers, and every gradient by complex steps of the loss."""
    given = {"x": x, "W1": W1, "b1": b1, "W2": W2, "b2": b2}

    def error(y: np.ndarray) -> complex:
        return complex(np.square(y - t).sum() / 2)

    def after_z(z: np.ndarray) -> complex:
        return error(np.where(z.real > 0, z, 0) @ W2.T + b2)

    def run(**changed: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        p = given | changed
        z = np.einsum("hd,d->h", p["W1"], p["x"]) + p["b1"]
        a = z * (z.real > 0)
        return z, a, np.einsum("oh,h->o", p["W2"], a) + p["b2"]

    def gradient(name: str) -> np.ndarray:
        return complex_slopes(lambda value: error(run(**{name: value})[2]), given[name])

    z, a, y = run()
    gradients = {name: gradient(name) for name in given}
    new = {name: given[name] - rate * gradients[name] for name in ("W1", "b1", "W2", "b2")}
    return {
        "z": z,
        "a": a,
        "y": y,
        "loss": error(y).real,
        "dy": complex_slopes(error, y),
        "da": complex_slopes(lambda a: error(W2 @ a + b2), a),
        "dz": complex_slopes(after_z, z),
        **{f"d{name}": gradient for name, gradient in gradients.items()},
        **{f"{name}_new": value for name, value in new.items()},
        "y_new": run(**new)[2],
    }


# -------------------------------------------------------------------------------------------- the prose


def preamble(v: Values) -> Content:
    return [BANK.text("preamble", v), network_figure(v)]


def network_figure(v: Values) -> Figure:
    """The network with its weights, and blanks for what the forward pass computes."""
    (hidden, inputs), outputs = v.W1.shape, len(v.W2)
    units = [
        Unit(name, (_noted("z", place, v.z), _noted("a", place, v.a)), off=v.z[place] < 0)
        for place, name in enumerate(indexed("h", hidden))
    ]
    columns = [Unit(name) for name in indexed("x", inputs)], units, [Unit(name) for name in indexed("y", outputs)]
    network = Units(
        title="The network with its weights",
        columns=tuple(map(tuple, columns)),
        weights=tuple(tuple(tuple(map(notation.plain, row)) for row in W) for W in (v.W1, v.W2)),
        description=(
            f"{inputs} inputs, {hidden} hidden units and {outputs} linear {'output' if outputs == 1 else 'outputs'}."
        ),
    )
    return Figure("backprop-mlp", units_scene(network), units_scene(network, filled=True))


def _noted(letter: str, place: int, values: Array) -> tuple[Words, str]:
    return (Symbol(letter, str(place + 1)),), notation.plain(values[place])


def parts(v: Values) -> Iterator[Part]:
    yield BANK.part(
        "forward",
        v,
        parts=[
            BANK.part("z", v, Vector("z", "z", like="b1")),
            BANK.part("a", v, Vector("a", "a", like="b1")),
            BANK.part("y", v, Vector("y", "y", like="b2")),
            BANK.part("loss", v, Number("loss", "L")),
        ],
    )
    yield BANK.part(
        "output_layer",
        v,
        parts=[
            BANK.part("dy", v, Vector("dy", r"\frac{\partial L}{\partial y}", like="b2")),
            BANK.part("dW2", v, Matrix("dW2", r"\frac{\partial L}{\partial W_2}", like="W2")),
            BANK.part("db2", v, Vector("db2", r"\frac{\partial L}{\partial b_2}", like="b2")),
        ],
    )
    yield BANK.part(
        "hidden_layer",
        v,
        parts=[
            BANK.part("da", v, Vector("da", r"\frac{\partial L}{\partial a}", like="b1")),
            BANK.part("dz", v, Vector("dz", r"\frac{\partial L}{\partial z}", like="b1")),
            BANK.part("dW1", v, Matrix("dW1", r"\frac{\partial L}{\partial W_1}", like="W1")),
            BANK.part("db1", v, Vector("db1", r"\frac{\partial L}{\partial b_1}", like="b1")),
        ],
    )
    yield BANK.part("dx", v, Vector("dx", r"\frac{\partial L}{\partial x}", like="x"))
    yield BANK.part(
        "step",
        v,
        parts=[
            BANK.part("W2_new", v, Matrix("W2_new", r"W_2", like="W2")),
            BANK.part("b2_new", v, Vector("b2_new", r"b_2", like="b2")),
            BANK.part("W1_new", v, Matrix("W1_new", r"W_1", like="W1")),
            BANK.part("b1_new", v, Vector("b1_new", r"b_1", like="b1")),
        ],
    )
    yield BANK.part("y_new", v, Vector("y_new", r"y_{\mathrm{new}}", like="b2"))
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))
    yield Part("question", *BANK.essay("question", v))


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The numbers, up to the order of the hidden units; not the questions in words."""
    units = zip(params["W1"], params["b1"], zip(*params["W2"], strict=True), strict=True)
    return [params["x"], sorted(encode(list(units))), params["b2"], params["t"], params["rate"]]


def signature(v: Values) -> Mapping[str, Any]:
    """How many units are dead, how many outputs there are, how large the numbers, and how many claims to judge."""
    largest = max(abs(values).max() for values in (v.x, v.W1, v.W2))
    return {"dead units": (v.z < 0).sum(), "outputs": len(v.y), "largest number": largest, "claims": len(v.claims)}


SIGNATURE = {"dead units": 1, "outputs": 1, "largest number": 3, "claims": 2}
POSSIBLE = {"loss": 2, "dy": 4, "db2": 4}

PROBLEM = Problem(
    id="backprop-mlp",
    title="Backpropagation by hand",
    topic="backpropagation",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "x": required(read_vector),
        "W1": required(read_matrix),
        "b1": required(read_vector),
        "W2": required(read_matrix),
        "b2": required(read_vector),
        "t": required(read_vector),
        "rate": required(read_number),
        "question": optional(one_of(BANK["question"]), "unchanged"),
        "claims": optional(some_of(BANK["claims"]), ()),
    },
    require=require,
    accept=accept,
    sample=sample,
    solution=SOLUTION,
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
    parts=parts,
    original={
        "x": [1, -2],
        "W1": [[1, -1], [-1, 2]],
        "b1": [-2, 1],
        "W2": [[-2, 3]],
        "b2": [1],
        "t": [-3],
        "rate": "1/20",
        "claims": ["dead_gradient", "dead_forever"],
    },
    canonical=canonical,
    signature=signature,
    standard=SIGNATURE,
    possible=POSSIBLE,
    variants=40_000,
    easy=Level(sample_easy, SIGNATURE | {"largest number": 2}, possible=POSSIBLE, variants=10_000),
    hard=Level(sample_hard, SIGNATURE | {"outputs": 2}, possible={"loss": 6}, variants=40_000),
)
