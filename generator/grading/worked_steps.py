"""A part's worked steps under other values, and where two versions of a step first differ.

The prose of a worked step is filled from values, so it can be filled from a student's values as well.  What changes in it
when one quantity is changed shows where that quantity stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeAlias

import sympy

from generator.document import prose
from generator.document.nodes import Block, Code, Display, Inline, Math, Paragraph, Strong, Text
from generator.grading.nesting import Index, depth_of, entries_of
from generator.grading.solve_again import STEP_ERRORS
from generator.numbers import exact as ex
from generator.numbers.arrays import as_array
from generator.problem.parts import walk
from generator.problem.problem import Variant
from generator.problem.solution import Values

Blocks: TypeAlias = tuple[Block, ...]
"""One worked step."""

BLANK = r"\boxed{\,?\,}"
"""The TeX of a blank."""

RELATION = re.compile(r"(?<![<>!&])(=|\\approx(?![a-zA-Z]))")
"""What stands between the sides of a formula."""

_LEAVES = (Math, Display, Text, Code)


def worked_steps(variant: Variant, part_id: str, values: Values) -> tuple[Blocks, ...]:
    """Return the worked steps of a part filled with ``values``; none where its prose cannot be written with them."""
    try:
        parts = walk(variant.problem.parts(values))
        steps = next((part.steps for part in parts if part.id == part_id), ())
        return tuple(prose.nodes(step, values.known) for step in steps)
    except STEP_ERRORS:  # prose need not be ready for values that only a mistake leads to
        return ()


def with_values(values: Values, replaced: Mapping[str, Any]) -> Values:
    """Return the values with some replaced and nothing solved again: the prose changes only where these are written."""
    known = {**values.everything(), **{name: as_array(value) for name, value in replaced.items()}}
    return Values.of(values.params, known)


def with_entry(value: Any, index: Index, entry: Any) -> Any:
    """Return the value with another entry at an index."""
    if not index:
        return entry
    return (*value[: index[0]], with_entry(value[index[0]], index[1:], entry), *value[index[0] + 1 :])


def single_changes(value: Any) -> Iterator[tuple[Index, Any]]:
    """Yield the index of each number of a value, and the value with that number changed."""
    for index, entry in entries_of(value, depth_of(value)).items():
        if isinstance(entry, sympy.Expr):
            yield index, with_entry(value, index, ex.add(entry, ex.ONE))


def leaves(node: Any) -> Iterator[Any]:
    """Yield the formulas and words of a node, in order."""
    if isinstance(node, _LEAVES):
        yield node
    elif isinstance(node, tuple):
        for child in node:
            yield from leaves(child)
    elif is_dataclass(node):
        for field in fields(node):
            yield from leaves(getattr(node, field.name))


def first_difference(step: Blocks, other: Blocks) -> int | None:
    """Return the index of the first leaf of ``step`` that ``other`` does not share; None if they are alike."""
    if step == other:
        return None
    mine, others = tuple(leaves(step)), tuple(leaves(other))
    for place, leaf in enumerate(mine):
        if place >= len(others) or leaf != others[place]:
            return place
    return max(len(mine) - 1, 0)


def first_changed_step(steps: Sequence[Blocks], others: Sequence[Blocks]) -> tuple[int, int] | None:
    """Return the indices of the first step that differs and of the first leaf in it that does; None if all are alike."""
    for place, (step, other) in enumerate(zip(steps, others, strict=False)):
        leaf = first_difference(step, other)
        if leaf is not None:
            return place, leaf
    return None


def after_leaf(step: Blocks, place: int) -> Blocks:
    """Return what follows one of the step's leaves; empty if no formula follows."""
    rest: list[Block] = []
    for block in step:
        count = len(tuple(leaves(block)))
        if place < 0:
            rest.append(block)
        elif place < count and isinstance(block, Paragraph):
            children = list(_children_after(block.children, place))
            if children and isinstance(children[0], Text):
                children[0] = Text(children[0].text.lstrip(" ,;.:"))
            rest += [Paragraph(tuple(children))] if children else []
        place -= count
    return tuple(rest) if any(isinstance(leaf, Math | Display) for leaf in leaves(tuple(rest))) else ()


def _children_after(children: tuple[Inline, ...], place: int) -> Iterator[Inline]:
    for child in children:
        if place < 0:
            yield child
        place -= len(tuple(leaves(child)))


def map_leaves(content: Any, change: Callable[[Any], Any]) -> Any:
    """Return a step, or other nodes, with ``change`` applied to each of its formulas and words, in order."""

    def rebuild(node: Any) -> Any:
        if isinstance(node, _LEAVES):
            return change(node)
        if isinstance(node, tuple):
            return tuple([rebuild(child) for child in node])
        if is_dataclass(node) and not isinstance(node, type):
            return replace(node, **{field.name: rebuild(getattr(node, field.name)) for field in fields(node)})
        return node

    return rebuild(content)


def map_formulas(step: Blocks, change: Callable[[str], str]) -> Blocks:
    """Return the step with ``change`` applied to the TeX of each of its formulas, in order."""
    changed: Blocks = map_leaves(
        step, lambda leaf: replace(leaf, tex=change(leaf.tex)) if isinstance(leaf, Math | Display) else leaf
    )
    return changed


def highlight(step: Blocks, places: frozenset[int]) -> Blocks:
    """Return the step with the leaves at these indices made strong."""
    count = iter(range(len(tuple(leaves(step)))))

    def rebuild(node: Any) -> Any:
        if isinstance(node, _LEAVES):
            if next(count) not in places:
                return node
            return Paragraph((Strong((Math(node.tex),)),)) if isinstance(node, Display) else Strong((node,))
        if isinstance(node, tuple):
            return tuple(rebuild(child) for child in node)
        if is_dataclass(node) and not isinstance(node, type):
            return replace(node, **{field.name: rebuild(getattr(node, field.name)) for field in fields(node)})
        return node

    highlighted: Blocks = rebuild(step)
    return highlighted


def formulas_computing(variant: Variant, quantity: str, part_ids: Sequence[str]) -> tuple[Blocks, ...]:
    """Return the formulas that compute a quantity, as hints for a part that has no worked steps of its own.

    They are taken from the first of the parts whose worked steps show the quantity: each entry of it is changed in turn,
    and the formula that changes first is where that entry is computed.
    """
    values = variant.values
    for part_id in part_ids:
        steps = worked_steps(variant, part_id, values)
        found: dict[tuple[int, int], None] = {}
        for _, changed in single_changes(values[quantity]):
            others = worked_steps(variant, part_id, with_values(values, {quantity: changed}))
            place = first_changed_step(steps, others)
            if place is not None:
                found[place] = None
        if found:
            shown = (tuple(leaves(steps[step]))[leaf] for step, leaf in found)
            return tuple((Paragraph((leaf,)),) for leaf in shown if isinstance(leaf, Math))
    return ()
