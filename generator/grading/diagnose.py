"""Diagnosing a wrong answer: the mistakes, alone or two together, that lead to it; else what its entries show.

A mistake is recognised by its answer being equal to what was typed.  Where several lead to the same answer, all are
named.  Where nothing fits, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product
from typing import Any

from generator.errors.language import phrase
from generator.grading.chance import Explanations
from generator.grading.compare import compare, matches
from generator.grading.nesting import Index, TypedValue, depth_of, entries_of, indices_text, same_shape, shape_of
from generator.grading.observations import observe
from generator.grading.solve_again import STEP_ERRORS, length_check
from generator.grading.step_names import StepNames
from generator.numbers.budget import Budget, limited
from generator.numbers.equality import same
from generator.problem.mistake import Mistake
from generator.problem.problem import Variant
from generator.problem.solution import Values

MAX_PAIRS = 200
"""Pairs of mistakes that are tried for a part."""


@dataclass(frozen=True)
class Diagnosis:
    """What is known of a wrong answer.

    ``causes`` are the alternatives, each one mistake or two made together; ``where`` names the rows, columns or entries of a
    mistake made only there; ``observation`` is a sentence on the entries where no mistake was recognised.  Of a ``doubtful`` one
    a slip may have led to the same answer: it "could be", and earns nothing.
    """

    causes: tuple[tuple[Mistake, ...], ...] = ()
    where: str = ""
    observation: str = ""
    doubtful: bool = False

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """All mistakes of all causes, each once."""
        return tuple({mistake.name: mistake for cause in self.causes for mistake in cause}.values())


class Diagnoser:
    """Recognise the mistakes of one variant; what a mistake leads to is solved once.

    ``names`` is what sentences call the steps.  ``base`` are the values to start from where they are not the key's: those that follow from a student's own.  From
    them no two mistakes are tried together.
    """

    def __init__(self, variant: Variant, names: StepNames, base: Values | None = None) -> None:
        self._variant = variant
        self._names = names
        self._base = variant.values if base is None else base
        self._at_key = base is None
        self._solved_mistakes: dict[str, tuple[tuple[Mistake, Values], ...]] = {}
        self._known_pairs: dict[str, list[tuple[tuple[Mistake, Mistake], Any]]] = {}

    def diagnose(self, step: str, typed: TypedValue, depth: int) -> Diagnosis:
        """Return what led to a wrong value of a step: a mistake, another quantity, two mistakes, a mistake in some rows only.

        Beside the single mistakes only so many explanations are considered, in this order, that a random value is unlikely to
        meet one.
        """
        right = self._base[step]
        wrong = self._mistaken(step)
        if isinstance(typed.value, str):  # of few options, two mistakes together lead to any
            return Diagnosis(tuple((mistake,) for mistake, value in wrong if matches(typed, value, depth)))
        explained = Explanations(right, [value for _, value in wrong])
        single = tuple((mistake,) for mistake, value in wrong if matches(typed, value, depth))
        if single:
            return Diagnosis(single, doubtful=explained.may_be_chance(typed.value))
        other = self._other_quantity(step, typed, depth, explained)
        if other:
            return Diagnosis(observation=other)
        if self._at_key and not explained.is_full:
            pairs = self._pairs(step)
            found = tuple(pair for pair, value in pairs if explained.admits(value) and matches(typed, value, depth))
            if found:
                return Diagnosis(found)
        return _in_part(right, wrong, typed, depth) or Diagnosis(observation=observe(right, typed, depth, explained))

    def _other_quantity(self, step: str, typed: TypedValue, depth: int, explained: Explanations) -> str:
        """Return a sentence if the value is that of another step that no later part asks for; else an empty text."""
        right = self._base[step]
        for name in self._variant.problem.graph.names:
            value = self._base.get(name)
            if name == step or value is None or self._names.is_asked_after(name, step):
                continue
            if not self._is_related(name, step):
                continue
            if depth_of(value) != depth_of(right) or isinstance(value, str) or same(value, right):
                continue
            if same_shape(value, right, depth) and explained.admits(value) and matches(typed, value, depth):
                given, asked = self._names.the(name), self._names.the(step)
                if given == asked:  # two quantities with one symbol
                    given, asked = name.replace("_", " "), step.replace("_", " ")
                return phrase("marking.other_quantity", given=given, asked=asked)
        return ""

    def _is_related(self, name: str, step: str) -> bool:
        """Return whether two quantities have anything in common: a parameter, or a step that both depend on."""
        return bool(self._sources(name) & self._sources(step))

    def _sources(self, step: str) -> frozenset[str]:
        graph = self._variant.problem.graph
        before = (step, *graph.upstream(step))
        return frozenset(before).union(*(graph.needs(one) for one in before if one in graph.names))

    def _mistaken(self, step: str) -> list[tuple[Mistake, Any]]:
        """Return each mistake that changes the step, with the value it leads to."""
        right = self._base[step]
        return [
            (mistake, values[step])
            for mistake, values in self._all_mistakes(step)
            if step in values and not same(values[step], right)
        ]

    def _all_mistakes(self, step: str) -> tuple[tuple[Mistake, Values], ...]:
        """Return each mistake that can be made, with the values it leads to."""
        if self._at_key:
            return self._variant.wrong
        if step not in self._solved_mistakes:
            with limited(Budget()):
                self._solved_mistakes[step] = tuple(self._solved(step))
        return self._solved_mistakes[step]

    def _solved(self, step: str) -> Iterator[tuple[Mistake, Values]]:
        graph, check = self._variant.problem.graph, length_check(self._variant.values)
        for mistake in self._variant.problem.mistakes:
            try:
                if mistake.applies_to(self._base):
                    yield mistake, graph.with_steps(self._base, mistake.replaced, step, check)
            except STEP_ERRORS:
                continue

    def _pairs(self, step: str) -> list[tuple[tuple[Mistake, Mistake], Any]]:
        """Return pairs of mistakes made together, with the value of the step, where that is neither's alone.

        At least one of them changes the step by itself, and no two replace the same step; pairs of which both change it are
        tried first.
        """
        known = self._known_pairs.get(step)
        if known is None:
            known = self._known_pairs[step] = list(islice(self._solved_pairs(step), MAX_PAIRS))
        return known

    def _solved_pairs(self, step: str) -> Iterator[tuple[tuple[Mistake, Mistake], Any]]:
        graph = self._variant.problem.graph
        changing = [mistake for mistake, _ in self._mistaken(step)]
        alone = {mistake.name: value for mistake, value in self._mistaken(step)}
        others = [mistake for mistake, _ in self._all_mistakes(step) if mistake.name not in alone]
        for first, second in (*combinations(changing, 2), *product(changing, others)):
            if first.replaced.keys() & second.replaced.keys():
                continue
            try:
                value = graph.with_steps(self._base, {**first.replaced, **second.replaced}, towards=step)[step]
            except STEP_ERRORS:
                continue  # each needs what the other replaces, or the numbers do not allow both
            if not any(same(value, known) for known in (alone[first.name], alone.get(second.name), self._base[step])):
                yield (first, second), value


def _in_part(right: Any, wrong: Sequence[tuple[Mistake, Any]], typed: TypedValue, depth: int) -> Diagnosis | None:
    """Return the mistakes whose answer is in all the wrong entries, while the others are right."""
    compared = compare(typed, right, depth, decimals=True)
    if compared is None or not depth or not compared.right:
        return None
    places = compared.wrong
    causes, known = [], []
    for mistake, value in wrong:
        if not same_shape(value, right, depth):
            continue
        theirs = entries_of(value, depth)
        known.append(tuple(theirs[place] for place in places))
        if _agrees_at(places, typed, theirs, depth):
            causes.append((mistake,))
    theirs = entries_of(right, depth)
    ours = entries_of(typed.value, depth)
    explained = Explanations(tuple(theirs[place] for place in places), known)
    if explained.may_be_chance(tuple(ours[place] for place in places)):
        return None  # few entries, which a slip may have led to as well
    return Diagnosis(tuple(causes), where=indices_text(places, shape_of(right, depth) or ())) if causes else None


def _agrees_at(places: Sequence[Index], typed: TypedValue, other: Mapping[Index, Any], depth: int) -> bool:
    ours = entries_of(typed.value, depth)
    return all(
        matches(TypedValue(ours[place], {(): typed.places[place]} if place in typed.places else {}), other[place], 0)
        for place in places
    )
