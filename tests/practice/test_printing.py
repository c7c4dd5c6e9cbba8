"""Paper: what was practised as a PDF."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from generator.document.keyless import without_key
from generator.errors import InputError
from generator.paper.ids import read_id
from generator.paper.paper import Paper
from generator.paper.sheet_file import built_in_sheets, find_sheet
from generator.practice.exam import Exams
from generator.practice.printing import find_printed, key_pdf, paper_of, worksheet_pdf
from generator.render.renderer import FORMATS, renderer
from tests.practice.student import NAMES, practice_in
from tests.tiny_class import worksheet


@pytest.fixture(autouse=True)
def _nobody_has_practised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The progress of whoever runs the tests is left alone."""
    monkeypatch.setattr("generator.practice.store.database.default_path", lambda: tmp_path / "nobody.sqlite3")


def pages(content: bytes) -> int:
    with pikepdf.open(io.BytesIO(content)) as document:
        return len(document.pages)


def test_an_attempt_on_paper(tmp_path: Path) -> None:
    practice = practice_in(tmp_path)
    attempt = practice.start("dropout", guided=True)
    worksheet, key = worksheet_pdf([attempt], "Practice: Dropout"), key_pdf([attempt], "Practice: Dropout")
    assert pages(worksheet) >= 1
    assert pages(key) >= 1
    assert worksheet != key
    assert worksheet == worksheet_pdf([practice.load(attempt.id)], "Practice: Dropout")
    practice.store.close()


def test_an_exam_is_one_paper_with_its_problems_numbered(tmp_path: Path) -> None:
    practice = practice_in(tmp_path)
    exam = Exams(practice).start(5, 60)
    document = paper_of(exam.attempts, "Exam")[0].document
    assert [one.number for one in document.exercises] == [1, 2, 3, 4, 5]
    assert [one.parts for one in without_key(document).exercises] == [
        attempt.exercise.parts for attempt in exam.attempts
    ]
    practice.store.close()


# --------------------------------------------------------------------------------------- the key to an id


def as_markdown(paper: Paper) -> str:
    return renderer(FORMATS["md"]).document(paper.document).rstrip()


def test_the_key_to_an_attempt_is_found_in_the_progress(tmp_path: Path) -> None:
    practice = practice_in(tmp_path)
    attempt = practice.start("dropout", "easy", guided=True)
    other = practice.start("dropout", "easy", guided=True)
    paper, _ = paper_of([attempt], attempt.problem.title)
    asked = ("key", paper.document.variant, "--data", practice.store.path, "--in", tmp_path / "nowhere")
    early = worksheet(*asked)
    assert early.exit_code == 2
    assert "is from your practice and not finished" in early.stderr
    assert early.stdout == ""
    for part_id in attempt.parts:
        practice.solution(attempt, part_id)
    practice.store.close()
    found = worksheet(*asked)
    assert (found.exit_code, found.stdout.rstrip()) == (0, as_markdown(paper))
    assert f"made again from {practice.store.path}" in found.stderr
    assert worksheet("key", paper_of([other], "")[0].document.variant, *asked[2:]).exit_code == 2


def test_the_key_to_an_exam_is_found_once_it_is_over(tmp_path: Path) -> None:
    practice = practice_in(tmp_path)
    exams = Exams(practice)
    exam = exams.start(3, 60)
    paper, _ = paper_of(exam.attempts, "Exam")
    single, _ = paper_of([exam.attempts[0]], exam.attempts[0].problem.title)
    identity = read_id(paper.document.variant)
    for one in (paper, single):
        with pytest.raises(InputError, match="not finished"):
            find_printed(read_id(one.document.variant), practice.store.path, now=practice.now)
    exams.hand_in(exam)
    found = find_printed(identity, practice.store.path, now=practice.now)
    assert found is not None
    assert as_markdown(found.paper) == as_markdown(paper)
    alone = find_printed(read_id(single.document.variant), practice.store.path, now=practice.now)
    assert alone is not None
    assert as_markdown(alone.paper) == as_markdown(single)
    assert "public numbers: anyone can make the key" in as_markdown(single)
    practice.store.close()


def test_without_the_progress_an_attempt_is_drawn_again_where_it_is_said_to_be_of_practice(tmp_path: Path) -> None:
    practice = practice_in(tmp_path)
    papers = [paper_of([practice.start(name, "hard", guided=True)], practice.problem(name).title)[0] for name in NAMES]
    exam = Exams(practice).start(2, 60)
    practice.store.close()
    for paper in papers:
        found = worksheet("key", paper.document.variant, "--sheet", "practice", "--in", tmp_path)
        assert (found.exit_code, found.stdout.rstrip()) == (0, as_markdown(paper))
    codes = {
        sheet.code
        for name in built_in_sheets()
        for sheet in (find_sheet(name), find_sheet(name).overridden({"extended": True}))
    }
    alone = next(paper for paper in papers if paper.origin.id.sheet not in codes)  # two letters may fit by chance
    unsaid = worksheet("key", alone.document.variant, "--in", tmp_path)
    assert unsaid.exit_code == 2
    assert "`practice` for a paper that was printed from practice" in unsaid.stderr
    lost = worksheet(
        "key", paper_of(exam.attempts, "Exam")[0].document.variant, "--sheet", "practice", "--in", tmp_path
    )
    assert lost.exit_code == 2
    assert "named with --data" in lost.stderr


def test_a_file_that_is_no_progress_is_refused_or_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (broken := tmp_path / "practice.sqlite3").write_bytes(b"no database, whatever its name says" * 99)
    practice = practice_in(tmp_path / "well")
    paper, _ = paper_of([practice.start("dropout")], "Dropout")
    practice.store.close()
    named = worksheet("key", paper.document.variant, "--data", broken, "--in", tmp_path)
    assert named.exit_code != 0
    assert "is damaged or not a database" in named.stderr
    missing = worksheet("key", paper.document.variant, "--data", tmp_path / "nothing", "--in", tmp_path)
    assert (missing.exit_code, "there is no file" in missing.stderr) == (2, True)
    monkeypatch.setattr("generator.practice.store.database.default_path", lambda: broken)
    passed = worksheet("key", paper.document.variant, "--sheet", "practice", "--in", tmp_path)
    assert passed.exit_code == 0
    assert "your practice was not looked through" in passed.stderr
