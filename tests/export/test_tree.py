"""The tree that all platforms get: exact, complete in itself, and the same for the same sheet."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sympy
from click.testing import CliRunner, Result
from PIL import Image

from generator.cli import main
from generator.export.accepted_texts import digits_of
from generator.export.build import Wanted, build
from generator.export.exact_numbers import apart_from, number, spellings
from generator.export.json_tree import tree_of as as_json
from generator.export.known_entries import digits_needed
from generator.export.pool import draw_pool
from generator.export.rubrics import ByHand, rubrics
from generator.export.run import exercises_of
from generator.export.text import portable
from generator.export.tree import Blocks, Choice, Claims, Computed, Essay
from generator.numbers.evaluation import read_plain
from generator.paper import timeout
from generator.paper.record import variant_digest
from generator.paper.sheet_file import find_sheet
from tests.export.trees import CASES, computed, sheet_of, tree_of
from tests.tiny_class import SECRET, write_sheet

every_case = pytest.mark.parametrize(("problem", "level"), CASES)

# ----------------------------------------------------------------------------------------- every problem


@every_case
def test_decimals_are_those_of_the_exact_numbers(problem: str, level: str) -> None:
    for _, variant in computed(tree_of(problem, level)):
        assert isinstance(variant.answer, Computed)
        numbers = [one.number for one in variant.answer.entries]
        for one in [*numbers, *(theirs for mistake in variant.mistakes for theirs in mistake.numbers)]:
            exact = sympy.sympify(one.exact, rational=True)
            assert abs(Decimal(one.decimal) - Decimal(str(exact.evalf(40)))) <= abs(Decimal(one.decimal)) * Decimal(
                "1e-14"
            )
            assert "e" not in one.decimal.lower()


@every_case
def test_no_wrong_answer_is_within_the_tolerance_of_the_key(problem: str, level: str) -> None:
    for part, variant in computed(tree_of(problem, level, guided=True)):
        assert isinstance(variant.answer, Computed)
        for mistake in variant.mistakes:
            assert 0 <= mistake.share < 1, (part.id, mistake.id)
            assert len(mistake.numbers) == len(variant.answer.entries)
            differing = 0
            for entry, theirs in zip(variant.answer.entries, mistake.numbers, strict=True):
                way = abs(Decimal(entry.number.decimal) - Decimal(theirs.decimal))
                if entry.number.exact != theirs.exact:
                    differing += 1
                    assert Decimal(entry.number.tolerance) * 2 < way, (part.id, mistake.id)
            assert differing, (part.id, mistake.id)
        seen = [tuple(one.exact for one in mistake.numbers) for mistake in variant.mistakes]
        assert len({*seen}) == len(seen), part.id


@every_case
def test_every_picture_is_there_and_has_words(problem: str, level: str) -> None:
    tree = tree_of(problem, level)
    named = {name for part in tree.parts for variant in part.variants for name in variant.figures}
    assert named <= tree.figures.keys()
    for name in named:
        assert tree.figures[name].alt.strip()
        assert tree.figures[name].svg.startswith("<svg")
    for part in tree.parts:
        for variant in part.variants:
            used = {
                block["figure"]
                for content in (variant.prompt, variant.solution)
                for block in walk(content)
                if "figure" in block
            }
            assert used <= {*variant.figures}, part.id


@every_case
def test_the_prompt_does_not_hold_what_only_the_key_has(problem: str, level: str) -> None:
    tree = tree_of(problem, level)
    for part in tree.parts:
        for variant in part.variants:
            prompt = json.dumps(variant.prompt)
            assert variant.prompt, part.id
            if isinstance(variant.answer, Essay):
                assert json.dumps(variant.answer.sample)[1:-1] not in prompt
            if isinstance(variant.answer, Claims):
                assert not any(json.dumps(one.reason)[1:-1] in prompt for one in variant.answer.statements)
            if isinstance(variant.answer, Choice):
                assert any(one.right for one in variant.answer.options)
                assert not all(one.right for one in variant.answer.options)
                assert len({one.id for one in variant.answer.options}) == len(variant.answer.options)


@pytest.mark.parametrize("guided", [False, True])
@every_case
def test_a_prompt_quotes_no_part_that_comes_later(problem: str, level: str, guided: bool) -> None:
    for one in tree_of(problem, level, 2, guided=guided).problems:
        names = [part.id.removeprefix(f"{one.id}.") for part in one.parts]
        for place, part in enumerate(one.parts):
            for variant in part.variants:
                quoted = [names.index(name) for name, _ in variant.pieces if name in names]
                assert max(quoted) == place, (part.id, variant.pieces)


@every_case
def test_formulas_have_no_square_brackets(problem: str, level: str) -> None:
    text = json.dumps(as_json(tree_of(problem, level)))
    for tex in formulas(json.loads(text)):
        assert "[" not in tex, tex
        assert "$" not in tex, tex


def walk(content: Any) -> Iterator[dict[str, Any]]:
    """Yield all tables within JSON."""
    if isinstance(content, dict):
        yield content
        content = list(content.values())
    if isinstance(content, list | tuple):
        for one in content:
            yield from walk(one)


def formulas(content: Any) -> Iterator[str]:
    """Yield the TeX within JSON, but for that of vectors of numbers in whole answers."""
    for table in walk(content):
        yield from (table[key] for key in ("tex", "display") if key in table)


# ------------------------------------------------------------------------------------------------ pools


def test_more_variants_begin_with_the_same() -> None:
    sheet = find_sheet("losses")
    few, many = (as_json(build(sheet, Wanted(count=count))) for count in (2, 4))
    for ours, theirs in zip(few["problems"], many["problems"], strict=True):
        for part, more in zip(ours["parts"], theirs["parts"], strict=True):
            assert part["variants"] == more["variants"][: len(part["variants"])]


def test_the_variants_of_a_problem_are_different_exercises() -> None:
    tree = build(sheet_of("dropout"), Wanted(count=25))
    assert len({*tree.problems[0].variants}) == 25


def test_a_part_does_not_change_when_another_is_left_out() -> None:
    sheet = find_sheet("discussion04")
    whole = {part.id: part for part in build(sheet, Wanted(count=2)).parts}
    some = build(sheet, Wanted(count=2, without=("dropout.y_drop", "model-size")))
    assert {part.id for part in some.parts} == {name for name in whole if not name.startswith("model-size.")} - {
        "dropout.y_drop"
    }
    for part in some.parts:
        assert part == whole[part.id]


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("layer-norm.transformed", "for the batch"),  # its X is printed in the part before
        ("batch-norm.single_example", "with the statistics of the batch itself"),
        ("dropout.closeness", "of the same pass with the correction"),
        ("l2-regularization.small_lambda", "If "),
    ],
)
def test_a_prompt_has_what_the_part_needs_of_others(part: str, words: str) -> None:
    (found,) = (one for one in tree_of(part.partition(".")[0]).parts if one.id == part)
    for variant in found.variants:
        said = json.dumps(variant.prompt)
        assert words in said
        assert json.dumps(found.label)[1:-1] in said


def test_a_secret_gives_other_variants_than_the_public_ones() -> None:
    sheet = sheet_of("dropout")
    public, secret = (build(sheet, Wanted(count=5, secret=one)).problems[0].variants for one in (None, SECRET))
    assert not {*public} & {*secret}


# ---------------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("exact", "decimal", "tolerance"),
    [
        ("28/3", "9.33333333333333", "0.005"),
        ("12", "12", "0"),
        ("1234", "1234", "0"),
        ("1/2", "0.5", "0"),
        ("1/8", "0.125", "0"),
        ("1/16", "0.0625", "0"),
        ("1/32", "0.03125", "0.00005"),
        ("-6*sqrt(5)/5", "-2.68328157299975", "0.005"),
        ("log(7) - log(2)", "1.25276296849537", "0.005"),
        ("1/30000", "0.0000333333333333333", "0.00000005"),
        ("0", "0", "0"),
        ("10000000000000000000000", "10000000000000000000000", "0"),
    ],
)
def test_decimals_and_tolerances(exact: str, decimal: str, tolerance: str) -> None:
    found = number(read_plain(exact))
    assert (found.decimal, found.tolerance) == (decimal, tolerance)


def test_a_tolerance_shrinks_until_a_mistake_is_outside() -> None:
    key, near = number(read_plain("28/3")), number(read_plain("9332/1000"))
    assert Decimal(apart_from(key, [near]).tolerance) * 2 < abs(Decimal(key.decimal) - Decimal(near.decimal))


def test_spellings_end_in_the_plain_decimal() -> None:
    found = spellings(number(read_plain("-1/2")))
    assert found[-1] == "-0.500"
    assert {"-1/2", "-0.5", "-.5", "\N{MINUS SIGN}1/2"} <= {*found}
    assert spellings(number(read_plain("1/8")))[-1] == "0.125"


def test_brackets_in_formulas() -> None:
    assert portable(r"[4, 128]") == r"\lbrack 4, 128\rbrack "
    assert portable(r"\left[1\right]") == r"\left\lbrack 1\right\rbrack "
    assert "[" not in portable(r"\sqrt[3]{x} \\[2pt] y")


# ------------------------------------------------------------------------------------------- the command


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["export", *arguments])


def test_the_same_command_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert run("json", "losses", "--variants", "2", "--out", str(tmp_path / name)).exit_code == 0
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert run("json", str(tmp_path / "a"), "--check").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["jason", "losses"], "did you mean json"),
        (["json"], "name a sheet"),
        (["json", "loses"], "losses"),
        (["json", "losses", "--parts", "linear-layer-gradients.W_ef"], "did you mean linear-layer-gradients.W_eff"),
        (["json", "losses", "--without", "linear-layer-gradients,softmax-cross-entropy"], "no part is left"),
        (["json", "losses", "--level", "difficult"], "has no level"),
        (["json", "losses", "--together"], "leave it out"),
        (["json", "losses", "--variants", "0"], "expected 1 to 2000"),
        (
            ["json", "losses", "--variants", "2001"],
            "no site takes more in one file; got 2001: for more, export again with another --seed",
        ),
        (["json", "losses", "--avoid", "nowhere"], "there is no folder nowhere"),
    ],
)
def test_what_cannot_be_exported_is_told_and_nothing_written(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output
    assert not list(tmp_path.iterdir())


def test_the_progress_is_counted_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "quiz.toml"
    path.write_text(
        'title = "Q"\n[[problem]]\nid = "dropout"\n[[question]]\nid = "one"\nkind = "number"\ntext = "What?"\nanswer = 7\npoints = 1\n'
    )
    sheet, shown = find_sheet(str(path)), []
    wanted = Wanted(count=3, progress=lambda count, what: shown.append((count, what)))
    build(sheet, wanted)
    assert wanted.steps(sheet) == 3 + 3 + 1
    assert sum(count for count, _ in shown) == wanted.steps(sheet)
    assert list(dict.fromkeys(what for _, what in shown)) == ["variants", "questions", "pictures"]


def test_more_variants_than_there_are(tmp_path: Path) -> None:
    sheet = write_sheet(tmp_path, most_a=3, most_b=1)
    out = tmp_path / "out.json"
    result = run("json", str(sheet), "--variants", "4", "--out", str(out))
    assert (result.exit_code, out.exists()) == (2, False)
    assert "only 3 different variants; ask for 3" in result.output
    assert run("json", str(sheet), "--variants", "3", "--out", str(out)).exit_code == 0


def test_a_folder_to_avoid_that_has_no_papers_is_named(tmp_path: Path) -> None:
    result = run("json", "losses", "--avoid", str(tmp_path), "--out", str(tmp_path / "out.json"))
    assert result.exit_code == 2
    assert result.output.startswith(f"Error: --avoid: {tmp_path} has neither")
    assert "DIR" not in result.output
    (tmp_path / "manifest.jsonl").write_text("{}\n")
    result = run("json", "losses", "--avoid", str(tmp_path), "--out", str(tmp_path / "out.json"))
    assert result.exit_code == 2
    assert f"--avoid: {tmp_path / 'manifest.jsonl'}, record 1: is no record" in result.output


def test_nothing_is_overwritten_without_force(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("mine")
    assert run("json", "losses", "--variants", "1", "--out", str(out)).exit_code == 2
    assert out.read_text() == "mine"
    assert run("json", "losses", "--variants", "1", "--out", str(out), "--force").exit_code == 0
    assert out.read_text() != "mine"


def test_no_exercise_of_a_class_is_exported(tmp_path: Path) -> None:
    roster = tmp_path / "class.csv"
    roster.write_text("id,name\n" + "".join(f"s{number},N{number}\n" for number in range(6)))
    folder = tmp_path / "class"
    made = CliRunner().invoke(
        main, ["generate", "optimization", "--roster", str(roster), "--formats", "md", "--out", str(folder)]
    )
    assert made.exit_code == 0, made.output
    taken = exercises_of([folder])
    sheet = find_sheet("optimization")
    assert len(taken) == 6 * len(sheet.entries)
    for drawn in draw_pool(sheet, 1, 3, avoid=taken):
        assert not {(one.problem.id, variant_digest(one)) for one in drawn.variants} & taken
    first = next(draw_pool(sheet, 1, 1)).variants
    again = next(draw_pool(sheet, 1, 1, avoid={(first[0].problem.id, variant_digest(first[0]))})).variants
    assert variant_digest(again[0]) != variant_digest(first[0])
    assert variant_digest(again[1]) == variant_digest(first[1])


@pytest.mark.parametrize("level", ["easy", "standard", "hard"])
def test_letters_for_several_labels_are_options(level: str) -> None:
    tree = tree_of("norm-axes", level)
    (part,) = (one for one in tree.parts if one.id == "norm-axes.axes")
    assert any("norm-axes.axes" in line for line in tree.omitted)
    for variant in part.variants:
        assert isinstance(variant.answer, Choice)
        texts = [json.dumps(one.text) for one in variant.answer.options]
        assert len({*texts}) == len(texts) >= 4
        assert [one.right for one in variant.answer.options].count(True) == 1
        assert any(one.feedback for one in variant.answer.options)


TWICE = """
title = "Twice"

[[question]]
id = "one"
kind = "number"
text = '''![What the question shows](net.png)'''
answer = 1
points = 1
solution = '''![It is a one](net.png)'''

[[question]]
id = "two"
kind = "essay"
text = '''Draw.'''
answer = '''![A model](net.png)'''
points = 2
"""


def test_one_file_in_two_places_has_the_words_of_each(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "net.png")
    (tmp_path / "twice.toml").write_text(TWICE, "utf-8")
    tree = build(find_sheet(str(tmp_path / "twice.toml")), Wanted(count=1))
    parts = [*tree.parts]
    number, essay = (part.variants[0] for part in parts)

    def words(content: Blocks) -> list[str]:
        return [tree.figures[block["figure"]].alt for block in content if "figure" in block]

    assert words(number.prompt) == ["What the question shows"]
    assert words(number.solution) == ["It is a one"]
    assert isinstance(essay.answer, Essay)
    assert words(essay.answer.sample) == ["A model"]
    found = rubrics(tree, [ByHand(parts[1], essay.id, 2, essay.answer.sample)])
    assert "[picture: A model]" in found["-rubrics.md"].decode()


@pytest.mark.parametrize(
    ("target", "option"),
    [("json", "--hints"), ("json", "--no-solutions"), ("docx", "--no-solutions"), ("gradescope", "--no-hints")],
)
def test_an_option_that_a_target_does_not_heed_is_refused(tmp_path: Path, target: str, option: str) -> None:
    result = run(target, "losses", "--out", str(tmp_path / "out"), option)
    assert result.exit_code == 2
    assert f"{option}: " in result.output


@pytest.mark.parametrize("target", ["json", "prairielearn"])
def test_a_place_that_cannot_be_made_is_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "file").write_text("mine")
    result = run(target, "losses", "--variants", "1", "--out", str(tmp_path / "file" / "inner" / "out"))
    assert result.exit_code == 2
    assert "cannot be made" in result.output
    assert (tmp_path / "file").read_text() == "mine"


def test_strict_writes_nothing_where_something_is_lost(tmp_path: Path) -> None:
    result = run("stack", "losses", "--variants", "1", "--strict", "--out", str(tmp_path / "out.xml"))
    assert result.exit_code == 1
    assert "--strict: " in result.output
    assert "left out" in result.output
    assert not [*tmp_path.iterdir()]


def test_a_decimal_that_a_question_accepts_is_accepted_everywhere(tmp_path: Path) -> None:
    path = tmp_path / "short.toml"
    question = "[[question]]\nid = '{}'\nkind = 'number'\ntext = '''What?'''\nanswer = '{}'\naccept = {}\npoints = 1\n"
    path.write_text("title = 'Short'\n" + question.format("a", "5/3", 1.7) + question.format("b", "1/8", '"0.13"'))
    tree = build(find_sheet(str(path)), Wanted(count=1))
    for variant, typed in zip((part.variants[0] for part in tree.parts), ("1.7", "0.13"), strict=True):
        assert isinstance(variant.answer, Computed)
        key = variant.answer.entries[0].number
        assert abs(Decimal(typed) - Decimal(key.decimal)) <= Decimal(key.tolerance)
        assert digits_of(key) == digits_needed(variant.answer) == 2
    marked = CliRunner().invoke(main, ["mark", f"{path}:a", "-", "answer", "1.7"], input="{}")
    assert marked.exit_code == 0, marked.output


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timers for a process")
def test_many_variants_may_take_long_but_none_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeout, "TICK", 0.02)
    monkeypatch.setattr(timeout, "MAX_SECONDS", 2)  # a busy machine takes a second for the first one
    write_sheet(tmp_path, asking="__import__('time').sleep(0.25)")
    out = tmp_path / "out.json"
    sheet = str(tmp_path / "quiz.toml")
    begun = time.monotonic()
    result = run("json", sheet, "--variants", "12", "--out", str(out))
    assert result.exit_code == 0, result.output
    assert time.monotonic() - begun > 2
    write_sheet(tmp_path, asking="any(False for _ in iter(lambda: v.a, None))")
    result = run("json", sheet, "--variants", "12", "--out", str(out), "--force")
    assert result.exit_code == 1, result.output
    assert "TimeoutError: this has taken longer than 2 seconds" in result.output


def test_the_printed_sheet_has_one_variant(tmp_path: Path) -> None:
    result = run("json", "losses", "--original", "--variants", "3", "--out", str(tmp_path / "out.json"))
    assert result.exit_code == 2
    assert "--variants: --original has" in result.output
