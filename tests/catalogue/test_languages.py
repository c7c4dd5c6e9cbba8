"""Another language: no word of ours outside the table, in any paper, message or page, and no word of it in an English one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from generator.document.keyless import without_key
from generator.errors.language import Language, using
from generator.grading import messages
from generator.grading.grader import Grader
from generator.paper.paper import make_paper
from generator.paper.sheet import Entry, Sheet
from generator.paper.sheet_file import find_sheet
from generator.problem import drawing
from generator.problem.catalogue import catalogue, find_problem
from generator.render.renderer import FORMATS, renderer
from tests.pseudo_language import (
    CODE,
    install,
    said_by_latex,
    said_by_markdown,
    said_by_page,
    without_prose,
    words_outside,
)

LEVELS = ("easy", "standard", "hard")


@pytest.fixture
def language(monkeypatch: pytest.MonkeyPatch) -> Iterator[Language]:
    found = install(monkeypatch)
    with using(found):
        yield found


def sheet_of(name: str, level: str, *, guided: bool) -> Sheet:
    return Sheet("quiz", "·", (Entry(find_problem(name), guided=guided, level=level),)).in_language(CODE)


SAID = {"html": said_by_page, "md": said_by_markdown, "tex": said_by_latex}

PAPERS = [
    pytest.param(name, level, guided, marks=[] if guided else pytest.mark.slow)  # the guided one asks more parts
    for name in catalogue()
    for level in LEVELS
    for guided in (False, True)
]


@pytest.mark.usefixtures("language")
@pytest.mark.parametrize(("name", "level", "guided"), PAPERS)
@pytest.mark.slow
def test_papers(name: str, level: str, guided: bool) -> None:
    document = without_prose(make_paper(sheet_of(name, level, guided=guided), 1).document)
    for worksheet in (document, without_key(document)):
        texts = {form: renderer(FORMATS[form]).document(worksheet) for form in SAID}
        assert {form: found for form, said in SAID.items() if (found := words_outside(said(texts[form])))} == {}
        assert f'<html lang="{CODE}">' in texts["html"]


# -------------------------------------------------------------------------------------------- messages


ANSWERS = (
    "",
    "7",
    "1/0",
    "1, 2; 3",
    "[[1, 2], [3",
    "x",
    "2√3 4",
    "T F",
    "b",
    "1,5; 2",
    "ln",
    "3^1/2",
    "[4, 128]",
    "∞",
    "0 0 0",
)


@pytest.mark.usefixtures("language")
@pytest.mark.parametrize("levels", [("standard",), pytest.param(("easy", "hard"), marks=pytest.mark.slow)], ids=str)
@pytest.mark.parametrize("name", list(catalogue()))
@pytest.mark.slow
def test_messages_about_answers(name: str, levels: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    problem = find_problem(name)
    monkeypatch.setattr(messages, "feedback", lambda mistake, values: "…")
    said = set()
    for level in levels:
        variant = drawing.draw_variant(problem, 3, level=level)
        grader = Grader(variant, Entry(problem, guided=True, level=level))
        earlier: dict[str, str] = {}
        for part in grader.parts:
            for text in ANSWERS:
                said.add(grader.mark(part, text, earlier=earlier).message)
            answer = grader.answer(part)
            for _, wrong in variant.wrong:
                if answer.step is not None and answer.step in wrong:
                    value = _typed(answer.value(wrong))
                    if value:
                        said.add(grader.mark(part, value, earlier=earlier).message)
            if answer.step is not None and _typed(answer.value(variant.values)):
                earlier[part] = _typed(answer.value(variant.values)).replace("1", "2")
    faults = {message: words for message in said if (words := words_outside(said_by_markdown(message)))}
    assert faults == {}
    assert len(said) > 10


def _typed(value: Any) -> str:
    if isinstance(value, tuple):
        separator = "; " if value and isinstance(value[0], tuple) else ", "
        return separator.join(map(_typed, value))
    return str(value)


def test_the_english_papers_have_no_trace_of_another_language_that_was_used_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sheet = find_sheet("discussion04")
    before = {form: renderer(FORMATS[form]).document(make_paper(sheet, 5).document) for form in FORMATS}
    install(monkeypatch)
    other = make_paper(sheet.in_language(CODE), 5).document
    texts = {form: renderer(FORMATS[form]).document(other) for form in FORMATS}
    assert all("«" in text for text in texts.values())
    after = {form: renderer(FORMATS[form]).document(make_paper(sheet, 5).document) for form in FORMATS}
    assert after == before
