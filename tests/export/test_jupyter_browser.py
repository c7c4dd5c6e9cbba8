"""The questions of notebooks in a real browser, answered by keyboard and mouse, with jupyterquiz's own program."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from generator.export.build import Wanted, build
from generator.export.tree import Choice, Claims, Computed, Export, Part, Variant
from generator.problem.catalogue import catalogue
from tests.browser import IN_A_BROWSER, launched
from tests.export.hostile import WORDS, hostile_tree
from tests.export.sheets import HOSTILE, hostile_sheet
from tests.export.test_jupyter import answered, forms, notebook, quizzes
from tests.export.trees import tree_of

pytest.importorskip("playwright.sync_api", reason="no playwright")
lxml_html = pytest.importorskip("lxml.html")
jupyterquiz = pytest.importorskip("jupyterquiz")

pytestmark = IN_A_BROWSER


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as started:
        yield started


class Pages:
    """The cells of a notebook as JupyterLab shows what they put out."""

    def __init__(self, browser: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self._browser = browser
        self._shown: list[Any] = []
        self.faults: list[str] = []
        monkeypatch.setattr("jupyterquiz.dynamic.display.display", self._shown.append)

    def opened(self, questions: list[dict[str, Any]]) -> Any:
        """Return the page of a cell."""
        self._shown.clear()
        jupyterquiz.display_quiz(questions)
        html, script = self._shown
        page = self._browser.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.set_content(f"<!doctype html><body>{html.data}</div></body>")
        page.evaluate("source => window.eval(source)", script.data)
        return page


@pytest.fixture
def pages(browser: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    found = Pages(browser, monkeypatch)
    yield found
    assert found.faults == []


def words(html: str) -> str:
    """Return what is read of a text of jupyterquiz, whose dollar signs become brackets of MathJax."""
    text = str(lxml_html.fragment_fromstring(html, create_parent=True).text_content()) if html else ""
    return " ".join(text.split())


def formulas(html: str) -> str:
    """Return a text with the brackets that jupyterquiz makes of its dollar signs."""
    pieces = html.split("$")
    assert len(pieces) % 2
    return "".join(piece + (("\\(", "\\)")[place % 2] if place < len(pieces) - 1 else "") for place, piece in enumerate(pieces))  # fmt: skip


def typed(page: Any, place: int, text: str, *, by_key: bool = False) -> tuple[bool, str]:
    """Type an answer into a field, ``by_key`` or as a whole, which is faster; return whether it counts as right, and what is said."""
    quiz = page.locator(".Quiz").nth(place)
    field = quiz.locator("input.Input-text")
    if by_key:
        field.blur()
        field.focus()
        page.keyboard.type(text)
    else:
        field.fill(text)
    page.keyboard.press("Enter")
    return told(quiz)


def told(quiz: Any) -> tuple[bool, str]:
    kinds, said = quiz.evaluate(
        "quiz => { const one = quiz.querySelector('.Feedback'); return [one.className, one.textContent]; }"
    )
    return "correct" in kinds.split(), " ".join(said.split())


def expected(question: dict[str, Any], text: str) -> tuple[bool, str]:
    is_right, feedback = answered(question, text)
    return is_right, words(formulas(feedback))


def numbers_are_told(page: Any, part: Part, variant: Variant, questions: list[dict[str, Any]]) -> None:
    answer = variant.answer
    assert isinstance(answer, Computed)
    for place, question in enumerate(questions):
        key = answer.entries[place].number
        for text in [*forms(key, 6), f"{key.decimal}0" if "." in key.decimal else f"{key.decimal}.0"]:
            found = typed(page, place, text, by_key=text == key.decimal)
            assert found == expected(question, text) == (True, "Right."), (part.id, text, found)
        for text in ("987654321.5", "-987654321/2"):
            assert typed(page, place, text) == expected(question, text) == (False, "Not right."), (part.id, text)
        for mistake in variant.mistakes:
            theirs = mistake.numbers[place]
            if abs(Decimal(theirs.decimal) - Decimal(key.decimal)) > Decimal(key.tolerance):
                found = typed(page, place, theirs.decimal)
                assert found == expected(question, theirs.decimal), (part.id, mistake.id)
                assert not found[0]
                assert found[1] not in ("", "Not right.", "undefined"), (part.id, mistake.id)


def options_are_told(page: Any, questions: list[dict[str, Any]]) -> None:
    """Click each option of each question, first the right ones."""
    for place, question in enumerate(questions):
        quiz = page.locator(".Quiz").nth(place)
        buttons = {" ".join(one.text_content().split()): one for one in quiz.locator("label.MCButton").all()}
        right = sum(one["correct"] for one in question["answers"])
        assert len(buttons) == len(question["answers"])
        for option in sorted(question["answers"], key=lambda one: not one["correct"]):
            buttons[words(formulas(option["answer"]))].click()
            is_right, said = told(quiz)
            assert is_right == option["correct"], option
            assert said == words(formulas(option["feedback"])) if right == 1 else said.startswith(words(formulas(option["feedback"]))), option  # fmt: skip


def cells_answer(tree: Export, pages: Pages) -> int:
    """Try each cell of the notebook of a sheet; return how many questions there were."""
    found = quizzes(notebook(tree))
    count = 0
    for part in tree.parts:
        for variant in part.variants:
            questions = found.get(f"{part.id}-{variant.id}-check".replace(".", "-"), [])
            if not questions:
                continue
            page = pages.opened(questions)
            assert page.locator(".Quiz").count() == len(questions)
            if isinstance(variant.answer, Computed):
                numbers_are_told(page, part, variant, questions)
            else:
                assert isinstance(variant.answer, Choice | Claims)
                options_are_told(page, questions)
            count += len(questions)
            page.close()
    return count


@pytest.mark.parametrize("problem", catalogue())
def test_jupyterquiz_tells_key_mistakes_and_wrong_answers_apart(problem: str, pages: Pages) -> None:
    assert cells_answer(tree_of(problem, "standard", 1), pages)


def test_decimal_commas_and_letters_cannot_be_typed(pages: Pages) -> None:
    question = {
        "question": "y",
        "type": "numeric",
        "answers": [{"type": "value", "value": 25, "correct": True, "feedback": "Right."}],
    }
    page = pages.opened([question])
    typed(page, 0, "2,5x", by_key=True)
    assert page.locator("input.Input-text").input_value() == "25"


def test_signs_come_out_as_themselves(pages: Pages, tmp_path: Any) -> None:
    trees = [hostile_tree(), build(hostile_sheet(tmp_path), Wanted(count=1, with_png=False))]
    for tree, expected_words in zip(trees, (WORDS, HOSTILE), strict=True):
        for questions in quizzes(notebook(tree)).values():
            page = pages.opened(questions)
            shown = page.locator(".Quiz").all_text_contents()
            assert page.locator(".Quiz b, .Quiz a[href], .Quiz script").count() == 0
            for question, text in zip(questions, shown, strict=True):
                if question["type"] != "numeric":
                    assert expected_words in text
            # MathJax pairs the signs within one text, unless an element of these classes holds them.
            texts = page.evaluate(TEXTS)
            assert not [text for text in texts if "$" in text or "\\[" in text]
            page.close()


TEXTS = """() => {
    const found = [], walk = document.createTreeWalker(document.querySelector('.Quiz').parentElement, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const parent = walk.currentNode.parentElement;
        if (!parent.closest('.tex2jax_ignore.mathjax_ignore, style')) found.push(walk.currentNode.textContent);
    }
    return found;
}"""
