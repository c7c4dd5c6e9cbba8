"""The built-in sheets are a term: a sheet a week and two exams, each in three forms, and fair to a class."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.fairness.counts import fairness
from generator.paper.paper import make_paper
from generator.paper.record import paper_record
from generator.paper.sheet_file import built_in_sheets, find_sheet
from generator.paper.students import Student
from generator.practice.engine import Practice
from generator.practice.exam import Exams
from generator.practice.store.database import Store
from generator.problem.catalogue import catalogue
from tests.tiny_class import ROOT, worksheet

SHEETS = [*built_in_sheets()]
TERM = [name for name in SHEETS if name != "discussion04-extended"]

ROW = re.compile(r"^\| *(\d*) *\| (.+) \(`([\w-]+)`\) \| (.+) \| (\d+) \| (\d+) \|$", re.MULTILINE)


def test_the_table_of_the_term_is_what_the_sheets_say() -> None:
    rows = ROW.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert [week for week, *_ in rows if week] == [str(week) for week in range(1, 13)]
    assert sorted(name for _, _, name, *_ in rows) == sorted(TERM)
    for _, title, name, problems, points, minutes in rows:
        sheet = find_sheet(name)
        assert (title, int(points), int(minutes)) == (sheet.title, sheet.total_points, sheet.minutes)
        assert re.findall(r"`([\w-]+)`", problems) == [entry.problem.id for entry in sheet.entries]


def test_every_problem_is_asked_in_the_term() -> None:
    asked = {entry.problem.id for name in TERM for entry in find_sheet(name).entries}
    assert asked == {*catalogue()}


@pytest.mark.parametrize("name", TERM)
def test_a_sheet_says_how_long_each_problem_takes(name: str) -> None:
    sheet = find_sheet(name)
    minutes = [entry.style.minutes for entry in sheet.entries]
    assert all(minutes)
    assert sheet.minutes is not None
    assert abs(sum(minutes) - sheet.minutes) <= 5
    assert sheet.instructions


@pytest.mark.slow
@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_is_practised_as_an_exam(name: str, tmp_path: Path) -> None:
    sheet = find_sheet(name)
    practice = Practice(Store(tmp_path / "practice.sqlite3"), sheet=sheet, seed=iter(range(1, 10**6)).__next__)
    exam = Exams(practice).start_sheet()
    assert [attempt.problem.id for attempt in exam.attempts] == [entry.problem.id for entry in sheet.entries]
    practice.store.close()


@pytest.mark.heavy
@pytest.mark.parametrize("layout", ["worksheet", "handout", "exam"])
@pytest.mark.parametrize("name", SHEETS)
def test_every_form_is_printed_without_a_warning(name: str, layout: str, tmp_path: Path) -> None:
    result = worksheet(
        "generate", name, "--layout", layout, "--formats", "pdf,md", "--seed", 3, "--out", tmp_path / "out"
    )
    assert result.exit_code == 0, result.output
    assert "warning" not in result.stderr


@pytest.mark.heavy
@pytest.mark.parametrize("name", SHEETS)
def test_a_class_is_treated_alike(name: str) -> None:
    """As ``worksheet report`` has it; what two papers share is drawn again in a class."""
    sheet = find_sheet(name)
    students = [Student(f"s{number}", f"Student {number}") for number in range(200)]
    found = fairness(paper_record(make_paper(sheet, 1, one), name, 1, {}, one) for one in students)
    assert [one for one in found.findings if one.measure != "variants"] == []
