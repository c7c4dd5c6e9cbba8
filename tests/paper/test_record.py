"""Which letters are right, of all questions with options."""

from __future__ import annotations

from generator.document.nodes import ChoiceSpace, Exercise, LinesSpace, Question, every_question
from generator.paper.paper import make_paper
from generator.paper.record import Letters, right_letters
from generator.paper.sheet_file import find_sheet

CHOICE = ChoiceSpace(options=((), (), ()), correct=(1, 2))


def exercise(*parts: Question) -> Exercise:
    return Exercise("any", 1, "Any", 2, (), parts)


def test_the_letters_are_those_of_all_questions_with_options() -> None:
    inner = Question("inner", "i", 1, (), (CHOICE,))
    outer = Question("outer", "a", 1, (), (LinesSpace(2),), (inner, Question("other", "ii", 1, ())))
    assert right_letters(every_question(exercise(outer))) == {"inner": Letters([1, 2], 3)}


def test_the_letters_of_a_paper() -> None:
    model_size, *_, l2_regularization = make_paper(find_sheet("discussion04"), 7).document.exercises
    assert right_letters(every_question(model_size))["logits"].of == 4
    assert right_letters(every_question(l2_regularization))
