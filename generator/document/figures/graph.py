"""A computational graph: inputs and nodes in columns by depth, joined by arrows, with numbers above, below and on the arrows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.document.figures.scene import Box, Label, Line, Point, Scene, Shape, Words, baseline, in_plain_text
from generator.errors.language import phrase

_WIDTH, _HEIGHT = 34.0, 20.0
_ACROSS, _DOWN = 78.0, 54.0  # from column to column, from row to row
_LANE = 26.0  # the height that an arrow takes in a column that it passes


@dataclass(frozen=True)
class GraphNode:
    """A node with its name, what it comes from, and what the key writes above and below it and on its incoming arrows."""

    name: str
    words: Words
    arguments: tuple[str, ...] = ()
    above: str = ""
    below: str = ""
    on_arrows: tuple[str, ...] = ()


_ALONG = (0.6, 0.5, 0.7, 0.4, 0.3, 0.8, 0.2)
"""Where on an arrow its number may stand, best first."""


def graph_scene(title: str, nodes: Sequence[GraphNode], *, filled: bool) -> Scene:
    """The graph; without its numbers, blanks above and below the nodes that have some."""
    depth = _depths(nodes)
    middles = _middles(nodes, depth)
    places = {name: (column * _ACROSS, middles[name, column] - _HEIGHT / 2) for name, column in depth.items()}
    drawn: list[Shape] = []
    corners = [places[node.name] for node in nodes if node.above]
    taken = [(x + _WIDTH / 2, below) for x, y in corners for below in (y - 4, y + _HEIGHT + 10)]
    for node in nodes:
        for name, number in zip(node.arguments, node.on_arrows or [""] * len(node.arguments), strict=True):
            drawn += _arrow(_route(name, node.name, depth, middles), number if filled else "", taken)
    for node in nodes:
        x, y = places[node.name]
        drawn += [Box(x, y, _WIDTH, _HEIGHT, "linear" if node.arguments else "plain")]
        drawn.append(Label(x + _WIDTH / 2, baseline(y + _HEIGHT / 2), node.words))
        for text, below in ((node.above, y - 4), (node.below, y + _HEIGHT + 10)):
            if text and filled:
                drawn.append(Label(x + _WIDTH / 2, below, (text,), "answer"))
            elif text:
                drawn.append(Line(((x + 7, below), (x + _WIDTH - 7, below)), "blank"))
    width = max(x for x, _ in places.values()) + _WIDTH
    height = max(middles.values()) + _HEIGHT / 2 + 14
    return Scene(width, height, tuple(drawn), title, _described(nodes, filled))


def _described(nodes: Sequence[GraphNode], filled: bool) -> str:
    """The graph in words: the inputs, then each node with what leads to it; with the numbers if they are ``filled`` in."""
    said = [", ".join(in_plain_text(node.words) for node in nodes if not node.arguments)]
    for node in (node for node in nodes if node.arguments):
        numbers = [f" ({number})" if filled else "" for number in node.on_arrows or [""] * len(node.arguments)]
        arrows = ", ".join(name + number for name, number in zip(node.arguments, numbers, strict=True))
        said.append(phrase("figure.node", node=in_plain_text(node.words), arguments=arrows))
        if filled and node.above:
            said[-1] += ", " + phrase("figure.above_and_below", above=node.above, below=node.below)
    return "; ".join(said) + "."


def _depths(nodes: Sequence[GraphNode]) -> dict[str, int]:
    """The column of each node: one further right than all its arguments."""
    depth: dict[str, int] = {}
    for node in nodes:
        depth[node.name] = max((depth[name] + 1 for name in node.arguments), default=0)
    return depth


def _middles(nodes: Sequence[GraphNode], depth: Mapping[str, int]) -> dict[tuple[str, int], float]:
    """The height of each node's middle in its column, and of the lane that is kept for its arrows in each column they pass.

    A column is ordered by where its arrows come from; every other one stands a little lower.
    """
    arguments = {node.name: node.arguments for node in nodes}
    end = {name: max((depth[user] for user, used in arguments.items() if name in used), default=0) for name in depth}
    columns = [
        [name for name in depth if depth[name] == column or depth[name] < column < end[name]]
        for column in range(max(depth.values()) + 1)
    ]
    heights = [[_DOWN if depth[name] == column else _LANE for name in names] for column, names in enumerate(columns)]
    tallest = max(map(sum, heights))
    middles: dict[tuple[str, int], float] = {}

    def source(name: str, column: int) -> float:
        before = arguments[name] if depth[name] == column else (name,)
        return sum(middles[one, column - 1] for one in before) / len(before)

    for column, names in enumerate(columns):
        top = (tallest - sum(heights[column])) / 2 + (_DOWN / 5 if column % 2 else 0)
        for name in sorted(names, key=lambda name: source(name, column)) if column else names:
            height = _DOWN if depth[name] == column else _LANE
            middles[name, column] = top + height / 2
            top += height
    return middles


def _route(
    start: str, end: str, depth: Mapping[str, int], middles: Mapping[tuple[str, int], float]
) -> tuple[Point, ...]:
    """The corners of an arrow, straight through its lane in every column between its ends."""
    points = [(depth[start] * _ACROSS + _WIDTH, middles[start, depth[start]])]
    for column in range(depth[start] + 1, depth[end]):
        x, y = column * _ACROSS, middles[start, column]
        points += [(x, y), (x + _WIDTH, y)]
    return (*points, (depth[end] * _ACROSS, middles[end, depth[end]]))


def _arrow(points: tuple[Point, ...], number: str, taken: list[Point]) -> list[Shape]:
    """An arrow from box to box, with its number where it is clear of those that are ``taken``."""
    drawn: list[Shape] = [Line(points, "flow", arrow=True)]
    if number:
        (x, y), (to_x, to_y) = points[-2:]  # before its end, where no other arrow of its start runs with it
        spots = [(round(x + at * (to_x - x), 2), round(y + at * (to_y - y) - 3, 2)) for at in _ALONG]
        spot = max(spots, key=lambda spot: min((_apart(spot, other) for other in taken), default=1.0))
        taken.append(spot)
        drawn.append(Label(*spot, (number,), "small"))
    return drawn


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """How far apart two numbers are; from 1 on there is room enough, so that the first of such places is taken."""
    return min(1.0, max(abs(one[0] - other[0]) / 22, abs(one[1] - other[1]) / 15))
