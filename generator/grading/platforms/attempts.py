"""Which of a student's attempts counts for each part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from generator.grading.platforms.times import in_order
from generator.paper.csv_tables import shown

Asked: TypeAlias = tuple[str, str, str]
"""A problem, a part of it, and the letter of the form."""


@dataclass
class Attempt:
    """One row: whose it is, when, and what was given for each part, with the form that it was given on."""

    row: int
    student: str
    time: str
    number: int
    answers: dict[tuple[str, str, str], str] = field(default_factory=dict)
    paper: str = ""


def that_count(
    attempts: Sequence[Attempt], keep: str, *, by_form: bool = True
) -> tuple[list[tuple[Attempt, Asked, str]], list[str]]:
    """Return the answers that count, each with its attempt and part, and a note on each attempt that another one takes the place of.

    ``keep`` is ``last`` or ``first``; for ``best`` all answers count, and whoever marks them chooses.  A part counts once for each
    form, unless not ``by_form``: then other attempts have other variants of it.
    """
    found: list[tuple[Attempt, Asked, str]] = []
    notes: dict[str, None] = {}
    theirs: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        theirs[attempt.student].append(attempt)
    for several in theirs.values():
        ordered = _ordered(several, keep)
        last: dict[tuple[str, ...], Attempt] = {}
        for attempt in ordered:
            for part in attempt.answers:
                before = last.get(part if by_form else part[:2])
                if before is not None and keep != "best":
                    which = "earlier" if keep == "last" else "later"
                    notes[
                        f"row {before.row}, student {shown(before.student)}: an {which} answer, in place of which that in row "
                        f"{attempt.row} counts"
                    ] = None
                last[part if by_form else part[:2]] = attempt
        found += [
            (attempt, part, text)
            for attempt in ordered
            for part, text in attempt.answers.items()
            if last[part if by_form else part[:2]] is attempt or keep == "best"
        ]
    return found, [*notes]


def _ordered(several: Sequence[Attempt], keep: str) -> list[Attempt]:
    """Return a student's attempts in the order of their numbers and times, the one that counts behind the others."""
    ordered = [several[place] for place in in_order([one.time for one in several])]
    ordered.sort(key=lambda one: one.number)
    return ordered[::-1] if keep == "first" else ordered
