"""``worksheet practice``: the web page, the terminal, exporting and deleting progress.

Only click is imported at the top: the command imports what it needs when it runs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli.options import check_language

if TYPE_CHECKING:
    from generator.practice.engine import Practice

PORT = 8400


@click.command()
@click.argument("what", required=False, metavar="[SHEET|PROBLEM.py]")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Port of the page; 0 takes any free one.",
)
@click.option("--open", "open_browser", is_flag=True, help="Open the page in the browser.")
@click.option("--terminal", is_flag=True, help="Practise in the terminal.")
@click.option("--problem", help="In the terminal: start with this problem, or with the `worst` (your weakest).")
@click.option("--level", type=click.Choice(["easy", "standard", "hard"]), help="In the terminal: the difficulty.")
@click.option("--guided", is_flag=True, help="In the terminal: ask for the intermediate values too.")
@click.option("--part", "parts", multiple=True, help="In the terminal: practise this part alone (may be repeated).")
@click.option(
    "--count", type=click.IntRange(1, 200), metavar="N", help="In the terminal: N variants, one after the other."
)
@click.option(
    "--exam",
    type=int,
    is_flag=False,
    flag_value=0,
    metavar="[N]",
    help="In the terminal: an exam, of N problems if a number follows, else as long as --minutes or --points say.",
)
@click.option("--minutes", type=float, help="The time of that exam.  [default: 60, or what its problems take]")
@click.option("--points", type=int, help="The points of that exam.")
@click.option("--by-part", is_flag=True, help="Draw single parts for that exam, not whole problems.")
@click.option("--sheet", help="Practise this sheet as it is: its levels, points and parts.  [default: all problems]")
@click.option(
    "--language", help="The language of the page and its messages, such as de.  [default: the sheet's, or en]"
)
@click.option("--data", type=click.Path(path_type=Path), help="The file of your progress.")
@click.option("--export", type=click.Path(), help="Write your progress to a JSON file (`-`: print it).")
@click.option("--delete", is_flag=True, help="Delete your progress.")
@click.option("--yes", is_flag=True, help="Delete without asking.")
def practice(
    what: str | None,
    port: int,
    open_browser: bool,
    terminal: bool,
    problem: str | None,
    level: str | None,
    guided: bool,
    parts: tuple[str, ...],
    count: int | None,
    exam: int | None,
    minutes: float | None,
    points: int | None,
    by_part: bool,
    sheet: str | None,
    language: str | None,
    data: Path | None,
    export: str | None,
    delete: bool,
    yes: bool,
) -> None:
    """Practise problems and be marked at once, in the browser or in the terminal.

    Fresh variants, answers as you would write them, the step that went wrong, hints, worked solutions, exams. Your
    progress is kept in a file in your data folder and goes nowhere else; the page is for this machine alone.

    \b
    Examples:
      worksheet practice --open
      worksheet practice my_problem.py --terminal
      worksheet practice --terminal --problem layer-norm
      worksheet practice --terminal --problem layer-norm --part variance --count 5
      worksheet practice --terminal --exam --minutes 30
      worksheet practice --export progress.json
    """
    if export is not None or delete:
        _manage_progress(data, export, delete=delete, yes=yes)
        return
    in_terminal = {
        "problem": problem,
        "level": level,
        "guided": guided,
        "part": parts,
        "count": count,
        "exam": exam is not None,
    }
    if parts and problem is None:
        raise click.UsageError("--part needs --problem: which problem's part?")
    if exam is None and (unused := [name for name, value in (("points", points), ("by-part", by_part)) if value]):
        raise click.UsageError(f"--{unused[0]} is about an exam: add --exam.")
    if not terminal and (unused := [name for name, value in in_terminal.items() if value]):
        raise click.UsageError(f"--{unused[0]} is for the terminal: add --terminal, or choose on the page.")
    if what is not None and sheet is not None:
        raise click.UsageError("name the sheet once: leave out --sheet.")
    sheet = what or sheet
    if problem is not None and problem.endswith(".py"):
        if sheet is not None:
            raise click.UsageError("--problem names a file: leave out the sheet.")
        from generator.problem.catalogue import problem_in_file

        sheet, problem = problem, problem_in_file(Path(problem)).id
    with _open_practice(sheet, language, data) as opened:
        if terminal:
            options = (problem, level, guided, parts, count)
            size = {"count": exam, "minutes": minutes, "points": points, "by_part": by_part}
            _run_in_terminal(opened, options, size if exam is not None else None)
            return
        from generator.practice.web.server import serve

        serve(
            opened, port, open_browser=open_browser, announce=lambda address: click.echo(f"{address}  (Ctrl-C stops)")
        )


@contextmanager
def _open_practice(sheet: str | None, language: str | None, data: Path | None) -> Iterator[Practice]:
    from generator.errors.language import using
    from generator.paper.sheet_file import find_sheet
    from generator.practice.engine import Practice
    from generator.practice.store.database import Store, default_path

    found = find_sheet(sheet) if sheet is not None else None
    if language is not None:
        check_language(language)
    with Store(data or default_path()) as store:
        opened = Practice(store, sheet=found, language=language)
        with using(opened.language):
            yield opened


def _run_in_terminal(opened: Practice, options: tuple[Any, ...], exam: Mapping[str, Any] | None) -> None:
    """Practise with the options given, or hold an exam of a size."""
    from rich.console import Console

    from generator.practice.terminal.session import WORST, ExamSession, Options, PracticeSession

    chosen = Options(*options)
    if chosen.problem is not None and chosen.problem != WORST:
        opened.problem(chosen.problem)  # an unknown one is an error before anything is printed
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 96)
    if exam is None:
        PracticeSession(opened, console).run(chosen)
    else:
        ExamSession(opened, console).run(chosen, **exam)


def _manage_progress(data: Path | None, export: str | None, *, delete: bool, yes: bool) -> None:
    """Export the progress, delete it, or export it and then delete it."""
    from generator.errors import InputError
    from generator.paper.json_text import to_json
    from generator.practice.store import export as progress_file
    from generator.practice.store.database import Store, default_path

    path = data or default_path()
    if not path.exists():
        raise InputError(f"there is no progress in {path}", field="--data")
    with Store(path) as store:
        if export is not None:
            _write(export, to_json(progress_file.export(store)))
        if delete and (yes or click.confirm(f"Delete all progress in {path}?")):
            count = progress_file.delete(store)
            click.echo(f"deleted {count} {'attempt' if count == 1 else 'attempts'}", err=export == "-")


def _write(target: str, text: str) -> None:
    from generator.cli.options import written_by
    from generator.paper.files import prepare_folder, write_files

    if target == "-":
        click.echo(text, nl=False)
        return
    path = Path(target)
    with written_by("--export"):
        prepare_folder(path.parent)
        write_files(path.parent, {path.name: text.encode()})
    click.echo(path)
