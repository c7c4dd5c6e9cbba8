"""How a batch is drawn, and what each difficulty fixes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from generator import (
    Draw,
    draw_claims,
)
from generator.problems._norms import Setting, Slot
from generator.problems.layer_norm.concepts import CLAIMS, QUESTIONS

HALF = Fraction(1, 2)

EASY = Setting(
    count=6,
    slots={0: (Slot((4, 9), (2, 3)), Slot((16, 25, 36), (0, 1, 2)))},
    weights={0: 1},
    gamma=((1,), (2,), (2,), (3,), (3,), (3,)),
    negative=2,
    changed=(0,),
    claims=1,
)
"""Two rows of six, both with whole deviations."""

# Five integers that add up to 0 have an even sum of squares, so their variance is even.
STANDARD = Setting(
    count=5,
    slots={
        0: (Slot((4,), (1,)), Slot((16,), (0,)), Slot((6, 8, 12, 18, 32), (0, 1))),
        1: (Slot((8,), (1,)), Slot((24,), (1,)), Slot((2, 4, 6), (0, 1))),
        4: (Slot((12,), (1,)), Slot((32,), (1,)), Slot((8, 14), (0, 1))),
    },
    weights={0: 3, 1: 1, 4: 1},
    gamma=((1,), (2,), (2,), (3,), (4,)),
    negative=2,
    changed=(1,),
)
"""Two rows of five with different whole deviations and one with a surd."""

HARD = Setting(
    count=5,
    slots={4: (Slot((12, 32), (1,)), Slot((4,), (1,)), Slot((8, 14), (0,)), Slot((16, 20), (0,)))},
    weights={4: 1},
    gamma=((HALF,), (3 * HALF,), (2,), (3,), (3,)),
    negative=2,
    changed=(2, 3),
)
"""Four rows of five, one of them with a whole deviation; of the surds one is a decoy: its *sample* deviation is whole."""


def sampler(setting: Setting) -> Callable[[Draw], Mapping[str, Any]]:
    """The sampler of a difficulty."""

    def sample(draw: Draw) -> Mapping[str, Any]:
        epsilon, order, rows = setting.lines(draw)
        concept = draw.fork("concepts")
        return {
            "X": rows,
            **setting.affine(draw, draw.shuffled(range(setting.count))),
            "epsilon": epsilon,
            "question": concept.choice(tuple(QUESTIONS)),
            "row": concept.choice([row for row, slot in enumerate(order, start=1) if slot in setting.changed]),
            "scale": -1 if epsilon else concept.choice((-3, -2, 2, 3)),
            "shift": concept.choice((-4, -3, 2, 5, 7)),
            "claims": draw_claims(concept, CLAIMS)[: setting.claims],
        }

    return sample
