"""Tables of small integers from which pleasant exercises are built, and how many exercises they make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations_with_replacement, groupby, product
from math import factorial, gcd, prod

Pattern = tuple[int, ...]
"""Integers in ascending order that add up to 0: the deviations of a row from its mean, in any order."""


@cache
def zero_sum_patterns(count: int, sum_of_squares: int, largest: int = 9) -> Mapping[Pattern, int]:
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


def _arrangements(row: Pattern) -> int:
    return factorial(len(row)) // prod(factorial(row.count(entry)) for entry in set(row))


# ------------------------------------------------------------------------- how many exercises they make


def count_matrices(choices: Iterable[Sequence[Collection[Pattern]]]) -> int:
    """How many matrices there are with one row from each slot of some choice, as exercises.

    A choice lists the patterns that each row may be an arrangement of.  Two matrices are one exercise when
    shifting rows, scaling them by positive numbers, and permuting rows and columns lead from one to the other.
    """
    together = {
        tuple(sorted(map(_smallest, rows))) for slots in choices for rows in product(*(sorted(slot) for slot in slots))
    }
    return sum(map(_orbits, together))


def _smallest(pattern: Pattern) -> Pattern:
    """The pattern with integers as small as scaling makes them."""
    factor = gcd(*pattern)
    return tuple(entry // factor for entry in pattern)


def _orbits(rows: Sequence[Pattern]) -> int:
    """Orbits of the permutations of columns on the multisets of arrangements of ``rows``, by Burnside's lemma."""
    count = len(rows[0])
    fixed = 0
    for cycles in _partitions(count):
        permutations = factorial(count) // prod(
            length**times * factorial(times) for length, times in Counter(cycles).items()
        )
        fixed += permutations * prod(
            _fixed_multisets(pattern, len(list(same)), cycles) for pattern, same in groupby(rows)
        )
    return fixed // factorial(count)


def _fixed_multisets(pattern: Pattern, size: int, cycles: tuple[int, ...]) -> int:
    """How many multisets of ``size`` arrangements a permutation of columns maps to themselves (Newton's identity)."""
    if size == 0:
        return 1
    return (
        sum(
            _fixed_arrangements(pattern, _power(cycles, k)) * _fixed_multisets(pattern, size - k, cycles)
            for k in range(1, size + 1)
        )
        // size
    )


def _power(cycles: tuple[int, ...], exponent: int) -> tuple[int, ...]:
    """The cycles of a power of a permutation that has ``cycles``."""
    return tuple(sorted(length // gcd(length, exponent) for length in cycles for _ in range(gcd(length, exponent))))


@cache
def _fixed_arrangements(pattern: Pattern, cycles: tuple[int, ...]) -> int:
    """How many arrangements are constant on every cycle of a permutation of columns."""
    ways: Counter[tuple[int, ...]] = Counter({tuple(pattern.count(entry) for entry in sorted(set(pattern))): 1})
    for length in cycles:
        after: Counter[tuple[int, ...]] = Counter()
        for left, number in ways.items():
            for place, free in enumerate(left):
                if free >= length:
                    after[(*left[:place], free - length, *left[place + 1 :])] += number
        ways = after
    return sum(ways.values())


def _partitions(total: int, largest: int | None = None) -> Iterator[tuple[int, ...]]:
    """All ways to write ``total`` as a sum of positive integers, in ascending order."""
    if total == 0:
        yield ()
    for last in range(min(total, largest or total), 0, -1):
        for rest in _partitions(total - last, last):
            yield (*rest, last)
