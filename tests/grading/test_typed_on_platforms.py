"""Over the catalogue: the right answer to each part, as each platform writes it, is marked right."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from generator.document import nodes
from generator.errors import InputError
from generator.grading.answer_file import Style
from generator.grading.grader import Grader
from generator.grading.nesting import depth_of
from generator.grading.platforms import pieces
from generator.grading.platforms.prairielearn import answers_of
from generator.grading.platforms.tags import Tag, read_tag
from generator.grading.platforms.typed import FIELD, as_typed
from generator.numbers.encoding import encode
from generator.problem.catalogue import catalogue, find_problem
from generator.problem.choices import LETTERS, Choice
from generator.problem.words import Claims, Essay


def values(value: Any) -> Iterator[str]:
    """The entries of a value, row by row."""
    if isinstance(value, list):
        for one in value:
            yield from values(one)
    else:
        yield str(value)


def words(node: Any) -> str:
    """The text of an option as an export has it: words, and formulas between signs of MathJax."""
    if isinstance(node, tuple):
        return "".join(map(words, node))
    if isinstance(node, nodes.Text | nodes.Code):
        return node.text.replace("<", "&lt;")
    if isinstance(node, nodes.Math):
        return rf"\({node.tex}\)"
    return "".join(map(words, nodes.children(node)))


def written(entries: list[str], style: Style) -> str:
    if style == "canvas":
        return ",".join(one.replace(",", r"\,") for one in entries)
    if style == "moodle" and len(entries) > 1:
        return "; ".join(f"Teil {place}: {one}" for place, one in enumerate(entries, start=1))
    return FIELD.join(entries)


STYLES: tuple[Style, ...] = ("canvas", "moodle", "fields")


@pytest.mark.parametrize("problem", sorted(catalogue()))
def test_the_right_answer_as_each_platform_writes_it_is_marked_right(problem: str) -> None:
    grader = Grader(find_problem(problem).printed())
    for part in grader.parts:
        answer = grader.answer(part)
        if isinstance(answer, Essay):
            continue
        right: Any = answer.value(grader.variant.values)
        if isinstance(answer, Choice):
            (space,) = answer.spaces(grader.variant.values)
            assert isinstance(space, nodes.ChoiceSpace)
            texts = [f"<p>{words(space.options[place])}</p>" for place in space.correct]
            entries = [", ".join(texts)]
        elif isinstance(answer, Claims):
            entries = ["True" if one else "False" for one in right]
        else:
            entries = [*values(encode(right))]
        if not isinstance(answer, Choice | Claims) and depth_of(right) == 2 and "0" in entries:
            continue  # no size of a shape, and not read in any form
        for style in STYLES:
            typed = as_typed(written(entries, style), style, grader, part)
            marked = grader.mark(part, typed)
            assert marked.status == "correct", (part, style, written(entries, style), typed, marked)
        if (
            not isinstance(answer, Choice | Claims)
            and depth_of(right) == 2
            and problem in ("model-size", "conv-shapes")
        ):
            shapes = ["[" + ", ".join(map(str, shape)) + "]" for shape in encode(right)]
            assert grader.mark(part, as_typed(FIELD.join(shapes), "fields", grader, part)).status == "correct"


def test_one_value_in_several_columns_is_refused_and_words_stay_as_they_are() -> None:
    grader = Grader(find_problem("dropout").printed())
    assert as_typed(f"3{FIELD}3", "fields", grader, "y_corr") in ("3", "3, 3")
    with pytest.raises(InputError, match="in 2 columns of one row, with different answers"):
        as_typed(f"3{FIELD}4", "fields", grader, "y_corr")
    assert as_typed(r"Nothing\, really", "canvas", grader, "closeness") == "Nothing, really"
    assert as_typed("5,33", "canvas", grader, "y_corr") == "5,33"
    assert as_typed("", "canvas", grader, "y_corr") == ""


def test_verdicts_stand_among_reasons() -> None:
    variant = find_problem("norm-backward").printed()
    grader = Grader(variant)
    right = ["True" if one else "False" for one in grader.answer("claims").value(variant.values)]
    for texts in ([*right, "because of this", "and that"], [right[0], "since 1 = 1", *right[1:]], right):
        assert grader.mark("claims", as_typed(FIELD.join(texts), "fields", grader, "claims")).status == "correct"
    assert as_typed(FIELD.join([*right[:-1], ""]), "fields", grader, "claims").endswith("?")


def test_several_options_of_which_some_have_commas() -> None:
    options = {"one": "a, b", "two": r"$x < y$", "three": "c"}
    answer = Choice("right", options, in_order=True, several=True)
    found = find_problem("dropout").printed()

    class OneChoice(Grader):
        def answer(self, part_id: str) -> Any:
            return answer

        @property
        def variant(self) -> Any:
            return _Right(found)

        @variant.setter
        def variant(self, value: Any) -> None:
            pass

    grader = OneChoice(found)
    cases: list[tuple[Style, str, str]] = [
        ("google", "a, b, c", "A, C"),
        ("google", r"\(x &lt; y\), c", "B, C"),
        ("microsoft", r"a, b;\(x &lt; y\);", "A, B"),
        ("canvas", r"a\, b,c", "A, C"),
        ("moodle", "a, b; c", "A, C"),
        ("google", "A, C", "A, C"),
        ("google", "something else", "something else"),
    ]
    for style, text, wanted in cases:
        assert as_typed(text, style, grader, "x") == wanted, (style, text)
    assert LETTERS.startswith("ABC")


class _Right:
    """The values of a variant in which two options are right."""

    def __init__(self, variant: Any) -> None:
        self.values = type("Values", (), {"known": {}, "__getitem__": lambda _, name: "one, three"})()


@pytest.mark.parametrize(
    ("qid", "params", "tag"),
    [
        ("dropout/y_corr", "", Tag("dropout", "y_corr")),
        ("course/dropout/y_corr", '{"variant": "v2bbb"}', Tag("dropout", "y_corr", "V2BBB")),
        ("dropout.y_corr", "{", Tag("dropout", "y_corr")),
        ("dropout/y_corr", '{"variant": 7}', Tag("dropout", "y_corr")),
    ],
)
def test_the_part_of_a_question_of_prairielearn(qid: str, params: str, tag: Tag) -> None:
    assert [one for one, _ in answers_of(qid, '{"y": "1"}', params)] == [tag]


@pytest.mark.parametrize(
    ("submitted", "params", "text"),
    [
        ('{"y": "16/3"}', "", "16/3"),
        ('{"y": {"_type": "sympy", "_value": "sqrt(6)/3"}}', "", "sqrt(6)/3"),
        ('{"y10": "j", "y2": "b", "y1": "a"}', "", FIELD.join("abj")),
        ('{"w": "1", "b": "2"}', "", FIELD.join("12")),
        ('{"m": {"_type": "sympy_matrix", "_value": [["1", "2"], ["3", "4"]]}}', "", "[1, 2; 3, 4]"),
        ('{"c": "b"}', '{"c": [{"key": "a", "html": "no"}, {"key": "b", "html": "<p>yes</p>"}]}', "<p>yes</p>"),
        ('{"c": ["b", "a"]}', '{"c": [{"key": "a", "html": "no"}, {"key": "b", "html": "yes"}]}', f"yes{FIELD}no"),
        ('{"_files": [{"name": "a.txt", "contents": "PHA+YmVjYXVzZTwvcD4="}]}', "", "because"),
        ('{"_files": [{"name": "a.txt", "contents": "!"}, 3]}', "", ""),
        ('{"y": {"_type": "ndarray", "_value": [[1.5, 2], [3, 4]]}, "y11": 1.5, "y12": 2}', "", "[1.5, 2; 3, 4]"),
        ('{"y": null}', "", ""),
        ('{"y": 1.5}', "", "1.5"),
        ("", "", ""),
        ('{"y": "\\ud800"}', "", "?"),
    ],
)
def test_what_was_submitted_to_prairielearn(submitted: str, params: str, text: str) -> None:
    assert "".join(given for _, given in answers_of("dropout/y_corr", submitted, params)) == text


@pytest.mark.parametrize(
    "submitted", ["[1]", "{", "3", '{"y":' + "[" * 900 + "]" * 900 + "}", '{"y": ' + "9" * 5000 + "}", "x" * 300_000]
)
def test_what_prairielearn_does_not_write_is_refused(submitted: str) -> None:
    with pytest.raises(InputError, match="column Submitted answer: expected"):
        list(answers_of("dropout/y_corr", submitted, ""))


def test_a_question_of_prairielearn_with_several_parts() -> None:
    params = '{"variant": "v2bbb", "parts": ["y_drop", "moments", "why"], "p1y": [{"key": "a", "html": "no"}, {"key": "b", "html": "yes"}]}'
    submitted = json.dumps({
        "p2y10": "j", "p2y2": "b", "p2y1": "a", "p1y": "b", "_files": [{"name": "p3answer.html", "contents": "PHA+YmVjYXVzZTwvcD4="}],
    })  # fmt: skip
    assert [*answers_of("dropout", submitted, params)] == [
        (Tag("dropout", "y_drop", "V2BBB"), "yes"),
        (Tag("dropout", "moments", "V2BBB"), FIELD.join("abj")),
        (Tag("dropout", "why", "V2BBB"), "because"),
    ]
    with pytest.raises(InputError, match="no parts in the column Params"):
        list(answers_of("dropout", submitted, '{"variant": "v2bbb"}'))


TOGETHER = Tag("dropout", variant="V2BBB", parts=(("a", 1), ("b", 3), ("c", 1)))


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("part 1: 7; part 2: 1; part 3: 2; part 4: 3; part 5: 9", {"a": "7", "b": "part 1: 1; part 2: 2; part 3: 3", "c": "9"}),
        ("Teil 1: 7; Teil 2: ; Teil 3: -; Teil 4: 3; Teil 5: -", {"a": "7", "b": "part 1: -; part 2: -; part 3: 3"}),
        ("part 5: 9", {"c": "9"}),
        ("Seed: 3; ans1: 28/3 [score]; ans3: 2*%e^2 [invalid]; ans5: matrix([1,?],[sqrt(2),4]) [valid]; prt1: # = 1 | prt1-key; prt2: !",
         {"a": "28/3", "b": "part 1: -; part 2: 2*e^2; part 3: -", "c": "part 1: 1; part 2: -; part 3: sqrt(2); part 4: 4"}),
        ("Seed: 3; prt1: !", {}),
    ],
)  # fmt: skip
def test_a_question_with_several_parts_is_taken_apart(text: str, given: dict[str, str]) -> None:
    assert {tag.part: one for tag, one in pieces.answers_of(TOGETHER, text)} == given


def test_more_values_than_a_question_has_fields_are_refused() -> None:
    for text in ("part 1: 7; part 6: 1", "Seed: 3; ans6: 7 [score]"):
        with pytest.raises(InputError, match="has 6 values, and the question 5 fields"):
            list(pieces.answers_of(TOGETHER, text))


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("Seed: 12; ans1: 28/3 [score]; prt1: # = 1 | prt1-key", "28/3"),
        ("Seed: 12; ans1: matrix([1,%pi/2]) [score]; prt1: !", "part 1: 1; part 2: pi/2"),
        ("Seed: 12; ans1: matrix([2,3]) [score]; ans2: matrix([4,5]) [score]; prt1: !; prt2: !", "part 1: [2, 3]; part 2: [4, 5]"),
        ("Seed: 12; ans1: a; b [invalid]; prt1: !", "a; b"),
        ("Seed: 12; ans1: matrix([1 [invalid]; prt1: !", "matrix([1"),
        ("Seed: 12; prt1: !", ""),
        ("the seed: 12", "the seed: 12"),
        ("part 1: 7; part 2: 1", "part 1: 7; part 2: 1"),
    ],
)  # fmt: skip
def test_what_was_typed_in_stack(text: str, given: str) -> None:
    assert "".join(one for _, one in pieces.answers_of(Tag("dropout", "y"), text)) == given


KEYS = {"A": (True, False, True), "B": (False, False, True)}


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ([("A", 1, "True"), ("A", 2, "False"), ("A", 3, "True")], ("A", "true false true")),
        ([("A", 3, "F"), ("A", 1, "True")], ("A", "true ? false")),
        (
            [("A", 1, "True"), ("A", 3, "True"), ("B", 2, "False")],
            ("A", "true false true"),
        ),  # right, like the other one
        ([("A", 1, "True"), ("A", 3, "True"), ("B", 1, "True")], ("A", "true true true")),  # wrong, like the other one
        ([("B", 2, "True")], ("B", "? true ?")),
    ],
)
def test_claims_asked_one_by_one_are_one_answer(given: list[tuple[str, int, str]], answer: tuple[str, str]) -> None:
    assert pieces.verdicts_together([pieces.Verdict(*one) for one in given], KEYS.__getitem__) == answer


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([("A", 1, "maybe")], "expected true or false; got 'maybe'"),
        ([("A", 4, "True")], "expected a claim from 1 to 3; got 4"),
        ([("A", 1, "True")] * 4, "expected 3 verdicts at most; got 4"),
    ],
)
def test_claims_that_cannot_be_one_answer_are_refused(given: list[tuple[str, int, str]], said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        pieces.verdicts_together([pieces.Verdict(*one) for one in given], KEYS.__getitem__)


@pytest.mark.parametrize(
    "tag",
    [
        Tag("dropout", "y_corr"), Tag("dropout", "y_corr", "V2BBB"), Tag("dropout", "claims", "V2BBB", "2"),
        Tag("dropout", "claims", "V2BBB", "reasons"), TOGETHER,
    ],
)  # fmt: skip
def test_a_tag_is_read_as_it_is_written(tag: Tag) -> None:
    assert read_tag(f"<p>What? (see below) <small>{tag}</small></p>") == tag
