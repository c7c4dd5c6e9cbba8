"""Banks: entries are read, asked and drawn as their file says, and what is wrong with a file is named."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.document import prose
from generator.errors import AuthoringError, InputError, Rejected
from generator.numbers.arrays import array
from generator.problem.bank import Bank
from generator.problem.catalogue import catalogue, find_problem, problem_in_file
from generator.problem.draw import Draw
from generator.problem.values import Values

TEXT = r"""
[question.why]
kind = "explain"
question = '''
Why is $<x[0]>$ the
first entry?

- a point
'''
answer = '''It is the first of $<x>$, and the largest is $<largest>$.'''
rubric = [[1, 'it is'], [2, 'because of $<x[1]>$, which is $<largest>$']]
lines = 5

[question.prove]
kind = "prove"
question = 'Prove it.'
answer = 'So.'
rubric = [[1, 'so']]
level = ["hard"]

[question.many]
kind = "recall"
question = 'How many?'
answer = '<n>'
rubric = [[1, 'so many']]
requires = ["is_long"]

[claims.first]
claim = 'The first is $<x[0]>$.'
true = true
reason = 'Look.'
not_with = ["why"]

[claims.zeroth]
claim = 'There is a first.'
true = true
reason = 'Look.'

[claims.second]
claim = 'The second is not 0.'
true = true
reason = 'Look.'

[claims.third]
claim = 'The third is 5.'
true = false
reason = 'Look.'
not_with = ["extra"]

[claims.fourth]
claim = 'The fourth is 5.'
true = false
reason = 'Look.'
"""


def largest(x: Any) -> Any:
    return x.max()


def is_long(x: Any) -> bool:
    """There are more than two entries."""
    return len(x) > 2


def bank(folder: Path, text: str = TEXT) -> Bank:
    (folder / "small.toml").write_text(text, encoding="utf-8")
    return Bank.beside(str(folder / "small.py"), largest, is_long)


VALUES = Values({"x": array([3, 4]), "question": "why", "claims": ("fourth", "first"), "n": array([1])[0]}, {})


def test_an_essay_is_asked_with_its_slots_filled(tmp_path: Path) -> None:
    question, essay = bank(tmp_path).essay("question", VALUES)
    assert prose.source(question, VALUES) == "Why is $3$ the first entry?\n\n- a point"
    assert prose.source(essay.model, VALUES).endswith(r"& 4 \end{bmatrix}$, and the largest is $4$.")
    assert essay.points == 3
    assert essay.lines == 5
    assert essay.rubric(VALUES)[1].text == prose.inline("because of $4$, which is $4$", {})


def test_lines_are_joined_but_a_displayed_formula_stands_alone(tmp_path: Path) -> None:
    text = TEXT.replace("answer = 'So.'", "answer = '''\nSo\nit is:\n$$a\n= b.$$\nIndeed\nit is.\n'''")
    _, essay = bank(tmp_path, text).essay("question", Values({"question": "prove"}, {}))
    assert prose.source(essay.model, VALUES) == "So it is:\n$$a = b.$$\nIndeed it is."


def test_claims_are_asked_in_the_order_of_the_parameter(tmp_path: Path) -> None:
    assert bank(tmp_path).claims("claims", VALUES).value(VALUES) == (False, True)


def test_the_bank_of_a_package_has_the_name_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "small.toml").write_text(TEXT, encoding="utf-8")
    assert set(Bank.beside(str(tmp_path / "small" / "__init__.py"), is_long)["question"]) == {"why", "prove", "many"}


def drawn(folder: Path, known: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    one = bank(folder)
    return [one.draw(Draw(seed), known, **options) for seed in range(300)]


def test_draws_hold_to_level_conditions_and_what_gives_away(tmp_path: Path) -> None:
    short = drawn(tmp_path, {"x": [1, 2]})
    assert {one["question"] for one in short} == {"why"}
    assert {name for one in short for name in one["claims"]} == {"zeroth", "second", "third", "fourth"}
    long = drawn(tmp_path, {"x": [1, 2, 3], "extra": 1}, level="hard", claims=1)
    assert {one["question"] for one in long} == {"why", "prove", "many"}
    assert {name for one in long for name in one["claims"]} == {"zeroth", "first", "second", "fourth"}
    assert all(one["claims"] != ("first",) for one in long if one["question"] == "why")


def test_every_pattern_of_verdicts_is_as_likely(tmp_path: Path) -> None:
    text = TEXT.replace('not_with = ["why"]\n', "").replace('not_with = ["extra"]\n', "")
    one = bank(tmp_path, text)
    verdicts = {name: entry.claim.verdict for name, entry in one["claims"].items() if entry.claim}
    draws = [one.draw(Draw(seed), {"x": [1]})["claims"] for seed in range(800)]
    counts = Counter(tuple(verdicts[name] for name in names) for names in draws)
    assert len(counts) == 4
    assert min(counts.values()) > 150
    assert all(len(set(names)) == 2 for names in draws)


def test_a_draw_for_which_nothing_is_left_is_rejected(tmp_path: Path) -> None:
    text = TEXT.replace('kind = "explain"', 'kind = "explain"\nlevel = ["easy"]')
    with pytest.raises(Rejected, match="no question fits"):
        bank(tmp_path, text).draw(Draw(1), {"x": [1, 2]})


def test_a_default_that_does_not_fit_gives_way_to_a_question_that_does(tmp_path: Path) -> None:
    one, short = bank(tmp_path), array([1, 2])
    assert one.defaults_that_fit({"x": short, "question": "many"}, given={}) == {"question": "why"}
    assert one.defaults_that_fit({"x": short, "question": "many"}, given={"question": "many"}) == {}
    assert one.defaults_that_fit({"x": array([1, 2, 3]), "question": "many"}, given={}) == {}


def test_what_a_user_asks_for_must_fit(tmp_path: Path) -> None:
    one = bank(tmp_path)
    one.require({"x": array([1, 2, 3]), "question": "many", "claims": ("first",)})
    with pytest.raises(InputError, match=r"^question: 'many' requires is_long: There are more than two entries\.$"):
        one.require({"x": array([1, 2]), "question": "many"})
    with_extra = bank(tmp_path, TEXT.replace('requires = ["is_long"]', 'requires = ["extra"]'))
    with_extra.require({"x": array([1, 2]), "question": "many", "extra": 1})
    with pytest.raises(InputError, match=r"^extra: missing; 'many' requires it$"):
        with_extra.require({"x": array([1, 2]), "question": "many"})


ENTRY = "[question.why]\nkind = 'explain'\nquestion = 'Why?'\nanswer = 'So.'\nrubric = [[1, 'so']]\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ENTRY + "levle = ['easy']", r"small.toml, question.why, levle: unknown key; did you mean level\?"),
        (ENTRY + "colour = 1", "small.toml, question.why, colour: unknown key; the keys are kind, question,"),
        (ENTRY.replace("answer", "lines"), "small.toml, question.why, answer: missing"),
        (ENTRY.replace("'Why?'", "3"), "small.toml, question.why, question: expected a text; got 3"),
        (ENTRY.replace("'Why?'", "' '"), "small.toml, question.why, question: expected a text; got ' '"),
        (ENTRY.replace("Why?", "Why $x?"), "small.toml, question.why, question: a dollar sign has no partner"),
        (ENTRY.replace("'so'", "'$so'"), "small.toml, question.why, rubric: a dollar sign has no partner"),
        (ENTRY.replace("[[1, 'so']]", "[[0, 'so']]"), r"rubric: expected \[points, .*positive points; got \[0, 'so'\]"),
        (ENTRY.replace("[[1, 'so']]", "['so']"), "rubric: expected .* with positive points; got 'so'"),
        (ENTRY.replace("[[1, 'so']]", "[]"), r"rubric: expected a list of \[points, what earns them\]; got \[\]"),
        (ENTRY.replace("'explain'", "'guess'"), "kind: expected one of recall, explain, prove; got 'guess'"),
        (ENTRY + "lines = 0", "small.toml, question.why, lines: expected a positive whole number; got 0"),
        (ENTRY + "level = ['middling']", "small.toml, question.why, level: unknown name 'middling'"),
        (ENTRY + "requires = 'is_long'", "small.toml, question.why, requires: expected a list of names; got 'is_long'"),
        (ENTRY + "not_with = ['claims.one']", "question.why, not_with: there is no entry claims.one"),
        (
            ENTRY + "not_with = ['why']\n" + ENTRY.replace("question.", "other."),
            "question.why, not_with: 'why' is in question and other; write question.why",
        ),
        ("[claims.one]\nclaim = 'One.'\nreason = 'So.'", "small.toml, claims.one, true: missing"),
        ("[claims.one]\nclaim = 'One.'\ntrue = 1\nreason = 'So.'", "claims.one, true: expected true or false; got 1"),
        (
            ENTRY + "[question.one]\nclaim = 'One.'\ntrue = true\nreason = 'So.'",
            "small.toml, question: a group has either questions or claims, not both",
        ),
        ("question = 3", r"small.toml, question: expected entries \[question.…\]; got 3"),
        ("[question]\nwhy = 3", "small.toml, question.why: expected a table; got 3"),
        ("[question", r"small.toml cannot be read: Expected ']'"),
        (ENTRY + ENTRY, "small.toml cannot be read: Cannot declare"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(AuthoringError, match=message):
        bank(tmp_path, text)


def test_a_missing_bank_is_named(tmp_path: Path) -> None:
    with pytest.raises(AuthoringError, match=r"there is no bank small\.toml beside the problem's file"):
        Bank.beside(str(tmp_path / "small.py"))


LAYER_NORM = find_problem("layer-norm")


@pytest.mark.parametrize(
    ("text", "function_given", "message"),
    [
        (ENTRY.replace("So.", "$<y>$"), False, "small.toml, question.why, answer: no value fills the slot <y>"),
        (
            ENTRY.replace("'so'", "'$<largest_of_X>$'"),
            False,
            "question.why, rubric: no value fills the slot <largest_of_X>",
        ),
        (ENTRY.replace("So.", "$<of_z>$"), True, "small.toml: of_z takes z, neither a parameter nor a step"),
        (ENTRY + "not_with = ['nothing']", False, "not_with: 'nothing' is neither an entry nor a parameter"),
        (ENTRY + "requires = ['nothing']", False, "requires: 'nothing' is neither a function nor a parameter"),
        (
            ENTRY.replace("question.", "wondering."),
            False,
            r"expected a parameter 'wondering' to choose among \[wondering",
        ),
    ],
)
def test_names_that_are_not_in_the_problem(text: str, function_given: bool, message: str, tmp_path: Path) -> None:
    function = of_z if "takes" in message else largest_of_X
    (tmp_path / "small.toml").write_text(text, encoding="utf-8")
    with pytest.raises(AuthoringError, match=message):
        replace(LAYER_NORM, bank=Bank.beside(str(tmp_path / "small.py"), *([function] if function_given else [])))


def of_z(z: Any) -> Any:
    return z


def largest_of_X(X: Any) -> Any:
    return X.max()


def test_every_entry_of_the_catalogues_banks_can_be_asked() -> None:
    for problem in catalogue().values():
        if problem.bank is not None:
            trials = list(problem.bank.trials(problem.printed().params))
            assert trials
            for _, params in trials:
                assert problem.variant(params).answers()


# ------------------------------------------------------------------------------------ an author's own bank

PROBLEM = '''
"""A small problem with a bank of its own."""

from generator import Bank, Number, Part, Problem, one_of, optional, read_vector, required

BANK = Bank.beside(__file__)


def total(x):
    return x.sum()


def parts(v):
    yield Part("total", "Add up $<x>$.", Number("total"), points=1, steps=["It is $<total>$."])
    yield Part("why", *BANK.essay("question", v))


PROBLEM = Problem(
    id="small",
    title="Small",
    topic="sums",
    bank=BANK,
    parameters={"x": required(read_vector), "question": optional(one_of(BANK["question"]), "why")},
    sample=lambda draw: {"x": [draw.integer(1, 99), draw.integer(1, 99)], **BANK.draw(draw.fork("concepts"))},
    solution=[total],
    mistakes=[],
    check=lambda x: {"total": x.sum()},
    parts=parts,
    original={"x": [1, 2]},
    variants=1000,
)
'''


def own_problem(folder: Path, text: str) -> Path:
    (folder / "small.py").write_text(PROBLEM, encoding="utf-8")
    (folder / "small.toml").write_text(text, encoding="utf-8")
    return folder / "small.py"


def test_check_renders_every_entry_of_an_authors_bank(tmp_path: Path) -> None:
    path = own_problem(tmp_path, ENTRY)
    result = CliRunner().invoke(main, ["check", str(path), "--variants", "2"])
    assert result.exit_code == 0, result.output
    own_problem(tmp_path, ENTRY + ENTRY.replace("why", "how").replace("So.", "$<x[7]>$"))
    result = CliRunner().invoke(main, ["check", str(path), "--variants", "1"])
    assert result.exit_code == 1
    assert "problem small, part why: small.toml, line 9: the slot <x[7]> has no value" in " ".join(
        result.output.split()
    )


def test_a_changed_bank_is_a_changed_source(tmp_path: Path) -> None:
    from generator.paper.sheet_file import find_sheet

    path = own_problem(tmp_path, ENTRY)
    sheet = tmp_path / "sheet.toml"
    sheet.write_text('title = "S"\n[[problem]]\nfile = "small.py"\n', encoding="utf-8")
    before = find_sheet(str(sheet)).sources
    assert {"small.py", "small.toml", "sheet.toml"} <= before.keys()
    own_problem(tmp_path, ENTRY.replace("So.", "Because."))
    now = find_sheet(str(sheet))
    assert now.sources["small.toml"] != before["small.toml"]
    assert problem_in_file(path).printed().answers()["why"] == "Because."
