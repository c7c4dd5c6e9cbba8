"""The author's own files that a sheet's papers come from, each with a digest: with the version they say what drew a paper."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from hashlib import blake2b
from pathlib import Path

from generator.document.markup import pictures_in
from generator.document.page_style import Logo
from generator.errors import InputError
from generator.problem.problem import Problem
from generator.render.paths import templates_folder


def sources_of(
    sheet: Path, text: str, problems: Iterable[Problem], templates: Path | None = None, logo: Logo | None = None
) -> dict[str, str]:
    """Return the digests of the sheet's file with this text, of each problem's file and bank, of its templates and its logo.

    The keys are what messages call them.  What comes with the generator is left out, for the version stands for it; so
    are modules that a problem imports.
    """
    found = {}
    if text and templates_folder().resolve() not in sheet.parents:
        found[sheet.name] = _digest([text.encode()])
    for problem in problems:
        found |= problem_sources(sheet, problem)
    if templates is not None:
        found[_name(templates.resolve(), sheet.parent)] = _digest(_contents(templates))
    if logo is not None:
        found[logo.name] = _digest([logo.content])
    return found


def problem_sources(sheet: Path, problem: Problem) -> dict[str, str]:
    """Return the digests of a problem's file, its bank and its pictures; none if it comes with the generator."""
    path = _file_of(problem)
    if path is None:
        return {}
    if not path.is_file():
        raise InputError(
            f"problem {problem.id}: source= names {path.name}, and there is no such file: leave source= out"
        )
    found = {_name(path, sheet.parent): _digest([path.read_bytes()])}
    pictures = [*problem.pictures]
    if problem.bank is not None:
        pictures += [file for _, text in problem.bank.all_texts() for file in pictures_in(text)]
        found[_name(problem.bank.path.resolve(), sheet.parent)] = _digest([problem.bank.path.read_bytes()])
    for picture in (path.parent / file for file in pictures):
        if picture.is_file():  # else whatever shows it says so
            found[_name(picture.resolve(), sheet.parent)] = _digest([picture.read_bytes()])
    return found


def changed_sources(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The names of those that are not the same, or that only one of both has."""
    return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))


def _file_of(problem: Problem) -> Path | None:
    """The file of a problem that does not come with the generator."""
    if problem.source:
        return Path(problem.source)
    parts = problem.parts
    module = getattr(parts.func if isinstance(parts, partial) else parts, "__module__", None) or ""
    if module.partition(".")[0] == "generator":
        return None
    file = getattr(sys.modules.get(module), "__file__", None)
    return Path(file) if file else None


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if folder in path.parents else path.name


def _contents(folder: Path) -> Iterator[bytes]:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield path.relative_to(folder).as_posix().encode()
        yield path.read_bytes()


def _digest(contents: Iterator[bytes] | list[bytes]) -> str:
    digest = blake2b(digest_size=8)
    for content in contents:
        digest.update(len(content).to_bytes(8, "big") + content)
    return digest.hexdigest()
