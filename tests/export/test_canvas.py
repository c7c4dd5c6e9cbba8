"""Exports to Canvas, read again by code that knows only the format: the key earns everything, and nothing else does."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
import sympy
from click.testing import CliRunner

from generator.cli import main
from generator.errors import InputError
from generator.export.accepted_texts import accepted, places_of
from generator.export.build import Wanted, build
from generator.export.canvas import TARGET, write
from generator.export.canvas_questions import _share_out
from generator.export.exact_numbers import number
from generator.export.target import Options, Written
from generator.export.tree import Choice, Claims, Computed, Essay, Export, Mistake, Part, Variant
from generator.numbers.evaluation import read_plain
from generator.paper.sheet_file import find_sheet
from tests.export.canvas_reader import Question, Quiz, plain, read
from tests.export.pictures import with_pictures
from tests.export.sheets import CODE, HOSTILE, hostile_sheet
from tests.export.trees import CASES, tree_of

every_case = pytest.mark.parametrize(
    ("problem", "level"),
    [case if case[1] == "standard" else pytest.param(*case, marks=pytest.mark.slow) for case in CASES],
)
OPEN = Options(hints=True, solutions=True)


def written(tree: Export, options: Options = OPEN) -> Written:
    return write(with_pictures(tree), options)


def quiz_of(tree: Export, options: Options = OPEN) -> Quiz:
    return read(written(tree, options).files[""])


@cache
def case(problem: str, level: str, *, as_choice: bool = False) -> tuple[Export, Quiz]:
    tree = tree_of(problem, level)
    return tree, quiz_of(tree, replace(OPEN, as_choice=as_choice))


def faults(content: bytes, tmp_path: Path) -> list[str]:
    path = tmp_path / "quiz.zip"
    path.write_bytes(content)
    return TARGET.faults(path)


# ------------------------------------------------------------------------------------- the round trip


@every_case
def test_the_key_earns_all_points_and_no_mistake_does(problem: str, level: str) -> None:
    tree, quiz = case(problem, level)
    for part in tree.parts:
        for variant in part.variants:
            found = quiz.by_tag(f"{part.id} {variant.id}")
            assert found, (part.id, variant.id)
            check_variant(part, variant, found)


@every_case
def test_as_choice_the_key_is_among_what_mistakes_make_of_it(problem: str, level: str) -> None:
    tree, quiz = case(problem, level, as_choice=True)
    for part in tree.parts:
        for variant in part.variants:
            found = quiz.by_tag(f"{part.id} {variant.id}")
            if part.kind in ("vector", "matrix") and len(variant.mistakes) > 2:
                assert [one.kind for one in found] == ["multiple_choice_question"]
            check_variant(part, variant, found)


def check_variant(part: Part, variant: Variant, found: list[Question]) -> None:
    match variant.answer:
        case Claims() as claims:
            check_claims(claims, found)
        case Essay():
            assert [one.kind for one in found] == ["essay_question"]
        case Choice() as choice:
            (question,) = found
            check_choice(choice, question)
        case Computed() as answer:
            (question,) = found
            assert question.points == part.points
            check = {
                "numerical_question": check_number,
                "fill_in_multiple_blanks_question": check_blanks,
                "multiple_choice_question": check_chosen,
                "essay_question": check_essay,
            }[question.kind]
            check(answer, variant, question)


def check_number(answer: Computed, variant: Variant, question: Question) -> None:
    key = answer.entries[0].number
    exact = sympy.sympify(key.exact, rational=True)
    least, middle, most = question.interval()
    assert abs(middle - Decimal(str(exact.evalf(40)))) <= abs(middle) * Decimal("1e-14")
    assert middle - least == most - middle == Decimal(key.tolerance)
    if exact.is_Integer:
        assert digits_asked(question) == 3, "the question says how long the number is"
    short = key.decimal if exact.is_Integer else rounded(key.decimal, digits_asked(question))
    for typed in (key.decimal, short, str(least), str(most)):
        assert question.score_of_number(typed) == 1, (typed, key)
    for mistake in variant.mistakes:
        assert question.score_of_number(mistake.numbers[0].decimal) == 0, mistake.id
    assert question.score_of_number(str(middle + abs(middle) / 10 + 1)) == 0
    if variant.mistakes:
        wrong = shown(question.feedback["general_incorrect_fb"])
        assert all(plain_blocks(mistake.feedback) in wrong for mistake in variant.mistakes)


def shown(html: str) -> str:
    """Return what a page shows, its formulas without their delimiters."""
    return plain(html).replace("\\(", "").replace("\\)", "").replace("\N{WORD JOINER}", "")


def plain_blocks(feedback: object) -> str:
    """Return the words and the TeX of one paragraph."""

    def text(node: object) -> str:
        if isinstance(node, str):
            return node
        if isinstance(node, dict):
            return "".join(map(text, node.values()))
        assert isinstance(node, list | tuple)
        return "".join(map(text, node))

    return text(feedback)


def digits_asked(question: Question) -> int:
    return int(plain(question.text).rpartition("at least ")[2].split()[0])


def rounded(decimal: str, digits: int) -> str:
    value = Decimal(decimal)
    return str(value.quantize(Decimal(1).scaleb(value.adjusted() + 1 - digits), ROUND_HALF_UP)) if value else "0"


def check_blanks(answer: Computed, variant: Variant, question: Question) -> None:
    keys = [entry.number for entry in answer.entries]
    assert len(question.blanks) == len(keys)
    count = int(plain(question.text).split("exactly ")[1].split()[0]) if "exactly " in question.text else 3
    forms = [[to_places(one.decimal, count) for one in keys]]
    forms.append([form.replace("-", "\N{MINUS SIGN}") for form in forms[0]])
    forms.append([form.replace("0.", ".", 1) if form.lstrip("-").startswith("0.") else form for form in forms[0]])
    forms.append([one.exact if is_fraction(one.exact) else form for one, form in zip(keys, forms[0], strict=True)])
    for typed in forms:
        assert Decimal("0.999") <= question.score_of_blanks(typed) <= Decimal("1.001"), typed
    assert question.score_of_blanks([f"{form}1" for form in forms[0]]) == 0
    for mistake in variant.mistakes:
        score = question.score_of_blanks([to_places(one.decimal, count) for one in mistake.numbers])
        same = sum(one.exact == theirs.exact for one, theirs in zip(keys, mistake.numbers, strict=True))
        assert abs(score - Decimal(same) / len(keys)) < Decimal("0.001"), mistake.id


def to_places(decimal: str, count: int) -> str:
    value = Decimal(decimal).quantize(Decimal(1).scaleb(-count), ROUND_HALF_EVEN)
    return str(value or abs(value))


def is_fraction(exact: str) -> bool:
    return set(exact) <= set("-/0123456789")


def check_chosen(answer: Computed, variant: Variant, question: Question) -> None:
    """The right option has the key's entries, in order; every other one is a mistake's, and says so."""
    (right,) = question.right()
    keys = "".join(one.number.tex.replace(" ", "") for one in answer.entries)
    assert entries_of(question.options[right]) == keys
    mistakes = {"".join(one.tex.replace(" ", "") for one in mistake.numbers): mistake for mistake in variant.mistakes}
    assert 3 <= len(question.options) <= 6
    for ident, option in question.options.items():
        if ident != right:
            mistake = mistakes[entries_of(option)]
            assert plain_blocks(mistake.feedback) in shown(question.feedback[f"{ident}_fb"])


def entries_of(option: str) -> str:
    tex = plain(option).removeprefix("\\(").removesuffix("\\)")
    for sign in (r"\begin{bmatrix}", r"\end{bmatrix}", r"\\", "&"):
        tex = tex.replace(sign, "")
    if tex.startswith(r"\left("):
        tex = tex.removeprefix(r"\left(").removesuffix(r"\right)").replace(", ", "")
    return tex.replace(" ", "")


def check_essay(answer: Computed, variant: Variant, question: Question) -> None:
    assert len(answer.entries) > 12
    assert len(variant.mistakes) < 2
    assert question.feedback["general_fb"]


def check_choice(choice: Choice, question: Question) -> None:
    kind = "multiple_answers_question" if choice.several else "multiple_choice_question"
    assert question.kind == kind
    texts = [plain(text) for text in question.options.values()]
    assert len(texts) == len(choice.options)
    chosen = [place for place, ident in enumerate(question.options) if ident in question.right()]
    assert chosen == [place for place, option in enumerate(choice.options) if option.right]
    for ident, option in zip(question.options, choice.options, strict=True):
        assert (f"{ident}_fb" in question.feedback) == bool(option.feedback)


def check_claims(claims: Claims, found: list[Question]) -> None:
    verdicts = [one for one in found if one.kind == "true_false_question"]
    for one in verdicts:
        (right,) = one.right()
        assert plain(one.options[right]) in ("True", "False")
        said = [statement for statement in claims.statements if plain_blocks(statement.text) in shown(one.text)]
        assert plain(one.options[right]) == str(said[0].verdict)
        assert one.points == claims.verdict_points


@every_case
def test_the_groups_of_a_part_are_worth_its_points(problem: str, level: str) -> None:
    tree, quiz = case(problem, level)
    for part in tree.parts:
        groups = [one for one in quiz.groups if one.questions[0].tag.split()[0] == part.id]
        assert sum(group.pick * group.points for group in groups) == part.points
        for group in groups:
            assert {question.points for question in group.questions} == {group.points}
    assert quiz.points == sum(part.points for part in tree.parts)


@every_case
def test_nothing_is_against_the_rules(problem: str, level: str, tmp_path: Path) -> None:
    for options in (OPEN, Options(), Options(as_choice=True)):
        assert faults(written(tree_of(problem, level), options).files[""], tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("level", ["easy", "standard", "hard"])
@pytest.mark.parametrize("problem", ["dropout", "layer-norm", "conv-shapes", "softmax-cross-entropy", "initialization"])
def test_twenty_variants(problem: str, level: str, tmp_path: Path) -> None:
    tree = tree_of(problem, level, 20)
    content = written(tree).files[""]
    assert faults(content, tmp_path) == []
    quiz = read(content)
    for part in tree.parts:
        for variant in part.variants:
            check_variant(part, variant, quiz.by_tag(f"{part.id} {variant.id}"))


def test_nobody_meets_a_claim_twice() -> None:
    tree = tree_of("batch-norm", "standard", 6)
    quiz = quiz_of(tree)
    groups = [one for one in quiz.groups if one.questions[0].kind == "true_false_question"]
    assert len(groups) == 2
    (part,) = [one for one in tree.parts if one.kind == "claims"]
    statements = {
        plain_blocks(statement.text)
        for variant in part.variants
        if isinstance(variant.answer, Claims)
        for statement in variant.answer.statements
    }
    seen = [
        {one for one in statements if any(one in shown(question.text) for question in group.questions)}
        for group in groups
    ]
    assert seen[0] | seen[1] == statements
    assert not seen[0] & seen[1]


def test_the_claims_of_a_paper_are_shared_out_over_the_groups() -> None:
    places: dict[str, int] = {}
    for claims in (["a", "b"], ["c", "a"], ["d", "c"], ["a", "c"]):
        _share_out(claims, places, 2)
    assert places == {"a": 0, "b": 1, "c": 1, "d": 0}


# ------------------------------------------------------------------------------------------- the traps


def quick(problem: str = "dropout", count: int = 2) -> Export:
    return tree_of(problem, "standard", count)


def test_a_number_has_one_condition_with_bounds_that_are_even_decimals() -> None:
    for question in quiz_of(quick()).questions:
        if question.kind == "numerical_question":
            least, exact, most = question.interval()
            assert exact - least == most - exact
            with_values = [
                one
                for one in question.xml.iter()
                if one.tag.endswith("respcondition") and any(inner.tag.endswith("varequal") for inner in one.iter())
            ]
            assert len(with_values) == 1
            assert not any(one.tag.endswith(("vargt", "varlt")) for one in question.xml.iter())


def test_answers_are_known_by_whole_numbers() -> None:
    quiz = quiz_of(quick("model-size"))
    for question in quiz.questions:
        if question.kind not in ("numerical_question", "essay_question"):
            assert all(1 <= int(one) < 10**8 for one in question.options)
            assert len({*question.options}) == len(question.options)


def plain_sheet(tmp_path: Path, *questions: str) -> Export:
    path = tmp_path / "plain.toml"
    path.write_text("title = 'Plain'\n" + "\n".join(questions), "utf-8")
    return build(find_sheet(str(path)), Wanted(count=1))


def asked(kind: str, rest: str, name: str = "one", text: str = "What is it?") -> str:
    return f"[[question]]\nid = '{name}'\nkind = '{kind}'\ntext = '''{text}'''\n{rest}\n"


def test_a_number_that_canvas_shows_as_0_is_typed_into_a_blank(tmp_path: Path) -> None:
    tree = plain_sheet(tmp_path, asked("number", "answer = '1/30000'\npoints = 2"))
    found = written(tree)
    (question,) = read(found.files[""]).questions
    assert question.kind == "fill_in_multiple_blanks_question"
    assert question.score_of_blanks(["0.00003"]) == 1
    assert question.score_of_blanks(["1/30000"]) == 1
    assert any("too small" in loss for loss in found.losses)


def test_a_text_with_blanks_has_no_other_brackets(tmp_path: Path) -> None:
    text = r"Let $x = [1, 2]$ and `x[0]`, see [the page](https://example.org/?a\[0\]) and \[x\]."
    tree = plain_sheet(tmp_path, asked("vector", "answer = [1, 2]\npoints = 2", text=text + "\n\n$$[1]$$"))
    (question,) = quiz_of(tree).questions
    assert question.blanks == ["a1", "a2"]
    assert question.text.count("[") == 2
    for as_itself in (
        r"\lbrack 1, 2\rbrack",
        "x［0］",
        r"\(\lbrack\)x\(\rbrack\)",
        "%5B0%5D",
        r"\displaystyle \lbrack 1",
    ):
        assert as_itself in question.text


def test_the_plain_decimal_is_the_last_answer_of_a_blank() -> None:
    for question in quiz_of(quick("layer-norm")).questions:
        if question.kind == "fill_in_multiple_blanks_question":
            for response in (one for one in question.xml.iter() if one.tag.endswith("response_lid")):
                texts = [one.text or "" for one in response.iter() if one.attrib.get("texttype") == "text/plain"]
                assert str(Decimal(texts[-1])) == texts[-1]
                assert texts[-1].isascii()
                assert len(texts[-1].partition(".")[2]) >= 3


def test_pictures_are_in_the_package_with_their_words() -> None:
    quiz = quiz_of(quick("conv-by-hand"))
    pictures = {name for name in quiz.files if name.startswith("web_resources/pw/")}
    assert pictures
    for question in quiz.questions:
        assert 'src="$IMS-CC-FILEBASE$/pw/' in question.text
        assert 'alt=""' not in question.text
    named = {f"web_resources/pw/{text.split(chr(34))[0]}" for one in quiz.questions for text in one.text.split("$IMS-CC-FILEBASE$/pw/")[1:]}  # fmt: skip
    assert named == pictures


def test_a_picture_of_the_solution_alone_is_not_exported_without_it() -> None:
    tree = quick("conv-shapes")
    assert any("receptive-field" in name for name in tree.figures)
    with_it, without = (quiz_of(tree, Options(solutions=shown)).files for shown in (True, False))
    assert any("receptive-field" in name for name in with_it)
    assert not any("receptive-field" in name for name in without)


def test_solutions_and_hints_are_off_unless_they_are_asked_for() -> None:
    tree = quick()
    plain_quiz = quiz_of(tree, Options())
    assert all(not question.feedback for question in plain_quiz.questions)
    assert plain_quiz.settings["show_correct_answers"] == "false"
    assert any("general_fb" in question.feedback for question in quiz_of(tree, Options(solutions=True)).questions)
    hinted = quiz_of(tree, Options(hints=True)).questions
    assert any("general_incorrect_fb" in question.feedback for question in hinted)
    assert not any("general_fb" in question.feedback for question in hinted)


def test_what_is_marked_by_hand_is_beside_the_zip_unless_students_see_it() -> None:
    tree = quick()
    essays = [part for part in tree.parts if part.kind == "essay"]
    text = written(tree, Options()).beside["-rubrics.md"].decode()
    for part in essays:
        assert part.title in text
        answer = part.variants[0].answer
        assert isinstance(answer, Essay)
        assert "".join(word for word in answer.rubric[0].text if isinstance(word, str)) in text
    assert not written(tree, OPEN).beside
    assert any(f"{len(essays)} essays are to be marked by hand in Canvas" == loss for loss in written(tree).losses)


def test_a_matrix_beyond_blanks_and_choice_is_an_essay_with_its_key(tmp_path: Path) -> None:
    rows = [[row * 4 + column for column in range(4)] for row in range(4)]
    tree = plain_sheet(tmp_path, asked("matrix", f"answer = {rows}\npoints = 4"))
    found = written(tree, Options())
    (question,) = read(found.files[""]).questions
    assert question.kind == "essay_question"
    assert "8 & 9 & 10 & 11" in found.beside["-rubrics.md"].decode()
    assert any("too large for blanks" in loss for loss in found.losses)
    shown_after = written(tree, OPEN)
    (question,) = read(shown_after.files[""]).questions
    assert "8" in plain(question.feedback["general_fb"])


def test_options_in_order_are_not_shuffled(tmp_path: Path) -> None:
    options = "options = [{ text = 'Red', right = true }, 'Blue', 'Green']\npoints = 1"
    for more, shuffled in (("", "true"), ("\nin_order = true", "false")):
        quiz = quiz_of(plain_sheet(tmp_path, asked("choice", options + more)))
        assert quiz.settings["shuffle_answers"] == shuffled


POOL = """
[[pool]]
id = "warm-up"
pick = 2
text = '''Answer both.'''
[[pool.question]]
id = "a"
kind = "number"
text = '''One?'''
answer = 1
points = 2
[[pool.question]]
id = "b"
kind = "claims"
text = '''Two?'''
claims = [{ claim = "Yes", true = true, reason = "So" }]
[[pool.question]]
id = "c"
kind = "vector"
text = '''Three?'''
answer = [1, 2]
points = 2
"""


def test_a_pool_of_plain_questions_is_one_group(tmp_path: Path) -> None:
    path = tmp_path / "pool.toml"
    path.write_text("title = 'Pool'\n" + POOL, "utf-8")
    tree = build(find_sheet(str(path)), Wanted(count=10))
    found = written(tree)
    quiz = read(found.files[""])
    (group,) = quiz.groups
    assert (group.pick, group.points) == (2, 2)
    assert [one.kind for one in group.questions] == [
        "numerical_question", "essay_question", "fill_in_multiple_blanks_question",
    ]  # fmt: skip
    assert quiz.points == 4
    assert faults(found.files[""], tmp_path) == []
    assert any("of a pool has claims" in loss for loss in found.losses)


# -------------------------------------------------------------------------------------------- the texts


def test_hostile_texts_come_out_as_themselves(tmp_path: Path) -> None:
    tree = build(hostile_sheet(tmp_path), Wanted(count=1))
    found = written(tree)
    assert faults(found.files[""], tmp_path) == []
    quiz = read(found.files[""])
    assert quiz.title == HOSTILE
    for question in quiz.questions:
        text = plain(question.text).replace("\N{WORD JOINER}", "")
        if question.kind == "fill_in_multiple_blanks_question":
            text = text.replace(r"\(\lbrack\)", "[").replace(r"\(\rbrack\)", "]").replace("［", "[").replace("］", "]")
        assert text.startswith(f"{HOSTILE} and {CODE}")
    assert plain(next(iter(quiz.by_tag(quiz.questions[5].tag)[0].options.values()))) == HOSTILE


def test_words_begin_no_formula(tmp_path: Path) -> None:
    tree = build(hostile_sheet(tmp_path, r"price $$5 \(x\) \[y\]"), Wanted(count=1))
    for question in quiz_of(tree).questions:
        words = question.text.split("<code>")[0]
        assert "$$" not in words
        assert r"\(x" not in words
        assert r"\[" not in words


@pytest.mark.parametrize(("length", "kept"), [(200, 200), (400, 255)])
def test_long_titles(length: int, kept: int, tmp_path: Path) -> None:
    found = written(build(hostile_sheet(tmp_path, title="T" * length), Wanted(count=1)))
    titles = [one.xml.attrib["title"] for one in read(found.files[""]).questions]
    assert all(len(title) <= 255 for title in titles)
    assert all(title.startswith("T" * min(kept - 1, length)) for title in titles)


def test_control_characters_are_refused() -> None:
    with pytest.raises(InputError, match=r"U\+0007"):
        written(replace(quick(), title="a\x07b"))


def test_german_takes_a_decimal_comma(tmp_path: Path) -> None:
    tree = plain_sheet(tmp_path, "language = 'de'\n" + asked("vector", "answer = ['1/2', 3]\npoints = 2"))
    (question,) = quiz_of(tree).questions
    assert "Nachkommastellen" in question.text
    assert question.score_of_blanks(["0,500", "3"]) == 1
    assert accepted(number(read_plain("1/2")), 3, comma=True)[-1] == "0.500"
    assert "0,500" not in accepted(number(read_plain("1/2")), 3)


@pytest.mark.parametrize(
    ("exact", "count", "texts"),
    [
        ("21/5", 3, ["21/5", "4.2", "4.20", "4.200"]),
        ("1/16", 3, ["0.062", "0.063", "0.0625", ".0625", "1/16"]),
        ("-1/3", 3, ["-0.333", "-.333", "\N{MINUS SIGN}0.333", "-1/3"]),
        ("7", 3, ["7", "7.0", "7.000"]),
        ("0", 3, ["0", "0.000"]),
    ],
)
def test_texts_that_blanks_take(exact: str, count: int, texts: list[str]) -> None:
    assert {*texts} <= {*accepted(number(read_plain(exact)), count)}


def test_more_places_where_three_do_not_tell_a_mistake_from_the_key() -> None:
    keys = [number(read_plain("1/3"))]
    near = mistake_of("3332/10000")
    assert places_of(keys, []) == 3
    assert places_of(keys, [near]) == 4
    assert places_of([number(read_plain("1/3000"))], []) == 4


def mistake_of(exact: str) -> Mistake:
    return Mistake("near", Fraction(1, 2), (), (number(read_plain(exact)),))


# ---------------------------------------------------------------------------------- the same, and stable


@pytest.mark.slow
def test_identifiers_stay_when_the_pool_grows_and_when_a_part_is_added() -> None:
    sheet = find_sheet("discussion04")
    few, many, some = (
        quiz_of(build(sheet, one), Options())
        for one in (Wanted(count=2), Wanted(count=3), Wanted(count=2, without=("dropout.y_drop",)))
    )

    def idents(quiz: Quiz) -> dict[str, tuple[str, ...]]:
        return {one.ident: (one.tag, *one.options) for one in quiz.questions}

    assert idents(few).items() <= idents(many).items()
    assert idents(some).items() <= idents(few).items()
    assert [one.ident for one in few.groups] == [one.ident for one in many.groups]


@pytest.mark.slow
@pytest.mark.parametrize("target", ["canvas", "qti21"])
def test_the_same_bytes_in_another_folder_time_zone_and_locale(target: str, tmp_path: Path) -> None:
    found = []
    sheet = tmp_path / "dropout.toml"
    sheet.write_text("title = 'Dropout'\n[[problem]]\nid = 'dropout'\n")
    for folder, zone, language in (("a", "UTC", "C.UTF-8"), ("b", "Asia/Tokyo", "de_DE.UTF-8")):
        (tmp_path / folder).mkdir()
        where = tmp_path / folder / "out.zip"
        made = subprocess.run(
            [sys.executable, "-m", "generator.cli", "export", target, str(sheet), "--variants", "2", "--open", "--out", str(where)],
            cwd=tmp_path / folder,
            env={**os.environ, "TZ": zone, "LC_ALL": language, "LANG": language},
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        found.append(where.read_bytes())
        assert (tmp_path / folder / "out-rubrics.md").exists()
    assert found[0] == found[1]


def test_nothing_beside_the_export_is_overwritten_without_force(tmp_path: Path) -> None:
    sheet = tmp_path / "one.toml"
    sheet.write_text("title = 'One'\n" + asked("essay", "answer = 'Because.'\npoints = 2"))
    (tmp_path / "out-rubrics.md").write_text("mine")
    arguments = ["export", "canvas", str(sheet), "--open", "--out", str(tmp_path / "out.zip")]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2, result.output
    assert not (tmp_path / "out.zip").exists()
    assert (tmp_path / "out-rubrics.md").read_text() == "mine"
    result = CliRunner().invoke(main, [*arguments, "--force"])
    assert result.exit_code == 0, result.output
    assert "1 essay is to be marked by hand" in result.output
    assert "makes a second quiz" in result.output
    assert "Because." in (tmp_path / "out-rubrics.md").read_text()


@pytest.mark.slow
def test_fifteen_hundred_questions_in_ten_seconds() -> None:
    tree = with_pictures(tree_of("dropout", "standard", 100))
    (problem,) = tree.problems
    copies = [
        replace(
            problem,
            id=f"{problem.id}-{place}",
            parts=tuple(replace(part, id=f"p{place}.{part.id.partition('.')[2]}") for part in problem.parts[:5]),
        )
        for place in range(3)
    ]
    tree = replace(tree, problems=tuple(copies))
    assert sum(len(part.variants) for part in tree.parts) == 1500
    start = time.process_time()
    content = write(tree, OPEN).files[""]
    assert time.process_time() - start < 10
    assert len(content) < 20 * 2**20
    assert len(read(content).questions) >= 1500
