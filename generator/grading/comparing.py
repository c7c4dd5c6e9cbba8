"""Whether what was typed is what was asked for: number by number, exactly or as a rounded decimal.

A number is right by its value, however it is written: 2/√3 is 2√3/3.  Sums of (p/q)√r are compared by their normal
form; any others by as many digits as tell them apart, up to 200.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import sympy

from generator.grading.nesting import Index, Typed, alike, entries
from generator.numbers.surds import REMEMBERED, Scalar, surds

LEAST_DIGITS = 3
"""So many significant digits a rounded decimal must have."""

_FEW_DIGITS, _MANY_DIGITS = 30, 200
_SURELY_SQUARE_FREE = 1 << 30

Agreement: TypeAlias = Literal["exact", "rounded", "coarse", "none"]
"""How a typed number agrees with the right one; a ``coarse`` one does, but has too few digits to tell."""


@dataclass(frozen=True)
class Comparison:
    """How a typed value agrees with an expected one of the same shape, entry by entry."""

    agreements: Mapping[Index, Agreement]
    decimals: bool

    def is_right(self, index: Index) -> bool:
        """Whether an entry counts as right."""
        agreement = self.agreements[index]
        return agreement == "exact" or (agreement == "rounded" and self.decimals)

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
        """Where the entries stand that are not right."""
        return tuple(index for index in self.agreements if not self.is_right(index))

    @property
    def rounded(self) -> bool:
        """Whether a right entry was rounded."""
        return any(agreement == "rounded" and self.is_right(index) for index, agreement in self.agreements.items())

    @property
    def only_rounding(self) -> bool:
        """Whether nothing but rounding is wrong: decimals that are not wanted, or too few digits."""
        return not self.all_right and all(agreement != "none" for agreement in self.agreements.values())


def compare(typed: Typed, expected: Any, depth: int, *, decimals: bool) -> Comparison | None:
    """The typed value against the expected one; None where their shapes differ.

    ``depth`` says how deep the entries lie: 0 for a number, 1 in a vector or in fields, 2 in a matrix.
    """
    if not alike(typed.value, expected, depth):
        return None
    theirs = entries(expected, depth)
    ours = entries(typed.value, depth)
    if any(isinstance(ours[index], tuple) != isinstance(theirs[index], tuple) for index in ours):
        return None  # a matrix where a vector is asked for
    agreements = {index: _agreement(entry, theirs[index], index, typed.places) for index, entry in ours.items()}
    return Comparison(agreements, decimals)


def matches(typed: Typed, expected: Any, depth: int) -> bool:
    """Whether the typed value is the expected one, or that one rounded: to recognise whence it came."""
    if not alike(typed.value, expected, depth):
        return False
    theirs = entries(expected, depth)
    return all(
        _agreement(entry, theirs[index], index, typed.places) in ("exact", "rounded")
        for index, entry in entries(typed.value, depth).items()
    )


def nearly(typed: Typed, expected: Any, depth: int) -> bool:
    """Whether typed decimals are within a hundredth of what follows from values that were rounded themselves."""
    if not alike(typed.value, expected, depth):
        return False
    theirs = entries(expected, depth)
    return all(
        same_value(entry, theirs[index])
        or (index in typed.places and _is_number(theirs[index]) and _is_near(entry, sympy.sympify(theirs[index])))
        for index, entry in entries(typed.value, depth).items()
    )


def _is_near(decimal: Scalar, x: Scalar) -> bool:
    near = _approximately(x)
    return bool(abs(_approximately(decimal) - near) * 100 <= abs(near))


def same_value(a: Any, b: Any) -> bool:
    """Whether two values of any nesting are equal, numbers by value."""
    if a is b:
        return True
    if isinstance(a, tuple) or isinstance(b, tuple):
        if not (isinstance(a, tuple) and isinstance(b, tuple)) or len(a) != len(b):
            return False
        return all(same_value(x, y) for x, y in zip(a, b, strict=True))
    if _is_number(a) and _is_number(b):
        return equal(sympy.sympify(a), sympy.sympify(b))
    return type(a) is type(b) and bool(a == b)


def _is_number(value: Any) -> bool:
    return isinstance(value, sympy.Expr | int) and not isinstance(value, bool)


@lru_cache(maxsize=REMEMBERED)
def equal(a: Scalar, b: Scalar) -> bool:
    """Whether two exact numbers have the same value."""
    if a == b:
        return True
    ours, theirs = surds(a), surds(b)
    if ours is not None and theirs is not None and max(ours[-1][2], theirs[-1][2]) <= _SURELY_SQUARE_FREE:
        return ours == theirs
    try:
        x, y = _approximately(a), _approximately(b)
        size = max(abs(x), abs(y))
        if abs(x - y) > size * sympy.Float(10) ** (10 - _FEW_DIGITS):
            return False
        # Not expanded: the power of a sum may have more terms than there is time for.
        gap = sympy.Add(a, sympy.Mul(sympy.S.NegativeOne, b, evaluate=False), evaluate=False)
        return bool(abs(gap.evalf(15, maxn=_MANY_DIGITS + 100)) <= size * sympy.Float(10) ** -_MANY_DIGITS)
    except (TypeError, ValueError, ArithmeticError):
        return False


@lru_cache(maxsize=REMEMBERED)
def _approximately(x: Scalar) -> Scalar:
    return x.evalf(_FEW_DIGITS)


def _agreement(entry: Any, expected: Any, index: Index, places: Mapping[Index, int]) -> Agreement:
    if same_value(entry, expected):
        return "exact"
    digits = places.get(index)
    if digits is None or not (_is_number(entry) and _is_number(expected)):
        return "none"
    if not _rounds_to(sympy.sympify(expected), sympy.sympify(entry), digits):
        return "none"
    enough = abs(_approximately(sympy.sympify(entry))) * 10**digits >= 10 ** (LEAST_DIGITS - 1)
    return "rounded" if enough else "coarse"


@lru_cache(maxsize=REMEMBERED)
def _rounds_to(x: Scalar, decimal: Scalar, places: int) -> bool:
    """Whether ``decimal`` is x rounded to so many places; what lies half-way may go either way.

    It need be no decimal itself: √4.6 was typed as one.
    """
    if abs(_approximately(x) - _approximately(decimal)) * 10**places > 2:
        return False
    gap = abs(x.evalf(_FEW_DIGITS + places) - decimal.evalf(_FEW_DIGITS + places)) * 10**places
    return bool(gap <= sympy.Rational(1, 2) + sympy.Rational(1, 10**9))
