"""Work given out to processes, or to any executor: what dies is tried again, and nothing hangs.

Tasks and results travel between processes, so that a function and its tasks must be picklable.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from multiprocessing.connection import wait as wait_for
from typing import Any, Generic, TypeVar

from generator.collector import collect_seldom
from generator.errors import InputError, WorkerError

Task = TypeVar("Task")
Result = TypeVar("Result")

MOST_ATTEMPTS = 4
"""So often a task is given out whose worker dies, or whose executor fails."""

_SECONDS_TO_CLEAN_UP = 3.0


class Hands:
    """Whoever does the work: this process alone, a pool of its own, or an executor that somebody lends.

    ``workers`` processes, by default one a core; ``executor`` takes their place, and is not shut down.
    """

    def __init__(self, workers: int | None = None, executor: Executor | None = None) -> None:
        self.workers = workers or available_cores()
        self._lent = executor

    def work(self, function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[tuple[Task, Result]]:
        """Each task with what ``function`` makes of it, in any order.

        Raises what the function raises, and :class:`WorkerError` for a task on which worker after worker dies.
        """
        lent = self._lent
        if lent is not None:
            yield from _Errand(function, tasks, 2 * self.workers, lambda: lent).results()
        elif min(self.workers, len(tasks)) <= 1:
            yield from ((task, function(task)) for task in tasks)
        else:
            with _pools(min(self.workers, len(tasks))) as new_pool:
                yield from _Errand(function, tasks, 2 * self.workers, new_pool).results()


class _Errand(Generic[Task, Result]):
    """Tasks on their way through an executor; ``ahead`` of them at a time, whatever the size of the class."""

    def __init__(
        self,
        function: Callable[[Task], Result],
        tasks: Sequence[Task],
        ahead: int,
        executor_now: Callable[[], Executor],
    ) -> None:
        self._function = function
        self._tasks = tasks
        self._ahead = ahead
        self._executor_now = executor_now
        self._waiting = list(reversed(range(len(tasks))))
        self._attempts: Counter[int] = Counter()
        self._running: dict[Future[Result], int] = {}

    def results(self) -> Iterator[tuple[Task, Result]]:
        executor = self._executor_now()
        try:
            while self._waiting or self._running:
                if not self._submit(executor):
                    executor = self._executor_now()
                    continue
                done, _ = wait(self._running, return_when=FIRST_COMPLETED)
                died = [future for future in done if self._died(future)]
                for future in done.difference(died):
                    yield self._tasks[self._running.pop(future)], future.result()
                if died:  # and with it the pool, so that what else was running is lost too
                    self._waiting += self._running.values()
                    self._running.clear()
                    executor = self._executor_now()
        finally:
            for future in self._running:
                future.cancel()

    def _submit(self, executor: Executor) -> bool:
        """Give out as many tasks as may run; False where the executor takes none."""
        while self._waiting and len(self._running) < self._ahead:
            place = self._waiting[-1]
            self._attempts[place] += 1
            try:
                self._running[executor.submit(self._function, self._tasks[place])] = place
            except BrokenExecutor as error:
                self._give_up_after_enough(place, error)
                break
            self._waiting.pop()
        return bool(self._running)

    def _died(self, future: Future[Result]) -> bool:
        """Whether the task is to be tried again: its worker is gone, not its work wrong."""
        error = future.exception()
        # An executor that is lent has exceptions of its own for a worker that is lost.
        if isinstance(error, BrokenExecutor) or type(error).__name__ in _LOST_WORKERS:
            self._give_up_after_enough(self._running[future], error)
            return True
        return False

    def _give_up_after_enough(self, place: int, error: BaseException | None) -> None:
        if self._attempts[place] >= MOST_ATTEMPTS:
            raise WorkerError(
                f"{MOST_ATTEMPTS} workers died one after another ({type(error).__name__}: {error}); is there enough "
                "memory? Fewer --workers need less; the same command goes on from here"
            ) from error


_LOST_WORKERS = {"KilledWorker", "FutureCancelledError", "CommClosedError"}
"""What dask raises for a task whose worker is gone; known by name, for dask need not be installed."""


def available_cores() -> int:
    """The cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    except OSError:
        return os.cpu_count() or 1


def cluster(address: str) -> Executor:
    """The executor of a dask cluster that is running at ``address``; needs the extra ``cluster``.

    Raises :class:`InputError` where there is no such package or nobody answers.
    """
    try:
        import distributed
    except ImportError as error:
        raise InputError(
            "the package distributed is not installed: pip install 'keyright[cluster]'", field="--cluster"
        ) from error
    try:
        make_client: Any = distributed.Client
        client = make_client(address, timeout=10, set_as_default=False)
        executor: Executor = client.get_executor(pure=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise InputError(f"no dask scheduler answers at {address}: {error}", field="--cluster") from error
    return executor


@contextmanager
def _pools(workers: int) -> Iterator[Callable[[], ProcessPoolExecutor]]:
    """Gives a pool, and each time it is asked again another one in place of a broken one."""
    before = {child.pid for child in multiprocessing.active_children()}
    pools: list[ProcessPoolExecutor] = []

    def new_pool() -> ProcessPoolExecutor:
        if pools:
            pools[-1].shutdown(wait=False, cancel_futures=True)
        pools.append(ProcessPoolExecutor(workers, mp_context=_context(), initializer=_begin))
        return pools[-1]

    finished = False
    try:
        yield new_pool
        finished = True
    finally:
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
        if not finished:
            _end([child for child in multiprocessing.active_children() if child.pid not in before])
        for pool in pools:
            pool.shutdown()


def _context() -> multiprocessing.context.BaseContext:
    """A server that has imported everything once and forks from there; forking ourselves is not safe beside threads."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["generator.class_chunk"])
    return context


def _begin() -> None:
    """A worker leaves Ctrl-C to the process that gives out the work, and ends when that one does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # an exception, so that TeX is stopped and files removed
    collect_seldom()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait_for([parent.sentinel])
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
