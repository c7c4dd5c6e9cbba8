"""All parts of a problem in one question, with the same numbers; what several of them need is said once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.export.tree import Blocks, Part, Problem, Variant


@dataclass(frozen=True)
class Asked:
    """A part in a question of several: ``prompt`` is what it adds to what was said before, without its label."""

    part: Part
    variant: Variant
    prompt: Blocks


def parts_together(problem: Problem) -> tuple[Part, ...]:
    """Return the parts that every variant of a problem asks, as one question must; a pool of plain questions has none."""
    if problem.pick:
        return ()
    return tuple(one for one in problem.parts if {*problem.variants} <= {variant.id for variant in one.variants})


def variants_together(problem: Problem) -> Iterator[tuple[str, tuple[Asked, ...]]]:
    """Yield the variants of a problem by their ids, each with all its parts."""
    parts = parts_together(problem)
    by_id = [{variant.id: variant for variant in part.variants} for part in parts]
    for name in problem.variants:
        said: set[str] = set()
        asked = []
        for part, variants in zip(parts, by_id, strict=True):
            prompt: list[Blocks] = [content for piece, content in variants[name].pieces if piece not in said]
            said |= {piece for piece, _ in variants[name].pieces}
            asked.append(Asked(part, variants[name], [block for content in prompt for block in content]))
        yield name, tuple(asked)
