"""``worksheet generate`` for a class."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from generator.classes.binding import Binding, parse_print_order
from generator.classes.chosen_columns import parse_columns
from generator.classes.roster import read_roster
from generator.classes.run import ClassWritten, Order, generate_class
from generator.classes.workers import WorkerPool
from generator.cli.progress import progress_bar
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
    roster: Path | None,
    columns: str | None,
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
    order = Order(sheet, seed, _students(roster, columns, forms), formats, folder, engine, binding, replace)
    try:
        with _worker_pool(workers, cluster) as pool, progress_bar(len(order.students)) as advance:
            written = generate_class(order, pool, advance)
    except KeyboardInterrupt:
        click.echo(f"Stopped. What is in {folder} is whole; the same command goes on from here.", err=True)
        sys.exit(INTERRUPTED)
    _report(written)
    if written.failures:
        sys.exit(1)


def _students(roster: Path | None, columns: str | None, count: int | None) -> tuple[Student, ...]:
    if roster is not None and count is not None:
        raise click.UsageError("--roster and --forms exclude each other.")
    if roster is None:
        if columns is not None:
            raise click.UsageError("--columns is about a class list: say --roster too.")
        return forms(count or 0)
    read = read_roster(roster, parse_columns(columns) if columns is not None else None)
    click.echo(f"{roster}: {read.columns}", err=True)
    _tell("note: ", read.notes)
    return read.students


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
    _tell("FAILED ", [f"{student}: {reason}" for student, reason in written.failures])
    if written.failures:
        click.echo(f"{len(written.failures)} failed; the same command tries them again.", err=True)


def _tell(beginning: str, lines: Sequence[str]) -> None:
    for line in lines[:MOST_LINES]:
        click.echo(beginning + line, err=True)
    if len(lines) > MOST_LINES:
        click.echo(f"{beginning}and {len(lines) - MOST_LINES} more", err=True)
