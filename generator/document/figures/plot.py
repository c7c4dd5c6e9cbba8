"""A small plot over named positions, such as the values of λ in a sweep: lines, or bars side by side or stacked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor, isfinite, log10

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
from generator.errors import AuthoringError
from generator.errors.language import phrase

_WIDTH, _HEIGHT = 240, 100  # of the axes
_TOP = 8
_OVER = 10  # for what stands above the bars
_NOTED = 14  # for what stands above a line, or names the axis
_BELOW = 30  # for the positions and the name of the axis
_TICK = 4  # from the axes to the words beside them
_SAMPLE = 26  # of a line, in the legend
_STYLES = ("first", "second", "third", "fourth")
_BAR_STYLES = ("norm", "linear", "dropout", "plain")
_BARS = 0.7  # of a position's share of the axis, what its bars cover


@dataclass(frozen=True)
class Series:
    """A name for the legend and one value, 0 or more, for each position."""

    name: Words
    values: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Plot:
    """Series over equally spaced positions, each with its own label.

    With ``bars`` each value is a bar, those of one position side by side or ``stacked`` from below; ``above`` has what stands over the bars of each position.
    ``description`` is for those who cannot see the plot; if there is none, it lists the values.
    """

    title: str
    x_name: Words
    positions: tuple[str, ...]
    series: tuple[Series, ...]
    description: str = ""
    y_name: Words = ()
    bars: bool = False
    stacked: bool = False
    logarithmic: bool = False
    """The axis goes from a power of ten to another; only for values above 0."""
    noted: tuple[tuple[str, str], ...] = ()
    """Positions at which a line stands, and the words above it."""
    above: tuple[str, ...] = ()

    @property
    def headroom(self) -> int:
        """The height above the axes for words."""
        return (_NOTED if self.y_name or self.noted else 0) + (_OVER if self.above else 0)

    def __post_init__(self) -> None:
        most = len(_BAR_STYLES if self.bars else _STYLES)
        if not 1 <= len(self.series) <= most:
            raise AuthoringError(f"{self.title}: such a plot has 1 to {most} series; got {len(self.series)}")
        if self.stacked and (self.logarithmic or not self.bars):
            raise AuthoringError(f"{self.title}: what is stacked are bars, on an axis that is not logarithmic")
        if self.above and len(self.above) != len(self.positions):
            raise AuthoringError(f"{self.title}: {len(self.above)} texts above {len(self.positions)} positions")
        for series in self.series:
            name = in_plain_text(series.name)
            if len(series.values) != len(self.positions):
                raise AuthoringError(
                    f"{self.title}: {name} has {len(series.values)} values for {len(self.positions)} positions"
                )
            for value in series.values:
                if not (isfinite(value) and value >= 0) or (self.logarithmic and value == 0):
                    least = "more than 0" if self.logarithmic else "0 or more"
                    raise AuthoringError(f"{self.title}: {name} has the value {value}; expected {least}")


def plot_scene(plot: Plot) -> Scene:
    """The plot with axes from zero, or between powers of ten, pleasant ticks and a legend at its right."""
    values = [value for series in plot.series for value in series.values]
    if plot.stacked:
        values = [sum(column) for column in zip(*(series.values for series in plot.series), strict=True)]
    ticks = powers_of_ten(min(values), max(values)) if plot.logarithmic else nice_ticks(max(values, default=0))
    axes = _axes(ticks, plot.y_name, plot.positions, plot.x_name, plot.logarithmic, plot.headroom)
    points = [
        tuple(
            [
                (x, _height(value, ticks, axes.bottom, plot.logarithmic))
                for x, value in zip(axes.places, series.values, strict=True)
            ]
        )
        for series in plot.series
    ]
    drawn = _stacked(points, axes) if plot.stacked else _bars(points, axes) if plot.bars else _lines(points)
    names = tuple([series.name for series in plot.series])
    return Scene(
        width=axes.right + 14 + _SAMPLE + 6 + ceil(max(map(words_width, names))),
        height=axes.bottom + _BELOW,
        drawn=(
            axes.drawn,
            *_noted(plot, axes),
            *drawn,
            *_above(plot.above, points, axes),
            _legend(names, axes.right + 14, axes.top + 10, plot.bars),
        ),
        title=plot.title,
        description=plot.description or _described(plot, ticks),
    )


def _noted(plot: Plot, axes: _Axes) -> list[Shape]:
    """A line at each position that is noted, with its words above."""
    drawn: list[Shape] = []
    for position, words in plot.noted:
        x = axes.places[plot.positions.index(position)]
        drawn += [Line(((x, axes.top), (x, axes.bottom)), "skip"), Label(x, axes.top - 4, (words,), "small")]
    return drawn


def _lines(series: Sequence[tuple[Point, ...]]) -> list[Shape]:
    lines = [*zip(_STYLES, series, strict=False)]
    drawn: list[Shape] = [Line(points, style) for style, points in lines]
    # Where series meet, all their marks are seen: open ones, and the small dot of the first on top.
    return drawn + [Mark(x, y, style) for style, points in reversed(lines) for x, y in points]


def _bars(series: Sequence[tuple[Point, ...]], axes: _Axes) -> list[Shape]:
    width = round(_BARS * _WIDTH / len(axes.places) / len(series), 2)
    return [
        Box(round(x + (place - len(series) / 2) * width, 2), y, width, round(axes.bottom - y, 2), style)
        for place, (style, points) in enumerate(zip(_BAR_STYLES, series, strict=False))
        for x, y in points
    ]


def _stacked(series: Sequence[tuple[Point, ...]], axes: _Axes) -> list[Shape]:
    """The first series at the bottom, each other one on those before it; none for a value of 0."""
    width = round(_BARS * _WIDTH / len(axes.places) / 2, 2)
    tops = [axes.bottom] * len(axes.places)
    drawn: list[Shape] = []
    for style, points in zip(_BAR_STYLES, series, strict=False):
        for place, (x, y) in enumerate(points):
            height = round(axes.bottom - y, 2)
            tops[place] = round(tops[place] - height, 2)
            if height:
                drawn.append(Box(round(x - width / 2, 2), tops[place], width, height, style))
    return drawn


def _above(texts: Sequence[str], points: Sequence[tuple[Point, ...]], axes: _Axes) -> list[Shape]:
    """What stands over the highest point of each position."""
    highest = [min(y for _, y in at_one) for at_one in zip(*points, strict=True)]
    return [Label(x, y - 4, (text,), "small") for x, y, text in zip(axes.places, highest, texts, strict=False)]


def _height(value: float, ticks: Sequence[float], bottom: float, logarithmic: bool) -> float:
    share = log10(value / ticks[0]) / log10(ticks[-1] / ticks[0]) if logarithmic else value / ticks[-1]
    return round(bottom - share * _HEIGHT, 2)


@dataclass(frozen=True, eq=False)
class _Axes:
    """Where the axes and the positions lie, and what stands there whatever is plotted."""

    top: float
    right: float
    bottom: float
    places: tuple[float, ...]
    drawn: Group


@lru_cache(maxsize=64)
def _axes(
    ticks: tuple[float, ...], y_name: Words, positions: tuple[str, ...], x_name: Words, logarithmic: bool, headroom: int
) -> _Axes:
    numbers = [f"{tick:g}" for tick in ticks]
    left = ceil(max(words_width((number,), "small") for number in numbers)) + _TICK + 1
    top = _TOP + headroom
    right, bottom = left + _WIDTH, top + _HEIGHT
    shapes: list[Shape] = [Label(left, top - 10, y_name, anchor="start")] if y_name else []
    for tick, number in zip(ticks, numbers, strict=True):
        y = _height(tick, ticks, bottom, logarithmic)
        shapes.append(Line(((left, y), (right, y)), "axis" if tick == ticks[0] else "grid"))
        shapes.append(Label(left - _TICK, baseline(y, "small"), (number,), "small", "end"))
    places = [round(left + _WIDTH * (place + 0.5) / len(positions), 2) for place in range(len(positions))]
    for x, position in zip(places, positions, strict=True):
        shapes.append(Line(((x, bottom), (x, bottom + 3)), "axis"))
        shapes.append(Label(x, bottom + 12, (position,), "small"))
    shapes.append(Label(left + _WIDTH / 2, bottom + 25, x_name))
    return _Axes(top, right, bottom, tuple(places), Group(tuple(shapes)))


@lru_cache(maxsize=64)
def _legend(names: Sequence[Words], x: float, y: float, bars: bool) -> Group:
    """A line with its mark, or a small bar, and the name of each series, one below another."""
    shapes: list[Shape] = []
    for place, name in enumerate(names):
        below = y + 18 * place
        if bars:
            shapes.append(Box(x + _SAMPLE - 12, below - 5, 10, 10, _BAR_STYLES[place]))
        else:
            shapes.append(Line(((x, below), (x + _SAMPLE, below)), _STYLES[place]))
            shapes.append(Mark(x + _SAMPLE / 2, below, _STYLES[place]))
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


def powers_of_ten(least: float, largest: float) -> tuple[float, ...]:
    """Return the powers of ten from at most ``least`` to at least ``largest``, two of them or more."""
    first, last = floor(log10(least) + 1e-9), ceil(log10(largest) - 1e-9)
    return tuple(float(f"1e{power}") for power in range(first, max(last, first + 1) + 1))


def _described(plot: Plot, ticks: Sequence[float]) -> str:
    values = [
        f"{in_plain_text(series.name)}: {', '.join(f'{number_in_words(value)}' for value in series.values)}"
        for series in plot.series
    ]
    if plot.above:
        values.append(", ".join(plot.above))
    positions, series = ", ".join(plot.positions), "; ".join(values)
    said = phrase("figure.plot_described", name=in_plain_text(plot.x_name), positions=positions, series=series)
    along = phrase("figure.ticks", numbers=", ".join(f"{tick:g}" for tick in ticks))
    return " ".join([said, along, *(f"{words}: {position}." for position, words in plot.noted)])
