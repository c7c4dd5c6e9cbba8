"""The exact value of a syntax tree, in bounded time: limits are checked before the arithmetic that they are for.

Rational numbers and sums of square roots are kept in the canonical form of :mod:`generator.numbers.exact`.  Anything else
(π, e, logarithms, other roots) is built unexpanded, beside an interval that encloses it and settles its sign.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy

from generator.errors import InputError
from generator.errors.language import phrase
from generator.numbers import exact as ex
from generator.numbers.budget import (
    FUNCTION_COST,
    MOST_ENTRIES,
    OPERATIONS_AN_ENTRY,
    UNEXPANDED_COST,
    Budget,
    TooInvolvedError,
    limited,
)
from generator.numbers.enclosure import (
    INTERVALS,
    Enclosed,
    check_root,
    check_roots_of_product,
    check_size,
    enclosed,
    surd_sum,
    terms_of_log,
)
from generator.numbers.parser import MAX_ROOT, parse_plain
from generator.numbers.reals import canonical
from generator.numbers.scalars import denested
from generator.numbers.syntax_tree import Node
from generator.numbers.tokens import UnreadableError

MAX_EXPONENT = 64
MAX_EXP = 230
"""The largest argument of ``exp``: e^230 is almost 10^100."""


def read_plain(text: str) -> ex.Scalar:
    """Return the number that a text in the plain spelling says, in canonical form; raise :class:`UnreadableError`."""
    value = canonical(Evaluator().value(parse_plain(text)))
    if any(part.exp.is_Rational and part.exp.q > 2 for part in value.atoms(sympy.Pow)):
        raise UnreadableError(phrase("reading.other_root"))
    return value


class Evaluator:
    """The values of the trees of one answer, which share a budget; what occurs twice is computed once."""

    def __init__(self) -> None:
        self.budget = Budget()
        self._entries = 0
        self._known: dict[tuple[Any, ...], Enclosed] = {}

    def allow_for(self, entries: int) -> None:
        """Allow for a vector or matrix of so many entries to be read, up to a dozen in all."""
        more = min(entries, MOST_ENTRIES - self._entries)
        self._entries += more
        self.budget.add(more * OPERATIONS_AN_ENTRY)

    def value(self, node: Node) -> ex.Scalar:
        """Return the exact real number; raise :class:`UnreadableError` at the position of what has no such value."""
        with limited(self.budget):
            return self._value(node).number

    def _value(self, node: Node) -> Enclosed:
        operands = [self._value(operand) for operand in node.operands]
        try:
            match node.kind:
                case "number":
                    return _literal(node.text)
                case "constant":
                    return self._unexpanded(*_CONSTANTS[node.text])
                case "root":
                    return self._real_root(operands[0], int(node.text))
                case kind:
                    return _OPERATIONS[kind](self, *operands)
        except (InputError, TooInvolvedError) as error:
            raise UnreadableError(str(error), node.position) from error

    def _unexpanded(self, number: ex.Scalar, interval: Any, terms: int = 1) -> Enclosed:
        """Return a number that is no sum of square roots."""
        self.budget.spend(UNEXPANDED_COST)
        return enclosed(number, interval, terms)

    def _once(self, key: tuple[Any, ...], compute: Callable[[], Enclosed]) -> Enclosed:
        """Return a value, computed and paid for only the first time."""
        if key not in self._known:
            self._known[key] = compute()
        return self._known[key]

    # -------------------------------------------------------------------------------------- arithmetic

    def plus(self, a: Enclosed) -> Enclosed:
        return a

    def minus(self, a: Enclosed) -> Enclosed:
        return self.product(Enclosed(ex.MINUS_ONE), a)

    def absolute(self, a: Enclosed) -> Enclosed:
        return self.minus(a) if a.sign < 0 else a

    def percent(self, a: Enclosed) -> Enclosed:
        return self.product(a, Enclosed(sympy.Rational(1, 100)))

    def sum(self, a: Enclosed, b: Enclosed) -> Enclosed:
        if a.is_surd_sum and b.is_surd_sum:
            return surd_sum(ex.add(a.number, b.number))
        return self._once(
            ("+", a.number, b.number),
            lambda: self._unexpanded(a.number + b.number, a.interval + b.interval, a.term_count + b.term_count),
        )

    def difference(self, a: Enclosed, b: Enclosed) -> Enclosed:
        return self.sum(a, self.minus(b))

    def product(self, a: Enclosed, b: Enclosed) -> Enclosed:
        if a.is_surd_sum and b.is_surd_sum:
            check_roots_of_product(ex.surds(a.number) or (), ex.surds(b.number) or ())
            return surd_sum(ex.multiply(a.number, b.number))
        return self._unexpanded(a.number * b.number, a.interval * b.interval, a.term_count * b.term_count)

    def quotient(self, a: Enclosed, b: Enclosed) -> Enclosed:
        return self.product(a, self._reciprocal(b))

    def _reciprocal(self, b: Enclosed) -> Enclosed:
        if b.sign == 0:
            raise InputError(phrase("reading.division_by_zero"))
        if b.is_surd_sum:
            return surd_sum(ex.reciprocal(b.number))
        return self._once(("/", b.number), lambda: self._unexpanded(1 / b.number, 1 / b.interval, b.terms))

    # ---------------------------------------------------------------------------------- powers, functions

    def power(self, base: Enclosed, exponent: Enclosed) -> Enclosed:
        if base.number is sympy.E:
            return self.exp(exponent)
        power = exponent.number
        if not power.is_Rational or power.q > MAX_ROOT or abs(power) > MAX_EXPONENT:
            raise InputError(phrase("reading.exponent_expected", most=MAX_EXPONENT))
        if base.sign == 0:
            if power > 0:
                return base
            raise InputError(phrase("reading.zero_to_zero") if power == 0 else phrase("reading.division_by_zero"))
        root = self._root(base, power.q) if power.q > 1 else base
        result = self._whole_power(root, abs(power.p))
        return self._reciprocal(result) if power < 0 else result

    def _whole_power(self, base: Enclosed, power: int) -> Enclosed:
        if not base.is_surd_sum and base.term_count == 1:
            interval = base.interval**power
            check_size(interval)
            return self._unexpanded(base.number**power, interval)
        result = Enclosed(ex.ONE)
        for bit in f"{power:b}":
            result = self.product(result, result)
            if bit == "1":
                result = self.product(result, base)
        return result

    def _real_root(self, a: Enclosed, index: int) -> Enclosed:
        """Return a root that is written as such: an odd one of a negative number is negative."""
        if a.sign < 0 and index % 2:
            return self.minus(self._root(self.minus(a), index))
        return self._root(a, index)

    def _root(self, a: Enclosed, index: int) -> Enclosed:
        return self._once(("root", index, a.number), lambda: self._new_root(a, index))

    def _new_root(self, a: Enclosed, index: int) -> Enclosed:
        sign = a.sign
        if sign == 0:
            return Enclosed(ex.ZERO)
        if sign < 0:
            raise InputError(phrase("reading.root_not_real"))
        if index == 2 and a.is_surd_sum and (a.number.is_Rational or denested(a.number) is not None):
            return surd_sum(ex.root(a.number))
        self.budget.spend(FUNCTION_COST)
        if a.number.is_Rational:
            roots = [sympy.integer_nthroot(part, index) for part in (a.number.p, a.number.q)]
            if all(whole for _, whole in roots):
                return Enclosed(sympy.Rational(roots[0][0], roots[1][0]))
        check_root(a.number, index)
        interval = INTERVALS.exp(INTERVALS.log(a.interval) / index)
        return self._unexpanded(sympy.Pow(a.number, sympy.Rational(1, index)), interval, a.term_count)

    def exp(self, a: Enclosed) -> Enclosed:
        return self._once(("exp", a.number), lambda: self._new_exp(a))

    def _new_exp(self, a: Enclosed) -> Enclosed:
        self.budget.spend(FUNCTION_COST)
        if not -MAX_EXP <= a.interval <= MAX_EXP:
            raise InputError(phrase("reading.exponential_too_large"))
        return self._unexpanded(sympy.exp(a.number), INTERVALS.exp(a.interval))

    def log(self, a: Enclosed) -> Enclosed:
        return self._once(("log", a.number), lambda: self._new_log(a))

    def _new_log(self, a: Enclosed) -> Enclosed:
        self.budget.spend(FUNCTION_COST)
        if a.sign <= 0:
            raise InputError(phrase("reading.log_not_positive"))
        return self._unexpanded(sympy.log(a.number), INTERVALS.log(a.interval), terms_of_log(a.number))

    def cos(self, a: Enclosed) -> Enclosed:
        return self._circular(sympy.cos, a)

    def sin(self, a: Enclosed) -> Enclosed:
        return self._circular(sympy.sin, a)

    def _circular(self, function: Callable[[ex.Scalar], ex.Scalar], a: Enclosed) -> Enclosed:
        """Return a cosine or sine that is a sum of square roots."""
        self.budget.spend(FUNCTION_COST)
        turns = a.number / sympy.pi
        found = function(a.number) if turns.is_Rational and turns.q in _DENOMINATORS else None
        if found is None or ex.surds(found) is None:
            raise InputError(phrase("reading.cosine_of_other"))
        return surd_sum(canonical(found))


def _literal(text: str) -> Enclosed:
    whole, _, places = text.partition(".")
    return Enclosed(sympy.Rational(int(whole + places or "0"), 10 ** len(places)))


_CONSTANTS = {"pi": (sympy.pi, INTERVALS.pi), "e": (sympy.E, INTERVALS.e)}
_DENOMINATORS = (1, 2, 3, 4, 5, 6, 10, 12)
"""Of multiples of π with a cosine and a sine that are sums of square roots, or one of them is."""
_OPERATIONS: dict[str, Callable[..., Enclosed]] = {
    "plus": Evaluator.plus,
    "minus": Evaluator.minus,
    "+": Evaluator.sum,
    "-": Evaluator.difference,
    "*": Evaluator.product,
    "implied": Evaluator.product,
    "/": Evaluator.quotient,
    "^": Evaluator.power,
    "ln": Evaluator.log,
    "exp": Evaluator.exp,
    "cos": Evaluator.cos,
    "sin": Evaluator.sin,
    "abs": Evaluator.absolute,
    "percent": Evaluator.percent,
}
