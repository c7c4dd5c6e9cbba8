"""The command about papers that come back: ``scan``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.options import out_folder

if TYPE_CHECKING:
    from generator.classes.scan.run import By


@click.command()
@click.argument("scans", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--in", "folder", required=True, metavar="DIR", type=click.Path(path_type=Path), help="The folder of the papers."
)
@click.option("--out", type=click.Path(), callback=out_folder, help="The folder to write to.  [default: DIR/scanned]")
@click.option(
    "--by", type=click.Choice(["student", "question"]), default="student", show_default=True, help="A PDF for each."
)
@click.option("--page", "said", metavar="FILE:PAGE=WHAT", multiple=True, help="What a page is: scan.pdf:7=ID/3.")
@click.option("--replace", is_flag=True, help="Pages of earlier scans that are not given now may be left out.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes that share the work.  [default: the cores]")
def scan(
    scans: tuple[Path, ...],
    folder: Path,
    out: Path | None,
    by: By,
    said: tuple[str, ...],
    replace: bool,
    workers: int | None,
) -> None:
    """Sort scanned pages by the codes in their feet.

    SCANS are PDFs or images (JPEG, PNG, TIFF), all that was scanned of the papers in DIR.  Pages are turned upright and bound into a
    PDF a student, or a question; scan.html shows which are missing, doubled or not known, and pages.csv lists them, for you to fill in
    what they are.  No page is dropped.  The exit code is 1 if there is something to look at.

    \b
    Examples:
      worksheet scan monday.pdf tuesday.pdf --in class/
      worksheet scan monday.pdf tuesday.pdf --in class/ --page monday.pdf:7=a1729/3
    """
    from generator.classes.scan.run import PAGE
    from generator.classes.scan.run import scan as scan_files
    from generator.classes.workers import WorkerPool
    from generator.cli.progress import progress_bar
    from generator.render.renderer import count_of

    target = out or folder / "scanned"
    with progress_bar(what="pages") as advance:
        found = scan_files(
            scans, folder, target, WorkerPool(workers), by=by, said=said, replace=replace, progress=advance
        )
    for note in found.notes:
        click.echo(f"note: {note}", err=True)
    pages = found.sorted
    click.echo(
        f"{count_of(found.pages, 'page')} of {count_of(len(pages.copies), 'paper')}: "
        f"{count_of(len(pages.incomplete), 'paper')} with pages missing, {len(pages.not_scanned)} without any; "
        f"{count_of(len(pages.doubled), 'page')} doubled, {len(pages.unknown)} not known, "
        f"{len(pages.unnumbered)} without a number, {len(pages.keys)} of keys, {len(pages.blank)} blank"
    )
    click.echo(target / PAGE)
    if not pages.is_complete:
        sys.exit(1)
