"""No paper tells what it asks: measured from the printed words alone, by what the banks say of them.

Which texts a sheet prints is found in its Markdown, and what they tell and ask in the TOML files: neither from the code that draws.
"""

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

import generator.problems
from generator.document.keyless import without_key
from generator.document.nodes import Exercise, every_question
from generator.paper.paper import make_paper
from generator.paper.sheet import Sheet, find_sheet
from generator.render.renderer import FORMATS, renderer

FOLDER = Path(generator.problems.__file__).parent
BANKS = {
    "model-size": "model_size/model_size.toml",
    "layer-norm": "layer_norm.toml",
    "batch-norm": "batch_norm.toml",
    "dropout": "dropout.toml",
    "l2-regularization": "l2_regularization/l2_regularization.toml",
}
LEVELS = ("easy", "standard", "hard")


@dataclass(frozen=True)
class Text:
    """One text of a bank: where it stands, its words, and what it tells and asks."""

    key: str
    words: tuple[str, ...]
    tells: frozenset[str]
    asks: frozenset[str]

    @property
    def kind(self) -> str:
        """``claims``, ``parts``, ``texts``, or the group of an essay."""
        return self.key.split(".")[1]


@cache
def texts_of(problem: str) -> tuple[Text, ...]:
    """All texts of a problem's bank that tell or ask something."""
    found: list[Text] = []

    def look(key, table, inherited):
        common = {**inherited, **{name: table[name] for name in ("tells", "asks") if name in table}}
        for name in ("text", "question", "claim"):
            if isinstance(table.get(name), str):
                found.append(
                    Text(key, words_of(table[name]), frozenset(common.get("tells", ())), frozenset(common.get("asks", ())))
                )
        for name, inner in table.items():
            if isinstance(inner, dict):
                look(f"{key}.{name}", inner, common)

    look(problem, tomllib.loads((FOLDER / BANKS[problem]).read_text(encoding="utf-8")), {})
    return tuple(one for one in found if one.tells or one.asks)


def words_of(text: str) -> tuple[str, ...]:
    """A text without its formulas and slots: what is printed as it stands."""
    return tuple(words for piece in re.split(r"\$[^$]*\$|<[^>]*>", text) if (words := plain(piece)))


def printed(exercise: Exercise) -> list[Text]:
    """The texts of the bank that a problem prints: parts are known by their ids, all others by their words."""
    there = {question.id for question in every_question(exercise)}
    shown = plain(str(renderer(FORMATS["md"]).node(exercise)))
    return [
        one
        for one in texts_of(exercise.id)
        if (one.key.split(".")[2] in there if one.kind == "parts" else all(words in shown for words in one.words))
    ]


def plain(text: str) -> str:
    """A text without markup, in one line."""
    return " ".join(re.sub(r"[*`_\"]", "", text).split())


def clashes(one: Text, other: Text) -> frozenset[str]:
    """What one of them tells and the other asks, or what both ask, if both are drawn or one of them is a claim."""
    drawn = [text.kind not in ("parts", "texts") for text in (one, other)]
    both = one.asks & other.asks if all(drawn) or "claims" in (one.kind, other.kind) else frozenset()
    return (one.tells & other.asks) | (one.asks & other.tells) | both


def giveaways(sheet: Sheet, seed: int) -> list[str]:
    """What the paper of a seed gives away."""
    texts = [one for exercise in without_key(make_paper(sheet, seed).document).exercises for one in printed(exercise)]
    return [
        f"{one.key} and {other.key}: {', '.join(sorted(found))}"
        for one, other in combinations(texts, 2)
        if (found := clashes(one, other))
    ]


def at(sheet: Sheet, level: str, *, guided: bool = False) -> Sheet:
    return replace(sheet, entries=tuple(replace(entry, level=level, guided=guided) for entry in sheet.entries))


def measured(name: str, level: str, seeds: range, *, guided: bool = False) -> Counter[str]:
    sheet = at(find_sheet(name), level, guided=guided)
    return Counter(found for seed in seeds for found in giveaways(sheet, seed))


def test_the_texts_of_a_bank_are_told_apart_by_their_words():
    for problem in BANKS:
        words = Counter(one.words for one in texts_of(problem) if one.kind != "parts")
        assert [one for one, count in words.items() if count > 1] == []


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", ["discussion04", "discussion04-extended"])
def test_no_sheet_answers_its_own_question(name, level):
    assert measured(name, level, range(1, 41)) == {}


@pytest.mark.heavy
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", ["discussion04", "discussion04-extended"])
def test_no_sheet_of_two_thousand_answers_its_own_question(name, level):
    assert measured(name, level, range(1, 2001)) == {}
    assert measured(name, level, range(1, 201), guided=True) == {}
