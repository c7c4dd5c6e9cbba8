"""Auditing many variants: what ``worksheet check`` does and prints."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from generator.cli.progress import progress_bar
from generator.document.keyless import without_key
from generator.document.nodes import Exercise
from generator.errors import WorksheetError
from generator.fairness.counts import ProblemTally
from generator.paper.paper import exercise
from generator.paper.record import problem_record
from generator.paper.sheet import Entry, built_in_sheets, find_sheet
from generator.problem import drawing
from generator.problem.catalogue import catalogue, find_problem
from generator.problem.problem import Problem
from generator.render.renderer import FORMATS, SVG, Format, Renderer, figures_in, renderer

MOST_FAILURES = 5
"""After so many failures of one problem its audit stops: the seeds at hand are enough to mend it."""

FULLY_RENDERED = 20
"""The number of variants of a problem that are rendered in HTML too: formulas differ in numbers only, and MathML takes time."""

BANK_VARIANTS = 2
"""With the numbers of so many variants, and the printed ones, each entry of a bank is rendered."""

QUICK = tuple(form for form in FORMATS.values() if form.name != "html")


@dataclass
class Report:
    """The findings about one problem."""

    problem: str
    variants: int = 0
    redraws: list[int] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    tally: ProblemTally = field(default_factory=lambda: ProblemTally(""))

    @property
    def missed_aims(self) -> list[str]:
        """The aims of fairness that the variants miss, but for distinctness, which is a failure."""
        if not self.tally.papers:
            return []
        found = self.tally.result(1).findings()
        return [f"{one.part}: {one.text}" if one.part else one.text for one in found if one.measure != "variants"]

    @property
    def distinct(self) -> int:
        """The number of different exercises."""
        return len(self.seen)


@dataclass(frozen=True)
class Checked:
    """A problem to audit, as a sheet asks for it, with the sheet's templates."""

    entry: Entry
    templates: Path | None = None

    @property
    def name(self) -> str:
        """The problem, and its difficulty where it is not the standard one."""
        level = self.entry.level
        return self.entry.problem.id + (f" ({level})" if level != "standard" else "")


def chosen(what: str | None) -> tuple[Checked, ...]:
    """Return all problems; or a sheet's, as the sheet asks for them; or the one of that id or file."""
    if what is None:
        return tuple(one for problem in catalogue().values() for one in _all_levels(problem))
    if what in built_in_sheets() or what.endswith(".toml"):
        sheet = find_sheet(what)
        return tuple(Checked(entry, sheet.templates) for entry in sheet.entries)
    return _all_levels(find_problem(what))


def _all_levels(problem: Problem) -> tuple[Checked, ...]:
    return tuple(Checked(Entry(problem, guided=True, level=level)) for level in problem.levels)


def check_problems(checked: Iterable[Checked], seeds: Sequence[int]) -> list[Report]:
    """Audit the variants of ``seeds`` of each problem, with a progress bar if somebody watches."""
    every = list(checked)
    reports = []
    with progress_bar(len(every) * len(seeds)) as advance:
        for one in every:
            report = Report(one.name)
            _check_bank(one, report)
            for seed in seeds:
                _check_variant(one, seed, report)
                advance(what=one.name)
                if len(report.failures) >= MOST_FAILURES:
                    break
            _check_distinctness(one, report)
            reports.append(report)
    for one, report in zip(every, reports, strict=True):
        if (bank := one.entry.problem.bank) is not None:
            report.unused = [f"{name}: no variant uses it" for name in bank.unused("parts", "texts")]
    return reports


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
        for failure in report.failures:
            console.print(f"FAILED {failure}", style="red", markup=False, soft_wrap=True)
        for note in (*report.unused, *report.missed_aims):
            console.print(f"note: {report.problem}: {note}", markup=False, soft_wrap=True)


def _check_variant(checked: Checked, seed: int, report: Report) -> None:
    problem = checked.entry.problem
    report.variants += 1
    start = time.perf_counter()
    try:
        variant = drawing.draw_variant(problem, seed, level=checked.entry.level)
        report.seconds += time.perf_counter() - start
        report.redraws.append(sum(variant.redraws.values()))
        report.seen.setdefault(variant.canonical, seed)
        with_key = exercise(variant, 1, checked.entry)
        report.tally.add(problem_record(variant, checked.entry, with_key))
        _check_rendering(with_key, checked, QUICK if report.variants > FULLY_RENDERED else FORMATS.values())
    except WorksheetError as error:
        report.failures.append(str(error) if "seed" in str(error) else f"{checked.name}, seed {seed}: {error}")
    except Exception as error:  # noqa: BLE001 - a problem file may raise anything; its author needs the seed
        report.failures.append(f"{checked.name}, seed {seed}: {type(error).__name__}: {error}")


def _check_rendering(with_key: Exercise, checked: Checked, formats: Iterable[Format]) -> None:
    artist = renderer(SVG, checked.templates)
    for node in (with_key, without_key(with_key)):
        for form in formats:
            writer: Renderer = renderer(form, checked.templates)
            writer.node(node)
        for scene in figures_in(node).values():
            artist.figure(scene)


def _check_bank(checked: Checked, report: Report) -> None:
    """Each entry of the problem's bank, with the printed numbers and some sampled ones that it may be drawn with."""
    problem, level = checked.entry.problem, checked.entry.level
    if problem.bank is None:
        return
    try:
        sampled = [drawing.draw_variant(problem, seed, level=level) for seed in range(BANK_VARIANTS)]
    except WorksheetError:
        sampled = []  # which the audit of the variants will report
    for variant in (problem.printed(), *sampled):
        for name, params in problem.bank.trials(variant.params):
            try:
                _check_rendering(exercise(problem.variant(params), 1, checked.entry), checked, QUICK)
            except WorksheetError as error:
                report.failures.append(f"{checked.name}: {name}: {error}")
            except Exception as error:  # noqa: BLE001 - templates, too, may raise anything; the author needs the entry
                report.failures.append(f"{checked.name}: {name}: {type(error).__name__}: {error}")
        if report.failures:
            return


def _check_distinctness(checked: Checked, report: Report) -> None:
    """Fewer different variants than the stated number of them allows means that the number is wrong."""
    drawn = len(report.redraws)
    if not drawn:
        return
    space = checked.entry.problem.levels[checked.entry.level].variants
    expected = space * (1 - (1 - 1 / space) ** drawn)
    if report.distinct < 0.9 * expected - 1:
        report.failures.append(
            f"{checked.name}: only {report.distinct} of {drawn} variants are distinct; "
            f"of {space} equally likely ones {expected:.0f} would be"
        )
