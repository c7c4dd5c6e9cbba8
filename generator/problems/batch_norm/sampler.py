"""How a batch is drawn, and what each difficulty fixes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from generator import Draw, draw_claims
from generator.problems._norms_draws import PAIRS, Case, Setting, Slot, centred_marks, output_marks
from generator.problems.batch_norm.concepts import CLAIMS, GIVEN_AWAY, QUESTIONS

HALF = Fraction(1, 2)

MOMENTA = ("1/5", "1/4", "1/3")

EASY = Setting(
    count=6,
    cases=PAIRS,
    gamma=((2, 4), (1, 3)),
    negative=1,
    claims=1,
    tries=5,
    marks=20,
)
"""Two columns of six, both with whole deviations, and no running estimates to move."""

# Five quarters of a multiple of 4 is whole: so are all unbiased variances.
STANDARD = Setting(
    count=5,
    cases=(
        Case((Slot((4, 16), (0, 1)), Slot((20,), (0,)), Slot((8, 12, 32), (0,))), epsilon=0, weight=2),
        Case((Slot((12, 32), (1,)), Slot((4,), (1,)), Slot((16, 20), (0,))), epsilon=4),
    ),
    gamma=((1, 3), (2,), (3,)),
    negative=1,
    momenta=MOMENTA,
)
"""Three columns of five: a whole deviation, a surd, and a decoy: a surd whose *sample* deviation is whole."""

HARD = Setting(
    count=5,
    cases=(Case((Slot((12, 32), (1,)), Slot((4,), (1,)), Slot((8,), (0, 1)), Slot((16, 20), (0,))), epsilon=4),),
    gamma=((HALF, 3 * HALF), (3,), (HALF, 3 * HALF), (1, 2)),
    negative=2,
    momenta=MOMENTA,
)
"""Four columns of five: a whole deviation, and three surds of which one is a decoy."""


def sampler(setting: Setting) -> Callable[[Draw], Mapping[str, Any]]:
    """The sampler of a difficulty."""

    def sample(draw: Draw) -> Mapping[str, Any]:
        epsilon, order, columns = setting.lines(draw)
        means = [sum(column) // len(column) for column in columns]
        # No running variance is the unbiased one of its column: moved towards itself it would stay as it is.
        deviations = draw.sample((2, 3, 4) if epsilon == 0 else (4, 5, 6, 7), len(columns))
        running_mean = [draw.choice([old for old in range(-4, 7) if old not in (0, mean)]) for mean in means]
        moved = {"momentum": draw.choice(setting.momenta)} if setting.momenta else {}

        def marks(gamma: Sequence[Fraction | int], beta: Sequence[int]) -> int:
            outputs = [
                output_marks(column, epsilon, [g] * setting.count, [b] * setting.count)
                for column, g, b in zip(columns, gamma, beta, strict=True)
            ]
            return sum(centred_marks(column, epsilon) for column in columns) + sum(outputs)

        concept = draw.fork("concepts")
        question = concept.choice(tuple(QUESTIONS))
        claims = draw_claims(concept, CLAIMS, without=GIVEN_AWAY | ({"undo"} if question == "undone" else set()))
        return {
            "X": list(zip(*columns, strict=True)),
            **setting.affine(draw, order, marks),
            "epsilon": epsilon,
            **moved,
            "running_mean": running_mean,
            "running_variance": [deviation**2 - epsilon for deviation in deviations],
            "example": _example(draw, running_mean, deviations),
            "question": question,
            "claims": claims[: setting.claims],
        }

    return sample


def _example(draw: Draw, means: Sequence[int], deviations: Sequence[int]) -> list[int]:
    """An example at most two deviations from the running mean; in one feature, and no other, it is a whole number of them."""
    whole = draw.integer(0, len(means) - 1)
    example = []
    for place, (mean, deviation) in enumerate(zip(means, deviations, strict=True)):
        distances = [d for d in range(1, 2 * deviation + 1) if (d % deviation == 0) == (place == whole)]
        example.append(mean + draw.sign() * draw.choice(distances))
    return example
