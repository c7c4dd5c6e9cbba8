"""Equality by value, however it is written: 2/√3 is 2√3/3, and log 6 is log 2 + log 3."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy

from generator.numbers.logarithms import is_sum_of_logarithms
from generator.numbers.reals import is_zero
from generator.numbers.surds import REMEMBERED, SURELY_SQUARE_FREE, Scalar, surds

_SEQUENCES = (tuple, list)  # quicker to test for than tuple | list, which is made each time
_DIGITS = 30


def same(a: Any, b: Any) -> bool:
    """Return whether two values of any nesting are equal, numbers by their value.

    Sums of (p/q)√r are compared by their normal form; other numbers by as many digits as tell them apart, up to 200.
    """
    if a is b:
        return True
    if isinstance(a, _SEQUENCES) or isinstance(b, _SEQUENCES):
        return isinstance(a, _SEQUENCES) and isinstance(b, _SEQUENCES) and len(a) == len(b) and all(map(same, a, b))
    if is_number(a) and is_number(b):
        return same_number(a, b)
    return isinstance(a, bool) == isinstance(b, bool) and bool(a == b)


def is_number(value: Any) -> bool:
    """Return whether a value is a sympy number or an int, and no bool."""
    return isinstance(value, sympy.Expr | int) and not isinstance(value, bool)


def same_number(a: Scalar | int, b: Scalar | int) -> bool:
    """Return whether two exact numbers have the same value."""
    x = sympy.Integer(a) if isinstance(a, int) else a
    y = sympy.Integer(b) if isinstance(b, int) else b
    if x.is_Rational and y.is_Rational:
        return bool(x.p == y.p and x.q == y.q)
    return _same_irrational(x, y)


@lru_cache(maxsize=REMEMBERED)
def _same_irrational(a: Scalar, b: Scalar) -> bool:
    if a == b:
        return True
    ours, theirs = surds(a), surds(b)
    if ours is not None and theirs is not None and max(ours[-1][2], theirs[-1][2]) <= SURELY_SQUARE_FREE:
        return ours == theirs
    if is_sum_of_logarithms(a) and is_sum_of_logarithms(b):
        return False  # for they are written differently
    if a is sympy.S.Zero or b is sympy.S.Zero:
        return is_zero(a) and is_zero(b)
    try:
        terms = (*sympy.Add.make_args(a), *(-term for term in sympy.Add.make_args(b)))
        size = max(abs(approximate(term)) for term in terms)
        if abs(approximate(a) - approximate(b)) > size * sympy.Float(10) ** (10 - _DIGITS):
            return False
        return is_zero(sympy.Add(*terms, evaluate=False))  # not expanded: a power of a sum may have too many terms
    except (TypeError, ValueError, ArithmeticError):  # such as the complex number that a mistake leads to
        return False


@lru_cache(maxsize=REMEMBERED)
def approximate(x: Scalar) -> Scalar:
    """Return an exact number to 30 digits."""
    return x.evalf(_DIGITS)
