"""A problem: how it is drawn, solved, got wrong, checked and asked.

One file makes one :class:`Problem` out of plain functions.  :meth:`Problem.draw` turns a seed into a
:class:`Variant` that has passed its audit; :meth:`Problem.variant` solves given parameters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from generator import audit
from generator.draw import Draw, stream
from generator.errors import AuditError, AuthoringError, InputError, Rejected, error_context
from generator.mistake import Mistake
from generator.parameters import Parameter, read_params
from generator.parts import Part, walk
from generator.prose import Content
from generator.solution import Intervention, Solution, Step, Values, call_by_name, needed_arguments
from generator.variant import Variant

MAX_ATTEMPTS = 200
"""How often a variant is drawn again before the sampler is called broken."""

LEVELS = ("easy", "standard", "hard")
"""How difficult a sheet may ask for a problem to be."""


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
        return f"{'' if self.counted else 'at least '}{self.variants:,}"


@dataclass(frozen=True)
class Problem:
    """A family of variants.

    ``solution`` lists the steps, ``parameters`` what they start from.  ``sample(draw)`` gives the raw
    parameters of one variant and ``original`` those of the printed sheet.  ``check`` takes parameters by
    name, as floats, and computes the answers again by another method, from them alone.  ``parts(values)`` yields
    the parts.  ``require`` takes parameters by name and raises :class:`InputError` when they do not fit each other.
    ``canonical(params)`` is equal for two variants that are the same exercise.  ``signature(values)`` is the
    difficulty of a variant; that of every sampled one equals ``standard``.  ``easy`` and ``hard`` are the same
    problem at other difficulties, where there are such.  ``variants`` is a sound lower bound of how many distinct
    variants of the standard difficulty there are, or their number if they were ``counted``; ``possible`` is that of its
    :class:`Level`.
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
    source: str = field(default="", compare=False)

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
    def known_parts(self) -> frozenset[str]:
        """The ids of all parts, guided ones too, that the printed sheet and some variants of each level have."""
        variants = [self.printed(), *(self.draw(seed, level=level) for level in self.levels for seed in range(24))]
        return frozenset(part.id for variant in variants for part in walk(variant.all_parts))

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
        return params

    def variant(self, params: Mapping[str, Any]) -> Variant:
        """The solved variant of exact ``params``; not audited."""
        return Variant(self, params, self.graph.solve(params))

    def draw(self, seed: int | str, student: str = "", copy: int = 1, level: str = "standard") -> Variant:
        """The variant of a seed and a student: the one on every sheet.  See :meth:`draw_from`."""
        told = f"seed {seed}" + (f", student {student!r}" if student else "")
        return self.draw_from(stream(seed, student), copy, level, told)

    def draw_from(self, source: str, copy: int = 1, level: str = "standard", told: str = "", again: int = 0) -> Variant:
        """The variant of a paper's stream, audited; bad draws are drawn again, a bounded number of times.

        ``copy`` counts how often the problem has come on the sheet; ``level`` is one of its levels; ``told`` is
        what errors call the stream; ``again`` counts the times that somebody else had the variant.  Raises :class:`AuditError` with the reasons when all attempts are bad, and at
        once when the key and the second opinion disagree: no new draw may paper over a wrong key.
        """
        if level not in self.levels:
            raise InputError(f"{self.id} has no level {level!r}; it has {', '.join(self.levels)}", field="level")
        where = self.id + (f" ({level})" if level != "standard" else "") + f", {told or f'stream {source}'}"
        key: tuple[str | int, ...] = (self.id, source)
        key += (f"copy {copy}",) * (copy > 1) + (level,) * (level != "standard") + (f"again {again}",) * (again > 0)
        sample = self.levels[level].sample
        reasons: Counter[str] = Counter()
        for attempt in range(MAX_ATTEMPTS):
            try:
                with error_context(self.id, where, self.source):
                    params = self.read(sample(Draw(*key, attempt)))
                    variant = Variant(self, params, self.graph.solve(params), level, reasons)
                    findings = audit.disagreements(variant)
                    findings += audit.hidden_mistakes(variant)
                    findings += audit.bad_signature(variant)
            except Rejected as rejection:
                reasons[str(rejection)] += 1
                continue
            wrong = [finding for finding in findings if finding.is_wrong]
            if wrong:
                raise AuditError(f"{where}: {'; '.join(map(str, wrong))}")
            if not findings:
                return variant
            reasons[str(findings[0])] += 1
        common = ", ".join(f"{reason} ({count}×)" for reason, count in reasons.most_common(4))
        raise AuditError(f"{where}: no good draw in {MAX_ATTEMPTS} attempts: {common}")

    def printed(self) -> Variant:
        """The variant of the printed sheet."""
        return self.variant(self.read(self.original))
