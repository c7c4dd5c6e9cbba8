"""A student for the tests: a store in a folder, a clock that the test sets, and answers as a student would type them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from generator.numbers.encoding import encode
from generator.practice.attempts import Attempt
from generator.practice.engine import Practice
from generator.practice.store.database import Store
from generator.problem.catalogue import catalogue, find_problem
from generator.problem.choices import Choice
from generator.problem.solution import Values
from generator.problem.words import Claims, Essay

DAY = 86_400.0
START = 1_800_000_000.0

NAMES = ("layer-norm", "batch-norm", "dropout", "l2-regularization", "model-size")
"""What a practice of the tests has, if they do not say otherwise."""

QUICK = ("layer-norm", "dropout")
EACH = [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in catalogue()]
"""Each problem of the catalogue, two of them in the quick tests."""

EACH_MORE = [name if name in NAMES else pytest.param(name, marks=pytest.mark.slow) for name in catalogue()]
"""Each problem of the catalogue, those of ``NAMES`` in the quick tests."""


class Clock:
    """Seconds of the epoch that pass only when the test says so."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> float:
        return self.at

    def wait(self, seconds: float) -> None:
        self.at += seconds


OPENED: list[Store] = []
"""What the test at work keeps progress in: closed after it, whether it has done so or not (tests/conftest.py)."""


def practice_in(folder: Path, clock: Clock | None = None, problems: Sequence[str] = NAMES) -> Practice:
    """A practice kept in ``folder``, its variants the same in every run."""
    seeds = count(1)
    store = Store(folder / "practice.sqlite3")
    OPENED.append(store)
    return Practice(
        store,
        [find_problem(name) for name in problems],
        now=clock or Clock(),
        seed=lambda: next(seeds),
    )


def typed(value: Any) -> str:
    """A number, a vector or a matrix as a student types it; several shapes too."""
    found = encode(value)
    if isinstance(found, str):
        return found
    if isinstance(found[0], list):
        return "; ".join(", ".join(row) for row in found)
    return ", ".join(found)


def answer_text(attempt: Attempt, part_id: str, values: Values | None = None) -> str:
    """What a student types who has these ``values`` (the right ones, by default)."""
    answer, values = attempt.part(part_id).answer, values or attempt.variant.values
    if isinstance(answer, Essay):
        return "Because it is so."
    if isinstance(answer, Claims):
        return " ".join("T" if claim.verdict else "F" for claim in answer.claims)
    value = answer.value(values)
    if isinstance(answer, Choice):
        return "ABCDEFGH"[list(answer.options).index(value)]
    if attempt.part(part_id).kind == "fields" and isinstance(value[0], tuple):
        return "; ".join(f"[{typed(shape)}]" for shape in value)
    return typed(value)
