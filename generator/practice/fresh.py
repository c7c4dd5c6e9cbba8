"""A variant that the student has not had yet."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from hashlib import blake2b
from typing import Protocol

from generator.errors import InputError
from generator.paper.sheet import Entry
from generator.practice.attempts import Attempt
from generator.practice.store import Store
from generator.problem import drawing
from generator.problem.draw import stream
from generator.problem.problem import Problem, Variant

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
        variant = drawing.draw_from(problem, source, level=level)
        place = age.get(digest(variant))
        if place is None:
            return source, variant
        if oldest is None or place < oldest[0]:
            oldest = place, source, variant
    assert oldest is not None
    return oldest[1:]


class _Student(Protocol):
    """Whose attempt it will be: her store, her clock, and what new variants begin at."""

    store: Store

    def now(self) -> float: ...

    def seed(self) -> int: ...


def new_attempt(
    student: _Student,
    entry: Entry,
    seed: int | None = None,
    *,
    besides: Collection[str] = (),
    exam: str | None = None,
    place: int = 0,
) -> Attempt:
    """An attempt that is not stored yet; its variant is none of those that she had, nor of those ``besides``.

    With a ``seed`` it is that seed's variant.
    """
    problem, level = entry.problem, entry.level
    if seed is None:
        seen = student.store.all(
            "SELECT canonical FROM attempts WHERE problem = ? AND level = ? GROUP BY canonical ORDER BY max(started)",
            problem.id,
            level,
        )
        source, variant = fresh(problem, level, [*(row["canonical"] for row in seen), *besides], student.seed)
    else:
        source = stream(seed)
        variant = drawing.draw_from(problem, source, level=level, label=f"seed {seed}")
    return Attempt(secrets.token_urlsafe(16), variant, entry, student.now(), source, exam, place)
