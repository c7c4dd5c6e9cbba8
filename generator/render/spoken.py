"""Formulas in words, for the names that a screen reader says: what is in MathML is no part of a field's name."""

from __future__ import annotations

from functools import lru_cache
from xml.etree.ElementTree import fromstring

from generator.errors.language import Language, current
from generator.render.formula_words import words
from generator.render.mathml import formula


def spoken(tex: str) -> str:
    r"""Return a formula in words that keep its structure: ``\sigma^2`` is *sigma squared*, ``z_{11}`` *z sub 11*."""
    return _spoken(tex, current())


@lru_cache(maxsize=1 << 12)
def _spoken(tex: str, _: Language) -> str:
    return " ".join(words(fromstring(formula(tex).mathml)).split())  # noqa: S314 - our own MathML
