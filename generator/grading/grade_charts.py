"""The geometry of the plots of a class's grades: numbers in, places on a drawing out."""

from __future__ import annotations

from collections.abc import Sequence

from generator.fairness.measures import percent
from generator.fairness.plots import ROW, Bar, Chart, Tick, nice_ticks, share_ticks
from generator.render.escaping import shortened


def total_chart(percents: Sequence[tuple[int, int]], width: float = 860) -> Chart:
    """How many papers earned which share of the points: columns of five percent, the last with 100 in it."""
    left, top, right, bottom = 44.0, 26.0, width - 12, 176.0
    counts = [0] * 20
    for percent_, papers in percents:
        counts[min(percent_ // 5, 19)] += papers
    marks = nice_ticks(max(1, *counts))
    scale, step = (bottom - top) / marks[-1], (right - left) / len(counts)
    bars = tuple(
        Bar(left + step * (place + 0.09), bottom - papers * scale, step * 0.82, papers * scale, over=False)
        for place, papers in enumerate(counts)
        if papers
    )
    told = "; ".join(f"{5 * place} to {5 * place + 5} %: {papers}" for place, papers in enumerate(counts) if papers)
    return Chart(
        width=width,
        height=212,
        frame=(left, top, right, bottom),
        bars=bars,
        across=tuple(Tick(left + step * place, f"{5 * place}") for place in range(0, 21, 4)),
        up=tuple(Tick(bottom - value * scale, f"{value:g}") for value in marks),
        limits=(),
        title="Papers by their share of the points",
        description=f"{told}.",
    )


def part_chart(parts: Sequence[tuple[str, float]]) -> Chart:
    """The share of its points that each part earned, a row a part."""
    told = "; ".join(f"{name} {percent(share)}" for name, share in parts)
    rows = [(name, share, percent(share)) for name, share in parts]
    return _rows_chart(rows, "Share of the points of each part", f"{told}.")


def mistake_chart(mistakes: Sequence[tuple[str, int]], papers: int) -> Chart:
    """On which share of the papers each mistake was made, a row a mistake."""
    rows = [(name, count / papers, f"{count} of {papers}") for name, count in mistakes]
    told = "; ".join(f"{name} {value}" for name, _, value in rows)
    return _rows_chart(rows, "Papers with each mistake", f"{told}.")


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
