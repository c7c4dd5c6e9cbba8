"""Work given out to processes, or to any executor: what dies is tried again, and nothing hangs.

Tasks and results travel between processes, so that a function and its tasks must be picklable.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Generic, Protocol

from generator.classes.processes import MOST_PROCESSES, Pools, Result, Task, available_cores, ctrl_c_waits, watched
from generator.errors import WorkerError

MOST_ATTEMPTS = 4
"""So often a task is given out whose worker dies, or whose executor fails."""

_SECONDS_TO_LOOK_AGAIN = 2.0


class WorkerPool:
    """The workers of a run: this process alone, processes of its own, or an executor that the caller lends.

    ``workers`` processes, by default one a core; ``executor`` takes their place, and is not shut down.  ``is_gone``
    tells when nothing more is to be expected of it.
    """

    def __init__(
        self, workers: int | None = None, executor: Executor | None = None, is_gone: Callable[[], bool] | None = None
    ) -> None:
        self.workers = min(workers or available_cores(), MOST_PROCESSES)
        self._lent = None if executor is None else _External(executor, is_gone)
        self._pools: Pools | None = None

    @contextmanager
    def started(self, warm_up: str = "") -> Iterator[None]:
        """Keep the same processes for all the work within; whatever ends it, they are gone afterwards.

        ``warm_up`` is what is made before they begin: see :mod:`generator.classes.warm_up`.
        """
        self._pools = Pools(self.workers, warm_up)
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
        lent, pools = self._lent, self._pools
        if lent is not None:
            with closing(_Queue(function, tasks, 2 * self.workers, lent).results()) as results:
                yield from results
        elif self.workers <= 1 or (len(tasks) <= 1 and not (pools and pools.has_begun)):
            yield from ((task, function(task)) for task in tasks)
        elif pools is None:
            with self.started():
                yield from self.work(function, tasks)
        else:
            queue = _Queue(partial(watched, function), tasks, 2 * self.workers, pools)
            with closing(queue.results()) as results:
                yield from results


class _Source(Protocol):
    """Where an executor comes from, and perhaps another one in place of one that is broken."""

    def executor(self) -> Executor: ...

    def replace(self) -> None: ...

    def is_gone(self) -> bool: ...


@dataclass(frozen=True)
class _External:
    lent: Executor
    gone: Callable[[], bool] | None

    def executor(self) -> Executor:
        return self.lent

    def replace(self) -> None:
        """It may mend itself, as a cluster does."""

    def is_gone(self) -> bool:
        return self.gone is not None and self.gone()


class _Queue(Generic[Task, Result]):
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
                with ctrl_c_waits():  # submitting may start a process, which is not to be forgotten halfway
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
        """Return whether the task is to be tried again, since its worker is gone and not its work wrong."""
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
                "memory? Fewer --workers need less; give the same command again: a class goes on from here"
            ) from error


_LOST_WORKERS = {"KilledWorker", "FutureCancelledError", "CommClosedError", "ClosedClientError"}
"""The exceptions that dask raises for lost workers and schedulers; known by name, since dask need not be installed."""

_GONE = "the cluster is gone; start it again, and give the same command again: a class goes on from here"
