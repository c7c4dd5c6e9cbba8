"""The order for a run, the plan that stands for it in the folder, and the job that workers are sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from generator import __version__
from generator.classes.binding import NOT_BOUND, Binding, is_bound
from generator.classes.bound import HASHES
from generator.classes.forms_by_seat import FORMS
from generator.errors import InputError
from generator.paper.manifest import INDEX, MANIFEST_HASH, RECORDS, REPORT, SINGLE
from generator.paper.origin import Origin, Redraws
from generator.paper.secret import Secret
from generator.paper.sheet import Sheet
from generator.paper.students import Student, file_stems
from generator.tex import pdf

GRADESCOPE = "gradescope"
"""The folder within the class's with what Gradescope needs beside the papers."""

_OUR_NAMES = {RECORDS, INDEX, MANIFEST_HASH, HASHES, FORMS, REPORT, SINGLE, GRADESCOPE}


@dataclass(frozen=True)
class Order:
    """An order: a sheet for some students, drawn with the course secret, in some formats, in a folder.

    Only one that ``replaces`` may remove papers of an earlier run, or make them anew from other files.
    """

    sheet: Sheet
    seed: int
    students: tuple[Student, ...]
    formats: tuple[str, ...]
    folder: Path
    secret: Secret
    engine: pdf.EngineName | None = None
    binding: Binding = NOT_BOUND
    replaces: bool = False

    @property
    def digest(self) -> str:
        """Equal for two orders that lead to the same bytes."""
        sheet = self.sheet
        sources = sorted(sheet.sources.items())
        secret = self.secret.fingerprint
        what = (
            __version__,
            sheet.name,
            sheet.text,
            sources,
            self.seed,
            secret,
            self.students,
            self.formats,
            self.engine,
            sorted(sheet.overrides.items()),
            sheet.style.places,
        )
        return blake2b(repr(what).encode(), digest_size=16).hexdigest()

    @property
    def folders(self) -> dict[str, str]:
        """The name of each student's folder by her id, which no file of the run is called like.

        Raises :class:`InputError` where a student's id is such a name, or two ids lead to the same folder.
        """
        stems = file_stems(self.students)
        for student, stem in stems.items():
            if stem.lower() in _OUR_NAMES or is_bound(stem.lower()):
                raise InputError(
                    f"the id {student} is the name of a file that a run writes; give the student another id"
                )
        return stems


HIDDEN = ".run"
"""The folder within the class's in which a run keeps what is not yet whole."""

TOKEN = f"{HIDDEN}/token"
"""The file by which a worker knows that it shares the folder of a run."""


@dataclass(frozen=True)
class Job:
    """The job of a worker: what is made for every student of a run, and where.

    ``sheet`` is the TOML file's path and text, ``options`` and ``places`` what a command says of its style in place of the file,
    ``sources`` what its papers come from.  A worker that finds ``token`` in the folder shares it, and writes
    there; any other sends the files back.
    """

    sheet: tuple[str, str]
    seed: int
    formats: tuple[str, ...]
    engine: pdf.EngineName | None
    folder: str
    token: str
    sources: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    version: str = __version__

    @property
    def shares_folder(self) -> bool:
        """Whether this process shares the folder of the run."""
        try:
            return Path(self.folder, TOKEN).read_text() == self.token
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class Assignment:
    """A student, what her paper is drawn from, and the records (JSON) of the papers that it replaces."""

    student: Student
    origin: Origin
    replaced: tuple[str, ...] = ()

    @property
    def redraws(self) -> Redraws:
        """Which problems of the paper had to be drawn again."""
        return self.origin.redraws


PLAN = f"{HIDDEN}/plan.json"
"""In the class's folder as long as its run is not finished: of which sheet it is, which order, whose folders."""


@dataclass(frozen=True)
class Plan:
    """The plan of a run in a folder: its sheet, its seed, its secret's fingerprint; ``token`` stands for all of it.

    ``folders`` are the students' by their ids.  Papers of an earlier run are removed, or made anew from other
    ``sources`` or with other ``options`` of their style, only by one that ``replaces`` them.
    """

    sheet: str
    seed: int
    token: str
    folders: Mapping[str, str] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    replaces: bool = False
    secret: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


def check_owner(folder: Path, plan: Plan) -> None:
    """A folder is one run's: another one would leave papers that belong to no key."""
    if (folder / "manifest.json").exists():
        raise InputError(f"{folder} holds a single paper; give the class another folder", field="--out")
    for file in (folder / RECORDS, folder / PLAN):
        try:
            with file.open("rb") as lines:
                line = lines.readline()
            if not line:  # a run in which every paper failed
                continue
            found = json.loads(line)
            theirs = found["sheet"], found["seed"]
            made_by = found.get("version", __version__)
            secret = found.get("secret", "")
        except FileNotFoundError:
            continue
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise InputError(
                f"{file} is not what a run writes; give the class another folder, or remove that file", field="--out"
            ) from error
        if theirs != (plan.sheet, plan.seed):
            raise InputError(
                f"{folder} holds a run of the sheet {str(theirs[0])[:80]} with seed {str(theirs[1])[:20]}; give this "
                "one another folder, or remove that",
                field="--out",
            )
        if made_by != __version__:  # it may draw other numbers for the same ids, and the keys handed out would be lost
            raise InputError(
                f"{folder} holds papers of version {str(made_by)[:20]}, and this is {__version__}; give this run another "
                "folder, or install that version to go on in this one",
                field="--out",
            )
        if secret != plan.secret:
            drawn = f"with the secret {str(secret)[:20]}" if secret else "without a secret"
            raise InputError(
                f"{folder} holds papers that were drawn {drawn}, and this one is {plan.secret}: give the file of that secret "
                "(--secret), or this run another folder",
                field="--secret" if secret else "--out",
            )
