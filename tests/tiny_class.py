"""A sheet with one small problem, a class for it, and the command: what tests of whole classes share."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
from click.testing import CliRunner, Result

from generator.cli import main
from generator.paper.secret import Secret

SECRET = Secret(bytes.fromhex("0123456789abcdef" * 4))
"""The course secret of all tests: golden files depend on it."""

ROOT = Path(__file__).parent.parent

PATIENCE = 30.0
"""Seconds after which a test gives up; none takes a tenth of it."""

PROBLEM = """
import os, pathlib, sys, time
from generator import Number, Part, Problem, required, whole

def sample(draw):
    a, b = draw.integer(1, {most_a}), draw.integer(1, {most_b})
    {sampling}
    return {{"a": a, "b": b}}

def total(a, b):
    return a + b

def check(a, b):
    return {{"total": b + a}}

def parts(v):
    more = ""
    {asking}
    yield Part("total", rf"Add $<a>$ and $<b>$. {{more}}", Number("total", "s"), points=1, steps=["$s = <total>$."])

PROBLEM = Problem(
    id="{name}", title="Sums", topic="sums", parameters={{"a": required(whole(1, 10**9)), "b": required(whole(1, 10**9))}},
    sample=sample, solution=[total], mistakes=[], check=check, parts=parts, original={{"a": 1, "b": 2}}, variants=3,
)
"""


def write_sheet(
    folder: Path,
    *,
    most_a: int = 10**6,
    most_b: int = 10**6,
    sampling: str = "pass",
    asking: str = "pass",
    head: str = "",
    names: Iterable[str] = ("sums",),
) -> Path:
    """``quiz.toml`` and its problems; ``sampling`` and ``asking`` are lines of Python within them."""
    sheet = folder / "quiz.toml"
    sheet.write_text('title = "Quiz"\n' + head + "".join(f'[[problem]]\nfile = "{name}.py"\n' for name in names))
    for name in names:
        text = PROBLEM.format(most_a=most_a, most_b=most_b, sampling=sampling, asking=asking, name=name)
        (folder / f"{name}.py").write_text(text)
    return sheet


def write_class(folder: Path, students: Iterable[str]) -> Path:
    """A class list with these ids."""
    roster = folder / "class.csv"
    roster.write_text("id,name\n" + "".join(f"{student},Name of {student}\n" for student in students))
    return roster


def ids(count: int) -> list[str]:
    return [f"s{number}" for number in range(1, count + 1)]


def worksheet(*arguments: object) -> Result:
    """The command, within this process."""
    return CliRunner().invoke(main, list(map(str, arguments)))


def generate(folder: Path, *options: str | Path, out: str = "out", formats: str = "md") -> Result:
    """The class of ``folder`` into ``out``, in this process unless ``options`` say otherwise."""
    workers = [] if {"--workers", "--cluster"} & {*options} else ["--workers", "1"]
    return worksheet(
        "generate", folder / "quiz.toml", "--roster", folder / "class.csv", "--formats", formats,
        "--out", folder / out, *workers, *options,
    )  # fmt: skip


def command(*arguments: str | Path) -> list[str]:
    """The command as another process's arguments."""
    return [sys.executable, "-m", "generator.cli", *map(str, arguments)]


def start(folder: Path, *options: str | Path, out: str = "out", formats: str = "md") -> subprocess.Popen[str]:
    """The class of ``folder`` in a process group of its own, as a shell starts it."""
    return subprocess.Popen(
        command(
            "generate", folder / "quiz.toml", "--roster", folder / "class.csv", "--formats", formats,
            "--out", folder / out, *options,
        ),
        cwd=ROOT,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip


def run(folder: Path, *options: str | Path, out: str = "out", formats: str = "md") -> tuple[int, str, str]:
    """The exit code and what was said, of a process that must end in time: see :func:`without_class_list`."""
    process = start(folder, *options, out=out, formats=formats)
    try:
        said, complained = process.communicate(timeout=60)
    finally:
        end(process)
    return process.returncode, said, without_class_list(complained)


def without_class_list(said: str) -> str:
    """What was said beside the line on the class list and its columns, which every run begins with."""
    return re.sub(r"^.*class\.csv: \d+ students?; .*\n", "", said, flags=re.MULTILINE)


def end(process: subprocess.Popen[str]) -> None:
    """Kill it if it still runs, and close its pipes."""
    process.kill()
    with process:
        pass


def of_group(group: int) -> list[psutil.Process]:
    """The processes of a group that are still at work."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (OSError, psutil.Error):
            continue
    return found


def eventually(fact: Callable[[], bool]) -> bool:
    """Whether it comes true before the test's patience ends."""
    deadline = time.monotonic() + PATIENCE
    while not fact():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def tree(folder: Path) -> dict[str, bytes]:
    """Every file's bytes by its path, those of an unfinished run left out: somebody may be at work there still."""
    found = {}
    for name, folders, files in os.walk(folder):
        folders[:] = [inner for inner in folders if inner != ".run"]
        for path in (Path(name, file) for file in files):
            with suppress(FileNotFoundError):  # it was moved just now
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def papers(files: dict[str, bytes]) -> dict[str, bytes]:
    """Of a class's files those of its papers: the manifest says of which problem file they are."""
    return {name: content for name, content in files.items() if "/" in name}


def records(folder: Path) -> dict[str, dict[str, Any]]:
    """The manifest's records by student."""
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return {record["student"]["id"]: record for record in map(json.loads, lines)}


def first_number(folder: Path, student: str) -> str:
    """By this number a problem file can tell whose paper it is at."""
    return str(records(folder)[student]["problems"][0]["params"]["a"])
