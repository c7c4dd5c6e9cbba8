"""A scene: the few marks that every drawing is made of, with places but no format.

Lengths are TeX points; x runs to the right and y *down*.  Two small templates print any scene, one as LaTeX
and one as SVG.  Colours and line widths belong to the templates: a mark only names its style.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import atan2, degrees, dist, hypot
from typing import Literal, NamedTuple, TypeAlias

Point: TypeAlias = tuple[float, float]
Anchor: TypeAlias = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A mathematical letter, slanted, perhaps with a subscript or a superscript.

    Signs stay upright: ``Symbol("‖θ‖", superscript="2")`` is the squared norm of θ.
    """

    letter: str
    subscript: str = ""
    superscript: str = ""


Words: TypeAlias = tuple[str | Symbol, ...]
"""A short label: plain words and symbols in turn.

A blank to write on is no piece of a label but a rule of its own, so that its place does not depend on a font.
"""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with its upper left corner at (x, y)."""

    x: float
    y: float
    width: float
    height: float
    style: str


class Stroke(NamedTuple):
    """A straight piece of a line: where it starts, its length, and its angle in degrees, counterclockwise from the right."""

    x: float
    y: float
    length: float
    angle: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points, with a head at its end if it is an arrow."""

    points: tuple[Point, ...]
    style: str
    arrow: bool = False

    def strokes(self) -> tuple[Stroke, ...]:
        """The straight pieces from point to point."""
        return tuple(
            Stroke(x, y, round(hypot(to_x - x, to_y - y), 2), round(degrees(atan2(y - to_y, to_x - x)), 2))
            for (x, y), (to_x, to_y) in pairwise(self.points)
        )

    def rounded(self, radius: float) -> tuple[tuple[Point, Point, Point], ...]:
        """For each corner: where it leaves the straight line, the corner itself, where it joins the next line."""
        corners = zip(self.points, self.points[1:], self.points[2:], strict=False)
        return tuple((_towards(b, a, radius), b, _towards(b, c, radius)) for a, b, c in corners)


@dataclass(frozen=True, slots=True)
class Mark:
    """A small sign at a point: of a series in a plot, or where a path branches."""

    x: float
    y: float
    style: str


@dataclass(frozen=True, slots=True)
class Label:
    """Words whose baseline is at y, and whose start, middle or end is at x."""

    x: float
    y: float
    words: Words
    style: str = "label"
    anchor: Anchor = "middle"


Shape: TypeAlias = Box | Line | Mark | Label


STYLES: dict[type, frozenset[str]] = {
    Box: frozenset(
        {"linear", "norm", "activation", "softmax", "dropout", "add", "plain", "faint", "light", "medium", "dark"}
    ),
    Line: frozenset({"flow", "skip", "sign", "blank", "axis", "grid", "first", "second", "third", "fourth"}),
    Mark: frozenset({"branch", "first", "second", "third", "fourth"}),
    Label: frozenset({"label", "answer", "small"}),
}
"""The styles that the formats know."""


@dataclass(frozen=True, slots=True)
class Group:
    """Shapes that many drawings have in common: a renderer keeps what it has made of the same group."""

    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """A finished drawing, and what it shows for those who cannot see it.

    What is ``drawn`` is drawn in turn, later over earlier.
    """

    width: float
    height: float
    drawn: tuple[Shape | Group, ...]
    title: str
    description: str

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """Return all shapes, those of groups in their places."""
        groups = [one.shapes if isinstance(one, Group) else (one,) for one in self.drawn]
        return tuple(shape for group in groups for shape in group)


SIZES = {"label": 9.0, "answer": 9.0, "small": 8.0}
"""Of the type of each style of label, in points."""

CAP_HEIGHT = 0.68
"""Of capitals and digits, as a part of the size of the type."""

_SCRIPT = 0.7  # the size of a subscript
_NARROW = dict.fromkeys("iljtfI.,:;!'|()[] ", 0.3)
_WIDE = dict.fromkeys("mwMWNDOQGHUKVXY‖—", 0.8)
_BOLD = 1.15


def in_plain_text(words: Words) -> str:
    """Return a label as text, for a description."""
    return "".join(
        piece.letter + piece.subscript + piece.superscript.replace("2", "²") if isinstance(piece, Symbol) else piece
        for piece in words
    )


def number_in_words(value: float) -> str:
    """Return a drawn number as a description says it."""
    return f"{round(value, 3):g}"


def words_width(words: Words, style: str = "label") -> float:
    """About as wide as the words print, in points: exact for digits, a little generous for the rest."""
    ems = 0.0
    for piece in words:
        if isinstance(piece, Symbol):
            scripts = max(_ems(piece.subscript), _ems(piece.superscript))
            ems += _ems(piece.letter) + _SCRIPT * scripts
        else:
            ems += _ems(piece)
    return ems * SIZES[style] * (_BOLD if style == "answer" else 1)


@lru_cache(maxsize=4096)
def _ems(text: str) -> float:
    return sum(_NARROW.get(letter) or _WIDE.get(letter) or (0.65 if letter.isupper() else 0.5) for letter in text)


def _towards(start: Point, end: Point, distance: float) -> Point:
    """The point at ``distance`` from ``start`` on the way to ``end``, or at half the way if that is nearer."""
    part = min(distance / (dist(start, end) or 1), 0.5)
    (x, y), (to_x, to_y) = start, end
    return round(x + part * (to_x - x), 2), round(y + part * (to_y - y), 2)


def baseline(middle: float, style: str = "label") -> float:
    """Where words stand so that their capitals and digits are centred on ``middle``."""
    return round(middle + CAP_HEIGHT * SIZES[style] / 2, 2)
