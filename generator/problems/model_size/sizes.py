"""K and C in plain integers: of one network, and of all that differ in their inputs and their classes only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

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
    weights,
)
from generator.problems.model_size.templates import Template

Counts: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"


def counts_of(features: int, operations: Operations) -> tuple[int, int]:
    """K and C."""
    outputs = linear_outputs(operations)
    widths = output_widths(features, operations, outputs)
    entering = inputs(features, widths)
    linears = linear_sizes(operations, entering, outputs)
    learned = weights(linears) + biases(linears) + norm_parameters(norm_sizes(operations, entering))
    return int(activations_per_example(widths)), int(learned)


def sizes_by_ends(
    template: Template, widths: Sequence[int], features: Sequence[int], classes: Sequence[int]
) -> tuple[Counts, Counts]:
    """K and C by the number of features and the number of classes, which only the Linears at the ends have to do with."""
    corner, wider, deeper = (
        np.array(counts_of(entering, template(widths, leaving))) for entering, leaving in ((1, 1), (2, 1), (1, 2))
    )
    ends = np.stack(np.meshgrid(features, classes, indexing="ij"), axis=-1) - 1
    stored, learned = np.moveaxis(corner + ends @ np.stack([wider - corner, deeper - corner]), -1, 0)
    return stored, learned


def within(sizes: Counts, bounds: range) -> Any:
    """Which of the sizes lie in a range of whole numbers."""
    return (bounds.start <= sizes) & (sizes < bounds.stop)
