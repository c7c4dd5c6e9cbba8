"""From a sheet, a seed and a student to the document: variants become exercises, parts become questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from generator.document import prose
from generator.document.nodes import (
    Block,
    Criterion,
    Exercise,
    Figure,
    Inline,
    Key,
    LinesSpace,
    MistakeNote,
    Question,
    Space,
    Text,
    Worksheet,
    WorkSpace,
)
from generator.document.placement import Placement, in_key, placed
from generator.errors import AuthoringError, InputError, WorksheetError, authoring_error, error_context
from generator.errors.language import phrase, using
from generator.numbers.exact import same
from generator.paper.asked import asked_parts
from generator.paper.needs import style_for
from generator.paper.notes import Notes
from generator.paper.origin import ORIGINAL as ORIGINAL
from generator.paper.origin import Origin, Redraws, public_origin
from generator.paper.origin import Seed as Seed
from generator.paper.sheet import Entry, Sheet
from generator.paper.students import NOBODY, Student
from generator.problem import drawing
from generator.problem.answers import Answer, decimals, takes_decimals
from generator.problem.author_code import AuthorCode, line_of_part
from generator.problem.choices import Choice, Offered, Subsets
from generator.problem.draw import Draw
from generator.problem.giveaways import without_giveaways
from generator.problem.mistake import Mistake
from generator.problem.parts import Part, walk
from generator.problem.problem import Problem, Variant

LEAST_OPTIONS, MOST_OPTIONS = 2, 5
"""Of a computed answer that a sheet asks as multiple choice."""


@dataclass(frozen=True)
class Paper:
    """The paper of one student: the document with its key, the variants it was made from, and what they were drawn from."""

    document: Worksheet
    variants: tuple[Variant, ...]
    entries: tuple[Entry, ...]
    origin: Origin
    student: Student = NOBODY


def make_paper(sheet: Sheet, seed: Seed, student: Student = NOBODY, origin: Origin | None = None) -> Paper:
    """The paper of a student; ``seed`` is a number, or :data:`ORIGINAL` for the printed numbers.

    Without an ``origin`` its numbers are public.
    """
    origin = origin or public_origin(sheet, seed, student.id)
    sheet = sheet.for_paper(origin.stream)
    if seed == ORIGINAL:
        variants = tuple(entry.problem.printed() for entry in sheet.entries)
    else:
        variants = draw_entries(sheet, origin.stream, origin.redraws, label_of(seed, student.id))
    return assemble(sheet, origin, variants, student)


def label_of(seed: Seed, student: str) -> str:
    """Return the name of a student's stream in messages."""
    return f"seed {seed}" + (f", student {student!r}" if student else "")


def draw_entries(sheet: Sheet, source: str, redraws: Redraws = (), label: str = "") -> tuple[Variant, ...]:
    """One variant for each entry, from a paper's stream; a problem that comes twice gets other numbers."""
    again = dict(redraws)
    sheet = sheet.for_paper(source)
    return settled(
        sheet,
        [draw_entry(sheet, place, source, again.get(place, 0), label) for place in range(1, len(sheet.entries) + 1)],
    )


def settled(sheet: Sheet, variants: Sequence[Variant]) -> tuple[Variant, ...]:
    """The variants of a paper, drawn each for itself, with those of their words exchanged that would give away what the paper asks."""
    return without_giveaways(variants, lambda place, variant: _asked(sheet, place + 1, variant))


def _asked(sheet: Sheet, number: int, variant: Variant) -> tuple[Part, ...]:
    """The parts that the sheet's problem with a number, from 1 on, asks; an error names the place in the sheet's file."""
    try:
        return asked_parts(variant, sheet.entries[number - 1])
    except InputError as error:
        raise InputError(f"{sheet.place_of(number, error.field or '')}{error}") from error


def settled_alone(variant: Variant, entry: Entry) -> Variant:
    """The variant as a paper asks it that has no other problem; see :func:`settled`."""
    return without_giveaways([variant], lambda _, other: asked_parts(other, entry))[0]


def draw_entry(sheet: Sheet, place: int, source: str, again: int = 0, label: str = "") -> Variant:
    """The variant for the entry at a place, from 1 on: the first, or the one after it was drawn ``again`` so often.

    What the other problems of the paper say is not looked at.
    """
    sheet = sheet.for_paper(source)
    entry = sheet.entries[place - 1]
    copy = sum(other.problem.id == entry.problem.id for other in sheet.entries[:place])
    return drawing.draw_from(entry.problem, source, copy, entry.level, label, again)


def assemble(sheet: Sheet, origin: Origin, variants: Sequence[Variant], student: Student = NOBODY) -> Paper:
    """The paper of this origin from its variants, one for each of the entries that the sheet has for it."""
    sheet = sheet.for_paper(origin.stream)
    with using(sheet.language):
        exercises = [numbered(sheet, number, variant) for number, variant in enumerate(variants, start=1)]
        instructions = _instructions(sheet, variants)
    document = Worksheet(
        title=sheet.title,
        course=sheet.course,
        instructions=instructions,
        variant=str(origin.id),
        student=student.name,
        student_id=student.id if student.name else "",
        form=student.form,
        points=sum(one.points for one in exercises),
        exercises=tuple(exercises),
        has_key=True,
        is_public=not origin.secret,
        style=style_for(sheet.style, student.needs),
    )
    return Paper(document, tuple(variants), sheet.entries, origin, student)


def _instructions(sheet: Sheet, variants: Sequence[Variant]) -> tuple[Block, ...]:
    """Return the sheet's own instructions; without them, how many digits a decimal needs, where numbers are asked for."""
    if sheet.instructions:
        return prose.nodes(sheet.instructions, {})
    asks_for_numbers = any(
        takes_decimals(part.answer) and part.id not in entry.choices
        for variant, entry in zip(variants, sheet.entries, strict=True)
        for part in walk(asked_parts(variant, entry))
    )
    return prose.nodes(decimals(), {}) if asks_for_numbers else ()


def numbered(sheet: Sheet, number: int, variant: Variant) -> Exercise:
    """The exercise with a number, from 1 on, of a paper."""
    entry = sheet.entries[number - 1]
    try:
        made = exercise(variant, number, entry)
        return replace(made, starts_page=True) if entry.style.starts_page(sheet.style) else made
    except InputError as error:
        error.context = ""  # the place names the problem
        raise InputError(f"{sheet.place_of(number, error.field or '')}{error}") from error


def exercise(variant: Variant, number: int, entry: Entry | None = None) -> Exercise:
    """A variant as a numbered exercise, its key included."""
    with error_context(variant.problem.id, f"problem {variant.problem.id}", variant.problem.home):
        return _Writer(variant, number, entry or Entry(variant.problem)).exercise()


class _Writer:
    """Turns one variant into an exercise, and its parts into questions."""

    def __init__(self, variant: Variant, number: int, entry: Entry) -> None:
        self._variant = variant
        self._number = number
        self._values = variant.values
        self._known = variant.values.known
        self._entry = entry
        self._parts = asked_parts(variant, entry)
        self._notes = Notes(variant, self._parts)

    def exercise(self) -> Exercise:
        problem = self._variant.problem
        with placed(placement_of(problem, self._parts, complete=not self._entry.only)):
            return self._exercise(problem)

    def _exercise(self, problem: Problem) -> Exercise:
        parts = self._questions(self._parts, depth=0)
        points = sum(part.points for part in parts)
        look = self._entry.style
        before: tuple[Block, ...] = ()
        if look.intro:
            try:
                before = prose.nodes(look.intro, {})
            except AuthoringError as error:  # it refers to a part that is not asked
                raise InputError(error.message, field="intro") from error
        with AuthorCode(problem.home, "preamble()", problem.preamble):
            before += self._nodes(self._variant.preamble)
        title = look.title or problem.heading
        return Exercise(problem.id, self._number, title, points, before, parts, minutes=look.minutes)

    def _nodes(self, content: prose.Content) -> tuple[Block, ...]:
        return prose.nodes(self._numbered(content), self._known)

    def _numbered(self, content: prose.Content) -> prose.Content:
        """Return an author's content with the problem's number in the names of its figures, so that names are unique."""
        if isinstance(content, str | prose.Say | prose.Fill):
            return content
        if isinstance(content, Figure):
            return self._own(content)
        return [self._own(piece) if isinstance(piece, Figure) else piece for piece in content]

    def _own(self, figure: Figure) -> Figure:
        return replace(figure, name=f"{self._number}-{figure.name}")

    def _questions(self, parts: Iterable[Part], depth: int) -> tuple[Question, ...]:
        return tuple([self._question(part, label(place, depth), depth) for place, part in enumerate(parts)])

    def _question(self, part: Part, name: str, depth: int) -> Question:
        try:
            return self._written(part, name, depth)
        except Exception as error:
            raise self._of_part(part, error) from error

    def _of_part(self, part: Part, error: Exception) -> WorksheetError:
        """An error of a part, with the part and its line; what comes from a part within has them already."""
        home = self._variant.problem.home
        ours = error if isinstance(error, WorksheetError) else authoring_error(error, home)
        if isinstance(ours, InputError):  # about the sheet that asks for it
            return ours
        text = ours.text if isinstance(ours, AuthoringError) else ""
        part_line = line_of_part(home, part.id)
        line = ours.line or self._variant.problem.line_with(text, part_line) or part_line
        return ours.locate(item=f"part {part.id}", line=line)

    def _written(self, part: Part, name: str, depth: int) -> Question:
        answer = offered(self._variant, part) if part.id in self._entry.choices else part.answer
        inner = self._questions(part.parts, depth + 1) if part.parts else ()
        points = self._entry.points.get(part.id, part.own_worth) + sum(question.points for question in inner)
        spaces = _room(part.room) + (answer.spaces(self._values) if answer is not None else ())
        if self._entry.style.room != 1:
            spaces = tuple(self._scaled(space) for space in spaces)
        key = self._key(part, answer) if answer is not None else None
        return Question(part.id, name, points, self._nodes(part.question), spaces, inner, key)

    def _scaled(self, space: Space) -> Space:
        lines = self._entry.style.lines
        if isinstance(space, WorkSpace):
            return WorkSpace(lines(space.lines))
        return LinesSpace(lines(space.count)) if isinstance(space, LinesSpace) else space

    def _key(self, part: Part, answer: Answer) -> Key:
        with in_key():
            return self._in_key(part, answer)

    def _in_key(self, part: Part, answer: Answer) -> Key:
        return Key(
            answer.shown(self._values),
            tuple(self._nodes(step) for step in part.steps),
            self._rubric(part, answer),
            tuple(MistakeNote(wrong, self._any_of(mistakes)) for wrong, mistakes in self._notes.of(answer)),
        )

    def _rubric(self, part: Part, answer: Answer) -> tuple[Criterion, ...]:
        """The rubric, unless the sheet gives other points or offers options to choose from."""
        if part.id in self._entry.points or part.id in self._entry.choices or not part.rubric:
            return answer.rubric(self._values)
        return tuple(Criterion(points, prose.inline(text, self._known)) for points, text, *_ in part.rubric)

    def _any_of(self, mistakes: Sequence[Mistake]) -> tuple[Inline, ...]:
        """The feedback on mistakes that lead to the same answers."""
        first, *others = map(self._feedback, mistakes)
        between = Text(phrase("worksheet.or_mistake"))
        return sum(((between, *one) for one in others), first)

    def _feedback(self, mistake: Mistake) -> tuple[Inline, ...]:
        home = self._variant.problem.home
        with AuthorCode(home, f"mistake {mistake.name!r}", mistake.functions[0]):
            return prose.inline(mistake.said, self._known)


def placement_of(problem: Problem, asked: Iterable[Part], *, complete: bool = True) -> Placement:
    """Where the texts of a problem stand: the folder of their pictures, and the labels of the parts that are asked."""
    return Placement(Path(problem.home).parent, dict(_labels(asked)), complete)


def _labels(parts: Iterable[Part], before: str = "") -> Iterator[tuple[str, str]]:
    for place, part in enumerate(parts):
        name = f"{before}({label(place, 1 if before else 0)})"
        yield part.id, name
        yield from _labels(part.parts, name)


@lru_cache(maxsize=1 << 8)
def _room(lines: int) -> tuple[Space, ...]:
    """The space to work in, which most of a class's parts share with others."""
    return (WorkSpace(lines),) if lines else ()


def offered(variant: Variant, part: Part) -> Answer:
    """The part's answer as multiple choice, its distractors what the mistakes of this variant lead to."""
    answer = part.answer
    if answer is None or answer.step is None or isinstance(answer, Choice | Subsets):
        raise InputError(f"the part {part.id!r} cannot be asked as multiple choice", field="choices")
    solutions = [variant.values]
    for _, wrong in variant.wrong:
        if answer.step in wrong and all(not same(answer.value(wrong), answer.value(known)) for known in solutions):
            solutions.append(wrong)
    if len(solutions) < LEAST_OPTIONS:
        raise InputError(f"too few mistakes change the part {part.id!r} to offer them", field="choices")
    draw = Draw(variant.problem.id, part.id, variant.canonical, "options")
    distractors = draw.sample(solutions[1:], min(MOST_OPTIONS, len(solutions)) - 1)
    return Offered(answer, draw.shuffled((variant.values, *distractors)))


def label(place: int, depth: int) -> str:
    """a, b, c … for parts; i, ii, iii … for their parts."""
    if depth == 0:
        return "abcdefghijklmnopqrstuvwxyz"[place]
    return ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")[place]
