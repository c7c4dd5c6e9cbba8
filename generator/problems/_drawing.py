"""What the samplers of several families share: pieces that are drawn until they are good, and the lengths of numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from generator import Draw

Piece = Callable[[Draw], dict[str, Any] | None]
"""Draws some of the parameters; nothing if they are bad."""


def first_good(draw: Draw, make: Piece) -> dict[str, Any]:
    """Return the first of the draws of a piece that is not bad."""
    for _ in range(400):
        if (found := make(draw)) is not None:
            return found
    draw.require(False, "a piece has only bad draws")
    return {}


def written_length(number: Any) -> int:
    """Return how many digits, bars and signs a number has beyond its first digit; of a sum those of its terms."""
    if number.is_Rational:
        return len(str(abs(number.p))) - 1 + (len(str(number.q)) + 1 if number.q != 1 else 0)
    terms = number.args if number.is_Add else (number,)
    return 2 * len(terms) - 1 + sum(written_length(term.as_coeff_Mul()[0]) for term in terms)
