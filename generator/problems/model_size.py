r"""The size of a classifier: shapes of its activations, number of its parameters, and which of them costs more.

Normalization as in Ioffe and Szegedy (2015), residual blocks as in He et al. (2016); Adam's two moments as in
Kingma and Ba (2015).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import sympy

from generator import (
    Draw,
    InputError,
    Mistake,
    Problem,
    Values,
    one_of,
    optional,
    read_vector,
    required,
    some_of,
    whole,
)
from generator import exact as ex
from generator import networks as net
from generator.network_concepts import CLAIMS, MEMORY_QUESTIONS, SOFTMAX_QUESTIONS
from generator.network_questions import FOLLOW_UPS, REASON, parts, preamble
from generator.networks import Operations, Size

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
    true = [name for name, claim in CLAIMS.items() if claim.verdict]
    false = [name for name in CLAIMS if name not in true]
    return {
        "batch": batch,
        "features": features,
        "operations": networks[classes],
        "blanks": [draw.choice(("in", "out")) for _ in range(3)],
        "logits": draw.shuffled(["0", *(f"log({size})" for size in draw.choice(EXPONENTIALS))]),
        "softmax_question": concept.choice(tuple(SOFTMAX_QUESTIONS)),
        "compare_at": concept.choice(["large", *_telling_batches(concept, batch, stored, learned)]),
        "memory_question": concept.choice((REASON, *MEMORY_QUESTIONS)),
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


# ------------------------------------------------------------------------------------- what makes it fair


def canonical(params: Mapping[str, Any]) -> Any:
    """The network and its batch; what is asked beside, and where the blanks are, does not make it another one."""
    return params["batch"], params["features"], params["operations"]


def signature(v: Values) -> Mapping[str, Any]:
    """How much there is to count, and what is asked beside."""
    sizes = {v.batch, v.features, *v.linear_outputs}
    forced = sum(operation["op"] == "Add" for operation in v.operations)
    return {
        "activations": len(v.operations),
        "blanks": len(v.dimensions),
        "all sizes different": len(sizes) == 2 + len(v.linear_outputs) - forced,
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
        "memory_question": optional(one_of((REASON, *MEMORY_QUESTIONS)), REASON),
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
    variants=20_000,  # 20 055 different ones were found in 20 100 draws
)
