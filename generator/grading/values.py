"""The exact value of a tree, in bounded time: every limit is checked before the arithmetic it is for.

Rationals and sums of square roots are kept in the canonical form of :mod:`generator.exact`.  Anything else
(π, e, logarithms, other roots) is built unexpanded, beside an interval that encloses it and settles its sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy
from mpmath.ctx_iv import MPIntervalContext

from generator import exact as ex
from generator.grading.expressions import MAX_ROOT, Node
from generator.grading.tokens import Unreadable

MAX_EXPONENT = 64
MAX_SIZE = 10**100
"""No numerator, denominator or radicand is larger."""
MAX_TERMS = 16
"""Terms of a sum, were it multiplied out."""
MAX_ROOTS_BELOW = 3
"""Different square roots in a denominator."""
MAX_WORK = 4000
"""Products of single terms in a whole answer."""
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


class Evaluator:
    """Values of the trees of one answer; all of them together may take ``MAX_WORK``."""

    def __init__(self) -> None:
        self._work = 0

    def value(self, node: Node) -> ex.Scalar:
        """The exact real number.  Raises :class:`Unreadable` at the place."""
        return self._value(node).number

    def _value(self, node: Node) -> _Value:
        match node.kind:
            case "number":
                return _Value(sympy.Rational(*_fraction(node.text)))
            case "constant":
                return self._made(node, *((sympy.pi, _INTERVALS.pi) if node.text == "pi" else (sympy.E, _INTERVALS.e)))
            case "root" if node.operands:
                return self._root(node, self._value(node.operands[0]), int(node.text))
        operands = [self._value(operand) for operand in node.operands]
        match node.kind:
            case "plus":
                return operands[0]
            case "minus":
                return self._product(node, _Value(ex.MINUS_ONE), operands[0])
            case "+":
                return self._sum(node, *operands)
            case "-":
                return self._sum(node, operands[0], self._product(node, _Value(ex.MINUS_ONE), operands[1]))
            case "*" | "implied":
                return self._product(node, *operands)
            case "/":
                return self._product(node, operands[0], self._reciprocal(node, operands[1]))
            case "^":
                return self._power(node, *operands)
            case "abs":
                return operands[0] if _sign(operands[0]) >= 0 else self._product(node, _Value(ex.MINUS_ONE), operands[0])
            case "exp":
                return self._exp(node, operands[0])
        return self._log(node, operands[0])

    # -------------------------------------------------------------------------------------- arithmetic

    def _sum(self, node: Node, a: _Value, b: _Value) -> _Value:
        self._spend(node, _terms(a) + _terms(b))
        if a.near is None and b.near is None:
            return self._surds(node, ex.add(a.number, b.number))
        return self._made(node, a.number + b.number, _near(a) + _near(b), _terms(a) + _terms(b))

    def _product(self, node: Node, a: _Value, b: _Value) -> _Value:
        self._spend(node, _terms(a) * _terms(b))
        if a.near is None and b.near is None:
            return self._surds(node, ex.multiply(a.number, b.number))
        return self._made(node, a.number * b.number, _near(a) * _near(b), _terms(a) * _terms(b))

    def _reciprocal(self, node: Node, b: _Value) -> _Value:
        if _sign(b) == 0:
            raise Unreadable("division by zero", node.position)
        if b.near is not None:
            return self._made(node, 1 / b.number, 1 / b.near)
        if _terms(b) > MAX_ROOTS_BELOW + 1:
            raise Unreadable("this denominator has too many roots", node.position)
        self._spend(node, 4 ** _terms(b))
        return self._surds(node, ex.divide(ex.ONE, b.number))

    def _power(self, node: Node, base: _Value, exponent: _Value) -> _Value:
        if base.number is sympy.E:
            return self._exp(node, exponent)
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
            return self._made(node, base.number**power, base.near**power)
        result = _Value(ex.ONE)
        for bit in f"{power:b}":
            result = self._product(node, result, result)
            if bit == "1":
                result = self._product(node, result, base)
        return result

    def _root(self, node: Node, a: _Value, index: int) -> _Value:
        sign = _sign(a)
        if sign == 0:
            return _Value(ex.ZERO)
        if sign < 0:
            if index % 2 and node.kind == "root":
                return self._product(node, _Value(ex.MINUS_ONE), self._root(node, self._negative(node, a), index))
            raise Unreadable("the root of a negative number is not real", node.position)
        self._spend(node, 20)
        if a.number.is_Rational:
            if index == 2:
                return self._surds(node, ex.root(a.number))
            tops = [sympy.integer_nthroot(part, index) for part in (a.number.p, a.number.q)]
            if all(whole for _, whole in tops):
                return _Value(sympy.Rational(tops[0][0], tops[1][0]))
        elif index == 2 and a.near is None and (plain := _denested(a.number)) is not None:
            return self._surds(node, plain)
        near = _INTERVALS.exp(_INTERVALS.log(_near(a)) / index)
        return self._made(node, sympy.Pow(a.number, sympy.Rational(1, index)), near)

    def _negative(self, node: Node, a: _Value) -> _Value:
        return self._product(node, _Value(ex.MINUS_ONE), a)

    def _exp(self, node: Node, a: _Value) -> _Value:
        near = _near(a)
        if not -_MAX_EXP <= near <= _MAX_EXP:
            raise Unreadable("this exponential is too large or too small", node.position)
        self._spend(node, 20)
        return self._made(node, sympy.exp(a.number), _INTERVALS.exp(near))

    def _log(self, node: Node, a: _Value) -> _Value:
        if _sign(a) <= 0:
            raise Unreadable("the logarithm of a number that is not positive", node.position)
        self._spend(node, 20)
        return self._made(node, sympy.log(a.number), _INTERVALS.log(_near(a)))

    # ------------------------------------------------------------------------------------------ bounds

    def _spend(self, node: Node, work: int) -> None:
        self._work += work
        if self._work > MAX_WORK or work > MAX_TERMS**2:
            raise Unreadable("this takes too long to work out; simplify it", node.position)

    def _surds(self, node: Node, number: ex.Scalar) -> _Value:
        terms = ex.surds(number) or ()
        if len(terms) > MAX_TERMS:
            raise Unreadable(f"this sum has more than {MAX_TERMS} different roots", node.position)
        if any(max(abs(p), q, radicand) >= MAX_SIZE for p, q, radicand in terms):
            raise Unreadable("this number is too large, or too finely divided", node.position)
        return _Value(number)

    def _made(self, node: Node, number: ex.Scalar, near: Any, terms: int = 1) -> _Value:
        if terms > MAX_TERMS:
            raise Unreadable(f"multiplied out, this sum has more than {MAX_TERMS} terms", node.position)
        if ex.surds(number) is not None:
            return self._surds(node, number)
        if near.a > -(2**-_ZERO_BITS) and near.b < 2**-_ZERO_BITS:
            return _Value(ex.ZERO)
        size = abs(near)
        if not (size.a * MAX_SIZE > 1 and size.b < MAX_SIZE):
            raise Unreadable("this number is too large or too small", node.position)
        if any(max(abs(part.p), part.q) >= MAX_SIZE for part in number.atoms(sympy.Rational)):
            raise Unreadable("this number is too large, or too finely divided", node.position)
        return _Value(number, near, terms)


def _fraction(text: str) -> tuple[int, int]:
    whole, _, places = text.partition(".")
    return int(whole + places or "0"), 10 ** len(places)


def _terms(a: _Value) -> int:
    return a.terms if a.near is not None else len(ex.surds(a.number) or "1")


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


def _denested(number: ex.Scalar) -> ex.Scalar | None:
    """√(a + b√r) as √s ± √t where a² − b²r is a square; None otherwise."""
    terms = ex.surds(number) or ()
    if len(terms) != 2 or terms[0][2] != 1:
        return None
    a = sympy.Rational(*terms[0][:2])
    b = sympy.Rational(*terms[1][:2])
    square = a * a - b * b * terms[1][2]
    if square < 0:
        return None
    root = ex.root(square)
    if not root.is_Rational:
        return None
    larger, smaller = ex.root((a + root) / 2), ex.root((a - root) / 2)
    return ex.add(larger, smaller) if b > 0 else ex.subtract(larger, smaller)
