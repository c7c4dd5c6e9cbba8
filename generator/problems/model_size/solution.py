"""The solution: shapes, activations, parameters, and where one outgrows the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sympy

from generator.numbers import exact as ex
from generator.problems.model_size import networks as net
from generator.problems.model_size.networks import Operations, Size


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
    return f"z{net.logits_place(operations)}"


def logits_option(logits_activation: str, candidates: Sequence[Size]) -> str:
    """That activation if it is among those offered."""
    return logits_activation if logits_activation in {f"z{int(place)}" for place in candidates} else "none"


def exponentials(logits: ex.Vector) -> ex.Vector:
    return tuple(sympy.exp(logit) for logit in logits)


def exponential_sum(exponentials: ex.Vector) -> ex.Scalar:
    return ex.total(exponentials)


def probabilities(exponentials: ex.Vector, exponential_sum: ex.Scalar) -> ex.Vector:
    return tuple(ex.divide(exponential, exponential_sum) for exponential in exponentials)


def activations_per_example(output_widths: Sequence[Size]) -> Size:
    """K: all z but the last."""
    return summed(output_widths[:-1])


def activations(batch: Size, activations_per_example: Size) -> Size:
    return ex.multiply(batch, activations_per_example)


def weights(linear_sizes: Sequence[tuple[Size, Size]]) -> Size:
    return summed(int(entering) * int(leaving) for entering, leaving in linear_sizes)


def biases(linear_sizes: Sequence[tuple[Size, Size]]) -> Size:
    return summed(leaving for _, leaving in linear_sizes)


def norm_parameters(norm_sizes: Sequence[Size]) -> Size:
    return ex.exact(2 * sum(map(int, norm_sizes)))


def parameters(weights: Size, biases: Size, norm_parameters: Size) -> Size:
    """C."""
    return summed((weights, biases, norm_parameters))


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
    """Which of the two is larger at the batch size compared at, or at both of two."""
    if compare_at == "large":
        return "activations"  # nK grows without bound, C does not
    sizes = compare_at if isinstance(compare_at, tuple) else (compare_at,)
    leaders = [_larger(int(size) * int(activations_per_example), int(parameters)) for size in sizes]
    return leaders[0] if len({*leaders}) == 1 else "equal" if "equal" in leaders else f"{leaders[0]} first"


def _larger(held: int, parameters: int) -> str:
    return "equal" if held == parameters else "activations" if held > parameters else "parameters"


def budget_quotient(budget: Size, activations_per_example: Size, parameters: Size) -> ex.Scalar:
    """(M - C)/K: how many examples fit beside the parameters."""
    return _quotient(budget - parameters, activations_per_example)


def largest_batch(budget_quotient: ex.Scalar) -> Size:
    return _floor(budget_quotient)


def summed(sizes: Iterable[Size]) -> Size:
    """The sum, reckoned in Python's integers."""
    return ex.exact(sum(map(int, sizes)))


def _quotient(size: Size, other: Size) -> ex.Scalar:
    if other == 0:
        raise ZeroDivisionError("no activations to compare with")
    return ex.divide(size, other)


def _floor(quotient: ex.Scalar) -> Size:
    return ex.exact(quotient.p // quotient.q)
