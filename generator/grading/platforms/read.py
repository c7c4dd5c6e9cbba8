"""A platform's export of a class's answers, as rows of typed answers for the class's papers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from generator.classes.roster_rows import not_a_student
from generator.errors import InputError
from generator.errors.language import using
from generator.grading.answer_file import LONGEST_ANSWER, RowsRead, Style, Submitted
from generator.grading.platforms import prairielearn
from generator.grading.platforms.attempts import Attempt, that_count
from generator.grading.platforms.formats import Export, fits_wide, guessed_format, has_tags, part_called
from generator.grading.platforms.layouts import PLATFORMS, Format, Question, layout_of
from generator.grading.platforms.owners import ClassPapers
from generator.grading.platforms.pieces import Verdict, answers_of, verdicts_together
from generator.grading.platforms.tags import REASONS, Tag, read_tag
from generator.grading.platforms.typed import FIELD
from generator.paper.csv_tables import column_name, listed, shown
from generator.paper.record import VARIANT_LETTERS
from generator.paper.whole_tables import read_table

FORMATS: tuple[Format, ...] = get_args(Format)

_STYLES: Mapping[Format, Style] = {
    "google-forms": "google",
    "microsoft-forms": "microsoft",
    "canvas-analysis": "canvas",
    "moodle-responses": "moodle",
    "prairielearn": "fields",
    "wide": "google",
}


def read_export(path: Path, papers: ClassPapers, export: Export) -> RowsRead[Submitted] | None:
    """Read what a platform exported; None for a file in our own form, which has a row a part.

    Raises :class:`InputError` where the file as a whole cannot be read, or could be one of several formats.
    """
    form = export.form or ("worksheet" if path.suffix.lower() == ".json" or path.is_dir() else None)
    if form is None:
        form = guessed_format(path, papers, export)
    if form == "worksheet":
        if export.columns:
            raise InputError("names columns of a platform's export: say which with --from", field="--columns")
        return None
    return _Reader(path, papers, form, export).rows()


class _Reader:
    def __init__(self, path: Path, papers: ClassPapers, form: Format, export: Export) -> None:
        self._name = path.name
        self._papers = papers
        self._form = form
        self._keep = export.keep or "last"
        self._table = read_table(path, self._fits, has_tags)
        self._layout = layout_of(form, self._table.header, export.columns, lambda one: part_called(one, papers))
        self._refused: list[str] = [*self._table.faults]
        self._notes: list[str] = []
        self._unfinished: dict[str, list[tuple[int, str]]] = defaultdict(list)

    def _fits(self, fields: Sequence[str]) -> bool:
        fits = PLATFORMS.get(self._form)
        return fits(fields) if fits is not None else fits_wide(fields, self._papers)

    def rows(self) -> RowsRead[Submitted]:
        """Return the answers that count, and what could not be used."""
        self._check()
        found_attempts = (self._attempt(row, cells) for row, cells in self._table.rows.items())
        attempts = [one for one in found_attempts if one is not None]
        counting, notes = that_count(attempts, self._keep, by_form=not self._papers.has_variants)
        found = sorted((self._row(*one) for one in counting), key=lambda row: row.row)
        self._notes += notes
        handed_in = {attempt.student for attempt in attempts}
        for student, rows in self._unfinished.items():
            sentences = [f"row {row}, student {shown(student)}: {state}" for row, state in rows]
            (self._notes if student in handed_in else self._refused).extend(sentences)
        return RowsRead(tuple(found), tuple(self._refused), tuple(self._notes))

    def _check(self) -> None:
        """Raise :class:`InputError` where no column holds answers, or none names the students; note untagged questions."""
        table, layout = self._table, self._layout
        is_long = self._form == "prairielearn"
        if is_long and not {"question", "submitted answer"} <= self._long_columns().keys():
            raise self._failure("the columns Question and Submitted answer")
        if not is_long and not layout.questions:
            what = {
                "moodle-responses": "columns such as 'Response 1'",
                "wide": "columns named by a part, such as 2(b) or dropout.y_corr",
            }.get(self._form, "questions that end in their tag, such as (id dropout.y_corr)")
            raise self._failure(what)
        if self._papers.students and not any(map(layout.role, ("student", "email", "name"))):
            raise self._failure("a column with the students' ids or e-mail addresses")
        for place in layout.untagged:
            answered = [number for number, cells in table.rows.items() if cells[place].strip()]
            if answered:
                self._refused.append(
                    f"row {table.header_row}, column {place + 1}, {shown(table.header[place])}: has no tag such as "
                    "(id dropout.y_corr), so that its answers were not marked: name its part with --columns, or say "
                    f"--columns ignore={place + 1}"
                )

    def _failure(self, wanted: str) -> InputError:
        return InputError(
            f"{self._name}, row {self._table.header_row}: expected {wanted}, as {self._form} has them; got "
            f"{listed(self._table.header)}: name the columns with --columns (an export in another language has other names), "
            f"or give another format with --from ({', '.join(FORMATS)})"
        )

    # ------------------------------------------------------------------------------------ a row

    def _attempt(self, row: int, cells: Sequence[str]) -> Attempt | None:
        people = {name: [cells[place] for place in self._layout.role(name)] for name in ("student", "email", "name")}
        reason = not_a_student(
            {"id": next(filter(None, people["student"]), ""), "name": " ".join(people["name"]), "email": "".join(people["email"]), "role": ""}
        )  # fmt: skip
        if reason in ("not a student", "a test student") or (reason and not self._has_answers(cells)):
            self._notes.append(f"row {row}: skipped, {reason}")
            return None
        named = [text for text in (*people["email"], *people["student"]) if text.strip().casefold() != "anonymous"]
        if self._form in ("canvas-analysis", "prairielearn", "wide"):
            named = [*people["student"], *people["email"]]
        if self._form == "prairielearn" and (kind := self._role_beside(cells)):
            self._notes.append(f"row {row}: skipped, by {kind}")
            return None
        try:
            student = self._papers.owner(named, [" ".join(filter(None, people["name"]))])
        except InputError as error:
            self._refused.append(f"row {row}: {error}")
            return None
        state = self._unfinished_state(cells)
        if state:
            self._unfinished[student].append((row, state))
            return None
        attempt = Attempt(row, student, self._cell(cells, "time"), self._number(cells))
        try:
            form, attempt.paper = self._paper(student, self._cell(cells, "paper"))
        except InputError as error:
            self._refused.append(f"row {row}, student {shown(student)}: {error}")
            return None
        for tag, text in self._given(row, cells):
            self._add(attempt, tag, text, form)
        return attempt

    def _has_answers(self, cells: Sequence[str]) -> bool:
        return any(cells[question.place].strip() for question in self._layout.questions)

    def _cell(self, cells: Sequence[str], role: str) -> str:
        return next((cells[place].strip() for place in self._layout.role(role) if cells[place].strip()), "")

    def _number(self, cells: Sequence[str]) -> int:
        text = self._cell(cells, "attempt")
        return int(text) if text.isdecimal() and len(text) < 7 else 0

    def _role_beside(self, cells: Sequence[str]) -> str:
        """Return who a row is of, where it is no student."""
        role = self._cell(cells, "state")
        return f"the role {role}" if role and role.casefold() not in ("student", "none") else ""

    def _unfinished_state(self, cells: Sequence[str]) -> str:
        """Return why an attempt does not count; empty where it was finished."""
        if self._form != "moodle-responses":
            return ""
        state, completed = self._cell(cells, "state"), self._cell(cells, "time")
        if (
            state
            and column_name(state) not in _FINISHED
            and (column_name(state) in _UNFINISHED or completed in ("", "-"))
        ):
            return f"the attempt is {shown(state)}, and was not marked"
        if not state and self._layout.role("time") and completed in ("", "-"):
            return "the attempt is not finished, and was not marked"
        if state and column_name(state) not in _FINISHED | _UNFINISHED:
            self._notes_once(f"the state {shown(state)} was taken for a finished attempt")
        return ""

    def _notes_once(self, note: str) -> None:
        if note not in self._notes:
            self._notes.append(note)

    def _paper(self, student: str, text: str) -> tuple[str, str]:
        """Return the form, and the id of the paper, that a student names; she may name the letters of its variants."""
        if not text:
            return "", ""
        if len(text) == VARIANT_LETTERS and text.isalnum():
            problems = {problem.id for record in self._papers.records for problem in record.problems}
            for problem in sorted(problems):
                try:
                    if self._papers.has_forms:
                        return self._papers.form_with(problem, text.upper()), ""
                    self._papers.check_variant(student, problem, text.upper())
                except InputError:
                    continue
                return "", ""
        if self._papers.has_forms:
            return self._papers.form_of_paper(text), ""
        return "", text

    # ------------------------------------------------------------------------------------ what was given

    def _given(self, row: int, cells: Sequence[str]) -> Iterator[tuple[Tag, str]]:
        """Yield the part and the text of each answer in a row; several columns of a part are one answer."""
        if self._form == "prairielearn":
            yield from self._submitted(row, cells)
            return
        found: dict[Tag, list[str]] = defaultdict(list)
        for question in self._layout.questions:
            text = cells[question.place]
            if not text.strip() or text.strip() == "-":
                continue
            try:
                found[self._tag(question, cells)].append(text)
            except InputError as error:
                self._refused.append(f"row {row}, column {question.place + 1}: {error}")
        apart = self._drawn_apart(found) if self._papers.has_variants else set()
        for problem, part in sorted(apart):
            self._refused.append(
                f"row {row}, {problem}.{part}: is asked in several questions, each with a variant of its own, as claims are: it was "
                "not marked, so give the points that the platform says with --marks"
            )
        yield from self._verdicts(row, found)
        for tag, texts in found.items():
            if tag.piece or (tag.problem, tag.part) in apart:
                continue
            try:
                yield from answers_of(tag, FIELD.join(texts))
            except InputError as error:
                self._refused.append(f"row {row}, {tag.problem}: {error}")

    def _verdicts(self, row: int, found: Mapping[Tag, Sequence[str]]) -> Iterator[tuple[Tag, str]]:
        """Yield the claims of a part that are asked one by one as one answer; their reasons are left to a person."""
        given: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
        for tag, texts in found.items():
            if tag.piece == REASONS:
                self._notes_once(f"{tag.problem}.{tag.part}: the reasons are left to a person, on the platform")
            elif tag.piece:
                given[tag.problem, tag.part] += [Verdict(tag.variant, int(tag.piece), text) for text in texts]
        for (problem, part), several in given.items():

            def right(variant: str, problem: str = problem, part: str = part) -> Sequence[bool]:
                return self._papers.verdicts(*self._papers.exported(problem, variant), part)

            try:
                with using(self._papers.sheet_of(self._papers.records[0]).language):
                    variant, text = verdicts_together(several, right)
            except InputError as error:
                self._refused.append(f"row {row}, {problem}.{part}: {error}")
                continue
            if len({one.variant for one in several}) > 1:
                self._notes_once(f"{problem}.{part}: claims of several variants were marked as one answer")
            yield Tag(problem, part, variant), text

    def _drawn_apart(self, tags: Collection[Tag]) -> set[tuple[str, str]]:
        """Return the parts of these tags of which a student got several variants, or is asked in several questions of one."""
        tags = [tag for tag in tags if not tag.piece and not tag.parts]
        columns = Counter(question.tag for question in self._layout.questions)
        variants = Counter((tag.problem, tag.part) for tag in tags)
        several = {(tag.problem, tag.part) for tag in tags if columns[tag] > 1}
        return several | {part for part, count in variants.items() if count > 1}

    def _tag(self, question: Question, cells: Sequence[str]) -> Tag:
        asked = read_tag(cells[question.text]) if question.text is not None else None
        tag = asked or question.tag
        if tag is not None and (tag.part or tag.parts):
            return tag
        if question.text is not None and cells[question.text].strip():
            raise InputError(
                "the question's text has no tag of a part, such as (id dropout.y_corr V2BBB): was it exported by worksheet?"
            )
        parts = [(place, part) for place, one in enumerate(self._papers.printed, start=1) for part in one.answered]
        if not 1 <= question.number <= len(parts):
            raise InputError(
                f"the papers have no part number {question.number}: download the quiz with its question texts, or name the part with --columns"
            )
        place, part = parts[question.number - 1]
        named = self._papers.printed[place - 1]
        self._notes_once(
            f"{self._table.header[question.place].strip()} was taken for {place}{named.labels[part]}, {named.id}.{part}, by its place in the quiz"
        )
        return Tag(str(place), part)

    def _long_columns(self) -> Mapping[str, int]:
        columns = {column_name(one).replace("_", " "): place for place, one in enumerate(self._table.header)}
        if "qid" in columns:
            columns.setdefault("question", columns["qid"])
        return columns

    def _submitted(self, row: int, cells: Sequence[str]) -> Iterator[tuple[Tag, str]]:
        columns = self._long_columns()
        params = cells[columns["params"]] if "params" in columns else ""
        try:
            yield from prairielearn.answers_of(cells[columns["question"]], cells[columns["submitted answer"]], params)
        except InputError as error:
            self._refused.append(f"row {row}, {error}")

    def _add(self, attempt: Attempt, tag: Tag, text: str, form: str) -> None:
        where = f"row {attempt.row}, student {shown(attempt.student)}, {tag.problem}.{tag.part}"
        if len(text) > LONGEST_ANSWER:
            self._refused.append(f"{where}: expected at most {LONGEST_ANSWER} characters; got {len(text)}")
            return
        if _DATE.fullmatch(text.strip()):
            self._refused.append(
                f"{where}: got {shown(text)}, a date that a spreadsheet has made of an answer: type it again, in a cell formatted as text"
            )
            return
        try:
            if self._papers.has_variants:
                place, form = self._papers.exported(tag.problem, tag.variant)
                tag = Tag(str(place), tag.part)
            elif tag.variant and self._papers.has_forms:
                form = self._papers.form_with(tag.problem, tag.variant)
            elif tag.variant:
                self._papers.check_variant(attempt.student, tag.problem, tag.variant)
        except InputError as error:
            self._refused.append(f"{where}: {error}")
            return
        part = (tag.problem, tag.part, form)
        if part in attempt.answers:
            self._refused.append(f"{where}: was answered twice in this row, and only the first answer was marked")
            return
        attempt.answers[part] = text

    def _row(self, attempt: Attempt, part: tuple[str, str, str], text: str) -> Submitted:
        problem, name, form = part
        style: Style = "fields" if FIELD in text else _STYLES[self._form]
        values: dict[str, Any] = {"problem": problem, "part": name, "form": form, "paper": attempt.paper}
        return Submitted(row=attempt.row, student=attempt.student, answer=text, style=style, **values)


_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?|\d{1,2}[-. ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*",
    re.IGNORECASE,
)
_FINISHED = frozenset(
    {"finished", "beendet", "terminé", "finalizado", "completato", "finalizada", "voltooid", "abgeschlossen"}
)
_UNFINISHED = frozenset(
    {
        "in progress", "overdue", "never submitted", "abandoned", "submitted", "not started", "in bearbeitung", "überfällig",
        "nie abgegeben", "en cours", "en retard", "jamais remis", "en curso", "vencido", "nunca enviado", "in corso",
    }
)  # fmt: skip
