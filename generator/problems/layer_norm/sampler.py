"""How a batch is drawn: rows with whole deviations and one with a surd."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator import (
    Draw,
    draw_claims,
)
from generator.patterns import zero_sum_patterns
from generator.problems import _norms as norms
from generator.problems.layer_norm.concepts import CLAIMS, QUESTIONS

EXAMPLES = 3
FEATURES = 5

# ------------------------------------------------------------------------------------------ the sampler


def sample(draw: Draw) -> Mapping[str, Any]:
    """Two rows with different whole deviations and one with a surd, in any order."""
    epsilon = draw.weighted({0: 4, 1: 1})
    # Five integers that add up to 0 have an even sum of squares, so their variance is even.
    variances = (8, 24, draw.choice((2, 4))) if epsilon else (4, 16, draw.choice((2, 6, 8)))
    rows = []
    means = draw.sample((-2, -1, 1, 2, 3, 4, 5), EXAMPLES)
    for mean, variance in zip(means, draw.shuffled(variances), strict=True):
        pattern = draw.weighted(zero_sum_patterns(FEATURES, variance * FEATURES, largest=7))
        rows.append([mean + entry for entry in draw.shuffled(pattern)])
    draw.require(all(-9 <= entry <= 12 for row in rows for entry in row), "an entry outside -9…12")
    concept = draw.fork("concepts")
    return {
        "X": rows,
        **norms.sample_affine(draw, FEATURES),
        "epsilon": epsilon,
        "question": concept.choice(tuple(QUESTIONS)),
        "row": concept.integer(1, EXAMPLES),
        "scale": -1 if epsilon else concept.choice((-3, -2, 2, 3)),
        "shift": concept.choice((-4, -3, 2, 5, 7)),
        "claims": draw_claims(concept, CLAIMS),
    }
