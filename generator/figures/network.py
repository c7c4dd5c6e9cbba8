"""A network as a chain of operations, laid out in rows from left to right.

Each operation's output is written on the arrow that leaves it.  A linear layer shows its two widths; those
that are to be found are empty fields, filled in when the scene is drawn for the key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.figures.scene import Box, Label, Line, Scene, Shape, Symbol

WIDTH = 466.0
"""Of the page's text, in points."""

_HEIGHT = 36.0  # of an operation
_GAP = 18.0  # between operations, with the output's name above the arrow
_GUTTER = 26.0  # between rows
_TOP = 14.0
_INPUT = 26.0  # the network's input, and where a row begins
_WIDTHS = {"Linear": 68.0, "Dropout": 46.0, "Softmax": 46.0, "Add": 18.0}
_WIDTH_OF_OTHERS = 36.0
_STYLES = {"Linear": "linear", "Norm": "norm", "Dropout": "dropout", "Add": "add"}


@dataclass(frozen=True)
class Operation:
    """One box: its kind; for a linear layer its number and widths; for an addition what is added.

    ``blank_inputs`` and ``blank_outputs`` say which widths the student has to find.
    """

    kind: str
    number: int = 0
    inputs: str = ""
    outputs: str = ""
    blank_inputs: bool = False
    blank_outputs: bool = False
    adds: int = 0

    @property
    def width(self) -> float:
        """Of its box, in points."""
        return _WIDTHS.get(self.kind, _WIDTH_OF_OTHERS)


@dataclass(frozen=True)
class Network:
    """A chain of operations and the shape of what goes in, such as ``[4, 52]``."""

    input_shape: str
    operations: tuple[Operation, ...]


def network_scene(network: Network, *, filled: bool) -> Scene:
    """The drawing; with ``filled`` the empty fields hold their widths, and nothing else moves."""
    rows = _rows(network.operations)
    shapes: list[Shape] = []
    exits: dict[int, tuple[float, float]] = {}  # where each output leaves its box
    place = 0
    right = 0.0
    for number, row in enumerate(rows):
        top = _TOP + number * (_HEIGHT + _GUTTER)
        middle = top + _HEIGHT / 2
        x = _INPUT
        if number == 0:
            shapes.append(Label(5, middle - 9, (Symbol("x"),)))
            shapes.append(Label(0, middle + 10, (network.input_shape,), "small", "start"))
            shapes.append(Line(((0, middle), (x, middle)), "flow", arrow=True))
        else:
            shapes += _turn(exits[place], (x, middle), top - _GUTTER / 2)
        for column, operation in enumerate(row):
            place += 1
            shapes += _operation(operation, x, top, filled=filled)
            if operation.kind == "Add":
                shapes += _skip(operation, exits, x + operation.width / 2, top, previous=rows[number - 1] if number else ())
            x += operation.width
            exits[place] = (x, middle)
            shapes.append(Label(x + _GAP / 2, middle - 8, (Symbol("z", str(place)),)))
            last_of_row = column == len(row) - 1
            if not last_of_row or number == len(rows) - 1:
                shapes.append(Line(((x, middle), (x + _GAP, middle)), "flow", arrow=True))
            x += _GAP
        right = max(right, x)
    height = _TOP + len(rows) * _HEIGHT + (len(rows) - 1) * _GUTTER + 4
    return Scene(
        width=max(right, 100.0) + 2,
        height=height,
        shapes=tuple(shapes),
        title="The network",
        description=_described(network, filled=filled),
    )


def _rows(operations: Sequence[Operation]) -> list[list[Operation]]:
    """As many operations a row as fit; a residual block has a row of its own if it can."""
    breaks = set()
    for place, operation in enumerate(operations, start=1):
        block = operations[operation.adds : place]
        if operation.kind == "Add" and _length(block) <= WIDTH:
            breaks |= {operation.adds, place}
    rows: list[list[Operation]] = [[]]
    for place, operation in enumerate(operations):
        if rows[-1] and (place in breaks or _length([*rows[-1], operation]) > WIDTH):
            rows.append([])
        rows[-1].append(operation)
    return rows


def _length(row: Sequence[Operation]) -> float:
    return _INPUT + sum(operation.width + _GAP for operation in row)


def _operation(operation: Operation, x: float, top: float, *, filled: bool) -> Iterator[Shape]:
    middle = top + _HEIGHT / 2
    if operation.kind == "Add":
        yield Box(x, middle - operation.width / 2, operation.width, operation.width, "add")
        yield Label(x + operation.width / 2, middle, ("+",))
        return
    yield Box(x, top, operation.width, _HEIGHT, _STYLES.get(operation.kind, "activation"))
    if operation.kind != "Linear":
        yield Label(x + operation.width / 2, middle, (operation.kind,))
        return
    yield Label(x + operation.width / 2, top + 9, (f"Linear {operation.number}",))
    below = top + 25
    yield from _width(operation.inputs, x + 17, below, blank=operation.blank_inputs, filled=filled)
    yield Line(((x + 31, below), (x + 37, below)), "thin", arrow=True)
    yield from _width(operation.outputs, x + 51, below, blank=operation.blank_outputs, filled=filled)


def _width(text: str, x: float, y: float, *, blank: bool, filled: bool) -> Iterator[Shape]:
    if blank:
        yield Box(x - 13, y - 7, 26, 14, "blank")
    if not blank or filled:
        yield Label(x, y, (text,), "answer" if blank else "label")


def _turn(start: tuple[float, float], end: tuple[float, float], gutter: float) -> Iterator[Shape]:
    """From the end of a row round to the beginning of the next."""
    right, left = start[0] + _GAP, end[0] - _GAP
    points = (start, (right, start[1]), (right, gutter), (left, gutter), (left, end[1]), end)
    yield Line(points, "flow", arrow=True)


def _skip(
    operation: Operation,
    exits: dict[int, tuple[float, float]],
    x: float,
    top: float,
    *,
    previous: Sequence[Operation],
) -> Iterator[Shape]:
    """The residual connection: along the gutter if the block has this row to itself, else a named stub."""
    start_x, start_y = exits[operation.adds]
    gutter = top - _GUTTER / 2
    end = (x, top + (_HEIGHT - operation.width) / 2)
    ends_row_above = bool(previous) and abs(start_y - (top - _GUTTER - _HEIGHT / 2)) < 1 and start_x == max(
        place[0] for place in exits.values() if abs(place[1] - start_y) < 1
    )
    if ends_row_above:
        yield Line(((start_x + _GAP, gutter), (x, gutter), end), "skip", arrow=True)
    else:
        yield Line(((x, top - 4), end), "skip", arrow=True)
        yield Label(x + 3, top, (Symbol("z", str(operation.adds)),), "label", "start")


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
