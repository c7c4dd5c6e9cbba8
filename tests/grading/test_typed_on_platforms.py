"""Over the catalogue: the right answer to each part, as each platform writes it, is marked right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from generator.document import nodes
from generator.errors import InputError
from generator.grading.answer_file import Style
from generator.grading.grader import Grader
from generator.grading.nesting import depth_of
from generator.grading.platforms.prairielearn import answer_of, question_of
from generator.grading.platforms.tags import Tag
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
    assert question_of(qid, params) == tag


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
    assert answer_of(submitted, params) == text


@pytest.mark.parametrize(
    "submitted", ["[1]", "{", "3", '{"y":' + "[" * 900 + "]" * 900 + "}", '{"y": ' + "9" * 5000 + "}", "x" * 300_000]
)
def test_what_prairielearn_does_not_write_is_refused(submitted: str) -> None:
    with pytest.raises(InputError, match="column Submitted answer: expected"):
        answer_of(submitted, "")
