"""A bank in another language: ``layer_norm.de.toml`` beside ``layer_norm.toml`` has the same keys, with texts alone.

What it leaves out stays in the bank's own language.  Points, conditions and kinds are those of the bank; a rubric is the list of its
texts.  ``title`` is the problem's title.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from generator.document.slots import SLOT
from generator.errors import AuthoringError, expected, near
from generator.errors.language import ENGLISH

TITLE = "title"
_NO_TEXTS = frozenset(("kind", "rubric_each", "symbols"))
"""Keys whose values are words of the program, or formulas."""


def translation_of(path: Path, language: str) -> Path | None:
    """Return the file with the texts of a bank in a language; None if there is none."""
    found = path.with_suffix(f".{language}.toml")
    return found if language != ENGLISH and found.is_file() else None


def translated(tables: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return a bank's tables with the texts of the file at ``path``; raise :class:`AuthoringError` naming file and key."""
    try:
        texts = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AuthoringError(f"{path.name} cannot be read: {error}") from error
    title = texts.pop(TITLE, "")
    if not isinstance(title, str):
        raise AuthoringError(f"{path.name}, {TITLE}: {expected('a text', repr(title))}")
    return _Translation(path.name).table("", tables, texts) | ({TITLE: title} if title else {})


class _Translation:
    """Puts texts in the place of others; every error names file and key."""

    def __init__(self, file: str) -> None:
        self._file = file

    def table(self, where: str, ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
        """Return a table with its texts replaced by those of the same keys."""
        found = dict(ours)
        for key, value in theirs.items():
            name = f"{where}.{key}" if where else key
            if key not in ours:
                raise self._error(name, f"the bank has no such key{near(key, ours)}")
            found[key] = self._replaced(name, key, ours[key], value)
        return found

    def _replaced(self, name: str, key: str, ours: Any, theirs: Any) -> Any:
        if isinstance(ours, dict) and isinstance(theirs, dict):
            return self.table(name, ours, theirs)
        if isinstance(ours, dict) and isinstance(ours.get("text"), str):
            return {**ours, "text": self._text(f"{name}.text", ours["text"], theirs)}
        if isinstance(ours, list) and key in ("steps", "rubric"):
            if not isinstance(theirs, list) or len(theirs) != len(ours):
                raise self._error(name, expected(f"a list of {len(ours)} texts", repr(theirs)))
            return [self._line(name, *pair) for pair in zip(ours, theirs, strict=True)]
        if isinstance(ours, str) and key not in _NO_TEXTS:
            return self._text(name, ours, theirs)
        raise self._error(name, "a translation has texts alone; leave this key out")

    def _line(self, name: str, ours: Any, theirs: Any) -> Any:
        """Return a step, or a line of a rubric, whose points stay."""
        if isinstance(ours, list):
            points, text, *rest = ours
            return [points, self._text(name, text, theirs), *rest]
        return self._text(name, ours, theirs)

    def _text(self, name: str, ours: str, theirs: Any) -> str:
        if not isinstance(theirs, str):
            raise self._error(name, expected("a text", repr(theirs)))
        known = {match[1] for match in SLOT.finditer(ours)}
        for match in SLOT.finditer(theirs):
            if match[1] not in known:
                raise self._error(name, f"the slot {match[0]} is not in the bank's own text")
        return theirs

    def _error(self, key: str, message: str) -> AuthoringError:
        return AuthoringError(f"{self._file}, {key}: {message}")
