"""``worksheet practice``: the page, the terminal, and what can be done with the progress.

Only click is imported here; the command imports what it needs when it runs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from generator.practice.engine import Practice

PORT = 8400


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="Of the page; 0: any.")
@click.option("--open", "opened", is_flag=True, help="Open the page in the browser.")
@click.option("--terminal", is_flag=True, help="Practise in the terminal.")
@click.option("--problem", help="In the terminal: begin with this problem, or the `worst`.")
@click.option("--level", type=click.Choice(["easy", "standard", "hard"]), help="In the terminal: the difficulty.")
@click.option("--guided", is_flag=True, help="In the terminal: ask for the intermediate values too.")
@click.option("--exam", type=int, metavar="N", help="In the terminal: an exam of so many problems.")
@click.option("--minutes", type=float, default=60, show_default=True, help="The time of that exam.")
@click.option("--sheet", help="Practise this sheet's problems.  [default: all that there are]")
@click.option("--data", type=click.Path(path_type=Path), help="The file of your progress.")
@click.option("--export", "exported", type=click.Path(), help="Write your progress to a JSON file (`-`: print it).")
@click.option("--delete", "deleted", is_flag=True, help="Delete your progress.")
@click.option("--yes", is_flag=True, help="Delete without asking.")
def practice(
    port: int,
    opened: bool,
    terminal: bool,
    problem: str | None,
    level: str | None,
    guided: bool,
    exam: int | None,
    minutes: float,
    sheet: str | None,
    data: Path | None,
    exported: str | None,
    deleted: bool,
    yes: bool,
) -> None:
    """Practise problems and be marked at once, in the browser or in the terminal.

    Fresh variants, answers as you would write them, the step that went wrong, hints, worked solutions, exams. Your
    progress is kept in a file in your data folder and goes nowhere else; the page is for this machine alone.

    \b
    Examples:
      worksheet practice --open
      worksheet practice --terminal --problem layer-norm
      worksheet practice --terminal --exam 5 --minutes 30
      worksheet practice --export progress.json
    """
    if exported is not None or deleted:
        _manage(data, exported, deleted=deleted, yes=yes)
        return
    if not terminal and (unused := [name for name, value in _terminal_only(problem, level, guided, exam) if value]):
        raise click.UsageError(f"--{unused[0]} is for the terminal: say --terminal too, or choose in the page.")
    with _practice(sheet, data) as session:
        if terminal:
            _in_terminal(session, problem, level, guided=guided, exam=exam, minutes=minutes)
            return
        from generator.practice.web.server import serve

        serve(session, port, opened=opened, told=lambda address: click.echo(f"{address}  (Ctrl-C stops)"))


def _terminal_only(problem: str | None, level: str | None, guided: bool, exam: int | None) -> list[tuple[str, object]]:
    return [("problem", problem), ("level", level), ("guided", guided), ("exam", exam is not None)]


@contextmanager
def _practice(sheet: str | None, data: Path | None) -> Iterator[Practice]:
    from generator.paper.sheet import find_sheet
    from generator.practice.engine import Practice
    from generator.practice.store import Store, default_path

    problems = [entry.problem for entry in find_sheet(sheet).entries] if sheet is not None else None
    with Store(data or default_path()) as store:
        yield Practice(store, problems)


def _in_terminal(
    session: Practice, problem: str | None, level: str | None, *, guided: bool, exam: int | None, minutes: float
) -> None:
    from rich.console import Console

    from generator.classes.gc_pause import collect_seldom
    from generator.practice.terminal import Terminal, Wish
    from generator.practice.terminal_exam import TerminalExam

    collect_seldom()  # a walk through all that is loaded would take longer than a mark
    if problem not in (None, "worst"):
        session.problem(str(problem))
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 96)
    if exam is None:
        Terminal(session, console).run(Wish(problem, level, guided))
    else:
        TerminalExam(session, console).run(exam, minutes, Wish(problem, level, guided))


def _manage(data: Path | None, exported: str | None, *, deleted: bool, yes: bool) -> None:
    """Export the progress, delete it, or first the one and then the other."""
    from generator.errors import InputError
    from generator.paper.json_text import to_json
    from generator.practice import progress_file
    from generator.practice.store import Store, default_path

    path = data or default_path()
    if not path.exists():
        raise InputError(f"there is no progress in {path}", field="--data")
    with Store(path) as store:
        if exported is not None:
            _write(exported, to_json(progress_file.export(store)))
        if deleted and (yes or click.confirm(f"Delete all progress in {path}?")):
            count = progress_file.delete(store)
            click.echo(f"deleted {count} {'attempt' if count == 1 else 'attempts'}", err=exported == "-")


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
