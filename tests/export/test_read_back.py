"""Over the catalogue: the key, as a platform's file has it for a question with one part or with several, is marked right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest

from generator.errors import InputError
from generator.export import moodle, stack
from generator.export.build import Wanted, build, drawn_for
from generator.export.target import Options
from generator.export.tree import Export
from generator.grading.grader import Grader
from generator.grading.platforms.pieces import answers_of
from generator.grading.platforms.tags import read_tag
from generator.grading.platforms.typed import as_typed
from generator.paper.record import variant_letters
from tests.export.moodle_reader import read_quiz
from tests.export.pictures import with_pictures
from tests.export.stack_reader import read_questions
from tests.export.test_answers_return import stack_cell
from tests.export.trees import CASES, sheet_of

every_case = pytest.mark.parametrize(
    ("problem", "level"),
    [case if case == ("dropout", "standard") else pytest.param(*case, marks=pytest.mark.slow) for case in CASES],
)
each_way = pytest.mark.parametrize("together", [False, True])


def tree_and_graders(problem: str, level: str) -> tuple[Export, Mapping[str, Grader]]:
    """Return a tree of two variants, and their graders by the letters of the variants."""
    sheet, wanted = sheet_of(problem, level), Wanted(count=2)
    drawn = drawn_for(sheet, wanted)
    graders = {variant_letters(one.variants[0]): Grader(one.variants[0], sheet.entries[0]) for one in drawn}
    return with_pictures(build(sheet, wanted, drawn)), graders


def check(answers: Iterator[tuple[str, str]], graders: Mapping[str, Grader]) -> set[str]:
    """Mark what stands under each question's text; return the parts that were answered."""
    found = set()
    for text, cell in answers:
        tag = read_tag(text)
        assert tag is not None
        for one, given in answers_of(tag, cell):
            grader = graders[one.variant]
            typed = as_typed(given, "moodle", grader, one.part)
            marked = grader.mark(one.part, typed)
            assert marked.points == grader.max_points(one.part), (one, given, typed, marked)
            found.add(f"{one.problem}.{one.part}")
    return found


@each_way
@every_case
def test_the_keys_of_stack(problem: str, level: str, together: bool) -> None:
    tree, graders = tree_and_graders(problem, level)
    try:
        questions = read_questions(stack.write(tree, Options(together=together)).files[""])
    except InputError:
        pytest.skip("nothing that STACK can ask")
    cells = (
        (one.text("questionnote", seed), stack_cell(one, seed)) for one in questions.values() for seed in one.seeds
    )
    asked = {one.removesuffix("-stack") for one in questions}
    found = check(cells, graders)
    assert found >= {one for one in asked if "." in one}
    assert found


@each_way
@every_case
def test_the_keys_of_moodle(problem: str, level: str, together: bool) -> None:
    tree, graders = tree_and_graders(problem, level)
    questions = [
        one
        for one in read_quiz(moodle.write(tree, Options(together=together)).files[""]).values()
        if one.kind == "cloze"
    ]

    def cells() -> Iterator[tuple[str, str]]:
        for one in questions:
            right = [
                "; ".join(re.sub("<[^>]*>", "", it.text) for it in gap.answers if it.fraction == 1) for gap in one.gaps
            ]
            yield one.text, "; ".join(f"part {place}: {text}" for place, text in enumerate(right, start=1))

    found = check(cells(), graders)
    assert bool(found) == bool(questions)
