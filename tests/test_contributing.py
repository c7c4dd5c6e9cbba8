"""CONTRIBUTING's map has every module on it, and none that is not there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
MAPPED_AS_A_WHOLE = {"problems", "figures"}
OWN = {"__init__", "__main__", "_version", "errors", "paths"}


def on_the_map() -> set[str]:
    """The modules that the table names; in a row, a folder stands before the first of its modules only."""
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("| module |")[1].split("## Rules")[0]
    named = set()
    for row in table.splitlines():
        folder = ""
        for found, stem in re.findall(r"`([a-z_]+(?:/[a-z_]+)*/)?([a-z_]+)\.py`", row):
            folder = found or folder
            named.add(f"{folder}{stem}")
    return named


def test_every_module_is_on_the_map() -> None:
    modules = [path.relative_to(ROOT / "generator") for path in (ROOT / "generator").rglob("*.py")]
    there = {
        path.with_suffix("").as_posix()
        for path in modules
        if path.stem not in OWN and path.parts[0] not in MAPPED_AS_A_WHOLE
    }
    assert on_the_map() == there
