"""Programs: what writes a text whose known pieces are kept, from what fills the holes between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, TypeAlias

Fillings: TypeAlias = Sequence[Any]
"""What stands in the holes of a node; see :mod:`generator.filled`."""
Program: TypeAlias = Callable[[Fillings], str]
"""Writes out a node from what fills it."""


class Hole:
    """What fills one hole, as a function leaves it."""

    __slots__ = ("function", "place")

    def __init__(self, place: int, function: Callable[[Any], Any] | None = None) -> None:
        self.place = place
        self.function = function

    def __call__(self, fillings: Fillings) -> Any:
        return fillings[self.place] if self.function is None else self.function(fillings[self.place])


def then(of: Callable[[Fillings], Any], function: Callable[[Any], Any]) -> Callable[[Fillings], Any]:
    """What the function makes of what ``of`` gives."""
    if type(of) is not Hole:
        return lambda fillings: function(of(fillings))
    first = of.function
    return Hole(of.place, function if first is None else lambda value: function(first(value)))


Pieces: TypeAlias = tuple[Any, ...]
"""Known pieces of a text, and between them functions of the fillings that give strings."""
Guard: TypeAlias = tuple[tuple[Any, ...], Callable[[Sequence[str]], bool]]
"""Some functions of the fillings, and what must be true of each text that they give."""


def guarded(pieces: Pieces, guards: Sequence[Guard], sure: Pieces) -> Program:
    """Writes the pieces if the guards let them pass, and else the ``sure`` ones."""
    if not guards:
        return written(pieces)
    known, holes = apart(pieces)
    template, values, write = _template(known), _values(holes), written(sure)
    place = {id(hole): place for place, hole in enumerate(holes)}
    guarded_by: dict[Callable[[Sequence[str]], bool], list[int]] = {}
    for some, holds in guards:
        guarded_by.setdefault(holds, []).extend([place[id(hole)] for hole in some])
    checks = [(_picked(places), holds) for holds, places in guarded_by.items()]

    def write_guarded(fillings: Fillings) -> str:
        texts = values(fillings)
        for pick, holds in checks:
            if not holds(pick(texts)):
                return write(fillings)
        return template % texts

    return write_guarded


def written(pieces: Pieces) -> Program:
    """Writes the pieces one after another."""
    known, holes = apart(pieces)
    template, values = _template(known), _values(holes)
    if not holes:
        text = "".join(known)
        return lambda _: text
    return lambda fillings: template % values(fillings)


def as_hole(pieces: Pieces) -> Callable[[Fillings], str]:
    """What writes the pieces; if there is one hole among them, a hole that a function fills."""
    known, holes = apart(pieces)
    if len(holes) > 1:
        return written(pieces)
    before, after = known
    return then(holes[0], lambda text: f"{before}{text}{after}") if before or after else holes[0]


def _values(holes: Sequence[Any]) -> Callable[[Fillings], tuple[Any, ...]]:
    """What gives all that fills the holes."""
    if any(type(hole) is not Hole for hole in holes):
        return lambda fillings: tuple([hole(fillings) for hole in holes])
    pick = _picked([hole.place for hole in holes])
    functions = [(place, hole.function) for place, hole in enumerate(holes) if hole.function is not None]
    if not functions:
        return pick

    def values(fillings: Fillings) -> tuple[Any, ...]:
        given = [*pick(fillings)]
        for place, function in functions:
            given[place] = function(given[place])
        return tuple(given)

    return values


def _picked(places: Sequence[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda values: tuple([values[place] for place in places])


def apart(pieces: Pieces) -> tuple[list[str], list[Callable[[Fillings], Any]]]:
    """The known pieces around the holes, some perhaps empty, and what fills the holes."""
    known = [""]
    holes: list[Callable[[Fillings], Any]] = []
    for piece in pieces:
        if isinstance(piece, str):
            known[-1] = "".join((known[-1], piece))  # + would escape what is not Markup
        else:
            holes.append(piece)
            known.append("")
    return known, holes


def _template(known: Sequence[str]) -> str:
    """The known pieces as a template of Python's operator ``%``."""
    return "%s".join(piece.replace("%", "%%") for piece in known)
