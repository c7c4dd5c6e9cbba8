"""What exports and spreadsheets put into a class list that is not a student, or no longer what was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.classes.roster_columns import heading

_TOTALS = re.compile(
    r"(?:class|course|overall|total|gesamt)?"
    r"(?:points?|punkte|punten|puntos|pontos|punti)?"
    r"(?:possibles?|posibles|possiveis|possibili|moglich|average|avg|mean|median|maximum|minimum|outof|count|total|"
    r"stddev|stdev|standarddeviation|durchschnitt|mittelwert|standardabweichung|summe|anzahl|moyenne|moyennegenerale|"
    r"mediane|ecarttype|promedio|media|mediana|desviacionestandar|desviaciontipica|manualposting|manuelleveroffentlichung|muted)"
    r"(?:points?|punkte|puntos|score|grade)?|"
    r"moglichepunkte|points|punkte|puntos|date|duedate|(?:max|min|sum|std)(?:points?|punkte|puntos|score|grade)"
)
_FOOTER = re.compile(
    r"(?:total|generated|exported|printed|report|date|page|as of|erstellt|exportiert|stand|seite|summe|anzahl|"
    r"g[eé]n[eé]r[eé]|export[eé]|imprim[eé]|généré|generado|exportado|fecha|página)\b.*\d",
    re.IGNORECASE | re.DOTALL,
)
"""What stands alone in the last rows: ``Total students: 212``, ``Generated on 2026-11-30``."""

_TEST = "test|demo|preview|sample|prueba|deprueba|essai|detest|prova"
_SOMEBODY = (
    "student|studentin|studierender?|students|learner|user|account|person|participant|teilnehmer|benutzer|nutzer|etudiante?|"
    "utilisateur|compte|estudiante|alumn[oa]|usuario|studente"
)
_TEST_STUDENT = re.compile(rf"(?:(?:{_TEST})(?:{_SOMEBODY})|(?:{_SOMEBODY})(?:{_TEST}))\d*")
_STAFF = re.compile(
    r"(?:(?:course |head |non-editing |co-)*"
    r"(?:instructor|teacher|staff|ta|teaching assistant|grader|reader|owner|designer|observer|previewer|editor|viewer|"
    r"manager|tutor|lecturer|professor|trainer|dozent|dozentin|lehrende|trainerin|enseignant|enseignante|profesor|profesora|docente)s?)|none",
    re.IGNORECASE,
)


def not_a_student(fields: Mapping[str, str]) -> str:
    """Return why a row is nobody's, if it is: totals, the platform's test student, staff, or neither id nor name."""
    identifier, name = fields["id"].strip(), fields["name"].strip()
    if not identifier and not name and not fields.get("email", "").strip():
        return "without id and name"
    alone = "" if (identifier and name) or fields.get("email", "").strip() else identifier or name
    if _TOTALS.fullmatch(heading(alone)) or _FOOTER.match(alone):
        return "not a student"
    if _TEST_STUDENT.fullmatch(heading(name)) or any(
        one.casefold().endswith("_previewuser") for one in (identifier, name)
    ):
        return "a test student"
    if _STAFF.fullmatch(fields.get("role", "").strip()):
        return "not a student by the role"
    return ""


_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d{2,3}|\d[.,]\d+E-\d{2,3}", re.IGNORECASE)


def rounded_number(text: str) -> bool:
    """Return whether a spreadsheet shows a long number so: ``2.02301E+11``."""
    return _ROUNDED.fullmatch(text) is not None


_FAILED_FORMULA = re.compile(
    r"#(?:NAME\?|NOM\s?\?|¿NOMBRE\?|REF!|¡REF!|BEZUG!|N/A|NV|N/D|VALUE!|WERT!|VALEUR\s?!|¡VALOR!|DIV/0\s?!|NUM!|NULL!)|#{3,}"
)
_DATE = re.compile(r"\d{1,2}[-. ]{1,2}[A-Za-zÀ-ÿ]{3,4}\.?|[A-Za-zÀ-ÿ]{3,4}\.?[- ]\d{2}")
_MONTH = re.compile(
    "jan|ene|feb|fev|fév|mar|mär|mrz|apr|avr|abr|may|mai|jun|juin|jul|juil|aug|aoû|aou|ago|sep|oct|okt|nov|dec|dez|déc|dic",
    re.IGNORECASE,
)


def failed_formula(text: str) -> bool:
    """Return whether a spreadsheet shows so a cell that it could not compute or had no room for: ``#NAME?``, ``#####``."""
    return _FAILED_FORMULA.fullmatch(text) is not None


def changed_id(text: str) -> str:
    """Return what an id looks like that another program has likely changed, such as ``12-Mar`` or ``123.0``; or nothing."""
    if _DATE.fullmatch(text) and _MONTH.search(text):
        return "a date that a spreadsheet made of an id"
    return "a number that a program wrote with a decimal point" if re.fullmatch(r"\d{3,}\.0", text) else ""
