"""Commands for authors of problems: ``check``, ``new``, ``preview``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from generator.cli.options import SEED, cluster_option, worker_pool, workers_option
from generator.errors import InputError


@click.command()
@click.argument("what", required=False, metavar="[PROBLEM|SHEET]")
@click.option("--variants", type=click.IntRange(min=1), default=100, show_default=True, help="How many of each.")
@click.option("--first-seed", type=SEED, default=1, show_default=True, help="The seed to begin with.")
@workers_option
@cluster_option
def check(what: str | None, variants: int, first_seed: int, workers: int | None, cluster: str | None) -> None:
    """Audit many variants of a problem, of a sheet's problems, or of all.

    Each variant's key is compared with a second opinion, each mistake must show, and every format must render.
    A failure names the seed that shows it.  Many variants are shared out to the cores, or to a cluster whose workers
    have the same files; --first-seed goes on where an earlier audit ended.

    \b
    Examples:
      worksheet check
      worksheet check discussion04 --variants 1000
      worksheet check dropout --variants 1000 --first-seed 1001
    """
    from generator.cli.check import check_chosen, warnings_of_size
    from generator.cli.check_report import print_report

    seeds = range(first_seed, first_seed + variants)
    with worker_pool(workers, cluster) as pool:
        reports = check_chosen(what, seeds, pool)
    print_report(reports)
    if any(report.failures for report in reports):
        sys.exit(1)
    for warning in warnings_of_size(what, seeds):
        click.echo(f"warning: {warning}")


@click.command()
@click.argument("name")
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path), default=Path(), help="Where to write.  [default: here]"
)
@click.option("--minimal", is_flag=True, help="The shortest file that runs, and no bank.")
@click.option("--like", "sheet", metavar="SHEET", help="A copy of this built-in sheet, to be changed.")
def new(name: str, folder: Path, minimal: bool, sheet: str | None) -> None:
    """Write a problem file, its bank of questions and its test, or a sheet, for an author to start from.

    NAME is the new problem's id, such as `softmax-gradient`.  The files work at once and show every feature; with
    `--minimal` there is one file that shows what no problem can do without.  If NAME ends in `.toml`, it is a sheet of
    plain questions, which need no Python, or with `--like` the copy of a built-in one.

    \b
    Examples:
      worksheet new quiz.toml
      worksheet new week3.toml --like optimization
      worksheet new softmax-gradient
      worksheet show softmax_gradient.py --key
    """
    from generator.cli.scaffold import write_copy, write_minimal, write_problem, write_sheet

    if sheet is not None and minimal:
        raise InputError("goes with problem files, and --like with sheets", field="--minimal")
    if sheet is not None:
        click.echo(write_copy(name, folder, sheet))
        return
    if name.endswith(".toml") and minimal:
        raise InputError("is for problem files: a sheet has no shorter form", field="--minimal")
    write = write_sheet if name.endswith(".toml") else write_minimal if minimal else write_problem
    for path in write(name, folder):
        click.echo(path)


PREVIEW_PORT = 8401


@click.command()
@click.argument("file")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PREVIEW_PORT,
    show_default=True,
    help="Port of the page; 0 takes any free one.",
)
@click.option("--no-browser", is_flag=True, help="Do not open the page in the browser.")
@click.option("--seed", type=SEED, default=1, show_default=True, help="The seed to begin with.")
@click.option("--level", type=click.Choice(["easy", "standard", "hard"]), help="The level to begin with.")
def preview(file: str, port: int, no_browser: bool, seed: int, level: str | None) -> None:
    """Show a problem or a sheet on a page that renews itself when its file is saved.

    FILE is a problem's Python file or its bank, a sheet (TOML), or the id of a built-in problem or sheet.  The page
    shows the question, the key, what each mistake leads to, what `worksheet check` finds, and the PDF; an error in the file
    is shown with its line.  The page is for this machine alone.

    \b
    Examples:
      worksheet preview softmax_gradient.py
      worksheet preview quiz.toml --seed 7
    """
    from generator.cli.preview.app import create_app
    from generator.cli.preview.pages import Pages, closed_by_ctrl_c
    from generator.cli.preview.request import Request
    from generator.cli.preview.target import find_target
    from generator.practice.web.server import serve_app

    target = find_target(file)
    with Pages(target) as pages, closed_by_ctrl_c(pages):
        first = Request("documents", seed, level or "")
        serve_app(
            lambda hosts: create_app(pages, first, hosts),
            port,
            open_browser=not no_browser,
            announce=lambda address: click.echo(f"{address}  (Ctrl-C stops)"),
            threads=8,
        )
