"""The parts of a variant that are answered: their points, and the reading of what was typed for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from generator.errors import InputError
from generator.grading.marks import points_by_rubric, points_for_mistakes
from generator.grading.nesting import TypedValue
from generator.grading.reading.answers import read_answer, read_like
from generator.grading.reading.choices import read_text, read_truths
from generator.numbers.evaluation import Evaluator
from generator.numbers.tokens import MAX_CHARACTERS, UnreadableError
from generator.paper.asked import asked_parts
from generator.paper.paper import offered, placement_of
from generator.paper.sheet import Entry
from generator.problem.answers import Answer
from generator.problem.mistake import Mistake
from generator.problem.parts import Part, walk
from generator.problem.problem import Variant
from generator.problem.words import Claims, Essay

MAX_WORKING = 2 * MAX_CHARACTERS
"""Characters of all values of the working together."""


class AnsweredParts:
    """The answered parts of one variant: those that a sheet's ``entry`` asks for; without one every part, guided ones too."""

    def __init__(self, variant: Variant, entry: Entry | None = None) -> None:
        self.variant = variant
        self._entry = entry or Entry(variant.problem, guided=True)
        asked = asked_parts(variant, self._entry) if entry else variant.all_parts
        self.placement = placement_of(variant.problem, asked, complete=False)
        self.parts: dict[str, Part] = {part.id: part for part in walk(asked) if part.answer is not None}
        self._answers: dict[str, Answer] = {}
        self._reads: dict[tuple[str, str], TypedValue] = {}

    def max_points(self, part_id: str) -> int:
        """Return the points of a part; of claims those for the verdicts alone, since a person marks the reasons."""
        part = self.part(part_id)
        answer = part.answer
        if isinstance(answer, Claims):
            return len(answer.claims) * answer.verdict_points
        return self._entry.points.get(part_id, part.worth - sum(child.worth for child in part.parts))

    def automatic_points(self, part_id: str) -> int:
        """Return the points of a part that are given automatically."""
        return 0 if isinstance(self.part(part_id).answer, Essay) else self.max_points(part_id)

    def manual_points(self, part_id: str) -> int:
        """Return the points of a part that a person gives: those of an essay, and those for the reasons of claims."""
        answer = self.part(part_id).answer
        if isinstance(answer, Claims):
            return len(answer.claims) * answer.reason_points
        return self.max_points(part_id) if isinstance(answer, Essay) else 0

    def part(self, part_id: str) -> Part:
        if part_id not in self.parts:
            raise InputError(
                f"{self.variant.problem.id} has no part {part_id!r} to answer here; it has {', '.join(self.parts)}",
                field="PART",
            )
        return self.parts[part_id]

    def points_left(self, part_id: str, mistakes: Sequence[Mistake]) -> int:
        """Return the points of an answer that these mistakes lead to, everything else being right."""
        rubric = self.part(part_id).rubric
        if not rubric or part_id in self._entry.points:
            return points_for_mistakes(self.max_points(part_id), len(mistakes))
        return points_by_rubric(rubric, mistakes)

    def answer(self, part_id: str) -> Answer:
        known = self._answers.get(part_id)
        if known is None:
            part = self.part(part_id)
            assert part.answer is not None
            known = offered(self.variant, part) if part_id in self._entry.choices else part.answer
            self._answers[part_id] = known
        return known

    def read(self, part_id: str, text: str) -> TypedValue:
        """Read the answer to a part, once: answers to earlier parts are needed again and again."""
        key = (part_id, text)
        if key not in self._reads:
            self._reads[key] = read_answer(self.answer(part_id), self.variant.values, text)
        return self._reads[key]

    def reading_tex(self, part_id: str, text: str) -> str:
        """Return how the answer ``text`` to a part is read, as TeX; empty for words.

        Raise :class:`UnreadableError`, which points at the place, and :class:`InputError` for an unknown part.
        """
        answer = self.answer(part_id)
        if isinstance(answer, Essay):
            return read_text(text).tex
        if isinstance(answer, Claims):
            return read_truths(text, len(answer.claims)).tex
        return self.read(part_id, text).tex

    def given(self, part_id: str, working: Mapping[str, str], earlier: Mapping[str, str]) -> dict[str, TypedValue]:
        """Return the student's own values of the steps before a part, by name: from its working, else from earlier parts."""
        return {**self.earlier(self.answer(part_id), earlier), **self.working(working)}

    def earlier(self, answer: Answer, earlier: Mapping[str, str]) -> dict[str, TypedValue]:
        """Return the values of the steps that earlier parts ask for, where their answers can be read."""
        given: dict[str, TypedValue] = {}
        for part_id, text in earlier.items():
            before = self.answer(part_id)
            if before.step is None or before.step == answer.step:
                continue
            with suppress(UnreadableError):
                given[before.step] = self.read(part_id, text)
        return given

    def working(self, working: Mapping[str, str]) -> dict[str, TypedValue]:
        """Return the typed values of steps by name; raise :class:`InputError` for an unknown step."""
        values = self.variant.values
        length = sum(map(len, working.values()))
        if length > MAX_WORKING:
            raise InputError(
                f"the values have {length} characters together; at most {MAX_WORKING} are read", field="--working"
            )
        given: dict[str, TypedValue] = {}
        evaluator = Evaluator()  # all values together have the budget of one answer
        for name, text in working.items():
            if name not in values.computed:
                known = ", ".join(values.computed)
                raise InputError(
                    f"{self.variant.problem.id} computes no {name!r} here; it computes {known}", field="--working"
                )
            try:
                given[name] = read_like(text, values[name], evaluator)
            except UnreadableError as error:
                raise InputError(f"the value cannot be read: {error}", field=f"--working {name}") from error
        return given
