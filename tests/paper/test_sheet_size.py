"""What a sheet's file says of its points and minutes is what its papers are worth and take."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.document.keyless import without_key
from generator.errors import InputError
from generator.paper.paper import make_paper
from generator.paper.sheet_file import built_in_sheets, find_sheet, read_sheet
from generator.paper.sheet_size import sheet_size, size_faults
from generator.render.renderer import FORMATS, renderer
from tests.tiny_class import worksheet

QUIZ = """
title = "Quiz"
SAID
[[problem]]
id = "dropout"
"""


def quiz(folder: Path, said: str) -> str:
    path = folder / "quiz.toml"
    path.write_text(QUIZ.replace("SAID", said), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", built_in_sheets())
@pytest.mark.slow
def test_built_in_sheets_are_of_the_size_that_they_say(name: str) -> None:
    sheet = find_sheet(name)
    assert sheet.minutes is not None
    assert sheet.total_points is not None
    assert size_faults(sheet, range(1, 4)) == []
    assert [int(minutes) for minutes in re.findall(r"(\d+) minutes", sheet.instructions)] in ([], [sheet.minutes])


@pytest.mark.parametrize("name", sorted(built_in_sheets().keys() - {"discussion04", "discussion04-extended"}))
def test_new_sheets_tell_students_how_long_they_take(name: str) -> None:
    sheet = find_sheet(name)
    said = f"You have {sheet.minutes} minutes" if sheet.style.is_exam else f"about {sheet.minutes} minutes"
    assert said in sheet.instructions


def test_a_sheet_that_says_nothing_is_not_measured(tmp_path: Path) -> None:
    assert size_faults(find_sheet(quiz(tmp_path, "")), range(1, 3)) == []


@pytest.mark.slow
def test_other_points_and_minutes_are_found(tmp_path: Path) -> None:
    size = sheet_size(find_sheet(quiz(tmp_path, "")), range(1, 5))
    (points,) = size.points
    right = quiz(tmp_path, f"total_points = {points}\nminutes = {round(size.minutes)}")
    assert size_faults(find_sheet(right), range(1, 5)) == []
    assert "warning" not in worksheet("check", right, "--variants", "3").output
    wrong = quiz(tmp_path, f"total_points = {points + 1}\nminutes = {round(2 * size.minutes)}")
    found = worksheet("check", wrong, "--variants", "3")
    assert found.exit_code == 0
    assert f"total_points: the sheet says {points + 1}, its papers are worth {points}" in found.output
    assert f"minutes: the sheet says {round(2 * size.minutes)}, its papers take about" in found.output


@pytest.mark.parametrize(
    "said", ["minutes = 0", "minutes = true", 'minutes = "long"', "total_points = 1.5", "total_points = 1001"]
)
def test_what_is_no_whole_number_is_refused(said: str, tmp_path: Path) -> None:
    result = worksheet("check", quiz(tmp_path, said), "--variants", "1")
    assert result.exit_code != 0
    assert f"quiz.toml, line 3: {said.split()[0]}: expected a whole number from 1 to 1000" in result.output


def test_the_minutes_of_a_problem_are_recommended_on_an_exam_s_cover_and_compared(tmp_path: Path) -> None:
    text = 'title = "Quiz"\nlayout = "exam"\n[[problem]]\nid = "dropout"\nminutes = 9\n[[problem]]\nid = "dropout"\nminutes = 30\n'
    sheet = read_sheet(tmp_path / "quiz.toml", text)
    (fault,) = size_faults(sheet, range(1, 4))
    assert re.fullmatch(r"problem 2, minutes: the sheet says 30, dropout takes about \d", fault)
    document = without_key(make_paper(sheet, 1).document)
    for name, before in {"tex": r"\recommended{", "md": " (", "html": '<span class="recommended">'}.items():
        cover = str(renderer(FORMATS[name]).document(document))
        assert [cover.count(f"{before}about {minutes} minutes") for minutes in (9, 30)] == [1, 1], name
    with pytest.raises(InputError, match="problem 1, minutes: expected a whole number from 1 to 1000; got 0"):
        read_sheet(tmp_path / "quiz.toml", text.replace("= 9", "= 0"))
