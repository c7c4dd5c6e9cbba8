"""A class graded from its folder: what ``worksheet grade`` reads and writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from generator.classes.workers import WorkerPool
from generator.errors import InputError
from generator.grading.answer_file import read_answers
from generator.grading.class_marks import Refusals, mark_class
from generator.grading.feedback import feedback
from generator.grading.grade_report import GradeRow, grade_row, grades_csv, summary_page
from generator.grading.summary import Summary
from generator.paper.files import prepare_folder, write_files
from generator.paper.students import file_stem

GRADES, PAGE, FEEDBACK = "grades.csv", "grading.html", "feedback"
_AT_ONCE = 100
"""So many students' feedback is written together."""


@dataclass(frozen=True)
class Graded:
    """What came of it: the tallies, the rows that were refused as sentences, the files written (of feedback its folder)."""

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
