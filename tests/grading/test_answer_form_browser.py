"""The answer form in a real browser: by keyboard, with axe, and what it saves is what ``worksheet grade`` reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import IN_A_BROWSER, launched
from tests.grading.test_answer_forms import ROSTER, SHEET, all_right, answers, graded, table
from tests.tiny_class import worksheet

pytest.importorskip("playwright.sync_api", reason="no playwright")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe-playwright-python")

pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("form")
    (folder / "quiz.toml").write_text(SHEET)
    (folder / "class.csv").write_text(ROSTER)
    made = worksheet(
        "generate", folder / "quiz.toml", "--roster", folder / "class.csv", "--formats", "md", "--out", folder / "class",
        "--workers", "1",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    assert worksheet("form", folder / "quiz.toml", "--in", folder / "class").exit_code == 0
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as started:
        yield started


@pytest.fixture
def page(browser: Any, folder: Path) -> Iterator[Any]:
    context = browser.new_context(accept_downloads=True)
    opened = context.new_page()
    asked: list[str] = []
    problems: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    opened.goto((folder / "class" / "answers.html").as_uri())
    yield opened
    assert problems == []
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []
    context.close()


def fill(page: Any, theirs: dict[tuple[str, str], str]) -> None:
    for (place, part), text in theirs.items():
        within = page.locator(f'[data-answer="{place}.{part}"]')
        if within.locator("textarea").count():
            within.locator("textarea").fill(text)
        elif within.locator("ul.labelled").count():
            values = [one.strip() for one in text.strip("[]").split(";" if ";" in text else ",")]
            for place_, value in enumerate(values):
                within.locator("ul.labelled input").nth(place_).fill(f"[{value}]" if ";" in text else value)
        elif within.locator("fieldset").count() > 1 or within.locator("input[value=T]").count():
            for claim, verdict in enumerate(text.split()):
                within.locator("fieldset").nth(claim).locator(f"input[value={verdict}]").check()
        elif within.locator("input[type=radio], input[type=checkbox]").count():
            for letter in text.split(", "):
                within.locator(f"input[value={letter}]").check()
        else:
            within.locator("input").fill(text)


def saved(page: Any, path: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the answers as a file").click()
    download.value.save_as(path)
    return path


def test_what_is_saved_is_what_grade_reads(page: Any, folder: Path) -> None:
    right = answers(folder / "class")
    fill(page, right["=u1002"])
    page.get_by_label("Student id").fill("=u1002")
    file = saved(page, folder / "ada.csv")
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert all(row["student"] == "'=u1002" for row in table(content))  # no formula for a spreadsheet
    result, grades = graded(folder, file)
    assert result.exit_code == 0, result.output
    (row,) = [one for one in grades if float(one["total"])]
    assert row["student"] in ("=u1002", "'=u1002")
    assert all_right(row), row


def test_the_status_says_what_is_saved_and_what_is_empty(page: Any, folder: Path) -> None:
    page.get_by_role("button", name="Save").click()
    assert page.get_by_role("alert").inner_text() == "Type your student id first."
    assert page.evaluate("document.activeElement.id") == "student"
    assert page.get_by_label("Student id").get_attribute("aria-invalid") == "true"
    page.get_by_label("Student id").fill("../../ü <b> 1")
    page.get_by_label("Answer to 1(b)").fill("=1+1")
    page.get_by_label("Paper id").fill("b")
    file = saved(page, folder / "hostile.csv")
    told = page.get_by_role("status").inner_text()
    assert told.startswith("Saved: answers-u-b-1.csv.")
    assert "Without an answer: 1(a), 1(c)" in told
    rows = table(file.read_bytes())
    assert {(row["student"], row["form"], row["paper"]) for row in rows} == {("../../ü <b> 1", "B", "")}
    assert [row["answer"] for row in rows if row["part"] == "y_corr"] == ["'=1+1", ""]


def test_it_is_filled_by_keyboard_alone(page: Any, folder: Path) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    page.keyboard.type("u1001")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # the first option of 1(a)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("7/2")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    download.value.save_as(folder / "keyboard.csv")
    found = {(row["problem"], row["part"]): row["answer"] for row in table((folder / "keyboard.csv").read_bytes())}
    assert found["1", "y_drop"] == "B"
    assert found["1", "y_corr"] == "7/2"


def test_leaving_with_unsaved_answers_asks_first(page: Any) -> None:
    page.get_by_label("Answer to 1(b)").fill("1")
    asked: list[str] = []

    def leave(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.reload()
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_wider_than_a_phone(browser: Any, folder: Path, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    page = context.new_page()
    page.goto((folder / "class" / "answers.html").as_uri())
    found = axe.Axe().run(page).response
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


def test_without_scripts_the_page_says_so(browser: Any, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "class" / "answers.html").as_uri())
    assert page.get_by_text("This page needs scripts to save a file").is_visible()
    context.close()


def test_the_names_of_parts_are_those_of_the_papers(page: Any, folder: Path) -> None:
    record = json.loads((folder / "class" / "manifest.jsonl").read_text().splitlines()[0])
    wanted = {(str(place), part) for place, one in enumerate(record["problems"], start=1) for part in one["answers"]}
    found = page.eval_on_selector_all("[data-answer]", "all => all.map(one => one.dataset.answer)")
    assert wanted <= {tuple(one.split(".", 1)) for one in found}
