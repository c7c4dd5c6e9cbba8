"""A bar that shows on the terminal how much is done: :func:`generator.watching.progress_bar` knows whether there is one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from generator.watching import Advance


class _Rate(ProgressColumn):
    """How much is done in a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "")


@contextmanager
def bar(total: int | None, what: str) -> Iterator[Advance]:
    """Gives what advances the bar."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)

        def advance(count: int = 1, out_of: int | None = None, what: str | None = None) -> None:
            progress.update(task, advance=count, total=out_of, description=what)

        yield advance
