"""What the numbers of a schedule, and those that are quantized, have to fulfil."""

from __future__ import annotations

from typing import Any

import sympy

from generator import Array, InputError, expected


def require_schedule(
    schedule: str, peak: Any, warmup: Any, total: Any, asked_steps: Array, drop: Any, every: Any
) -> None:
    """A schedule that ends after its warm-up, steps of it, and cosines that can be written down."""
    if peak <= 0:
        raise InputError(expected("a positive learning rate", peak), field="peak")
    if total <= warmup:
        raise InputError(expected(f"more steps than the {warmup} of the warm-up", total), field="total")
    if schedule == "step":
        for field, number in (("drop", drop), ("every", every)):
            if number is None:
                raise InputError("missing; the step schedule needs it", field=field)
        if drop <= 0:
            raise InputError(expected("a positive factor", drop), field="drop")
    for step in asked_steps:
        if not step.is_Integer or not 0 <= step <= total:
            raise InputError(expected(f"whole numbers from 0 to {total}", step), field="asked_steps")
        if schedule == "cosine" and step > warmup and not has_cosine((step - warmup) / (total - warmup)):
            share = f"{(step - warmup) / (total - warmup)}·π"
            raise InputError(f"the cosine of {share}, for step {step}, is no sum of square roots", field="asked_steps")


def has_cosine(share: Any) -> bool:
    """Whether the cosine of so many π is a sum of roots of whole numbers."""
    return share.q in (1, 2, 3, 4, 5, 6, 10, 12)


def require_codes(field: str, values: Array, spread: Any, codes: Any) -> None:
    """A scale that is not 0, and no value halfway between two codes."""
    if spread == 0:
        raise InputError("all values have one code: the scale would be 0", field=field)
    scale = spread / codes
    for one in (*values, *([-values.min()] if field == "activations" else [])):
        if (one / scale + sympy.Rational(1, 2)).is_integer:
            raise InputError(f"{one} is halfway between two codes, at {one / scale} times the scale", field=field)
