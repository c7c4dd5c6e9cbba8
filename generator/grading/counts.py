"""Entries whose number is not the answer's, but would be if commas or blanks were meant otherwise: a doubt, not a mistake."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from generator.grading.nesting import Typed, alike, depth_of, in_line
from generator.grading.tokens import Unreadable

_OTHER_WAYS = (
    (
        re.compile(r"(?<=\d),(?=\d)"),
        ".",
        "commas between digits can be decimal commas or part entries; write 1.5, or a blank after each comma",
    ),
    (
        re.compile(r"(?<=[\d)}]) +(?=√|\\?sqrt|\\?pi|π|e\b|\\?ln|\\?log|\\?exp|\\[dt]?frac|\()"),
        "*",
        "blanks can part entries or stand within them; write 2*√3, or commas between all entries",
    ),
    (
        re.compile(r"(?<=[^\s,;&\[(]) +(?=[-+−–]\S)"),
        "",
        "a blank before a sign can part entries or stand within one; put commas between all entries",
    ),
    (
        re.compile(r"(?<=[^\s,;&\[(]) +([-+−–]) +"),
        r" \1",
        "a sign between blanks can begin an entry or stand within one; put commas between all entries",
    ),
)


def check_count(text: str, typed: Typed, right: Any, read: Callable[[str], Typed]) -> None:
    """Raise :class:`Unreadable` if ``typed`` has not the shape of ``right``, but would have it when ``read`` otherwise."""
    if _fits(typed, right):
        return
    for doubt, otherwise, reason in _OTHER_WAYS:
        first = doubt.search(text)
        if first is None:
            continue
        try:
            other = read(doubt.sub(otherwise, text))
        except Unreadable:
            continue
        if _fits(other, right):
            raise Unreadable(reason, first.start())


def _fits(typed: Typed, right: Any) -> bool:
    value = in_line(typed, right).value
    return depth_of(value) == depth_of(right) and alike(value, right, depth_of(right))
