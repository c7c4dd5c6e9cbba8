"""One student's paper marked: her answers by part, the points that a person gives, and what she has had before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal, TypeAlias, TypeVar

from generator.errors import InputError, WorksheetError, describe_error, expected
from generator.errors.language import using
from generator.grading.answer_file import AboutPart, Given, Submitted
from generator.grading.class_marks import PaperMarks, PartMarks, ProblemMarks
from generator.grading.feedback import PaperFeedback, feedback_files
from generator.grading.given_points import GivenPoints, TakenBack, points_text
from generator.grading.marks import Marked
from generator.grading.paper_graders import PaperGraders, PartOfPaper, by_printed_letter, graders_of
from generator.grading.platforms.typed import as_typed
from generator.paper.csv_tables import shown
from generator.paper.labels import find_part, names_on_platforms
from generator.paper.rebuild import sheet_of
from generator.paper.record import Record, read_record
from generator.paper.recorded import key_digest
from generator.paper.sheet import Sheet
from generator.paper.sheet_file import find_sheet
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
    answered: Mapping[str, bytes] | None = None,
) -> Outcome:
    """Mark the paper of a manifest's line; it stays as it was ``kept`` where no row is about it.

    Of an export's variants ``answered`` are the lines of those that the student has answered, by their numbers.
    """
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
    sheet = _sheet_of(record, marking)
    with using(sheet.language):
        try:
            if answered is None:
                papers = {"": _graders(record, sheet, marking)}
            else:
                papers = {form: _graders_of_variant(one, marking) for form, one in {"": line, **answered}.items()}
        except InputError as error:
            raise InputError(f"{student.id or 'the paper'} ({record.id}): {error}") from error
        marker = _PaperMarker(marking, papers, kept, record.exported)
        return marker.mark(record, sheet, student, answers, points)


def _sheet_of(record: Record, marking: Marking) -> Sheet:
    return sheet_of(record, find_sheet(marking.sheet) if marking.sheet is not None else None)


def _graders(record: Record, sheet: Sheet, marking: Marking) -> PaperGraders:
    return PaperGraders(record, graders_of(record, sheet, decimals=marking.decimals, recorded=marking.recorded))


@lru_cache(maxsize=200)
def _graders_of_variant(line: bytes, marking: Marking) -> PaperGraders:
    """Return the graders of a variant, which many students have answered."""
    record = read_record(line)
    return _graders(record, _sheet_of(record, marking), marking)


_Row = TypeVar("_Row", bound=AboutPart)


class _PaperMarker:
    """Marks one paper; notes the rows that cannot be used.

    ``papers`` has one paper, or by their numbers those of the variants that were answered; ``exported`` are the parts asked of these.
    """

    def __init__(
        self,
        marking: Marking,
        papers: Mapping[str, PaperGraders],
        kept: PaperMarks | None,
        exported: Sequence[str] = (),
    ) -> None:
        self._marking = marking
        self._papers = papers
        self._first = next(iter(papers.values()))
        self._exported = frozenset(exported)
        self._names = names_on_platforms(one.id for one in self._first.printed)
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
        places = range(1, len(self._names) + 1)
        problems = tuple(self._problem(place, typed, given, is_marked_anew=anew) for place in places)
        problems = tuple(one for one in problems if one.parts or not self._exported)
        paper = PaperMarks(student, record.id, key_digest(record), sheet.title, problems)
        files = {} if self._exported else self._feedback(paper)
        return Outcome(paper, self._before, files, tuple(self._refused_answers), tuple(self._refused_points))

    def _feedback(self, paper: PaperMarks) -> Mapping[str, bytes]:
        """Return the files of feedback; none where a problem's code, which only ``recorded`` passes over, fails."""
        try:
            return feedback_files(PaperFeedback(paper, self._first.graders))
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
                part = find_part(row.problem, row.part, self._paper(row.form).printed)
                self._check_exported(part)
                found[part].append(row)
            except InputError as error:
                refused.append((row.row, f"student {shown(row.student)}, {error}"))
        return found

    def _paper(self, form: str) -> PaperGraders:
        """Return the paper with the variant of a number; the only one where there are no variants."""
        return self._papers.get(form, self._first)

    def _with_part(self, part: PartOfPaper) -> PaperGraders:
        """Return the first paper that asks a part: not all variants of a pool of plain questions have the same."""
        place, name = part
        return next((one for one in self._papers.values() if name in one.graders[place - 1].parts), self._first)

    def _is_exported(self, part: PartOfPaper) -> bool:
        place, name = part
        return f"{self._names[place - 1]}.{name}" in self._exported

    def _check_exported(self, part: PartOfPaper) -> None:
        if self._exported and not self._is_exported(part):
            raise InputError(f"the export does not ask {self._name(part)}", field="column part")

    def _label(self, part: PartOfPaper) -> str:
        place, name = part
        return self._with_part(part).labels[place - 1][name]

    def _name(self, part: PartOfPaper) -> str:
        return f"part {self._label(part)} of problem {part[0]}"

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
        grader = self._with_part(part).graders[place - 1]
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
        earlier: list[PartMarks] = []
        for name in self._parts(place, typed):
            part = (place, name)
            kept = self._kept.get(part)
            marks = kept if kept is not None and not is_marked_anew else self._part(part, typed.get(part, ()), earlier)
            earlier.append(replace(marks, given=given.get(part)))
        problem = self._first.graders[place - 1].variant.problem
        return ProblemMarks(place, problem.id, problem.heading, tuple(earlier))

    def _parts(self, place: int, typed: Mapping[PartOfPaper, Sequence[Submitted]]) -> list[str]:
        """Return the parts of a problem; of an export those that it asks, the answered ones of a pool of questions among them."""
        names = list(self._first.graders[place - 1].parts)
        if not self._exported:
            return names
        names = [name for name in names if self._is_exported((place, name))]
        known = (part for part, marks in self._kept.items() if marks.answer is not None)
        answered = {name for where, name in (*typed, *known) if where == place}
        others = sorted(answered - {*names})
        unanswered = [name for name in names if name not in answered]
        left_out = unanswered[max(0, len(unanswered) - len(others)) :]
        return [name for name in names if name not in left_out] + others

    def _part(self, part: PartOfPaper, rows: Sequence[Submitted], earlier: Sequence[PartMarks]) -> PartMarks:
        """Mark the answers to a part; ``earlier`` are the parts before it."""
        place, name = part
        grader, kept = self._with_part(part).graders[place - 1], self._kept.get(part)
        answered = [*self._typed(part, [row for row in rows if row.answer.strip()])]
        empty = not answered and (bool(rows) or (kept is not None and kept.empty))
        found: list[tuple[Submitted, Marked]] = []
        for row in self._candidates(part, answered, kept):
            try:
                found.append((row, self._marked(part, row, earlier)))
            except WorksheetError as error:
                self._refused_answers.append((row.row, f"{self._name(part)}: {error}"))
        # of equal points the first; of answers that a person marks the last, which is what she wanted to hand in
        automatic, manual = grader.automatic_points(name), grader.manual_points(name)
        if not found:
            return PartMarks(name, self._label(part), automatic, manual, empty=empty)
        row, mark = found[-1] if found[-1][1].points is None else max(found, key=_best)
        form = row.form if row.form in self._papers else ""
        return PartMarks(name, self._label(part), automatic, manual, row.answer, mark, form=form)

    def _marked(self, part: PartOfPaper, row: Submitted, earlier: Sequence[PartMarks]) -> Marked:
        """Mark one answer; what follows from answers to earlier parts counts where they are to the same variant."""
        place, name = part
        paper = self._paper(row.form)
        grader, letter = paper.graders[place - 1], paper.letters.get(part)
        if letter is not None:
            return by_printed_letter(row.answer, letter, grader.max_points(name))
        same = [one for one in earlier if self._paper(one.form) is paper]
        return grader.mark(name, row.answer, earlier={one.id: one.answer for one in same if one.answer is not None})

    def _typed(self, part: PartOfPaper, rows: Iterable[Submitted]) -> Iterator[Submitted]:
        """Yield rows with their answers as they would be typed here; one that cannot be put together is refused."""
        place, name = part
        for row in rows:
            try:
                text = as_typed(row.answer, row.style, self._paper(row.form).graders[place - 1], name)
            except InputError as error:
                self._refused_answers.append((row.row, f"student {shown(row.student)}, {self._name(part)}: {error}"))
                continue
            yield replace(row, answer=text, style="")

    def _candidates(self, part: PartOfPaper, rows: Sequence[Submitted], kept: PartMarks | None) -> list[Submitted]:
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
        before = []
        if kept is not None and kept.answer is not None:
            before = [Submitted(row=0, student="", answer=kept.answer, form=kept.form)]
        if keep == "best":
            return list({(one.answer, self._paper(one.form)): one for one in (*before, *rows)}.values())
        if keep == "first":
            return [*(before or rows)][:1]
        if keep == "last":
            return [*(rows or before)][-1:]
        return [*(rows or before)][:1]  # another file corrects the one before it


def _best(one: tuple[Submitted, Marked]) -> tuple[int, bool]:
    _, marked = one
    return marked.points or 0, marked.status != "invalid"
