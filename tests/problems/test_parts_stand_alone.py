"""Of some problems: what any part asks can be understood where the parts that it does not need are left out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import generator.problems
from generator.errors import InputError
from generator.paper.asked import asked_parts
from generator.paper.paper import settled_alone
from generator.paper.sheet import Entry
from generator.problem import drawing
from generator.problem.catalogue import catalogue, find_problem
from generator.problem.giveaways import drawn_insights
from generator.problem.parts import walk
from generator.problem.problem import LEVELS, Problem

FOLDER = Path(generator.problems.__file__).parent
NAMES = (
    "attention",
    "transformer_size",
    "classification_metrics",
    "training_memory",
    "model_selection",
    "generative_models",
)
REFERS_BACK = re.compile(
    r"^And |^Then |is that\?|all of these|you have found|"
    r"\bth(?:is|at|ese|those) (?:\$|same |other )?(?:D\b|layer|length|model|number|value|variance|weight)"
)


def questions(name: str) -> Iterator[tuple[str, str]]:
    """The parts that need no other, with each of their wordings."""
    (path,) = FOLDER.rglob(f"{name}.toml")
    parts: dict[str, dict[str, Any]] = tomllib.loads(path.read_text("utf-8"))["parts"]
    for part, table in parts.items():
        if "needs" not in table:
            wordings = [table, *(one for one in table.values() if isinstance(one, dict))]
            yield from ((part, one["text"].strip()) for one in wordings if "text" in one)


@pytest.mark.parametrize("name", NAMES)
def test_no_question_refers_to_a_part_that_may_be_left_out(name: str) -> None:
    asked = [*questions(name)]
    assert asked
    assert [(part, text) for part, text in asked if REFERS_BACK.search(text)] == []


@pytest.mark.parametrize(
    ("problem", "without", "left_out"),
    [
        ("attention", ("shapes",), "projection_parameters"),
        ("attention", ("shape_heads", "shape_scores", "shape_merged"), "projection_parameters"),
        ("generative-models", ("noisy",), "posterior_mean"),
    ],
)
def test_what_another_part_describes_goes_with_it(problem: str, without: tuple[str, ...], left_out: str) -> None:
    variant = find_problem(problem).printed()
    with pytest.raises(InputError, match=f"leave out {left_out} too"):
        asked_parts(variant, Entry(variant.problem, without=without))
    assert asked_parts(variant, Entry(variant.problem, without=(*without, left_out)))


def needed_parts(problem: Problem) -> set[str]:
    """The parts that entries of the problem's bank refer to."""
    groups = problem.bank.contents.groups if problem.bank is not None else {}
    return {name for entries in groups.values() for entry in entries.values() for name in entry.needs}


@pytest.mark.slow
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("problem", [one for one in catalogue().values() if needed_parts(one)], ids=lambda one: one.id)
def test_where_a_part_is_left_out_no_question_and_no_claim_is_about_it(problem: Problem, level: str) -> None:
    for seed in range(20):
        variant = drawing.draw_variant(problem, seed, level=level)
        for name in needed_parts(problem):
            gone = (name, *(part.id for part in walk(variant.parts) if name in part.needs))
            entry = Entry(problem, level=level, without=gone)
            asked = asked_parts(settled_alone(variant, entry), entry)
            assert [one.where for one in drawn_insights(asked) if name in one.needs] == []
