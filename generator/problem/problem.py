"""A problem: how it is drawn, solved, got wrong, checked and asked.

One file makes one :class:`Problem` out of plain functions.  :meth:`Problem.variant` solves given parameters;
:func:`generator.problem.drawing.draw_variant` turns a seed into a :class:`Variant` that has passed its audit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from generator.document.prose import Content
from generator.errors import AuthoringError, error_context
from generator.numbers.encoding import encode
from generator.numbers.exact import same
from generator.problem.bank import Bank
from generator.problem.bank_file import LEVELS as LEVELS
from generator.problem.draw import Draw
from generator.problem.listing import size_text
from generator.problem.mistake import Mistake
from generator.problem.parameters import Parameter, read_params
from generator.problem.parts import Part, computed_among, walk, with_parts, without_guided
from generator.problem.solution import Intervention, Solution, Step, Values, call_by_name, needed_arguments


@dataclass(frozen=True)
class Level:
    """A difficulty: how its variants are drawn, the signature that every one of them has, and how many there are.

    ``variants`` is a sound lower bound of the number of distinct ones, or that number itself if they were ``counted``.
    ``possible`` says of parts that have few answers how many there are over all variants, by the part's id.
    """

    sample: Callable[[Draw], Mapping[str, Any]]
    signature: Mapping[str, Any]
    variants: int
    counted: bool = False
    possible: Mapping[str, int] = field(default_factory=dict)

    @property
    def size(self) -> str:
        """The number of variants for people: ``2,451,640`` or ``at least 600,000``."""
        return size_text(self.variants, counted=self.counted)


@dataclass(frozen=True, eq=False)
class Problem:
    """A family of variants.

    ``solution`` lists the steps, ``parameters`` what they start from.  ``sample(draw)`` gives the raw
    parameters of one variant and ``original`` those of the printed sheet.  ``check`` takes parameters by
    name, as floats, and computes the answers again by another method, from them alone.  ``parts(values)`` yields
    the parts.  ``require`` takes parameters by name and raises :class:`InputError` when they do not fit each other.
    ``canonical(params)`` is equal for two variants that are the same exercise.  ``signature(values)`` is the
    difficulty of a variant; that of every sampled one equals ``standard``.  ``easy`` and ``hard`` are the same
    problem at other difficulties, where there are such.  ``bank`` holds its questions in words and its claims.
    ``symbols`` are the TeX of steps that no part asks for under a symbol, for messages about a student's working.
    ``variants`` is a sound lower bound of how many distinct variants of the standard difficulty there are, or their number if
    they were ``counted``; ``possible`` is that of its :class:`Level`.
    """

    id: str
    title: str
    topic: str
    parameters: Mapping[str, Parameter]
    sample: Callable[[Draw], Mapping[str, Any]]
    solution: Sequence[Step]
    mistakes: Sequence[Mistake]
    check: Callable[..., Mapping[str, Any]]
    parts: Callable[[Values], Iterable[Part]]
    original: Mapping[str, Any]
    variants: int
    counted: bool = False
    possible: Mapping[str, int] = field(default_factory=dict)
    preamble: Callable[[Values], Content] | None = None
    require: Callable[..., None] | None = None
    canonical: Callable[[Mapping[str, Any]], Any] | None = None
    signature: Callable[[Values], Mapping[str, Any]] | None = None
    standard: Mapping[str, Any] | None = None
    easy: Level | None = None
    hard: Level | None = None
    bank: Bank | None = None
    symbols: Mapping[str, str] = field(default_factory=dict)
    source: str = ""

    def __post_init__(self) -> None:
        unknown = self.graph.inputs - self.parameters.keys()
        if unknown:
            raise AuthoringError(
                f"{self.id}: the solution needs {', '.join(sorted(unknown))}, which is neither a step nor a parameter"
            )
        for name in LEVELS:
            if getattr(self, name) is not None and self.signature is None:
                raise AuthoringError(f"{self.id}: {name}= needs signature= to be compared with")
        steps = set(self.graph.names)
        for mistake in self.mistakes:
            replaced = mistake.replaced.keys() - steps
            asked = {name for step in mistake.functions for name in needed_arguments(step)}
            strange = sorted(replaced | (asked - steps - self.parameters.keys()))
            if strange:
                raise AuthoringError(
                    f"{self.id}: the mistake {mistake.name!r} names {', '.join(strange)}, which is neither a step nor "
                    "a parameter"
                )
        names = Counter(mistake.name for mistake in self.mistakes)
        if names and max(names.values()) > 1:
            raise AuthoringError(f"{self.id}: two mistakes are called {names.most_common(1)[0][0]!r}")
        if self.bank is not None:
            self.bank.check_names(self.parameters, self.graph.names)

    @cached_property
    def levels(self) -> Mapping[str, Level]:
        """The difficulties that there are, by name."""
        standard = Level(self.sample, self.standard or {}, self.variants, self.counted, self.possible)
        known = {"easy": self.easy, "standard": standard, "hard": self.hard}
        return {name: level for name, level in known.items() if level is not None}

    @cached_property
    def printed_parts(self) -> frozenset[str]:
        """The ids of the printed sheet's parts; all others are follow-ups."""
        return frozenset(part.id for part in walk(self.printed().parts))

    @cached_property
    def graph(self) -> Solution:
        """The steps in order."""
        return Solution(self.solution)

    @cached_property
    def interventions(self) -> tuple[tuple[Mistake, Intervention], ...]:
        """Each mistake with what it does to the solution."""
        return tuple((mistake, self.graph.intervention(mistake.replaced)) for mistake in self.mistakes)

    def read(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Raw parameters as exact ones; :class:`InputError` names the one that does not fit."""
        params = read_params(self.parameters, raw, problem=self.id)
        if self.require is not None:
            call_by_name(self.require, params)
        if self.bank is not None:
            self.bank.require(params)
        return params

    def variant(self, params: Mapping[str, Any]) -> Variant:
        """The solved variant of exact ``params``; not audited."""
        return Variant(self, params, self.graph.solve(params))

    def printed(self) -> Variant:
        """The variant of the printed sheet."""
        return self.variant(self.read(self.original))


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
