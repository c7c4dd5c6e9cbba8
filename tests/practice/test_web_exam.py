"""Exams, paper and progress in the practice page, without a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from generator.numbers.encoding import encode
from generator.practice.engine import Practice
from generator.practice.exam import Exam, Exams
from generator.practice.store.database import Store
from generator.practice.web.app import create_app
from generator.problem.catalogue import find_problem
from tests.practice.forms import Browser, typed_fields
from tests.practice.student import NAMES, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def practice(tmp_path: Path, clock: Clock) -> Iterator[Practice]:
    seeds = iter(range(100, 1000))
    with Store(tmp_path / "practice.sqlite3") as store:
        yield Practice(store, [find_problem(name) for name in sorted(NAMES)], now=clock, seed=lambda: next(seeds))


@pytest.fixture
def app(practice: Practice) -> Flask:
    made = create_app(practice, key=b"k" * 32)
    made.testing = True
    return made


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app.test_client())


def begin(browser: Browser, practice: Practice, count: int = 3, minutes: int = 10) -> tuple[str, Exam]:
    browser.get("/")
    url = str(browser.post("/exams", {"count": str(count), "minutes": str(minutes)}).location)
    return url, Exams(practice).load(url.rsplit("/", 1)[1])


def answer_all(browser: Browser, exam: Exam, place: int, do: str = "save") -> str:
    """Send one of the exam's problems with the key in all of its fields; where that leads."""
    attempt = exam.attempts[place]
    fields: dict[str, str] = {"do": do}
    for part_id in attempt.parts:
        fields |= typed_fields(attempt, part_id, attempt.variant.values)
    return str(browser.post(f"/attempts/{attempt.id}", fields).location)


TELLING = (
    "✓ Right",
    "✗",
    "Partly",
    "is-right",
    "is-wrong",
    'value="hint',
    "boxed-answer",
    "Solution",
    "Known mistake",
    "mark good",
)


@pytest.mark.slow
def test_no_results_while_it_runs(browser: Browser, practice: Practice, clock: Clock) -> None:
    url, exam = begin(browser, practice)
    assert "10:00" in browser.get(url)
    clock.wait(61)
    for place in range(3):
        answer_all(browser, exam, place)
        page = browser.get(f"/attempts/{exam.attempts[place].id}")
        assert "8:59" in page
        assert page.count("✓ Saved") == len(exam.attempts[place].parts)
        assert [mark for mark in TELLING if mark in page] == []
    for do in ("hint:PART", "solution:PART", "self:PART"):
        part = next(iter(exam.attempts[0].parts))
        browser.post(f"/attempts/{exam.attempts[0].id}", {"do": do.replace("PART", part)}, code=400)
    browser.get(f"/attempts/{exam.attempts[0].id}/key.pdf", code=400)
    browser.get(f"{url}/key.pdf", code=400)


def test_a_grid_with_gaps_is_saved_and_marked_entry_by_entry(browser: Browser, practice: Practice) -> None:
    browser.get("/")
    url = str(browser.post("/exams", {"count": "1", "minutes": "10", "problem": "layer-norm"}).location)
    exam = Exams(practice).load(url.rsplit("/", 1)[1])
    (attempt,) = exam.attempts
    fields = typed_fields(attempt, "output", attempt.variant.values) | {"output/1.2": "", "output/2.3": "2//"}
    browser.post(f"/attempts/{attempt.id}", {"do": "check:output", **fields})
    page = browser.get(f"/attempts/{attempt.id}")
    assert "✓ Saved" in page
    assert 'Part (a)</a> <span class="how-far">saved</span>' in page
    assert [mark for mark in TELLING if mark in page] == []
    browser.post(url)
    page = browser.get(f"/attempts/{attempt.id}")
    assert page.count(', right"') == 13
    assert ", wrong, empty" in page
    assert ", wrong, cannot be read" in page
    latest = practice.state(attempt).parts["output"].latest
    assert latest is not None
    assert latest.marked.points == latest.marked.max_points * 13 // 15


def test_the_report_adds_up_and_leads_to_the_solutions(browser: Browser, practice: Practice) -> None:
    url, exam = begin(browser, practice)
    states = [practice.state(attempt) for attempt in exam.attempts]
    for place in range(3):
        answer_all(browser, exam, place)
    browser.post(url)
    page = browser.get(url)
    worth = sum(state.worth for state in states)
    manual_points = sum(part.part.manual_points for state in states for part in state.parts.values())
    assert f"{worth - manual_points} of {worth} points" in page
    assert f"up to {manual_points} more points" in page
    attempt = exam.attempts[0]
    part = next(name for name, one in attempt.parts.items() if one.kind != "essay")
    page = browser.get(f"/attempts/{attempt.id}")
    assert "✓ Right" in page
    assert 'value="check:' not in page
    assert page.count('<fieldset class="taken" disabled>') == sum(one.kind != "essay" for one in attempt.parts.values())
    browser.post(f"/attempts/{attempt.id}", {"do": f"solution:{part}"})
    assert f'id="solution-{part}"' in browser.get(f"/attempts/{attempt.id}")


def test_what_comes_too_late_does_not_count(browser: Browser, practice: Practice, clock: Clock) -> None:
    url, exam = begin(browser, practice)
    answer_all(browser, exam, 0)
    clock.wait(601)
    assert answer_all(browser, exam, 1) == f"{url}?late=yes"
    page = browser.get(f"{url}?late=yes")
    assert "What was saved before its end counts" in page
    state = practice.state(Exams(practice).load(exam.id).attempts[1])
    assert not any(part.latest for part in state.parts.values())


def test_buttons_save_and_lead_on(browser: Browser, practice: Practice) -> None:
    url, exam = begin(browser, practice)
    first, second = exam.attempts[:2]
    assert answer_all(browser, exam, 0, f"go:{second.id}") == f"/attempts/{second.id}"
    assert answer_all(browser, exam, 1, "exam") == url
    page = browser.get(url)
    for attempt in (first, second):
        assert f"{len(attempt.parts)} of {len(attempt.parts)} parts answered" in page
    assert f"{len(exam.attempts[2].parts)} parts are not answered yet" in page
    answer_all(browser, exam, 2)
    page = browser.get(url)
    assert "not answered yet" not in page
    assert ">Hand in the exam</button>" in page
    browser.post(f"/attempts/{first.id}", {"do": "go:elsewhere"}, code=400)


def test_an_unreadable_answer_is_reported_and_a_change_too(browser: Browser, practice: Practice) -> None:
    _, exam = begin(browser, practice, count=5)
    attempt = next(one for one in exam.attempts if one.problem.id == "dropout")
    url = f"/attempts/{attempt.id}"
    browser.post(url, {"do": "check:y_drop", "y_drop/text": "3//"})
    assert "Saved, but it cannot be read" in browser.get(url)
    browser.post(url, {"do": "check:y_drop", "y_drop/text": "3"})
    browser.post(f"{url}/parts/y_drop/preview", {"y_drop/text": "4"}, code=200)
    assert "Changed since it was saved" in browser.get(url)


def follow_through(exam: Exam) -> tuple[str, str, str]:
    """Of an exam's layer norm: a wrong mean as working, and the output that follows from it in the first row."""
    attempt = next(one for one in exam.attempts if one.problem.id == "layer-norm")
    mean = [entry + (place == 0) for place, entry in enumerate(attempt.variant.values["mean"])]
    values = attempt.variant.problem.graph.with_values(attempt.variant.values, {"mean": tuple(mean)})
    rows = [" & ".join(map(str, encode(row))) for row in values["output"]]
    return f"/attempts/{attempt.id}", ", ".join(map(str, encode(mean))), "\n".join(rows)


def test_working_earns_marks_for_what_follows_without_a_word_about_it(browser: Browser, practice: Practice) -> None:
    url, exam = begin(browser, practice, count=5)
    where, mean, output = follow_through(exam)
    page = browser.get(where)
    assert 'name="output/working.mean"' in page
    as_text = {"output/as-text": "yes", "output/text": output}
    points = {}
    for working in ("", mean):
        browser.post(where, {"do": "check:output", **as_text, "output/working.mean": working})
        page = browser.get(where)
        assert "✓ Saved" in page
        assert [mark for mark in TELLING if mark in page] == []
        latest = practice.state(practice.load(where.rsplit("/", 1)[1])).parts["output"].latest
        assert latest is not None
        points[working] = latest.marked.points
    followed, alone = points[mean], points[""]
    assert followed is not None
    assert followed > (alone or 0)
    browser.post(url)  # handed in, it is marked again, with the working
    state = practice.state(practice.load(where.rsplit("/", 1)[1])).parts["output"]
    assert state.counted is not None
    assert state.counted.marked.points == followed
    page = browser.get(where)
    assert "follows from your" in page
    assert f'value="{mean}"' in page  # what it was marked with can be seen


def test_working_that_cannot_be_read_does_not_keep_an_answer_out(browser: Browser, practice: Practice) -> None:
    _, exam = begin(browser, practice, count=5)
    where, _, output = follow_through(exam)
    as_text = {"output/as-text": "yes", "output/text": output}
    browser.post(
        where, {"do": "save", **as_text, "output/working.mean": "1, 2//", "output/working.variance": "1, 2, 3"}
    )
    assert "✓ Saved, without the working that cannot be read" in browser.get(where)
    latest = practice.state(practice.load(where.rsplit("/", 1)[1])).parts["output"].latest
    assert latest is not None
    assert latest.working == {"variance": "1, 2, 3"}


def test_changed_working_is_an_answer_of_its_own(browser: Browser, practice: Practice) -> None:
    _, exam = begin(browser, practice, count=5)
    where, mean, output = follow_through(exam)
    browser.post(where, {"do": "save", "output/as-text": "yes", "output/text": output})
    browser.post(
        f"{where}/parts/output/preview",
        {"output/as-text": "yes", "output/text": output, "output/working.mean": mean},
        code=200,
    )
    assert "Changed since it was saved" in browser.get(where)
    browser.post(where, {"do": "save"})  # from any tab: what was kept is taken
    assert "✓ Saved" in browser.get(where)


def test_answers_in_words_are_marked_where_they_stand_after_the_exam(browser: Browser, practice: Practice) -> None:
    url, exam = begin(browser, practice, count=5)
    place = next(place for place, one in enumerate(exam.attempts) if one.problem.id == "layer-norm")
    answer_all(browser, exam, place)
    where = f"/attempts/{exam.attempts[place].id}"
    assert "rubric" not in browser.get(where)
    browser.post(url)
    page = browser.get(where)
    assert "The statistics are its own.</p>" in page
    assert 'name="single_example/own.1"' in page
    browser.post(where, {"do": "self:single_example", "single_example/own.1": "1", "single_example/own.2": "1"})
    assert practice.state(exam.attempts[place]).parts["single_example"].self_marks == (1, 1)


@pytest.mark.parametrize("worst", ["", "yes"])
def test_an_exam_of_chosen_problems(browser: Browser, practice: Practice, worst: str) -> None:
    browser.get("/")
    fields: dict[str, str | list[str]] = {
        "count": "6",
        "minutes": "10",
        "worst": worst,
        "problem": ["dropout", "layer-norm"],
    }
    url = browser.post("/exams", fields).location
    problems = {attempt.problem.id for attempt in Exams(practice).load(url.rsplit("/", 1)[1]).attempts}
    assert problems <= {"dropout", "layer-norm"}
    assert worst or len(problems) == 2
    browser.post("/exams", {**fields, "problem": "nothing"}, code=400)


def test_a_running_exam_is_on_the_first_page(browser: Browser, practice: Practice) -> None:
    url, _ = begin(browser, practice)
    assert f'href="{url}">Continue the exam' in browser.get("/")
    browser.post(url)
    assert "Continue the exam" not in browser.get("/")
    assert f'href="{url}"' in browser.get("/progress")


# ---------------------------------------------------------------------------------------------- paper


@pytest.mark.slow
def test_an_attempt_on_paper_and_its_key_when_it_is_finished(browser: Browser, practice: Practice) -> None:
    url = browser.begin("dropout")
    made = browser.client.get(f"{url}/worksheet.pdf")
    assert made.status_code == 200
    assert made.data.startswith(b"%PDF")
    assert made.headers["Content-Disposition"] == 'attachment; filename="dropout-worksheet.pdf"'
    assert "key.pdf" not in browser.get(url)
    browser.get(f"{url}/key.pdf", code=400)
    browser.post(f"{url}/finish")
    assert "key.pdf" in browser.get(url)
    key = browser.client.get(f"{url}/key.pdf")
    assert key.data.startswith(b"%PDF")
    assert len(key.data) != len(made.data)
    browser.get(f"{url}/manifest.pdf", code=404)


# -------------------------------------------------------------------------------------------- progress


def test_progress_shows_parts_and_mistakes_and_takes_them_away(browser: Browser, practice: Practice) -> None:
    attempt = practice.start("layer-norm", seed=7)
    url = f"/attempts/{attempt.id}"
    browser.get("/")
    wrong = next(values for mistake, values in attempt.variant.wrong if mistake.name == "sample variance")
    browser.post(url, {"do": "check:output", **typed_fields(attempt, "output", wrong)})
    page = browser.get("/progress")
    assert "sample variance" in page
    assert re.search(r"<mi[^>]*>Y</mi>.*?</th>.*?\d+ %", page, re.DOTALL)
    assert "sample variance" in browser.get("/")
    exported = browser.client.get("/progress/progress.json")
    assert exported.headers["Content-Disposition"].startswith("attachment")
    (kept,) = json.loads(exported.text)["attempts"]
    assert kept["problem"] == "layer-norm"


def test_delete_needs_to_be_meant(browser: Browser, practice: Practice) -> None:
    url = browser.begin("dropout")
    browser.post(url, {"do": "check:y_drop", "y_drop/text": "1"})
    browser.post("/progress/delete", code=400)
    browser.get(url)
    browser.post("/progress/delete", {"sure": "yes"})
    browser.get(url, code=404)
    assert practice.store.all("SELECT * FROM attempts") == []
    assert "Nothing practised yet" in browser.get("/progress")


def test_the_first_page_knows_what_is_due_and_what_was_begun(
    browser: Browser, practice: Practice, clock: Clock
) -> None:
    url = browser.begin("dropout")
    browser.post(url, {"do": "check:y_drop", "y_drop/text": "1"})
    page = browser.get("/")
    assert f'href="{url}"' in page
    assert "Nothing is due today" in page
    browser.post(f"{url}/finish")
    clock.wait(30 * 86400)
    page = browser.get("/")
    assert "Review: Dropout" in page
    assert f'href="{url}"' not in page
