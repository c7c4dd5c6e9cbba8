"""A class graded from its folder: tables for a spreadsheet, a page of plots, and feedback for each student."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from generator.classes.workers import WorkerPool
from generator.errors import InputError
from generator.grading.answer_file import Given, RowsRead, Submitted, read_answers, read_points
from generator.grading.class_marking import ClassRows, Refusals, mark_class
from generator.grading.class_marks import PaperMarks
from generator.grading.class_tables import Change, changes, changes_table, grades_table, left_table
from generator.grading.feedback import FOLDER
from generator.grading.kept_marks import MARKS, kept_marks, marks_file, marks_locked
from generator.grading.paper_marking import Marking
from generator.grading.platforms.formats import OWN_FORM, Export
from generator.grading.platforms.gradescope import fits_gradescope, read_scores
from generator.grading.platforms.owners import ClassPapers
from generator.grading.platforms.read import read_export
from generator.grading.report import summary_page
from generator.grading.summary import Summary
from generator.paper.csv_files import csv_bytes
from generator.paper.files import Writer, prepare_folder
from generator.paper.whole_tables import read_table

GRADES, PAGE, LEFT, CHANGES = "grades.csv", "grading.html", "left.csv", "changes.csv"


@dataclass(frozen=True)
class Graded:
    """The summary of a class, what changed in it, the refused rows and notes as sentences, and the files written (for feedback, its folder)."""

    summary: Summary
    changed: tuple[Change, ...]
    refused: tuple[str, ...]
    paths: tuple[Path, ...]
    notes: tuple[str, ...] = ()


def grade_folder(
    folder: Path,
    answers: Path | None,
    points: Path | None,
    out: Path,
    pool: WorkerPool,
    marking: Marking,
    export: Export = OWN_FORM,
) -> Graded:
    """Mark a class, and write its marks, tables, plots and feedback into ``out``.

    ``answers`` are what students typed, in our own form or as an ``export`` of a platform, of whose attempts the last counts unless
    it says otherwise; ``points`` are what a person gives.  Where ``out`` has marks already, those of students
    that no row is about stay as they are.  Raise :class:`InputError` where there is no manifest, the key is not made as it was printed, or
    a file as a whole cannot be used; nothing is written then.
    """
    typed, marking = _typed(folder, answers, marking, export) if answers is not None else (RowsRead(), marking)
    given = _given(folder, points, marking) if points is not None else RowsRead()
    prepare_folder(out)
    changed: list[Change] = []
    refused_answers, refused_points = Refusals(), Refusals()
    with marks_locked(out), Writer(out) as writer:
        kept = kept_marks(out, GRADES)
        rows = ClassRows(typed.rows, given.rows, kept)
        papers = dict(kept)
        order: list[tuple[str, str]] = []
        for outcome in mark_class(
            folder, rows, pool, marking, refused_answers=refused_answers, refused_points=refused_points
        ):
            paper = outcome.paper
            papers[paper.owner] = paper
            order.append(paper.owner)
            changed += changes(paper, outcome.before)
            writer.stage(outcome.files)
        if not papers:
            reasons = [*typed.refused, *given.refused, *refused_answers.sentences(), *refused_points.sentences()]
            raise InputError("; ".join([f"{folder} has no paper that anybody answered", *reasons[:3]]), field="DIR")
        gone = [owner for owner in papers if owner not in set(order)]  # of the list before, and still kept
        ordered = [papers[owner] for owner in (*order, *gone)]
        summary = _summary(ordered)
        title = f"{folder.resolve().name}: marks"
        tables = {
            GRADES: grades_table(ordered, summary.parts), LEFT: left_table(ordered), CHANGES: changes_table(changed),
        }  # fmt: skip
        files = {name: csv_bytes(table) for name, table in tables.items()}
        files |= {PAGE: summary_page(summary, title).encode(), MARKS: marks_file(ordered)}
        writer.stage(files)
        writer.place()
    refused = (*typed.refused, *refused_answers.sentences())
    refused += tuple(
        f"{points.name}: {sentence}" for sentence in (*given.refused, *refused_points.sentences()) if points
    )
    paths = tuple(out / name for name in (*files, FOLDER) if (out / name).exists())
    return Graded(summary, tuple(changed), refused, paths, (*typed.notes, *given.notes))


def _typed(folder: Path, answers: Path, marking: Marking, export: Export) -> tuple[RowsRead[Submitted], Marking]:
    """Return the typed answers, and the marking: of a platform's attempts one counts."""
    if not answers.is_dir():
        found = read_export(answers, ClassPapers(folder, marking.sheet), export)
        if found is not None:
            return found, replace(marking, keep=marking.keep or "last")
    return read_answers(answers), marking


def _given(folder: Path, points: Path, marking: Marking) -> RowsRead[Given]:
    """Return the points that a person gives: in our own form, or as the scores of an assignment in Gradescope."""
    if points.suffix.lower() != ".json" and fits_gradescope(
        read_table(points, fits_gradescope, what="table of points").header
    ):
        return read_scores(points, ClassPapers(folder, marking.sheet))
    return read_points(points)


def _summary(papers: list[PaperMarks]) -> Summary:
    summary = Summary()
    for paper in papers:
        summary.add(paper)
    return summary
