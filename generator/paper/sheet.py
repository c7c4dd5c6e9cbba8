"""A sheet: which problems, in which order and how.  It is read from TOML: see :mod:`generator.paper.sheet_file`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from generator.document.page_style import PLAIN_STYLE, PageStyle
from generator.errors import InputError
from generator.paper.ids import sheet_code
from generator.paper.sheet_options import (
    PLAIN_PROBLEM,
    ProblemStyle,
    override,
)
from generator.paper.sources import sources_of
from generator.problem.draw import Draw
from generator.problem.problem import Problem
from generator.problem.toml_lines import line_of_key

FIXED_PROBLEMS = "a fixed layout has the same problems on all papers: name them by their ids"


@dataclass(frozen=True)
class Entry:
    """One problem as a sheet asks for it; where there are parts that it asks ``only``, it asks no others.

    Follow-ups are asked where it is ``extended``, which sheets have to say.  ``table`` counts the ``[[problem]]`` tables of the
    sheet's file up to its own; one that is drawn from several problems has their ids in ``among``.
    """

    problem: Problem
    guided: bool = False
    points: Mapping[str, int] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    level: str = "standard"
    without: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    extended: bool = True
    style: ProblemStyle = PLAIN_PROBLEM
    table: int = 0
    among: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether it is a plain question or a pool of the sheet's file."""
        return Path(self.problem.source or "").suffix == ".toml"


@dataclass(frozen=True)
class Sheet:
    """A sheet, ready to be drawn from.

    ``name`` is what its numbers depend on: that in the file, or else the file's stem.  ``path`` and ``text`` are the file
    itself: from them another process makes it again.  ``overrides`` are options of the command in place of keys of the file.
    ``minutes`` and ``total_points`` are what the file says of itself, for ``worksheet list`` to show and ``worksheet check`` to confirm.
    ``picks`` says how many of the entries of a table each paper has, where it does not have all: see :meth:`for_paper`.
    """

    name: str
    title: str
    entries: tuple[Entry, ...]
    course: str = ""
    instructions: str = ""
    templates: Path | None = None
    path: Path = Path()
    text: str = field(default="", repr=False)
    style: PageStyle = PLAIN_STYLE
    overrides: Mapping[str, Any] = field(default_factory=dict)
    minutes: int | None = None
    total_points: int | None = None
    picks: Mapping[int, int] = field(default_factory=dict)

    def for_paper(self, source: str) -> Sheet:
        """Return the sheet with the entries that the paper with a stream has: those of each table with a pick are drawn."""
        if not self.picks:
            return self
        chosen = {
            entry.problem.id
            for table, pick in self.picks.items()
            for entry in Draw(source, "pick", table).sample([one for one in self.entries if one.table == table], pick)
        }
        entries = tuple(one for one in self.entries if one.table not in self.picks or one.problem.id in chosen)
        return replace(self, entries=entries, picks={})

    @property
    def length(self) -> int:
        """The number of problems on a paper."""
        return sum(one.table not in self.picks for one in self.entries) + sum(self.picks.values())

    @property
    def asked(self) -> list[tuple[object, ...]]:
        """What it asks of which problems, as far as the ids of its papers depend on it; what is drawn for a paper makes no difference."""
        left = dict(self.picks)
        found: list[tuple[object, ...]] = []
        for e in self.entries:
            if left.get(e.table, 1) > 0:
                asked = (e.among or e.problem.id, e.level, e.guided, sorted(e.choices), sorted(e.without))
                found.append(asked if e.extended else (*asked, "plain"))
            if e.table in left:
                left[e.table] -= 1
        return found

    @property
    def code(self) -> str:
        """The two letters in the ids of its papers with public numbers: of its name, and of what it asks."""
        return sheet_code(repr((self.name, self.asked)))

    @cached_property
    def sources(self) -> Mapping[str, str]:
        """The author's own files that its papers come from: see :func:`generator.paper.sources.sources_of`."""
        problems = [entry.problem for entry in self.entries]
        return sources_of(self.path, self.text, problems, self.templates, self.style.logo)

    @property
    def language(self) -> str:
        """The code of the language of labels and messages."""
        return self.style.language

    def in_language(self, language: str) -> Sheet:
        """Return the sheet with its labels and messages in a language."""
        return self if language == self.language else replace(self, style=replace(self.style, language=language))

    def overridden(self, options: Mapping[str, Any]) -> Sheet:
        """Return the sheet with options of the command in place of keys of its file."""
        if not options:
            return self
        look = {key: value for key, value in options.items() if key != "extended"}
        style = override(tomllib.loads(self.text), look, self.path.parent) if look else self.style
        if style.fixed and self.picks:
            raise InputError(FIXED_PROBLEMS, field="--layout")
        entries = tuple(replace(one, extended=options.get("extended", one.extended)) for one in self.entries)
        return replace(self, style=style, overrides=options, entries=entries)

    def at_level(self, level: str) -> Sheet:
        """Return the sheet with all its problems at a level; plain questions have none.  Raises :class:`InputError` for an unknown one."""
        for entry in self.entries:
            if not entry.is_plain and level not in entry.problem.levels:
                known = ", ".join(entry.problem.levels)
                raise InputError(f"{entry.problem.id} has no level {level!r}; it has {known}", field="--level")
        return replace(self, entries=tuple(one if one.is_plain else replace(one, level=level) for one in self.entries))

    def place_of(self, number: int, key: str) -> str:
        """Return where a problem, from 1 on, or one of its keys stands in the file, to begin a message with."""
        if self.path.suffix != ".toml":
            return ""
        entry = self.entries[number - 1]
        line = 0 if entry.is_plain else line_of_key(self.text, f"problem {entry.table or number}, {key}")
        place = f"{self.path.name}{f', line {line}' if line else ''}"
        return f"{place}: {entry.problem.id}, " if entry.is_plain else f"{place}: problem {entry.table or number}, "

    def with_places(self, places: Mapping[str, int]) -> Sheet:
        """Return the sheet with the heights that a fixed layout reserves for the parts."""
        return replace(self, style=replace(self.style, places=tuple(places.items()))) if places else self
