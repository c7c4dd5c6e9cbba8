"""What is wanted of a run: a sheet for a class, in some formats, in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from generator._version import __version__
from generator.classes.binding import HASHES, KEYS, NOT_BOUND, WORKSHEETS, Binding
from generator.classes.students import Student, file_stems
from generator.errors import InputError
from generator.fairness.records import INDEX, RECORDS, REPORT
from generator.generate import MANIFEST
from generator.sheet import Sheet
from generator.tex import pdf

_OUR_NAMES = {RECORDS, INDEX, WORKSHEETS, KEYS, HASHES, REPORT, MANIFEST}


@dataclass(frozen=True)
class Order:
    """What is wanted: a sheet for some students, in some formats, in a folder."""

    sheet: Sheet
    seed: int
    students: tuple[Student, ...]
    formats: tuple[str, ...]
    folder: Path
    engine: pdf.EngineName | None = None
    binding: Binding = NOT_BOUND

    @property
    def digest(self) -> str:
        """Equal for two orders that lead to the same bytes."""
        sheet = self.sheet
        sources = [(name, path.read_bytes()) for name, path in _sources(sheet)]
        what = (__version__, sheet.name, sheet.text, sources, self.seed, self.students, self.formats, self.engine)
        return blake2b(repr(what).encode(), digest_size=16).hexdigest()

    @property
    def folders(self) -> tuple[str, ...]:
        """The name of each student's folder, which no file of the run is called like.

        Raises :class:`InputError` where a student's id is such a name, or two ids lead to the same folder.
        """
        stems = file_stems(self.students)
        for student, stem in stems.items():
            if stem.lower() in _OUR_NAMES:
                raise InputError(
                    f"the id {student} is the name of a file that a run writes; give the student another id"
                )
        return tuple(stems.values())


def _sources(sheet: Sheet) -> Iterator[tuple[str, Path]]:
    """The files beside the sheet that its papers depend on."""
    yield from (("", Path(entry.problem.source)) for entry in sheet.entries if entry.problem.source)
    templates = sheet.templates
    if templates is not None:
        files = sorted(path for path in templates.rglob("*") if path.is_file())
        yield from ((path.relative_to(templates).as_posix(), path) for path in files)
