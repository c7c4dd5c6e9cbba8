"""What follows from a student's own earlier values, and when it is no longer worth marks.

Her values take the place of the solution's steps, and what rests on them is solved again.  A value that leaves nothing
to do (a deviation of 1, a keep probability of 1, a sum of 0) carries no marks for what follows from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.grading.comparing import compare, same_value
from generator.grading.diagnosing import CANNOT_SOLVE
from generator.grading.manageable import MOST_TERMS_GIVEN, is_manageable, watching
from generator.grading.nesting import Typed, alike, depth_of, entries, flat, in_line, nested, shape, shape_text, shaped
from generator.grading.trivial import named, trivialities
from generator.numbers.arrays import as_array
from generator.numbers.bounds import TooInvolvedError, bounded
from generator.problem.problem import Variant
from generator.problem.solution import Solution, Values

MOST_WORK = 5000
"""What it may take to solve again from a student's values, as in :mod:`generator.numbers.bounds`."""


@dataclass(frozen=True)
class Followed:
    """What follows from earlier values.

    ``values`` are those solved from them, None where that cannot be done or nothing was given that counts.  ``wrong``
    are the given names that differ from the key, in the order of the solution.  ``refusal`` says (in Markdown) why what
    follows earns no marks; ``notes`` tell of given values that were left out.
    """

    values: Values | None = None
    wrong: tuple[str, ...] = ()
    refusal: str = ""
    notes: tuple[str, ...] = ()

    @property
    def earns(self) -> bool:
        """Whether an answer that follows from the given values earns marks for its method."""
        return self.values is not None and bool(self.wrong) and not self.refusal


def follow(variant: Variant, step: str, given: Mapping[str, Typed]) -> Followed:
    """Solve ``step`` from the given values of earlier steps; those that it does not rest on are passed over."""
    graph = variant.problem.graph
    upstream = graph.upstream(step)
    found: dict[str, Any] = {}
    notes: list[str] = []
    for name in graph.names:  # in the order of the solution
        if name not in given:
            continue
        if name == step:
            notes.append(f"`{name}` is this part's own answer: nothing follows from it here.")
            continue
        right = variant.values[name]
        typed = in_line(given[name], right)
        fault = _fault(name, typed, right)
        if fault:
            notes.append(fault)
            continue
        found[name] = _restored(typed, right, depth_of(right))
    placed = {name: value for name, value in _taken_apart(graph, variant.values, found).items() if name in upstream}
    used = {name for name in found if name in upstream or upstream & set(_lined_up(graph, variant.values, name))}
    if not used:
        return Followed(notes=tuple(notes))
    wrong = tuple(name for name in found if name in used and not same_value(found[name], variant.values[name]))
    try:
        with bounded(MOST_WORK):
            values = _solved(graph, step, variant.values, placed)
    except TooInvolvedError:
        refusal = f"With {named(wrong)} as given, the numbers become too long to be carried on."
        return Followed(None, wrong, refusal, tuple(notes))
    except CANNOT_SOLVE:
        return Followed(None, wrong, f"With {named(wrong)} as given, the rest cannot be computed.", tuple(notes))
    refusal = next(trivialities(variant, step, values, {**found, **placed}, wrong), "")
    return Followed(values, wrong, refusal, tuple(notes))


def _solved(graph: Solution, step: str, key: Values, placed: Mapping[str, Any]) -> Values:
    """The key's values with some placed, and the steps between them and ``step`` computed anew."""
    known = {**key.everything(), **{name: as_array(value) for name, value in placed.items()}}
    changed = set(placed)
    watch = watching(key)
    path = graph.upstream(step) | {step}
    for name in graph.names:
        if name in path and name not in placed and changed & {*graph.needs(name)}:
            known[name] = graph.compute(name, known)
            changed.add(name)
            watch(name, known[name])
    return Values.of(key.params, known)


def _fault(name: str, typed: Typed, right: Any) -> str:
    """Why a given value cannot be carried on, or nothing."""
    depth = depth_of(right)
    if depth and not alike(typed.value, right, depth):
        theirs = shape(typed.value, depth)
        given = shape_text(theirs) if theirs else "another shape"
        return f"`{name}` was left out: you gave {given}, and it is {shape_text(shape(right, depth) or ())}."
    if not is_manageable(typed.value, right, MOST_TERMS_GIVEN):
        return f"`{name}` was left out: its numbers are too long, or of another kind, to be carried on."
    return ""


def _lined_up(graph: Solution, key: Values, name: str) -> tuple[str, ...]:
    """The steps whose entries a step only lines up: those of (Σx², Σxy) are its two sums.  None if it computes."""
    needs = graph.needs(name)
    if not isinstance(key[name], tuple) or not all(need in graph.names and need in key for need in needs):
        return ()
    entries = tuple(entry for need in needs for entry in flat(key[need]))
    return needs if same_value(flat(key[name]), entries) else ()


def _taken_apart(graph: Solution, key: Values, found: Mapping[str, Any]) -> dict[str, Any]:
    """The given values, and those of the steps that a given one only lines up."""
    placed = dict(found)
    for name in found:
        entries = list(flat(found[name]))
        for need in _lined_up(graph, key, name):
            length = len(flat(key[need]))
            placed.setdefault(need, shaped(entries[:length], key[need]))
            del entries[:length]
    return placed


def _restored(typed: Typed, right: Any, depth: int) -> Any:
    """The typed value with entries that are the right ones, but rounded, made exact."""
    lengths = shape(typed.value, depth)
    compared = compare(typed, right, depth, decimals=True)
    if compared is None or lengths is None:
        return typed.value
    theirs = entries(right, depth)
    ours = entries(typed.value, depth)
    kept = {index: theirs[index] if compared.is_right(index) else entry for index, entry in ours.items()}
    return nested(kept, lengths)
