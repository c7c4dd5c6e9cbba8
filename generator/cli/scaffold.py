"""Writes a new problem's file, its bank and its test, or a sheet of plain questions, for an author to edit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from generator.cli.lint import PROBLEM_ID
from generator.errors import InputError, did_you_mean
from generator.paper.sheet_file import built_in_sheets
from generator.problem.catalogue import is_in_catalogue
from generator.render.paths import templates_folder


def write_problem(name: str, folder: Path) -> tuple[Path, ...]:
    """Write ``<name>.py``, ``<name>.toml`` and ``test_<name>.py`` into ``folder``; existing files are never touched."""
    stem = _stem(name)
    return _write(
        name,
        folder,
        {f"{stem}.py": "problem.py.j2", f"{stem}.toml": "bank.toml.j2", f"test_{stem}.py": "test_problem.py.j2"},
    )


def write_minimal(name: str, folder: Path) -> tuple[Path, ...]:
    """Write ``<name>.py`` alone, the shortest problem that runs; an existing file is never touched."""
    return _write(name, folder, {f"{_stem(name)}.py": "minimal.py.j2"})


def write_sheet(name: str, folder: Path) -> tuple[Path, ...]:
    """Write a sheet of plain questions, ``quiz.toml``; an existing file is never touched."""
    title = re.sub("[-_]+", " ", _stem_of_sheet(name)).capitalize()
    return _write_files(folder, {name: "quiz.toml.j2"}, title=title, file=name)


def write_copy(name: str, folder: Path, sheet: str) -> Path:
    """Write a copy of a built-in sheet, to be changed; an existing file is never touched."""
    _stem_of_sheet(name)
    built_in = built_in_sheets()
    if sheet not in built_in:
        raise InputError(f"no built-in sheet {sheet!r}{did_you_mean(sheet, built_in)}", field="--like")
    (path,) = _new_paths(folder, [name])
    _write_text(path, built_in[sheet].read_text(encoding="utf-8"))
    return path


def _stem_of_sheet(name: str) -> str:
    stem = name.removesuffix(".toml")
    if not name.endswith(".toml") or not re.fullmatch(r"\w[\w-]*", stem):
        raise InputError(f"{name!r} cannot be a sheet's file: use letters, digits, hyphens and .toml", field="NAME")
    return stem


def _stem(name: str) -> str:
    if not PROBLEM_ID.fullmatch(name):
        raise InputError(f"{name!r} cannot be a problem's id: use lower-case words joined by hyphens", field="NAME")
    if is_in_catalogue(name):
        raise InputError(
            f"a problem of the catalogue has the id {name!r} (`worksheet list`), and papers are marked by their problems' "
            "ids: choose another name",
            field="NAME",
        )
    return name.replace("-", "_")


def _write(name: str, folder: Path, templates: Mapping[str, str]) -> tuple[Path, ...]:
    stem, title = _stem(name), name.replace("-", " ").capitalize()
    return _write_files(folder, templates, id=name, title=title, file=f"{stem}.py", bank=f"{stem}.toml")


def _write_files(folder: Path, templates: Mapping[str, str], **values: str) -> tuple[Path, ...]:
    paths = _new_paths(folder, templates)
    environment = Environment(
        loader=FileSystemLoader(templates_folder() / "author"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - Python source, and the name is checked above
        keep_trailing_newline=True,
    )
    for path, template in zip(paths, templates.values(), strict=True):
        _write_text(path, environment.get_template(template).render(values))
    return paths


def _new_paths(folder: Path, names: Iterable[str]) -> tuple[Path, ...]:
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}", field="--dir")
    paths = tuple(folder / name for name in names)
    for path in paths:
        if path.exists():
            raise InputError(f"{path} exists already; choose another name or move it away", field="NAME")
    return paths


def _write_text(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}", field="--dir") from error
