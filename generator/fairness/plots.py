"""The elements of a report's plots: places on a drawing, which a template draws.

Every place and length is in user units of the SVG.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar; ``over`` where it is beyond an aim."""

    x: float
    y: float
    width: float
    height: float
    over: bool
    label: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis, and what it says."""

    place: float
    label: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A line at an aim, from ``start`` to ``end`` along the other axis."""

    place: float
    start: float
    end: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A plot: its size, its frame (left, top, right, bottom), and what stands in it."""

    width: float
    height: float
    frame: tuple[float, float, float, float]
    bars: tuple[Bar, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    limits: tuple[Limit, ...]
    title: str
    description: str


ROW = 25.0
"""The height of a row of a plot with rows."""


def share_ticks(full: float, step: float) -> list[float]:
    """Shares from 0 to ``full``."""
    return [step * place for place in range(math.floor(full / step + 1e-9) + 1)]
