"""The papers of a class that answers may be about: whose they are, which form, which variants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from generator.classes.forms_by_seat import FORMS, assigned_before
from generator.classes.roster import LONGEST_ID, read_roster
from generator.classes.verify import records_in
from generator.errors import InputError
from generator.errors.language import using
from generator.grading.answered_parts import AnsweredParts
from generator.paper.asked import asked_parts
from generator.paper.csv_tables import shown
from generator.paper.ids import read_id
from generator.paper.labels import PrintedProblem, names_on_platforms, part_labels
from generator.paper.manifest import SINGLE, VARIANTS, raw_records
from generator.paper.rebuild import sheet_of, variants_of
from generator.paper.record import VARIANT_LETTERS, Record, read_record, variant_letters
from generator.paper.sheet import Sheet
from generator.paper.sheet_file import find_sheet
from generator.paper.students import Student, look
from generator.problem.parts import walk
from generator.problem.words import Claims


def name_key(name: str) -> frozenset[str]:
    """Return the words of a name, equal for ``Lovelace, Ada`` and ``Ada Lovelace``."""
    return frozenset(look(name.replace(",", " ")).split())


def _alone(given: Sequence[str]) -> str:
    """Return the first of these ids, where nobody's ids are known."""
    if not given:
        raise InputError("nobody is named: the answers are anonymous")
    if len(given[0]) > 2 * LONGEST_ID:
        raise InputError(f"expected a student's id of at most {2 * LONGEST_ID} characters; got {len(given[0])}")
    return given[0]


class ClassPapers:
    """The papers in a folder; ``sheet`` names the sheet's file where its problems are in files of their own."""

    def __init__(self, folder: Path, sheet: str | None = None) -> None:
        manifest = records_in(folder)
        self._sheet = sheet
        self.forms: Mapping[str, str] = assigned_before(folder)
        self.records: list[Record] = []
        for number, line in enumerate(filter(bytes.strip, raw_records(manifest)), start=1):
            try:
                self.records.append(read_record(line))
            except InputError as error:
                raise InputError(
                    f"{manifest}, record {number}: {error}; was the file changed, or cut short?"
                ) from error
        if not self.records:
            raise InputError(f"{manifest} has no records: run the same command again to continue", field="DIR")
        self.has_variants = manifest.name == VARIANTS
        """Whether these are the variants of an export, of which a student may have answered several."""
        self.has_forms = manifest.name == SINGLE or bool(self.records[0].form)
        students: Iterable[Student] = [one.recipient for one in self.records]
        if self.has_forms:
            students = read_roster(folder / FORMS) if (folder / FORMS).is_file() else ()
        self.students = tuple(students)
        self._by: dict[str, dict[str | frozenset[str], list[Student]]] = {
            kind: defaultdict(list) for kind in ("id", "email", "name")
        }
        for one in self.students:
            self._by["id"][look(one.id)].append(one)
            if one.email:
                self._by["email"][look(one.email)].append(one)
            if one.name:
                self._by["name"][name_key(one.name)].append(one)

    def owner(self, named: Sequence[str], names: Sequence[str] = ()) -> str:
        """Return the id of the student that one of these ids or addresses names, or else one of these ``names``.

        Where no class list is known, the first of them is the id.  Raise :class:`InputError` where nobody is named.
        """
        given = [text.strip() for text in named if text.strip()]
        if not self.students:
            return _alone(given)
        owner = self._with_id(given)
        if owner is not None:
            return owner
        for text in filter(str.strip, names):
            found = self._by["name"].get(name_key(text), [])
            if len(found) > 1:
                raise InputError(f"{len(found)} students are called {shown(text)}: the export needs their ids")
            if found:
                return found[0].id
        owner = self._with_id([text.strip() for text in names])  # a column called "student" may have either
        if owner is not None:
            return owner
        given_names = [shown(text) for text in (*given, *filter(str.strip, names))]
        if not given_names:
            raise InputError("nobody is named: the answers are anonymous")
        raise InputError(
            f"no paper here is that of {' or '.join(dict.fromkeys(given_names))}: say which column names the student, as in "
            "--columns student=…, or write the class with a class list that has this id or e-mail address"
        )

    def _with_id(self, given: Iterable[str]) -> str | None:
        """Return the id of the student who alone has one of these ids or addresses."""
        for text in given:
            for kind in ("id", "email"):
                found = self._by[kind].get(look(text), [])
                if text and len(found) == 1:
                    return found[0].id
        return None

    # ------------------------------------------------------------------------------------ sheet and variants

    def sheet_of(self, record: Record) -> Sheet:
        """Return the sheet that a paper is of."""
        return sheet_of(record, find_sheet(self._sheet) if self._sheet is not None else None)

    @cached_property
    def printed(self) -> Sequence[PrintedProblem]:
        """The problems of the first paper."""
        return self.printed_on(self.records[0])

    def printed_on(self, record: Record) -> Sequence[PrintedProblem]:
        """Return the problems of a paper, with the labels of their parts."""
        sheet = self.sheet_of(record)
        found = []
        with using(sheet.language):
            for variant, entry in zip(variants_of(record, sheet), sheet.entries, strict=True):
                parts = asked_parts(variant, entry)
                answered = tuple(part.id for part in walk(parts) if part.answer is not None)
                found.append(PrintedProblem(variant.problem.id, variant.problem.heading, part_labels(parts), answered))
        return found

    def worth(self, place: int, part: str) -> int:
        """Return the points of a part of the first paper; ``place`` is its problem's, from 1."""
        record = self.records[0]
        sheet = self.sheet_of(record)
        with using(sheet.language):
            entry = sheet.entries[place - 1]
            parts = AnsweredParts(variants_of(record, sheet)[place - 1], entry)
            return parts.automatic_points(part) + parts.manual_points(part)

    @cached_property
    def _variants(self) -> Mapping[str, set[tuple[str, str]]]:
        """The variants of each paper, by its id: the problem with its letters, and with the first of its digest in the manifest."""
        found = {}
        for record in self.records:
            letters = zip((one.id for one in record.problems), self._letters[record.id, record.form], strict=True)
            digests = {(one.id, one.canonical[:VARIANT_LETTERS].upper()) for one in record.problems}
            found[record.id] = digests.union(letters)
        return found

    def form_with(self, problem: str, variant: str) -> str:
        """Return the letter of the form that has a variant of a problem; raise :class:`InputError` where none has."""
        for record in self.records:
            if (problem, variant) in self._variants[record.id]:
                return record.form or ""
        raise InputError(f"no paper here has the variant {variant} of {problem}: was it exported from another class?")

    def exported(self, problem: str, variant: str) -> tuple[int, str]:
        """Return the place of a problem, from 1, and the number of its variant, by the names that an export gives them."""
        if not variant:
            raise InputError(
                "the question does not say which variant it is, as in (id dropout.y_corr V2BBB): download the answers with the "
                "question texts"
            )
        names = names_on_platforms(one.id for one in self.records[0].problems)
        if problem not in names:
            raise InputError(f"the export has no problem {problem}; it has {', '.join(names)}")
        place = names.index(problem) + 1
        for record in self.records:
            if self._letters[record.id, record.form][place - 1] == variant:
                return place, record.form or ""
        raise InputError(f"the export has no variant {variant} of {problem}: was it exported again with another seed?")

    def verdicts(self, place: int, form: str, part: str) -> Sequence[bool]:
        """Return which claims of a part are true, in the variant with a number; ``place`` is the problem's, from 1.

        Raises :class:`InputError` where the part has no claims.
        """
        record = next(one for one in self.records if (one.form or "") == form)
        sheet = self.sheet_of(record)
        with using(sheet.language):
            parts = AnsweredParts(variants_of(record, sheet)[place - 1], sheet.entries[place - 1])
            answer = parts.answer(part)
            if not isinstance(answer, Claims):
                raise InputError(f"{part} has no claims")
            return [claim.verdict for claim in answer.claims]

    @cached_property
    def _letters(self) -> Mapping[tuple[str, str | None], Sequence[str]]:
        """The letters of the variants of each record's problems."""
        found = {}
        for record in self.records:
            sheet = self.sheet_of(record)
            with using(sheet.language):
                found[record.id, record.form] = [*map(variant_letters, variants_of(record, sheet))]
        return found

    def check_variant(self, student: str, problem: str, variant: str) -> None:
        """Raise :class:`InputError` where the student's paper has another variant of a problem."""
        for record in self.records:
            if record.student is not None and record.student.id == student:
                if (problem, variant) not in self._variants[record.id]:
                    raise InputError(
                        f"the answer is to the variant {variant} of {problem}, and the paper of {shown(student)} has another"
                    )
                return

    def form_of_paper(self, text: str) -> str:
        """Return the letter of the form that a paper's id or a letter names; raise :class:`InputError` where none has it."""
        letters = {record.form: record.form for record in self.records if record.form}
        if text.strip().upper() in letters:
            return text.strip().upper()
        try:
            wanted = str(read_id(text))
        except InputError as error:
            raise InputError(f"expected the id of a paper, or the letter of a form; got {shown(text)}") from error
        for record in self.records:
            if record.id == wanted:
                return record.form or ""
        raise InputError(f"no paper here has the id {wanted}")
