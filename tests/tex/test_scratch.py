"""Temporary folders: no one's that lives is touched, a dead one's goes; and when there is no room, that is what is said."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.errors import EngineError, NoRoomError
from generator.tex import pdf, scratch
from generator.tex.scratch import PREFIX, locked_folder, work_folder
from tests.tiny_class import ROOT, command, end, eventually, generate, ids, of_group, tree, write_class, write_sheet

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="locks on folders are of POSIX")

HOLDER = """
import pathlib, sys
from generator.tex.scratch import locked_folder
with locked_folder(pathlib.Path(sys.argv[1]), sys.argv[2]) as folder:
    (folder / "document.tex").write_text("x")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def a_process_that_has_not_cleared_yet() -> None:
    scratch._clear.cache_clear()


def hold(parent: Path, prefix: str = PREFIX) -> tuple[subprocess.Popen[str], Path]:
    """Another process with a folder of its own."""
    arguments = [sys.executable, "-c", HOLDER, str(parent), prefix]
    process = subprocess.Popen(arguments, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_who_comes_next_clears_up_after_the_dead_and_not_the_living(tmp_path: Path) -> None:
    dead, left = hold(tmp_path)
    living, used = hold(tmp_path)
    end(dead)
    (tmp_path / "problemwright-run-file").write_text("mine")
    (tmp_path / "other").mkdir()
    (tmp_path / f"{PREFIX}link").symlink_to(tmp_path / "other")
    try:
        assert left.exists()
        with locked_folder(tmp_path, PREFIX) as folder:
            assert not left.exists()
            assert (used / "document.tex").read_text() == "x"
            assert folder.is_dir()
        assert not folder.exists()
    finally:
        end(living)
    assert {path.name for path in tmp_path.iterdir()} == {used.name, "problemwright-run-file", "other", f"{PREFIX}link"}


def test_what_is_left_of_reading_a_preamble_is_cleared_too(tmp_path: Path, engine: pdf.Engine) -> None:
    from generator.tex import preamble

    cache = tmp_path / "preambles"
    cache.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preamble, "folder", lambda: cache)
        dead, left = hold(cache, "making-")
        end(dead)
        lines = [r"\documentclass{article}", preamble.MARK, r"\begin{document}", r"\shipout\hbox{}", r"\end{document}"]
        pdf.compile_pdf("\n".join(lines), engine)
    assert not left.exists()
    assert len(list(cache.iterdir())) == 1


def test_a_folder_that_was_taken_for_a_dead_ones_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between its making and its locking."""
    real = os.open
    taken: list[Path] = []

    def late(path: Any, *rest: Any, **named: Any) -> int:
        if not taken:
            taken.append(Path(path))
            taken[0].rmdir()
        return real(path, *rest, **named)

    monkeypatch.setattr("generator.tex.scratch.os.open", late)
    with locked_folder(tmp_path, PREFIX) as folder:
        assert folder.is_dir()
        assert folder != taken[0]


def test_a_failure_for_want_of_room_is_no_fault_of_the_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineError), work_folder():
        raise EngineError("Undefined control sequence")
    monkeypatch.setattr(scratch, "_has_room", lambda _: False)
    told = r"^the temporary directory \S+ is full: make room there, or name another"
    with pytest.raises(NoRoomError, match=told), work_folder():
        raise EngineError("I can't write on file `document.log'")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_temporary_directory_that_is_not_writable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o500)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(NoRoomError, match=r"cannot be written to \(Permission denied\)"), work_folder():
        pass


def test_a_temporary_directory_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(NoRoomError, match=r"gone cannot be written to \(No such file or directory\)"), work_folder():
        pass


@pytest.mark.slow
def test_tex_that_nobody_is_left_to_stop_stops_itself(monkeypatch: pytest.MonkeyPatch, engine: pdf.Engine) -> None:
    """Its time is bounded by the system, too: whoever would stop it may have been killed."""
    from generator.tex import run

    if sys.platform != "linux":
        pytest.skip("prlimit is of Linux")
    monkeypatch.setattr(run, "_SECONDS_TO_SPARE", 0)
    limits = run.Limits.of(1)
    monkeypatch.setattr(
        "generator.tex.run.time.monotonic", lambda: 0.0
    )  # for whom time stands still, the deadline never comes
    looping = run.Limits(1, 1.0, limits.stopped)
    with work_folder() as folder:
        (folder / "document.tex").write_text(r"\def\a{\a}\a")
        with pytest.raises(run.FailedError) as failed:
            run.run(engine, folder, ("document.tex",), looping)
    assert -failed.value.code in (signal.SIGXCPU, signal.SIGKILL)


# ------------------------------------------------------------------------------------------- whole classes


def arguments(folder: Path) -> list[str]:
    return command(
        "generate", folder / "quiz.toml", "--roster", folder / "class.csv", "--formats", "pdf", "--workers", "2",
        "--out", folder / "out",
    )  # fmt: skip


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A temporary directory with a short name, as they have."""
    with tempfile.TemporaryDirectory(prefix="k-") as name:
        yield Path(name)


@pytest.mark.heavy
def test_killed_with_all_its_workers_it_leaves_nothing_after_the_next_run(tmp_path: Path, temporary: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(40))
    environment = {**os.environ, "TMPDIR": str(temporary)}
    process = subprocess.Popen(arguments(tmp_path), cwd=ROOT, env=environment, start_new_session=True)
    assert eventually(lambda: any(temporary.rglob("document.log")))
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert eventually(lambda: not of_group(process.pid))
    assert any(temporary.iterdir())
    subprocess.run(arguments(tmp_path), cwd=ROOT, env=environment, check=True, capture_output=True)
    assert list(temporary.iterdir()) == []


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 100 KB, under a name so long that a socket barely fits."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=100k", "none", str(folder)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small file system needs Linux and root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.heavy
def test_a_temporary_directory_that_is_full_is_told_once(tmp_path: Path, small: Path) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(12))
    assert generate(tmp_path, out="whole", formats="pdf").exit_code == 0
    environment = {**os.environ, "TMPDIR": str(small)}

    def run() -> tuple[int, str]:
        done = subprocess.run(
            arguments(tmp_path), cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stderr

    code, complained = run()
    assert code == 1
    assert complained.count("the temporary directory") == 1
    assert f"the temporary directory {small} is full: make room there" in complained
    subprocess.run(["mount", "-o", "remount,size=40m", str(small)], check=True)
    assert run()[0] == 0
    assert list(small.iterdir()) == []
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")
