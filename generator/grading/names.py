"""Names before the entries of a vector: ``x_1 = 3, x_2 = 4``.  They are read in the order asked, whatever they are called."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from generator.grading.tokens import Token, Unreadable

_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def check_order(tokens: Iterable[Token]) -> None:
    """Raise :class:`Unreadable` where numbered names do not rise: their entries would be taken for others'."""
    found = list(_named(list(tokens)))
    for (stem, number, _), (other, following, place) in pairwise(found):
        if stem == other and following <= number:
            raise Unreadable("give the entries in the order of their names, each name once", place)


def _named(tokens: list[Token]) -> Iterable[tuple[str, int, int]]:
    """The stem, the number and the place of each numbered name before ``=``."""
    for place, token in enumerate(tokens):
        if token.kind != "=":
            continue
        start = place
        while start and tokens[start - 1].kind in ("name", "_", "number", "{", "}"):
            start -= 1
            if tokens[start].kind == "name":
                break
        text = "".join(part.text for part in tokens[start:place] if part.kind not in ("_", "{", "}"))
        plain = text.translate(_SUBSCRIPTS)
        stem = plain.rstrip("0123456789")
        if stem and stem != plain and len(plain) < 20:
            yield stem, int(plain[len(stem) :]), tokens[start].start
