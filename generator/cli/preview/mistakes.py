"""The list of mistakes: of each what it leads to in this variant, and where it shows first; or why it is not made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from generator.cli.preview.pieces import page_renderer
from generator.document import prose
from generator.document.nodes import BoxedAnswer, Question
from generator.numbers.exact import same
from generator.paper.asked import asked_parts
from generator.paper.paper import Paper, offered
from generator.paper.sheet import Entry
from generator.problem.answers import Answer
from generator.problem.author_code import AuthorCode
from generator.problem.mistake import Mistake
from generator.problem.parts import Part, walk
from generator.problem.problem import Variant
from generator.problem.solution import Values, can_call_by_name


@dataclass(frozen=True)
class ChangedAnswer:
    """An answer that a mistake changes: the label of its part, and both answers as TeX."""

    label: str
    part: str
    right: str
    wrong: str


@dataclass(frozen=True)
class MistakeFound:
    """A mistake in a variant: its feedback, the answers that it changes, and what else is to be said of it."""

    name: str
    feedback: Markup
    is_made: bool
    changes: tuple[ChangedAnswer, ...] = ()
    note: str = ""


def mistakes_page(paper: Paper) -> str:
    """Return the list as HTML."""
    problems = []
    for exercise, variant, entry in zip(paper.document.exercises, paper.variants, paper.entries, strict=True):
        names = dict(_labels(exercise.parts))
        found = [_found(mistake, variant, entry, names) for mistake in variant.problem.mistakes]
        problems.append((exercise.number, exercise.title, found))
    return page_renderer().text("mistakes.html.j2", problems=problems)


def _labels(questions: Iterable[Question], before: str = "") -> Iterator[tuple[str, str]]:
    """Yield the id of each part with its printed label, such as ``(a) ii``."""
    for question in questions:
        name = f"{before} {question.label}" if before else f"({question.label})"
        yield question.id, name
        yield from _labels(question.parts, name)


def _found(mistake: Mistake, variant: Variant, entry: Entry, names: dict[str, str]) -> MistakeFound:
    problem = variant.problem
    with AuthorCode(problem.home, f"mistake {mistake.name!r}", mistake.functions[0]):
        feedback = page_renderer().node(prose.inline(mistake.feedback, variant.values.known))
        wrong = next((values for made, values in variant.wrong if made is mistake), None)
        if wrong is None:
            return MistakeFound(mistake.name, feedback, is_made=False, note=_why_not(mistake, variant))
        changes = tuple(_changes(variant, entry, wrong, names))
    note = ""
    if wrong.failed:
        note = "It cannot be carried through to every answer with these numbers."
    elif not changes:
        note = "It changes no answer that is asked for here."
    return MistakeFound(mistake.name, feedback, is_made=True, changes=changes, note=note)


def _why_not(mistake: Mistake, variant: Variant) -> str:
    known = variant.values.known
    if not any(can_call_by_name(step, known) for step in mistake.replaced.values()):
        return "Not made in this variant: it is about a value that the variant does not have."
    return "Not made in this variant: applies() says that these numbers do not allow it."


def _changes(variant: Variant, entry: Entry, wrong: Values, names: dict[str, str]) -> Iterator[ChangedAnswer]:
    for part in walk(asked_parts(variant, entry)):
        answer = _answer(variant, entry, part)
        if answer is None or answer.step is None or answer.step not in wrong:
            continue
        if not same(answer.value(wrong), answer.value(variant.values)):
            yield ChangedAnswer(
                names.get(part.id, ""),
                part.id,
                _tex(answer, variant.values, variant.values),
                _tex(answer, variant.values, wrong),
            )


def _answer(variant: Variant, entry: Entry, part: Part) -> Answer | None:
    return offered(variant, part) if part.id in entry.choices else part.answer


def _tex(answer: Answer, right: Values, values: Values) -> str:
    """Return an answer as the key states it; of one that is none of the options, what tells it from the right one."""
    try:
        shown = answer.shown(values)
    except (TypeError, ValueError):
        shown = None
    if isinstance(shown, BoxedAnswer):
        return shown.tex
    return r",\; ".join(answer.excerpts(right, values)) or r"\text{none of the options}"
