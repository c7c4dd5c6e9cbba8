"""Selects the parts of a variant that a sheet asks, and checks what the sheet says of them.

What may be left out is every part that no other one that is asked needs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from generator.document.prose import references
from generator.errors import InputError
from generator.paper.sheet import Entry
from generator.problem import drawing
from generator.problem.parts import Part, walk, with_guided_points, without_extended
from generator.problem.problem import Variant


def asked_parts(variant: Variant, entry: Entry) -> tuple[Part, ...]:
    """The parts of the variant that the sheet's entry asks.

    A part that only some variants have may be named by the sheet, and is passed over in the others.  Raises
    :class:`InputError` for one that no variant has, or that cannot be asked so.
    """
    parts = _asked(variant, entry)
    there = {part.id for part in walk(parts)}
    if entry.guided and all(part.id in there for part in walk(variant.all_parts) if part.guided):
        return tuple(with_guided_points(parts))
    return parts


def _asked(variant: Variant, entry: Entry) -> tuple[Part, ...]:
    parts = variant.all_parts if entry.guided else variant.parts
    if not entry.extended:
        parts = tuple(without_extended(parts))
    if entry.only:
        parts = tuple(_only(parts, entry.only))
    if not (entry.points or entry.choices or entry.without):
        return parts
    named = {"points": entry.points, "choices": entry.choices, "without": entry.without}
    there = [part.id for part in walk(parts)]
    follow_ups = () if entry.extended else _follow_ups(variant.all_parts)
    for key, names in named.items():
        _check_names(names, there, variant, key)
        for name in names if key != "without" else ():
            if name not in there and name in follow_ups:
                raise InputError(f"{name!r} is a follow-up: it is asked where extended = true", field=key)
    if entry.without:
        _check_left_out(parts, entry)
        parts = tuple(_left(parts, entry.without))
    _check_points(entry, parts)
    return parts


def _follow_ups(parts: Sequence[Part]) -> list[str]:
    """The ids of the parts that only an extended sheet asks."""
    asked = {part.id for part in walk(without_extended(parts))}
    return [part.id for part in walk(parts) if part.id not in asked]


def _left(parts: Iterable[Part], without: Collection[str]) -> Iterator[Part]:
    """The parts but those ``without``; one all of whose parts are left out, and that asks nothing itself, goes too."""
    for part in parts:
        if part.id in without:
            continue
        inner = tuple(_left(part.parts, without))
        if inner or not part.parts or part.answer is not None:
            yield replace(part, parts=inner) if inner != tuple(part.parts) else part


def _only(parts: Iterable[Part], only: Collection[str]) -> Iterator[Part]:
    """The parts named, within those that they are parts of."""
    for part in parts:
        inner = tuple(_only(part.parts, only))
        if part.id in only or inner:
            yield replace(part, parts=inner, answer=part.answer if part.id in only else None)


def _check_left_out(parts: Sequence[Part], entry: Entry) -> None:
    kept = [part.id for part in walk(_left(parts, entry.without))]
    if not kept:
        raise InputError(f"no part of {entry.problem.id} is left", field="without")
    every = {part.id: part for part in walk(parts)}
    gone = [name for name in every if name not in kept]
    for name in gone:
        if every[name].needed:
            raise InputError(
                f"{name!r} of {entry.problem.id} cannot be left out, since other parts refer to it", field="without"
            )
        needy = [other for other in _needy(every, name) if other in kept]
        if needy:
            raise InputError(f"without {name!r}, leave out {', '.join(needy)} too", field="without")


def _needy(every: Mapping[str, Part], name: str) -> list[str]:
    """The parts that need a part, and those that need them in turn."""
    found = [name]
    for other in found:
        found += [one for one, part in every.items() if other in needed_by(part) and one not in found]
    return found[1:]


def needed_by(part: Part) -> set[str]:
    """The ids of the parts that a part says it needs, and of those that its question refers to."""
    return {*part.needs, *references(part.question)}


def _check_names(names: Iterable[str], there: Collection[str], variant: Variant, key: str) -> None:
    for name in names:
        if name not in there and name not in drawing.known_parts(variant.problem):
            known = ", ".join(there)
            raise InputError(f"{variant.problem.id} has no part {name!r} here; it has {known}", field=key)


def _check_points(entry: Entry, parts: Iterable[Part]) -> None:
    for part in walk(parts):
        worth = entry.points.get(part.id)
        if worth is None:
            continue
        if part.parts:
            inner = ", ".join(child.id for child in part.parts)
            raise InputError(f"the points of {part.id!r} are those of its parts: give {inner} theirs", field="points")
        if part.answer is not None and part.answer.points not in (None, worth):
            raise InputError(f"the part {part.id!r} is worth {part.answer.points} by its rubric", field="points")
