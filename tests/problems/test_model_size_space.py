"""How many networks of model size there are: all of them, sized and counted."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import numpy as np
import pytest

from generator.errors import Rejected
from generator.problem import audit
from generator.problem.draw import Draw
from generator.problem.problem import LEVELS
from generator.problems.model_size import PROBLEM
from generator.problems.model_size.levels import EASY, HARD, INPUTS, STANDARD, Setting
from generator.problems.model_size.sizes import Family
from generator.problems.model_size.templates import Template

SETTINGS = dict(zip(LEVELS, (EASY, STANDARD, HARD), strict=True))
BATCHES = 8
"""From 2 to 9; with none of them are there more activations than parameters."""


def sizes(features: Any, operations: Any) -> tuple[Any, Any, bool | Any]:
    """K and C, and whether two mistakes about the parameters, or one and the key, lead to the same number of them.

    Any of the sizes may be an array.
    """
    width, widths = features, []
    weights = biases = entering = norms = 0
    for operation in operations:
        if operation["op"] == "Linear":
            weights, biases, entering = weights + width * operation["out"], biases + operation["out"], entering + width
            width = operation["out"]
        elif operation["op"] == "Norm":
            norms = norms + width
        widths.append(width)
    # No biases; those of the inputs' size; no norms; γ only; running statistics, too; and the key.
    changes = (-biases, entering - biases, -2 * norms, -norms, 2 * norms, 0)
    alike: Any = False
    for one, other in combinations(changes, 2):
        alike = alike | (one == other)
    return sum(widths[:-1]), weights + biases + 2 * norms, alike


def count(setting: Setting, template: Template, tables: tuple[tuple[int, ...], ...]) -> int:
    """The networks of a template, without their batches."""
    first, *others = tables
    grid: Any = np.meshgrid(*others, INPUTS, setting.classes, indexing="ij", sparse=True)
    *rest, features, classes = grid
    found = 0
    for width in first:
        every = (np.int64(width), *rest, features, classes)
        stored, learned, alike = sizes(features, template(every[:-2], classes))
        good = ~alike & (4 * learned % stored != 0)
        for size, bounds in (
            (stored, setting.stored),
            (learned, setting.learned),
            (learned // stored, setting.crossover),
        ):
            good &= (bounds[0] <= size) & (size <= bounds[-1])
        for one, other in combinations(every, 2):
            good &= one != other
        found += int(np.count_nonzero(good))
    return found


@pytest.mark.heavy
@pytest.mark.parametrize("level", LEVELS)
def test_the_space_is_as_large_as_stated(level: str) -> None:
    setting = SETTINGS[level]
    drawables = {drawable for ending in setting.endings for drawable in ending}
    lists = {tuple(one["op"] for one in template([2, 4, 6][: len(tables)], 8)) for template, tables in drawables}
    assert len(lists) == len({template for template, _ in drawables})  # none is another's network
    networks = sum(count(setting, template, tables) for template, tables in drawables)
    assert PROBLEM.levels[level].variants == BATCHES * networks
    assert PROBLEM.levels[level].counted


@pytest.mark.parametrize("level", LEVELS)
def test_the_sampler_finds_all_ends_of_a_network(level: str) -> None:
    setting = SETTINGS[level]
    for template, tables in [drawable for ending in setting.endings for drawable in ending]:
        widths = [table[-1 - place] for place, table in enumerate(tables)]
        family = Family(template, widths, setting)
        found = [pair for crossover in setting.crossover for pair in family.with_crossover(crossover)]
        assert len(found) == len({*found})
        expected = set()
        for features, classes in product(INPUTS, setting.classes):
            stored, learned, _ = sizes(features, template(widths, classes))
            assert family.counts(features, classes) == (stored, learned)
            bounds = ((stored, setting.stored), (learned, setting.learned), (learned // stored, setting.crossover))
            different = len({features, classes, *widths}) == 2 + len(widths)
            if different and 4 * learned % stored and all(size in within for size, within in bounds):
                expected.add((features, classes))
        assert {*found} == expected


@pytest.mark.parametrize("level", LEVELS)
def test_the_audit_turns_down_just_the_networks_that_are_not_counted(level: str) -> None:
    seen = {True: 0, False: 0}
    for seed in range(500):
        try:
            raw = PROBLEM.levels[level].sample(Draw("space", level, seed))
        except Rejected:
            continue
        _, _, alike = sizes(raw["features"], raw["operations"])
        if not alike and seed > 60:
            continue  # most are good: it takes long to show for each
        variant = PROBLEM.variant(PROBLEM.read(raw))
        assert bool(audit.hidden_mistakes(variant)) == alike
        seen[bool(alike)] += 1
    assert min(seen.values()) >= 1
