"""The server of workers makes a paper that nobody gets; never of what an author wrote, and never at the cost of a run."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from generator.classes.warm_up import announced, warm_up_task
from generator.paper.sheet_file import find_sheet

pytestmark = pytest.mark.slow

READY = """
import generator.classes.warm_up
from generator.render.renderer import renderer
print(renderer.cache_info().currsize, end="")
"""

WORKER = """
from generator.classes.processes import Pools
from generator.classes.warm_up import warm_up_task
from generator.paper.sheet_file import find_sheet
known = "__import__('generator.render.renderer').render.renderer.renderer.cache_info().currsize"
pools = Pools(1, warm_up_task(find_sheet("discussion04"), ("md",)))
print(pools.executor().submit(eval, known).result())
pools.close(at_once=False)
"""
ROOT = Path(__file__).resolve().parents[2]


def ready_after(warm_up: str) -> str:
    """How many renderers a process has when it has imported the module."""
    with announced(warm_up):
        done = subprocess.run([sys.executable, "-c", READY], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


def test_a_process_that_is_told_of_a_specimen_has_its_templates() -> None:
    sheet = find_sheet("discussion04")
    assert ready_after(warm_up_task(sheet, ("tex",))) == "1"
    assert ready_after(warm_up_task(sheet, ("tex", "md"))) == "3"  # and that of drawings
    assert ready_after("") == "0"


def test_a_specimen_that_fails_is_nobodys_concern() -> None:
    assert ready_after(json.dumps(["sheet.toml", "title = 3", "tex"])) == "0"


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked from a server")
def test_workers_find_the_specimen_made() -> None:
    done = subprocess.run([sys.executable, "-c", WORKER], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "2\n"


def test_what_authors_wrote_is_left_to_the_workers(tmp_path: Path) -> None:
    sheet = find_sheet("discussion04")
    assert warm_up_task(replace(sheet, templates=tmp_path), ("tex",)) == ""
    entry = replace(sheet.entries[0], problem=replace(sheet.entries[0].problem, source="own.py"))
    assert warm_up_task(replace(sheet, entries=(*sheet.entries, entry)), ("tex",)) == ""
