"""What each difficulty is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

LARGEST_ACTIVATION = {1: 9, 2: 6, 3: 4}
"""By the size of its weight: no contribution is larger than 12, and its square is known by heart."""

LARGEST = 12
"""Of the contributions."""


class Unit(NamedTuple):
    """An activation and its weight, which may be negative."""

    activation: int
    weight: int

    @property
    def contribution(self) -> int:
        return self.activation * self.weight

    @property
    def is_large(self) -> bool:
        """Whether its contribution has two digits."""
        return abs(self.contribution) >= 10


@dataclass(frozen=True, eq=False)  # equal to itself only, so that tables can be kept for it
class Setting:
    """What one level is made of.

    ``survivors`` gives for each dropping probability how many units survive: a number within one of the expected one,
    and never that one itself, since the number of units is prime to every denominator.
    """

    units: int
    survivors: Mapping[str, int]
    negative: int
    """How many weights are negative; on half of the papers all signs are turned, so that no output is common."""
    large: int
    """How many contributions have two digits."""
    corrected: range
    """The corrected outputs, in size: each is reached in hundreds of ways."""

    @cached_property
    def choices(self) -> tuple[Unit, ...]:
        """All units that there can be."""
        signs = (1, -1) if self.negative else (1,)
        return tuple(
            Unit(activation, sign * size)
            for size, largest in LARGEST_ACTIVATION.items()
            for activation in range(1, largest + 1)
            for sign in signs
        )


EASY = Setting(7, {"2/3": 2, "3/4": 2, "4/5": 2}, negative=0, large=1, corrected=range(16, 76))
"""Corrections that are whole."""
STANDARD = Setting(7, {"1/5": 5, "1/4": 5, "1/3": 5, "2/5": 4, "3/5": 3}, negative=2, large=2, corrected=range(10, 46))
HARD = Setting(8, {"1/5": 6, "1/3": 6, "2/5": 5, "3/5": 4}, negative=3, large=4, corrected=range(10, 51))
