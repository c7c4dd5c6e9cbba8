"""Sums of rational multiples of square roots and of logarithms of primes: exact, and quicker than sympy's general rules.

Logarithms of different primes, 1 and square roots of different square-free integers are linearly independent over the rationals (Baker,
*Transcendental Number Theory* (1975), theorem 2.2), so that two such sums are equal only if they are written alike.
"""

from __future__ import annotations

from functools import lru_cache

import sympy

from generator.numbers.surds import REMEMBERED, Scalar, surds


@lru_cache(maxsize=REMEMBERED)
def is_sum_of_logarithms(x: Scalar) -> bool:
    """Return whether x is a sum of rational multiples of different square roots and logarithms of primes, as it stands."""
    roots_and_logs = [_without_factor(term) for term in (x.args if x.is_Add else (x,))]
    return None not in roots_and_logs and len(set(roots_and_logs)) == len(roots_and_logs)


def _without_factor(term: Scalar) -> Scalar | None:
    """Return the root or logarithm of a term, 1 of a rational one; None if it is another kind of number."""
    if term.is_Rational:
        return sympy.S.One
    coefficient, rest = term.args if term.is_Mul and len(term.args) == 2 else (sympy.S.One, term)
    if isinstance(rest, sympy.log) and coefficient.is_Rational:
        number = rest.args[0]
        return rest if number.is_Integer and sympy.isprime(number.p) else None
    return rest if surds(term) is not None else None


@lru_cache(maxsize=REMEMBERED)
def scaled_sum(factor: Scalar, x: Scalar) -> Scalar:
    """Return a rational number times such a sum, multiplied out."""
    return sympy.Add(*[factor * term for term in (x.args if x.is_Add else (x,))])
