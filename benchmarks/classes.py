"""A class as text: the cost of a student, against the naive way and as classes grow; and how much memory it takes."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.naive import paper_tex
from generator.classes.students import Student
from generator.sheet import find_sheet
from generator.worksheet import make_paper

SIZES = (10, 100, 1000, 10_000)
SAMPLE = 3


def class_of_text() -> None:
    """Print the cost of a student as classes grow, the peak of memory, and the ratio to the naive way."""
    print("A class as text (worksheet and key, TeX and Markdown), by one process: CPU, and peak memory")
    starting, _ = run(1)
    each = 0.0
    for size in SIZES:
        seconds, memory = run(size)
        each = (seconds - starting) / size
        print(f"  {size:>6} students  {1000 * each:8.1f} ms a student  {memory:5.0f} MB")
    theirs = naive()
    print(f"  the naive way    {1000 * theirs:8.0f} ms a student  {theirs / each:5.0f} times ours")


def naive() -> float:
    """CPU seconds for the quantities of a student's paper and of its mistakes, the naive way."""
    sheet = find_sheet("discussion04")
    papers = [make_paper(sheet, 1, student) for student in students(SAMPLE)]
    start = time.process_time()
    for paper in papers:
        paper_tex(paper.variants)
    return (time.process_time() - start) / SAMPLE


def students(count: int) -> list[Student]:
    """A class that nobody is in."""
    return [Student(f"s{number:05}", f"Student {number}") for number in range(count)]


def run(size: int) -> tuple[float, float]:
    """The CPU seconds and the peak memory in MB of a run by one process."""
    with tempfile.TemporaryDirectory() as name:
        roster = Path(name, "class.csv")
        with roster.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("id", "name"), *((one.id, one.name) for one in students(size))])
        command = [sys.executable, "-m", "generator", "generate", "discussion04", "--formats", "tex,md"]
        options = ["--roster", str(roster), "--workers", "1", "--out", str(Path(name, "class"))]
        process = subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        if status:
            raise RuntimeError(f"the run of {size} students failed: {status}")
    megabytes = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return used.ru_utime + used.ru_stime, megabytes
