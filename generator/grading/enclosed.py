"""An exact number beside an interval that encloses it: what its sign is, and how many terms it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy
from mpmath.ctx_iv import MPIntervalContext

from generator.numbers import exact as ex

INTERVALS = MPIntervalContext()
INTERVALS.prec = 700


@dataclass(frozen=True)
class Enclosed:
    """A number on the way through a tree."""

    number: ex.Scalar
    near: Any = None
    """An interval around it; None for a sum of square roots, which needs none."""
    terms: int = 1
    """Its terms, were it multiplied out: those of a sum of square roots are counted, not remembered."""

    @property
    def term_count(self) -> int:
        """Its terms, were it multiplied out."""
        return self.terms if self.near is not None else len(ex.surds(self.number) or "1")

    @property
    def interval(self) -> Any:
        """An interval around it."""
        if self.near is not None:
            return self.near
        total = INTERVALS.mpf(0)
        for p, q, radicand in ex.surds(self.number) or ():
            total += INTERVALS.mpf(p) / q * INTERVALS.sqrt(radicand)
        return total

    @property
    def sign(self) -> int:
        """-1, 0 or 1."""
        if self.near is None and len(ex.surds(self.number) or ()) == 1:
            return ex.sign(self.number)
        near = self.interval
        return 1 if near.a > 0 else -1 if near.b < 0 else 0


def terms_of_log(number: ex.Scalar) -> int:
    """The logarithm of a product, multiplied out, is a sum."""
    if number.is_Rational:
        return 1 if number.is_Integer else 2
    return sum(terms_of_log(part) if part.is_Rational else 1 for part in sympy.Mul.make_args(number))
