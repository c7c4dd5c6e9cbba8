"""Writes a new problem's file, its bank and its test, for an author to edit."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from generator.errors import InputError
from generator.problem.catalogue import is_in_catalogue
from generator.render.paths import templates_folder

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def write_problem(name: str, folder: Path) -> tuple[Path, ...]:
    """Write ``<name>.py``, ``<name>.toml`` and ``test_<name>.py`` into ``folder``; existing files are never touched."""
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} cannot be a problem's id: use lower-case words joined by hyphens", field="NAME")
    if is_in_catalogue(name):
        raise InputError(
            f"a problem of the catalogue has the id {name!r} (`worksheet list`), and papers are marked by their problems' "
            "ids: choose another name",
            field="NAME",
        )
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}", field="--dir")
    stem = name.replace("-", "_")
    paths = folder / f"{stem}.py", folder / f"{stem}.toml", folder / f"test_{stem}.py"
    for path in paths:
        if path.exists():
            raise InputError(f"{path} exists already; choose another name or move it away", field="NAME")
    environment = Environment(
        loader=FileSystemLoader(templates_folder() / "author"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - Python source, and the name is checked above
        keep_trailing_newline=True,
    )
    title = name.replace("-", " ").capitalize()
    for path, template in zip(paths, ("problem.py.j2", "bank.toml.j2", "test_problem.py.j2"), strict=True):
        text = environment.get_template(template).render(id=name, title=title, file=f"{stem}.py", bank=f"{stem}.toml")
        try:
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise InputError(f"cannot write {path}: {error.strerror}", field="--dir") from error
    return paths
