"""What the columns of an export are: by the names that each platform gives them, or as the user says with ``--columns``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from generator.classes.roster_columns import find_columns, heading
from generator.errors import InputError, expected
from generator.grading.platforms.tags import PAPER, STUDENT, Tag, read_tag
from generator.paper.csv_tables import listed, shown

Format: TypeAlias = Literal[
    "worksheet", "google-forms", "microsoft-forms", "canvas-analysis", "moodle-responses", "prairielearn", "wide"
]

Places: TypeAlias = tuple[int, ...]

ROLES = ("student", "email", "name", "paper", "time", "attempt", "state", "ignore")
"""What a column may be beside the answers to a part."""

_CHOSEN = re.compile(r"(?:^|,)\s*([\w-]+(?:\.[\w.-]+)?|\d+\s*\(\w+\)(?:\(\w+\))*)\s*=")


@dataclass(frozen=True)
class Question:
    """A column of answers: the part it is about, as the header names it, and the column with the question's text, if any.

    Of a quiz's question that is known by its ``number`` alone, ``tag`` is None.
    """

    place: int
    tag: Tag | None
    number: int = 0
    text: int | None = None


@dataclass
class Layout:
    """The columns of a file, by their places; ``untagged`` are questions whose text does not say which part they ask."""

    roles: dict[str, Places] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    untagged: list[int] = field(default_factory=list)

    def role(self, name: str) -> Places:
        """Return the columns of a role, the first choice first."""
        return self.roles.get(name, ())


def _names(*names: str) -> frozenset[str]:
    return frozenset(map(heading, names))


_TIMESTAMP = _names("Timestamp", "Zeitstempel", "Horodateur", "Marca temporal", "Carimbo de data/hora", "Tijdstempel")
_GOOGLE_SKIPPED = _names("Score", "Punktzahl", "Puntuación", "Note", "Total score", "Punkte")
_PAPER = _names("Paper id", "Paper", "Id of the paper", "Variant", "Form", "Id des Blattes", "Blatt", "Variante")
_STUDENT = _names("Student id", "Student number", "Matrikelnummer", "Student", "Id of the student")
_MICROSOFT = ("id", "starttime", "completiontime", "email", "name")
_MICROSOFT_SKIPPED = _names("Total points", "Quiz feedback", "Last modified time", "Grade posted time", "Language")
_MICROSOFT_BESIDE = re.compile(r"\s*(?:points|feedback|punkte)\s+[-–]\s", re.IGNORECASE)
_GOOGLE_BESIDE = re.compile(r".*\[(?:score|feedback)\]\s*", re.IGNORECASE | re.DOTALL)
_CANVAS_TAIL = ("ncorrect", "nincorrect", "score")
_CANVAS_QUESTION = re.compile(r"\s*\d+\s*:")
_MOODLE = re.compile(
    r"\s*(?:(?P<response>response|antwort|réponse|respuesta|risposta|resposta|antwoord)"
    r"|(?P<question>question|frage|pregunta|domanda|questão|vraag)"
    r"|(?P<right>right answer|richtige antwort|bonne réponse|réponse correcte|respuesta correcta|risposta corretta|resposta correta|juiste antwoord))"
    r"\s+(?P<number>\d{1,3})\s*",
    re.IGNORECASE,
)  # fmt: skip
_STATE = _names("Status", "State", "Statut", "État", "Estado", "Stato")
_COMPLETED = _names(
    "Completed", "Beendet", "Terminé", "Terminado", "Finalizado", "Completato", "Finished at", "Abgeschlossen"
)
_PRAIRIELEARN = ("question", "submittedanswer")
_PRAIRIELEARN_BY_HAND = ("qid", "submittedanswer")


def fits_google(fields: Sequence[str]) -> bool:
    """Return whether a header is that of answers to a Google form."""
    return any(heading(one) in _TIMESTAMP for one in fields)


def fits_microsoft(fields: Sequence[str]) -> bool:
    """Return whether a header is that of answers to a Microsoft form."""
    return {*_MICROSOFT} <= {*map(heading, fields)}


def fits_canvas(fields: Sequence[str]) -> bool:
    """Return whether a header is that of Canvas's student analysis of a quiz."""
    names = [*map(heading, fields)]
    return {"name", "id", *_CANVAS_TAIL} <= {*names} or (
        "attempt" in names and sum(bool(_CANVAS_QUESTION.match(one)) for one in fields) > 0
    )


def fits_moodle(fields: Sequence[str]) -> bool:
    """Return whether a header is that of Moodle's report of responses."""
    return any(found["response"] for one in fields if (found := _MOODLE.fullmatch(one)))


def fits_prairielearn(fields: Sequence[str]) -> bool:
    """Return whether a header is that of PrairieLearn's submissions."""
    names = {*map(heading, fields)}
    return {*_PRAIRIELEARN} <= names or {*_PRAIRIELEARN_BY_HAND} <= names


PLATFORMS: Mapping[Format, Callable[[Sequence[str]], bool]] = {
    "google-forms": fits_google,
    "microsoft-forms": fits_microsoft,
    "canvas-analysis": fits_canvas,
    "moodle-responses": fits_moodle,
    "prairielearn": fits_prairielearn,
}


def parse_answer_columns(text: str) -> dict[str, str]:
    """Return ``"student=Login,dropout.y_corr=Answer 3"`` as columns by what they are."""
    start, *parts = _CHOSEN.split(text)
    names = [name.strip() for name in parts[::2]]
    chosen = {name: column.strip() for name, column in zip(names, parts[1::2], strict=True)}
    wrong = [name for name in chosen if name not in ROLES and "." not in name and not name[0].isdigit()]
    if start.strip() or not chosen or len(chosen) < len(names) or wrong or not all(chosen.values()):
        raise InputError(
            expected(
                f"{', '.join(ROLES)} or parts such as dropout.y_corr, each once, with the file's column as in "
                "student=Login,dropout.y_corr=Answer 3",
                shown(text),
            ),
            field="--columns",
        )
    return chosen


def chosen_layout(chosen: Mapping[str, str], fields: Sequence[str]) -> Layout:
    """Return the columns that the user has named; raise :class:`InputError` for one that is not there, or there twice."""
    found = Layout()
    for name, column in chosen.items():
        places = [place for place, one in enumerate(fields) if heading(one) == heading(column) and heading(column)]
        if not places and column.isdecimal() and 1 <= int(column) <= len(fields):
            places = [int(column) - 1]
        if len(places) != 1:
            twice = f"{shown(column)}, which is there {len(places)} times: give its number"
            got = twice if places else f"{shown(column)}; the file has {listed(fields)}"
            raise InputError(expected(f"a column of the file for {name}", got), field="--columns")
        if name in ROLES:
            found.roles[name] = (places[0],)
        else:
            found.questions.append(Question(places[0], _tag_of(name)))
    return found


def _tag_of(name: str) -> Tag:
    problem, dot, part = name.partition(".")
    return Tag(problem, part) if dot else Tag("", name)


def layout_of(
    form: Format, fields: Sequence[str], chosen: Mapping[str, str], is_part: Callable[[str], Tag | None]
) -> Layout:
    """Return the columns of a file in a format; ``is_part`` says which part a column's name is the label of, if any."""
    own = chosen_layout(chosen, fields)
    taken = {*(place for places in own.roles.values() for place in places), *(one.place for one in own.questions)}
    found = Layout()
    free = [(place, one) for place, one in enumerate(fields) if place not in taken and one.strip()]
    if form == "moodle-responses":
        free = _add_responses(found, free)
    for place, one in free:
        if not _is_beside(form, one):
            _add_column(form, found, place, one, is_part)
    _add_people(form, found, fields, taken)
    found.roles |= own.roles
    found.questions += own.questions
    found.questions.sort(key=lambda question: question.place)
    return found


def _add_column(form: Format, found: Layout, place: int, name: str, is_part: Callable[[str], Tag | None]) -> None:
    tag = read_tag(name)
    role = {STUDENT: "student", PAPER: "paper"}[tag.problem] if tag and not tag.part else _role_of(form, name)
    if tag is not None and (tag.part or tag.parts):
        found.questions.append(Question(place, tag))
    elif role is not None:
        _add(found, role, place)
    elif form == "wide" and (label := is_part(name)) is not None:
        found.questions.append(Question(place, label))
    elif form in ("google-forms", "microsoft-forms") or (form == "canvas-analysis" and _CANVAS_QUESTION.match(name)):
        found.untagged.append(place)


def _add(found: Layout, role: str, place: int) -> None:
    found.roles[role] = (*found.role(role), place)


def _add_responses(found: Layout, free: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Add the responses of a Moodle quiz, each with the column of its question's text; return the columns that are neither."""
    texts: dict[str, int] = {}
    responses: dict[str, tuple[int, str]] = {}
    others = []
    for place, one in free:
        numbered = _MOODLE.fullmatch(one)
        if numbered is None:
            others.append((place, one))
        elif numbered["response"]:
            responses[numbered["number"]] = (place, one)
        elif numbered["question"]:
            texts[numbered["number"]] = place
    for number, (place, one) in responses.items():
        found.questions.append(Question(place, read_tag(one), int(number), texts.get(number)))
    return others


def _is_beside(form: Format, name: str) -> bool:
    """Return whether a column holds what a platform says about an answer."""
    if form == "microsoft-forms":
        return _MICROSOFT_BESIDE.match(name) is not None or heading(name) in _MICROSOFT_SKIPPED
    if form == "google-forms":
        return _GOOGLE_BESIDE.fullmatch(name) is not None or heading(name) in _GOOGLE_SKIPPED
    return False


def _role_of(form: Format, name: str) -> str | None:
    """Return what a column is in a format, beside answers and the students' names."""
    key = heading(name)
    if form in ("google-forms", "wide") and key in _TIMESTAMP:
        return "time"
    if form in ("google-forms", "microsoft-forms", "wide") and key in _PAPER:
        return "paper"
    if form in ("google-forms", "microsoft-forms") and key in _STUDENT:
        return "student"
    if form == "google-forms" and key == "username":
        return "email"
    if form == "microsoft-forms" and key in _MICROSOFT:
        return {"email": "email", "name": "name", "completiontime": "time"}.get(key, "ignore")
    if form == "canvas-analysis" and key in ("submitted", "attempt"):
        return {"submitted": "time", "attempt": "attempt"}[key]
    if form == "moodle-responses" and key in _STATE:
        return "state"
    if form == "moodle-responses" and key in _COMPLETED:
        return "time"
    if form == "prairielearn":
        return {"submissiondate": "time", "role": "state"}.get(key)
    return None


_PEOPLE: Mapping[Format, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "canvas-analysis": (("student", ("sis_id", "id")), ("name", ("name",))),
    "prairielearn": (("student", ("UIN", "UID", "Username")),),
}
"""The columns that name the student where a platform has its own order of them."""


def _add_people(form: Format, found: Layout, fields: Sequence[str], taken: set[int]) -> None:
    """Add the columns of ids, addresses and names that the header has, in any language that class lists are read in."""
    known = {heading(one): place for place, one in reversed([*enumerate(fields)]) if place not in taken}
    for role, names in _PEOPLE.get(form, ()):
        places = tuple(known[heading(name)] for name in names if heading(name) in known)
        if places:
            found.roles[role] = places
    answers = {*(question.place for question in found.questions), *taken}
    named = ["" if place in answers else one for place, one in enumerate(fields)]
    people = find_columns(named)
    if form == "microsoft-forms":
        people.pop("id", None)  # it counts the answers
    for role, ours in (("email", "email"), ("student", "id"), ("name", "name")):
        if ours in people and not found.role(role):
            found.roles[role] = people[ours]
    asked = {*found.role("student"), *found.role("email"), *found.role("name"), *found.role("paper")}
    found.untagged = [place for place in found.untagged if place not in asked]
