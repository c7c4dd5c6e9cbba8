"""Boxes of text, from which formulas are put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len


@dataclass(frozen=True)
class Box:
    """Lines of equal width; ``base`` is the one that goes on with what stands beside."""

    lines: tuple[str, ...]
    base: int = 0

    @property
    def width(self) -> int:
        """In the terminal's cells."""
        return cell_len(self.lines[0])

    @property
    def is_tall(self) -> bool:
        """Whether it takes more than one line."""
        return len(self.lines) > 1


def beside(boxes: Sequence[Box]) -> Box:
    """Boxes side by side, their base lines on one."""
    if not boxes:
        return Box(("",))
    above = max(box.base for box in boxes)
    below = max(len(box.lines) - box.base for box in boxes)
    lines = [""] * (above + below)
    for box in boxes:
        start = above - box.base
        for place in range(len(lines)):
            inside = 0 <= place - start < len(box.lines)
            lines[place] += box.lines[place - start] if inside else " " * box.width
    return Box(tuple(lines), above)


def bracketed(box: Box) -> Box:
    """A box of one line in brackets; a taller one as it is."""
    return Box((f"({box.lines[0]})",)) if not box.is_tall else box


def padded(cell: str, width: int, side: str) -> str:
    """A cell filled up to a width, its words to the ``left`` or to the right."""
    free = width - cell_len(cell)
    return cell + " " * free if side == "left" else " " * free + cell
