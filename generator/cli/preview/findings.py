"""What the checks of ``worksheet check`` find in a few variants of each problem."""

from __future__ import annotations

from dataclasses import dataclass

from generator.cli.check import check_problems
from generator.cli.lint import FEW, Subject
from generator.cli.preview.pieces import page_renderer
from generator.paper.sheet import Sheet

SEEDS = range(1, FEW + 1)


@dataclass(frozen=True)
class Findings:
    """The findings about one problem at a level."""

    name: str
    errors: tuple[str, ...]
    warnings: tuple[str, ...]


def findings_page(sheet: Sheet) -> str:
    """Check each problem of a sheet, as the sheet asks for it, and return the findings as HTML."""
    asked = {(entry.problem.id, entry.level): Subject(entry, sheet.templates) for entry in sheet.entries}
    reports = check_problems([*asked.values()], SEEDS)
    found = [Findings(one.problem, tuple(one.failures), tuple(one.warnings)) for one in reports]
    return page_renderer().text("findings.html.j2", found=found, count=len(SEEDS))
