"""A chain of quantities in boxes, with arrows forward, their names above, and arrows back below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.document.figures.scene import Box, Label, Line, Scene, Shape, Words, baseline, in_plain_text, words_width
from generator.errors.language import phrase

_HEIGHT = 22.0
_TOP = 24.0  # above the boxes, for the names of the arrows
_BACK = 16.0  # below the boxes, where the arrows back run


@dataclass(frozen=True, kw_only=True)
class Chain:
    """Quantities from left to right, and the name of each arrow between neighbours; those of the arrows back may be left out.

    After the ``description`` all of them are said.
    """

    title: str
    quantities: Sequence[Words]
    forward: Sequence[Words]
    back: Sequence[Words] = ()
    description: str = ""
    apart: float = 74.0
    """From box to box, in points."""


def chain_scene(chain: Chain) -> Scene:
    """The chain as a drawing."""
    drawn: list[Shape] = []
    x, ends = 0.0, []
    for words in chain.quantities:
        width = words_width(words) + 16
        drawn += [Box(x, _TOP, width, _HEIGHT, "linear"), Label(x + width / 2, baseline(_TOP + _HEIGHT / 2), words)]
        ends.append((x, x + width))
        x += width + chain.apart
    for place, name in enumerate(chain.forward):
        (_, start), (end, _) = ends[place], ends[place + 1]
        y = _TOP + _HEIGHT / 2
        drawn += [Line(((start, y), (end, y)), "flow", arrow=True), Label((start + end) / 2, y - 6, name, "small")]
    below = _TOP + _HEIGHT + _BACK
    for place, name in enumerate(chain.back):
        (left, right), (next_left, next_right) = ends[place], ends[place + 1]
        start, end = (next_left + next_right) / 2, (left + right) / 2
        points = ((start, below - 10), (start, below), (end, below), (end, below - 10))
        drawn += [Line(points, "skip", arrow=True), Label((start + end) / 2, below + 11, name, "small")]
    return Scene(
        width=ends[-1][1],
        height=below + (16 if chain.back else -_BACK),
        drawn=tuple(drawn),
        title=chain.title,
        description=f"{chain.description} {_described(chain)}".strip(),
    )


def _described(chain: Chain) -> str:
    """What the boxes and arrows say, in their order."""
    first, *others = map(in_plain_text, chain.quantities)
    names = map(in_plain_text, chain.forward)
    steps = [phrase("figure.leads_to", name=name, quantity=to) for name, to in zip(names, others, strict=True)]
    back = phrase("figure.back", names=", ".join(map(in_plain_text, reversed(chain.back)))) if chain.back else ""
    return f"{'; '.join([first, *steps])}. {back}".strip()
