"""A variant: a problem with its numbers, solved, and what can be asked of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from generator.encoding import encode
from generator.errors import error_context
from generator.exact import same
from generator.mistake import Mistake
from generator.parts import Part, computed_among, walk, with_parts, without_guided
from generator.solution import Values

if TYPE_CHECKING:
    from generator.problem import Problem


@dataclass(frozen=True)
class Variant:
    """A problem with its numbers, solved."""

    problem: Problem
    params: Mapping[str, Any]
    values: Values
    level: str = "standard"
    redraws: Counter[str] = field(default_factory=Counter)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The parts as asked."""
        return tuple(without_guided(self.all_parts))

    @cached_property
    def all_parts(self) -> tuple[Part, ...]:
        """The parts, those of the guided version included; parts without a value are left out."""
        return tuple(self._known(self.problem.parts(self.values)))

    def _known(self, parts: Iterable[Part]) -> Iterator[Part]:
        known = self.values.known
        for part in parts:
            if part.answer is None or part.answer.step is None or part.answer.step in known:
                yield with_parts(part, tuple(self._known(part.parts))) if part.parts else part

    @cached_property
    def wrong(self) -> tuple[tuple[Mistake, Values], ...]:
        """Each mistake that can be made here, with the values it leads to, solved as far as somebody asks."""
        values = self.values
        return tuple(
            (mistake, intervention.on(values))
            for mistake, intervention in self.problem.interventions
            if mistake.applies_to(values)
        )

    def computed_parts(self, *, guided: bool = False) -> tuple[Part, ...]:
        """The parts whose answer a step computes."""
        return self._computed_of_all if guided else self._computed

    @cached_property
    def _computed(self) -> tuple[Part, ...]:
        return computed_among(self.parts)

    @cached_property
    def _computed_of_all(self) -> tuple[Part, ...]:
        return computed_among(self.all_parts)

    def answers(self, parts: Iterable[Part] | None = None) -> dict[str, Any]:
        """The answer to each of the ``parts`` (all but guided ones) by its id: exact, or in words."""
        parts = self.parts if parts is None else parts
        return {part.id: part.answer.value(self.values) for part in walk(parts) if part.answer is not None}

    def mistaken_answers(self, *, guided: bool = False) -> list[tuple[Mistake, dict[str, Any]]]:
        """For each mistake that can be carried through to all answers those that it changes, by part."""
        found = []
        parts = [(part, part.answer) for part in self.computed_parts(guided=guided)]
        for mistake, values in self.wrong:
            changed = {}
            for part, answer in parts:
                assert answer is not None
                if answer.step not in values:
                    continue
                theirs = answer.value(values)
                if not same(theirs, answer.value(self.values)):
                    changed[part.id] = theirs
            if not values.failed:
                found.append((mistake, changed))
        return found

    @cached_property
    def canonical(self) -> str:
        """Equal for two variants that are the same exercise."""
        problem = self.problem
        with error_context(problem.id, f"problem {problem.id}", problem.source):
            return repr(encode(problem.canonical(self.params) if problem.canonical else dict(self.params)))
