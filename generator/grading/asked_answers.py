"""The parts of a variant that are answered: what each is worth, and how what was typed for it is read."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from generator.errors import InputError
from generator.grading.kinds import read_answer, read_like
from generator.grading.nesting import Typed
from generator.grading.reading import Unreadable, read_text, read_truths
from generator.grading.tokens import MAX_CHARACTERS
from generator.grading.values import together
from generator.paper.asked import asked_parts
from generator.paper.paper import offered
from generator.paper.sheet import Entry
from generator.problem.answers import Answer
from generator.problem.parts import Part, walk
from generator.problem.problem import Variant
from generator.problem.words import Claims, Essay

LONGEST_WORKING = 2 * MAX_CHARACTERS
"""Characters of all the values of a working together."""


class AskedAnswers:
    """The answers to one variant; ``entry`` says how a sheet asks for it, without one every part is asked, guided ones too."""

    def __init__(self, variant: Variant, entry: Entry | None = None) -> None:
        self.variant = variant
        self._entry = entry or Entry(variant.problem, guided=True)
        asked = asked_parts(variant, self._entry) if entry else variant.all_parts
        self.parts: dict[str, Part] = {part.id: part for part in walk(asked) if part.answer is not None}
        self._answers: dict[str, Answer] = {}
        self._reads: dict[tuple[str, str], Typed] = {}

    def max_points(self, part_id: str) -> int:
        """What the part is worth: of claims, the verdicts alone, for the reasons are a person's to mark."""
        part = self.part(part_id)
        answer = part.answer
        if isinstance(answer, Claims):
            return len(answer.claims) * answer.verdict_points
        return self._entry.points.get(part_id, part.worth - sum(child.worth for child in part.parts))

    def by_machine(self, part_id: str) -> int:
        """The points of a part that are given here."""
        return 0 if isinstance(self.part(part_id).answer, Essay) else self.max_points(part_id)

    def by_hand(self, part_id: str) -> int:
        """The points of a part that a person gives: an essay's, and those for the reasons of claims."""
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

    def answer(self, part_id: str) -> Answer:
        known = self._answers.get(part_id)
        if known is None:
            part = self.part(part_id)
            assert part.answer is not None
            known = offered(self.variant, part) if part_id in self._entry.choices else part.answer
            self._answers[part_id] = known
        return known

    def read(self, part_id: str, text: str) -> Typed:
        """The answer to a part, read once: of earlier parts it is asked for again and again."""
        key = (part_id, text)
        if key not in self._reads:
            self._reads[key] = read_answer(self.answer(part_id), self.variant.values, text)
        return self._reads[key]

    def reading(self, part_id: str, text: str) -> str:
        """How the answer ``text`` to a part is read, as TeX; empty where it is words.

        Raises :class:`Unreadable`, which points at the place, and :class:`InputError` for an unknown part.
        """
        answer = self.answer(part_id)
        if isinstance(answer, Essay):
            return read_text(text).tex
        if isinstance(answer, Claims):
            return read_truths(text, len(answer.claims)).tex
        return self.read(part_id, text).tex

    def given(self, part_id: str, working: Mapping[str, str], earlier: Mapping[str, str]) -> dict[str, Typed]:
        """The student's own values of the steps before a part, by name: its working, then the earlier parts' answers."""
        return {**self.earlier(self.answer(part_id), earlier), **self.working(working)}

    def earlier(self, answer: Answer, earlier: Mapping[str, str]) -> dict[str, Typed]:
        """The values of the steps that earlier parts ask for, where their answers can be read."""
        given: dict[str, Typed] = {}
        for part_id, text in earlier.items():
            before = self.answer(part_id)
            if before.step is None or before.step == answer.step:
                continue
            with suppress(Unreadable):
                given[before.step] = self.read(part_id, text)
        return given

    def working(self, working: Mapping[str, str]) -> dict[str, Typed]:
        """The typed values of steps by their names; raises :class:`InputError` for one that there is not."""
        values = self.variant.values
        length = sum(map(len, working.values()))
        if length > LONGEST_WORKING:
            raise InputError(
                f"the values have {length} characters together; at most {LONGEST_WORKING} are read", field="--working"
            )
        given: dict[str, Typed] = {}
        with together():
            for name, text in working.items():
                if name not in values.computed:
                    known = ", ".join(values.computed)
                    raise InputError(
                        f"{self.variant.problem.id} computes no {name!r} here; it computes {known}", field="--working"
                    )
                try:
                    given[name] = read_like(text, values[name])
                except Unreadable as error:
                    raise InputError(f"the value cannot be read: {error}", field=f"--working {name}") from error
        return given
