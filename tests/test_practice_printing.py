"""Paper: what was practised as a PDF."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
from practice_student import practice_in

from generator.document import without_key
from generator.practice.exam import Exams
from generator.practice.printing import _document, key_pdf, worksheet_pdf


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
    document = _document(exam.attempts, "Exam")
    assert [one.number for one in document.exercises] == [1, 2, 3, 4, 5]
    assert [one.parts for one in without_key(document).exercises] == [attempt.shown.parts for attempt in exam.attempts]
    practice.store.close()
