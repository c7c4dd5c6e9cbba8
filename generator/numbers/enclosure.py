"""Exact numbers on the way through an expression: each beside an interval that encloses it, and within limits of size."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import Any

import sympy
from mpmath.ctx_iv import MPIntervalContext

from generator.errors.language import phrase
from generator.numbers import exact as ex
from generator.numbers.budget import TooInvolvedError
from generator.numbers.surds import Terms

INTERVALS = MPIntervalContext()
INTERVALS.prec = 700

MAX_SIZE = 10**100
"""No numerator, denominator or radicand is larger."""
MAX_TERMS = 16
"""Terms of a sum, were it multiplied out."""
_MAX_UNDER_ROOT = 10**12
"""Numbers under a root that is not the square root of a rational number."""
_MAX_NESTED_ROOT = 16
"""Roots of roots, as one: the square root of a cube root is a sixth root."""
_ZERO_BITS = 600
"""What is smaller than 2^-600 is zero: numbers here are no smaller than 10^-100 unless they cancel."""


@dataclass(frozen=True)
class Enclosed:
    """A number with an interval around it, which settles its sign.

    Sums of square roots are exact in their terms: their ``interval`` is computed only where it is needed.
    """

    number: ex.Scalar
    known_interval: Any = None
    terms: int = 1
    """Its terms, were it multiplied out; those of a sum of square roots are counted, not stored."""

    @property
    def is_surd_sum(self) -> bool:
        """Whether it is a sum of rational multiples of square roots."""
        return self.known_interval is None

    @property
    def term_count(self) -> int:
        """Its terms, were it multiplied out."""
        return len(ex.surds(self.number) or "1") if self.is_surd_sum else self.terms

    @property
    def interval(self) -> Any:
        """An interval around it."""
        if not self.is_surd_sum:
            return self.known_interval
        total = INTERVALS.mpf(0)
        for p, q, radicand in ex.surds(self.number) or ():
            total += INTERVALS.mpf(p) / q * INTERVALS.sqrt(radicand)
        return total

    @property
    def sign(self) -> int:
        """-1, 0 or 1."""
        if self.is_surd_sum and self.term_count == 1:
            return ex.sign(self.number)
        interval = self.interval
        return 1 if interval.a > 0 else -1 if interval.b < 0 else 0


# Limits: each raises TooInvolvedError, most of them before the arithmetic that they are for.


def surd_sum(number: ex.Scalar) -> Enclosed:
    """Return a sum of square roots, if it is neither too long nor too large."""
    terms = ex.surds(number) or ()
    if len(terms) > MAX_TERMS:
        raise _too_many_roots()
    if any(max(abs(p), q, radicand) >= MAX_SIZE for p, q, radicand in terms):
        raise TooInvolvedError(phrase("reading.number_or_denominator_too_large"))
    return Enclosed(number)


def enclosed(number: ex.Scalar, interval: Any, terms: int = 1) -> Enclosed:
    """Return any other number, if it is neither; one that is zero, or a sum of square roots after all, as that."""
    if terms > MAX_TERMS:
        raise TooInvolvedError(phrase("reading.too_many_terms", most=MAX_TERMS))
    if ex.surds(number) is not None:
        return surd_sum(number)
    if interval.a > -(2**-_ZERO_BITS) and interval.b < 2**-_ZERO_BITS:
        return Enclosed(ex.ZERO)
    check_size(interval)
    if any(max(abs(part.p), part.q) >= MAX_SIZE for part in number.atoms(sympy.Rational)):
        raise TooInvolvedError(phrase("reading.number_or_denominator_too_large"))
    return Enclosed(number, interval, terms)


def check_size(interval: Any) -> None:
    """Refuse a number that is too large or too small."""
    size = abs(interval)
    if not (size.a * MAX_SIZE > 1 and size.b < MAX_SIZE):
        raise TooInvolvedError(phrase("reading.number_too_large_or_small"))


def check_root(number: ex.Scalar, index: int) -> None:
    """Refuse what sympy would raise to high powers and factor: roots of roots, and of large numbers."""
    of_roots = [part.exp.q for part in sympy.Mul.make_args(number) if part.is_Pow and part.exp.is_Rational]
    large = any(max(abs(part.p), part.q) > _MAX_UNDER_ROOT for part in number.atoms(sympy.Rational))
    if large or index * max(of_roots, default=1) > _MAX_NESTED_ROOT:
        raise TooInvolvedError(phrase("reading.root_too_involved"))


def check_roots_of_product(ours: Terms, theirs: Terms) -> None:
    """Refuse a product of sums with too many different roots."""
    if len(ours) * len(theirs) > MAX_TERMS:
        roots = {r * u // gcd(r, u) ** 2 for _, _, r in ours for _, _, u in theirs}
        if len(roots) > 2 * MAX_TERMS:  # some terms may cancel
            raise _too_many_roots()


def _too_many_roots() -> TooInvolvedError:
    return TooInvolvedError(phrase("reading.too_many_roots", most=MAX_TERMS))


def terms_of_log(number: ex.Scalar) -> int:
    """Return the terms of the logarithm of a number, which of a product is a sum."""
    if number.is_Rational:
        return 1 if number.is_Integer else 2
    return sum(terms_of_log(part) if part.is_Rational else 1 for part in sympy.Mul.make_args(number))
