"""Where an export is written: whole or not at all, and never over what it is made from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import Result

from tests.tiny_class import worksheet

QUIZ = """
title = "Quiz"
[[question]]
id = "q"
title = "Q"
text = "How much?"
kind = "number"
answer = 2
points = 1
"""


@pytest.fixture
def quiz(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "quiz.toml"
    path.write_text(QUIZ)
    return path


def export(target: str, *arguments: object) -> Result:
    return worksheet("export", target, "quiz.toml", "--open", *arguments)


def everything(folder: Path) -> dict[str, bytes]:
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_the_sheet_itself_is_never_overwritten(quiz: Path) -> None:
    for out in ("quiz.toml", "./quiz.toml", str(quiz)):
        done = export("moodle", "--out", out, "--force")
        assert done.exit_code == 2
        assert "is what the export is made from" in done.stderr
        assert quiz.read_text() == QUIZ
    (quiz.parent / "class.csv").write_text("id,name\nada,Ada\n")
    done = export("jupyter", "--roster", "class.csv", "--out", "class.csv", "--force")
    assert done.exit_code == 2
    assert (quiz.parent / "class.csv").read_text() == "id,name\nada,Ada\n"


@pytest.mark.parametrize("target", ["moodle", "prairielearn"])
@pytest.mark.parametrize("fails_at", range(1, 5))
@pytest.mark.parametrize("is_there", [False, True])
def test_a_disk_that_fills_up_leaves_everything_as_it_was(
    target: str, fails_at: int, is_there: bool, quiz: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = quiz.parent / ("out" if target == "prairielearn" else "out.xml")
    if is_there:
        assert export(target, "--out", out).exit_code == 0
        quiz.write_text(QUIZ.replace("How much?", "How many?"))
    before = everything(quiz.parent)
    count = 0
    real = os.write

    def write(file: int, content: bytes) -> int:
        nonlocal count
        count += file > 2
        if count == fails_at:
            raise OSError(28, "No space left on device")
        return real(file, content)

    monkeypatch.setattr(os, "write", write)
    done = export(target, "--out", out, "--force")
    monkeypatch.undo()
    if count >= fails_at:
        assert done.exit_code == 2
        assert "No space left on device" in done.stderr
        assert everything(quiz.parent) == before
        assert is_there or not out.exists()
    else:
        assert done.exit_code == 0


def test_records_stand_next_to_the_folder_that_a_dot_means(quiz: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = quiz.parent / "course"
    course.mkdir()
    monkeypatch.chdir(course)
    done = worksheet("export", "prairielearn", "../quiz.toml", "--open", "--out", ".")
    assert done.exit_code == 0, done.stderr
    assert (course / "infoCourse.json").is_file()
    assert (quiz.parent / "course-records/variants.jsonl").is_file()
    assert not [one for one in everything(course) if one.endswith(".jsonl")]
