"""One table of a bank's TOML file: its keys as texts, lists, numbers and flags, and the errors about them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Container
from difflib import get_close_matches
from functools import partial
from typing import Any

from generator.document.markup import check_characters, outside_code, without_code
from generator.errors import AuthoringError, expected

# A line break within a paragraph, but not before an item of a list or a row of a table, nor around a displayed formula.
_WRAPPED = re.compile(r"(?<!\$\$)[ \t]*(?<!\n)\n[ \t]*(?!\n|[-*|] |\d+[.)] |\$\$)")


class Table:
    """A table under its key; every error names file, table and key."""

    def __init__(self, file: str, key: str, table: Any) -> None:
        self.file, self.key, self.where = file, key, f"{file}, {key}"
        if not isinstance(table, dict):
            raise AuthoringError(f"{self.where}: expected a table; got {table!r}")
        self.table = table

    def error(self, key: str, message: str) -> AuthoringError:
        return AuthoringError(f"{self.where}, {key}: {message}")

    def check_keys(self, needed: tuple[str, ...], optional: tuple[str, ...]) -> None:
        known = (*needed, *optional)
        for key in self.table:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(known)}"
                raise self.error(key, f"unknown key; {hint}")
        for key in needed:
            if key not in self.table:
                raise self.error(key, "missing")

    def text(self, key: str) -> str:
        return self.checked_text(key, self.table[key])

    def checked_text(self, key: str, value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, expected("a text", repr(value)))
        if without_code(value).replace(r"\$", "").count("$") % 2:
            raise self.error(key, r"a dollar sign has no partner; write \$ for one that opens no formula")
        try:
            check_characters(without_code(value), "TOML", "write the text in single quotes, '''…'''")
        except AuthoringError as error:
            raise self.error(key, error.message) from error
        return outside_code(partial(_WRAPPED.sub, " "), inspect.cleandoc(value))

    def names(self, key: str, known: Container[str] | None = None) -> tuple[str, ...]:
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.error(key, expected("a list of names", repr(value)))
        for one in value:
            if known is not None and one not in known:
                raise self.error(key, f"unknown name {one!r}")
        return tuple(value)

    def rubric(self) -> tuple[tuple[int, str], ...]:
        rows = self.table["rubric"]
        if not isinstance(rows, list) or not rows:
            raise self.error("rubric", expected("a list of [points, what earns them]", repr(rows)))
        for row in rows:
            if not (isinstance(row, list) and len(row) == 2 and type(row[0]) is int and row[0] > 0):
                raise self.error("rubric", expected("[points, what earns them] with positive points", repr(row)))
        return tuple((points, self.checked_text("rubric", text)) for points, text in rows)

    def split(self) -> tuple[tuple[Any, ...], ...]:
        """The rubric of a part that is computed: lists of points, what earns them, and the steps that belong to it."""
        rows = self.table.get("rubric", [])
        if not isinstance(rows, list):
            raise self.error("rubric", expected("a list of [points, what earns them, steps …]", repr(rows)))
        for row in rows:
            if not (isinstance(row, list) and len(row) >= 2 and type(row[0]) is int and row[0] > 0):
                raise self.error(
                    "rubric", expected("[points, what earns them, steps …] with positive points", repr(row))
                )
            if not all(isinstance(step, str) for step in row[2:]):
                raise self.error("rubric", expected("names of steps after the text", repr(row)))
        return tuple((row[0], self.checked_text("rubric", row[1]), *row[2:]) for row in rows)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.table.get(key, [])
        if not isinstance(value, list):
            raise self.error(key, expected("a list of texts", repr(value)))
        return tuple(self.checked_text(key, text) for text in value)

    def whole(self, key: str, default: int) -> int:
        value = self.table.get(key, default)
        if type(value) is not int or (key in self.table and value < 1):
            raise self.error(key, expected("a positive whole number", repr(value)))
        return value

    def flag(self, key: str) -> bool:
        value = self.table.get(key, False)
        if not isinstance(value, bool):
            raise self.error(key, expected("true or false", repr(value)))
        return value
