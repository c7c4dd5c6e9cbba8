"""What befalls a practice from outside: its file taken away or locked, the clock set back, two tabs, paper while marking."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.practice.engine import Practice
from generator.practice.exam import Exams
from generator.practice.exam_report import exam_report
from generator.practice.store import database as store
from generator.practice.store.database import Store
from generator.practice.store.export import delete
from generator.practice.store.schema import StoreError
from generator.practice.web.app import create_app
from tests.practice.forms import Browser
from tests.practice.student import Clock, answer_text, practice_in


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def practice(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Practice]:
    monkeypatch.setattr(store, "BUSY_TIMEOUT_MS", 100)
    made = practice_in(tmp_path, clock)
    with made.store:
        yield made


@pytest.fixture
def browser(practice: Practice) -> Browser:
    return Browser(create_app(practice, key=b"k" * 32).test_client())


# ------------------------------------------------------------------------------------------- the file


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_was_taken_away_takes_no_answers(
    tmp_path: Path, practice: Practice, browser: Browser, replaced: bool
) -> None:
    url = browser.begin("dropout")
    practice.store.path.rename(tmp_path / "elsewhere")
    if replaced:
        practice.store.path.write_bytes(b"")
    for path in ("/", url, "/progress"):
        assert "was deleted, moved or replaced while it was in use" in browser.get(path, code=503)
    browser.post(url, {"do": "check:y_drop", "y_drop/text": "1"}, code=503)
    browser.post(f"{url}/parts/y_drop/preview", {"y_drop/text": "1"}, code=503)
    assert practice.store.path.exists() is replaced  # nothing is begun anew without a word
    practice.store.path.unlink(missing_ok=True)
    (tmp_path / "elsewhere").rename(practice.store.path)
    assert "✓" not in browser.get(url)
    browser.post(url, {"do": "check:y_drop", "y_drop/text": "1"})


def test_what_another_program_deleted_is_gone_though_it_is_at_hand(practice: Practice, browser: Browser) -> None:
    url = browser.begin("dropout")
    browser.post(url, {"do": "check:y_drop", "y_drop/text": "1"})
    with Store(practice.store.path) as other:
        delete(other)
    assert "it may have been deleted" in browser.get(url, code=404)
    browser.post(url, {"do": "check:y_drop", "y_drop/text": "2"}, code=404)
    browser.post(f"{url}/parts/y_drop/preview", {"y_drop/text": "2"}, code=404)
    browser.get(f"{url}/worksheet.pdf", code=404)


def test_a_locked_file_can_be_read_and_says_that_nothing_was_written(practice: Practice, browser: Browser) -> None:
    url = browser.begin("dropout")
    other = sqlite3.connect(practice.store.path)
    other.execute("BEGIN IMMEDIATE")
    said = browser.post(url, {"do": "check:y_drop", "y_drop/text": "1"}, code=503).text
    assert "database is locked; nothing was written" in said
    assert f'href="{url}">Back to where you were' in said
    browser.get(url)
    other.close()
    browser.post(url, {"do": "check:y_drop", "y_drop/text": "1"})
    assert [row["text"] for row in practice.store.all("SELECT text FROM answers")] == ["1"]


def test_a_store_says_what_became_of_its_file(tmp_path: Path) -> None:
    with Store(tmp_path / "a.sqlite3") as kept:
        kept.path.unlink()
        for name in ("a.sqlite3-wal", "a.sqlite3-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        with pytest.raises(StoreError, match="was deleted, moved or replaced"), kept.change() as change:
            change.run("INSERT INTO exams (id, started, seconds) VALUES ('a', 1, 60)")
    assert not list(tmp_path.iterdir())


# ------------------------------------------------------------------------------------------ the clock


def test_an_exam_s_clock_that_is_set_back_gives_no_time(practice: Practice, clock: Clock) -> None:
    exams = Exams(practice)
    exam = exams.start(2, 10)
    first, second = exam.attempts
    clock.wait(400)
    exams.answer(exam, first, part := next(iter(first.parts)), answer_text(first, part))
    clock.wait(-7200)
    assert exam.left(exams.now(exam)) == 200
    assert exam.left(clock()) == 600  # of itself it never has more than its limit
    exams.answer(exam, second, part := next(iter(second.parts)), answer_text(second, part))
    over = exams.hand_in(exam)
    assert over.finished == over.started + 400
    assert [one.seconds for one in exam_report(over, practice.store).problems] == [400, 0]


def test_practice_goes_on_when_the_clock_was_set_back(practice: Practice, clock: Clock) -> None:
    for back in (0, -3 * 86400, -3600):
        clock.wait(back)
        attempt = practice.start("dropout")
        practice.check(attempt, "y_drop", answer_text(attempt, "y_drop"))
        assert practice.finish(attempt).finished == clock()
    assert practice.mastery()["dropout"].attempts == 3
    clock.wait(100 * 86400)
    assert [review.problem for review in practice.due()] == ["dropout"]


# --------------------------------------------------------------------------------- two tabs, and paper


def test_an_exam_handed_in_from_two_tabs_ends_once(practice: Practice, browser: Browser, clock: Clock) -> None:
    browser.get("/")
    url = str(browser.post("/exams", {"count": "2", "minutes": "10"}).location)
    exam = Exams(practice).load(url.rsplit("/", 1)[1])
    attempt = exam.attempts[0]
    part = next(iter(attempt.parts))
    practice.submit(attempt, part, answer_text(attempt, part))
    clock.wait(60)
    browser.post(url)
    reviews = practice.store.all("SELECT * FROM part_reviews")
    clock.wait(60)
    assert browser.post(url).location == url
    assert Exams(practice).load(exam.id).finished == exam.started + 60
    assert practice.store.all("SELECT * FROM part_reviews") == reviews
    assert browser.post(f"/attempts/{attempt.id}", {"do": "save"}).location == f"{url}?late=yes"
