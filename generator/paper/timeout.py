"""Limits the time of work that may never end: an author's code, or exact arithmetic on somebody's own numbers."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

MAX_SECONDS = 60
"""The limit for a step of making a paper; most take a thousandth of a second."""

TICK = 1.0
"""Seconds between two looks at the time."""

_TICKS_TO_REPEAT = 10
"""Work that has caught the error gets it again after so many ticks; a handler that reports the error has as long."""


class TimeLimit:
    """A limit for one piece of work after another: ``with limit: ...``.

    Raises :class:`TimeoutError` where the work stands when it has lasted ``seconds`` ticks of the clock, and again
    later, should the work have caught the error.  A process that was stopped, or a machine that slept, misses the ticks,
    so that no piece of work is blamed for that time.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._is_on = False
        self._left = 0.0

    def __enter__(self) -> None:
        self._left = self._seconds / TICK
        self._is_on = True

    def __exit__(self, *_: object) -> None:
        self._is_on = False

    def tick(self, *_: Any) -> None:
        """Count one tick of the clock."""
        self._left -= 1
        if self._is_on and self._left <= 0:
            self._left = _TICKS_TO_REPEAT
            raise TimeoutError(f"this has taken longer than {self._seconds:g} seconds")


@contextmanager
def time_limit(seconds: float | None = None) -> Iterator[TimeLimit]:
    """Start a clock, and yield the limit that each piece of work gets, by default :data:`MAX_SECONDS`.

    The clock is a signal: on Windows, and outside a process's main thread, nothing is limited.
    """
    limit = TimeLimit(MAX_SECONDS if seconds is None else seconds)
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
