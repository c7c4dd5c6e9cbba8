"""Reading a bank's TOML file: its entries and texts, checked one key after the other."""

from __future__ import annotations

import tomllib
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from generator.document.slots import SLOT
from generator.errors import AuthoringError, expected
from generator.errors.language import ENGLISH
from generator.problem.bank_table import Table
from generator.problem.bank_translation import TITLE, translated, translation_of
from generator.problem.insights import Insights
from generator.problem.words import Claim, Essay

KINDS = ("recall", "explain", "prove")
LEVELS = ("easy", "standard", "hard")
"""The levels of difficulty."""

_COMMON = ("level", "requires", "not_with", "tells", "asks", "needs")
_ESSAY = ("kind", "question", "answer", "rubric")
_CLAIM = ("claim", "true", "reason")
_PART = (
    "steps", "for_each", "hint", "points", "guided_points", "rubric", "rubric_each", "room", "guided", "extended", "needs",
    "needed", "tells", "asks",
)  # fmt: skip
_FILLED = ("question", "answer", "rubric", "claim", "reason")
"""Texts of an entry whose slots the bank's functions may fill."""


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
    tells: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Its name within the bank: ``question.single_example``."""
        return f"{self.group}.{self.name}"

    @cached_property
    def insights(self) -> Insights:
        """What it tells and asks, and the parts that it refers to."""
        tells, asks, needs = map(frozenset, (self.tells, self.asks, self.needs))
        return Insights(tells, asks, self.key, is_drawn=True, is_claim=self.claim is not None, needs=needs)

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
    hint: str = ""
    points: int = 0
    room: int = 0
    guided: bool = False
    needs: tuple[str, ...] = ()
    needed: bool = False
    tells: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    guided_points: int = 0
    rubric: tuple[tuple[Any, ...], ...] = ()
    rubric_each: str = ""
    extended: bool = False


@dataclass(frozen=True)
class BankFile:
    """The contents of a bank's file: entries to draw from by group and id, texts by their names, what some of these tell, and a
    translation's title.
    """

    groups: Mapping[str, Mapping[str, Entry]]
    parts: Mapping[str, PartText]
    mistakes: Mapping[str, str]
    texts: Mapping[str, str]
    symbols: Mapping[str, str]
    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    title: str = ""


def read_bank(path: Path, language: str = ENGLISH) -> BankFile:
    """Read a bank's file, with its texts in a language if there are such.  Raises :class:`AuthoringError` naming file, entry and key."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise AuthoringError(f"there is no bank {path.name} beside the problem's file") from None
    except UnicodeDecodeError as error:
        raise AuthoringError(f"{path.name} is not UTF-8 at byte {error.start + 1}: save it as UTF-8") from error
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise AuthoringError(f"{path.name} cannot be read: {error}") from error
    file, title = path.name, ""
    if (translation := translation_of(path, language)) is not None:
        file, tables = translation.name, translated(tables, translation)
        title = tables.pop(TITLE, "")
    names = ("parts", "mistakes", "texts", "symbols")
    parts, mistakes, texts, symbols = (Table(file, key, tables.pop(key, {})) for key in names)
    return BankFile(
        _groups(file, tables),
        {key: part for name, table in parts.table.items() for key, part in _cases(file, name, table)},
        {name: mistakes.text(name) for name in mistakes.table},
        {name: table.text(key) for name, key, table in _flat(texts)},
        {name: symbols.text(name) for name in symbols.table},
        {name: table.names("tells") for name, key, table in _flat(texts) if key == "text"},
        title,
    )


def _flat(texts: Table, before: str = "") -> Iterator[tuple[str, str, Table]]:
    """All texts, each with its key and the table that has it; one in a table has that table's name before its own: ``options.first``.

    A table with ``text`` is one text, with what it ``tells``.
    """
    for name, value in texts.table.items():
        if not isinstance(value, dict):
            yield f"{before}{name}", name, texts
            continue
        inner = Table(texts.file, f"{texts.key}.{name}", value)
        if "text" in value:
            inner.check_keys(("text",), ("tells",))
            yield f"{before}{name}", "text", inner
        else:
            yield from _flat(inner, f"{before}{name}.")


def _cases(file: str, name: str, raw: Any) -> Iterator[tuple[str, PartText]]:
    """The part under its name; or, if it has tables, each of these under ``name.case``, with what they have in common."""
    common = Table(file, f"parts.{name}", raw).table
    cases = {key: value for key, value in common.items() if isinstance(value, dict)}
    common = {key: value for key, value in common.items() if key not in cases}
    if not cases:
        yield name, _part(Table(file, f"parts.{name}", common))
    for case, table in cases.items():
        yield f"{name}.{case}", _part(Table(file, f"parts.{name}.{case}", {**common, **table}))


def _part(table: Table) -> PartText:
    table.check_keys(("text",), _PART)
    for_each, hint, rubric_each = (
        table.text(key) if key in table.table else "" for key in ("for_each", "hint", "rubric_each")
    )
    if rubric_each and "rubric" not in table.table:
        raise table.error("rubric_each", "expected a rubric whose points it multiplies")
    return PartText(
        table.text("text"),
        table.texts("steps"),
        for_each,
        hint,
        table.whole("points", 0),
        table.whole("room", 0),
        table.flag("guided"),
        table.names("needs"),
        table.flag("needed"),
        table.names("tells"),
        table.names("asks"),
        table.whole("guided_points", 0),
        table.split(),
        rubric_each,
        table.flag("extended"),
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
    table = Table(file, f"{group}.{name}", raw)
    is_claim = "claim" in table.table
    table.check_keys(_CLAIM if is_claim else _ESSAY, _COMMON if is_claim else ("lines", *_COMMON))
    levels = table.names("level", LEVELS) if "level" in table.table else LEVELS
    requires, not_with, tells, asks, needs = map(table.names, ("requires", "not_with", "tells", "asks", "needs"))
    entry = Entry(group, name, levels=levels, requires=requires, not_with=not_with, tells=tells, asks=asks, needs=needs)
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
