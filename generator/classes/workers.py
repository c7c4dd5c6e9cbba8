"""Work given out to processes, or to any executor: what dies is tried again, and nothing hangs.

Tasks and results travel between processes, so that a function and its tasks must be picklable.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import wait as wait_for
from typing import Any, Generic, Protocol, TypeVar

from generator.collector import collect_seldom
from generator.errors import InputError, WorkerError
from generator.tex.scratch import temporary_files

Task = TypeVar("Task")
Result = TypeVar("Result")

MOST_ATTEMPTS = 4
"""So often a task is given out whose worker dies, or whose executor fails."""

_MOST_PROCESSES = 60 if sys.platform == "win32" else 1000
"""Windows can wait for no more at a time."""

_SECONDS_TO_CLEAN_UP = 3.0
_SECONDS_TO_ANSWER = 10
_SECONDS_TO_LOOK_AGAIN = 2.0


class Hands:
    """Whoever does the work: this process alone, a pool of its own, or an executor that somebody lends.

    ``workers`` processes, by default one a core; ``executor`` takes their place, and is not shut down.  ``is_gone``
    tells when nothing more is to be expected of it.
    """

    def __init__(
        self, workers: int | None = None, executor: Executor | None = None, is_gone: Callable[[], bool] | None = None
    ) -> None:
        self.workers = min(workers or available_cores(), _MOST_PROCESSES)
        self._lent = None if executor is None else _Lent(executor, is_gone)
        self._pools: _Pools | None = None

    @contextmanager
    def hired(self) -> Iterator[None]:
        """Keep the same processes for all the work within; whatever ends it, they are gone afterwards."""
        self._pools = _Pools(self.workers)
        finished = False
        try:
            yield
            finished = True
        finally:
            pools, self._pools = self._pools, None
            pools.close(at_once=not finished)

    def work(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[tuple[Task, Result]]:
        """Each task with what ``function`` makes of it, in any order.

        Raises what the function raises, and :class:`WorkerError` for a task on which worker after worker dies.
        """
        lent = self._lent
        if lent is not None:
            with closing(_Errand(function, tasks, 2 * self.workers, lent).results()) as results:
                yield from results
        elif min(self.workers, len(tasks)) <= 1:
            yield from ((task, function(task)) for task in tasks)
        elif self._pools is None:
            with self.hired():
                yield from self.work(function, tasks)
        else:
            watched = partial(_work, function)
            with closing(_Errand(watched, tasks, 2 * self.workers, self._pools).results()) as results:
                yield from results


class _Source(Protocol):
    """Where an executor comes from, and perhaps another one in place of one that is broken."""

    def executor(self) -> Executor: ...

    def replace(self) -> None: ...

    def is_gone(self) -> bool: ...


@dataclass(frozen=True)
class _Lent:
    lent: Executor
    gone: Callable[[], bool] | None

    def executor(self) -> Executor:
        return self.lent

    def replace(self) -> None:
        """It may mend itself, as a cluster does."""

    def is_gone(self) -> bool:
        return self.gone is not None and self.gone()


class _Errand(Generic[Task, Result]):
    """Tasks on their way through an executor; ``ahead`` of them at a time, whatever the size of the class."""

    def __init__(
        self,
        function: Callable[[Task], Result],
        tasks: Sequence[Task],
        ahead: int,
        source: _Source,
    ) -> None:
        self._function = function
        self._tasks = tasks
        self._ahead = ahead
        self._source = source
        self._waiting = list(reversed(range(len(tasks))))
        self._attempts: Counter[int] = Counter()
        self._running: dict[Future[Result], int] = {}

    def results(self) -> Generator[tuple[Task, Result], None, None]:
        try:
            while self._waiting or self._running:
                executor = self._source.executor()
                self._submit(executor)
                done, _ = wait(self._running, _SECONDS_TO_LOOK_AGAIN, return_when=FIRST_COMPLETED)
                if not done and self._source.is_gone():
                    raise WorkerError(_GONE)
                died = [future for future in done if self._died(future)]
                for future in done.difference(died):
                    yield self._tasks[self._running.pop(future)], future.result()
                self._waiting += [self._running.pop(future) for future in died]
                if died:
                    self._source.replace()
                if self._source.executor() is not executor:  # what else was running in it is lost too
                    self._waiting += self._running.values()
                    self._running.clear()
        finally:
            for future in self._running if not self._source.is_gone() else ():
                future.cancel()

    def _submit(self, executor: Executor) -> None:
        """Give out as many tasks as may run, or as the executor takes."""
        while self._waiting and len(self._running) < self._ahead:
            place = self._waiting[-1]
            self._attempts[place] += 1
            try:
                with _ctrl_c_waits():  # submitting may start a process, which is not to be forgotten halfway
                    self._running[executor.submit(self._function, self._tasks[place])] = place
            except Exception as error:
                if not isinstance(error, RuntimeError) and type(error).__name__ not in _LOST_WORKERS:
                    raise
                if self._source.is_gone():
                    raise WorkerError(_GONE) from error
                self._give_up_after_enough(place, error)  # it is broken, or somebody has shut it down
                self._source.replace()
                return
            self._waiting.pop()

    def _died(self, future: Future[Result]) -> bool:
        """Whether the task is to be tried again: its worker is gone, not its work wrong."""
        try:
            error = future.exception()
        except CancelledError as cancelled:  # by the executor, for we cancel none that we wait for
            error = cancelled
        # An executor that is lent has exceptions of its own for a worker that is lost.
        if isinstance(error, BrokenExecutor | CancelledError) or type(error).__name__ in _LOST_WORKERS:
            self._give_up_after_enough(self._running[future], error)
            return True
        return False

    def _give_up_after_enough(self, place: int, error: BaseException | None) -> None:
        if self._attempts[place] >= MOST_ATTEMPTS:
            raise WorkerError(
                f"{MOST_ATTEMPTS} workers died one after another ({type(error).__name__}: {error}); is there enough "
                "memory? Fewer --workers need less; the same command goes on from here"
            ) from error


_LOST_WORKERS = {"KilledWorker", "FutureCancelledError", "CommClosedError", "ClosedClientError"}
"""What dask raises for a task whose worker, or for a client whose scheduler is gone; known by name, for dask need not be there."""

_GONE = "the cluster is gone; start it again, and the same command goes on from here"


def available_cores() -> int:
    """The cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    except OSError:
        return os.cpu_count() or 1


@contextmanager
def cluster(address: str) -> Iterator[Hands]:
    """The workers of a dask cluster that is running at ``address``; needs the extra ``cluster``.

    Raises :class:`InputError` where there is no such package, nobody answers or nobody works.
    """
    try:
        import distributed
    except ImportError as error:
        raise InputError(
            "the package distributed is not installed: pip install 'keyright[cluster]'", field="--cluster"
        ) from error
    for name in ("asyncio", *logging.root.manager.loggerDict):  # what matters is told by our own messages
        if name.partition(".")[0] in ("asyncio", "distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        make_client: Any = distributed.Client
        client = make_client(address, timeout=_SECONDS_TO_ANSWER, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"no dask scheduler answers at {address[:80]!r} ({error}); expected an address like tcp://host:8786",
            field="--cluster",
        ) from error
    try:
        try:
            client.wait_for_workers(1, timeout=_SECONDS_TO_ANSWER)
        except OSError as error:
            raise InputError(f"the cluster at {address} has no workers: start some", field="--cluster") from error
        yield Hands(sum(client.ncores().values()), client.get_executor(pure=False), lambda: client.status == "closed")
    finally:
        client.close()


class _Pools:
    """A pool of processes, and another one each time that it breaks."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._before = {child.pid for child in multiprocessing.active_children()}
        self._pools: list[ProcessPoolExecutor] = []

    def executor(self) -> ProcessPoolExecutor:
        """The pool there is, or a first one."""
        if not self._pools:
            self.replace()
        return self._pools[-1]

    def replace(self) -> None:
        """From now on another pool."""
        self._pools.append(ProcessPoolExecutor(self._workers, mp_context=_context(), initializer=_begin))

    def is_gone(self) -> bool:
        """Never: a pool tells of its end."""
        return False

    def close(self, *, at_once: bool) -> None:
        """Let all processes end; ``at_once`` without what they are doing."""
        for pool in self._pools:
            pool.shutdown(wait=False, cancel_futures=True)
        if at_once:
            _end([child for child in multiprocessing.active_children() if child.pid not in self._before])
        for pool in self._pools:
            pool.shutdown()


def _context() -> multiprocessing.context.BaseContext:
    """A server that has imported everything once and forks from there; forking ourselves is not safe beside threads."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver, resource_tracker

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["generator.classes.chunk"])
    # A terminal sends Ctrl-C to every process of ours: those that begin with it blocked leave it to this one.
    resource_tracker.ensure_running()  # first: starting it unblocks Ctrl-C again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        with temporary_files():  # its socket is there as long as we are
            forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return context


@contextmanager
def _ctrl_c_waits() -> Iterator[None]:
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


def _begin() -> None:
    """A worker leaves Ctrl-C to the process that gives out the work, and ends when that one does."""
    signal.signal(signal.SIGINT, _leave_it)  # not ignored: TeX would inherit that, and could not be asked to stop
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, _stop)
    collect_seldom()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _work(function: Callable[[Task], Result], task: Task) -> Result:
    """What a worker does with a task.  If it is to end, it does: the pool would keep an exception and go on."""
    global _at_work
    _at_work = True
    try:
        return function(task)
    except _Stopped:
        os._exit(1)
    finally:
        _at_work = False


def _leave_it(*_: Any) -> None:
    pass


def _stop(*_: Any) -> None:
    global _at_work
    if not _at_work:
        os._exit(1)
    _at_work = False
    raise _Stopped


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait_for([parent.sentinel])
    with suppress(OSError):
        os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_SECONDS_TO_CLEAN_UP)
    os._exit(1)


def _end(children: Sequence[multiprocessing.process.BaseProcess]) -> None:
    for child in children:
        child.terminate()
    deadline = time.monotonic() + _SECONDS_TO_CLEAN_UP
    for child in children:
        child.join(max(0.0, deadline - time.monotonic()))
        if child.is_alive():
            child.kill()
