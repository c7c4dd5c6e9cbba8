"""A class as text: the cost of a student, against the naive way and as classes grow; and how much memory it takes.

``python -m benchmarks.classes`` measures classes of 10 to 10 000 students, ``python -m benchmarks.classes 100 1000`` those
of the sizes that it is told: for each the CPU time of a student (of one process and beyond that of a class of one), the
peak memory, and how many times as long the naive way takes.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.naive import paper_files, paper_tex
from generator.paper.paper import make_paper
from generator.paper.secret import new_secret
from generator.paper.sheet_file import find_sheet
from generator.paper.students import Student

SIZES = (10, 100, 1000, 10_000)
SAMPLE = 3


def class_of_text(sizes: Sequence[int] = SIZES) -> None:
    """Print the cost of a student as classes grow, the peak of memory, and the ratio to the naive way."""
    print("A class as text (worksheet and key, TeX and Markdown), by one process: CPU, and peak memory")
    starting, memory = run(1)
    solving, writing = naive()
    theirs = solving + writing
    print(f"  the naive way    {1000 * theirs:8.0f} ms a student, {1000 * writing:.0f} of them for the files")
    print(f"       1 student   {1000 * starting:8.0f} ms in all      {memory:5.0f} MB")
    for size in sizes:
        seconds, memory = run(size)
        each = (seconds - starting) / (size - 1)
        print(
            f"  {size:>6} students  {1000 * each:8.2f} ms a student  {memory:5.0f} MB  naive: {theirs / each:4.0f} times",
            flush=True,
        )


def naive() -> tuple[float, float]:
    """CPU seconds for the quantities of a student's paper and of its mistakes, and for its files, the naive way."""
    sheet = find_sheet("discussion04")
    papers = [make_paper(sheet, 1, student) for student in students(SAMPLE)]
    start = time.process_time()
    for paper in papers:
        paper_tex(paper.variants)
    solved = time.process_time()
    for paper in papers:
        paper_files(paper, sheet)
    return (solved - start) / SAMPLE, (time.process_time() - solved) / SAMPLE


def students(count: int) -> list[Student]:
    """A class that nobody is in."""
    return [Student(f"s{number:05}", f"Student {number}") for number in range(count)]


def run(size: int) -> tuple[float, float]:
    """The CPU seconds and the peak memory in MB of a run by one process."""
    with tempfile.TemporaryDirectory() as name:
        roster = Path(name, "class.csv")
        with roster.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("id", "name"), *((one.id, one.name) for one in students(size))])
        command = [sys.executable, "-m", "generator.cli", "generate", "discussion04", "--formats", "tex,md"]
        new_secret(Path(name, "secret"))
        command += ["--secret", str(Path(name, "secret"))]
        options = ["--roster", str(roster), "--workers", "1", "--out", str(Path(name, "class"))]
        process = subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        if status:
            raise RuntimeError(f"the run of {size} students failed: {status}")
    megabytes = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return used.ru_utime + used.ru_stime, megabytes


def main(arguments: Sequence[str]) -> None:
    """Measure classes of the sizes told, or of the usual ones; exits with a message for what is no size."""
    wrong = [text for text in arguments if not text.isdecimal() or int(text) < 2]
    if wrong:
        sys.exit(
            f"expected sizes of classes, each 2 or more; got {', '.join(wrong)}: python -m benchmarks.classes 100 1000"
        )
    class_of_text([int(text) for text in arguments] or SIZES)


if __name__ == "__main__":
    main(sys.argv[1:])
