"""The errors that ``worksheet check`` looks for in one problem: small checks, each of which yields what it has to say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from generator.document import prose
from generator.document.figures.scene import STYLES
from generator.document.keyless import without_key
from generator.document.markup import parse
from generator.document.nodes import Exercise, Worksheet
from generator.errors import AuthoringError, EngineError, InputError, Rejected, WorksheetError, did_you_mean
from generator.grading.nesting import flatten
from generator.grading.reading.answers import read_like
from generator.numbers.equality import same
from generator.numbers.notation import plain
from generator.paper.generate import STEMS, unrendered
from generator.paper.paper import exercise, numbered
from generator.paper.sheet import Entry, Sheet
from generator.practice.web.fields import grid_in_question
from generator.problem import audit, drawing
from generator.problem.answers import Fields, Matrix, Number, Vector
from generator.problem.author_code import AuthorCode, line_of_argument, line_of_function, line_of_mistake, line_of_part
from generator.problem.catalogue import is_in_catalogue
from generator.problem.choices import Choice, Subsets
from generator.problem.draw import Draw
from generator.problem.parts import Part, walk
from generator.problem.problem import Problem, Variant
from generator.render.pictures import picture_files
from generator.render.renderer import FORMATS, SVG, Format, figures_in, renderer
from generator.tex import pdf
from generator.tex.chunk import compile_papers

PROBLEM_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")

DRAWS = 10
"""So many draws are made twice; what is not drawn from ``draw`` alone differs in one of them."""

FEW = 6
"""So many variants are looked at closely."""


@dataclass
class Subject:
    """A problem at a level, as it is asked, with a sheet's templates; ``number`` is its place on the ``sheet``, if it is on one."""

    entry: Entry
    templates: Path | None = None
    notes: list[str] = field(default_factory=list)
    seeds: Sequence[int] = range(1, FEW + 1)
    sheet: Sheet | None = None
    number: int = 1

    @property
    def problem(self) -> Problem:
        return self.entry.problem

    @property
    def name(self) -> str:
        """The problem, and its difficulty where it is not the standard one."""
        level = self.entry.level
        return self.problem.id + (f" ({level})" if level != "standard" else "")

    @cached_property
    def variants(self) -> list[Variant]:
        """A few variants, drawn as for a paper."""
        return [drawing.draw_variant(self.problem, seed, level=self.entry.level) for seed in self.few_seeds]

    @property
    def few_seeds(self) -> Sequence[int]:
        """The seeds of those variants."""
        return self.seeds[:FEW]

    def exercise(self, variant: Variant) -> Exercise:
        """A variant as it is asked; what a sheet asks in vain is told with its line of the sheet's file."""
        return exercise(variant, 1, self.entry) if self.sheet is None else numbered(self.sheet, self.number, variant)

    @property
    def parts(self) -> dict[str, Part]:
        """The parts of those variants by their ids."""
        return {part.id: part for variant in self.variants for part in walk(variant.all_parts)}

    def fault(
        self, message: str, *, part: str = "", mistake: str = "", function: Any = None, line: str = ""
    ) -> AuthoringError:
        """An error about a part, a mistake or a function, with its line."""
        home = self.problem.home
        if part:
            return AuthoringError(message).locate(item=f"part {part}", line=line_of_part(home, part))
        if mistake:
            return AuthoringError(message).locate(item=f"mistake {mistake!r}", line=line_of_mistake(home, mistake))
        return AuthoringError(message).locate(line=line or line_of_function(function, home))


Check: TypeAlias = Callable[[Subject], Iterator[WorksheetError]]


# ----------------------------------------------------------------------------------------------- errors


def proper_id(subject: Subject) -> Iterator[WorksheetError]:
    """The id is one that ``worksheet new`` would give."""
    if not PROBLEM_ID.fullmatch(subject.problem.id):
        yield subject.fault(
            f"{subject.problem.id!r} cannot be a problem's id: use lower-case words joined by hyphens",
            line=line_of_argument(subject.problem.home, "id"),
        )


def id_of_its_own(subject: Subject) -> Iterator[WorksheetError]:
    """No problem of the catalogue has the id: papers are marked by their problems' ids."""
    problem = subject.problem
    if problem.source and is_in_catalogue(problem.id):
        yield subject.fault(
            f"a problem of the catalogue has the id {problem.id!r} (`worksheet list`): choose another",
            line=line_of_argument(problem.home, "id"),
        )


def seeded(subject: Subject) -> Iterator[WorksheetError]:
    """The same draw gives the same numbers."""
    problem = subject.problem
    sample = problem.levels[subject.entry.level].sample

    def drawn(attempt: int) -> Any:
        with AuthorCode(problem.home, "sample()", sample):
            try:
                return drawing.sampled(sample, Draw(problem.id, "check", attempt))
            except Rejected as rejection:
                return {"the draw is thrown away": str(rejection)}

    for attempt in range(DRAWS):
        first, second = drawn(attempt), drawn(attempt)
        changed = [name for name in {**first, **second} if repr(first.get(name)) != repr(second.get(name))]
        if changed:
            name = changed[0]
            yield subject.fault(
                f"sample() gives other numbers for the same draw ({name}: {first.get(name)!r}, then "
                f"{second.get(name)!r}): take all that is random from draw",
                function=sample,
            )
            return


def steady(subject: Subject) -> Iterator[WorksheetError]:
    """The same numbers give the same text."""
    problem = subject.problem
    for variant in subject.variants[:2]:
        again = problem.variant(variant.params)
        if subject.exercise(variant) != subject.exercise(again):
            yield subject.fault("parts() gives another text for the same numbers", function=problem.parts)
            return


def worth_points(subject: Subject) -> Iterator[WorksheetError]:
    """Each part that is answered is worth something."""
    for part in subject.parts.values():
        if part.answer is not None and part.own_worth < 1:
            yield subject.fault("points: expected a positive whole number; got 0", part=part.id)


def mistakes_of_the_kind(subject: Subject) -> Iterator[WorksheetError]:
    """A mistake leads to an answer of the kind that is asked for."""
    reported = set()
    for variant in subject.variants:
        for mistake, values in variant.wrong:
            for part in variant.computed_parts(guided=True):
                unfit = getattr(part.answer, "unfit", None)
                step = part.answer.step if part.answer is not None else None
                if (
                    unfit is None
                    or step is None
                    or step not in values
                    or isinstance(part.answer, Choice | Fields | Subsets)
                ):
                    continue
                message = unfit(values[step])
                if message and mistake.name not in reported:
                    reported.add(mistake.name)
                    yield subject.fault(f"part {part.id}: {message}", mistake=mistake.name)


def answers_can_be_typed(subject: Subject) -> Iterator[WorksheetError]:
    """Each number of an answer is read, typed as it is printed."""
    for variant in subject.variants:
        for part in variant.computed_parts(guided=True):
            if not isinstance(part.answer, Number | Vector | Matrix | Fields):
                continue
            for number in flatten(part.answer.value(variant.values)):
                printed = plain(number)
                try:
                    read = same(read_like(printed, number).value, number)
                    reason = "it is read as another number"
                except InputError as error:
                    read, reason = False, error.message
                if not read:
                    yield subject.fault(f"its answer cannot be typed, {printed}: {reason}", part=part.id)
                    return


def feedback_prints(subject: Subject) -> Iterator[WorksheetError]:
    """The feedback of each mistake can be printed, whether a key notes it or not."""
    for mistake in subject.problem.mistakes:
        try:
            prose.inline(mistake.feedback, subject.variants[0].values.known)
        except WorksheetError as error:
            line = subject.problem.line_with(getattr(error, "text", ""))
            yield subject.fault(str(error), mistake=mistake.name).locate(line=line)
        if re.match(r"[A-Z]\w*[ ,]", mistake.feedback) and not mistake.feedback.startswith("I "):
            subject.notes.append(
                f'mistake {mistake.name!r}: its feedback continues "If you got …, you …": begin it with a verb, in small letters'
            )


def hints_print(subject: Subject) -> Iterator[WorksheetError]:
    """The hint of each part can be shown on the page for practice."""
    page = renderer(FORMATS["html"], subject.templates)
    for variant in subject.variants[:1]:
        for part in walk(variant.all_parts):
            if part.hint is None:
                continue
            try:
                for node in prose.nodes(part.hint, variant.values.known):
                    page.node(node)
            except WorksheetError as error:
                line = subject.problem.line_with(getattr(error, "text", ""))
                yield error.locate(item=f"part {part.id}", line=line or line_of_part(subject.problem.home, part.id))


def figures_in_style(subject: Subject) -> Iterator[WorksheetError]:
    """Each mark of a figure has a style that the formats know."""
    for variant in subject.variants[:2]:
        for scene in figures_in(subject.exercise(variant)).values():
            for shape in scene.shapes:
                if shape.style not in STYLES[type(shape)]:
                    kind = type(shape).__name__
                    yield subject.fault(
                        f"figure {scene.title!r}: a {kind} has the style {shape.style!r}"
                        + did_you_mean(shape.style, sorted(STYLES[type(shape)])),
                        line=subject.problem.line_with(f'"{shape.style}"'),
                    )
                    return


def shapes_that_are_printed(subject: Subject) -> Iterator[WorksheetError]:
    """What an answer is ``like`` is a vector or a matrix that the question prints."""
    for variant in subject.variants[:1]:
        for part in variant.computed_parts(guided=True):
            try:
                grid_in_question(part.answer, variant.values) if part.answer is not None else None
            except AuthoringError as error:
                yield subject.fault(error.message, part=part.id)


def bank_reads(subject: Subject) -> Iterator[WorksheetError]:
    """Every text of the bank can be read, whichever entries are drawn."""
    bank = subject.problem.bank
    for key, text in bank.all_texts() if bank is not None else ():
        try:
            parse(text)
        except AuthoringError as error:
            yield error.locate(item=key, line=subject.problem.line_with(error.text))


def rendered(subject: Subject) -> Iterator[WorksheetError]:
    """A few variants render in every format."""
    for seed, variant in zip(subject.few_seeds, subject.variants, strict=True):
        try:
            render(subject, subject.exercise(variant), context=f"{subject.name}, seed {seed}")
        except WorksheetError as error:
            yield error.locate(context=f"{subject.name}, seed {seed}")
            return


def original_solved(subject: Subject) -> Iterator[WorksheetError]:
    """The printed numbers can be solved, and the second opinion agrees with the key."""
    if subject.problem.original is not None:
        variant = subject.problem.printed()
        try:
            audit.confirm(variant)
        except WorksheetError as error:
            yield error.locate(item="original")
            return
        render(subject, exercise(variant, 1, Entry(subject.problem, guided=True)))


def prints_as_pdf(subject: Subject) -> Iterator[WorksheetError]:
    """TeX makes a PDF of one variant and its key."""
    try:
        engine = pdf.find_engine()
    except EngineError as error:
        subject.notes.append(f"no PDF was tried: {error}")
        return
    with_key = subject.exercise(subject.variants[0])
    document = Worksheet(
        title=subject.problem.title, course="", instructions=(), variant="", student="", student_id="", form="",
        points=with_key.points, exercises=(with_key,), has_key=True,
    )  # fmt: skip
    writer = renderer(FORMATS["tex"], subject.templates)
    documents = dict(zip(STEMS, (without_key(document), document), strict=True))
    texts = {stem: writer.document(one) for stem, one in documents.items()}
    try:
        compile_papers(texts, engine, files={**writer.companions, **picture_files(documents.values(), texts, ["tex"])})
    except EngineError as error:
        part = re.search(r"\bpart ([\w.-]+)", str(error))
        yield EngineError(str(error)).locate(line=line_of_part(subject.problem.home, part[1]) if part else "")


ERRORS: tuple[Check, ...] = (
    proper_id,
    id_of_its_own,
    seeded,
    worth_points,
    mistakes_of_the_kind,
    answers_can_be_typed,
    feedback_prints,
    hints_print,
    shapes_that_are_printed,
    figures_in_style,
    bank_reads,
    rendered,
    steady,
    original_solved,
    prints_as_pdf,
)
"""In this order: the first that finds something is the cause of what others would find."""


def render(
    subject: Subject, with_key: Exercise, formats: Iterable[Format] = tuple(FORMATS.values()), context: str = ""
) -> None:
    """Render an exercise, without its key too.  Raises :class:`WorksheetError` naming the part that cannot be rendered."""
    artist = renderer(SVG, subject.templates)
    for node in (with_key, without_key(with_key)):
        for form in formats:
            writer = renderer(form, subject.templates)
            try:
                writer.node(node)
            except Exception as error:
                raise unrendered(error, node, subject.problem, [writer], context) from error
        for scene in figures_in(node).values():
            artist.figure(scene)
