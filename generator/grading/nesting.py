"""Values of any nesting: their depth, shape and entries, and one shape for another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, TypeAlias

from generator.errors.language import listed, phrase

Index: TypeAlias = tuple[int, ...]
"""The place of an entry, counted from 0: () for a number, (i,) in a vector, (row, column) in a matrix."""


@dataclass(frozen=True)
class Unread:
    """An entry of a vector or matrix that has no value: what was typed there, empty where nothing was, and why."""

    typed: str
    reason: str


@dataclass(frozen=True)
class TypedValue:
    """What was typed: an exact sympy number, nested tuples of them, an option, bools, or words.

    An entry that is empty, or cannot be read while others can, is an :class:`Unread`: it is marked as a wrong one.

    ``places`` has the decimal places of the entries that were typed as decimals, by their index: of several in one entry
    the fewest (``0.50/3`` has 2).  ``tex`` shows how the value was read.
    """

    value: Any
    places: Mapping[Index, int] = field(default_factory=dict)
    tex: str = ""

    @property
    def unread(self) -> dict[Index, Unread]:
        """The entries that are empty or cannot be read, by their index."""
        if not isinstance(self.value, tuple):
            return {}
        depth = 1 + any(
            isinstance(row, tuple) and any(isinstance(entry, Unread) for entry in row) for row in self.value
        )
        entries = entries_of(self.value, depth) if shape_of(self.value, depth) else {}
        return {index: entry for index, entry in entries.items() if isinstance(entry, Unread)}


def depth_of(value: Any) -> int:
    """Return how deep the entries of a value are: 0 for a number or a word, 1 for a vector, 2 for a matrix."""
    return 1 + depth_of(value[0]) if isinstance(value, tuple) and value else 0


def shape_of(value: Any, depth: int) -> tuple[int, ...] | None:
    """Return the lengths, outermost first; None for a value of no such depth, or rows of different lengths."""
    if depth == 0:
        return ()
    if not isinstance(value, tuple):
        return None
    inner = {shape_of(row, depth - 1) for row in value}
    if len(inner) > 1 or None in inner:
        return None
    (rest,) = inner or {(0,) * (depth - 1)}
    assert rest is not None
    return (len(value), *rest)


def same_shape(a: Any, b: Any, depth: int) -> bool:
    """Return whether two values have the same shape, and have one at all."""
    shape = shape_of(a, depth)
    return shape is not None and shape == shape_of(b, depth)


def indices_of(shape: tuple[int, ...]) -> list[Index]:
    """Return the indices of the entries of a value of this shape, in the order of reading."""
    return list(product(*map(range, shape)))


def entries_of(value: Any, depth: int) -> dict[Index, Any]:
    """Return the entries of a value by their index."""
    if depth == 0:
        return {(): value}
    return {(i, *rest): entry for i, row in enumerate(value) for rest, entry in entries_of(row, depth - 1).items()}


def flatten(value: Any) -> tuple[Any, ...]:
    """Return all entries of a value, in the order of reading."""
    return tuple(entry for row in value for entry in flatten(row)) if isinstance(value, tuple) else (value,)


def nest(entries: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """Return entries, given in the order of reading, as a value of this shape."""
    if not shape:
        return entries[0]
    size = len(entries) // shape[0] if shape[0] else 0
    return tuple(nest(entries[i * size : (i + 1) * size], shape[1:]) for i in range(shape[0]))


def nest_like(entries: Sequence[Any], like: Any) -> Any:
    """Return entries, given in the order of reading, in the shape of another value."""
    return nest(entries, shape_of(like, depth_of(like)) or ())


def reshaped_like(typed: TypedValue, right: Any) -> TypedValue:
    """Return a single row or column in the shape that the right value has: 4 entries, 1×4 or 4×1."""
    depth = depth_of(typed.value)
    ours, theirs = shape_of(typed.value, depth), shape_of(right, depth_of(right))
    if not ours or not theirs or ours == theirs or max(ours) != max(theirs):
        return typed
    if len(flatten(typed.value)) != max(ours) or len(flatten(right)) != max(theirs):
        return typed
    moved = zip(indices_of(ours), indices_of(theirs), strict=True)
    places = {new: typed.places[old] for old, new in moved if old in typed.places}
    return TypedValue(nest(flatten(typed.value), theirs), places, typed.tex)


# ------------------------------------------------------------------------------------------------ in words


def shape_text(shape: tuple[int, ...]) -> str:
    """Return ``shape 3×4``; ``5 entries`` for a vector."""
    if len(shape) == 1:
        return phrase("entries.count", count=shape[0])
    return phrase("entries.shape", shape="×".join(map(str, shape)))


def indices_text(indices: Sequence[Index], shape: tuple[int, ...]) -> str:
    """Return ``row 3``, ``columns 1 and 2`` where all of these entries are meant, else ``entries (1, 2) and (2, 1)``."""
    if len(shape) == 1:
        return _named("entries.entry", "entries.entries", [str(i + 1) for (i,) in indices])
    for axis, keys in enumerate((("entries.row", "entries.rows"), ("entries.column", "entries.columns"))):
        lines = sorted({index[axis] for index in indices})
        if len(indices) == len(lines) * shape[1 - axis]:
            return _named(*keys, [str(line + 1) for line in lines])
    return _named("entries.entry", "entries.entries", [f"({row + 1}, {column + 1})" for row, column in indices])


_MOST_NAMED = 6


def _named(key: str, of_many: str, names: Sequence[str]) -> str:
    """Return ``row 3``, ``rows 1 and 2``, or of many only how many they are."""
    if len(names) > _MOST_NAMED:
        return phrase(of_many, count=len(names))
    return phrase(key, count=len(names), names=listed(names))
