"""How a network is drawn: sizes that all differ, small enough to be counted by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any, TypeAlias

from generator import Draw, draw_claims
from generator.problems.model_size import networks as net
from generator.problems.model_size.concepts import CLAIMS, GIVEN_AWAY, MEMORY_QUESTIONS, SAID_BY, SOFTMAX_QUESTIONS
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


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split()))


INPUTS = _sizes("10 12 15 18 20 24 25 28 30 32 35 36 40 42 45 48 50 52 54 55 56 60")
NARROW = _sizes("12 14 16 18 20 22 24 26 28 30 32 36 40 42 44 48 50 52 54 56 60 64 66 70 72 80 84 88 90 96")
WIDE = _sizes("100 110 112 120 124 128 130 140 144 150 160 170 180 190 192 200 210 220 224 230 240 250 256")
VAST = _sizes(
    "120 128 140 144 150 160 170 180 190 192 200 210 220 224 230 240 250 256 260 270 280 288 290 300 310 320 330 340 350 360"
)
"""Even widths, so that a Dropout that were to halve them could."""
ROUND = (
    4,
    5,
    6,
    8,
    10,
    12,
    15,
    16,
    20,
    24,
    25,
    30,
    32,
    40,
    48,
    50,
    60,
    64,
    75,
    80,
    90,
    100,
    120,
    150,
    200,
    250,
    300,
    400,
)
"""Batch sizes to compare at."""
EXPONENTIALS = tuple((low, high) for low in range(2, 8) for high in range(low + 2, 10))
"""The exponentials of two of three logits; that of the third is 1, and none is half of the sum."""


Drawable: TypeAlias = tuple[net.Template, tuple[tuple[int, ...], ...]]
"""A network, with the tables of its hidden widths."""


@dataclass(frozen=True)
class Setting:
    """What one level is made of: networks by how they end, and how large all may be."""

    endings: tuple[tuple[Drawable, ...], ...]
    """That hold their logits in the last activation, in the one before it, and in the one before that."""
    classes: tuple[int, ...]
    stored: range
    """K."""
    learned: range
    """C."""
    crossover: range
    """C/K, rounded down, of two digits."""
    budgets: tuple[int, ...]


_PAIRS = ((WIDE, NARROW), (NARROW, WIDE))
_LAYERS = ((WIDE, WIDE, NARROW), (WIDE, NARROW, WIDE), (NARROW, WIDE, WIDE))
_BLOCKS = ((WIDE, WIDE),) * len(_LAYERS)
"""A residual network comes as often as each other one."""
EASY = Setting(
    endings=(
        tuple(product((net.plain,), _PAIRS)),
        tuple(product((net.with_softmax,), _PAIRS)),
        tuple(product((net.with_log_softmax, net.normalized_late), _PAIRS)),
    ),
    classes=(10, 12, 15, 16, 18, 20, 24, 25, 30, 32, 36, 40, 45, 50, 60, 64, 70, 75, 80, 90),
    stored=range(100, 1000),
    learned=range(10_000, 25_000),
    crossover=range(14, 100),
    budgets=(50_000, 60_000, 70_000, 80_000, 90_000),
)
STANDARD = Setting(
    endings=(
        (*product((net.plain, net.dropout_blocks), _LAYERS), *product((net.residual,), _BLOCKS)),
        (
            *product((net.with_softmax, net.mixed_with_softmax), _LAYERS),
            *product((net.residual_with_softmax,), _BLOCKS),
        ),
        (
            *product((net.with_log_softmax, net.normalized_late), _LAYERS),
            *product((net.residual_with_log_softmax,), _BLOCKS),
        ),
    ),
    classes=(10, 12, 15, 16, 18, 20, 24, 25, 30, 32, 36, 40, 45, 50, 60, 64, 70, 75, 80, 90),
    stored=range(1000, 10_000),
    learned=range(25_000, 100_000),
    crossover=range(25, 100),
    budgets=(150_000, 200_000, 250_000, 300_000, 350_000, 400_000),
)
HARD = Setting(
    endings=(
        ((net.residual, (VAST, VAST)), (net.residual_then_dropout, (VAST, VAST))),
        ((net.residual_with_softmax, (VAST, VAST)),),
        ((net.residual_with_log_softmax, (VAST, VAST)),),
    ),
    classes=(100, 120, 125, 140, 150, 160, 180, 200, 240, 250, 300, 400, 500),
    stored=range(1000, 10_000),
    learned=range(100_000, 250_000),
    crossover=range(25, 100),
    budgets=(500_000, 600_000, 700_000, 800_000, 900_000),
)


def _sample(setting: Setting, draw: Draw) -> Mapping[str, Any]:
    """A network whose sizes all differ, small enough to be counted by hand."""
    template, tables = draw.choice(draw.choice(setting.endings))
    batch = draw.integer(2, 9)
    features = draw.choice(INPUTS)
    widths = [draw.choice(table) for table in tables]
    draw.require(len({features, *widths}) == 1 + len(widths), "two equal widths")
    counts = _counts_by_classes(
        features, partial(template, widths), [one for one in setting.classes if one not in (features, *widths)]
    )
    good = [classes for classes, (stored, learned) in counts.items() if _is_good(setting, batch, stored, learned)]
    draw.require(good, "no number of classes leaves a network to count by hand")
    classes = draw.choice(good)
    stored, learned = counts[classes]
    operations = template(widths, classes)
    concept = draw.fork("concepts")
    follow_up = concept.choice(("break_even_adam", "largest_batch"))
    linears = sum(operation["op"] == "Linear" for operation in operations)
    return {
        "batch": batch,
        "features": features,
        "operations": operations,
        "blanks": [draw.choice(("in", "out")) for _ in range(linears - 1)],
        "candidates": _candidates(draw, operations),
        "order": draw.shuffled((1, 2, 3, 4)),
        "logits": draw.shuffled(["0", *(f"log({size})" for size in draw.choice(EXPONENTIALS))]),
        "softmax_question": concept.choice(tuple(SOFTMAX_QUESTIONS)),
        "compare_at": _compared(concept, batch, stored, learned),
        "memory_question": concept.choice((REASON, *MEMORY_QUESTIONS)),
        "follow_ups": ["break_even", follow_up],
        **({"budget": _budget(concept, setting, stored, learned)} if follow_up == "largest_batch" else {}),
        "claims": draw_claims(concept, CLAIMS, without=GIVEN_AWAY | SAID_BY.get(follow_up, set())),
    }


sample_easy, sample, sample_hard = (partial(_sample, setting) for setting in (EASY, STANDARD, HARD))


def _counts_by_classes(
    features: int, network: Callable[[int], Operations], several: Sequence[int]
) -> dict[int, tuple[int, int]]:
    """K and C by the number of classes, which only the last Linear has to do with: they grow in proportion to it."""
    first, last = several[0], several[-1]
    least, most = _counts(features, network(first)), _counts(features, network(last))
    steps = [(there - here) // (last - first) for here, there in zip(least, most, strict=True)]
    return {
        classes: (least[0] + (classes - first) * steps[0], least[1] + (classes - first) * steps[1])
        for classes in several
    }


def _counts(features: int, operations: Operations) -> tuple[int, int]:
    """K and C in plain integers."""
    outputs = linear_outputs(operations)
    widths = output_widths(features, operations, outputs)
    entering = inputs(features, widths)
    linears = linear_sizes(operations, entering, outputs)
    learned = weights(linears) + biases(linears) + norm_parameters(norm_sizes(operations, entering))
    return int(activations_per_example(widths)), int(learned)


def _is_good(setting: Setting, batch: int, stored: int, learned: int) -> bool:
    """Sizes of the level's digits, more parameters than activations in the batch, no break-even that comes out even."""
    return (
        stored in setting.stored
        and learned in setting.learned
        and learned // stored in setting.crossover
        and batch * stored < learned
        and 4 * learned % stored != 0
    )


def _candidates(draw: Draw, operations: Operations) -> list[int]:
    """Three of the last four activations; on a quarter of the papers the one that holds the logits is not among them.

    Where no softmax follows, the one before the last Linear is never left out: to take it for the logits, and to
    look for them behind a softmax, would then be one answer.
    """
    last, logits = len(operations), net.logits_place(operations)
    others = [place for place in range(last - 3, last + 1) if place != logits and (logits < last or place != last - 1)]
    left_out = logits if draw.integer(1, 4) == 1 else draw.choice(others)
    return [place for place in range(last - 3, last + 1) if place != left_out]


def _compared(draw: Draw, batch: int, stored: int, learned: int) -> tuple[int, int]:
    """Two round batches, each clearly below the break-even or clearly above it, as often the one as the other."""
    sizes = [size for size in ROUND if size != batch]
    below = [size for size in sizes if learned < 4 * size * stored and 5 * size * stored < 4 * learned]
    above = [size for size in sizes if 5 * learned < 4 * size * stored and size * stored < 4 * learned]
    first, second = (draw.choice((below, above)) for _ in range(2))
    one = draw.choice(first)
    return one, draw.choice([size for size in second if size != one])


def _budget(draw: Draw, setting: Setting, stored: int, learned: int) -> int:
    found = [budget for budget in setting.budgets if budget > 2 * learned and (budget - learned) % stored]
    draw.require(found, "no budget that leaves a remainder")
    return draw.choice(found)
