"""What a user's own numbers must satisfy."""

from __future__ import annotations

from typing import Any

from generator import InputError, read_vector, whole
from generator.numbers import exact as ex


def read_positions(raw: Any, *, field: str) -> ex.Vector:
    """A list of positions, counted from 1; it may be empty."""
    if isinstance(raw, list | tuple) and not raw:
        return ()
    return tuple(
        [_read_position(place, field=f"{field}[{i}]") for i, place in enumerate(read_vector(raw, field=field), start=1)]
    )


_read_position = whole(1)


def require(
    x: ex.Vector,
    w: ex.Vector,
    p: ex.Scalar,
    dropped: ex.Vector,
    seen_drop: ex.Scalar | None = None,
    seen_corr: ex.Scalar | None = None,
) -> None:
    """A weight for each unit, a probability that leaves something to scale, and units that exist, once each."""
    if len(w) != len(x):
        raise InputError(f"expected {len(x)} entries, one a unit of x; got {len(w)}", field="w")
    if ex.sign(p) < 0 or ex.sign(ex.subtract(ex.ONE, p)) <= 0:
        raise InputError(
            f"expected a probability from 0 to below 1, for the correction divides by 1 - p; got {p}", field="p"
        )
    places = [place.p for place in dropped]
    for place in places:
        if place > len(x):
            raise InputError(f"expected positions of x, 1 to {len(x)}; got {place}", field="dropped")
    for place in places:
        if places.count(place) > 1:
            raise InputError(f"unit {place} stands twice", field="dropped")
    if (seen_drop is None) != (seen_corr is None):
        missing = "seen_drop" if seen_drop is None else "seen_corr"
        raise InputError("missing; seen_drop and seen_corr are given together or not at all", field=missing)
    if seen_drop is not None and seen_corr is not None:
        share = ex.ZERO if ex.is_zero(seen_corr) else ex.divide(seen_drop, seen_corr)
        if ex.sign(share) <= 0 or ex.sign(ex.subtract(ex.ONE, share)) < 0:
            raise InputError(
                f"expected a number of the sign of seen_drop = {seen_drop}, and not smaller in size; got {seen_corr}",
                field="seen_corr",
            )
