"""A class graded from its folder: a CSV for a spreadsheet, a page of plots, and a Markdown file for each student."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.classes.workers import WorkerPool
from generator.document.nodes import Text
from generator.errors import InputError
from generator.grading.answer_file import read_answers
from generator.grading.class_marks import PaperMarks, PartMarks, ProblemMarks, Refusals, mark_class
from generator.grading.report import summary_page
from generator.grading.summary import PartSummary, Summary
from generator.paper.csv_tables import spreadsheet_safe
from generator.paper.files import prepare_folder, write_files
from generator.paper.students import Student, file_stem
from generator.render.escaping import one_line
from generator.render.renderer import FORMATS, count_of, renderer

GRADES, PAGE, FEEDBACK = "grades.csv", "grading.html", "feedback"
_AT_ONCE = 100
"""Students whose feedback is written together."""

_BACKTICKS = re.compile(r"`{3,}")


@dataclass(frozen=True)
class Graded:
    """The summary of a class, the refused rows as sentences, and the files written (for feedback, its folder)."""

    summary: Summary
    refused: tuple[str, ...]
    paths: tuple[Path, ...]


def grade_folder(
    folder: Path, answers: Path, out: Path, pool: WorkerPool, sheet: str | None = None, *, decimals: bool = True
) -> Graded:
    """Mark the answers and write ``grades.csv``, ``grading.html`` and ``feedback/STUDENT.md`` into ``out``.

    Raises :class:`InputError` where there is no manifest, or the file of answers as a whole cannot be used.
    """
    read = read_answers(answers)
    prepare_folder(out)
    summary = Summary()
    refusals = Refusals()
    rows: list[GradeRow] = []
    texts: dict[str, bytes] = {}
    for paper in mark_class(folder, read, pool, sheet, decimals=decimals, refusals=refusals):
        summary.add(paper)
        rows.append(grade_row(paper))
        texts[f"{FEEDBACK}/{file_stem(paper.student.id)}.md"] = feedback(paper).encode()
        if len(texts) >= _AT_ONCE:
            write_files(out, texts)
            texts.clear()
    if not rows:
        raise InputError(f"{folder} has no paper that anybody answered", field="DIR")
    title = f"{folder.resolve().name}: marks"
    files = {GRADES: grades_csv(rows, summary.parts).encode(), PAGE: summary_page(summary, title).encode()}
    *_, grades, page = write_files(out, {**texts, **files})
    return Graded(summary, (*read.refused, *refusals.sentences()), (grades, page, out / FEEDBACK))


# -------------------------------------------------------------------------------------------------- CSV


@dataclass(frozen=True, slots=True)
class GradeRow:
    """A paper's row of the CSV."""

    student: Student
    paper: str
    points: dict[tuple[int, str, str], int | None]
    """By part (place, problem, part); None where there was no answer that is marked automatically."""
    total: int
    max_points: int
    manual_points: int
    unread: int


def grade_row(paper: PaperMarks) -> GradeRow:
    """Return a paper's row."""
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
        paper.manual_points,
        sum(part.marked is not None and part.marked.status == "invalid" for _, part in parts),
    )


def grades_csv(rows: Sequence[GradeRow], parts: Sequence[PartSummary]) -> str:
    """Return one line for each paper: points by part, the total, the most, points yet to be given by a person, unread answers.

    A part that was not answered is empty.  No cell is taken for a formula.
    """
    keys = [(one.place, one.problem, one.part) for one in parts]
    columns = ("student", "name", "section", "form", "paper", *(one.name for one in parts))
    writer.writerow(map(spreadsheet_safe, (*columns, "total", "of", "by hand", "not readable")))
    for row in rows:
        points = row.points
        student = row.student
        identity = (student.id, student.name, student.section, student.form, row.paper)
        cells = ["" if points.get(key) is None else str(points[key]) for key in keys]
        numbers = map(str, (row.total, row.max_points, row.manual_points, row.unread))
        writer.writerow([*map(spreadsheet_safe, identity), *cells, *numbers])
    return file.getvalue()


# --------------------------------------------------------------------------------------------- feedback


def feedback(paper: PaperMarks) -> str:
    """Return a student's points and the message on every answered part, as Markdown."""
    name = paper.student.name or paper.student.id
    lines = [f"# {_plain(paper.sheet)}: feedback for {_plain(name)}", ""]
    lines.append(
        f"**{paper.points} of {count_of(paper.max_points, 'point')}**{_rest(paper.manual_points)}. Paper {_plain(paper.paper)}."
    )
    for problem in paper.problems:
        lines += ["", *_of_problem(problem)]
    return "\n".join(lines) + "\n"


def _rest(manual_points: int) -> str:
    return f"; up to {manual_points} more are given by a person" if manual_points else ""


def _of_problem(problem: ProblemMarks) -> list[str]:
    points = sum(part.points for part in problem.parts)
    most = sum(part.max_points for part in problem.parts)
    lines = [f"## {problem.place} {_plain(problem.title)} ({points} of {most})"]
    for part in problem.parts:
        lines += ["", f"### {_plain(part.id)}: {_head(part)}"]
        if part.marked is not None and part.answer is not None:
            lines += ["", *_quoted(part.answer), "", part.marked.message]
    return lines


def _head(part: PartMarks) -> str:
    if part.marked is None:
        return f"no answer ({count_of(part.max_points or part.manual_points, 'point')})"
    if part.marked.points is None:
        return f"for a person to mark ({count_of(part.manual_points, 'point')})"
    return f"{part.marked.status}, {part.marked.points} of {part.marked.max_points}"


def _quoted(answer: str) -> list[str]:
    """Return the answer as typed, in a fence that it cannot close."""
    longest = max((len(found) for found in _BACKTICKS.findall(answer)), default=2)
    fence = "`" * (longest + 1)
    return [fence + "text", *(one_line(line) for line in answer.strip().splitlines()), fence]


def _plain(text: str) -> str:
    return str(renderer(FORMATS["md"]).node((Text(text),)))
