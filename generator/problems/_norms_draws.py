"""How the lines of a normalized matrix are drawn, and γ and β with them: what both norms' samplers share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import isqrt, lcm
from typing import Any

from generator import Draw
from generator.problem.draw import Weights
from generator.problem.patterns import Pattern, count_matrices, zero_sum_patterns


@dataclass(frozen=True, eq=False)  # slots and cases are equal to themselves only, so that tables can be kept for them
class Slot:
    """What one line of X, a row or a column, can be: its variances, and how many entries of it come out whole.

    ``whole`` counts the entries that their deviation divides, in a line with a surd those that are 0.
    """

    variances: tuple[int, ...]
    whole: tuple[int, ...]

    def patterns(self, count: int, epsilon: int) -> Mapping[Pattern, int]:
        """The patterns of ``count`` entries that it can be drawn from, with their weights.

        Every variance is as likely as any other, so that none is a good guess; of the lines with one variance, every
        arrangement is.
        """
        found = [
            {
                pattern: arrangements
                for pattern, arrangements in zero_sum_patterns(count, variance * count, largest=8).items()
                if _whole(pattern, variance + epsilon) in self.whole
            }
            for variance in self.variances
        ]
        common = lcm(*(sum(patterns.values()) for patterns in found))
        return {
            pattern: arrangements * common // sum(patterns.values())
            for patterns in found
            for pattern, arrangements in patterns.items()
        }


def _whole(pattern: Sequence[int], square: int) -> int:
    root = isqrt(square)
    return sum(entry == 0 or (root * root == square and entry % root == 0) for entry in pattern)


@dataclass(frozen=True, eq=False)
class Case:
    """What X can be made of: the slots of its lines in some order, its ε, and how often it is made so."""

    slots: tuple[Slot, ...]
    epsilon: int = 0
    weight: int = 1

    def patterns(self, count: int) -> tuple[Weights[Pattern], ...]:
        """For each slot, the patterns of ``count`` entries with their weights."""
        return _patterns(self.slots, count, self.epsilon)


@cache
def _patterns(slots: tuple[Slot, ...], count: int, epsilon: int) -> tuple[Weights[Pattern], ...]:
    return tuple(Weights(slot.patterns(count, epsilon)) for slot in slots)


PAIRS = (
    Case((Slot((4,), (2,)), Slot((16, 25, 36), (0, 1, 2))), weight=3),
    Case((Slot((9,), (3,)), Slot((16, 25, 36), (0, 1))), weight=2),
    Case((Slot((9,), (0,)), Slot((16, 25, 36), (2, 3)))),
    Case((Slot((4,), (2,)), Slot((9,), (0,)))),
    Case((Slot((16,), (2,)), Slot((25, 36), (0, 1, 2))), weight=2),
    Case((Slot((25,), (2,)), Slot((36,), (0, 1)))),
)
"""Two lines of six with different whole deviations from 2 to 6, each two of them as likely; 2 to 4 entries are whole."""


@dataclass(frozen=True)
class Setting:
    """What is fixed at a difficulty: the cases, of lines with ``count`` entries.

    ``gamma`` has, for each entry of γ, the sizes that it may have; ``negative`` of them are negative.
    ``changed`` are the slots whose line a follow-up may be about; ``momenta`` those that may move running estimates.
    Of so many ``tries`` at γ and β that one is taken with which there are nearest to ``marks`` of the pen to make.
    """

    count: int
    cases: tuple[Case, ...]
    gamma: Sequence[Sequence[Fraction | int]]
    negative: int
    changed: Sequence[int] = ()
    momenta: Sequence[str] = ()
    claims: int = 2
    tries: int = 1
    marks: int = 0

    @property
    def variants(self) -> int:
        """How many matrices X there are, as exercises."""
        return count_matrices([[table.items for table in case.patterns(self.count)] for case in self.cases])

    def lines(self, draw: Draw) -> tuple[int, tuple[int, ...], list[tuple[int, ...]]]:
        """ε, the slots' numbers in the order of the lines of X, and the lines.

        They have different means that are not 0, and entries from -9 to 12.  Not all of them have the same entry in
        one place: there the other norm would divide by 0.
        """
        case = draw.weighted({case: case.weight for case in self.cases})
        patterns = case.patterns(self.count)
        order = draw.shuffled(range(len(patterns)))
        lines: list[tuple[int, ...]] = []
        means: set[int] = {0}
        for slot in order:
            pattern = draw.weighted(patterns[slot])
            deviations = draw.shuffled(pattern)
            avoided = set(means)
            if len(lines) == len(order) - 1:
                avoided |= {
                    above[0] - entry for entry, *above in zip(deviations, *lines, strict=True) if len(set(above)) == 1
                }
            fitting = range(max(-3, LEAST - pattern[0]), min(6, MOST - pattern[-1]) + 1)
            free = [mean for mean in fitting if mean not in avoided]
            draw.require(free, "no mean fits the last line of X")
            mean = draw.choice(free)
            means.add(mean)
            lines.append(tuple(mean + entry for entry in deviations))
        return case.epsilon, order, lines

    def affine(
        self, draw: Draw, order: Sequence[int], marks: Callable[[Sequence[Fraction | int], Sequence[int]], int]
    ) -> dict[str, Any]:
        """γ and β of the features, the size of γ's entries being one of ``gamma[place]`` for each place of ``order``.

        The setting fixes how many entries of γ are negative; those of β are different, and none of them is 0.  ``marks``
        tells how many marks of the pen they lead to.
        """
        tried = []
        for _ in range(self.tries):
            signs = draw.shuffled((-1,) * self.negative + (1,) * (len(order) - self.negative))
            gamma = [sign * draw.choice(self.gamma[place]) for sign, place in zip(signs, order, strict=True)]
            tried.append((gamma, draw.sample((-3, -2, -1, 1, 2, 3, 4), len(order))))
        best = tried[0] if self.tries == 1 else min(tried, key=lambda pair: abs(marks(*pair) - self.marks))
        gamma, beta = best
        return {"gamma": [str(scale) for scale in gamma], "beta": beta}


def centred_marks(line: Sequence[int], epsilon: int) -> int:
    """How many marks a line of X and its x̂ take that others do not: further digits, and bars of fractions."""
    mean = sum(line) // len(line)
    centred = [entry - mean for entry in line]
    variance = sum(entry**2 for entry in centred) // len(line)
    digits = sum(abs(entry) >= 10 for entry in line) + (variance >= 10)
    return digits + len(line) - _whole(centred, variance + epsilon)


def output_marks(
    line: Sequence[int], epsilon: int, gamma: Sequence[Fraction | int], beta: Sequence[Fraction | int]
) -> int:
    """The same of γ ⊙ x̂ + β along a line with a whole deviation; 0 along one with a surd, where all are alike."""
    mean = sum(line) // len(line)
    square = sum((entry - mean) ** 2 for entry in line) // len(line) + epsilon
    root = isqrt(square)
    if root * root != square:
        return 0
    outputs = [Fraction(g * (entry - mean)) / root + b for entry, g, b in zip(line, gamma, beta, strict=True)]
    return sum((abs(y.numerator) >= 10) + (y.denominator > 1) + (y.denominator >= 10) for y in outputs)


LEAST, MOST = -9, 12
"""Between these are the entries of X."""
