"""What stands in a part's form: fields, options and claims, with the marks that they got."""

from __future__ import annotations

from dataclasses import dataclass

from generator.document.nodes import Block
from generator.errors.language import phrase
from generator.practice.web.previews import Preview


@dataclass(frozen=True)
class InputField:
    """One field: its name in the form, its value, its accessible name and its label (TeX, may be empty).

    ``right`` says whether the marked answer is right there; None where that is not known, or the answer was changed since.
    ``unread`` says of a wrong entry, in words, that it is empty or cannot be read.
    """

    name: str
    value: str
    spoken: str
    label: str = ""
    right: bool | None = None
    unread: str = ""

    @property
    def mark(self) -> str:
        """The mark in words; empty where there is none."""
        if self.right is None:
            return ""
        mark = phrase("practice.right") if self.right else phrase("practice.wrong")
        return phrase("words.comma").join(word for word in (mark, self.unread) if word)


@dataclass(frozen=True)
class Option:
    """One of several options to choose from.

    ``right`` says whether it is the right one, if it was chosen and marked, or if the solution is shown; else None.
    """

    letter: str
    blocks: tuple[Block, ...]
    is_chosen: bool
    right: bool | None = None


@dataclass(frozen=True)
class ClaimField:
    """A claim, with the fields for the verdict on it (``T``, ``F`` or empty) and the reason for that."""

    text: tuple[Block, ...]
    verdict: InputField
    reason: InputField


@dataclass(frozen=True)
class WorkingField:
    """A field for an intermediate value: the step that computes it, and how the typed value is read."""

    step: str
    field: InputField
    preview: Preview
