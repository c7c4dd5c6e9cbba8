"""Answers that are words: one, or a list of them, such as the merges of a tokenizer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generator.document.nodes import BoxedAnswer, LinesSpace, NumberSpace, Space
from generator.problem.answers import Computed
from generator.problem.solution import Values

WORD = r"[A-Za-z0-9]+(?:\+[A-Za-z0-9]+)*"
"""Letters and digits, perhaps several runs of them joined by plus signs."""


@dataclass(frozen=True)
class Words(Computed):
    """A word, or a list of words; ``symbol`` is the TeX it is asked for under.

    The step gives a text, ``"AC"``, or a tuple of texts, ``("n+e", "s+t")``, whose number the student has to know.  Words are of
    letters, digits and plus signs, and upper and lower case are not told apart.
    """

    step: str
    symbol: str = ""

    def unfit(self, value: Any) -> str:
        words = value if isinstance(value, tuple) else (value,)
        fits = words and all(isinstance(word, str) and re.fullmatch(WORD, word) for word in words)
        return "" if fits else f"a word, or a list of words, is asked for; the step gives {value!r}"

    def spaces(self, values: Values) -> tuple[Space, ...]:
        return (LinesSpace(1),) if isinstance(self.value(values), tuple) else (NumberSpace(self.symbol),)

    def shown(self, values: Values) -> BoxedAnswer:
        return BoxedAnswer(self._tex(self.value(values)))

    def excerpts(self, right: Values, wrong: Values) -> Iterator[str]:
        yield self._tex(self.value(wrong))

    def _tex(self, value: Any) -> str:
        return f"{self.symbol} = {words_tex(value)}" if self.symbol else words_tex(value)


def words_tex(value: str | tuple[str, ...]) -> str:
    """Return the TeX of a word, or of a list of words."""
    words = value if isinstance(value, tuple) else (value,)
    return r",\ ".join(rf"\text{{{word}}}" for word in words)
