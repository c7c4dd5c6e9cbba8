"""CONTRIBUTING's map has every module on it, and none that is not there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_module_is_on_the_map() -> None:
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("| module |")[1].split("## Rules")[0]
    named = set(re.findall(r"`(?:grading/)?([a-z_]+)\.py`", table))
    own = {"__init__", "__main__", "_version", "errors", "paths"}
    there = {path.stem for path in (ROOT / "generator").glob("*.py")}
    grading = {path.stem for path in (ROOT / "generator" / "grading").glob("*.py")}
    assert named - there - grading == set()
    assert (there | grading) - named - own == set()
