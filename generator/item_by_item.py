"""Vectors and matrices of which an item can be had alone: most of what a mistake leads to nobody looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any


class ItemByItem(Sequence[Any]):
    """What ``make`` makes of sequences, each item of what stands in its place: of one item alone as of all of them.

    What numbers may forbid, such as a division by 0, is to be done before: making an item does not fail.
    """

    __slots__ = ("_made", "_make", "_sources")

    def __init__(self, make: Callable[..., Sequence[Any]], *sources: Sequence[Any]) -> None:
        self._make = make
        self._sources = sources
        self._made: tuple[Any, ...] | None = None

    def __getitem__(self, place: Any) -> Any:
        if self._made is not None:
            return self._made[place]
        if isinstance(place, slice):
            return ItemByItem(self._make, *[source[place] for source in self._sources])
        alone = slice(place, place + 1 or None)
        return self._make(*[source[alone] for source in self._sources])[0]

    def __len__(self) -> int:
        return len(self._sources[0])

    def __iter__(self) -> Iterator[Any]:
        return iter(self.entire())

    def entire(self) -> tuple[Any, ...]:
        """All items, items of theirs included."""
        if self._made is None:
            made = self._make(*self._sources)
            nested = made and type(made[0]) is ItemByItem
            self._made = tuple([item.entire() for item in made] if nested else made)
        return self._made


def along_rows(function: Callable[..., Sequence[Any]], rows: Sequence[Any], *vectors: Sequence[Any]) -> ItemByItem:
    """What an entry-by-entry ``function`` of a row and the ``vectors`` makes of each of the ``rows``."""
    return ItemByItem(lambda some: [ItemByItem(function, row, *vectors) for row in some], rows)


def entire(value: Any) -> Any:
    """``value`` itself, or all its items if they can be had alone."""
    return value.entire() if type(value) is ItemByItem else value


def last_number(value: Any) -> Any:
    """The last number of a value of any nesting, made without the others where that can be."""
    while type(value) in _NESTED and value:
        value = value[-1]
    return value


_NESTED = frozenset({tuple, ItemByItem})
