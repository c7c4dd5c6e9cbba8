"""Which parts of a variant a sheet asks: guided or not, some left out, and what it says of them held against them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from generator.errors import InputError
from generator.problem import Part, Variant, walk
from generator.sheet import Entry


def asked_parts(variant: Variant, entry: Entry) -> tuple[Part, ...]:
    """The parts of the variant that the sheet's entry asks.

    A part that only some variants have may be named by the sheet, and is passed over in the others.  Raises
    :class:`InputError` for one that no variant has, or that cannot be asked so.
    """
    parts = variant.all_parts if entry.guided else variant.parts
    named = {"points": entry.points, "choices": entry.choices, "without": entry.without}
    there = {part.id for part in walk(parts)}
    for key, names in named.items():
        _check_names(names, there, variant, key)
    if entry.without:
        parts = tuple(_left(parts, entry.without))
        if not parts:
            raise InputError(f"no part of {entry.problem.id} is left", field="without")
    _check_points(entry, parts)
    return parts


def _left(parts: Iterable[Part], without: Collection[str]) -> Iterator[Part]:
    """The parts but those ``without``; one all of whose parts are left out, and that asks nothing itself, goes too."""
    for part in parts:
        if part.id in without:
            continue
        inner = tuple(_left(part.parts, without))
        if inner or not part.parts or part.answer is not None:
            yield replace(part, parts=inner) if inner != tuple(part.parts) else part


def _check_names(names: Iterable[str], there: Collection[str], variant: Variant, key: str) -> None:
    for name in names:
        if name not in there and name not in variant.problem.known_parts:
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
