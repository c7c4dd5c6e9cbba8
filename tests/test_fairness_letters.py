"""Which letters are right is the same of a question as it is written, and of the plain question that it stands for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from generator.document import ChoiceSpace, Exercise, LinesSpace, Question
from generator.fairness.letters import right_letters
from generator.fairness.questions import every_question
from generator.filled import Filled
from generator.sheet import find_sheet
from generator.worksheet import make_paper

CHOICE = ChoiceSpace(options=((), (), ()), correct=(1, 2))


def exercise(*parts: Question) -> Exercise:
    return Exercise("any", 1, "Any", 2, (), parts)


def plain(node: Any) -> Any:
    """The node and its parts, none of them filled."""
    made = node.plain() if isinstance(node, Filled) else node
    return replace(made, parts=tuple(map(plain, made.parts)))


def test_the_letters_are_those_of_all_questions_with_options() -> None:
    inner = Question("inner", "i", 1, (), (CHOICE,))
    outer = Question("outer", "a", 1, (), (LinesSpace(2),), (inner, Question("other", "ii", 1, ())))
    assert right_letters(every_question(exercise(outer))) == {"inner": {"right": [1, 2], "of": 3}}


def test_the_letters_of_a_filled_question_are_those_of_the_plain_one() -> None:
    found = {}
    for one in make_paper(find_sheet("discussion04"), 7).document.exercises:
        assert isinstance(one, Filled)
        found[one.id] = right_letters(every_question(one))
        assert found[one.id] == right_letters(every_question(plain(one)))
    assert found["model-size"]["logits"]["of"] == 4
    assert found["l2-regularization"]
