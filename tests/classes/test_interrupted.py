"""Classes that were stopped the hard way: killed at any moment, or out of room; and what memory they need."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.tiny_class import (
    ROOT,
    command,
    end,
    eventually,
    generate,
    ids,
    of_group,
    run,
    start,
    tree,
    write_class,
    write_sheet,
)

pytestmark = pytest.mark.heavy

KILLS = 20
GROWTH = 40 * 2**20
"""Bytes by which the parent may be larger for a thousand students than for a hundred."""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is of POSIX")
@pytest.mark.parametrize(("students", "most"), [(60, 10**6), (60, 9)], ids=["all at once differ", "many yield"])
def test_killed_again_and_again(tmp_path: Path, students: int, most: int) -> None:
    """The moments are random, from the first file to the last; every other kill takes the workers too."""
    write_sheet(tmp_path, most_a=most, most_b=most, sampling="time.sleep(0.005)")
    write_class(tmp_path, ids(students))
    began = time.monotonic()
    assert run(tmp_path, "--workers", "2", out="whole")[0] == 0
    lasts = time.monotonic() - began
    whole = tree(tmp_path / "whole")
    moments = random.Random(4)
    for kill in range(KILLS):
        if kill % 5 == 0:  # anew, or after a few it would be finished
            shutil.rmtree(tmp_path / "out", ignore_errors=True)
        process = start(tmp_path, "--workers", "2")
        time.sleep(moments.uniform(0.3, 1.0) * lasts)
        if kill % 2:
            os.killpg(process.pid, signal.SIGKILL)
        end(process)
        if most == 10**6:  # or first papers may be there that yield later
            left = tree(tmp_path / "out")
            assert all(whole[name] == content for name, content in left.items())
        else:
            assert {*tree(tmp_path / "out")} <= {*whole}
    code, _, complained = run(tmp_path, "--workers", "2")  # while orphans of the last one may still be ending
    assert (code, complained) == (0, "")
    assert tree(tmp_path / "out") == whole
    assert not (tmp_path / "out" / ".run").exists()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 300 KB."""
    folder = tmp_path / "out"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1400k", "none", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("mounting a small file system needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="tmpfs is of Linux")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_disk_that_fills_up(tmp_path: Path, small: Path, workers: str) -> None:
    write_sheet(tmp_path)
    write_class(tmp_path, ids(60))
    assert generate(tmp_path, out="whole", formats="tex,md").exit_code == 0
    whole = tree(tmp_path / "whole")
    for _ in range(2):
        code, said, complained = run(tmp_path, "--workers", workers, formats="tex,md")
        assert code == 2
        assert said == ""
        assert "No space left on device" in complained
        assert "mend it, and give the same command again" in complained
        errors = [line for line in complained.splitlines() if not line.startswith("warning: about")]
        assert len(errors) == 1
        left = tree(small)
        assert left
        assert all(whole[name] == content for name, content in left.items())
        assert not list(small.rglob(".writing-*/*"))
    subprocess.run(["mount", "-o", "remount,size=8m", str(small)], check=True)
    code, _, complained = run(tmp_path, "--workers", workers, formats="tex,md")
    assert (code, complained) == (0, "")
    assert tree(small) == whole
    assert not (small / ".run").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_memory_does_not_grow_with_the_class(tmp_path: Path) -> None:
    write_sheet(tmp_path)
    peaks = {}
    for students in (100, 1000):
        write_class(tmp_path, ids(students))
        folder = tmp_path / str(students)
        process = subprocess.Popen(
            command(
                "generate", tmp_path / "quiz.toml", "--roster", tmp_path / "class.csv", "--formats", "md",
                "--workers", "2", "--out", folder,
            ),
            cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        peaks[students] = usage.ru_maxrss * 1024
        assert len(tree(folder)) == 2 * students + 3
    assert peaks[1000] - peaks[100] < GROWTH, peaks
    assert psutil.virtual_memory().total > peaks[1000]
    assert eventually(lambda: not of_group(process.pid))
