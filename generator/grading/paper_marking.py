"""One student's paper marked: her answers by part, the points that a person gives, and what she has had before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, TypeVar

from generator.errors import InputError, WorksheetError, describe_error, expected
from generator.errors.language import using
from generator.grading.answer_file import AboutPart, Given, Submitted
from generator.grading.class_marks import PaperMarks, PartMarks, ProblemMarks
from generator.grading.feedback import PaperFeedback, feedback_files
from generator.grading.given_points import GivenPoints, TakenBack, points_text
from generator.grading.grader import Grader
from generator.grading.marks import Marked
from generator.grading.paper_graders import PartOfPaper, by_printed_letter, graders_of, printed_letters
from generator.grading.platforms.typed import as_typed
from generator.paper.asked import asked_parts
from generator.paper.csv_tables import shown
from generator.paper.labels import PrintedProblem, find_part, part_labels
from generator.paper.rebuild import sheet_of
from generator.paper.record import Record, read_record
from generator.paper.recorded import key_digest
from generator.paper.sheet import Sheet, find_sheet
from generator.paper.students import Student

Keep: TypeAlias = Literal["first", "last", "best"]
"""Which of several answers to one part counts."""


@dataclass(frozen=True)
class Marking:
    """How a class is marked.

    ``sheet`` is needed for problems in files of their own.  Where ``decimals`` are not accepted, rounded answers earn
    nothing.  Without ``keep``, a second answer to a part is refused.  ``recorded`` takes the key from the manifest.
    """

    sheet: str | None = None
    decimals: bool = True
    keep: Keep | None = None
    recorded: bool = False


@dataclass(frozen=True)
class Outcome:
    """A paper's marks; what it had before, if anything; the feedback to write; and the rows that could not be used."""

    paper: PaperMarks
    before: PaperMarks | None
    files: Mapping[str, bytes] = field(default_factory=dict)
    refused_answers: tuple[tuple[int, str], ...] = ()
    refused_points: tuple[tuple[int, str], ...] = ()


def mark_paper(
    marking: Marking,
    line: bytes,
    student: Student,
    answers: Sequence[Submitted],
    points: Sequence[Given],
    kept: PaperMarks | None,
) -> Outcome:
    """Mark the paper of a manifest's line; it stays as it was ``kept`` where no row is about it."""
    record = read_record(line)
    if kept is not None and (kept.paper, kept.key) != (record.id, key_digest(record)):
        other = f"the paper {kept.paper}" if kept.paper != record.id else "another key of the same paper"
        raise InputError(
            f"the marks kept for {shown(student.id)} are of {other}, and the manifest has {record.id}: give another folder, "
            "or move its marks.jsonl away",
            field="--out",
        )
    if kept is not None and not answers and not points:
        return Outcome(replace(kept, student=student), kept)
    sheet = sheet_of(record, find_sheet(marking.sheet) if marking.sheet is not None else None)
    with using(sheet.language):
        try:
            graders = graders_of(record, sheet, decimals=marking.decimals, recorded=marking.recorded)
        except InputError as error:
            raise InputError(f"{student.id or 'the paper'} ({record.id}): {error}") from error
        marker = _PaperMarker(marking, graders, kept, printed_letters(record, graders))
        return marker.mark(record, sheet, student, answers, points)


_Row = TypeVar("_Row", bound=AboutPart)


class _PaperMarker:
    """Marks one paper; notes the rows that cannot be used."""

    def __init__(
        self, marking: Marking, graders: Sequence[Grader], kept: PaperMarks | None, letters: Mapping[PartOfPaper, str]
    ) -> None:
        self._marking = marking
        self._letters = letters
        self._graders = graders
        self._labels = [part_labels(asked_parts(one.variant, one.entry)) for one in graders]
        self._printed = [
            PrintedProblem(one.variant.problem.id, one.variant.problem.heading, labels, tuple(one.parts))
            for one, labels in zip(graders, self._labels, strict=True)
        ]
        self._kept = {(problem.place, part.id): part for problem, part in kept.parts} if kept is not None else {}
        self._before = kept
        self._refused_answers: list[tuple[int, str]] = []
        self._refused_points: list[tuple[int, str]] = []

    def mark(
        self, record: Record, sheet: Sheet, student: Student, answers: Sequence[Submitted], points: Sequence[Given]
    ) -> Outcome:
        typed = self._by_part(answers, self._refused_answers)
        given = self._given(self._by_part(points, self._refused_points))
        anew = bool(answers) or not self._kept
        places = range(1, len(self._graders) + 1)
        problems = tuple(self._problem(place, typed, given, is_marked_anew=anew) for place in places)
        paper = PaperMarks(student, record.id, key_digest(record), sheet.title, problems)
        files = self._feedback(paper)
        return Outcome(paper, self._before, files, tuple(self._refused_answers), tuple(self._refused_points))

    def _feedback(self, paper: PaperMarks) -> Mapping[str, bytes]:
        """Return the files of feedback; none where a problem's code, which only ``recorded`` passes over, fails."""
        try:
            return feedback_files(PaperFeedback(paper, self._graders))
        except Exception as error:
            if not self._marking.recorded:
                raise
            fault = f"student {shown(paper.student.id)}: marked, but there is no feedback: {describe_error(error)}"
            self._refused_answers.append((0, fault))
            return {}

    def _by_part(self, rows: Sequence[_Row], refused: list[tuple[int, str]]) -> dict[PartOfPaper, list[_Row]]:
        found: dict[PartOfPaper, list[_Row]] = defaultdict(list)
        for row in rows:
            try:
                found[find_part(row.problem, row.part, self._printed)].append(row)
            except InputError as error:
                refused.append((row.row, f"student {shown(row.student)}, {error}"))
        return found

    def _name(self, part: PartOfPaper) -> str:
        place, name = part
        return f"part {self._labels[place - 1][name]} of problem {place}"

    # ------------------------------------------------------------------------------------ a person's points

    def _given(self, rows: Mapping[PartOfPaper, Sequence[Given]]) -> dict[PartOfPaper, GivenPoints | None]:
        """Return the points given to each part: those of the rows, else those of earlier times."""
        found = {part: kept.given for part, kept in self._kept.items()}
        for part, several in rows.items():
            first, *others = several
            for row in others:
                if row.given != first.given:
                    where = f"student {shown(row.student)}, {self._name(part)}"
                    fault = f"{where}: has points in row {first.row} already: remove one of the two"
                    self._refused_points.append((row.row, fault))
            try:
                found[part] = self._points(part, first)
            except InputError as error:
                where = f"student {shown(first.student)}, {self._name(part)}"
                self._refused_points.append((first.row, f"{where}, {error}"))
        return found

    def _points(self, part: PartOfPaper, row: Given) -> GivenPoints | None:
        if isinstance(row.given, TakenBack):
            return None
        place, name = part
        grader = self._graders[place - 1]
        manual = grader.manual_points(name)
        most = grader.automatic_points(name) + manual if row.given.for_all or not manual else manual
        if row.given.points > most:
            raise InputError(
                expected(f"at most {most}, which the part is worth here", points_text(row.given.points)),
                field="column points",
            )
        return row.given

    # ------------------------------------------------------------------------------------ answers

    def _problem(
        self,
        place: int,
        typed: Mapping[PartOfPaper, Sequence[Submitted]],
        given: Mapping[PartOfPaper, GivenPoints | None],
        *,
        is_marked_anew: bool,
    ) -> ProblemMarks:
        """Mark a problem's parts; what follows from answers to earlier parts earns marks in later ones."""
        grader = self._graders[place - 1]
        earlier: dict[str, str] = {}
        parts = []
        for name in grader.parts:
            part = (place, name)
            kept = self._kept.get(part)
            marks = kept if kept is not None and not is_marked_anew else self._part(part, typed.get(part, ()), earlier)
            if marks.answer is not None:
                earlier[name] = marks.answer
            parts.append(replace(marks, given=given.get(part)))
        problem = grader.variant.problem
        return ProblemMarks(place, problem.id, problem.heading, tuple(parts))

    def _part(self, part: PartOfPaper, rows: Sequence[Submitted], earlier: Mapping[str, str]) -> PartMarks:
        place, name = part
        grader, kept = self._graders[place - 1], self._kept.get(part)
        answered = [*self._typed(part, [row for row in rows if row.answer.strip()])]
        empty = not answered and (bool(rows) or (kept is not None and kept.empty))
        texts = self._candidates(part, answered, kept.answer if kept is not None else None)
        found: list[tuple[str, Marked]] = []
        letter = self._letters.get(part)
        for text in texts:
            try:
                marked = (
                    grader.mark(name, text, earlier=earlier)
                    if letter is None
                    else by_printed_letter(text, letter, grader.max_points(name))
                )
                found.append((text, marked))
            except WorksheetError as error:
                row = next((row.row for row in answered if row.answer == text), 0)
                self._refused_answers.append((row, f"{self._name(part)}: {error}"))
        # of equal points the first; of answers that a person marks the last, which is what she wanted to hand in
        best = None
        if found:
            best = found[-1] if found[-1][1].points is None else max(found, key=_best)
        answer, mark = best or (None, None)
        label = self._labels[place - 1][name]
        automatic, manual = grader.automatic_points(name), grader.manual_points(name)
        return PartMarks(name, label, automatic, manual, answer, mark, empty and answer is None)

    def _typed(self, part: PartOfPaper, rows: Iterable[Submitted]) -> Iterator[Submitted]:
        """Yield rows with their answers as they would be typed here; one that cannot be put together is refused."""
        place, name = part
        for row in rows:
            try:
                text = as_typed(row.answer, row.style, self._graders[place - 1], name)
            except InputError as error:
                self._refused_answers.append((row.row, f"student {shown(row.student)}, {self._name(part)}: {error}"))
                continue
            yield replace(row, answer=text, style="")

    def _candidates(self, part: PartOfPaper, rows: Sequence[Submitted], kept: str | None) -> list[str]:
        """Return the answers that can count: one, or with ``--keep best`` all of them."""
        keep = self._marking.keep
        if keep is None:
            for row in rows[1:]:
                if row.answer.strip() != rows[0].answer.strip():
                    where = f"student {shown(row.student)}, {self._name(part)}"
                    fault = (
                        f"{where}: was answered in row {rows[0].row} already: remove one of the two, or say --keep "
                        "first, last or best"
                    )
                    self._refused_answers.append((row.row, fault))
        before = [kept] if kept is not None else []
        texts = [row.answer for row in rows]
        if keep == "best":
            return list(dict.fromkeys([*before, *texts]))
        if keep == "first":
            return (before or texts)[:1]
        if keep == "last":
            return (texts or before)[-1:]
        return (texts or before)[:1]  # another file corrects the one before it


def _best(one: tuple[str, Marked]) -> tuple[int, bool]:
    _, marked = one
    return marked.points or 0, marked.status != "invalid"
