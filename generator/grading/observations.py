"""Observations on a wrong answer that no mistake explains: a sign, a transpose, a common factor, a single wrong entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy

from generator.errors.language import listed, phrase
from generator.grading.chance import Explanations
from generator.grading.compare import compare
from generator.grading.nesting import TypedValue, entries_of, indices_text, shape_of
from generator.numbers import exact as ex
from generator.numbers import notation
from generator.numbers.equality import same

_FACTORS = {
    sympy.Integer(2): "marking.twice",
    sympy.Rational(1, 2): "marking.half",
    sympy.Integer(10): "marking.ten_times",
    sympy.Rational(1, 10): "marking.a_tenth",
    sympy.Integer(100): "marking.a_hundred_times",
    sympy.Rational(1, 100): "marking.a_hundredth",
    sympy.Integer(4): "marking.four_times",
    sympy.Rational(1, 4): "marking.a_quarter",
    sympy.Integer(3): "marking.three_times",
    sympy.Rational(1, 3): "marking.a_third",
}
"""Factors between a single number and the right one that are worth mentioning, in words: a number might be the answer."""


def observe(right: Any, typed: TypedValue, depth: int, explained: Explanations) -> str:
    """Return a sentence on what the entries alone show; empty where nothing stands out.

    None of them has a number of the right answer in it.
    """
    turned = _transposed(right, typed.value, depth)
    if turned:
        return turned
    compared = compare(typed, right, depth, decimals=True)
    if compared is None:
        return ""
    ours, theirs = entries_of(typed.value, depth), entries_of(right, depth)
    if not all(isinstance(entry, sympy.Expr) for entry in (*ours.values(), *theirs.values())):
        return ""
    shape = shape_of(right, depth) or ()
    places = compared.wrong
    signs = all(
        not ex.is_zero(theirs[place]) and same(ours[place], ex.multiply(ex.MINUS_ONE, theirs[place]))
        for place in places
    )
    if signs:
        return _wrong_sign("" if len(places) == compared.total else indices_text(places, shape))
    exchanged = _exchanged(right, typed.value, depth)
    if exchanged:
        return exchanged
    if compared.total == 1:
        (value,), (expected,) = ours.values(), theirs.values()
        return _multiple(expected, value, explained)
    factor = _factor([(ours[place], theirs[place]) for place in ours])
    if factor is not None:
        if any(same(abs(factor), abs(entry)) for entry in theirs.values()):
            return phrase("marking.same_factor")
        return phrase("marking.factor", factor=f"${notation.tex(factor)}$")
    if len(places) == 1 and compared.total > 2:
        return phrase("marking.only_one_wrong", where=indices_text(places, shape))
    return ""


def _wrong_sign(where: str) -> str:
    return phrase("marking.sign_there", where=where) if where else phrase("marking.sign")


def _multiple(right: Any, value: Any, explained: Explanations) -> str:
    for times, key in _FACTORS.items():
        multiple = ex.multiply(times, right)
        if explained.admits(multiple) and same(value, multiple):
            return phrase(key)
    return ""


def _transposed(right: Any, value: Any, depth: int) -> str:
    if depth == 2 and all(map(isinstance, (right, value), (tuple, tuple))) and shape_of(value, 2):
        columns = tuple(zip(*value, strict=True))
        if same(columns, right):
            return phrase("marking.transposed")
    if depth == 1 and isinstance(value, tuple):
        turned = tuple(tuple(reversed(entry)) if isinstance(entry, tuple) else entry for entry in value)
        if turned != value and same(turned, right):
            return phrase("marking.sizes_swapped")
    return ""


def _exchanged(right: Any, value: Any, depth: int) -> str:
    """Return a sentence on right rows, columns or entries of a vector that are in the wrong order."""
    if depth == 1:
        return _permuted(right, value, "marking.entries_permuted")
    if depth == 2:
        turned = tuple(zip(*right, strict=True)), tuple(zip(*value, strict=True))
        return _permuted(right, value, "marking.rows_permuted") or _permuted(*turned, "marking.columns_permuted")
    return ""


def _permuted(right: Sequence[Any], value: Sequence[Any], key: str) -> str:
    moved = [place for place, (a, b) in enumerate(zip(right, value, strict=True)) if not same(a, b)]
    left = [right[place] for place in moved]
    for place in moved:
        found = next((i for i, line in enumerate(left) if same(line, value[place])), None)
        if found is None:
            return ""
        del left[found]
    return phrase(key, places=listed([str(place + 1) for place in moved]))


def _factor(pairs: Sequence[tuple[Any, Any]]) -> Any:
    """Return the rational number that all right entries are multiplied by, or None."""
    factor = None
    for ours, theirs in pairs:
        if ex.is_zero(theirs):
            if not same(ours, theirs):
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
    return quotient if same(a, ex.multiply(quotient, b)) else None
