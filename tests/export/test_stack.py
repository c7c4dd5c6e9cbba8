"""STACK questions, read again by code that knows only the format: trees, tests, texts; and Maxima runs their variables."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
import sympy

from generator.errors import InputError
from generator.export.build import Wanted, build
from generator.export.stack import TARGET, write
from generator.export.target import Options
from generator.export.tree import Computed, Export, Number, Part, Variant
from generator.paper.sheet_file import find_sheet
from tests.export.pictures import with_pictures
from tests.export.said import read, said, squeezed
from tests.export.sheets import CODE, HOSTILE, hostile_sheet
from tests.export.stack_reader import Question, Value, read_questions, same, value_of
from tests.export.trees import CASES, sheet_of, tree_of

OTHERS = ("essay", "choice", "claims")
OWN_SIGNS = r"{@x@} {@ [[input:ans1]] [[if test='1']] [[/if]] {#y#} @@PLUGINFILE@@/x.png costs $5, $$x$$ and \(x\)"
DECIMALS = Options(decimals=True)

every_case = pytest.mark.parametrize(
    ("problem", "level"),
    [case if case[1] == "standard" else pytest.param(*case, marks=pytest.mark.slow) for case in CASES],
)

QUICK = ("dropout", "initialization", "softmax-cross-entropy")
"""Problems with numbers of all kinds, and few of them."""

each_or_quick = pytest.mark.parametrize(
    ("problem", "level"),
    [
        case if case[0] in QUICK and case[1] == "standard" else pytest.param(*case, marks=pytest.mark.slow)
        for case in CASES
    ],
)


def asked_of(tree: Export) -> list[Part]:
    """Return the parts that STACK can ask."""
    return [part for part in tree.parts if part.kind not in OTHERS]


@cache
def questions(problem: str, level: str = "standard", *, decimals: bool = False) -> tuple[Export, dict[str, Question]]:
    tree = with_pictures(tree_of(problem, level, 3))
    if not asked_of(tree):
        return tree, {}
    return tree, read_questions(write(tree, Options(decimals=decimals)).files[""])


def checked(content: bytes, folder: Path) -> list[str]:
    path = folder / "stack.xml"
    path.write_bytes(content)
    return TARGET.faults(path)


@cache
def exact(number: Number) -> sympy.Expr:
    return sympy.sympify(number.exact)


def given(question: Question, numbers: list[sympy.Expr], seed: int) -> dict[str, Value]:
    """Return numbers by row as the answers to the inputs, each in the shape of its key."""
    rest = iter(numbers)
    values = question.values(seed)
    found = {
        name: tuple(tuple(next(rest) for _ in row) for row in values[key]) for name, key in question.inputs.items()
    }
    assert next(rest, None) is None
    return found


def outcomes(question: Question, numbers: list[sympy.Expr], seed: int) -> list[tuple[Decimal, str, str]]:
    """Return what the trees give, each for its input."""
    answers = given(question, numbers, seed)
    found = [question.outcome(f"prt{name[3:]}", answer, seed) for name, answer in answers.items()]
    return [(one.score, one.note, one.feedback) for one in found]


def total(question: Question, found: list[tuple[Decimal, str, str]]) -> Decimal:
    weights = [int(one.findtext("value") or "") for one in question.trees.values()]
    return sum((w * one[0] for w, one in zip(weights, found, strict=True)), Decimal(0)) / sum(weights)


# ---------------------------------------------------------------------------------- the truth comes back


@each_or_quick
def test_keys_and_mistakes_of_every_part_come_back(problem: str, level: str) -> None:
    tree, found = questions(problem, level)
    assert len(found) == len(asked_of(tree))
    for part in asked_of(tree):
        question = found[f"{part.id}-stack"]
        assert question.points == part.points
        assert question.seeds == list(range(1, len(part.variants) + 1))
        for seed, variant in enumerate(part.variants, start=1):
            _compare(question, part, variant, seed)


def _compare(question: Question, part: Part, variant: Variant, seed: int) -> None:
    answer = variant.answer
    assert isinstance(answer, Computed)
    key = [exact(entry.number) for entry in answer.entries]
    right = outcomes(question, key, seed)
    assert total(question, right) == 1
    assert all(note.endswith("-key") for _, note, _ in right)
    for mistake in variant.mistakes:
        wrong = outcomes(question, [exact(one) for one in mistake.numbers], seed)
        count = sum(score == 1 for score, _, _ in wrong)
        at_least = max(mistake.share, Fraction(count, len(wrong)))
        if not _is_shared(question, variant, [exact(one) for one in mistake.numbers], seed):
            assert total(question, wrong) <= Decimal(at_least.numerator) / at_least.denominator
        assert count < len(wrong)
        assert {note.partition("-")[2] for _, note, _ in wrong if "-unknown" in note} == set()
        if len(wrong) == 1:
            assert abs(Fraction(wrong[0][0]) - mistake.share) < Fraction(1, 10**7)
            assert wrong[0][1].startswith(f"prt1-{mistake.id}")
        for score, _, feedback in wrong:
            if score < 1:
                assert said(mistake.feedback) in read(feedback)
    unknown = outcomes(question, [one + sympy.Rational(10**6, 7) for one in key], seed)
    assert {(score, note.partition("-")[2]) for score, note, _ in unknown} == {(Decimal(0), "unknown")}
    assert said(variant.prompt) in read(question.text("questiontext", seed))
    assert read(question.text("generalfeedback", seed)) == said(variant.solution)
    assert squeezed(f"(id {part.id} {variant.id})") in read(question.text("questiontext", seed))


def _is_shared(question: Question, variant: Variant, numbers: list[sympy.Expr], seed: int) -> bool:
    """Return whether another mistake leads to the same answer in one of several inputs: the first one's share counts there."""
    ours = given(question, numbers, seed)
    others = [given(question, [exact(one) for one in mistake.numbers], seed) for mistake in variant.mistakes]
    right = {name: question.values(seed)[key] for name, key in question.inputs.items()}
    return any(
        sum(same(answer, other[name]) for other in others) > 1 and not same(answer, right[name])
        for name, answer in ours.items()
    )


@every_case
def test_decimals_count_only_where_they_may(problem: str, level: str) -> None:
    for decimals in (False, True):
        tree, found = questions(problem, level, decimals=decimals)
        for part in asked_of(tree):
            question = found[f"{part.id}-stack"]
            assert {one.findtext("forbidfloat") for one in question.element.findall("input")} == {
                str(int(not decimals))
            }
            if not decimals:
                continue
            for seed, variant in enumerate(part.variants, start=1):
                assert isinstance(variant.answer, Computed)
                numbers = [entry.number for entry in variant.answer.entries]
                for near, is_right in (("0.9", True), ("0", True), ("2.1", False)):
                    typed = [
                        sympy.Rational(n.decimal) + sympy.Rational(n.tolerance) * sympy.Rational(near) for n in numbers
                    ]
                    if is_right or any(Decimal(n.tolerance) for n in numbers):
                        assert (total(question, outcomes(question, typed, seed)) == 1) == is_right
                for mistake in variant.mistakes:
                    typed = [sympy.Rational(one.decimal) for one in mistake.numbers]
                    assert total(question, outcomes(question, typed, seed)) < 1


@every_case
def test_the_questions_own_tests_say_what_the_trees_do_for_all_seeds(problem: str, level: str) -> None:
    _, found = questions(problem, level)
    for question in found.values():
        for test in question.element.findall("qtest"):
            for seed in question.seeds:
                for one in test.findall("expected"):
                    tree = one.findtext("name") or ""
                    (value,) = [
                        given.findtext("value") or ""
                        for given in test.findall("testinput")
                        if given.findtext("name") == f"ans{tree[3:]}"
                    ]
                    outcome = question.outcome(tree, question.values(seed)[value], seed)
                    assert Decimal(one.findtext("expectedscore") or "") == outcome.score
                    assert one.findtext("expectedanswernote") == outcome.note
                    assert one.findtext("expectedpenalty") == ("0" if outcome.score == 1 else "0.1")


def test_keys_in_unusual_forms_count(tmp_path: Path) -> None:
    question = _asked(tmp_path, 'kind = "vector"\nanswer = ["2*sqrt(3)/3", "log(4)", "exp(2)"]\npoints = 3')
    for form in ("matrix([2/sqrt(3),2*log(2),%e*%e])", "matrix([sqrt(4/3),log(8)-log(2),%e^(3)/%e])"):
        assert question.outcome("prt1", value_of(form), 1).score == 1
    assert question.outcome("prt1", value_of("matrix([2/sqrt(3),2*log(2),%e*%e+1/10^9])"), 1).score == 0


def _asked(folder: Path, question: str, options: Options | None = None) -> Question:
    path = folder / "one.toml"
    path.write_text(f"title = 'One'\n[[question]]\nid = 'q'\ntitle = 'Q'\ntext = 'What is it?'\n{question}\n", "utf-8")
    (found,) = read_questions(write(build(find_sheet(str(path)), Wanted()), options or Options()).files[""]).values()
    return found


@pytest.mark.parametrize("problem", ["model-size", "dropout", "layer-norm"])
def test_parts_together_are_one_question_with_one_draw(problem: str, tmp_path: Path) -> None:
    tree = with_pictures(tree_of(problem, "standard", 3))
    content = write(tree, Options(together=True)).files[""]
    assert checked(content, tmp_path) == []
    (whole,) = tree.problems
    found = read_questions(content)
    parts = asked_of(tree)
    question = found[f"{whole.id}-stack"] if len(parts) > 1 else found[f"{parts[0].id}-stack"]
    assert len(found) == 1
    assert question.points == sum(part.points for part in parts)
    for seed, name in enumerate(whole.variants, start=1):
        variants = [next(one for one in part.variants if one.id == name) for part in parts]
        key = [exact(entry.number) for one in variants for entry in one.answer.entries]  # type: ignore[union-attr]
        assert total(question, outcomes(question, key, seed)) == 1
        text = read(question.text("questiontext", seed))
        for one in variants:
            for block in one.prompt:
                assert text.count(said([block])) >= 1
        if len(parts) > 1:
            assert text.count(said(variants[0].prompt[:1])) == 1


# --------------------------------------------------------------------------------------- STACK's own rules


@every_case
def test_nothing_is_against_the_rules(problem: str, level: str, tmp_path: Path) -> None:
    tree = with_pictures(tree_of(problem, level, 3))
    if not asked_of(tree):
        return
    for options in (Options(), Options(hints=False, solutions=False), Options(together=True, decimals=True)):
        assert checked(write(tree, options).files[""], tmp_path) == []


def _edit(old: str, new: str) -> Callable[[str], str]:
    def edited(content: str) -> str:
        assert old in content, old
        return content.replace(old, new, 1)

    return edited


MUTANTS = {
    "no place for the validation": (_edit("[[validation:ans1]]", ""), "[[validation:ans1]] stands 0 times"),
    "an input twice": (_edit("[[input:ans1]]", "[[input:ans1]][[input:ans1]]"), "stands 2 times"),
    "a place for nothing": (_edit("[[feedback:prt1]]", "[[feedback:prt1]][[feedback:prt9]]"), "belongs to nothing"),
    "no version": (_edit("<stackversion><text>2026010500</text></stackversion>", ""), "no stackversion"),
    "no seed": (_edit("<deployedseed>2</deployedseed>", ""), "the seeds 1 to 3"),
    "a seed that is not used": (_edit("mod(stack_seed-1,3)+1", "1"), "does not occur"),
    "a value too few": (lambda text: re.sub(r"(ta1: \[)[^,]*, ", r"\1", text, count=1), "2 values for 3 variants"),
    "a node that is not there": (_edit("<falsenextnode>1</falsenextnode>", "<falsenextnode>99</falsenextnode>"), "not there"),
    "a way back": (_edit("<truenextnode>-1</truenextnode>", "<truenextnode>0</truenextnode>"), "leads back"),
    "a score above all": (_edit("<truescore>1</truescore>", "<truescore>1.5</truescore>"), "not from 0 to 1"),
    "a name that is not defined": (_edit("<tans>ta1</tans>", "<tans>tb1</tans>"), "tb1 is not defined"),
    "a note that no node has": (
        _edit("<expectedanswernote>prt1-key<", "<expectedanswernote>prt1-other<"), "no node has the note",
    ),
    "a branch that does not end": (_edit("[[/if]]", ""), "does not end"),
    "a command of none": (_edit("<p>", "<p>[[hello]] "), "no command"),
    "an unclosed value": (_edit("{@n1@}", "{@n1"), "does not end"),
    "a test without an input": (
        lambda text: re.sub(r"<testinput>.*?</testinput>", "", text, count=1), "each input a value",
    ),
    "no tolerance": (_edit("<answertest>AlgEquiv<", "<answertest>NumAbsolute<"), "needs a tolerance"),
    "a picture without its file": (lambda text: re.sub(r"<file .*?</file>", "", text, count=1, flags=re.DOTALL), "not in it"),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_each_broken_file_is_seen(name: str, tmp_path: Path) -> None:
    change, message = MUTANTS[name]
    sound = write(with_pictures(tree_of("model-size", "standard", 3)), Options()).files[""].decode()
    assert checked(sound.encode(), tmp_path) == []
    broken = checked(change(sound).encode(), tmp_path)
    assert any(message in fault for fault in broken), broken


@pytest.mark.parametrize("text", [HOSTILE, OWN_SIGNS])
def test_every_sign_comes_out_as_itself(text: str, tmp_path: Path) -> None:
    content = write(build(hostile_sheet(tmp_path, text), Wanted()), Options()).files[""]
    assert checked(content, tmp_path) == []
    for question in read_questions(content).values():
        asked = question.element.findtext("questiontext/text") or ""
        assert squeezed(text) in read(asked)
        assert squeezed(CODE) in read(asked)
        assert len(re.findall(r"\[\[", asked)) == 2 * len(question.inputs)
        assert "{@" not in asked
        assert "{#" not in asked


# ------------------------------------------------------------------------------------------------ Maxima

maxima = pytest.mark.skipif(shutil.which("maxima") is None, reason="maxima is not installed: apt install maxima")


def ask_maxima(lines: list[str]) -> list[str]:
    """Return what Maxima prints for each expression."""
    program = "display2d:false$ ratprint:false$\n" + "".join(f"print(string({line}))$\n" for line in lines)
    run = subprocess.run(
        ["maxima", "--very-quiet"], input=program, text=True, capture_output=True, check=True, timeout=300
    )
    return [line.strip() for line in run.stdout.splitlines() if line.strip()]


def program_of(question: Question) -> str:
    """Return an expression that says for every seed which of the question's answers are equal, and which entries differ."""
    names = re.findall(r"^((?:ta|m|o)\d[\d_]*):", question.variables, re.MULTILINE)
    by_tree: dict[str, list[str]] = {}
    for name in names:
        by_tree.setdefault(re.sub(r"^(?:ta|m|o)(\d+).*", r"\1", name), []).append(name)
    lists = ",".join(f"[{','.join(one)}]" for one in by_tree.values())
    body = " ".join(f"{line[:-1]}," for line in question.variables.splitlines())
    return (
        f"makelist(block([stack_seed:s], {body} "
        f"map(lambda([l], makelist(makelist(if is(equal_values(l[i],l[j])) then 1 else 0, j, 1, length(l)), i, 1, length(l))), [{lists}])), "
        f"s, 1, {len(question.seeds)})"
    )


EQUAL = (
    "(numbers(x) := if matrixp(x) then list_matrix_entries(x) else [x], "
    "equal_values(x, y) := every(lambda([d], is(radcan(d) = 0)), flatten(numbers(x) - numbers(y))), 0)"
)


@maxima
@each_or_quick
def test_maxima_finds_the_key_and_all_mistakes_apart_for_every_seed(problem: str, level: str) -> None:
    _, found = questions(problem, level)
    if not found:
        return
    first, *answers = ask_maxima([EQUAL, *map(program_of, found.values())])
    assert first == "0"
    for question, answer in zip(found.values(), answers, strict=True):
        tables = eval(answer, {"__builtins__": {}})  # noqa: S307 - lists of 0 and 1
        assert len(tables) == len(question.seeds)
        for seed, trees in zip(question.seeds, tables, strict=True):
            for (tree, element), table in zip(question.trees.items(), trees, strict=True):
                names = [
                    f"ta{tree[3:]}",
                    *(one.findtext("tans") for one in element.findall("node")[1:]),
                    f"o{tree[3:]}",
                ]
                values = [question.values(seed)[name or ""] for name in names]
                ours = [[int(same(a, b)) for b in values] for a in values]
                assert table == ours, (question.identity, seed, names)
                absent = [place for place, row in enumerate(ours) if place and row[0]]
                kept = [place for place in range(len(names)) if place not in absent]
                assert all(ours[a][b] == (a == b) for a in kept for b in kept)


@maxima
def test_maxima_reads_what_no_catalogue_has(tmp_path: Path) -> None:
    question = _asked(
        tmp_path, 'kind = "vector"\nanswer = ["sqrt(5)/2", "3*log(2)", "exp(2)", "exp(-1/2)/3"]\npoints = 4'
    )
    (key,) = ask_maxima([f"({question.variables.splitlines()[1][:-1]}, float(ta1))"])
    numbers = [float(one) for one in key.removeprefix("matrix([").removesuffix("])").split(",")]
    expected = [sympy.sqrt(5) / 2, 3 * sympy.log(2), sympy.exp(2), sympy.exp(sympy.Rational(-1, 2)) / 3]
    assert numbers == pytest.approx([float(one) for one in expected])


@maxima
def test_maxima_takes_decimals_within_their_tolerance(tmp_path: Path) -> None:
    question = _asked(tmp_path, 'kind = "matrix"\nanswer = [["28/3", 2], ["sqrt(2)", -1]]\npoints = 2', DECIMALS)
    distances = (
        (question.trees["prt1"].findtext("feedbackvariables/text") or "").splitlines()[0].partition(": ")[2][:-1]
    )
    lines = [line[:-1] for line in question.variables.splitlines()[1:]]
    near, far = (
        f"({', '.join(lines)}, ans1: matrix([{x},2],[1.414,-1]), is(lmax(abs(float({distances}))) < 1+1e-6))"
        for x in ("9.33", "9.3")
    )
    assert ask_maxima([near, far]) == ["true", "false"]


# ------------------------------------------------------------------------------------------ what is told


def test_what_is_lost_is_said_with_its_number() -> None:
    losses = write(with_pictures(build(find_sheet("discussion04"), Wanted(count=1))), Options()).losses
    assert any(one.startswith("9 essays are left out") for one in losses)
    assert any(one.startswith("2 vectors and matrices are marked as wholes") for one in losses)


def test_a_sheet_without_numbers_is_refused() -> None:
    tree = build(sheet_of("l2-regularization"), Wanted(only=("l2-regularization.norm",)))
    with pytest.raises(InputError, match="worksheet export moodle"):
        write(tree, Options())


def test_more_variants_keep_the_rest() -> None:
    few, many = (
        read_questions(write(with_pictures(tree_of("dropout", "standard", k)), Options()).files[""]) for k in (2, 4)
    )
    assert few.keys() == many.keys()
    for name in few:
        for seed in few[name].seeds:
            assert few[name].text("questiontext", seed) == many[name].text("questiontext", seed)
            assert few[name].values(seed)["ta1"] == many[name].values(seed)["ta1"]
