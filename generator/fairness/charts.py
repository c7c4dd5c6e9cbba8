"""The geometry of the plots of a class's fairness: numbers in, places on a drawing out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from generator.document.figures.plot import nice_ticks
from generator.fairness.measures import ANSWER_AIM, COST_AIM, Answers, Cost, Letters, percent
from generator.fairness.plots import ROW, Bar, Chart, Limit, Tick, share_ticks
from generator.render.escaping import shortened

_MOST_BINS = 40


def cost_chart(cost: Cost, name: str, width: float = 416) -> Chart:
    """Return the histogram of hand-work costs; beyond 1.4 times the smallest, bars are over the aim."""
    left, top, right, bottom = 44.0, 26.0, width - 12, 176.0
    within = math.floor(max(cost.smallest, 1) * COST_AIM)  # the largest cost that meets the aim
    end = max(cost.largest, within) + 1
    size = max(1, math.ceil((end - cost.smallest) / _MOST_BINS))
    start = within + 1 - size * math.ceil((within + 1 - cost.smallest) / size)  # so that no column is on both sides
    counts = [0] * math.ceil((end - start) / size)
    for value, papers in cost.histogram:
        counts[(value - start) // size] += papers
    marks = nice_ticks(max(counts), whole=True)
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
        up=tuple(Tick(bottom - share * scale, f"{100 * share:.0f} %") for share in share_ticks(full, 0.25)),
        limits=(Limit(aim, left, right, f"{100 * letters.aim:.0f} %"),),
        title=f"{name}, part {letters.part}: share of the papers on which each letter is right",
        description=f"{shares}; the aim is at most {percent(letters.aim)}.",
    )


def answer_chart(answers: Sequence[Answers], name: str) -> Chart:
    """The share of the papers with the commonest answer, a row a part, with a line at each part's aim."""
    left, top, right = 172.0, 26.0, 502.0
    bottom = top + ROW * len(answers)
    full = min(1.0, max(0.2, math.ceil(max(max(one.share, one.aim) for one in answers) * 10) / 10))
    scale = (right - left) / full
    bars, limits = [], []
    for row, one in enumerate(answers):
        y = top + ROW * row
        bars.append(
            Bar(left, y + 5, one.share * scale, ROW - 10, one.missed, shortened(one.part, 24), percent(one.share))
        )
        limits.append(Limit(left + one.aim * scale, y, y + ROW))
    shares = "; ".join(
        f"{one.part} {percent(one.share)} ({one.commonest}{f', one of {one.space}' if one.space else ''}), "
        f"aim at most {percent(one.aim)}"
        for one in answers
    )
    step = 0.05 if full <= 0.3 else 0.1 if full <= 0.6 else 0.25
    return Chart(
        width=860,
        height=bottom + 30,
        frame=(left, top, right, bottom),
        bars=tuple(bars),
        across=tuple(Tick(left + share * scale, f"{100 * share:.0f} %") for share in share_ticks(full, step)),
        up=(),
        limits=tuple(merged(limits)),
        title=f"{name}: share of the papers with a part's commonest answer",
        description=f"{shares}. The aim is at most {percent(ANSWER_AIM)} where there is no small number of possible answers.",
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


def _whole_ticks(start: int, end: int) -> list[int]:
    """Round whole numbers within [start, end]; ``start`` itself where there is none."""
    step = int(nice_ticks(max(end - start, 1), 7, whole=True)[1])
    return list(range(-(-start // step) * step, end + 1, step)) or [start]
