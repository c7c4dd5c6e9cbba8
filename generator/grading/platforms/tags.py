"""The tag by which an exported answer says what it answers: ``(id dropout.y_corr V2BBB)`` at the end of a question.

``(id dropout.claims V2BBB 2)`` is the second claim of that variant, ``(id dropout.claims V2BBB reasons)`` the reasons of its claims, and
``(id dropout V2BBB: y_drop=1 y_corr=3)`` a question with several parts, each with its number of fields.  ``(id student)`` and ``(id paper)`` mark the questions of a form that ask for the student's id and for the paper's.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

STUDENT, PAPER = "student", "paper"

_TAG = re.compile(
    r"\(\s*id\s+(?P<problem>[\w-]{1,100})(?:\.(?P<part>[\w.-]{1,100}))?(?:\s+(?P<variant>[0-9A-Z]{4,8}))?"
    r"(?:\s+(?P<piece>\d{1,2}|reasons)|\s*:(?P<parts>(?:\s+[\w.-]{1,100}=\d{1,3}){1,100}))?\s*\)",
    re.IGNORECASE,
)
REASONS = "reasons"
_MARKUP = re.compile(r"<[^<>]{0,2000}>")


@dataclass(frozen=True, slots=True)
class Tag:
    """What a question asks: a part of a problem, perhaps of one variant; without a ``part``, the student or the paper.

    A ``piece`` of a part is the number of one of its claims, or :data:`REASONS`.  A question with several ``parts`` has the number of
    fields of each.
    """

    problem: str
    part: str = ""
    variant: str = ""
    piece: str = ""
    parts: tuple[tuple[str, int], ...] = ()

    def __str__(self) -> str:
        part = f".{self.part}" if self.part else ""
        parts = ": " + " ".join(f"{name}={count}" for name, count in self.parts) if self.parts else ""
        return f"(id {' '.join(filter(None, (self.problem + part, self.variant, self.piece)))}{parts})"


def read_tag(text: str) -> Tag | None:
    """Return the last tag in the text of a question, which may be HTML; None where there is none."""
    if "id" not in text.casefold():
        return None
    plain = html.unescape(_MARKUP.sub(" ", text))
    tag = None
    for found in _TAG.finditer(plain):
        part, parts = found["part"] or "", tuple(map(_part, (found["parts"] or "").split()))
        if part or parts or found["problem"].casefold() in (STUDENT, PAPER):
            problem = found["problem"] if part or parts else found["problem"].casefold()
            tag = Tag(problem, part, (found["variant"] or "").upper(), (found["piece"] or "").casefold(), parts)
    return tag


def _part(text: str) -> tuple[str, int]:
    name, _, count = text.rpartition("=")
    return name, int(count)
