"""The problems as ``worksheet list`` shows them, read from their files without running them: sympy takes a while to import."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

ENTRY_POINTS = "problemwright.problems"
"""The entry-point group under which an installed package offers its problems' modules."""

FORMER_ENTRY_POINTS = "keyright.problems"
"""The group's name before version 0.3."""

_PROBLEMS = Path(__file__).parents[1] / "problems"


@dataclass(frozen=True)
class Listed:
    """A problem's id, its title and topic, and how many variants it has at each of its levels."""

    id: str
    title: str
    topic: str
    sizes: Mapping[str, str]


def size_text(variants: int | None, *, counted: bool) -> str:
    """The number of variants for people: ``2,451,640 variants`` or ``at least 600,000 variants``."""
    return "variants not counted" if variants is None else f"{'' if counted else 'at least '}{variants:,} variants"


def listed_problems() -> list[Listed] | None:
    """Every problem of the catalogue, in the order of their ids; None if one of them must be imported to be listed."""
    if any(entry_points(group=group) for group in (ENTRY_POINTS, FORMER_ENTRY_POINTS)):
        return None
    files = [*_PROBLEMS.glob("[!_]*.py"), *_PROBLEMS.glob("[!_]*/__init__.py")]
    found = [_read(path.read_text(encoding="utf-8")) for path in files]
    known = [one for one in found if one is not None]
    return sorted(known, key=lambda one: one.id) if len(known) == len(found) else None


def _read(source: str) -> Listed | None:
    """The problem that a file defines; None if what is listed does not stand there literally."""
    for statement in ast.parse(source).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="PROBLEM")], value=ast.Call() as problem):
                try:
                    return _listed(problem)
                except (KeyError, ValueError):
                    return None
    return None


def _listed(problem: ast.Call) -> Listed:
    given = _named(problem)
    levels = {"easy": given.get("easy"), "standard": problem, "hard": given.get("hard")}
    sizes = {name: _size(call) for name, call in levels.items() if isinstance(call, ast.Call)}
    name, title, topic = (ast.literal_eval(given[field]) for field in ("id", "title", "topic"))
    return Listed(name, title, topic, sizes)


def _size(call: ast.Call) -> str:
    given = _named(call)
    variants, counted = (ast.literal_eval(given[name]) if name in given else None for name in ("variants", "counted"))
    return size_text(variants, counted=bool(counted))


def _named(call: ast.Call) -> dict[str, ast.expr]:
    """The arguments given by name; raises :class:`ValueError` where there may be others."""
    if any(one.arg is None for one in call.keywords):
        raise ValueError("unpacked arguments")
    return {one.arg: one.value for one in call.keywords if one.arg is not None}
