"""Exact numbers for platforms that compare decimals: the digits, and the tolerance that no mistake is within."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from generator.export.tree import Number
from generator.numbers import notation
from generator.numbers.encoding import encode
from generator.problem.answers import LEAST_DIGITS

DIGITS = 15
"""The significant digits of a decimal."""

_PRECISION = 40
_CONTEXT = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN)


def number(value: Any, digits: int = LEAST_DIGITS) -> Number:
    """Return an exact number with its decimal; the tolerance is that of a value that has no mistakes near it.

    ``digits`` is how many significant digits of a student's decimal have to be right.
    """
    decimal = _CONTEXT.plus(_long_decimal(value))
    return Number(encode(value), notation.tex(value), plain(decimal), plain(_tolerance(value, decimal, digits)))


def _long_decimal(value: Any) -> Decimal:
    if value.is_Rational:
        return Context(prec=_PRECISION).divide(Decimal(int(value.p)), Decimal(int(value.q)))
    return Decimal(str(value.evalf(_PRECISION)))


def plain(decimal: Decimal) -> str:
    """Return a decimal without exponent and without zeros at its end."""
    text = format(decimal, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("", "-0", "-") else text


def _tolerance(value: Any, decimal: Decimal, digits: int) -> Decimal:
    """0 for whole numbers, and where so many significant digits say the value exactly; else half a unit of the last."""
    shortest = decimal.normalize()
    is_exact = bool(value.is_Rational) and _is_power_of_ten_fraction(int(value.q))
    if value.is_Integer or (is_exact and len(shortest.as_tuple().digits) <= digits):
        return Decimal(0)
    return Decimal(5).scaleb(decimal.adjusted() - digits)


def _is_power_of_ten_fraction(denominator: int) -> bool:
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return denominator == 1


def apart_from(key: Number, others: Iterable[Number]) -> Number:
    """Return the number with a tolerance that is less than half the way to any of the others that differ from it."""
    ours, tolerance = Decimal(key.decimal), Decimal(key.tolerance)
    for other in others:
        way = abs(Decimal(other.decimal) - ours)
        while tolerance and way and tolerance * 2 >= way:
            tolerance /= 10
    return replace(key, tolerance=plain(tolerance)) if plain(tolerance) != key.tolerance else key


def places(key: Number, count: int = 3) -> str:
    """Return the decimal to so many places, with all of them: ``-0.553``."""
    rounded = Decimal(key.decimal).quantize(Decimal(1).scaleb(-count), ROUND_HALF_EVEN)
    return format(rounded or abs(rounded), "f")


def spellings(key: Number, count: int = 3) -> list[str]:
    """Return the texts that a platform should accept which compares texts: to so many places first, in plain signs last.

    Students leave out the zero before the point, write the true minus, or a fraction; no list has all ways to write a root.
    """
    rounded = places(key, count)
    found = [rounded]
    if _is_fraction(key.exact):
        found.append(key.exact)
    rest = key.decimal.partition(".")[2]
    if len(rest) <= count:
        found.append(key.decimal)
    found += [text.replace("0.", ".", 1) for text in [*found] if text.lstrip("-").startswith("0.")]
    found += [text.replace("-", "\N{MINUS SIGN}") for text in [*found] if "-" in text]
    return [*(text for text in dict.fromkeys(found) if text != rounded), rounded]


def _is_fraction(exact: str) -> bool:
    above, _, below = exact.removeprefix("-").partition("/")
    return above.isdecimal() and below.isdecimal()
