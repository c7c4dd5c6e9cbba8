"""How many points an answer earns: the whole rule, and nothing else.

An answer that is right earns all points of its part.  Another one earns the best of three, each rounded down:

- its right entries: their share of the points (a number, a choice and verdicts on claims aside);
- what follows from the student's own earlier values: all points but one of a part worth two or more, the one point of a
  part worth one; of a matrix or a vector the share of its entries that follow;
- a mistake that is recognised: half of the points, a quarter for two mistakes made together.
"""

from __future__ import annotations


def for_entries(points: int, right: int, total: int) -> int:
    """Of an answer that is not all right: its right entries' share."""
    return points * right // total if right < total else points


def for_following(points: int, right: int, total: int) -> int:
    """Of an answer that follows from wrong earlier values in ``right`` of ``total`` entries."""
    return for_entries(max(points - 1, min(points, 1)), right, total)


def for_mistakes(points: int, count: int) -> int:
    """Of an answer that ``count`` mistakes lead to, everything else being right."""
    return points >> count
