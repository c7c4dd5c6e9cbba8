"""Variants that many tests look at: drawn, audited and solved once in a process.  Their texts are English ones."""

from __future__ import annotations

from functools import cache

from generator.problem import drawing
from generator.problem.catalogue import find_problem
from generator.problem.problem import Variant


@cache
def printed(problem: str) -> Variant:
    """Return the variant of a problem's printed numbers."""
    return find_problem(problem).printed()


@cache
def drawn(problem: str, seed: int, level: str = "standard") -> Variant:
    """Return the variant of a seed."""
    return drawing.draw_variant(find_problem(problem), seed, level=level)


def of_all_levels(problem: str, seeds: range) -> list[Variant]:
    """Return the printed variant, and those of the seeds at each level."""
    levels = find_problem(problem).levels
    return [printed(problem), *(drawn(problem, seed, level) for level in levels for seed in seeds)]
