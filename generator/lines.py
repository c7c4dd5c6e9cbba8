"""Matrices by their lines, which are made when somebody looks: of a mistake's matrix most people see one row or column."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any


class Lines(Sequence[Any]):
    """Lines, each of which ``make`` makes once of what stands in its place in the ``sources``: a matrix by rows.

    What the numbers may forbid, such as a division by 0, is to be done before: making a line does not fail.
    """

    __slots__ = ("_made", "_make", "_sources")

    def __init__(self, make: Callable[..., Any], *sources: Sequence[Any]) -> None:
        length, *others = [len(source) for source in sources]
        if others and {*others} != {length}:
            raise ValueError(f"expected {length} items of each source; got {others}")
        self._make = make
        self._sources = sources
        self._made: list[Any] = [None] * length

    def __getitem__(self, place: Any) -> Any:
        line = self._made[place]
        if line is None:
            line = self._made[place] = self._make(*[source[place] for source in self._sources])
        return line

    def __len__(self) -> int:
        return len(self._made)

    def __iter__(self) -> Iterator[Any]:
        return map(self.__getitem__, range(len(self._made)))


class Turned(Sequence[Any]):
    """The matrix whose columns are given, perhaps on demand; its rows have some of each."""

    __slots__ = ("columns",)

    def __init__(self, columns: Sequence[Any]) -> None:
        self.columns = columns

    def __getitem__(self, place: Any) -> Any:
        return tuple([column[place] for column in self.columns])

    def __len__(self) -> int:
        return len(self.columns[0])

    def __iter__(self) -> Iterator[Any]:
        return zip(*self.columns, strict=True)


def columns_of(matrix: Sequence[Any]) -> Sequence[Any]:
    """The columns of a matrix, on demand if they are what it is made of."""
    return matrix.columns if type(matrix) is Turned else tuple(zip(*matrix, strict=True))


def entire(value: Any) -> Any:
    """``value`` itself; as a tuple of rows, if it is a matrix on demand."""
    return tuple(value) if type(value) in ON_DEMAND else value


ON_DEMAND = frozenset({Lines, Turned})
"""The types of matrices of which some may not have been made yet."""


def glimpse(value: Any) -> Any:
    """One number of a value of any nesting: the last one of its first line."""
    if type(value) is Turned:
        value = value.columns
    while type(value) is Lines or (type(value) is tuple and value):
        first = value[0]
        value = first if type(first) is tuple else value[-1]
    return value
