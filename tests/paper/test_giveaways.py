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
from generator.paper.paper import make_paper
from generator.paper.sheet import Sheet, find_sheet, read_sheet
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
    """One text of a bank: where it stands, some words that nobody else has, and what it tells and asks."""

    key: str
    words: str
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
                    Text(key, longest_words(table[name]), frozenset(common.get("tells", ())), frozenset(common.get("asks", ())))
                )
        for name, inner in table.items():
            if isinstance(inner, dict):
                look(f"{key}.{name}", inner, common)

    look(problem, tomllib.loads((FOLDER / BANKS[problem]).read_text(encoding="utf-8")), {})
    return tuple(one for one in found if one.tells or one.asks)


def longest_words(text: str) -> str:
    """The longest stretch of a text without formulas, slots and markup, which is printed as it stands."""
    return max(re.split(r"\$[^$]*\$|<[^>]*>|[*`_\"]", " ".join(text.split())), key=len).strip()


def printed(problem: str, markdown: str) -> list[Text]:
    """The texts of the bank that a problem prints."""
    shown = " ".join(markdown.replace("*", "").replace("`", "").split())
    return [one for one in texts_of(problem) if one.words in shown]


def clashes(one: Text, other: Text) -> frozenset[str]:
    """What one of them tells and the other asks, or what both ask, if both are drawn or one of them is a claim."""
    drawn = [text.kind not in ("parts", "texts") for text in (one, other)]
    both = one.asks & other.asks if all(drawn) or "claims" in (one.kind, other.kind) else frozenset()
    return (one.tells & other.asks) | (one.asks & other.tells) | both


def giveaways(sheet: Sheet, seed: int) -> list[str]:
    """What the paper of a seed gives away."""
    document = without_key(make_paper(sheet, seed).document)
    writer = renderer(FORMATS["md"])
    texts = [one for exercise in document.exercises for one in printed(exercise.id, str(writer.node(exercise)))]
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
        words = Counter(one.words for one in texts_of(problem) if ".parts." not in one.key)
        assert [text for text, count in words.items() if count > 1 or len(text) < 12] == []


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
