"""Solving a problem's steps again, from a student's own values or with mistakes, where the numbers stay short."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy

from generator.errors import WorksheetError
from generator.grading.nesting import flatten
from generator.numbers import exact as ex
from generator.numbers.arrays import as_array
from generator.numbers.budget import TooInvolvedError
from generator.problem.solution import Solution, Values

STEP_ERRORS = (WorksheetError, ArithmeticError, ValueError, TypeError, AttributeError, LookupError)
"""What a step may raise on values it was not made for: it need not check what only a mistake leads to."""

MAX_TERMS_TYPED = 2
"""Terms of a student's own number: a fraction and a root, as on any worksheet."""
_MAX_TERMS, _MAX_DIGITS = 4, 40
"""Terms of a sum of roots on the way, and the digits of its integers."""
_MAX_OPERATIONS = 20
"""Operations in a number that is no sum of roots, where the key has such numbers too."""


def is_short(value: Any, right: Any, max_terms: int = _MAX_TERMS) -> bool:
    """Return whether a value's numbers have few terms, or no more than the key's own."""
    numbers = [entry for entry in flatten(value) if isinstance(entry, sympy.Expr)]
    right_terms = [ex.surds(entry) for entry in flatten(right) if isinstance(entry, sympy.Expr)]
    terms = [ex.surds(number) for number in numbers]
    if any(one is None for one in terms):
        return None in right_terms and all(number.count_ops() <= _MAX_OPERATIONS for number in numbers)
    max_terms = max(max_terms, *(len(one or ()) for one in right_terms), 0)
    return all(
        len(one) <= max_terms and all(max(map(abs, term)) < 10**_MAX_DIGITS for term in one)
        for one in terms
        if one is not None
    )


def length_check(key: Values) -> Callable[[str, Any], None]:
    """Return a function that takes a step's name and value, and raises :class:`TooInvolvedError` unless it is short."""

    def check(name: str, value: Any) -> None:
        if not is_short(value, key.get(name, value)):
            raise TooInvolvedError(f"{name} has become too long")

    return check


def solve_from(graph: Solution, step: str, key: Values, given: Mapping[str, Any]) -> Values:
    """Return the key's values with some given instead, and the steps between those and ``step`` computed again."""
    known = {**key.everything(), **{name: as_array(value) for name, value in given.items()}}
    changed = set(given)
    check = length_check(key)
    path = graph.upstream(step) | {step}
    for name in graph.names:
        if name in path and name not in given and name not in key.params and changed & {*graph.needs(name)}:
            known[name] = graph.compute(name, known)
            changed.add(name)
            check(name, known[name])
    return Values.of(key.params, known)
