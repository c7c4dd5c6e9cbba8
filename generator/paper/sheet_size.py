"""How large a sheet is: what its papers are worth, and about how long they take; and whether its file says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

from generator.document.nodes import every_question
from generator.paper.hand_work import estimated_minutes
from generator.paper.paper import make_paper
from generator.paper.sheet import Sheet

PAPERS = 4
"""So many papers are looked at."""

MOST_APART = 0.2
"""Of the minutes that a sheet says and those that are estimated."""


@dataclass(frozen=True)
class SheetSize:
    """The points that the papers are worth, in order, and the minutes that one takes on average."""

    points: tuple[int, ...]
    minutes: float


def sheet_size(sheet: Sheet, seeds: Sequence[int]) -> SheetSize:
    """Return the size of the papers with these seeds; minutes as :func:`~generator.paper.hand_work.estimated_minutes` has them."""
    papers = [make_paper(sheet, seed).document.exercises for seed in seeds]
    points = {sum(exercise.points for exercise in paper) for paper in papers}
    minutes = (sum(estimated_minutes(every_question(exercise)) for exercise in paper) for paper in papers)
    return SheetSize(tuple(sorted(points)), mean(minutes))


def size_faults(sheet: Sheet, seeds: Sequence[int]) -> list[str]:
    """Return where ``total_points`` and ``minutes`` of a sheet's file are not those of its papers."""
    if sheet.total_points is None and sheet.minutes is None:
        return []
    size = sheet_size(sheet, seeds[:PAPERS])
    found = []
    if sheet.total_points is not None and size.points != (sheet.total_points,):
        found.append(
            f"total_points: the sheet says {sheet.total_points}, its papers are worth {' or '.join(map(str, size.points))}"
        )
    if sheet.minutes is not None and abs(sheet.minutes - size.minutes) > MOST_APART * size.minutes:
        found.append(f"minutes: the sheet says {sheet.minutes}, its papers take about {size.minutes:.0f}")
    return found
