"""A part's worked steps under other values, and where two renderings of a line first differ.

The prose of a worked step is filled from values like everything else, so it can be filled from a student's own.  What
changes in it when a single quantity is changed is where that quantity stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeAlias

from generator.document import prose
from generator.document.nodes import Block, Code, Display, Inline, Math, Paragraph, Strong, Text
from generator.grading.solve_again import STEP_ERRORS
from generator.numbers import exact as ex
from generator.problem.parts import walk
from generator.problem.problem import Variant
from generator.problem.solution import Values

Line: TypeAlias = tuple[Block, ...]

_LEAVES = (Math, Display, Text, Code)


def worked_lines(variant: Variant, part_id: str, values: Values) -> tuple[Line, ...]:
    """The worked steps of a part with the ``values`` in them; none where they do not let the prose be written."""
    try:
        parts = walk(variant.problem.parts(values))
        steps = next((part.steps for part in parts if part.id == part_id), ())
        return tuple(prose.nodes(step, values.known) for step in steps)
    except STEP_ERRORS:  # prose need not be ready for what only a mistake leads to
        return ()


def placed(values: Values, given: Mapping[str, Any]) -> Values:
    """The values with some replaced and nothing solved again: only where these are written does the prose change."""
    return Values.of(values.params, {**values.everything(), **given})


def single_changes(right: Any, wrong: Any) -> Iterator[Any]:
    """The right value with one wrong entry at a time; of a value in another form, those entries that it has too."""
    if isinstance(right, tuple) and isinstance(wrong, tuple):
        for place, (ours, theirs) in enumerate(zip(right, wrong, strict=False)):
            for changed in single_changes(ours, theirs):
                yield (*right[:place], changed, *right[place + 1 :])
    elif not ex.same(right, wrong):
        yield wrong


def leaves(node: Any) -> Iterator[Any]:
    """The formulas and words of a node, in order."""
    if isinstance(node, _LEAVES):
        yield node
    elif isinstance(node, tuple):
        for child in node:
            yield from leaves(child)
    elif is_dataclass(node):
        for field in fields(node):
            yield from leaves(getattr(node, field.name))


def first_difference(line: Line, other: Line) -> int | None:
    """Which of the line's formulas and words is the first that the other has not; None if they are alike."""
    ours, theirs = tuple(leaves(line)), tuple(leaves(other))
    for place, leaf in enumerate(ours):
        if place >= len(theirs) or leaf != theirs[place]:
            return place
    return None if line == other else max(len(ours) - 1, 0)


def after(line: Line, place: int) -> Line:
    """What stands in the line after one of its formulas; empty if no formula does."""
    left: list[Block] = []
    for block in line:
        count = len(tuple(leaves(block)))
        if place < 0:
            left.append(block)
        elif place < count and isinstance(block, Paragraph):
            rest = list(_after(block.children, place))
            if rest and isinstance(rest[0], Text):
                rest[0] = Text(rest[0].text.lstrip(" ,;.:"))
            left += [Paragraph(tuple(rest))] if rest else []
        place -= count
    return tuple(left) if any(isinstance(leaf, Math | Display) for leaf in leaves(tuple(left))) else ()


def _after(children: tuple[Inline, ...], place: int) -> Iterator[Inline]:
    for child in children:
        if place < 0:
            yield child
        place -= len(tuple(leaves(child)))


def marked_at(line: Line, places: frozenset[int]) -> Line:
    """The line with some of its formulas and words made strong."""
    count = iter(range(len(tuple(leaves(line)))))

    def rebuilt(node: Any) -> Any:
        if isinstance(node, _LEAVES):
            if next(count) not in places:
                return node
            return Paragraph((Strong((Math(node.tex),)),)) if isinstance(node, Display) else Strong((node,))
        if isinstance(node, tuple):
            return tuple(rebuilt(child) for child in node)
        if is_dataclass(node) and not isinstance(node, type):
            return replace(node, **{field.name: rebuilt(getattr(node, field.name)) for field in fields(node)})
        return node

    found: Line = rebuilt(line)
    return found
