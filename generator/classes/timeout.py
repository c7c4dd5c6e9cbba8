"""Patience with a problem or a paper: an author's code that goes on for ever is ended, and the others' papers are made."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LONGEST = 60
"""Seconds that a piece of work may take: a stage of drawing a problem, or a step of writing a paper down; most take a thousandth of one."""

TICK = 1.0
"""Seconds after which the time is looked at again."""

_AGAIN = 10
"""Ticks after which work that has caught the error is told again; whoever says what went wrong has as long for it."""


class Limit:
    """What a piece of work is done within: ``with limit: ...``.

    Raises :class:`TimeoutError` where the work stands when it has lasted :data:`LONGEST` ticks of the clock, and again
    later, should the work have caught the error.  A process that was stopped, or a machine that slept, misses
    the ticks, so that no piece of work is blamed for that time.
    """

    def __init__(self) -> None:
        self._is_on = False
        self._left = 0

    def __enter__(self) -> None:
        self._left = LONGEST
        self._is_on = True

    def __exit__(self, *_: object) -> None:
        self._is_on = False

    def tick(self, *_: Any) -> None:
        """A tick of the clock went by."""
        self._left -= 1
        if self._is_on and self._left <= 0:
            self._left = _AGAIN
            raise TimeoutError(f"this has taken longer than {LONGEST * TICK:g} seconds")


@contextmanager
def patience() -> Iterator[Limit]:
    """A clock ticks within, and each piece of work done within the limit is watched.

    Only the main thread of a process can be told so, and not on Windows: elsewhere nothing is limited.
    """
    limit = Limit()
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield limit
        return
    before = signal.signal(signal.SIGALRM, limit.tick)
    signal.setitimer(signal.ITIMER_REAL, TICK, TICK)
    try:
        yield limit
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before or signal.SIG_DFL)
