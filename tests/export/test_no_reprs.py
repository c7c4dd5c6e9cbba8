"""Nothing of how the program keeps a text is in what it writes, or says: no ``Say(text='…')``, no ``Paragraph(children=…)``."""

from __future__ import annotations

import inspect
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.document import nodes, prose
from generator.errors import InputError
from generator.export.build import Wanted, build
from generator.export.json_tree import write as write_json
from generator.export.target import Options
from generator.export.targets import all_targets
from generator.export.tree import Export
from generator.paper.sheet_file import find_sheet
from tests.export.pictures import with_pictures
from tests.export.sheets import hostile_sheet
from tests.export.trees import CASES, tree_of

NAMES = [
    name
    for module in (nodes, prose)
    for name, kind in inspect.getmembers(module, inspect.isclass)
    if kind.__module__ == module.__name__ and not name.startswith("_")
]
REPR = re.compile(rf"\b(?:{'|'.join(NAMES)})\((?:\w+=|['\"\[({{])")

TARGETS = [name for name, target in all_targets().items() if not target.prints_papers]

every_case = pytest.mark.parametrize(
    ("problem", "level"),
    [case if case[1] == "standard" else pytest.param(*case, marks=pytest.mark.slow) for case in CASES],
)


def texts(content: bytes) -> Iterator[str]:
    """Yield what stands in a file, or in those of an archive."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from texts(archive.read(name))
    else:
        yield content.decode(errors="ignore")


def check(target: str, tree: Export) -> None:
    written = all_targets()[target].write(tree, Options())
    for name, content in {**written.files, **written.beside}.items():
        for text in texts(content):
            found = REPR.search(text)
            assert found is None, (target, name, text[found.start() : found.start() + 80])


def test_a_repr_is_known() -> None:
    for one in (prose.Say("a"), nodes.Paragraph((nodes.Text("a"),))):
        assert REPR.search(f"a {one!r} b")


@every_case
def test_the_tree_of_a_problem_has_none(problem: str, level: str) -> None:
    for guided in (False, True):
        assert REPR.search(write_json(tree_of(problem, level, guided=guided), Options()).files[""].decode()) is None


@pytest.mark.parametrize("target", TARGETS)
def test_no_target_writes_one(target: str, tmp_path: Path) -> None:
    check(target, with_pictures(build(hostile_sheet(tmp_path), Wanted())))
    check(target, with_pictures(tree_of("dropout", "standard", 2)))


TWO = "'''First.\n\nSecond.'''"
"""A text of two paragraphs."""

QUESTIONS = {
    "text": 'kind = "number"\nanswer = 7\ntext = TWO',
    "title": 'kind = "number"\nanswer = 7\ntext = "What?"\ntitle = TWO',
    "solution": 'kind = "number"\nanswer = 7\ntext = "What?"\nsolution = TWO',
    "mistake": 'kind = "number"\nanswer = 7\ntext = "What?"\nmistakes = [{ value = 8, feedback = TWO }]',
    "label": 'kind = "fields"\nlabels = [TWO, "b"]\nanswer = [7, 8]\ntext = "What?"',
    "option": 'kind = "choice"\ntext = "What?"\noptions = [{ text = TWO, right = true }, "no"]',
    "feedback": 'kind = "choice"\ntext = "What?"\noptions = [{ text = "yes", right = true }, { text = "no", feedback = TWO }]',
    "claim": 'kind = "claims"\ntext = "What?"\nclaims = [{ claim = TWO, true = true, reason = "So." }]',
    "reason": 'kind = "claims"\ntext = "What?"\nclaims = [{ claim = "It is.", true = true, reason = TWO }]',
    "model answer": 'kind = "essay"\ntext = "What?"\nanswer = TWO\nrubric = [[2, "It is."]]',
    "rubric": 'kind = "essay"\ntext = "What?"\nanswer = "So."\nrubric = [[2, TWO]]',
}


@pytest.mark.parametrize("place", QUESTIONS)
def test_two_paragraphs_are_exported_or_refused_in_the_authors_words(place: str, tmp_path: Path) -> None:
    question = QUESTIONS[place].replace("TWO", TWO)
    points = "" if "rubric" in question or "claims" in question else "points = 2\n"
    path = tmp_path / "quiz.toml"
    path.write_text(f'title = "Q"\n[[question]]\nid = "one"\n{points}{question}\n')
    tree = refusal = None
    try:
        tree = build(find_sheet(str(path)), Wanted())
    except InputError as error:
        refusal = str(error)
    if tree is None:
        assert refusal is not None
        assert REPR.search(refusal) is None, refusal
        assert "quiz.toml, line" in refusal
        assert "First." in refusal
        return
    for target in TARGETS:
        if target != "stack" or question.startswith(('kind = "number"', 'kind = "fields"')):
            check(target, with_pictures(tree))
    assert "Second." in json.dumps(json.loads(write_json(tree, Options()).files[""]))
