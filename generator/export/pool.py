"""The variants that an export draws: those of a problem are pairwise different, and more of them begin with the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from generator.errors import InputError
from generator.paper.origin import ORIGINAL, Origin, Redraws, Seed, public_origin, secret_origin
from generator.paper.paper import draw_entry, settled
from generator.paper.record import variant_digest, variant_letters
from generator.paper.secret import Secret
from generator.paper.sheet import Entry, Sheet
from generator.problem import audit
from generator.problem.problem import Variant

Exercise: TypeAlias = tuple[str, str]
"""An exercise by its problem and its digest, as manifests record it."""


@dataclass(frozen=True)
class Drawn:
    """A variant for each entry of a sheet, and the origin of their numbers."""

    origin: Origin
    variants: tuple[Variant, ...]


MOST_REDRAWS = 1000


def draw_pool(
    sheet: Sheet,
    seed: Seed,
    count: int,
    secret: Secret | None = None,
    avoid: Collection[Exercise] = (),
    student: str = "",
) -> Iterator[Drawn]:
    """Yield ``count`` times a variant for each entry of the sheet, all audited; no two of an entry are the same exercise.

    With a ``secret`` nobody else can draw them.  ``avoid`` are exercises that must not be among them.  A ``student`` (an
    id of a class list) has variants of her own, which are not those of her paper.  The seed ``original`` has the printed numbers, once.  Raises :class:`InputError` where a problem has fewer variants.
    """
    if sheet.picks:
        raise InputError(
            f"{sheet.path.name} draws which problems a paper has, and an export has the same questions for all: name them by "
            "their ids, and let the platform draw"
        )
    if seed == ORIGINAL:
        printed = [entry.problem.printed() for entry in sheet.entries]
        yield Drawn(public_origin(sheet, ORIGINAL), _audited(sheet, printed))
        return
    pools = [_Pool(sheet, place, avoid) for place in range(1, len(sheet.entries) + 1)]
    for number in range(1, count + 1):
        name = f"{student}\N{NO-BREAK SPACE}variant {number}"
        stream = _origin(sheet, seed, name, secret).stream
        drawn = [pool.draw(stream, f"seed {seed}, variant {number}") for pool in pools]
        redraws = tuple((place, again) for place, (_, again) in enumerate(drawn, start=1) if again)
        origin = _origin(sheet, seed, name, secret, redraws)
        yield Drawn(origin, _audited(sheet, [variant for variant, _ in drawn]))


def _audited(sheet: Sheet, variants: list[Variant]) -> tuple[Variant, ...]:
    chosen = settled(sheet, variants)
    for one in chosen:
        audit.confirm(one)
    return chosen


def _origin(sheet: Sheet, seed: Seed, name: str, secret: Secret | None, redraws: Redraws = ()) -> Origin:
    """Return the origin of variants with a name, which no student of a class list can have as her id."""
    if secret is None:
        return replace(public_origin(sheet, seed, name), redraws=redraws)
    return secret_origin(secret, sheet, seed, name, redraws)


class _Pool:
    """The variants of one entry that were drawn."""

    def __init__(self, sheet: Sheet, place: int, avoid: Collection[Exercise]) -> None:
        self._sheet = sheet
        self._place = place
        self._entry: Entry = sheet.entries[place - 1]
        self._avoid = avoid
        self._taken: set[str] = set()

    def draw(self, stream: str, label: str) -> tuple[Variant, int]:
        """Return a variant that was not drawn before, and how often it was drawn again; a plain question is always the same."""
        if self._entry.is_plain:
            return draw_entry(self._sheet, self._place, stream, 0, label), 0
        avoided = False
        for again in range(MOST_REDRAWS):
            drawn = draw_entry(self._sheet, self._place, stream, again, label)
            if (drawn.problem.id, variant_digest(drawn)) in self._avoid:
                avoided = True
            elif (name := variant_letters(drawn)) not in self._taken:
                self._taken.add(name)
                return drawn, again
        found, name = len(self._taken), self._entry.problem.id
        others = " that no paper of these classes has" if avoided else ""
        raise InputError(
            f"{name} has only {found} different variants{others}; ask for {found or 1}, or leave {name} out",
            field="--variants",
        )
