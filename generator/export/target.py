"""What a target is: a module that writes the tree for one platform."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator.errors import InputError, expected
from generator.export.pool import Drawn
from generator.export.tree import Export
from generator.paper.record import Record
from generator.paper.sheet import Sheet
from generator.paper.students import Student
from generator.tex.pdf import EngineName


@dataclass(frozen=True)
class Options:
    """How a target writes, as far as it can: see ``worksheet export --help``.

    ``solutions`` and ``hints`` (feedback on mistakes) are None where the target's own default holds.
    """

    hints: bool | None = None
    solutions: bool | None = None
    as_choice: bool = False
    together: bool = False
    decimals: bool = False
    mathml: bool = False
    revision: int = 0


@dataclass(frozen=True)
class Written:
    """What a target made: the files by their paths, of which there is one where the export is a single file.

    ``losses`` are what the platform cannot say, and ``next_step`` what to click there.  ``beside`` are files for the teacher
    alone, next to the export, by what follows its name: ``-rubrics.md``.
    """

    files: Mapping[str, bytes]
    losses: tuple[str, ...] = ()
    next_step: str = ""
    beside: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """What a tree was made from, for a target that prints papers."""

    sheet: Sheet
    drawn: Sequence[Drawn]
    engine: EngineName | None = None


@dataclass(frozen=True)
class PrintedClass:
    """A class whose papers are printed: its sheet, and the records of the papers in its folder, in the order of the class.

    ``progress`` is called with how many problems were just read, and what is done now.
    """

    sheet: Sheet
    folder: Path
    records: Sequence[Record]
    engine: EngineName | None = None
    progress: Callable[[int, str], None] = lambda _, __: None


@dataclass(frozen=True)
class ForClass:
    """How a target prints the papers of a class, each student's with numbers of her own, as `worksheet generate` makes them.

    ``formats`` are those of the papers; ``losses`` is given the sheet and the students, and returns what the platform cannot do for
    them, or raises :class:`InputError` for a sheet that it cannot take.  ``write`` makes what stands beside the papers, by the paths within
    the class's folder.  With ``one_key`` all keys are bound in one PDF, and with a ``print_order`` all papers.
    """

    formats: tuple[str, ...]
    losses: Callable[[Sheet, Sequence[Student]], Iterable[str]]
    write: Callable[[PrintedClass], Written]
    one_key: bool = False
    print_order: str | None = None


@dataclass(frozen=True)
class Target:
    """A platform: ``ending`` is that of the export's file, empty for a folder of several.

    ``write`` of one that ``prints_papers`` is also given what the tree was made from, and such a target asks all parts.
    ``papers`` is how it prints those of a class.  ``check`` is given a file of it, or a folder, and yields what is against the platform's rules.
    ``takes`` names the options that it heeds; ``count`` is how many variants there are by default.  ``shows_answers`` where
    whoever has the file can read them.  ``by_student`` where each student of a class list can have a file of her own.
    ``answers_return`` where `worksheet grade` reads what students type there: the records of the variants stand next to the export.
    """

    name: str
    title: str
    ending: str
    write: Callable[..., Written]
    check: Callable[[Path], Iterable[str]]
    takes: frozenset[str] = field(default_factory=frozenset)
    count: int = 10
    needs_png: bool = True
    shows_answers: bool = False
    by_student: bool = False
    prints_papers: bool = False
    papers: ForClass | None = None
    answers_return: bool = False

    def written(self, tree: Export, options: Options, source: Source) -> Written:
        """Return what the target makes of a tree."""
        return self.write(tree, options, source) if self.prints_papers else self.write(tree, options)

    def faults(self, path: Path) -> list[str]:
        """Return what is against the platform's rules in a file, or a folder; raises :class:`InputError` where there is none."""
        if not path.exists():
            raise InputError(f"there is no {path}", field="--check")
        if path.is_dir() == bool(self.ending):
            kind = "a file" if self.ending else "a folder"
            raise InputError(expected(f"{kind} of {self.title}", path), field="--check")
        try:
            return list(self.check(path))
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror}", field="--check") from error
