"""A class's marks, shown: a table in the terminal, one HTML page of plots, a CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console

from generator.fairness.measures import percent
from generator.fairness.page import render_report
from generator.fairness.plots import Chart
from generator.fairness.tables import new_table, plain
from generator.grading.class_marks import PaperMarks
from generator.grading.grade_charts import mistake_chart, part_chart, total_chart
from generator.grading.summary import STATUSES, PartSummary, Summary
from generator.paper.csv_tables import spreadsheet_safe
from generator.paper.students import Student


@dataclass(frozen=True, slots=True)
class GradeRow:
    """What the CSV says of a paper."""

    student: Student
    paper: str
    points: dict[tuple[int, str, str], int | None]
    """By part (place, problem, part); None where there was no answer that a machine marks."""
    total: int
    most: int
    by_hand: int
    unread: int


def grade_row(paper: PaperMarks) -> GradeRow:
    """A paper's row."""
    parts = [(problem, part) for problem in paper.problems for part in problem.parts]
    return GradeRow(
        paper.student,
        paper.paper,
        {
            (problem.place, problem.id, part.id): part.marked.points if part.marked is not None else None
            for problem, part in parts
            if part.max_points
        },
        paper.points,
        paper.max_points,
        paper.by_hand,
        sum(part.marked is not None and part.marked.status == "invalid" for _, part in parts),
    )


def grades_csv(rows: Sequence[GradeRow], parts: Sequence[PartSummary]) -> str:
    """One line a paper: points by part and in all, of how many, how many a person has yet to give, answers not read.

    A part that was not answered is empty.  No cell is taken for a formula.
    """
    keys = [(one.place, one.problem, one.part) for one in parts]
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    head = [
        "student",
        "name",
        "section",
        "form",
        "paper",
        *(one.name for one in parts),
        "total",
        "of",
        "by hand",
        "not readable",
    ]
    writer.writerow(map(spreadsheet_safe, head))
    for row in rows:
        points = row.points
        student = row.student
        whose = (student.id, student.name, student.section, student.form, row.paper)
        cells = ["" if points.get(key) is None else str(points[key]) for key in keys]
        numbers = map(str, (row.total, row.most, row.by_hand, row.unread))
        writer.writerow([*map(spreadsheet_safe, whose), *cells, *numbers])
    return file.getvalue()


def print_summary(summary: Summary, console: Console) -> None:
    """The parts and the commonest mistakes as tables, the hardest part in a sentence."""
    console.print(plain(headline(summary), style="bold"))
    parts = new_table("Parts", "part", "answered", "points %", *STATUSES, "commonest mistake")
    for one in summary.parts:
        parts.add_row(*map(plain, _cells(one)))
    console.print()
    console.print(parts)
    mistakes = new_table("Commonest mistakes", "problem", "mistake", "papers")
    for problem, name, count in summary.mistakes():
        mistakes.add_row(plain(problem), plain(name), plain(str(count)))
    if mistakes.row_count:
        console.print()
        console.print(mistakes)
    if summary.hardest is not None:
        console.print()
        console.print(plain(f"Hardest part: {summary.hardest.name} ({percent(summary.hardest.share)} of its points)."))


def headline(summary: Summary) -> str:
    """``Discussion 4, 30 papers: 61.3 % of the points``."""
    papers = "1 paper" if summary.papers == 1 else f"{summary.papers} papers"
    return f"{summary.sheet}, {papers}: {percent(summary.mean_share)} of the points"


def _cells(one: PartSummary) -> Iterable[str]:
    yield one.name
    yield f"{one.statuses.total()} of {one.papers}"
    yield f"{100 * one.share:.1f}"
    yield from (str(one.statuses[status]) for status in STATUSES)
    yield one.commonest


def summary_page(summary: Summary, title: str) -> str:
    """One HTML page that needs nothing else."""
    mistakes = tuple(summary.mistakes())
    charts: dict[str, Chart | None] = {
        "totals": total_chart(summary.percents()) if summary.papers else None,
        "parts": part_chart([(one.name, one.share) for one in summary.parts]) if summary.parts else None,
        "mistakes": mistake_chart([(f"{problem}: {name}", count) for problem, name, count in mistakes], summary.papers)
        if mistakes
        else None,
    }
    return render_report(
        "grading.html.j2", title=title, summary=summary, statuses=STATUSES, mistakes=mistakes, charts=charts
    )
