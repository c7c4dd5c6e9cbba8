"""What a sheet asks, as an answer form asks it: no question and no number, for these stand on each student's paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from generator.errors import InputError
from generator.errors.language import phrase, using
from generator.grading.answered_parts import AnsweredParts
from generator.grading.nesting import depth_of
from generator.grading.platforms.owners import ClassPapers
from generator.grading.platforms.tags import Tag
from generator.paper.asked import asked_parts
from generator.paper.labels import part_labels
from generator.paper.paper import make_paper
from generator.paper.rebuild import variants_of
from generator.paper.sheet import Entry, Sheet
from generator.paper.students import NOBODY, Student
from generator.problem.answers import Answer, Matrix, Number, Vector
from generator.problem.choices import LETTERS, Choice, Offered
from generator.problem.parts import walk
from generator.problem.problem import Variant
from generator.problem.solution import Values
from generator.problem.words import Claims

Kind: TypeAlias = Literal[
    "number", "vector", "matrix", "fields", "shapes", "letters", "choice", "choices", "claims", "essay"
]


@dataclass(frozen=True)
class AskedPart:
    """A part that is answered: its problem by place and id, its label on the paper, and how its answer is typed.

    ``count`` is how many options or claims there are; ``labels`` are the TeX of labelled fields.
    """

    place: int
    problem: str
    title: str
    id: str
    label: str
    kind: Kind
    points: int
    count: int = 0
    labels: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """``2(b)``."""
        return f"{self.place}{self.label}"

    @property
    def letters(self) -> Sequence[str]:
        """The letters of the options."""
        return LETTERS[: self.count]

    @property
    def how_in_fields(self) -> str:
        """Return how one of the labelled values is typed."""
        if self.kind == "letters":
            return phrase("form.how_letter_set")
        return phrase("form.how_shape") if self.kind == "shapes" else phrase("form.how_number")

    @property
    def how(self) -> str:
        """Return how the answer is typed as one text."""
        match self.kind:
            case "number":
                return phrase("form.how_number")
            case "vector":
                return phrase("form.how_vector")
            case "matrix":
                return phrase("form.how_matrix")
            case "fields":
                return phrase("form.how_fields")
            case "shapes":
                return phrase("form.how_shapes")
            case "letters":
                return phrase("form.how_letters")
            case "choice":
                return phrase("form.how_choice")
            case "choices":
                return phrase("form.how_choices")
            case "claims":
                return phrase("form.how_claims", count=self.count)
        return phrase("form.how_essay")


@dataclass(frozen=True)
class AskedPaper:
    """The parts of a student's paper, or of a form."""

    student: Student
    paper: str
    parts: tuple[AskedPart, ...]


@dataclass(frozen=True)
class AskedSheet:
    """The papers of a sheet, and its parts: all that some paper has."""

    title: str
    language: str
    papers: tuple[AskedPaper, ...]
    is_class: bool = False
    parts: tuple[AskedPart, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", _all_parts(self.papers))

    @property
    def has_forms(self) -> bool:
        """Whether the papers are forms."""
        return any(paper.student.form for paper in self.papers)

    def tag(self, part: AskedPart) -> Tag:
        """Return the tag of a part; a problem that comes twice is named by its place."""
        places = {one.place for one in self.parts if one.problem == part.problem}
        return Tag(part.problem if len(places) == 1 else str(part.place), part.id)


SEEN = 8
"""The papers of a sheet that are looked at where there is no class: what some have and others lack is asked too."""


def asked_on_sheet(sheet: Sheet) -> AskedSheet:
    """Return what a sheet asks, by some of its papers."""
    found = []
    for seed in range(1, SEEN + 1):
        paper = make_paper(sheet, seed)
        with using(sheet.language):
            found.append(AskedPaper(NOBODY, "", tuple(_parts(paper.variants, paper.entries))))
    parts = AskedSheet(sheet.title, sheet.language, tuple(found)).parts
    return AskedSheet(sheet.title, sheet.language, (AskedPaper(NOBODY, "", parts),))


def asked_in_class(papers: ClassPapers, title: str | None = None) -> AskedSheet:
    """Return what the papers of a class ask; raise :class:`InputError` for the variants of an export, which nobody has on paper."""
    if papers.has_variants:
        raise InputError(
            "has the variants of an export, which are answered on its platform: give a class's folder", field="DIR"
        )
    found = []
    for record in papers.records:
        sheet = papers.sheet_of(record)
        with using(sheet.language):
            found.append(
                AskedPaper(record.recipient, record.id, tuple(_parts(variants_of(record, sheet), sheet.entries)))
            )
    sheet = papers.sheet_of(papers.records[0])
    by_form = {paper.student.form: paper for paper in found}
    if papers.has_forms and papers.students:  # a form was given to each of them
        given = [(one, by_form.get(papers.forms.get(one.id, ""))) for one in papers.students]
        found = [
            replace(paper, student=replace(one, form=paper.student.form)) for one, paper in given if paper is not None
        ]
    return AskedSheet(title or sheet.title, sheet.language, tuple(found), is_class=True)


def _parts(variants: Sequence[Variant], entries: Sequence[Entry]) -> Iterable[AskedPart]:
    for place, (variant, entry) in enumerate(zip(variants, entries, strict=True), start=1):
        asked = asked_parts(variant, entry)
        labels = part_labels(asked)
        answered = AnsweredParts(variant, entry)
        for part in walk(asked):
            if part.answer is None:
                continue
            answer = answered.answer(part.id)
            points = answered.automatic_points(part.id) + answered.manual_points(part.id)
            kind, count, fields = _kind(answer, variant.values)
            yield AskedPart(
                place,
                variant.problem.id,
                variant.problem.heading,
                part.id,
                labels[part.id],
                kind,
                points,
                count,
                fields,
            )


def _kind(answer: Answer, values: Values) -> tuple[Kind, int, tuple[str, ...]]:
    match answer:
        case Choice():
            return "choices" if answer.several else "choice", len(answer.options), ()
        case Offered():
            return "choice", len(answer.solutions), ()
        case Number():
            return "number", 0, ()
        case Vector():
            return "vector", 0, ()
        case Matrix():
            return "matrix", 0, ()
        case Claims():
            return "claims", len(answer.claims), ()
    labels: tuple[str, ...] = getattr(answer, "labels", ())
    return (_labelled(answer.value(values)), len(labels), labels) if labels else ("essay", 0, ())


def _labelled(right: Any) -> Kind:
    """Return what kind of values stand under labels."""
    if all(isinstance(value, str) for value in right):
        return "letters"
    return "shapes" if depth_of(right) > 1 else "fields"


def _all_parts(papers: Sequence[AskedPaper]) -> tuple[AskedPart, ...]:
    """Return the parts of all papers in order; one that papers ask differently has what fits them all."""
    found: dict[tuple[int, str], list[AskedPart]] = {}
    order: Counter[tuple[int, str]] = Counter()
    for paper in papers:
        for number, part in enumerate(paper.parts):
            found.setdefault((part.place, part.id), []).append(part)
            order[part.place, part.id] = max(order[part.place, part.id], number)
    return tuple(_together(found[key]) for key in sorted(found, key=lambda key: (key[0], order[key])))


def _together(several: Sequence[AskedPart]) -> AskedPart:
    first = several[0]
    labels = "/".join(sorted({one.label for one in several}))
    fields = {one.labels for one in several}
    count = max(one.count for one in several)
    return replace(first, label=labels, count=count, labels=first.labels if len(fields) == 1 else ())
