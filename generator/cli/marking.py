"""Commands that mark typed answers: ``mark``, ``grade``."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli.options import out_folder, recorded_option

if TYPE_CHECKING:
    from generator.grading.paper_marking import Keep
    from generator.grading.platforms.layouts import Format

FORMATS = (
    "worksheet",
    "google-forms",
    "microsoft-forms",
    "canvas-analysis",
    "moodle-responses",
    "prairielearn",
    "wide",
)
"""Those of :mod:`generator.grading.platforms`, which is imported when it is needed."""

MAX_WIDTH = 96
"""The longest line of a message, in cells of the terminal."""


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("problem")
@click.argument("params", type=click.File("rb"))
@click.argument("part")
@click.argument("answer")
@click.option("--working", metavar="NAME=VALUE", multiple=True, help="An intermediate value, as `solve` names it.")
@click.option("--exact", is_flag=True, help="Accept no rounded decimals: roots and fractions are left as they are.")
@click.option(
    "--guided", is_flag=True, help="PART is a label of the guided paper, which asks for the intermediate values too."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--markdown", is_flag=True, help="Print the message as Markdown.")
def mark(
    problem: str,
    params: Any,
    part: str,
    answer: str,
    working: tuple[str, ...],
    exact: bool,
    guided: bool,
    as_json: bool,
    markdown: bool,
) -> None:
    """Mark one typed answer to a part of your own numbers.

    PARAMS is a JSON file as for `worksheet solve`, PART the part's label on the paper, `(b)(ii)` or `b.ii`, or its id as `solve` prints it. ANSWER is
    typed as a student would: `-1 - 2√3/3`, `[1, 2; 3, 4]`, `4x128`, `B`, `T F`. What follows from a wrong value of the
    working earns marks for its method.

    \b
    Examples:
      worksheet mark dropout params.json y_corr "-3"
      worksheet mark dropout params.json y_corr "-4/3" --working correction=2/3 --json
    """
    from generator.grading.grader import mark_json
    from generator.paper.json_text import to_json
    from generator.paper.sheet_file import find_asked

    name = getattr(params, "name", "standard input")
    found = mark_json(
        find_asked(problem), params.read(), part, answer, working, decimals=not exact, guided=guided, name=name
    )
    if as_json:
        click.echo(to_json(found.to_dict()), nl=False)
        return
    click.echo(found.head)
    if markdown:
        click.echo(found.message)
        return
    from generator.practice.terminal.document import Writer

    for line in Writer(min(MAX_WIDTH, shutil.get_terminal_size().columns)).markdown(found.message):
        click.echo(line.plain)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("answers", required=False, type=click.Path(path_type=Path))
@click.option(
    "--marks",
    type=click.Path(path_type=Path),
    help="Points that a person gives: student,problem,part,points,comment; or the scores of an assignment in Gradescope.",
)
@click.option(
    "--from",
    "form",
    type=click.Choice(FORMATS),
    help="What the file is: our own form, or the export of a platform.  [default: by its columns]",
)
@click.option(
    "--columns",
    metavar="WHAT=COLUMN,…",
    help="Columns of an export by their names or numbers: student, email, name, paper, time, attempt, state, ignore, or a part such as dropout.y_corr.",
)
@click.option(
    "--keep",
    "--attempt",
    "keep",
    type=click.Choice(["first", "last", "best"]),
    help="Which of several answers to a part counts.  [default: of an export the last]",
)
@click.option("--sheet", help="The sheet's TOML file, if its problems are in files of their own.")
@click.option("--out", type=click.Path(), callback=out_folder, help="The folder to write to.  [default: DIR]")
@click.option("--exact", is_flag=True, help="Accept no rounded decimals: roots and fractions are left as they are.")
@recorded_option
@click.option("--workers", type=click.IntRange(min=1), help="Processes that share the work.  [default: the cores]")
def grade(
    folder: Path,
    answers: Path | None,
    marks: Path | None,
    form: Format | None,
    columns: str | None,
    keep: Keep | None,
    sheet: str | None,
    out: Path | None,
    exact: bool,
    recorded: bool,
    workers: int | None,
) -> None:
    """Mark a class's typed answers, and add the points that a person gives.

    DIR is what `generate --roster` wrote, or the records next to an export; ANSWERS a CSV or XLSX with the columns student, problem, part, answer (or a JSON list of
    such objects, or a folder of such files), or answers as Canvas, Moodle, PrairieLearn, Google Forms or Microsoft Forms export them, or a table with a
    column a part.  A problem is named by its id or its number, a part by its id or its label: `1a`, `(b)(ii)`.  Written are
    grades.csv, a page of plots, each student's feedback, and left.csv, the parts that are left to a person; with the points filled in
    it is a file for --marks.  Given again, the command marks the students it reads about and keeps the others' marks.
    Rows that cannot be used are named, the others are marked, and the exit code is 1.

    \b
    Examples:
      worksheet grade class/ answers.csv
      worksheet grade class/ --marks left.csv
      worksheet grade class/ quiz.csv --from canvas-analysis
      worksheet grade quiz-canvas-records/ quiz.csv
    """
    from rich.console import Console

    from generator.classes.class_faults import is_manifest_changed
    from generator.classes.gc_pause import collect_seldom
    from generator.classes.workers import WorkerPool
    from generator.grading.class_report import grade_folder
    from generator.grading.paper_marking import Marking
    from generator.grading.platforms.formats import Export
    from generator.grading.platforms.layouts import parse_answer_columns
    from generator.grading.report import print_changes, print_summary

    if answers is None and marks is None:
        raise click.UsageError("Nothing to mark: give a file of answers, or --marks, or both.")
    collect_seldom()
    marking = Marking(sheet, not exact, keep, recorded)
    export = Export(form, parse_answer_columns(columns) if columns else {}, keep)
    found = grade_folder(folder, answers, marks, out or folder, WorkerPool(workers), marking, export)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    print_summary(found.summary, console)
    print_changes(found.changed, console)
    if is_manifest_changed(folder):
        click.echo(
            f"note: the manifest in {folder} is not as it was written: `worksheet verify {folder}` says what differs",
            err=True,
        )
    for sentence in found.notes:
        click.echo(f"note: {sentence}", err=True)
    for sentence in found.refused:
        click.echo(f"REFUSED {sentence}", err=True)
    for path in found.paths:
        click.echo(path)
    if found.refused:
        sys.exit(1)
