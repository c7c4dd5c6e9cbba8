"""What a document says: words and formulas in a line, and the blocks that lines stand in.

These are frozen nodes that hold meaning and no formatting, like those around them (see :mod:`generator.document`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, TypeAlias

from generator.figures.scene import Scene

KEY = {"key": True}
"""Field metadata: only the key shows this; its empty value is the field's default."""

# ---------------------------------------------------------------------------------------------- inline


@dataclass(frozen=True, slots=True)
class Text:
    """Plain words."""

    text: str


@dataclass(frozen=True, slots=True)
class Math:
    """A formula within a line, as TeX source."""

    tex: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that must not be overlooked."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Stressed words, or a term where it is introduced."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A name from a program."""

    text: str


Inline: TypeAlias = Text | Math | Strong | Emphasis | Code

# ----------------------------------------------------------------------------------------------- block


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Display:
    """A formula on a line of its own, as TeX source."""

    tex: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without order; each item is blocks."""

    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A list in order; each item is blocks."""

    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every cell is a run of inlines."""

    header: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing: as the student gets it, and as the key completes it.

    One that stands in a solution only is ``completed`` from the start.
    """

    name: str
    scene: Scene
    completed: Scene | None = field(default=None, metadata=KEY)

    @property
    def shown(self) -> Scene:
        """The drawing that this document shows."""
        return self.completed or self.scene

    @property
    def file(self) -> str:
        """Its file without the ending; what only the key shows has a folder of its own."""
        return f"{'key-figures' if self.completed else 'figures'}/{self.name}"


@dataclass(frozen=True, slots=True)
class Fillable:
    """Blocks with blanks to fill in, and the same blocks as the key fills them."""

    blank: tuple[Block, ...]
    filled: tuple[Block, ...] = field(default=(), metadata=KEY)


Block: TypeAlias = Paragraph | Display | Bullets | Numbered | Table | Figure | Fillable


def children(node: Any) -> list[Any]:
    """What the fields of a node hold, in their order; nothing for what is no node."""
    kind: Any = type(node)
    return [getattr(node, name) for name in _fields(kind)]


@cache
def _fields(kind: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()
