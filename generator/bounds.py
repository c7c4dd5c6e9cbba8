"""Exact arithmetic that must end soon, whatever the numbers: for those of strangers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from generator.errors import WorksheetError

_bounded: ContextVar[bool] = ContextVar("bounded", default=False)


class TooInvolvedError(WorksheetError):
    """A number on which exact arithmetic might take long, met where it must not."""


@contextmanager
def bounded() -> Iterator[None]:
    """Within it roots and quotients that might take long raise :class:`TooInvolvedError`.

    These are roots of sums that are no squares of such sums, roots of very long numbers, and denominators of many roots.
    """
    before = _bounded.set(True)
    try:
        yield
    finally:
        _bounded.reset(before)


def is_bounded() -> bool:
    """Whether arithmetic must end soon here."""
    return _bounded.get()
