"""A small line plot over named positions, such as the values of λ in a sweep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor, isfinite, log10
from typing import Any

from generator.document.figures.scene import (
    Group,
    Label,
    Line,
    Mark,
    Scene,
    Shape,
    Symbol,
    Words,
    baseline,
    words_width,
)
from generator.errors import AuthoringError
from generator.errors.language import phrase

_WIDTH, _HEIGHT = 240, 100  # of the axes
_TOP = 8
_BELOW = 30  # for the positions and the name of the axis
_TICK = 4  # from the axes to the words beside them
_SAMPLE = 26  # of a line, in the legend
_STYLES = ("first", "second", "third", "fourth")


@dataclass(frozen=True)
class Series:
    """A name for the legend and one value, 0 or more, for each position."""

    name: Words
    values: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Plot:
    """Series over equally spaced positions, each with its own label.

    ``description`` is for those who cannot see the plot; if there is none, it lists the values.
    """

    title: str
    x_name: Words
    positions: tuple[str, ...]
    series: tuple[Series, ...]
    description: str = ""
    y_name: Words = ()

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= len(_STYLES):
            raise AuthoringError(f"{self.title}: a plot has 1 to {len(_STYLES)} series; got {len(self.series)}")
        for series in self.series:
            name = _plain(series.name)
            if len(series.values) != len(self.positions):
                raise AuthoringError(
                    f"{self.title}: {name} has {len(series.values)} values for {len(self.positions)} positions"
                )
            for value in series.values:
                if not (isfinite(value) and value >= 0):
                    raise AuthoringError(f"{self.title}: {name} has the value {value}; expected 0 or more")


def plot_scene(plot: Plot) -> Scene:
    """The plot with axes from zero, pleasant ticks and a legend at its right."""
    ticks = nice_ticks(max((value for series in plot.series for value in series.values), default=0))
    axes = _axes(ticks, plot.y_name, plot.positions, plot.x_name)
    places, bottom = axes.places, axes.bottom
    lines = [
        (style, tuple([(x, _height(value, ticks, bottom)) for x, value in zip(places, series.values, strict=True)]))
        for series, style in zip(plot.series, _STYLES, strict=False)
    ]
    drawn: list[Any] = [Line(points, style) for style, points in lines]
    # Where series meet, all their marks are seen: open ones, and the small dot of the first on top.
    drawn += [Mark(x, y, style) for style, points in reversed(lines) for x, y in points]
    names = tuple([series.name for series in plot.series])
    return Scene(
        width=axes.right + 14 + _SAMPLE + 6 + ceil(max(map(words_width, names))),
        height=axes.bottom + _BELOW,
        drawn=(axes.drawn, *drawn, _legend(names, axes.right + 14, axes.top + 10)),
        title=plot.title,
        description=plot.description or _described(plot),
    )


def _height(value: float, ticks: Sequence[float], bottom: float) -> float:
    return round(bottom - value * _HEIGHT / ticks[-1], 2)


@dataclass(frozen=True, eq=False)
class _Axes:
    """Where the axes and the positions lie, and what stands there whatever is plotted."""

    top: float
    right: float
    bottom: float
    places: tuple[float, ...]
    drawn: Group


@lru_cache(maxsize=64)
def _axes(ticks: tuple[float, ...], y_name: Words, positions: tuple[str, ...], x_name: Words) -> _Axes:
    numbers = [f"{tick:g}" for tick in ticks]
    left = ceil(max(words_width((number,), "small") for number in numbers)) + _TICK + 1
    top = _TOP + (14 if y_name else 0)
    right, bottom = left + _WIDTH, top + _HEIGHT
    shapes: list[Shape] = [Label(left, top - 10, y_name, anchor="start")] if y_name else []
    for tick, number in zip(ticks, numbers, strict=True):
        y = _height(tick, ticks, bottom)
        shapes.append(Line(((left, y), (right, y)), "axis" if tick == 0 else "grid"))
        shapes.append(Label(left - _TICK, baseline(y, "small"), (number,), "small", "end"))
    places = [round(left + _WIDTH * (place + 0.5) / len(positions), 2) for place in range(len(positions))]
    for x, position in zip(places, positions, strict=True):
        shapes.append(Line(((x, bottom), (x, bottom + 3)), "axis"))
        shapes.append(Label(x, bottom + 12, (position,), "small"))
    shapes.append(Label(left + _WIDTH / 2, bottom + 25, x_name))
    return _Axes(top, right, bottom, tuple(places), Group(tuple(shapes)))


@lru_cache(maxsize=64)
def _legend(names: Sequence[Words], x: float, y: float) -> Group:
    """A line, a mark and the name of each series, one below another."""
    shapes: list[Shape] = []
    for place, (name, style) in enumerate(zip(names, _STYLES, strict=False)):
        below = y + 18 * place
        shapes.append(Line(((x, below), (x + _SAMPLE, below)), style))
        shapes.append(Mark(x + _SAMPLE / 2, below, style))
        shapes.append(Label(x + _SAMPLE + 6, baseline(below), name, anchor="start"))
    return Group(tuple(shapes))


def nice_ticks(largest: float, most: int = 6, *, whole: bool = False) -> tuple[float, ...]:
    """Return multiples of 1, 2 or 5 times a power of ten from 0 to at least ``largest``, at most ``most`` of them.

    ``whole`` ones are integers.
    """
    if largest <= 0:
        return (0.0, 1.0)
    rough = largest / (most - 1)
    exponent = max(floor(log10(rough)), 0) if whole else floor(log10(rough))
    for factor, shift in ((1, 0), (2, 0), (5, 0), (1, 1), (2, 1)):
        # An integer times or over a power of ten is the float nearest to the decimal number.
        power = exponent + shift
        count = ceil(largest / (factor * 10.0**power) - 1e-9)
        if count <= most - 1:
            return tuple(float(f"{place * factor}e{power}") for place in range(max(count, 1) + 1))
    raise AssertionError("20 times the power of ten below a step is more than the step")


def _described(plot: Plot) -> str:
    values = (
        f"{_plain(series.name)}: {', '.join(f'{round(value, 3):g}' for value in series.values)}"
        for series in plot.series
    )
    positions, series = ", ".join(plot.positions), "; ".join(values)
    return phrase("figure.plot_described", name=_plain(plot.x_name), positions=positions, series=series)


def _plain(words: Words) -> str:
    return "".join(
        piece.letter + piece.subscript + piece.superscript.replace("2", "²") if isinstance(piece, Symbol) else piece
        for piece in words
    )
