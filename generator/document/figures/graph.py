"""A computational graph: inputs and nodes in columns by depth, joined by arrows, with numbers above, below and on the arrows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.document.figures.scene import Box, Label, Line, Scene, Shape, Words, baseline, in_plain_text
from generator.errors.language import phrase

_WIDTH, _HEIGHT = 34.0, 20.0
_ACROSS, _DOWN = 78.0, 54.0  # from column to column, from row to row


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
    places = _places(nodes)
    drawn: list[Shape] = []
    corners = [places[node.name] for node in nodes if node.above]
    taken = [(x + _WIDTH / 2, below) for x, y in corners for below in (y - 4, y + _HEIGHT + 10)]
    for node in nodes:
        for name, number in zip(node.arguments, node.on_arrows or [""] * len(node.arguments), strict=True):
            drawn += _arrow(places[name], places[node.name], number if filled else "", taken)
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
    height = max(y for _, y in places.values()) + _HEIGHT + 14
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


def _places(nodes: Sequence[GraphNode]) -> dict[str, tuple[float, float]]:
    """The upper left corner of each box: a column further right than all its arguments, every other column a little lower."""
    depth: dict[str, int] = {}
    columns: dict[int, list[str]] = {}
    for node in nodes:
        depth[node.name] = max((depth[name] + 1 for name in node.arguments), default=0)
        columns.setdefault(depth[node.name], []).append(node.name)
    tallest = max(map(len, columns.values()))
    places: dict[str, tuple[float, float]] = {}
    for column, names in columns.items():
        top = 16 + (tallest - len(names)) * _DOWN / 2 + (_DOWN / 5 if column % 2 else 0)
        places |= {name: (column * _ACROSS, top + row * _DOWN) for row, name in enumerate(names)}
    return places


def _arrow(
    start: tuple[float, float], end: tuple[float, float], number: str, taken: list[tuple[float, float]]
) -> list[Shape]:
    """An arrow from box to box, with its number where it is clear of those that are ``taken``."""
    x, y = start[0] + _WIDTH, start[1] + _HEIGHT / 2
    to_x, to_y = end[0], end[1] + _HEIGHT / 2
    drawn: list[Shape] = [Line(((x, y), (to_x, to_y)), "flow", arrow=True)]
    if number:
        spots = [(round(x + at * (to_x - x), 2), round(y + at * (to_y - y) - 3, 2)) for at in _ALONG]
        spot = max(spots, key=lambda spot: min((_apart(spot, other) for other in taken), default=1.0))
        taken.append(spot)
        drawn.append(Label(*spot, (number,), "small"))
    return drawn


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """How far apart two numbers are; from 1 on there is room enough, so that the first of such places is taken."""
    return min(1.0, max(abs(one[0] - other[0]) / 22, abs(one[1] - other[1]) / 15))
