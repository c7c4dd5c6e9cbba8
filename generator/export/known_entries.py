"""Mistakes entry by entry, for platforms that mark each entry of an answer by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from generator.errors.language import phrase
from generator.export.exact_numbers import apart_from
from generator.export.tree import Block, Blocks, Computed, Mistake, Number
from generator.problem.answers import LEAST_DIGITS


@dataclass(frozen=True)
class Wrong:
    """A number that is known to be wrong, the ``share`` of its entry's points that it earns, and what led to it."""

    id: str
    number: Number
    share: Fraction
    feedback: Blocks


def digits_needed(answer: Computed) -> int:
    """Return how many significant digits of each number count as right: more than usual where a mistake's is near."""
    found = [
        Decimal(number.decimal).adjusted() - Decimal(number.tolerance).adjusted()
        for number in (entry.number for entry in answer.entries)
        if Decimal(number.tolerance)
    ]
    return max(found, default=LEAST_DIGITS)


def is_within(key: Number, other: Number) -> bool:
    """Return whether a number counts as the key's."""
    return abs(Decimal(key.decimal) - Decimal(other.decimal)) <= Decimal(key.tolerance)


def wrong_numbers(answer: Computed, mistakes: Sequence[Mistake], place: int) -> list[Wrong]:
    """Return what is known to be wrong in one entry: no two numbers are within each other's tolerance, nor the key's.

    The shares are such that someone who makes one mistake in the whole answer earns the mistake's share of its points.
    """
    key = answer.entries[place].number
    found: list[Wrong] = []
    for mistake in mistakes:
        number = mistake.numbers[place]
        if is_within(key, number):
            continue
        known = next((at for at, one in enumerate(found) if one.number.decimal == number.decimal), None)
        if known is None:
            right = sum(
                is_within(entry.number, one) for entry, one in zip(answer.entries, mistake.numbers, strict=True)
            )
            share = share_of_wrong(mistake.share, len(answer.entries), right)
            found.append(Wrong(mistake.id, number, share, mistake.feedback))
        else:
            found[known] = replace(found[known], feedback=joined(found[known].feedback, mistake.feedback))
    numbers = [key, *(one.number for one in found)]
    return [replace(one, number=apart_from(one.number, numbers)) for one in found]


def share_of_wrong(share: Fraction, count: int, right: int) -> Fraction:
    """Return what a wrong piece of an answer earns, so that it and the right ones together earn this share."""
    return max(Fraction(0), (share * count - right) / (count - right))


def joined(first: Blocks, second: Blocks) -> Blocks:
    """Return the feedback of two mistakes that lead to the same number."""
    if first == second:
        return first
    before, after = phrase("export.or_else", mistake="\0").split("\0")
    if len(first) == len(second) == 1 and "p" in first[0] and "p" in second[0]:
        joined: Block = {"p": [*first[0]["p"], " ", before, *second[0]["p"], after]}
        return [joined]
    return [*first, {"p": [before.strip()]}, *second]
