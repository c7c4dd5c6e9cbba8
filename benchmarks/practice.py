"""Practising: what a new variant, a right and a mistaken answer, and the search for the wrong step cost."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import TypeVar

from generator.numbers.encoding import encode
from generator.practice.engine import Practice
from generator.practice.store.database import Store

ATTEMPTS = 30
T = TypeVar("T")


def practice() -> None:
    """Print milliseconds of CPU, the median and the most, by problem."""
    print("Practice: milliseconds of CPU, median (most), all storing included")
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "practice.sqlite3") as store:
        seeds = count(10_000)
        student = Practice(store, seed=lambda: next(seeds))
        for name in student.problems:
            student.start(name)
            taken: dict[str, list[float]] = {}
            for _ in range(ATTEMPTS):
                _attempt(student, name, taken)
            shown = "  ".join(f"{what} {statistics.median(one):5.1f} ({max(one):5.1f})" for what, one in taken.items())
            print(f"  {name:<20} {shown}")


def _attempt(student: Practice, name: str, taken: dict[str, list[float]]) -> None:
    """An attempt with a wrong and a right answer to each part that is a number; the times go into ``taken``."""

    def timed(what: str, work: Callable[[], T]) -> T:
        start = time.process_time()
        found = work()
        taken.setdefault(what, []).append(1000 * (time.process_time() - start))
        return found

    attempt = timed("variant", lambda: student.start(name, guided=True))
    mistaken = dict.fromkeys(attempt.parts, "")
    for _, answers in attempt.variant.mistaken_answers(guided=True):
        mistaken |= {part: _typed(answer) for part, answer in answers.items()}
    for part, asked in attempt.parts.items():
        if asked.kind in ("number", "vector", "matrix") and mistaken[part]:
            right = _typed(asked.answer.value(attempt.variant.values))
            timed("mistaken", partial(student.check, attempt, part, mistaken[part]))
            student.solution(attempt, part)
            timed("wrong step", partial(student.wrong_step, attempt, part))
            timed("right", partial(student.check, attempt, part, right))


def _typed(value: object) -> str:
    found = encode(value)
    rows = found if isinstance(found, list) else [found]
    return "; ".join(", ".join(row) if isinstance(row, list) else row for row in rows)
