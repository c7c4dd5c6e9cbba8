"""Commands that make and show papers and problems: ``generate``, ``list``, ``show``, ``solve``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli.options import SEED, cluster_option, engine_option, out_folder, secret_option, workers_option
from generator.cli.style_options import style_options, take_overrides
from generator.errors import InputError, expected, near

if TYPE_CHECKING:
    from generator.tex.pdf import EngineName


@click.command()
@click.argument("sheet")
@click.option("--seed", type=SEED, default=1, show_default=True, help="Other seed, other numbers.")
@click.option("--original", is_flag=True, help="The numbers of the printed sheet instead of a seed's.")
@click.option("--roster", type=click.Path(path_type=Path), help="A class list (CSV): a paper for every student.")
@click.option(
    "--columns",
    metavar="COLUMNS",
    help="Which columns of the class list to read, such as 'id=SIS Login ID,name=Student'.",
)
@click.option(
    "--forms", type=int, help="So many forms of the sheet: A, B, C …; with --roster, neighbours get different ones."
)
@click.option(
    "--formats", default="tex,md,html,pdf", show_default=True, help="What to write, of tex, md, html, pdf and docx."
)
@click.option(
    "--out", type=click.Path(), callback=out_folder, help="The folder to write to.  [default: output/SHEET/SEED]"
)
@engine_option
@workers_option
@cluster_option
@click.option("--one-key", is_flag=True, help="Of a class: all keys in one PDF too, with an index by student.")
@click.option(
    "--print-order", metavar="COLUMNS", help="Of a class: all worksheets in one PDF too, by section,name say."
)
@click.option(
    "--replace", is_flag=True, help="Of a class: papers that are there may be removed, or made anew from changed files."
)
@secret_option
@click.option(
    "--by",
    type=click.Choice(["section", "form"]),
    help="Of a class: a PDF of the worksheets for each section, or form.",
)
@click.option("--duplex", is_flag=True, help="In such a PDF every worksheet begins on a right-hand page.")
@click.option("--cover", is_flag=True, help="In front of such a PDF, a list of its students.")
@click.option(
    "--zip", "zip_", is_flag=True, help="Of a class: the worksheets' files in an archive, or one for each of --by."
)
@style_options
@click.option("--mail", is_flag=True, help="Of a class: mail.csv, which says whose file goes to which e-mail address.")
def generate(
    sheet: str,
    seed: int,
    original: bool,
    formats: str,
    out: Path | None,
    engine: EngineName | None,
    secret: Path | None,
    **of_class: Any,
) -> None:
    """Write a worksheet and its key, or those of a whole class.

    SHEET is a built-in sheet (see `worksheet list`), the path of a TOML file, or a problem's Python file.  The same seed gives the same
    bytes.  A class that was interrupted goes on when the command is given again.

    The papers of a class are drawn with the course secret, so that only who has it can make their keys.  A single paper
    has public numbers, and anyone can make its key, unless --secret names the secret's file.

    \b
    Examples:
      worksheet generate discussion04 --seed 7
      worksheet generate discussion04 --original --formats md --out original/
      worksheet generate discussion04 --roster class.csv --out class/
      worksheet generate discussion04 --roster class.csv --by section --cover --mail --out class/
      worksheet generate discussion04 --forms 4 --out forms/
      worksheet generate discussion04 --layout exam --paper a4 --out exam/
    """
    from generator.classes.gc_pause import collect_seldom
    from generator.paper.generate import check_words, generate_sheet
    from generator.paper.origin import ORIGINAL, secret_origin
    from generator.paper.secret import read_secret
    from generator.paper.sheet_file import find_sheet
    from generator.render.author_signs import for_engine
    from generator.render.renderer import parse_formats

    collect_seldom()
    names = parse_formats(formats)
    chosen = find_sheet(sheet).overridden(take_overrides(of_class))
    name = ORIGINAL if original else seed
    folder = out or Path("output") / chosen.name / str(name)
    if of_class["roster"] is not None or of_class["forms"] is not None:
        if original:
            raise click.UsageError("--original is one paper: leave out --roster and --forms.")
        from generator.cli.class_papers import generate_for_class

        if {*names} & {"tex", "pdf"}:
            with for_engine(engine):
                check_words(chosen)  # or each of the papers would say it
        generate_for_class(chosen, seed, names, folder, engine, secret, **of_class)
        return
    unused = [name for name, value in of_class.items() if value]
    if unused:
        raise click.UsageError(
            f"--{unused[0].strip('_').replace('_', '-')} is about a class: say --roster or --forms too."
        )
    if secret is not None and original:
        raise click.UsageError("--original has the printed numbers, which are no secret: leave out --secret.")
    origin = secret_origin(read_secret(secret), chosen, seed, "") if secret is not None else None
    written = generate_sheet(chosen, name, names, folder, engine, origin)
    for path in written.paths:
        click.echo(path)
    for warning in written.warnings:
        click.echo(f"warning: {warning}", err=True)


@click.command("list")
@click.option("--topic", help="Parts of problems about this: a topic, or words of a title or id.")
@click.option("--kind", help="Parts with this kind of answer: number, vector, choice, essay …")
@click.option("--minutes", type=click.FloatRange(min=0, min_open=True), help="Parts that take so many minutes at most.")
@click.option("--level", help="Parts at this level: easy, standard or hard.  [default: standard]")
def list_(topic: str | None, kind: str | None, minutes: float | None, level: str | None) -> None:
    """List the problems by topic, and the sheets.

    With each problem stands how many distinct variants it has, at each of its levels; with each sheet its problems, what they
    are worth and how long they take.  With --topic, --kind, --minutes or --level the parts that fit are listed, with points, minutes
    and how the question begins; follow-ups, which a sheet has to ask for, do not count for their problem.

    \b
    Examples:
      worksheet list
      worksheet list --topic normalization --kind choice --minutes 10
    """
    if (topic, kind, minutes, level) != (None, None, None, None):
        _list_found(topic, kind, minutes, level or "standard")
        return
    import tomllib
    from itertools import groupby

    from generator.problem.listing import listed_problems
    from generator.render.paths import templates_folder

    problems = listed_problems()
    if problems is None:
        from generator.problem.catalogue import listed_catalogue

        problems = listed_catalogue()
    sheets = {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted((templates_folder() / "sheets").glob("*.toml"))
    }
    width = max(map(len, (*(problem.id for problem in problems), *sheets)))
    click.echo("Problems")
    for topic, group in groupby(sorted(problems, key=lambda one: one.topic), key=lambda one: one.topic):
        click.echo(f"  {topic}")
        for problem in group:
            others = "".join(
                f"; {name} {size.removesuffix(' variants')}"
                for name, size in problem.sizes.items()
                if name != "standard"
            )
            click.echo(f"    {problem.id:<{width}}  {problem.title} ({problem.sizes['standard']}{others})")
    click.echo("Sheets")
    for name, sheet in sheets.items():
        asked = ", ".join(map(_asked, sheet["problem"]))
        size = f"{sheet['total_points']} points, about {sheet['minutes']} minutes"
        click.echo(f"  {name:<{width}}    {sheet['title']} ({size})\n  {'':<{width}}    {asked}")


def _asked(table: Mapping[str, Any]) -> str:
    """What a table of a sheet asks, for the list of sheets."""
    several = table.get("topic") or ", ".join(table.get("among", ()))
    return f"{table.get('pick', 1)} of {several}" if several else table["id"]


def _list_found(topic: str | None, kind: str | None, minutes: float | None, level: str) -> None:
    from generator.cli.search import KINDS, as_lines, search
    from generator.problem.catalogue import catalogue
    from generator.problem.problem import LEVELS

    for name, given, known in (("--kind", kind, KINDS), ("--level", level, LEVELS)):
        if given is not None and given not in known:
            raise InputError(expected(f"one of {', '.join(known)}", given) + near(given, known), field=name)
    found = search(topic or "", level=level) if topic != "" else []
    if not found:
        topics = sorted({problem.topic for problem in catalogue().values()})
        said = expected(f"a topic ({', '.join(topics)}), or words of a title or id", topic or "nothing")
        raise InputError(said + near(topic or "", topics), field="--topic")
    kinds = {part.kind for one in found for part in one.parts}
    if kind is not None and kind not in kinds:
        raise InputError(
            f"no part of these problems is of the kind {kind}; they have {', '.join(sorted(kinds))}", field="--kind"
        )
    fitting = search(topic or "", kind or "", minutes, level)
    if not fitting:
        shortest = min(part.minutes for one in found for part in one.parts if kind in (None, part.kind))
        raise InputError(
            f"none takes so little: the shortest part that fits takes {shortest:.1f} minutes", field="--minutes"
        )
    for line in as_lines(fitting):
        click.echo(line)


@click.command()
@click.argument("problem")
@click.option("--seed", type=SEED, default=1, show_default=True, help="Other seed, other numbers.")
@click.option("--original", is_flag=True, help="The numbers of the printed sheet instead of a seed's.")
@click.option("--level", default="standard", show_default=True, help="easy, standard or hard.")
@click.option("--guided", is_flag=True, help="Ask for the intermediate values too.")
@click.option("--key", is_flag=True, help="With the solution.")
def show(problem: str, seed: int, original: bool, level: str, guided: bool, key: bool) -> None:
    """Print one problem as Markdown.

    PROBLEM is a problem's id or the path of a problem file, or `quiz.toml:loss`: the problem or plain question of
    that id on a sheet.

    \b
    Examples:
      worksheet show layer-norm --seed 3
      worksheet show dropout --seed 3 --key
    """
    from generator.document.keyless import without_key
    from generator.paper.paper import exercise
    from generator.paper.sheet import Entry
    from generator.paper.sheet_file import find_asked
    from generator.paper.timeout import time_limit
    from generator.problem.drawing import draw_variant
    from generator.render.renderer import FORMATS, renderer

    with time_limit() as limit, limit:
        found = find_asked(problem)
        variant = found.printed() if original else draw_variant(found, seed, level=level)
        node = exercise(variant, 1, Entry(found, guided=guided))
    click.echo(str(renderer(FORMATS["md"]).node(node if key else without_key(node))).rstrip())


@click.command()
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
    from generator.paper.sheet_file import find_asked
    from generator.paper.solve import solve_json

    found = find_asked(problem)
    click.echo(solve_json(found, params.read(), getattr(params, "name", "standard input")))
