"""Filters that can be applied to a text before it is known: to the pieces between its holes.

``PIECEWISE`` has, for some filters of templates, a function that takes the known pieces around a text's holes (one more
than there are holes, some perhaps empty) and gives the pieces as the filter leaves them, and what must be true of each
text in a hole for the filter to leave that as it is; or None if it cannot be told without the texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from jinja2.filters import do_trim

from generator.escaping import by_sentence, markdown_paragraph

Applied: TypeAlias = tuple[list[str], Callable[[str], bool] | None]


def _by_sentence(pieces: Sequence[str]) -> Applied | None:
    """A line is broken at a blank after a sign, between two letters or the like: no such place may touch a hole."""
    before, after = pieces[:-1], pieces[1:]
    if any(not piece or piece[-1] in ".?! " for piece in before) or any(
        not piece or piece[0] in ".?! " for piece in after
    ):
        return None
    return [str(by_sentence(piece)) for piece in pieces], _ends_no_sentence


def _ends_no_sentence(text: str) -> bool:
    return ". " not in text and "! " not in text and "? " not in text


def _trimmed(pieces: Sequence[str]) -> Applied | None:
    if not pieces[0].strip() or not pieces[-1].strip():
        return None
    return [pieces[0].lstrip(), *pieces[1:-1], pieces[-1].rstrip()], None


def _paragraph(pieces: Sequence[str]) -> Applied | None:
    """Whether a list would begin is told by the first character that is neither a blank nor a digit."""
    if not _TELLING.search(pieces[0]):
        return None
    return [str(markdown_paragraph(pieces[0])), *pieces[1:]], None


_TELLING = re.compile(r"[^ \d]")

PIECEWISE: Mapping[Any, Callable[[Sequence[str]], Applied | None]] = {
    by_sentence: _by_sentence,
    do_trim: _trimmed,
    markdown_paragraph: _paragraph,
}
