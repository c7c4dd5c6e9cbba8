"""Rubrics of computed parts: on paper as in marking."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.errors import AuthoringError
from generator.grading.grader import Grader, mark
from generator.grading.marks import points_by_rubric
from generator.paper.asked import asked_parts
from generator.paper.sheet import Entry
from generator.problem.bank_file import read_bank
from generator.problem.catalogue import catalogue
from generator.problem.mistake import Mistake
from generator.problem.parts import Part, rubric_points, walk
from generator.problem.problem import Variant
from tests.drawn import drawn

VARIANTS = [(problem, level) for problem in catalogue() for level in catalogue()[problem].levels]
LEAST = 3
"""A computed part worth so many points says how they are divided."""


@pytest.fixture(params=VARIANTS, ids="-".join)
def variant(request: pytest.FixtureRequest) -> Variant:
    problem, level = request.param
    return drawn(problem, 5, level)


def test_a_computed_part_of_three_points_says_how_they_are_divided(variant: Variant) -> None:
    for part in walk(variant.all_parts):
        if part.answer is not None and part.answer.step is not None and part.own_worth >= LEAST:
            assert part.rubric, part.id
            assert rubric_points(part.rubric) == part.own_worth


def test_one_mistake_never_earns_all_of_a_rubric_and_leaves_something(variant: Variant) -> None:
    grader = Grader(variant)
    for part in walk(variant.all_parts):
        for mistake, _ in variant.wrong if part.rubric else ():
            assert 0 < points_by_rubric(part.rubric, [mistake]) < rubric_points(part.rubric), (part.id, mistake.name)
    assert grader.parts


def a_mistake(*steps: str) -> Mistake:
    replaced: dict[str, Any] = dict.fromkeys(steps, lambda: 0)
    return Mistake("any", "did it otherwise", **replaced)


def test_the_points_that_mistakes_leave() -> None:
    rubric = [(2, "the weights", "weights"), (1, "the biases", "biases"), (1, "the norms", "norms")]
    assert points_by_rubric(rubric, [a_mistake("biases")]) == 3
    assert points_by_rubric(rubric, [a_mistake("biases", "norms")]) == 2
    assert points_by_rubric(rubric, [a_mistake("biases"), a_mistake("weights")]) == 1
    assert points_by_rubric(rubric, [a_mistake("weights", "biases", "norms")]) == 2  # the rest follows from the first
    assert points_by_rubric(rubric, [a_mistake("sum")]) == 2  # none of the rubric's steps: half


def test_marking_gives_what_the_rubric_says() -> None:
    variant = catalogue()["model-size"].printed()
    v = variant.values
    for value, points in {
        v.weights + v.norm_parameters: 3,  # no biases
        v.weights + v.biases: 3,  # no norms
        v.weights: 2,
        v.parameters * v.batch: 2,
    }.items():
        marked = mark(variant, "parameters", str(value))
        assert (marked.points, marked.max_points) == (points, 4)


def test_each_row_has_points_of_its_own() -> None:
    variant = catalogue()["layer-norm"].printed()
    rows = [[str(entry) for entry in row] for row in variant.values.output]
    for wrong in range(4):
        typed = [["99"] * 4 if place < wrong else row for place, row in enumerate(rows)]
        assert mark(variant, "output", "\n".join(map(" ".join, typed))).points == 6 - 2 * wrong


def test_a_guided_sheet_gives_points_by_the_work_that_is_left() -> None:
    problem = catalogue()["layer-norm"]
    variant = problem.printed()

    def worth(entry: Entry) -> int:
        return next(part.worth for part in asked_parts(variant, entry) if part.id == "output")

    assert worth(Entry(problem)) == 6
    assert worth(Entry(problem, guided=True)) == 2
    assert worth(Entry(problem, guided=True, without=("normalized",))) == 6


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("rubric = [[0, 'nothing']]", "positive points"),
        ("rubric = [[1, 'the mean', 3]]", "names of steps"),
        ("rubric = 'all'", "a list of"),
        ("rubric_each = 'row'", "expected a rubric"),
    ],
)
def test_a_rubric_that_cannot_be_read(tmp_path: Path, keys: str, message: str) -> None:
    bank = tmp_path / "bank.toml"
    bank.write_text(f"[parts.output]\ntext = 'Compute it.'\n{keys}\n")
    with pytest.raises(AuthoringError, match=message):
        read_bank(bank)


def test_points_and_rubric_of_a_part_agree() -> None:
    with pytest.raises(AuthoringError, match="its rubric adds up to 2"):
        Part("a", "Compute it.", points=3, rubric=[(2, "all")])
