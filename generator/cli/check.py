"""Auditing many variants: what ``worksheet check`` does and prints."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace

from rich.console import Console
from rich.table import Table

from generator.cli.lint import ERRORS, WARNINGS, Subject, prints_as_pdf, render
from generator.cli.progress import progress_bar
from generator.errors import AuthoringError, WorksheetError, authoring_error, error_context, said_by
from generator.fairness.counts import ProblemTally
from generator.fairness.measures import percent
from generator.paper.giveaway_faults import giveaway_faults
from generator.paper.record import problem_record
from generator.paper.sheet import Entry, built_in_sheets, find_sheet
from generator.paper.sheet_size import size_faults
from generator.paper.timeout import TimeLimit, time_limit
from generator.problem import drawing
from generator.problem.author_code import line_with
from generator.problem.catalogue import catalogue, find_problem
from generator.problem.problem import Problem
from generator.render.renderer import FORMATS

MOST_FAILURES = 5
"""After so many failures of one problem its audit stops: the seeds at hand are enough to mend it."""

FULLY_RENDERED = 20
"""The number of variants of a problem that are rendered in HTML too: formulas differ in numbers only, and MathML takes time."""

BANK_VARIANTS = 2
"""With the numbers of so many variants, and the printed ones, each entry of a bank is rendered."""

QUICK = tuple(form for form in FORMATS.values() if form.name != "html")


SECONDS = 10
"""The time limit for one variant, and for reading a file: an author's function may never end."""


@dataclass
class Report:
    """The findings about one problem."""

    problem: str
    variants: int = 0
    redraws: list[int] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    seen: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
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


def chosen(what: str | None) -> tuple[Subject, ...]:
    """Return all problems; or a sheet's, as the sheet asks for them; or the one of that id or file."""
    if what is None:
        return tuple(one for problem in catalogue().values() for one in _all_levels(problem))
    with time_limit(SECONDS) as limit, limit:
        if what in built_in_sheets() or what.endswith(".toml"):
            sheet = find_sheet(what)
            entries = enumerate(sheet.entries, start=1)
            return tuple(Subject(entry, sheet.templates, sheet=sheet, number=number) for number, entry in entries)
        return _all_levels(find_problem(what))


def warnings_of_size(what: str | None, seeds: Sequence[int]) -> list[str]:
    """Return where a sheet is not of the size that its file says; nothing for a problem."""
    if what is None or not (what in built_in_sheets() or what.endswith(".toml")):
        return []
    with time_limit(SECONDS) as limit, limit:
        return [f"{what}: {fault}" for fault in size_faults(find_sheet(what), seeds)]


def _all_levels(problem: Problem) -> tuple[Subject, ...]:
    return tuple(Subject(Entry(problem, guided=True, level=level)) for level in problem.levels)


def check_problems(subjects: Iterable[Subject], seeds: Sequence[int]) -> list[Report]:
    """Check each problem and audit its variants of ``seeds``, with a progress bar if somebody watches."""
    every = list(subjects)
    reports: list[Report] = []
    reported: set[str] = set()
    with progress_bar(len(every) * len(seeds)) as advance, time_limit(SECONDS) as limit:
        for subject in every:
            report = Report(subject.name)
            subject.seeds = seeds
            reports.append(report)
            if not _has_errors(subject, report, limit, reported):
                _check_bank(subject, report)
                for seed in seeds:
                    _check_variant(subject, seed, report, limit, reported)
                    advance(what=subject.name)
                    if len(report.failures) >= MOST_FAILURES:
                        break
                _check_distinctness(subject, report)
            report.notes += subject.notes
    _note_unused(every, reports)
    if not any(report.failures for report in reports):
        _warn_of_giveaways(every, reports, seeds)
    return reports


def _warn_of_giveaways(subjects: Sequence[Subject], reports: Sequence[Report], seeds: Sequence[int]) -> None:
    """Warn of what the papers of a sheet tell and ask; a problem that is checked alone is taken for a sheet, without and with follow-ups."""
    if all(subject.sheet is not None for subject in subjects):
        faults = giveaway_faults([subject.entry for subject in subjects], seeds)
        for problem, found in faults.items():
            report = next(one for subject, one in zip(subjects, reports, strict=True) if subject.problem.id == problem)
            report.warnings += [f"{problem}: {fault}" for fault in found]
        return
    for subject, report in zip(subjects, reports, strict=True):
        sheets = [[replace(subject.entry, extended=extended, guided=False)] for extended in (False, True)]
        plain, extended = (giveaway_faults(entries, seeds)[subject.problem.id] for entries in sheets)
        found = [fault for fault in extended if fault in plain or "never drawn" not in fault]
        report.warnings += [f"{subject.name}: {fault}" for fault in found]


def _note_unused(subjects: Sequence[Subject], reports: Sequence[Report]) -> None:
    """Note what stands in a bank and no variant, of any level, has asked for."""
    for subject, report in zip(subjects, reports, strict=True):
        if subject.problem.bank is not None and report.tally.papers:
            unused = subject.problem.bank.unused("parts", "texts")
            report.notes += [f"{name}: no variant uses it" for name in unused]


def _has_errors(subject: Subject, report: Report, limit: TimeLimit, reported: set[str]) -> bool:
    """Run the checks of the problem; return whether it cannot be used, so that its variants need no look."""
    problem, where = subject.problem, f"problem {subject.name}"
    for check in (*ERRORS, *WARNINGS):
        try:
            with nullcontext() if check is prints_as_pdf else limit:  # TeX has a limit of its own
                found = [*check(subject)]
        except Exception as error:  # noqa: BLE001 - a problem file may raise anything
            found = [error if isinstance(error, WorksheetError) else authoring_error(error, problem.home)]
            if check in WARNINGS:
                continue
        for one in found:
            if not one.context:
                one.locate(context=where)
            text = f"{one.item}: {one.message}"
            if text not in reported:
                (report.warnings if check in WARNINGS else report.failures).append(str(one))
            reported.add(text)
        if found and check in ERRORS:
            return True
    return False


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


def _check_variant(subject: Subject, seed: int, report: Report, limit: TimeLimit, reported: set[str]) -> None:
    problem = subject.problem
    report.variants += 1
    start = time.perf_counter()
    try:
        with limit, error_context(problem.id, f"{subject.name}, seed {seed}", problem.home):
            variant = drawing.draw_variant(problem, seed, level=subject.entry.level)
            report.seconds += time.perf_counter() - start
            report.redraws.append(sum(variant.redraws.values()))
            report.reasons.update(variant.redraws)
            report.seen.setdefault(variant.canonical, seed)
            with_key = subject.exercise(variant)
            report.tally.add(problem_record(variant, subject.entry, with_key))
            render(subject, with_key, QUICK if report.variants > FULLY_RENDERED else FORMATS.values())
    except WorksheetError as error:
        text = f"{error.item}: {error.message}"
        if text not in reported:
            report.failures.append(str(error))
        reported.add(text)
    except Exception as error:  # noqa: BLE001 - a problem file may raise anything; its author needs the seed
        report.failures.append(f"{subject.name}, seed {seed}: {said_by(error)}")


def _check_bank(subject: Subject, report: Report) -> None:
    """Each entry of the problem's bank, with the printed numbers and some sampled ones that it may be drawn with."""
    problem, level = subject.entry.problem, subject.entry.level
    if problem.bank is None:
        return
    try:
        sampled = [drawing.draw_variant(problem, seed, level=level) for seed in range(BANK_VARIANTS)]
    except WorksheetError:
        sampled = []  # which the audit of the variants will report
    printed = [problem.printed()] if problem.original is not None else []
    for variant in (*printed, *sampled):
        for name, params in problem.bank.trials(variant.params):
            try:
                render(subject, subject.exercise(problem.variant(params)), QUICK)
            except WorksheetError as error:
                text = error.text if isinstance(error, AuthoringError) else ""
                line = line_with(str(problem.bank.path), text) if text else ""
                report.failures.append(": ".join(filter(None, (subject.name, name, line, error.message))))
            except Exception as error:  # noqa: BLE001 - templates, too, may raise anything; the author needs the entry
                report.failures.append(f"{subject.name}: {name}: {said_by(error)}")
        if report.failures:
            return


def _check_distinctness(subject: Subject, report: Report) -> None:
    """Fewer different variants than the stated number of them allows means that the number is wrong."""
    drawn = len(report.redraws)
    if not drawn or report.failures:
        return
    space = subject.problem.levels[subject.entry.level].variants
    if space is None:
        report.notes.append(estimated_size(drawn, report.distinct))
        return
    expected = space * (1 - (1 - 1 / space) ** drawn)
    if report.distinct < 0.9 * expected - 1:
        report.failures.append(
            f"{subject.name}: only {report.distinct} of {drawn} variants are distinct; "
            f"of {space} equally likely ones {expected:.0f} would be"
        )


def estimated_size(drawn: int, distinct: int) -> str:
    """Return how many variants there are, as the repeats among those drawn tell: about n²/2r of n with r repeats."""
    repeats = drawn - distinct
    if not repeats:
        return f"no two of {drawn} variants are equal: there are about {drawn * drawn // 2:,} or more; --variants tells more"
    size = float(distinct)
    for _ in range(60):  # the number of equally likely ones of which so many would be seen
        size *= distinct / (size * (1 - (1 - 1 / size) ** drawn)) if size > 1 else 1
        if distinct <= 1:
            break
    error = 100 / repeats**0.5
    return (
        f"about {round(size):,} distinct variants, as {repeats} repeats among {drawn} tell (give or take {error:.0f} %)"
    )
