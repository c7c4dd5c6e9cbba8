"""Sums of (p/q)√r in canonical form, to and from sympy numbers.

Canonical is what sympy itself makes of them: fractions in lowest terms, radicands square-free, one term for
each radicand, no root in a denominator.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import gcd, isqrt
from typing import Any, TypeAlias

import sympy
from sympy import S

Scalar: TypeAlias = Any
"""An exact real sympy number (sympy has no types of its own to name)."""
Terms: TypeAlias = tuple[tuple[int, int, int], ...]
"""(p, q, r) for each term (p/q)√r, with rising r and positive q; the rational term has r = 1."""

REMEMBERED = 1 << 14
SURELY_SQUARE_FREE = 1 << 30
"""sympy takes squares of primes below 2¹⁵ out of a root, so a square left in a radicand is larger than this."""
_MOST_ROOTS_RATIONALISED = 6
"""A denominator of n independent roots has up to 2ⁿ terms once it is rational."""


@lru_cache(maxsize=REMEMBERED)
def surds(x: Scalar | int) -> Terms | None:
    """Return the terms of ``x``; None if it is no sum of rational multiples of square roots."""
    if isinstance(x, int):
        return ((x, 1, 1),)
    if x.is_Rational:
        return ((x.p, x.q, 1),)
    terms: list[tuple[int, int, int]] = []
    for term in x.args if x.is_Add else (x,):
        if term.is_Rational:
            terms.append((term.p, term.q, 1))
            continue
        coefficient, rest = term.args if term.is_Mul and len(term.args) == 2 else (S.One, term)
        if not (coefficient.is_Rational and rest.is_Pow):
            return None
        base, exponent = rest.args
        if not (exponent is S.Half and base.is_Integer and base.p > 0):
            return None
        terms.append((coefficient.p, coefficient.q, base.p))
    if len(terms) > 1:
        terms.sort(key=_radicand)
    if len(terms) > 1 and terms[-1][2] > SURELY_SQUARE_FREE:
        return tuple((p, q, r) for r, (p, q) in sorted(_collected(terms).items()) if p) or ((0, 1, 1),)
    return tuple(terms)


def root_of_fraction(p: int, q: int) -> Scalar:
    """Return √(p/q) for positive integers, for usual numbers ten times as fast as sympy."""
    n = p * q
    if n > SURELY_SQUARE_FREE:
        ((outside, below, radicand),) = surds(sympy.sqrt(sympy.Integer(n))) or ()
        return surd(outside, below * q, radicand)
    outside, radicand = _square_divided_out(n)
    return surd(outside, q, radicand)


@lru_cache(maxsize=REMEMBERED)
def _square_divided_out(n: int) -> tuple[int, int]:
    """Return the a and the square-free r with n = a²r, for n > 0.

    Without its prime factors up to its cube root, a number has at most two: it is a square, or has no square in it.
    """
    outside = radicand = 1
    divisor = 2
    while divisor**3 <= n:
        while n % divisor**2 == 0:
            n //= divisor**2
            outside *= divisor
        if n % divisor == 0:
            n //= divisor
            radicand *= divisor
        divisor += 1
    root = isqrt(n)
    return (outside * root, radicand) if root * root == n else (outside, radicand * n)


def _radicand(term: tuple[int, int, int]) -> int:
    return term[2]


def _collected(terms: list[tuple[int, int, int]]) -> dict[int, tuple[int, int]]:
    """Return the fraction before each root, where one root of a large number may be a multiple of another."""
    found: dict[int, tuple[int, int]] = {}
    for p, q, radicand in terms:
        for known in found:
            common = isqrt(known * radicand)
            if common * common == known * radicand:  # √radicand = (common / known) √known
                p, q, radicand = p * common, q * known, known
                break
        a, b = found.get(radicand, (0, 1))
        found[radicand] = _lowest(a * q + p * b, b * q)
    return found


def _lowest(p: int, q: int) -> tuple[int, int]:
    common = gcd(p, q)
    return p // common, q // common


# Numbers are made from integers, in any terms, and cached by them: Python hashes its integers ten times as fast as sympy
# its numbers. In lowest terms there is one object for each, which is found by identity: sympy compares numbers slowly.


@lru_cache(maxsize=REMEMBERED)
def rational(p: int, q: int) -> Scalar:
    """Return p/q, for q > 0."""
    if q == 1:
        return whole(p)
    common = gcd(p, q)
    return rational(p // common, q // common) if common > 1 else sympy.Rational.from_coprime_ints(p, q)


@lru_cache(maxsize=REMEMBERED)
def whole(n: int) -> Scalar:
    """Return n."""
    return sympy.Integer(n)


@lru_cache(maxsize=REMEMBERED)
def surd(p: int, q: int, radicand: int) -> Scalar:
    """Return (p/q)√radicand, for q > 0 and a square-free radicand."""
    number = rational(p, q)
    if radicand == 1 or p == 0:
        return number
    if number.q != q:
        return surd(number.p, number.q, radicand)
    root = _square_root(radicand)
    if number is S.One or not root.is_Pow:
        return number * root
    return _in_order(sympy.Mul, number, root)


@lru_cache(maxsize=REMEMBERED)
def rational_and_surd(p: int, q: int, s: int, t: int, radicand: int) -> Scalar:
    """Return p/q + (s/t)√radicand, for positive q and t and a square-free radicand above 1."""
    number, root = rational(p, q), surd(s, t, radicand)
    if p == 0 or s == 0:
        return root if p == 0 else number
    factor = rational(s, t)
    if number.q != q or factor.q != t:
        return rational_and_surd(number.p, number.q, factor.p, factor.q, radicand)
    return _in_order(sympy.Add, number, root)


@lru_cache(maxsize=REMEMBERED)
def _square_root(radicand: int) -> Scalar:
    """Return √radicand as sympy makes it, but without factoring what is known to be square-free, which is slow."""
    if radicand > SURELY_SQUARE_FREE:
        return sympy.sqrt(sympy.Integer(radicand))
    return sympy.Pow(sympy.Integer(radicand), S.Half, evaluate=False)


def _in_order(kind: Any, number: Scalar, root: Scalar) -> Scalar:
    """Return a sum or product whose arguments are in sympy's own order: ten times as fast as having them sorted."""
    made = sympy.Basic.__new__(kind, number, root)
    made.is_commutative = True
    return made


def from_surds(terms: Mapping[int, tuple[int, int]]) -> Scalar:
    """Return the sympy number of Σ (p/q)√r, given as {r: (p, q)}, fractions in any terms."""
    if len(terms) > 1 and max(terms) > SURELY_SQUARE_FREE:
        terms = _collected([(p, q, r) for r, (p, q) in sorted(terms.items())])
    parts = [surd(p, q, r) for r, (p, q) in sorted(terms.items()) if p]
    if len(parts) == 1:
        return parts[0]
    if len(parts) == 2 and parts[0].is_Rational:
        return _in_order(sympy.Add, *parts)
    return sympy.Add(*parts)


def add_surds(ours: Terms, theirs: Terms) -> Scalar:
    """Return the sum."""
    found = {r: (p, q) for p, q, r in ours}
    for p, q, r in theirs:
        a, b = found.get(r, (0, 1))
        found[r] = (a * q + p * b, b * q)
    return from_surds(found)


def multiply_surds(ours: Terms, theirs: Terms) -> Scalar:
    """Return the product."""
    found: dict[int, tuple[int, int]] = {}
    for p, q, r in ours:
        for s, t, u in theirs:
            common = gcd(r, u)  # both are square-free, so √r √u = common √(ru / common²)
            radicand = (r // common) * (u // common)
            a, b = found.get(radicand, (0, 1))
            found[radicand] = _lowest(a * q * t + p * s * common * b, b * q * t)
    return from_surds(found)


def reciprocal_of_surds(terms: Terms) -> Scalar | None:
    """Return the reciprocal with a rational denominator; None if that would have too many terms.

    One root after the other leaves the denominator: 1/(A + B√d) = (A − B√d)/(A² − dB²).
    """
    numerator, denominator = S.One, S.Zero
    for _ in range(_MOST_ROOTS_RATIONALISED + 1):
        if len(terms) == 1:
            p, q, r = terms[0]
            above, below = (q, p * r) if p > 0 else (-q, -p * r)
            if numerator is S.One:
                return surd(above, below, r)
            return multiply_surds(surds(numerator) or (), ((above, below, r),))
        divisor = _independent_divisor([r for _, _, r in terms if r > 1])
        conjugate = tuple((-p if r % divisor == 0 else p, q, r) for p, q, r in terms)
        numerator = multiply_surds(surds(numerator) or (), conjugate)
        denominator = multiply_surds(terms, conjugate)
        terms = surds(denominator) or ()
        if len(terms) > 1 << _MOST_ROOTS_RATIONALISED or denominator == 0:
            return None
    return None


def _independent_divisor(radicands: list[int]) -> int:
    """Return a d > 1 that divides each radicand or has no factor in common with it."""
    divisor = radicands[0]
    while True:
        parts = [common for r in radicands if 1 < (common := gcd(divisor, r)) < divisor]
        if not parts:
            return divisor
        divisor = min(parts)
