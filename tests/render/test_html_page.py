"""The pages in a real browser: nothing a reader with a screen reader, a phone or a printer would stumble over."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.classes.workers import WorkerPool
from generator.grading.class_report import grade_folder
from generator.grading.paper_marking import Marking
from generator.paper.generate import generate_sheet
from generator.paper.paper import ORIGINAL
from generator.paper.sheet_file import find_sheet
from tests.browser import IN_A_BROWSER, launched

playwright = pytest.importorskip("playwright.sync_api", reason="no playwright")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe-playwright-python")

pytestmark = IN_A_BROWSER
PAGES = ("worksheet", "key", "feedback")
UNFOLD = "document.querySelectorAll('details').forEach(one => one.open = true)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pages")
    generate_sheet(find_sheet("discussion04"), ORIGINAL, ("html",), made)
    _grade(made)
    return made


def _grade(folder: Path) -> None:
    """Write the feedback on a paper of wrong answers, typed and in words."""
    problems = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["problems"]
    rows = [
        {"student": "s1", "problem": place, "part": part, "answer": json.dumps(value).replace("1", "2")}
        for place, problem in enumerate(problems, start=1)
        for part, value in problem["answers"].items()
    ]
    (folder / "answers.json").write_text(json.dumps(rows), encoding="utf-8")
    points = [{"student": "s1", "problem": 1, "part": "parameters", "points": 1, "comment": "A slip of the pen."}]
    (folder / "points.json").write_text(json.dumps(points), encoding="utf-8")
    grade_folder(folder, folder / "answers.json", folder / "points.json", folder, WorkerPool(1), Marking())
    shutil.copy(folder / "feedback" / "s1.html", folder / "feedback.html")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture
def opened(browser: Any, folder: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page by its name, width and colours, with what its console said."""
    name, width, colours = request.param
    # The page itself forbids every script; the test's own must run.
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=colours, bypass_csp=True)
    page = context.new_page()
    page.goto((folder / f"{name}.html").as_uri())
    yield page
    context.close()


VIEWS = [
    (name, width, colours) for name in PAGES for width, colours in ((1200, "light"), (500, "dark"), (360, "light"))
]


@pytest.mark.parametrize("opened", VIEWS, indirect=True, ids=str)
def test_axe_finds_nothing(opened: Any) -> None:
    opened.evaluate(UNFOLD)
    found = axe.Axe().run(opened).response
    assert len(found["passes"]) > 30
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []


@pytest.mark.parametrize("opened", VIEWS, indirect=True, ids=str)
def test_the_page_never_scrolls_sideways(opened: Any) -> None:
    opened.evaluate(UNFOLD)
    assert opened.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("opened", VIEWS, indirect=True, ids=str)
def test_whatever_scrolls_can_be_reached_by_keyboard(opened: Any) -> None:
    opened.evaluate(UNFOLD)
    hidden = opened.evaluate(
        """[...document.querySelectorAll('main *')].filter(one => one.scrollWidth > one.clientWidth + 1
            && ['auto', 'scroll'].includes(getComputedStyle(one).overflowX) && one.tabIndex < 0)
            .map(one => one.outerHTML.slice(0, 300))"""
    )
    assert hidden == []


@pytest.mark.parametrize("opened", [("key", 1200, "light")], indirect=True, ids=str)
def test_solutions_open_by_keyboard_and_not_before(opened: Any) -> None:
    first = opened.locator("details.solution").nth(1)
    assert not first.locator(".boxed-answer").is_visible()
    first.locator("summary").focus()
    opened.keyboard.press("Enter")
    assert first.locator(".boxed-answer").is_visible()


@pytest.mark.parametrize("opened", [("key", 1200, "light")], indirect=True, ids=str)
def test_solutions_are_printed_though_folded(opened: Any) -> None:
    opened.emulate_media(media="print")
    answers = opened.locator(".boxed-answer")
    assert answers.count() > 10
    assert all(answers.nth(place).is_visible() for place in range(answers.count()))
    assert not opened.locator("summary").first.is_visible()
    assert opened.pdf().startswith(b"%PDF")


def test_the_page_asks_for_nothing_and_complains_of_nothing(browser: Any, folder: Path) -> None:
    for name in PAGES:
        context = browser.new_context()
        page = context.new_page()
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("console", lambda message, said=said: said.append(message.text))
        page.goto((folder / f"{name}.html").as_uri())
        assert asked == [(folder / f"{name}.html").as_uri()]
        assert said == []
        context.close()


@pytest.mark.parametrize("opened", [("key", 1200, "light")], indirect=True, ids=str)
def test_matrices_keep_their_own_brackets(opened: Any) -> None:
    """A bracket is as tall as its matrix, not as the tallest thing on the line."""
    opened.evaluate(UNFOLD)
    ratios = opened.evaluate(
        """[...document.querySelectorAll('mtable')].filter(one => one.previousElementSibling?.textContent === '[')
            .map(one => one.previousElementSibling.getBoundingClientRect().height / one.getBoundingClientRect().height)"""
    )
    assert len(ratios) > 20
    assert max(ratios) < 1.6
