"""Banks in another language: texts of the same keys, and nothing else; errors name file and key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.errors import AuthoringError
from generator.errors.language import using
from generator.problem.bank import Bank
from generator.problem.bank_file import read_bank
from generator.problem.catalogue import catalogue
from generator.problem.values import Values

BANK = """
[texts]
preamble = 'A sum of <a> and <b>.'

[parts.total]
points = 2
text = 'Add <a> and <b>.'
steps = ['First <a>.', 'Then <b>.']

[mistakes]
"added one" = 'added 1 too many'

[question.why]
kind = "explain"
question = 'Why?'
answer = 'Because of <a>.'
rubric = [[1, 'it is so'], [2, 'it must be']]

[claims.even]
claim = '<a> is even.'
true = true
reason = 'It is twice something.'
"""
GERMAN = """
title = "Die Summe"

[parts.total]
text = 'Addieren Sie <a> und <b>.'
steps = ['Zuerst <a>.', 'Dann <b>.']

[mistakes]
"added one" = '1 zu viel addiert'

[question.why]
question = 'Warum?'
rubric = ['es ist so', 'es muss so sein']

[claims.even]
claim = '<a> ist gerade.'
"""


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    path = tmp_path / "sum.toml"
    path.write_text(BANK, encoding="utf-8")
    path.with_suffix(".de.toml").write_text(GERMAN, encoding="utf-8")
    return path


def values(**known: Any) -> Values:
    return Values.of(known, known)


def test_texts_are_in_the_current_language_and_the_rest_stays(bank: Path) -> None:
    english = Bank(bank)
    mistake = english.mistake("added one", total=lambda a: a + 1)
    v = values(a=1, b=2, question="why", claims=("even",))
    assert (mistake.said, english.part("total", v).question.text) == ("added 1 too many", "Add <a> and <b>.")  # type: ignore[union-attr]
    with using("de"):
        assert mistake.said == "1 zu viel addiert"
        part = english.part("total", v)
        assert (part.question.text, part.points) == ("Addieren Sie <a> und <b>.", 2)  # type: ignore[union-attr]
        question, essay = english.essay("question", v)
        assert question.text == "Warum?"  # type: ignore[union-attr]
        assert essay.model.text == "Because of <a>."  # type: ignore[union-attr]
        assert essay.criteria == ((1, "es ist so"), (2, "es muss so sein"))
        claim = english.claims("claims", v).claims[0]
        assert (claim.verdict, claim.reason) == (True, "It is twice something.")
        assert english.contents.title == "Die Summe"
        assert english.text("preamble", v).text == "A sum of <a> and <b>."
    assert mistake.said == "added 1 too many"
    assert english.contents.title == ""


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("[parts.total]", "[parts.totl]", r"sum.de.toml, parts.totl: the bank has no such key; did you mean total\?"),
        ("text = '", "points = 3\ntext = '", "sum.de.toml, parts.total.points: a translation has texts alone"),
        ("<b>.", "<c>.", "sum.de.toml, parts.total.text: the slot <c> is not in the bank's own text"),
        ("['Zuerst <a>.', 'Dann <b>.']", "['Zuerst <a>.']", "parts.total.steps: expected a list of 2 texts"),
        ("'es ist so'", "1", "question.why.rubric: expected a text; got 1"),
        ("question = 'Warum?'", 'kind = "prove"', "question.why.kind: a translation has texts alone"),
        ("'Warum?'", "'Warum $x?'", "question.why, question: a dollar sign has no partner"),
        ('"Die Summe"', "3", "title: expected a text; got 3"),
        ("[mistakes]", "[mistakes", "sum.de.toml cannot be read"),
    ],
)
def test_a_translation_at_fault_is_refused(bank: Path, before: str, after: str, message: str) -> None:
    bank.with_suffix(".de.toml").write_text(GERMAN.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(AuthoringError, match=message):
        read_bank(bank, "de")


def test_every_translation_of_the_catalogue_can_be_read() -> None:
    folder = Path(__file__).parents[2] / "generator" / "problems"
    found = sorted(folder.rglob("*.??.toml"))
    assert [path.name for path in found] == ["_norms.de.toml", "layer_norm.de.toml"]
    for path in found:
        read_bank(path.with_name(f"{path.name.split('.')[0]}.toml"), "de")


@pytest.mark.parametrize("level", ["easy", "standard", "hard"])
def test_layer_norm_in_german_is_german(level: str) -> None:
    problem = catalogue()["layer-norm"]
    english = ("the ", " of ", " and ", "What ", "Why")
    with using("de"):
        assert problem.heading == "Layer-Normalisierung"
        bank = problem.bank
        assert bank is not None
        texts = dict(bank.all_texts())
        assert {key: text for key, text in texts.items() if any(word in text for word in english)} == {}
