"""``worksheet export TARGET --roster`` where a target prints papers: those of a class, and what the platform needs beside them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.errors import InputError, WorksheetError

if TYPE_CHECKING:
    from generator.export.target import ForClass, Target
    from generator.paper.sheet import Sheet

_NOT_OF_A_CLASS = {
    "original": "the papers of a class have numbers of their own",
    "is_open": "the papers of a class are drawn with the course secret",
    "level": "a class has the levels that the sheet's file says (level = \"hard\")",
    "avoid": "the papers of a class are drawn from its sheet and seed; take another --seed",
    "variants": "every student has one paper, with numbers of her own; for forms, leave out --roster",
}  # fmt: skip
"""Why options do not go with the papers of a class."""


def export_class(target: Target, papers: ForClass, sheet: Sheet, given: Mapping[str, Any]) -> None:
    """Make the papers of a class, as ``worksheet generate`` does, and then what the platform needs beside them."""
    from generator.classes.chosen_columns import parse_columns
    from generator.classes.earlier import read_earlier
    from generator.classes.gc_pause import collect_seldom
    from generator.classes.roster import read_class_list
    from generator.cli.class_papers import generate_for_class
    from generator.paper.generate import check_words
    from generator.paper.manifest import RECORDS
    from generator.render.author_signs import for_engine

    for name, reason in _NOT_OF_A_CLASS.items():
        if given[name]:
            option = "open" if name == "is_open" else name
            raise InputError(f"{reason}: leave it out", field=f"--{option}")
    folder = given["out"] or Path(f"{sheet.name}-{target.name}")
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; the papers of a class are a folder: name one", field="--out")
    columns = parse_columns(given["columns"]) if given["columns"] is not None else None
    losses = tuple(papers.losses(sheet, read_class_list(given["roster"], columns).students))
    if losses and given["strict"]:
        raise WorksheetError(f"--strict: {'; '.join(losses)}")
    if "pdf" in papers.formats:
        with for_engine(given["engine"]):
            check_words(sheet)
    collect_seldom()
    before = read_earlier(folder / RECORDS).formats
    generate_for_class(
        sheet,
        given["seed"],
        tuple(dict.fromkeys((*papers.formats, *sorted(before)))),
        folder,
        given["engine"],
        given["secret"],
        roster=given["roster"],
        columns=given["columns"],
        forms=None,
        workers=None,
        cluster=None,
        replace=given["force"],
        one_key=papers.one_key,
        print_order=papers.print_order,
        duplex=False,
        by=None,
        cover=False,
        zip_=False,
        mail=False,
    )
    _add(papers, sheet, folder, losses, given)


def _add(papers: ForClass, sheet: Sheet, folder: Path, losses: tuple[str, ...], given: Mapping[str, Any]) -> None:
    """Write what the platform needs beside the papers, whole or not at all."""
    from generator.cli.progress import progress_bar
    from generator.export.target import PrintedClass
    from generator.paper.files import write_files
    from generator.paper.manifest import RECORDS, raw_records
    from generator.paper.record import read_record

    records = tuple(map(read_record, raw_records(folder / RECORDS)))
    steps = sum(1 if entry.is_plain else len(records) for entry in sheet.entries)
    with progress_bar(steps, "rubric") as advance:
        made = PrintedClass(sheet, folder, records, given["engine"], lambda count, what: advance(count, what=what))
        written = papers.write(made)
    write_files(folder, written.files)
    for name in dict.fromkeys(name.partition("/")[0] for name in written.files):
        click.echo(f"wrote {folder / name}/")
    for loss in (*losses, *written.losses):
        click.echo(f"note: {loss}", err=True)
    click.echo(f"next: {written.next_step}")
