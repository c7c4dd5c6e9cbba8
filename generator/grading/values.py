"""The exact value of a tree, in bounded time: every limit is checked before the arithmetic it is for.

Rationals and sums of square roots are kept in the canonical form of :mod:`generator.numbers.exact`.  Anything else
(π, e, logarithms, other roots) is built unexpanded, beside an interval that encloses it and settles its sign.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import sympy
import sympy.tensor.tensor  # which the first sum of three terms would load otherwise, while an answer waits for its mark

from generator.grading.enclosed import INTERVALS, Enclosed, terms_of_log
from generator.grading.expressions import MAX_ROOT
from generator.grading.limits import (
    MAX_EXP,
    MAX_EXPONENT,
    MAX_ROOTS_BELOW,
    SMALL_UNDER_ROOT,
    WORK_OF_FUNCTION,
    WORK_OF_MANY_ROOTS,
    WORK_OF_SMALL_ROOT,
    Limits,
    check_root,
    check_roots_of_product,
)
from generator.grading.tokens import Unreadable
from generator.grading.trees import Node
from generator.numbers import exact as ex
from generator.numbers.scalars import denested


class Evaluator:
    """Values of the trees of one answer; all of them together may take ``MAX_WORK``."""

    def __init__(self) -> None:
        self._limits = Limits()

    @property
    def work(self) -> int:
        """What was spent of ``MAX_WORK``."""
        return self._limits.work

    def value(self, node: Node) -> ex.Scalar:
        """The exact real number.  Raises :class:`Unreadable` at the place."""
        return self._value(node).number

    def _value(self, node: Node) -> Enclosed:
        return _RULES[node.kind](self, node, *map(self._value, node.operands))

    def literal(self, node: Node) -> Enclosed:
        whole, _, places = node.text.partition(".")
        return Enclosed(sympy.Rational(int(whole + places or "0"), 10 ** len(places)))

    def constant(self, node: Node) -> Enclosed:
        return self._limits.made(node, *_CONSTANTS[node.text])

    def plus(self, _node: Node, a: Enclosed) -> Enclosed:
        return a

    def negative(self, node: Node, a: Enclosed) -> Enclosed:
        return self.product(node, Enclosed(ex.MINUS_ONE), a)

    def difference(self, node: Node, a: Enclosed, b: Enclosed) -> Enclosed:
        return self.sum(node, a, self.negative(node, b))

    def quotient(self, node: Node, a: Enclosed, b: Enclosed) -> Enclosed:
        return self.product(node, a, self._reciprocal(node, b))

    def absolute(self, node: Node, a: Enclosed) -> Enclosed:
        return self.negative(node, a) if a.sign < 0 else a

    # -------------------------------------------------------------------------------------- arithmetic

    def sum(self, node: Node, a: Enclosed, b: Enclosed) -> Enclosed:
        self._limits.spend(node, a.term_count + b.term_count)
        if a.near is None and b.near is None:
            return self._limits.surds(node, ex.add(a.number, b.number))
        return self._limits.once(
            ("+", a.number, b.number),
            lambda: self._limits.made(node, a.number + b.number, a.interval + b.interval, a.term_count + b.term_count),
        )

    def product(self, node: Node, a: Enclosed, b: Enclosed) -> Enclosed:
        pairs = a.term_count * b.term_count
        self._limits.spend(node, 2 * pairs if pairs > 2 else pairs)
        if a.near is None and b.near is None:
            check_roots_of_product(node, ex.surds(a.number) or (), ex.surds(b.number) or ())
            return self._limits.surds(node, ex.multiply(a.number, b.number))
        return self._limits.made(node, a.number * b.number, a.interval * b.interval, a.term_count * b.term_count)

    def _reciprocal(self, node: Node, b: Enclosed) -> Enclosed:
        if b.sign == 0:
            raise Unreadable("division by zero", node.position)
        if b.near is not None:
            return self._limits.once(
                ("/", b.number), lambda: self._limits.made(node, 1 / b.number, 1 / b.near, b.terms)
            )
        if b.term_count > MAX_ROOTS_BELOW + 1:
            raise Unreadable("this denominator has too many roots", node.position)
        self._limits.spend(node, WORK_OF_MANY_ROOTS[b.term_count])
        return self._limits.surds(node, ex.divide(ex.ONE, b.number))

    def power(self, node: Node, base: Enclosed, exponent: Enclosed) -> Enclosed:
        if base.number is sympy.E:
            return self.exp(node, exponent)
        power = exponent.number
        if not power.is_Rational or power.q > MAX_ROOT or abs(power) > MAX_EXPONENT:
            raise Unreadable(
                f"expected an exponent from -{MAX_EXPONENT} to {MAX_EXPONENT}, whole or a simple fraction"
                " (any number where the base is e)",
                node.position,
            )
        if base.sign == 0:
            if power > 0:
                return base
            raise Unreadable("0^0 is not a number" if power == 0 else "division by zero", node.position)
        if power.q > 1:
            base = self._root(node, base, power.q)
        result = self._whole_power(node, base, abs(power.p))
        return self._reciprocal(node, result) if power < 0 else result

    def _whole_power(self, node: Node, base: Enclosed, power: int) -> Enclosed:
        if base.near is not None and base.term_count == 1:
            near = self._limits.sized(node, base.near**power)
            return self._limits.made(node, base.number**power, near)
        result = Enclosed(ex.ONE)
        for bit in f"{power:b}":
            result = self.product(node, result, result)
            if bit == "1":
                result = self.product(node, result, base)
        return result

    def root(self, node: Node, a: Enclosed) -> Enclosed:
        return self._root(node, a, int(node.text))

    def _root(self, node: Node, a: Enclosed, index: int) -> Enclosed:
        return self._limits.once(("root", index, a.number), lambda: self._new_root(node, a, index))

    def _new_root(self, node: Node, a: Enclosed, index: int) -> Enclosed:
        sign = a.sign
        if sign == 0:
            return Enclosed(ex.ZERO)
        if sign < 0:
            if index % 2 and node.kind == "root":
                return self.negative(node, self._root(node, self.negative(node, a), index))
            raise Unreadable("the root of a negative number is not real", node.position)
        small = a.number.is_Rational and a.number.p * a.number.q < SMALL_UNDER_ROOT
        self._limits.spend(node, WORK_OF_SMALL_ROOT if small else WORK_OF_FUNCTION)
        if a.number.is_Rational:
            if index == 2:
                return self._limits.surds(node, ex.root(a.number))
            tops = [sympy.integer_nthroot(part, index) for part in (a.number.p, a.number.q)]
            if all(whole for _, whole in tops):
                return Enclosed(sympy.Rational(tops[0][0], tops[1][0]))
        elif index == 2 and a.near is None and (plain := denested(a.number)) is not None:
            return self._limits.surds(node, plain)
        self._limits.spend(node, WORK_OF_FUNCTION)
        check_root(node, a.number, index)
        near = INTERVALS.exp(INTERVALS.log(a.interval) / index)
        return self._limits.made(node, sympy.Pow(a.number, sympy.Rational(1, index)), near, a.term_count)

    def exp(self, node: Node, a: Enclosed) -> Enclosed:
        return self._limits.once(("exp", a.number), lambda: self._new_exp(node, a))

    def _new_exp(self, node: Node, a: Enclosed) -> Enclosed:
        self._limits.spend(node, WORK_OF_FUNCTION)
        near = a.interval
        if not -MAX_EXP <= near <= MAX_EXP:
            raise Unreadable("this exponential is too large or too small", node.position)
        return self._limits.made(node, sympy.exp(a.number), INTERVALS.exp(near))

    def log(self, node: Node, a: Enclosed) -> Enclosed:
        return self._limits.once(("log", a.number), lambda: self._new_log(node, a))

    def _new_log(self, node: Node, a: Enclosed) -> Enclosed:
        self._limits.spend(node, WORK_OF_FUNCTION)
        if a.sign <= 0:
            raise Unreadable("the logarithm of a number that is not positive", node.position)
        return self._limits.made(node, sympy.log(a.number), INTERVALS.log(a.interval), terms_of_log(a.number))


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


_CONSTANTS = {"pi": (sympy.pi, INTERVALS.pi), "e": (sympy.E, INTERVALS.e)}
_RULES: dict[str, Callable[..., Enclosed]] = {
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
