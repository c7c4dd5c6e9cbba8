"""Tables of small integers from which pleasant exercises are built."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import combinations_with_replacement
from math import factorial, prod


@cache
def zero_sum_patterns(count: int, sum_of_squares: int, largest: int = 9) -> Mapping[tuple[int, ...], int]:
    """All sorted rows of ``count`` integers up to ``largest`` in size that add up to 0, with the given squares.

    Each has the number of its arrangements as its weight, so that an arrangement is drawn as likely as any
    other.  A row ``mean + pattern`` then has that mean and the biased variance ``sum_of_squares / count``.  Left out
    are rows with more than two zeros (too easy) and balanced two-valued ones, such as -2, -2, 2, 2, for
    which the mean absolute deviation is the standard deviation.
    """
    return {
        row: _arrangements(row)
        for row in combinations_with_replacement(range(-largest, largest + 1), count)
        if sum(row) == 0
        and sum(entry * entry for entry in row) == sum_of_squares
        and row.count(0) <= 2
        and len({abs(entry) for entry in row}) > 1
    }


def _arrangements(row: tuple[int, ...]) -> int:
    return factorial(len(row)) // prod(factorial(row.count(entry)) for entry in set(row))
