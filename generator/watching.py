"""How far the work is, for somebody who watches: a bar on a terminal, and nothing where there is none."""

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
    """Counts what is done on the terminal, if there is one; gives what advances the count."""
    if not sys.stderr.isatty():
        yield _unseen
        return
    from generator.bar import bar  # what draws it takes a while to import

    with bar(total, what) as advance:
        yield advance


def _unseen(count: int = 1, out_of: int | None = None, what: str | None = None) -> None:
    """Nobody watches."""
