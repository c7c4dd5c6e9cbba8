"""Whose a class's folder is: the plan of the run at work in it, and what stands there of others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator import __version__
from generator.classes.job import HIDDEN
from generator.errors import InputError
from generator.paper.manifest import RECORDS

PLAN = f"{HIDDEN}/plan.json"
"""In the class's folder as long as its run is not finished: of which sheet it is, which order, whose folders."""


@dataclass(frozen=True)
class Plan:
    """What is made in a folder: of which sheet, from which seed; ``token`` stands for all of it.

    ``folders`` are the students' by their ids.  Papers of an earlier run are removed, or made anew from other
    ``sources``, only by one that ``replaces`` them.
    """

    sheet: str
    seed: int
    token: str
    folders: Mapping[str, str] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    replaces: bool = False


def check_whose(folder: Path, plan: Plan) -> None:
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
