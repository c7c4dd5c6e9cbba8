"""What students do instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from generator import Mistake
from generator.numbers import exact as ex
from generator.problems.model_size import networks as net
from generator.problems.model_size.networks import Operations, Size
from generator.problems.model_size.solution import _floor, _quotient, logits_activation, probabilities, shapes, summed


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


def _compares_two(compare_at: Any) -> bool:
    return isinstance(compare_at, tuple)


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
        activations_per_example=lambda features, output_widths: summed((features, *output_widths[:-2])),
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
        applies=lambda operations: net.logits_place(operations) < len(operations),
    ),
    Mistake(
        "log-probabilities for logits",
        "took the log-probabilities for the logits: logits are what the softmax is given",
        logits_activation=_logits_neighbour(2),
        applies=lambda operations: net.logits_place(operations) < len(operations) - 1,
    ),
    Mistake(
        "logits after a softmax",
        "looked for the logits behind a softmax: they are the scores before it, and may be any real numbers",
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
        probabilities=lambda exponentials: probabilities(exponentials, ex.extremes(exponentials)[1]),
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
        activations_per_example=lambda output_widths: summed(output_widths),
    ),
    Mistake(
        "input counted",
        "counted the input too: the question leaves it out",
        activations_per_example=lambda features, output_widths: summed((features, *output_widths[:-1])),
    ),
    Mistake(
        "outputs of Linears only",
        "counted the outputs of the Linears only: every operation has an output of its own",
        activations_per_example=lambda operations, output_widths: summed(
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
        biases=lambda linear_sizes: summed(entering for entering, _ in linear_sizes),
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
        norm_parameters=lambda norm_sizes: summed(norm_sizes),
        applies=_has("Norm"),
    ),
    Mistake(
        "running statistics counted",
        "counted the running means and variances: they are buffers, which no gradient changes",
        norm_parameters=lambda norm_sizes: summed(4 * norm_sizes),
        applies=_has("Norm"),
    ),
    Mistake(
        "parameters for each example",
        "multiplied by the batch size: all examples share the same parameters",
        parameters=lambda batch, weights, biases, norm_parameters: ex.multiply(
            batch, summed((weights, biases, norm_parameters))
        ),
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
        applies=lambda compare_at: not _compares_two(compare_at),
    ),
    Mistake(
        "parameters grow in place of activations",
        "let $C$ grow with $n$ in place of the activations: each example has its own activations and shares the parameters",
        memory=lambda compare_at: "parameters first" if compare_at[0] > compare_at[1] else "activations first",
        applies=_compares_two,
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
        adam_crossover=lambda crossover: ex.multiply(ex.exact(3), crossover),
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
        largest_batch=lambda budget_quotient: ex.exact(-(-budget_quotient.p // budget_quotient.q)),
        applies=_asks("largest_batch"),
    ),
]
