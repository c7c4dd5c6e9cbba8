"""Files about a class's answers: what was typed (``student, problem, part, answer``), and the points that a person gives.

Each is a CSV with a row a part, or a JSON list of objects with the same names.  A row that cannot be used is kept with the
reason, and the others are read.
"""

from __future__ import annotations

import csv
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, TypeAlias, TypeVar

from generator.classes.roster import LONGEST_ID
from generator.errors import InputError
from generator.grading.given_points import GivenPoints, TakenBack, read_given
from generator.paper.csv_tables import Row, shown
from generator.paper.table_reader import LARGEST_FILE, Places, TableReader

MOST_ROWS = 10**8
"""More rows than a file can have."""

LONGEST_ANSWER = 20_000
"""Characters of an answer, or of a comment: an essay may be long."""


Style: TypeAlias = Literal["", "google", "microsoft", "canvas", "moodle", "fields"]
"""How a platform writes several values in one cell; ``fields`` are several cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutPart:
    """What a row is about: a part of a student's paper, in the words of the file.

    ``problem`` and ``part`` are read by :func:`generator.paper.labels.find_part`; ``form`` is the letter of the form, where
    the class had forms; ``paper`` the id of the paper, where the student was given another in its place.
    """

    row: int
    student: str
    problem: str = ""
    part: str = ""
    form: str = ""
    paper: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(AboutPart):
    """A row with a typed answer; an empty one is no answer.

    ``style`` is how a platform writes it: see :mod:`generator.grading.platforms.typed`.
    """

    answer: str
    style: Style = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given(AboutPart):
    """A row with the points that a person gives, or takes back."""

    given: GivenPoints | TakenBack


RowOf = TypeVar("RowOf", bound=AboutPart)


@dataclass(frozen=True)
class RowsRead(Generic[RowOf]):
    """The rows of a file that can be used, for each other row a sentence on what is wrong, and what else is to be known."""

    rows: tuple[RowOf, ...] = ()
    refused: tuple[str, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())


class RowOfFile(int):
    """The number of a row of one of several files: no other row of them has it, and it is shown as ``3 of ada.csv``."""

    name: str

    def __str__(self) -> str:
        return self.name


def read_answers(path: Path) -> RowsRead[Submitted]:
    """Read typed answers from a CSV, a workbook, or from JSON where the name ends in ``.json``; of a folder, from all of its files.

    Raise :class:`InputError` where the file itself cannot be used.
    """
    return _read_folder(path) if path.is_dir() else _read(path, _Answers)


def _read_folder(folder: Path) -> RowsRead[Submitted]:
    """Read the files of a folder, such as those that students have saved from the answer form; one that cannot be used is refused."""
    paths = sorted(
        one for one in folder.iterdir() if one.suffix.lower() in (".csv", ".json", ".xlsx") and one.is_file()
    )
    if not paths:
        raise InputError(f"{folder} has no file of answers; expected files that end in .csv, .xlsx or .json")
    rows: list[Submitted] = []
    refused: list[str] = []
    for place, path in enumerate(paths):
        try:
            read = _read(path, _Answers)
        except InputError as error:
            refused.append(str(error).replace(str(path), path.name).replace("\n  ", "; "))
            continue
        refused += [f"{path.name}: {sentence}" for sentence in read.refused]
        for row in read.rows:
            number = RowOfFile(place * MOST_ROWS + row.row)
            number.name = f"{row.row} of {path.name}"
            rows.append(replace(row, row=number))
    return RowsRead(tuple(rows), tuple(refused))


def read_points(path: Path) -> RowsRead[Given]:
    """Read the points that a person gives; a row whose points are empty gives none."""
    return _read(path, _Points)


def _read(path: Path, kind: type[_PartRows[RowOf]]) -> RowsRead[RowOf]:
    reader = kind(path)
    rows: list[RowOf] = []
    for number, fields in reader.from_json() if path.suffix.lower() == ".json" else reader.from_csv():
        fault = _fault(fields, reader.needed_texts)
        if fault:
            reader.refuse(number, fault)
            continue
        try:
            row = reader.row(number, fields)
        except InputError as error:
            reader.refuse(number, str(error))
            continue
        rows += [row] if row is not None else []
    return RowsRead(tuple(rows), tuple(reader.refused))


class _PartRows(TableReader, ABC, Generic[RowOf]):
    """The reader of one kind of file: its columns, and what a row becomes."""

    value: ClassVar[str]
    """The column that the file is about."""
    needed_texts: ClassVar[tuple[str, ...]]
    """The columns in which something must stand."""
    takes_workbooks = True

    @property
    def refused(self) -> list[str]:
        """A sentence for each row that cannot be used."""
        return self._errors

    def refuse(self, number: int, fault: str) -> None:
        """Note what is wrong with a row."""
        self._note(f"row {number}, {fault}")

    @abstractmethod
    def row(self, number: int, fields: Mapping[str, str]) -> RowOf | None:
        """Return the row; None where it says nothing.  Raise :class:`InputError` for one that cannot be used."""

    def from_csv(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Yield the rows of a CSV."""
        before = csv.field_size_limit(LARGEST_FILE)  # the reader would stop at such a field, and lose the rows after it
        try:
            yield from self.table()
        finally:
            csv.field_size_limit(before)

    def from_json(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Yield the objects of a JSON file."""
        for number, raw in enumerate(_json_list(self._path), start=1):
            found = _object(raw, self.columns, self.value)
            if isinstance(found, str):
                self.refuse(number, found)
            else:
                yield number, found

    def _fitness(self, fields: Sequence[str]) -> tuple[bool, int, int]:
        _, named, count = super()._fitness(fields)
        return {*self._needed_of(fields)} <= self._named(fields), named, count

    def _places(self, header: Row, rows: Sequence[Row]) -> Places:
        self.needed = self._needed_of(header.fields)
        return super()._places(header, rows)

    def _needed_of(self, fields: Sequence[str]) -> tuple[str, ...]:
        either = {"problem", "part"} & self._named(fields)  # `2(c)(i)` in one column says both
        return ("student", *(either or ("problem", "part")), self.value)

    def _note(self, fault: str) -> None:
        self._errors.append(fault)  # all of them are reported, and the other rows are marked


_USUAL = {
    "student": ("id", "student id", "student number", "login", "name"),
    "problem": ("exercise", "question", "task", "problem id"),
    "part": ("subpart", "item", "question", "part id"),
    "answer": ("response", "solution", "value", "typed answer"),
    "points": ("score", "marks", "grade", "mark"),
}


class _Answers(_PartRows[Submitted]):
    columns = ("student", "problem", "part", "answer", "form", "paper")
    needed = ("student", "problem", "part", "answer")
    needed_texts = ("student",)
    value = "answer"
    usual = _USUAL
    what = "table of answers"
    each = "typed answer"

    def row(self, number: int, fields: Mapping[str, str]) -> Submitted:
        return Submitted(row=number, answer=fields["answer"], **_where(fields))


class _Points(_PartRows[Given]):
    columns = ("student", "problem", "part", "points", "comment", "for", "form", "paper")
    needed = ("student", "problem", "part", "points")
    needed_texts = ("student",)
    value = "points"
    usual = _USUAL
    what = "table of points"
    each = "part with its points"

    def row(self, number: int, fields: Mapping[str, str]) -> Given | None:
        given = read_given(fields["points"], fields.get("comment", ""), fields.get("for", ""))
        return None if given is None else Given(row=number, given=given, **_where(fields))


def _where(fields: Mapping[str, str]) -> dict[str, Any]:
    return {name: fields[name].strip() for name in ("student", "problem", "part", "form", "paper") if name in fields}


def _fault(fields: Mapping[str, str], needed: tuple[str, ...]) -> str:
    for name in needed:
        if not fields[name].strip():
            return f"column {name}: expected the {name}; got nothing: fill it in, or remove the row"
    if not (fields.get("problem", "").strip() or fields.get("part", "").strip()):
        return "column problem: expected the problem, and its part; got nothing: fill them in, or remove the row"
    for name in ("student", "problem", "part", "form", "paper"):
        if len(fields.get(name, "")) > 2 * LONGEST_ID:
            return f"column {name}: expected at most {2 * LONGEST_ID} characters; got {len(fields[name])}"
    for name in ("answer", "comment"):
        if len(fields.get(name, "")) > LONGEST_ANSWER:
            return f"column {name}: expected at most {LONGEST_ANSWER} characters; got {len(fields[name])}"
    return ""


def _json_list(path: Path) -> list[Any]:
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
    return table


def _object(raw: Any, columns: tuple[str, ...], value: str) -> dict[str, str] | str:
    """Return the fields of a JSON object, or what is wrong with it."""
    if not isinstance(raw, dict):
        return f"expected an object; got {shown(repr(raw))}"
    needed = ("student", *({"problem", "part"} & raw.keys() or ("problem",)), value)
    missing = [name for name in needed if name not in raw]
    if missing:
        return f"column {missing[0]}: missing"
    fields = {name: raw[name] for name in columns if raw.get(name) is not None}
    kinds: Any = str | int | list if value == "answer" else str | int | float
    for name, one in fields.items():
        if isinstance(one, bool) or not isinstance(one, kinds):
            return f"column {name}: expected a text; got {shown(repr(one))}"
        if isinstance(one, list | float) and name != value:
            return f"column {name}: expected a text; got {'a list' if isinstance(one, list) else one}"
    return {name: one if isinstance(one, str) else json.dumps(one) for name, one in {value: "", **fields}.items()}
