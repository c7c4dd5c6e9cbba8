"""Comparing what was typed with what was asked for: number by number, exactly or as a rounded decimal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import sympy

from generator.grading.nesting import Index, TypedValue, Unread, entries_of, same_shape
from generator.numbers.equality import approximate, is_number, same
from generator.numbers.surds import REMEMBERED, Scalar
from generator.problem.answers import LEAST_DIGITS

_DIGITS = 30

Agreement: TypeAlias = Literal["exact", "rounded", "coarse", "none"]
"""How a typed number agrees with the right one; a ``coarse`` one does, but has too few digits to be sure."""


@dataclass(frozen=True)
class Comparison:
    """How a typed value agrees with an expected one of the same shape, entry by entry."""

    agreements: Mapping[Index, Agreement]
    decimals: bool

    def is_right(self, index: Index) -> bool:
        """Whether an entry counts as right."""
        agreement = self.agreements[index]
        return agreement == "exact" or (agreement == "rounded" and self.decimals)

    def is_near(self, index: Index) -> bool:
        """Whether an entry is the right one, however coarsely it is rounded."""
        return self.agreements[index] != "none"

    @property
    def right(self) -> int:
        """The number of entries that are right."""
        return sum(self.is_right(index) for index in self.agreements)

    @property
    def total(self) -> int:
        """The number of entries."""
        return len(self.agreements)

    @property
    def all_right(self) -> bool:
        """Whether every entry is right."""
        return self.right == self.total

    @property
    def wrong(self) -> tuple[Index, ...]:
        """The indices of the entries that are not right."""
        return tuple(index for index in self.agreements if not self.is_right(index))

    @property
    def rounded(self) -> bool:
        """Whether a right entry was rounded."""
        return any(agreement == "rounded" and self.is_right(index) for index, agreement in self.agreements.items())

    @property
    def only_rounding(self) -> bool:
        """Whether nothing but rounding is wrong: decimals that are not wanted, or too few digits."""
        return not self.all_right and all(agreement != "none" for agreement in self.agreements.values())


def compare(
    typed: TypedValue, expected: Any, depth: int, *, decimals: bool, digits: int = LEAST_DIGITS
) -> Comparison | None:
    """Compare the typed value with the expected one; return None where their shapes differ.

    ``depth`` is how deep the entries are: 0 for a number, 1 in a vector or in fields, 2 in a matrix.  ``digits`` are the
    significant digits that a decimal needs.
    """
    if not same_shape(typed.value, expected, depth):
        return None
    theirs = entries_of(expected, depth)
    ours = entries_of(typed.value, depth)
    typed_entries = [(entry, theirs[index]) for index, entry in ours.items() if not isinstance(entry, Unread)]
    if any(isinstance(entry, tuple) != isinstance(right, tuple) for entry, right in typed_entries):
        return None  # a matrix where a vector is asked for
    agreements = {index: _agreement(entry, theirs[index], index, typed.places, digits) for index, entry in ours.items()}
    return Comparison(agreements, decimals)


def matches(typed: TypedValue, expected: Any, depth: int) -> bool:
    """Return whether the typed value is the expected one, or that one rounded: to recognise where it comes from."""
    if not same_shape(typed.value, expected, depth):
        return False
    theirs = entries_of(expected, depth)
    return all(
        _agreement(entry, theirs[index], index, typed.places) in ("exact", "rounded")
        for index, entry in entries_of(typed.value, depth).items()
    )


def nearly_matches(typed: TypedValue, expected: Any, depth: int) -> bool:
    """Return whether typed decimals are within a hundredth of what follows from values that were rounded themselves."""
    if not same_shape(typed.value, expected, depth):
        return False
    theirs = entries_of(expected, depth)
    return all(
        same(entry, theirs[index])
        or (index in typed.places and is_number(theirs[index]) and _is_near(entry, sympy.sympify(theirs[index])))
        for index, entry in entries_of(typed.value, depth).items()
    )


def agree(value: Scalar, other: Scalar, places: int | None) -> bool:
    """Return whether two sides of an equality agree: exactly, or to the last place of a decimal, rounded or cut off."""
    if same(value, other):
        return True
    return places is not None and bool(
        abs(approximate(value) - approximate(other)) * sympy.Integer(10) ** places < 1 + sympy.Rational(1, 10**9)
    )


def _is_near(decimal: Scalar, x: Scalar) -> bool:
    near = approximate(x)
    return bool(abs(approximate(decimal) - near) * 100 <= abs(near))


def _agreement(
    entry: Any, expected: Any, index: Index, places: Mapping[Index, int], least: int = LEAST_DIGITS
) -> Agreement:
    if same(entry, expected):
        return "exact"
    digits = places.get(index)
    if digits is None or not (is_number(entry) and is_number(expected)):
        return "none"
    x, decimal = sympy.sympify(expected), sympy.sympify(entry)
    if _is_float_of(x, decimal, digits):
        return "rounded"
    if not _rounds_to(x, decimal, digits):
        return "none"
    enough = abs(approximate(decimal)) * sympy.Integer(10) ** digits >= 10 ** (least - 1)
    if enough:
        return "rounded"
    is_decimal = (decimal * sympy.Integer(10) ** digits).is_Integer  # not what decimals were divided into, say
    return "coarse" if is_decimal else "none"


_FLOAT_DIGITS, _FLOAT_ERROR = 7, 2.5e-7
"""The digits from which on a decimal may be one that a program computed with 32 bits, and how far off that may be."""


def _is_float_of(x: Scalar, decimal: Scalar, places: int) -> bool:
    """Return whether ``decimal`` is x as a program computes it: 0.57735026, 0.30000000000000004, or -1.19e-07 for 0."""
    if places < _FLOAT_DIGITS - 1:
        return False
    size, near = abs(approximate(decimal)), approximate(x)
    if near == 0:
        return bool(size < 10 * _FLOAT_ERROR)
    enough = size * sympy.Integer(10) ** places >= 10 ** (_FLOAT_DIGITS - 1)
    return bool(enough and abs(near - approximate(decimal)) <= abs(near) * _FLOAT_ERROR)


@lru_cache(maxsize=REMEMBERED)
def _rounds_to(x: Scalar, decimal: Scalar, places: int) -> bool:
    """Return whether ``decimal`` is x rounded to so many places; half-way cases may go either way.

    It need not be a decimal itself: √4.6 was typed as one.
    """
    if abs(approximate(x) - approximate(decimal)) * sympy.Integer(10) ** places > 2:
        return False
    gap = abs(x.evalf(_DIGITS + abs(places)) - decimal.evalf(_DIGITS + abs(places))) * sympy.Integer(10) ** places
    return bool(gap <= sympy.Rational(1, 2) + sympy.Rational(1, 10**9))
