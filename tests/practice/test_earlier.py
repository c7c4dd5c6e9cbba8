"""A progress file written by version 0.2.0: it opens, says what it said, and practice in it continues.

It holds an attempt at each problem with answers, hints and solutions, the one at dropout unfinished, one with a draft, and an
exam that is over.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.practice.engine import Practice
from generator.practice.exam import Exams
from generator.practice.exam_report import exam_report
from generator.practice.store.database import Store
from generator.practice.store.export import export
from generator.practice.store.records import drafts_of
from tests.practice.student import answer_text

EARLIER = Path(__file__).parent / "earlier" / "practice-0.2.0.sqlite3"

POINTS = {
    ("batch-norm", False): 12,
    ("dropout", False): 5,
    ("l2-regularization", False): 8,
    ("layer-norm", False): 11,
    ("model-size", False): 19,
    ("layer-norm", True): 6,
    ("dropout", True): 2,
}
"""By problem, and whether in the exam."""

MASTERY = {
    "batch-norm": 0.2316,
    "dropout": 0.1867,
    "l2-regularization": 0.125,
    "layer-norm": 0.315,
    "model-size": 0.237,
}


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    path = tmp_path / "practice.sqlite3"
    shutil.copy(EARLIER, path)
    with Store(path) as store:
        yield Practice(store)


def test_points_and_mastery_are_as_they_were(practice: Practice) -> None:
    rows = practice.store.all("SELECT id, problem, exam FROM attempts")
    points = {
        (row["problem"], row["exam"] is not None): practice.state(practice.load(row["id"])).points for row in rows
    }
    assert points == POINTS
    mastery = {name: round(one.mastery, 4) for name, one in practice.mastery().items()}
    assert {name: mastery[name] for name in MASTERY} == MASTERY
    assert {*mastery.values()} == {0, *MASTERY.values()}


def test_the_exam_has_its_report(practice: Practice) -> None:
    (exam,) = Exams(practice).all()
    report = exam_report(exam, practice.store)
    assert (report.points, [one.seconds for one in report.problems]) == (8, [40, 40])


def test_drafts_are_kept(practice: Practice) -> None:
    (row,) = practice.store.all("SELECT id FROM attempts WHERE problem = 'model-size'")
    assert drafts_of(practice.store, row["id"]) == {"dimensions": {"text": "3/"}}


def test_the_unfinished_attempt_continues(practice: Practice) -> None:
    (attempt,) = practice.unfinished()
    part = next(iter(attempt.parts))
    before = practice.state(attempt).parts[part].tries
    practice.check(attempt, part, answer_text(attempt, part) + " ")
    assert practice.state(attempt).parts[part].tries == before + 1
    assert len(export(practice.store)["attempts"]) == 7
