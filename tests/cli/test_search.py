"""``worksheet list`` finds problems and parts by topic, kind of answer and minutes."""

from __future__ import annotations

import pytest

from generator.cli.search import KINDS, search
from generator.paper.paper import exercise
from generator.paper.sheet import Entry
from generator.problem.catalogue import catalogue
from generator.problem.drawing import draw_variant
from tests.tiny_class import worksheet


@pytest.mark.slow
def test_parts_have_the_kind_and_take_no_longer() -> None:
    problems = search()
    assert [one.problem.id for one in problems] == [*catalogue()]
    everything = {(one.problem.id, part.id): part for one in problems for part in one.parts}
    assert {part.kind for part in everything.values()} <= {*KINDS}
    short = {(one.problem.id, part.id) for one in search(kind="number", minutes=1) for part in one.parts}
    assert short == {name for name, part in everything.items() if part.kind == "number" and part.minutes <= 1}
    assert short


@pytest.mark.slow
@pytest.mark.parametrize("topic", ["convolutional networks", "CONVOLUTION by hand", "conv-by-hand", "db"])
def test_a_problem_is_found_by_topic_title_id_and_parts(topic: str) -> None:
    assert "conv-by-hand" in [one.problem.id for one in search(topic)]


@pytest.mark.slow
def test_what_is_printed() -> None:
    result = worksheet("list", "--topic", "normalization", "--kind", "matrix", "--minutes", "12")
    assert result.exit_code == 0, result.output
    heading, part, *_ = result.output.splitlines()
    assert heading.startswith("layer-norm  Layer normalization (normalization; ")
    assert part.split()[:2] == ["output", "matrix"]
    assert "minutes  " in part
    assert "**" not in part


@pytest.mark.slow
def test_follow_ups_are_said_to_be_and_do_not_count() -> None:
    (dropout,) = (one for one in search("dropout") if one.problem.id == "dropout")
    plain = Entry(dropout.problem, extended=False)
    assert dropout.points == exercise(draw_variant(dropout.problem, 1), 1, plain).points
    extra = {part.id for part in dropout.parts if part.is_follow_up}
    assert extra
    assert sum(part.points for part in dropout.parts if not part.is_follow_up) == dropout.points
    lines = worksheet("list", "--topic", "dropout").output.splitlines()
    assert {line.split()[0] for line in lines if "(follow-up)" in line} >= extra


@pytest.mark.slow
def test_a_level_alone() -> None:
    heading, *_ = worksheet("list", "--level", "hard").output.splitlines()
    assert heading.startswith("attention  ")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--kind", "chois"], "--kind: expected one of number, "),
        (["--level", "heard"], "--level: expected one of easy, standard, hard; got heard; did you mean hard?"),
        (["--topic", "cooking"], "--topic: expected a topic (architecture, "),
        (["--topic", "normalisation"], "; did you mean normalization?"),
        (["--topic", ""], "--topic: expected a topic ("),
        (
            ["--topic", "dropout", "--kind", "shape"],
            "--kind: no part of these problems is of the kind shape; they have ",
        ),
        (
            ["--topic", "dropout", "--minutes", "0.01"],
            "--minutes: none takes so little: the shortest part that fits takes ",
        ),
    ],
)
@pytest.mark.slow
def test_what_nothing_fits(options: list[str], said: str) -> None:
    result = worksheet("list", *options)
    assert result.exit_code == 2
    assert said in result.stderr
