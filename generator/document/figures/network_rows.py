"""A chain of operations laid out in rows: as few as there can be, and as even as they can be."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from generator.document.figures.scene import words_width

WIDTH = 466
"""Of the page's text, in points."""

TALL = 40  # a linear layer: its name, and under it room to write
ROUND = 18  # an addition
GAP = 18  # between operations, with the output's name above the arrow
INPUT = 28  # the arrow of the network's input, and where every row begins
GUTTER = 20  # between rows
SKIP = 9  # from a row to the residual connection below it, and to the next one below that
_WIDTHS = {"Linear": 70, "Dropout": 46, "Softmax": 46, "Add": ROUND}


@dataclass(frozen=True)
class Operation:
    """One box: its kind; for a linear layer its number and widths; for an addition what is added.

    ``blank_inputs`` and ``blank_outputs`` say which widths the student has to find; ``adds`` is 2 where z₂ is
    added to the activation before.
    """

    kind: str
    number: int = 0
    inputs: str = ""
    outputs: str = ""
    blank_inputs: bool = False
    blank_outputs: bool = False
    adds: int = 0

    @property
    def width(self) -> int:
        """Of its box, in points."""
        return _WIDTHS.get(self.kind) or _width_around(self.kind)


@lru_cache(maxsize=256)
def _width_around(kind: str) -> int:
    return max(36, round(words_width((kind,)) + 12))


@dataclass(frozen=True)
class Row:
    """Operations beside one another: the place of the first in the chain, from 1, and where they lie."""

    first: int
    operations: tuple[Operation, ...]
    top: float

    @property
    def places(self) -> range:
        return range(self.first, self.first + len(self.operations))

    @property
    def middle(self) -> float:
        return self.top + TALL / 2

    @property
    def bottom(self) -> float:
        """Of the boxes and the residual connections below them."""
        return self.top + TALL + SKIP * max(self.levels().values(), default=0)

    def left(self, place: int) -> float:
        """Where the box of the operation at ``place`` in the chain begins."""
        return _length(self.operations[: place - self.first])

    def right(self, place: int) -> float:
        """Where that box ends and its output begins."""
        return self.left(place) + self.operations[place - self.first].width

    def levels(self) -> dict[int, int]:
        """Return how deep the connection to each addition runs, from 1, so that no two overlap."""
        found: dict[int, int] = {}
        for place, operation in zip(self.places, self.operations, strict=True):
            if operation.kind == "Add":
                found[place] = 1 + max((found[other] for other in found if operation.adds < other), default=0)
        return found


def rows_of(operations: Sequence[Operation]) -> Iterator[Row]:
    """As few rows as there can be, as even as they can be; each begins with a linear layer if it can."""
    top = first = 1
    for count in _row_lengths(operations):
        row = Row(first, tuple(operations[first - 1 : first - 1 + count]), top)
        yield row
        first += count
        top = int(row.bottom) + GUTTER


def _row_lengths(operations: Sequence[Operation]) -> tuple[int, ...]:
    """Return the number of operations in each row."""
    units = _units(operations)
    fewest = len(_packed(units, WIDTH))
    narrowest = bisect_left(range(WIDTH), -fewest, key=lambda width: -len(_packed(units, width)))
    return tuple(map(len, _packed(units, narrowest)))


def _units(operations: Sequence[Operation]) -> list[list[Operation]]:
    """Return the groups that should stay in one row: a residual block, and a linear layer with what follows it."""
    begins = {place for place, operation in enumerate(operations) if operation.kind == "Linear"}
    for place, operation in enumerate(operations):
        if operation.kind == "Add" and _length(operations[operation.adds : place + 1]) <= WIDTH:
            begins -= set(range(operation.adds + 1, place + 1))
            begins |= {operation.adds, place + 1}
    units: list[list[Operation]] = []
    for place, operation in enumerate(operations):
        if not units or place in begins:
            units.append([])
        units[-1].append(operation)
    return [row for unit in units for row in _packed([[operation] for operation in unit], WIDTH)]


def _packed(units: Sequence[Sequence[Operation]], width: int) -> list[list[Operation]]:
    """One unit after another in a row while they fit."""
    rows: list[list[Operation]] = []
    room = 0
    for unit in units:
        needed = _length(unit) - INPUT
        if not rows or needed > room:
            rows.append([])
            room = width - INPUT
        rows[-1].extend(unit)
        room -= needed
    return rows


def _length(operations: Sequence[Operation]) -> int:
    return INPUT + sum(operation.width + GAP for operation in operations)
