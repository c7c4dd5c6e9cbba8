"""The command that takes sheets to the platforms where courses live: ``export``."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli.options import SEED, course_secret, engine_option, out_folder, secret_option
from generator.cli.progress import progress_bar
from generator.cli.style_options import style_options, take_overrides
from generator.errors import InputError, WorksheetError

if TYPE_CHECKING:
    from generator.export.target import Options, Target
    from generator.paper.sheet import Sheet
    from generator.paper.students import Student


MOST_VARIANTS = 2000
"""More than any site takes in one file."""


def _count(_: click.Context, option: click.Parameter, value: int | None) -> int | None:
    if value is not None and not 1 <= value <= MOST_VARIANTS:
        raise click.BadParameter(
            f"expected 1 to {MOST_VARIANTS}, since no site takes more in one file; got {value}: for more, export again with another --seed, "
            "and --avoid with the records of the first",
            param=option,
        )
    return value


def _names(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (value or "").split(",") if name.strip())


@click.command()
@click.argument("target")
@click.argument("sheet", required=False)
@click.option("--check", "checked", is_flag=True, help="Check a file of the target instead: SHEET is its path.")
@click.option(
    "--variants",
    type=int,
    callback=_count,
    help=f"So many variants of each problem, at most {MOST_VARIANTS}.  [default: 10; 1 where a target is one paper]",
)
@click.option(
    "--seed",
    type=SEED,
    default=1,
    show_default=True,
    help="Other seed, other numbers; more variants of a seed begin with the same.",
)
@click.option("--original", is_flag=True, help="The numbers of the printed sheet instead of a seed's.")
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    help="A class list (CSV): a file for every student, where the target has one a student.",
)
@click.option(
    "--columns",
    metavar="COLUMNS",
    help="Which columns of the class list to read, such as 'id=SIS Login ID,name=Student'.",
)
@click.option("--level", help="easy, standard or hard, for all problems.  [default: the sheet's]")
@click.option(
    "--parts", "only", metavar="PARTS", callback=_names, help="Only these parts, such as dropout.y_corr,layer-norm."
)
@click.option("--without", metavar="PARTS", callback=_names, help="All parts but these.")
@click.option(
    "--out", type=click.Path(), callback=out_folder, help="The file or folder to write.  [default: SHEET-TARGET here]"
)
@click.option("--force", "--replace", "force", is_flag=True, help="Replace what is there.")
@click.option(
    "--as",
    "shape",
    type=click.Choice(["blanks", "choice"]),
    default="blanks",
    show_default=True,
    help="Of canvas: how vectors and matrices are asked.",
)
@click.option("--together", is_flag=True, help="All parts of a problem in one question, with the same numbers.")
@click.option("--decimals", is_flag=True, help="Of stack: accept rounded decimals too.")
@click.option("--mathml", is_flag=True, help="Of qti21: formulas as MathML instead of TeX.")
@click.option(
    "--hints/--no-hints", default=None, help="Say what leads to a known mistake.  [default: on; off for canvas]"
)
@click.option("--solutions/--no-solutions", default=None, help="Show worked solutions.  [default: on; off for canvas]")
@click.option(
    "--avoid", multiple=True, type=click.Path(path_type=Path), help="A class's folder: no variant of it is exported."
)
@click.option("--open", "is_open", is_flag=True, help="Public numbers, and answers that whoever has the file can read.")
@secret_option
@click.option("--strict", is_flag=True, help="Fail if the target cannot say everything.")
@click.option(
    "--revision",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Of anki: a newer deck replaces the notes of an older one.",
)
@engine_option
@style_options
def export(target: str, sheet: str | None, **given: Any) -> None:
    """Write a sheet for a platform, or check such a file.

    TARGET is one of canvas, moodle, stack, prairielearn, gradescope, qti21, jupyter, docx, anki and json (see docs/exports.md);
    SHEET is a built-in sheet, or the path of a sheet's or a problem's file.  The same arguments give the same bytes.

    Numbers are drawn with the course secret, so that no student can make the key; --open has public ones.  After it has written,
    the command says what the platform cannot show, and what to click there.

    \b
    Examples:
      worksheet export canvas discussion04 --variants 20
      worksheet export moodle quiz.toml --variants 30 --avoid class/ --out quiz.xml
      worksheet export prairielearn losses --out course/
      worksheet export jupyter losses --roster class.csv --avoid class/ --out notebooks/
      worksheet export gradescope losses --layout exam --fixed --roster class.csv --out class/
      worksheet export moodle quiz.xml --check
    """
    from generator.export.targets import find_target

    chosen = find_target(target)
    if sheet is None:
        raise click.UsageError("name a sheet (see `worksheet list`), or with --check a file.")
    if given["checked"]:
        _check(chosen, Path(sheet))
        return
    _export(chosen, sheet, given)


def _export(target: Target, name: str, given: dict[str, Any]) -> None:
    from generator.cli.class_exports import export_class
    from generator.paper.sheet_file import find_sheet

    overrides = take_overrides(given)
    options = _options(target, given)
    _check_paper(target, overrides, given)
    sheet = find_sheet(name).overridden(overrides)
    if given["level"] is not None:
        sheet = sheet.at_level(given["level"])
    if given["columns"] is not None and given["roster"] is None:
        raise click.UsageError("--columns is about a class list: say --roster too.")
    if given["roster"] is not None and target.papers is not None:
        export_class(target, target.papers, sheet, given)
    else:
        _export_variants(target, sheet, options, given)


def _export_variants(target: Target, sheet: Sheet, options: Options, given: dict[str, Any]) -> None:
    from dataclasses import replace

    from generator.export import run
    from generator.export.build import Wanted
    from generator.paper.origin import ORIGINAL
    from generator.paper.timeout import time_limit

    students = _students(given)
    place = target if students is None else run.folder_by_student(target)
    path = run.place(place, sheet, given["out"])
    read = [*(sheet.path.parent / one for one in sheet.sources), given["roster"], given["secret"]]
    run.check_place(path, place, force=given["force"], read=read)
    if target.shows_answers and not (given["avoid"] or given["is_open"]):
        raise InputError(
            f"whoever has a file of {target.title} can read its answers: say --avoid with the folder of each class that this sheet "
            "was given to, or --open if there is none",
            field="--open",
        )
    if given["original"] and (given["variants"] or 1) > 1:
        raise InputError("--original has the numbers of the printed sheet alone: one variant", field="--variants")
    wanted = Wanted(
        seed=ORIGINAL if given["original"] else given["seed"],
        count=given["variants"] or target.count,
        only=given["only"],
        without=given["without"],
        secret=None if given["is_open"] or given["original"] else _secret(given["secret"]),
        avoid=run.exercises_of(given["avoid"]),
        with_png=target.needs_png,
        engine=given["engine"],
    )
    steps = wanted.steps(sheet) * (1 if students is None else len(students))
    with time_limit() as limit, progress_bar(steps, "variants") as advance:
        wanted = replace(wanted, limit=limit, progress=lambda count, what: advance(count, what=what))
        if students is None:
            written = run.export_sheet(sheet, target, wanted, options)
        else:
            written = run.export_for_students(sheet, target, wanted, options, students)
    if written.losses and given["strict"]:
        raise WorksheetError(f"--strict: {'; '.join(written.losses)}")
    run.check_beside(path, written, force=given["force"])
    run.write(path, place, written)
    click.echo(f"wrote {path}{'' if place.ending else '/'}")
    for name in run.beside(path, written):
        click.echo(f"wrote {path.parent / name}")
    for loss in written.losses:
        click.echo(f"note: {loss}", err=True)
    if written.next_step:
        click.echo(f"next: {written.next_step}")
    if run.RECORDS_BESIDE in written.beside:
        records = f"{path.stem}{run.RECORDS_BESIDE.partition('/')[0]}"
        click.echo(f"then: `worksheet grade {path.parent / records} FILE` marks the answers that the platform exports")


def _students(given: dict[str, Any]) -> Sequence[Student] | None:
    """Return the students of a class list, if one is named."""
    from generator.classes.chosen_columns import parse_columns
    from generator.classes.roster import read_class_list

    if given["roster"] is None:
        return None
    if given["original"]:
        raise click.UsageError("--original is the same for everybody: leave out --roster.")
    read = read_class_list(given["roster"], parse_columns(given["columns"]) if given["columns"] is not None else None)
    for note in (f"{given['roster']}: {read.columns}", *(f"note: {one}" for one in read.notes)):
        click.echo(note, err=True)
    return read.students


def _secret(option: Path | None) -> Any:
    found = course_secret(option)
    if found is None:
        raise InputError(
            "there is no course secret yet, without which students could make the key themselves: say `worksheet secret new`, or "
            "--open for public numbers",
            field="--secret",
        )
    return found


def _options(target: Target, given: dict[str, Any]) -> Options:
    """Return how the target is to write; raises :class:`InputError` for an option that it does not heed."""
    from generator.export.target import Options

    asked = {
        "as": given["shape"] == "choice", "together": given["together"], "decimals": given["decimals"], "mathml": given["mathml"],
        "revision": given["revision"] > 0,
    }  # fmt: skip
    for name, is_asked in asked.items():
        if is_asked and name not in target.takes:
            raise InputError(f"{target.title} has no such choice; leave it out", field=f"--{name}")
    for name in ("hints", "solutions"):
        if given[name] is not None and name not in target.takes:
            raise InputError(
                f"{target.title} has no such choice; leave it out", field=f"--{'' if given[name] else 'no-'}{name}"
            )
    return Options(
        hints=given["hints"],
        solutions=given["solutions"],
        as_choice=asked["as"],
        together=asked["together"],
        decimals=asked["decimals"],
        mathml=asked["mathml"],
        revision=given["revision"],
    )


def _check_paper(target: Target, overrides: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Refuse options about pages where none are printed, and those about parts where all are."""
    about_pages = [name for name in overrides if name not in ("extended", "language")]
    if about_pages and not target.prints_papers:
        raise InputError(f"{target.title} has no pages; leave it out", field=f"--{about_pages[0].replace('_', '-')}")
    if target.prints_papers and (given["only"] or given["without"]):
        raise InputError(
            f"{target.title} has whole papers: say in the sheet's file which parts to leave out (without = [...])",
            field="--parts" if given["only"] else "--without",
        )


def _check(target: Target, path: Path) -> None:
    """Check a file, or a folder, by the rules of its platform."""
    faults = target.faults(path)
    for fault in faults:
        click.echo(fault)
    if faults:
        click.echo(f"{path}: {len(faults)} {'fault' if len(faults) == 1 else 'faults'}", err=True)
        sys.exit(1)
    click.echo(f"{path}: nothing against the rules of {target.title}")
