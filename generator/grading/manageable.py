"""Which of a student's numbers are carried on: exact arithmetic with some others would never end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy

from generator.grading.nesting import flat
from generator.numbers import exact as ex
from generator.numbers.bounds import TooInvolvedError
from generator.problem.solution import Values

_MOST_TERMS, _MOST_DIGITS = 4, 40
"""A number is carried on if it is a sum of so few roots with integers of so few digits."""

MOST_TERMS_GIVEN = 2
"""Of a student's own number: a fraction and a root, as in any worksheet."""

_MOST_OPERATIONS = 20
"""Of a number that is no sum of roots, where the key has such numbers too."""


def is_manageable(value: Any, right: Any, most: int = _MOST_TERMS) -> bool:
    """Whether exact arithmetic with the value ends soon: few terms, or no worse than the key's own."""
    entries = [entry for entry in flat(value) if isinstance(entry, sympy.Expr)]
    terms = [ex.surds(entry) for entry in entries]
    if any(one is None for one in terms):
        if all(ex.surds(entry) is not None for entry in flat(right) if isinstance(entry, sympy.Expr)):
            return False
        return all(entry.count_ops() <= _MOST_OPERATIONS for entry in entries)
    most = max(most, *(len(ex.surds(entry) or ()) for entry in flat(right) if isinstance(entry, sympy.Expr)), 0)
    return all(
        len(one) <= most and all(max(map(abs, term)) < 10**_MOST_DIGITS for term in one)
        for one in terms
        if one is not None
    )


def watching(key: Values) -> Callable[[str, Any], None]:
    """What is called with each value on the way, and raises :class:`TooInvolvedError` for one that is not carried on."""

    def watch(name: str, value: Any) -> None:
        if not is_manageable(value, key.get(name, value)):
            raise TooInvolvedError(f"{name} has become too long")

    return watch
