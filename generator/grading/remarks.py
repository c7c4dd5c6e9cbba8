"""What the entries of a wrong answer show by themselves: where they are wrong, and what their numbers have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy

from generator.grading.comparing import compare, same_value
from generator.grading.nesting import Index, Typed, entries, shape
from generator.numbers import exact as ex
from generator.numbers import notation

_FACTORS = tuple(map(ex.exact, (2, 3, 4, 10, 100)))
"""Factors that a single number may be off by and that are worth a word."""


def where_text(places: Sequence[Index], lengths: tuple[int, ...]) -> str:
    """``row 3``, ``columns 1 and 2`` where all of these entries are meant, else ``entries (1, 2) and (2, 1)``."""
    if len(lengths) == 1:
        return _listed("entry", "entries", [str(place + 1) for (place,) in places])
    for axis, (one, several) in enumerate((("row", "rows"), ("column", "columns"))):
        lines = sorted({place[axis] for place in places})
        if len(places) == len(lines) * lengths[1 - axis]:
            return _listed(one, several, [str(line + 1) for line in lines])
    return _listed("entry", "entries", [f"({row + 1}, {column + 1})" for row, column in places])


def _listed(one: str, several: str, names: Sequence[str]) -> str:
    if len(names) == 1:
        return f"{one} {names[0]}"
    if len(names) > 6:
        return f"{len(names)} {several}"
    return f"{several} {', '.join(names[:-1])} and {names[-1]}"


def remark_on(right: Any, typed: Typed, depth: int) -> str:
    """What can be seen of the entries alone; empty where nothing stands out."""
    turned = _transposed(right, typed.value, depth)
    if turned:
        return turned
    compared = compare(typed, right, depth, decimals=True)
    if compared is None:
        return ""
    ours, theirs = entries(typed.value, depth), entries(right, depth)
    if not all(isinstance(entry, sympy.Expr) for entry in (*ours.values(), *theirs.values())):
        return ""
    lengths = shape(right, depth) or ()
    places = compared.wrong
    signs = all(
        not ex.is_zero(theirs[place]) and same_value(ours[place], ex.multiply(ex.MINUS_ONE, theirs[place]))
        for place in places
    )
    if signs:
        where = "" if len(places) == compared.total else f" in {where_text(places, lengths)}"
        return f"The sign is turned{where}; the size is right."
    exchanged = _exchanged(right, typed.value, depth)
    if exchanged:
        return exchanged
    factor = _factor([(ours[place], theirs[place]) for place in ours])
    if factor is not None and (compared.total > 1 or factor in _FACTORS or ex.divide(ex.ONE, factor) in _FACTORS):
        number = "It is" if compared.total == 1 else "Every entry is"
        return f"{number} ${notation.tex(factor)}$ times what it should be."
    if len(places) == 1 and compared.total > 2:
        return f"Only {where_text(places, lengths)} is wrong: check the arithmetic there."
    return ""


def _transposed(right: Any, value: Any, depth: int) -> str:
    if depth == 2 and all(map(isinstance, (right, value), (tuple, tuple))) and shape(value, 2):
        columns = tuple(zip(*value, strict=True))
        if same_value(columns, right):
            return "Rows and columns are exchanged: this is the transpose of the answer."
    if depth == 1 and isinstance(value, tuple):
        turned = tuple(tuple(reversed(entry)) if isinstance(entry, tuple) else entry for entry in value)
        if turned != value and same_value(turned, right):
            return "The two sizes of every shape are exchanged."
    return ""


def _exchanged(right: Any, value: Any, depth: int) -> str:
    """Rows or columns (or the entries of a vector) that are right but stand in another's place."""
    if depth == 1:
        return _permuted(right, value, "entries")
    if depth == 2:
        turned = tuple(zip(*right, strict=True)), tuple(zip(*value, strict=True))
        return _permuted(right, value, "rows") or _permuted(*turned, "columns")
    return ""


def _permuted(right: Sequence[Any], value: Sequence[Any], name: str) -> str:
    moved = [place for place, (a, b) in enumerate(zip(right, value, strict=True)) if not same_value(a, b)]
    left = [right[place] for place in moved]
    for place in moved:
        found = next((i for i, line in enumerate(left) if same_value(line, value[place])), None)
        if found is None:
            return ""
        del left[found]
    numbers = [str(place + 1) for place in moved]
    return f"The {name} {', '.join(numbers[:-1])} and {numbers[-1]} stand in each other's place."


def _factor(pairs: Sequence[tuple[Any, Any]]) -> Any:
    """The rational number that all right entries are multiplied by, or None."""
    factor = None
    for ours, theirs in pairs:
        if ex.is_zero(theirs):
            if not same_value(ours, theirs):
                return None
            continue
        quotient = _quotient(ours, theirs)
        if quotient is None or (factor is not None and quotient != factor):
            return None
        factor = quotient
    return None if factor is None or ex.is_zero(factor) else factor


def _quotient(a: Any, b: Any) -> Any:
    ours, theirs = ex.surds(a), ex.surds(b)
    if ours is None or theirs is None:
        return None
    (p, q, _), (s, t, _) = ours[0], theirs[0]
    if s == 0:
        return None
    quotient = sympy.Rational(p * t, q * s)
    return quotient if same_value(a, ex.multiply(quotient, b)) else None
