"""A class marked: every paper is made again from its parameters, and the typed answers are compared with its key."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from generator.classes.verify import manifest_in
from generator.classes.workers import WorkerPool
from generator.errors import InputError, WorksheetError
from generator.grading.answer_file import AnswerFile, Submitted
from generator.grading.grader import Grader
from generator.grading.marks import Marked
from generator.paper.csv_tables import shown
from generator.paper.manifest import SINGLE, raw_records
from generator.paper.rebuild import sheet_of, variants_of
from generator.paper.record import read_record
from generator.paper.sheet import find_sheet
from generator.paper.students import Student, look

CHUNK = 20


@dataclass(frozen=True)
class PartMarks:
    """A part of a student's paper: the points given automatically and by a person, and the marked answer if there is one."""

    id: str
    max_points: int
    manual_points: int
    answer: str | None = None
    marked: Marked | None = None

    @property
    def points(self) -> int:
        """The points earned automatically."""
        return (self.marked.points or 0) if self.marked is not None else 0


@dataclass(frozen=True)
class ProblemMarks:
    """A problem of a student's paper, at its place on the sheet (from 1)."""

    place: int
    id: str
    title: str
    parts: tuple[PartMarks, ...]


@dataclass(frozen=True)
class PaperMarks:
    """A student's paper: the marks, and the rows that could not be used, by their numbers."""

    student: Student
    paper: str
    sheet: str
    problems: tuple[ProblemMarks, ...]
    refused: tuple[tuple[int, str], ...] = ()

    @property
    def points(self) -> int:
        """The points earned automatically."""
        return sum(part.points for problem in self.problems for part in problem.parts)

    @property
    def max_points(self) -> int:
        """The points that can be earned automatically."""
        return sum(part.max_points for problem in self.problems for part in problem.parts)

    @property
    def manual_points(self) -> int:
        """The points that a person gives."""
        return sum(part.manual_points for problem in self.problems for part in problem.parts)


@dataclass
class Refusals:
    """Answers that could not be marked: a sentence for each row."""

    found: list[tuple[int, str]] = field(default_factory=list)

    def sentences(self) -> tuple[str, ...]:
        """Return the sentences in the order of the rows."""
        return tuple(f"row {row}, {text}" if row else text for row, text in sorted(self.found))


def mark_class(
    folder: Path,
    answers: AnswerFile,
    pool: WorkerPool,
    sheet: str | None = None,
    *,
    decimals: bool = True,
    refusals: Refusals,
    progress: Callable[[int], None] | None = None,
) -> Iterator[PaperMarks]:
    """Yield the papers in ``folder`` that somebody answered, and of a class list all, in the manifest's order.

    What cannot be marked is added to ``refusals``.  ``sheet`` is needed for problems in files of their own.  Raise
    :class:`InputError` where there is no manifest.
    """
    manifest = manifest_in(folder)
    tasks = list(_tasks(manifest, answers.rows, refusals))
    chunks = [(start, tuple(tasks[start : start + CHUNK])) for start in range(0, len(tasks), CHUNK)]
    waiting: dict[int, list[PaperMarks]] = {}
    following = 0
    for (start, chunk), marks in pool.work(partial(_mark_chunk, sheet, decimals), chunks):
        waiting[start] = marks
        while following in waiting:  # in the manifest's order, whoever is done first
            for paper in waiting.pop(following):
                refusals.found += paper.refused
                yield paper
            following += CHUNK
        if progress is not None:
            progress(len(chunk))


_Task = tuple[bytes, Student | None, tuple[Submitted, ...]]
"""A manifest's line, the student where the record does not say, and the answers."""


def _tasks(manifest: Path, rows: Iterable[Submitted], refusals: Refusals) -> Iterator[_Task]:
    """Yield each paper with its answers; refuse answers to no paper."""
    by_student: dict[str, list[Submitted]] = defaultdict(list)
    by_form: dict[str, dict[str, list[Submitted]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_student[look(row.student)].append(row)
        by_form[row.form.upper()][look(row.student)].append(row)
    seen: set[str] = set()
    for number, line in enumerate(raw_records(manifest), start=1):
        if not line.strip():
            continue
        try:
            record = read_record(line)
        except InputError as error:
            raise InputError(
                f"{manifest}, record {number}: {error}; was the manifest changed, or cut short?"
            ) from error
        form = record.recipient.form
        if manifest.name == SINGLE or form:
            group = by_form.get(form, {}) if form else by_student
            for name, theirs in group.items():
                seen.add(name)
                yield line, Student(id=theirs[0].student, name="", form=form), tuple(theirs)
            continue
        name = look(record.recipient.id)
        seen.add(name)
        yield line, None, tuple(by_student.get(name, ()))
    for name, theirs in by_student.items():
        if name not in seen:
            refusals.found += [
                (row.row, f"column student: no paper here is that of {shown(row.student)}") for row in theirs
            ]


def _mark_chunk(sheet: str | None, decimals: bool, chunk: tuple[int, Sequence[_Task]]) -> list[PaperMarks]:
    _, tasks = chunk
    return [_mark_paper(sheet, decimals, *task) for task in tasks]


def _mark_paper(
    sheet: str | None, decimals: bool, line: bytes, student: Student | None, rows: Sequence[Submitted]
) -> PaperMarks:
    record = read_record(line)
    student = student or record.recipient
    whole = sheet_of(record, find_sheet(sheet) if sheet is not None else None)
    variants = variants_of(record, whole)
    graders = [
        Grader(variant, entry, decimals=decimals) for variant, entry in zip(variants, whole.entries, strict=True)
    ]
    answered, refused = _by_place(rows, graders)
    problems = tuple(
        _mark_problem(place, grader, answered.get(place, {}), refused) for place, grader in enumerate(graders, start=1)
    )
    return PaperMarks(student, record.id, whole.title, problems, tuple(refused))


def _by_place(
    rows: Sequence[Submitted], graders: Sequence[Grader]
) -> tuple[dict[int, dict[str, Submitted]], list[tuple[int, str]]]:
    """Return the answers by place and part; refuse those to no part, or to one answered before."""
    answered: dict[int, dict[str, Submitted]] = defaultdict(dict)
    refused: list[tuple[int, str]] = []
    for row in rows:
        try:
            place = _place(row.problem, graders)
            _check_part(row, place, graders[place - 1], answered[place])
        except InputError as error:
            refused.append((row.row, f"student {shown(row.student)}, {error}"))
            continue
        answered[place][row.part] = row
    return answered, refused


def _check_part(row: Submitted, place: int, grader: Grader, answered: Mapping[str, Submitted]) -> None:
    """Raise :class:`InputError` if there is no such part, or it was answered before."""
    if row.part not in grader.parts:
        known = ", ".join(grader.parts)
        raise InputError(f"problem {place} has no part {shown(row.part)} here; it has {known}", field="column part")
    if row.part in answered:
        before = answered[row.part].row
        raise InputError(
            f"{shown(row.part)} was answered in row {before} already: remove one of the two", field="column part"
        )


def _place(problem: str, graders: Sequence[Grader]) -> int:
    """Return the place (from 1) of a problem named by its id or its place."""
    ids = [grader.variant.problem.id for grader in graders]
    if problem.isascii() and problem.isdigit() and len(problem) < 4 and 1 <= int(problem) <= len(ids):
        return int(problem)
    count = Counter(ids)[problem]
    if count == 1:
        return ids.index(problem) + 1
    if count > 1:
        places = [str(place) for place, name in enumerate(ids, start=1) if name == problem]
        raise InputError(
            f"{problem} comes {count} times: give its place, {' or '.join(places)}", field="column problem"
        )
    raise InputError(
        f"no problem {shown(problem)} on this paper; it has {', '.join(ids)}, or 1 to {len(ids)}",
        field="column problem",
    )


def _mark_problem(
    place: int, grader: Grader, rows: Mapping[str, Submitted], refused: list[tuple[int, str]]
) -> ProblemMarks:
    """Mark a problem's parts; what follows from answers to earlier parts earns marks in later ones."""
    earlier: dict[str, str] = {}
    parts = []
    for part_id in grader.parts:
        row = rows.get(part_id)
        marked = None
        if row is not None and row.answer.strip():
            try:
                marked = grader.mark(part_id, row.answer, earlier=earlier)
            except WorksheetError as error:
                refused.append((row.row, f"student {shown(row.student)}, problem {place}, {part_id}: {error}"))
            earlier[part_id] = row.answer
        answer = row.answer if marked is not None and row is not None else None
        parts.append(
            PartMarks(part_id, grader.automatic_points(part_id), grader.manual_points(part_id), answer, marked)
        )
    problem = grader.variant.problem
    return ProblemMarks(place, problem.id, problem.title, tuple(parts))
