"""A small line plot over named positions, such as the values of λ in a sweep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor, log10

from generator.figures.scene import Label, Line, Mark, Scene, Shape, Words

_WIDTH, _HEIGHT = 230.0, 130.0  # of the axes
_LEFT, _TOP, _BELOW = 34.0, 8.0, 36.0
_LEGEND = 130.0
_STYLES = ("first", "second", "third", "fourth")


@dataclass(frozen=True)
class Series:
    """A name for the legend and one value for each position."""

    name: Words
    values: tuple[float, ...]


@dataclass(frozen=True)
class Plot:
    """Series over equally spaced positions, each with its own label."""

    title: str
    description: str
    x_name: Words
    positions: tuple[str, ...]
    series: tuple[Series, ...]


def plot_scene(plot: Plot) -> Scene:
    """The plot with axes from zero, pleasant ticks and a legend at its right."""
    largest = max(value for series in plot.series for value in series.values)
    ticks = nice_ticks(largest)
    scale = _HEIGHT / ticks[-1]
    bottom = _TOP + _HEIGHT

    def x_of(place: int) -> float:
        return round(_LEFT + _WIDTH * (place + 0.5) / len(plot.positions), 2)

    def y_of(value: float) -> float:
        return round(bottom - value * scale, 2)

    shapes: list[Shape] = []
    for tick in ticks:
        shapes.append(Line(((_LEFT, y_of(tick)), (_LEFT + _WIDTH, y_of(tick))), "axis" if tick == 0 else "grid"))
        shapes.append(Label(_LEFT - 5, y_of(tick), (f"{tick:g}",), "small", "end"))
    for place, position in enumerate(plot.positions):
        shapes.append(Label(x_of(place), bottom + 9, (position,), "small"))
    shapes.append(Label(_LEFT + _WIDTH / 2, bottom + 26, plot.x_name))
    for place, (series, style) in enumerate(zip(plot.series, _STYLES, strict=False)):
        points = tuple((x_of(i), y_of(value)) for i, value in enumerate(series.values))
        shapes.append(Line(points, style))
        shapes += [Mark(x, y, style) for x, y in points]
        shapes += _legend(series, style, _TOP + 12 + 20 * place)
    return Scene(
        width=_LEFT + _WIDTH + _LEGEND,
        height=bottom + _BELOW,
        shapes=tuple(shapes),
        title=plot.title,
        description=plot.description,
    )


def _legend(series: Series, style: str, y: float) -> Iterator[Shape]:
    x = _LEFT + _WIDTH + 12
    yield Line(((x, y), (x + 24, y)), style)
    yield Mark(x + 12, y, style)
    yield Label(x + 30, y, series.name, "label", "start")


def nice_ticks(largest: float, most: int = 6) -> tuple[float, ...]:
    """Multiples of 1, 2 or 5 times a power of ten from 0 to at least ``largest``, at most ``most`` of them."""
    if largest <= 0:
        return (0.0, 1.0)
    rough = largest / (most - 1)
    power = 10.0 ** floor(log10(rough))
    for factor in (1, 2, 5, 10, 20):
        step = factor * power
        count = ceil(largest / step - 1e-9)
        if count <= most - 1:
            return tuple(round(place * step, 10) for place in range(count + 1))
    raise AssertionError("20 times the power of ten below a step is more than the step")
