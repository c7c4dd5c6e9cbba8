"""Paths in a plane from one starting point, such as what several optimizers make of the same gradients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from generator.document.figures.scene import (
    Box,
    Label,
    Line,
    Mark,
    Scene,
    Shape,
    Words,
    baseline,
    number_in_words,
    words_width,
)

_WIDTH, _HEIGHT, _MARGIN = 220.0, 130.0, 14.0
_TOP = 14.0  # above the frame, for the name of the axis
_STYLES = ("first", "second", "third", "fourth")


@dataclass(frozen=True)
class Path:
    """A name for the legend, and the points that the path goes through."""

    name: str
    points: tuple[tuple[float, float], ...]


def paths_scene(title: str, paths: Sequence[Path], across: Words, up: Words, description: str) -> Scene:
    """Up to four paths in one frame, each axis stretched to fit, with the names of the axes and a legend.

    After the ``description`` the points of each path are said.
    """
    points = [point for path in paths for point in path.points]
    spans = [(min(values), max(values)) for values in zip(*points, strict=True)]

    def place(point: tuple[float, float]) -> tuple[float, float]:
        (left, right), (low, high) = spans
        x = _MARGIN + (point[0] - left) / ((right - left) or 1) * (_WIDTH - 2 * _MARGIN)
        y = _TOP + _HEIGHT - _MARGIN - (point[1] - low) / ((high - low) or 1) * (_HEIGHT - 2 * _MARGIN)
        return round(x, 2), round(y, 2)

    drawn: list[Shape] = [Box(0, _TOP, _WIDTH, _HEIGHT, "plain")]
    for style, path in zip(_STYLES, paths, strict=False):
        places = tuple(map(place, path.points))
        drawn.append(Line(places, style))
        drawn += [Mark(x, y, style) for x, y in places[1:]]
    x, y = place(points[0])
    drawn += [
        Mark(x, y, "branch"),
        Label(_WIDTH / 2, _TOP + _HEIGHT + 13, across),
        Label(0, _TOP - 5, up, anchor="start"),
    ]
    for row, (style, path) in enumerate(zip(_STYLES, paths, strict=False)):
        below = _TOP + 10 + 18.0 * row
        drawn += [
            Line(((_WIDTH + 14, below), (_WIDTH + 40, below)), style),
            Mark(_WIDTH + 27, below, style),
            Label(_WIDTH + 46, baseline(below), (path.name,), anchor="start"),
        ]
    width = _WIDTH + 46 + ceil(max(words_width((path.name,)) for path in paths))
    return Scene(width, _TOP + _HEIGHT + 18, tuple(drawn), title, f"{description} {_described(paths)}")


def _described(paths: Sequence[Path]) -> str:
    """The points that each path goes through."""
    said = (
        f"{path.name}: {', '.join(f'({number_in_words(x)}, {number_in_words(y)})' for x, y in path.points)}"
        for path in paths
    )
    return "; ".join(said) + "."
