"""A curve over a line of numbers, such as a learning rate over its steps, with some of its points marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from generator.document.figures.plot import nice_ticks
from generator.document.figures.scene import (
    Label,
    Line,
    Mark,
    Point,
    Scene,
    Shape,
    Words,
    baseline,
    in_plain_text,
    words_width,
)
from generator.errors import AuthoringError

_WIDTH, _HEIGHT = 260, 100  # of the axes
_TOP = 22  # above the axes, for the name of the upright one
_BELOW = 30  # for the numbers and the name of the other one
_TICK = 4  # from an axis to its numbers


@dataclass(frozen=True, kw_only=True)
class MarkedCurve:
    """Points from left to right, joined by straight lines, none of their heights negative, and those of them that are marked.

    After the ``description`` the marked points are said, each by its name and what it reads.
    """

    title: str
    x_name: Words
    y_name: Words
    points: Sequence[tuple[float, float]]
    marked: Sequence[tuple[float, float]]
    names: Sequence[str]
    """The numbers that stand below the marked points."""
    values: Sequence[str]
    """What stands above them."""
    description: str = ""

    def __post_init__(self) -> None:
        if not len(self.marked) == len(self.names) == len(self.values):
            raise AuthoringError(
                f"{self.title}: expected a name and a value for each of {len(self.marked)} marked points"
            )
        if len(self.points) < 2 or min(y for _, y in self.points) < 0:
            raise AuthoringError(f"{self.title}: expected two points or more, none below 0")


def marked_curve_scene(curve: MarkedCurve) -> Scene:
    """The curve between axes from 0, with a mark, a number below and a value above each marked point."""
    ticks = nice_ticks(max(y for _, y in curve.points))
    numbers = [f"{tick:g}" for tick in ticks]
    left = ceil(max(words_width((number,), "small") for number in numbers)) + _TICK + 1
    bottom = _TOP + _HEIGHT
    first, last = curve.points[0][0], curve.points[-1][0]

    def place(point: tuple[float, float]) -> Point:
        x, y = point
        return (
            round(left + (x - first) / (last - first) * _WIDTH, 2),
            round(bottom - y / ticks[-1] * _HEIGHT, 2),
        )

    drawn: list[Shape] = [Label(0, 9, curve.y_name, anchor="start")]
    for tick, number in zip(ticks, numbers, strict=True):
        y = place((first, tick))[1]
        drawn.append(Line(((left, y), (left + _WIDTH, y)), "axis" if tick == 0 else "grid"))
        drawn.append(Label(left - _TICK, baseline(y, "small"), (number,), "small", "end"))
    drawn.append(Line(tuple(map(place, curve.points)), "first"))
    taken, right = -float(_WIDTH), left + _WIDTH
    for point, name, value in zip(curve.marked, curve.names, curve.values, strict=True):
        x, y = place(point)
        # To the right of its mark, a value is clear of a rising curve below it, and of a falling one above it.
        beside = Label(x + 6, round(y + (8 if _rises(curve, point[0]) else -3), 2), (value,), "small", "start")
        drawn += [Line(((x, bottom), (x, bottom + 3)), "axis"), Mark(x, y, "second"), beside]
        right = max(right, ceil(x + 6 + words_width((value,), "small")))
        if x - taken > words_width((name,), "small") + 2:
            drawn.append(Label(x, bottom + 12, (name,), "small"))
            taken = x
    drawn.append(Label(left + _WIDTH / 2, bottom + 25, curve.x_name))
    return Scene(right, bottom + _BELOW, tuple(drawn), curve.title, _described(curve, numbers))


def _rises(curve: MarkedCurve, x: float) -> bool:
    """Whether the curve rises towards the next of its points."""
    return any(start <= x < end and high > low for (start, low), (end, high) in pairwise(curve.points))


def _described(curve: MarkedCurve, numbers: Sequence[str]) -> str:
    """The numbers of the upright axis, and the marked points."""
    marked = [
        f"{in_plain_text(curve.x_name)} {name}: {value}" for name, value in zip(curve.names, curve.values, strict=True)
    ]
    return f"{curve.description} {in_plain_text(curve.y_name)}: {', '.join(numbers)}; {'; '.join(marked)}.".strip()
