"""Exact numbers as Maxima reads them, and as the variables of a STACK question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from generator.export.tree import Number

_NAMES = {"sqrt": "sqrt", "log": "log", "exp": "%e^", "pi": "%pi", "E": "%e"}
_NAME = re.compile(r"[A-Za-z_]\w*")

SMALLEST = Fraction(1, 10**9)
"""How far a decimal may be from a number that three digits say exactly."""


def can_write(number: Number) -> bool:
    """Return whether Maxima has the functions in a number."""
    return all(name in _NAMES for name in _NAME.findall(number.exact))


def expression(number: Number) -> str:
    """Return an exact number; ``log`` is natural there too."""
    return _NAME.sub(lambda found: _NAMES[found[0]], number.exact.replace("**", "^"))


def matrix(texts: Sequence[str], columns: int) -> str:
    """Return a matrix of expressions by row."""
    rows = [",".join(texts[start : start + columns]) for start in range(0, len(texts), columns)]
    return "matrix(" + ",".join(f"[{row}]" for row in rows) + ")"


def by_variant(name: str, values: Sequence[str]) -> str:
    """Return the line that gives a variable its value in the variant ``n1``."""
    if len(set(values)) == 1:
        return f"{name}: {values[0]};"
    return f"{name}: [{', '.join(values)}][n1];"


def tolerance(number: Number) -> str:
    """Return how far a decimal may be from a number, exactly and never 0."""
    return str(max(Fraction(number.tolerance), SMALLEST))


def far_from(numbers: Sequence[Number]) -> str:
    """Return a whole number that is far from all of these."""
    return str(2 * max(int(abs(Decimal(one.decimal))) for one in numbers) + 7)
