"""A small line plot over named positions, such as the values of λ in a sweep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

from generator.errors import AuthoringError
from generator.figures.scene import Label, Line, Mark, Scene, Shape, Symbol, Words, baseline, words_width

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
    numbers = tuple(f"{tick:g}" for tick in ticks)
    left = ceil(max(words_width((number,), "small") for number in numbers)) + _TICK + 1
    top = _TOP + (14 if plot.y_name else 0)
    right, bottom = left + _WIDTH, top + _HEIGHT

    def x_of(place: int) -> float:
        return round(left + _WIDTH * (place + 0.5) / len(plot.positions), 2)

    def y_of(value: float) -> float:
        return round(bottom - value * _HEIGHT / ticks[-1], 2)

    shapes: list[Shape] = [Label(left, top - 10, plot.y_name, anchor="start")] if plot.y_name else []
    for tick, number in zip(ticks, numbers, strict=True):
        y = y_of(tick)
        shapes.append(Line(((left, y), (right, y)), "axis" if tick == 0 else "grid"))
        shapes.append(Label(left - _TICK, baseline(y, "small"), (number,), "small", "end"))
    for place, position in enumerate(plot.positions):
        shapes.append(Line(((x_of(place), bottom), (x_of(place), bottom + 3)), "axis"))
        shapes.append(Label(x_of(place), bottom + 12, (position,), "small"))
    shapes.append(Label(left + _WIDTH / 2, bottom + 25, plot.x_name))
    drawn = [
        (style, [(x_of(place), y_of(value)) for place, value in enumerate(series.values)])
        for series, style in zip(plot.series, _STYLES, strict=False)
    ]
    shapes += [Line(tuple(points), style) for style, points in drawn]
    # Where series meet, all their marks are seen: open ones, and the small dot of the first on top.
    shapes += [Mark(x, y, style) for style, points in reversed(drawn) for x, y in points]
    for place, (series, style) in enumerate(zip(plot.series, _STYLES, strict=False)):
        shapes += _legend(series.name, style, right + 14, top + 10 + 18 * place)
    return Scene(
        width=right + 14 + _SAMPLE + 6 + ceil(max(words_width(series.name) for series in plot.series)),
        height=bottom + _BELOW,
        shapes=tuple(shapes),
        title=plot.title,
        description=plot.description or _described(plot),
    )


def _legend(name: Words, style: str, x: float, y: float) -> Iterator[Shape]:
    yield Line(((x, y), (x + _SAMPLE, y)), style)
    yield Mark(x + _SAMPLE / 2, y, style)
    yield Label(x + _SAMPLE + 6, baseline(y), name, anchor="start")


def nice_ticks(largest: float, most: int = 6) -> tuple[float, ...]:
    """Multiples of 1, 2 or 5 times a power of ten from 0 to at least ``largest``, at most ``most`` of them."""
    if largest <= 0:
        return (0.0, 1.0)
    rough = largest / (most - 1)
    exponent = floor(log10(rough))
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
    return f"At {_plain(plot.x_name)} = {', '.join(plot.positions)}, {'; '.join(values)}."


def _plain(words: Words) -> str:
    return "".join(
        piece.letter + piece.subscript + piece.superscript.replace("2", "²") if isinstance(piece, Symbol) else piece
        for piece in words
    )
