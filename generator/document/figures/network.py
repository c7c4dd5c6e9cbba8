"""A network as a chain of operations, laid out in rows from left to right.

Each operation's output is written on the arrow that leaves it.  A linear layer shows its two widths; those
that are to be found are rules to write on, with the width in its place when the scene is drawn for the key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from generator.document.figures.network_rows import GAP, GUTTER, INPUT, ROUND, SKIP, TALL, Operation, Row, rows_of
from generator.document.figures.scene import (
    Anchor,
    Box,
    Group,
    Label,
    Line,
    Mark,
    Scene,
    Shape,
    Symbol,
    baseline,
    words_width,
)
from generator.errors.language import phrase

_LOW = 28  # every operation but a linear layer and an addition
_ENTRY = 8  # where a row's own arrow comes down
_BLANK = 24  # a rule to write four digits on
_STYLES = {"Norm": "norm", "Dropout": "dropout", "Softmax": "softmax"}


@dataclass(frozen=True)
class Network:
    """A chain of operations and the shape of what goes in, such as ``[4, 52]``."""

    input_shape: str
    operations: tuple[Operation, ...]


def network_scene(network: Network, filled: bool) -> Scene:
    """The drawing; with ``filled`` the blanks hold their widths, and nothing else moves."""
    operations = network.operations
    layout = _layout(tuple([(one.kind, one.number, one.adds) for one in operations]))
    labels = []
    for place, x, y in layout.widths:
        one = operations[place]
        inputs = "" if one.blank_inputs and not filled else one.inputs
        outputs = "" if one.blank_outputs and not filled else one.outputs
        labels.append(_widths(inputs, outputs, one.blank_inputs, one.blank_outputs, x, y))
    shape = Label(INPUT / 2 - 1, layout.middle + 11, (network.input_shape,), "small")
    between = [drawn for pair in zip(layout.groups, labels, strict=True) for drawn in pair]
    return Scene(
        layout.width,
        layout.height,
        (layout.input, shape, *between, layout.rest),
        phrase("figure.network"),
        _described(network, filled=filled),
    )


@dataclass(frozen=True)
class _Layout:
    """The parts that the drawings of all networks with the same operations share: all but the shapes and widths of layers.

    ``widths`` has, for each linear layer, its place in the chain, from 0, and the middle of its words' baseline.
    """

    middle: float
    width: float
    height: float
    input: Label
    groups: tuple[Group, ...]
    rest: Group
    widths: tuple[tuple[int, float, float], ...]


@lru_cache(maxsize=64)
def _layout(chain: Sequence[tuple[str, int, int]]) -> _Layout:
    """Laid out by the kinds, numbers and additions of the operations."""
    rows = list(rows_of([Operation(kind, number, adds=adds) for kind, number, adds in chain]))
    middle = rows[0].middle
    shapes: list[Shape] = [Line(((0, middle), (INPUT, middle)), "flow", arrow=True)]
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
        middle,
        width=max(row.right(row.places[-1]) for row in rows) + GAP,
        height=rows[-1].bottom + 1,
        input=Label(INPUT / 2 - 1, middle - 5, (Symbol("x"),)),
        groups=tuple(groups),
        rest=Group(tuple(shapes)),
        widths=tuple(widths),
    )


# ------------------------------------------------------------------------------------------- the shapes


def _operation(operation: Operation, x: float, middle: float) -> Iterator[Shape]:
    centre = x + operation.width / 2
    if operation.kind == "Add":
        yield Box(x, middle - ROUND / 2, ROUND, ROUND, "add")
        yield Line(((centre - 4, middle), (centre + 4, middle)), "sign")
        yield Line(((centre, middle - 4), (centre, middle + 4)), "sign")
    elif operation.kind == "Linear":
        yield Box(x, middle - TALL / 2, operation.width, TALL, "linear")
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


def _output(row: Row, place: int, *, last: bool) -> Iterator[Shape]:
    """The name of what leaves the operation, and its arrow unless the row ends here and another begins."""
    x = row.right(place)
    yield Label(x + GAP / 2 - 1, row.middle - 5, (Symbol("z", str(place)),))
    if last or place != row.places[-1]:
        yield Line(((x, row.middle), (x + GAP, row.middle)), "flow", arrow=True)


def _turn(row: Row, below: Row) -> Line:
    """From the end of a row round to the beginning of the next."""
    start = row.right(row.places[-1])
    right, gutter = start + GAP - 2, row.bottom + GUTTER / 2
    corners = ((right, row.middle), (right, gutter), (_ENTRY, gutter), (_ENTRY, below.middle))
    return Line(((start, row.middle), *corners, (INPUT, below.middle)), "flow", arrow=True)


def _residual(row: Row, place: int, adds: int) -> Iterator[Shape]:
    """Draw the connection to an addition from below: along the row if it starts there, else by its name."""
    x = row.left(place) + ROUND / 2
    end = (x, row.middle + ROUND / 2)
    below = row.top + TALL + SKIP * row.levels()[place] - 2
    if adds < row.first - 1:
        yield Line(((x, row.top + TALL - 3), end), "skip", arrow=True)
        yield Label(x, row.top + TALL + 5, (Symbol("z", str(adds)),))
        return
    start = row.right(adds) + GAP / 2 - 1 if adds >= row.first else INPUT - 10
    yield Line(((start, row.middle), (start, below), (x, below), end), "skip", arrow=True)
    yield Mark(start, row.middle, "branch")


# -------------------------------------------------------------------------------------------- in words


def _described(network: Network, *, filled: bool) -> str:
    """The drawing in words; what the student has to find is called blank."""

    def width(text: str, blank: bool) -> str:
        return phrase("figure.blank") if blank and not filled else text

    names = []
    for operation in network.operations:
        if operation.kind == "Linear":
            inputs = width(operation.inputs, operation.blank_inputs)
            outputs = width(operation.outputs, operation.blank_outputs)
            names.append(phrase("figure.linear", number=operation.number, inputs=inputs, outputs=outputs))
        elif operation.kind == "Add":
            names.append(phrase("figure.plus", name=f"z{operation.adds}"))
        else:
            names.append(operation.kind)
    chain = ", ".join(f"z{place}: {name}" for place, name in enumerate(names, start=1))
    return phrase("figure.network_described", shape=network.input_shape, count=len(names), chain=chain)
