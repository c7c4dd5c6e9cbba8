"""A recurrent network, unrolled: its states from left to right with their inputs, and numbers to be filled in above and below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.document.figures.scene import (
    Box,
    Label,
    Line,
    Scene,
    Shape,
    Words,
    baseline,
    in_plain_text,
)
from generator.errors.language import phrase

_WIDTH, _HEIGHT = 30.0, 20.0
_TOP = 18.0  # above the states, for their numbers
_DOWN = 34.0  # from a state to its input
_ASIDE = 5.0  # from an arrow to what stands beside it


@dataclass(frozen=True)
class UnrolledStep:
    """A state and the input that comes in, with what the key writes above the state and below it."""

    state: Words
    entry: Words
    above: str
    below: str


@dataclass(frozen=True, kw_only=True)
class Unrolled:
    """The first state, the steps, and the last quantity, with the names of the arrows between states, from inputs, and to the end.

    After the ``description`` all of them are said.
    """

    title: str
    start: Words
    steps: Sequence[UnrolledStep]
    end: Words
    recurrent: Words
    incoming: Words
    outgoing: Words
    description: str
    apart: float = 42.0
    """From box to box, in points, so that the numbers have room; it must not depend on them."""


def unrolled_scene(unrolled: Unrolled, *, filled: bool) -> Scene:
    """The network as a drawing; without its numbers, blanks above and below the states that have some."""
    across = _WIDTH + unrolled.apart
    middle, top = _TOP + _HEIGHT / 2, _TOP + _HEIGHT + _DOWN
    states = [unrolled.start, *(step.state for step in unrolled.steps), unrolled.end]
    names = [*(unrolled.recurrent for _ in unrolled.steps), unrolled.outgoing]
    drawn: list[Shape] = []
    for place, words in enumerate(states):
        drawn += _box(place * across, _TOP, words, "plain" if place in (0, len(states) - 1) else "linear")
    for place, name in enumerate(names):
        start, end = place * across + _WIDTH, (place + 1) * across
        drawn += [
            Line(((start, middle), (end, middle)), "flow", arrow=True),
            Label((start + end) / 2, middle - 4, name, "small"),
        ]
    for place, step in enumerate(unrolled.steps, start=1):
        left = place * across
        centre = left + _WIDTH / 2
        drawn += _box(left, top, step.entry, "plain")
        drawn += [
            Line(((centre, top), (centre, top - _DOWN)), "flow", arrow=True),
            Label(centre - _ASIDE, top - 8, unrolled.incoming, "small", "end"),
        ]
        below = top - _DOWN + 13
        if filled:
            drawn.append(Label(centre, _TOP - 6, (step.above,), "answer"))
            drawn.append(Label(centre + _ASIDE, below, (step.below,), "answer", "start"))
        else:
            drawn.append(Line(((centre - 14, _TOP - 6), (centre + 14, _TOP - 6)), "blank"))
            drawn.append(Line(((centre + _ASIDE, below), (centre + _ASIDE + 28, below)), "blank"))
    width = (len(states) - 1) * across + _WIDTH
    return Scene(width, top + _HEIGHT, tuple(drawn), unrolled.title, _described(unrolled, filled))


def _box(x: float, y: float, words: Words, style: str) -> list[Shape]:
    return [Box(x, y, _WIDTH, _HEIGHT, style), Label(x + _WIDTH / 2, baseline(y + _HEIGHT / 2), words)]


def _described(unrolled: Unrolled, filled: bool) -> str:
    """The states in order, with the arrows that lead to them and, if they are ``filled`` in, the numbers."""
    recurrent, incoming, outgoing = map(in_plain_text, (unrolled.recurrent, unrolled.incoming, unrolled.outgoing))
    said = [in_plain_text(unrolled.start)]
    for step in unrolled.steps:
        name = f"{recurrent}, {incoming} {in_plain_text(step.entry)}"
        said.append(phrase("figure.leads_to", name=name, quantity=in_plain_text(step.state)))
        if filled:
            said[-1] += ", " + phrase("figure.above_and_below", above=step.above, below=step.below)
    said.append(phrase("figure.leads_to", name=outgoing, quantity=in_plain_text(unrolled.end)))
    return f"{unrolled.description} {'; '.join(said)}."
