"""What is previewed: a problem's file, its bank, a sheet, or a built-in one of them; always read as a sheet."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from generator.cli.preview.request import Facts, Request
from generator.errors import InputError
from generator.paper.sheet import Sheet
from generator.paper.sheet_file import built_in_sheets, find_sheet, read_sheet
from generator.problem.bank_file import LEVELS
from generator.problem.catalogue import find_problem
from generator.render.paths import templates_folder

_PROBLEMS = Path(__file__).parents[2] / "problems"
"""The folder of the built-in problems."""

_ASKED = ("problem", "question", "pool")
"""The tables that a sheet has, and a bank has not."""


@dataclass(frozen=True)
class Target:
    """A file or the id of something built in."""

    name: str
    is_problem: bool

    @property
    def is_built_in(self) -> bool:
        """Whether it comes with the generator, so that it is known by its id."""
        return not self.name.endswith((".py", ".toml"))

    @property
    def path(self) -> Path | None:
        """The file that its author edits, where that is known without reading it."""
        if not self.is_built_in:
            return Path(self.name)
        return built_in_sheets().get(self.name)

    def load(self) -> Sheet:
        """Read it afresh; raise :class:`WorksheetError` for what is wrong with it."""
        if not self.is_problem or not self.is_built_in:
            return find_sheet(self.name)
        title = find_problem(self.name).title
        text = f"title = {json.dumps(title, ensure_ascii=False)}\n[[problem]]\nid = {json.dumps(self.name)}\n"
        return read_sheet(Path(f"{self.name}.toml"), text)


def find_target(what: str) -> Target:
    """Return what an author means by a path or an id; raise :class:`InputError` where there is no such thing.

    A bank, or its translation, stands for its problem's file, and a built-in problem's file for its id.
    """
    path = Path(what)
    if path.suffix not in (".py", ".toml"):
        if path.exists():
            raise InputError(f"{what} is neither a problem's Python file, nor a bank or a sheet (TOML)", field="FILE")
        return Target(what, is_problem=what not in built_in_sheets() and bool(find_problem(what)))
    if not path.is_file():
        raise InputError(f"there is no file {what}", field="FILE")
    if path.suffix == ".toml" and not _is_sheet(path):
        stem = path.name.partition(".")[0]  # layer_norm.de.toml is a translation of layer_norm.toml
        package = [path.with_name("__init__.py")] if path.resolve().parent.name == stem else []
        path = next(filter(Path.is_file, (path.with_name(f"{stem}.py"), *package)), path)
    if path.suffix == ".py":
        own = path.resolve().parent if path.name == "__init__.py" else path.resolve()
        if own.parent == _PROBLEMS.resolve() and not own.stem.startswith("_"):
            return Target(own.stem.replace("_", "-"), is_problem=True)
    elif path.resolve().parent == (templates_folder() / "sheets").resolve():
        return Target(path.stem, is_problem=False)
    return Target(str(path), is_problem=path.suffix == ".py")


def _is_sheet(path: Path) -> bool:
    """Return whether a TOML file asks something, as a sheet does; one that cannot be read is taken for a bank."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return False
    return any(isinstance(table.get(key), list) for key in _ASKED)


def facts_of(target: Target, sheet: Sheet) -> Facts:
    """Return what there is to choose from."""
    levels = {level for entry in sheet.entries for level in entry.problem.levels}
    return Facts(
        title=sheet.title,
        is_sheet=not target.is_problem,
        levels=tuple(level for level in LEVELS if level in levels),
        has_original=all(entry.problem.original is not None for entry in sheet.entries),
    )


def as_asked(target: Target, sheet: Sheet, request: Request) -> Sheet:
    """Return the sheet with what has been chosen on the page in place of what it says; of a problem all parts are shown."""
    look = {name: chosen for name in ("layout", "paper") if (chosen := getattr(request, name))}
    if look:
        sheet = sheet.overridden(look)
    entries = [
        replace(
            entry,
            level=request.level if request.level in entry.problem.levels else entry.level,
            guided=entry.guided if not request.guided else request.guided == "yes",
            extended=request.extended == "yes" if request.extended else target.is_problem or entry.extended,
        )
        for entry in sheet.entries
    ]
    return replace(sheet, entries=tuple(entries))
