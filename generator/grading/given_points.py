"""The points that a person gives: for an answer in words, for the reasons of claims, or in place of the program's own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.errors import InputError, expected
from generator.paper.csv_tables import shown

MOST_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class GivenPoints:
    """Points for a part, and a comment for the student.

    ``for_all`` says that they stand in place of the points given automatically, too; else they are those for what only a
    person marks.
    """

    points: float
    comment: str = ""
    for_all: bool = False


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The points that were given to a part earlier are taken back: it is marked as if there were none."""


_NUMBER = re.compile(r"\d+(?:[.,]\d{1,2})?")
_TAKEN_BACK = {"none", "auto"}
_FOR = {"": False, "reasons": False, "all": True}


def read_given(points: str, comment: str, purpose: str) -> GivenPoints | TakenBack | None:
    """Return what the cells of a row say; None where they give no points.

    Raise :class:`InputError` that names the column.
    """
    text = points.strip()
    if not text:
        if comment.strip():
            raise InputError("expected points beside the comment; got nothing: give them too", field="column points")
        return None
    if text.casefold() in _TAKEN_BACK:
        return TakenBack()
    for_all = _FOR.get(purpose.strip().casefold())
    if for_all is None:
        raise InputError(expected("reasons, all, or nothing", shown(purpose)), field="column for")
    if _NUMBER.fullmatch(text) is None or float(text.replace(",", ".")) > MOST_POINTS:
        raise InputError(
            expected("points, such as 2 or 1.5 (or none, to take back what was given)", shown(points)),
            field="column points",
        )
    return GivenPoints(float(text.replace(",", ".")), comment.strip(), for_all)


def points_text(points: float) -> str:
    """Return ``3`` or ``2.5``."""
    return f"{round(points, 2):g}"
