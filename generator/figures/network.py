"""A network as a chain of operations, laid out in rows from left to right.

Each operation's output is written on the arrow that leaves it.  A linear layer shows its two widths; those
that are to be found are rules to write on, with the width in its place when the scene is drawn for the key.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from generator.figures.scene import Anchor, Box, Group, Label, Line, Mark, Scene, Shape, Symbol, baseline, words_width

WIDTH = 466
"""Of the page's text, in points."""

_TALL = 40  # a linear layer: its name, and under it room to write
_LOW = 28  # every other operation
_ROUND = 18  # an addition
_GAP = 18  # between operations, with the output's name above the arrow
_INPUT = 28  # the arrow of the network's input, and where every row begins
_ENTRY = 8  # where a row's own arrow comes down
_GUTTER = 20  # between rows
_SKIP = 9  # from a row to the residual connection below it, and to the next one below that
_BLANK = 24  # a rule to write four digits on
_WIDTHS = {"Linear": 70, "Dropout": 46, "Softmax": 46, "Add": _ROUND}
_STYLES = {"Norm": "norm", "Dropout": "dropout", "Softmax": "softmax"}


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
class Network:
    """A chain of operations and the shape of what goes in, such as ``[4, 52]``."""

    input_shape: str
    operations: tuple[Operation, ...]


def network_scene(network: Network, filled: bool) -> Scene:
    """The drawing; with ``filled`` the blanks hold their widths, and nothing else moves."""
    operations = network.operations
    layout = _layout(tuple([(one.kind, one.number, one.adds) for one in operations]))
    first, *others = layout.groups
    drawn: list[Shape | Group] = [
        Label(_INPUT / 2 - 1, layout.middle - 5, (Symbol("x"),)),
        Label(_INPUT / 2 - 1, layout.middle + 11, (network.input_shape,), "small"),
        first,
    ]
    for (place, x, y), group in zip(layout.widths, others, strict=True):
        one = operations[place]
        inputs = "" if one.blank_inputs and not filled else one.inputs
        outputs = "" if one.blank_outputs and not filled else one.outputs
        drawn += _widths(inputs, outputs, one.blank_inputs, one.blank_outputs, x, y), group
    return Scene(
        width=layout.width,
        height=layout.height,
        drawn=tuple(drawn),
        title="The network",
        description=_described(network, filled=filled),
    )


@dataclass(frozen=True)
class _Layout:
    """What the drawings of all networks with the same operations have in common.

    ``middle`` is that of the first row.  After each of the ``groups`` but the last stand the widths of a linear layer: its
    place in the chain, from 0, and the middle of their words' baseline.
    """

    width: float
    height: float
    middle: float
    groups: tuple[Group, ...]
    widths: tuple[tuple[int, float, float], ...]


@lru_cache(maxsize=64)
def _layout(chain: Sequence[tuple[str, int, int]]) -> _Layout:
    """Laid out by the kinds, numbers and additions of the operations."""
    rows = list(_rows([Operation(kind, number, adds=adds) for kind, number, adds in chain]))
    middle = rows[0].middle
    shapes: list[Shape] = [Line(((0, middle), (_INPUT, middle)), "flow", arrow=True)]
    groups: list[Group] = []
    widths: list[tuple[int, float, float]] = []
    for number, row in enumerate(rows):
        if number:
            shapes.append(_turn(rows[number - 1], row))
        for place, operation in zip(row.places, row.operations, strict=True):
            x = row.left(place)
            shapes += _operation(operation, x, row.middle)
            if operation.kind == "Linear":
                groups.append(Group(tuple(shapes)))
                shapes = []
                widths.append((place - 1, x + operation.width / 2, row.middle + 12))
            shapes += _output(row, place, last=place == len(chain))
            if operation.kind == "Add":
                shapes += _residual(row, place, operation.adds)
    return _Layout(
        width=max(row.right(row.places[-1]) for row in rows) + _GAP,
        height=rows[-1].bottom + 1,
        middle=middle,
        groups=(*groups, Group(tuple(shapes))),
        widths=tuple(widths),
    )


# -------------------------------------------------------------------------------------------- the rows


@dataclass(frozen=True)
class _Row:
    """Operations beside one another: the place of the first in the chain, from 1, and where they lie."""

    first: int
    operations: tuple[Operation, ...]
    top: float

    @property
    def places(self) -> range:
        return range(self.first, self.first + len(self.operations))

    @property
    def middle(self) -> float:
        return self.top + _TALL / 2

    @property
    def bottom(self) -> float:
        """Of the boxes and the residual connections below them."""
        return self.top + _TALL + _SKIP * max(self.levels().values(), default=0)

    def left(self, place: int) -> float:
        """Where the box of the operation at ``place`` in the chain begins."""
        return _length(self.operations[: place - self.first])

    def right(self, place: int) -> float:
        """Where that box ends and its output begins."""
        return self.left(place) + self.operations[place - self.first].width

    def levels(self) -> dict[int, int]:
        """How deep the connection to each addition runs, from 1, so that no two run along one another."""
        found: dict[int, int] = {}
        for place, operation in zip(self.places, self.operations, strict=True):
            if operation.kind == "Add":
                found[place] = 1 + max((found[other] for other in found if operation.adds < other), default=0)
        return found


def _rows(operations: Sequence[Operation]) -> Iterator[_Row]:
    """As few rows as there can be, as even as they can be; each begins with a linear layer if it can."""
    top = first = 1
    for count in _row_lengths(operations):
        row = _Row(first, tuple(operations[first - 1 : first - 1 + count]), top)
        yield row
        first += count
        top = int(row.bottom) + _GUTTER


def _row_lengths(operations: Sequence[Operation]) -> tuple[int, ...]:
    """How many operations stand in each row."""
    units = _units(operations)
    fewest = len(_packed(units, WIDTH))
    narrowest = bisect_left(range(WIDTH), -fewest, key=lambda width: -len(_packed(units, width)))
    return tuple(map(len, _packed(units, narrowest)))


def _units(operations: Sequence[Operation]) -> list[list[Operation]]:
    """What should stay in one row: a residual block, and a linear layer with what follows it."""
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
        needed = _length(unit) - _INPUT
        if not rows or needed > room:
            rows.append([])
            room = width - _INPUT
        rows[-1].extend(unit)
        room -= needed
    return rows


def _length(operations: Sequence[Operation]) -> int:
    return _INPUT + sum(operation.width + _GAP for operation in operations)


# ------------------------------------------------------------------------------------------- the shapes


def _operation(operation: Operation, x: float, middle: float) -> Iterator[Shape]:
    centre = x + operation.width / 2
    if operation.kind == "Add":
        yield Box(x, middle - _ROUND / 2, _ROUND, _ROUND, "add")
        yield Line(((centre - 4, middle), (centre + 4, middle)), "sign")
        yield Line(((centre, middle - 4), (centre, middle + 4)), "sign")
    elif operation.kind == "Linear":
        yield Box(x, middle - _TALL / 2, operation.width, _TALL, "linear")
        yield Label(centre, middle - 7, ("Linear", Symbol("", str(operation.number))))
    else:
        yield Box(x, middle - _LOW / 2, operation.width, _LOW, _STYLES.get(operation.kind, "activation"))
        yield Label(centre, baseline(middle), (operation.kind,))


@lru_cache(maxsize=1 << 10)
def _widths(inputs: str, outputs: str, blank_inputs: bool, blank_outputs: bool, centre: float, y: float) -> Group:
    """``(52, ___)`` around ``centre``, an empty blank if it has no text; the words keep close to it in every font."""
    words, blanks = ["("], []
    if blank_inputs:
        blanks.append(inputs)
        words.append(",")
    else:
        words[-1] += f"{inputs},"
    if blank_outputs:
        blanks.append(outputs)
        words.append(")")
    else:
        words[-1] += f" {outputs})"
    widths = [words_width((text,)) for text in words]
    between: list[Anchor] = ["middle"] * (len(words) - 2)
    anchors: list[Anchor] = ["end", *between, "start"] if blanks else ["middle"]
    x = centre - (sum(widths) + _BLANK * len(blanks)) / 2
    shapes: list[Shape] = []
    for place, (text, width, anchor) in enumerate(zip(words, widths, anchors, strict=True)):
        at = {"start": x, "middle": x + width / 2, "end": x + width}[anchor]
        shapes.append(Label(round(at, 2), y, (text,), anchor=anchor))
        x += width
        if place < len(blanks):
            shapes.append(Line(((round(x + 2, 2), y + 2), (round(x + _BLANK - 1, 2), y + 2)), "blank"))
            if blanks[place]:
                shapes.append(Label(round(x + _BLANK / 2 + 0.5, 2), y, (blanks[place],), "answer"))
            x += _BLANK
    return Group(tuple(shapes))


def _output(row: _Row, place: int, *, last: bool) -> Iterator[Shape]:
    """The name of what leaves the operation, and its arrow unless the row ends here and another begins."""
    x = row.right(place)
    yield Label(x + _GAP / 2 - 1, row.middle - 5, (Symbol("z", str(place)),))
    if last or place != row.places[-1]:
        yield Line(((x, row.middle), (x + _GAP, row.middle)), "flow", arrow=True)


def _turn(row: _Row, below: _Row) -> Line:
    """From the end of a row round to the beginning of the next."""
    start = row.right(row.places[-1])
    right, gutter = start + _GAP - 2, row.bottom + _GUTTER / 2
    corners = ((right, row.middle), (right, gutter), (_ENTRY, gutter), (_ENTRY, below.middle))
    return Line(((start, row.middle), *corners, (_INPUT, below.middle)), "flow", arrow=True)


def _residual(row: _Row, place: int, adds: int) -> Iterator[Shape]:
    """What is added comes from below: along the row if its own arrow is in it, else it is named."""
    x = row.left(place) + _ROUND / 2
    end = (x, row.middle + _ROUND / 2)
    below = row.top + _TALL + _SKIP * row.levels()[place] - 2
    if adds < row.first - 1:
        yield Line(((x, row.top + _TALL - 3), end), "skip", arrow=True)
        yield Label(x, row.top + _TALL + 5, (Symbol("z", str(adds)),))
        return
    start = row.right(adds) + _GAP / 2 - 1 if adds >= row.first else _INPUT - 10
    yield Line(((start, row.middle), (start, below), (x, below), end), "skip", arrow=True)
    yield Mark(start, row.middle, "branch")


# -------------------------------------------------------------------------------------------- in words


def _described(network: Network, *, filled: bool) -> str:
    """The drawing in words; what the student has to find is called blank."""

    def width(text: str, blank: bool) -> str:
        return "blank" if blank and not filled else text

    names = []
    for operation in network.operations:
        if operation.kind == "Linear":
            inputs = width(operation.inputs, operation.blank_inputs)
            outputs = width(operation.outputs, operation.blank_outputs)
            names.append(f"Linear {operation.number} from {inputs} to {outputs}")
        elif operation.kind == "Add":
            names.append(f"plus z{operation.adds}")
        else:
            names.append(operation.kind)
    chain = ", ".join(f"z{place}: {name}" for place, name in enumerate(names, start=1))
    return f"An input of shape {network.input_shape} goes through {len(names)} operations: {chain}."
