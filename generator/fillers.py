"""What fills the holes of a text: all slots of a text are looked up at once, and printed one after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeAlias

from generator.blocks import Math, Text
from generator.slots import Slot

Filler: TypeAlias = Slot | tuple[str | Slot, ...]
"""What fills a hole: a slot among words, or the pieces of a formula."""


class Fillers:
    """What fills several holes, in their order."""

    __slots__ = ("_formats", "_look_up", "_prints", "_slots")

    def __init__(self, fillers: Sequence[Filler]) -> None:
        self._slots: list[Slot] = []
        self._formats: list[tuple[str, int, slice | None]] = []
        for filler in fillers:
            pieces = (filler,) if isinstance(filler, Slot) else filler
            start = len(self._slots)
            self._slots += [piece for piece in pieces if isinstance(piece, Slot)]
            formula = "".join(["%s" if isinstance(piece, Slot) else piece.replace("%", "%%") for piece in pieces])
            several = slice(start, len(self._slots)) if len(self._slots) > start + 1 else None
            self._formats.append(("" if isinstance(filler, Slot) else formula, start, several))
        self._prints = [slot.print for slot in self._slots]
        self._look_up = _all_of(self._slots)

    def of(self, values: Mapping[str, Any]) -> list[Any]:
        """For each hole what fills it: of a formula its TeX, among words a node.

        Raises :class:`AuthoringError` for a slot without a value.
        """
        try:
            found = self._look_up(values)
        except KeyError:
            found = [slot.value(values) for slot in self._slots]  # tells which one is missing
        texts = [
            value if type(value) is str else print_(value) for value, print_ in zip(found, self._prints, strict=True)
        ]
        return [
            (formula % (texts[start] if several is None else tuple(texts[several])))
            if formula
            else (Text if type(found[start]) is str else Math)(texts[start])
            for formula, start, several in self._formats
        ]


def _all_of(slots: Sequence[Slot]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    if any(slot.path for slot in slots):
        return lambda values: [slot.value(values) for slot in slots]
    if len(slots) == 1:
        name = slots[0].name
        return lambda values: (values[name],)
    return itemgetter(*[slot.name for slot in slots])
