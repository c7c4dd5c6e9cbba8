"""How a batch is drawn, and what each difficulty fixes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from generator import Draw, draw_claims
from generator.problems._norms_draws import PAIRS, Case, Setting, Slot, centred_marks, output_marks
from generator.problems.layer_norm.concepts import CLAIMS, QUESTIONS

HALF = Fraction(1, 2)

EASY = Setting(
    count=6,
    cases=PAIRS,
    gamma=((1, 2), (1, 2), (2, 3), (2, 3), (3, 4), (3, 4)),
    negative=2,
    changed=(0,),
    claims=1,
    tries=20,
    marks=24,
)
"""Two rows of six, both with whole deviations."""

# Five integers that add up to 0 have an even sum of squares, so their variance is even.
STANDARD = Setting(
    count=5,
    cases=(
        Case((Slot((4,), (1,)), Slot((16,), (0,)), Slot((6, 8, 12, 18, 32), (0, 1))), epsilon=0, weight=3),
        Case((Slot((8,), (1,)), Slot((24,), (1,)), Slot((2, 4, 6), (0, 1))), epsilon=1),
        Case((Slot((12,), (1,)), Slot((32,), (1,)), Slot((8, 14), (0, 1))), epsilon=4),
    ),
    gamma=((1,), (2,), (2,), (3,), (4,)),
    negative=2,
    changed=(1,),
)
"""Two rows of five with different whole deviations and one with a surd."""

HARD = Setting(
    count=5,
    cases=(Case((Slot((12, 32), (1,)), Slot((4,), (1,)), Slot((8, 14), (0,)), Slot((16, 20), (0,))), epsilon=4),),
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
        changed = concept.choice([row for row, slot in enumerate(order, start=1) if slot in setting.changed])

        scale = -1 if epsilon else concept.choice((-3, -2, 2, 3))

        def marks(gamma: Sequence[Fraction | int], beta: Sequence[int]) -> int:
            flipped = [-size for size in gamma] if scale < 0 else gamma
            outputs = [output_marks(row, epsilon, gamma, beta) for row in rows]
            outputs.append(output_marks(rows[changed - 1], epsilon, flipped, beta) + 2 * (scale < 0))
            return sum(centred_marks(row, epsilon) for row in rows) + sum(outputs)

        return {
            "X": rows,
            **setting.affine(draw, draw.shuffled(range(setting.count)), marks),
            "epsilon": epsilon,
            "question": concept.choice(tuple(QUESTIONS)),
            "row": changed,
            "scale": scale,
            "shift": concept.choice((-4, -3, 2, 5, 7)),
            "claims": draw_claims(concept, CLAIMS)[: setting.claims],
        }

    return sample
