"""A scene: the few marks that every drawing is made of, with places but no format.

Lengths are TeX points; x runs to the right and y *down*.  Two small templates print any scene, one as TikZ
and one as SVG.  Colours and line widths belong to the templates: a mark only names its style.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A mathematical letter, slanted, perhaps with a subscript or a superscript."""

    letter: str
    subscript: str = ""
    superscript: str = ""


Words: TypeAlias = tuple[str | Symbol, ...]
"""A short label: plain words and symbols in turn."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with its upper left corner at (x, y)."""

    x: float
    y: float
    width: float
    height: float
    style: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points, with a head at its end if it is an arrow."""

    points: tuple[Point, ...]
    style: str
    arrow: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A small sign at a point of a plot."""

    x: float
    y: float
    style: str


@dataclass(frozen=True, slots=True)
class Label:
    """Words whose middle height is at y, and whose start, middle or end is at x."""

    x: float
    y: float
    words: Words
    style: str = "label"
    anchor: Literal["start", "middle", "end"] = "middle"


Shape: TypeAlias = Box | Line | Mark | Label


@dataclass(frozen=True, slots=True)
class Scene:
    """A finished drawing, and what it shows for those who cannot see it."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    title: str
    description: str
