"""One table of a plain question: its keys as texts, numbers and lists, and the errors about them, with their lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from generator.document import prose
from generator.document.markup import check_characters, pictures_in, without_code
from generator.document.placement import Placement, placed
from generator.errors import AuthoringError, InputError, did_you_mean, expected, shown
from generator.problem.author_code import line_with
from generator.problem.toml_lines import TableLines

T = TypeVar("T")

ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
"""An id of a question or of a part: as those of problems, words joined by hyphens."""


@dataclass(frozen=True)
class QuestionTable:
    """A table of a sheet's file: what messages call it, its contents, and where it and its keys stand.

    ``pictures`` gathers the files of the pictures in all texts that were read; ``check_nodes`` is for what texts become.
    """

    path: Path
    name: str
    table: Mapping[str, Any]
    lines: TableLines | None = None
    pictures: list[str] = field(default_factory=list)
    placement: Placement = field(default_factory=Placement)
    check_nodes: Callable[[object], None] = lambda _: None

    def error(self, key: str, message: str, text: str = "") -> InputError:
        """Return the error about a key: file, line, table, key and what was expected."""
        line = self.lines.keys.get(key.partition("[")[0], self.lines.line) if self.lines is not None else 0
        where = f"{self.path}, line {line}" if line else str(self.path)
        at_text = line_with(str(self.path), text, f"{self.path.name}, line {line or 1}") if text else ""
        if at_text:
            where = f"{self.path.parent / at_text}"
        return InputError(f"{where}: {self.name}{f', {key}' if key else ''}: {message}")

    def within(self, name: str, table: Mapping[str, Any], key: str) -> QuestionTable:
        """Return a table that stands as a value of a ``key``: a mistake, an option, a claim."""
        line = self.lines.keys.get(key, self.lines.line) if self.lines is not None else 0
        return replace(self, name=f"{self.name}, {name}", table=table, lines=TableLines(name, line) if line else None)

    # ------------------------------------------------------------------------------------------------ keys

    def check_keys(self, needed: Iterable[str], optional: Iterable[str]) -> None:
        """Raise :class:`InputError` for a key that is missing, and for one that is not known here."""
        needed = tuple(needed)
        known = (*needed, *optional)
        for key in self.table:
            if key not in known:
                raise self.error(key, f"there is no such key here{did_you_mean(key, known)}")
        for key in needed:
            if key not in self.table:
                raise self.error(key, f"missing; what is needed here is {', '.join(needed)}")

    def identity(self, key: str = "id") -> str:
        """Return an id."""
        value = self.table.get(key)
        if not isinstance(value, str) or not ID.fullmatch(value):
            raise self.error(key, expected("lower-case words joined by hyphens", shown(value)))
        return value

    def line(self, key: str, default: str) -> str:
        """Return words that stand in a single line."""
        value = self.table.get(key, default)
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            raise self.error(key, expected("a text in one line", shown(value)))
        return value

    def tex(self, key: str) -> str:
        """Return a formula, without dollar signs around it; empty if it is not given."""
        value = self.table.get(key, "")
        if not isinstance(value, str):
            raise self.error(key, expected("a formula, as a text", shown(value)))
        return self._checked(key, value.strip().strip("$"), self._check_tex)

    def _check_tex(self, tex: str) -> None:
        if tex:
            self.check_nodes(prose.nodes(f"${tex}$", {}))

    def text(self, key: str, **slots: Any) -> prose.Say:
        """Return a text in Markdown, its ``slots`` the values that it may show."""
        return self.checked_text(key, self.table.get(key), **slots)

    def checked_text(self, key: str, value: Any, **slots: Any) -> prose.Say:
        """Return a text that stands in the value of a key."""
        return self._prose(key, value, prose.nodes, slots)

    def sentence(self, key: str, **slots: Any) -> prose.Say:
        """Return a text of a single paragraph."""
        return self._prose(key, self.table.get(key), prose.inline, slots)

    def _prose(self, key: str, value: Any, read: Callable[..., Any], slots: Mapping[str, Any]) -> prose.Say:
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, expected("a text", shown(value)))

        def parsed(text: str) -> None:
            check_characters(without_code(text), "TOML", "write the text in single quotes, '''…'''")
            with placed(self.placement):
                self.check_nodes(read(prose.Say(text, slots), {}))
            self.pictures.extend(pictures_in(text))

        self._checked(key, value, parsed)
        return prose.Say(value, slots)

    def _checked(self, key: str, value: str, check: Callable[[str], object]) -> str:
        try:
            check(value)
        except AuthoringError as error:
            raise self.error(key, error.message, error.text) from error
        return value

    def texts(self, key: str, **slots: Any) -> tuple[prose.Say, ...]:
        """Return a text, or a list of texts, as a list."""
        value = self.table.get(key, [])
        if not isinstance(value, str | list):
            raise self.error(key, expected("a text, or a list of texts", shown(value)))
        return tuple(self.checked_text(key, one, **slots) for one in ([value] if isinstance(value, str) else value))

    def whole(self, key: str, default: int, least: int = 0) -> int:
        """Return a whole number."""
        value = self.table.get(key, default)
        if type(value) is not int or not least <= value <= 1000:
            raise self.error(key, expected(f"a whole number from {least} to 1000", shown(value)))
        return value

    def flag(self, key: str) -> bool:
        """Return whether something is so."""
        value = self.table.get(key, False)
        if not isinstance(value, bool):
            raise self.error(key, expected("true or false", shown(value)))
        return value

    def items(self, key: str) -> list[Any]:
        """Return a list."""
        value = self.table.get(key, [])
        if not isinstance(value, list):
            raise self.error(key, expected("a list", shown(value)))
        return value

    def tables(self, key: str, what: str) -> list[QuestionTable]:
        """Return the tables that are listed under a key."""
        found = self.items(key)
        for one in found:
            if not isinstance(one, dict):
                raise self.error(key, expected(f"a list of {what}", shown(one)))
        names = (key.removesuffix("s"), key.removesuffix("s"))
        return [self.within(f"{names[0]} {place}", one, key) for place, one in enumerate(found, start=1)]

    def rubric(self, key: str = "rubric") -> tuple[tuple[int, str], ...]:
        """Return points, and what earns them."""
        wanted = '[points, "what earns them"], with positive points'
        for row in self.items(key):
            if not (isinstance(row, list) and len(row) == 2 and type(row[0]) is int and row[0] > 0):
                raise self.error(key, expected(wanted, shown(row)))
            self._prose(key, row[1], prose.inline, {})
        return tuple((points, text) for points, text in self.items(key))

    def exact(self, key: str, read: Callable[..., T]) -> T:
        """Return an exact value, by one of the readers of parameters."""
        try:
            return read(self.table.get(key), field="")
        except AuthoringError as error:  # a date, say
            raise self.error(key, error.message) from error
        except InputError as error:
            place, _, message = error.message.rpartition("]: ")
            raise self.error(f"{key}{place}]" if place else key, message.removeprefix(": ")) from error
