"""A variant that the student has not had yet."""

from __future__ import annotations

from collections.abc import Callable, Collection
from hashlib import blake2b

from generator.errors import InputError
from generator.identity import stream
from generator.problem import Problem, Variant

PATIENCE = 100
"""So many draws in vain, and what was seen longest ago comes again: every problem of the catalogue has far more variants."""


def digest(variant: Variant) -> str:
    """Equal for two variants that are the same exercise."""
    return blake2b(variant.canonical.encode(), digest_size=16).hexdigest()


def fresh(problem: Problem, level: str, seen: Collection[str], seed: Callable[[], int]) -> tuple[str, Variant]:
    """A stream and its variant, audited, that is none of those ``seen``: digests, the one seen longest ago first.

    Each draw begins at another ``seed()``.  Where the space is used up, the variant is the one met in the draws that was
    seen longest ago.
    """
    if level not in problem.levels:
        raise InputError(f"{problem.id} has no level {level!r}; it has {', '.join(problem.levels)}", field="level")
    age = {one: place for place, one in enumerate(seen)}
    oldest: tuple[int, str, Variant] | None = None
    for _ in range(PATIENCE):
        source = stream(seed())
        variant = problem.draw_from(source, level=level)
        place = age.get(digest(variant))
        if place is None:
            return source, variant
        if oldest is None or place < oldest[0]:
            oldest = place, source, variant
    assert oldest is not None
    return oldest[1:]
