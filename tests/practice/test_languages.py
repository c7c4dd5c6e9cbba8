"""Practice in another language: no page, script or line in the terminal has a word that is not in the table."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from generator.errors.language import using
from generator.practice.engine import Practice
from generator.practice.store.database import Store
from generator.practice.terminal.session import ExamSession, Options, PracticeSession
from generator.practice.web.app import create_app
from tests.practice.forms import Browser, typed_fields
from tests.pseudo_language import CODE, install, said_by_page, words_outside
from tests.wordless import PROBLEM

NAMES = ("Problemwright", "Enter")


@pytest.fixture
def practice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Practice]:
    install(monkeypatch)
    seeds = iter(range(1, 1000))
    with Store(tmp_path / "p.sqlite3") as store:
        yield Practice(store, [PROBLEM], language=CODE, seed=lambda: next(seeds))


class Reader(Browser):
    """A browser that reads every page that it gets."""

    def __init__(self, practice: Practice) -> None:
        super().__init__(create_app(practice, key=b"k" * 32).test_client())
        self.faults: dict[str, list[str]] = {}
        self.pages = 0

    def read(self, html: str) -> str:
        self.pages += 1
        if words := words_outside(said_by_page(html).replace("(JSON)", "").replace("p.sqlite3", "")):
            self.faults[html[:60] + str(self.pages)] = words
        return html


@pytest.mark.slow
def test_no_page_has_a_word_that_is_not_in_the_table(practice: Practice) -> None:
    browser = Reader(practice)
    client = browser.client

    def get(url: str) -> str:
        return browser.read(client.get(url, follow_redirects=True).text)

    def post(url: str, fields: dict[str, str]) -> str:
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").text)
        assert token is not None, client.get("/").text
        page = client.post(url, data={"csrf_token": token[1], **fields}, follow_redirects=True)
        return browser.read(page.text)

    get("/"), get("/progress"), get("/problems/wordless/parts"), get("/nowhere"), get("/attempts/nothing")
    post("/attempts", {"problem": "wordless", "guided": "yes"})
    attempt = practice.unfinished()[0]
    url = f"/attempts/{attempt.id}"
    for part in attempt.parts:
        right = typed_fields(attempt, part, attempt.variant.values)
        post(url, {"do": f"check:{part}"})
        post(url, {"do": f"check:{part}", **dict.fromkeys(right, "2√")})
        wrong = {
            name: "F" if text == "T" else "B" if text == "A" else "A" if text == "B" else "977"
            for name, text in right.items()
        }
        post(url, {"do": f"check:{part}", **wrong})
        post(url, {"do": f"preview:{part}", **wrong, f"{part}/working.s": "1 2"})
        for _ in range(2):
            post(url, {"do": f"hint:{part}"})
        post(url, {"do": f"text:{part}"})
        post(url, {"do": f"solution:{part}"})
        post(url, {"do": f"self:{part}", f"{part}/own.1": "1", f"{part}/own.2": "0"})
    get("/"), get("/progress")
    post("/exams", {"count": "1", "minutes": "9"})
    post("/exams", {"count": "x"}), post("/exams", {"count": "99"}), post("/exams", {"minutes": "9999"})
    with using(CODE):
        from generator.practice.exam import Exams

        exam = Exams(practice).running()[0]
    get(f"/exams/{exam.id}")
    inner = exam.attempts[0]
    for part in list(inner.parts)[:3]:
        post(f"/attempts/{inner.id}", {"do": f"check:{part}", **typed_fields(inner, part, inner.variant.values)})
    get(f"/attempts/{inner.id}"), get(f"/exams/{exam.id}"), post(f"/exams/{exam.id}", {}), get(f"/exams/{exam.id}")
    get(f"/attempts/{inner.id}"), post("/progress/delete", {}), post(url, {"do": "dance:t"})
    assert browser.faults == {}
    assert browser.pages > 60


def test_the_script_has_its_texts_from_the_table(practice: Practice) -> None:
    script = create_app(practice, key=b"k" * 32).test_client().get("/practice.js").text
    texts = json.loads(script.split("const texts = ", 1)[1].split(";\n", 1)[0])
    assert all(words_outside(text) == [] and text for text in texts.values())
    rest = script.split(";\n", 2)[2]
    assert set(re.findall(r"\btexts\.(\w+)", rest)) == texts.keys()
    sentences = [
        found
        for found in re.findall(r'"([^"\n]*)"|`([^`\n]*)`', re.sub(r"//[^\n]*", "", rest))
        if re.search(r"[a-z]{2,} [a-z]{2,}", found[0] + found[1])
    ]
    assert [one for one in sentences if not re.search(r"[\[\].#=:,]", one[0] + one[1])] == []


LINES = "\n".join(
    [
        "?",
        "w",
        "1",
        "w 1 = 2 3",
        "7",
        "2√",
        "?",
        "!",
        "1, 2",
        "?",
        "!",
        "1 2; 3",
        "!",
        "1;2;3",
        "!",
        "C",
        "B",
        "!",
        "f f",
        "·",
        "w x",
        "1",
        "1",
        "0",
        "·",
        "",
        "1",
        "1",
        "q",
    ]
    * 3
)


@pytest.mark.parametrize(("session", "size"), [(PracticeSession, {}), (ExamSession, {"minutes": 5})])
def test_the_terminal_says_nothing_that_is_not_in_the_table(
    practice: Practice, session: Any, size: dict[str, int]
) -> None:
    lines = iter([*LINES.split("\n")])

    def read() -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    output = io.StringIO()
    console = Console(file=output, width=2000)
    with using(CODE):
        session(practice, console, read).run(Options("wordless"), **size)
    said = re.sub(r"\b\w+ > $|\x1b\[[\d;]*m", "", output.getvalue())
    assert words_outside(said) == []
    assert said.count("«") > 20
