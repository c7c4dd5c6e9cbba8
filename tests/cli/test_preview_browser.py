"""The preview in a real browser, as an author has it beside her editor."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from generator.cli.scaffold import write_problem
from tests.browser import IN_A_BROWSER, launched

playwright = pytest.importorskip("playwright.sync_api", reason="no playwright")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe-playwright-python")

pytestmark = IN_A_BROWSER

TABS = ("question", "key", "mistakes", "lint", "pdf")
SHEET = """
title = "Quiz"
[[problem]]
id = "layer-norm"
[[problem]]
file = "own_layer.py"
"""


class Server:
    """The command, on a sheet in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.problem, self.bank, *_ = write_problem("own-layer", folder)
        self.sheet = folder / "quiz.toml"
        self.sheet.write_text(SHEET)
        command = [sys.executable, "-m", "generator.cli", "preview", "quiz.toml", "--no-browser", "--port", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().split()[0].rstrip("/")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path)
    yield running
    running.close()


def opened(chromium: Any, server: Server, width: int = 1100, **options: Any) -> Iterator[Any]:
    """A page whose console must stay silent, and which asks nobody but the server."""
    context = chromium.new_context(viewport={"width": width, "height": 800}, base_url=server.address, **options)
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    yield page
    context.close()
    assert [message for message in said if "net::ERR_CONNECTION" not in message] == []
    assert [url for url in asked if url.startswith("http") and not url.startswith(server.address)] == []


@pytest.fixture
def page(chromium: Any, server: Server) -> Iterator[Any]:
    yield from opened(chromium, server)


def wait_until(page: Any, fact: Callable[[], object], seconds: float = 30) -> float:
    """Wait, and return how long it took."""
    start = time.monotonic()
    while not fact():
        assert time.monotonic() < start + seconds, page.content()[:4000]
        page.wait_for_timeout(25)
    return time.monotonic() - start


def document(page: Any) -> Any:
    """The framed document that is shown."""
    return page.frame_locator(".view:not(.loading) iframe")


def shows(page: Any, text: str) -> bool:
    frames = page.locator(".view:not(.loading) iframe")
    return bool(frames.count() == 1 and document(page).get_by_text(text).count())


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


PLACE = "document.querySelector('iframe').contentWindow.scrollY"


def test_the_page_renews_itself_and_stays_where_it_was(page: Any, server: Server) -> None:
    page.goto("/key?seed=5&level=hard&guided=yes")
    wait_until(page, lambda: shows(page, "A layer computes"))
    page.evaluate("document.querySelector('iframe').contentWindow.scrollTo(0, 700)")
    wait_until(page, lambda: page.evaluate("sessionStorage.length") == 1)
    address = page.url
    for saved, old, new in (
        (server.bank, "A layer computes", "A layer works out"),
        (server.problem, 'title="Own layer"', 'title="Another title"'),
        (server.sheet, '"Quiz"', '"Renewed quiz"'),
    ):
        replaced(saved, old, new)
        words = new.rpartition('="')[2].strip('"')
        wait_until(page, partial(shows, page, words))
        assert page.evaluate(PLACE) == 700
    assert page.url == address
    assert page.locator('[name="seed"]').input_value() == "5"
    assert page.locator('[name="level"]').input_value() == "hard"
    assert page.locator('nav [aria-current="page"]').inner_text() == "Key"
    assert page.locator(".bar h1").inner_text() == "Renewed quiz"
    assert page.locator("#status").inner_text().startswith("Renewed at")


def test_an_error_shows_with_its_line_until_it_is_mended(page: Any, server: Server) -> None:
    page.goto("/question?seed=3")
    wait_until(page, lambda: shows(page, "A layer computes"))
    text = server.problem.read_text()
    server.problem.write_text(text + "\n\nx = 1 +\n")
    wait_until(page, lambda: page.locator(".failure").count())
    said = page.locator(".failure").inner_text()
    assert f"own_layer.py, line {len(text.splitlines()) + 3}" in said
    assert "SyntaxError" in said
    assert page.locator(".failure mark").inner_text().endswith("x = 1 +")
    assert page.locator("#status").inner_text() == "The file has an error."
    page.get_by_role("link", name="Show the last good page").click()
    wait_until(page, lambda: shows(page, "A layer computes"))
    assert page.locator(".failure").count() == 1
    server.problem.write_text(text.replace('title="Own layer"', 'title="Mended layer"'))
    wait_until(page, lambda: shows(page, "Mended layer"))
    assert page.locator(".failure").count() == 0


def test_an_endless_loop_does_not_hold_up_what_is_mended_meanwhile(page: Any, server: Server) -> None:
    page.goto("/mistakes")
    text = server.problem.read_text()
    server.problem.write_text(text + "\n\nwhile True:\n    pass\n")
    wait_until(page, lambda: page.locator("#status").inner_text() == "Renewing…")
    server.problem.write_text(text.replace('title="Own layer"', 'title="Mended layer"'))
    assert wait_until(page, lambda: "Mended layer" in page.locator("main").inner_text()) < 8
    server.problem.write_text(text + "\n\nwhile True: pass\n")
    wait_until(page, lambda: page.locator(".failure").count())
    assert f"own_layer.py, line {len(text.splitlines()) + 3}" in page.locator(".failure").inner_text()


def test_seeds_by_links_keys_and_the_field(page: Any, server: Server) -> None:
    page.goto("/question?seed=4")
    wait_until(page, lambda: shows(page, "A layer computes"))
    page.get_by_role("link", name="Next seed").click()
    page.wait_for_url("**/question?seed=5")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/question?seed=6")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**/question?seed=5")
    page.get_by_label("Seed", exact=True).fill("77")
    page.keyboard.press("ArrowLeft")  # within the field it moves the cursor
    page.keyboard.press("Enter")
    page.wait_for_url("**/question?seed=77*")
    page.get_by_label("Level").select_option("easy")
    page.wait_for_url("**level=easy*")
    page.get_by_label("Guided").select_option("yes")
    page.wait_for_url("**guided=yes*")
    page.get_by_role("link", name="Mistakes").click()
    page.wait_for_url("**/mistakes?seed=77&level=easy&guided=yes")


def test_everything_but_renewing_works_without_scripts(chromium: Any, server: Server) -> None:
    for page in opened(chromium, server, java_script_enabled=False):
        page.goto("/")
        assert document(page).get_by_text("A layer computes").count() == 1
        page.get_by_label("Seed", exact=True).fill("12")
        page.get_by_role("button", name="Show").click()
        for tab in ("Key", "Mistakes", "Lint", "PDF"):
            page.get_by_role("link", name=tab, exact=True).first.click()
            assert f"/{tab.lower()}?seed=12" in page.url
            assert page.locator(".failure").count() == 0


def test_it_is_said_when_the_server_has_gone(page: Any, server: Server) -> None:
    page.goto("/question")
    wait_until(page, lambda: shows(page, "A layer computes"))
    server.process.kill()
    wait_until(page, lambda: "has stopped" in page.locator("#status").inner_text())


@pytest.mark.parametrize(("width", "colours"), [(1100, "light"), (1100, "dark"), (360, "light")])
def test_axe_finds_nothing(chromium: Any, server: Server, width: int, colours: str) -> None:
    # The page itself forbids all scripts but its own; the test's must run.
    for page in opened(chromium, server, width, color_scheme=colours, bypass_csp=True):
        for tab in (*TABS, "failure"):
            if tab == "failure":
                server.problem.write_text(server.problem.read_text() + "\n\nx = 1 +\n")
            page.goto("/question" if tab == "failure" else f"/{tab}?seed=2")
            page.wait_for_timeout(300)
            found = axe.Axe().run(page).response
            assert len(found["passes"]) > 10
            assert [(tab, one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]] == []
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0
