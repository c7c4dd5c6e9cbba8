"""How a network is drawn: sizes that all differ, small enough to be counted by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from generator import Bank, Draw, draw_claims
from generator.problems.model_size import networks as net
from generator.problems.model_size.levels import Drawable, Setting
from generator.problems.model_size.networks import Operations
from generator.problems.model_size.sizes import Family

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


TRIES = 4
"""At hidden widths with which the break-even aimed at can be had."""


class _Network(NamedTuple):
    features: int
    operations: Operations
    stored: int
    learned: int


def _sample(bank: Bank, setting: Setting, draw: Draw) -> Mapping[str, Any]:
    """A network whose sizes all differ, small enough to be counted by hand."""
    network = _network(draw, setting, draw.choice(draw.choice(setting.endings)))
    batch = draw.integer(2, 9)
    features, operations, stored, learned = network
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
        "softmax_question": concept.choice(tuple(bank["softmax_question"])),
        "compare_at": _compared(concept, batch, stored, learned),
        "memory_question": concept.choice([one for one in bank["memory_question"] if not one.startswith("reason_")]),
        "follow_ups": ["break_even", follow_up],
        **({"budget": _budget(concept, setting, stored, learned)} if follow_up == "largest_batch" else {}),
        "claims": draw_claims(
            concept,
            bank.all_claims("claims"),
            without={"norm_size", *["plain_descent"] * (follow_up == "break_even_adam")},
        ),
    }


def _network(draw: Draw, setting: Setting, drawable: Drawable) -> _Network:
    """One with the break-even aimed at, or if the first few hidden widths lead to none, with the nearest."""
    template, tables = drawable
    aimed = draw.choice(setting.crossover)
    for time in range(2 * TRIES):
        widths: list[int] = []
        for table in tables:
            widths.append(draw.choice([width for width in table if width not in widths]))
        family = Family(template, widths, setting)
        wanted = [aimed] if time < TRIES else sorted(setting.crossover, key=lambda crossover: abs(crossover - aimed))
        if found := next(filter(None, map(family.with_crossover, wanted)), []):
            break
    draw.require(found, "no inputs and classes leave a network to count by hand")
    features, classes = draw.choice(found)
    return _Network(features, template(widths, classes), *family.counts(features, classes))


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
