"""Exact arithmetic on single sympy numbers.

Everything is right for any exact real number and quick for rationals and sums of (p/q)√r: no ``simplify``,
results are in canonical form (see :mod:`generator.numbers.surds`), and operations on roots are cached.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import isqrt

import sympy
from sympy import S

from generator.errors import InputError
from generator.errors.language import phrase
from generator.numbers.budget import (
    Budget,
    TooInvolvedError,
    current_budget,
    product_cost,
    reciprocal_cost,
    root_cost,
    sum_cost,
    unlimited,
)
from generator.numbers.logarithms import is_sum_of_logarithms, scaled_sum
from generator.numbers.reals import exact, is_zero, sign
from generator.numbers.surds import (
    REMEMBERED,
    Scalar,
    add_surds,
    multiply_surds,
    rational,
    reciprocal_of_surds,
    root_of_fraction,
    surd,
    surds,
)

ZERO: Scalar = S.Zero
ONE: Scalar = S.One
MINUS_ONE: Scalar = S.NegativeOne

# Most numbers are rational: with Python's integers they are computed faster than a cache is looked up. Operations on roots
# are cached.


def add(a: Scalar, b: Scalar) -> Scalar:
    """Return the sum of two numbers."""
    try:
        if a.is_Rational and b.is_Rational:
            q, t = a.q, b.q
            return rational(a.p + b.p, q) if q == t else rational(a.p * t + b.p * q, q * t)
    except AttributeError:
        return add(exact(a), exact(b))
    if budget := current_budget():
        budget.spend(sum_cost(a, b))
    return _add(a, b)


@lru_cache(maxsize=REMEMBERED)
def _add(a: Scalar, b: Scalar) -> Scalar:
    ours, theirs = surds(a), surds(b)
    if ours is None or theirs is None:
        return a + b if is_sum_of_logarithms(a) and is_sum_of_logarithms(b) else sympy.expand(a + b)
    if len(ours) == len(theirs) == 1 and ours[0][2] == theirs[0][2]:
        (p, q, radicand), (s, t, _) = ours[0], theirs[0]
        return surd(p * t + s * q, q * t, radicand)
    return add_surds(ours, theirs)


def subtract(a: Scalar, b: Scalar) -> Scalar:
    """Return the first number minus the second."""
    try:
        if a.is_Rational and b.is_Rational:
            q, t = a.q, b.q
            return rational(a.p - b.p, q) if q == t else rational(a.p * t - b.p * q, q * t)
    except AttributeError:
        return subtract(exact(a), exact(b))
    return add(a, multiply(MINUS_ONE, b))


def total(xs: Iterable[Scalar], over: int = 1) -> Scalar:
    """Return the sum ``over`` a positive integer; its fractions become one sympy number at the end."""
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
    """Return Σ aᵢbᵢ ``over`` a positive integer, with fractions as in :func:`total`."""
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
    """Return (p/q + rest) / over."""
    if rest is ZERO:
        return rational(p, q * over)
    return multiply(add(rest, rational(p, q)), rational(1, over))


def multiply(a: Scalar, b: Scalar) -> Scalar:
    """Return the product of two numbers, multiplied out."""
    try:
        if a.is_Rational and b.is_Rational:
            return rational(a.p * b.p, a.q * b.q)
    except AttributeError:
        return multiply(exact(a), exact(b))
    if budget := current_budget():
        budget.spend(product_cost(a, b))
    return _multiply(a, b)


@lru_cache(maxsize=REMEMBERED)
def _multiply(a: Scalar, b: Scalar) -> Scalar:
    ours, theirs = surds(a), surds(b)
    if ours is None or theirs is None:
        for factor, number in ((a, b), (b, a)):
            if factor.is_Rational and is_sum_of_logarithms(number):
                return scaled_sum(factor, number)
        return sympy.expand(a * b)
    return multiply_surds(ours, theirs)


def divide(a: Scalar, b: Scalar) -> Scalar:
    """Return the first number over the second, with a rational denominator; raise ZeroDivisionError."""
    try:
        if a.is_Rational and b.is_Rational and b.p:
            p, q = a.p * b.q, a.q * b.p
            return rational(p, q) if q > 0 else rational(-p, -q)
    except AttributeError:
        return divide(exact(a), exact(b))
    return multiply(a, reciprocal(b))


def reciprocal(b: Scalar) -> Scalar:
    """Return 1 over a number, with a rational denominator; raise ZeroDivisionError."""
    if b.is_Rational and b.p:
        return rational(b.q, b.p) if b.p > 0 else rational(-b.q, -b.p)
    return _limited_reciprocal(budget, b) if (budget := current_budget()) else _reciprocal(b)


def _limited_reciprocal(budget: Budget, b: Scalar) -> Scalar:
    budget.spend(reciprocal_cost(b))
    with unlimited():
        return _reciprocal(b)


@lru_cache(maxsize=REMEMBERED)
def _reciprocal(b: Scalar) -> Scalar:
    if is_zero(b):
        raise ZeroDivisionError(phrase("reading.division_by_zero"))
    terms = surds(b)
    found = None if terms is None else reciprocal_of_surds(terms)
    return sympy.expand(sympy.radsimp(1 / b)) if found is None else found


def root(x: Scalar) -> Scalar:
    """Return √x in canonical form: √12 = 2√3, √(4/3) = 2√3/3; raise :class:`InputError` for a negative number."""
    return _limited_root(budget, x) if (budget := current_budget()) else _root(x)


def _limited_root(budget: Budget, x: Scalar) -> Scalar:
    budget.spend(root_cost(x))
    with unlimited():
        if not x.is_Rational and sign(x) > 0 and denested(x) is None:
            raise TooInvolvedError(phrase("reading.root_too_involved"))
        return _root(x)


@lru_cache(maxsize=REMEMBERED)
def _root(x: Scalar) -> Scalar:
    which = sign(x)
    if which < 0:
        raise InputError(phrase("reading.root_of_negative", number=x))
    if which == 0:
        return ZERO
    if not x.is_Rational:
        plain = denested(x)
        return sympy.expand(sympy.sqrtdenest(sympy.sqrt(x))) if plain is None else plain
    p, q = isqrt(x.p), isqrt(x.q)
    if p * p == x.p and q * q == x.q:
        return rational(p, q)
    return root_of_fraction(x.p, x.q)


def denested(x: Scalar) -> Scalar | None:
    """Return √(a + b√r) as √s ± √t where a² − b²r is a square; None otherwise."""
    terms = surds(x) or ()
    if len(terms) != 2 or terms[0][2] != 1:
        return None
    a, b = rational(*terms[0][:2]), rational(*terms[1][:2])
    square = a * a - b * b * terms[1][2]
    if square < 0 or not (outer := root(square)).is_Rational:
        return None
    larger, smaller = root((a + outer) / 2), root((a - outer) / 2)
    return add(larger, smaller) if b > 0 else subtract(larger, smaller)


def absolute(x: Scalar) -> Scalar:
    """Return the absolute value of a number."""
    if not isinstance(x, int) and x.is_Rational:
        return x if x.p >= 0 else rational(-x.p, x.q)
    return multiply(MINUS_ONE, x) if sign(x) < 0 else x
