"""What follows from a student's own earlier values, and when it is no longer worth marks.

Her values take the place of the solution's steps, and what rests on them is solved again.  A value that leaves nothing
to do (a deviation of 1, a keep probability of 1, a sum of 0) carries no marks for what follows from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sympy

from generator import exact as ex
from generator.bounds import TooInvolvedError, bounded
from generator.grading.comparing import Typed, alike, flat, nested, same_value, shape
from generator.grading.diagnosing import CANNOT_SOLVE, restored
from generator.grading.manageable import MOST_TERMS_GIVEN, is_manageable, watching
from generator.problem import Variant
from generator.render import count_of
from generator.solution import Solution, Values

_DEEPEST = 2
MOST_WORK = 5000
"""What it may take to solve again from a student's values, as in :mod:`generator.bounds`."""


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
        found[name] = restored(typed, right, depth_of(right))
    placed = {name: value for name, value in _taken_apart(graph, variant.values, found).items() if name in upstream}
    used = {name for name in found if name in upstream or upstream & set(_lined_up(graph, variant.values, name))}
    if not used:
        return Followed(notes=tuple(notes))
    wrong = tuple(name for name in found if name in used and not same_value(found[name], variant.values[name]))
    try:
        with bounded(MOST_WORK):
            values = _solved(graph, step, variant.values, placed)
    except TooInvolvedError:
        refusal = f"With {_names(wrong)} as given, the numbers become too long to be carried on."
        return Followed(None, wrong, refusal, tuple(notes))
    except CANNOT_SOLVE:
        return Followed(None, wrong, f"With {_names(wrong)} as given, the rest cannot be computed.", tuple(notes))
    refusal = next(_trivialities(graph, step, variant.values, values, {**found, **placed}, wrong), "")
    return Followed(values, wrong, refusal, tuple(notes))


def _solved(graph: Solution, step: str, key: Values, placed: Mapping[str, Any]) -> Values:
    """The key's values with some placed, and the steps between them and ``step`` computed anew."""
    known = {**key.everything(), **placed}
    changed = set(placed)
    watch = watching(key)
    path = graph.upstream(step) | {step}
    for name in graph.names:
        if name in path and name not in placed and changed & {*graph.needs(name)}:
            known[name] = graph.compute(name, known)
            changed.add(name)
            watch(name, known[name])
    return Values.of(key.params, known)


def depth_of(value: Any) -> int:
    """How deep the entries of a value lie: 0 for a number or a word, 1 for a vector, 2 for a matrix."""
    return 1 + depth_of(value[0]) if isinstance(value, tuple) and value else 0


def shape_text(lengths: tuple[int, ...]) -> str:
    """``3×4``; ``5 entries`` for a vector."""
    return (
        count_of(lengths[0], "entry").replace("entrys", "entries") if len(lengths) == 1 else "×".join(map(str, lengths))
    )


def in_line(typed: Typed, right: Any) -> Typed:
    """A single row or column, in the form that the right value has: 4 entries, 1×4 or 4×1."""
    depth = depth_of(typed.value)
    ours, theirs = shape(typed.value, depth), shape(right, depth_of(right))
    if not ours or not theirs or ours == theirs or max(ours) != max(theirs):
        return typed
    if len(flat(typed.value)) != max(ours) or len(flat(right)) != max(theirs):
        return typed
    places = {
        new: typed.places[old] for old, new in zip(_indices(ours), _indices(theirs), strict=True) if old in typed.places
    }
    return Typed(_shaped(list(flat(typed.value)), right), places, typed.tex)


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
            placed.setdefault(need, _shaped(entries[:length], key[need]))
            del entries[:length]
    return placed


def _shaped(entries: list[Any], like: Any) -> Any:
    depth = depth_of(like)
    lengths = shape(like, depth) or ()
    indices = _indices(lengths)
    return nested(dict(zip(indices, entries, strict=True)), lengths)


def _indices(lengths: tuple[int, ...]) -> list[tuple[int, ...]]:
    if not lengths:
        return [()]
    return [(place, *rest) for place in range(lengths[0]) for rest in _indices(lengths[1:])]


# ------------------------------------------------------------------------------- values that leave nothing to do


def _trivialities(
    graph: Solution, step: str, key: Values, followed: Values, placed: Mapping[str, Any], wrong: tuple[str, ...]
) -> Iterator[str]:
    """Why what follows is trivial, if it is: each reason a sentence."""
    for name in wrong:
        if _is_zero(placed[name]) and not _is_zero(key[name]):
            yield f"`{name}` is all zeros as given: that leaves too little of the rest to earn marks for what follows."
    copied = tuple(entry for name in graph.names if name in wrong for entry in flat(placed[name]))
    if wrong and same_value(flat(followed[step]), copied):
        yield f"This is {_names(wrong)} copied: what follows from it would be no work of its own."
    path = [name for name in graph.names if name == step or name in graph.upstream(step)]
    for name in path:
        if name in placed or name not in followed or followed[name] is key[name]:
            continue
        for line, right in _lines(followed[name], key[name]):
            if _is_zero(line) and not _is_zero(right):
                yield f"With {_names(wrong)} as given, `{name}` has only zeros where it should not: that leaves too little to earn marks for what follows."
        for need in graph.needs(name):
            if need in key and _passes_on(followed[name], followed[need], key[name], key[need]):
                yield f"With {_names(wrong)} as given, the step to `{name}` leaves `{need}` as it was: that is too little to earn marks for what follows."


def _lines(value: Any, right: Any) -> Iterator[tuple[Any, Any]]:
    """A number or a vector as a whole, a matrix by rows and by columns; each with its counterpart in the key."""
    depth = depth_of(right)
    if not alike(value, right, depth) or depth > _DEEPEST:
        return
    if depth < _DEEPEST:
        yield value, right
        return
    yield from zip(value, right, strict=True)
    yield from zip(zip(*value, strict=True), zip(*right, strict=True), strict=True)


def _passes_on(value: Any, need: Any, right: Any, right_need: Any) -> bool:
    """Whether a step gives on, in some line, just what it takes, though in the key it does not."""
    if depth_of(need) != depth_of(value) or not alike(value, need, depth_of(value)) or not _has_numbers(value):
        return False
    if not alike(right, right_need, depth_of(right)) or not alike(right, value, depth_of(right)):
        return False
    ours, theirs = _lines(value, right), _lines(need, right_need)
    return any(
        same_value(line, taken) and not same_value(line_right, taken_right) and not _is_zero(line)
        for (line, line_right), (taken, taken_right) in zip(ours, theirs, strict=True)
    )


def _has_numbers(value: Any) -> bool:
    return all(isinstance(entry, sympy.Expr) for entry in flat(value))


def _is_zero(value: Any) -> bool:
    return all(isinstance(entry, sympy.Expr | int) and same_value(entry, ex.ZERO) for entry in flat(value))


def _names(names: tuple[str, ...]) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}" if quoted else "these values"
