"""What was typed and not checked: it outlives reloads, restarts and other tabs, and gives way to answers."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.practice.attempts import Attempt
from generator.practice.engine import Practice
from generator.practice.store import schema
from generator.practice.store.database import Store
from generator.practice.store.export import delete, export
from generator.practice.store.records import drafts_of, save_drafts
from generator.practice.web.app import create_app
from tests.practice.forms import Browser, typed_fields
from tests.practice.student import Clock, practice_in

KEY = b"k" * 32


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    made = practice_in(tmp_path)
    with made.store:
        yield made


class Drafts:
    """The drafts of a practice."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice

    def of(self, attempt_id: str) -> dict[str, dict[str, str]]:
        return drafts_of(self._practice.store, attempt_id)

    def save(self, attempt_id: str, fields: dict[str, dict[str, str]]) -> None:
        save_drafts(self._practice.store, attempt_id, fields, self._practice.now())


@pytest.fixture
def drafts(practice: Practice) -> Drafts:
    return Drafts(practice)


@pytest.fixture
def attempt(practice: Practice) -> Attempt:
    return practice.start("dropout", seed=7)


def test_a_draft_is_kept_by_part_and_the_last_one_holds(drafts: Drafts, attempt: Attempt) -> None:
    drafts.save(attempt.id, {"y_drop": {"text": "1"}})
    drafts.save(attempt.id, {"y_orig": {"text": "2"}})
    drafts.save(attempt.id, {"y_drop": {"text": "3/"}})
    assert drafts.of(attempt.id) == {"y_drop": {"text": "3/"}, "y_orig": {"text": "2"}}
    drafts.save(attempt.id, {"y_drop": {}, "y_orig": {}})
    assert not any(drafts.of(attempt.id).values())  # everything was deleted from the fields


def test_what_is_saved_already_is_not_written_again(practice: Practice, drafts: Drafts, attempt: Attempt) -> None:
    drafts.save(attempt.id, {"y_drop": {"text": "1"}})
    with sqlite3.connect(practice.store.path) as other:
        other.execute("BEGIN IMMEDIATE")  # who wrote now would have to wait for it
        drafts.save(attempt.id, {"y_drop": {"text": "1"}})
        other.execute("ROLLBACK")
    other.close()


def test_an_answer_that_came_later_holds_whatever_the_clock_says(
    practice: Practice, drafts: Drafts, attempt: Attempt
) -> None:
    assert isinstance(practice.now, Clock)
    drafts.save(attempt.id, {"y_drop": {"text": "12"}})
    practice.now.wait(-3600)
    practice.check(attempt, "y_drop", "5")  # in the terminal
    assert drafts.of(attempt.id) == {}
    drafts.save(attempt.id, {"y_drop": {"text": "12"}})
    assert drafts.of(attempt.id) == {"y_drop": {"text": "12"}}


def test_drafts_go_with_their_attempt_and_are_exported(practice: Practice, drafts: Drafts, attempt: Attempt) -> None:
    drafts.save(attempt.id, {"y_drop": {"text": "3√2 <"}})
    (exported,) = export(practice.store)["attempts"]
    assert [(one["part"], one["fields"]) for one in exported["drafts"]] == [("y_drop", {"text": "3√2 <"})]
    json.dumps(exported)
    delete(practice.store)
    assert practice.store.all("SELECT * FROM drafts") == []
    drafts.save(attempt.id, {"y_drop": {"text": "1"}})  # from a tab that was open
    assert practice.store.all("SELECT * FROM drafts") == []


def test_a_file_of_the_version_before_gets_its_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as older:
        older.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
        with practice_in(tmp_path).store as store, pytest.raises(sqlite3.OperationalError, match="no such table"):
            store.all("SELECT * FROM drafts")
    with practice_in(tmp_path).store as store:
        assert store.all("SELECT * FROM drafts") == []


# ------------------------------------------------------------------------------------------- in the page


def browser_of(practice: Practice) -> Browser:
    app = create_app(practice, key=KEY)
    app.testing = True
    made = Browser(app.test_client())
    made.get("/")
    return made


def test_a_half_typed_grid_is_there_after_a_restart(tmp_path: Path, practice: Practice) -> None:
    attempt = practice.start("layer-norm", seed=7)
    url = f"/attempts/{attempt.id}"
    fields = typed_fields(attempt, "output", attempt.variant.values)
    half = {name: text for name, text in fields.items() if name < "output/2.3"}
    working = {"output/working.mean": "1, 2, 3", "claims/1": "T", "claims/reason.1": "since <it>"}
    browser_of(practice).post(f"{url}/parts/output/preview", {**half, **working}, code=200)
    with Store(tmp_path / "practice.sqlite3") as store:
        page = browser_of(Practice(store)).get(url)
    for name, text in half.items():
        assert f'name="{name}" id="{name}" value="{text}"' in page, name
    assert 'value="1, 2, 3"' in page
    assert 'value="T" checked' in page
    assert 'value="since &lt;it&gt;"' in page
    assert 'name="output/2.3" id="output/2.3" value=""' in page


def test_a_tab_sends_one_part_and_leaves_the_others_as_they_are(practice: Practice, attempt: Attempt) -> None:
    url = f"/attempts/{attempt.id}"
    browser = browser_of(practice)
    browser.post(f"{url}/parts/y_drop/preview", {"y_drop/text": "1"}, code=200)
    browser.post(f"{url}/parts/y_orig/preview", {"y_orig/text": "2"}, code=200)
    page = browser.get(url)
    assert 'name="y_drop/text" id="y_drop/text" value="1"' in page
    assert 'name="y_orig/text" id="y_orig/text" value="2"' in page


def test_what_is_checked_is_what_the_pressed_tab_shows(practice: Practice, attempt: Attempt) -> None:
    url = f"/attempts/{attempt.id}"
    browser = browser_of(practice)
    browser.post(f"{url}/parts/y_drop/preview", {"y_drop/text": "111"}, code=200)  # in another tab
    browser.post(url, {"do": "check:y_drop", "y_drop/text": "222"})
    latest = practice.state(attempt).parts["y_drop"].latest
    assert latest is not None
    assert latest.text == "222"
    assert 'value="222"' in browser.get(url)


def test_what_was_only_typed_is_on_the_first_page(practice: Practice) -> None:
    browser = browser_of(practice)
    url = browser.begin("dropout")
    assert f'href="{url}"' not in browser.get("/")
    browser.post(f"{url}/parts/y_drop/preview", {"y_drop/text": "1"}, code=200)
    assert f'href="{url}"' in browser.get("/")


def test_a_text_stays_a_text_after_it_was_checked(practice: Practice) -> None:
    attempt = practice.start("layer-norm", seed=7)
    url, browser = f"/attempts/{attempt.id}", browser_of(practice)
    browser.post(url, {"do": "check:output", "output/as-text": "yes", "output/text": "1 & 2\n3 & 4"})
    assert "1 &amp; 2\n3 &amp; 4</textarea>" in browser.get(url)
