"""Exact arithmetic on single sympy numbers.

Everything is right for any exact real number and quick for rationals and sums of (p/q)√r: no ``simplify``,
results are kept in canonical form (see :mod:`generator.surds`), and operations are remembered.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import isqrt
from typing import Any

import sympy
from sympy import S

from generator.errors import AuthoringError, InputError
from generator.surds import (
    REMEMBERED,
    Scalar,
    add_surds,
    multiply_surds,
    rational,
    reciprocal_of_surds,
    surd,
    surds,
)

ZERO: Scalar = S.Zero
ONE: Scalar = S.One
MINUS_ONE: Scalar = S.NegativeOne

_DIGITS_THAT_CANCEL = 200
"""A sum whose terms cancel in that many leading digits is zero."""

# ----------------------------------------------------------------------------------------------- making


def exact(value: Any) -> Scalar:
    """``value`` (an int, a Fraction or an exact sympy number) as a sympy number in canonical form.

    Raises :class:`AuthoringError` for anything else, floats and bools above all.
    """
    if isinstance(value, sympy.Expr):
        if is_exact_number(value):
            return _canonical(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        return sympy.Integer(value)
    elif isinstance(value, Fraction):
        return rational(value.numerator, value.denominator)
    raise AuthoringError(f"expected an exact number (an int, a Fraction or a sympy number); got {value!r}")


@lru_cache(maxsize=REMEMBERED)
def _canonical(x: Scalar) -> Scalar:
    return x if surds(x) is not None else sympy.expand(sympy.radsimp(x))


# ------------------------------------------------------------------------------------------- arithmetic


@lru_cache(maxsize=REMEMBERED)
def add(a: Scalar, b: Scalar) -> Scalar:
    """The sum of two numbers."""
    ours, theirs = surds(a), surds(b)
    if ours is None or theirs is None:
        return sympy.expand(a + b)
    if len(ours) == len(theirs) == 1 and ours[0][2] == theirs[0][2]:
        (p, q, radicand), (s, t, _) = ours[0], theirs[0]
        return surd(p * t + s * q, q * t, radicand) if radicand == 1 or p * t + s * q else ZERO
    return add_surds(ours, theirs)


@lru_cache(maxsize=REMEMBERED)
def subtract(a: Scalar, b: Scalar) -> Scalar:
    """The first number less the second."""
    return add(a, multiply(MINUS_ONE, b))


@lru_cache(maxsize=REMEMBERED)
def multiply(a: Scalar, b: Scalar) -> Scalar:
    """The product of two numbers, multiplied out."""
    ours, theirs = surds(a), surds(b)
    if ours is None or theirs is None:
        return sympy.expand(a * b)
    if ours[0][2] == theirs[-1][2] == 1 and len(ours) == len(theirs) == 1:
        return rational(ours[0][0] * theirs[0][0], ours[0][1] * theirs[0][1])
    return multiply_surds(ours, theirs)


@lru_cache(maxsize=REMEMBERED)
def divide(a: Scalar, b: Scalar) -> Scalar:
    """The first number over the second, with a rational denominator; raises ZeroDivisionError."""
    return multiply(a, _reciprocal(b))


@lru_cache(maxsize=REMEMBERED)
def _reciprocal(b: Scalar) -> Scalar:
    if is_zero(b):
        raise ZeroDivisionError("division by zero")
    terms = surds(b)
    found = None if terms is None else reciprocal_of_surds(terms)
    return sympy.expand(sympy.radsimp(1 / b)) if found is None else found


@lru_cache(maxsize=REMEMBERED)
def root(x: Scalar) -> Scalar:
    """√x in canonical form: √12 = 2√3, √(4/3) = 2√3/3.  Raises :class:`InputError` for a negative number."""
    which = sign(x)
    if which < 0:
        raise InputError(f"the square root of the negative number {x} is not real")
    if which == 0:
        return ZERO
    if not x.is_Rational:
        return sympy.expand(sympy.sqrtdenest(sympy.sqrt(x)))
    p, q = isqrt(x.p), isqrt(x.q)
    if p * p == x.p and q * q == x.q:
        return rational(p, q)
    ((p, _, radicand),) = surds(sympy.sqrt(sympy.Integer(x.p * x.q))) or ()
    return surd(p, x.q, radicand)


@lru_cache(maxsize=REMEMBERED)
def absolute(x: Scalar) -> Scalar:
    """The size of a number, without its sign."""
    return multiply(MINUS_ONE, x) if sign(x) < 0 else x


# --------------------------------------------------------------------------------------------- questions


@lru_cache(maxsize=REMEMBERED)
def is_zero(x: Scalar) -> bool:
    """Whether x is 0: exactly for sums of roots; others, such as log(6) − log(2) − log(3), by 200 digits."""
    terms = surds(x)
    if terms is not None:
        return terms[0][0] == 0
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


@lru_cache(maxsize=REMEMBERED)
def sign(x: Scalar) -> int:
    """-1, 0 or 1."""
    terms = surds(x)
    if terms is None:
        return 0 if is_zero(x) else 1 if x.evalf(15, maxn=_DIGITS_THAT_CANCEL + 100) > 0 else -1
    lead = terms[0][0] if len(terms) == 1 else number_to_float(x)
    return (lead > 0) - (lead < 0)


@lru_cache(maxsize=REMEMBERED)
def is_exact_number(x: Scalar) -> bool:
    """Whether x is finite and real, and has no float and no symbol."""
    if x.is_Rational:
        return True
    return not x.has(sympy.Float) and not x.free_symbols and bool(x.is_finite) and bool(x.is_real)


@lru_cache(maxsize=REMEMBERED)
def number_to_float(x: Scalar) -> float:
    """The float next to x or its neighbour; :class:`InputError` beyond a float's range."""
    terms = surds(x)
    try:
        if terms is not None:
            floats = [p / q * radicand**0.5 for p, q, radicand in terms]
            result: float = sum(floats)
            if abs(result) > 1e-3 * max(map(abs, floats)) or len(terms) == 1:
                return result
        result = float(x.evalf(25, maxn=_DIGITS_THAT_CANCEL + 100))  # the terms nearly cancel, or no surds
    except OverflowError:
        result = float("inf")
    if abs(result) == float("inf"):
        raise InputError("a number is too large to be checked in floating point")
    return result
