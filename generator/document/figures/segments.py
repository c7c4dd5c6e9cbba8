"""A chain of equal small boxes, cut into segments: layers whose inputs are checkpoints, say."""

from __future__ import annotations

from generator.document.figures.scene import Box, Label, Line, Scene, Shape, Words, words_width

_WIDTH = 352.0  # of the whole chain, at most
_WIDEST = 18.0  # of a box
_HEIGHT = 16.0
_TOP = 14.0  # above the boxes, for the numbers of those that begin a segment
_GAP = 4.0  # between two segments


def segments_scene(title: str, count: int, length: int, name: Words, description: str) -> Scene:
    """So many boxes from left to right, numbered from 1; the first of each segment of some ``length`` is shaded and shows its number.

    The ``name`` stands under the chain.
    """
    gaps = (count - 1) // length
    side = round(min(_WIDEST, (_WIDTH - gaps * _GAP) / count), 2)
    drawn: list[Shape] = []
    x = 0.0
    for place in range(count):
        begins = place % length == 0
        x += _GAP if begins and place else 0.0
        drawn.append(Box(round(x, 2), _TOP, side, _HEIGHT, "linear" if begins else "plain"))
        if begins:
            drawn.append(Label(round(x, 2), _TOP - 4, (str(place + 1),), "small", "start"))
        x += side
    below = _TOP + _HEIGHT + 6
    drawn.append(Line(((0.0, below), (round(x, 2), below)), "flow", arrow=True))
    drawn.append(Label(round(x / 2, 2), below + 13, name))
    width = max(x, words_width(name))
    return Scene(round(width, 2), below + 17, tuple(drawn), title, description)
