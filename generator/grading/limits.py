"""What an answer's numbers may be, and what it may take to work them out: every limit is checked before the arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from math import gcd
from typing import Any

import sympy

from generator.grading.enclosed import Enclosed
from generator.grading.tokens import Unreadable
from generator.grading.trees import Node
from generator.numbers import exact as ex
from generator.numbers.surds import Terms

MAX_EXPONENT = 64
MAX_SIZE = 10**100
"""No numerator, denominator or radicand is larger."""
MAX_TERMS = 16
"""Terms of a sum, were it multiplied out."""
MAX_ROOTS_BELOW = 3
"""Different square roots in a denominator."""
MAX_EXP = 230
"""The largest argument of ``exp``: e^230 is almost 10^100."""
_MAX_UNDER_ROOT = 10**12
"""Numbers under a root that is no square root of a rational one."""
_MAX_NESTED_ROOT = 16
"""Roots of roots, as one: the square root of a cube root is a sixth root."""
_ZERO_BITS = 600
"""What is smaller than 2^-600 is zero: numbers here are no smaller than 10^-100 unless they cancel."""

MAX_WORK = 1500
"""What a whole answer may take, in sums of two terms; one takes some 15 microseconds.  A key's answer takes 150."""
WORK_OF_MANY_ROOTS = {1: 1, 2: 20, 3: 100, 4: 250}
"""To make a denominator of so many terms rational."""
WORK_OF_SMALL_ROOT, SMALL_UNDER_ROOT = 4, 10**6
WORK_OF_FUNCTION = 40
"""A root, an exponential, a logarithm."""
_WORK_OF_ANY = 8
"""An operation on numbers that are no sums of square roots."""


class Limits:
    """The limits of one answer: what was spent on it, and what is known already and costs nothing again."""

    def __init__(self) -> None:
        self.work = 0
        self._known: dict[tuple[Any, ...], Enclosed] = {}

    def once(self, key: tuple[Any, ...], make: Callable[[], Enclosed]) -> Enclosed:
        """The value, worked out and paid for only the first time in an answer."""
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    def spend(self, node: Node, work: int) -> None:
        """Raises :class:`Unreadable` where that is more than is left."""
        if self.work + work > MAX_WORK:
            raise Unreadable("this takes too long to work out; simplify it", node.position)
        self.work += work

    def surds(self, node: Node, number: ex.Scalar) -> Enclosed:
        """A sum of square roots, if it is neither too long nor too large."""
        terms = ex.surds(number) or ()
        if len(terms) > MAX_TERMS:
            raise _too_many_roots(node)
        if any(max(abs(p), q, radicand) >= MAX_SIZE for p, q, radicand in terms):
            raise Unreadable("this number is too large, or too finely divided", node.position)
        return Enclosed(number)

    def made(self, node: Node, number: ex.Scalar, near: Any, terms: int = 1) -> Enclosed:
        """Any other number, if it is neither; one that is zero, or a sum of square roots after all, as that."""
        self.spend(node, _WORK_OF_ANY)
        if terms > MAX_TERMS:
            raise Unreadable(f"multiplied out, this sum has more than {MAX_TERMS} terms", node.position)
        if ex.surds(number) is not None:
            return self.surds(node, number)
        if near.a > -(2**-_ZERO_BITS) and near.b < 2**-_ZERO_BITS:
            return Enclosed(ex.ZERO)
        self.sized(node, near)
        if any(max(abs(part.p), part.q) >= MAX_SIZE for part in number.atoms(sympy.Rational)):
            raise Unreadable("this number is too large, or too finely divided", node.position)
        return Enclosed(number, near, terms)

    def sized(self, node: Node, near: Any) -> Any:
        """An interval, if what it encloses is neither too large nor too small."""
        size = abs(near)
        if not (size.a * MAX_SIZE > 1 and size.b < MAX_SIZE):
            raise Unreadable("this number is too large or too small", node.position)
        return near


def check_root(node: Node, number: ex.Scalar, index: int) -> None:
    """Refuse what sympy would raise to high powers and factorise: roots of roots, and of large numbers."""
    of_roots = [part.exp.q for part in sympy.Mul.make_args(number) if part.is_Pow and part.exp.is_Rational]
    large = any(max(abs(part.p), part.q) > _MAX_UNDER_ROOT for part in number.atoms(sympy.Rational))
    if large or index * max(of_roots, default=1) > _MAX_NESTED_ROOT:
        raise Unreadable("this root is too involved", node.position)


def check_roots_of_product(node: Node, ours: Terms, theirs: Terms) -> None:
    """Refuse a product of sums with too many roots before it is multiplied out."""
    if len(ours) * len(theirs) > MAX_TERMS:
        roots = {r * u // gcd(r, u) ** 2 for _, _, r in ours for _, _, u in theirs}
        if len(roots) > 2 * MAX_TERMS:  # some terms may cancel
            raise _too_many_roots(node)


def _too_many_roots(node: Node) -> Unreadable:
    return Unreadable(f"this sum has more than {MAX_TERMS} different roots", node.position)
