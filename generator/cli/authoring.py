"""Commands for authors of problems: ``check``, ``new``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from generator.cli.options import SEED
from generator.errors import InputError


@click.command()
@click.argument("what", required=False, metavar="[PROBLEM|SHEET]")
@click.option("--variants", type=click.IntRange(min=1), default=100, show_default=True, help="How many of each.")
@click.option("--first-seed", type=SEED, default=1, show_default=True, help="The seed to begin with.")
def check(what: str | None, variants: int, first_seed: int) -> None:
    """Audit many variants of a problem, of a sheet's problems, or of all.

    Each variant's key is compared with a second opinion, each mistake must show, and every format must render.
    A failure names the seed that shows it.

    \b
    Examples:
      worksheet check
      worksheet check discussion04 --variants 1000
    """
    from generator.cli.check import check_problems, chosen, print_report

    reports = check_problems(chosen(what), range(first_seed, first_seed + variants))
    print_report(reports)
    if any(report.failures for report in reports):
        sys.exit(1)


@click.command()
@click.argument("name")
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path), default=Path(), help="Where to write.  [default: here]"
)
@click.option("--minimal", is_flag=True, help="The shortest file that runs, and no bank.")
def new(name: str, folder: Path, minimal: bool) -> None:
    """Write a problem file, its bank of questions and its test, or a sheet, for an author to start from.

    NAME is the new problem's id, such as `softmax-gradient`.  The files work at once and show every feature; with
    `--minimal` there is one file that shows what no problem can do without.  If NAME ends in `.toml`, it is a sheet of
    plain questions, which need no Python.

    \b
    Examples:
      worksheet new quiz.toml
      worksheet new softmax-gradient
      worksheet show softmax_gradient.py --key
    """
    from generator.cli.scaffold import write_minimal, write_problem, write_sheet

    if name.endswith(".toml") and minimal:
        raise InputError("is for problem files: a sheet has no shorter form", field="--minimal")
    write = write_sheet if name.endswith(".toml") else write_minimal if minimal else write_problem
    for path in write(name, folder):
        click.echo(path)
