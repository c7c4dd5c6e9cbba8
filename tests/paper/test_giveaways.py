"""No paper tells what it asks: measured from the printed words alone, by what the banks say of them.

Which texts a sheet prints is found in its Markdown, and what they tell and ask in the TOML files: neither from the code that draws.
"""

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import generator.problems
from generator.cli import main
from generator.document.keyless import without_key
from generator.document.nodes import Exercise, every_question
from generator.paper.giveaway_faults import giveaway_faults
from generator.paper.paper import make_paper
from generator.paper.sheet import Sheet
from generator.paper.sheet_file import built_in_sheets, find_sheet
from generator.problem.catalogue import catalogue
from generator.render.renderer import FORMATS, renderer

FOLDER = Path(generator.problems.__file__).parent
BANKS = {path.stem.replace("_", "-"): path for path in sorted(FOLDER.rglob("[!_]*.toml")) if "." not in path.stem}
LEVELS = ("easy", "standard", "hard")
QUICK = ("discussion04-extended", "normalization")
"""Of these sheets some papers are looked at in quick tests; the others share problems with them, or have less to tell."""


@dataclass(frozen=True)
class Text:
    """One text of a bank: where it stands, its words and formulas, and what it tells and asks."""

    key: str
    pieces: tuple[str, ...]
    tells: frozenset[str]
    asks: frozenset[str]

    @property
    def words(self) -> tuple[str, ...]:
        """What is printed as it stands."""
        return tuple(words for piece in self.pieces if piece[:1] not in ("$", "<") and (words := plain(piece)))

    @property
    def pattern(self) -> str:
        """What its line matches: a formula is printed as one, a slot as one or as words."""
        printed = {"$": r"\s*\$[^$]*\$\s*", "<": r"(?:\s*\$[^$]*\$\s*|[^$]*)"}
        return "".join(printed.get(piece[:1], re.escape(plain(piece))) for piece in self.pieces)

    @property
    def kind(self) -> str:
        """``claims``, ``parts``, ``texts``, or the group of an essay."""
        return self.key.split(".")[1]


@cache
def texts_of(problem: str) -> tuple[Text, ...]:
    """All texts of a problem's bank that tell or ask something."""
    found: list[Text] = []

    def look(key: str, table: dict[str, Any], inherited: dict[str, Any]) -> None:
        common: dict[str, Any] = {**inherited, **{name: table[name] for name in ("tells", "asks") if name in table}}
        words = [table[name] for name in ("text", "question", "claim") if isinstance(table.get(name), str)]
        tells, asks = (frozenset(common.get(name, ())) for name in ("tells", "asks"))
        found.extend(Text(key, pieces_of(text), tells, asks) for text in words)
        for name, inner in table.items():
            if isinstance(inner, dict):
                look(f"{key}.{name}", inner, common)

    look(problem, tomllib.loads(BANKS[problem].read_text(encoding="utf-8")), {})
    return tuple(one for one in map(partial(_surely, among=found), found) if one.tells or one.asks)


def _surely(text: Text, among: list[Text]) -> Text:
    """A text with what it tells and asks whichever of those with the same words it is."""
    return _alike(
        text, [one for one in among if one.words == text.words and one.kind == text.kind not in ("parts", "claims")]
    )


def _alike(text: Text, alike: list[Text]) -> Text:
    """A text with what all those tell and ask that have the same words."""
    if len(alike) < 2:
        return text
    tells, asks = (
        frozenset.intersection(*sets) for sets in zip(*((one.tells, one.asks) for one in alike), strict=True)
    )
    return replace(text, tells=tells, asks=asks)


def pieces_of(text: str) -> tuple[str, ...]:
    """The formulas and slots of a text, and the words between them."""
    return tuple(filter(None, re.split(r"(\$[^$]*\$|<[^>]*>)", text)))


def printed(exercise: Exercise) -> list[Text]:
    """The texts of the bank that a problem prints: parts are known by their ids, all others by their words."""
    there = {question.id for question in every_question(exercise)}
    markdown = str(renderer(FORMATS["md"]).node(exercise))
    lines = [plain(line[1:]) for line in markdown.splitlines() if line.startswith(">")]
    shown, known = plain(markdown), texts_of(exercise.id)
    found = [one for one in known if one.kind == "parts" and one.key.split(".")[2] in there]
    found += [
        one for one in known if one.kind not in ("parts", "claims") and all(words in shown for words in one.words)
    ]
    for line in lines:  # of claims that differ in numbers only, any one
        fitting = [one for one in known if one.kind == "claims" and re.fullmatch(one.pattern, line)]
        longest = sorted(fitting, key=lambda one: -len(one.key))[:1]
        found += [_alike(one, [other for other in known if other.pattern == one.pattern]) for one in longest]
    return found


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


def test_every_problem_has_a_bank_here() -> None:
    assert sorted(BANKS) == sorted(catalogue())


@pytest.mark.slow
def test_the_texts_of_a_bank_are_told_apart_by_their_words() -> None:
    for problem in BANKS:
        words = Counter((one.words, one.kind) for one in texts_of(problem) if one.kind not in ("parts", "claims"))
        alike = {one for one, count in words.items() if count > 1}
        assert all(
            len({(one.tells, one.asks) for one in texts_of(problem) if (one.words, one.kind) == both}) == 1
            for both in alike
        )


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", QUICK)
@pytest.mark.slow
def test_no_sheet_answers_its_own_question(name: str, level: str) -> None:
    assert measured(name, level, range(1, 7)) == {}


@pytest.mark.heavy
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", built_in_sheets())
def test_no_sheet_of_many_answers_its_own_question(name: str, level: str) -> None:
    """A claim and a question of two problems meet on one of some 150 papers."""
    assert measured(name, level, range(1, 401)) == {}
    assert measured(name, level, range(401, 441), guided=True) == {}


# ------------------------------------------------------------------------------------------------ small sheets

CODE = """
from generator import Bank, Number, Part, Problem, one_of, optional, read_number, required, some_of, steps

BANK = Bank.beside(__file__)

PROBLEM = Problem(
    id="NAME",
    title="NAME",
    topic="sums",
    bank=BANK,
    parameters={
        "x": required(read_number),
        "question": optional(one_of(BANK["question"]), "plain"),
        "claims": optional(some_of(BANK["claims"]), ()),
    },
    sample=lambda draw: {"x": draw.integer(1, 10**6), **BANK.draw(draw.fork("concepts"), claims=1)},
    solution=steps(y=lambda x: x + 1),
    mistakes=[],
    check=lambda x: {"y": 1 + x},
    preamble=lambda v: BANK.text("preamble", v),
    parts=lambda v: [
        BANK.part("y", v, Number("y")),
        Part("question", *BANK.essay("question", v)),
        BANK.part("claims", v, BANK.claims("claims", v)),
    ],
)
"""
BANK = """
[texts.preamble]
text = 'NAME begins.'
tells = [TOLD]
[parts.y]
points = 1
text = 'Add 1 to $<x>$.'
PART
[parts.claims]
text = 'True or false?'
[question.plain]
kind = 'recall'
question = 'Plain?'
answer = 'Yes.'
rubric = [[1, 'yes']]
asks = ['NAME-plain']
[question.shared]
kind = 'recall'
question = 'Shared?'
answer = 'Yes.'
rubric = [[1, 'yes']]
asks = ['shared']
[claims.shared]
claim = 'Shared.'
true = true
reason = 'So.'
asks = ['shared']
[claims.part]
claim = 'As in the part.'
true = true
reason = 'So.'
asks = ['of-the-part']
[claims.own]
claim = 'Own.'
true = true
reason = 'So.'
asks = ['NAME-own']
[claims.wrong]
claim = 'Wrong.'
true = false
reason = 'No.'
"""


def small_sheet(folder: Path, told: dict[str, str], part: str = "") -> Sheet:
    """A sheet of problems, each with what its preamble tells."""
    for name, tells in told.items():
        (folder / f"{name}.py").write_text(CODE.replace("NAME", name))
        bank = BANK.replace("NAME", name).replace("TOLD", f"'{tells}'" if tells else "").replace("PART", part)
        (folder / f"{name}.toml").write_text(bank)
    path = folder / "quiz.toml"
    path.write_text('title = "Quiz"\n' + "".join(f'[[problem]]\nfile = "{name}.py"\n' for name in told))
    return find_sheet(str(path))


def drawn(sheet: Sheet, seeds: range) -> list[list[tuple[str, str]]]:
    """The question and the claim of each problem, by seed."""
    papers = (make_paper(sheet, seed) for seed in seeds)
    return [[(one.params["question"], *one.params["claims"]) for one in paper.variants] for paper in papers]


def test_what_one_problem_tells_no_other_asks_wherever_it_stands(tmp_path: Path) -> None:
    for order in ({"alpha": "", "beta": "shared"}, {"beta": "shared", "alpha": ""}):
        found = drawn(small_sheet(tmp_path, order), range(40))
        assert {words for paper in found for words in paper if "shared" in words} == set()
        assert {claim for paper in found for _, claim in paper} >= {"part", "own", "wrong"}


def test_no_two_entries_of_a_paper_ask_the_same_thing(tmp_path: Path) -> None:
    found = drawn(small_sheet(tmp_path, {"alpha": "", "beta": ""}), range(60))
    counts = Counter(sum(words.count("shared") for words in paper) for paper in found)
    assert set(counts) == {0, 1}
    assert sum(words.count("part") for paper in found for words in paper) > 0


def test_a_claim_asks_nothing_that_a_part_asks_but_a_question_may(tmp_path: Path) -> None:
    found = drawn(small_sheet(tmp_path, {"alpha": ""}, "asks = ['of-the-part', 'shared']"), range(40))
    assert {claim for ((_, claim),) in found} == {"own", "wrong"}
    assert {question for ((question, _),) in found} == {"plain", "shared"}


@pytest.mark.slow
def test_another_problem_changes_words_only_where_they_clash_and_never_numbers(tmp_path: Path) -> None:
    alone = [make_paper(small_sheet(tmp_path, {"alpha": ""}), seed) for seed in range(60)]
    both = [make_paper(small_sheet(tmp_path, {"beta": "", "alpha": ""}), seed) for seed in range(60)]
    kept = 0
    for one, other in zip(alone, both, strict=True):
        ours, first, theirs = one.variants[0].params, other.variants[0].params, other.variants[1].params
        assert ours["x"] == theirs["x"]
        if "shared" not in (first["question"], *first["claims"]) and ours["claims"] != ("part",) != first["claims"]:
            assert ours == theirs
            kept += 1
    assert kept > 10


def test_an_exchanged_claim_has_the_same_verdict(tmp_path: Path) -> None:
    verdicts = []
    for told in ("", "shared"):
        sheet = small_sheet(tmp_path, {"alpha": told})
        verdicts.append([claim == "wrong" for paper in drawn(sheet, range(40)) for _, claim in paper])
    assert verdicts[0] == verdicts[1]


def test_the_numbers_of_the_built_in_problems_depend_on_no_other() -> None:
    sheet = find_sheet("discussion04-extended")
    backwards = replace(sheet, entries=sheet.entries[::-1])
    for seed in range(1, 9):
        papers = [make_paper(sheet, seed).variants, make_paper(backwards, seed).variants[::-1]]
        for one, other in zip(*papers, strict=True):
            assert one.problem.bank is not None
            groups = one.problem.bank.contents.groups
            assert {name: value for name, value in one.params.items() if name not in groups} == {
                name: value for name, value in other.params.items() if name not in groups
            }


def checked(folder: Path) -> str:
    return CliRunner().invoke(main, ["check", str(folder / "quiz.toml"), "--variants", "12"]).output


@pytest.mark.slow
def test_check_warns_of_what_no_draw_can_mend(tmp_path: Path) -> None:
    small_sheet(tmp_path, {"alpha": "", "beta": "shared"})
    assert "warning: alpha: question.shared is never drawn here: the preamble of beta tells shared" in checked(tmp_path)
    small_sheet(tmp_path, {"alpha": "", "beta": "sum"}, "asks = ['sum']")
    assert "warning: alpha: part y asks what the preamble of beta tells: sum" in checked(tmp_path)
    small_sheet(tmp_path, {"alpha": "", "beta": "alpha-plain"}, "tells = ['shared']")
    assert "warning: alpha: question.plain and the preamble of beta are on one paper (alpha-plain): too few" in checked(
        tmp_path
    )
    small_sheet(tmp_path, {"alpha": "", "beta": ""})
    assert "on one paper" not in checked(tmp_path)


def test_problems_that_are_never_on_one_paper_give_each_other_nothing_away(tmp_path: Path) -> None:
    sheet = small_sheet(tmp_path, {"alpha": "", "beta": "sum", "gamma": ""}, "asks = ['sum']")
    alpha, beta, gamma = sheet.entries
    one_of_two = replace(sheet, entries=(replace(alpha, table=1), replace(beta, table=1), gamma), picks={1: 1})
    told = "part y asks what the preamble of beta tells: sum"
    assert told in giveaway_faults(sheet, range(12))["alpha"]
    found = giveaway_faults(one_of_two, range(12))
    assert told not in found["alpha"]
    assert told in found["gamma"]


@pytest.mark.slow
def test_check_finds_nothing_that_words_have_to_mend_in_the_built_in_sheets() -> None:
    for name in built_in_sheets():
        allowed = ("never drawn",) if name == "discussion04-extended" else ()
        found = CliRunner().invoke(main, ["check", name, "--variants", "6"]).output.splitlines()
        about = [line for line in found if re.search(r"^warning: .*( (tells|asks) |on one paper)", line)]
        assert [line for line in about if not any(words in line for words in allowed)] == []


def test_the_names_of_insights_are_listed() -> None:
    listed = set(
        re.findall(r"`([a-z0-9-]+)`", (Path(__file__).parents[2] / "docs" / "insights.md").read_text(encoding="utf-8"))
    )
    used = {name for problem in BANKS for one in texts_of(problem) for name in one.tells | one.asks}
    assert sorted(used - listed) == []
