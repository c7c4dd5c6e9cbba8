"""Commands between a class and other programs: ``gradebook``, ``form``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.options import check_language, out_folder

if TYPE_CHECKING:
    from generator.classes.gradebooks.points import ClassPoints
    from generator.classes.gradebooks.targets import Target, Written
    from generator.grading.answer_forms.asked import AskedSheet
    from generator.grading.answer_forms.questions import Maker
    from generator.grading.class_points import Pending

TARGETS = ("canvas", "moodle", "brightspace", "blackboard", "gradescope")

_NEXT = {
    "canvas": "Grades, Import, choose the file, and look at the changes that Canvas shows before you save them",
    "moodle": "Grades, Import, CSV file; map Email address or ID number, the points, and Feedback to Feedback",
    "brightspace": "Grades, Enter Grades, Import",
    "blackboard": "Gradebook, Upload Gradebook; it knows students by Username alone",
    "gradescope": "Roster, Add students, CSV file; Gradescope takes no points",
}
"""What to click next."""


@click.command()
@click.argument("target", type=click.Choice(TARGETS))
@click.argument("grades", metavar="DIR|GRADES.csv", type=click.Path(path_type=Path))
@click.option(
    "--column",
    metavar="NAME",
    help="The column's name there.  [default: the sheet's title; of a sheet of your own its name, unless --sheet names it]",
)
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    help="The gradebook as the platform exports it: only the column is filled, and nothing else in it is changed.",
)
@click.option(
    "--pending",
    type=click.Choice(["blank", "zero"]),
    default="blank",
    show_default=True,
    help="What a student gets of whom points are left to a person: no points yet, or those so far.",
)
@click.option(
    "--from",
    "scores",
    nargs=2,
    type=(click.Choice(["gradescope"]), click.Path(path_type=Path)),
    metavar="gradescope SCORES",
    help="Add the points that were given there; they stand in place of the program's own.",
)
@click.option("--strict", is_flag=True, help="Write nothing if a student has no row, no points or two rows.")
@click.option("--sheet", help="The sheet's TOML file, if its problems are in files of their own.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="The file to write.  [default: gradebook-TARGET.csv in DIR]"
)
def gradebook(
    target: Target,
    grades: Path,
    column: str | None,
    template: Path | None,
    pending: Pending,
    scores: tuple[str, Path] | None,
    strict: bool,
    sheet: str | None,
    out: Path | None,
) -> None:
    """Write a class's points as a gradebook imports them.

    DIR is a class that `grade` has marked; or give its grades.csv. With --template the platform's own download is filled, which
    is the surest way: the ids of its students and columns stay. Students who are not found, or have no points yet, are named, and the exit code is 1.

    \b
    Examples:
      worksheet gradebook canvas class/ --template 2026-11-30_Grades.csv
      worksheet gradebook moodle class/ --pending zero
      worksheet gradebook canvas class/ --from gradescope scores.csv
    """
    from generator.classes.gradebooks.targets import write_gradebook
    from generator.classes.gradebooks.template import fill_template

    folder = grades if grades.is_dir() else grades.parent
    refused: tuple[str, ...] = ()
    if target == "gradescope":
        if template is not None or scores is not None:
            raise click.UsageError("Gradescope takes no points: leave out --template and --from.")
        points = _roster(folder)
    else:
        points, refused = _points(grades, folder, column, pending, scores, sheet)
    written: Written = (
        fill_template(template, target, points, points.title) if template else write_gradebook(target, points)
    )
    for note in getattr(written, "notes", ()):
        click.echo(f"note: {note}", err=True)
    faults = (*refused, *written.faults)
    for fault in faults:
        click.echo(f"LEFT {fault}", err=True)
    if faults and strict:
        click.echo("Nothing was written (--strict).", err=True)
        sys.exit(1)
    name = "gradescope-roster.csv" if target == "gradescope" else f"gradebook-{target}.csv"
    path = out or folder / name
    _write(path, written.content)
    click.echo(path)
    click.echo(f"next: {_NEXT[target]}", err=True)
    if faults:
        sys.exit(1)


@click.command()
@click.argument("sheet", metavar="SHEET|DIR")
@click.option(
    "--in",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The class that the form is for, as `generate --roster` wrote it.",
)
@click.option(
    "--formats",
    metavar="LIST",
    help="Some of csv, xlsx, html, with commas between.  [default: html, and csv for a class]",
)
@click.option(
    "--for",
    "maker",
    type=click.Choice(["google", "microsoft"]),
    help="Print the questions of a form to make there, to paste.",
)
@click.option("--language", help="The language of the form, such as de.  [default: the sheet's]")
@click.option("--out", type=click.Path(), callback=out_folder, help="The folder to write to.  [default: DIR, or here]")
def form(
    sheet: str, folder: Path | None, formats: str | None, maker: Maker | None, language: str | None, out: Path | None
) -> None:
    """Write what collects typed answers for `grade` without a platform.

    SHEET is a sheet's name or file; a class's folder may stand in its place. answers.csv and answers.xlsx have a row for each student
    and part, to be filled in. answers.html is a page, without network, on which a student types her answers and saves them as a file; put the files
    into a folder, which `grade` reads. With --for, nothing is written: the questions are printed, each with the tag by which
    `grade` reads the form's answers.

    \b
    Examples:
      worksheet form discussion04 --in class/ --formats csv,xlsx,html
      worksheet form class/
      worksheet form discussion04 --for google
    """
    from dataclasses import replace

    from generator.errors.language import using
    from generator.grading.answer_forms.asked import asked_in_class, asked_on_sheet
    from generator.grading.answer_forms.page import answer_page
    from generator.grading.answer_forms.questions import questions_text
    from generator.grading.answer_forms.tables import answers_csv, answers_workbook
    from generator.grading.platforms.owners import ClassPapers
    from generator.paper.files import prepare_folder, write_files
    from generator.paper.sheet_file import find_sheet

    if language is not None:
        check_language(language)
    named = None if folder is None and Path(sheet).is_dir() else sheet
    folder = folder or (Path(sheet) if named is None else None)
    if folder is None:
        asked = asked_on_sheet(find_sheet(sheet))
    else:
        title = find_sheet(named).title if named is not None else None
        asked = asked_in_class(ClassPapers(folder, named), title)
    asked = replace(asked, language=language or asked.language)
    if maker is not None:
        with using(asked.language):
            click.echo(questions_text(asked, maker))
        return
    kinds = _kinds(formats) if formats else ["html", *(["csv"] if folder else [])]
    with using(asked.language):
        makers: dict[str, Callable[[AskedSheet], bytes]] = {
            "csv": answers_csv,
            "xlsx": answers_workbook,
            "html": answer_page,
        }
        files = {f"answers.{kind}": makers[kind](asked) for kind in kinds}
    target = out or folder or Path()
    prepare_folder(target)
    for path in write_files(target, files):
        click.echo(path)


def _kinds(formats: str) -> list[str]:
    from generator.errors import InputError, expected
    from generator.paper.csv_tables import shown

    kinds = [one.strip().lower() for one in formats.split(",") if one.strip()]
    if not kinds or {*kinds} - {"csv", "xlsx", "html"}:
        raise InputError(expected("some of csv, xlsx, html", shown(formats)), field="--formats")
    return list(dict.fromkeys(kinds))


def _roster(folder: Path) -> ClassPoints:
    from generator.classes.gradebooks.points import ClassPoints, StudentPoints
    from generator.errors import InputError
    from generator.grading.platforms.owners import ClassPapers

    students = ClassPapers(folder).students
    if not students:
        raise InputError(f"{folder} has no class list: it was made with forms or for one student", field="DIR")
    return ClassPoints("", 0, tuple(StudentPoints(one, None) for one in students))


def _points(
    grades: Path, folder: Path, column: str | None, pending: Pending, scores: tuple[str, Path] | None, sheet: str | None
) -> tuple[ClassPoints, tuple[str, ...]]:
    from generator.classes.workers import WorkerPool
    from generator.errors import InputError
    from generator.grading.class_points import class_points, marks_with_scores, points_in_table, with_unmarked
    from generator.grading.paper_marking import Marking

    if grades.is_file():
        if scores is not None:
            raise click.UsageError("--from adds to the marks in a folder: give DIR in place of the table.")
        from generator.grading.kept_marks import MARKS, kept_marks

        kept = kept_marks(folder, MARKS)
        students = {paper.student.id: paper.student for paper in kept.values()}
        title = column or _title(next((paper.sheet for paper in kept.values()), folder.resolve().name), sheet)
        return with_unmarked(points_in_table(grades, title, pending, students), folder), ()
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}; give one that grade has written into", field="DIR")
    papers, refused = marks_with_scores(folder, scores[1] if scores else None, WorkerPool(1), Marking(sheet))
    title = column or _title(next(iter(papers.values())).sheet, sheet)
    return with_unmarked(class_points(papers.values(), title, pending), folder), refused


def _title(recorded: str, sheet: str | None) -> str:
    """Return the sheet's title; of a sheet that is not at hand, its name, which is all that is on record."""
    from generator.paper.sheet_file import built_in_sheets, find_sheet

    if sheet is not None or recorded in built_in_sheets():
        return find_sheet(sheet or recorded).title
    return recorded


def _write(path: Path, content: bytes) -> None:
    from generator.paper.files import prepare_folder, write_files

    prepare_folder(path.parent)
    write_files(path.parent, {path.name: content})
