"""Filters that can be applied to a text before it is known: to the pieces between its holes.

``PIECEWISE`` has, for some filters of templates, a function that takes the known pieces around a text's holes (one more
than there are holes, some perhaps empty) and gives the pieces as the filter leaves them, and what must be true of texts
in the holes for that to be right; or None if it cannot be told without the texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from jinja2.filters import do_trim

from generator.escaping import by_sentence, markdown_paragraph

Condition: TypeAlias = tuple[slice, Callable[[Sequence[str]], bool]]
"""Which of the holes, and what must be true of each text in them: a function of all of them, since that is quicker."""
Applied: TypeAlias = tuple[list[str], list[Condition]]


def _by_sentence(pieces: Sequence[str]) -> Applied | None:
    """A line is broken at a blank after a sign, between two letters or the like: no such place may touch a hole."""
    if any(_SENTENCE_MAY_END.search(piece) for piece in pieces[:-1]) or any(
        _ENDS_SENTENCE.match(piece) for piece in pieces[1:]
    ):
        return None
    return [str(by_sentence(piece)) for piece in pieces], [(slice(None), _end_no_sentence)]


_SENTENCE_MAY_END = re.compile(r"[.?!] ?\Z")
_ENDS_SENTENCE = re.compile(r"[.?!] ")


def _end_no_sentence(texts: Sequence[str]) -> bool:
    text = " ".join((*texts, ""))
    return ". " not in text and "! " not in text and "? " not in text


def _trimmed(pieces: Sequence[str]) -> Applied | None:
    if not any(pieces) and len(pieces) == 2:
        return None  # a whole block fills the hole, which ends with a line's end
    first, last = pieces[0].lstrip(), pieces[-1].rstrip()
    conditions: list[Condition] = [] if first else [(slice(1), _begins)]
    return [first, *pieces[1:-1], last], conditions if last else [*conditions, (slice(-1, None), _ends)]


def _begins(texts: Sequence[str]) -> bool:
    return not any(text[:1].isspace() or text == "" for text in texts)


def _ends(texts: Sequence[str]) -> bool:
    return not any(text[-1:].isspace() or text == "" for text in texts)


def _paragraph(pieces: Sequence[str]) -> Applied | None:
    """Whether a list would begin is told by the first character that is neither a blank nor a digit."""
    if _TELLING.search(pieces[0]):
        return [str(markdown_paragraph(pieces[0])), *pieces[1:]], []
    return None if pieces[0] else ([*pieces], [(slice(1), _begins_no_list)])


_TELLING = re.compile(r"[^ \d]")
_NO_LIST = re.compile(r"[^ \d=.)+-]")


def _begins_no_list(texts: Sequence[str]) -> bool:
    return all(map(_NO_LIST.match, texts))


PIECEWISE: Mapping[Any, Callable[[Sequence[str]], Applied | None]] = {
    by_sentence: _by_sentence,
    do_trim: _trimmed,
    markdown_paragraph: _paragraph,
}
