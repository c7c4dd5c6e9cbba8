r"""The size of a classifier: shapes of its activations, number of its parameters, and which of them costs more.

Normalization as in Ioffe and Szegedy (2015), residual blocks as in He et al. (2016); Adam's two moments as in
Kingma and Ba (2015).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import sympy

from generator import (
    Choice,
    Claim,
    Claims,
    Draw,
    Essay,
    Fields,
    Figure,
    InputError,
    Mistake,
    Number,
    Part,
    Problem,
    Values,
    Vector,
    one_of,
    optional,
    read_vector,
    required,
    say,
    some_of,
    whole,
)
from generator import exact as ex
from generator import networks as net
from generator import notation
from generator.figures.network import network_scene
from generator.networks import Operations, Size
from generator.prose import Content

# ------------------------------------------------------------------------------------------ the sampler

INPUTS = (10, 12, 15, 18, 20, 24, 25, 28, 30, 32, 36, 40, 42, 45, 48, 50, 52, 54, 60)
WIDTHS = (12, 16, 20, 24, 30, 32, 36, 40, 48, 50, 60, 64, 70, 80, 90, 96, 100, 120, 128, 150, 160, 200, 240, 256)
CLASSES = (5, 10, 12, 15, 100, 1000)
ROUND = (10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200, 250, 300, 400, 500)
BUDGETS = (100_000, 150_000, 200_000, 250_000, 300_000)
EXPONENTIALS = ((2, 3), (2, 5), (2, 6), (2, 7), (2, 9), (3, 4), (3, 5), (3, 6), (3, 8), (4, 5), (4, 7), (5, 6))
"""The exponentials of two of three logits; that of the third is 1."""


def sample(draw: Draw) -> Mapping[str, Any]:
    """A network of eleven operations whose sizes all differ, small enough to be counted by hand."""
    template, free = net.TEMPLATES[draw.choice(tuple(net.TEMPLATES))]
    batch = draw.integer(2, 16)
    features = draw.choice([size for size in INPUTS if size != batch])
    widths = draw.sample([size for size in WIDTHS if size not in (batch, features)], free)
    networks = {classes: template(widths, classes) for classes in CLASSES if classes not in (batch, features, *widths)}
    counts = {classes: _counts(features, operations) for classes, operations in networks.items()}
    good = [classes for classes, (stored, learned) in counts.items() if _is_good(batch, stored, learned)]
    draw.require(good, "no number of classes leaves a network to count by hand")
    classes = draw.choice(good)
    stored, learned = counts[classes]
    concept = draw.fork("concepts")
    follow_up = concept.choice(("break_even_adam", "largest_batch"))
    true, false = _claims_by_verdict()
    return {
        "batch": batch,
        "features": features,
        "operations": networks[classes],
        "blanks": [draw.choice(("in", "out")) for _ in range(3)],
        "logits": draw.shuffled(["0", *(f"log({size})" for size in draw.choice(EXPONENTIALS))]),
        "softmax_question": concept.choice(tuple(SOFTMAX_QUESTIONS)),
        "compare_at": concept.choice(["large", *_telling_batches(concept, batch, stored, learned)]),
        "memory_question": concept.choice(tuple(MEMORY_QUESTIONS)),
        "follow_ups": ["break_even", follow_up],
        **({"budget": _budget(concept, stored, learned)} if follow_up == "largest_batch" else {}),
        "claims": concept.shuffled((concept.choice(true), concept.choice(false))),
    }


def _counts(features: int, operations: Operations) -> tuple[int, int]:
    """K and C in plain integers."""
    outputs = linear_outputs(operations)
    widths = output_widths(features, operations, outputs)
    entering = inputs(features, widths)
    linears = linear_sizes(operations, entering, outputs)
    learned = weights(linears) + biases(linears) + norm_parameters(norm_sizes(operations, entering))
    return activations_per_example(widths), learned


def _is_good(batch: int, stored: int, learned: int) -> bool:
    """Five digits of parameters, more of them than activations in the batch, and no break-even that comes out even."""
    return 10_000 <= learned < 100_000 and batch * stored < learned and 4 * learned % stored != 0


def _telling_batches(draw: Draw, batch: int, stored: int, learned: int) -> list[int]:
    """A round batch size clearly below the break-even and one clearly above, where there are such."""
    sizes = [size for size in ROUND if size != batch]
    below = [size for size in sizes if 2 * learned < 5 * size * stored < 4 * learned]
    above = [size for size in sizes if 5 * learned < 4 * size * stored < 10 * learned]
    return [draw.choice(found) for found in (below, above) if found]


def _budget(draw: Draw, stored: int, learned: int) -> int:
    found = [budget for budget in BUDGETS if budget > 2 * learned and (budget - learned) % stored]
    draw.require(found, "no budget that leaves a remainder")
    return draw.choice(found)


def require(
    features: Size,
    operations: Operations,
    blanks: tuple[str, ...],
    follow_ups: tuple[str, ...],
    budget: Any = None,
) -> None:
    """Added activations of one width, one blank for each pair of Linears, and a budget where it is asked for."""
    net.check_widths(features, operations, field="operations")
    pairs = len(linear_outputs(operations)) - 1
    if blanks and len(blanks) != pairs:
        raise InputError(
            f"expected {pairs} sides, one for each two Linears in a row; got {len(blanks)}", field="blanks"
        )
    if "largest_batch" in follow_ups and budget is None:
        raise InputError("missing; the follow-up largest_batch needs it", field="budget")
    if budget is not None:
        stored, learned = _counts(features, operations)
        if budget < stored + learned:
            raise InputError(f"expected at least {stored + learned}, for one example; got {budget}", field="budget")


# ----------------------------------------------------------------------------------------- the solution


def linear_outputs(operations: Operations) -> tuple[Size, ...]:
    return net.linear_outputs(operations)


def output_widths(features: Size, operations: Operations, linear_outputs: Sequence[Size]) -> tuple[Size, ...]:
    return net.output_widths(features, operations, linear_outputs)


def classes(output_widths: Sequence[Size]) -> Size:
    return output_widths[-1]


def inputs(features: Size, output_widths: Sequence[Size]) -> tuple[Size, ...]:
    """The width that enters each operation."""
    return (features, *output_widths[:-1])


def shapes(batch: Size, output_widths: Sequence[Size]) -> tuple[tuple[Size, Size], ...]:
    return tuple((batch, width) for width in output_widths)


def linear_sizes(
    operations: Operations, inputs: Sequence[Size], linear_outputs: Sequence[Size]
) -> tuple[tuple[Size, Size], ...]:
    return tuple(zip(net.at("Linear", operations, inputs), linear_outputs, strict=True))


def norm_sizes(operations: Operations, inputs: Sequence[Size]) -> tuple[Size, ...]:
    return net.at("Norm", operations, inputs)


def blank_sides(linear_sizes: Sequence[Any], blanks: tuple[str, ...]) -> tuple[str, ...]:
    """For each two Linears in a row, which of the two equal numbers is left out."""
    return blanks or net.default_sides(len(linear_sizes))


def dimensions(linear_sizes: Sequence[tuple[Size, Size]], blank_sides: tuple[str, ...]) -> tuple[Size, ...]:
    return tuple(linear_sizes[place][end == "out"] for place, end in net.blanks(blank_sides))


def logits_activation(operations: Operations) -> str:
    last = len(operations)
    return f"z{last - 1 if operations[-1]['op'] == 'Softmax' else last}"


def exponentials(logits: ex.Vector) -> ex.Vector:
    return tuple(sympy.exp(logit) for logit in logits)


def exponential_sum(exponentials: ex.Vector) -> ex.Scalar:
    return ex.total(exponentials)


def probabilities(exponentials: ex.Vector, exponential_sum: ex.Scalar) -> ex.Vector:
    return tuple(ex.divide(exponential, exponential_sum) for exponential in exponentials)


def activations_per_example(output_widths: Sequence[Size]) -> Size:
    """K: all z but the last."""
    return sum(output_widths[:-1])


def activations(batch: Size, activations_per_example: Size) -> Size:
    return batch * activations_per_example


def weights(linear_sizes: Sequence[tuple[Size, Size]]) -> Size:
    return sum(entering * leaving for entering, leaving in linear_sizes)


def biases(linear_sizes: Sequence[tuple[Size, Size]]) -> Size:
    return sum(leaving for _, leaving in linear_sizes)


def norm_parameters(norm_sizes: Sequence[Size]) -> Size:
    return 2 * sum(norm_sizes, start=ex.ZERO)


def parameters(weights: Size, biases: Size, norm_parameters: Size) -> Size:
    """C."""
    return weights + biases + norm_parameters


def crossover(parameters: Size, activations_per_example: Size) -> ex.Scalar:
    return _quotient(parameters, activations_per_example)


def break_even(crossover: ex.Scalar) -> Size:
    """The least n with nK > C; also where K divides C."""
    return _floor(crossover) + 1


def adam_crossover(parameters: Size, activations_per_example: Size) -> ex.Scalar:
    """4C/K: Adam keeps a parameter, its gradient and two moments."""
    return _quotient(4 * parameters, activations_per_example)


def break_even_adam(adam_crossover: ex.Scalar) -> Size:
    return _floor(adam_crossover) + 1


def memory(compare_at: Any, activations_per_example: Size, parameters: Size) -> str:
    if compare_at == "large":
        return "activations"  # nK grows without bound, C does not
    held = compare_at * activations_per_example
    return "equal" if held == parameters else "activations" if held > parameters else "parameters"


def budget_quotient(budget: Size, activations_per_example: Size, parameters: Size) -> ex.Scalar:
    """(M - C)/K: how many examples fit beside the parameters."""
    return _quotient(budget - parameters, activations_per_example)


def largest_batch(budget_quotient: ex.Scalar) -> Size:
    return _floor(budget_quotient)


def _quotient(size: Size, other: Size) -> ex.Scalar:
    if other == 0:
        raise ZeroDivisionError("no activations to compare with")
    return sympy.Rational(int(size), int(other))


def _floor(quotient: ex.Scalar) -> Size:
    return sympy.Integer(quotient.p // quotient.q)


# ------------------------------------------------------------------------------ what students do instead


def _shapes_one_early(batch: Size, features: Size, output_widths: Sequence[Size]) -> Any:
    return shapes(batch, (features, *output_widths[:-1]))


def _shapes_of_layers_before(batch: Size, operations: Operations, inputs: Sequence[Size]) -> Any:
    """Each z gets the number of features that its Linear takes."""
    found: list[Size] = []
    for operation, entering in zip(operations, inputs, strict=True):
        found.append(entering if operation["op"] == "Linear" or not found else found[-1])
    return shapes(batch, found)


def _weight_shapes(operations: Operations, shapes: Any, linear_sizes: Any) -> Any:
    sizes = iter(linear_sizes)
    pairs = zip(operations, shapes, strict=True)
    return tuple(next(sizes) if operation["op"] == "Linear" else shape for operation, shape in pairs)


def _has(name: str) -> Any:
    return lambda operations: any(operation["op"] == name for operation in operations)


def _asks(name: str) -> Any:
    return lambda follow_ups: name in follow_ups


def _logits_neighbour(distance: int) -> Any:
    return lambda operations: f"z{int(logits_activation(operations)[1:]) + distance}"


MISTAKES = [
    Mistake(
        "transposed",
        "put the features first: a batch has one row for each example",
        shapes=lambda batch, output_widths: tuple((width, batch) for width in output_widths),
    ),
    Mistake(
        "one early",
        "took the input for $z_1$: that is the output of the first operation",
        shapes=_shapes_one_early,
        activations_per_example=lambda features, output_widths: features + sum(output_widths[:-2]),
    ),
    Mistake(
        "width of the layer before",
        "gave each Linear's output the width of its input: the second number of a Linear is what it puts out",
        shapes=_shapes_of_layers_before,
    ),
    Mistake(
        "batch size for classes",
        "gave the last Linear an output for each example of the batch: it has one for each class",
        linear_outputs=lambda batch, operations: (*net.linear_outputs(operations)[:-1], batch),
    ),
    Mistake(
        "dropout shrinks",
        "let Dropout make its output narrower: it sets entries to zero and keeps the shape",
        output_widths=lambda features, operations, linear_outputs: net.output_widths(
            features, operations, linear_outputs, dropout=lambda width: width // 2
        ),
        applies=_has("Dropout"),
    ),
    Mistake(
        "addition concatenates",
        "placed the two activations side by side: adding them entry by entry keeps the width",
        output_widths=lambda features, operations, linear_outputs: net.output_widths(
            features, operations, linear_outputs, add=lambda width, other: width + other
        ),
        applies=_has("Add"),
    ),
    Mistake(
        "weight shape for an activation",
        "wrote the shape of the Linear's weight matrix instead of that of its output",
        shapes=lambda operations, batch, output_widths, linear_sizes: _weight_shapes(
            operations, shapes(batch, output_widths), linear_sizes
        ),
    ),
    Mistake(
        "features for logits",
        "stopped before the last Linear: its output has one score for each class",
        logits_activation=_logits_neighbour(-1),
        applies=lambda logits_activation: logits_activation != "z1",
    ),
    Mistake(
        "probabilities for logits",
        "took the probabilities for the logits: logits are what the softmax is given",
        logits_activation=_logits_neighbour(1),
        applies=lambda operations: operations[-1]["op"] == "Softmax",
    ),
    Mistake(
        "logits after a softmax",
        "looked for the logits behind a softmax: they are the scores before it, and may be any real numbers",
        logits_activation=lambda: "none",
        applies=lambda operations: operations[-1]["op"] != "Softmax",
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
        probabilities=lambda exponentials: probabilities(exponentials, max(exponentials)),
        applies=lambda logits: len(logits) > 1,
    ),
    Mistake(
        "sigmoid",
        "applied the sigmoid to every logit by itself: the classes exclude each other and share one sum",
        probabilities=lambda exponentials: tuple(ex.divide(e, ex.add(ex.ONE, e)) for e in exponentials),
        applies=lambda logits: len(logits) > 1,
    ),
    Mistake(
        "last activation counted",
        "counted the last activation too: the question leaves it out",
        activations_per_example=lambda output_widths: sum(output_widths),
    ),
    Mistake(
        "input counted",
        "counted the input too: the question leaves it out",
        activations_per_example=lambda features, output_widths: features + sum(output_widths[:-1]),
    ),
    Mistake(
        "outputs of Linears only",
        "counted the outputs of the Linears only: every operation has an output of its own",
        activations_per_example=lambda operations, output_widths: sum(
            net.at("Linear", operations[:-1], output_widths[:-1])
        ),
    ),
    Mistake(
        "one example for the batch",
        "gave the number for one example: a batch holds it once for each",
        activations=lambda activations_per_example: activations_per_example,
        applies=lambda batch: batch != 1,
    ),
    Mistake("no biases", "left out the biases of the Linears", biases=lambda: ex.ZERO),
    Mistake(
        "biases of the input's size",
        "gave every bias the size of its Linear's input: it is added to the output",
        biases=lambda linear_sizes: sum(entering for entering, _ in linear_sizes),
    ),
    Mistake(
        "no norms",
        r"left out the norms: their $\gamma$ and $\beta$ are learned",
        norm_parameters=lambda: ex.ZERO,
        applies=_has("Norm"),
    ),
    Mistake(
        "gamma only",
        r"counted $\gamma$ but not $\beta$ of the norms",
        norm_parameters=lambda norm_sizes: sum(norm_sizes),
        applies=_has("Norm"),
    ),
    Mistake(
        "running statistics counted",
        "counted the running means and variances: they are buffers, which no gradient changes",
        norm_parameters=lambda norm_sizes: 4 * sum(norm_sizes),
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
        "took the parameters for the larger part in any case: compare $nK$ with $C$",
        memory=lambda: "parameters",
        applies=lambda memory: memory != "parameters",
    ),
    Mistake(
        "activations always",
        "took the activations for the larger part in any case: compare $nK$ with $C$",
        memory=lambda: "activations",
        applies=lambda memory: memory != "activations",
    ),
    Mistake(
        "parameters grow with the batch",
        "let $C$ grow with $n$: one set of parameters serves any number of examples",
        memory=lambda: "ratio",
    ),
    Mistake(
        "rounded down at the break-even",
        "rounded down: at that batch size the activations are still behind",
        break_even=lambda crossover: _floor(crossover),
        break_even_adam=lambda adam_crossover: _floor(adam_crossover),
        applies=_asks("break_even"),
    ),
    Mistake(
        "gradients and moments forgotten",
        "counted the parameters alone: Adam keeps three more numbers for each",
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
        "gave all the room to the activations: the parameters need theirs first",
        budget_quotient=lambda budget, activations_per_example: _quotient(budget, activations_per_example),
        applies=_asks("largest_batch"),
    ),
    Mistake(
        "rounded up beyond the room",
        "rounded up: the last example of that batch does not fit any more",
        largest_batch=lambda budget_quotient: -_floor(-budget_quotient),
        applies=_asks("largest_batch"),
    ),
]


# ------------------------------------------------------------------------------------ the second opinion


def check(
    batch: float,
    features: float,
    operations: Operations,
    blanks: tuple[str, ...] = (),
    compare_at: Any = "large",
    logits: np.ndarray | None = None,
    budget: float | None = None,
) -> Mapping[str, Any]:
    """A pass of arrays without memory through the network, then searches instead of divisions."""
    n = int(batch)
    z = [_array(n, int(features))]
    linears, learned = [], []
    for operation in operations:
        match operation["op"]:
            case "Linear":
                weight, bias = _array(z[-1].shape[1], int(operation["out"])), _array(int(operation["out"]))
                linears.append(weight)
                learned += [weight, bias]
                z.append(np.broadcast_to(bias, (n, *bias.shape)))
            case "Norm":
                gamma, beta = z[-1][0], z[-1][0]
                learned += [gamma, beta]
                z.append(np.broadcast_to(gamma, z[-1].shape))
            case "Add":
                z.append(_array(*np.broadcast_shapes(z[-1].shape, z[int(operation["with"])].shape)))
            case _:
                z.append(_array(*z[-1].shape))
    total = sum(array.size for array in z[1:-1])
    count = sum(array.size for array in learned)
    ends: list[tuple[int, ...]] = [array.shape for array in linears]
    sides = list(blanks) or (["out"] + ["in"] * len(ends))[: len(ends) - 1]
    hidden = {(i, 1) if side == "out" else (i + 1, 0) for i, side in enumerate(sides)} | {(len(ends) - 1, 1)}

    def least_above(bound: int) -> int:
        return bisect_right(range(bound + 2), bound, key=lambda size: size * (total // n))

    held = 10 * count if compare_at == "large" else compare_at
    difference = held * total - n * count
    opinion = {
        "dimensions": [ends[i][end] for i, end in sorted(hidden)],
        "shapes": [array.shape for array in z[1:]],
        "logits_activation": f"z{len(operations) - (operations[-1]['op'] == 'Softmax')}",
        "activations_per_example": total / n,
        "activations": total,
        "weights": sum(array.size for array in learned if array.ndim == 2),
        "biases": sum(array.shape[1] for array in linears),
        "norm_parameters": count - sum((array.shape[0] + 1) * array.shape[1] for array in linears),
        "parameters": count,
        "crossover": n * count / total,
        "break_even": least_above(count),
        "break_even_adam": least_above(4 * count),
        "memory": "equal" if difference == 0 else "activations" if difference > 0 else "parameters",
    }
    if logits is not None:
        shifted = np.asarray(logits) - np.max(logits)
        opinion["probabilities"] = np.exp(shifted - np.log(np.sum(np.exp(shifted))))
    if budget is not None:
        opinion["largest_batch"] = least_above(int(budget) - count) - 1
    return opinion


def _array(*shape: int) -> np.ndarray:
    return np.broadcast_to(np.float64(0), shape)


# ------------------------------------------------------------------------------------------- the prose


def preamble(v: Values) -> Content:
    blanks = net.blanks(v.blank_sides)
    network = net.drawing(notation.shape((v.batch, v.features)), v.operations, v.linear_sizes, blanks)
    labels = net.labels(v.operations, v.linear_sizes, blanks)
    return [
        r"""
        A classifier for <classes> classes is given a batch of $n = <batch>$ examples of <features> features each: the
        input $x$ has the shape $[<batch>, <features>]$. The operations run one after another; each takes the activation
        before it (the first takes $x$) and its output is named as drawn and listed here.
        """,
        Figure("network", network_scene(network, filled=False), network_scene(network, filled=True)),
        say("$$<listing>$$", listing=net.listing(v.operations, labels)),
        _conventions(v),
    ]


def _conventions(v: Values) -> str:
    """What the words in the list mean; only those that stand in it."""
    said = {
        "Linear": r"$\mathrm{Linear}(a, b)$ takes $a$ features and puts out $b$; it has a bias.",
        "Norm": r"Norm is batch normalization, with a learned scale $\gamma$ and a learned shift $\beta$ for each feature; "
        "it also keeps a running mean and a running variance of each feature for use at test time.",
        "Dropout": r"Dropout drops each entry with probability $\frac{1}{2}$.",
        "Add": "A sum of two activations is taken entry by entry.",
        "Softmax": "Softmax is taken over the classes.",
    }
    present = {operation["op"] for operation in v.operations}
    return " ".join(text for name, text in said.items() if name in present)


def parts(v: Values) -> Iterator[Part]:
    last = len(v.operations)
    blanks = net.blanks(v.blank_sides)
    yield Part(
        "propagation",
        "Follow the batch through the network.",
        parts=(
            Part(
                "dimensions",
                "Fill in the blanks of the Linears.",
                Fields(
                    "dimensions",
                    tuple(
                        rf"\mathrm{{Linear}}_{{{place + 1}}}\text{{{' takes' if end == 'in' else ' puts out'}}}"
                        for place, end in blanks
                    ),
                ),
                points=len(blanks),
                steps=[_worked_blank(v, place, end) for place, end in blanks],
            ),
            Part(
                "shapes",
                "Give the shape of every activation, the examples first: $[n, \\text{features}]$.",
                Fields("shapes", tuple(f"z_{{{place}}}" for place in range(1, last + 1))),
                points=4,
                steps=[_worked_shapes(v, row) for row in net.rows(v.operations)],
            ),
        ),
    )
    question, essay = SOFTMAX_QUESTIONS[v.softmax_question](v)
    yield Part(
        "classification",
        "From scores to probabilities.",
        parts=(
            Part(
                "logits",
                "Which activation holds the logits?",
                Choice("logits_activation", _logits_options(v)),
                points=1,
                steps=[_worked_logits(v)],
            ),
            Part("softmax", question, essay),
            *([_probabilities(v)] if "probabilities" in v else []),
        ),
    )
    yield Part(
        "intermediate",
        say(
            r"""
            Now count the numbers in the intermediate activations $z_1, \dots, z_{<before>}$. The input $x$ and the last
            activation $z_{<last>}$, <what>, are left out.
            """,
            before=str(last - 1),
            last=str(last),
            what="the probabilities" if v.operations[-1]["op"] == "Softmax" else "the logits",
        ),
        parts=(
            Part(
                "activations_per_example",
                "How many are there for a single example? Call this number $K$.",
                Number("activations_per_example", "K"),
                points=2,
                room=2,
                steps=[
                    say(
                        r"Add up the widths: $K = <sum> = <activations_per_example>$.",
                        sum=_sum_of_runs(v.output_widths[:-1]),
                    )
                ],
            ),
            Part(
                "activations",
                "How many are there for the batch?",
                Number("activations", "nK"),
                points=1,
                steps=[r"Every example has its own: $nK = <batch> \cdot <activations_per_example> = <activations>$."],
            ),
        ),
    )
    yield from _counting(v)
    yield Part(
        "memory_comparison",
        """
        Training holds the intermediate activations of the batch, $nK$ numbers, until the backward pass has used them,
        and the $C$ parameters.
        """,
        parts=tuple(_comparison(v)),
    )
    if v.claims:
        yield Part(
            "claims",
            "True or false? Give the reason in one line.",
            Claims(tuple(CLAIMS[name] for name in v.claims)),
        )


# ---------------------------------------------------------------------------- shapes and classification


def _worked_blank(v: Values, place: int, end: str) -> Content:
    size = v.linear_sizes[place][end == "out"]
    if end == "in":
        text = (
            r"$\mathrm{Linear}_{<before>}$ puts out $<size>$ features, and nothing between changes the width: "
            r"$\mathrm{Linear}_{<linear>}$ takes $<size>$."
        )
    elif place == len(v.linear_sizes) - 1:
        text = r"$\mathrm{Linear}_{<linear>}$ puts out a score for each class: $<size>$."
    else:
        text = (
            r"$\mathrm{Linear}_{<after>}$ takes $<size>$ features, and nothing between changes the width: "
            r"$\mathrm{Linear}_{<linear>}$ puts out $<size>$."
        )
    return say(text, size=size, linear=str(place + 1), before=str(place), after=str(place + 2))


def _worked_shapes(v: Values, row: list[int]) -> Content:
    names = ", ".join(f"z_{{{place + 1}}}" for place in row)
    linear = sum(operation["op"] == "Linear" for operation in v.operations[: row[0] + 1])
    if v.operations[row[0]]["op"] == "Linear":
        text = (
            r"$\mathrm{Linear}_{<linear>}$ changes the width to $<width>$"
            + (", and what follows keeps it" if len(row) > 1 else "")
            + ": $<names> : <shape|shape>$."
        )
    else:
        text = "The width stays $<width>$: $<names> : <shape|shape>$."
    return say(text, linear=str(linear), width=v.output_widths[row[0]], names=names, shape=v.shapes[row[0]])


def _logits_options(v: Values) -> Mapping[str, Content]:
    last = len(v.operations)
    shown = {f"z{place}": f"$z_{{{place}}}$" for place in range(max(1, last - 2), last + 1)}
    return {**shown, "none": "none of these: they come out of a softmax of the last one"}


def _worked_logits(v: Values) -> Content:
    text = r"The logits are the scores that the softmax is given, here $<z>$: one real number for each of the <classes> classes."
    return say(text, z=_logits_name(v))


def _logits_name(v: Values) -> str:
    return f"z_{{{v.logits_activation[1:]}}}"


def _probabilities(v: Values) -> Part:
    return Part(
        "probabilities",
        say(
            r"""
            Of another classifier, with <count> classes, the logits of an example are $<logits>$. Compute the
            probabilities of its classes.
            """,
            count=sympy.Integer(len(v.logits)),
        ),
        Vector("probabilities", "p"),
        points=2,
        room=3,
        steps=[
            r"The exponentials are $<exponentials>$, and their sum is $<exponentials|sum> = <exponential_sum>$.",
            r"Each over the sum: $p = <probabilities>$.",
        ],
    )


def _sum_of_runs(widths: Sequence[Size]) -> str:
    r"""``3 \cdot 128 + 20``: equal neighbours together."""
    terms = []
    for width, run in groupby(widths):
        times = len(list(run))
        terms.append((rf"{times} \cdot " if times > 1 else "") + notation.tex(width))
    return " + ".join(terms)


# ------------------------------------------------------------------------------- parameters and memory


def _counting(v: Values) -> Iterator[Part]:
    products = " + ".join(
        rf"{notation.tex(entering)} \cdot {notation.tex(leaving)}" for entering, leaving in v.linear_sizes
    )
    yield Part("weights", "How many weights do the Linears have together?", Number("weights"), 2, guided=True)
    yield Part("biases", "How many biases do they have?", Number("biases"), 1, guided=True)
    yield Part("norm_parameters", "How many parameters do the norms have?", Number("norm_parameters"), 1, guided=True)
    yield Part(
        "parameters",
        "How many parameters does the network learn, those of all layers together? Call this number $C$.",
        Number("parameters", "C"),
        points=4,
        room=6,
        steps=[
            say(r"Weights, input times output of each Linear: $<products> = <weights>$.", products=products),
            say(r"Biases, one for each output: $<outputs|sum> = <biases>$.", outputs=v.linear_outputs),
            *(
                [r"Norms, a scale and a shift for each feature: $2 \, (<norm_sizes|sum>) = <norm_parameters>$."]
                if v.norm_sizes
                else []
            ),
            r"Together $C = <weights> + <biases> + <norm_parameters> = <parameters>$. The other operations learn nothing.",
        ],
    )


def _comparison(v: Values) -> Iterator[Part]:
    yield Part(
        "memory",
        "Let the batch grow large. Which of the two then takes more memory?"
        if v.compare_at == "large"
        else "Which of the two takes more memory with a batch of <compare_at> examples?",
        Choice("memory", _memory_options(v)),
        points=1,
        steps=[_worked_memory(v)],
    )
    question, essay = MEMORY_QUESTIONS[v.memory_question](v)
    yield Part("memory_reason", question, essay)
    for name in v.follow_ups:
        yield FOLLOW_UPS[name](v)


def _memory_options(v: Values) -> Mapping[str, Content]:
    options: dict[str, Content] = {
        "activations": "the activations",
        "parameters": "the parameters",
        "ratio": "that does not depend on the batch: both grow in proportion to it",
    }
    return {**options, "equal": "both take the same"} if v.memory == "equal" else options


def _worked_memory(v: Values) -> Content:
    if v.compare_at == "large":
        return r"$nK = <activations_per_example> n$ grows with the batch without bound, and $C = <parameters>$ stays."
    return say(
        r"The activations are $<compare_at> \cdot <activations_per_example> = <held>$ numbers, the parameters $<parameters>$.",
        held=v.compare_at * v.activations_per_example,
    )


def _worked_threshold(v: Values, multiple: int, least: Size) -> list[Content]:
    """That the ``least`` batch size is enough and the one before it is not."""
    return [
        say(
            r"""
            $nK > <bound>$ exactly when $n > \frac{<amount>}{<activations_per_example>} = <quotient>$. Indeed
            $<before> \cdot <activations_per_example> = <below>$ is not enough, and
            $<least> \cdot <activations_per_example> = <above>$ is.
            """,
            bound="C" if multiple == 1 else f"{multiple}C",
            amount=multiple * v.parameters,
            quotient=_quotient(multiple * v.parameters, v.activations_per_example),
            before=least - 1,
            below=(least - 1) * v.activations_per_example,
            least=least,
            above=least * v.activations_per_example,
        )
    ]


def _break_even(v: Values) -> Part:
    return Part(
        "break_even",
        "From which batch size on do the activations outnumber the parameters? Give the least $n$ with $nK > C$.",
        Number("break_even", "n"),
        points=2,
        room=3,
        steps=_worked_threshold(v, 1, v.break_even),
    )


def _break_even_adam(v: Values) -> Part:
    return Part(
        "break_even_adam",
        """
        Beside each parameter, Adam stores its gradient and estimates of the gradient's first and second moment. What is
        the least $n$ at which the activations outnumber all of these together?
        """,
        Number("break_even_adam", "n"),
        points=2,
        room=3,
        steps=[
            "Four numbers for each parameter (itself, its gradient, two moments) make $4C$.",
            *_worked_threshold(v, 4, v.break_even_adam),
        ],
    )


def _largest_batch(v: Values) -> Part:
    return Part(
        "largest_batch",
        """
        A small device has room for <budget> numbers. If it has to hold the $C$ parameters and the $nK$ activations, and
        nothing else, what is the largest batch that fits?
        """,
        Number("largest_batch", "n"),
        points=2,
        room=3,
        steps=[
            say(
                r"""
                The parameters leave room for $<budget> - <parameters> = <rest>$ numbers, and
                $\frac{<rest>}{<activations_per_example>}$ lies between $<largest_batch>$ and $<next>$.
                """,
                rest=v.budget - v.parameters,
                next=v.largest_batch + 1,
            )
            if (v.budget - v.parameters) % v.activations_per_example
            else r"The parameters leave room for $<budget> - <parameters>$ numbers, just enough for $<largest_batch>$ examples."
        ],
    )


FOLLOW_UPS = {
    "break_even": _break_even,
    "break_even_adam": _break_even_adam,
    "largest_batch": _largest_batch,
}

# ----------------------------------------------------------------------------------- the concept questions


def _to_probabilities(v: Values) -> tuple[Content, Essay]:
    return (
        "How do the logits become probabilities of the classes? Name the function and the axis along which it works.",
        Essay(
            say(
                r"""
                By the softmax over the class axis, the second one of $<shape|shape>$: for each example,
                $p_j = e^{\ell_j} / \sum_k e^{\ell_k}$, where $\ell$ is its row of $<z>$. Every row of the result is positive
                and adds up to 1.
                """,
                shape=v.shapes[-1],
                z=_logits_name(v),
            ),
            ((1, "softmax: exponentials over their sum"), (1, "along the classes, for each example by itself")),
        ),
    )


def _shifted_logits(v: Values) -> tuple[Content, Essay]:
    return (
        "Somebody adds 5 to all logits of one example. What happens to its probabilities, and why?",
        Essay(
            r"Nothing. The softmax becomes $e^{\ell_j + 5} / \sum_k e^{\ell_k + 5}$; the factor $e^5$ stands above and below and "
            r"cancels. Only differences of logits matter.",
            ((1, "the probabilities stay as they are"), (1, "the common factor cancels")),
        ),
    )


def _wrong_axis(v: Values) -> tuple[Content, Essay]:
    return (
        "Somebody takes the softmax of the logits along the batch axis instead of the class axis. What adds up to 1 then, and "
        "why is the result of no use as probabilities of classes?",
        Essay(
            r"Then each class's column, taken over the <batch> examples, adds up to 1. The examples compete with each other, so "
            r"an example's row need not add up to 1, and its values depend on which other examples are in the batch.",
            (
                (1, "the values of all examples add up to 1, one sum for each class"),
                (1, "a row is no distribution over the classes, or depends on the other examples"),
            ),
        ),
    )


def _most_likely(v: Values) -> tuple[Content, Essay]:
    return (
        "At test time only the most likely class is wanted. Must the softmax be computed? Why, or why not?",
        Essay(
            "No. The exponential is increasing and all classes are divided by the same positive sum, so the class with "
            "the largest logit is the one with the largest probability.",
            ((1, "it need not be computed"), (1, "the softmax keeps the order of the logits")),
        ),
    )


def _logits_themselves(v: Values) -> tuple[Content, Essay]:
    return (
        "Why does a classifier not simply divide each logit by the sum of the logits? Name two things that can go wrong.",
        Essay(
            "Logits are any real numbers: negative ones can give negative “probabilities”, and the sum can be 0. The softmax "
            "first makes all of them positive by the exponential.",
            ((1, "quotients can be negative, or above 1"), (1, "the sum can be zero")),
        ),
    )


def _equal_logits(v: Values) -> tuple[Content, Essay]:
    return (
        "Before training, suppose that all logits of an example are equal. Which probability does each of the "
        "<classes> classes get, and why does the common value not matter?",
        Essay(
            r"Each gets $\frac{1}{<classes>}$: all exponentials are equal, so each is that share of their sum, whatever the "
            r"common value is.",
            ((1, r"$\frac{1}{<classes>}$"), (1, "equal exponentials cancel whatever their value")),
        ),
    )


def _doubled_logits(v: Values) -> tuple[Content, Essay]:
    return (
        "All logits of an example are multiplied by 2. If class $j$ was 3 times as likely as class $k$ before, how many times as "
        "likely is it now, and why?",
        Essay(
            r"9 times. The ratio of two probabilities is $e^{\ell_j - \ell_k}$; doubling the logits squares it. The distribution "
            r"becomes more peaked.",
            ((1, "9 times"), (1, "the ratio is the exponential of the difference, so it is squared")),
        ),
    )


SOFTMAX_QUESTIONS = {
    "to_probabilities": _to_probabilities,
    "shifted_logits": _shifted_logits,
    "wrong_axis": _wrong_axis,
    "most_likely": _most_likely,
    "logits_themselves": _logits_themselves,
    "equal_logits": _equal_logits,
    "doubled_logits": _doubled_logits,
}


def _reason(v: Values) -> tuple[Content, Essay]:
    if v.compare_at != "large":
        return (
            "Give the reason, and say how the comparison changes as the batch grows.",
            Essay(
                say(
                    r"""
                    At $n = <compare_at>$ there are $nK = <held>$ activations and $C = <parameters>$ parameters. The activations
                    grow in proportion to the batch while $C$ stays, so they take more as soon as
                    $n > \frac{C}{K} = <crossover>$.
                    """,
                    held=v.compare_at * v.activations_per_example,
                ),
                (
                    (1, "$nK$ is compared with $C$ at this batch size"),
                    (1, "the activations grow with the batch, the parameters do not"),
                ),
            ),
        )
    leader = "parameters" if v.activations < v.parameters else "activations"
    return (
        "Give the reason. Is it so already at $n = <batch>$?",
        Essay(
            say(
                r"""
                Each example adds its own $K$ activations, while all examples share one set of $C$ parameters. So $nK$ outgrows
                $C$ in the end: as soon as $n > \frac{C}{K} = <crossover>$, that is from $n = <break_even>$ on (from
                $n = <break_even_adam>$ on if Adam's gradients and moments, $3C$ more numbers, count as well). At
                $n = <batch>$ there are $<activations>$ activations and $<parameters>$ parameters: the <leader> take more.
                """,
                leader=leader,
            ),
            (
                (1, "the activations grow in proportion to the batch, the parameters do not depend on it"),
                (1, "the right comparison at the printed batch size"),
            ),
        ),
    )


def _doubling(v: Values) -> tuple[Content, Essay]:
    return (
        "The batch is doubled. By which factor do the numbers of activations and of parameters change, and why?",
        Essay(
            r"The activations double, from $<activations>$, since every example has its own. The parameters stay "
            r"$<parameters>$ (a factor of 1), since all examples share them.",
            (
                (1, "twice the activations, since every example has its own"),
                (1, "no more parameters, since they are shared"),
            ),
        ),
    )


def _accumulation(v: Values) -> tuple[Content, Essay]:
    return (
        "A batch does not fit into memory. It is cut into four equal pieces that run one after another, and their gradients are "
        "added before the parameters change. What becomes of the memory for activations and for parameters?",
        Essay(
            r"Only one piece's activations are held at a time, so they take a quarter of the memory. The parameters, "
            r"$<parameters>$ numbers, are the same as before: they are shared by all pieces. (Batch statistics are then those of a "
            r"piece.)",
            ((1, "a quarter of the memory for activations"), (1, "as much as before for the parameters")),
        ),
    )


def _recomputation(v: Values) -> tuple[Content, Essay]:
    return (
        "Name a way to train with fewer activations in memory at the same batch size, and what it costs.",
        Essay(
            "For example, keep only some of the activations in the forward pass and compute the others again when the backward pass "
            "needs them (checkpointing); this costs extra computation. Storing activations in 16 instead of 32 bits is "
            "another way, at the cost of precision.",
            ((1, "a way that works"), (1, "its cost")),
        ),
    )


def _precision(v: Values) -> tuple[Content, Essay]:
    return (
        "All activations and all parameters are stored in 16 bits instead of 32. What becomes of the memory, and of the batch size from "
        "which on the activations take more? Why?",
        Essay(
            r"Both memories are halved, so the batch size where they meet stays: $nK > C$ compares numbers, and both sides are "
            r"multiplied by the same two bytes instead of four. It is still $n > \frac{C}{K} = <crossover>$.",
            ((1, "both memories are halved"), (1, "the batch size stays, since both sides have the same factor")),
        ),
    )


def _inference(v: Values) -> tuple[Content, Essay]:
    return (
        "At test time there is no backward pass. Why does the network then need far less memory for activations than $nK$ numbers, and "
        "what becomes of the parameters?",
        Essay(
            "An activation is kept in training because the backward pass needs it. Without one it can be "
            "overwritten once the last operation that takes it is done. The parameters, $<parameters>$ numbers, "
            "must all be there as before.",
            (
                (1, "activations can be dropped once used, since no backward pass needs them"),
                (1, "the parameters are all still needed"),
            ),
        ),
    )


MEMORY_QUESTIONS = {
    "reason": _reason,
    "doubling": _doubling,
    "accumulation": _accumulation,
    "recomputation": _recomputation,
    "precision": _precision,
    "inference": _inference,
}

CLAIMS = {
    "buffers": Claim(
        "The running mean and the running variance of a batch normalization belong to the parameters.",
        False,
        "No gradient changes them; they are updated from the batches and stored beside the parameters, as buffers.",
    ),
    "dropout": Claim(
        "Each Dropout layer adds a mask to the parameters.",
        False,
        "The mask is drawn anew in every training step and is not learned; Dropout has no parameters.",
    ),
    "batch_doubles": Claim(
        "Training with twice the batch size needs twice the parameters.",
        False,
        "All examples go through the same weights: the number of parameters does not depend on the batch.",
    ),
    "bias_size": Claim(
        "The bias of a Linear has one entry for each feature that the Linear takes.",
        False,
        "It is added to the output, so it has one entry for each feature that the Linear puts out.",
    ),
    "norm_size": Claim(
        "A batch normalization of $d$ features learns $d$ parameters.",
        False,
        r"It learns $2d$: a scale $\gamma$ and a shift $\beta$ for each feature.",
    ),
    "width_doubles": Claim(
        "Doubling the widths of all hidden layers doubles the number of parameters.",
        False,
        "A weight matrix between two hidden layers has both sides doubled and so four times the entries.",
    ),
    "relu_activations": Claim(
        "The outputs of ReLU need not be counted among the activations, since ReLU has no parameters.",
        False,
        "They are activations as wide as its inputs; having nothing to learn matters for the parameters alone.",
    ),
    "relu": Claim(
        "Taking out all ReLUs would leave the number of parameters as it is.",
        True,
        "ReLU works entry by entry with nothing to learn and keeps the width for what follows.",
    ),
    "residual": Claim(
        "A connection that adds an earlier activation of the same width brings no parameters.",
        True,
        "The sum is taken entry by entry; nothing in it is learned.",
    ),
    "plain_descent": Claim(
        "Plain gradient descent (without momentum) stores half as many numbers for the parameters as Adam.",
        True,
        "It stores each parameter and its gradient, two numbers; Adam's two moments make it four.",
    ),
    "gradient_shape": Claim(
        "The gradient of the loss with respect to an activation has the shape of that activation.",
        True,
        "There is one partial derivative for each of its entries.",
    ),
    "more_classes": Claim(
        "Another class changes the number of parameters of the last Linear only.",
        True,
        "It adds a column of weights and one bias there; no earlier layer sees the classes.",
    ),
    "weight_shape": Claim(
        "The shape of a Linear's weight matrix can be told without knowing the batch size.",
        True,
        "It has one entry for each pair of an input and an output feature; examples do not enter.",
    ),
}


def _claims_by_verdict() -> tuple[tuple[str, ...], tuple[str, ...]]:
    true = tuple(name for name, claim in CLAIMS.items() if claim.verdict)
    return true, tuple(name for name in CLAIMS if name not in true)


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The network and its batch; what is asked beside, and where the blanks are, does not make it another one."""
    return params["batch"], params["features"], params["operations"]


def signature(v: Values) -> Mapping[str, Any]:
    """How much there is to count, and what is asked beside."""
    sizes = {v.batch, v.features, *v.output_widths}
    distinct = {v.batch, v.features, *v.linear_outputs}
    forced = int(any(operation["op"] == "Add" for operation in v.operations))
    return {
        "activations": len(v.operations),
        "blanks": len(v.dimensions),
        "all sizes different": len(sizes) == len(distinct) == len(v.linear_sizes) + 2 - forced,
        "digits of C": len(str(v.parameters)),
        "parameters lead": bool(v.activations < v.parameters),
        "logits": len(v.get("logits", ())),
        "follow-ups": len(v.follow_ups),
        "claims": len(v.claims),
    }


def _read_sides(raw: Any, *, field: str) -> tuple[str, ...]:
    side = one_of(("in", "out"))
    if not isinstance(raw, list | tuple):
        raise InputError(f"expected a list of sides; got {raw!r}", field=field)
    return tuple(side(item, field=f"{field}[{place}]") for place, item in enumerate(raw, start=1))


def _read_compare_at(raw: Any, *, field: str) -> Any:
    return raw if raw == "large" else whole(1, net.LARGEST_SIZE)(raw, field=field)


PROBLEM = Problem(
    id="model-size",
    title="Model size",
    topic="architecture",
    parameters={
        "batch": required(whole(1, net.LARGEST_SIZE)),
        "features": required(whole(1, net.LARGEST_SIZE)),
        "operations": required(net.read_operations),
        "logits": optional(read_vector),
        "blanks": optional(_read_sides, ()),
        "softmax_question": optional(one_of(SOFTMAX_QUESTIONS), "to_probabilities"),
        "compare_at": optional(_read_compare_at, "large"),
        "memory_question": optional(one_of(MEMORY_QUESTIONS), "reason"),
        "follow_ups": optional(some_of(FOLLOW_UPS), ()),
        "budget": optional(whole(1, 10**12)),
        "claims": optional(some_of(CLAIMS), ()),
    },
    require=require,
    sample=sample,
    solution=[
        linear_outputs,
        output_widths,
        classes,
        inputs,
        shapes,
        linear_sizes,
        norm_sizes,
        blank_sides,
        dimensions,
        logits_activation,
        exponentials,
        exponential_sum,
        probabilities,
        activations_per_example,
        activations,
        weights,
        biases,
        norm_parameters,
        parameters,
        crossover,
        break_even,
        adam_crossover,
        break_even_adam,
        memory,
        budget_quotient,
        largest_batch,
    ],
    mistakes=MISTAKES,
    check=check,
    preamble=preamble,
    parts=parts,
    original={
        "batch": 4,
        "features": 52,
        "operations": net.plain((128, 256, 20), 1000),
    },
    canonical=canonical,
    signature=signature,
    standard={
        "activations": 11,
        "blanks": 4,
        "all sizes different": True,
        "digits of C": 5,
        "parameters lead": True,
        "logits": 3,
        "follow-ups": 2,
        "claims": 2,
    },
    variants=5000,
)
