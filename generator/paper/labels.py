"""The labels that a paper prints, such as ``(c)(i)``, and what people mean by them: ``1a``, ``4,a``, ``Problem 2 (c)(i)``.

Problems and parts are also named by their ids, which come first where an id looks like a label.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from generator.errors import InputError
from generator.errors.language import current, english
from generator.paper.csv_tables import shown
from generator.paper.paper import label
from generator.problem.parts import Part


def part_labels(parts: Iterable[Part], before: str = "", depth: int = 0) -> dict[str, str]:
    """Return the printed label of each part by its id, each before its sub-parts."""
    found: dict[str, str] = {}
    for place, part in enumerate(parts):
        found[part.id] = f"{before}({label(place, depth)})"
        found |= part_labels(part.parts, found[part.id], depth + 1)
    return found


def names_on_platforms(problems: Iterable[str]) -> list[str]:
    """Return the name of each problem on platforms, by their ids in the order of a sheet; one that comes again has a number."""
    found: list[str] = []
    for problem in problems:
        name = re.sub(r"[^A-Za-z0-9_-]", "-", problem)
        again = sum(one == name or re.fullmatch(rf"{re.escape(name)}-\d+", one) is not None for one in found)
        found.append(f"{name}-{again + 1}" if again else name)
    return found


@dataclass(frozen=True)
class PrintedProblem:
    """The names of a problem on a paper: its id and title, the labels of all its parts by id, and which are answered."""

    id: str
    title: str
    labels: Mapping[str, str]
    answered: tuple[str, ...]

    def part_names(self) -> str:
        """Return the answered parts for a message: ``(a) mean, (b) std``."""
        return ", ".join(f"{self.labels[name]} {name}" for name in self.answered)


@dataclass(frozen=True)
class _Reference:
    """A typed label taken apart: the number of the problem, if there is one, and the letters of the part."""

    place: int | None
    letters: str


_BEFORE_A_NUMBER = {"q", "p", "ex", "no", "nr"}
_TOKENS = re.compile(r"[0-9]+|[^\W\d_]+")
_NEGATIVE = re.compile(r"[-−]\d")
_DECIMAL = re.compile(r"^(\d+)\.0$")
"""A whole number as programs write it in a column that has empty cells, too."""
_BETWEEN = re.compile(r"[\s().,:;/_\-\[\]#]*")


def find_part(problem: str, part: str, problems: Sequence[PrintedProblem]) -> tuple[int, str]:
    """Return the place (from 1) of a problem on a paper, and the id of a part of it.

    ``problem`` is an id, a title or a number; ``part`` an id or a label.  Either may be empty where the other says both
    (``2(c)(i)``).  Raise :class:`InputError` that names the column and what there is.
    """
    place, letters = _problem(problem, problems)
    if place is None:
        place, part = _place_in_part(part, problems)
    return place, _part(place, letters, part, problems)


def _problem(text: str, problems: Sequence[PrintedProblem]) -> tuple[int | None, str]:
    """Return the place of a problem, and the letters of a part where they stand with it; None for an empty text."""
    if not text.strip():
        return None, ""
    numbered = list(enumerate(problems, start=1))
    by_id = [place for place, one in numbered if one.id == text.strip()]
    by_title = [place for place, one in numbered if _plain(one.title) == _plain(text)]
    for places in (by_id, by_title):
        if len(places) == 1:
            return places[0], ""
        if places:
            raise InputError(
                f"{text.strip()} comes {len(places)} times: give its place, {' or '.join(map(str, places))}",
                field="column problem",
            )
    found = _reference(text)
    if found is not None and found.place is not None and 1 <= found.place <= len(problems):
        return found.place, found.letters
    known = ", ".join(one.id for one in problems)
    raise InputError(
        f"no problem {shown(text)} on this paper; it has {known}, or 1 to {len(problems)}", field="column problem"
    )


def _place_in_part(text: str, problems: Sequence[PrintedProblem]) -> tuple[int, str]:
    """Return the place of the problem that the name of a part says, and that name."""
    places = [place for place, one in enumerate(problems, start=1) if text.strip() in one.answered]
    if len(places) == 1:
        return places[0], text
    if places:
        raise InputError(
            f"{shown(text)} is a part of the problems {' and '.join(map(str, places))}: name the problem",
            field="column problem",
        )
    found = _reference(text)
    if found is not None and found.place is None and len(problems) == 1:
        return 1, text
    if found is None or found.place is None or not 1 <= found.place <= len(problems):
        raise InputError(
            f"expected the problem, as in '1a' or in a column of its own; got the part {shown(text)}; the paper has the "
            f"problems 1 to {len(problems)}",
            field="column part",
        )
    return found.place, text


def _part(place: int, letters: str, text: str, problems: Sequence[PrintedProblem]) -> str:
    problem = problems[place - 1]
    if not letters and text.strip() in problem.answered:
        return text.strip()
    found = _reference(text) if text.strip() else _Reference(None, "")
    if found is not None and found.place not in (None, place):
        raise InputError(
            f"{shown(text)} is of problem {found.place}, and the row is about problem {place}", field="column part"
        )
    if found is not None:
        by_letters = {_letters(printed): name for name, printed in problem.labels.items()}
        for one in (letters + found.letters, found.letters if found.letters.startswith(letters) else ""):
            name = by_letters.get(one)
            if name in problem.answered:
                return name
            if name is not None:
                inner = [problem.labels[other] for other in problem.answered]
                inner = [other for other in inner if other.startswith(problem.labels[name])]
                raise InputError(
                    f"{problem.labels[name]} of problem {place} asks nothing itself; name {' or '.join(inner)}",
                    field="column part",
                )
        if not letters + found.letters and len(problem.answered) == 1:
            return problem.answered[0]
    alike = [name for name in problem.answered if name.casefold() == text.strip().casefold()]
    if not letters and len(alike) == 1:
        return alike[0]
    got = shown(text or letters) if text or letters else "nothing"
    raise InputError(f"problem {place} has no part {got} here; it has {problem.part_names()}", field="column part")


def _reference(text: str) -> _Reference | None:
    """Return a label taken apart; None for what is none."""
    plain = _plain(text)
    if _NEGATIVE.match(plain):
        return None
    plain = _DECIMAL.sub(r"\1", plain)
    if _BETWEEN.fullmatch(_TOKENS.sub("", plain)) is None:
        return None
    words = _words()
    tokens = [token for token in _TOKENS.findall(plain) if token not in words]
    if len(tokens) > 1 and tokens[0] in _BEFORE_A_NUMBER and tokens[1].isdigit():
        tokens.pop(0)
    place = None
    if tokens and tokens[0].isdigit():
        place = int(tokens.pop(0)[:6])
    if any(token.isdigit() for token in tokens):
        return None
    return _Reference(place, "".join(tokens)) if place is not None or tokens else None


def _words() -> set[str]:
    """Return the words that stand beside labels: ``problem 2``, and those of the current language."""
    return {*english().text("labels.words").split(), *current().text("labels.words").split()}


def _letters(printed: str) -> str:
    return "".join(_TOKENS.findall(printed))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
