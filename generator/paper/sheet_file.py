"""Sheets read from TOML, and checked.

.. code-block:: toml

    title = "Discussion 04: Normalization and regularization"
    name = "discussion04"                 # optional: tells it from other sheets, in place of the file's name
    course = "Introduction to Deep Learning"
    instructions = "Leave square roots in your answers."
    language = "de"                       # optional: the language of labels and messages
    templates = "my-templates"            # optional: a folder beside the sheet
    level = "hard"                        # optional: easy, standard or hard
    extended = true                       # optional: ask the follow-ups too
    minutes = 45                          # optional: how long it takes
    total_points = 40                     # optional: what its problems add up to
    paper = "a4"                          # optional, as all keys of generator.paper.sheet_options

    [[problem]]
    id = "layer-norm"                     # or: file = "my_problem.py"
    guided = true                         # ask for the intermediate values too
    points = { output = 8 }               # optional
    choices = ["output"]                  # optional: ask these as multiple choice
    level = "easy"                        # optional: another difficulty than the sheet's
    without = ["claims"]                  # optional: parts to leave out
    extended = false                      # optional: other than the sheet

    [[problem]]
    topic = "regularization"              # or: among = ["dropout", "l2-regularization"]
    pick = 1                              # optional: each paper has so many of them

A ``[[question]]`` is asked as it stands there, and a ``[[pool]]`` has questions to draw from: see :mod:`generator.problem.plain`.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.document.page_style import PageStyle
from generator.document.prose import nodes
from generator.errors import AuthoringError, InputError, expected, near
from generator.paper.sheet import FIXED_PROBLEMS, Entry, Sheet
from generator.paper.sheet_options import (
    MOST_MINUTES,
    PROBLEM_KEYS,
    STYLE_KEYS,
    check_known,
    read_problem_style,
    read_style,
)
from generator.problem.catalogue import catalogue, find_problem, is_in_catalogue, problem_in_file
from generator.problem.plain import PlainQuestions
from generator.problem.problem import Problem
from generator.problem.toml_lines import line_of_key
from generator.render.mathml import check_formulas
from generator.render.own_templates import template_fault
from generator.render.paths import templates_folder

_ASKED = ("problem", "question", "pool")
"""The arrays of tables that say what is asked, in the order of the file."""

_LONGEST_NAME = 60
_NAME = re.compile(rf"\w[\w.-]{{0,{_LONGEST_NAME - 1}}}")

SHEET_KEYS = (
    "title", "name", "course", "instructions", "templates", "level", "extended", "minutes", "total_points", *STYLE_KEYS,
)  # fmt: skip
ENTRY_KEYS = (
    "id",
    "file",
    "topic",
    "among",
    "pick",
    "guided",
    "points",
    "choices",
    "level",
    "without",
    "extended",
    *PROBLEM_KEYS,
)
"""The keys of a sheet, and those of a ``[[problem]]``."""


def built_in_sheets() -> Mapping[str, Path]:
    """The sheets that come with the generator, by name."""
    return {path.stem: path for path in sorted((templates_folder() / "sheets").glob("*.toml"))}


def find_sheet(name: str) -> Sheet:
    """The built-in sheet of this name, the one in the TOML file at this path, or one of the problem in a Python file.

    Raises :class:`InputError` saying what is wrong with which key of which file.
    """
    built_in = built_in_sheets()
    path = built_in.get(name) or Path(name)
    if path.suffix == ".py":
        return sheet_of_problem(path)
    try:
        if not path.is_file():
            raise InputError(
                f"no sheet {name!r}: it is neither a TOML file nor one of the built-in sheets {', '.join(built_in)}"
            )
        return read_sheet(path, path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"the sheet {name[:80]!r} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not valid TOML: {error}") from error


def find_asked(name: str) -> Problem:
    """The problem of this id or Python file; ``quiz.toml:mean`` is that of the id on the sheet in a file, a plain question's too."""
    sheet, is_on_sheet, wanted = name.rpartition(":")
    if not is_on_sheet or not sheet.endswith(".toml"):
        return find_problem(name)
    problems = {entry.problem.id: entry.problem for entry in find_sheet(sheet).entries}
    if wanted not in problems:
        raise InputError(f"{sheet} asks no problem {wanted!r}; it asks {', '.join(problems)}")
    return problems[wanted]


def sheet_of_problem(path: Path) -> Sheet:
    """The sheet that asks the problem of a Python file, and nothing else."""
    title = json.dumps(problem_in_file(path).title, ensure_ascii=False)
    return read_sheet(path, f"title = {title}\n[[problem]]\nfile = {json.dumps(path.name, ensure_ascii=False)}\n")


def read_sheet(path: Path, text: str) -> Sheet:
    """The sheet in the ``text`` of the TOML file at ``path``."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is not valid TOML: {error}") from error
    except ValueError as error:
        raise InputError(f"{path} cannot be read: a number has more digits than Python reads") from error
    except RecursionError as error:
        raise InputError(f"{path} cannot be read: lists or tables are nested too deeply") from error
    return _Reader(path, text).sheet(table)


def _origin(problem: Problem) -> str:
    return f"the file {Path(problem.source).name}" if problem.source else "the one of the catalogue"


class _Reader:
    """Checks one file; every message begins with the file and the key."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text_of_file = text

    def sheet(self, table: Mapping[str, Any]) -> Sheet:
        self._only(table, {*SHEET_KEYS, *_ASKED}, "")
        for key in _ASKED:
            if not isinstance(table.get(key, []), list) or not all(isinstance(one, dict) for one in table.get(key, [])):
                raise self._error(key, f"expected [[{key}]] tables")
        if not any(table.get(key) for key in _ASKED):
            raise self._error("problem", "expected at least one [[problem]], [[question]] or [[pool]] table")
        templates = self._text(table, "templates", "") or None
        folder = self._path.parent / templates if templates else None
        if folder is not None and (wrong := template_fault(folder)):
            raise self._error("templates", wrong)
        if any("\ud800" <= letter <= "\udfff" for letter in self._path.stem):
            raise InputError(
                f"the sheet's file name {self._path.name!a} is not UTF-8, and papers name it: rename the file"
            )
        common = {"level": self._text(table, "level", "standard"), "extended": self._flag(table, "extended", "")}
        style = read_style(table, self._path.parent, self._error)
        plain = PlainQuestions(self._path, self._text_of_file, check_formulas)
        asked, picks = self._asked(plain, table, common, style)
        self._check_ids([entry for _, entry in asked], [where for where, _ in asked])
        return Sheet(
            name=self._name(table),
            title=self._title(table),
            course=self._text(table, "course", ""),
            instructions=self._prose(table, "instructions"),
            templates=folder,
            path=self._path.resolve(),
            text=self._text_of_file,
            entries=tuple(entry for _, entry in asked),
            picks=picks,
            style=style,
            minutes=self._whole_number(table, "minutes"),
            total_points=self._whole_number(table, "total_points"),
        )

    def _asked(
        self, plain: PlainQuestions, table: Mapping[str, Any], common: Mapping[str, Any], style: PageStyle
    ) -> tuple[list[tuple[str, Entry]], dict[int, int]]:
        """The entries in the order of the file, each with its place there, and how many of a table's each paper has."""
        order = plain.in_order(table, _ASKED)
        named = {one["id"] for one in table.get("problem", []) if isinstance(one.get("id"), str)}
        asked: list[tuple[str, Entry]] = []
        picks: dict[int, int] = {}
        for kind, place in order:
            where, one = f"{kind} {place + 1}", table[kind][place]
            if kind != "problem":
                asked.append((where, self._plain_entry(plain, kind, one, place, style)))
                continue
            among: tuple[str, ...] = ()
            if "topic" in one or "among" in one:
                among = self._among(one, where, named | {entry.problem.id for _, entry in asked})
                if (pick := self._pick(one, where, among, style)) < len(among):
                    picks[place + 1] = pick
            for name in among or (None,):
                entry = self._entry({**common, **one}, where, style, str(common["level"]), name)
                asked.append((where, replace(entry, table=place + 1, among=among)))
        return asked, picks

    def _whole_number(self, table: Mapping[str, Any], key: str) -> int | None:
        value = table.get(key)
        if value is not None and (type(value) is not int or not 1 <= value <= MOST_MINUTES):
            raise self._error(key, expected(f"a whole number from 1 to {MOST_MINUTES}", repr(value)))
        return value

    def _title(self, table: Mapping[str, Any]) -> str:
        title = self._text(table, "title")
        if not title.strip():
            raise self._error("title", expected("a text", repr(title)))
        return title

    def _name(self, table: Mapping[str, Any]) -> str:
        """The name that tells the sheet from others; a folder may be called so."""
        name = self._text(table, "name", self._path.stem)
        if "name" in table and not _NAME.fullmatch(name):
            raise self._error(
                "name", expected(f"1 to {_LONGEST_NAME} letters, digits, dots, dashes and underscores", repr(name))
            )
        return name

    def _check_ids(self, entries: Sequence[Entry], places: Sequence[str]) -> None:
        """Raise where one id stands for two problems: papers name problems by their ids, and are marked by them."""
        first: dict[str, tuple[str, Problem]] = {}
        for place, entry in zip(places, entries, strict=True):
            problem = entry.problem
            before, known = first.setdefault(problem.id, (place, problem))
            if known is not problem:
                of_this, of_other = _origin(problem), _origin(known)
                both = f"{of_this} and {of_other} of {before}" if of_this != of_other else f"it and {before}"
                raise self._error(
                    place, f"{both} are two problems with the id {problem.id!r}: give one of them another id"
                )
            if problem.source and is_in_catalogue(problem.id):
                raise self._error(
                    place,
                    f"{_origin(problem)} has the id {problem.id!r}, which a problem of the catalogue has: give it another id",
                )

    def _prose(self, table: Mapping[str, Any], key: str, where: str = "") -> str:
        text = self._text(table, key, "")
        try:
            check_formulas(nodes(text, {}))
        except AuthoringError as error:
            raise self._error(where or key, str(error)) from error
        return text

    def _plain_entry(
        self, plain: PlainQuestions, kind: str, table: Mapping[str, Any], place: int, style: PageStyle
    ) -> Entry:
        """The entry of a plain question or of a pool, which are problems too."""
        where = f"{kind} {place + 1}"
        look = {key: table[key] for key in ("intro", "page_break") if key in table}
        asked = {key: value for key, value in table.items() if key not in look}
        problem = plain.question(asked, place) if kind == "question" else plain.pool(asked, place)
        self._prose(table, "intro", f"{where}, intro")
        return Entry(
            problem, style=read_problem_style(look, style, lambda key, message: self._error(f"{where}, {key}", message))
        )

    def _among(self, table: Mapping[str, Any], where: str, others: Collection[str]) -> tuple[str, ...]:
        """The ids of the problems that a table draws from: those of a topic that the sheet does not ask elsewhere, or those named."""
        self._check_of_all(table, where)
        if "among" in table:
            names = self._parts(table, "among", where)
            for name in names:
                if name in others or names.count(name) > 1:
                    raise self._error(f"{where}, among", f"{name} comes twice on the sheet")
            return names
        topic = self._text(table, "topic")
        topics = {one.topic for one in catalogue().values()}
        if topic not in topics:
            wanted = f"a topic of `worksheet list` ({', '.join(sorted(topics))})"
            raise self._error(f"{where}, topic", expected(wanted, topic) + near(topic, topics))
        return tuple(name for name, one in catalogue().items() if one.topic == topic and name not in others)

    def _check_of_all(self, table: Mapping[str, Any], where: str) -> None:
        """Refuse keys that are about the parts of one problem, or about its title, where one of several is drawn."""
        for key in ("id", "file", "points", "choices", "without", "title"):
            if key in table:
                raise self._error(f"{where}, {key}", "is about one problem, and this table draws from several")
        if "topic" in table and "among" in table:
            raise self._error(where, 'expected either topic = "…" or among = ["…"]')

    def _pick(self, table: Mapping[str, Any], where: str, among: Collection[str], style: PageStyle) -> int:
        """Return how many of the problems each paper has."""
        if not among:
            key = "among" if "among" in table else "topic"
            left = "" if key == "among" else " that the sheet does not ask elsewhere"
            raise self._error(f"{where}, {key}", expected(f"problems{left}", "none"))
        pick = table.get("pick", 1)
        if type(pick) is not int or not 1 <= pick <= len(among):
            wanted = f"a whole number from 1 to {len(among)}" if len(among) > 1 else "1"
            drawn = f"{pick!r}: it draws from {', '.join(among)}"
            raise self._error(f"{where}, pick", expected(wanted, drawn))
        if style.fixed and pick < len(among):
            raise self._error(where, FIXED_PROBLEMS)
        return pick

    def _entry(
        self, table: Mapping[str, Any], where: str, style: PageStyle, sheet_level: str, drawn: str | None = None
    ) -> Entry:
        """The entry of a table, or that of one of the problems that it draws from."""
        self._only(table, {*ENTRY_KEYS}, where)
        if drawn is None and ("id" in table) == ("file" in table):
            raise self._error(
                where, 'expected either id = "…" or file = "….py" (or topic or among, to draw from several)'
            )
        if drawn is None and "pick" in table:
            raise self._error(f"{where}, pick", 'goes with topic = "…" or among = ["…"]')
        name = drawn or self._text(table, "id" if "id" in table else "file")
        if "file" in table:
            name = str(self._path.parent / name)
            if not name.endswith(".py"):
                raise self._error(where, expected("a Python file", name))
        guided, extended = (self._flag(table, key, f"{where}, ") for key in ("guided", "extended"))
        try:
            problem = find_problem(name)
        except InputError as error:
            raise self._error(where, str(error)) from error
        level = self._text(table, "level")
        if level not in problem.levels:
            known = ", ".join(problem.levels)
            place = f"{where}, level" if level != sheet_level else "level"
            raise self._error(place, f"{problem.id} has no level {level!r}; it has {known}")
        choices, without = (self._parts(table, key, where) for key in ("choices", "without"))
        look = read_problem_style(table, style, lambda key, message: self._error(f"{where}, {key}", message))
        self._prose(table, "intro", f"{where}, intro")
        return Entry(
            problem, guided, self._points(table, where), choices, level, without, extended=extended, style=look
        )

    def _flag(self, table: Mapping[str, Any], key: str, where: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            raise self._error(f"{where}{key}", expected("true or false", repr(value)))
        return value

    def _points(self, table: Mapping[str, Any], where: str) -> Mapping[str, int]:
        points = table.get("points", {})
        if not isinstance(points, dict):
            raise self._error(f"{where}, points", expected("a table of parts and points", repr(points)))
        for part, worth in points.items():
            if not isinstance(worth, int) or isinstance(worth, bool) or not 0 <= worth <= 1000:
                raise self._error(f"{where}, points.{part}", expected("a whole number from 0", repr(worth)))
        return points

    def _parts(self, table: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
        parts = table.get(key, [])
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise self._error(f"{where}, {key}", expected("a list of parts", repr(parts)))
        return tuple(parts)

    def _text(self, table: Mapping[str, Any], key: str, default: str | None = None) -> str:
        value = table.get(key, default)
        if value is None:
            raise self._error(key, "missing")
        if not isinstance(value, str):
            raise self._error(key, expected("a text", repr(value)))
        return value

    def _only(self, table: Mapping[str, Any], known: set[str], where: str) -> None:
        for key in table:
            if key not in known:
                place = f"{where}, {key}" if where else key
                check_known(key, known, self._error(place, "there is no such key"))

    def _error(self, key: str, message: str) -> InputError:
        line = line_of_key(self._text_of_file, key)
        return InputError(f"{self._path}{f', line {line}' if line else ''}: {key}: {message}")
