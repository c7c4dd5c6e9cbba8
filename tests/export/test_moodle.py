"""The file for Moodle, read again by code that knows only the format: keys, mistakes and words arrive, and nothing is dropped."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Context, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from generator.errors import InputError
from generator.export.build import Wanted, build
from generator.export.moodle import TARGET, write
from generator.export.moodle_questions import even_shares
from generator.export.rules.moodle import FRACTIONS, check
from generator.export.target import Options
from generator.export.tree import Choice, Claims, Computed, Essay, Export, Number, Option, Part, Variant
from generator.paper.sheet_file import find_sheet
from tests.export.moodle_reader import Question, read_quiz
from tests.export.pictures import with_pictures
from tests.export.said import read, said, squeezed
from tests.export.sheets import CODE, HOSTILE, hostile_sheet
from tests.export.trees import CASES, sheet_of, tree_of

every_case = pytest.mark.parametrize(
    ("problem", "level"),
    [case if case[1] == "standard" else pytest.param(*case, marks=pytest.mark.slow) for case in CASES],
)

NUMBERS = ("number", "fields", "vector", "matrix")
OWN_SIGNS = (
    r"{1:NUMERICAL:=3:0} {:SA:x} {#1} @@PLUGINFILE@@/x.png costs $5 and $6, $$x$$ and \(x\) or \[y\] \} \# &lt; &#65;"
)
"""What Moodle would take for something of its own."""


@cache
def questions(problem: str, level: str = "standard", *, together: bool = False) -> tuple[Export, dict[str, Question]]:
    tree = with_pictures(tree_of(problem, level, 3))
    return tree, read_quiz(write(tree, Options(together=together)).files[""])


def checked(content: bytes, folder: Path) -> list[str]:
    path = folder / "quiz.xml"
    path.write_bytes(content)
    return TARGET.faults(path)


def rounded(number: Number, digits: int) -> Decimal:
    return Context(prec=digits).plus(Decimal(number.decimal))


def next_below(share: Fraction) -> Decimal:
    known = max(value for value in FRACTIONS.values() if value <= share * 100)
    return round(Decimal(known.numerator) / known.denominator, 5) / 100


# ---------------------------------------------------------------------------------- the truth comes back


@every_case
def test_keys_and_mistakes_of_every_part_come_back(problem: str, level: str) -> None:
    tree, found = questions(problem, level)
    for part in tree.parts:
        for variant in part.variants:
            _compare(found, part, variant)


def _compare(found: dict[str, Question], part: Part, variant: Variant) -> None:
    name = f"{part.id}-{variant.id}"
    match variant.answer:
        case Computed():
            _compare_numbers(found[name], part, variant, variant.answer)
        case Choice() as choice:
            question = found[name]
            assert question.kind == "multichoice"
            (gap,) = question.gaps
            assert [read(one.text) for one in gap.answers] == [said(one.text) for one in choice.options]
            assert [one.fraction > 0 for one in gap.answers] == [one.right for one in choice.options]
            assert [read(one.feedback) for one in gap.answers] == [said(one.feedback) for one in choice.options]
            assert abs(sum((one.fraction for one in gap.answers if one.fraction > 0), Decimal(0)) - 1) < Decimal("0.01")
        case Claims() as claims:
            verdicts = [[one.fraction for one in gap.answers] for gap in found[name].gaps]
            assert verdicts == [[1, 0] if one.verdict else [0, 1] for one in claims.statements]
            assert [gap.weight for gap in found[name].gaps] == [claims.verdict_points] * len(claims.statements)
            reasons = found[f"{name}-reasons"]
            assert reasons.kind == "essay"
            assert reasons.points == claims.reason_points * len(claims.statements)
            for one in claims.statements:
                assert said(one.text) in read(found[name].text)
                assert said(one.text) in read(reasons.text)
                assert said(one.reason) in read(reasons.html("graderinfo"))
        case Essay() as essay:
            question = found[name]
            assert question.kind == "essay"
            assert said(essay.sample) in read(question.html("graderinfo"))
            for criterion in essay.rubric:
                assert f"{criterion.points}:{said(criterion.text)}" in read(question.html("graderinfo"))
    assert read(found[name].text).startswith(said(variant.prompt)[:60])
    assert said(variant.prompt) in read(found[name].text)
    assert squeezed(f"(id {part.id} {variant.id})") in read(found[name].text)
    assert read(found[name].html("generalfeedback")) == said(variant.solution)


def _compare_numbers(question: Question, part: Part, variant: Variant, answer: Computed) -> None:
    assert question.kind == ("numerical" if part.kind == "number" else "cloze")
    assert len(question.gaps) == len(answer.entries)
    for place, (gap, entry) in enumerate(zip(question.gaps, answer.entries, strict=True)):
        assert gap.marked(entry.number.decimal)[0] == 1
        digits = int(re.search(r"atleast(\d+)significant", read(question.text))[1]) if part.kind in NUMBERS else 15  # type: ignore[index]
        is_whole = "." not in entry.number.decimal
        assert gap.marked(rounded(entry.number, 15 if is_whole else digits))[0] == 1
        known = [entry.number, *(mistake.numbers[place] for mistake in variant.mistakes)]
        assert gap.marked(2 * max(abs(Decimal(one.decimal)) for one in known) + 1) == (Decimal(0), "")
        apart = Decimal(entry.number.tolerance) * 2 or abs(Decimal(entry.number.decimal)) / 1000 or Decimal("0.001")
        assert gap.marked(Decimal(entry.number.decimal) + apart)[0] < 1
        for mistake in variant.mistakes:
            if mistake.numbers[place].decimal != entry.number.decimal:
                fraction, feedback = gap.marked(mistake.numbers[place].decimal)
                assert fraction < 1
                assert said(mistake.feedback) in read(feedback)
    for mistake in variant.mistakes:
        _compare_share(question, answer, mistake.share, [one.decimal for one in mistake.numbers], variant)


def _compare_share(question: Question, answer: Computed, share: Fraction, given: list[str], variant: Variant) -> None:
    earned = [gap.marked(one)[0] for gap, one in zip(question.gaps, given, strict=True)]
    total = Fraction(sum(earned)) / len(earned)
    if question.kind == "numerical":
        assert earned == [next_below(share)]
        return
    right = sum(one == entry.number.decimal for one, entry in zip(given, answer.entries, strict=True))
    columns = zip(*([one.decimal for one in mistake.numbers] for mistake in variant.mistakes), strict=True)
    shared = any(column.count(one) > 1 for column, one in zip(columns, given, strict=True))
    if not shared:
        at_most = max(share, Fraction(right, len(given)))
        assert at_most - Fraction(1, 5) <= total <= at_most + Fraction(1, 1000)


def test_a_number_in_another_form_counts(tmp_path: Path) -> None:
    gap = _asked(tmp_path, 'kind = "number"\nanswer = "1/2"\npoints = 1').gaps[0]
    assert [gap.marked(one)[0] for one in (".5", "0.50", "5e-1", "+0.5", "0.51", "-0.5")] == [1, 1, 1, 1, 0, 0]


def _asked(folder: Path, question: str) -> Question:
    path = folder / "one.toml"
    path.write_text(f"title = 'One'\n[[question]]\nid = 'q'\ntitle = 'Q'\ntext = 'What is it?'\n{question}\n", "utf-8")
    (found,) = read_quiz(write(build(find_sheet(str(path)), Wanted()), Options()).files[""]).values()
    return found


@pytest.mark.parametrize("problem", ["model-size", "dropout", "norm-axes", "optimizers"])
def test_parts_together_are_one_question_with_one_draw(problem: str, tmp_path: Path) -> None:
    tree, found = questions(problem, together=True)
    (whole,) = tree.problems
    for variant in whole.variants:
        question = found[f"{whole.id}-{variant}"]
        gaps = iter(question.gaps)
        for part in whole.parts:
            one = next(one for one in part.variants if one.id == variant)
            if isinstance(one.answer, Computed):
                for entry in one.answer.entries:
                    gap = next(gaps)
                    assert gap.marked(entry.number.decimal)[0] == 1
                    assert Fraction(gap.weight, question.points) == Fraction(
                        part.points, len(one.answer.entries)
                    ) / _points(whole.parts)
            elif isinstance(one.answer, Choice):
                assert [read(option.text) for option in next(gaps).answers] == [
                    said(o.text) for o in one.answer.options
                ]
            elif isinstance(one.answer, Claims):
                assert [[a.fraction for a in next(gaps).answers] for _ in one.answer.statements]
            if not isinstance(one.answer, Essay):
                for block in one.prompt:
                    assert read(question.text).count(said([block])) >= 1
        assert next(gaps, None) is None
        assert read(question.text).count(said(whole.parts[0].variants[0].prompt[:1])) <= 1
    essays = [one for one in found.values() if one.kind == "essay"]
    assert len(essays) == 3 * sum(part.kind in ("essay", "claims") for part in whole.parts)
    assert checked(write(tree, Options(together=True)).files[""], tmp_path) == []


def _points(parts: tuple[Part, ...]) -> int:
    total = 0
    for part in parts:
        answer = part.variants[0].answer
        if isinstance(answer, Claims):
            total += answer.verdict_points * len(answer.statements)
        elif not isinstance(answer, Essay):
            total += part.points
    return total


# ------------------------------------------------------------------------------------- Moodle's own rules


@every_case
def test_nothing_is_against_the_rules(problem: str, level: str, tmp_path: Path) -> None:
    for options in (Options(), Options(hints=False, solutions=False), Options(together=True)):
        assert checked(write(with_pictures(tree_of(problem, level, 3)), options).files[""], tmp_path) == []


@pytest.mark.heavy
@every_case
def test_twenty_variants_are_within_the_rules(problem: str, level: str, tmp_path: Path) -> None:
    tree = with_pictures(tree_of(problem, level, 20))
    assert checked(write(tree, Options()).files[""], tmp_path) == []


def test_all_shares_add_up_as_moodle_adds() -> None:
    for count in range(1, 21):
        shares = even_shares(count)
        assert len(shares) == count
        assert {*shares} <= FRACTIONS.keys()
        assert abs(sum(map(Decimal, shares), Decimal(0)) - 100) < Decimal("0.001")


def _edit(old: str, new: str, count: int = 1) -> Callable[[str], str]:
    def edited(content: str) -> str:
        assert old in content, old
        return content.replace(old, new, count)

    return edited


def _matched(pattern: str, new: str) -> Callable[[str], str]:
    def edited(content: str) -> str:
        found, count = re.subn(pattern, new, content, count=1, flags=re.DOTALL)
        assert count, pattern
        return found

    return edited


MUTANTS = {
    "a fraction of 33": (_matched(r'<answer fraction="50"', '<answer fraction="33"'), "Moodle knows only"),
    "no name": (_matched(r"<name><text>[^<]*</text></name>", "<name><text></text></name>"), "no name"),
    "a long name": (_matched(r"<name><text>", f"<name><text>{'x' * 256}"), "more than 255"),
    "one idnumber twice": (lambda text: re.sub(r"<idnumber>dropout[^<]*", "<idnumber>same", text), "drops it"),
    "a brace that ends the gap": (_matched(r"(\{1:NUMERICAL:[^}]*)#", r"\1#\\frac{1}{2}"), "brace"),
    "the end of CDATA": (_edit("]]></text>", "]]> ]]></text>"), "no XML"),
    "a picture without its file": (_matched(r"<file .*?</file>", ""), "whose file is not in it"),
    "a formula in single dollars": (_edit("<p>", "<p>$x^2$ "), "single dollars"),
    "an answer that is never reached": (
        _matched(r"<tolerance>[\d.]+</tolerance>", "<tolerance>1000</tolerance>"),
        "never reached",
    ),
    "no answer for all points": (
        _matched(r'<answer fraction="100" format="moodle', '<answer fraction="50" format="moodle'),
        "all points",
    ),
    "one option": (
        _matched(r'<answer fraction="0" format="html">.*(?=<tags>.*?model-size)', ""),
        "fewer than two options",
    ),
    "a byte order mark": (lambda text: "\N{ZERO WIDTH NO-BREAK SPACE}" + text, "first byte"),
    "bad base64": (_matched(r'(encoding="base64">)', r"\1!"), "no base64"),
    "no description": (_matched(r' alt="[^"]*"', ' alt=""'), "no description"),
    "no format": (_edit('<questiontext format="html">', "<questiontext>"), "no format"),
    "a gap that does not end": (_matched(r"(\{1:NUMERICAL:[^}]*)\}.*?</text>", r"\1]]></text>"), "does not end"),
    "a value that is no number": (_matched(r"(\{1:NUMERICAL:=)", r"\1x"), "no number"),
    "a gap without a right answer": (_matched(r"(\{1:NUMERICAL:)=", r"\1%50%"), "all points"),
    "a type that there is not": (_edit("{1:NUMERICAL:", "{1:NUMERIC:"), "no type"),
    "a question that there is not": (_edit('type="essay"', 'type="essays"'), "no type"),
}


@pytest.fixture(scope="module")
def sound() -> str:
    """A file that has everything: numbers with mistakes, gaps, options, an essay, pictures."""
    tree = with_pictures(build(find_sheet("discussion04"), Wanted(count=2)))
    return write(tree, Options()).files[""].decode()


@pytest.mark.parametrize("name", MUTANTS)
@pytest.mark.slow
def test_each_broken_file_is_seen(name: str, sound: str, tmp_path: Path) -> None:
    change, message = MUTANTS[name]
    assert checked(sound.encode(), tmp_path) == []
    broken = change(sound)
    assert any(message in fault for fault in checked(broken.encode(), tmp_path)), checked(broken.encode(), tmp_path)


def test_what_is_no_quiz_is_said(tmp_path: Path) -> None:
    for content, message in (
        (b"<?xml version='1.0'?><a/>", "not quiz"),
        (b"<?xml version='1.0'?><quiz/>", "no question"),
    ):
        (fault, *_) = checked(content, tmp_path)
        assert message in fault


# ----------------------------------------------------------------------------------------- hostile content


@pytest.mark.parametrize("text", [HOSTILE, OWN_SIGNS])
@pytest.mark.parametrize("together", [False, True])
def test_every_sign_comes_out_as_itself(text: str, together: bool, tmp_path: Path) -> None:
    tree = build(hostile_sheet(tmp_path, text), Wanted())
    content = write(tree, Options(together=together)).files[""]
    assert checked(content, tmp_path) == []
    found = read_quiz(content)
    for part in tree.parts:
        for variant in part.variants:
            question = found[f"{part.id}-{variant.id}"]
            assert squeezed(text) in read(question.text)
            assert squeezed(CODE) in read(question.text)
            assert len(question.gaps) == (0 if part.kind == "essay" else _count(variant))
            assert question.category[-1].startswith(re.sub(r"<(?=\S)", "< ", text)[:40].strip("/ "))
    assert all("\\(" not in re.sub(r"\\\(x?\\mu|\\\(.*?\\\)", "", one.text) for one in found.values())


@pytest.mark.parametrize("text", [HOSTILE, OWN_SIGNS, "=50% of it", "%50%half", "ends in \\", "~a#b}c{d"])
def test_every_sign_comes_out_of_gaps_as_itself(text: str, tmp_path: Path) -> None:
    """What stands in gaps, options and feedback, goes through more hands: all parts as if they were of one problem."""
    tree = build(hostile_sheet(tmp_path, text), Wanted())
    feedback = [{"p": [text, " ", {"tex": r"a_{1} < \frac{1}{2} & \{b\} \\ \#"}]}]
    parts = []
    for part in tree.parts:
        variant = replace(part.variants[0], id="SAME1")
        if isinstance(variant.answer, Choice):
            wrong = Option("wrong", [{"p": [text]}], right=False)
            options = tuple(
                replace(one, feedback=() if one.right else feedback) for one in (*variant.answer.options, wrong)
            )
            variant = replace(variant, answer=replace(variant.answer, options=options, in_order=False))
        parts.append(replace(part, variants=(variant,)))
    whole = replace(tree.problems[0], parts=tuple(parts), variants=("SAME1",), pick=0)
    content = write(replace(tree, problems=(whole,)), Options(together=True)).files[""]
    assert checked(content, tmp_path) == []
    question = read_quiz(content)[f"{whole.id}-SAME1"]
    choices = [one.variants[0].answer for one in parts if one.kind == "choice"]
    gaps = [gap for gap in question.gaps if gap.kind in ("MULTICHOICE_VS", "MULTIRESPONSE_S")]
    assert len(gaps) == len(choices) == 2
    for gap, choice in zip(gaps, choices, strict=True):
        assert isinstance(choice, Choice)
        assert [read(one.text) for one in gap.answers] == [said(one.text) for one in choice.options]
        assert [read(one.feedback) for one in gap.answers] == [said(one.feedback) for one in choice.options]
        assert [one.fraction for one in gap.answers] == [int(one.right) for one in choice.options]


def _count(variant: Variant) -> int:
    match variant.answer:
        case Computed(entries=entries):
            return len(entries)
        case Claims(statements=statements):
            return len(statements)
    return 1


def test_titles_are_cut_where_moodle_cuts_them(tmp_path: Path) -> None:
    tree = build(hostile_sheet(tmp_path, "plain", "a/b " + "long " * 60 + "/"), Wanted())
    content = write(tree, Options()).files[""]
    assert checked(content, tmp_path) == []
    found = read_quiz(content)
    assert all(len(one.name) <= 250 and one.name.split()[-1] in one.identity for one in found.values())
    assert len({one.category for one in found.values()}) == len(found)
    assert all(one.category[:3] == ("$course$", "top", "plain") for one in found.values())


def test_a_sign_that_no_file_can_hold_is_refused(tmp_path: Path) -> None:
    tree = build(hostile_sheet(tmp_path, "plain"), Wanted())
    with pytest.raises(InputError, match=r"'\\x07'"):
        write(replace(tree, title="a\x07b"), Options())


# -------------------------------------------------------------------------------------- stable and the same


def test_more_variants_and_more_parts_keep_the_rest() -> None:
    few, many = (
        read_quiz(write(with_pictures(tree_of("dropout", "standard", k)), Options()).files[""]) for k in (2, 4)
    )
    assert few.keys() < many.keys()
    assert all(few[name].text == many[name].text for name in few)
    sheet = sheet_of("dropout")
    some = write(with_pictures(build(sheet, Wanted(count=2, only=("dropout.y_corr",)))), Options()).files[""]
    assert read_quiz(some).keys() < few.keys()


SCRIPT = """
import sys
from generator.export.build import Wanted, build
from generator.export.{module} import write
from generator.export.target import Options
from tests.export.pictures import with_pictures
from tests.export.trees import sheet_of
sys.stdout.buffer.write(write(with_pictures(build(sheet_of("norm-axes"), Wanted(count=2))), Options(together=True)).files[""])
"""


@pytest.mark.slow
@pytest.mark.parametrize("module", ["moodle", "stack"])
def test_bytes_are_the_same_elsewhere_and_later(module: str, tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    found = set()
    for zone, locale in (("UTC", "C"), ("Asia/Kolkata", "C.UTF-8")):
        environment = {
            **os.environ,
            "TZ": zone,
            "LC_ALL": locale,
            "PYTHONPATH": str(root),
            "PYTHONHASHSEED": zone[:1] and "0" if zone == "UTC" else "1",
        }
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT.format(module=module)],
            cwd=tmp_path,
            env=environment,
            check=True,
            capture_output=True,
        )
        found.add(run.stdout)
    assert len(found) == 1


def test_categories_are_one_for_each_question_whatever_the_titles(tmp_path: Path) -> None:
    path = tmp_path / "two.toml"
    path.write_text('title = "Two"\n[[problem]]\nid = "dropout"\n[[problem]]\nid = "dropout"\n', "utf-8")
    found = read_quiz(write(with_pictures(build(find_sheet(str(path)), Wanted(count=2))), Options()).files[""])
    for question in found.values():
        here = [one for one in found.values() if one.category == question.category]
        assert {one.identity.rpartition("-")[0] for one in here} == {question.identity.rpartition("-")[0]}


# ---------------------------------------------------------------------------------------- what is told


def test_what_is_lost_is_said_with_its_number() -> None:
    losses = write(with_pictures(build(find_sheet("discussion04"), Wanted(count=1))), Options()).losses
    assert "9 essays are to be marked by hand in Moodle" in losses
    assert any("2 questions compare decimals" in one for one in losses)
    assert any(one.startswith("6 is the mark to set for “Layer normalization (a)”") for one in losses)


def test_long_answers_are_essays_with_the_key(tmp_path: Path) -> None:
    entries = ", ".join(["1", '"1/2"', '"sqrt(3)"'] * 11)
    question = _asked(tmp_path, f'kind = "vector"\nanswer = [{entries}]\npoints = 3')
    assert question.kind == "essay"
    assert r"\sqrt{3}" in question.html("graderinfo")


def test_hints_and_solutions_can_be_left_out() -> None:
    tree = with_pictures(tree_of("dropout", "standard", 3))
    content = write(tree, Options(hints=False, solutions=False)).files[""]
    for question in read_quiz(content).values():
        assert not question.html("generalfeedback")
        assert not any(answer.feedback for gap in question.gaps for answer in gap.answers)


@pytest.mark.slow
def test_fifteen_hundred_questions_take_seconds(tmp_path: Path) -> None:
    tree = with_pictures(build(sheet_of("dropout"), Wanted(count=300)))
    start = time.perf_counter()
    content = write(tree, Options()).files[""]
    assert time.perf_counter() - start < 10
    assert len(read_quiz(content)) >= 1500
    assert len(content) < 20 * 2**20
    assert list(check(_saved(content, tmp_path))) == []


def _saved(content: bytes, folder: Path) -> Path:
    path = folder / "large.xml"
    path.write_bytes(content)
    return path
