"""Values of any nesting: how deep and how long they are, their entries, and one form for another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias

from generator.render.renderer import count_of

Index: TypeAlias = tuple[int, ...]
"""Where an entry stands, counted from 0: () for a number, (i,) in a vector, (row, column) in a matrix."""


@dataclass(frozen=True)
class Typed:
    """What was typed: an exact value of any nesting, and for each number the decimal places if it was typed as a decimal.

    ``places`` holds them by the position of the number within the value; ``tex`` is how the value was read.
    """

    value: Any
    places: Mapping[Index, int]
    tex: str = ""


def depth_of(value: Any) -> int:
    """How deep the entries of a value lie: 0 for a number or a word, 1 for a vector, 2 for a matrix."""
    return 1 + depth_of(value[0]) if isinstance(value, tuple) and value else 0


def shape(value: Any, depth: int) -> tuple[int, ...] | None:
    """The lengths, outermost first; None for what has no such depth, or rows of different lengths."""
    if depth == 0:
        return ()
    if not isinstance(value, tuple):
        return None
    inner = {shape(line, depth - 1) for line in value}
    if len(inner) > 1 or None in inner:
        return None
    (rest,) = inner or {(0,) * (depth - 1)}
    assert rest is not None
    return (len(value), *rest)


def alike(a: Any, b: Any, depth: int) -> bool:
    """Whether two values have the same shape, and have one at all."""
    ours = shape(a, depth)
    return ours is not None and ours == shape(b, depth)


def entries(value: Any, depth: int) -> dict[Index, Any]:
    """The entries of a value by where they stand."""
    if depth == 0:
        return {(): value}
    return {
        (place, *rest): entry for place, line in enumerate(value) for rest, entry in entries(line, depth - 1).items()
    }


def nested(entries: Mapping[Index, Any], lengths: tuple[int, ...]) -> Any:
    """The opposite of :func:`entries`."""
    if not lengths:
        return entries[()]
    head, *rest = lengths
    inner = tuple(product(*map(range, rest)))
    return tuple(nested({index: entries[place, *index] for index in inner}, tuple(rest)) for place in range(head))


def flat(value: Any) -> tuple[Any, ...]:
    """All that is in a value, in the order of reading."""
    return tuple(entry for line in value for entry in flat(line)) if isinstance(value, tuple) else (value,)


def in_line(typed: Typed, right: Any) -> Typed:
    """A single row or column, in the form that the right value has: 4 entries, 1×4 or 4×1."""
    depth = depth_of(typed.value)
    ours, theirs = shape(typed.value, depth), shape(right, depth_of(right))
    if not ours or not theirs or ours == theirs or max(ours) != max(theirs):
        return typed
    if len(flat(typed.value)) != max(ours) or len(flat(right)) != max(theirs):
        return typed
    places = {
        new: typed.places[old] for old, new in zip(indices(ours), indices(theirs), strict=True) if old in typed.places
    }
    return Typed(shaped(list(flat(typed.value)), right), places, typed.tex)


def shaped(entries: Sequence[Any], like: Any) -> Any:
    """Entries in the order of reading, in the form of another value."""
    depth = depth_of(like)
    lengths = shape(like, depth) or ()
    return nested(dict(zip(indices(lengths), entries, strict=True)), lengths)


def indices(lengths: tuple[int, ...]) -> list[Index]:
    """Where the entries of a value of these lengths stand, in the order of reading."""
    if not lengths:
        return [()]
    return [(place, *rest) for place in range(lengths[0]) for rest in indices(lengths[1:])]


def shape_text(lengths: tuple[int, ...]) -> str:
    """``3×4``; ``5 entries`` for a vector."""
    return (
        count_of(lengths[0], "entry").replace("entrys", "entries") if len(lengths) == 1 else "×".join(map(str, lengths))
    )
