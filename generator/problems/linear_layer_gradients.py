r"""Gradients of one or two linear layers over a batch, from a printed upstream gradient or from a squared loss.

Goodfellow, Bengio and Courville, *Deep Learning* (2016), section 6.5.6; Clark, *Computing Neural Network Gradients* (Stanford CS224n,
2019), identities 1 and 5.  Examples are rows and weights are [in, out]; PyTorch's ``Linear`` stores the transpose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from generator import (
    Array, Bank, Content, Draw, Fields, Figure, InputError, Level, Matrix, Part, Problem, Values, Vector,
    array, equal, expected, one_of, optional, read_matrix, read_vector, require_length, require_together, required, say, some_of,
    steps,
)  # fmt: skip
from generator.document.figures.chain import Chain, chain_scene
from generator.document.figures.scene import Scene, Symbol
from generator.problems._numeric import complex_slopes

# ------------------------------------------------------------------------------------------ the sampler

SMALL = (-2, -1, 1, 2)
WIDER = (-3, -2, -1, 0, 1, 2, 3)


def _sample(
    draw: Draw, level: str, sizes: Sequence[tuple[int, ...]], entries: Sequence[int], targets: bool = False
) -> Mapping[str, Any]:
    """A batch and one or two layers; the gradient of the output is printed, or comes from targets that make it whole."""
    n, d, *widths = draw.choice(sizes)

    def matrix(rows: int, columns: int, choices: Sequence[int]) -> list[list[int]]:
        return [[draw.choice(choices) for _ in range(columns)] for _ in range(rows)]

    given: dict[str, Any] = {"X": matrix(n, d, entries)}
    inputs = d
    for place, width in enumerate(widths, start=1):
        W = matrix(inputs, width, SMALL if targets else [one for one in entries if one])
        if inputs == width:
            draw.require(_is_plain(W), "a square weight matrix is symmetric or singular")
        given |= {f"W{place}": W, f"b{place}": [draw.choice(SMALL) for _ in range(width)]}
        inputs = width
    gradient = matrix(n, inputs, SMALL if targets else (-2, -1, 0, 1, 2))
    draw.require(all(map(any, gradient)), "an example has no gradient")
    draw.require(all(map(sum, zip(*gradient, strict=True))), "a bias gradient is 0")
    if targets:
        Y = np.array(given["X"])
        for place in range(1, len(widths) + 1):
            Y = Y @ np.array(given[f"W{place}"]) + given[f"b{place}"]
        given["T"] = (Y - n * np.array(gradient)).tolist()
    else:
        given["G"] = gradient
    return {**given, **BANK.draw(draw.fork("concepts"), given, level=level)}


def _is_plain(W: Sequence[Sequence[int]]) -> bool:
    """Whether a two by two matrix is neither symmetric nor singular."""
    (a, b), (c, d) = W
    return b != c and a * d != b * c


sample_easy = partial(_sample, level="easy", sizes=[(3, 2, 3)], entries=WIDER)
sample = partial(_sample, level="standard", sizes=[(3, 2, 2, 2)], entries=WIDER)
sample_hard = partial(_sample, level="hard", sizes=[(3, 2, 2, 2)], entries=WIDER, targets=True)


LONG_NUMBERS = range(2, 25)
"""How many numbers of two digits the work with two layers may have, so that no paper is much more work than another."""


def accept(
    X: Array, H: Array, Y: Array, dX: Array, dW1: Array, db1: Array, dH: Array,
    dW2: Array | None = None, W_eff: Array | None = None, b_eff: Array | None = None,
) -> bool:  # fmt: skip
    """an output is above 40, a bias gradient is 0, more than a third of a gradient is 0, or much more or less to write than on other papers"""
    if abs(Y).max() > 40 or not all(db1) or (X.shape[0] == X.shape[1] and X == X.T):
        return False
    written = (H, H, Y, dX, dW1, db1, dH, dW2, W_eff, b_eff)
    if dW2 is not None and sum((abs(one) >= 10).sum() for one in written if one is not None) not in LONG_NUMBERS:
        return False
    return all(3 * equal(found, 0).sum() <= found.size for found in (dX, dW1, dW2) if found is not None)


def require(X: Array, W1: Array, b1: Array, W2: Any = None, b2: Any = None, G: Any = None, T: Any = None) -> None:
    """Shapes that fit from layer to layer, and either the upstream gradient or targets."""
    if len(W1) != X.shape[1]:
        raise InputError(expected(f"{X.shape[1]} rows, one for each column of X", len(W1)), field="W1")
    require_length("b1", b1, W1.shape[1], "column of W1")
    require_together(W2=W2, b2=b2)
    outputs = W1.shape[1]
    if W2 is not None:
        if len(W2) != outputs:
            raise InputError(expected(f"{outputs} rows, one for each column of W1", len(W2)), field="W2")
        outputs = W2.shape[1]
        require_length("b2", b2, outputs, "column of W2")
    if (G is None) == (T is None):
        raise InputError("expected either the upstream gradient G or the targets T", field="G")
    name, found = ("G", G) if T is None else ("T", T)
    if found.shape != (len(X), outputs):
        raise InputError(expected(f"the shape of the output, {len(X)} by {outputs}", found.shape), field=name)


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.  With one layer Y is H, and its gradient that of H.

SOLUTION = steps(
    shapes=lambda X, W1, b1: tuple(array(one.shape) for one in (X, W1, b1, W1, b1, X)),
    H=lambda X, W1, b1: X @ W1 + b1,
    Y=lambda H, W2=None, b2=None: H if W2 is None else H @ W2 + b2,
    G=lambda Y, T: (Y - T) / len(Y),
    dW2=lambda H, G, W2: H.T @ G,
    db2=lambda G, W2: G.sum(axis=0),
    dH=lambda G, W2=None: G if W2 is None else G @ W2.T,
    dW1=lambda X, dH: X.T @ dH,
    db1=lambda dH: dH.sum(axis=0),
    dX=lambda dH, W1: dH @ W1.T,
    W_eff=lambda W1, W2: W1 @ W2,
    b_eff=lambda b1, W2, b2: b1 @ W2 + b2,
)

BANK = Bank.beside(
    __file__,
    n=lambda X: len(X),
    hidden=lambda W1: W1.shape[1],
    two_layers=lambda W2: True,
    several_examples=lambda X: len(X) > 1,
    removed_W1=lambda X, dH: X[1:2].T @ dH[1:2],
    removed_b1=lambda dH: dH[1],
    first_row=lambda G: G[0],
    first_W1=lambda X, dH: X[:1].T @ dH[:1],
    first_b1=lambda dH: dH[0],
    rows=lambda W1: len(W1),
)

# ------------------------------------------------------------------------------ what students do instead


def is_square(W: Array | None) -> bool:
    return W is not None and W.shape[0] == W.shape[1]


MISTAKES = [
    BANK.mistake(
        "weights stored the other way",
        shapes=lambda X, W1, b1: tuple(array(one.shape) for one in (X, W1.T, b1, W1.T, b1, X)),
        applies=lambda W1: not is_square(W1),
    ),
    BANK.mistake("bias missing in H", H=lambda X, W1: X @ W1),
    BANK.mistake("mean of the loss left out", G=lambda Y, T: Y - T, applies=lambda T=None: T is not None),
    BANK.mistake("G reversed", G=lambda Y, T: (T - Y) / len(Y), applies=lambda T=None: T is not None),
    BANK.mistake(
        "X for H", dW2=lambda X, G, W2: X.T @ G, applies=lambda X, W1, W2=None: is_square(W1) and W2 is not None
    ),
    BANK.mistake(
        "bias gradient averaged",
        db2=lambda G, W2: G.mean(axis=0),
        db1=lambda dH: dH.mean(axis=0),
    ),
    BANK.mistake("bias gradient over features", db1=lambda dH: dH.sum(axis=1), applies=lambda dH: is_square(dH)),
    BANK.mistake("weight gradient transposed", dW1=lambda X, dH: dH.T @ X, applies=lambda W1: is_square(W1)),
    BANK.mistake("weight gradient averaged", dW1=lambda X, dH: X.T @ dH / len(X)),
    BANK.mistake("W2 not transposed", dH=lambda G, W2: G @ W2, applies=lambda W2=None: is_square(W2)),
    BANK.mistake("second layer skipped", dH=lambda G: G, applies=lambda W2=None: is_square(W2)),
    BANK.mistake("W not transposed", dX=lambda dH, W1: dH @ W1, applies=lambda W1: is_square(W1)),
    BANK.mistake("X not transposed", dW1=lambda X, dH: X @ dH, applies=lambda X: is_square(X)),
    BANK.mistake("bias in dX", dX=lambda dH, W1, b1: dH @ W1.T + b1, applies=lambda W1: is_square(W1)),
    BANK.mistake("biases added", b_eff=lambda b1, b2: b1 + b2, applies=lambda W2=None: is_square(W2)),
    BANK.mistake(
        "weights in the wrong order",
        W_eff=lambda W1, W2: W2 @ W1,
        applies=lambda W1, W2=None: is_square(W1) and is_square(W2),
    ),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(
    X: np.ndarray, W1: np.ndarray, b1: np.ndarray, W2: Any = None, b2: Any = None, G: Any = None, T: Any = None
) -> Mapping[str, Any]:
    """numpy: the gradients of the loss by complex steps, and the merged layer from what it does to unit vectors."""
    given = {"X": X, "W1": W1, "b1": b1} | ({} if W2 is None else {"W2": W2, "b2": b2})

    def output(H: np.ndarray, **p: np.ndarray) -> np.ndarray:
        return np.einsum("nh,hk->nk", H, p["W2"]) + p["b2"] if "W2" in p else H

    def hidden(**p: np.ndarray) -> np.ndarray:
        return np.einsum("nd,dh->nh", p["X"], p["W1"]) + p["b1"]

    def loss(Y: np.ndarray) -> complex:
        return complex((G * Y).sum() if T is None else np.square(Y - T).sum() / (2 * len(Y)))

    def loss_with(name: str, value: np.ndarray) -> complex:
        changed = {**given, name: value}
        return loss(output(hidden(**changed), **changed))

    H = hidden(**given)
    Y = output(H, **given)
    opinion: dict[str, Any] = {"H": H, "Y": Y, "dH": complex_slopes(lambda one: loss(output(one, **given)), H)}
    if T is not None:
        opinion["G"] = complex_slopes(loss, Y)
    for name, start in given.items():
        opinion[f"d{name}"] = complex_slopes(partial(loss_with, name), start)
    if W2 is not None:
        zero = output(hidden(**given | {"X": np.zeros((1, len(W1)))}), **given)
        opinion["b_eff"] = zero[0]
        opinion["W_eff"] = output(hidden(**given | {"X": np.eye(len(W1))}), **given) - zero
    shapes = [np.shape(one) for one in (X, W1, b1, W1, b1, X)]
    return opinion | {"shapes": shapes}


# -------------------------------------------------------------------------------------------- the prose


def preamble(v: Values) -> Content:
    one = "W2" not in v
    case = ("one" if one else "two") + ("_targets" if "T" in v else "")
    return [BANK.text(f"preamble.{case}", v), chain_figure(v)]


def chain_figure(v: Values) -> Figure:
    """The layers as a chain with the way back of the gradients; the key has the shapes too."""
    layers = [("X", "W1", v.X, v.W1), ("H", "W2", v.H, v.W2)] if "W2" in v else [("X", "W", v.X, v.W1)]
    names = [*(name for name, *_ in layers), "Y"]

    def scene(shapes: bool) -> Scene:
        return chain_scene(
            Chain(
                title="The layers, and the gradients on their way back",
                quantities=[(Symbol(name),) for name in names],
                forward=[(Symbol(W[0], W[1:]), f" {_shape(value)}" if shapes else "") for _, W, _, value in layers],
                back=[(f"gradient {_shape(value)}" if shapes else "gradient",) for *_, value, _ in layers],
                description=(
                    f"{' to '.join(names)}, by one linear layer from each to the next; the gradient goes the same way back."
                ),
            )
        )

    return Figure("linear-layers", scene(shapes=False), scene(shapes=True))


def _shape(value: Array) -> str:
    return "[" + ", ".join(map(str, value.shape)) + "]"


def parts(v: Values) -> Iterator[Part]:
    one = "W2" not in v
    names: dict[str, Any] = {
        "W": say("W" if one else "W_1"),
        "b": say("b" if one else "b_1"),
        "out": say("Y" if one else "H"),
    }
    W, b = ("W", "b") if one else ("W_1", "b_1")

    def d(symbol: str) -> str:
        return rf"\frac{{\partial L}}{{\partial {symbol}}}"

    case = "one" if one else "two"
    if len({*v.X.shape, *v.W1.shape}) > 1:
        yield BANK.part("shapes", v, Fields("shapes", ("X", W, b, d(W), d(b), d("X"))), **names)
    if not one:
        yield BANK.part("H", v, Matrix("H", "H"))
    yield BANK.part("Y", v, Matrix("Y", "Y"), case=case)
    if "T" in v:
        yield BANK.part("G", v, Matrix("G", d("Y")))
    if not one:
        yield BANK.part("dW2", v, Matrix("dW2", d("W_2"), like="W2"), case="targets" if "T" in v else "given")
        yield BANK.part("db2", v, Vector("db2", d("b_2"), like="b2"))
        yield BANK.part("dH", v, Matrix("dH", d("H")))
    yield BANK.part("dW1", v, Matrix("dW1", d(W), like="W1"), case=case)
    yield BANK.part("db1", v, Vector("db1", d(b), like="b1"), case=case)
    yield BANK.part("dX", v, Matrix("dX", d("X"), like="X"), **names)
    if not one:
        yield BANK.part("W_eff", v, Matrix("W_eff", r"W_{\mathrm{eff}}"))
        yield BANK.part("b_eff", v, Vector("b_eff", r"b_{\mathrm{eff}}"))
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))
    yield Part("question", *BANK.essay("question", v))


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The numbers; not the questions in words."""
    return [params.get(name) for name in ("X", "W1", "b1", "W2", "b2", "G", "T")]


def signature(v: Values) -> Mapping[str, Any]:
    """How many entries there are to compute, and how many claims to judge."""
    return {"layers": 1 if "W2" not in v else 2, "targets": "T" in v, "claims": len(v.claims)}


PROBLEM = Problem(
    id="linear-layer-gradients",
    title="Gradients of linear layers",
    topic="backpropagation",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "X": required(read_matrix),
        "W1": required(read_matrix),
        "b1": required(read_vector),
        "W2": optional(read_matrix),
        "b2": optional(read_vector),
        "G": optional(read_matrix),
        "T": optional(read_matrix),
        "question": optional(one_of(BANK["question"]), "removed_example"),
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
        "X": [[1, 2], [-1, 1], [3, 0]],
        "W1": [[1, -1], [2, 1]],
        "b1": [1, -2],
        "W2": [[1, 3], [-2, 1]],
        "b2": [2, -1],
        "G": [[1, -1], [2, 1], [-1, 2]],
        "claims": ["same_shape", "input_enters"],
    },
    canonical=canonical,
    signature=signature,
    standard={"layers": 2, "targets": False, "claims": 2},
    possible={"shapes": 1},
    variants=40_000,
    easy=Level(sample_easy, {"layers": 1, "targets": False, "claims": 2}, possible={"shapes": 1}, variants=40_000),
    hard=Level(sample_hard, {"layers": 2, "targets": True, "claims": 2}, possible={"shapes": 1}, variants=40_000),
)
