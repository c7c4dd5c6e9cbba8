"""How an attempt's page is built, over the catalogue: headings, the list of parts, results in their place, names of fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from generator.document.nodes import Question
from generator.practice.attempts import Attempt
from generator.practice.engine import Practice
from generator.practice.store.database import Store
from generator.practice.web.app import create_app
from generator.problem.catalogue import catalogue
from tests.practice.forms import Browser, by_id, first_changed, text_of, tree, typed_fields

PROBLEMS = tuple(catalogue())
VARIANTS = [
    pytest.param(problem, level, marks=() if (problem, level) == ("layer-norm", "standard") else pytest.mark.slow)
    for problem in PROBLEMS
    for level in catalogue()[problem].levels
]


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    seeds = iter(range(100, 1000))
    with Store(tmp_path / "practice.sqlite3") as store:
        yield Practice(store, list(catalogue().values()), seed=lambda: next(seeds))


@pytest.fixture
def browser(practice: Practice) -> Browser:
    return Browser(create_app(practice, key=b"k" * 32).test_client())


def test_the_problems_stand_under_their_topics(browser: Browser) -> None:
    (section,) = (one for one in tree(browser.get("/")).iter("section") if one.get("aria-labelledby") == "problems")
    topic, shown = "", dict[str, str]()
    for heading in section.iter():
        if heading.tag == "h3":
            topic = text_of(heading)
        elif heading.tag == "h4":
            shown[text_of(heading)] = topic
    assert shown == {problem.title: problem.topic for problem in catalogue().values()}
    assert [*shown.values()] == sorted(shown.values())


def begun(practice: Practice, browser: Browser, problem: str, level: str = "standard") -> tuple[Attempt, str]:
    url = browser.begin(problem, level=level, guided="yes")
    return practice.load(url.split("/")[2]), url


def check_all_wrong(attempt: Attempt, browser: Browser, url: str) -> None:
    """Check every part with an answer that differs from the right one, if only in one field."""
    for part_id, part in attempt.parts.items():
        fields = typed_fields(attempt, part_id, attempt.variant.values)
        match part.kind:
            case "essay":
                pass
            case "claims":
                fields[f"{part_id}/1"] = "F" if fields[f"{part_id}/1"] == "T" else "T"
            case "choice":
                fields[f"{part_id}/1"] = "B" if fields[f"{part_id}/1"] == "A" else "A"
            case _:
                entry = [name for name in fields if re.fullmatch(r"[^/]+/([0-9.]+|text)", name)][-1]
                fields[entry] = "[977, 3]" if fields[entry].startswith("[") else "977"
        browser.get(url)
        browser.post(url, {"do": f"check:{part_id}", **fields})


def inside(page: Element, name: str) -> Element:
    found = by_id(page, name)
    assert found is not None, f"nothing on the page is called {name}"
    return found


def labels(attempt: Attempt) -> dict[str, str]:
    """The label of every part on paper, by id, of those too that only have parts."""
    found: dict[str, str] = {}

    def add(nodes: tuple[Question, ...], above: str) -> None:
        for node in nodes:
            found[node.id] = f"{above}({node.label})"
            add(node.parts, found[node.id])

    add(attempt.exercise.parts, "")
    return found


# ---------------------------------------------------------------------------------- headings, results


@pytest.mark.parametrize(("problem", "level"), VARIANTS)
@pytest.mark.slow
def test_after_a_wrong_check_the_result_stands_in_its_part(
    practice: Practice, browser: Browser, problem: str, level: str
) -> None:
    attempt, url = begun(practice, browser, problem, level)
    check_all_wrong(attempt, browser, url)
    page = tree(browser.get(url))
    for part_id, part in attempt.parts.items():
        answer = inside(inside(page, f"part-{part_id}"), f"answer-{part_id}")
        if part.kind == "essay":
            inside(inside(page, f"part-{part_id}"), f"mine-{part_id}")
            continue
        said = text_of(inside(answer, f"result-{part_id}"))
        assert said.startswith(("✗ Not right", "◐ Partly right")), (part_id, said)
        wrong = [field for field in answer.iter("input") if field.get("aria-invalid") == "true"]
        marks = [text_of(mark) for mark in answer.iter("span") if "bad" in mark.get("class", "").split()]
        assert [field.get("aria-label", "") for field in wrong if ", wrong" not in field.get("aria-label", "")] == []
        assert wrong or any("wrong" in mark for mark in marks), f"{part_id}: no field is marked"


@pytest.mark.parametrize(("problem", "level"), VARIANTS)
def test_every_part_has_a_heading_and_is_in_the_list_of_parts(
    practice: Practice, browser: Browser, problem: str, level: str
) -> None:
    attempt, url = begun(practice, browser, problem, level)
    page = tree(browser.get(url))
    listed = {link.get("href"): text_of(link) for link in inside(page, "contents").iter("a")}
    assert listed == {f"#part-{name}": f"Part {label}" for name, label in labels(attempt).items()}
    for name, label in labels(attempt).items():
        heading = inside(inside(page, f"part-{name}"), f"label-{name}")
        assert (heading.tag, text_of(heading)) == ("h3" if ")(" in label else "h2", f"Part {label}")


def test_the_list_of_parts_says_what_is_done(practice: Practice, browser: Browser) -> None:
    attempt, url = begun(practice, browser, "dropout")

    def said() -> dict[str, str]:
        items = inside(tree(browser.get(url)), "contents").iter("li")
        return {item[0].get("href", "").removeprefix("#part-"): text_of(item).partition(") ")[2] for item in items}

    assert said()["y_drop"] == "open"
    browser.post(url, {"do": "check:y_drop", **typed_fields(attempt, "y_drop", attempt.variant.values)})
    browser.post(url, {"do": "check:y_orig", "y_orig/text": "977"})
    browser.post(url, {"do": "solution:y_corr"})
    browser.post(url, {"do": "check:closeness", "closeness/text": "So it is."})
    now = said()
    assert [now[name] for name in ("y_drop", "y_orig", "y_corr", "closeness")] == [
        "✓ done: right",
        "open: not right",
        "✓ done: solution shown",
        "open: yours to mark",
    ]


# ------------------------------------------------------------------------------------- the solution


@pytest.mark.parametrize("guided", ["", "yes"])
@pytest.mark.parametrize(("problem", "level"), VARIANTS)
def test_the_solution_does_not_repeat_the_question(
    practice: Practice, browser: Browser, problem: str, level: str, guided: str
) -> None:
    url = browser.begin(problem, level=level, guided=guided)
    attempt = practice.load(url.split("/")[2])
    browser.get(url)
    for part_id in attempt.parts:
        browser.post(url, {"do": f"solution:{part_id}"})
    page = tree(browser.get(url))
    for part_id in attempt.parts:
        solution = text_of(inside(page, f"solution-{part_id}"))
        for asked in asked_in(inside(page, f"part-{part_id}")):
            assert asked not in solution, (part_id, asked)


def asked_in(part: Element) -> Iterator[str]:
    """The paragraphs of a question, the claims and the options, those that are no mere number or symbol."""
    (question,) = (one for one in part if one.get("class") == "question")
    pieces = [one for one in question if one.tag == "p"]
    pieces += [one for one in part.iter("legend") if "unseen" not in one.get("class", "")]
    pieces += [one for one in part.iter("span") if one.get("class") == "option"]
    for piece in pieces:
        said = re.sub(r"^Claim \d+ ", "", text_of(piece))
        if len(said.split()) > 3:
            yield said


# ------------------------------------------------------------------------------------ names of fields


@pytest.mark.parametrize(("problem", "level"), VARIANTS)
def test_fields_of_a_part_have_names_of_their_own(
    practice: Practice, browser: Browser, problem: str, level: str
) -> None:
    attempt, url = begun(practice, browser, problem, level)
    page = tree(browser.get(url))
    for part_id in attempt.parts:
        answer = inside(page, f"answer-{part_id}")
        fields = [one for one in answer.iter("input") if one.get("type") not in ("radio", "hidden", "number")]
        names = [field.get("aria-label", "") for field in fields]
        assert len(set(names)) == len(names), names
        assert all(re.fullmatch(r"[A-Za-z0-9 ,:()\[\]-]+", name) for name in names), names


def test_a_grid_s_fields_are_named_by_symbol_and_place(practice: Practice, browser: Browser) -> None:
    _, url = begun(practice, browser, "layer-norm")
    page = browser.get(url)
    assert 'aria-label="row 2, column 3 of X hat"' in page
    assert 'aria-label="sigma squared, entry 2"' in page


def test_wrong_entries_of_a_matrix_typed_as_text_are_named(practice: Practice, browser: Browser) -> None:
    attempt, url = begun(practice, browser, "layer-norm")
    fields = typed_fields(attempt, "output", attempt.variant.values) | {"output/2.3": "977"}
    rows = [" & ".join(fields[f"output/{i}.{j}"] for j in range(1, 6)) for i in range(1, 4)]
    text = {"output/text": "\n".join(rows), "output/as-text": "yes"}
    browser.post(url, {"do": "check:output", **text})
    assert "✗ Wrong: row 2, column 3</p>" in browser.get(url)
    browser.post(url, {"do": "save", **text, "output/text": "1"})
    assert "✗ Wrong: " not in browser.get(url)


def test_a_known_mistake_marks_the_entries_that_it_makes_wrong(practice: Practice, browser: Browser) -> None:
    attempt, url = begun(practice, browser, "layer-norm")
    values = next(values for mistake, values in attempt.variant.wrong if mistake.name == "sample variance")
    part_id, fields = first_changed(attempt, values)
    browser.post(url, {"do": f"check:{part_id}", **fields})
    answer = inside(tree(browser.get(url)), f"answer-{part_id}")
    right = typed_fields(attempt, part_id, attempt.variant.values)
    wrong = {field.get("name") for field in answer.iter("input") if field.get("aria-invalid") == "true"}
    assert wrong == {name for name in fields if fields[name] != right[name]}


# ------------------------------------------------------------------------------------------ the script


def test_the_script_gets_the_address_that_a_browser_is_sent_to(practice: Practice, browser: Browser) -> None:
    _, url = begun(practice, browser, "dropout")
    fields = {"do": "check:y_drop", "y_drop/text": "977", "csrf_token": browser._token}
    answer = browser.client.post(url, data=fields, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json) == (200, {"location": f"{url}#result-y_drop"})
    assert browser.post(url, fields).location == f"{url}#result-y_drop"
    refused = browser.client.post(url, data={**fields, "csrf_token": "x"}, headers={"Accept": "application/json"})
    assert refused.status_code == 400
