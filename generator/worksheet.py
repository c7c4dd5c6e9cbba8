"""From a sheet, a seed and a student to the document: variants become exercises, parts become questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from generator import prose
from generator.answers import Choice
from generator.document import (
    Exercise,
    Key,
    MistakeNote,
    Question,
    Space,
    Worksheet,
    WorkSpace,
)
from generator.errors import AuthoringError
from generator.exact import same
from generator.problem import Mistake, Part, Variant
from generator.sheet import Entry, Sheet
from generator.solution import Values

ORIGINAL = "original"
"""What takes the seed's place on a sheet with the printed numbers."""


@dataclass(frozen=True)
class Paper:
    """What one student gets: the document with its key, and the variants it was made from."""

    document: Worksheet
    variants: tuple[Variant, ...]
    entries: tuple[Entry, ...]


def make_paper(sheet: Sheet, seed: int | str, student: str = "") -> Paper:
    """The paper of a student; ``seed`` is a number, or :data:`ORIGINAL` for the printed numbers."""
    variants = tuple(
        entry.problem.printed() if seed == ORIGINAL else entry.problem.draw(seed, student) for entry in sheet.entries
    )
    exercises = tuple(
        exercise(variant, number, entry)
        for number, (variant, entry) in enumerate(zip(variants, sheet.entries, strict=True), start=1)
    )
    document = Worksheet(
        title=sheet.title,
        course=sheet.course,
        instructions=prose.nodes(sheet.instructions, {}) if sheet.instructions else (),
        variant=variant_id(sheet.name, seed, student),
        points=sum(one.points for one in exercises),
        exercises=exercises,
        has_key=True,
    )
    return Paper(document, variants, sheet.entries)


def variant_id(sheet: str, seed: int | str, student: str = "") -> str:
    """A short name of a paper for its footer: eight characters none of which looks like another."""
    alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = int.from_bytes(blake2b(repr((sheet, seed, student)).encode(), digest_size=8).digest(), "big")
    letters = []
    for _ in range(8):
        number, digit = divmod(number, len(alphabet))
        letters.append(alphabet[digit])
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def exercise(variant: Variant, number: int, entry: Entry | None = None) -> Exercise:
    """A variant as a numbered exercise, its key included."""
    problem = variant.problem
    guided = entry.guided if entry is not None else False
    stated = dict(entry.points) if entry is not None else {}
    writer = _Writer(variant, stated)
    parts = writer.questions(variant.all_parts if guided else variant.parts, depth=0)
    if stated:
        known = ", ".join(part.id for part in variant.parts)
        raise AuthoringError(f"{problem.id} has no part {next(iter(stated))!r} to give points to; it has {known}")
    return Exercise(
        id=problem.id,
        number=number,
        title=problem.title,
        points=sum(part.points for part in parts),
        preamble=prose.nodes(problem.preamble(variant.values), variant.values) if problem.preamble else (),
        parts=parts,
    )


class _Writer:
    """Turns the parts of one variant into questions; each mistake is explained where it first shows."""

    def __init__(self, variant: Variant, stated: dict[str, int]) -> None:
        self._variant = variant
        self._values = variant.values
        self._stated = stated
        self._unexplained: list[tuple[Mistake, Values]] = list(variant.wrong)

    def questions(self, parts: Iterable[Part], depth: int) -> tuple[Question, ...]:
        return tuple(self._question(part, label(place, depth), depth) for place, part in enumerate(parts))

    def _question(self, part: Part, name: str, depth: int) -> Question:
        values = self._values
        answer = part.answer
        spaces: tuple[Space, ...] = (WorkSpace(part.room),) if part.room else ()
        key = None
        if answer is not None:
            spaces = (*spaces, *answer.spaces(values))
            key = Key(
                answer=answer.shown(values),
                steps=tuple(prose.nodes(step, values) for step in part.steps),
                rubric=answer.rubric(values),
                notes=tuple(self._notes(part)),
            )
        inner = self.questions(part.parts, depth + 1)
        own = self._stated.pop(part.id, part.worth - sum(child.worth for child in part.parts))
        return Question(
            id=part.id,
            label=name,
            points=own + sum(question.points for question in inner),
            body=prose.nodes(part.question, values),
            spaces=spaces,
            parts=inner,
            key=key,
        )

    def _notes(self, part: Part) -> Iterable[MistakeNote]:
        """The mistakes that change this part's answer and no earlier one's."""
        answer = part.answer
        if answer is None or answer.step is None:
            return
        right = answer.value(self._values)
        later = []
        for mistake, wrong in self._unexplained:
            if answer.step not in wrong or same(answer.value(wrong), right):
                later.append((mistake, wrong))
                continue
            if isinstance(answer, Choice) and answer.value(wrong) not in answer.options:
                continue
            slots: Mapping[str, Any] = self._values
            yield MistakeNote(answer.excerpt(self._values, wrong), prose.inline(mistake.feedback, slots))
        self._unexplained = later


def label(place: int, depth: int) -> str:
    """a, b, c … for parts; i, ii, iii … for their parts."""
    if depth == 0:
        return "abcdefghijklmnopqrstuvwxyz"[place]
    return ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")[place]
