r"""Labels before the values of several fields: ``σ = 3, μ = 1/2`` where the fields are `\mu` and `\sigma` is in another order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from generator.errors.language import phrase
from generator.numbers.tokens import UnreadableError

_COMMAND = re.compile(
    r"\\(?:text|math[a-z]{2}|mathcal|operatorname|hat|bar|tilde|vec|left|right|quad|;|,|!)(?![A-Za-z])"
)
_BEFORE_VALUE = re.compile(r"(?P<before>[^=:,;\n|&]{1,60})[=:]")


def check_label_order(text: str, labels: Sequence[str]) -> None:
    """Raise :class:`UnreadableError` where the text names two of the labels in another order: values are read in theirs."""
    names = [_plain(label) for label in labels]
    if len(set(names)) < len(names):
        return
    found: list[tuple[int, int]] = []
    for match in _BEFORE_VALUE.finditer(text):
        before = match["before"]
        for name in (_plain(before), _plain(before.split()[-1] if before.split() else "")):
            if name in names and not name.isdigit():
                found.append((names.index(name), match.start() + len(before) - len(before.lstrip())))
                break
    for (first, _), (second, position) in pairwise(found):
        if second <= first:
            raise UnreadableError(phrase("reading.names_out_of_order"), position)


def _plain(label: str) -> str:
    """Return a label as plain letters and digits: ``sigma2`` for ``\\hat\\sigma^2`` and ``σ̂²``."""
    plain = unicodedata.normalize("NFKD", _COMMAND.sub("", label))
    return "".join(_spelt(char) for char in plain if char.isalnum()).casefold()


def _spelt(char: str) -> str:
    name = unicodedata.name(char, "")
    return name.rpartition(" ")[2] if name.startswith("GREEK SMALL LETTER ") else char
