"""Auditing many variants: what ``worksheet check`` does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

from generator.classes.workers import WorkerPool
from generator.cli.audit import MOST_FAILURES, SECONDS, TEXTS, Audit, Faults, audit_problem, audit_variants
from generator.cli.lint import Subject
from generator.cli.progress import progress_bar
from generator.fairness.counts import ProblemTally
from generator.paper.giveaway_faults import giveaway_faults
from generator.paper.sheet import Entry, Sheet
from generator.paper.sheet_file import built_in_sheets, find_sheet
from generator.paper.sheet_size import size_faults
from generator.paper.timeout import time_limit
from generator.problem.catalogue import catalogue, find_problem
from generator.problem.problem import Problem
from generator.render.renderer import FORMATS

PIECE = 20
"""So many variants of a problem are audited by one worker at a time; those of the first piece are rendered in HTML too."""


@dataclass
class Report:
    """The findings about one problem at a level."""

    problem: str
    variants: int = 0
    redraws: list[int] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
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

    def add(self, found: Audit, reported: Faults) -> None:
        """Add what was found in a piece; what is ``reported`` already, of this problem or another level, is not said again."""
        self.variants += found.variants
        self.redraws += found.redraws
        self.reasons += found.reasons
        self.seen.update(found.seen)
        self.seconds += found.seconds
        new = [text for key, text in found.failures.items() if key not in reported]
        self.failures += new[: max(MOST_FAILURES - len(self.failures), 0)]
        self.warnings += [text for key, text in found.warnings.items() if key not in reported]
        self.notes += found.notes
        for record in found.records:
            self.tally.add(record)
        reported |= found.failures | found.warnings


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


@dataclass(frozen=True)
class _Piece:
    """A piece of an audit: the checks of the problem at a place among those chosen, or the variants of some ``seeds``."""

    place: int
    seeds: Sequence[int]
    of_problem: bool = False
    in_html: bool = False


def check_chosen(what: str | None, seeds: Sequence[int], pool: WorkerPool) -> list[Report]:
    """Check each of the chosen problems and audit its variants of ``seeds``, shared out to workers."""
    with pool.started():
        return _checked(chosen(what), seeds, partial(pool.work, partial(_audited_of, what)))


def check_problems(subjects: Sequence[Subject], seeds: Sequence[int]) -> list[Report]:
    """Check each problem and audit its variants of ``seeds``, in this process."""
    return _checked(
        subjects, seeds, lambda pieces: ((piece, _audited(subjects[piece.place], piece)) for piece in pieces)
    )


def _audited_of(what: str | None, piece: _Piece) -> Audit:
    """Audit a piece of what was chosen, in a worker, which reads the file for itself."""
    return _audited(chosen(what)[piece.place], piece)


def _audited(subject: Subject, piece: _Piece) -> Audit:
    if piece.of_problem:
        return audit_problem(subject, piece.seeds)
    return audit_variants(subject, piece.seeds, tuple(FORMATS.values()) if piece.in_html else TEXTS)


def _checked(
    subjects: Sequence[Subject],
    seeds: Sequence[int],
    audited: Callable[[Sequence[_Piece]], Iterator[tuple[_Piece, Audit]]],
) -> list[Report]:
    """Check problems and audit variants, with a progress bar if somebody watches."""
    reports = [Report(subject.name) for subject in subjects]
    unused: dict[str, frozenset[str]] = {}
    reported: Faults = {}
    sound = []
    with progress_bar(len(subjects) * len(seeds), "variants") as advance:

        def collect(pieces: Sequence[_Piece]) -> Iterator[tuple[_Piece, Audit]]:
            for piece, found in _in_order(pieces, audited(pieces)):
                reports[piece.place].add(found, reported)
                name = subjects[piece.place].problem.id
                unused[name] = unused.get(name, found.unused) & found.unused
                yield piece, found

        for piece, found in collect([_Piece(place, seeds, of_problem=True) for place in range(len(subjects))]):
            if not found.failures:
                sound.append(piece.place)
        starts = range(0, len(seeds), PIECE)
        pieces = [_Piece(place, seeds[start : start + PIECE], in_html=not start) for place in sound for start in starts]
        for piece, _ in collect(pieces):
            advance(len(piece.seeds), what=reports[piece.place].problem)
    for subject, report in zip(subjects, reports, strict=True):
        _check_distinctness(subject, report)
        if report.tally.papers:
            report.notes += [f"{name}: no variant uses it" for name in sorted(unused[subject.problem.id])]
    if not any(report.failures for report in reports):
        _warn_of_giveaways(subjects, reports, seeds)
    return reports


def _in_order(pieces: Sequence[_Piece], audited: Iterator[tuple[_Piece, Audit]]) -> Iterator[tuple[_Piece, Audit]]:
    """Yield the pieces in their order, however many workers there are."""
    early: dict[_Piece, Audit] = {}
    for piece in pieces:
        while piece not in early:
            early.update(islice(audited, 1))
        yield piece, early.pop(piece)


def _warn_of_giveaways(subjects: Sequence[Subject], reports: Sequence[Report], seeds: Sequence[int]) -> None:
    """Warn of what the papers of a sheet tell and ask; a problem that is checked alone is taken for a sheet, without and with follow-ups."""
    sheet = subjects[0].sheet
    if sheet is not None:
        for problem, found in giveaway_faults(sheet, seeds).items():
            report = next(one for subject, one in zip(subjects, reports, strict=True) if subject.problem.id == problem)
            report.warnings += [f"{problem}: {fault}" for fault in found]
        return
    for subject, report in zip(subjects, reports, strict=True):
        plain, extended = (
            giveaway_faults(Sheet("", "", (replace(subject.entry, extended=extended, guided=False),)), seeds)[
                subject.problem.id
            ]
            for extended in (False, True)
        )
        found = [fault for fault in extended if fault in plain or "never drawn" not in fault]
        report.warnings += [f"{subject.name}: {fault}" for fault in found]


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
