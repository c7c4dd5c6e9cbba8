"""A class's PDFs in one file each: its worksheets for the copier, its keys with an index."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.errors import InputError
from generator.tex.binding import Bound, one_pdf
from generator.tex.pdf import Engine

WORKSHEETS, KEYS = "worksheets.pdf", "keys.pdf"
_COLUMNS = ("section", "name", "id", "email")


@dataclass(frozen=True)
class Binding:
    """What is bound: all keys, if ``keys``; all worksheets in the order of some columns, if there are any.

    With ``duplex`` every worksheet begins on a right-hand page.
    """

    keys: bool = False
    print_order: tuple[str, ...] = ()
    duplex: bool = False

    def __bool__(self) -> bool:
        return self.keys or bool(self.print_order)


NOT_BOUND = Binding()


def parse_print_order(text: str) -> tuple[str, ...]:
    """``"section,name"`` as columns of the class list, each known."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in _COLUMNS]
    if unknown or not names:
        got = ", ".join(unknown) or "nothing"
        raise InputError(f"expected some of {', '.join(_COLUMNS)}; got {got}", field="--print-order")
    return names


def bind_class(
    records: Sequence[dict[str, Any]], title: str, folder: Path, binding: Binding, engine: Engine, staging: Path
) -> None:
    """Write :data:`WORKSHEETS` and :data:`KEYS` into ``folder``, as the binding asks; ``records`` are whose papers."""
    if binding.print_order:
        ordered = sorted(records, key=lambda record: _sort_key(record["student"], binding.print_order))
        one_pdf(_bound(ordered, "worksheet", folder), staging / WORKSHEETS, engine, duplex=binding.duplex)
        (staging / WORKSHEETS).replace(folder / WORKSHEETS)
    if binding.keys:
        one_pdf(_bound(records, "key", folder), staging / KEYS, engine, duplex=False, index=f"{title}: keys")
        (staging / KEYS).replace(folder / KEYS)


def _bound(records: Sequence[dict[str, Any]], stem: str, folder: Path) -> Iterator[Bound]:
    for record in records:
        whose = record["student"]
        name = whose["name"] or f"Form {record['form']}"
        place = next(file for file in record["files"] if file.endswith(f"/{stem}.pdf"))
        yield Bound(name, whose["id"] if whose["name"] else "", record["id"], (folder / place).read_bytes())


def _sort_key(student: dict[str, str], columns: Sequence[str]) -> tuple[str, ...]:
    """By the columns, then by id; accents and capitals count for nothing, as in a printed list."""
    return tuple(_plain(student[column]) for column in (*columns, "id"))


def _plain(text: str) -> str:
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter)
    )
