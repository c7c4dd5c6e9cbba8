"""A class's typed answers: a CSV or JSON file with one answer a row, ``student, problem, part, answer``.

A row that cannot be used is kept with the reason, and the others are read.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.classes.roster import LONGEST_ID
from generator.errors import InputError
from generator.paper.csv_tables import LARGEST_FILE, TableReader, shown

LONGEST_ANSWER = 20_000
"""Characters of an answer: an essay may be long."""

NEEDED = ("student", "problem", "part", "answer")
COLUMNS = (*NEEDED, "form")


@dataclass(frozen=True, slots=True)
class Submitted:
    """One row: a student's answer, as typed, to a part of a problem (by its id or its place on the sheet).

    ``form`` is the letter of the form, where the class had forms.
    """

    row: int
    student: str
    problem: str
    part: str
    answer: str
    form: str = ""


@dataclass(frozen=True)
class AnswerFile:
    """The rows of a file that can be used, and for each other row a sentence on what is wrong."""

    rows: tuple[Submitted, ...]
    refused: tuple[str, ...] = field(default=())


def read_answers(path: Path) -> AnswerFile:
    """Read the answers in a CSV, or in a JSON list of objects where the name ends in ``.json``.

    Raise :class:`InputError` where the file itself cannot be used.
    """
    return _from_json(path) if path.suffix.lower() == ".json" else _AnswerReader(path).answers()


class _AnswerReader(TableReader):
    columns = COLUMNS
    needed = NEEDED
    usual = {
        "student": ("id", "student id", "student number", "login", "name"),
        "problem": ("exercise", "question", "task", "problem id"),
        "part": ("subpart", "item", "question", "part id"),
        "answer": ("response", "solution", "value", "typed answer"),
    }
    what = "table of answers"
    each = "typed answer"

    def answers(self) -> AnswerFile:
        """Return all usable rows, and what is wrong with the others."""
        before = csv.field_size_limit(LARGEST_FILE)  # the reader would stop at such a field, and lose the rows after it
        try:
            rows = [row for number, fields in self.table() if (row := self._submitted(number, fields)) is not None]
        finally:
            csv.field_size_limit(before)
        return AnswerFile(tuple(rows), tuple(self._errors))

    def _submitted(self, number: int, fields: Mapping[str, str]) -> Submitted | None:
        fault = _fault(fields)
        if fault:
            self._note(f"row {number}, {fault}")
            return None
        return Submitted(number, **{name: _kept(name, text) for name, text in fields.items()})

    def _note(self, fault: str) -> None:
        self._errors.append(fault)  # all of them are reported, and the other rows are marked


def _kept(name: str, text: str) -> str:
    return text if name == "answer" else text.strip()


def _fault(fields: Mapping[str, str]) -> str:
    for name in NEEDED[:-1]:
        if not fields[name].strip():
            return f"column {name}: expected the {name}; got nothing: fill it in, or remove the row"
        if len(fields[name]) > 2 * LONGEST_ID:
            return f"column {name}: expected at most {2 * LONGEST_ID} characters; got {len(fields[name])}"
    if len(fields["answer"]) > LONGEST_ANSWER:
        return f"column answer: expected at most {LONGEST_ANSWER} characters; got {len(fields['answer'])}"
    return ""


def _from_json(path: Path) -> AnswerFile:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputError(f"{path}: is larger than {LARGEST_FILE // 2**20} MiB")
        table = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is not JSON: {error}") from error
    if not isinstance(table, list):
        raise InputError(f'{path}: expected a list of objects such as {{"student": …, "problem": …}}')
    rows: list[Submitted] = []
    refused: list[str] = []
    for number, raw in enumerate(table, start=1):
        found = _object(raw)
        if isinstance(found, str):
            refused.append(f"row {number}, {found}")
        else:
            rows.append(Submitted(number, **{name: _kept(name, text) for name, text in found.items()}))
    return AnswerFile(tuple(rows), tuple(refused))


def _object(raw: Any) -> dict[str, str] | str:
    """Return the fields of a JSON object, or what is wrong with it."""
    if not isinstance(raw, dict):
        return f"expected an object; got {shown(repr(raw))}"
    missing = [name for name in NEEDED if name not in raw]
    if missing:
        return f"column {missing[0]}: missing"
    fields = {name: raw[name] for name in COLUMNS if name in raw}
    for name, value in fields.items():
        if isinstance(value, bool) or not isinstance(value, str | int | list):
            return f"column {name}: expected a text; got {shown(repr(value))}"
        if isinstance(value, list) and name != "answer":
            return f"column {name}: expected a text; got a list"
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
    return _fault(texts) or texts
