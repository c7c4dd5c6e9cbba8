"""Reading a bank's TOML file: its entries and texts, checked one key after the other."""

from __future__ import annotations

import inspect
import re
import tomllib
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from generator.document.slots import SLOT
from generator.errors import AuthoringError, expected
from generator.problem.words import Claim, Essay

KINDS = ("recall", "explain", "prove")
LEVELS = ("easy", "standard", "hard")
"""The levels of difficulty."""

_COMMON = ("level", "requires", "not_with")
_ESSAY = ("kind", "question", "answer", "rubric")
_CLAIM = ("claim", "true", "reason")
_PART = ("steps", "for_each", "points", "room", "guided")
_FILLED = ("question", "answer")
"""Texts of an entry whose slots the bank's functions may fill."""

# A line break within a paragraph, but not before an item of a list or a row of a table, nor around a displayed formula.
_WRAPPED = re.compile(r"(?<!\$\$)[ \t]*(?<!\n)\n[ \t]*(?!\n|[-*|] |\d+[.)] |\$\$)")


@dataclass(frozen=True)
class Entry:
    """One entry of a bank: a question with its :class:`Essay`, or a :class:`Claim`."""

    group: str
    name: str
    kind: str = ""
    question: str = ""
    essay: Essay | None = None
    claim: Claim | None = None
    levels: tuple[str, ...] = LEVELS
    requires: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Its name within the bank: ``question.single_example``."""
        return f"{self.group}.{self.name}"

    def is_drawn_at(self, level: str) -> bool:
        """Return whether samplers of this level may draw it."""
        return level in self.levels

    def check_names(
        self, file: str, values: Container[str], functions: Container[str], parameters: Container[str]
    ) -> None:
        """Raise :class:`AuthoringError` for a slot that no value fills, and for a condition that names nothing."""
        for key, text in self.texts.items():
            for match in SLOT.finditer(text):
                if match[1] not in values and not (key in _FILLED and match[1] in functions):
                    raise AuthoringError(f"{file}, {self.key}, {key}: no value fills the slot {match[0]}")
        for name in self.requires:
            if name not in functions and name not in parameters:
                raise AuthoringError(f"{file}, {self.key}, requires: {name!r} is neither a function nor a parameter")
        for name in self.not_with:
            if "." not in name and name not in parameters:
                raise AuthoringError(f"{file}, {self.key}, not_with: {name!r} is neither an entry nor a parameter")


@dataclass(frozen=True)
class PartText:
    """What a part says: its question, its worked steps, and a step that is written once for each of several rows."""

    text: str
    steps: tuple[str, ...] = ()
    for_each: str = ""
    points: int = 0
    room: int = 0
    guided: bool = False


@dataclass(frozen=True)
class BankFile:
    """The contents of a bank's file: entries to draw from by group and id, and texts by their names."""

    groups: Mapping[str, Mapping[str, Entry]]
    parts: Mapping[str, PartText]
    mistakes: Mapping[str, str]
    texts: Mapping[str, str]


class _Table:
    """One entry's table, and the errors about it."""

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
        if value.replace(r"\$", "").count("$") % 2:
            raise self.error(key, r"a dollar sign has no partner; write \$ for one that opens no formula")
        return _WRAPPED.sub(" ", inspect.cleandoc(value))

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


def read_bank(path: Path) -> BankFile:
    """Read a bank's file.  Raises :class:`AuthoringError` naming file, entry and key."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AuthoringError(f"there is no bank {path.name} beside the problem's file") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AuthoringError(f"{path.name} cannot be read: {error}") from error
    file = path.name
    parts, mistakes, texts = (_Table(file, key, tables.pop(key, {})) for key in ("parts", "mistakes", "texts"))
    return BankFile(
        _groups(file, tables),
        {key: part for name, table in parts.table.items() for key, part in _cases(file, name, table)},
        {name: mistakes.text(name) for name in mistakes.table},
        dict(_flat(texts)),
    )


def _flat(texts: _Table) -> Iterator[tuple[str, str]]:
    """All texts; one in a table has its name before its own: ``options.first``."""
    for name, value in texts.table.items():
        if isinstance(value, dict):
            inner = _Table(texts.file, f"{texts.key}.{name}", value)
            yield from ((f"{name}.{key}", inner.text(key)) for key in value)
        else:
            yield name, texts.text(name)


def _cases(file: str, name: str, raw: Any) -> Iterator[tuple[str, PartText]]:
    """The part under its name; or, if it has tables, each of these under ``name.case``, with what they have in common."""
    common = _Table(file, f"parts.{name}", raw).table
    cases = {key: value for key, value in common.items() if isinstance(value, dict)}
    common = {key: value for key, value in common.items() if key not in cases}
    if not cases:
        yield name, _part(_Table(file, f"parts.{name}", common))
    for case, table in cases.items():
        yield f"{name}.{case}", _part(_Table(file, f"parts.{name}.{case}", {**common, **table}))


def _part(table: _Table) -> PartText:
    table.check_keys(("text",), _PART)
    for_each = table.text("for_each") if "for_each" in table.table else ""
    return PartText(
        table.text("text"),
        table.texts("steps"),
        for_each,
        table.whole("points", 0),
        table.whole("room", 0),
        table.flag("guided"),
    )


def _groups(file: str, tables: Mapping[str, Any]) -> Mapping[str, Mapping[str, Entry]]:
    found: dict[str, dict[str, Entry]] = {}
    for group, entries in tables.items():
        if not isinstance(entries, dict) or not entries:
            raise AuthoringError(f"{file}, {group}: expected entries [{group}.…]; got {entries!r}")
        found[group] = {name: _entry(file, group, name, entry) for name, entry in entries.items()}
        if len({entry.claim is None for entry in found[group].values()}) > 1:
            raise AuthoringError(f"{file}, {group}: a group has either questions or claims, not both")
    return {
        group: {name: _resolved(file, entry, found) for name, entry in entries.items()}
        for group, entries in found.items()
    }


def _entry(file: str, group: str, name: str, raw: Any) -> Entry:
    table = _Table(file, f"{group}.{name}", raw)
    is_claim = "claim" in table.table
    table.check_keys(_CLAIM if is_claim else _ESSAY, _COMMON if is_claim else ("lines", *_COMMON))
    levels = table.names("level", LEVELS) if "level" in table.table else LEVELS
    entry = Entry(group, name, levels=levels, requires=table.names("requires"), not_with=table.names("not_with"))
    if is_claim:
        claim, verdict, reason = table.text("claim"), table.flag("true"), table.text("reason")
        return replace(entry, claim=Claim(claim, verdict, reason), texts={"claim": claim, "reason": reason})
    kind, question, answer, rubric = table.table["kind"], table.text("question"), table.text("answer"), table.rubric()
    if kind not in KINDS:
        raise table.error("kind", expected(f"one of {', '.join(KINDS)}", repr(kind)))
    texts = {"question": question, "answer": answer, "rubric": " ".join(text for _, text in rubric)}
    return replace(
        entry, kind=kind, question=question, essay=Essay(answer, rubric, table.whole("lines", 3)), texts=texts
    )


def _resolved(file: str, entry: Entry, groups: Mapping[str, Mapping[str, Entry]]) -> Entry:
    """The entry with the ids in its ``not_with`` written in full; what names no entry should be a parameter."""
    names = []
    for name in entry.not_with:
        homes = [group for group, entries in groups.items() if name in entries]
        group, _, rest = name.partition(".")
        if rest and rest not in groups.get(group, {}):
            raise AuthoringError(f"{file}, {entry.key}, not_with: there is no entry {name}")
        if len(homes) > 1:
            raise AuthoringError(
                f"{file}, {entry.key}, not_with: {name!r} is in {' and '.join(homes)}; write {homes[0]}.{name}"
            )
        names.append(f"{homes[0]}.{name}" if homes else name)
    return replace(entry, not_with=tuple(names))
