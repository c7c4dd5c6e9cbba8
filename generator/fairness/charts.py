"""The geometry of the report's plots: numbers in, places on a drawing out; a template draws them.

Every place and length is in user units of the SVG.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.fairness.counts import ANSWER_AIM, COST_AIM, Answers, Cost, Letters, percent


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar; ``over`` where it is beyond an aim."""

    x: float
    y: float
    width: float
    height: float
    over: bool
    label: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis, and what it says."""

    place: float
    label: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A line at an aim, from ``start`` to ``end`` along the other axis."""

    place: float
    start: float
    end: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A plot: its size, its frame (left, top, right, bottom), and what stands in it."""

    width: float
    height: float
    frame: tuple[float, float, float, float]
    bars: tuple[Bar, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    limits: tuple[Limit, ...]
    title: str
    description: str


_MOST_BINS = 40


def cost_chart(cost: Cost, name: str, width: float = 416) -> Chart:
    """How many papers have which hand-work cost; beyond 1.25 times the smallest, bars are over the aim."""
    left, top, right, bottom = 44.0, 26.0, width - 12, 176.0
    within = math.floor(max(cost.smallest, 1) * COST_AIM)  # the largest cost that meets the aim
    end = max(cost.largest, within) + 1
    size = max(1, math.ceil((end - cost.smallest) / _MOST_BINS))
    start = within + 1 - size * math.ceil((within + 1 - cost.smallest) / size)  # so that no column is on both sides
    counts = [0] * math.ceil((end - start) / size)
    for value, papers in cost.histogram:
        counts[(value - start) // size] += papers
    marks = nice_ticks(max(counts))
    scale = (bottom - top) / marks[-1]
    step = (right - left) / len(counts)

    def place_of(value: float) -> float:
        """Where the left edge of a cost is."""
        return left + step * (value - start) / size

    bars = [
        Bar(
            x=left + step * (place + 0.09),
            y=bottom - papers * scale,
            width=step * 0.82,
            height=papers * scale,
            over=start + place * size > within,
        )
        for place, papers in enumerate(counts)
        if papers
    ]
    return Chart(
        width=width,
        height=212,
        frame=(left, top, right, bottom),
        bars=tuple(bars),
        across=tuple(Tick(place_of(value + 0.5), f"{value:g}") for value in _whole_ticks(cost.smallest, end - 1)),
        up=tuple(Tick(bottom - value * scale, f"{value:g}") for value in marks),
        limits=(Limit(place_of(within + 1), top - 6, bottom, f"{COST_AIM:g} × smallest"),),
        title=f"{name}: papers by hand-work cost",
        description=(
            f"From {cost.smallest} to {cost.largest}, mean {cost.mean:.1f}, largest over smallest {cost.ratio:.3f}; "
            f"the aim is at most {COST_AIM:g}."
        ),
    )


def letter_chart(letters: Letters, name: str) -> Chart:
    """On which share of the papers each letter is right, with a line at the aim."""
    count = len(letters.counts)
    left, top, bottom = 40.0, 22.0, 150.0
    right = left + min(max(30.0 * count, 120.0), 400.0)
    step = (right - left) / count
    full = min(1.0, max(0.5, math.ceil(max(*letters.shares, letters.aim) * 10 + 0.4) / 10))
    scale = (bottom - top) / full
    bars = tuple(
        Bar(
            left + step * place + step * 0.18,
            bottom - share * scale,
            step * 0.64,
            share * scale,
            letters.judged and share > letters.aim + 1e-9,
            letter,
            f"{100 * share:.0f}",
        )
        for place, (letter, share) in enumerate(zip(letters.names, letters.shares, strict=True))
    )
    aim = bottom - letters.aim * scale
    shares = ", ".join(f"{name} {percent(share)}" for name, share in zip(letters.names, letters.shares, strict=True))
    return Chart(
        width=right + 38,
        height=176,
        frame=(left, top, right, bottom),
        bars=bars,
        across=tuple(Tick(bar.x + bar.width / 2, bar.label) for bar in bars),
        up=tuple(Tick(bottom - share * scale, f"{100 * share:.0f} %") for share in _shares(full, 0.25)),
        limits=(Limit(aim, left, right, f"{100 * letters.aim:.0f} %"),),
        title=f"{name}, part {letters.part}: share of the papers on which each letter is right",
        description=f"{shares}; the aim is at most {percent(letters.aim)}.",
    )


_ROW = 25.0


def answer_chart(answers: Sequence[Answers], name: str) -> Chart:
    """The share of the papers with the commonest answer, a row a part, with a line at each part's aim."""
    left, top, right = 172.0, 26.0, 502.0
    bottom = top + _ROW * len(answers)
    full = min(1.0, max(0.2, math.ceil(max(max(one.share, one.aim) for one in answers) * 10) / 10))
    scale = (right - left) / full
    bars, limits = [], []
    for row, one in enumerate(answers):
        y = top + _ROW * row
        bars.append(
            Bar(left, y + 5, one.share * scale, _ROW - 10, one.missed, shortened(one.part, 24), percent(one.share))
        )
        limits.append(Limit(left + one.aim * scale, y, y + _ROW))
    told = "; ".join(
        f"{one.part} {percent(one.share)} ({one.commonest}), aim at most {percent(one.aim)}" for one in answers
    )
    step = 0.05 if full <= 0.3 else 0.1 if full <= 0.6 else 0.25
    return Chart(
        width=860,
        height=bottom + 30,
        frame=(left, top, right, bottom),
        bars=tuple(bars),
        across=tuple(Tick(left + share * scale, f"{100 * share:.0f} %") for share in _shares(full, step)),
        up=(),
        limits=tuple(merged(limits)),
        title=f"{name}: share of the papers with a part's commonest answer",
        description=f"{told}. The aim is at most {percent(ANSWER_AIM)} where no options are given.",
    )


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
    bottom = top + _ROW * len(rows)
    scale = right - left
    bars = tuple(
        Bar(left, top + _ROW * row + 5, share * scale, _ROW - 10, False, shortened(name, 46), value)
        for row, (name, share, value) in enumerate(rows)
    )
    return Chart(
        width=860,
        height=bottom + 30,
        frame=(left, top, right, bottom),
        bars=bars,
        across=tuple(Tick(left + share * scale, f"{100 * share:.0f} %") for share in _shares(1, 0.25)),
        up=(),
        limits=(),
        title=title,
        description=description,
    )


def merged(limits: Sequence[Limit]) -> Iterator[Limit]:
    """Lines that continue each other as one."""
    current: Limit | None = None
    for limit in limits:
        if current is not None and (current.place, current.end) == (limit.place, limit.start):
            current = Limit(current.place, current.start, limit.end)
            continue
        if current is not None:
            yield current
        current = limit
    if current is not None:
        yield current


def shortened(text: str, characters: int) -> str:
    """The text, cut where it is too long for its place."""
    return text if len(text) <= characters else text[: characters - 1] + "…"


def nice_ticks(largest: int) -> list[int]:
    """Round whole numbers from 0 to ``largest`` or a little more, three to six of them (two for 1)."""
    step = _round_step(largest / 4)
    return [step * place for place in range(math.ceil(largest / step) + 1)]


def _whole_ticks(start: int, end: int) -> list[int]:
    """Round whole numbers within [start, end]; ``start`` itself where there is none."""
    step = _round_step((end - start) / 6)
    return list(range(-(-start // step) * step, end + 1, step)) or [start]


def _round_step(least: float) -> int:
    """The smallest of 1, 2, 5, 10, 20 … that is no less than ``least``."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power >= least:
                return digit * power
        power *= 10


def _shares(full: float, step: float) -> list[float]:
    return [step * place for place in range(math.floor(full / step + 1e-9) + 1)]
