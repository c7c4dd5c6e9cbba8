"""What is wanted of a run: a sheet for a class, in some formats, in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from generator import __version__
from generator.classes.binding import HASHES, KEYS, NOT_BOUND, WORKSHEETS, Binding
from generator.errors import InputError
from generator.paper.manifest import INDEX, MANIFEST_HASH, RECORDS, REPORT, SINGLE
from generator.paper.sheet import Sheet
from generator.paper.students import Student, file_stems
from generator.tex import pdf

_OUR_NAMES = {RECORDS, INDEX, MANIFEST_HASH, WORKSHEETS, KEYS, HASHES, REPORT, SINGLE}


@dataclass(frozen=True)
class Order:
    """What is wanted: a sheet for some students, in some formats, in a folder.

    Only one that ``replaces`` may remove papers of an earlier run, or make them anew from other files.
    """

    sheet: Sheet
    seed: int
    students: tuple[Student, ...]
    formats: tuple[str, ...]
    folder: Path
    engine: pdf.EngineName | None = None
    binding: Binding = NOT_BOUND
    replaces: bool = False

    @property
    def digest(self) -> str:
        """Equal for two orders that lead to the same bytes."""
        sheet = self.sheet
        sources = sorted(sheet.sources.items())
        what = (__version__, sheet.name, sheet.text, sources, self.seed, self.students, self.formats, self.engine)
        return blake2b(repr(what).encode(), digest_size=16).hexdigest()

    @property
    def folders(self) -> dict[str, str]:
        """The name of each student's folder by her id, which no file of the run is called like.

        Raises :class:`InputError` where a student's id is such a name, or two ids lead to the same folder.
        """
        stems = file_stems(self.students)
        for student, stem in stems.items():
            if stem.lower() in _OUR_NAMES:
                raise InputError(
                    f"the id {student} is the name of a file that a run writes; give the student another id"
                )
        return stems
