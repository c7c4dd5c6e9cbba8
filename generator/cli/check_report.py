"""What ``worksheet check`` prints."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table

from generator.cli.check import Report
from generator.fairness.measures import percent


def print_report(reports: Sequence[Report]) -> None:
    """The table, and below it every failure with the seed that shows it."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    table = Table(box=None, pad_edge=False)
    table.add_column("problem", no_wrap=True)
    for heading in ("variants", "distinct", "mean redraws", "worst redraws", "ms a variant", "work ratio", "failures"):
        table.add_column(heading, justify="right")
    for report in reports:
        count = max(len(report.redraws), 1)
        table.add_row(
            report.problem,
            str(report.variants),
            str(report.distinct),
            f"{sum(report.redraws) / count:.2f}",
            str(max(report.redraws, default=0)),
            f"{1000 * report.seconds / count:.1f}",
            f"{report.tally.result(1).cost.ratio:.2f}" if report.tally.papers else "",
            str(len(report.failures)),
        )
    console.print(table)
    for report in reports:
        for line in _about_the_sample(report):
            console.print(f"{report.problem}: {line}", markup=False, soft_wrap=True)
    for report in reports:
        for failure in report.failures:
            console.print(f"FAILED {failure}", style="red", markup=False, soft_wrap=True)
        for warning in report.warnings:
            console.print(f"warning: {warning}", markup=False, soft_wrap=True)
        for aim in (*report.notes, *report.missed_aims):
            console.print(f"note: {report.problem}: {aim}", markup=False, soft_wrap=True)


MOST_REASONS = 4
"""So many reasons for another draw are shown."""

MOST_ANSWERS = 5


def _about_the_sample(report: Report) -> Iterator[str]:
    """What the variants are like: why draws were rejected, the hand-work cost, the letters, the commonest answers."""
    if not report.tally.papers:
        return
    found = report.tally.result(1)
    if report.reasons:
        reasons = [f"{reason} ({count}×)" for reason, count in report.reasons.most_common(MOST_REASONS)]
        more = len(report.reasons) - MOST_REASONS
        yield "redrawn because " + "; ".join(reasons) + (f"; and for {more} more reasons" if more > 0 else "")
    yield f"hand-work cost {found.cost.smallest} to {found.cost.largest}, {found.cost.mean:.1f} on average"
    for one in found.letters:
        shares = ", ".join(f"{name} {percent(share)}" for name, share in zip(one.names, one.shares, strict=True))
        yield f"{one.part}: right are {shares}"
    common = sorted((one for one in found.answers if one.count > 1), key=lambda one: -one.share)[:MOST_ANSWERS]
    if common:
        yield "commonest answers: " + "; ".join(f"{one.part} {one.commonest} on {percent(one.share)}" for one in common)
