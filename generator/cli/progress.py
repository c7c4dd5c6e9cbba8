"""Progress bars on a terminal; nothing where there is none."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Advance(Protocol):
    """Advances the bar by ``count``, out of a total if there is a new one; what is counted may change, too."""

    def __call__(self, count: int = 1, out_of: int | None = None, what: str | None = None) -> None: ...


@contextmanager
def progress_bar(total: int | None = None, what: str = "papers") -> Iterator[Advance]:
    """Show on the terminal, if there is one, how much is done; yield what advances the bar."""
    if not sys.stderr.isatty():
        yield _nothing
        return
    # Imported only here: rich takes a while.
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """The number done in a second."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.1f}/s" if task.speed else "")

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)

        def advance(count: int = 1, out_of: int | None = None, what: str | None = None) -> None:
            progress.update(task, advance=count, total=out_of, description=what)

        yield advance


def _nothing(count: int = 1, out_of: int | None = None, what: str | None = None) -> None:
    """Nobody watches."""
