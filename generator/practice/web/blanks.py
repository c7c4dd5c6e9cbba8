"""What a form is made of: fields, options, claims, and criteria to mark oneself by."""

from __future__ import annotations

from dataclasses import dataclass

from generator.document.nodes import Block, Inline
from generator.practice.web.previews import Preview


@dataclass(frozen=True)
class Blank:
    """One field: its name in the form, what stands in it, what it is called aloud, its label (TeX, may be empty).

    ``right`` says whether the marked answer is right there; None where that is not known, or it was changed since.
    """

    name: str
    value: str
    spoken: str
    label: str = ""
    right: bool | None = None


@dataclass(frozen=True)
class Option:
    """One of several answers to choose from.

    ``right`` says whether it is the right one, where it was chosen and marked, or the solution is shown; else None.
    """

    letter: str
    blocks: tuple[Block, ...]
    is_chosen: bool
    right: bool | None = None


@dataclass(frozen=True)
class ClaimField:
    """A claim, the verdict on it that was chosen (``T``, ``F`` or nothing) and the reason for it."""

    text: tuple[Block, ...]
    verdict: Blank
    reason: Blank


@dataclass(frozen=True)
class WorkingField:
    """A field for an intermediate value, by the step that computes it, and how what stands there is read."""

    step: str
    blank: Blank
    preview: Preview


@dataclass(frozen=True)
class OwnMark:
    """A criterion that she marks herself: the field's name, the points it is worth, those she gave, or None."""

    name: str
    most: int
    text: tuple[Inline, ...]
    given: int | None
