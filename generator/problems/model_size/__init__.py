r"""The size of a classifier: shapes of its activations, number of its parameters, and which of them costs more.

Normalization as in Ioffe and Szegedy (2015), residual blocks as in He et al. (2016); Adam's two moments as in
Kingma and Ba (2015).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import combinations, groupby
from typing import Any

import numpy as np
from sympy import Integer, ceiling, floor

from generator import (
    Array, Bank, Choice, Content, Draw, Fields, Figure, Fill, InputError, Level, Number, Part, Problem, Values,
    Vector,
    array, exp, expected, list_of, one_of, optional, permutation, read_vector, required, say, some_of, stack, steps,
    whole,
)  # fmt: skip
from generator.document.figures.network import Network, network_scene
from generator.numbers import notation
from generator.problems.model_size import networks as net
from generator.problems.model_size.networks import LARGEST_SIZE, Operations, network

FOLLOW_UPS = ("break_even", "break_even_adam", "largest_batch")

# ------------------------------------------------------------------------------------------ the sampler

EASY = (
    "Linear {a}, Norm, ReLU, Linear {b}, Norm, ReLU, Dropout, Linear {classes}",
    "Linear {a}, Norm, ReLU, Dropout, Linear {b}, Norm, ReLU, Linear {classes}",
    "Linear {a}, Norm, ReLU, Linear {b}, Norm, ReLU, Linear {classes}, Softmax",
    "Linear {a}, ReLU, Dropout, Linear {b}, Norm, ReLU, Linear {classes}, Softmax",
    "Linear {a}, Norm, ReLU, Linear {b}, ReLU, Linear {classes}, Softmax, Log",
    "Linear {a}, ReLU, Linear {b}, Norm, ReLU, Linear {classes}, Softmax, Log",
)
RESIDUAL = (
    "Linear {a}, ReLU, Linear {b}, Norm, ReLU, Dropout, Linear {a}, Norm, Add 2, ReLU, Linear {classes}",
    "Linear {a}, ReLU, Linear {b}, Norm, ReLU, Linear {a}, Norm, Add 2, ReLU, Linear {classes}, Softmax",
    "Linear {a}, ReLU, Linear {b}, Norm, ReLU, Linear {a}, Norm, Add 2, Linear {classes}, Softmax, Log",
)
STANDARD = (
    "Linear {a}, Norm, ReLU, Linear {b}, Norm, ReLU, Linear {c}, Norm, ReLU, Dropout, Linear {classes}",
    "Linear {a}, Norm, ReLU, Dropout, Linear {b}, Norm, ReLU, Dropout, Linear {c}, ReLU, Linear {classes}",
    "Linear {a}, Norm, ReLU, Linear {b}, Norm, ReLU, Linear {c}, Norm, ReLU, Linear {classes}, Softmax",
    "Linear {a}, Norm, ReLU, Dropout, Linear {b}, Norm, ReLU, Linear {c}, ReLU, Linear {classes}, Softmax",
    "Linear {a}, Norm, ReLU, Linear {b}, Norm, ReLU, Linear {c}, ReLU, Linear {classes}, Softmax, Log",
    "Linear {a}, ReLU, Linear {b}, Norm, ReLU, Linear {c}, Norm, ReLU, Linear {classes}, Softmax, Log",
    *RESIDUAL,
)
HARD = ("Linear {a}, Norm, ReLU, Linear {b}, Norm, ReLU, Linear {a}, Add 3, ReLU, Dropout, Linear {classes}", *RESIDUAL)
"""The networks of a level; some hold their logits in the last activation, others one or two before it."""


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split()))


INPUTS = _numbers("10 12 15 18 20 24 25 28 30 32 35 36 40 42 45 48 50 52 54 55 56 60")
# Widths are even: to halve them at a Dropout is a mistake that can be made.
WIDTHS = _numbers(
    "12 14 16 18 20 22 24 26 28 30 32 36 40 42 44 48 50 52 54 56 60 64 66 70 72 80 84 88 90 96 100 110 112 120 124 128 130 140 "
    "144 150 160 170 180 190 192 200 210 220 224 230 240 250 256"
)
LARGE_WIDTHS = _numbers(
    "120 128 140 144 150 160 170 180 190 192 200 210 220 224 230 240 250 256 260 270 280 288 290 300 310 320 330 340 350 360"
)
CLASSES = _numbers("10 12 15 16 18 20 24 25 30 32 36 40 45 50 60 64 70 75 80 90")
MANY_CLASSES = _numbers("100 120 125 140 150 160 180 200 240 250 300 400 500")
ROUND = _numbers("4 5 6 8 10 12 15 16 20 24 25 30 32 40 48 50 60 64 75 80 90 100 120 150 200 250 300 400")
"""Batch sizes to compare at."""

EXPONENTIALS = [(low, high) for low, high in combinations(range(2, 10), 2) if high > low + 1]
"""The exponentials of two of three logits; that of the third is 1, and none is half of the sum."""


# For each level its networks, the widths and the numbers of classes to draw from, the bounds of K and C, and the budgets.
LEVELS = {
    "easy": (EASY, WIDTHS, CLASSES, range(100, 1000), range(10_000, 25_000), range(50_000, 100_000, 10_000)),
    "standard": (
        STANDARD, WIDTHS, CLASSES, range(1000, 10_000), range(25_000, 100_000), range(200_000, 450_000, 50_000)
    ),
    "hard": (
        HARD, LARGE_WIDTHS, MANY_CLASSES, range(1000, 10_000), range(100_000, 250_000), range(500_000, 1_000_000, 100_000)
    ),
}  # fmt: skip


def _sample(level: str, draw: Draw) -> Mapping[str, Any]:
    """A network of one of the level's kinds whose sizes all differ."""
    networks, widths, classes, stored, learned, budgets = LEVELS[level]
    batch, features = draw.integer(2, 9), draw.choice(INPUTS)
    sizes = {name: draw.choice(widths) for name in "abc"} | {"classes": draw.choice(classes)}
    draw.require(len({features, *sizes.values()}) == 5, "two sizes are equal")
    operations = network(draw.choice(networks).format(**sizes))
    k, c = map(int, sizes_of(features, operations))
    draw.require(k in stored, "K is too small or too large")
    draw.require(c in learned, "C is too small or too large")
    draw.require(10 * k <= c < 100 * k and 4 * c % k, "the break-even has one or three digits, or is a whole number")
    follow_up = draw.choice(("break_even_adam", "largest_batch"))
    budget = draw.choice(budgets)
    draw.require((budget - c) % k, "the largest batch fills the budget")
    known = {
        "batch": batch,
        "features": features,
        "operations": operations,
        "blanks": [draw.choice(("in", "out")) for _ in range(len(net.positions("Linear", operations)) - 1)],
        "candidates": _candidates(draw, operations),
        "order": draw.shuffled((1, 2, 3, 4)),
        "logits": draw.shuffled(["0", *(f"log({size})" for size in draw.choice(EXPONENTIALS))]),
        "compare_at": _batches(draw, batch, Fraction(c, k)),
        "follow_ups": ["break_even", follow_up],
        **({"budget": budget} if follow_up == "largest_batch" else {}),
    }
    return {**known, **BANK.draw(draw.fork("concepts"), known, level=level)}


def _candidates(draw: Draw, operations: Operations) -> list[int]:
    """Three of the last four activations; the one that holds the logits may be left out.

    Where no softmax follows, the one before the last Linear is always offered: to take it for the logits, and to
    look for them after a softmax, would otherwise be the same answer.
    """
    last = len(operations)
    always = last - 1 if net.logits_place(operations) == last else None
    left_out = draw.choice([place for place in range(last - 3, last + 1) if place != always])
    return [place for place in range(last - 3, last + 1) if place != left_out]


def _batches(draw: Draw, batch: int, crossover: Fraction) -> tuple[int, int]:
    """Two round batch sizes, each clearly below the break-even or clearly above it, as often the one as the other."""
    below = [size for size in ROUND if crossover < 4 * size and 5 * size < 4 * crossover and size != batch]
    above = [size for size in ROUND if 5 * crossover < 4 * size and size < 4 * crossover and size != batch]
    first = draw.choice(draw.choice((below, above)))
    second = draw.choice([size for size in draw.choice((below, above)) if size != first])
    return first, second


def sizes_of(features: Any, operations: Operations) -> tuple[Any, Any]:
    """K and C of a network."""
    widths = net.output_widths(features, operations)
    learned = 0
    for operation, entering, leaving in zip(operations, [features, *widths], widths, strict=False):
        if operation["op"] == "Linear":
            learned += (entering + 1) * leaving
        elif operation["op"] == "Norm":
            learned += 2 * entering
    return sum(widths[:-1]), learned


# ------------------------------------------------------------------------------------------ what may be asked


def require(
    features: Any,
    operations: Operations,
    blanks: tuple[str, ...],
    follow_ups: tuple[str, ...],
    budget: Any = None,
    candidates: Sequence[Any] | None = None,
    compare_at: Any = "large",
) -> None:
    """Added activations of one width, one blank for each pair of Linears, a budget where it is asked for, and so on."""
    net.check_widths(operations, net.output_widths(features, operations), field="operations")
    pairs = len(net.positions("Linear", operations)) - 1
    if blanks and len(blanks) != pairs:
        raise InputError(expected(f"{pairs} sides, one for each two Linears in a row", len(blanks)), field="blanks")
    if "largest_batch" in follow_ups and budget is None:
        raise InputError("missing; the follow-up largest_batch needs it", field="budget")
    if candidates is not None and not len(candidates) == len({*candidates}) == 3:
        raise InputError(expected("three different activations", list(candidates)), field="candidates")
    last = max(candidates or (0,))
    if last > len(operations):
        raise InputError(expected(f"activations from 1 to {len(operations)}", last), field="candidates")
    stored, learned = sizes_of(features, operations)
    if two_batches(compare_at) and learned in compare_at * stored:
        raise InputError(
            f"expected batch sizes other than {learned / stored}, where both are equal", field="compare_at"
        )
    if budget is not None and budget < stored + learned:
        raise InputError(expected(f"at least {stored + learned}, for one example", budget), field="budget")


_read_sizes = list_of(whole(1, LARGEST_SIZE))


def _read_compare_at(raw: Any, *, field: str) -> Any:
    if raw == "large":
        return raw
    if not isinstance(raw, list | tuple):
        return whole(1, LARGEST_SIZE)(raw, field=field)
    sizes = _read_sizes(raw, field=field)
    if len(sizes) != 2 or sizes[0] == sizes[1]:
        raise InputError(expected("one batch size, or two that differ", list(raw)), field=field)
    return array(sizes)


# ----------------------------------------------------------------------------------------- the solution
# A step's name is what it computes, its arguments are what it needs.  K is activations_per_example, C is parameters.


def linear_outputs(operations: Operations) -> Array:
    return array(operations[place]["out"] for place in net.positions("Linear", operations))


def output_widths(features: Any, operations: Operations, linear_outputs: Array) -> Array:
    return array(net.output_widths(features, operations, linear_outputs))


def shapes(batch: Any, widths: Array) -> Array:
    return array((batch, width) for width in widths)


def two_batches(compare_at: Any) -> bool:
    """The comparison is made at two batch sizes."""
    return isinstance(compare_at, tuple)


def memory(compare_at: Any, activations_per_example: Any, parameters: Any) -> str:
    """Which of the two is larger at the batch size compared at, or at both of two."""
    if compare_at == "large":
        return "activations"  # nK grows without bound, C does not
    leaders = [
        "equal" if held == parameters else "activations" if held > parameters else "parameters"
        for held in array([compare_at]).flatten() * activations_per_example
    ]
    return leaders[0] if len({*leaders}) == 1 else "equal" if "equal" in leaders else f"{leaders[0]} first"


SOLUTION = steps(
    linear_outputs=linear_outputs,
    output_widths=output_widths,
    classes=lambda output_widths: output_widths[-1],
    inputs=lambda features, output_widths: array([features, *output_widths[:-1]]),
    shapes=lambda batch, output_widths: shapes(batch, output_widths),
    linear_sizes=lambda operations, inputs, linear_outputs: stack(
        [inputs[net.positions("Linear", operations)], linear_outputs], axis=1
    ),
    norm_sizes=lambda operations, inputs: inputs[net.positions("Norm", operations)],
    blank_sides=lambda linear_sizes, blanks: blanks or net.default_sides(len(linear_sizes)),
    dimensions=lambda linear_sizes, blank_sides: array(linear_sizes[blank] for blank in net.blanks(blank_sides)),
    logits_activation=lambda operations: f"z{net.logits_place(operations)}",
    logits_option=lambda logits_activation, candidates: (
        logits_activation if logits_activation in [f"z{place}" for place in candidates] else "none"
    ),
    exponentials=lambda logits: exp(logits),
    exponential_sum=lambda exponentials: exponentials.sum(),
    probabilities=lambda exponentials, exponential_sum: exponentials / exponential_sum,
    activations_per_example=lambda output_widths: output_widths[:-1].sum(),  # all z but the last
    activations=lambda batch, activations_per_example: batch * activations_per_example,
    weights=lambda linear_sizes: linear_sizes[:, 0] @ linear_sizes[:, 1],
    biases=lambda linear_sizes: linear_sizes[:, 1].sum(),
    norm_parameters=lambda norm_sizes: 2 * norm_sizes.sum(),
    parameters=lambda weights, biases, norm_parameters: weights + biases + norm_parameters,
    crossover=lambda parameters, activations_per_example: parameters / activations_per_example,
    break_even=lambda crossover: floor(crossover) + 1,  # the least n with nK > C, also where K divides C
    # Adam keeps a parameter, its gradient and two moments.
    adam_crossover=lambda parameters, activations_per_example: 4 * parameters / activations_per_example,
    break_even_adam=lambda adam_crossover: floor(adam_crossover) + 1,
    memory=memory,
    # How many examples fit beside the parameters.
    budget_quotient=lambda budget, activations_per_example, parameters: (budget - parameters) / activations_per_example,
    largest_batch=lambda budget_quotient: floor(budget_quotient),
)

# What entries of the bank require, and what their slots are filled with.


def large_batches(compare_at: Any) -> bool:
    """The batch grows without bound."""
    return bool(compare_at == "large")


def one_batch(compare_at: Any) -> bool:
    """The comparison is made at one batch size."""
    return not large_batches(compare_at) and not two_batches(compare_at)


def without_adam(follow_ups: tuple[str, ...]) -> bool:
    """No follow-up says what Adam stores."""
    return "break_even_adam" not in follow_ups


def without_softmax(operations: Operations) -> bool:
    """The network itself does not end in a softmax."""
    return net.logits_place(operations) == len(operations)


def last_inputs(linear_sizes: Array) -> Any:
    return linear_sizes[-1, 0]


BANK = Bank.beside(
    __file__,
    large_batches,
    one_batch,
    two_batches,
    without_adam,
    without_softmax,
    last_inputs,
    more=lambda batch: batch + 1,
    twice_batch=lambda batch: 2 * batch,
    four_batch=lambda batch: 4 * batch,
    batch_square=lambda batch: batch**2,
    batch_cube=lambda batch: batch**3,
    others=lambda classes: classes - 1,
    more_classes=lambda classes: classes + 1,
    more_features=lambda features: features + 1,
    first_outputs=lambda linear_outputs: linear_outputs[0],
    first_more=lambda linear_outputs: linear_outputs[0] + 1,
    first_entries=lambda batch, output_widths: batch * output_widths[0],
    last_more=lambda linear_sizes: last_inputs(linear_sizes) + 1,
    last_least=lambda linear_sizes: last_inputs(linear_sizes) + 2,
    last_held=lambda batch, linear_sizes: batch * last_inputs(linear_sizes),
    last_doubled=lambda linear_sizes: 4 * last_inputs(linear_sizes) * linear_sizes[-1, 1] + 2 * linear_sizes[-1, 1],
    widest=lambda output_widths: output_widths[:-1].max(),
    parameter_bytes=lambda parameters: 4 * parameters,
    activation_bytes=lambda activations_per_example: 4 * activations_per_example,
    half_bytes=lambda parameters: 2 * parameters,
    two_times=lambda parameters: 2 * parameters,
    three_times=lambda parameters: 3 * parameters,
    batch_ratio=lambda compare_at: compare_at[1] / compare_at[0],
    held=lambda compare_at, activations_per_example: compare_at * activations_per_example,
    leader=lambda activations, parameters: "parameters" if activations < parameters else "activations",
)

# ------------------------------------------------------------------------------ what students do instead


def _has(name: str) -> Callable[..., bool]:
    return lambda operations: bool(net.positions(name, operations))


def _asks(name: str) -> Callable[..., bool]:
    return lambda follow_ups: name in follow_ups


MISTAKES = [
    BANK.mistake("transposed", shapes=lambda batch, output_widths: array((width, batch) for width in output_widths)),
    BANK.mistake(
        "one early",
        shapes=lambda batch, inputs: shapes(batch, inputs),
        activations_per_example=lambda inputs: inputs[:-1].sum(),
    ),
    BANK.mistake(
        "width of the layer before",
        shapes=lambda batch, features, operations, linear_sizes: shapes(
            batch, output_widths(features, operations, linear_sizes[:, 0])
        ),
    ),
    BANK.mistake(
        "batch size for classes",
        linear_outputs=lambda batch, operations: array([*linear_outputs(operations)[:-1], batch]),
    ),
    BANK.mistake(
        "dropout shrinks",
        output_widths=lambda features, operations, linear_outputs: array(
            net.output_widths(features, operations, linear_outputs, dropout=lambda width: width // 2)
        ),
        applies=_has("Dropout"),
    ),
    BANK.mistake(
        "addition concatenates",
        output_widths=lambda features, operations, linear_outputs: array(
            net.output_widths(features, operations, linear_outputs, add=lambda width, other: width + other)
        ),
        applies=_has("Add"),
    ),
    BANK.mistake(
        "weight shape for an activation",
        shapes=lambda operations, batch, inputs, output_widths: array(
            (entering if operation["op"] == "Linear" else batch, leaving)
            for operation, entering, leaving in zip(operations, inputs, output_widths, strict=True)
        ),
    ),
    BANK.mistake(
        "features for logits",
        logits_activation=lambda operations: f"z{net.logits_place(operations) - 1}",
        applies=lambda logits_activation: logits_activation != "z1",
    ),
    BANK.mistake(
        "probabilities for logits",
        logits_activation=lambda operations: f"z{net.logits_place(operations) + 1}",
        applies=lambda operations: net.logits_place(operations) < len(operations),
    ),
    BANK.mistake(
        "log-probabilities for logits",
        logits_activation=lambda operations: f"z{net.logits_place(operations) + 2}",
        applies=lambda operations: net.logits_place(operations) < len(operations) - 1,
    ),
    BANK.mistake(
        "logits after a softmax",
        logits_activation=lambda: "none",
        applies=lambda operations, candidates=(): (
            net.logits_place(operations) == len(operations) and (not candidates or len(operations) in candidates)
        ),
    ),
    BANK.mistake(
        "logits divided by their sum",
        probabilities=lambda logits: logits / logits.sum(),
        applies=lambda logits: logits.sum() != 0,
    ),
    BANK.mistake(
        "not divided by the sum",
        probabilities=lambda exponentials: exponentials,
        applies=lambda exponential_sum: exponential_sum != 1,
    ),
    BANK.mistake(
        "divided by the largest",
        probabilities=lambda exponentials: exponentials / exponentials.max(),
        applies=lambda logits: len(logits) > 1,
    ),
    BANK.mistake(
        "sigmoid",
        probabilities=lambda exponentials: exponentials / (1 + exponentials),
        applies=lambda logits: len(logits) > 1,
    ),
    BANK.mistake("last activation counted", activations_per_example=lambda output_widths: output_widths.sum()),
    BANK.mistake("input counted", activations_per_example=lambda inputs: inputs.sum()),
    BANK.mistake(
        "outputs of Linears only",
        activations_per_example=lambda operations, output_widths: output_widths[
            net.positions("Linear", operations[:-1])
        ].sum(),
    ),
    BANK.mistake(  # A question misread: what is computed from K later is right.
        "batch for one example",
        activations_per_example=lambda batch, output_widths: batch * output_widths[:-1].sum(),
        activations=lambda activations_per_example: activations_per_example,
        crossover=lambda batch, parameters, activations_per_example: batch * parameters / activations_per_example,
        adam_crossover=lambda crossover: 4 * crossover,
        memory=lambda batch, compare_at, activations_per_example, parameters: memory(
            compare_at, activations_per_example / batch, parameters
        ),
        budget_quotient=lambda batch, budget, activations_per_example, parameters: (
            batch * (budget - parameters) / activations_per_example
        ),
        applies=lambda batch: batch != 1,
    ),
    BANK.mistake(
        "one example for the batch",
        activations=lambda activations_per_example: activations_per_example,
        applies=lambda batch: batch != 1,
    ),
    BANK.mistake("weights only", biases=lambda: Integer(0), norm_parameters=lambda: Integer(0), applies=_has("Norm")),
    BANK.mistake("no biases", biases=lambda: Integer(0)),
    BANK.mistake("biases of the input's size", biases=lambda linear_sizes: linear_sizes[:, 0].sum()),
    BANK.mistake("no norms", norm_parameters=lambda: Integer(0), applies=_has("Norm")),
    BANK.mistake("gamma only", norm_parameters=lambda norm_sizes: norm_sizes.sum(), applies=_has("Norm")),
    BANK.mistake(
        "running statistics counted", norm_parameters=lambda norm_sizes: 4 * norm_sizes.sum(), applies=_has("Norm")
    ),
    BANK.mistake(
        "parameters for each example",
        parameters=lambda batch, weights, biases, norm_parameters: batch * (weights + biases + norm_parameters),
        applies=lambda batch: batch != 1,
    ),
    BANK.mistake("parameters always", memory=lambda: "parameters", applies=lambda memory: memory != "parameters"),
    BANK.mistake("activations always", memory=lambda: "activations", applies=lambda memory: memory != "activations"),
    BANK.mistake(
        "parameters grow with the batch", memory=lambda: "ratio", applies=lambda compare_at: not two_batches(compare_at)
    ),
    BANK.mistake(
        "parameters grow in place of activations",
        memory=lambda compare_at: "parameters first" if compare_at[0] > compare_at[1] else "activations first",
        applies=two_batches,
    ),
    BANK.mistake(
        "rounded down at the break-even",
        break_even=lambda crossover: floor(crossover),
        break_even_adam=lambda adam_crossover: floor(adam_crossover),
        applies=_asks("break_even"),
    ),
    BANK.mistake(
        "gradients and moments forgotten", adam_crossover=lambda crossover: crossover, applies=_asks("break_even_adam")
    ),
    BANK.mistake(
        "gradients forgotten", adam_crossover=lambda crossover: 3 * crossover, applies=_asks("break_even_adam")
    ),
    BANK.mistake(
        "parameters take no room",
        budget_quotient=lambda budget, activations_per_example: budget / activations_per_example,
    ),
    BANK.mistake("rounded up beyond the room", largest_batch=lambda budget_quotient: ceiling(budget_quotient)),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(
    batch: float,
    features: float,
    operations: Operations,
    compare_at: Any = "large",
    candidates: Any = (),
    logits: np.ndarray | None = None,
    budget: float | None = None,
) -> Mapping[str, Any]:
    """numpy, from arrays sent through the network and their entries counted; searches instead of divisions."""
    n = int(batch)
    z = [_empty(n, features)]
    matrices, vectors = [], []
    for operation in operations:
        match operation["op"]:
            case "Linear":
                matrices.append(_empty(z[-1].shape[1], operation["out"]))
                vectors.append(_empty(operation["out"]))
                z.append(_empty(n, operation["out"]))
            case "Norm":
                vectors += [z[-1][0], z[-1][0]]
                z.append(z[-1])
            case "Add":
                z.append(_empty(*np.broadcast_shapes(z[-1].shape, z[int(operation["with"])].shape)))
            case _:
                z.append(z[-1])  # entry by entry
    total, count = (sum(one.size for one in arrays) for arrays in (z[1:-1], matrices + vectors))

    def least_above(bound: int) -> int:
        """The least batch size that holds more numbers than that, looked up among the multiples of K."""
        return bisect_right(range(0, bound + total, total // n), bound)

    before_softmax = re.sub(" Softmax( Log)?$", "", " ".join(operation["op"] for operation in operations))
    scores = f"z{len(before_softmax.split())}"
    sizes = [10 * count] if isinstance(compare_at, str) else np.atleast_1d(compare_at).tolist()
    signs = [(size * total > n * count) - (size * total < n * count) for size in sizes]
    opinion = {
        "dimensions": [matrix.shape[1] for matrix in matrices],  # each width is left out once
        "shapes": [one.shape for one in z[1:]],
        "logits_activation": scores,
        "activations_per_example": total / n,
        "activations": total,
        "weights": sum(matrix.size for matrix in matrices),
        "biases": sum(matrix.shape[1] for matrix in matrices),
        "norm_parameters": count - sum((matrix.shape[0] + 1) * matrix.shape[1] for matrix in matrices),
        "parameters": count,
        "crossover": n * count / total,
        "break_even": least_above(count),
        "break_even_adam": least_above(4 * count),
        "memory": ("equal", "activations", "parameters")[signs[0]] + " first" * (signs[0] != signs[-1]),
    }
    if len(candidates):
        opinion["logits_option"] = scores if scores in [f"z{place:.0f}" for place in candidates] else "none"
    if logits is not None:
        shifted = logits - logits.max()
        opinion["probabilities"] = np.exp(shifted - np.log(np.exp(shifted).sum()))
    if budget is not None:
        opinion["largest_batch"] = least_above(int(budget) - count) - 1
    return opinion


def _empty(*shape: Any) -> np.ndarray:
    """An array that has a shape and takes no memory: its entries have no bytes."""
    return np.empty([int(size) for size in shape], np.dtype([]))


# -------------------------------------------------------------------------------------------- the prose


def preamble(v: Values) -> Content:
    boxes = net.boxes(v.operations, v.linear_sizes, net.blanks(v.blank_sides))
    network = Network(notation.shape((v.batch, v.features)), boxes)
    conventions = BANK.texts("conventions", v)
    return [
        BANK.text("preamble", v),
        Figure("network", network_scene(network, filled=False), network_scene(network, filled=True)),
        Fill(
            say("$$<listing>$$", listing=net.listing(boxes, filled=False)),
            say("$$<listing>$$", listing=net.listing(boxes, filled=True)),
        ),
        BANK.joined(text for kind, text in conventions.items() if net.positions(kind, v.operations)),
    ]


def parts(v: Values) -> Iterator[Part]:
    yield BANK.part("propagation", v, parts=(_dimensions(v), _shapes(v)))
    yield BANK.part("classification", v, parts=tuple(_classification(v)))
    stored = BANK.part(
        "activations_per_example", v, Number("activations_per_example", "K"), sum=_sum_of_runs(v.output_widths[:-1])
    )
    of_the_batch = BANK.part("activations", v, Number("activations", "nK"))
    last = len(v.operations)
    yield BANK.part("intermediate", v, parts=(stored, of_the_batch), before=last - 1, last=last)
    yield from _counting(v)
    yield BANK.part("memory_comparison", v, parts=tuple(_comparison(v)))
    if v.claims:
        yield BANK.part("claims", v, BANK.claims("claims", v))


def _dimensions(v: Values) -> Part:
    blanks = net.blanks(v.blank_sides)
    labels = [rf"\mathrm{{Linear}}_{{{linear + 1}}}\text{{ {'out' if end else 'in'}}}" for linear, end in blanks]
    steps = []
    for linear, end in blanks:
        kind = "inputs" if end == 0 else "classes" if linear == len(v.linear_sizes) - 1 else "outputs"
        numbers = {"size": v.linear_sizes[linear, end], "linear": linear + 1, "before": linear, "after": linear + 2}
        steps.append(BANK.text(f"worked_blank.{kind}", v, **numbers))
    return BANK.part("dimensions", v, Fields("dimensions", tuple(labels)), steps=steps)


def _shapes(v: Values) -> Part:
    kinds = [operation["op"] for operation in v.operations]
    steps = []
    for row in net.rows(kinds):
        first = row[0]
        case = "no_linear" if kinds[first] != "Linear" else "linear_alone" if len(row) == 1 else "linear"
        slots = {
            "width": v.output_widths[first],
            "shape": v.shapes[first],
            "linear": kinds[: first + 1].count("Linear"),
            "names": ", ".join(f"z_{{{place + 1}}}" for place in row),
        }
        steps.append(BANK.text(f"worked_shapes.{case}", v, **slots))
    return BANK.part("shapes", v, Fields("shapes", tuple(f"z_{{{i}}}" for i in range(1, len(kinds) + 1))), steps=steps)


def _classification(v: Values) -> Iterator[Part]:
    last = len(v.operations)
    offered = "candidates" in v
    case = "among_all" if not offered else "not_offered" if v.logits_option == "none" else "offered"
    places = v.candidates if offered else range(max(1, last - 2), last + 1)
    options: dict[str, Content] = {f"z{place}": f"$z_{{{place}}}$" for place in places}
    options["none"] = BANK.text("no_logits.offered" if offered else "no_logits.among_all", v)
    answer = Choice("logits_option" if offered else "logits_activation", _in_order(v, options), in_order=True)
    yield BANK.part("logits", v, answer, case=case, z=f"z_{{{v.logits_activation[1:]}}}")
    yield Part("softmax", *BANK.essay("softmax_question", v))
    if "logits" in v:
        yield BANK.part("probabilities", v, Vector("probabilities", "p", like="logits"), count=len(v.logits))


def _in_order(v: Values, options: Mapping[str, Content]) -> Mapping[str, Content]:
    """The options in the order drawn; of fewer than four, those that there are."""
    keys = [*options]
    places = map(int, v.get("order", (1, 2, 3, 4)))
    return {keys[place - 1]: options[keys[place - 1]] for place in places if place <= len(keys)}


def _sum_of_runs(widths: Sequence[Any]) -> str:
    r"""``3 \cdot 128 + 20``: equal neighbours together."""
    runs = [(width, len([*run])) for width, run in groupby(widths)]
    return " + ".join((rf"{times} \cdot " if times > 1 else "") + str(width) for width, times in runs)


def _counting(v: Values) -> Iterator[Part]:
    products = " + ".join(rf"{entering} \cdot {leaving}" for entering, leaving in v.linear_sizes)
    case = "no_norms" if not v.norm_sizes else "one_norm" if len(v.norm_sizes) == 1 else "norms"
    weights, biases, norms, together = (
        BANK.text(f"counted.{name}", v, products=products) for name in ("weights", "biases", case, "together")
    )
    yield BANK.part("weights", v, Number("weights", r"\text{weights}"), steps=[weights])
    yield BANK.part("biases", v, Number("biases", r"\text{biases}"), steps=[biases])
    yield BANK.part("norm_parameters", v, Number("norm_parameters", r"\text{norms}"), steps=[norms])
    whole = BANK.text({"norms": "counted.whole"}.get(case, f"counted.whole_{case}"), v, products=products)
    steps = [whole, weights, biases, norms, together] if v.norm_sizes else [whole, weights, biases, together]
    yield BANK.part("parameters", v, Number("parameters", "C"), steps=steps)


def _comparison(v: Values) -> Iterator[Part]:
    cases = {"large_batches": large_batches, "one_batch": one_batch, "two_batches": two_batches}
    case = next(name for name, holds in cases.items() if holds(v.compare_at))
    options = BANK.texts("memory_at_two_batches" if case == "two_batches" else "memory_at_one_batch", v)
    if v.memory != "equal":
        options.pop("equal", None)
    yield BANK.part("memory", v, Choice("memory", _in_order(v, options), in_order=True), case=case)
    reasons = {"large_batches": "reason_for_large_batches", "one_batch": "reason_at_one_batch"}
    name = reasons.get(case, "reason") if v.memory_question == "reason" else v.memory_question
    yield Part("memory_reason", *BANK.essay("memory_question", v, name), needs=("memory",))
    for follow_up in v.follow_ups:
        yield _follow_up(v, follow_up)


def _follow_up(v: Values, name: str) -> Part:
    """The part, with the numbers below the threshold and above it."""
    least = v[name] + 1 if name == "largest_batch" else v[name]
    below, above = (least - 1) * v.activations_per_example, least * v.activations_per_example
    case = ""
    if name == "largest_batch":
        case = "with_rest" if v.budget - v.parameters > below else "full"
    return BANK.part(
        name,
        v,
        Number(name, "n"),
        case=case,
        before=least - 1,
        least=least,
        below=below,
        above=above,
        rest=v.get("budget", 0) - v.parameters,
    )


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The network and its batch; what is asked beside, and where the blanks are, does not make it another one."""
    return params["batch"], params["features"], params["operations"]


def signature(v: Values) -> Mapping[str, Any]:
    """How much there is to count, and what is asked beside."""
    sizes = {v.batch, v.features, *v.linear_outputs}
    added = len(net.positions("Add", v.operations))
    return {
        "activations": len(v.operations),
        "blanks": len(v.dimensions),
        "all sizes different": len(sizes) == 2 + len(v.linear_outputs) - added,
        "digits of K and C": (len(str(v.activations_per_example)), len(str(v.parameters))),
        "parameters lead": bool(v.activations < v.parameters),
        "logits": len(v.get("logits", ())),
        "follow-ups": len(v.follow_ups),
        "claims": len(v.claims),
    }


SIGNATURE = {
    "activations": 11,
    "blanks": 4,
    "all sizes different": True,
    "digits of K and C": (4, 5),
    "parameters lead": True,
    "logits": 3,
    "follow-ups": 2,
    "claims": 2,
}

PROBLEM = Problem(
    id="model-size",
    title="Model size",
    topic="architecture",
    bank=BANK,
    symbols=BANK.symbols,
    parameters={
        "batch": required(whole(1, LARGEST_SIZE)),
        "features": required(whole(1, LARGEST_SIZE)),
        "operations": required(net.read_operations),
        "logits": optional(read_vector),
        "blanks": optional(list_of(one_of(("in", "out"))), ()),
        "softmax_question": optional(one_of(BANK["softmax_question"]), "to_probabilities"),
        "candidates": optional(_read_sizes),
        "order": optional(permutation(4)),
        "compare_at": optional(_read_compare_at, "large"),
        "memory_question": optional(one_of(BANK["memory_question"]), "reason"),
        "follow_ups": optional(some_of(FOLLOW_UPS), ()),
        "budget": optional(whole(1, 10**12)),
        "claims": optional(some_of(BANK["claims"]), ()),
    },
    require=require,
    sample=partial(_sample, "standard"),
    solution=SOLUTION,
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
    parts=parts,
    original={
        "batch": 4,
        "features": 52,
        "operations": network(
            "Linear 128, Norm, ReLU, Linear 256, Norm, ReLU, Linear 20, Norm, ReLU, Dropout, Linear 1000"
        ),
    },
    canonical=canonical,
    signature=signature,
    standard=SIGNATURE,
    easy=Level(
        partial(_sample, "easy"),
        SIGNATURE | {"activations": 8, "blanks": 3, "digits of K and C": (3, 5)},
        variants=19_000_000,
    ),
    hard=Level(partial(_sample, "hard"), SIGNATURE | {"digits of K and C": (4, 6)}, variants=5_500_000),
    variants=1_000_000_000,
)
