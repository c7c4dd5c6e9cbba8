"""A class's marks as points for one column of a gradebook."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeAlias

from generator.classes.gradebooks.points import ClassPoints, StudentPoints
from generator.classes.workers import WorkerPool
from generator.errors import InputError, expected
from generator.grading.class_marking import ClassRows, Refusals, mark_class
from generator.grading.class_marks import PaperMarks, PartMarks, ProblemMarks
from generator.grading.class_report import GRADES
from generator.grading.kept_marks import kept_marks
from generator.grading.paper_marking import Marking
from generator.grading.platforms.gradescope import read_scores
from generator.grading.platforms.owners import ClassPapers
from generator.paper.csv_tables import column_name, listed, shown
from generator.paper.manifest import RECORDS, SINGLE
from generator.paper.students import Student
from generator.paper.whole_tables import read_table

Pending: TypeAlias = Literal["blank", "zero"]
"""What a cell says while points are left to a person: nothing, or the points so far."""

_TABLE = ("student", "total", "of", "left to a person")


def marks_with_scores(
    folder: Path, scores: Path | None, pool: WorkerPool, marking: Marking
) -> tuple[dict[tuple[str, str], PaperMarks], tuple[str, ...]]:
    """Return the marks of the class in a folder with the points that ``scores`` of Gradescope give, and what could not be used."""
    kept = kept_marks(folder, GRADES)
    if scores is None:
        if not kept:
            raise InputError(f"{folder} has no marks: grade the class first (worksheet grade)", field="GRADES")
        return kept, ()
    read = read_scores(scores, ClassPapers(folder, marking.sheet))
    refused, others = Refusals(), Refusals()
    rows = ClassRows((), read.rows, kept)
    found = {
        one.paper.owner: one.paper
        for one in mark_class(folder, rows, pool, marking, refused_answers=others, refused_points=refused)
    }
    sentences = (*read.refused, *refused.sentences(), *others.sentences())
    return {**kept, **found}, tuple(f"{scores.name}: {sentence}" for sentence in sentences)


def class_points(papers: Iterable[PaperMarks], title: str, pending: Pending) -> ClassPoints:
    """Return the points of a class; of a student with several forms each part counts once, where it was answered."""
    theirs: dict[str, list[PaperMarks]] = defaultdict(list)
    for paper in papers:
        theirs[paper.student.id].append(paper)
    merged = [_merged(several) for several in theirs.values()]
    worth = Counter(paper.most for paper in merged)
    return ClassPoints(title, worth.most_common(1)[0][0], tuple(_points(paper, pending) for paper in merged))


def with_unmarked(points: ClassPoints, folder: Path) -> ClassPoints:
    """Return the points of a class with those students of its list, too, who have no marks."""
    if not any((folder / name).is_file() for name in (RECORDS, SINGLE)):
        return points  # the marks stand in a folder of their own
    known = {one.student.id for one in points.students}
    others = [StudentPoints(one, None) for one in ClassPapers(folder).students if one.id not in known]
    return replace(points, students=(*points.students, *others))


def _points(paper: PaperMarks, pending: Pending) -> StudentPoints:
    is_blank = bool(paper.left) and pending == "blank"
    return StudentPoints(paper.student, None if is_blank else paper.points, paper.left, _feedback(paper))


def _feedback(paper: PaperMarks) -> str:
    """Return the parts that lost points, with the mistakes that led to it: ``2(b) 0/2 (scaled down)``."""
    lost = []
    for problem, part in paper.parts:
        if part.points < part.most and not part.left:
            mistakes = (
                f" ({', '.join(part.marked.diagnosis)})" if part.marked is not None and part.marked.diagnosis else ""
            )
            lost.append(f"{problem.place}{part.label} {part.points:g}/{part.most}{mistakes}")
    return "; ".join(lost)


def _merged(papers: Sequence[PaperMarks]) -> PaperMarks:
    """Return a student's papers as one: of each part the marks of the paper on which it was answered, the best of several."""
    first, *others = papers
    if not others:
        return first
    best: dict[tuple[int, str], PartMarks] = {}
    problems: dict[int, ProblemMarks] = {}
    for paper in papers:
        for problem, part in paper.parts:
            problems.setdefault(problem.place, problem)
            known = best.get((problem.place, part.id))
            if known is None or _rank(part) > _rank(known):
                best[problem.place, part.id] = part
    whole = tuple(
        replace(problem, parts=tuple(part for (where, _), part in best.items() if where == place))
        for place, problem in sorted(problems.items())
    )
    return replace(first, problems=whole)


def _rank(part: PartMarks) -> tuple[bool, float]:
    return part.answer is not None or part.given is not None, part.points


def points_in_table(path: Path, title: str, pending: Pending, students: Mapping[str, Student]) -> ClassPoints:
    """Return the points in a table of grades, as ``grade`` writes it; ``students`` are known by their ids."""
    table = read_table(path, lambda fields: {*_TABLE} <= {column_name(one) for one in fields}, what="table of grades")
    places = {column_name(one): place for place, one in enumerate(table.header)}
    missing = [name for name in _TABLE if name not in places]
    if missing or table.faults:
        raise InputError(
            f"{path}: "
            + (
                table.faults[0]
                if table.faults
                else expected(f"a column {missing[0]}, as grade writes it", listed(table.header))
            )
        )
    found: dict[str, StudentPoints] = {}
    worth: Counter[float] = Counter()
    for row, cells in table.rows.items():
        numbers = {name: _number(path, row, name, cells[places[name]]) for name in _TABLE[1:]}
        identity = cells[places["student"]].strip()
        if not identity or identity in found:
            raise InputError(
                f"{path}, row {row}: expected each student once; got {shown(identity)}: give the folder in place of the table"
            )
        left = int(numbers["left to a person"])
        name, section = (cells[places[one]] if one in places else "" for one in ("name", "section"))
        student = students.get(identity) or Student(identity, name, section)
        worth[numbers["of"]] += 1
        found[identity] = StudentPoints(student, None if left and pending == "blank" else numbers["total"], left)
    return ClassPoints(title, worth.most_common(1)[0][0], tuple(found.values()))


def _number(path: Path, row: int, name: str, text: str) -> float:
    plain = text.strip().replace(",", ".")
    if not re.fullmatch(r"\d{1,6}(?:\.\d{1,4})?", plain):
        raise InputError(f"{path}, row {row}, column {name}: {expected('a number of points', shown(text))}")
    return float(plain)
