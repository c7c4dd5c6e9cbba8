"""A look at a sheet's own templates before they are used: a file or macro whose name is misspelt would never be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from generator.errors import expected, near
from generator.render.formats import FORMATS, SVG
from generator.render.paths import templates_folder

_MACRO = re.compile(r"[{<]%-?\s*macro\s+(\w+)\s*\(")
_NOT_OF_A_SHEET = "index.tex.j2"

_MOST_NAMED = 5


def template_fault(folder: Path) -> str:
    """Return what is wrong with a folder of templates, or nothing."""
    if not folder.is_dir():
        return f"there is no folder {folder}"
    shipped = _shipped()
    found = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in (".j2", ".sty")
    }
    if not any(name in shipped for name in found):
        got = ", ".join([*found][:_MOST_NAMED]) or "none of these"
        unknown = next(iter(found), "")
        hint = near(unknown, shipped) if unknown else ""
        return f"{folder} has no template: {expected('some of ' + _names(shipped), got)}{hint}"
    return next(_faults(found, shipped), "")


def _faults(found: Mapping[str, str], shipped: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for name, text in found.items():
        others = " ".join(other for other_name, other in found.items() if other_name != name)
        if name not in shipped and name.rpartition("/")[2] not in others:
            yield f"{name} is used by no format{near(name, shipped) or '; there are ' + _names(shipped)}"
        for macro in _MACRO.findall(text) if name in shipped else ():
            known = shipped[name]
            is_called = len(re.findall(rf"\b{macro}\b", text)) > 1 or re.search(rf"\b{macro}\b", others)
            if macro not in known and not is_called:
                yield f"the macro {macro} of {name} is never used{near(macro, known)}"


def _names(shipped: Mapping[str, frozenset[str]]) -> str:
    return ", ".join(shipped)


@cache
def _shipped() -> Mapping[str, frozenset[str]]:
    """The templates that a sheet may replace, by their paths, each with the macros of its format."""
    found: dict[str, frozenset[str]] = {}
    for form in (*FORMATS.values(), SVG):
        folder = templates_folder() / form.folder
        texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}
        macros = frozenset(macro for text in texts.values() for macro in _MACRO.findall(text))
        found |= {f"{form.folder}/{name}": macros for name in texts if name != _NOT_OF_A_SHEET}
    return found
