"""Commands that mark typed answers: ``mark``, ``grade``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from generator.cli.options import out_folder


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("problem")
@click.argument("params", type=click.File("rb"))
@click.argument("part")
@click.argument("answer")
@click.option("--working", metavar="NAME=VALUE", multiple=True, help="An intermediate value, as `solve` names it.")
@click.option("--exact", is_flag=True, help="Accept no rounded decimals: roots and fractions are left as they are.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def mark(
    problem: str, params: Any, part: str, answer: str, working: tuple[str, ...], exact: bool, as_json: bool
) -> None:
    """Mark one typed answer to a part of your own numbers.

    PARAMS is a JSON file as for `worksheet solve`, PART a part's id as `solve` prints it, or a guided one's. ANSWER is
    typed as a student would: `-1 - 2√3/3`, `[1, 2; 3, 4]`, `4x128`, `B`, `T F`. What follows from a wrong value of the
    working earns marks for its method.

    \b
    Examples:
      worksheet mark dropout params.json y_corr "-3"
      worksheet mark dropout params.json y_corr "-4/3" --working correction=2/3 --json
    """
    from generator.grading.grader import mark_json
    from generator.paper.json_text import to_json
    from generator.problem.catalogue import find_problem

    name = getattr(params, "name", "standard input")
    found = mark_json(find_problem(problem), params.read(), part, answer, working, decimals=not exact, name=name)
    click.echo(to_json(found.to_dict()) if as_json else found.as_text(), nl=not as_json)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("answers", type=click.Path(path_type=Path))
@click.option("--sheet", help="The sheet's TOML file, if its problems are in files of their own.")
@click.option("--out", type=click.Path(), callback=out_folder, help="The folder to write to.  [default: DIR]")
@click.option("--exact", is_flag=True, help="Accept no rounded decimals: roots and fractions are left as they are.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes that share the work.  [default: the cores]")
def grade(folder: Path, answers: Path, sheet: str | None, out: Path | None, exact: bool, workers: int | None) -> None:
    """Mark a class's typed answers.

    DIR is what `generate --roster` wrote, ANSWERS a CSV with the columns student, problem, part, answer (or a JSON list of
    such objects); a problem is named by its id, or by its place on the sheet. Written are grades.csv, grading.html and a
    file of feedback for each student. Rows that cannot be used are named, the others are marked, and the exit code is 1.

    \b
    Example:
      worksheet grade class/ answers.csv
    """
    from rich.console import Console

    from generator.classes.gc_pause import collect_seldom
    from generator.classes.workers import WorkerPool
    from generator.grading.class_report import grade_folder
    from generator.grading.report import print_summary

    collect_seldom()
    found = grade_folder(folder, answers, out or folder, WorkerPool(workers), sheet, decimals=not exact)
    print_summary(found.summary, Console(highlight=False, width=None if sys.stdout.isatty() else 120))
    for sentence in found.refused:
        click.echo(f"REFUSED {sentence}", err=True)
    for path in found.paths:
        click.echo(path)
    if found.refused:
        sys.exit(1)
