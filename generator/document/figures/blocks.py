"""A row of boxes with arrows between them, each with a name and lines of words; a line may end in a blank that the key fills in.

Below the boxes residual connections may lead from the input of one to an addition behind another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.document.figures.scene import (
    Box,
    Label,
    Line,
    Mark,
    Scene,
    Shape,
    Words,
    baseline,
    in_plain_text,
    words_width,
)
from generator.errors.language import phrase

_LINE = 15.0
_PADDING = 7.0
_ARROW = 20.0
_BLANK = 50.0  # a rule to write a shape on
_ROUND = 18.0  # an addition
_BELOW = 10.0  # from the boxes to the residual connections below them


@dataclass(frozen=True)
class Entry:
    """A line of a box: words, and what is to be written after them, if anything is."""

    words: Words
    answer: str = ""


@dataclass(frozen=True)
class Block:
    """A box under its name."""

    name: Words
    entries: Sequence[Entry] = ()
    style: str = "plain"


def blocks_scene(
    title: str, blocks: Sequence[Block], description: str, *, filled: bool, residuals: Sequence[tuple[int, int]] = ()
) -> Scene:
    """Boxes from left to right, centred on one line; with ``filled`` the blanks hold what belongs there, and nothing else moves.

    Each of the ``residuals`` adds the input of one block to the output of another, by their places from 0; they do not overlap.
    After the ``description`` it is said what each box holds.
    """
    heights = [2 * _PADDING + _LINE * (1 + len(block.entries)) for block in blocks]
    middle = max(heights) / 2
    low = max(heights) + _BELOW
    branches = dict(residuals)
    ends = {last: first for first, last in residuals}
    starts: dict[int, float] = {}
    drawn: list[Shape] = [Line(((0, middle), (_ARROW, middle)), "flow", arrow=True)]
    left = _ARROW
    for place, (block, height) in enumerate(zip(blocks, heights, strict=True)):
        if place in branches:
            starts[place] = left - 0.6 * _ARROW
        width = _width(block)
        drawn += _drawn(block, left, middle - height / 2, width, height, filled=filled)
        left += width
        drawn.append(Line(((left, middle), (left + _ARROW, middle)), "flow", arrow=True))
        left += _ARROW
        if place in ends:
            drawn += _added(left, middle, starts[ends[place]], low)
            left += _ROUND + _ARROW
    return Scene(
        round(left, 2), low + 2 if residuals else max(heights), tuple(drawn), title,
        " ".join([description, *(_described(block, filled=filled) for block in blocks)]),
    )  # fmt: skip


def _width(block: Block) -> float:
    """As wide as the widest line."""
    lines = [words_width(one.words) + (_BLANK if one.answer else 0) for one in block.entries]
    return round(max(words_width(block.name), *lines, 0) + 2 * _PADDING, 2)


def _drawn(block: Block, left: float, top: float, width: float, height: float, *, filled: bool) -> list[Shape]:
    found: list[Shape] = [
        Box(left, top, width, height, block.style),
        Label(left + width / 2, baseline(top + _PADDING + _LINE / 2), block.name),
    ]
    for place, one in enumerate(block.entries, start=1):
        y = baseline(top + _PADDING + _LINE * (place + 0.5))
        x = left + _PADDING
        found.append(Label(x, y, one.words, anchor="start"))
        if one.answer:
            start = round(x + words_width(one.words) + 5, 2)
            found.append(Line(((start, y + 2), (round(start + _BLANK - 5, 2), y + 2)), "blank"))
            if filled:
                found.append(Label(round(start + _BLANK / 2 - 2.5, 2), y, (one.answer,), "answer"))
    return found


def _added(left: float, middle: float, start: float, low: float) -> list[Shape]:
    """An addition at ``left``, the arrow behind it, and the connection that leads to it from ``start``, below the boxes."""
    centre, right = round(left + _ROUND / 2, 2), round(left + _ROUND, 2)
    corners = ((start, middle), (start, low), (centre, low), (centre, middle + _ROUND / 2))
    return [
        Line(corners, "skip", arrow=True),
        Mark(start, middle, "branch"),
        Box(left, middle - _ROUND / 2, _ROUND, _ROUND, "add"),
        Line(((centre - 4, middle), (centre + 4, middle)), "sign"),
        Line(((centre, middle - 4), (centre, middle + 4)), "sign"),
        Line(((right, middle), (right + _ARROW, middle)), "flow", arrow=True),
    ]


def _described(block: Block, *, filled: bool) -> str:
    """Return what a box holds, line by line; what is to be written is called blank."""
    lines = []
    for one in block.entries:
        answer = (one.answer if filled else phrase("figure.blank")) if one.answer else ""
        lines.append(f"{in_plain_text(one.words)} {answer}".strip())
    name = in_plain_text(block.name)
    return f"{name}: {', '.join(lines)}." if lines else f"{name}."
