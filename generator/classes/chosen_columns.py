"""Columns of a class list that the user names: ``--columns "id=SIS Login ID,name=First name+Last name"``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from generator.classes.roster_columns import heading
from generator.errors import InputError, expected
from generator.paper.csv_tables import listed, shown

Chosen: TypeAlias = Mapping[str, str]
"""Our column → the file's, or several joined by ``+``."""

CAN_BE_CHOSEN = ("id", "name", "section", "email", "seat", "needs")

_BEGINNING = re.compile(rf"(?:^|,)\s*({'|'.join(CAN_BE_CHOSEN)})\s*=", re.IGNORECASE)


def parse_columns(text: str) -> Chosen:
    """Return ``"id=SID,name=Last name, first"`` as columns; a comma within a name is part of it."""
    start, *parts = _BEGINNING.split(text)
    names = [name.lower() for name in parts[::2]]
    chosen = {name: column.strip() for name, column in zip(names, parts[1::2], strict=True)}
    if start.strip() or not chosen or len(chosen) < len(names) or not all(chosen.values()):
        known = ", ".join(f"{name}=…" for name in CAN_BE_CHOSEN)
        raise InputError(
            expected(f"each of some of {known} once, with the file's column", shown(text)), field="--columns"
        )
    return chosen


def chosen_places(chosen: Chosen, fields: Sequence[str], *, strict: bool = False) -> dict[str, tuple[int, ...]]:
    """Return the places of the chosen columns among the header's fields.

    If ``strict``, raise :class:`InputError` for one that is not there, or there twice.
    """
    found: dict[str, tuple[int, ...]] = {}
    for name, column in chosen.items():
        whole = _places_of(column, fields)
        parts = [whole] if whole else [_places_of(part, fields) for part in column.split("+")]
        if all(len(places) == 1 for places in parts):
            found[name] = tuple(place for places in parts for place in places)
        elif strict:
            kind = "a column that is there twice: give its number" if any(len(places) > 1 for places in parts) else ""
            got = f"{shown(column)}, {kind}" if kind else f"{shown(column)}; the file has {listed(fields)}"
            raise InputError(expected(f"a column of the class list for {name}", got), field="--columns")
    return found


def _places_of(column: str, fields: Sequence[str]) -> list[int]:
    """The places of the columns of a name; a number counts columns where none is called so."""
    key = heading(column)
    places = [place for place, field in enumerate(fields) if key and heading(field) == key]
    if places or not re.fullmatch(r"\s*[0-9]{1,4}\s*", column) or not 1 <= int(column) <= len(fields):
        return places
    return [int(column) - 1]
