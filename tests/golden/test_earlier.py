"""Folders that an earlier version made: they still verify, and are graded and printed by their records.

Each folder in ``earlier`` was written by version 0.2.0 from the sheet and the class list beside it; ``unkeyed`` by one of
0.3.0 from before papers were drawn with a secret.
"""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator.cli import main

EARLIER = Path(__file__).parent / "earlier"
CLASSES = ("standard", "easy", "hard", "unkeyed")


def _command(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(params=CLASSES)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    shutil.copy(EARLIER / f"{request.param}.toml", tmp_path)
    return Path(shutil.copytree(EARLIER / request.param, tmp_path / request.param))


def _records(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]


def test_verifies(folder: Path) -> None:
    result = _command("verify", folder, "--sheet", folder.with_suffix(".toml"), "--workers", "1")
    assert result.exit_code == 0, result.output


def test_a_changed_answer_is_found(folder: Path) -> None:
    manifest = folder / "manifest.jsonl"
    before = manifest.read_text(encoding="utf-8")
    (answer,) = {record["problems"][3]["answers"]["y_corr"] for record in _records(folder)[:1]}
    manifest.write_text(before.replace(f'"y_corr":"{answer}"', '"y_corr":"12345"', 1), encoding="utf-8")
    result = _command("verify", folder, "--sheet", folder.with_suffix(".toml"), "--workers", "1")
    assert result.exit_code == 1
    assert "12345" in result.output


def test_its_answers_earn_all_points(folder: Path, tmp_path: Path) -> None:
    parts = {"layer-norm": "output", "batch-norm": "output", "l2-regularization": "theta"}
    rows = [
        [record["student"]["id"], problem["id"], parts[problem["id"]], _typed(problem["answers"][parts[problem["id"]]])]
        for record in _records(folder)
        for problem in record["problems"]
        if problem["id"] in parts
    ]
    answers = tmp_path / "answers.csv"
    with answers.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["student", "problem", "part", "answer"], *rows])
    out = tmp_path / "graded"
    sheet = folder.with_suffix(".toml")
    result = _command("grade", folder, answers, "--sheet", sheet, "--out", out, "--workers", "1")
    assert result.exit_code == 0, result.output
    feedback = [path.read_text(encoding="utf-8") for path in sorted((out / "feedback").glob("*.md"))]
    assert [text.count("**Right.**") for text in feedback] == [len(parts)] * len(_records(folder))


def test_its_keys_are_printed(folder: Path) -> None:
    for record in _records(folder):
        result = _command("key", record["id"], "--in", folder, "--sheet", folder.with_suffix(".toml"))
        assert result.exit_code == 0, result.output
        assert record["id"] in result.output
        (correct,) = {problem["answers"]["y_drop"] for problem in record["problems"] if problem["id"] == "dropout"}
        assert correct in result.output


def _typed(answer: Any) -> str:
    """An answer of a record as a student types it: rows are divided by semicolons."""
    if isinstance(answer, str):
        return answer
    return ("; " if isinstance(answer[0], list) else ", ").join(map(_typed, answer))
