"""No paper tells what it asks, nor refers to what it leaves out: entries of banks that would are exchanged for others.

Each problem is drawn from a stream of its own, as if it were alone.  What the parts and preambles of a paper tell and ask stands whatever is
drawn; an entry of a bank that clashes with it, or with an entry before it on the paper, or needs a part that is not asked, is exchanged for another one of its group: the first
that fits, in an order that the variant's numbers alone decide.  The numbers of a variant never change, so that another problem on the sheet
changes words, and these only where there is a clash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

from generator.numbers.encoding import encode
from generator.problem.bank_file import Entry
from generator.problem.draw import Draw
from generator.problem.insights import Insights, told_by
from generator.problem.parts import Part, walk
from generator.problem.problem import Variant
from generator.problem.words import Claims, Essay

Asked: TypeAlias = Callable[[int, Variant], Sequence[Part]]
"""The parts that a paper asks of the variant at a place, from 0 on."""


def fixed_insights(variant: Variant, parts: Iterable[Part]) -> Iterator[Insights]:
    """What the preamble and the parts of a variant tell and ask, whichever entries are drawn."""
    yield Insights(told_by(variant.preamble), where="the preamble")
    for part in walk(parts):
        told = frozenset(part.tells) | told_by(part.question)
        if told or part.asks:
            yield Insights(told, frozenset(part.asks), f"part {part.id}")


def drawn_insights(parts: Iterable[Part]) -> Iterator[Insights]:
    """What the entries of banks among the parts tell and ask."""
    for part in walk(parts):
        if isinstance(part.answer, Essay | Claims):
            yield from part.answer.insights


def without_giveaways(variants: Sequence[Variant], asked: Asked) -> tuple[Variant, ...]:
    """The variants of a paper, with entries that clash exchanged; one for which there is no other stays."""
    fixed = [one for place, variant in enumerate(variants) for one in fixed_insights(variant, asked(place, variant))]
    found = []
    taken = fixed  # and the entries of the problems before
    for place, variant in enumerate(variants):
        settled = _settled(variant, taken, partial(asked, place))
        taken = [*taken, *drawn_insights(asked(place, settled))]
        found.append(settled)
    return tuple(found)


def alone(variant: Variant) -> Variant:
    """The variant as it is asked where there is no other problem."""
    return without_giveaways([variant], lambda _, other: other.parts)[0]


def _settled(variant: Variant, taken: Sequence[Insights], asked: Callable[[Variant], Sequence[Part]]) -> Variant:
    """The variant without clashes, if the bank has enough entries: one entry after the other is looked at.

    Where no other can stand in its place, one before it that it clashes with is exchanged.
    """

    def first(variant: Variant, count: int) -> list[Insights]:
        return [*drawn_insights(asked(variant))][:count]

    there = frozenset(part.id for part in walk(asked(variant)))
    for count in range(1, len(first(variant, MOST_DRAWN)) + 1):
        drawn = first(variant, count)
        if _fit(drawn, taken, there):
            continue
        places = [count - 1, *(place for place in range(count - 1) if drawn[-1].clashes(drawn[place]))]
        others = (other for place in places for other in _exchanged(variant, drawn, place, taken))
        variant = next((other for other in others if _fit(first(other, count), taken, there)), variant)
    return variant


MOST_DRAWN = 100
"""Entries of one problem on one paper."""


def _fit(drawn: Sequence[Insights], taken: Iterable[Insights], there: frozenset[str]) -> bool:
    """Return whether no entry drawn clashes with another or with what the paper has already, and the parts they need are there."""
    taken = tuple(taken)
    return not any(
        one.needs - there or any(one.clashes(other) for other in (*drawn[:place], *taken))
        for place, one in enumerate(drawn)
    )


def _exchanged(variant: Variant, drawn: Sequence[Insights], place: int, taken: Sequence[Insights]) -> Iterator[Variant]:
    """The variant with each of the other entries that may stand in place of the one drawn, claims of the same verdict first."""
    bank, params = variant.problem.bank, variant.params
    group, _, name = drawn[place].where.partition(".")
    chosen = params.get(group)
    if bank is None or chosen is None:
        return
    entries = bank[group]
    before = entries[name]
    others = [
        bank.contents.groups[one][rest]
        for one, _, rest in (other.where.partition(".") for other in drawn if other.where != drawn[place].where)
        if one in bank.contents.groups
    ]
    names = (chosen,) if isinstance(chosen, str) else tuple(chosen)
    beside = [*drawn[:place], *drawn[place + 1 :], *taken]
    numbers = {name: value for name, value in params.items() if name not in bank.contents.groups}
    draw = Draw(variant.problem.id, group, repr(encode(numbers)), "other words")
    for entry in sorted(draw.shuffled(tuple(entries.values())), key=lambda one: _verdict(one) != _verdict(before)):
        if (
            entry.name not in names
            and entry.is_drawn_at(variant.level)
            and not any(entry.insights.clashes(other) for other in beside)
            and bank.fits(entry, params, others)
        ):
            value: Any = (
                entry.name if isinstance(chosen, str) else tuple(entry.name if one == name else one for one in names)
            )
            yield with_params(variant, {**params, group: value})


def _verdict(entry: Entry) -> bool | None:
    return entry.claim.verdict if entry.claim is not None else None


def with_params(variant: Variant, params: dict[str, Any]) -> Variant:
    """The same variant with other words asked for."""
    return replace(variant, params=params, values=variant.problem.graph.solve(params))
