"""Where problems are found: this package's folder, installed packages' entry points, and named files."""

from __future__ import annotations

import importlib.util
import pkgutil
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from hashlib import blake2b
from importlib import import_module
from importlib.machinery import SourceFileLoader
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from threading import RLock
from types import CodeType, ModuleType

from generator.errors import AuthoringError, InputError, WorksheetError, describe_error, expected, line_of_error, shown
from generator.problem.author_code import line_with
from generator.problem.listing import ENTRY_POINTS, FORMER_ENTRY_POINTS, Listed
from generator.problem.problem import Problem

_BUILT_IN = "generator.problems"

_LOADING = RLock()
"""Or one thread would find the half of a module that another is loading."""


@cache
def catalogue() -> Mapping[str, Problem]:
    """Every problem that can be had by its id, in the order of their ids."""
    found: dict[str, Problem] = {}
    for info in pkgutil.iter_modules(import_module(_BUILT_IN).__path__):
        if not info.name.startswith("_"):  # what several problems share
            _add(found, _problem_of(import_module(f"{_BUILT_IN}.{info.name}")))
    former = entry_points(group=FORMER_ENTRY_POINTS)
    for point in sorted([*entry_points(group=ENTRY_POINTS), *former], key=lambda point: point.name):
        _add(found, _problem_of_point(point))
    if former:
        names = ", ".join(sorted(point.name for point in former))
        sys.stderr.write(f"note: {names}: the entry-point group {FORMER_ENTRY_POINTS} is called {ENTRY_POINTS} now\n")
    return dict(sorted(found.items()))


def listed_catalogue() -> list[Listed]:
    """The problems of the catalogue as they are listed."""
    return [
        Listed(problem.id, problem.title, problem.topic, {name: level.size for name, level in problem.levels.items()})
        for problem in catalogue().values()
    ]


def _problem_of_point(point: EntryPoint) -> Problem:
    try:
        loaded = point.load()
    except Exception as error:
        raise AuthoringError(
            f"the entry point {point.name} = {point.value} ({point.group}) cannot be loaded: "
            f"{type(error).__name__}: {error}; mend or uninstall its package"
        ) from error
    found = loaded if isinstance(loaded, Problem) else getattr(loaded, "PROBLEM", None)
    if not isinstance(found, Problem):
        raise AuthoringError(f"the entry point {point.name} = {point.value} ({point.group}) leads to no Problem")
    return found


def find_problem(name: str) -> Problem:
    """The problem with this id; or, if ``name`` ends in ``.py``, the one in that file."""
    if name.endswith(".py"):
        return problem_in_file(Path(name))
    module = name.replace("-", "_")
    if module.isidentifier() and not module.startswith("_") and find_spec(f"{_BUILT_IN}.{module}") is not None:
        # By convention a file is named after its problem; the others need not be loaded, nor be sound.
        problem = _problem_of(import_module(f"{_BUILT_IN}.{module}"))
        if problem.id == name:
            return problem
    known = catalogue()
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f", did you mean {near[0]}?" if near else ";"
        raise InputError(f"no problem is called {name!r}{hint} the problems are {', '.join(known)}")
    return known[name]


def is_in_catalogue(name: str) -> bool:
    """Return whether a problem that comes with the generator, or with an installed package, has this id."""
    try:
        find_problem(name)
    except InputError:
        return False
    return True


class _FromSource(SourceFileLoader):
    """Compiles the file as it is now: of two saves within a second, Python's cache may hold the first one's code."""

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self.get_data(self.path), self.path)


def problem_in_file(path: Path) -> Problem:
    """The problem that a Python file defines as ``PROBLEM``."""
    if not path.is_file():
        raise InputError(f"there is no problem file {path}")
    resolved = path.resolve()
    try:
        source = resolved.read_bytes()
        bank = resolved.with_suffix(".toml")
        source += bank.read_bytes() if bank.is_file() else b""
    except OSError as error:
        raise InputError(f"the problem file {path} cannot be read: {error.strerror}") from error
    # By its content too: a worker that lives for weeks must not go on with what the file was.
    name = f"generator_problem_{blake2b(str(resolved).encode() + source, digest_size=8).hexdigest()}"
    with _LOADING:
        if name not in sys.modules:
            spec = importlib.util.spec_from_file_location(name, loader=_FromSource(name, str(resolved)))
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            sys.modules[name] = module
            try:
                spec.loader.exec_module(module)
            except (Exception, SystemExit) as error:
                del sys.modules[name]
                if isinstance(error, WorksheetError):
                    error.locate(context=_named_in(source), line=line_of_error(error, str(resolved)) or resolved.name)
                    raise
                raise AuthoringError(f"{path} cannot be loaded: {describe_error(error, str(resolved))}") from error
        found = _problem_of(sys.modules[name])
        if not found.source:
            found = replace(found, source=str(resolved))
            vars(sys.modules[name])["PROBLEM"] = found
        return found


def _problem_of(module: ModuleType) -> Problem:
    found = getattr(module, "PROBLEM", None)
    if found is not None and not isinstance(found, Problem):
        raise AuthoringError(f"PROBLEM: {expected('a Problem(...)', shown(found))}").locate(
            line=line_with(module.__file__ or "", "PROBLEM") or str(module.__file__)
        )
    if found is None:
        others = [name for name, value in vars(module).items() if isinstance(value, Problem)]
        hint = f"; {others[0]} is one: call it PROBLEM" if others else ""
        raise AuthoringError(f"{module.__file__} defines no PROBLEM = Problem(...){hint}")
    return found


def _named_in(source: bytes) -> str:
    """What messages call the problem of a file that cannot be loaded: by its id, if that can be seen."""
    found = re.search(rb"""^\s+id\s*=\s*["']([^"'\n]*)["']""", source, re.MULTILINE)
    return f"problem {found[1].decode(errors='replace')}" if found else ""


def _add(found: dict[str, Problem], problem: Problem) -> None:
    if problem.id in found:
        raise AuthoringError(f"two problems are called {problem.id!r}; give one another id")
    found[problem.id] = problem
