"""The same command gives the same bytes in another time zone, language and folder, and with another order of sets, for every target."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from generator.export.targets import all_targets
from tests.tiny_class import ROOT

SHEET = """title = "Quiz"
layout = "exam"
fixed = true
[[problem]]
id = "dropout"
[[question]]
id = "plain"
kind = "choice"
text = "Which?"
options = [{ text = "yes", right = true }, { text = "no", feedback = "It is." }]
points = 1
"""
CLASS = "id,name,email\nada,Ada Lovelace,ada@x.edu\nzoë,Zoë Æsir,zoe@x.edu\n"

PLACES: Mapping[str, Mapping[str, str]] = {
    "here": {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "1", "PYTHONUTF8": "0"},
    "there": {"TZ": "America/Los_Angeles", "LC_ALL": "C.UTF-8", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "2"},
}

BY_STUDENT = [name for name, target in all_targets().items() if target.by_student or target.papers is not None]


def files(folder: Path) -> dict[str, bytes]:
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def exported(folder: Path, environment: Mapping[str, str], target: str, options: list[str]) -> dict[str, bytes]:
    """Export in a process of its own; return all that it wrote."""
    folder.mkdir()
    (folder / "quiz.toml").write_text(SHEET, encoding="utf-8")
    (folder / "class.csv").write_text(CLASS, encoding="utf-8")
    command = [sys.executable, "-m", "generator.cli", "export", target, "quiz.toml", "--out", f"out/{target}", *options]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return files(folder / "out")


def check(tmp_path: Path, target: str, options: list[str]) -> None:
    if target == "docx":
        pytest.importorskip("pypandoc", reason="pandoc is not installed")
    if target == "anki":
        pytest.importorskip("genanki", reason="genanki is not installed")
    here, there = (exported(tmp_path / name, PLACES[name], target, options) for name in PLACES)
    assert here
    assert here.keys() == there.keys()
    assert [name for name in here if here[name] != there[name]] == []


def marked(names: Iterable[str]) -> list[object]:
    """Return targets; those for which TeX sets many papers take longest."""
    return [pytest.param(one, marks=pytest.mark.heavy if one == "gradescope" else pytest.mark.slow) for one in names]


@pytest.mark.parametrize("target", marked(all_targets()))
def test_every_target_is_the_same_everywhere(target: str, tmp_path: Path) -> None:
    more = ["--open"] if all_targets()[target].shows_answers else []
    check(tmp_path, target, ["--variants", "2", *more])


@pytest.mark.parametrize("target", marked(BY_STUDENT))
def test_the_files_of_a_class_are_the_same_everywhere(target: str, tmp_path: Path) -> None:
    more = ["--open"] if all_targets()[target].shows_answers else []
    check(tmp_path, target, ["--roster", "class.csv", *more])
