"""Exact arithmetic on single sympy numbers.

Everything is right for any exact real number and quick for rationals and sums of (p/q)√r: no ``simplify``,
results are kept in canonical form (see :mod:`generator.surds`), and operations on roots are remembered.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from math import isqrt
from typing import Any

import sympy
from sympy import S

from generator.bounds import TooInvolvedError, Work, unbounded, work_left
from generator.errors import AuthoringError, InputError
from generator.surds import (
    REMEMBERED,
    Scalar,
    add_surds,
    multiply_surds,
    rational,
    reciprocal_of_surds,
    root_of_fraction,
    surd,
    surds,
    whole,
)

ZERO: Scalar = S.Zero
ONE: Scalar = S.One
MINUS_ONE: Scalar = S.NegativeOne

_DIGITS_THAT_CANCEL = 200
"""A sum whose terms cancel in that many leading digits is zero."""

# ----------------------------------------------------------------------------------------------- bounds

_MOST_TERMS_BELOW = 3
_MOST_OPERATIONS_BELOW = 40
_LARGEST_UNDER_ROOT = 10**40
"""Where :mod:`generator.bounds` holds: what may stand below, and what a root may be taken of."""
_WORK_ON_OTHERS, _FACTORING, _EASILY_FACTORED = 100, 8, 1 << 30
"""What is reckoned for an operation on numbers that are no sums of roots; how many times more where a root of more is new."""


def denested(x: Scalar) -> Scalar | None:
    """√(a + b√r) as √s ± √t where a² − b²r is a square; None otherwise."""
    terms = surds(x) or ()
    if len(terms) != 2 or terms[0][2] != 1:
        return None
    a, b = rational(*terms[0][:2]), rational(*terms[1][:2])
    square = a * a - b * b * terms[1][2]
    if square < 0 or not (outer := root(square)).is_Rational:
        return None
    larger, smaller = root((a + outer) / 2), root((a - outer) / 2)
    return add(larger, smaller) if b > 0 else subtract(larger, smaller)


def _check_root(x: Scalar) -> None:
    if (x.p * x.q > _LARGEST_UNDER_ROOT) if x.is_Rational else (denested(x) is None):
        raise TooInvolvedError("a root is too involved")


def _check_denominator(x: Scalar) -> None:
    terms = surds(x)
    if (x.count_ops() > _MOST_OPERATIONS_BELOW) if terms is None else (len(terms) > _MOST_TERMS_BELOW):
        raise TooInvolvedError("a denominator is too involved")


def _spend_on_sum(work: Work, a: Scalar, b: Scalar) -> None:
    ours, theirs = surds(a), surds(b)
    if ours is None or theirs is None:
        work.spend(_WORK_ON_OTHERS)
    else:
        work.spend(_work_of_roots(len({r for _, _, r in ours + theirs} - {1})))


def _spend_on_product(work: Work, a: Scalar, b: Scalar) -> None:
    ours, theirs = surds(a), surds(b)
    if ours is None or theirs is None:
        work.spend(_WORK_ON_OTHERS)
    elif len(ours) == len(theirs) == 1 or a.is_Rational or b.is_Rational:
        work.spend(max(len(ours), len(theirs)))
    else:
        roots = {r for _, _, r in ours + theirs} - {1}
        new = len(roots) > 1 and ours[-1][2] * theirs[-1][2] > _EASILY_FACTORED
        work.spend(_work_of_roots(len(ours) * len(theirs) if len(roots) > 1 else 1) * (_FACTORING if new else 1))


def _work_of_roots(count: int) -> int:
    """A sum of several different roots has to be put in order."""
    return 1 if count <= 1 else 12 + 4 * count


def _reciprocal_in_time(work: Work, b: Scalar) -> Scalar:
    _check_denominator(b)
    work.spend(_WORK_ON_OTHERS if (terms := surds(b)) is None else 10 * len(terms))
    with unbounded():
        return _reciprocal(b)


def _root_in_time(work: Work, x: Scalar) -> Scalar:
    work.spend(10)
    with unbounded():
        if sign(x) > 0:
            _check_root(x)
        return _root(x)


# ----------------------------------------------------------------------------------------------- making


def exact(value: Any) -> Scalar:
    """``value`` (an int, a Fraction or an exact sympy number) as a sympy number in canonical form.

    Raises :class:`AuthoringError` for anything else, floats and bools above all.
    """
    if isinstance(value, sympy.Expr):
        if value.is_Rational:
            return value
        if is_exact_number(value):
            return _canonical(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        return whole(value)
    elif isinstance(value, Fraction):
        return rational(value.numerator, value.denominator)
    raise AuthoringError(f"expected an exact number (an int, a Fraction or a sympy number); got {value!r}")


@lru_cache(maxsize=REMEMBERED)
def _canonical(x: Scalar) -> Scalar:
    return x if surds(x) is not None else sympy.expand(sympy.radsimp(x))


# ------------------------------------------------------------------------------------------- arithmetic


# Most numbers are rational. With them one reckons in Python's integers, which is quicker than to look up in a memory
# what is known; it is for the roots that operations are remembered.


def add(a: Scalar, b: Scalar) -> Scalar:
    """The sum of two numbers."""
    try:
        if a.is_Rational and b.is_Rational:
            q, t = a.q, b.q
            return rational(a.p + b.p, q) if q == t else rational(a.p * t + b.p * q, q * t)
    except AttributeError:
        return add(exact(a), exact(b))
    if work := work_left():
        _spend_on_sum(work, a, b)
    return _add(a, b)


@lru_cache(maxsize=REMEMBERED)
def _add(a: Scalar, b: Scalar) -> Scalar:
    ours, theirs = surds(a), surds(b)
    if ours is None or theirs is None:
        return sympy.expand(a + b)
    if len(ours) == len(theirs) == 1 and ours[0][2] == theirs[0][2]:
        (p, q, radicand), (s, t, _) = ours[0], theirs[0]
        return surd(p * t + s * q, q * t, radicand)
    return add_surds(ours, theirs)


def subtract(a: Scalar, b: Scalar) -> Scalar:
    """The first number less the second."""
    try:
        if a.is_Rational and b.is_Rational:
            q, t = a.q, b.q
            return rational(a.p - b.p, q) if q == t else rational(a.p * t - b.p * q, q * t)
    except AttributeError:
        return subtract(exact(a), exact(b))
    return add(a, multiply(MINUS_ONE, b))


def total(xs: Iterable[Scalar], over: int = 1) -> Scalar:
    """The sum ``over`` a positive integer; of the fractions in it one number is made, at the end."""
    p, q, rest = 0, 1, ZERO
    for x in xs:
        try:
            if x.is_Rational:
                p, q = (p + x.p, q) if x.q == q else (p * x.q + x.p * q, q * x.q)
            else:
                rest = add(rest, x)
        except AttributeError:
            rest = add(rest, exact(x))
    return _joined(p, q, rest, over)


def dot(a: Iterable[Scalar], b: Iterable[Scalar], over: int = 1) -> Scalar:
    """Σ aᵢbᵢ ``over`` a positive integer, fractions as in :func:`total`."""
    p, q, rest = 0, 1, ZERO
    for x, y in zip(a, b, strict=True):
        try:
            if x.is_Rational and y.is_Rational:
                s, t = x.p * y.p, x.q * y.q
                p, q = (p + s, q) if t == q else (p * t + s * q, q * t)
            else:
                rest = add(rest, multiply(x, y))
        except AttributeError:
            rest = add(rest, multiply(x, y))
    return _joined(p, q, rest, over)


def _joined(p: int, q: int, rest: Scalar, over: int) -> Scalar:
    """(p/q + rest) / over."""
    if rest is ZERO:
        return rational(p, q * over)
    return multiply(add(rest, rational(p, q)), rational(1, over))


def multiply(a: Scalar, b: Scalar) -> Scalar:
    """The product of two numbers, multiplied out."""
    try:
        if a.is_Rational and b.is_Rational:
            return rational(a.p * b.p, a.q * b.q)
    except AttributeError:
        return multiply(exact(a), exact(b))
    if work := work_left():
        _spend_on_product(work, a, b)
    return _multiply(a, b)


@lru_cache(maxsize=REMEMBERED)
def _multiply(a: Scalar, b: Scalar) -> Scalar:
    ours, theirs = surds(a), surds(b)
    if ours is None or theirs is None:
        return sympy.expand(a * b)
    return multiply_surds(ours, theirs)


def divide(a: Scalar, b: Scalar) -> Scalar:
    """The first number over the second, with a rational denominator; raises ZeroDivisionError."""
    try:
        if a.is_Rational and b.is_Rational and b.p:
            p, q = a.p * b.q, a.q * b.p
            return rational(p, q) if q > 0 else rational(-p, -q)
    except AttributeError:
        return divide(exact(a), exact(b))
    return multiply(a, _reciprocal_in_time(work, b) if (work := work_left()) else _reciprocal(b))


@lru_cache(maxsize=REMEMBERED)
def _reciprocal(b: Scalar) -> Scalar:
    if is_zero(b):
        raise ZeroDivisionError("division by zero")
    terms = surds(b)
    found = None if terms is None else reciprocal_of_surds(terms)
    return sympy.expand(sympy.radsimp(1 / b)) if found is None else found


def root(x: Scalar) -> Scalar:
    """√x in canonical form: √12 = 2√3, √(4/3) = 2√3/3.  Raises :class:`InputError` for a negative number."""
    return _root_in_time(work, x) if (work := work_left()) else _root(x)


@lru_cache(maxsize=REMEMBERED)
def _root(x: Scalar) -> Scalar:
    which = sign(x)
    if which < 0:
        raise InputError(f"the square root of the negative number {x} is not real")
    if which == 0:
        return ZERO
    if not x.is_Rational:
        plain = denested(x)
        return sympy.expand(sympy.sqrtdenest(sympy.sqrt(x))) if plain is None else plain
    p, q = isqrt(x.p), isqrt(x.q)
    if p * p == x.p and q * q == x.q:
        return rational(p, q)
    return root_of_fraction(x.p, x.q)


def absolute(x: Scalar) -> Scalar:
    """The size of a number, without its sign."""
    if not isinstance(x, int) and x.is_Rational:
        return x if x.p >= 0 else rational(-x.p, x.q)
    return multiply(MINUS_ONE, x) if sign(x) < 0 else x


# --------------------------------------------------------------------------------------------- questions


def is_zero(x: Scalar) -> bool:
    """Whether x is 0: exactly for sums of roots; others, such as log(6) − log(2) − log(3), by 200 digits."""
    return _is_zero(x) if isinstance(x, int) or not x.is_Rational else x.p == 0


@lru_cache(maxsize=REMEMBERED)
def _is_zero(x: Scalar) -> bool:
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


def sign(x: Scalar) -> int:
    """-1, 0 or 1."""
    return _sign(x) if isinstance(x, int) or not x.is_Rational else (x.p > 0) - (x.p < 0)


@lru_cache(maxsize=REMEMBERED)
def _sign(x: Scalar) -> int:
    terms = surds(x)
    if terms is None:
        return 0 if is_zero(x) else 1 if x.evalf(15, maxn=_DIGITS_THAT_CANCEL + 100) > 0 else -1
    lead = terms[0][0] if len(terms) == 1 else number_to_float(x)
    return (lead > 0) - (lead < 0)


def is_exact_number(x: Scalar) -> bool:
    """Whether x is finite and real, and has no float and no symbol."""
    return bool(x.is_Rational) or surds(x) is not None or _is_exact_other(x)


@lru_cache(maxsize=REMEMBERED)
def _is_exact_other(x: Scalar) -> bool:
    return not x.has(sympy.Float) and not x.free_symbols and bool(x.is_finite) and bool(x.is_real)


def number_to_float(x: Scalar) -> float:
    """The float next to x or its neighbour; :class:`InputError` beyond a float's range."""
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
