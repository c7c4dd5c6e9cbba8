"""Trees of the problems of the catalogue, made once for all tests of exports."""

from __future__ import annotations

from functools import cache

from generator.export.build import Wanted, build
from generator.export.tree import COMPUTED, Export, Part, Variant
from generator.paper.sheet import Entry, Sheet
from generator.problem.catalogue import catalogue

CASES = [(problem.id, level) for problem in catalogue().values() for level in problem.levels]
"""Every problem at each of its levels."""


def sheet_of(problem: str, level: str = "standard", *, guided: bool = False) -> Sheet:
    """Return a sheet that asks one problem of the catalogue."""
    found = catalogue()[problem]
    return Sheet(name=f"only-{problem}", title=found.title, entries=(Entry(found, guided=guided, level=level),))


@cache
def tree_of(
    problem: str, level: str = "standard", count: int = 2, *, guided: bool = False, png: bool = False
) -> Export:
    """Return the tree of one problem."""
    return build(sheet_of(problem, level, guided=guided), Wanted(count=count, with_png=png))


def computed(tree: Export) -> list[tuple[Part, Variant]]:
    """Return the variants whose answers are numbers, each with its part."""
    return [(part, variant) for part in tree.parts if part.kind in COMPUTED for variant in part.variants]
