"""Commands about papers that were handed out: ``key``, ``verify``, ``report``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator import __version__
from generator.cli.options import course_secret, engine_option, out_folder, recorded_option, secret_option, written_by

if TYPE_CHECKING:
    from generator.paper.ids import PaperId
    from generator.paper.rebuild import Found
    from generator.tex.pdf import EngineName


@click.command()
@click.argument("paper", metavar="ID")
@click.option(
    "--in",
    "folder",
    type=click.Path(path_type=Path),
    default="output",
    show_default=True,
    help="Where manifests are looked for.",
)
@click.option("--sheet", help="The sheet of the paper, if it is not a built-in one; `practice`: printed from practice.")
@click.option("--data", type=click.Path(path_type=Path), help="The file of your progress, for a paper of practice.")
@click.option(
    "--out", type=click.Path(), callback=out_folder, help="Write worksheet and key there instead of printing the key."
)
@click.option(
    "--formats", default="tex,md,html,pdf", show_default=True, help="What to write, of tex, md, html, pdf and docx."
)
@engine_option
@secret_option
@recorded_option
def key(
    paper: str,
    folder: Path,
    sheet: str | None,
    data: Path | None,
    out: Path | None,
    formats: str,
    engine: EngineName | None,
    secret: Path | None,
    recorded: bool,
) -> None:
    """Find the key to a sheet of paper by the id in its foot.

    The paper is made again from the parameters in its manifest, or in the file of your practice if it was printed from
    there; where neither has it, from its id, from which this version draws the same paper: with the course secret, or alone
    if its numbers are public.  Its texts are the same to the byte, and its PDFs have the same pages.

    \b
    Examples:
      worksheet key WK47A-A2R8X
      worksheet key 7K4Q-M2RT-9CXC --in class/ --out found/
    """
    from generator.paper.generate import write_paper
    from generator.paper.ids import read_id
    from generator.render.renderer import FORMATS, parse_formats, renderer

    names = parse_formats(formats)
    found = _found(read_id(paper), folder, sheet, data, secret, recorded=recorded)
    if found.manifest is None:
        source = "its id and the course secret" if found.paper.origin.secret else "its id"
        click.echo(
            f"note: no manifest in {folder} has it; drawn again from {source} by version {__version__}", err=True
        )
    else:
        click.echo(f"note: made again from {found.manifest}", err=True)
    if out is None:
        click.echo(renderer(FORMATS["md"], found.sheet.templates).document(found.paper.document).rstrip())
        return
    for path in write_paper(found.paper, found.sheet, names, out, engine).paths:
        click.echo(path)


def _found(
    identity: PaperId, folder: Path, sheet: str | None, data: Path | None, secret: Path | None, *, recorded: bool
) -> Found:
    """The paper: of practice, of a manifest, or drawn again."""
    from generator.paper.rebuild import find_paper
    from generator.paper.sheet_file import find_sheet
    from generator.practice.printing import SHEET, draw_printed, find_printed
    from generator.practice.store.database import default_path
    from generator.practice.store.schema import StoreError

    progress = data or default_path()
    if sheet in (None, SHEET) and progress.is_file():
        try:
            if (printed := find_printed(identity, progress)) is not None:
                return printed
        except StoreError as error:
            if data is not None:
                raise
            click.echo(f"note: your practice was not looked through: {error}", err=True)
    elif data is not None:
        raise click.BadParameter(f"there is no file {data}", param_hint="--data")
    if sheet == SHEET:
        return draw_printed(identity)
    known = find_sheet(sheet) if sheet else None
    return find_paper(identity, folder, known, recorded=recorded, secret=lambda: course_secret(secret))


@click.command()
@click.argument("student")
@click.option("--in", "folder", type=click.Path(path_type=Path), required=True, help="The folder of the class.")
@click.option("--sheet", help="The sheet's TOML file, if it is not a built-in one.")
@engine_option
@secret_option
def replace(student: str, folder: Path, sheet: str | None, engine: EngineName | None, secret: Path | None) -> None:
    """Give a student of a class another paper.

    STUDENT is her id.  The new paper has a problem in common with no paper of the class, nor with the old one, which stays
    on record: `key` still finds it, and `grade` takes it for answers that name its id.

    \b
    Example:
      worksheet replace a1729 --in class/
    """
    from generator.classes.replace import replace_paper

    done = replace_paper(folder, student, course_secret(secret), sheet, engine)
    for notice in done.notices:
        click.echo(notice if notice.startswith("warning: ") else f"note: {notice}", err=True)
    click.echo(f"{done.student} has the paper {done.new} in place of {done.old}")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--sheet", help="The sheet's TOML file, if its problems are in files of their own.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes that share the work.  [default: the cores]")
@secret_option
@recorded_option
def verify(folder: Path, sheet: str | None, workers: int | None, secret: Path | None, recorded: bool) -> None:
    """Solve every paper in a folder again and compare.

    From the parameters in the manifest the answers are computed anew, exactly and with numpy; files are held
    against their hashes.  Whatever differs is printed, and the exit code is 1.

    \b
    Example:
      worksheet verify class/
    """
    from generator.classes.gc_pause import collect_seldom
    from generator.classes.verify import verify_folder
    from generator.classes.workers import WorkerPool
    from generator.cli.progress import progress_bar

    collect_seldom()
    with progress_bar() as advance:
        pool = WorkerPool(workers)
        found = verify_folder(folder, pool, sheet, advance, recorded=recorded, secret=course_secret(secret))
    for note in found.notes:
        click.echo(f"note: {note}", err=True)
    for fault in found.faults:
        click.echo(f"FAILED {fault}", err=True)
    click.echo(
        f"{found.papers} {'paper' if found.papers == 1 else 'papers'} and {found.files} files verified, "
        f"{len(found.faults) or 'no'} fault{'' if len(found.faults) == 1 else 's'}"
    )
    if found.faults:
        sys.exit(1)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--html", type=click.Path(path_type=Path), help="Where the page of plots goes.  [default: DIR/report.html]"
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables, and write no page.")
def report(folder: Path, html: Path | None, as_json: bool) -> None:
    """Show how fair a class's papers are.

    Distinct variants, the work by hand, which letters and which answers are right how often: as tables, and as a
    page of plots.

    \b
    Example:
      worksheet report class/
    """
    from rich.console import Console

    from generator.fairness.as_data import to_dict
    from generator.fairness.counts import fairness
    from generator.fairness.page import fairness_page
    from generator.fairness.tables import print_fairness
    from generator.paper.files import prepare_folder, write_files
    from generator.paper.json_text import to_json
    from generator.paper.manifest import REPORT, read_records

    found = fairness(read_records(folder))
    if as_json:
        click.echo(to_json(to_dict(found)), nl=False)
        return
    print_fairness(found, Console(highlight=False, width=None if sys.stdout.isatty() else 120))
    page = html or folder / REPORT
    with written_by("--html"):
        prepare_folder(page.parent)
        write_files(page.parent, {page.name: fairness_page(found, f"{folder.resolve().name}: fairness").encode()})
    click.echo(page)
