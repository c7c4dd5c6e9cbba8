"""``worksheet generate`` for a class."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from generator.classes.binding import Binding, parse_print_order
from generator.classes.chosen_columns import parse_columns
from generator.classes.disk import disk_note
from generator.classes.earlier import listed
from generator.classes.forms_by_seat import Assigned, assign_forms, assigned_before
from generator.classes.roster import read_class_list
from generator.classes.run import ClassWritten, Order, generate_class
from generator.cli.options import course_secret, worker_pool
from generator.cli.progress import progress_bar
from generator.errors import InputError
from generator.paper.manifest import RECORDS
from generator.paper.needs import DOCX, HTML, LARGE
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
    columns: str | None,
    forms: int | None,
    workers: int | None,
    cluster: str | None,
    replace: bool,
    **bound: Any,
) -> None:
    """Make the class, with a bar if somebody watches; exit 1 if a paper failed, 130 if it was interrupted."""
    _check_bound(formats, bound, roster, forms)
    binding = _binding(**bound)
    people = _people(roster, columns, forms, {} if replace else assigned_before(folder))
    binding = dataclasses.replace(binding, assigned=people.assigned, seats=people.seats, paper=sheet.style.paper)
    order = Order(sheet, seed, people.papers, formats, folder, _secret(secret, folder), engine, binding, replace)
    note = disk_note(order)
    if note:
        click.echo(note, err=True)
    try:
        with worker_pool(workers, cluster) as pool, progress_bar(len(order.students)) as advance:
            written = generate_class(order, pool, advance)
    except KeyboardInterrupt:
        click.echo(f"Stopped. What is in {folder} is whole; the same command goes on from here.", err=True)
        sys.exit(INTERRUPTED)
    _report(written)
    if written.failures:
        sys.exit(1)


def _secret(option: Path | None, folder: Path) -> Secret:
    """Return the course secret; where the usual file is not there yet, a new one, unless the folder was made with another."""
    found = course_secret(option)
    if found is None:
        if (folder / RECORDS).exists():
            raise InputError(
                f"{folder} holds papers already, and the secret that they were drawn with is not here: name its file, or give "
                "this run another folder",
                field="--secret",
            )
        found = new_secret(default_path())
        click.echo(
            f"note: {default_path()} holds the course's new secret {found.fingerprint}, with which these papers are drawn: keep a "
            "copy where the keys are kept",
            err=True,
        )
    return found


@dataclasses.dataclass(frozen=True)
class _People:
    """For whom papers are made, which form each student of a class list has, and where she sits."""

    papers: tuple[Student, ...]
    assigned: tuple[Assigned, ...] = ()
    seats: Mapping[str, str] = dataclasses.field(default_factory=dict)


def _people(roster: Path | None, columns: str | None, count: int | None, before: Mapping[str, str]) -> _People:
    """Read the class list, if there is one; students have the forms that they had ``before``."""
    if roster is None:
        if columns is not None:
            raise click.UsageError("--columns is about a class list: say --roster too.")
        return _People(forms(count or 0))
    letters = forms(count) if count is not None else ()
    read = read_class_list(roster, parse_columns(columns) if columns is not None else None)
    click.echo(f"{roster}: {read.columns}", err=True)
    _tell("note: ", read.notes)
    if not letters:
        return _People(read.students, (), read.seats)
    needing = [one.id for one in read.students if {LARGE, HTML, DOCX} & {*one.needs}]
    if needing:
        click.echo(
            f"note: forms are printed alike for all, and {listed(needing)} need others: make their papers from a list of these "
            "students alone, without --forms",
            err=True,
        )
    assigned = assign_forms(read.students, [one.form for one in letters], read.seats, before)
    return _People(letters, assigned, read.seats)


def _check_bound(formats: tuple[str, ...], bound: Mapping[str, Any], roster: Path | None, count: int | None) -> None:
    """Refuse options about a whole class that do not go together."""
    prints = bound["print_order"] is not None or bound["by"] is not None
    if bound["duplex"] and not prints:
        raise click.UsageError("--duplex is about all worksheets in one PDF: say --print-order too, or --by.")
    if bound["cover"] and not prints:
        raise click.UsageError("--cover is about bound worksheets: say --print-order too, or --by.")
    if bound["by"] == "section" and roster is None:
        raise click.UsageError("--by section is about the sections of a class list: say --roster too.")
    if bound["by"] == "form" and count is None:
        raise click.UsageError("--by form is about forms: say --forms too.")
    if bound["mail"] and roster is None:
        raise click.UsageError("--mail is about the students of a class list: say --roster too.")
    only_zipped = bound["zip_"] and bound["print_order"] is None and not bound["cover"]
    if (bound["one_key"] or (prints and not only_zipped)) and "pdf" not in formats:
        raise click.UsageError("--one-key, --print-order and --by bind PDFs: add pdf to --formats.")


def _binding(
    one_key: bool, print_order: str | None, duplex: bool, by: Any, cover: bool, zip_: bool, mail: bool
) -> Binding:
    order = parse_print_order(print_order) if print_order is not None else ()
    return Binding(one_key, order, duplex, by or "", cover, zip_, mail)


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
