"""Auditing one problem: the checks of the problem itself, and of its variants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from time import process_time

from generator.cli.lint import ERRORS, Subject, prints_as_pdf, render
from generator.cli.lint_warnings import WARNINGS
from generator.errors import AuthoringError, WorksheetError, authoring_error, error_context, said_by
from generator.paper.record import ProblemRecord, problem_record
from generator.paper.timeout import TimeLimit, time_limit
from generator.problem import drawing
from generator.problem.author_code import line_with
from generator.render.renderer import FORMATS, Format

MOST_FAILURES = 5
"""After so many failures among the variants of a piece its audit stops: the seeds at hand are enough to mend them."""

BANK_VARIANTS = 2
"""With the numbers of so many variants, and the printed ones, each entry of a bank is rendered."""

SECONDS = 10
"""The time limit for one variant, and for reading a file: an author's function may never end."""

Faults = dict[str, str]
"""What is said of each fault, by what makes it one: the same fault of other variants, or levels, is said once."""


@dataclass
class Audit:
    """What was found in a piece of an audit: by the checks of a problem, or in some of its variants.

    ``seconds`` is the processor time of the draws, ``unused`` what stands in the bank and nothing has asked for.
    """

    variants: int = 0
    redraws: list[int] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    seen: list[str] = field(default_factory=list)
    seconds: float = 0.0
    failures: Faults = field(default_factory=dict)
    warnings: Faults = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    records: list[ProblemRecord] = field(default_factory=list)
    unused: frozenset[str] = frozenset()


def audit_problem(subject: Subject, seeds: Sequence[int]) -> Audit:
    """Run the checks of the problem, and render each entry of its bank."""
    subject.seeds = seeds
    found = Audit()
    _run_checks(subject, found)
    if not found.failures:
        _render_bank(subject, found)
    found.notes = subject.notes
    found.unused = _unused(subject)
    return found


def audit_variants(subject: Subject, seeds: Iterable[int], formats: Sequence[Format]) -> Audit:
    """Draw the variants of these seeds and render them in the formats."""
    found = Audit()
    with time_limit(SECONDS) as limit:
        for seed in seeds:
            _audit_variant(subject, seed, found, formats, limit)
            if found.variants - len(found.records) >= MOST_FAILURES:
                break
    found.unused = _unused(subject)
    return found


def _unused(subject: Subject) -> frozenset[str]:
    bank = subject.problem.bank
    return frozenset(bank.unused("parts", "texts") if bank is not None else ())


def _run_checks(subject: Subject, found: Audit) -> None:
    """Run the checks up to the first that finds an error: it is the cause of what the others would find."""
    problem, where = subject.problem, f"problem {subject.name}"
    with time_limit(SECONDS) as limit:
        for check in (*ERRORS, *WARNINGS):
            try:
                with nullcontext() if check is prints_as_pdf else limit:  # TeX has a limit of its own
                    faults = [*check(subject)]
            except Exception as error:  # noqa: BLE001 - a problem file may raise anything
                if check in WARNINGS:
                    continue
                faults = [error if isinstance(error, WorksheetError) else authoring_error(error, problem.home)]
            for one in faults:
                if not one.context:
                    one.locate(context=where)
                (found.warnings if check in WARNINGS else found.failures).setdefault(_key(one), str(one))
            if faults and check in ERRORS:
                return


def _key(error: WorksheetError) -> str:
    """What makes it the same fault in other variants, and at other levels."""
    return f"{error.item}: {error.message}"


def _audit_variant(subject: Subject, seed: int, found: Audit, formats: Sequence[Format], limit: TimeLimit) -> None:
    problem = subject.problem
    found.variants += 1
    start = process_time()
    try:
        with limit, error_context(problem.id, f"{subject.name}, seed {seed}", problem.home):
            variant = drawing.draw_variant(problem, seed, level=subject.entry.level)
            found.seconds += process_time() - start
            found.redraws.append(sum(variant.redraws.values()))
            found.reasons.update(variant.redraws)
            found.seen.append(variant.canonical)
            with_key = subject.exercise(variant)
            record = problem_record(variant, subject.entry, with_key)
            render(subject, with_key, formats)
            found.records.append(record)
    except WorksheetError as error:
        found.failures.setdefault(_key(error), str(error))
    except Exception as error:  # noqa: BLE001 - a problem file may raise anything; its author needs the seed
        said = f"{subject.name}, seed {seed}: {said_by(error)}"
        found.failures[said] = said


def _render_bank(subject: Subject, found: Audit) -> None:
    """Render each entry of the problem's bank, with the printed numbers and some sampled ones that it may be drawn with."""
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
                render(subject, subject.exercise(problem.variant(params)), TEXTS)
            except WorksheetError as error:
                text = error.text if isinstance(error, AuthoringError) else ""
                line = line_with(str(problem.bank.path), text) if text else ""
                said = ": ".join(filter(None, (subject.name, name, line, error.message)))
                found.failures[said] = said
            except Exception as error:  # noqa: BLE001 - templates, too, may raise anything; the author needs the entry
                said = f"{subject.name}: {name}: {said_by(error)}"
                found.failures[said] = said
        if found.failures:
            return


TEXTS = tuple(form for form in FORMATS.values() if form.name != "html")
"""Formulas differ in numbers only, and MathML takes time: most variants are not rendered in HTML."""
