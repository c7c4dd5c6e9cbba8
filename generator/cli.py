"""The ``worksheet`` command.

Only click is imported here; each command imports what it needs when it runs, so ``--help`` is quick.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator._version import __version__
from generator.errors import WorksheetError
from generator.practice.cli import practice

if TYPE_CHECKING:
    from generator.pdf import EngineName


class _Commands(click.Group):
    """Turns our errors into one message and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except WorksheetError as error:
            kind = _Refused if error.exit_code == _Refused.exit_code else click.ClickException
            raise kind(str(error)) from error


class _Refused(click.ClickException):
    exit_code = 2


def _folder(_: click.Context, option: click.Parameter, value: str | None) -> Path | None:
    """Where to write; nothing would be here, which a script with an empty variable does not mean."""
    if value is not None and not value.strip():
        raise click.BadParameter("expected a folder; got nothing", param=option)
    return None if value is None else Path(value)


_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_SEED = click.IntRange(min=0)


@click.group(cls=_Commands, context_settings=_SETTINGS)
@click.version_option(__version__, prog_name="worksheet")
def main() -> None:
    """Make worksheets of fresh deep-learning problems, with keys that are right.

    \b
    Example:
      worksheet generate discussion04 --seed 7
    """


@main.command()
@click.argument("sheet")
@click.option("--seed", type=_SEED, default=1, show_default=True, help="Other seed, other numbers.")
@click.option("--original", is_flag=True, help="The numbers of the printed sheet instead of a seed's.")
@click.option("--roster", type=click.Path(path_type=Path), help="A class list (CSV): a paper for every student.")
@click.option("--forms", type=int, help="So many forms of the sheet: A, B, C …")
@click.option("--formats", default="tex,md,pdf", show_default=True, help="What to write, of tex, md, html and pdf.")
@click.option(
    "--out", type=click.Path(), callback=_folder, help="The folder to write to.  [default: output/SHEET/SEED]"
)
@click.option(
    "--engine",
    type=click.Choice(["embedded", "system"]),
    help="Which pdfTeX makes the PDFs.  [default: embedded, where there is one]",
)
@click.option("--workers", type=click.IntRange(min=1), help="Processes that share the work.  [default: the cores]")
@click.option("--cluster", metavar="ADDRESS", help="A dask scheduler whose workers do the work.")
@click.option("--one-key", is_flag=True, help="Of a class: all keys in one PDF too, with an index by student.")
@click.option(
    "--print-order", metavar="COLUMNS", help="Of a class: all worksheets in one PDF too, by section,name say."
)
@click.option("--duplex", is_flag=True, help="In that PDF every worksheet begins on a right-hand page.")
def generate(
    sheet: str, seed: int, original: bool, formats: str, out: Path | None, engine: EngineName | None, **of_class: Any
) -> None:
    """Write a worksheet and its key, or those of a whole class.

    SHEET is a built-in sheet (see `worksheet list`) or the path of a TOML file.  The same seed gives the same
    bytes.  A class that was interrupted goes on when the command is given again.

    \b
    Examples:
      worksheet generate discussion04 --seed 7
      worksheet generate discussion04 --original --formats md --out original/
      worksheet generate discussion04 --roster class.csv --out class/
      worksheet generate discussion04 --forms 4 --out forms/
    """
    from generator.collector import collect_seldom
    from generator.generate import generate_sheet
    from generator.render import parse_formats
    from generator.sheet import find_sheet
    from generator.worksheet import ORIGINAL

    collect_seldom()
    names = parse_formats(formats)
    chosen = find_sheet(sheet)
    name = ORIGINAL if original else seed
    folder = out or Path("output") / chosen.name / str(name)
    if of_class["roster"] is not None or of_class["forms"] is not None:
        if original:
            raise click.UsageError("--original is one paper: leave out --roster and --forms.")
        from generator.class_cli import generate_for_class

        generate_for_class(chosen, seed, names, folder, engine, **of_class)
        return
    unused = [name for name, value in of_class.items() if value]
    if unused:
        raise click.UsageError(f"--{unused[0].replace('_', '-')} is about a class: say --roster or --forms too.")
    written = generate_sheet(chosen, name, names, folder, engine)
    for path in written.paths:
        click.echo(path)
    for warning in written.warnings:
        click.echo(f"warning: {warning}", err=True)


@main.command("list")
def list_() -> None:
    """List the problems and the sheets.

    With each problem stands how many distinct variants it has, at each of its levels.

    \b
    Example:
      worksheet list
    """
    from generator.catalogue import catalogue
    from generator.sheet import built_in_sheets, find_sheet

    problems = catalogue()
    sheets = {name: find_sheet(name).title for name in built_in_sheets()}
    width = max(map(len, (*problems, *sheets)))
    click.echo("Problems")
    for problem in problems.values():
        others = "".join(f"; {name} {level.size}" for name, level in problem.levels.items() if name != "standard")
        click.echo(f"  {problem.id:<{width}}  {problem.title} ({problem.levels['standard'].size} variants{others})")
    click.echo("Sheets")
    for name, title in sheets.items():
        click.echo(f"  {name:<{width}}  {title}")


@main.command()
@click.argument("problem")
@click.option("--seed", type=_SEED, default=1, show_default=True, help="Other seed, other numbers.")
@click.option("--original", is_flag=True, help="The numbers of the printed sheet instead of a seed's.")
@click.option("--level", default="standard", show_default=True, help="easy, standard or hard.")
@click.option("--guided", is_flag=True, help="Ask for the intermediate values too.")
@click.option("--key", is_flag=True, help="With the solution.")
def show(problem: str, seed: int, original: bool, level: str, guided: bool, key: bool) -> None:
    """Print one problem as Markdown.

    PROBLEM is a problem's id or the path of a problem file.

    \b
    Examples:
      worksheet show layer-norm --seed 3
      worksheet show dropout --seed 3 --key
    """
    from generator.catalogue import find_problem
    from generator.document import without_key
    from generator.render import FORMATS, renderer
    from generator.sheet import Entry
    from generator.worksheet import exercise

    found = find_problem(problem)
    variant = found.printed() if original else found.draw(seed, level=level)
    node = exercise(variant, 1, Entry(found, guided=guided))
    click.echo(str(renderer(FORMATS["md"]).node(node if key else without_key(node))).rstrip())


@main.command()
@click.argument("problem")
@click.argument("params", type=click.File("rb"))
def solve(problem: str, params: Any) -> None:
    """Solve a problem for your own numbers, exactly.

    PARAMS is a JSON file (`-` for standard input) with the problem's parameters: integers, or texts such as
    "1/3", "sqrt(2)" and "log(6)".  The answer is JSON; every exact number in it is a text.

    \b
    Example:
      echo '{"x": [2, 1, 3], "w": [1, -2, 2], "p": "1/3", "dropped": [2]}' | worksheet solve dropout -
    """
    from generator.catalogue import find_problem
    from generator.solve import solve_json

    found = find_problem(problem)
    click.echo(solve_json(found, params.read(), getattr(params, "name", "standard input")))


@main.command()
@click.argument("paper", metavar="ID")
@click.option(
    "--in",
    "folder",
    type=click.Path(path_type=Path),
    default="output",
    show_default=True,
    help="Where manifests are looked for.",
)
@click.option("--sheet", help="The sheet of the paper, if it is not a built-in one.")
@click.option(
    "--out", type=click.Path(), callback=_folder, help="Write worksheet and key there instead of printing the key."
)
@click.option("--formats", default="tex,md,pdf", show_default=True, help="What to write, of tex, md, html and pdf.")
def key(paper: str, folder: Path, sheet: str | None, out: Path | None, formats: str) -> None:
    """Find the key to a sheet of paper by the id in its foot.

    The paper is made again from the parameters in its manifest; where no manifest has it, from the id alone, which
    this version draws the same paper from.

    \b
    Examples:
      worksheet key WK47A-A2R8X
      worksheet key WK47A-A2R8X --in class/ --out found/
    """
    from generator.generate import write_paper
    from generator.identity import read_id
    from generator.rebuild import find_paper
    from generator.render import FORMATS, parse_formats, renderer
    from generator.sheet import find_sheet

    names = parse_formats(formats)
    found = find_paper(read_id(paper), folder, find_sheet(sheet) if sheet else None)
    if found.manifest is None:
        click.echo(f"note: no manifest in {folder} has it; drawn again from its id by version {__version__}", err=True)
    else:
        click.echo(f"note: made again from {found.manifest}", err=True)
    if out is None:
        click.echo(renderer(FORMATS["md"], found.sheet.templates).document(found.paper.document).rstrip())
        return
    for path in write_paper(found.paper, found.sheet, names, out).paths:
        click.echo(path)


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--sheet", help="The sheet's TOML file, if its problems are in files of their own.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes that share the work.  [default: the cores]")
def verify(folder: Path, sheet: str | None, workers: int | None) -> None:
    """Solve every paper in a folder again and compare.

    From the parameters in the manifest the answers are computed anew, exactly and with numpy; files are held
    against their hashes.  Whatever differs is printed, and the exit code is 1.

    \b
    Example:
      worksheet verify class/
    """
    from generator.class_cli import progress_bar
    from generator.collector import collect_seldom
    from generator.verify import verify_folder
    from generator.workers import Hands

    collect_seldom()
    with progress_bar() as advance:
        found = verify_folder(folder, Hands(workers), sheet, advance)
    for fault in found.faults:
        click.echo(f"FAILED {fault}", err=True)
    click.echo(
        f"{found.papers} {'paper' if found.papers == 1 else 'papers'} and {found.files} files verified, "
        f"{len(found.faults) or 'no'} fault{'' if len(found.faults) == 1 else 's'}"
    )
    if found.faults:
        sys.exit(1)


@main.command()
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

    from generator.fairness import fairness
    from generator.files import write_files
    from generator.json_text import to_json
    from generator.records import REPORT, read_records
    from generator.report import fairness_page, print_fairness, to_dict

    found = fairness(read_records(folder))
    if as_json:
        click.echo(to_json(to_dict(found)), nl=False)
        return
    print_fairness(found, Console(highlight=False, width=None if sys.stdout.isatty() else 120))
    page = html or folder / REPORT
    write_files(page.parent, {page.name: fairness_page(found, f"{folder.resolve().name}: fairness").encode()})
    click.echo(page)


@main.command()
@click.argument("what", required=False, metavar="[PROBLEM|SHEET]")
@click.option("--variants", type=click.IntRange(min=1), default=100, show_default=True, help="How many of each.")
@click.option("--first-seed", type=_SEED, default=1, show_default=True, help="The seed to begin with.")
def check(what: str | None, variants: int, first_seed: int) -> None:
    """Audit many variants of a problem, of a sheet's problems, or of all.

    Each variant's key is compared with a second opinion, each mistake must show, and every format must render.
    A failure names the seed that shows it.

    \b
    Examples:
      worksheet check
      worksheet check discussion04 --variants 1000
    """
    from generator.check import check_problems, chosen, print_report

    reports = check_problems(chosen(what), range(first_seed, first_seed + variants))
    print_report(reports)
    if any(report.failures for report in reports):
        sys.exit(1)


@main.command()
@click.argument("name")
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path), default=Path(), help="Where to write.  [default: here]"
)
def new(name: str, folder: Path) -> None:
    """Write a problem file and its test for an author to start from.

    NAME is the new problem's id, such as `softmax-gradient`.  The file works at once and shows every feature.

    \b
    Example:
      worksheet new softmax-gradient
      worksheet show softmax_gradient.py --key
    """
    from generator.scaffold import write_problem

    for path in write_problem(name, folder):
        click.echo(path)


@main.command(context_settings={"ignore_unknown_options": True})
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
    from generator.catalogue import find_problem
    from generator.grading.marking import as_text, mark_json
    from generator.json_text import to_json

    name = getattr(params, "name", "standard input")
    found = mark_json(find_problem(problem), params.read(), part, answer, working, decimals=not exact, name=name)
    click.echo(to_json(found.to_dict()) if as_json else as_text(found), nl=not as_json)


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("answers", type=click.Path(path_type=Path))
@click.option("--sheet", help="The sheet's TOML file, if its problems are in files of their own.")
@click.option("--out", type=click.Path(), callback=_folder, help="The folder to write to.  [default: DIR]")
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

    from generator.collector import collect_seldom
    from generator.grading.class_grades import grade_folder
    from generator.grading.grade_report import print_summary
    from generator.workers import Hands

    collect_seldom()
    found = grade_folder(folder, answers, out or folder, Hands(workers), sheet, decimals=not exact)
    print_summary(found.summary, Console(highlight=False, width=None if sys.stdout.isatty() else 120))
    for sentence in found.refused:
        click.echo(f"REFUSED {sentence}", err=True)
    for path in found.paths:
        click.echo(path)
    if found.refused:
        sys.exit(1)


main.add_command(practice)
