r"""The size of a classifier: shapes of its activations, number of its parameters, and which of them costs more.

Normalization as in Ioffe and Szegedy (2015), residual blocks as in He et al. (2016); Adam's two moments as in
Kingma and Ba (2015).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
from sympy import Integer, ceiling, floor

from generator import (
    Array,
    Draw,
    InputError,
    Level,
    Mistake,
    Problem,
    Values,
    array,
    exp,
    expected,
    one_of,
    optional,
    permutation,
    read_vector,
    required,
    some_of,
    stack,
    whole,
)
from generator.problems.model_size import networks as net
from generator.problems.model_size.networks import LARGEST_SIZE, Operations, network
from generator.problems.model_size.prose import BANK, FOLLOW_UPS, parts, preamble, two_batches

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
HARD = (
    "Linear {a}, Norm, ReLU, Linear {b}, Norm, ReLU, Linear {a}, Add 3, ReLU, Dropout, Linear {classes}",
    *RESIDUAL,
)
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


def _sample(
    draw: Draw,
    level: str,
    networks: Sequence[str],
    widths: Sequence[int],
    classes: Sequence[int],
    stored: range,
    learned: range,
    budgets: Sequence[int],
) -> Mapping[str, Any]:
    """A network whose sizes all differ, K among ``stored`` and C among ``learned``."""
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


sample_easy = partial(
    _sample,
    level="easy",
    networks=EASY,
    widths=WIDTHS,
    classes=CLASSES,
    stored=range(100, 1000),
    learned=range(10_000, 25_000),
    budgets=range(50_000, 100_000, 10_000),
)
sample = partial(
    _sample,
    level="standard",
    networks=STANDARD,
    widths=WIDTHS,
    classes=CLASSES,
    stored=range(1000, 10_000),
    learned=range(25_000, 100_000),
    budgets=range(200_000, 450_000, 50_000),
)
sample_hard = partial(
    _sample,
    level="hard",
    networks=HARD,
    widths=LARGE_WIDTHS,
    classes=MANY_CLASSES,
    stored=range(1000, 10_000),
    learned=range(100_000, 250_000),
    budgets=range(500_000, 1_000_000, 100_000),
)


def sizes_of(features: Any, operations: Operations) -> tuple[Any, Any]:
    """K and C of a network."""
    outputs = linear_outputs(operations)
    widths = output_widths(features, operations, outputs)
    entering = inputs(features, widths)
    linears = linear_sizes(operations, entering, outputs)
    norms = norm_parameters(norm_sizes(operations, entering))
    return activations_per_example(widths), parameters(weights(linears), biases(linears), norms)


# ------------------------------------------------------------------------------------------ what may be asked


def require(
    features: Any,
    operations: Operations,
    blanks: tuple[str, ...],
    follow_ups: tuple[str, ...],
    budget: Any = None,
    candidates: Sequence[Any] = (),
    compare_at: Any = "large",
) -> None:
    """Added activations of one width, one blank for each pair of Linears, a budget where it is asked for, and so on."""
    net.check_widths(operations, output_widths(features, operations, linear_outputs(operations)), field="operations")
    pairs = len(linear_outputs(operations)) - 1
    if blanks and len(blanks) != pairs:
        raise InputError(expected(f"{pairs} sides, one for each two Linears in a row", len(blanks)), field="blanks")
    if "largest_batch" in follow_ups and budget is None:
        raise InputError("missing; the follow-up largest_batch needs it", field="budget")
    last = max(candidates, default=0)
    if last > len(operations):
        raise InputError(expected(f"activations from 1 to {len(operations)}", last), field="candidates")
    stored, learned = sizes_of(features, operations)
    if two_batches(compare_at) and learned in compare_at * stored:
        raise InputError(
            f"expected batch sizes other than {learned / stored}, where both are equal", field="compare_at"
        )
    if budget is not None and budget < stored + learned:
        raise InputError(expected(f"at least {stored + learned}, for one example", budget), field="budget")


def _list_of(read: Callable[..., Any], what: str) -> Callable[..., tuple[Any, ...]]:
    """A reader of a list."""

    def read_list(raw: Any, *, field: str) -> tuple[Any, ...]:
        if not isinstance(raw, list | tuple):
            raise InputError(expected(f"{what}", repr(raw)), field=field)
        return tuple(read(item, field=f"{field}[{place}]") for place, item in enumerate(raw, start=1))

    return read_list


_read_sides = _list_of(one_of(("in", "out")), "a list of sides")
_read_sizes = _list_of(whole(1, LARGEST_SIZE), "a list of sizes")


def _read_compare_at(raw: Any, *, field: str) -> Any:
    if raw == "large":
        return raw
    if not isinstance(raw, list | tuple):
        return whole(1, LARGEST_SIZE)(raw, field=field)
    sizes = _read_sizes(raw, field=field)
    if len(sizes) != 2 or sizes[0] == sizes[1]:
        raise InputError(expected("one batch size, or two that differ", list(raw)), field=field)
    return array(sizes)


def _read_candidates(raw: Any, *, field: str) -> tuple[Any, ...]:
    found = _read_sizes(raw, field=field)
    if len(found) != 3 or len({*found}) < 3:
        raise InputError(expected("three different activations", list(raw)), field=field)
    return found


# ----------------------------------------------------------------------------------------- the solution
# A function's name is what it computes, its arguments are what it needs.  K is activations_per_example, C is parameters.


def linear_outputs(operations: Operations) -> Array:
    return array(operations[place]["out"] for place in net.positions("Linear", operations))


def output_widths(features: Any, operations: Operations, linear_outputs: Array) -> Array:
    return array(net.output_widths(features, operations, linear_outputs))


def classes(output_widths: Array) -> Any:
    return output_widths[-1]


def inputs(features: Any, output_widths: Array) -> Array:
    """The width that enters each operation."""
    return array([features, *output_widths[:-1]])


def shapes(batch: Any, output_widths: Array) -> Array:
    return array((batch, width) for width in output_widths)


def linear_sizes(operations: Operations, inputs: Array, linear_outputs: Array) -> Array:
    return stack([inputs[net.positions("Linear", operations)], linear_outputs], axis=1)


def norm_sizes(operations: Operations, inputs: Array) -> Array:
    return inputs[net.positions("Norm", operations)]


def blank_sides(linear_sizes: Array, blanks: tuple[str, ...]) -> tuple[str, ...]:
    """For each two Linears in a row, which of the two equal numbers is left out."""
    return blanks or net.default_sides(len(linear_sizes))


def dimensions(linear_sizes: Array, blank_sides: tuple[str, ...]) -> Array:
    return array(linear_sizes[blank] for blank in net.blanks(blank_sides))


def logits_activation(operations: Operations) -> str:
    return f"z{net.logits_place(operations)}"


def logits_option(logits_activation: str, candidates: Sequence[Any]) -> str:
    """That activation if it is among those offered."""
    return logits_activation if logits_activation in [f"z{place}" for place in candidates] else "none"


def exponentials(logits: Array) -> Array:
    return exp(logits)


def exponential_sum(exponentials: Array) -> Any:
    return exponentials.sum()


def probabilities(exponentials: Array, exponential_sum: Any) -> Array:
    return exponentials / exponential_sum


def activations_per_example(output_widths: Array) -> Any:
    """K: all z but the last."""
    return output_widths[:-1].sum()


def activations(batch: Any, activations_per_example: Any) -> Any:
    return batch * activations_per_example


def weights(linear_sizes: Array) -> Any:
    return linear_sizes[:, 0] @ linear_sizes[:, 1]


def biases(linear_sizes: Array) -> Any:
    return linear_sizes[:, 1].sum()


def norm_parameters(norm_sizes: Array) -> Any:
    return 2 * norm_sizes.sum()


def parameters(weights: Any, biases: Any, norm_parameters: Any) -> Any:
    """C."""
    return weights + biases + norm_parameters


def crossover(parameters: Any, activations_per_example: Any) -> Any:
    return parameters / activations_per_example


def break_even(crossover: Any) -> Any:
    """The least n with nK > C; also where K divides C."""
    return floor(crossover) + 1


def adam_crossover(parameters: Any, activations_per_example: Any) -> Any:
    """4C/K: Adam keeps a parameter, its gradient and two moments."""
    return 4 * parameters / activations_per_example


def break_even_adam(adam_crossover: Any) -> Any:
    return floor(adam_crossover) + 1


def memory(compare_at: Any, activations_per_example: Any, parameters: Any) -> str:
    """Which of the two is larger at the batch size compared at, or at both of two."""
    if compare_at == "large":
        return "activations"  # nK grows without bound, C does not
    leaders = [
        "equal" if held == parameters else "activations" if held > parameters else "parameters"
        for held in array([compare_at]).flatten() * activations_per_example
    ]
    return leaders[0] if len({*leaders}) == 1 else "equal" if "equal" in leaders else f"{leaders[0]} first"


def budget_quotient(budget: Any, activations_per_example: Any, parameters: Any) -> Any:
    """(M - C)/K: how many examples fit beside the parameters."""
    return (budget - parameters) / activations_per_example


def largest_batch(budget_quotient: Any) -> Any:
    return floor(budget_quotient)


SOLUTION: list[Callable[..., Any]] = [
    linear_outputs, output_widths, classes, inputs, shapes, linear_sizes, norm_sizes, blank_sides, dimensions,
    logits_activation, logits_option, exponentials, exponential_sum, probabilities,
    activations_per_example, activations, weights, biases, norm_parameters, parameters,
    crossover, break_even, adam_crossover, break_even_adam, memory, budget_quotient, largest_batch,
]  # fmt: skip

# ------------------------------------------------------------------------------ what students do instead


def _has(name: str) -> Callable[..., bool]:
    return lambda operations: bool(net.positions(name, operations))


def _asks(name: str) -> Callable[..., bool]:
    return lambda follow_ups: name in follow_ups


MISTAKES = [
    Mistake(
        "transposed",
        "put the features first: a batch has one row for each example",
        shapes=lambda batch, output_widths: array((width, batch) for width in output_widths),
    ),
    Mistake(
        "one early",
        "took the input for $z_1$: that is the output of the first operation",
        shapes=lambda batch, inputs: shapes(batch, inputs),
        activations_per_example=lambda inputs: inputs[:-1].sum(),
    ),
    Mistake(
        "width of the layer before",
        "gave each Linear's output the width of its input: the second number of a Linear is the width of its output",
        shapes=lambda batch, features, operations, linear_sizes: shapes(
            batch, output_widths(features, operations, linear_sizes[:, 0])
        ),
    ),
    Mistake(
        "batch size for classes",
        "gave the last Linear an output for each example of the batch: it has one for each class",
        linear_outputs=lambda batch, operations: array([*linear_outputs(operations)[:-1], batch]),
    ),
    Mistake(
        "dropout shrinks",
        "let Dropout make its output narrower: it sets entries to zero and keeps the shape",
        output_widths=lambda features, operations, linear_outputs: array(
            net.output_widths(features, operations, linear_outputs, dropout=lambda width: width // 2)
        ),
        applies=_has("Dropout"),
    ),
    Mistake(
        "addition concatenates",
        "placed the two activations side by side: adding them entry by entry keeps the width",
        output_widths=lambda features, operations, linear_outputs: array(
            net.output_widths(features, operations, linear_outputs, add=lambda width, other: width + other)
        ),
        applies=_has("Add"),
    ),
    Mistake(
        "weight shape for an activation",
        "wrote the shape of the Linear's weight matrix instead of that of its output",
        shapes=lambda operations, batch, inputs, output_widths: array(
            (entering if operation["op"] == "Linear" else batch, leaving)
            for operation, entering, leaving in zip(operations, inputs, output_widths, strict=True)
        ),
    ),
    Mistake(
        "features for logits",
        "took the input of the last Linear for the logits: its output has one score for each class",
        logits_activation=lambda operations: f"z{net.logits_place(operations) - 1}",
        applies=lambda logits_activation: logits_activation != "z1",
    ),
    Mistake(
        "probabilities for logits",
        "took the probabilities for the logits: logits are the input of the softmax",
        logits_activation=lambda operations: f"z{net.logits_place(operations) + 1}",
        applies=lambda operations: net.logits_place(operations) < len(operations),
    ),
    Mistake(
        "log-probabilities for logits",
        "took the log-probabilities for the logits: logits are the input of the softmax",
        logits_activation=lambda operations: f"z{net.logits_place(operations) + 2}",
        applies=lambda operations: net.logits_place(operations) < len(operations) - 1,
    ),
    Mistake(
        "logits after a softmax",
        "looked for the logits after a softmax: they are the scores before it, and may be any real numbers",
        logits_activation=lambda: "none",
        applies=lambda operations, candidates=(): (
            net.logits_place(operations) == len(operations) and (not candidates or len(operations) in candidates)
        ),
    ),
    Mistake(
        "not divided by the sum",
        "stopped at the exponentials: divide them by their sum, so that they add up to 1",
        probabilities=lambda exponentials: exponentials,
        applies=lambda exponential_sum: exponential_sum != 1,
    ),
    Mistake(
        "divided by the largest",
        "divided by the largest exponential instead of their sum",
        probabilities=lambda exponentials: exponentials / exponentials.max(),
        applies=lambda logits: len(logits) > 1,
    ),
    Mistake(
        "sigmoid",
        "applied the sigmoid to every logit by itself: the classes exclude each other and share one sum",
        probabilities=lambda exponentials: exponentials / (1 + exponentials),
        applies=lambda logits: len(logits) > 1,
    ),
    Mistake(
        "last activation counted",
        "counted the last activation too: the question leaves it out",
        activations_per_example=lambda output_widths: output_widths.sum(),
    ),
    Mistake(
        "input counted",
        "counted the input too: the question leaves it out",
        activations_per_example=lambda inputs: inputs.sum(),
    ),
    Mistake(
        "outputs of Linears only",
        "counted the outputs of the Linears only: every operation has an output of its own",
        activations_per_example=lambda operations, output_widths: output_widths[
            net.positions("Linear", operations[:-1])
        ].sum(),
    ),
    Mistake(
        "one example for the batch",
        "gave the number for one example: each example of the batch has its own activations",
        activations=lambda activations_per_example: activations_per_example,
        applies=lambda batch: batch != 1,
    ),
    Mistake("no biases", "left out the biases of the Linears", biases=lambda: Integer(0)),
    Mistake(
        "biases of the input's size",
        "gave every bias the size of its Linear's input: it is added to the output",
        biases=lambda linear_sizes: linear_sizes[:, 0].sum(),
    ),
    Mistake(
        "no norms",
        r"left out the norms: their $\gamma$ and $\beta$ are learned",
        norm_parameters=lambda: Integer(0),
        applies=_has("Norm"),
    ),
    Mistake(
        "gamma only",
        r"counted $\gamma$ but not $\beta$ of the norms",
        norm_parameters=lambda norm_sizes: norm_sizes.sum(),
        applies=_has("Norm"),
    ),
    Mistake(
        "running statistics counted",
        "counted the running means and variances: they are buffers, which no gradient changes",
        norm_parameters=lambda norm_sizes: 4 * norm_sizes.sum(),
        applies=_has("Norm"),
    ),
    Mistake(
        "parameters for each example",
        "multiplied by the batch size: all examples share the same parameters",
        parameters=lambda batch, weights, biases, norm_parameters: batch * (weights + biases + norm_parameters),
        applies=lambda batch: batch != 1,
    ),
    Mistake(
        "parameters always",
        "assumed that the parameters always take more: compare $nK$ with $C$",
        memory=lambda: "parameters",
        applies=lambda memory: memory != "parameters",
    ),
    Mistake(
        "activations always",
        "assumed that the activations always take more: compare $nK$ with $C$",
        memory=lambda: "activations",
        applies=lambda memory: memory != "activations",
    ),
    Mistake(
        "parameters grow with the batch",
        "let $C$ grow with $n$: all examples share one set of parameters",
        memory=lambda: "ratio",
        applies=lambda compare_at: not two_batches(compare_at),
    ),
    Mistake(
        "parameters grow in place of activations",
        "let $C$ grow with $n$ in place of the activations: each example has its own activations and shares the parameters",
        memory=lambda compare_at: "parameters first" if compare_at[0] > compare_at[1] else "activations first",
        applies=two_batches,
    ),
    Mistake(
        "rounded down at the break-even",
        "rounded down: at that batch size there are still fewer activations",
        break_even=lambda crossover: floor(crossover),
        break_even_adam=lambda adam_crossover: floor(adam_crossover),
        applies=_asks("break_even"),
    ),
    Mistake(
        "gradients and moments forgotten",
        "counted the parameters alone: Adam stores three more numbers for each",
        adam_crossover=lambda crossover: crossover,
        applies=_asks("break_even_adam"),
    ),
    Mistake(
        "gradients forgotten",
        "counted three numbers for each parameter: itself, its gradient and two moments make four",
        adam_crossover=lambda crossover: 3 * crossover,
        applies=_asks("break_even_adam"),
    ),
    Mistake(
        "parameters take no room",
        "gave all the memory to the activations: subtract the parameters first",
        budget_quotient=lambda budget, activations_per_example: budget / activations_per_example,
        applies=_asks("largest_batch"),
    ),
    Mistake(
        "rounded up beyond the room",
        "rounded up: the last example of that batch no longer fits",
        largest_batch=lambda budget_quotient: ceiling(budget_quotient),
        applies=_asks("largest_batch"),
    ),
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
    symbols={
        "output_widths": r"\text{widths}",
        "exponentials": "e^{z_j}",
        "exponential_sum": r"\textstyle\sum_j e^{z_j}",
        "linear_sizes": r"\text{sizes of the Linears}",
        "norm_sizes": r"\text{sizes of the norms}",
        "linear_outputs": r"\text{outputs of the Linears}",
        "crossover": "C/K",
        "adam_crossover": "4C/K",
    },
    parameters={
        "batch": required(whole(1, LARGEST_SIZE)),
        "features": required(whole(1, LARGEST_SIZE)),
        "operations": required(net.read_operations),
        "logits": optional(read_vector),
        "blanks": optional(_read_sides, ()),
        "softmax_question": optional(one_of(BANK["softmax_question"]), "to_probabilities"),
        "candidates": optional(_read_candidates),
        "order": optional(permutation(4)),
        "compare_at": optional(_read_compare_at, "large"),
        "memory_question": optional(one_of(BANK["memory_question"]), "reason"),
        "follow_ups": optional(some_of(FOLLOW_UPS), ()),
        "budget": optional(whole(1, 10**12)),
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
        sample_easy,
        SIGNATURE | {"activations": 8, "blanks": 3, "digits of K and C": (3, 5)},
        variants=19_000_000,
    ),
    hard=Level(sample_hard, SIGNATURE | {"digits of K and C": (4, 6)}, variants=5_500_000),
    variants=1_000_000_000,
)
