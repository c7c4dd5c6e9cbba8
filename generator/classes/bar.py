"""A bar that shows on the terminal how many papers are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text


class _Rate(ProgressColumn):
    """Papers a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "")


@contextmanager
def bar(total: int | None = None) -> Iterator[Callable[..., None]]:
    """Gives what advances the bar by so many papers, out of a total if told."""
    columns = TextColumn("papers"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total)

        def advance(count: int, out_of: int | None = total) -> None:
            progress.update(task, advance=count, total=out_of)

        yield advance
