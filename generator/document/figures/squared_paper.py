"""Squared paper with lines on it: boxes and how they overlap, or the staircase of a ROC curve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from generator.document.figures.scene import (
    Group,
    Label,
    Line,
    Mark,
    Point,
    Scene,
    Shape,
    Words,
    baseline,
    words_width,
)
from generator.errors.language import phrase

_TOP = 18.0  # above the paper, for the name of the axis
_BELOW = 28.0  # for the numbers and the name of the axis
_BESIDE = 4.0  # from the paper to the numbers at its left
_STYLES = ("first", "second", "third", "fourth")

Tick = tuple[float, str]
"""A place of an axis where the paper is ruled, and what stands there, which may be nothing."""


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A line through points of the paper; with ``marks`` each of them is marked.

    A ``name`` stands inside the corner at the first point, to the right and above it.  ``said`` describes the line.
    """

    points: Sequence[Point]
    said: str
    name: str = ""
    marks: bool = False


@dataclass(frozen=True, kw_only=True)
class SquaredPaper:
    """Paper that is ruled at the ticks of its two axes, from the first to the last; y runs upwards.

    ``width`` and ``height`` are in points.  After the ``description`` the outlines are described.
    """

    title: str
    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]
    width: float
    height: float
    description: str
    outlines: Sequence[Outline] = ()
    x_name: Words = ()
    y_name: Words = ()


def squared_paper_scene(paper: SquaredPaper) -> Scene:
    """The paper as a drawing, its lines in the styles of series in turn."""
    labels = [label for _, label in paper.y_ticks if label]
    left = ceil(max((words_width((label,), "small") for label in labels), default=0)) + _BESIDE + 1
    top = _TOP if paper.y_name else 8.0
    (x_first, _), *_, (x_last, _) = paper.x_ticks
    (y_first, _), *_, (y_last, _) = paper.y_ticks

    def place(x: float, y: float) -> Point:
        return (
            round(left + (x - x_first) / (x_last - x_first) * paper.width, 2),
            round(top + (y_last - y) / (y_last - y_first) * paper.height, 2),
        )

    drawn: list[Shape] = []
    for number, outline in enumerate(paper.outlines):
        style = _STYLES[number % len(_STYLES)]
        points = tuple([place(x, y) for x, y in outline.points])
        drawn.append(Line(points, style))
        drawn += [Mark(x, y, style) for x, y in points if outline.marks]
    # Names stand over all lines.
    named = [(place(*outline.points[0]), outline.name) for outline in paper.outlines if outline.name]
    drawn += [Label(x + 3, y - 3, (name,), anchor="start") for (x, y), name in named]
    return Scene(
        width=left + paper.width + 6,
        height=top + paper.height + (_BELOW if paper.x_name else 14),
        drawn=(_ruled(paper, place), *drawn),
        title=paper.title,
        description=" ".join(
            filter(None, (paper.description, _ticks(paper), *(outline.said for outline in paper.outlines)))
        ),
    )


def _ticks(paper: SquaredPaper) -> str:
    """The sentence that lists the numbers along both axes, each once."""
    numbers = dict.fromkeys(label for _, label in (*paper.x_ticks, *paper.y_ticks) if label)
    return phrase("figure.ticks", numbers=", ".join(numbers)) if numbers else ""


def _ruled(paper: SquaredPaper, place: Callable[[float, float], Point]) -> Group:
    """The lines of the paper, with the numbers at its ticks and the names of its axes."""
    x_first, x_last = paper.x_ticks[0][0], paper.x_ticks[-1][0]
    y_first, y_last = paper.y_ticks[0][0], paper.y_ticks[-1][0]
    (left, bottom), (_, top) = place(x_first, y_first), place(x_first, y_last)
    drawn: list[Shape] = []
    for x, label in paper.x_ticks:
        drawn.append(Line((place(x, y_first), place(x, y_last)), "axis" if x == x_first else "grid"))
        drawn += [Label(place(x, y_first)[0], bottom + 11, (label,), "small")] if label else []
    for y, label in paper.y_ticks:
        drawn.append(Line((place(x_first, y), place(x_last, y)), "axis" if y == y_first else "grid"))
        beside = baseline(place(x_first, y)[1], "small")
        drawn += [Label(left - _BESIDE, beside, (label,), "small", "end")] if label else []
    drawn += [Label(left, top - 8, paper.y_name, anchor="start")] if paper.y_name else []
    drawn += [Label(left + paper.width / 2, bottom + 24, paper.x_name)] if paper.x_name else []
    return Group(tuple(drawn))
