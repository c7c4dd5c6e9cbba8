"""The targets by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module

from generator.errors import InputError, near
from generator.export.target import Target

_MODULES = {
    "canvas": "canvas",
    "moodle": "moodle",
    "stack": "stack",
    "prairielearn": "prairielearn",
    "gradescope": "gradescope",
    "qti21": "qti21",
    "jupyter": "jupyter",
    "docx": "word",
    "anki": "anki",
    "json": "json_tree",
}
"""The modules of the targets, in the order of listing; each has its target as TARGET."""


@cache
def find_target(name: str) -> Target:
    """Return the target of a name; raises :class:`InputError` naming the others."""
    if name not in _MODULES:
        raise InputError(f"no target {name!r}{near(name, _MODULES)}; there are {', '.join(_MODULES)}", field="TARGET")
    target: Target = import_module(f"generator.export.{_MODULES[name]}").TARGET
    return target


def all_targets() -> Mapping[str, Target]:
    """Return all targets by name."""
    return {name: find_target(name) for name in _MODULES}


def names() -> tuple[str, ...]:
    """Return the names of the targets."""
    return tuple(_MODULES)
