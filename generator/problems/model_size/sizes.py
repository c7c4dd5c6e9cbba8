"""K and C in plain integers: of one network, and of all that differ in their inputs and their classes only."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from generator.problems.model_size.levels import INPUTS, Setting
from generator.problems.model_size.networks import Operations
from generator.problems.model_size.solution import (
    activations_per_example,
    biases,
    inputs,
    linear_outputs,
    linear_sizes,
    norm_parameters,
    norm_sizes,
    output_widths,
    parameters,
    weights,
)
from generator.problems.model_size.templates import Template


def counts_of(features: int, operations: Operations) -> tuple[int, int]:
    """K and C."""
    outputs = linear_outputs(operations)
    widths = output_widths(features, operations, outputs)
    entering = inputs(features, widths)
    linears = linear_sizes(operations, entering, outputs)
    learned = parameters(weights(linears), biases(linears), norm_parameters(norm_sizes(operations, entering)))
    return int(activations_per_example(widths)), int(learned)


class Family:
    """Networks that differ in their inputs and their classes only, which only the Linears at the ends have to do with."""

    def __init__(self, template: Template, widths: Sequence[int]) -> None:
        operations = template(widths, 0)
        last = max(place for place, operation in enumerate(operations) if operation["op"] == "Linear")
        entering = output_widths(0, operations, linear_outputs(operations))[last - 1]
        self._widths = widths
        self._stored, self._learned = counts_of(0, operations)
        self._stored_by_class = len(operations) - 1 - last  # z from the last Linear on, without the last
        self._learned_by_class = int(entering) + 1
        self._learned_by_feature = widths[0]

    def counts(self, features: int, classes: int) -> tuple[int, int]:
        """K and C."""
        return (
            self._stored + classes * self._stored_by_class,
            self._learned + classes * self._learned_by_class + features * self._learned_by_feature,
        )

    def with_crossover(self, crossover: int, setting: Setting) -> list[tuple[int, int]]:
        """Features and classes for which C/K is ``crossover`` when rounded down and the level's conditions hold."""
        found = []
        for classes in setting.classes:
            stored, least = self.counts(0, classes)
            fewest = -((least - crossover * stored) // self._learned_by_feature)
            if fewest > INPUTS[-1] or stored not in setting.stored or classes in self._widths:
                continue
            for features in INPUTS[bisect_left(INPUTS, fewest) :]:
                learned = least + features * self._learned_by_feature
                if learned // stored > crossover:
                    break
                if learned in setting.learned and 4 * learned % stored and features not in (classes, *self._widths):
                    found.append((features, classes))
        return found
