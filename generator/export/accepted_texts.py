"""Numbers on platforms that compare texts: to how many places, and every spelling of one that a student may type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from generator.export.exact_numbers import places, spellings
from generator.export.tree import Mistake, Number

FEWEST, MOST = 3, 9
"""The places of a decimal that blanks ask for."""


def places_of(keys: Sequence[Number], mistakes: Iterable[Mistake]) -> int:
    """Return to how many places the numbers are to be typed: three, or more where those were 0, or a mistake's."""
    columns = [[one.numbers[place] for one in mistakes] for place in range(len(keys))]
    for count in range(FEWEST, MOST):
        if all(_told_apart(key, others, count) for key, others in zip(keys, columns, strict=True)):
            return count
    return MOST


def _told_apart(key: Number, others: Iterable[Number], count: int) -> bool:
    ours = _roundings(key, count)
    if Decimal(key.decimal) and not all(map(Decimal, ours)):
        return False
    return all(not ours & _roundings(one, count) for one in others if one.exact != key.exact)


def _roundings(key: Number, count: int) -> set[str]:
    """Return the decimal to so many places, and where it lies half-way between two both."""
    return {places(key, count), *_other_rounding(key, count)}


def _other_rounding(key: Number, count: int) -> list[str]:
    exact = Decimal(key.decimal)
    is_half_way = abs(exact.scaleb(count) % 1) == Decimal("0.5")
    return [str(exact.quantize(Decimal(1).scaleb(-count), ROUND_HALF_UP))] if is_half_way else []


def accepted(key: Number, count: int, *, comma: bool = False) -> list[str]:
    """Return the texts for a number to so many places, in plain signs last; with a decimal ``comma`` too.

    They are its roundings where it lies half-way, its exact decimal with fewer or more zeros, and its fraction.
    """
    known = spellings(key, count)
    last = known.pop()
    exact = Decimal(key.decimal)
    decimals = _other_rounding(key, count)
    if is_exact(key):
        rest = key.decimal.partition(".")[2]
        decimals += [f"{exact:.{width}f}" for width in range(len(rest), max(count, len(rest)) + 1)]
    decimals += [text.replace("0.", ".", 1) for text in [*decimals] if text.lstrip("-").startswith("0.")]
    decimals += [text.replace("-", "\N{MINUS SIGN}") for text in [*decimals] if "-" in text]
    found = [*known, *decimals]
    if comma:
        found += [text.replace(".", ",") for text in [*found, last] if "." in text]
    return [*(text for text in dict.fromkeys(found) if text != last), last]


def is_exact(key: Number) -> bool:
    """Whether the decimal is the number itself: its fraction ends."""
    if not set(key.exact) <= set("-/0123456789"):
        return False
    above, _, below = key.exact.partition("/")
    return Decimal(key.decimal) * int(below or 1) == int(above)


def digits_of(key: Number) -> int:
    """Return how many significant digits a decimal needs to be within the tolerance.

    A whole number is typed in full: how many digits it has, a question does not say.
    """
    exact, tolerance = Decimal(key.decimal), Decimal(key.tolerance)
    if not tolerance:
        return FEWEST if exact == exact.to_integral_value() else max(FEWEST, len(exact.normalize().as_tuple().digits))
    return exact.adjusted() - tolerance.adjusted()
