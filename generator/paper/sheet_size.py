"""How large a sheet is: what its papers are worth, and about how long they take; and whether its file says so.

Where papers have other problems, each is to be worth as much and take about as long as those that others have in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from generator.document.nodes import every_question
from generator.paper.hand_work import estimated_minutes
from generator.paper.paper import exercise, make_paper
from generator.paper.sheet import Entry, Sheet
from generator.problem.drawing import draw_variant

PAPERS = 4
"""So many papers are looked at."""

MOST_UNEQUAL = 1.4
"""So much longer may one problem take than another that is drawn in its place."""

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
    """Return where ``total_points`` and ``minutes`` of a sheet's file, and ``minutes`` of its problems, are not those of its papers."""
    made = [(entry, *_size(entry, seeds[:PAPERS])) for entry in sheet.entries if entry.among or entry.style.minutes]
    found = [
        f"problem {entry.table or entry.problem.id}, minutes: the sheet says {entry.style.minutes}, {entry.problem.id} takes about {minutes:.0f}"
        for entry, _, minutes in made
        if entry.style.minutes and abs(entry.style.minutes - minutes) > MOST_APART * minutes
    ]
    for table in sheet.picks:
        found += _unequal(table, [one for one in made if one[0].table == table])
    if sheet.total_points is None and sheet.minutes is None:
        return found
    size = sheet_size(sheet, seeds[:PAPERS])
    points = _totals(sheet, seeds[:PAPERS]) if sheet.picks else size.points
    if sheet.total_points is not None and points != (sheet.total_points,):
        worth = (
            f"from {points[0]} to {points[-1]}" if sheet.picks and len(points) > 1 else " or ".join(map(str, points))
        )
        found.append(f"total_points: the sheet says {sheet.total_points}, its papers are worth {worth}")
    if sheet.minutes is not None and abs(sheet.minutes - size.minutes) > MOST_APART * size.minutes:
        found.append(f"minutes: the sheet says {sheet.minutes}, its papers take about {size.minutes:.0f}")
    return found


def _totals(sheet: Sheet, seeds: Sequence[int]) -> tuple[int, ...]:
    """Return the smallest and the largest total of papers for which a sheet draws problems; one number if they are the same."""
    totals = [0.0, 0.0]
    for table in {entry.table: None for entry in sheet.entries}:
        worth = sorted(_size(entry, seeds)[0] for entry in sheet.entries if entry.table == table)
        pick = sheet.picks.get(table, len(worth))
        totals = [totals[0] + sum(worth[:pick]), totals[1] + sum(worth[len(worth) - pick :])]
    return tuple(sorted({round(total) for total in totals}))


def _size(entry: Entry, seeds: Sequence[int]) -> tuple[float, float]:
    """Return the points of an entry, and the minutes that it takes, on average."""
    made = [exercise(draw_variant(entry.problem, seed, level=entry.level), 1, entry) for seed in seeds]
    return mean(one.points for one in made), mean(estimated_minutes(every_question(one)) for one in made)


def _unequal(table: int, made: Sequence[tuple[Entry, float, float]]) -> Iterator[str]:
    """Yield in what the problems are unequal that a table of the sheet's file draws from."""
    points = {entry.problem.id: worth for entry, worth, _ in made}
    minutes = {entry.problem.id: taken for entry, _, taken in made}
    if max(points.values()) > min(points.values()):
        yield f"problem {table}: draws from problems that are not worth the same: {_listed(points)} points"
    if max(minutes.values()) > MOST_UNEQUAL * min(minutes.values()):
        yield f"problem {table}: draws from problems that do not take as long: about {_listed(minutes)} minutes"


def _listed(sizes: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {size:.0f}" for name, size in sizes.items())
