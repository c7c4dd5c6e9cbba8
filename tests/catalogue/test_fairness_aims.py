"""Every problem meets the aims of the report: at every level, guided and not, on hundreds of variants."""

from __future__ import annotations

from functools import cache
from math import exp

import pytest

from generator.fairness.counts import fairness
from generator.fairness.findings import ProblemFairness
from generator.paper.paper import exercise
from generator.paper.record import Record, problem_record
from generator.paper.sheet import Entry
from generator.problem import drawing
from generator.problem.catalogue import catalogue, find_problem
from generator.problem.problem import LEVELS

pytestmark = pytest.mark.heavy

COST, LETTER, ANSWER = 1.4, 1.6, 0.2
"""What a family may reach: cost, a letter's share by chance's, an answer's share.  The report's aims are stricter."""

FEW = 5000
"""Fewer variants than that meet each other on so many papers."""

PAPERS = 800
"""On so few an answer that is right on 8 % of all papers is now and then right on 10 %: the seeds are fixed."""


@cache
def measured(name: str, level: str) -> dict[bool, ProblemFairness]:
    """What the report counts of a class, by whether its problem is guided."""
    problem = find_problem(name)
    entries = {guided: Entry(problem, guided=guided, level=level) for guided in (False, True)}
    records: dict[bool, list[Record]] = {guided: [] for guided in entries}
    for seed in range(PAPERS):
        variant = drawing.draw_variant(problem, seed, "student", level=level)
        for guided, entry in entries.items():
            one = problem_record(variant, entry, exercise(variant, 1, entry))
            records[guided].append(Record(sheet="aims", seed=seed, id="", version="", files={}, problems=[one]))
    return {guided: fairness(several).problems[0] for guided, several in records.items()}


CASES = [(name, level, guided) for name in catalogue() for level in LEVELS for guided in (False, True)]


@pytest.mark.parametrize(("name", "level", "guided"), CASES, ids=[f"{n}-{v}{'-guided' * g}" for n, v, g in CASES])
def test_all_aims_are_met(name: str, level: str, guided: bool) -> None:
    found = measured(name, level)[guided]
    assert found.papers == PAPERS
    assert found.cost.ratio <= COST
    assert not [
        letters for letters in found.letters if letters.missed and letters.commonest[1] > LETTER * letters.chance
    ]
    assert not [one for one in found.answers if one.missed and one.share > ANSWER]
    # Without a class's rule that nobody has another's variant, a few coincide: more where the level says that it has few.
    stated = find_problem(name).levels[level].variants or FEW
    fresh = PAPERS if stated >= FEW else stated * (1 - exp(-PAPERS / stated))
    assert found.distinct > 0.97 * fresh


@pytest.mark.parametrize(("name", "level"), [(name, level) for name in catalogue() for level in LEVELS])
def test_stated_numbers_of_answers_are_right(name: str, level: str) -> None:
    possible = find_problem(name).levels[level].possible
    answers = {one.part: one for one in measured(name, level)[True].answers}
    assert {part: answers[part].distinct for part in possible} == dict(possible)


def test_the_guided_version_has_more_parts_to_judge() -> None:
    for name in ("dropout", "layer-norm"):
        plain, guided = ({one.part for one in found.answers} for found in measured(name, "standard").values())
        assert plain < guided
