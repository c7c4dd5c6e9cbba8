"""The printed copies of a class: whose each is, in which order they lie, and in which stack."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.classes.forms_by_seat import Assigned
from generator.classes.summary import Summary

COLUMNS = ("section", "name", "id", "email", "seat", "form")
"""The columns by which copies can be sorted."""


@dataclass(frozen=True)
class Copy:
    """A copy of a paper: of a student's own, of the form that a student was given, or of a form for whoever gets it."""

    id: str
    name: str
    section: str
    email: str
    form: str
    seat: str
    paper: str
    files: tuple[str, ...]
    needs: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The name in an index, with what the student needs."""
        form = f"Form {self.form}" if self.form else ""
        beside = "; ".join(filter(None, (form if self.name else "", ", ".join(self.needs))))
        return f"{self.name or form} ({beside})" if beside else self.name or form

    def file(self, stem: str, suffix: str) -> str:
        """Return the paper's file of a name and a format, relative to the class's folder."""
        return next(file for file in self.files if file.endswith(f"/{stem}.{suffix}"))


def copies_of(papers: Sequence[Summary], assigned: Sequence[Assigned], seats: Mapping[str, str]) -> list[Copy]:
    """Return a copy for each student: of her own paper, or, where forms were ``assigned``, of her form."""
    if not assigned:
        return [
            Copy(
                "" if one.form else one.student, one.name, one.section, one.email, one.form,
                seats.get(one.student, ""), one.paper, one.files, one.needs,
            )
            for one in papers
        ]  # fmt: skip
    forms = {one.form: one for one in papers}
    return [
        Copy(
            one.student.id, one.student.name, one.student.section, one.student.email, one.form, one.seat,
            forms[one.form].paper, forms[one.form].files, one.student.needs,
        )
        for one in assigned
        if one.form in forms
    ]  # fmt: skip


@dataclass(frozen=True)
class Stack:
    """Copies that belong together: ``title`` names them, ``suffix`` ends the names of their files."""

    title: str
    suffix: str
    copies: tuple[Copy, ...]


def stacks(copies: Sequence[Copy], by: str) -> list[Stack]:
    """Return a stack for each section, or form, as people count; one of all where ``by`` is empty."""
    if not by:
        return [Stack("", "", tuple(copies))] if copies else []
    groups: dict[str, list[Copy]] = {}
    for copy in copies:
        groups.setdefault(copy.form if by == "form" else copy.section, []).append(copy)
    found: dict[str, Stack] = {}
    for name in sorted(groups, key=lambda name: (not name, sort_key(name), name)):
        title = f"form {name}" if by == "form" else name or "no section"
        stem = _portable(title, found)
        found[stem] = Stack(title, f"-{stem}", tuple(groups[name]))
    return list(found.values())


def in_order(copies: Sequence[Copy], columns: Sequence[str]) -> list[Copy]:
    """Return the copies sorted by these columns, then by id."""
    return sorted(copies, key=lambda copy: [sort_key(getattr(copy, column)) for column in (*columns, "id")])


def sort_key(text: str) -> list[str | int]:
    """As people sort a printed list: accents and capitals count for nothing, and Lab 2 comes before Lab 10."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter)
    )
    # Texts and numbers take turns, so that two keys never compare one with the other.
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", plain)]


def _portable(title: str, taken: Mapping[str, object]) -> str:
    """A part of a file's name that no other stack has, even where case counts for nothing."""
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9]+", "-", ascii_only)[:50].strip("-") or "section"
    lower = {name.lower() for name in taken}
    number = 2
    unique = stem
    while unique.lower() in lower:
        unique, number = f"{stem}-{number}", number + 1
    return unique
