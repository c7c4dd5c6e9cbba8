"""What exports and spreadsheets put into a class list that is not a student, or no longer what was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.classes.roster_columns import heading

_TOTALS = {
    heading(text)
    for text in (
        "points possible", "points possibles", "puntos posibles", "pontos possíveis", "punti possibili",
        "mögliche Punkte", "Punkte möglich", "max points", "maximum points", "out of", "overall average", "average",
        "class average", "mean", "median", "total", "Durchschnitt", "Gesamtdurchschnitt", "moyenne", "moyenne générale",
        "promedio", "media", "manual posting",
    )
}  # fmt: skip
_TEST_STUDENT = re.compile(r"student\s*,\s*(?:test|demo)", re.IGNORECASE)
_STAFF = re.compile(
    r"(?:(?:course |head |non-editing |co-)*"
    r"(?:instructor|teacher|staff|ta|teaching assistant|grader|reader|owner|designer|observer|previewer|editor|viewer|"
    r"manager|tutor|lecturer|professor|trainer|dozent|dozentin|enseignant|enseignante|profesor|profesora|docente)s?)",
    re.IGNORECASE,
)


def not_a_student(fields: Mapping[str, str]) -> str:
    """Return why a row is nobody's, if it is: totals, the platform's test student, staff, or neither id nor name."""
    identifier, name = fields["id"].strip(), fields["name"].strip()
    if not identifier and not name and not fields.get("email", "").strip():
        return "without id and name"
    if not identifier and heading(name) in _TOTALS:
        return "not a student"
    if _TEST_STUDENT.fullmatch(name) or any(one.casefold().endswith("_previewuser") for one in (identifier, name)):
        return "a test student"
    if not identifier and heading(name) == "teststudent":
        return "a test student"
    if _STAFF.fullmatch(fields.get("role", "").strip()):
        return "not a student by the role"
    return ""


_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d{2,3}|\d[.,]\d+E-\d{2,3}", re.IGNORECASE)


def rounded_number(text: str) -> bool:
    """Return whether a spreadsheet shows a long number so: ``2.02301E+11``."""
    return _ROUNDED.fullmatch(text) is not None
