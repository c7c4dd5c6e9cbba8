"""How a batch is drawn: two columns with whole deviations, two with surds, one of them a decoy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator import (
    Draw,
    draw_claims,
)
from generator.patterns import zero_sum_patterns
from generator.problems import _norms as norms
from generator.problems.batch_norm.concepts import CLAIMS, GIVEN_AWAY, QUESTIONS

EXAMPLES = 4
FEATURES = 4

# ------------------------------------------------------------------------------------------ the sampler


def sample(draw: Draw) -> Mapping[str, Any]:
    """Two columns with whole deviations and two with surds, in any order; every unbiased variance is whole."""
    epsilon = draw.weighted({0: 4, 1: 1})
    # Four thirds of a multiple of 3 is whole.  One column in each variant is a decoy: its *sample* deviation is
    # whole (that of 3, of 12, and at ε = 1 of 6) while its own is a surd.
    variances = draw.shuffled((3, 24, 6, 9) if epsilon else (9, 9, draw.choice((3, 12)), draw.choice((6, 18))))
    columns = []
    means = draw.sample((-2, -1, 1, 2, 3, 4, 5, 6), FEATURES)
    for mean, variance in zip(means, variances, strict=True):
        pattern = draw.weighted(zero_sum_patterns(EXAMPLES, variance * EXAMPLES, largest=8))
        columns.append([mean + entry for entry in draw.shuffled(pattern)])
    draw.require(all(-9 <= entry <= 12 for column in columns for entry in column), "an entry outside -9…12")
    deviations = draw.shuffled((2, 3, 4, 5))
    running_mean = [draw.choice([old for old in range(-4, 7) if old not in (0, mean)]) for mean in means]
    concept = draw.fork("concepts")
    question = concept.choice(tuple(QUESTIONS))
    return {
        "X": list(zip(*columns, strict=True)),
        **norms.sample_affine(draw, FEATURES),
        "epsilon": epsilon,
        "momentum": draw.choice(("1/10", "1/5", "1/4")),
        "running_mean": running_mean,
        "running_variance": [deviation**2 - epsilon for deviation in deviations],
        "example": [
            mean + draw.sign() * draw.integer(1, 2 * deviation)
            for mean, deviation in zip(running_mean, deviations, strict=True)
        ],
        "question": question,
        "claims": draw_claims(concept, CLAIMS, without=GIVEN_AWAY | ({"undo"} if question == "undone" else set())),
    }
