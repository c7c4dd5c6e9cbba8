"""Problem files are read as they are now."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from generator.cli.scaffold import write_problem
from generator.problem.catalogue import problem_in_file


def test_of_two_saves_within_a_second_the_later_one_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    path, *_ = write_problem("own-layer", tmp_path)
    text, saved = path.read_text(), 1_000_000_000
    titles = []
    for title in ("First", "Later"):
        path.write_text(text.replace('title="Own layer"', f'title="{title}"'))
        os.utime(path, (saved, saved))
        titles.append(problem_in_file(path).title)
    assert titles == ["First", "Later"]
