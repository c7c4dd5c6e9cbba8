"""What is noted of a question while it is written gives the question."""

from __future__ import annotations

import pickle
from dataclasses import fields, replace
from functools import partial
from typing import Any

import pytest

from generator import filled, prose, questions
from generator.blocks import Figure, Paragraph, Text
from generator.catalogue import catalogue
from generator.document import ChoiceSpace, Question
from generator.figures.scene import Scene
from generator.filled import Filled, Hole, Template, holes_in, put_in
from generator.keyless import without_key
from generator.problem import Problem
from generator.sheet import Entry
from generator.worksheet import exercise


def templates(node: Any) -> list[Template]:
    """Those of a filled node and of the filled nodes within it."""
    if not isinstance(node, Filled):
        return []
    return [node.template, *[template for one in node.fillings for template in templates(one)]]


@pytest.mark.parametrize("problem", catalogue().values(), ids=catalogue())
def test_questions_of_one_shape_share_a_template_and_no_node_is_made(
    problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = exercise(problem.draw(1), 1)

    def none_is_made(*_: Any) -> None:
        raise AssertionError("a node was made of a known shape")

    monkeypatch.setattr(questions, "_with_holes", none_is_made)
    again = exercise(problem.draw(1), 1)
    assert templates(again) == templates(first)
    assert again == first


@pytest.mark.parametrize("problem", catalogue().values(), ids=catalogue())
def test_the_shapes_of_a_problem_are_few(problem: Problem) -> None:
    """A shape that held something of a student's own would be met once."""
    seen: list[set[Template]] = [set(), set()]
    for seed in range(60):
        seen[seed >= 30] |= set(templates(exercise(problem.draw(seed), 1)))
    new = seen[1] - seen[0]
    assert len(new) < len(seen[1]) / 4


def test_templates_that_are_forgotten_are_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = catalogue()["dropout"]
    expected = exercise(problem.draw(3), 1)
    monkeypatch.setattr(questions, "MOST_TEMPLATES", 2)
    monkeypatch.setattr(questions, "_templates", {})
    assert exercise(problem.draw(3), 1) == expected
    assert len(questions._templates) <= 2


@pytest.mark.parametrize("guided", [False, True])
@pytest.mark.parametrize("problem", catalogue().values(), ids=catalogue())
def test_the_copy_without_key_is_that_of_the_plain_nodes(problem: Problem, guided: bool) -> None:
    made = exercise(problem.draw(5), 2, Entry(problem, guided=guided))
    asked = without_key(made)
    assert isinstance(asked, Filled)
    assert asked == without_key(plain(made))
    assert without_key(asked) is asked
    assert pickle.loads(pickle.dumps(asked)) == asked  # noqa: S301 - its own bytes


def plain(node: Any) -> Any:
    if isinstance(node, Filled):
        return plain(node.plain())
    if isinstance(node, tuple):
        return tuple([plain(child) for child in node])
    if not hasattr(node, "__dataclass_fields__") or isinstance(node, Scene):
        return node
    return replace(node, **{one.name: plain(getattr(node, one.name)) for one in fields(node)})


def test_holes_are_filled_in_place_and_the_rest_is_the_same_object() -> None:
    words = Paragraph((Text("words"),))
    node = Question("a", "a", 1, (words, Paragraph((Hole(0, object),))), (), (Hole(1, Question),))  # type: ignore[arg-type]
    assert [hole.place for hole in holes_in(node)] == [0, 1]
    inner = Question("b", "i", 1, ())
    filled_ = put_in(node, [Text("x"), inner])
    assert filled_ == Question("a", "a", 1, (words, Paragraph((Text("x"),))), (), (inner,))
    assert filled_.body[0] is words
    assert filled_.parts[0] is inner
    assert put_in(words, []) is words


def test_what_is_written_of_different_contents_has_different_shapes() -> None:
    """Where two texts stand in one content or in two, and what stands where, belongs to the shape."""
    drawing = Figure("net", Scene(1, 1, (), "a drawing", "nothing"))
    contents: list[prose.Content] = [
        "Some <x>.",
        "Some $<x>$.",
        ["Some <x>."],
        ["Some <x>.", "Some <x>."],
        [["Some <x>."], "Some <x>."],  # type: ignore[list-item]
        prose.Fill("Some <x>.", "Some <x>."),
        drawing,
        [drawing],
        ["Some <x>.", drawing],
    ]
    shapes = []
    for content in contents:
        sketch = questions.Sketch({"x": "y"})
        sketch.content(content)
        shapes.append(tuple(sketch.shape))
    assert len(set(shapes)) == len(contents)


def test_options_in_another_order_have_the_same_shape() -> None:
    a, b = (prose.nodes(text, {}) for text in ("One.", "Two."))
    sketches = []
    for space in (ChoiceSpace((a, b), (0,)), ChoiceSpace((b, a), (0,)), ChoiceSpace((b, a), (1,))):
        sketch = questions.Sketch({}, Question)
        question = Question("a", "a", 1, (), (space,))
        for one in fields(Question):
            sketch.nodes(getattr(question, one.name))
        sketches.append(sketch)
        made = sketch.filled(partial(replace, question))
        assert made.spaces == (space,)
        assert without_key(made).spaces == (replace(space, correct=()),)
    assert sketches[0].shape == sketches[1].shape != sketches[2].shape


def test_a_filled_node_reads_as_the_plain_one_and_cannot_be_told_by_its_class() -> None:
    (block,) = prose.nodes(prose.say("So $<x>$.", x="y"), {})
    assert isinstance(block, Filled)
    assert isinstance(block, Paragraph)
    assert block.children == plain(block).children
    assert type(block) in filled.FILLED_BLOCKS
