"""``worksheet list`` finds problems and parts by topic, kind of answer and minutes."""

from __future__ import annotations

import pytest

from generator.cli.search import KINDS, search
from generator.problem.catalogue import catalogue
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


def test_what_is_printed() -> None:
    result = worksheet("list", "--topic", "normalization", "--kind", "matrix", "--minutes", "12")
    assert result.exit_code == 0, result.output
    heading, part, *_ = result.output.splitlines()
    assert heading.startswith("layer-norm  Layer normalization (normalization; ")
    assert part.split()[:2] == ["output", "matrix"]
    assert "minutes  " in part
    assert "**" not in part


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--kind", "chois"], "--kind: expected one of number, "),
        (["--level", "heard"], "--level: expected one of easy, standard, hard; got heard"),
        (["--topic", "cooking"], "no part of any problem fits"),
    ],
)
def test_what_nothing_fits(options: list[str], said: str) -> None:
    result = worksheet("list", "--minutes", "5", *options)
    assert result.exit_code == 2
    assert said in result.stderr
