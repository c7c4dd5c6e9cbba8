"""A small fully connected network, unit by unit: circles in columns, joined by lines that carry the weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from generator.document.figures.scene import (
    Box,
    Label,
    Line,
    Scene,
    Shape,
    Symbol,
    Words,
    baseline,
    in_plain_text,
    words_width,
)
from generator.errors import AuthoringError
from generator.errors.language import phrase

_RADIUS = 11.0
_APART = 150.0  # from column to column
_BELOW = 64.0  # from unit to unit
_NOTE = 26.0  # from the middle of a unit to the baseline of what is noted under it
_BLANK = 26.0  # a rule to write on


@dataclass(frozen=True)
class Unit:
    """A unit with what stands in it; each of ``noted`` is a name and the value that the key writes after it.

    One that is ``off`` is grey in the key.
    """

    name: Words
    noted: tuple[tuple[Words, str], ...] = ()
    off: bool = False


@dataclass(frozen=True, kw_only=True)
class Units:
    """Columns of units, from the input on, and for each pair of neighbouring columns the weights, a row for each unit of the later one.

    After the ``description`` the units are said one by one.
    """

    title: str
    columns: tuple[tuple[Unit, ...], ...]
    weights: tuple[tuple[tuple[str, ...], ...], ...]
    description: str

    def __post_init__(self) -> None:
        for (before, after), rows in zip(pairwise(self.columns), self.weights, strict=True):
            if len(rows) != len(after) or any(len(row) != len(before) for row in rows):
                raise AuthoringError(f"{self.title}: expected {len(after)} rows of {len(before)} weights; got {rows}")


def units_scene(network: Units, *, filled: bool = False) -> Scene:
    """The network, with blanks for what is noted under the units, or with it ``filled`` in."""
    tallest = max(map(len, network.columns))
    places = [
        [
            (_RADIUS + 14 + place * _APART, _RADIUS + (unit + (tallest - len(column)) / 2) * _BELOW)
            for unit in range(len(column))
        ]
        for place, column in enumerate(network.columns)
    ]
    drawn: list[Shape] = []
    for (before, after), rows in zip(pairwise(places), network.weights, strict=True):
        for end, row in zip(after, rows, strict=True):
            for start, weight in zip(before, row, strict=True):
                drawn += _edge(start, end, weight)
    for points, column in zip(places, network.columns, strict=True):
        for (x, y), unit in zip(points, column, strict=True):
            drawn += _unit(x, y, replace(unit, off=unit.off and filled), filled)
    return Scene(
        width=places[-1][0][0] + _RADIUS + 40,
        height=_RADIUS + (tallest - 1) * _BELOW + _NOTE + 14,
        drawn=tuple(drawn),
        title=network.title,
        description=f"{network.description} {_described(network, filled)}".strip(),
    )


def _described(network: Units, filled: bool) -> str:
    """Each unit with the weights that lead to it and what is noted under it."""
    said = []
    for (before, after), rows in zip(pairwise(network.columns), network.weights, strict=True):
        for unit, row in zip(after, rows, strict=True):
            edges = [
                phrase("figure.edge", weight=weight, unit=in_plain_text(start.name))
                for start, weight in zip(before, row, strict=True)
            ]
            noted = [
                f"{in_plain_text(name)} = {value if filled else phrase('figure.blank')}" for name, value in unit.noted
            ]
            off = [phrase("figure.off")] if unit.off and filled else []
            said.append(phrase("figure.unit", unit=in_plain_text(unit.name), what=", ".join([*edges, *noted, *off])))
    return "; ".join(said) + "."


def _edge(start: tuple[float, float], end: tuple[float, float], weight: str) -> list[Shape]:
    """A line from unit to unit, and its weight above it, nearer to where it starts so that crossing lines keep theirs apart."""
    (x, y), (to_x, to_y) = start, end
    slope = (to_y - y) / (to_x - x)
    left, right = x + _RADIUS, to_x - _RADIUS
    line = Line(((left, round(y + slope * _RADIUS, 2)), (right, round(to_y - slope * _RADIUS, 2))), "flow")
    at = left + 0.24 * (right - left)
    return [line, Label(round(at, 2), round(y + slope * (at - x) - 4 - 5 * abs(slope), 2), (weight,), "small")]


def _unit(x: float, y: float, unit: Unit, filled: bool) -> list[Shape]:
    shape = Box(x - _RADIUS, y - _RADIUS, 2 * _RADIUS, 2 * _RADIUS, "add")
    drawn: list[Shape] = [Box(x - 9, y - 9, 18, 18, "norm")] if unit.off else [shape]
    drawn.append(Label(x, baseline(y), unit.name))
    below = y + _NOTE
    for name, value in unit.noted:
        words = (*name, " = ")
        width = words_width(words)
        left = x - (width + _BLANK) / 2
        drawn.append(Label(left, below, words, anchor="start"))
        if filled:
            drawn.append(Label(left + width + 2, below, (value,), "answer", "start"))
        else:
            drawn.append(Line(((left + width, below + 2), (left + width + _BLANK, below + 2)), "blank"))
        below += 13
    return drawn


def indexed(letter: str, count: int) -> Sequence[Words]:
    """The names of so many units: x₁, x₂, …"""
    return [(Symbol(letter, str(place)),) for place in range(1, count + 1)]
