"""The practice page in a real browser, as a student meets it: by mouse, by keyboard, on a phone, without scripts."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.cli.scaffold import write_problem
from generator.practice.attempts import Attempt
from generator.practice.engine import Practice
from generator.practice.store.database import Store
from generator.problem.catalogue import catalogue, problem_in_file
from generator.problem.solution import Values
from tests.browser import IN_A_BROWSER, launched
from tests.practice.forms import first_changed, kind_of_part, typed_fields
from tests.practice.student import NAMES

playwright = pytest.importorskip("playwright.sync_api", reason="no playwright")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="no axe-playwright-python")

pytestmark = IN_A_BROWSER

PROBLEMS = tuple(catalogue())

SERVER = """
import sys, time
from pathlib import Path
from generator.problem.catalogue import catalogue, problem_in_file
from generator.practice.engine import Practice
from generator.practice.store.database import Store
from generator.practice.web.server import serve
folder, port = Path(sys.argv[1]), int(sys.argv[2])
later = lambda: time.time() + float((folder / "later").read_text())
problems = [*catalogue().values(), problem_in_file(folder / "own_layer.py")]
with Store(folder / "practice.sqlite3") as store:
    serve(Practice(store, problems, now=later), port, announce=lambda address: print(address, flush=True))
"""
OWN = "own-layer"
"""A problem whose questions give no shapes."""


class Server:
    """The page in a process of its own, whose clock can be put forward; and its progress, to look the key up in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.later(0)
        path, *_ = write_problem(OWN, folder)
        self.start()
        self.practice = Practice(Store(folder / "practice.sqlite3"), [*catalogue().values(), problem_in_file(path)])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def later(self, seconds: float) -> None:
        """Put the server's clock forward by so much from now."""
        (self._folder / "later").write_text(str(seconds))

    def start(self) -> None:
        command = [sys.executable, "-c", SERVER, str(self._folder), str(self._port)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ})
        assert self._process.stdout is not None
        assert self._process.stdout.readline().startswith("http://127.0.0.1:")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def close(self) -> None:
        self.kill()
        self.practice.store.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("practice"))
    yield running
    running.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with launched() as browser:
        yield browser


@pytest.fixture
def page(chromium: Any, server: Server) -> Iterator[Any]:
    """A page whose console must stay silent: a forbidden script, style or request would be reported there.

    Only a request that finds no server may be reported: some tests stop it while the page is open.
    """
    yield from opened(chromium, server)


def opened(chromium: Any, server: Server, width: int = 1100, **options: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": width, "height": 900}, base_url=server.address, **options)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert [message for message in said if "net::ERR_CONNECTION" not in message] == []


def begun(server: Server, problem: str, *, guided: bool = False, seed: int | None = 7) -> Attempt:
    return server.practice.start(problem, seed=seed, guided=guided)


def goto(page: Any, attempt: Attempt) -> None:
    page.goto(f"/attempts/{attempt.id}")


def field(page: Any, name: str) -> Any:
    return page.locator(f'[name="{name}"]')


def fill(page: Any, attempt: Attempt, part_id: str, values: Values) -> None:
    """Type the answer that these values give."""
    fill_fields(page, typed_fields(attempt, part_id, values), kind_of_part(attempt, part_id))


def fill_fields(page: Any, fields: dict[str, str], kind: str) -> None:
    for name, text in fields.items():  # the shape stands first, and the grid comes with it
        if name.endswith("/as-text"):
            page.locator(f'button[value="text:{name.partition("/")[0]}"]').click()
        elif kind in ("choice", "claims") and "/reason" not in name:
            page.locator(f'[name="{name}"][value="{text}"]').check()
        else:
            field(page, name).fill(text)


def check(page: Any, part_id: str) -> str:
    """Press the button, and what is said of it."""
    page.locator(f'button[value="check:{part_id}"]').click()
    page.wait_for_selector(f"#result-{part_id}:focus")
    wait_until(page, lambda: page.evaluate("!acting"))
    return str(page.locator(f"#result-{part_id}").inner_text())


def act(page: Any, button: str) -> None:
    """Press a button of a part, and wait for what it brings."""
    page.locator(f'button[value^="{button}"]').click()
    wait_until(page, lambda: page.evaluate("!acting"))


def hand_in(page: Any, part_id: str) -> None:
    """Press the button of an answer in words; the rubric to mark it by comes at once."""
    page.locator(f'button[value="check:{part_id}"]').click()
    page.wait_for_selector(f"#mine-{part_id}:focus")
    wait_until(page, lambda: page.evaluate("!acting"))


# ------------------------------------------------------------------------------------------- answering


@pytest.mark.parametrize(
    ("problem", "guided"),
    [(problem, guided) for problem in PROBLEMS for guided in ((False, True) if problem in NAMES else (True,))],
)
def test_a_student_answers_everything_right(page: Any, server: Server, problem: str, guided: bool) -> None:
    page.goto("/")
    card = page.locator(".card", has=page.get_by_role("heading", name=catalogue()[problem].title))
    card.get_by_label("Ask for intermediate values too").set_checked(guided)
    card.get_by_role("button").click()
    attempt = server.practice.load(page.url.rsplit("/", 1)[1])
    for part_id, part in attempt.parts.items():
        fill(page, attempt, part_id, attempt.variant.values)
        if part.kind == "essay":
            hand_in(page, part_id)
        else:
            assert "✓ Right" in check(page, part_id)
        if part.manual_points:
            if part.kind == "claims":
                act(page, f"solution:{part_id}")
            for place, criterion in enumerate(part.criteria, start=1):
                field(page, f"{part_id}/own.{place}").select_option(str(criterion.points))
            act(page, f"self:{part_id}")
    assert "All done" in page.locator("main").inner_text()
    state = server.practice.state(attempt)
    assert state.points == state.worth


@pytest.mark.parametrize("problem", PROBLEMS)
def test_each_mistake_is_recognised(page: Any, server: Server, problem: str) -> None:
    variant = begun(server, problem, guided=True).variant
    for mistake, values in variant.wrong:
        attempt = begun(server, problem, guided=True)
        part_id, fields = first_changed(attempt, values)
        goto(page, attempt)
        fill_fields(page, fields, kind_of_part(attempt, part_id))
        said = check(page, part_id)
        assert mistake.name.replace("_", " ") in said or "it is not clear which" in said, mistake.name
        page.locator(f'button[value="solution:{part_id}"]').click()
        page.wait_for_selector(f"#solution-{part_id}:focus")


def test_the_formula_that_went_wrong_is_framed_whole(page: Any, server: Server) -> None:
    attempt = begun(server, "layer-norm")
    values = next(values for mistake, values in attempt.variant.wrong if mistake.name == "shifted before scaling")
    goto(page, attempt)
    fill(page, attempt, "output", values)
    check(page, "output")
    page.locator('button[value="solution:output"]').click()
    page.wait_for_selector(".here strong .wide")
    assert (
        page.locator(".here strong .wide").evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth)")
        == []
    )


def test_what_cannot_be_read_is_shown_while_typing_and_costs_nothing(page: Any, server: Server) -> None:
    attempt = begun(server, "dropout")
    goto(page, attempt)
    field(page, "y_drop/text").type("1/2 + √3")
    page.wait_for_selector("#preview-y_drop msqrt")
    assert page.locator("#preview-y_drop").get_attribute("aria-live") == "polite"
    field(page, "y_drop/text").fill("1/2 + x")
    page.wait_for_selector("#preview-y_drop li")
    assert "'x' is not known" in page.locator("#preview-y_drop").inner_text()
    assert "Not readable, so not marked" in check(page, "y_drop")
    assert server.practice.state(attempt).parts["y_drop"].tries == 0


def test_a_cell_that_cannot_be_read_is_named(page: Any, server: Server) -> None:
    attempt = begun(server, "layer-norm")
    goto(page, attempt)
    fill(page, attempt, "output", attempt.variant.values)
    field(page, "output/2.3").fill("1//")
    page.wait_for_selector("#preview-output li")
    assert page.locator("#preview-output li").inner_text().startswith("row 2, column 3: ")


def test_a_wrong_shape_is_possible_and_said(page: Any, server: Server) -> None:
    attempt = begun(server, OWN)
    goto(page, attempt)
    assert page.locator("#grid-gradient input").count() == 0
    transposed = {"gradient/rows": "3", "gradient/columns": "2"}
    transposed |= {f"gradient/{i}.{j}": "1" for i in range(1, 4) for j in range(1, 3)}
    fill_fields(page, transposed, "matrix")
    assert "Your answer has shape 3×2; the right one has shape 2×3." in check(page, "gradient")


def test_right_and_wrong_entries_can_be_told_without_colours(page: Any, server: Server) -> None:
    attempt = begun(server, "layer-norm")
    goto(page, attempt)
    fill(page, attempt, "output", attempt.variant.values)
    field(page, "output/2.3").fill("99")
    check(page, "output")
    assert page.get_by_label("row 2, column 3 of Y, wrong").count() == 1
    assert page.get_by_label("row 1, column 1 of Y, right").count() == 1
    marks = page.evaluate(
        """['.is-wrong', '.is-right'].map(kind => getComputedStyle(document.querySelector(kind), '::after').content)"""
    )
    assert ["✗" in marks[0], "✓" in marks[1]] == [True, True]


def paste(page: Any, text: str) -> None:
    """Paste into the field that has the focus."""
    page.evaluate(
        """text => { const data = new DataTransfer(); data.setData('text/plain', text);
            document.activeElement.dispatchEvent(new ClipboardEvent('paste',
                { clipboardData: data, bubbles: true, cancelable: true })); }""",
        text,
    )


def test_what_is_pasted_and_cannot_be_filled_in_is_not_lost(page: Any, server: Server) -> None:
    attempt = begun(server, "layer-norm")
    goto(page, attempt)
    field(page, "output/1.1").fill("8")
    field(page, "output/1.1").focus()
    said = page.locator("#pasted-output")
    paste(page, "1 2; 3 4; 5 6; 7 8")
    playwright.expect(said).to_contain_text(
        "What you pasted has 4 rows of 2 entries; the grid has 3 rows of 5 entries."
    )
    assert said.get_attribute("role") == "status"
    assert "1 2; 3 4; 5 6; 7 8" in said.inner_text()
    paste(page, "[1, 2")
    playwright.expect(said).to_contain_text("cannot be read: '[' is not closed by ']'.")
    assert "[1, 2" in said.inner_text()
    assert [field(page, f"output/1.{j}").input_value() for j in (1, 2)] == ["8", ""]
    paste(page, "[1/2, -√3]")
    playwright.expect(said).to_contain_text("1 row of 2 entries, the grid has 3 rows of 5 entries")
    assert [field(page, f"output/1.{j}").input_value() for j in (1, 2, 3)] == ["1/2", "-√3", ""]
    field(page, "output/1.3").type("4")
    playwright.expect(said).to_be_empty()
    wait_until(page, lambda: saved_drafts(server, attempt).get("output", {}).get("1.2") == "-√3")


def test_a_matrix_can_be_pasted_or_typed_as_text(page: Any, server: Server) -> None:
    attempt = begun(server, "layer-norm")
    goto(page, attempt)
    fields = typed_fields(attempt, "output", attempt.variant.values)
    field(page, "output/1.1").focus()
    rows = [[fields[f"output/{i}.{j}"] for j in range(1, 6)] for i in range(1, 4)]
    pasted = "\n".join("\t".join(row) for row in rows)
    paste(page, pasted)
    playwright.expect(field(page, "output/3.5")).to_have_value(rows[2][4])
    assert "✓ Right" in check(page, "output")
    act(page, "text:output")
    assert field(page, "output/text").input_value() == "\n".join(" & ".join(row) for row in rows)
    assert "✓ Right" in check(page, "output")


# -------------------------------------------------------------------------------- the page keeps its place

PLACES = """Object.fromEntries([...document.querySelectorAll('.part, h1, .preamble, .foot-actions')]
    .map((one, place) => [one.id || place, one.getBoundingClientRect().top]))"""


@pytest.mark.parametrize("width", [1280, 390])
def test_a_check_a_hint_and_a_solution_keep_the_page_in_its_place(chromium: Any, server: Server, width: int) -> None:
    for page in opened(chromium, server, width):
        attempt = begun(server, "dropout", guided=True)
        goto(page, attempt)
        page.evaluate("window.isTheSame = true")
        parts = list(attempt.parts)
        part_id = "y_corr"
        before_it = parts[: parts.index(part_id)]
        field(page, f"{part_id}/text").fill("977")
        button = page.locator(f'button[value="check:{part_id}"]')
        button.scroll_into_view_if_needed()
        page.evaluate("scrollBy(0, 120)")  # so that there is room below the button
        page.wait_for_selector(f"#preview-{part_id} mn")
        for action, brought in (
            ("check:", "#result-"),
            ("hint:", "#hint-"),
            ("solution:", "#solution-"),
            ("check:", "#result-"),
        ):
            before = page.evaluate(PLACES)
            scrolled = page.evaluate("scrollY")
            act(page, f"{action}{part_id}")
            after = page.evaluate(PLACES)
            assert {name: after[f"part-{name}"] for name in (*before_it, part_id)} == pytest.approx(
                {name: before[f"part-{name}"] for name in (*before_it, part_id)}, abs=1
            ), (action, scrolled)
            focused = page.evaluate("document.activeElement.id")
            assert focused.startswith(brought[1:] + part_id), focused
            page.wait_for_timeout(150)
            assert page.evaluate(PLACES)[f"part-{part_id}"] == pytest.approx(before[f"part-{part_id}"], abs=1)
        assert page.evaluate("window.isTheSame")
        assert "#" not in page.url


def test_what_comes_above_a_part_does_not_move_it(page: Any, server: Server) -> None:
    """The note that all is done stands at the top of the page."""
    attempt = server.practice.start("dropout", seed=7, only=["y_drop"])
    page.set_viewport_size({"width": 1100, "height": 500})
    goto(page, attempt)
    fill(page, attempt, "y_drop", attempt.variant.values)
    page.locator('button[value="check:y_drop"]').scroll_into_view_if_needed()
    page.wait_for_selector("#preview-y_drop mn")
    before = page.evaluate(PLACES)["part-y_drop"]
    check(page, "y_drop")
    assert "All done" in page.locator("main").inner_text()
    assert page.evaluate(PLACES)["part-y_drop"] == pytest.approx(before, abs=1)


def test_what_a_check_changes_elsewhere_is_up_to_date(page: Any, server: Server) -> None:
    attempt = begun(server, "dropout")
    goto(page, attempt)
    assert page.locator("#points").inner_text().startswith("0 of ")
    field(page, "closeness/text").fill("Half a sentence")
    fill(page, attempt, "y_drop", attempt.variant.values)
    check(page, "y_drop")
    assert page.locator("#points").inner_text().startswith("1 of ")
    assert "done: right" in page.locator("#contents li", has_text="Part (a)").inner_text()
    assert field(page, "closeness/text").input_value() == "Half a sentence"
    playwright.expect(page.locator("#announced")).to_have_text(re.compile("✓ Right"))
    assert page.locator("#announced").get_attribute("role") == "status"
    act(page, "solution:y_corr")
    assert "done: solution shown" in page.locator("#contents").inner_text()


def test_what_is_typed_while_a_check_is_on_its_way_stays(page: Any, server: Server) -> None:
    attempt = begun(server, "layer-norm")
    goto(page, attempt)
    fill(page, attempt, "output", attempt.variant.values)
    field(page, "output/2.3").fill("99")
    waiting: list[Any] = []
    page.route(f"**/attempts/{attempt.id}", lambda route: waiting.append(route))
    page.locator('button[value="check:output"]').click()
    wait_until(page, lambda: len(waiting) == 1)
    field(page, "single_example/text").fill("Typed meanwhile")
    field(page, "output/1.1").fill("1234")
    waiting[0].continue_()
    wait_until(page, lambda: len(waiting) == 2)  # the page that it leads to
    waiting[1].continue_()
    page.wait_for_selector("#result-output")
    wait_until(page, lambda: page.evaluate("!acting"))
    assert field(page, "single_example/text").input_value() == "Typed meanwhile"
    assert field(page, "output/1.1").input_value() == "1234"
    assert page.locator("#result-output").get_by_text("the fields have been changed since").is_visible()
    wait_until(page, lambda: saved_drafts(server, attempt).get("output", {}).get("1.1") == "1234")
    wait_until(page, lambda: saved_drafts(server, attempt).get("single_example") == {"text": "Typed meanwhile"})


def test_marks_stand_as_long_as_the_fields_hold_the_checked_answer(page: Any, server: Server) -> None:
    attempt = begun(server, "layer-norm")
    goto(page, attempt)
    fill(page, attempt, "output", attempt.variant.values)
    field(page, "output/2.3").fill("99")
    check(page, "output")
    sign = "getComputedStyle(document.querySelector('.is-wrong'), '::after').content"
    for text, stands in (("98", False), ("99", True)):
        field(page, "output/2.3").fill(text)
        page.wait_for_timeout(600)  # until that is saved and previewed
        assert ("✗" in page.evaluate(sign)) == stands
        assert page.get_by_label("row 2, column 3 of Y, wrong").count() == stands
        assert page.locator('[aria-invalid="true"]').count() == stands
        assert page.locator("#result-output").get_by_text("the fields have been changed since").is_visible() != stands
    page.locator("#working-output summary").click()
    field(page, "output/working.mean").fill("1, 2, 3")  # no part of the answer
    assert page.get_by_label("row 2, column 3 of Y, wrong").count() == 1


def test_a_button_that_gets_no_response_says_so_and_works_later(chromium: Any, server: Server) -> None:
    attempt = begun(server, "dropout")
    page = chromium.new_context(base_url=server.address).new_page()
    goto(page, attempt)
    fill(page, attempt, "y_drop", attempt.variant.values)
    server.kill()
    page.locator('button[value="check:y_drop"]').click()
    page.wait_for_selector("#unsaved-y_drop:has-text('No response from the program')")
    server.start()
    assert "✓ Right" in check(page, "y_drop")
    assert page.locator("#unsaved-y_drop").inner_text() == ""
    page.context.close()


def test_check_pressed_twice_in_haste_counts_once(page: Any, server: Server) -> None:
    attempt = begun(server, "dropout")
    goto(page, attempt)
    field(page, "y_drop/text").fill("977")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method + request.url.partition(attempt.id)[2]))
    page.evaluate(
        """() => { const button = document.querySelector('button[value="check:y_drop"]'); button.click(); button.click(); }"""
    )
    page.wait_for_selector("#result-y_drop:focus")
    assert asked.count("POST") == 1
    assert server.practice.state(attempt).parts["y_drop"].tries == 1


def test_the_list_of_parts_leads_to_them_and_covers_nothing(chromium: Any, server: Server) -> None:
    for width in (1280, 1100, 390):
        for page in opened(chromium, server, width):
            attempt = begun(server, "dropout", guided=True)
            goto(page, attempt)
            page.locator("#contents a").last.click()
            last = page.locator(".part").last
            assert page.evaluate("document.activeElement.id") == last.get_attribute("id")
            assert last.evaluate("one => one.getBoundingClientRect().top") < 900
            overlap = page.evaluate(
                """(() => { const list = document.getElementById('contents').getBoundingClientRect();
                    return [...document.querySelectorAll('.part, .head, .preamble')].map(one => one.getBoundingClientRect())
                        .filter(one => one.left < list.right && one.right > list.left && one.top < list.bottom
                            && one.bottom > list.top).length })()"""
            )
            assert overlap == 0


def test_what_is_wider_than_a_phone_shows_that_it_goes_on(chromium: Any, server: Server) -> None:
    for page in opened(chromium, server, 360):
        attempt = begun(server, "layer-norm")
        goto(page, attempt)
        fill(page, attempt, "output", attempt.variant.values)
        check(page, "output")
        grid = page.locator("#answer-output .scroll")
        masked = "one => getComputedStyle(one).maskImage"
        assert "more-after" in grid.get_attribute("class").split()
        assert "gradient" in grid.evaluate(masked)
        grid.evaluate("one => { one.scrollLeft = one.scrollWidth; }")
        playwright.expect(grid).not_to_have_class(re.compile("more-after"))
        assert "more-before" in grid.get_attribute("class").split()
        wide = page.evaluate(
            """[...document.querySelectorAll('.formula, .wide, .scroll, .table, figure')]
                .filter(one => one.scrollWidth > one.clientWidth + 1)
                .map(one => [one.className, one.tabIndex, Boolean(one.querySelector('input'))])"""
        )
        assert wide
        assert [one for one in wide if "more-" not in one[0] or (one[1] < 0 and not one[2])] == []
    for page in opened(chromium, server, 1100):
        goto(page, begun(server, "layer-norm"))
        assert page.locator(".more-after").count() == 0


# ----------------------------------------------------------------------- reload, back, tabs, restart


def test_reload_and_back_repeat_nothing(page: Any, server: Server) -> None:
    attempt = begun(server, "dropout")
    page.goto("/")
    goto(page, attempt)
    field(page, "y_drop/text").fill("12345")
    check(page, "y_drop")
    page.locator('button[value^="hint:y_drop"]').click()
    page.wait_for_selector("#hint-y_drop-1:focus")
    for _ in range(2):
        page.reload()
        assert page.locator("#result-y_drop").is_visible()
        assert field(page, "y_drop/text").input_value() == "12345"
    page.go_back()
    page.go_forward()
    assert field(page, "y_drop/text").input_value() == "12345"
    state = server.practice.state(attempt).parts["y_drop"]
    assert (state.tries, len(state.hints_shown)) == (1, 1)


def test_two_tabs_go_on_from_the_same_truth(page: Any, server: Server) -> None:
    attempt = begun(server, "dropout")
    goto(page, attempt)
    other = page.context.new_page()
    goto(other, attempt)
    for tab, part_id in ((page, "y_drop"), (other, "y_orig"), (page, "y_corr")):
        fill(tab, attempt, part_id, attempt.variant.values)
        assert "✓ Right" in check(tab, part_id)
    for tab in (page, other):  # on the other page, too, it would be the first
        tab.locator('button[value^="hint:variance_drop"]').click()
        tab.wait_for_selector("#hint-variance_drop-1:focus")
    state = server.practice.state(attempt)
    assert [state.parts[name].earned for name in ("y_drop", "y_orig", "y_corr")] == [1, 1, 1]
    assert len(state.parts["variance_drop"].hints_shown) == 1
    other.reload()
    assert other.locator(".result.correct").count() == 3


def test_the_server_is_killed_in_the_middle(page: Any, server: Server) -> None:
    attempt = begun(server, "layer-norm")
    goto(page, attempt)
    fill(page, attempt, "output", attempt.variant.values)
    field(page, "output/1.2").fill("77")
    check(page, "output")
    field(page, "single_example/text").fill("Half a sentence")
    wait_until(page, lambda: page.evaluate("unsaved.size") == 0)
    server.kill()
    server.start()
    fill(page, attempt, "transformed", attempt.variant.values)
    assert "✓ Right" in check(page, "transformed")
    assert field(page, "single_example/text").input_value() == "Half a sentence"
    server.kill()
    server.start()
    page.reload()
    assert page.get_by_label("row 1, column 2 of Y, wrong").input_value() == "77"
    assert "✓ Right" in page.locator("#result-transformed").inner_text()


def saved_drafts(server: Server, attempt: Attempt) -> dict[str, dict[str, str]]:
    rows = server.practice.store.all("SELECT part, fields FROM drafts WHERE attempt = ?", attempt.id)
    return {row["part"]: json.loads(row["fields"]) for row in rows}


def wait_until(page: Any, condition: Callable[[], bool]) -> None:
    for _ in range(100):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never happens")


def test_a_half_typed_grid_outlives_the_server_and_the_tab(chromium: Any, page: Any, server: Server) -> None:
    attempt = begun(server, "layer-norm")
    goto(page, attempt)
    for name, text in (("output/1.1", "1/2"), ("output/1.2", "-√3"), ("output/2.1", "7")):
        field(page, name).fill(text)
    page.locator('[name="claims/1"][value="F"]').check()
    field(page, "single_example/text").fill("Half a sentence,\nand <more>")
    wait_until(page, lambda: {"output", "claims", "single_example"} <= saved_drafts(server, attempt).keys())
    page.close()  # nothing was checked, and no tab is left
    server.kill()
    server.start()
    for again in opened(chromium, server):
        again.goto("/")
        again.locator(f'a[href="/attempts/{attempt.id}"]').click()
        values = [field(again, f"output/{place}").input_value() for place in ("1.1", "1.2", "1.3", "2.1")]
        assert values == ["1/2", "-√3", "", "7"]
        assert again.locator('[name="claims/1"][value="F"]').is_checked()
        assert field(again, "single_example/text").input_value() == "Half a sentence,\nand <more>"
        assert again.locator(".result").count() == 0


def test_what_is_typed_right_before_a_reload_or_going_back_is_there(page: Any, server: Server) -> None:
    attempt = begun(server, "dropout")
    page.goto("/")
    goto(page, attempt)
    field(page, "y_drop/text").fill("11")
    page.reload()  # sooner than anything was sent
    playwright.expect(field(page, "y_drop/text")).to_have_value("11")
    field(page, "y_drop/text").fill("12")
    field(page, "closeness/text").fill("Two\nlines")
    page.go_back()
    page.go_forward()
    playwright.expect(field(page, "y_drop/text")).to_have_value("12")
    assert field(page, "closeness/text").input_value() == "Two\nlines"
    field(page, "y_drop/text").fill("")
    page.reload()
    playwright.expect(field(page, "y_drop/text")).to_have_value("")
    wait_until(page, lambda: saved_drafts(server, attempt)["y_drop"] == {})
    assert server.practice.state(attempt).parts["y_drop"].latest is None


def test_while_the_server_is_away_it_says_so_and_loses_nothing(chromium: Any, server: Server) -> None:
    attempt = begun(server, "dropout")
    page = chromium.new_context(base_url=server.address).new_page()
    goto(page, attempt)
    server.kill()
    field(page, "y_drop/text").fill("21")
    field(page, "closeness/text").fill("typed in vain?")
    page.wait_for_selector("#unsaved-y_drop:has-text('No response from the program')")
    server.start()
    wait_until(page, lambda: saved_drafts(server, attempt).get("y_drop") == {"text": "21"})  # by itself
    wait_until(page, lambda: saved_drafts(server, attempt).get("closeness") == {"text": "typed in vain?"})
    page.wait_for_selector("#unsaved-y_drop:text-is('')", state="attached")
    server.kill()
    field(page, "y_drop/text").fill("22")
    with contextlib.suppress(playwright.Error):
        page.reload()  # an error page of the browser's
    server.start()
    goto(page, attempt)
    playwright.expect(field(page, "y_drop/text")).to_have_value("22")
    page.context.close()


def test_of_two_tabs_the_one_typed_in_last_holds_part_by_part(page: Any, server: Server) -> None:
    attempt = begun(server, "dropout")
    goto(page, attempt)
    other = page.context.new_page()
    goto(other, attempt)
    field(page, "y_drop/text").fill("1")
    wait_until(page, lambda: saved_drafts(server, attempt).get("y_drop") == {"text": "1"})
    field(other, "y_orig/text").fill("2")  # its own field for the first part is empty
    wait_until(page, lambda: "y_orig" in saved_drafts(server, attempt))
    assert saved_drafts(server, attempt)["y_drop"] == {"text": "1"}
    field(other, "y_drop/text").fill("3")
    wait_until(page, lambda: saved_drafts(server, attempt)["y_drop"] == {"text": "3"})
    fill(page, attempt, "y_corr", attempt.variant.values)
    assert "✓ Right" in check(page, "y_corr")  # sends its own part alone, and shows what holds
    assert [field(page, f"{name}/text").input_value() for name in ("y_drop", "y_orig")] == ["3", "2"]
    other.reload()
    assert "✓ Right" in other.locator("#result-y_corr").inner_text()


def test_what_was_sent_first_never_undoes_what_was_typed_since(page: Any, server: Server) -> None:
    attempt = begun(server, "dropout")
    goto(page, attempt)
    late: list[Any] = []
    page.route("**/parts/y_drop/preview", lambda route: route.continue_() if late else late.append(route))
    field(page, "y_drop/text").fill("1")
    wait_until(page, lambda: bool(late))
    fill(page, attempt, "y_drop", attempt.variant.values)
    right = field(page, "y_drop/text").input_value()
    page.locator('button[value="check:y_drop"]').click()
    page.wait_for_timeout(500)
    reached = late[0].fetch()  # whether or not the page still waits for it
    with contextlib.suppress(playwright.Error):
        late[0].fulfill(response=reached)
    page.wait_for_selector("#result-y_drop:has-text('✓ Right')")
    page.reload()
    assert field(page, "y_drop/text").input_value() == right
    assert saved_drafts(server, attempt)["y_drop"] == {"text": right}


def test_a_form_that_is_out_of_date_says_so_and_what_was_typed_comes_along(chromium: Any, server: Server) -> None:
    attempt = begun(server, "dropout")
    page = chromium.new_context(base_url=server.address).new_page()
    goto(page, attempt)
    page.context.clear_cookies()
    field(page, "y_drop/text").fill("31")
    page.wait_for_selector("#unsaved-y_drop:has-text('out of date')")
    page.reload()
    playwright.expect(field(page, "y_drop/text")).to_have_value("31")
    wait_until(page, lambda: saved_drafts(server, attempt).get("y_drop") == {"text": "31"})
    page.context.close()


# ---------------------------------------------------------------------------------------------- exams


def test_an_exam_against_the_clock(page: Any, server: Server) -> None:
    page.clock.install()
    page.goto("/")
    page.get_by_role("spinbutton", name="Problems").fill("3")
    page.get_by_label("Minutes").fill("10")
    page.get_by_role("button", name="Start the exam").click()
    assert page.locator(".timer").inner_text() in ("10:00", "9:59")
    page.locator("main ol a").first.click()
    attempt = server.practice.load(page.url.rsplit("/", 1)[1])
    part_id = next(iter(attempt.parts))
    fill(page, attempt, part_id, attempt.variant.values)
    page.locator(f'button[value="check:{part_id}"]').click()
    playwright.expect(page.locator(f"#result-{part_id}")).to_have_text("✓ Saved")
    assert page.locator(".result, .hints, .solution, .is-right").count() == 0
    page.clock.run_for(9 * 60_000 + 1000)
    assert page.locator(".timer.short").count() == 1
    assert page.locator("#time-said").inner_text() == "1 minute left"
    server.later(601)
    try:
        page.clock.run_for(60_000)
        page.wait_for_selector("h1:has-text('Report of the exam')")
        report = page.locator("main").inner_text()
        assert f"{attempt.grader.max_points(part_id)} of" in report
        page.locator("main table a").first.click()
        assert "✓ Right" in page.locator("main").inner_text()
        assert page.locator('button[value^="check:"]').count() == 0
    finally:
        server.later(0)


def test_a_button_pressed_twice_in_haste_counts_once(page: Any, server: Server) -> None:
    before = len(server.practice.store.all("SELECT id FROM exams"))
    page.goto("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    page.evaluate(
        """async () => { const button = document.querySelector('[name=count]').form.querySelector('button');
            button.click(); await new Promise(after => setTimeout(after, 50)); button.click(); }"""
    )
    page.wait_for_url("**/exams/*")
    assert asked.count("POST") == 1
    assert len(server.practice.store.all("SELECT id FROM exams")) == before + 1


def test_in_an_exam_what_one_leaves_is_saved(page: Any, server: Server) -> None:
    page.goto("/")
    page.get_by_role("spinbutton", name="Problems").fill(str(len(PROBLEMS) + 1))
    page.get_by_role("button", name="Start the exam").click()
    page.get_by_role("link", name="Dropout").click()
    attempt = server.practice.load(page.url.rsplit("/", 1)[1])
    field(page, "y_drop/text").fill("5")
    field(page, "y_orig/text").focus()
    page.wait_for_selector("#result-y_drop:has-text('✓ Saved')")
    assert server.practice.state(attempt).parts["y_drop"].latest is not None


def test_in_an_exam_what_is_being_typed_at_the_end_counts(page: Any, server: Server) -> None:
    page.clock.install()
    page.goto("/")
    page.get_by_role("spinbutton", name="Problems").fill(str(len(PROBLEMS) + 1))
    page.get_by_label("Minutes").fill("1")
    page.get_by_role("button", name="Start the exam").click()
    page.get_by_role("link", name="Dropout").click()
    attempt = server.practice.load(page.url.rsplit("/", 1)[1])
    page.clock.run_for(50_000)
    page.locator("#working-y_drop summary").click()
    field(page, "y_drop/working.contributions").fill("1, 2")
    field(page, "y_drop/text").fill("5")  # and not left
    page.clock.run_for(1000)
    assert server.practice.state(attempt).parts["y_drop"].latest is None
    page.clock.run_for(7500)
    wait_until(page, lambda: server.practice.state(attempt).parts["y_drop"].latest is not None)
    latest = server.practice.state(attempt).parts["y_drop"].latest
    assert latest is not None
    assert (latest.text, latest.working) == ("5", {"contributions": "1, 2"})


# ------------------------------------------------------------------------------- keyboard, no scripts


def test_by_keyboard_alone(page: Any, server: Server) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.wait_for_selector("#main:focus")  # until then the next key may be lost
    tab_to(page, "document.activeElement.getAttribute('aria-label') === 'Practise Layer normalization'")
    page.keyboard.press("Enter")
    page.wait_for_url("**/attempts/*")
    attempt = server.practice.load(page.url.rsplit("/", 1)[1].split("#")[0])
    fields = typed_fields(attempt, "output", attempt.variant.values)
    tab_to(page, "document.activeElement.name === 'output/1.1'")
    for place in range(1, 16):
        row, column = (place - 1) // 5 + 1, (place - 1) % 5 + 1
        assert page.evaluate("document.activeElement.getAttribute('aria-label')") == f"row {row}, column {column} of Y"
        assert outlined(page)
        page.keyboard.type(fields[f"output/{row}.{column}"])
        if place < 15:
            page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.name") == "output/2.5"
    page.keyboard.press("Enter")
    page.wait_for_selector("#result-output:focus")
    assert "✓ Right" in page.locator("#result-output").inner_text()
    tab_to(page, "document.activeElement.value?.startsWith('solution:single_example')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#solution-single_example:focus")


def test_a_shape_is_typed_by_keyboard_where_it_is_part_of_the_answer(page: Any, server: Server) -> None:
    attempt = begun(server, OWN)
    goto(page, attempt)
    fields = typed_fields(attempt, "gradient", attempt.variant.values)
    tab_to(page, "document.activeElement.name === 'gradient/rows'")
    page.keyboard.type(fields["gradient/rows"])
    page.keyboard.press("Tab")
    page.keyboard.type(fields["gradient/columns"])
    page.keyboard.press("Enter")
    page.wait_for_selector("[name='gradient/1.1']:focus")
    fill_fields(page, fields, "matrix")
    page.keyboard.press("Enter")
    page.wait_for_selector("#result-gradient:focus")
    assert "✓ Right" in page.locator("#result-gradient").inner_text()


def tab_to(page: Any, condition: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        assert outlined(page)
        if page.evaluate(condition):
            return
    raise AssertionError(f"the keyboard does not get to where {condition}")


def outlined(page: Any) -> bool:
    """Whether one can see where the focus is."""
    return bool(
        page.evaluate(
            """(() => { const style = getComputedStyle(document.activeElement);
                return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 })()"""
        )
    )


def test_without_scripts_everything_works(chromium: Any, server: Server) -> None:
    for page in opened(chromium, server, java_script_enabled=False):
        attempt = begun(server, "layer-norm", guided=True)
        goto(page, attempt)
        fill(page, attempt, "output", attempt.variant.values)
        page.locator('button[value="preview:output"]').click()
        assert page.locator("#preview-output mtable").is_visible()
        page.locator('button[value="check:output"]').click()
        assert "✓ Right" in page.locator("#result-output").inner_text()
        assert page.url.endswith("#result-output")
        fill(page, attempt, "claims", attempt.variant.values)
        page.locator('button[value="check:claims"]').click()
        page.locator('button[value="solution:claims"]').click()
        assert page.locator("#solution-claims").is_visible()
        own = begun(server, OWN)
        goto(page, own)
        fields = typed_fields(own, "gradient", own.variant.values)
        for side in ("rows", "columns"):
            field(page, f"gradient/{side}").fill(fields[f"gradient/{side}"])
        page.locator('button[value="shape:gradient"]').click()
        fill_fields(page, fields, "matrix")
        page.locator('button[value="check:gradient"]').click()
        assert "✓ Right" in page.locator("#result-gradient").inner_text()


# ------------------------------------------------------------------------------------ how it looks


VIEWS = [(1100, "light"), (1100, "dark"), (360, "light"), (320, "dark")]
OVERFLOW = "document.documentElement.scrollWidth - innerWidth"
UNREACHABLE = """[...document.querySelectorAll('main *')].filter(one => one.scrollWidth > one.clientWidth + 1
    && ['auto', 'scroll'].includes(getComputedStyle(one).overflowX) && one.tabIndex < 0
    && !one.querySelector('input') && one.tagName !== 'TEXTAREA').map(one => one.outerHTML.slice(0, 200))"""


def look_at(page: Any) -> None:
    """Nothing serious for axe, nothing wider than the page, nothing that scrolls out of reach."""
    found = axe.Axe().run(page).response
    assert len(found["passes"]) > 15
    serious = [one for one in found["violations"] if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in serious] == []
    assert page.evaluate(OVERFLOW) <= 0
    assert page.evaluate(UNREACHABLE) == []


def press(page: Any, button: Any) -> None:
    """Press what leads to another page, and be there: axe looks at what stands there."""
    with page.expect_navigation():
        button.click()


@pytest.mark.parametrize(
    ("problem", "view"),
    [(problem, view) for problem in PROBLEMS for view in (VIEWS if problem in NAMES else (VIEWS[0], VIEWS[-1]))],
    ids=str,
)
def test_an_attempt_in_every_state_can_be_read_by_all(
    chromium: Any, server: Server, problem: str, view: tuple[int, str]
) -> None:
    width, colours = view
    # The page itself forbids all scripts but its own; the test's must run.
    for page in opened(chromium, server, width, color_scheme=colours, bypass_csp=True):
        attempt = begun(server, problem, guided=True)
        goto(page, attempt)
        look_at(page)
        wrong = attempt.variant.wrong[0][1]
        for place, part_id in enumerate(attempt.parts):
            step = attempt.parts[part_id].answer.step
            values = wrong if place % 2 and step in wrong else attempt.variant.values
            fill(page, attempt, part_id, values)
            hand_in(page, part_id) if attempt.parts[part_id].kind == "essay" else check(page, part_id)
            if page.locator(f'button[value^="hint:{part_id}:"]').count() and place % 3 == 0:
                act(page, f"hint:{part_id}:")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        look_at(page)
        press(page, page.get_by_role("button", name="Finish and show all solutions"))
        look_at(page)


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_the_other_pages_can_be_read_by_all(chromium: Any, server: Server, view: tuple[int, str]) -> None:
    width, colours = view
    for page in opened(chromium, server, width, color_scheme=colours, bypass_csp=True):
        page.goto("/")
        look_at(page)
        page.get_by_role("spinbutton", name="Problems").fill("2")
        press(page, page.get_by_role("button", name="Start the exam"))
        look_at(page)
        press(page, page.locator("main ol a").first)
        look_at(page)
        press(page, page.get_by_role("button", name="Save, all problems"))
        page.locator("summary", has_text="Hand in the exam").click()
        look_at(page)
        press(page, page.get_by_role("button", name="Hand it in as it is"))
        look_at(page)
        page.goto("/progress")
        look_at(page)
    for page in opened(chromium, server, width, color_scheme=colours, bypass_csp=True):
        page.route("**/favicon.ico", lambda route: route.abort())
        page.goto("/")
        page.evaluate("document.querySelector('[name=minutes]').removeAttribute('max')")
        page.get_by_label("Minutes").fill("9999")
        with page.expect_event("console"):  # the browser tells of the 400
            press(page, page.get_by_role("button", name="Start the exam"))
        look_at(page)
        break


def test_the_page_asks_nobody_but_its_server(page: Any, server: Server) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    goto(page, begun(server, "model-size"))
    page.goto("/progress")
    assert len(asked) > 5
    assert {url for url in asked if not url.startswith((server.address, "data:,"))} == set()
