"""``python -m benchmarks``: how fast variants, pages and the whole command are; ratios within one run."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from benchmarks.classes import class_of_text
from benchmarks.html import html
from benchmarks.naive import norm_tex
from benchmarks.pdf import chunk_against_single
from benchmarks.practice import practice
from benchmarks.practice_page import practice_page
from benchmarks.reruns import real_names, reruns
from generator.classes.gc_pause import collect_seldom
from generator.document.keyless import without_key
from generator.errors import Rejected
from generator.numbers import notation
from generator.paper.paper import make_paper
from generator.paper.sheet_file import find_sheet
from generator.problem import drawing
from generator.problem.catalogue import catalogue, find_problem
from generator.problem.draw import Draw
from generator.problem.problem import Problem
from generator.render.renderer import FORMATS, renderer

FIRST_SEED = 10_000  # seeds that nothing else uses, so that no cache knows their numbers


def main() -> None:
    """Print all measurements."""
    collect_seldom()
    print("Variants: sampled, solved, all mistakes solved, audited")
    for problem in catalogue().values():
        drawing.draw_variant(problem, 1)
        seconds = median_time(partial(drawing.draw_variant, problem), range(FIRST_SEED, FIRST_SEED + 300))
        print(f"  {problem.id:<20} {1 / seconds:8.0f} a second  {1000 * seconds:7.2f} ms each")

    print("One worksheet and its key, in TeX and Markdown, after imports")
    seconds = median_time(sheet_and_key, range(FIRST_SEED, FIRST_SEED + 100))
    print(f"  discussion04         {1000 * seconds:8.1f} ms")

    print("Exact solution and its TeX: the naive way against ours")
    for name in ("layer-norm", "batch-norm"):
        problem = find_problem(name)
        ours, theirs = both_ways(problem, range(2 * FIRST_SEED, 2 * FIRST_SEED + 12))
        print(f"  {name:<20} {1000 * theirs:8.1f} ms naive  {1000 * ours:7.2f} ms ours  {theirs / ours:6.0f} times")

    print("The whole command, from a cold start, with both PDFs")
    cold_generate(0)  # TeX's preambles are dumped once on a machine
    seconds = median_time(cold_generate, range(5))
    print(f"  worksheet generate   {seconds:8.2f} s")

    practice()
    practice_page()
    class_of_text()
    chunk_against_single()
    reruns()
    real_names()
    html()


def median_time(work: Callable[[int], Any], arguments: Sequence[int]) -> float:
    """The median seconds of one call."""
    times = []
    for argument in arguments:
        start = time.perf_counter()
        work(argument)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def sheet_and_key(seed: int) -> None:
    """Four texts: worksheet and key, TeX and Markdown."""
    paper = make_paper(find_sheet("discussion04"), seed)
    for document in (without_key(paper.document), paper.document):
        for form in ("tex", "md"):
            renderer(FORMATS[form]).document(document)


def both_ways(problem: Problem, seeds: Sequence[int]) -> tuple[float, float]:
    """Median seconds for one variant's quantities as TeX: ours, then the naive way."""
    by_column = problem.id == "batch-norm"
    params = list(unsolved(problem, seeds))  # never solved before, so that no cache knows their answers
    quantities = ("mean", "variance", "std", "normalized", "output")

    def ours(place: int) -> str:
        values = problem.variant(params[place]).values
        return " ".join(notation.tex(values[name]) for name in quantities)

    def theirs(place: int) -> str:
        return norm_tex(params[place], by_column=by_column)

    places = range(len(params))
    return median_time(ours, places), median_time(theirs, places)


def unsolved(problem: Problem, seeds: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Drawn parameters, not yet solved."""
    for seed in seeds:
        with suppress(Rejected):
            yield problem.read(problem.sample(Draw(problem.id, seed)))


def cold_generate(_: int) -> None:
    """The command as a user types it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "generator.cli", "generate", "discussion04", "--out", folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
