"""Matrices whose rows are made when somebody looks at them: most of what a mistake leads to nobody looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any


class ByRow(Sequence[Any]):
    """A matrix of which ``make`` makes each row, once, from what stands in its place in the ``sources``.

    What the numbers may forbid, such as a division by 0, is to be done before: making a row does not fail.
    """

    __slots__ = ("_made", "_make", "_sources")

    def __init__(self, make: Callable[..., Any], *sources: Sequence[Any]) -> None:
        length, *others = map(len, sources)
        if any(other != length for other in others):
            raise ValueError(f"expected rows for rows; got {length} and {others}")
        self._make = make
        self._sources = sources
        self._made: list[Any] = [None] * length

    def __getitem__(self, place: Any) -> Any:
        row = self._made[place]
        if row is None:
            row = self._made[place] = self._make(*[source[place] for source in self._sources])
        return row

    def __len__(self) -> int:
        return len(self._made)

    def __iter__(self) -> Iterator[Any]:
        return map(self.__getitem__, range(len(self._made)))


def entire(value: Any) -> Any:
    """``value`` itself; as a tuple, if its rows are made on demand."""
    return tuple(value) if type(value) is ByRow else value


def last_number(value: Any) -> Any:
    """The last number of a value of any nesting, of rows on demand without the others."""
    while isinstance(value, tuple | ByRow) and value:
        value = value[-1]
    return value
