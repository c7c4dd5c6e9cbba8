"""What the page asks for, and what it gets: plain data that travels between processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from generator.document.page_style import LAYOUTS, PAPERS
from generator.paper.origin import Seed
from generator.problem.bank_file import LEVELS

Kind: TypeAlias = Literal["documents", "mistakes", "lint", "pdf"]
"""What is made at a time: worksheet and key as HTML; the list of mistakes; what the checks find; both as PDF."""


CHOICES: Mapping[str, tuple[str, ...]] = {
    "level": LEVELS,
    "guided": ("yes", "no"),
    "extended": ("yes", "no"),
    "layout": LAYOUTS,
    "paper": PAPERS,
}
"""What can be chosen on the page, beside the seed."""


@dataclass(frozen=True)
class Request:
    """What is to be made, and of which variant.  A choice that is empty is left to the sheet."""

    kind: Kind
    seed: Seed = 1
    level: str = ""
    guided: str = ""
    extended: str = ""
    layout: str = ""
    paper: str = ""

    @property
    def chosen(self) -> dict[str, str]:
        """What has been chosen, by its name in addresses."""
        named = {"seed": str(self.seed)} | {name: getattr(self, name) for name in CHOICES}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True)
class Facts:
    """What the page says of the problem or sheet, and which choices there are."""

    title: str
    is_sheet: bool
    levels: tuple[str, ...]
    has_original: bool


@dataclass(frozen=True)
class Made:
    """What was made: files by their names (``content`` is a piece of the page), and the warnings of TeX."""

    facts: Facts
    files: Mapping[str, bytes] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line of a file, as a message shows it."""

    number: int
    text: str
    is_meant: bool


@dataclass(frozen=True)
class Failure:
    """Why nothing could be made: the message, what it is about (problem, seed, part), the file and line, and that line with its neighbours."""

    message: str
    about: str = ""
    place: str = ""
    lines: tuple[Line, ...] = ()


Result: TypeAlias = Made | Failure
