"""Processes of our own: a server that has imported everything and forks them, and how they end.

Ctrl-C is for the process that gives out the work; a worker ends when it is told to, or when that process is gone.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait as wait_for
from typing import Any, TypeVar

from generator.classes.gc_pause import collect_seldom
from generator.classes.warm_up import announced
from generator.tex.scratch import temporary_files

Task = TypeVar("Task")
Result = TypeVar("Result")

MOST_PROCESSES = 60 if sys.platform == "win32" else 1000
"""Windows can wait for no more at a time."""

_SECONDS_TO_CLEAN_UP = 3.0


def available_cores() -> int:
    """The cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    except OSError:
        return os.cpu_count() or 1


class Pools:
    """A pool of processes, and another one each time that it breaks."""

    def __init__(self, workers: int, warm_up: str = "") -> None:
        self._workers = workers
        self._warm_up = warm_up
        self._before = {child.pid for child in multiprocessing.active_children()}
        self._pools: list[ProcessPoolExecutor] = []

    @property
    def has_begun(self) -> bool:
        """Whether there are processes that have worked already."""
        return bool(self._pools)

    def executor(self) -> ProcessPoolExecutor:
        """The pool there is, or a first one."""
        if not self._pools:
            self.replace()
        return self._pools[-1]

    def replace(self) -> None:
        """From now on another pool."""
        self._pools.append(
            ProcessPoolExecutor(self._workers, mp_context=process_context(self._warm_up), initializer=begin)
        )

    def is_gone(self) -> bool:
        """Never: a pool tells of its end."""
        return False

    def close(self, *, at_once: bool) -> None:
        """Let all processes end; ``at_once`` without what they are doing."""
        if at_once:
            end([child for child in multiprocessing.active_children() if child.pid not in self._before])
        for pool in self._pools:
            # Waiting for the pool's thread, which would race with the interpreter's end.
            pool.shutdown(cancel_futures=True)


PRELOADED = ("generator.classes.chunk", "generator.classes.warm_up")


def process_context(warm_up: str = "", preloaded: Sequence[str] = PRELOADED) -> multiprocessing.context.BaseContext:
    """A server that has imported everything once and forks from there; forking ourselves is not safe beside threads.

    ``warm_up`` is what it makes first: see :mod:`generator.classes.warm_up`; ``preloaded`` are the modules that it imports.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver, resource_tracker

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*preloaded])
    # A terminal sends Ctrl-C to every process of ours: those that begin with it blocked leave it to this one.
    resource_tracker.ensure_running()  # first: starting it unblocks Ctrl-C again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with temporary_files(), announced(warm_up):  # its socket is there as long as we are
            forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return context


@contextmanager
def ctrl_c_waits() -> Iterator[None]:
    """Ctrl-C comes after what is within, not in its midst."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        signal.raise_signal(signal.SIGINT)


class _Stopped(BaseException):
    """Raised in a worker that is to end, so that TeX is stopped and unfinished files are removed."""


_at_work = False
_ending = False


def begin() -> None:
    """A worker leaves Ctrl-C to the process that gives out the work, and ends when that one does."""
    signal.signal(signal.SIGINT, _leave_it)  # not ignored: TeX would inherit that, and could not be asked to stop
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, _stop)
    collect_seldom()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def watched(function: Callable[[Task], Result], task: Task) -> Result:
    """Run a task in a worker, and end the process if it was told to: the pool would keep an exception and go on."""
    global _at_work
    try:
        _at_work = True
        return function(task)
    finally:
        _at_work = False
        if _ending:
            os._exit(1)


def _leave_it(*_: Any) -> None:
    pass


def _stop(*_: Any) -> None:
    """Stop the work at hand, once: a pool that sees one worker end signals all others again."""
    global _ending
    if _ending:
        return
    if not _at_work:
        os._exit(1)
    _ending = True
    raise _Stopped


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait_for([parent.sentinel])
    with suppress(OSError):
        os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_SECONDS_TO_CLEAN_UP)
    os._exit(1)


def end(children: Sequence[multiprocessing.process.BaseProcess]) -> None:
    """End processes: those that do not end when they are told to are killed."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + _SECONDS_TO_CLEAN_UP
    for child in children:
        child.join(max(0.0, deadline - time.monotonic()))
        if child.is_alive():
            child.kill()
