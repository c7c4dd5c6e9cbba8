"""What a deck of cards must be for Anki to take it."""

from __future__ import annotations

import json
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

_FIELDS = 4
_PICTURE = re.compile(r'<img src="([^"]*)" alt="([^"]*)"')


def check(path: Path) -> Iterator[str]:
    """Yield what is wrong with a deck."""
    try:
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
            dated = [one.filename for one in archive.infolist() if one.date_time[0] != 1980]
    except zipfile.BadZipFile:
        yield "no zip"
        return
    yield from (f"{name} has the date of a clock" for name in dated)
    if "collection.anki2" not in files or "media" not in files:
        yield "collection.anki2 or media is missing"
        return
    try:
        media = json.loads(files["media"])
    except ValueError:
        yield "media is no JSON"
        return
    for number, name in media.items():
        if number not in files:
            yield f"the picture {name} is missing"
        if "/" in name or "\\" in name:
            yield f"the picture {name} has a folder in its name"
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder, "collection.anki2")
        database.write_bytes(files["collection.anki2"])
        try:
            with closing(sqlite3.connect(database)) as connection:
                notes = list(connection.execute("select id, guid, flds, tags from notes order by id"))
                cards = {note for (note,) in connection.execute("select nid from cards")}
        except sqlite3.DatabaseError as error:
            yield f"collection.anki2 cannot be read: {error}"
            return
    yield from _note_faults(notes, cards, {*media.values()})


def _note_faults(notes: list[tuple[int, str, str, str]], cards: set[int], media: set[str]) -> Iterator[str]:
    if not notes:
        yield "it has no notes"
    guids = [guid for _, guid, _, _ in notes]
    if len({*guids}) < len(guids):
        yield "two notes have one guid, and the second would replace the first"
    for number, _, text, _ in notes:
        fields = text.split("\x1f")
        name = fields[0]
        if number <= 0:
            yield f"{name}: the note has the id {number}, which Anki takes for a broken database"
        if number not in cards:
            yield f"{name}: the note has no card"
        yield from (f"{name}: {fault}" for fault in _field_faults(fields, media))


def _field_faults(fields: list[str], media: set[str]) -> Iterator[str]:
    if len(fields) != _FIELDS:
        yield f"the note has {len(fields)} fields, not {_FIELDS}"
        return
    if not fields[1].strip() or not fields[2].strip():
        yield "the question or the answer is empty"
    for file, alt in (found for text in fields for found in _PICTURE.findall(text)):
        if file not in media:
            yield f"the picture {file} is not in the deck"
        if not alt.strip():
            yield f"the picture {file} has no description"
