"""A class marked: every paper is made again from its parameters, and the typed answers are compared with its key."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from generator.classes.forms_by_seat import assigned_before
from generator.classes.roster_rows import rounded_number
from generator.classes.verify import check_folder, records_in
from generator.classes.workers import WorkerPool
from generator.errors import InputError
from generator.grading.answer_file import AboutPart, Given, RowOf, Submitted
from generator.grading.class_marks import PaperMarks
from generator.grading.paper_marking import Marking, Outcome, mark_paper
from generator.grading.replaced_papers import paper_answered, rows_about
from generator.paper.csv_tables import shown
from generator.paper.manifest import SINGLE, VARIANTS, raw_records
from generator.paper.record import Record, read_record
from generator.paper.students import Student, look, mistaken

CHUNK = 20

Kept = Mapping[tuple[str, str], PaperMarks]
"""The marks of earlier times, by student and form."""


@dataclass
class Refusals:
    """Rows that could not be used: a sentence for each."""

    found: list[tuple[int, str]] = field(default_factory=list)

    def sentences(self) -> tuple[str, ...]:
        """Return the sentences in the order of the rows."""
        return tuple(f"row {row}, {text}" if row else text for row, text in sorted(self.found))


@dataclass(frozen=True)
class ClassRows:
    """What was read for a class: typed answers, points that a person gives, and the marks of earlier times."""

    answers: Sequence[Submitted] = ()
    points: Sequence[Given] = ()
    kept: Kept = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """A paper to mark: the manifest's line, whose it is, the rows about it, and its marks of earlier times.

    Of an export's variants ``answered`` are the lines of those that the student has answered, by their numbers; the first is ``line``.
    """

    line: bytes
    student: Student
    answers: tuple[Submitted, ...]
    points: tuple[Given, ...]
    kept: PaperMarks | None
    answered: Mapping[str, bytes] | None = None


def mark_class(
    folder: Path,
    rows: ClassRows,
    pool: WorkerPool,
    marking: Marking,
    *,
    refused_answers: Refusals,
    refused_points: Refusals,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Outcome]:
    """Yield the papers in ``folder`` that rows are about, and of a class list all, in the manifest's order.

    A paper that no row is about keeps its marks.  Rows that cannot be used are added to the refusals.  Raise
    :class:`InputError` where there is no manifest, or the key is not made today as it was printed.
    """
    manifest = records_in(folder)
    check_folder(manifest, marking.sheet, recorded=marking.recorded)
    forms = assigned_before(folder) if manifest.name != SINGLE else {}
    if manifest.name == VARIANTS:
        tasks = list(_tasks_of_variants(manifest, rows, refused_answers))
    else:
        tasks = list(_tasks(manifest, _with_forms(rows, forms), forms, refused_answers, refused_points))
    chunks = [(start, tuple(tasks[start : start + CHUNK])) for start in range(0, len(tasks), CHUNK)]
    waiting: dict[int, list[Outcome]] = {}
    following = 0
    for (start, chunk), marks in pool.work(partial(_mark_chunk, marking), chunks):
        waiting[start] = marks
        while following in waiting:  # in the manifest's order, whoever is done first
            for outcome in waiting.pop(following):
                refused_answers.found += outcome.refused_answers
                refused_points.found += outcome.refused_points
                yield outcome
            following += CHUNK
        if progress is not None:
            progress(len(chunk))


def _mark_chunk(marking: Marking, chunk: tuple[int, Sequence[Task]]) -> list[Outcome]:
    _, tasks = chunk
    return [
        mark_paper(marking, task.line, task.student, task.answers, task.points, task.kept, task.answered)
        for task in tasks
    ]


# ------------------------------------------------------------------------------------ whose row is it?


def _with_forms(rows: ClassRows, forms: Mapping[str, str]) -> ClassRows:
    """Return the rows with the form that the student was given, where a row names none."""
    known = {look(student): form for student, form in forms.items()}

    def given(row: RowOf) -> RowOf:
        return row if row.form else replace(row, form=known.get(look(_without_guard(row.student)), ""))

    return replace(rows, answers=[*map(given, rows.answers)], points=[*map(given, rows.points)]) if forms else rows


def _tasks(
    manifest: Path, rows: ClassRows, forms: Iterable[str], refused_answers: Refusals, refused_points: Refusals
) -> Iterator[Task]:
    """Yield each paper with its rows; refuse rows about no paper.  ``forms`` are the students who were given a form."""
    answers, points = _Rows(rows.answers), _Rows(rows.points)
    known: dict[str, list[str]] = defaultdict(list)
    for identifier in forms:
        known[mistaken(identifier)].append(identifier)
    for number, line in enumerate(raw_records(manifest), start=1):
        if not line.strip():
            continue
        record = _record(manifest, number, line)
        for student in _owners(manifest, record, rows, (answers, points)):
            known[mistaken(student.id)].append(student.id)
            kept = rows.kept.get((student.id, student.form))
            typed, given = answers.of(student, student.form), points.of(student, student.form)
            paper = paper_answered(record, (*typed, *given), kept)
            if kept is not None and kept.paper != paper.id and kept.paper in {one.id for one in record.replaced}:
                kept = None  # of the paper that another one has replaced
            yield Task(
                line if paper is record else msgspec.json.encode(paper),
                student,
                rows_about(paper, typed, refused_answers.found),
                rows_about(paper, given, refused_points.found),
                kept,
            )
    refused_answers.found += answers.of_nobody(known)
    refused_points.found += points.of_nobody(known)


def _tasks_of_variants(manifest: Path, rows: ClassRows, refused: Refusals) -> Iterator[Task]:
    """Yield the answers of each student to the variants of an export; refuse those that do not say to which."""
    lines: dict[str, bytes] = {}
    for number, line in enumerate(filter(bytes.strip, raw_records(manifest)), start=1):
        lines[_record(manifest, number, line).form or ""] = line
    answers, points = _Rows(rows.answers), _Rows(rows.points)
    for student in _answering(rows, (answers, points)):
        kept = rows.kept.get((student.id, ""))
        typed: list[Submitted] = []
        for row in answers.of(student):
            if row.form in lines:
                typed.append(row)
            else:
                fault = (
                    f"student {shown(student.id)}, column form: expected the variant that was answered, 1 to {len(lines)}; "
                    f"got {shown(row.form) if row.form else 'nothing'}"
                )
                refused.found.append((row.row, fault))
        forms = (
            {*(row.form for row in typed), *(part.form for _, part in kept.parts)}
            if kept
            else {row.form for row in typed}
        )
        answered = {form: lines[form] for form in sorted(forms & lines.keys())}
        yield Task(next(iter(lines.values())), student, tuple(typed), points.of(student), kept, answered)


def _record(manifest: Path, number: int, line: bytes) -> Record:
    try:
        return read_record(line)
    except InputError as error:
        raise InputError(f"{manifest}, record {number}: {error}; was the manifest changed, or cut short?") from error


def _owners(manifest: Path, record: Record, rows: ClassRows, files: Iterable[_Rows]) -> Iterator[Student]:
    """Yield the student of a record; of a form, or of a single paper, everybody with a row or with marks."""
    form = record.recipient.form
    if manifest.name != SINGLE and not form:
        yield record.recipient
    else:
        yield from _answering(rows, files, form)


def _answering(rows: ClassRows, files: Iterable[_Rows], form: str = "") -> Iterator[Student]:
    """Yield everybody with a row, or with marks; of a form, those who have it."""
    names: dict[str, str] = {}
    for student, of_form in rows.kept:
        if of_form == form:
            names.setdefault(look(student), student)
    for file in files:
        for row in file.rows:
            if not form or row.form.upper() == form:
                names.setdefault(look(row.student), row.student)
    for name in names.values():
        yield Student(id=name, name="", form=form)


_GUARDED = re.compile(r"""'(?P<text>.+)|="(?P<formula>.+)\"""")


def _without_guard(text: str) -> str:
    """Return an id without what keeps a spreadsheet from taking it for a number: ``'00123``, ``="00123"``."""
    found = _GUARDED.fullmatch(text)
    return text if found is None else found["text"] or found["formula"]


class _Rows:
    """The rows of one file by student; those that nobody has asked for are about no paper."""

    def __init__(self, rows: Sequence[AboutPart]) -> None:
        self.rows = rows
        self._by_student: dict[str, list[AboutPart]] = defaultdict(list)
        self._guarded: dict[str, list[AboutPart]] = defaultdict(list)
        for row in rows:
            self._by_student[look(row.student)].append(row)
            bare = _without_guard(row.student)
            if bare != row.student:
                self._guarded[look(bare)].append(row)
        self._asked: set[int] = set()

    def of(self, student: Student, form: str = "") -> tuple[Any, ...]:
        """Return the rows of a student, and of her form where there are forms."""
        name = look(student.id)
        theirs = [*self._by_student.get(name, ()), *self._guarded.get(name, ())]
        found = [row for row in theirs if not form or row.form.upper() == form]
        self._asked |= {row.row for row in found}
        return tuple(found)

    def of_nobody(self, known: Mapping[str, Sequence[str]]) -> list[tuple[int, str]]:
        """Return a sentence for each row that is about no paper; ``known`` are the students' ids by what is mistaken for them."""
        return [
            (row.row, f"column student: no paper here is that of {shown(row.student)}{_advice(row.student, known)}")
            for row in self.rows
            if row.row not in self._asked
        ]


def _advice(identifier: str, known: Mapping[str, Sequence[str]]) -> str:
    """Return what to do about an id that is no student's."""
    if rounded_number(identifier):
        return ": a spreadsheet has left out its last digits; format that column as text, and export the file again"
    alike = [one for one in dict.fromkeys(known.get(mistaken(identifier), ())) if look(one) != look(identifier)]
    return f": is it {' or '.join(map(shown, alike[:3]))}?" if alike else ""
