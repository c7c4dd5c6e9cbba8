"""Plain questions in practice: every kind is answered on the page, and nothing is given away before."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from generator.paper.sheet_file import find_sheet
from generator.practice.attempts import attempt_from_row
from generator.practice.engine import Practice
from generator.practice.store.database import Store
from generator.practice.web.app import create_app
from tests.paper.test_questions import KINDS, POOL, sheet_in
from tests.practice.forms import Browser

FIELDS = {
    "number": {"text": "5/3"},
    "vector": {"columns": "2", "1.1": "1", "1.2": "-1/2"},
    "matrix": {"rows": "2", "columns": "2", "1.1": "1", "1.2": "1/2", "2.1": "0", "2.2": "2*sqrt(3)"},
    "shape": {"1": "[128, 4]"},
    "fields": {"1": "0.33", "2": "2"},
    "choice": {"1": "B"},
    "several": {"several": "yes", "A": "A", "C": "C"},
}


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    sheet_in(tmp_path, *(text for text, *_ in KINDS.values()), POOL)
    with Store(tmp_path / "practice.sqlite3") as store:
        yield Practice(store, sheet=find_sheet(str(tmp_path / "quiz.toml")), seed=count(1).__next__)


@pytest.fixture
def browser(practice: Practice) -> Browser:
    app = create_app(practice, key=b"k" * 32)
    app.testing = True
    return Browser(app.test_client())


@pytest.mark.parametrize("kind", FIELDS)
def test_the_fields_of_each_kind_are_marked(kind: str, practice: Practice, browser: Browser) -> None:
    entry = practice.sheet.entries[list(KINDS).index(kind)] if practice.sheet else None
    assert entry is not None
    attempt = practice.start_entry(entry)
    assert attempt.hints("answer") == (), "a solution with its numbers gives the answer away"
    browser.get(f"/attempts/{attempt.id}")
    fields = {f"answer/{name}": text for name, text in FIELDS[kind].items()}
    browser.post(f"/attempts/{attempt.id}", {**fields, "do": "check:answer"})
    page = browser.get(f"/attempts/{attempt.id}")
    assert "✓ right" in page or "Right" in page
    assert practice.state(attempt).parts["answer"].latest_readable.marked.status == "correct"  # type: ignore[union-attr]


def test_an_attempt_at_a_question_is_found_again_by_its_sheet(practice: Practice) -> None:
    assert practice.sheet is not None
    attempt = practice.start_entry(practice.sheet.entries[-1])
    row = practice.store.one("SELECT * FROM attempts WHERE id = ?", attempt.id)
    assert row is not None
    assert attempt_from_row(row, {}).variant.params == attempt.variant.params


def test_what_several_are_right_is_not_said_by_a_wrong_answer(practice: Practice) -> None:
    assert practice.sheet is not None
    entry = practice.sheet.entries[list(KINDS).index("several")]
    attempt = practice.start_entry(entry)
    submission = practice.submit(attempt, "answer", "A, B")
    assert submission.marked.status == "wrong"
    assert submission.marked.message == "That is not right."
    practice.solution(attempt, "answer")
    practice.wrong_step(attempt, "answer")
