"""A problem: how it is drawn, solved, got wrong, checked and asked.

One file makes one :class:`Problem` out of plain functions.  :meth:`Problem.variant` solves given parameters;
:func:`generator.problem.drawing.draw_variant` turns a seed into a :class:`Variant` that has passed its audit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from generator.document.prose import Content, check_content
from generator.errors import AuthoringError, InputError, Rejected, WorksheetError, authoring_error, error_context
from generator.numbers.encoding import encode
from generator.numbers.exact import same
from generator.problem.author_code import AuthorCode, file_of, line_of_mistake, line_with
from generator.problem.bank import Bank
from generator.problem.bank_file import LEVELS as LEVELS
from generator.problem.definition import check_definition, checked_parts
from generator.problem.draw import Draw
from generator.problem.listing import size_text
from generator.problem.mistake import Mistake
from generator.problem.parameters import Parameter, read_params
from generator.problem.parts import Part, computed_among, walk, with_parts, without_guided
from generator.problem.solution import Intervention, Solution, Step, Values, call_by_name, exact_value


@dataclass(frozen=True)
class Level:
    """A difficulty: how its variants are drawn, the signature that every one of them has, and how many there are.

    ``variants`` is a sound lower bound of the number of distinct ones, or that number itself if they were ``counted``.
    ``possible`` says of parts that have few answers how many there are over all variants, by the part's id.
    """

    sample: Callable[[Draw], Mapping[str, Any]]
    signature: Mapping[str, Any]
    variants: int | None = None
    counted: bool = False
    possible: Mapping[str, int] = field(default_factory=dict)

    @property
    def size(self) -> str:
        """The number of variants for people: ``2,451,640 variants`` or ``at least 600,000 variants``."""
        return size_text(self.variants, counted=self.counted)


@dataclass(frozen=True, eq=False)
class Problem:
    """A family of variants.

    ``solution`` lists the steps, ``parameters`` what they start from.  ``sample(draw)`` gives the raw
    parameters of one variant and ``original`` those of the printed sheet, if there is one.  ``check`` takes parameters by
    name, as floats, and computes the answers again by another method, from them alone.  ``parts(values)`` yields
    the parts.  ``require`` takes parameters by name and raises :class:`InputError` when they do not fit each other.
    ``canonical(params)`` is equal for two variants that are the same exercise.  ``signature(values)`` is the
    difficulty of a variant; that of every sampled one equals ``standard``.  ``easy`` and ``hard`` are the same
    problem at other difficulties, where there are such.  ``bank`` holds its questions in words and its claims.
    ``symbols`` are the TeX of steps that no part asks for under a symbol, for messages about a student's working.
    ``accept`` takes values by name, solved ones too, and says whether a draw is used; the first line of its docstring
    is the reason why one is not.  ``variants`` is a sound lower bound of how many distinct variants of the standard
    difficulty there are, or their number if they were ``counted``; without it ``worksheet check`` estimates it.
    ``possible`` is that of its :class:`Level`.  ``pictures`` are files beside its own that its texts show, apart from those of its bank:
    where one is changed, so are the papers.
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
    original: Mapping[str, Any] | None = None
    variants: int | None = None
    counted: bool = False
    possible: Mapping[str, int] = field(default_factory=dict)
    accept: Callable[..., object] | None = None
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
    pictures: Sequence[str] = ()

    def __post_init__(self) -> None:
        check_definition(self)

    @cached_property
    def home(self) -> str:
        """The author's file."""
        return self.source or file_of(self.parts, self.sample, self.check)

    def line_with(self, text: str, after: str = "") -> str:
        """The line of the author's file, or of the bank, that has a text; see :func:`line_with`."""
        banks = [str(self.bank.path)] if self.bank is not None else []
        return next(filter(None, (line_with(file, text, after) for file in (self.home, *banks))), "")

    @property
    def heading(self) -> str:
        """The title in the current language, where the bank has it."""
        return (self.bank.contents.title if self.bank is not None else "") or self.title

    @cached_property
    def levels(self) -> Mapping[str, Level]:
        """The difficulties that there are, by name."""
        standard = Level(self.sample, self.standard or {}, self.variants, self.counted, self.possible)
        known = {"easy": self.easy, "standard": standard, "hard": self.hard}
        return {name: level for name, level in known.items() if level is not None}

    @cached_property
    def printed_parts(self) -> frozenset[str]:
        """The ids of the printed sheet's parts."""
        return frozenset(part.id for part in walk(self.printed().parts)) if self.original is not None else frozenset()

    @cached_property
    def graph(self) -> Solution:
        """The steps in order."""
        return Solution(self.solution, exact_value)

    @cached_property
    def interventions(self) -> tuple[tuple[Mistake, Intervention], ...]:
        """Each mistake with what it does to the solution."""
        return tuple((mistake, self._intervention(mistake)) for mistake in self.mistakes)

    def _intervention(self, mistake: Mistake) -> Intervention:
        try:
            return self.graph.intervention(mistake.replaced)
        except AuthoringError as error:  # a circle
            raise error.locate(
                item=f"mistake {mistake.name!r}", line=line_of_mistake(self.home, mistake.name)
            ) from None

    def read(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Raw parameters as exact ones; :class:`InputError` names the one that does not fit."""
        with self._authors_exceptions():
            params = read_params(self.parameters, raw, problem=self.id)
        with self._authors_exceptions("require()"):
            verdict: Any = call_by_name(self.require, params) if self.require is not None else None
        if verdict is not None and not verdict:
            raise AuthoringError(f"require() returned {verdict}: raise InputError where parameters do not fit")
        if self.bank is not None:
            params |= self.bank.defaults_that_fit(params, given=raw)
            self.bank.require(params)
        return params

    @contextmanager
    def _authors_exceptions(self, item: str = "") -> Iterator[None]:
        """Have an exception of a reader or of ``require`` become an error of the author's; what they refuse stays as it is."""
        try:
            yield
        except (WorksheetError, Rejected, TimeoutError):
            raise
        except Exception as error:
            raise authoring_error(error, self.home).locate(item=item) from error

    def variant(self, params: Mapping[str, Any]) -> Variant:
        """The solved variant of exact ``params``; not audited."""
        with AuthorCode(self.home, ""):
            return Variant(self, params, self.graph.solve(params))

    def printed(self) -> Variant:
        """The variant of the printed sheet.  Raises :class:`InputError` if there is none."""
        if self.original is None:
            raise InputError(f"{self.id} has no printed numbers, original=: ask for a seed's", field="--original")
        with (
            error_context(self.id, f"problem {self.id}", self.home),
            AuthorCode(self.home, "original", text="original="),
        ):
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
        problem = self.problem
        with (
            error_context(problem.id, f"problem {problem.id}", problem.home),
            AuthorCode(problem.home, "", problem.parts),
        ):
            return tuple(self._known(checked_parts(problem.parts(self.values), self.values, problem)))

    @cached_property
    def preamble(self) -> Content:
        """The text before the parts, which may be empty."""
        problem = self.problem
        if problem.preamble is None:
            return ()
        with (
            error_context(problem.id, f"problem {problem.id}", problem.home),
            AuthorCode(problem.home, "preamble()", problem.preamble),
        ):
            content = problem.preamble(self.values)
            check_content(content, "its text")
            return content

    def _known(self, parts: Iterable[Part]) -> Iterator[Part]:
        known = self.values.known
        for part in parts:
            if part.answer is None or part.answer.step is None or part.answer.step in known:
                yield with_parts(part, tuple(self._known(part.parts))) if part.parts else part

    @cached_property
    def wrong(self) -> tuple[tuple[Mistake, Values], ...]:
        """Each mistake that can be made here, with the values it leads to, solved as far as somebody asks."""
        values = self.values
        home = self.problem.home
        found = []
        for mistake, intervention in self.problem.interventions:
            with AuthorCode(home, f"mistake {mistake.name!r}", mistake.functions[0]):
                if mistake.applies_to(values):
                    found.append((mistake, intervention.on(values)))
        return tuple(found)

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
        with (
            error_context(problem.id, f"problem {problem.id}", problem.home),
            AuthorCode(problem.home, "canonical()", problem.canonical),
        ):
            return repr(encode(problem.canonical(self.params) if problem.canonical else dict(self.params)))
