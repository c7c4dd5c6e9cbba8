"""Curves in one frame with numbers along its axes: level curves under a path, factors against a step size, a schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from generator.document.figures.scene import (
    Box,
    Group,
    Label,
    Line,
    Mark,
    Point,
    Scene,
    Shape,
    Words,
    baseline,
    in_plain_text,
    number_in_words,
    words_width,
)

_WIDTH, _HEIGHT = 240.0, 130.0
_TOP = 14.0  # above the frame, for the name of the axis
_BELOW = 28.0  # for the numbers along the axis and its name
_TICK = 4.0  # from the frame to its numbers
_SAMPLE = 26.0  # of a line, in the legend

Tick = tuple[float, str]
"""A number along an axis and what is written there."""


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Points that are joined by a line in a style, with a mark at each where it ``has_marks``.

    A curve with a name stands in the legend; ``said`` is what the description says of it, without it the points.
    """

    points: Sequence[Point]
    style: str
    name: Words = ()
    has_marks: bool = False
    said: str | None = None


@dataclass(frozen=True, kw_only=True)
class Curves:
    """Curves with the ranges of both axes; ``is_equal`` where both have one scale.  After the ``description`` the curves are said."""

    title: str
    curves: Sequence[Curve]
    across: Words
    up: Words
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    x_ticks: Sequence[Tick] = ()
    y_ticks: Sequence[Tick] = ()
    is_equal: bool = False
    description: str = ""


def curves_scene(curves: Curves) -> Scene:
    """The curves as a drawing."""
    (left, right), (low, high) = curves.x_range, curves.y_range
    x_scale, y_scale = _WIDTH / (right - left), _HEIGHT / (high - low)
    if curves.is_equal:
        x_scale = y_scale = min(x_scale, y_scale)
    width, height = round((right - left) * x_scale, 2), round((high - low) * y_scale, 2)
    start = ceil(max([0.0, *(words_width((text,), "small") for _, text in curves.y_ticks)]) + _TICK + 1)
    bottom = _TOP + height

    def place(x: float, y: float) -> Point:
        return round(start + (x - left) * x_scale, 2), round(bottom - (y - low) * y_scale, 2)

    axes: list[Shape] = [Box(start, _TOP, width, height, "plain")]
    for tick, text in curves.x_ticks:
        x, _ = place(tick, low)
        axes += [Line(((x, bottom), (x, bottom + 3)), "axis"), Label(x, bottom + 12, (text,), "small")]
    for tick, text in curves.y_ticks:
        _, y = place(left, tick)
        axes += [
            Line(((start - 3, y), (start, y)), "axis"),
            Label(start - _TICK, baseline(y, "small"), (text,), "small", "end"),
        ]
    axes += [
        Label(round(start + width / 2, 2), bottom + _BELOW - 3, curves.across),
        Label(start, _TOP - 5, curves.up, anchor="start"),
    ]
    drawn: list[Shape] = []
    for curve in curves.curves:
        places = tuple(place(x, y) for x, y in curve.points)
        drawn.append(Line(_apart(places), curve.style))
        if curve.has_marks:
            drawn += [Mark(x, y, curve.style) for x, y in places]
    named = [curve for curve in curves.curves if curve.name]
    for row, curve in enumerate(named):
        x, y = start + width + 14, _TOP + 10 + 18.0 * row
        drawn.append(Line(((x, y), (x + _SAMPLE, y)), curve.style))
        if curve.has_marks:
            drawn.append(Mark(x + _SAMPLE / 2, y, curve.style))
        drawn.append(Label(x + _SAMPLE + 6, baseline(y), curve.name, anchor="start"))
    legend = 14 + _SAMPLE + 6 + ceil(max(words_width(curve.name) for curve in named)) if named else 0
    sides = max([0.0, *(words_width((text,), "small") / 2 for _, text in curves.x_ticks)])
    across = max(start + width + max(legend, sides), start + width / 2 + words_width(curves.across) / 2)
    return Scene(
        ceil(across), ceil(bottom + _BELOW), (Group(tuple(axes)), *drawn), curves.title,
        " ".join(filter(None, [curves.description, *map(_described, curves.curves)])),
    )  # fmt: skip


def _apart(places: Sequence[Point]) -> tuple[Point, ...]:
    """The places but for those that are the same as the one before."""
    return (places[0], *(after for before, after in pairwise(places) if after != before))


def _described(curve: Curve) -> str:
    """What a curve is called, and its points or what is said in their place."""
    if curve.said is not None:
        return curve.said
    points = ", ".join(f"({number_in_words(x)}, {number_in_words(y)})" for x, y in curve.points)
    name = in_plain_text(curve.name)
    return f"{name}: {points}." if name else f"{points}."
