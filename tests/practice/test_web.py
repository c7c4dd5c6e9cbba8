"""The practice page without a browser: what it says, what it saves, and that nothing is lost or shown too early."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask import Flask

from generator.cli.scaffold import write_problem
from generator.practice.attempts import Attempt
from generator.practice.engine import Practice
from generator.practice.store.database import Store
from generator.practice.web.app import create_app
from generator.practice.web.fields import grid_in_question
from generator.problem.catalogue import catalogue, problem_in_file
from generator.problem.choices import Choice
from tests.practice.forms import Browser, first_changed, typed_fields
from tests.practice.student import EACH

KEY = b"k" * 32
PROBLEMS = tuple(catalogue())


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    seeds = iter(range(100, 1000))
    path, *_ = write_problem("own-layer", tmp_path)
    with Store(tmp_path / "practice.sqlite3") as store:
        yield Practice(store, [*catalogue().values(), problem_in_file(path)], seed=lambda: next(seeds))


@pytest.fixture
def app(practice: Practice) -> Flask:
    made = create_app(practice, key=KEY)
    made.testing = True
    return made


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app.test_client())


def attempt_at(practice: Practice, url: str) -> Attempt:
    return practice.load(url.split("/")[2].partition("#")[0])


def result(page: str, part_id: str) -> str:
    """What is said of a part, as text."""
    found = re.search(rf'<div class="result[^>]*id="result-{part_id}".*?\n</div>', page, re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "", found[0])) if found else ""


# ------------------------------------------------------------------------------------------- answering


@pytest.mark.parametrize("guided", ["", "yes"])
@pytest.mark.parametrize("problem", EACH)
@pytest.mark.slow
def test_the_key_typed_into_the_fields_is_right(
    practice: Practice, browser: Browser, problem: str, guided: str
) -> None:
    url = browser.begin(problem, guided=guided)
    attempt = attempt_at(practice, url)
    for part_id in attempt.parts:
        browser.get(url)
        answer = browser.post(url, {"do": f"check:{part_id}", **typed_fields(attempt, part_id, attempt.variant.values)})
        place = "mine" if attempt.parts[part_id].kind == "essay" else "result"
        assert answer.location == f"{url}#{place}-{part_id}"
    page = browser.get(url)
    for part_id, part in attempt.parts.items():
        if part.kind == "essay":
            assert f'name="{part_id}/own.1"' in page
        else:
            assert "✓ Right" in result(page, part_id), part_id


@pytest.mark.slow
@pytest.mark.parametrize("problem", EACH)
def test_each_mistake_is_named(practice: Practice, browser: Browser, problem: str) -> None:
    browser.get("/")
    variant = practice.start(problem, seed=7, guided=True).variant
    assert len(variant.wrong) > 5
    for mistake, values in variant.wrong:
        attempt = practice.start(problem, seed=7, guided=True)  # a new one, so that no earlier answer explains this one
        part_id, fields = first_changed(attempt, values)
        url = f"/attempts/{attempt.id}"
        browser.post(url, {"do": f"check:{part_id}", **fields})
        said = result(browser.get(url), part_id)
        assert mistake.name.replace("_", " ") in said or "it is not clear which" in said, (mistake.name, part_id, said)
        assert "✓ Right" not in said


def test_what_cannot_be_read_costs_nothing_and_says_where(practice: Practice, browser: Browser) -> None:
    url = browser.begin("dropout")
    browser.post(url, {"do": "check:y_drop", "y_drop/text": "3/"})
    page = browser.get(url)
    assert "Not readable, so not marked" in result(page, "y_drop")
    assert 'value="3/"' in page
    state = practice.state(attempt_at(practice, url))
    assert state.parts["y_drop"].tries == 0


@pytest.mark.parametrize("fields", [{}, {"gradient/rows": "2", "gradient/columns": "2"}, {"gradient/text": "  "}])
def test_nothing_typed_is_not_an_answer(practice: Practice, browser: Browser, fields: dict[str, str]) -> None:
    url = browser.begin("own-layer")
    where = browser.post(url, {"do": "check:gradient", **fields}).location
    assert "Nothing has been entered yet" in browser.get(where)
    assert practice.state(attempt_at(practice, url)).parts["gradient"].latest is None


def test_a_grid_with_gaps_is_marked_entry_by_entry(practice: Practice, browser: Browser) -> None:
    url = browser.begin("layer-norm")
    attempt = attempt_at(practice, url)
    fields = typed_fields(attempt, "output", attempt.variant.values) | {"output/1.2": "", "output/2.3": "2//"}
    where = browser.post(url, {"do": "check:output", **fields}).location
    assert where.endswith("#result-output")
    page = browser.get(where)
    assert page.count(', right"') == 13
    assert 'aria-label="row 1, column 2 of Y, wrong, empty"' in page
    assert 'aria-label="row 2, column 3 of Y, wrong, cannot be read"' in page
    assert 'value="2//"' in page
    assert "Still empty: row 1, column 2. What is empty counts as wrong." in page
    assert "row 2, column 3: something is missing at the end" in page
    marked = practice.state(attempt).parts["output"].latest
    assert marked is not None
    assert marked.marked.status == "partial"


@pytest.mark.parametrize("problem", EACH)
@pytest.mark.slow
def test_with_a_field_left_empty_every_part_is_marked(practice: Practice, browser: Browser, problem: str) -> None:
    """Whatever its fields are, it is worth no more than with all, and no less than with junk in that field."""
    url = browser.begin(problem, guided="yes")
    attempt = attempt_at(practice, url)
    for part_id in attempt.parts:
        right = typed_fields(attempt, part_id, attempt.variant.values)
        entries = [name for name in right if re.fullmatch(r"[^/]+/[0-9.]+", name)]
        if len(entries) < 2:
            continue
        for junk in ("", "?"):
            if part_id + "/1" in entries and right[entries[-1]] in ("T", "F") and junk:
                continue  # a button, where nothing else can be typed
            browser.get(url)
            browser.post(url, {"do": f"check:{part_id}", **right, entries[-1]: junk})
            latest = practice.state(attempt).parts[part_id].latest
            assert latest is not None
            assert latest.marked.status in ("partial", "wrong"), (part_id, latest)
            assert latest.marked.unread, part_id
            page = browser.get(url)
            said = "wrong, cannot be read" if junk else "wrong, empty"
            assert said in page, (part_id, junk)


def test_a_wrong_shape_can_be_typed_and_is_reported(practice: Practice, browser: Browser) -> None:
    url = browser.begin("own-layer")
    places = [(i, j) for i in range(1, 6) for j in range(1, 6)]
    grid = {"gradient/rows": "5", "gradient/columns": "5", **{f"gradient/{i}.{j}": "1" for i, j in places}}
    before = browser.post(f"{url}/parts/gradient/preview", grid, code=200).text
    assert set(re.sub(r"<[^>]+>", "", before)) <= set(
        "Readas1[] \n"
    )  # the preview does not say what shape is asked for
    browser.post(url, {"do": "check:gradient", **grid})
    assert "Your answer has shape 5×5; the right one has shape 2×3." in result(browser.get(url), "gradient")


@pytest.mark.parametrize("problem", EACH)
def test_the_shape_is_asked_for_only_where_the_question_does_not_give_it(
    practice: Practice, browser: Browser, problem: str
) -> None:
    url = browser.begin(problem, guided="yes")
    attempt, page = attempt_at(practice, url), browser.get(url)
    for part_id, part in attempt.parts.items():
        stated = grid_in_question(part.answer, attempt.variant.values)
        asks = part.kind in ("vector", "matrix") and stated is None
        assert (f'name="{part_id}/columns"' in page) == asks, part_id
        cells = len(re.findall(rf'<input name="{part_id}/\d+\.\d+"', page))
        assert cells == (stated.rows * stated.columns if stated is not None else 0), part_id
    page = browser.get(browser.begin("own-layer"))
    assert 'name="gradient/rows"' in page
    assert 'name="gradient/1.1"' not in page


def test_an_answer_of_another_shape_than_the_grid_s_is_shown_as_the_text_it_was(
    practice: Practice, browser: Browser
) -> None:
    url = browser.begin("layer-norm")
    attempt = attempt_at(practice, url)
    practice.check(attempt, "output", "1 2; 3 4")  # in the terminal, say
    page = browser.get(url)
    assert "1 2; 3 4</textarea>" in page
    assert "Your answer has shape 2×2; the right one has shape 3×5." in result(page, "output")
    browser.post(url, {"do": "preview:output", "output/rows": "2", "output/columns": "2", "output/1.1": "1"})
    assert "Still empty: row 1, column 2; row 1, column 3;" in browser.get(
        url
    )  # of the question's shape, not the form's


def test_entries_are_marked_in_the_grid_and_not_by_colour_alone(practice: Practice, browser: Browser) -> None:
    url = browser.begin("layer-norm")
    attempt = attempt_at(practice, url)
    fields = typed_fields(attempt, "output", attempt.variant.values) | {"output/2.3": "99"}
    browser.post(url, {"do": "check:output", **fields})
    page = browser.get(url)
    assert page.count(', right"') == 14
    assert 'aria-label="row 2, column 3 of Y, wrong"' in page
    browser.post(url, {"do": "save", **fields, "output/1.1": "1234"})
    page = browser.get(url)
    assert ", wrong" not in page  # what was changed since is not marked
    assert "have been changed since" in result(page, "output")


def test_working_is_followed_through(practice: Practice, browser: Browser) -> None:
    attempt = practice.start("dropout", seed=7)
    url = f"/attempts/{attempt.id}"
    browser.get(url)
    fields = {"y_corr/working.correction": "5", "y_corr/text": "1"}
    browser.post(url, {"do": "check:y_corr", **fields})
    page = browser.get(url)
    follows = f"<mn>{abs(5 * attempt.variant.values.y_drop)}</mn>"
    assert follows not in page  # what follows is not told before the solution is asked for
    assert 'value="5"' in page
    browser.post(url, {"do": "solution:y_corr", **fields})
    page = browser.get(url)
    assert "What follows from your own values" in page
    assert follows in page


def test_working_that_cannot_be_read_is_said_beside_it(practice: Practice, browser: Browser) -> None:
    url = browser.begin("dropout")
    where = browser.post(url, {"do": "check:y_corr", "y_corr/working.correction": "5//", "y_corr/text": "1"}).location
    assert where.endswith("#working-y_corr")
    assert 'class="complaint"' in browser.get(url)
    assert practice.state(attempt_at(practice, url)).parts["y_corr"].latest is None


def test_working_is_asked_for_where_no_other_part_asks_for_it(practice: Practice, browser: Browser) -> None:
    free, guided = (browser.get(browser.begin("layer-norm", guided=one)) for one in ("", "yes"))
    for step in ("mean", "variance", "std", "normalized"):
        assert f'name="output/working.{step}"' in free
        assert f'name="output/working.{step}"' not in guided


def test_working_for_other_steps_is_passed_over(practice: Practice, browser: Browser) -> None:
    url = browser.begin("dropout")
    browser.post(url, {"do": "check:y_drop", "y_drop/text": "1", "y_drop/working.no_such": "1"})
    latest = practice.state(attempt_at(practice, url)).parts["y_drop"].latest
    assert latest is not None
    assert latest.working == {}


# ------------------------------------------------------------------------------- nothing is lost or repeated


def test_what_is_typed_elsewhere_stays(practice: Practice, browser: Browser) -> None:
    url = browser.begin("dropout")
    browser.post(
        url, {"do": "check:y_drop", "y_drop/text": "1", "y_orig/text": "7+", "closeness/text": "Half a <thought>"}
    )
    page = browser.get(url)
    assert 'value="7+"' in page
    assert "Half a &lt;thought&gt;</textarea>" in page


def test_sent_twice_it_counts_once(practice: Practice, browser: Browser) -> None:
    url = browser.begin("dropout")
    for _ in range(3):
        browser.post(url, {"do": "check:y_drop", "y_drop/text": "1"})
        browser.post(url, {"do": "hint:y_drop:1", "y_drop/text": "1"})
    state = practice.state(attempt_at(practice, url)).parts["y_drop"]
    assert state.tries == 1
    assert len(state.hints_shown) == 1


def test_to_look_changes_nothing(practice: Practice, browser: Browser) -> None:
    url = browser.begin("dropout")
    before = stored(practice)
    for path in (
        "/",
        url,
        "/progress",
        f"{url}/next",
        f"{url}/finish",
        "/attempts",
        "/exams",
        f"{url}?unanswered=y_drop",
    ):
        browser.client.get(path)
    assert stored(practice) == before


def stored(practice: Practice) -> list[tuple[object, ...]]:
    tables = ("attempts", "answers", "hints", "solutions", "exams", "part_reviews")
    return [(name, *row) for name in tables for row in practice.store.all(f"SELECT * FROM {name}")]  # noqa: S608


def test_after_a_restart_the_form_can_be_sent_and_the_answers_are_there(
    tmp_path: Path, practice: Practice, browser: Browser
) -> None:
    url = browser.begin("layer-norm")
    attempt = attempt_at(practice, url)
    fields = typed_fields(attempt, "output", attempt.variant.values) | {"output/2.3": "99"}
    browser.post(url, {"do": "check:output", **fields})
    browser.get(url)
    with Store(tmp_path / "practice.sqlite3") as store:
        again = create_app(Practice(store), key=KEY)
        client = again.test_client()
        for cookie in (browser.client._cookies or {}).values():
            client.set_cookie(cookie.key, cookie.value)
        restarted = Browser(client)
        restarted._token = browser._token
        restarted.post(url, {"do": "save"})
        page = restarted.get(url)
        assert 'aria-label="row 2, column 3 of Y, wrong"' in page
        assert 'value="99"' in page


def test_a_grid_can_be_typed_as_text_and_back(practice: Practice, browser: Browser) -> None:
    url = browser.begin("own-layer")
    grid = {"gradient/rows": "1", "gradient/columns": "2", "gradient/1.1": "1", "gradient/1.2": "2√3"}
    browser.post(url, {"do": "text:gradient", **grid})
    page = browser.get(url)
    assert "1 &amp; 2√3</textarea>" in page
    browser.post(url, {"do": "check:gradient", "gradient/as-text": "yes", "gradient/text": "1 2; 3 4"})
    assert "Your answer has shape 2×2" in result(browser.get(url), "gradient")
    browser.post(url, {"do": "grid:gradient", "gradient/as-text": "yes", "gradient/text": "1 2; 3 4"})
    assert '<textarea name="gradient/text"' not in browser.get(url)


# --------------------------------------------------------------------------------------- help and its cost


@pytest.mark.parametrize("problem", EACH)
def test_the_page_has_nothing_of_the_key_before_it_is_asked_for(
    practice: Practice, browser: Browser, problem: str
) -> None:
    attempt = practice.start(problem, seed=7)
    page = browser.get(f"/attempts/{attempt.id}")
    for mark in ("boxed-answer", "model-answer", 'class="steps"', 'class="rubric', "Hint 1"):
        assert mark not in page
    for part in attempt.parts.values():
        if part.kind == "essay":
            model = str(part.answer.value(attempt.variant.values))
            assert model[:40] not in page


def test_hints_come_one_at_a_time_and_say_what_they_cost(practice: Practice, browser: Browser) -> None:
    url = browser.begin("dropout")
    page = browser.get(url)
    assert "costs 1/4 of the points" in page
    browser.post(url, {"do": "hint:y_drop:1"})
    page = browser.get(url)
    assert "Hint 1 of 3" in page
    assert "Hint 2 of 3" not in page


def test_the_solution_points_at_the_wrong_step(practice: Practice, browser: Browser) -> None:
    attempt = practice.start("layer-norm", seed=7)
    url = f"/attempts/{attempt.id}"
    browser.get(url)
    wrong = next(values for mistake, values in attempt.variant.wrong if mistake.name == "sample variance")
    browser.post(url, {"do": "check:output", **typed_fields(attempt, "output", wrong)})
    browser.post(url, {"do": "solution:output"})
    page = browser.get(url)
    assert 'li class="here"' in page
    assert "This is where you went wrong" in page
    assert "divided by" in page
    assert "boxed-answer" in page


def test_an_essay_is_marked_by_its_writer(practice: Practice, browser: Browser) -> None:
    url = browser.begin("layer-norm")
    browser.post(f"{url}/parts/single_example/preview", {"single_example/text": "Yes: its"}, code=200)
    page = browser.get(url)
    assert "rubric" not in page
    assert "model-answer" not in page
    browser.post(url, {"do": "check:single_example", "single_example/text": "Yes: its <b>own</b> statistics."})
    page = browser.get(url)  # in one step: the essay, the model answer and the rubric to mark them by
    assert '<p class="own-words">Yes: its &lt;b&gt;own&lt;/b&gt; statistics.</p>' in page
    assert 'class="model-answer"' in page
    assert 'class="rubric own"' in page
    assert '<textarea name="single_example/text"' not in page  # what the rubric says is not written into it any more
    browser.post(url, {"do": "self:single_example", "single_example/own.1": "1", "single_example/own.2": "0"})
    state = practice.state(attempt_at(practice, url)).parts["single_example"]
    assert state.self_marks == (1, 0)
    for marks in ({"1": "9", "2": "0"}, {"1": "x", "2": "0"}, {"1": "1"}, {"1": "-1", "2": "1"}):
        fields = {f"single_example/own.{place}": mark for place, mark in marks.items()}
        browser.post(url, {"do": "self:single_example", **fields}, code=400)


def test_who_looks_at_the_model_answer_first_has_nothing_to_mark(practice: Practice, browser: Browser) -> None:
    url = browser.begin("layer-norm")
    browser.post(url, {"do": "solution:single_example", "single_example/text": "Half a thought"})
    page = browser.get(url)
    assert '<p class="own-words">Half a thought</p>' in page
    assert "rubric own" not in page
    assert 'aria-label="Points"' in page
    browser.post(url, {"do": "self:single_example", "single_example/own.1": "1", "single_example/own.2": "1"}, code=400)


def wrong_choices(attempt: Attempt, part_id: str, *, known: bool) -> list[str]:
    """The letters of wrong options that a mistake leads to, or that none does."""
    answer = attempt.parts[part_id].answer
    assert isinstance(answer, Choice)
    marks = {letter: attempt.grader.mark(part_id, letter) for letter in "ABCDEFGH"[: len(answer.options)]}
    return [letter for letter, mark in marks.items() if mark.status != "correct" and bool(mark.diagnosis) is known]


@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_choice_is_pointed_at_among_the_options(practice: Practice, browser: Browser, known: bool) -> None:
    attempts = (practice.start("l2-regularization", seed=seed) for seed in range(20))
    attempt = next(one for one in attempts if wrong_choices(one, "large_lambda", known=known))
    url = f"/attempts/{attempt.id}"
    browser.get(url)
    letter = wrong_choices(attempt, "large_lambda", known=known)[0]
    browser.post(url, {"do": "check:large_lambda", "large_lambda/1": letter})
    page = browser.get(url)
    assert re.search(rf'value="{letter}" checked>.*✗ wrong', page)
    assert "judged" not in page
    browser.post(url, {"do": "solution:large_lambda"})
    options = re.search(r'<ul class="options judged".*?</ul>', browser.get(url), re.DOTALL)
    assert options is not None
    ((wrong,), (right,)) = (
        re.findall(rf'<li class="chosen-{which}">.*?</li>', options[0], re.DOTALL) for which in ("wrong", "right")
    )
    assert f"({letter})" in wrong
    assert "✗ You chose this" in wrong
    assert ("No known mistake leads to this option" in wrong) is not known
    assert ("you" in re.sub(r"<[^>]+>|You chose", "", wrong)) is known
    assert "✓ This is right" in right


def test_the_next_variant_is_another_of_the_same_kind(practice: Practice, browser: Browser) -> None:
    url = browser.begin("dropout", level="hard", guided="yes")
    first = attempt_at(practice, url)
    other = attempt_at(practice, str(browser.post(f"{url}/next").location))
    assert (other.problem.id, other.level, other.guided) == ("dropout", "hard", True)
    assert other.variant.canonical != first.variant.canonical


def test_some_parts_of_a_problem_are_practised(practice: Practice, browser: Browser) -> None:
    page = browser.get("/problems/layer-norm/parts")
    assert 'name="part" value="variance"' in page  # intermediate values too
    url = str(browser.post("/attempts", {"problem": "layer-norm", "part": ["variance", "std"]}).location)
    assert [*attempt_at(practice, url).parts] == ["variance", "std"]
    browser.post(f"{url}/next")
    again = practice.unfinished()[0]
    assert [*again.parts] == ["variance", "std"]
    browser.get("/problems/nothing/parts", code=404)
