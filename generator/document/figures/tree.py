"""A tree that grows to the right, with numbers on its edges and some nodes shaded: what a search keeps, say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.document.figures.scene import Box, Label, Line, Scene, Shape, Words, baseline, in_plain_text, words_width
from generator.errors.language import phrase

_HEIGHT = 14.0  # of a node
_DOWN = 19.0  # from leaf to leaf
_EDGE = 46.0  # from a node to its branches, room for a number


@dataclass(frozen=True)
class Branch:
    """A node with its words and the number on the edge that leads to it; the root has no edge."""

    words: Words
    on_edge: str = ""
    shaded: bool = False
    branches: Sequence[Branch] = ()


def tree_scene(title: str, root: Branch, description: str) -> Scene:
    """The tree; after the ``description`` its edges are said one by one."""
    widths = [max(words_width(one.words) for one in level) + 8 for level in _levels(root)]
    lefts = [sum(widths[:depth]) + _EDGE * depth for depth in range(len(widths))]
    edges: list[Shape] = []
    nodes: list[Shape] = []
    leaves = 0

    def place(node: Branch, depth: int) -> float:
        """Draw a node in the middle of its branches, and return where that is."""
        nonlocal leaves
        if node.branches:
            heights = [place(one, depth + 1) for one in node.branches]
        else:
            heights = [leaves * _DOWN + _HEIGHT / 2]
            leaves += 1
        y = round((heights[0] + heights[-1]) / 2, 2)
        left, width = lefts[depth], widths[depth]
        nodes.append(Box(left, y - _HEIGHT / 2, width, _HEIGHT, "norm" if node.shaded else "plain"))
        nodes.append(Label(left + width / 2, baseline(y), node.words))
        for one, height in zip(node.branches, heights, strict=False):
            start, end = left + width, lefts[depth + 1]
            edges.append(Line(((start, y), (end, height)), "flow"))
            at = start + 0.72 * (end - start)
            edges.append(Label(round(at, 2), round(y + 0.72 * (height - y) - 2, 2), (one.on_edge,), "small"))
        return y

    place(root, 0)
    said = f"{description} {'. '.join(_edges(root))}."
    return Scene(round(lefts[-1] + widths[-1], 2), leaves * _DOWN, (*edges, *nodes), title, said)


def _levels(root: Branch) -> list[Sequence[Branch]]:
    """The nodes of each depth."""
    found: list[Sequence[Branch]] = [[root]]
    while below := [branch for node in found[-1] for branch in node.branches]:
        found.append(below)
    return found


def _edges(node: Branch) -> Iterator[str]:
    """Each edge in words: where it leads, with its number, and from where."""
    if node.branches:
        to = ", ".join(f"{in_plain_text(one.words)} ({one.on_edge})" for one in node.branches)
        yield phrase("figure.branches", node=in_plain_text(node.words), branches=to)
    for one in node.branches:
        yield from _edges(one)
