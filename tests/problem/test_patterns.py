"""Tables of patterns, and the exact number of exercises they make."""

from __future__ import annotations

from itertools import permutations, product

import pytest

from generator.numbers.arrays import array
from generator.problem.patterns import count_matrices, zero_sum_patterns
from generator.problems._norms import reduced


def test_patterns_are_weighted_by_their_arrangements() -> None:
    assert zero_sum_patterns(4, 36) == {(-5, 1, 1, 3): 12, (-3, -1, -1, 5): 12}
    assert zero_sum_patterns(4, 16) == {}  # only balanced ones: -2, -2, 2, 2


@pytest.mark.parametrize(
    ("choices", "known"),
    [
        ([[[(-1, 0, 1)]]], 1),
        ([[[(-1, 0, 1)], [(-1, 0, 1)]]], 5),
        ([[[(-1, 0, 1)], [(-2, 0, 2)], [(-1, 0, 1)]]], None),  # the second is the first, twice as large
        ([[[(-1, 0, 1), (-2, 1, 1)], [(-1, 0, 1), (-1, -1, 2)]]], None),
        ([[[(-3, -1, 1, 3)], [(-5, 1, 1, 3)], [(-3, 1, 1, 1)]]], 48),
        ([[[(-3, 1, 1, 1)], [(-5, 1, 1, 3)]], [[(-3, -1, 1, 3)], [(-5, 1, 1, 3), (-3, -1, 1, 3)]]], None),
    ],
)
def test_the_count_is_that_of_all_matrices_written_down(choices: list[list[list[tuple[int, ...]]]], known: int) -> None:
    seen = {
        repr(reduced([array(row) for row in rows]))
        for slots in choices
        for patterns in product(*slots)
        for rows in product(*(set(permutations(pattern)) for pattern in patterns))
    }
    assert count_matrices(choices) == len(seen)
    assert known in (None, len(seen))
