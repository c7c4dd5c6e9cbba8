"""``--roster``: a file for every student, with numbers of her own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from generator.cli import main

CLASS = "id,name\nada,Ada Lovelace\n../bob,Bob\n"


def run(*arguments: object) -> Any:
    return CliRunner().invoke(main, ["export", *map(str, arguments)])


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "class.csv"
    path.write_text(CLASS)
    return path


def variants(path: Path) -> list[str]:
    tree = json.loads(path.read_bytes())
    return [one["id"] for problem in tree["problems"] for part in problem["parts"] for one in part["variants"]]


def exported(roster: Path, out: Path, *more: str) -> dict[str, list[str]]:
    result = run(
        "json",
        "losses",
        "--roster",
        roster,
        "--open",
        "--parts",
        "softmax-cross-entropy",
        "--variants",
        1,
        "--out",
        out,
        *more,
    )
    assert result.exit_code == 0, result.output
    return {path.name: variants(path) for path in sorted(out.iterdir())}


def test_each_student_has_a_file_with_numbers_of_her_own(roster: Path, tmp_path: Path) -> None:
    both = exported(roster, tmp_path / "both")
    assert len(both) == 2
    assert "ada.json" in both
    first, second = both.values()
    assert first != second


def test_a_students_file_does_not_depend_on_the_others(roster: Path, tmp_path: Path) -> None:
    both = exported(roster, tmp_path / "both")
    roster.write_text("id,name\nzoe,Zoe\nada,Ada Lovelace\n")
    assert exported(roster, tmp_path / "later")["ada.json"] == both["ada.json"]


def test_what_is_lost_is_said_once_for_all(roster: Path, tmp_path: Path) -> None:
    from generator.export.run import _in_each

    assert _in_each([("2 essays are lost", "odd"), ("3 essays are lost", "odd")]) == (
        "in each file: 2 to 3 essays are lost",
        "in each file: odd",
    )


def test_the_printed_numbers_are_nobodys_own(roster: Path, tmp_path: Path) -> None:
    result = run("json", "losses", "--roster", roster, "--original", "--open", "--out", tmp_path / "out")
    assert result.exit_code != 0
    assert "--roster" in result.output
    assert not (tmp_path / "out").exists()


def test_a_target_without_files_by_student_says_so(roster: Path, tmp_path: Path) -> None:
    result = run("prairielearn", "losses", "--roster", roster, "--open", "--out", tmp_path / "out")
    assert result.exit_code != 0
    assert "has no file a student" in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("target", ["jupyter", "anki"])
def test_a_file_that_shows_its_answers_wants_to_know_the_classes(target: str, tmp_path: Path) -> None:
    result = run(target, "losses", "--out", tmp_path / "out")
    assert result.exit_code != 0
    assert "--avoid" in result.output
    assert not (tmp_path / "out").exists()


def test_notebooks_are_named_by_student(roster: Path, tmp_path: Path) -> None:
    result = run(
        "jupyter", "losses", "--roster", roster, "--open", "--parts", "loss,loss_smooth", "--out", tmp_path / "out"
    )
    assert result.exit_code == 0, result.output
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert len(names) == 2
    assert "ada.ipynb" in names
    assert "Ada Lovelace" in (tmp_path / "out/ada.ipynb").read_text(encoding="utf-8")
    assert "Bob" not in (tmp_path / "out/ada.ipynb").read_text(encoding="utf-8")
