"""Exact arithmetic that must end soon, whatever the numbers: for those of strangers.

Work is counted in steps and not in time, so that the same numbers are carried on, or refused, on any machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from generator.errors import WorksheetError


class TooInvolvedError(WorksheetError):
    """A number on which exact arithmetic might take long, or one more of them than there is patience for."""


class Work:
    """What may still be spent, in products of two single terms (p/q)√r; one takes some 4 microseconds."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, steps: int) -> None:
        """Raises :class:`TooInvolvedError` where that is more than is left; from then on nothing is."""
        self.left -= steps
        if self.left < 0:
            self.left = 0
            raise TooInvolvedError("this takes too long to work out")


_bounded: ContextVar[Work | None] = ContextVar("bounded", default=None)


@contextmanager
def bounded(work: int) -> Iterator[None]:
    """Within it arithmetic on sums of roots that might take long raises :class:`TooInvolvedError`.

    These are roots of sums that are no squares of such sums, roots of very long numbers, denominators of many roots, and
    whatever exceeds ``work``: see :class:`Work`.  Fractions are free.
    """
    before = _bounded.set(Work(work))
    try:
        yield
    finally:
        _bounded.reset(before)


@contextmanager
def unbounded() -> Iterator[None]:
    """Within it nothing is counted: for what was reckoned as a whole, and is remembered once it is known."""
    before = _bounded.set(None)
    try:
        yield
    finally:
        _bounded.reset(before)


work_left = _bounded.get
"""The work that is left where arithmetic must end soon, else None."""
