"""A class's PDFs in one file each: its worksheets for the copier, its keys with an index."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from generator.classes.summary import Summary
from generator.errors import InputError, expected
from generator.tex.pdf import Engine

if TYPE_CHECKING:  # it reads PDFs with a library that is slow to import, and few classes are bound
    from generator.tex.binding import Bound

WORKSHEETS, KEYS = "worksheets.pdf", "keys.pdf"
HASHES = "bound.json"
"""The SHA-256 of each bound PDF, as the manifest has those of the papers' files."""

_COLUMNS = ("section", "name", "id", "email")


@dataclass(frozen=True)
class Binding:
    """The PDFs to bind: all keys, if ``keys``; all worksheets in the order of some columns, if there are any.

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
        raise InputError(expected(f"some of {', '.join(_COLUMNS)}", got), field="--print-order")
    return names


def bind_class(
    papers: Sequence[Summary], title: str, folder: Path, binding: Binding, engine: Engine, staging: Path
) -> None:
    """Write :data:`WORKSHEETS` and :data:`KEYS` into ``folder``, as the binding asks, and their hashes.

    ``papers`` are the class's, in its order.
    """
    from generator.tex.binding import one_pdf

    made = []
    if binding.print_order:
        ordered = sorted(papers, key=lambda paper: _sort_key(paper, binding.print_order))
        one_pdf(_bound(ordered, "worksheet", folder), staging / WORKSHEETS, engine, duplex=binding.duplex)
        made.append(WORKSHEETS)
    if binding.keys:
        one_pdf(_bound(papers, "key", folder), staging / KEYS, engine, duplex=False, index=f"{title}: keys")
        made.append(KEYS)
    (staging / HASHES).write_bytes(msgspec.json.encode({name: _digest(staging / name) for name in made}) + b"\n")
    for name in (*made, HASHES):
        (staging / name).replace(folder / name)


def bound_faults(folder: Path) -> Iterator[str]:
    """Yield what is not as it was bound."""
    there = {name for name in (WORKSHEETS, KEYS) if (folder / name).is_file()}
    try:
        hashes = json.loads((folder / HASHES).read_bytes())
        known = {name: str(hashes[name]) for name in (WORKSHEETS, KEYS) if name in hashes}
    except FileNotFoundError:
        known = {}
    except (OSError, ValueError, TypeError) as error:
        yield f"{HASHES} cannot be read: {error}"
        return
    for name in sorted(there | known.keys()):
        if name not in known:
            yield f"{name} has no hash in {HASHES}: give the class's command again to bind it anew"
        elif name not in there:
            yield f"{name} is missing, and {HASHES} has its hash"
        elif _digest(folder / name) != known[name]:
            yield f"{name} is not as it was written"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _bound(papers: Sequence[Summary], stem: str, folder: Path) -> Iterator[Bound]:
    from generator.tex.binding import Bound

    for paper in papers:
        name = paper.name or f"Form {paper.form}"
        place = next(file for file in paper.files if file.endswith(f"/{stem}.pdf"))
        yield Bound(name, paper.student if paper.name else "", paper.paper, (folder / place).read_bytes())


def _sort_key(paper: Summary, columns: Sequence[str]) -> tuple[list[str | int], ...]:
    """By the columns, then by id."""
    cells = {"section": paper.section, "name": paper.name, "id": paper.student, "email": paper.email}
    return tuple(sort_key(cells[column]) for column in (*columns, "id"))


def sort_key(text: str) -> list[str | int]:
    """As people sort a printed list: accents and capitals count for nothing, and Lab 2 comes before Lab 10."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter)
    )
    # Texts and numbers take turns, so that two keys never compare one with the other.
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", plain)]
