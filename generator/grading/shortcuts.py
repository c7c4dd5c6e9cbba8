"""Shortcuts: wrong earlier values after which too little work is left to earn marks for what follows.

A value that leaves nothing to do (a deviation of 1, a keep probability of 1, a sum of 0), or that is no work itself (the
batch given as its own normalization), earns no marks for what follows from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sympy

from generator.errors.language import phrase
from generator.grading.nesting import depth_of, entries_of, flatten, same_shape
from generator.grading.step_names import StepNames
from generator.numbers import exact as ex
from generator.numbers.equality import same
from generator.problem.problem import Variant
from generator.problem.solution import Solution, Values

_DEEPEST = 2
_FEWEST_COPIED = 3
"""So many wrong entries that are another quantity's are no accident; fewer are if there are no others."""


def shortcuts(
    variant: Variant,
    step: str,
    followed: Values,
    given: Mapping[str, Any],
    wrong: tuple[str, ...],
    names: StepNames,
) -> Iterator[str]:
    """Yield a sentence for each shortcut that the ``wrong`` ones among the given values take.

    ``followed`` are the values solved from those given; ``names`` is what the sentences call the steps.
    """
    graph, key = variant.problem.graph, variant.values
    for name in wrong:
        if _is_zero(given[name]) and not _is_zero(key[name]):
            zero = "0" if not isinstance(key[name], tuple) else phrase("marking.all_zeros")
            yield phrase("marking.value_is_zero", name=names.of(name), zero=zero)
        source = _copied_from(variant, name, followed, given[name]) if _saves_most(graph, step, name) else ""
        if source:
            yield phrase("marking.value_is_copy", name=names.of(name), source=_named(variant, source, names))
    copied = tuple(entry for name in graph.names if name in wrong for entry in flatten(given[name]))
    if wrong and same(flatten(followed[step]), copied):
        yield phrase("marking.answer_is_copy", names=names.listed(wrong))
    for name in graph.names:
        if (
            (name == step or name in graph.upstream(step))
            and name not in given
            and followed.get(name) is not key.get(name)
        ):
            yield from _shortcuts_at(variant, name, followed, wrong, names)


def _shortcuts_at(
    variant: Variant, name: str, followed: Values, wrong: tuple[str, ...], names: StepNames
) -> Iterator[str]:
    """Yield a sentence if a step leaves nothing to do with these values, though it does with the key's."""
    key = variant.values
    for line, right in _lines(followed[name], key[name]):
        if _is_zero(line) and not _is_zero(right):
            yield phrase("marking.zeros_follow", names=names.listed(wrong), name=names.of(name))
    for need in variant.problem.graph.needs(name):
        if need in key and _leaves_unchanged(followed[name], followed[need], key[name], key[need]):
            source = _named(variant, need, names)
            yield phrase("marking.unchanged", names=names.listed(wrong), name=names.of(name), source=source)


def _named(variant: Variant, name: str, names: StepNames) -> str:
    """Return what a quantity is called: a step by its symbol, a parameter by what the paper prints for it."""
    if name in variant.problem.graph.names or variant.problem.symbols.get(name):
        return names.of(name)
    return phrase("step.given", name=f"${name}$" if len(name) == 1 else name.replace("_", " "))


def _saves_most(graph: Solution, step: str, name: str) -> bool:
    """Return whether a given value of one step saves as many steps as are left to be done with it."""
    needed, todo = set[str](), [step]
    while todo:
        one = todo.pop()
        if one != name and one not in needed and one in graph.names:
            needed.add(one)
            todo += graph.needs(one)
    left = {one for one in needed if name in graph.upstream(one)}
    return len({step, *graph.upstream(step)} - needed) >= len(left)


def _copied_from(variant: Variant, name: str, followed: Values, value: Any) -> str:
    """Return the quantity that a wrong value is a copy of, in all its wrong entries; empty if of none, or if a mistake leads there.

    It is one that the value depends on: the data, or an earlier step, the key's or the student's own.
    """
    key, graph = variant.values, variant.problem.graph
    depth = depth_of(value)
    if not depth or not same_shape(value, key[name], depth):
        return ""
    ours, right = entries_of(value, depth), entries_of(key[name], depth)
    wrong = [place for place, entry in ours.items() if not same(entry, right[place])]
    if len(wrong) < min(_FEWEST_COPIED, max(len(ours), 2)):
        return ""

    def is_copied(other: Any) -> bool:
        if not same_shape(other, value, depth):
            return False
        theirs = entries_of(other, depth)
        return all(same(ours[place], theirs[place]) for place in wrong)

    if any(is_copied(values.get(name)) for _, values in variant.wrong):
        return ""  # a step done wrongly, and not left out
    before = graph.upstream(name)
    needs = {need for step in (name, *before) for need in graph.needs(step)}
    sources = [source for source in (*reversed(graph.names), *key.params) if source in needs]
    return next((one for one in sources if is_copied(key.get(one)) or is_copied(followed.get(one))), "")


def _lines(value: Any, right: Any) -> Iterator[tuple[Any, Any]]:
    """Yield a number or a vector as a whole, a matrix by rows and by columns; each with its counterpart in the key."""
    depth = depth_of(right)
    if not same_shape(value, right, depth) or depth > _DEEPEST:
        return
    if depth < _DEEPEST:
        yield value, right
        return
    yield from zip(value, right, strict=True)
    yield from zip(zip(*value, strict=True), zip(*right, strict=True), strict=True)


def _leaves_unchanged(value: Any, need: Any, right: Any, right_need: Any) -> bool:
    """Return whether a step leaves its input unchanged in some row or column, though in the key it does not."""
    if depth_of(need) != depth_of(value) or not same_shape(value, need, depth_of(value)) or not _has_numbers(value):
        return False
    if not same_shape(right, right_need, depth_of(right)) or not same_shape(right, value, depth_of(right)):
        return False
    ours, theirs = _lines(value, right), _lines(need, right_need)
    return any(
        same(line, taken) and not same(line_right, taken_right) and not _is_zero(line)
        for (line, line_right), (taken, taken_right) in zip(ours, theirs, strict=True)
    )


def _has_numbers(value: Any) -> bool:
    return all(isinstance(entry, sympy.Expr) for entry in flatten(value))


def _is_zero(value: Any) -> bool:
    return all(isinstance(entry, sympy.Expr | int) and same(entry, ex.ZERO) for entry in flatten(value))
