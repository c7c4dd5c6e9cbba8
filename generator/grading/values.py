"""The exact value of a tree, in bounded time: every limit is checked before the arithmetic it is for.

Rationals and sums of square roots are kept in the canonical form of :mod:`generator.exact`.  Anything else
(π, e, logarithms, other roots) is built unexpanded, beside an interval that encloses it and settles its sign.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from math import gcd
from typing import Any

import sympy
import sympy.tensor.tensor  # which the first sum of three terms would load otherwise, while an answer waits for its mark
from mpmath.ctx_iv import MPIntervalContext

from generator import exact as ex
from generator.grading.expressions import MAX_ROOT
from generator.grading.tokens import Unreadable
from generator.grading.trees import Node
from generator.scalars import denested
from generator.surds import Terms

MAX_EXPONENT = 64
MAX_SIZE = 10**100
"""No numerator, denominator or radicand is larger."""
MAX_TERMS = 16
"""Terms of a sum, were it multiplied out."""
MAX_ROOTS_BELOW = 3
"""Different square roots in a denominator."""
MAX_WORK = 1500
"""What a whole answer may take, in sums of two terms; one takes some 15 microseconds.  A key's answer takes 150."""
_WORK_OF_MANY_ROOTS = {1: 1, 2: 20, 3: 100, 4: 250}
"""To make a denominator of so many terms rational."""
_MAX_UNDER_ROOT = 10**12
"""Numbers under a root that is no square root of a rational one."""
_MAX_NESTED_ROOT = 16
"""Roots of roots, as one: the square root of a cube root is a sixth root."""
_WORK_OF_SMALL_ROOT, _SMALL_UNDER_ROOT = 4, 10**6
_WORK_OF_FUNCTION = 40
"""A root, an exponential, a logarithm."""
_WORK_OF_ANY = 8
"""An operation on numbers that are no sums of square roots."""
_MAX_EXP = 230
"""The largest argument of ``exp``: e^230 is almost 10^100."""
_BITS = 700
_ZERO_BITS = 600
"""What is smaller than 2^-600 is zero: numbers here are no smaller than 10^-100 unless they cancel."""

_INTERVALS = MPIntervalContext()
_INTERVALS.prec = _BITS


@dataclass(frozen=True)
class _Value:
    number: ex.Scalar
    near: Any = None
    """An interval around it; None for a sum of square roots, which needs none."""
    terms: int = 1
    """Its terms, were it multiplied out: those of a sum of square roots are counted, not remembered."""


class Evaluator:
    """Values of the trees of one answer; all of them together may take ``MAX_WORK``."""

    def __init__(self) -> None:
        self.work = 0
        """What was spent of ``MAX_WORK``."""
        self._known: dict[tuple[Any, ...], _Value] = {}

    def value(self, node: Node) -> ex.Scalar:
        """The exact real number.  Raises :class:`Unreadable` at the place."""
        return self._value(node).number

    def _value(self, node: Node) -> _Value:
        return _RULES[node.kind](self, node, *map(self._value, node.operands))

    def literal(self, node: Node) -> _Value:
        whole, _, places = node.text.partition(".")
        return _Value(sympy.Rational(int(whole + places or "0"), 10 ** len(places)))

    def constant(self, node: Node) -> _Value:
        return self._made(node, *_CONSTANTS[node.text])

    def plus(self, _node: Node, a: _Value) -> _Value:
        return a

    def negative(self, node: Node, a: _Value) -> _Value:
        return self.product(node, _Value(ex.MINUS_ONE), a)

    def difference(self, node: Node, a: _Value, b: _Value) -> _Value:
        return self.sum(node, a, self.negative(node, b))

    def quotient(self, node: Node, a: _Value, b: _Value) -> _Value:
        return self.product(node, a, self._reciprocal(node, b))

    def absolute(self, node: Node, a: _Value) -> _Value:
        return self.negative(node, a) if _sign(a) < 0 else a

    # -------------------------------------------------------------------------------------- arithmetic

    def sum(self, node: Node, a: _Value, b: _Value) -> _Value:
        self._spend(node, _terms(a) + _terms(b))
        if a.near is None and b.near is None:
            return self._surds(node, ex.add(a.number, b.number))
        return self._once(
            ("+", a.number, b.number),
            lambda: self._made(node, a.number + b.number, _near(a) + _near(b), _terms(a) + _terms(b)),
        )

    def product(self, node: Node, a: _Value, b: _Value) -> _Value:
        pairs = _terms(a) * _terms(b)
        self._spend(node, 2 * pairs if pairs > 2 else pairs)
        if a.near is None and b.near is None:
            _check_roots_of_product(node, ex.surds(a.number) or (), ex.surds(b.number) or ())
            return self._surds(node, ex.multiply(a.number, b.number))
        return self._made(node, a.number * b.number, _near(a) * _near(b), _terms(a) * _terms(b))

    def _reciprocal(self, node: Node, b: _Value) -> _Value:
        if _sign(b) == 0:
            raise Unreadable("division by zero", node.position)
        if b.near is not None:
            return self._once(("/", b.number), lambda: self._made(node, 1 / b.number, 1 / b.near, b.terms))
        if _terms(b) > MAX_ROOTS_BELOW + 1:
            raise Unreadable("this denominator has too many roots", node.position)
        self._spend(node, _WORK_OF_MANY_ROOTS[_terms(b)])
        return self._surds(node, ex.divide(ex.ONE, b.number))

    def power(self, node: Node, base: _Value, exponent: _Value) -> _Value:
        if base.number is sympy.E:
            return self.exp(node, exponent)
        power = exponent.number
        if not power.is_Rational or power.q > MAX_ROOT or abs(power) > MAX_EXPONENT:
            raise Unreadable(
                f"expected an exponent from -{MAX_EXPONENT} to {MAX_EXPONENT}, whole or a simple fraction"
                " (any number where the base is e)",
                node.position,
            )
        if _sign(base) == 0:
            if power > 0:
                return base
            raise Unreadable("0^0 is not a number" if power == 0 else "division by zero", node.position)
        if power.q > 1:
            base = self._root(node, base, power.q)
        result = self._whole_power(node, base, abs(power.p))
        return self._reciprocal(node, result) if power < 0 else result

    def _whole_power(self, node: Node, base: _Value, power: int) -> _Value:
        if base.near is not None and _terms(base) == 1:
            near = self._sized(node, base.near**power)
            return self._made(node, base.number**power, near)
        result = _Value(ex.ONE)
        for bit in f"{power:b}":
            result = self.product(node, result, result)
            if bit == "1":
                result = self.product(node, result, base)
        return result

    def root(self, node: Node, a: _Value) -> _Value:
        return self._root(node, a, int(node.text))

    def _root(self, node: Node, a: _Value, index: int) -> _Value:
        return self._once(("root", index, a.number), lambda: self._new_root(node, a, index))

    def _once(self, key: tuple[Any, ...], make: Callable[[], _Value]) -> _Value:
        """The value, worked out and paid for only the first time in an answer."""
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    def _new_root(self, node: Node, a: _Value, index: int) -> _Value:
        sign = _sign(a)
        if sign == 0:
            return _Value(ex.ZERO)
        if sign < 0:
            if index % 2 and node.kind == "root":
                return self.negative(node, self._root(node, self.negative(node, a), index))
            raise Unreadable("the root of a negative number is not real", node.position)
        small = a.number.is_Rational and a.number.p * a.number.q < _SMALL_UNDER_ROOT
        self._spend(node, _WORK_OF_SMALL_ROOT if small else _WORK_OF_FUNCTION)
        if a.number.is_Rational:
            if index == 2:
                return self._surds(node, ex.root(a.number))
            tops = [sympy.integer_nthroot(part, index) for part in (a.number.p, a.number.q)]
            if all(whole for _, whole in tops):
                return _Value(sympy.Rational(tops[0][0], tops[1][0]))
        elif index == 2 and a.near is None and (plain := denested(a.number)) is not None:
            return self._surds(node, plain)
        self._spend(node, _WORK_OF_FUNCTION)
        self._check_root(node, a.number, index)
        near = _INTERVALS.exp(_INTERVALS.log(_near(a)) / index)
        return self._made(node, sympy.Pow(a.number, sympy.Rational(1, index)), near, _terms(a))

    def _check_root(self, node: Node, number: ex.Scalar, index: int) -> None:
        """Refuse what sympy would raise to high powers and factorise: roots of roots, and of large numbers."""
        of_roots = [part.exp.q for part in sympy.Mul.make_args(number) if part.is_Pow and part.exp.is_Rational]
        large = any(max(abs(part.p), part.q) > _MAX_UNDER_ROOT for part in number.atoms(sympy.Rational))
        if large or index * max(of_roots, default=1) > _MAX_NESTED_ROOT:
            raise Unreadable("this root is too involved", node.position)

    def exp(self, node: Node, a: _Value) -> _Value:
        return self._once(("exp", a.number), lambda: self._new_exp(node, a))

    def _new_exp(self, node: Node, a: _Value) -> _Value:
        self._spend(node, _WORK_OF_FUNCTION)
        near = _near(a)
        if not -_MAX_EXP <= near <= _MAX_EXP:
            raise Unreadable("this exponential is too large or too small", node.position)
        return self._made(node, sympy.exp(a.number), _INTERVALS.exp(near))

    def log(self, node: Node, a: _Value) -> _Value:
        return self._once(("log", a.number), lambda: self._new_log(node, a))

    def _new_log(self, node: Node, a: _Value) -> _Value:
        self._spend(node, _WORK_OF_FUNCTION)
        if _sign(a) <= 0:
            raise Unreadable("the logarithm of a number that is not positive", node.position)
        return self._made(node, sympy.log(a.number), _INTERVALS.log(_near(a)), _terms_of_log(a.number))

    # ------------------------------------------------------------------------------------------ bounds

    def _spend(self, node: Node, work: int) -> None:
        if self.work + work > MAX_WORK:
            raise Unreadable("this takes too long to work out; simplify it", node.position)
        self.work += work

    def _surds(self, node: Node, number: ex.Scalar) -> _Value:
        terms = ex.surds(number) or ()
        if len(terms) > MAX_TERMS:
            raise _too_many_roots(node)
        if any(max(abs(p), q, radicand) >= MAX_SIZE for p, q, radicand in terms):
            raise Unreadable("this number is too large, or too finely divided", node.position)
        return _Value(number)

    def _made(self, node: Node, number: ex.Scalar, near: Any, terms: int = 1) -> _Value:
        self._spend(node, _WORK_OF_ANY)
        if terms > MAX_TERMS:
            raise Unreadable(f"multiplied out, this sum has more than {MAX_TERMS} terms", node.position)
        if ex.surds(number) is not None:
            return self._surds(node, number)
        if near.a > -(2**-_ZERO_BITS) and near.b < 2**-_ZERO_BITS:
            return _Value(ex.ZERO)
        self._sized(node, near)
        if any(max(abs(part.p), part.q) >= MAX_SIZE for part in number.atoms(sympy.Rational)):
            raise Unreadable("this number is too large, or too finely divided", node.position)
        return _Value(number, near, terms)

    def _sized(self, node: Node, near: Any) -> Any:
        size = abs(near)
        if not (size.a * MAX_SIZE > 1 and size.b < MAX_SIZE):
            raise Unreadable("this number is too large or too small", node.position)
        return near


_together: ContextVar[Evaluator | None] = ContextVar("together", default=None)


@contextmanager
def together() -> Iterator[None]:
    """Whatever is read within it takes no more than one answer may, all together."""
    if _together.get() is not None:
        yield
        return
    before = _together.set(Evaluator())
    try:
        yield
    finally:
        _together.reset(before)


def evaluator() -> Evaluator:
    """What the numbers of an answer are worked out by."""
    return _together.get() or Evaluator()


def _check_roots_of_product(node: Node, ours: Terms, theirs: Terms) -> None:
    """Refuse a product of sums with too many roots before it is multiplied out."""
    if len(ours) * len(theirs) > MAX_TERMS:
        roots = {r * u // gcd(r, u) ** 2 for _, _, r in ours for _, _, u in theirs}
        if len(roots) > 2 * MAX_TERMS:  # some terms may cancel
            raise _too_many_roots(node)


def _too_many_roots(node: Node) -> Unreadable:
    return Unreadable(f"this sum has more than {MAX_TERMS} different roots", node.position)


def _terms(a: _Value) -> int:
    return a.terms if a.near is not None else len(ex.surds(a.number) or "1")


def _terms_of_log(number: ex.Scalar) -> int:
    """The logarithm of a product, multiplied out, is a sum."""
    if number.is_Rational:
        return 1 if number.is_Integer else 2
    return sum(_terms_of_log(part) if part.is_Rational else 1 for part in sympy.Mul.make_args(number))


def _near(a: _Value) -> Any:
    if a.near is not None:
        return a.near
    total = _INTERVALS.mpf(0)
    for p, q, radicand in ex.surds(a.number) or ():
        total += _INTERVALS.mpf(p) / q * _INTERVALS.sqrt(radicand)
    return total


def _sign(a: _Value) -> int:
    if a.near is None and len(ex.surds(a.number) or ()) == 1:
        return ex.sign(a.number)
    near = _near(a)
    return 1 if near.a > 0 else -1 if near.b < 0 else 0


_CONSTANTS = {"pi": (sympy.pi, _INTERVALS.pi), "e": (sympy.E, _INTERVALS.e)}
_RULES: dict[str, Callable[..., _Value]] = {
    "number": Evaluator.literal,
    "constant": Evaluator.constant,
    "plus": Evaluator.plus,
    "minus": Evaluator.negative,
    "+": Evaluator.sum,
    "-": Evaluator.difference,
    "*": Evaluator.product,
    "implied": Evaluator.product,
    "/": Evaluator.quotient,
    "^": Evaluator.power,
    "root": Evaluator.root,
    "ln": Evaluator.log,
    "exp": Evaluator.exp,
    "abs": Evaluator.absolute,
}
