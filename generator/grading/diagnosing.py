"""Whence a wrong answer came: the mistakes, alone or two together, that lead to it; else what its entries show.

A mistake is recognised by its answer being equal to what was typed.  Where several lead to the same answer, all are
named: which of them it was cannot be told.  Where nothing fits, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product
from typing import Any

from generator.errors import WorksheetError
from generator.grading.comparing import compare, matches, same_value
from generator.grading.manageable import watching
from generator.grading.nesting import Index, Typed, alike, entries, shape
from generator.grading.remarks import remark_on, where_text
from generator.numbers.bounds import bounded
from generator.problem.mistake import Mistake
from generator.problem.problem import Variant
from generator.problem.solution import Values

MOST_PAIRS = 200
"""So many pairs of mistakes are tried for a part."""

MOST_WORK = 5000
"""What mistakes made on top of a student's own wrong values may take to be solved, all together, as in :mod:`generator.numbers.bounds`."""

CANNOT_SOLVE = (WorksheetError, ArithmeticError, ValueError, TypeError, AttributeError, LookupError)
"""What a step raises on values that it was not made for: a step need not check what only a mistake gives it."""


@dataclass(frozen=True)
class Diagnosis:
    """What is known of a wrong answer.

    ``causes`` are the alternatives, each one mistake or two made together; ``where`` tells of a mistake made in some
    rows or columns only; ``remark`` is a sentence on the entries where no mistake was recognised.
    """

    causes: tuple[tuple[Mistake, ...], ...] = ()
    where: str = ""
    remark: str = ""

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """All mistakes named, each once."""
        return tuple({mistake.name: mistake for cause in self.causes for mistake in cause}.values())


class Diagnoser:
    """Recognises the mistakes of one variant; what a mistake leads to is solved once.

    ``base`` are the values to start from where they are not the key's: those that follow from a student's own.  From
    them no two mistakes are tried together.
    """

    def __init__(self, variant: Variant, base: Values | None = None) -> None:
        self._variant = variant
        self._base = variant.values if base is None else base
        self._at_key = base is None
        self._made_again: dict[str, tuple[tuple[Mistake, Values], ...]] = {}
        self._pairs: dict[str, list[tuple[tuple[Mistake, Mistake], Any]]] = {}

    def diagnose(self, step: str, typed: Typed, depth: int) -> Diagnosis:
        """What led to a wrong value of a step: single mistakes before pairs before mistakes in some rows only."""
        right = self._base[step]
        wrong = self._mistaken(step)
        single = tuple((mistake,) for mistake, value in wrong if matches(typed, value, depth))
        if single or isinstance(typed.value, str):  # of few options, two mistakes together lead to any
            return Diagnosis(single)
        pairs = (
            ()
            if not self._at_key
            else tuple(pair for pair, value in self._of_pairs(step) if matches(typed, value, depth))
        )
        if pairs:
            return Diagnosis(pairs)
        return _in_part(right, wrong, typed, depth) or Diagnosis(remark=remark_on(right, typed, depth))

    def _mistaken(self, step: str) -> list[tuple[Mistake, Any]]:
        """Each mistake that changes the step, with the value it leads to."""
        right = self._base[step]
        return [
            (mistake, values[step])
            for mistake, values in self._made(step)
            if step in values and not same_value(values[step], right)
        ]

    def _made(self, step: str) -> tuple[tuple[Mistake, Values], ...]:
        """Each mistake that can be made, with the values it leads to."""
        if self._at_key:
            return self._variant.wrong
        if step not in self._made_again:
            with bounded(MOST_WORK):
                self._made_again[step] = tuple(self._solved(step))
        return self._made_again[step]

    def _solved(self, step: str) -> Iterator[tuple[Mistake, Values]]:
        graph, watch = self._variant.problem.graph, watching(self._variant.values)
        for mistake in self._variant.problem.mistakes:
            try:
                if mistake.applies_to(self._base):
                    yield mistake, graph.with_steps(self._base, mistake.replaced, step, watch)
            except CANNOT_SOLVE:
                continue

    def _of_pairs(self, step: str) -> list[tuple[tuple[Mistake, Mistake], Any]]:
        """Two mistakes made together, with the value of the step, where that is neither's alone.

        One of them at least changes the step by itself, and no two replace the same step; those that both do are tried
        first.
        """
        known = self._pairs.get(step)
        if known is None:
            known = self._pairs[step] = list(islice(self._solved_pairs(step), MOST_PAIRS))
        return known

    def _solved_pairs(self, step: str) -> Iterator[tuple[tuple[Mistake, Mistake], Any]]:
        graph = self._variant.problem.graph
        changing = [mistake for mistake, _ in self._mistaken(step)]
        alone = {mistake.name: value for mistake, value in self._mistaken(step)}
        others = [mistake for mistake, _ in self._made(step) if mistake.name not in alone]
        for first, second in (*combinations(changing, 2), *product(changing, others)):
            if first.replaced.keys() & second.replaced.keys():
                continue
            try:
                value = graph.with_steps(self._base, {**first.replaced, **second.replaced}, towards=step)[step]
            except CANNOT_SOLVE:
                continue  # each needs what the other replaces, or the numbers do not let both be carried through
            if not any(
                same_value(value, known) for known in (alone[first.name], alone.get(second.name), self._base[step])
            ):
                yield (first, second), value


def _in_part(right: Any, wrong: Sequence[tuple[Mistake, Any]], typed: Typed, depth: int) -> Diagnosis | None:
    """A mistake whose answer stands in all the wrong entries, while the others are right."""
    compared = compare(typed, right, depth, decimals=True)
    if compared is None or not depth or not compared.right:
        return None
    places = compared.wrong
    causes = tuple(
        (mistake,)
        for mistake, value in wrong
        if alike(value, right, depth) and _agrees_at(places, typed, entries(value, depth), depth)
    )
    return Diagnosis(causes, where=where_text(places, shape(right, depth) or ())) if causes else None


def _agrees_at(places: Sequence[Index], typed: Typed, other: Mapping[Index, Any], depth: int) -> bool:
    ours = entries(typed.value, depth)
    return all(
        matches(Typed(ours[place], {(): typed.places[place]} if place in typed.places else {}), other[place], 0)
        for place in places
    )
