"""``worksheet generate`` for a class."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from generator.classes.binding import Binding, parse_print_order
from generator.classes.disk import disk_note
from generator.classes.roster import read_roster
from generator.classes.run import ClassWritten, Order, generate_class
from generator.classes.workers import WorkerPool
from generator.cli.options import course_secret
from generator.cli.progress import progress_bar
from generator.paper.secret import Secret, default_path, new_secret
from generator.paper.sheet import Sheet
from generator.paper.students import Student, forms
from generator.tex.pdf import EngineName

INTERRUPTED = 130
"""The exit code of what Ctrl-C has ended."""

MOST_LINES = 20
"""The number of warnings, or failures, that are listed one by one."""


def generate_for_class(
    sheet: Sheet,
    seed: int,
    formats: tuple[str, ...],
    folder: Path,
    engine: EngineName | None,
    secret: Path | None,
    roster: Path | None,
    forms: int | None,
    workers: int | None,
    cluster: str | None,
    one_key: bool,
    print_order: str | None,
    duplex: bool,
    replace: bool,
) -> None:
    """Make the class, with a bar if somebody watches; exit 1 if a paper failed, 130 if it was interrupted."""
    binding = _binding(formats, one_key, print_order, duplex=duplex)
    students = _students(roster, forms)
    order = Order(sheet, seed, students, formats, folder, _secret(secret), engine, binding, replace)
    note = disk_note(order)
    if note:
        click.echo(note, err=True)
    try:
        with _worker_pool(workers, cluster) as pool, progress_bar(len(order.students)) as advance:
            written = generate_class(order, pool, advance)
    except KeyboardInterrupt:
        click.echo(f"Stopped. What is in {folder} is whole; the same command goes on from here.", err=True)
        sys.exit(INTERRUPTED)
    _report(written)
    if written.failures:
        sys.exit(1)


def _secret(option: Path | None) -> Secret:
    """Return the course secret; where the usual file is not there yet, a new one."""
    found = course_secret(option)
    if found is None:
        found = new_secret(default_path())
        click.echo(
            f"note: {default_path()} holds the course's new secret {found.fingerprint}, with which these papers are drawn: keep a "
            "copy where the keys are kept",
            err=True,
        )
    return found


def _students(roster: Path | None, count: int | None) -> tuple[Student, ...]:
    if roster is not None and count is not None:
        raise click.UsageError("--roster and --forms exclude each other.")
    return read_roster(roster) if roster is not None else forms(count or 0)


def _binding(formats: tuple[str, ...], one_key: bool, print_order: str | None, *, duplex: bool) -> Binding:
    order = parse_print_order(print_order) if print_order is not None else ()
    if duplex and not order:
        raise click.UsageError("--duplex is about all worksheets in one PDF: say --print-order too.")
    if (one_key or order) and "pdf" not in formats:
        raise click.UsageError("--one-key and --print-order bind PDFs: add pdf to --formats.")
    return Binding(one_key, order, duplex)


@contextmanager
def _worker_pool(workers: int | None, address: str | None) -> Iterator[WorkerPool]:
    if address is None:
        yield WorkerPool(workers)
        return
    if workers is not None:
        raise click.UsageError("--workers and --cluster exclude each other: a cluster has workers of its own.")
    from generator.classes.cluster import cluster

    with cluster(address) as pool:
        yield pool


def _report(written: ClassWritten) -> None:
    noun = "paper" if written.papers == 1 else "papers"
    click.echo(f"{written.papers} {noun} with keys in {written.folder}")
    _tell("note: ", written.notices)
    _tell("warning: ", written.warnings)
    _tell("FAILED ", _by_reason(written.failures))
    if written.failures:
        click.echo(f"{len(written.failures)} failed; the same command tries them again.", err=True)


def _by_reason(failures: Sequence[tuple[str, str]]) -> list[str]:
    """Each reason once, with the first student whose paper failed for it and who the others are."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for student, reason in failures:
        groups.setdefault(reason.replace(f", student {student!r}", ""), []).append((student, reason))
    found = []
    for (student, reason), *others in groups.values():
        names = ", ".join(name for name, _ in others[:MOST_NAMES]) + (", …" if len(others) > MOST_NAMES else "")
        found.append(f"{student}: {reason}" + (f"\n  (the same for {names}: {len(others)} more)" if others else ""))
    return found


MOST_NAMES = 8
"""So many students are named whose papers failed for the same reason."""


def _tell(beginning: str, lines: Sequence[str]) -> None:
    for line in lines[:MOST_LINES]:
        click.echo(beginning + line, err=True)
    if len(lines) > MOST_LINES:
        click.echo(f"{beginning}and {len(lines) - MOST_LINES} more", err=True)
