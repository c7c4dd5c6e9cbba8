"""The tag by which an exported answer says what it answers: ``(id dropout.y_corr V2BBB)`` at the end of a question.

``(id student)`` and ``(id paper)`` mark the questions of a form that ask for the student's id and for the paper's.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

STUDENT, PAPER = "student", "paper"

_TAG = re.compile(
    r"\(\s*id\s+(?P<problem>[\w-]{1,100})(?:\.(?P<part>[\w.-]{1,100}))?(?:\s+(?P<variant>[0-9A-Z]{4,8}))?\s*\)",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<[^<>]{0,2000}>")


@dataclass(frozen=True, slots=True)
class Tag:
    """What a question asks: a part of a problem, perhaps of one variant; without a ``part``, the student or the paper."""

    problem: str
    part: str = ""
    variant: str = ""

    def __str__(self) -> str:
        part = f".{self.part}" if self.part else ""
        return f"(id {self.problem}{part}{' ' + self.variant if self.variant else ''})"


def read_tag(text: str) -> Tag | None:
    """Return the last tag in the text of a question, which may be HTML; None where there is none."""
    if "id" not in text.casefold():
        return None
    plain = html.unescape(_MARKUP.sub(" ", text))
    tag = None
    for found in _TAG.finditer(plain):
        part = found["part"] or ""
        if part or found["problem"].casefold() in (STUDENT, PAPER):
            problem = found["problem"] if part else found["problem"].casefold()
            tag = Tag(problem, part, (found["variant"] or "").upper())
    return tag
