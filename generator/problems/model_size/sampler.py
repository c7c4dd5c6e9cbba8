"""How a network is drawn: sizes that all differ, small enough to be counted by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator import Draw, draw_claims
from generator.problems.model_size import networks as net
from generator.problems.model_size.concepts import CLAIMS, GIVEN_AWAY, MEMORY_QUESTIONS, SOFTMAX_QUESTIONS
from generator.problems.model_size.networks import Operations
from generator.problems.model_size.questions import REASON
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
        "claims": draw_claims(concept, CLAIMS, without=GIVEN_AWAY),
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
