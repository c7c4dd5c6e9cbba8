"""The names that the columns of class lists have in exports of learning platforms, in several languages.

Names are compared without regard to case, accents, blanks and punctuation; the first of a list that a file has is taken,
unless nothing stands in that column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from generator.classes.garbled import garbled
from generator.render.escaping import one_line

EMAIL = (
    "email", "email address", "mail", "mail address", "student email", "university email", "institutional email",
    "E-Mail-Adresse", "Mailadresse", "adresse e-mail", "adresse mail", "adresse de courriel", "courriel",
    "adresse électronique", "correo", "correo electrónico", "dirección de correo", "dirección de correo electrónico",
    "dirección email", "indirizzo email", "e-mailadres",
)  # fmt: skip

# The university's number before a login, and both before what only the platform knows: several programs share the first.
_NUMBERS = (
    "SIS User ID", "SIS ID", "SIS Login ID", "id",
    "student id", "student number", "student no", "student nr", "student id number", "SID", "UIN", "university id",
    "campus id", "matriculation number", "matriculation no", "registration number", "roll number", "roll no",
    "ID number", "OrgDefinedId", "external id", "EMPLID", "PUID", "CWID", "Banner ID", "perm", "candidate number",
    "Matrikelnummer", "Matrikelnr", "Matrikel", "Matr-Nr", "MatNr", "Mtknr", "Studierendennummer", "ID-Nummer",
    "numéro d'étudiant", "numéro étudiant", "numéro de l'étudiant", "numéro d'étudiante", "N° étudiant", "N° d'étudiant",
    "no étudiant", "num étudiant", "code étudiant", "identifiant étudiant", "matricule", "numéro d'identification",
    "code permanent", "code Apogée", "Apogée", "N° INE", "INE", "DNI", "DNI/NIE", "NIE", "RUT", "cédula", "carnet",
    "número de cuenta", "número de control", "número de identificação", "codice identificativo", "numer indeksu",
    "numer ID", "opiskelijanumero", "öğrenci no", "öğrenci numarası", "employee id", "sourced id",
    "número de estudiante", "número de alumno", "número de matrícula", "nº de matrícula", "matrícula", "expediente",
    "número de expediente", "código de estudiante", "código de alumno", "boleta", "número de ID", "número de identificación", "NIA", "legajo", "carné",
    "matricola", "numero di matricola", "número de aluno", "studentnummer", "studienummer",
)  # fmt: skip
_LOGINS = (
    "UID", "NetID", "username", "user name", "login", "login id", "login name", "user id", "CRSid", "Anmeldename", "Anmelde-ID",
    "Benutzername", "Benutzer-ID", "Nutzername", "Nutzer-ID", "Kennung", "nom d'utilisateur", "ID d'utilisateur", "identifiant",
    "ID de usuario", "nombre de usuario", "usuario",
    "nome utente", "gebruikersnaam",
)  # fmt: skip
ID = (*_NUMBERS, *_LOGINS, *EMAIL)

# Columns with an id that are called otherwise: by the words in their names.
_PERSON = (
    "student|studieren|etudiant|estudiant|alumn|eleve|kursteilnehmer|matrik|matric|immatr|registration|enrol|inscri|"
    "candidat|kandidat|learner|universit"
)
_NUMBER = (
    "ids?|no|nr|num|number|nummer|numero|code|codigo|kennziffer|identifier|identifiant|identificador|identificacion"
)
_STUDENT_NUMBER = re.compile(
    rf"^(?:.*(?:{_PERSON}).*(?:{_NUMBER})|n?(?:{_NUMBER})(?:de|d|l|del|der|des|of|the)*(?:{_PERSON})[a-z]*|iddefini.*)$"
)
_LOGIN = re.compile(r"(?:kennung|login|benutzername|nutzername|username)$")
_SIS = re.compile(r"^(?:sis.*id|.*student.*sisid|id.*sis)$")
_AT_LOGIN = re.compile(r"login|anmelde|connexion|sesion")
_OF_NO_STUDENT = re.compile(
    r"section|abschnitt|seccion|course|kurs(?!teilnehmer)|curso|cours|account|integration|group|grupp|grupo|assignment|"
    r"submission|exam|quiz"
)

FIRST = (
    "first name", "first names", "first and middle name", "first middle", "student first", "student first middle",
    "given name", "given names", "forename", "forenames", "first", "Vorname", "Vornamen", "Rufname", "prénom", "prénoms", "nombre de pila", "nombre", "nombres", "nome", "voornaam", "förnamn", "fornavn",
    "imię", "jméno", "etunimi", "ad", "adı",
)  # fmt: skip
MIDDLE = (
    "middle name",
    "middle names",
    "middle initial",
    "middle",
    "second name",
    "segundo nombre",
    "tussenvoegsel",
    "infix",
)
LAST = (
    "last name", "last names", "student last", "surname", "surnames", "family name", "last", "Nachname", "Nachnamen",
    "Familienname", "Zuname", "nom de famille", "nom d'usage", "nom patronymique", "apellido", "apellidos", "primer apellido", "apellido paterno",
    "apellido 1", "1º apellido", "1er apellido", "cognome", "apelido",
    "sobrenome", "achternaam", "efternamn", "efternavn", "etternavn",
    "cognoms", "nazwisko", "příjmení", "sukunimi", "soyad", "soyadı",
)  # fmt: skip
SECOND_LAST = (
    "segundo apellido",
    "apellido 2",
    "2º apellido",
    "2do apellido",
    "apellido materno",
    "second surname",
    "second last name",
)

WHOLE = (
    "name", "full name", "student name", "name of student", "names", "display name", "complete name", "sortable name",
    "student", "learner", "participant",
    "legal name", "first last", "last first", "last first middle", "first and last name", "first name last name",
    "last name first name", "surname first name",
    "vollständiger Name", "Vor- und Nachname", "Vorname Nachname", "Nachname, Vorname", "Name, Vorname", "Teilnehmer",
    "Teilnehmende", "Kursteilnehmer", "Studierende", "Studierender", "Studenten", "Schüler", "élève", "imię i nazwisko",
    "ad soyad", "adı soyadı",
    "nom complet", "nom et prénom", "nom prénom", "prénom nom", "prénom et nom", "nom de l'étudiant", "étudiant",
    "nombre completo", "nombre y apellidos", "nombre y apellido", "apellidos y nombre", "apellidos, nombre", "alumno",
    "estudiante", "nome completo", "nome e cognome", "cognome e nome", "nom", "nombre", "nome", "naam",
)  # fmt: skip

LAST_BESIDE = {"name": "vorname|rufname|voornaam", "nom": "prenom", "naam": "voornaam", "namn": "fornamn"}
"""Columns with the last name where another, in whose name such a word stands, has the first."""

FIRST_BESIDE = ("name", "nom", "nombre", "nome", "naam")
"""Columns with the first name where another has the last one alone, as in ``Name, Surname``."""
_WHOLE_ALONE = tuple(name for name in WHOLE if name not in FIRST_BESIDE)

_FIRST_WORD = re.compile(r"firstname|givenname|forename|vorname|prenom|voornaam|fornavn|fornamn|nombredepila")
_LAST_WORD = re.compile(
    r"lastname|surname|familyname|nachname|familienname|nomdefamille|apellido|cognom|apelido|achternaam|efternavn|efternamn"
)
"""Words in the names of other columns with half a name: ``Vorname 1``, ``Surname of the student``."""

SECTION = (
    "section", "sections", "section name", "lab", "lab section", "tutorial", "tutorial group", "group", "groups",
    "group name", "group number", "group1", "section number", "section code", "class section", "discussion",
    "discussion section", "recitation", "recitation section", "seminar", "seminar group",
    "Gruppe", "Gruppen", "Gruppe/Funktion", "Gruppenname", "Gruppennummer", "Übungsgruppe", "Übung", "Tutorium",
    "Tutoriumsgruppe", "Seminargruppe", "Sektion", "Abschnitt", "groupe", "groupes", "groupe de TD", "groupe TD", "TD",
    "groupe de TP", "groupe TP", "TP", "grupo", "grupos", "grupo de prácticas", "grupo de teoría", "grupo de laboratorio",
    "sección", "secciones", "gruppo", "turno", "turma", "groep",
)  # fmt: skip
SEAT = (
    "seat", "seat number", "seat no", "Sitzplatz", "Sitzplatznummer", "Platz", "Platznummer", "place", "numéro de place",
    "siège", "asiento", "puesto", "posto",
)  # fmt: skip
NEEDS = ("needs",)
ROLE = ("role", "roles", "Rolle", "rôle", "rol", "ruolo")

_SIMPLE = {"section": SECTION, "email": EMAIL, "seat": SEAT, "needs": NEEDS, "role": ROLE}

_BOTH_GENDERS = re.compile(r"(?<=[^\W\d_]{5})(?:[*:/·.•_](?:innen|in|r|e|es|a|as|o|os|s|trice|euse)\b)+")
"""The end of ``Studierende*r``, ``Teilnehmer:in``, ``étudiant·e``, ``alumno/a``."""


@lru_cache(maxsize=4096)
def heading(text: str) -> str:
    """Return a column's name as it is compared: its letters and digits alone, without accents."""
    text = _BOTH_GENDERS.sub("", one_line(garbled(text[:1000]) or text[:1000]))
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def find_columns(
    fields: Sequence[str], is_filled: Callable[[int], bool] = lambda _: True
) -> dict[str, tuple[int, ...]]:
    """Return our columns, and of each the places of those that it is made of: a name may stand in two.

    ``is_filled`` tells whether anything stands in a column.
    """
    places: dict[str, list[int]] = {}
    for number, field in enumerate(fields):
        for key in dict.fromkeys((heading(field), heading(field.partition("(")[0]))):
            places.setdefault(key, []).append(number)
    find = _Finder(places, is_filled)
    identifier = _id(find)
    found: dict[str, tuple[int, ...]] = {"id": () if identifier is None else (identifier,), "name": _name(find)}
    for name, names in _SIMPLE.items():
        place = find.first(names)
        found[name] = () if place is None else (place,)
    return {name: of for name, of in found.items() if of}


def half_of_a_name(fields: Sequence[str]) -> int | None:
    """Return the place of a column with first or last names, whose other half is missing."""
    find = _Finder({heading(field): [place] for place, field in enumerate(fields)}, lambda _: True)
    first, last = _halves(find)
    return first if last is None else last


def same_columns(fields: Sequence[str], place: int) -> list[int]:
    """Return the places of the columns that are called like the one at ``place``."""
    return [other for other, field in enumerate(fields) if heading(field) == heading(fields[place])]


def _id(find: _Finder) -> int | None:
    """The place of the id: that of the university's records, a number, a login, or an address."""
    of_records = find.containing(_SIS, _OF_NO_STUDENT)
    return find.first(
        [
            *(name for name in of_records if not _AT_LOGIN.search(name)),
            *of_records,
            *_NUMBERS,
            *find.containing(_STUDENT_NUMBER, _OF_NO_STUDENT),
            *_LOGINS,
            *find.containing(_LOGIN, _OF_NO_STUDENT),
            *EMAIL,
        ]
    )


def _name(find: _Finder) -> tuple[int, ...]:
    """The places of the parts of a name, the first name first; or of the whole one."""
    first, last = _halves(find)
    if first is not None and last is None:
        beside = [name for name, word in LAST_BESIDE.items() if find.containing(re.compile(word), _LAST_WORD)]
        last = find.first(beside)
    if first is None and last is not None and find.first(_WHOLE_ALONE) is None:
        first = find.first([name for name in FIRST_BESIDE if find.first([name]) != last])
    if first is not None and last is not None:
        parts = (first, find.first(MIDDLE), last, find.first(SECOND_LAST))
        return tuple(part for part in parts if part is not None)
    whole = find.first(WHOLE)
    if whole is None and find.first(["UID"]) is not None:
        whole = find.first(["user name"])  # in PrairieLearn's gradebook no login, but the name
    return () if whole is None else (whole,)


def _halves(find: _Finder) -> tuple[int | None, int | None]:
    """The places of the first names, and of the last names."""
    first, last = find.first(FIRST), find.first(LAST)
    if first is None:
        first = find.first(find.containing(_FIRST_WORD, _LAST_WORD))
    if last is None:
        last = find.first(find.containing(_LAST_WORD, _FIRST_WORD))
    return first, last


class _Finder:
    """Finds columns by their names."""

    def __init__(self, places: Mapping[str, Sequence[int]], is_filled: Callable[[int], bool]) -> None:
        self._places = places
        self._is_filled = is_filled

    def containing(self, word: re.Pattern[str], other: re.Pattern[str]) -> list[str]:
        """Return the columns in whose names one word stands and the other does not, as in no name of a whole name."""
        return [key for key in self._places if word.search(key) and not other.search(key)]

    def first(self, names: Sequence[str]) -> int | None:
        """Return the place of the first of these columns in which something stands, or else of the first one."""
        there = [self._places[key][0] for key in map(heading, names) if key in self._places]
        return next((place for place in there if self._is_filled(place)), there[0] if there else None)
