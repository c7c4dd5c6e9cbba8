"""Patience with a problem or a paper: an author's code that goes on for ever is ended, and the others' papers are made."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LONGEST = 60.0
"""Seconds that drawing one problem may take, and then the rest of a paper, its PDFs apart; both mostly take a hundredth of one."""

_AGAIN = 1.0
"""Seconds after which code that has caught the error is told again."""


@contextmanager
def patience() -> Iterator[None]:
    """Raise :class:`TimeoutError` where the work stands, should it take longer than :data:`LONGEST`.

    Only the main thread of a process can be told so, and not on Windows: elsewhere nothing is limited.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _end)
    signal.setitimer(signal.ITIMER_REAL, LONGEST, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _end(*_: Any) -> None:
    raise TimeoutError(f"this has taken longer than {LONGEST:g} seconds")
