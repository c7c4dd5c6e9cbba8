"""The shape of a grid is given where the question gives it, by what it prints, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from generator.document.prose import Say
from generator.errors import AuthoringError
from generator.practice.web.fields import Grid, grid_in_question
from generator.problem.answers import Matrix, Vector
from generator.problem.catalogue import catalogue
from generator.problem.parts import Part, walk
from generator.problem.problem import Variant
from generator.problem.solution import Values
from tests.drawn import drawn

STATED = {
    ("batch-norm", "mean"): "columns of X",
    ("batch-norm", "variance"): "columns of X",
    ("batch-norm", "std"): "columns of X",
    ("batch-norm", "normalized"): "X",
    ("batch-norm", "output"): "X",
    ("batch-norm", "running_mean"): "running_mean",
    ("batch-norm", "running_variance"): "running_variance",
    ("batch-norm", "inference"): "example",
    ("dropout", "contributions"): "x",
    ("l2-regularization", "gradient_step"): "weights",
    ("l2-regularization", "curvature"): "curvature",
    ("layer-norm", "mean"): "rows of X",
    ("layer-norm", "variance"): "rows of X",
    ("layer-norm", "std"): "rows of X",
    ("layer-norm", "normalized"): "X",
    ("layer-norm", "output"): "X",
    ("layer-norm", "transformed"): "columns of X",
    ("model-size", "probabilities"): "logits",
}
"""Why the student need not say the shape, part by part."""

VARIANTS = [
    (problem, level, seed) for problem in catalogue() for level in catalogue()[problem].levels for seed in (1, 2)
]


@pytest.fixture(scope="module", params=VARIANTS, ids=str)
def variant(request: pytest.FixtureRequest) -> Variant:
    problem, level, seed = request.param
    return drawn(problem, seed, level)


def tabular(variant: Variant) -> Iterator[tuple[Part, Vector | Matrix]]:
    for part in walk(variant.all_parts):
        if isinstance(part.answer, Vector | Matrix):
            yield part, part.answer


def test_each_part_says_why_its_shape_is_given_or_leaves_it_to_the_student(variant: Variant) -> None:
    for part, answer in tabular(variant):
        known = STATED.get((variant.problem.id, part.id))
        assert known is None or answer.like == known, part.id


def test_the_shape_is_that_of_the_right_answer(variant: Variant) -> None:
    for part, answer in tabular(variant):
        grid = grid_in_question(answer, variant.values)
        if grid is not None:
            value = answer.value(variant.values)
            right = Grid(1, len(value)) if isinstance(answer, Vector) else Grid(len(value), len(value[0]))
            assert grid == right, part.id


def test_what_gives_the_shape_is_printed_before_it_is_asked(variant: Variant) -> None:
    """By the part's question, by one above or before it, or by the preamble."""
    printed = [text_of(variant.problem.preamble(variant.values) if variant.problem.preamble else "")]
    for part in walk(variant.all_parts):
        printed.append(text_of(part.question))
        if isinstance(part.answer, Vector | Matrix) and part.answer.like:
            name = part.answer.like.rpartition(" of ")[2]
            last = len(variant.values[name]) - 1
            assert re.search(rf"<{name}(>|\||\[{last}\]>)", " ".join(printed)), part.id


def text_of(content: object) -> str:
    if isinstance(content, list | tuple):
        return " ".join(map(text_of, content))
    return content.text if isinstance(content, Say) else str(content)


VALUES = Values({"X": ((1, 2, 3), (4, 5, 6)), "x": (1, 2, 3, 4)}, {"long": (0,) * 13})


@pytest.mark.parametrize(
    ("answer", "grid"),
    [
        (Vector("a"), None),
        (Vector("a", like="x"), Grid(1, 4)),
        (Vector("a", like="rows of X"), Grid(1, 2)),
        (Vector("a", like="columns of X"), Grid(1, 3)),
        (Matrix("a", like="X"), Grid(2, 3)),
        (Matrix("a"), None),
        (Vector("a", like="long"), None),
    ],
)
def test_a_shape_from_what_is_printed(answer: Vector | Matrix, grid: Grid | None) -> None:
    assert grid_in_question(answer, VALUES) == grid


@pytest.mark.parametrize(
    "answer",
    [Vector("a", like="y"), Vector("a", like="sides of X"), Vector("a", like="rows of x"), Matrix("a", like="x")],
)
def test_like_nothing_that_there_is(answer: Vector | Matrix) -> None:
    with pytest.raises(AuthoringError, match=r"a: like='.*' should name a (vector|matrix) that the question prints"):
        grid_in_question(answer, VALUES)
