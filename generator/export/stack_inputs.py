"""What STACK asks for in a part: one or several inputs, each with a key and known mistakes in every variant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from generator.export import maxima
from generator.export.exact_numbers import apart_from
from generator.export.known_entries import joined, share_of_wrong, wrong_numbers
from generator.export.tree import Blocks, Computed, Entry, Mistake, Number, Part, Variant

MOST_ENTRIES = 60
"""The entries of a matrix that students can be asked to type."""


@dataclass(frozen=True)
class Known:
    """A mistake's answer in one input of one variant."""

    id: str
    share: Fraction
    feedback: Blocks
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class Asked:
    """One input in one variant: its numbers, by row, and the mistakes that change them; ``label`` is the TeX before it."""

    label: str
    numbers: tuple[Number, ...]
    columns: int
    mistakes: tuple[Known, ...]


@dataclass(frozen=True)
class Input:
    """An input in all variants, and its share of the points of the question."""

    is_matrix: bool
    points: Fraction
    asked: tuple[Asked, ...]


def can_ask(part: Part) -> bool:
    """Return whether inputs can ask for the answer to a part."""
    return all(
        isinstance(one.answer, Computed)
        and len(one.answer.entries) <= MOST_ENTRIES
        and all(map(maxima.can_write, _all_numbers(one.answer, one)))
        for one in part.variants
    )


def _all_numbers(answer: Computed, variant: Variant) -> Iterator[Number]:
    yield from (entry.number for entry in answer.entries)
    for mistake in variant.mistakes:
        yield from mistake.numbers


def inputs(part: Part, variants: Sequence[Variant]) -> list[Input]:
    """Return the inputs for a part: one for each named number or shape, else one for the whole answer."""
    pieces = [_pieces(part, one) for one in variants]
    if part.kind not in ("fields", "shape", "shapes") or len({len(one) for one in pieces}) > 1:
        pieces = [[_whole(one)] for one in variants]
    count = len(pieces[0])
    return [
        Input(
            part.kind not in ("number", "fields") or any(len(one[place].numbers) > 1 for one in pieces),
            Fraction(part.points, count),
            tuple(one[place] for one in pieces),
        )
        for place in range(count)
    ]


def _whole(variant: Variant) -> Asked:
    answer = variant.answer
    assert isinstance(answer, Computed)
    numbers = tuple(entry.number for entry in answer.entries)
    found = tuple(Known(one.id, one.share, one.feedback, one.numbers) for one in variant.mistakes)
    labels = [label for label in dict.fromkeys(entry.label for entry in answer.entries) if label]
    return Asked(answer.symbol or ", ".join(labels), numbers, answer.columns, _told_apart(numbers, found))


def _pieces(part: Part, variant: Variant) -> list[Asked]:
    """Return the answer's named numbers, or its shapes."""
    answer = variant.answer
    assert isinstance(answer, Computed)
    if part.kind == "fields":
        return [_field(answer, variant.mistakes, place) for place in range(len(answer.entries))]
    groups: list[list[int]] = []
    for place, entry in enumerate(answer.entries):
        if entry.place <= 1:
            groups.append([])
        groups[-1].append(place)
    return [_shape(answer.entries, variant.mistakes, groups, at) for at in range(len(groups))]


def _field(answer: Computed, mistakes: Sequence[Mistake], place: int) -> Asked:
    entry = answer.entries[place]
    known = [Known(one.id, one.share, one.feedback, (one.number,)) for one in wrong_numbers(answer, mistakes, place)]
    return Asked(entry.label, (entry.number,), 1, tuple(known))


def _shape(entries: Sequence[Entry], mistakes: Sequence[Mistake], groups: Sequence[Sequence[int]], at: int) -> Asked:
    """Return one shape of several, which is right as a whole or not."""

    def right(places: Sequence[int]) -> tuple[Number, ...]:
        return tuple(entries[place].number for place in places)

    def given(mistake: Mistake, places: Sequence[int]) -> tuple[Number, ...]:
        return tuple(mistake.numbers[place] for place in places)

    key = right(groups[at])
    found: list[Known] = []
    for one in mistakes:
        theirs = given(one, groups[at])
        if _same(theirs, key):
            continue
        known = next((place for place, other in enumerate(found) if _same(theirs, other.numbers)), None)
        if known is None:
            count = sum(_same(given(one, places), right(places)) for places in groups)
            found.append(Known(one.id, share_of_wrong(one.share, len(groups), count), one.feedback, theirs))
        else:
            found[known] = replace(found[known], feedback=joined(found[known].feedback, one.feedback))
    return Asked(entries[groups[at][0]].label, key, len(key), tuple(found))


def _same(ours: Sequence[Number], theirs: Sequence[Number]) -> bool:
    return [one.decimal for one in ours] == [one.decimal for one in theirs]


def _told_apart(key: tuple[Number, ...], known: Sequence[Known]) -> tuple[Known, ...]:
    """Return mistakes whose tolerances let no other's answer in."""
    answers = [key, *(one.numbers for one in known)]
    return tuple(
        Known(
            one.id,
            one.share,
            one.feedback,
            tuple(
                apart_from(number, column)
                for number, column in zip(one.numbers, zip(*answers, strict=True), strict=True)
            ),
        )
        for one in known
    )
