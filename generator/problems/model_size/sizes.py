"""K and C in plain integers: of one network, and of all that differ in their inputs and their classes only."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from generator.problems.model_size.levels import INPUTS, Setting
from generator.problems.model_size.networks import output_widths, positions
from generator.problems.model_size.templates import Template


class _Outline(NamedTuple):
    """Which sizes a template puts where, by their place among the inputs, the hidden widths and the classes."""

    stored: tuple[int, ...]
    """Of the intermediate activations."""
    linears: Sequence[tuple[int, int]]
    norms: Sequence[int]

    def counts(self, sizes: Sequence[int]) -> tuple[int, int]:
        """K and C."""
        learned = sum([(sizes[entering] + 1) * sizes[leaving] for entering, leaving in self.linears])
        return sum([sizes[place] for place in self.stored]), learned + 2 * sum([sizes[place] for place in self.norms])


@cache
def _outline(template: Template, hidden: int) -> _Outline:
    """Of networks with so many hidden widths: the template is given places instead of sizes."""
    operations = template(range(1, hidden + 1), hidden + 1)
    linears = positions("Linear", operations)
    leaving = output_widths(0, operations, [operations[place]["out"] for place in linears])
    entering = [0, *leaving]
    pairs = [(entering[place], leaving[place]) for place in linears]
    return _Outline(tuple(leaving[:-1]), pairs, [entering[place] for place in positions("Norm", operations)])


class Family:
    """Networks of a level that differ in their inputs and their classes only, which only the Linears at the ends have to do with."""

    def __init__(self, template: Template, widths: Sequence[int], setting: Setting) -> None:
        outline = _outline(template, len(widths))
        self._widths = widths
        self._learned_in = setting.learned
        self._stored, self._learned = outline.counts((0, *widths, 0))
        self._stored_by_class = outline.stored.count(len(widths) + 1)
        self._learned_by_class = widths[outline.linears[-1][0] - 1] + 1
        self._learned_by_feature = widths[0]
        sized = [(classes, *self.counts(0, classes)) for classes in setting.classes if classes not in widths]
        self._without_inputs = [one for one in sized if one[1] in setting.stored]

    def counts(self, features: int, classes: int) -> tuple[int, int]:
        """K and C."""
        return (
            self._stored + classes * self._stored_by_class,
            self._learned + classes * self._learned_by_class + features * self._learned_by_feature,
        )

    def with_crossover(self, crossover: int) -> list[tuple[int, int]]:
        """Features and classes for which C/K is ``crossover`` when rounded down and the level's conditions hold."""
        found = []
        by_feature = self._learned_by_feature
        for classes, stored, least in self._without_inputs:
            fewest = -((least - crossover * stored) // by_feature)
            if fewest > INPUTS[-1]:
                continue
            for features in INPUTS[bisect_left(INPUTS, fewest) :]:
                learned = least + features * by_feature
                if learned // stored > crossover:
                    break
                if learned in self._learned_in and 4 * learned % stored and features not in (classes, *self._widths):
                    found.append((features, classes))
        return found
