"""What is made of a class, and for whom: what is sent to a worker, on this machine or another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator import __version__
from generator.paper.ids import Redraws
from generator.paper.students import Student
from generator.tex import pdf

HIDDEN = ".run"
"""The folder within the class's in which a run keeps what is not yet whole."""

TOKEN = f"{HIDDEN}/token"
"""The file by which a worker knows that it shares the folder of a run."""


@dataclass(frozen=True)
class Job:
    """What is made for every student of a run, and where.

    ``sheet`` is the TOML file's path and text, ``sources`` what its papers come from.  A worker that finds ``token`` in the folder shares it, and writes
    there; any other sends the files back.
    """

    sheet: tuple[str, str]
    seed: int
    formats: tuple[str, ...]
    engine: pdf.EngineName | None
    folder: str
    token: str
    sources: Mapping[str, str] = field(default_factory=dict)
    version: str = __version__

    @property
    def shares_folder(self) -> bool:
        """Whether this process sees the folder of the run."""
        try:
            return Path(self.folder, TOKEN).read_text() == self.token
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class Seat:
    """A student, and which problems of her paper had to be drawn again."""

    student: Student
    redraws: Redraws = ()
