"""Exact real numbers as sympy numbers: which are accepted, their sign, whether they are zero, their value as a float.

Right for any of them, and quick for rationals and sums of (p/q)√r; results for others are cached.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy

from generator.errors import AuthoringError, InputError, expected
from generator.numbers.logarithms import is_sum_of_logarithms
from generator.numbers.surds import REMEMBERED, Scalar, rational, surds, whole

_DIGITS_THAT_CANCEL = 200
"""A sum whose terms cancel in that many leading digits is zero."""


def exact(value: Any) -> Scalar:
    """Return ``value`` (an int, a Fraction or an exact sympy number) as a sympy number in canonical form.

    Raise :class:`AuthoringError` for anything else, floats and bools above all.
    """
    if isinstance(value, sympy.Expr):
        if value.is_Rational:
            return value
        if is_exact_number(value):
            return canonical(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        return whole(value)
    elif isinstance(value, Fraction):
        return rational(value.numerator, value.denominator)
    raise AuthoringError(expected("an exact number (an int, a Fraction or a sympy number)", repr(value)))


@lru_cache(maxsize=REMEMBERED)
def canonical(x: Scalar) -> Scalar:
    """Return an exact real number that is not rational in canonical form, multiplied out where it is no sum of roots."""
    return x if is_sum_of_logarithms(x) else sympy.expand(sympy.radsimp(x))


def is_zero(x: Scalar) -> bool:
    """Return whether x is 0: exactly for sums of roots and logarithms of primes; others, such as log(6) − log(2) − log(3), by 200 digits."""
    return _is_zero(x) if isinstance(x, int) or not x.is_Rational else x.p == 0


@lru_cache(maxsize=REMEMBERED)
def _is_zero(x: Scalar) -> bool:
    terms = surds(x)
    if terms is not None:
        return terms[0][0] == 0
    if is_sum_of_logarithms(x):
        return False
    if x.is_Mul:
        return any(is_zero(factor) for factor in x.args)
    if isinstance(x, sympy.exp):
        return False
    if x.is_Pow and x.exp.is_Rational:
        return is_zero(x.base)
    size = max(_evaluated(term) for term in x.args) if x.is_Add else 1
    return bool(_evaluated(x) < size * sympy.Float(10) ** -_DIGITS_THAT_CANCEL)


def _evaluated(x: Scalar) -> Scalar:
    return abs(x.evalf(15, maxn=_DIGITS_THAT_CANCEL + 100))


def sign(x: Scalar) -> int:
    """Return -1, 0 or 1."""
    return _sign(x) if isinstance(x, int) or not x.is_Rational else (x.p > 0) - (x.p < 0)


@lru_cache(maxsize=REMEMBERED)
def _sign(x: Scalar) -> int:
    terms = surds(x)
    if terms is None:
        return 0 if is_zero(x) else 1 if x.evalf(15, maxn=_DIGITS_THAT_CANCEL + 100) > 0 else -1
    lead = terms[0][0] if len(terms) == 1 else number_to_float(x)
    return (lead > 0) - (lead < 0)


def is_exact_number(x: Scalar) -> bool:
    """Return whether x is finite and real, and has no float and no symbol."""
    return bool(x.is_Rational) or surds(x) is not None or _is_exact_other(x)


@lru_cache(maxsize=REMEMBERED)
def _is_exact_other(x: Scalar) -> bool:
    return not x.has(sympy.Float) and not x.free_symbols and bool(x.is_finite) and bool(x.is_real)


def number_to_float(x: Scalar) -> float:
    """Return the float next to x or its neighbour; raise :class:`InputError` beyond a float's range."""
    try:
        if x.is_Rational:
            found: float = x.p / x.q
            return found
    except AttributeError:
        return number_to_float(exact(x))
    except OverflowError:
        pass
    terms = surds(x)
    if terms is None:
        return _evaluated_float(x)
    try:
        floats = [p / q * radicand**0.5 for p, q, radicand in terms]
        result: float = sum(floats)
        if abs(result) > 1e-3 * max(map(abs, floats)) or (len(terms) == 1 and math.isfinite(result)):
            return result
    except OverflowError:
        pass
    return _evaluated_float(x)  # the terms nearly cancel


@lru_cache(maxsize=REMEMBERED)
def _evaluated_float(x: Scalar) -> float:
    try:
        result = float(x.evalf(25, maxn=_DIGITS_THAT_CANCEL + 100))
    except OverflowError:
        result = math.inf
    if math.isinf(result):
        raise InputError("a number is too large to be checked in floating point")
    return result
