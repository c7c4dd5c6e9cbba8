"""A budget for exact arithmetic that must end soon, whatever the numbers are.

Work is counted in operations and not in time, so that the same numbers are accepted, or refused, on any machine.
One operation is the product of two single terms (p/q)√r, which takes some 4 microseconds.  Fractions are free.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from generator.errors import WorksheetError
from generator.errors.language import phrase
from generator.numbers.surds import Scalar, surds

OPERATIONS = 5000
"""What reading an answer may take, following it through, or looking for mistakes on top of a student's own values.

A key's answer takes 80 to be read; the hardest mistake of the problems here takes less than a third of it to be solved.
"""
OPERATIONS_AN_ENTRY, MOST_ENTRIES = 1600, 12
"""What reading a vector or matrix may take on top, for each of so many entries: the longest that are printed take 1530."""

UNEXPANDED_COST = 30
"""A sum or product of numbers that are no sums of square roots, kept as it is."""
FUNCTION_COST = 150
"""A root other than those of easy integers, an exponential, a logarithm."""

_MOST_TERMS_BELOW, _MOST_OPERATIONS_BELOW = 4, 40
"""What a denominator may be: so many terms, or if it is no sum of square roots, so many of sympy's operations."""
_COST_BELOW = {1: 10, 2: 20, 3: 160, 4: 500}
"""To make a denominator of so many terms rational."""
_EXPANDED_COST = 100
_FACTORING, _EASILY_FACTORED = 8, 1 << 30
"""A product costs so many times more where roots of more than this are new, which have to be factored."""
_EASY_ROOT, _EASY_ROOT_COST, _LARGEST_UNDER_ROOT = 10**9, 10, 10**40


class TooInvolvedError(WorksheetError):
    """A number on which exact arithmetic might take long, or more arithmetic than the budget allows."""


class Budget:
    """The operations that may still be spent."""

    __slots__ = ("left",)

    def __init__(self, operations: int = OPERATIONS) -> None:
        self.left = operations

    def add(self, operations: int) -> None:
        """Allow more operations."""
        self.left += operations

    def spend(self, operations: int) -> None:
        """Raise :class:`TooInvolvedError` where that is more than is left; from then on nothing is left."""
        self.left -= operations
        if self.left < 0:
            self.left = 0
            raise TooInvolvedError(phrase("reading.takes_too_long"))


_current: ContextVar[Budget | None] = ContextVar("current", default=None)

current_budget = _current.get
"""The budget that arithmetic is held to, or None."""


@contextmanager
def limited(budget: Budget) -> Iterator[None]:
    """Hold arithmetic on sums of square roots to a budget: what might take long raises :class:`TooInvolvedError`.

    So do square roots of sums that are no squares of such sums, of very long numbers, and denominators of many roots.
    """
    before = _current.set(budget)
    try:
        yield
    finally:
        _current.reset(before)


@contextmanager
def unlimited() -> Iterator[None]:
    """Count nothing: for an operation that was paid for as a whole, and whose result is remembered."""
    before = _current.set(None)
    try:
        yield
    finally:
        _current.reset(before)


# The cost of an operation is known before it begins, from how many terms and how many different roots there are.


def sum_cost(a: Scalar, b: Scalar) -> int:
    """Return the cost of the sum of two numbers that are not both rational."""
    ours, theirs = surds(a), surds(b)
    if ours is None or theirs is None:
        return _EXPANDED_COST
    return _ordering_cost(len({r for _, _, r in ours + theirs} - {1}))


def product_cost(a: Scalar, b: Scalar) -> int:
    """Return the cost of the product of two numbers that are not both rational, multiplied out."""
    ours, theirs = surds(a), surds(b)
    if ours is None or theirs is None:
        return _EXPANDED_COST
    if len(ours) == len(theirs) == 1 or a.is_Rational or b.is_Rational:
        return max(len(ours), len(theirs))
    roots = {r for _, _, r in ours + theirs} - {1}
    new = len(roots) > 1 and ours[-1][2] * theirs[-1][2] > _EASILY_FACTORED
    return _ordering_cost(len(ours) * len(theirs) if len(roots) > 1 else 1) * (_FACTORING if new else 1)


def _ordering_cost(roots: int) -> int:
    """Return the cost of a sum of so many different roots, which have to be put in order."""
    return 1 if roots <= 1 else 12 + 4 * roots


def reciprocal_cost(b: Scalar) -> int:
    """Return the cost of 1/b; raise :class:`TooInvolvedError` where ``b`` is too long a sum."""
    terms = surds(b)
    if (b.count_ops() > _MOST_OPERATIONS_BELOW) if terms is None else (len(terms) > _MOST_TERMS_BELOW):
        raise TooInvolvedError(phrase("reading.denominator_too_involved"))
    return _EXPANDED_COST if terms is None else _COST_BELOW[len(terms)]


def root_cost(x: Scalar) -> int:
    """Return the cost of √x; raise :class:`TooInvolvedError` where ``x`` is too long a fraction."""
    if not x.is_Rational:
        return _EASY_ROOT_COST
    under = x.p * x.q
    if under > _LARGEST_UNDER_ROOT:
        raise TooInvolvedError(phrase("reading.root_too_involved"))
    return _EASY_ROOT_COST if under < _EASY_ROOT else FUNCTION_COST
