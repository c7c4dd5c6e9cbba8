"""How many explanations a wrong value may have before one of them fits by chance.

A number such as 35 has few wrong neighbours: with ten known mistakes and two hundred pairs of them, every fourth of these is
"explained".  So beside single mistakes only so many explanations are considered that a value without a cause is unlikely to meet one;
and where single mistakes alone are too many, a value that one of them leads to may as well be a slip.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import floor, inf, prod
from typing import Any

import sympy

from generator.grading.nesting import flatten
from generator.numbers.equality import approximate

CHANCE = 0.03
"""The share of wrong values of the right size that may be explained."""

_MOST = 0.05
"""The share that single mistakes alone may lead to."""

_FACTOR = 3
"""A wrong value of the right size is at most so many times as large or as small as the right one, with its sign."""

_ENOUGH = 10**9
"""So many values, or more, are as good as infinitely many."""

_LEAST = 15
"""Or both are at most so large: of small whole numbers, larger ones are typed too."""


class Explanations:
    """Counts the values that have an explanation, for one right value; :meth:`admits` says whether there is room for another.

    ``known`` are those that single mistakes lead to: these are explained in any case.
    """

    def __init__(self, right: Any, known: Iterable[Any]) -> None:
        self._right = [entry for entry in flatten(right) if isinstance(entry, sympy.Expr)]
        size = population(self._right)
        self._room = floor(CHANCE * size) if size != inf else None
        self._seen: list[Any] = []
        for value in known:
            if value not in self._seen and self._is_of_the_size(value):
                self._seen.append(value)
        alike = [value for value in self._seen if self._is_alike(value)]
        self._is_crowded = len(self._right) == len(flatten(right)) and len(alike) > _MOST * size

    def admits(self, value: Any) -> bool:
        """Return whether a value may be explained, and count it if it may; one far from the right size always may."""
        if self._room is None or value in self._seen or not self._is_of_the_size(value):
            return True
        if self.is_full:
            return False
        self._seen.append(value)
        return True

    @property
    def is_full(self) -> bool:
        """Whether no other value of the right size can be explained."""
        return self._room is not None and len(self._seen) >= self._room

    def may_be_chance(self, value: Any) -> bool:
        """Return whether single mistakes lead to so many values like this one that a slip may as well have led to it."""
        return self._is_crowded and self._is_of_the_size(value) and self._is_alike(value)

    def _is_alike(self, value: Any) -> bool:
        """Return whether a value has whole numbers where the right one does: a fraction is no slip in such a one."""
        entries = [entry for entry in flatten(value) if isinstance(entry, sympy.Expr)]
        return all(ours.is_Integer or not right.is_Integer for ours, right in zip(entries, self._right, strict=False))

    def _is_of_the_size(self, value: Any) -> bool:
        entries = [entry for entry in flatten(value) if isinstance(entry, sympy.Expr)]
        return len(entries) == len(self._right) and all(map(_is_near, entries, self._right))


def population(right: Iterable[sympy.Expr]) -> float:
    """Return how many wrong values of the right size there are; infinity for an irrational number."""
    return prod(map(_wrong_values, right))


def _wrong_values(x: sympy.Expr) -> float:
    if not isinstance(x, sympy.Rational):
        return inf
    p, q = abs(int(x.p)), int(x.q)
    sizes = _FACTOR * p - p // _FACTOR
    return float(min(_ENOUGH, max(_LEAST, sizes) * (2 * q - 1)))


def _is_near(value: sympy.Expr, right: sympy.Expr) -> bool:
    ours, theirs = approximate(value), approximate(right)
    if max(abs(ours), abs(theirs)) <= _LEAST:
        return True
    return bool(ours * theirs > 0 and abs(theirs) <= _FACTOR * abs(ours) and abs(ours) <= _FACTOR * abs(theirs))
