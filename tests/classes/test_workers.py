"""Work given to processes: what dies is tried again, nothing hangs, and nobody stays behind."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from generator.classes import processes
from generator.classes.workers import MOST_ATTEMPTS, WorkerPool
from generator.errors import InputError, WorkerError
from tests.tiny_class import (
    PATIENCE,
    end,
    eventually,
    first_number,
    generate,
    ids,
    of_group,
    papers,
    run,
    start,
    tree,
    without_class_list,
    write_class,
    write_sheet,
)

pytestmark = pytest.mark.skipif(os.name == "nt", reason="process groups and signals of POSIX")


@pytest.fixture
def whole(tmp_path: Path) -> dict[str, bytes]:
    """The files of a class of twelve, made without trouble in ``whole``."""
    write_sheet(tmp_path)
    write_class(tmp_path, ids(12))
    assert generate(tmp_path, out="whole").exit_code == 0
    return tree(tmp_path / "whole")


@pytest.mark.slow
def test_a_worker_that_dies_is_tried_again(tmp_path: Path, whole: dict[str, bytes]) -> None:
    number, marker = first_number(tmp_path / "whole", "s5"), tmp_path / "died"
    dies = (
        f"if a == {number} and not os.path.exists({str(marker)!r}): pathlib.Path({str(marker)!r}).touch(); os._exit(1)"
    )
    write_sheet(tmp_path, sampling=dies)
    code, said, complained = run(tmp_path, "--workers", "2")
    assert (code, complained) == (0, "")
    assert said.startswith("12 papers")
    assert marker.exists()
    assert papers(tree(tmp_path / "out")) == papers(whole)


@pytest.mark.slow
def test_a_worker_that_always_dies_ends_the_run(tmp_path: Path, whole: dict[str, bytes]) -> None:
    number = first_number(tmp_path / "whole", "s5")
    write_sheet(tmp_path, sampling=f"if a == {number}: os._exit(1)")
    code, _, complained = run(tmp_path, "--workers", "2")
    assert code == 1
    assert "Error: 4 workers died one after another" in complained
    assert "a class goes on from here" in complained
    assert "Traceback" not in complained
    assert all(whole[name] == content for name, content in tree(tmp_path / "out").items())


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.slow
def test_ctrl_c(tmp_path: Path, whole: dict[str, bytes], workers: str) -> None:
    started = tmp_path / "started"
    number = first_number(tmp_path / "whole", "s9")
    write_sheet(tmp_path, sampling=f"if a == {number}: pathlib.Path({str(started)!r}).touch(); time.sleep(60)")
    process = start(tmp_path, "--workers", workers)
    try:
        assert eventually(started.exists)
        os.killpg(process.pid, signal.SIGINT)
        said, complained = process.communicate(timeout=PATIENCE)
    finally:
        end(process)
    assert process.returncode == 130
    assert (
        without_class_list(complained)
        == f"Stopped. What is in {tmp_path / 'out'} is whole; the same command goes on from here.\n"
    )
    assert said == ""
    assert eventually(lambda: not of_group(process.pid))
    assert all(whole[name] == content for name, content in tree(tmp_path / "out").items())
    assert all(path.parent.name == ".run" for path in (tmp_path / "out").rglob(".writing-*"))  # cleared by the next run
    write_sheet(tmp_path)
    assert generate(tmp_path).exit_code == 0
    assert papers(tree(tmp_path / "out")) == papers(whole)


@pytest.mark.slow
def test_ctrl_c_at_the_very_beginning(tmp_path: Path) -> None:
    """Processes that are only starting must not complain either."""
    write_sheet(tmp_path)
    write_class(tmp_path, ids(30))
    process = start(tmp_path, "--workers", "2")
    try:
        assert eventually((tmp_path / "out" / ".run" / "plan.json").exists)
        os.killpg(process.pid, signal.SIGINT)
        _, complained = process.communicate(timeout=PATIENCE)
    finally:
        end(process)
    assert process.returncode == 130
    told = without_class_list(complained)
    assert told.startswith("Stopped.")
    assert told.count("\n") == 1
    assert eventually(lambda: not of_group(process.pid))


@pytest.mark.slow
def test_nobody_stays_behind_when_the_parent_is_killed(tmp_path: Path) -> None:
    started = tmp_path / "started"
    write_sheet(tmp_path, sampling=f"pathlib.Path({str(started)!r}).touch(); time.sleep(60)")
    write_class(tmp_path, ids(9))
    process = start(tmp_path, "--workers", "2")
    try:
        assert eventually(started.exists)
        assert len(of_group(process.pid)) >= 3
    finally:
        end(process)
    process.communicate(timeout=PATIENCE)
    assert eventually(lambda: not of_group(process.pid))


@pytest.mark.slow
def test_a_temporary_directory_whose_name_is_too_long_for_sockets(
    tmp_path: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ("long" * 20)
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    code, _, complained = run(tmp_path, "--workers", "2")
    assert (code, complained) == (0, "")
    assert tree(tmp_path / "out") == whole
    assert not list(folder.iterdir())


@pytest.mark.slow
def test_nobody_stays_behind_at_the_end(tmp_path: Path, whole: dict[str, bytes]) -> None:
    process = start(tmp_path, "--workers", "2")
    _, complained = process.communicate(timeout=PATIENCE)
    assert (process.returncode, without_class_list(complained)) == (0, "")
    assert eventually(lambda: not of_group(process.pid))


@pytest.mark.slow
def test_a_worker_that_somebody_ends_is_replaced(tmp_path: Path, whole: dict[str, bytes]) -> None:
    """As the system does with the largest process when memory is short; or an administrator, more gently."""
    started = tmp_path / "started"
    number = first_number(tmp_path / "whole", "s5")
    once = f"if a == {number} and not os.path.exists({str(started)!r}): "
    write_sheet(
        tmp_path, sampling=once + f"pathlib.Path({str(started)!r}).write_text(str(os.getpid())); time.sleep(60)"
    )
    process = start(tmp_path, "--workers", "2")
    try:
        assert eventually(lambda: started.exists() and started.read_text() != "")
        os.kill(int(started.read_text()), signal.SIGTERM)
        _, complained = process.communicate(timeout=PATIENCE)
    finally:
        end(process)
    assert (process.returncode, without_class_list(complained)) == (0, "")
    assert papers(tree(tmp_path / "out")) == papers(whole)


# ------------------------------------------------------------------------------------------- executors


class _Unreliable(Executor):
    """Loses every task so many times, in a way of its own; counts what was given out."""

    def __init__(self, losses: int, error: BaseException) -> None:
        self.given: list[Any] = []
        self._losses = losses
        self._error = error

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **_: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.given.append(arguments)
        if self.given.count(arguments) <= self._losses:
            future.set_exception(self._error)
        else:
            future.set_result(function(*arguments))
        return future


class KilledWorker(Exception):  # noqa: N818
    """Named like that of dask."""


@pytest.mark.parametrize("error", [BrokenExecutor(), CancelledError(), KilledWorker()])
def test_what_a_lent_executor_loses_is_given_out_again(error: BaseException) -> None:
    executor = _Unreliable(MOST_ATTEMPTS - 1, error)
    assert sorted(WorkerPool(2, executor).work(abs, [-3, -2, -1])) == [(-3, 3), (-2, 2), (-1, 1)]
    assert len(executor.given) == 3 * MOST_ATTEMPTS
    with pytest.raises(WorkerError, match="4 workers died"):
        list(WorkerPool(2, _Unreliable(MOST_ATTEMPTS, error)).work(abs, [-1]))


def test_an_executor_that_was_shut_down() -> None:
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    with pytest.raises(WorkerError, match="cannot schedule new futures"):
        list(WorkerPool(2, executor).work(abs, [-1, -2]))


class ClosedClientError(Exception):
    """Named like that of dask."""


class _Closed(Executor):
    """Takes nothing any more."""

    def submit(self, function: Callable[..., Any], /, *_: Any, **__: Any) -> Future[Any]:
        raise ClosedClientError("Client is closed")


@pytest.mark.parametrize(("gone", "told"), [(True, "the cluster is gone"), (False, "4 workers died")])
def test_a_lent_executor_whose_cluster_went_between_two_tasks(gone: bool, told: str) -> None:
    with pytest.raises(WorkerError, match=told):
        list(WorkerPool(2, _Closed(), lambda: gone).work(abs, [-1]))


def test_only_so_many_tasks_are_given_out_at_a_time() -> None:
    """Or a class of ten thousand would be in memory at once."""
    executor = _Unreliable(0, BrokenExecutor())
    results = WorkerPool(2, executor).work(abs, range(100))
    next(results)
    assert len(executor.given) <= 5


def _refuse(task: int) -> int:
    if task == 3:
        raise InputError("three", field="task")
    return task


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_is_the_callers_and_not_tried_again(workers: int) -> None:
    with pytest.raises(InputError, match="task: three") as caught:
        list(WorkerPool(workers).work(_refuse, list(range(6))))
    assert caught.value.field == "task"


def _fail_beside_one_that_cleans_up(folder: Path) -> None:
    """The first to come holds a file as long as it lives; the second fails as soon as there is one."""
    held = folder / "held"
    try:
        held.touch(exist_ok=False)
    except FileExistsError:
        raise InputError("a task that cannot be done") from None
    try:
        time.sleep(PATIENCE)
    finally:
        time.sleep(0.5)  # meanwhile the pool has seen the other one go, and tells this one again to end
        held.rename(folder / "cleaned up")


def test_a_worker_that_is_told_twice_to_end_cleans_up_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_SECONDS_TO_CLEAN_UP", PATIENCE)  # on a busy machine
    with pytest.raises(InputError, match="a task that cannot be done"):
        list(WorkerPool(2).work(_fail_beside_one_that_cleans_up, [tmp_path, tmp_path]))
    assert [path.name for path in tmp_path.iterdir()] == ["cleaned up"]


def _pid(_: int) -> int:
    time.sleep(0.01)
    return os.getpid()


def test_the_same_processes_do_all_that_is_within_started() -> None:
    pool = WorkerPool(2)
    with pool.started():
        first = {pid for _, pid in pool.work(_pid, range(8))}
        second = {pid for _, pid in pool.work(_pid, range(8))}
    assert os.getpid() not in first
    assert len(first | second) <= 2
    assert eventually(lambda: not any(_alive(pid) for pid in first | second))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


# ------------------------------------------------------------------------------------------- a cluster


BLIND = "from generator.classes import plan\nassert plan.TOKEN\nplan.TOKEN = '.not-there'\n"
"""A worker that looks for the run's folder elsewhere, as on another machine it would."""


@pytest.mark.heavy
@pytest.mark.parametrize("blind", [False, True])
def test_a_cluster_makes_the_same_bytes(
    tmp_path: Path, whole: dict[str, bytes], cluster: Callable[..., str], blind: bool
) -> None:
    (tmp_path / "blind.py").write_text(BLIND)
    address = cluster(*(["--preload", str(tmp_path / "blind.py")] if blind else []))
    code, said, complained = run(tmp_path, "--cluster", address)
    assert (code, complained) == (0, "")
    assert said.startswith("12 papers")
    assert papers(tree(tmp_path / "out")) == papers(whole)
    assert not (tmp_path / "out" / ".run").exists()


@pytest.mark.heavy
def test_a_cluster_that_is_gone_ends_the_run(
    tmp_path: Path, whole: dict[str, bytes], cluster: Callable[..., str]
) -> None:
    """The scheduler is killed in the middle: a message, an end, and whole files."""
    started = tmp_path / "started"
    number = first_number(tmp_path / "whole", "s9")
    write_sheet(tmp_path, sampling=f"if a == {number}: pathlib.Path({str(started)!r}).touch(); time.sleep(20)")
    address = cluster()
    process = start(tmp_path, "--cluster", address)
    try:
        assert eventually(started.exists)
        port = int(address.rpartition(":")[2])
        for connection in psutil.net_connections("tcp"):
            if connection.status == "LISTEN" and connection.laddr.port == port:
                os.kill(connection.pid, signal.SIGKILL)
        _, complained = process.communicate(timeout=4 * PATIENCE)
    finally:
        end(process)
    assert process.returncode == 1
    assert "a class goes on from here" in complained
    assert "Traceback" not in complained
    assert all(whole[name] == content for name, content in tree(tmp_path / "out").items())


@pytest.mark.heavy
def test_a_cluster_without_workers_is_told_at_once(tmp_path: Path, cluster: Callable[..., str]) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(2))
    code, _, complained = run(tmp_path, "--cluster", cluster(workers=0))
    assert code == 2
    assert "has no workers: start some" in complained
