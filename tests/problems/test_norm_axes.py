"""The draws of the problem on the axes of normalizations."""

from __future__ import annotations

import pytest

from generator.problem import drawing
from generator.problem.catalogue import find_problem
from generator.problem.problem import LEVELS


@pytest.mark.parametrize("level", LEVELS)
def test_statistics_are_whole_and_outputs_differ(level: str) -> None:
    for seed in range(60):
        variant = drawing.draw_variant(find_problem("norm-axes"), seed, level=level)
        values = variant.values
        n, c, h, w = (int(place) - 1 for place in values.target)
        entry = values.X[n, c, h, w]
        means = [mean for mean, name in zip(values.centre, values.norms, strict=True) if name != "RMSNorm"]
        assert all(mean.is_Integer and mean not in (0, entry) for mean in means)
        assert all(scale.is_Integer and scale > 1 for scale in values.scale)
        assert len({*values.output}) == len(values.output)
        assert entry != 0
