"""A class's marks, shown: tables in the terminal, and one HTML page of plots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console

from generator.document.figures.plot import nice_ticks
from generator.fairness.measures import percent
from generator.fairness.page import render_report
from generator.fairness.plots import ROW, Bar, Chart, Tick, share_ticks
from generator.fairness.tables import new_table, plain
from generator.grading.class_tables import Change
from generator.grading.given_points import points_text
from generator.grading.summary import STATUSES, PartSummary, Summary
from generator.render.escaping import shortened
from generator.render.renderer import count_of


def print_summary(summary: Summary, console: Console) -> None:
    """Print the parts and the commonest mistakes as tables, the hardest part in a sentence."""
    console.print(plain(headline(summary), style="bold"))
    parts = new_table("Parts", "part", "answered", "points %", *STATUSES, "commonest mistake")
    for one in summary.marked_parts:
        parts.add_row(*map(plain, _cells(one)))
    console.print()
    console.print(parts)
    mistakes = new_table("Commonest mistakes", "problem", "mistake", "papers")
    for problem, name, count in summary.mistakes():
        mistakes.add_row(plain(problem), plain(name), plain(str(count)))
    if mistakes.row_count:
        console.print()
        console.print(mistakes)
    if summary.hardest is not None:
        console.print()
        console.print(plain(f"Hardest part: {summary.hardest.name} ({percent(summary.hardest.share)} of its points)."))
    console.print()
    console.print(plain(left_sentence(summary)))


MOST_CHANGES = 20
"""The number of changes that are printed; all are in the table that is written."""


def print_changes(changed: Sequence[Change], console: Console) -> None:
    """Print what is not as it was when the class was marked before."""
    if not changed:
        return
    table = new_table("Changed", "student", "part", "before", "now")
    for one in changed[:MOST_CHANGES]:
        name = f"{one.problem.place}{one.part.label} {one.problem.title}"
        cells = (one.paper.student.id, name, points_text(one.before.points), points_text(one.part.points))
        table.add_row(*map(plain, cells))
    console.print()
    console.print(table)
    if len(changed) > MOST_CHANGES:
        console.print(plain(f"and {len(changed) - MOST_CHANGES} more"))


def left_sentence(summary: Summary) -> str:
    """Say what is left to a person, or that all totals are final."""
    if summary.is_final:
        return "All totals are final: nothing is left to a person."
    parts = ", ".join(f"{one.name} on {count_of(one.left, 'paper')}" for one in summary.parts_left)
    return f"Left to a person on {summary.papers_left} of {count_of(summary.papers, 'paper')}: {parts}."


def headline(summary: Summary) -> str:
    """Return ``Discussion 4, 30 papers: 61.3 % of the points``, and whether these are all."""
    so_far = "" if summary.is_final else " marked so far"
    return f"{summary.sheet}, {count_of(summary.papers, 'paper')}: {percent(summary.mean_share)} of the points{so_far}"


def _cells(one: PartSummary) -> Iterable[str]:
    yield one.name
    yield f"{one.statuses.total()} of {one.papers}"
    yield f"{100 * one.share:.1f}"
    yield from (str(one.statuses[status]) for status in STATUSES)
    yield one.commonest


def summary_page(summary: Summary, title: str) -> str:
    """Return one HTML page that needs no other files."""
    mistakes = tuple(summary.mistakes())
    charts: dict[str, Chart | None] = {
        "totals": total_chart(summary.percents()) if summary.papers else None,
        "parts": part_chart([(one.name, one.share) for one in summary.marked_parts]) if summary.marked_parts else None,
        "mistakes": mistake_chart([(f"{problem}: {name}", count) for problem, name, count in mistakes], summary.papers)
        if mistakes
        else None,
    }
    return render_report(
        "grading.html.j2",
        title=title,
        summary=summary,
        statuses=STATUSES,
        mistakes=mistakes,
        charts=charts,
        left=left_sentence(summary),
    )


# ------------------------------------------------------------------------------------------------ plots


def total_chart(percents: Sequence[tuple[int, int]], width: float = 860) -> Chart:
    """Plot how many papers earned which share of the points: columns of five percent, the last including 100."""
    left, top, right, bottom = 44.0, 26.0, width - 12, 176.0
    counts = [0] * 20
    for percent_, papers in percents:
        counts[min(percent_ // 5, 19)] += papers
    marks = nice_ticks(max(1, *counts), whole=True)
    scale, step = (bottom - top) / marks[-1], (right - left) / len(counts)
    bars = tuple(
        Bar(left + step * (place + 0.09), bottom - papers * scale, step * 0.82, papers * scale, over=False)
        for place, papers in enumerate(counts)
        if papers
    )
    values = "; ".join(f"{5 * place} to {5 * place + 5} %: {papers}" for place, papers in enumerate(counts) if papers)
    return Chart(
        width=width,
        height=212,
        frame=(left, top, right, bottom),
        bars=bars,
        across=tuple(Tick(left + step * place, f"{5 * place}") for place in range(0, 21, 4)),
        up=tuple(Tick(bottom - value * scale, f"{value:g}") for value in marks),
        limits=(),
        title="Papers by their share of the points",
        description=f"{values}.",
    )


def part_chart(parts: Sequence[tuple[str, float]]) -> Chart:
    """Plot the share of its points that each part earned."""
    values = "; ".join(f"{name} {percent(share)}" for name, share in parts)
    rows = [(name, share, percent(share)) for name, share in parts]
    return _rows_chart(rows, "Share of the points of each part", f"{values}.")


def mistake_chart(mistakes: Sequence[tuple[str, int]], papers: int) -> Chart:
    """Plot the share of the papers with each mistake."""
    rows = [(name, count / papers, f"{count} of {papers}") for name, count in mistakes]
    values = "; ".join(f"{name} {value}" for name, _, value in rows)
    return _rows_chart(rows, "Papers with each mistake", f"{values}.")


def _rows_chart(rows: Sequence[tuple[str, float, str]], title: str, description: str) -> Chart:
    left, top, right = 330.0, 8.0, 750.0
    bottom = top + ROW * len(rows)
    scale = right - left
    bars = tuple(
        Bar(left, top + ROW * row + 5, share * scale, ROW - 10, False, shortened(name, 46), value)
        for row, (name, share, value) in enumerate(rows)
    )
    return Chart(
        width=860,
        height=bottom + 30,
        frame=(left, top, right, bottom),
        bars=bars,
        across=tuple(Tick(left + share * scale, f"{100 * share:.0f} %") for share in share_ticks(1, 0.25)),
        up=(),
        limits=(),
        title=title,
        description=description,
    )
