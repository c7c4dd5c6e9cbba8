"""Decks of cards: read again from their database, and taken by Anki itself."""

from __future__ import annotations

import importlib
import io
import json
import sqlite3
import time
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from generator.export.anki import FIRST, TARGET, write
from generator.export.build import Wanted, build
from generator.export.target import Options
from generator.export.tree import Choice, Computed, Export
from tests.export.hostile import WORDS, hostile_tree
from tests.export.trees import CASES, sheet_of, tree_of

pytest.importorskip("genanki")

QUICK = {("dropout", "standard"), ("norm-backward", "hard")}
every_case = pytest.mark.parametrize(
    ("problem", "level"),
    [pytest.param(*case, marks=() if case in QUICK else pytest.mark.slow) for case in CASES],
)


def deck(tree: Export, options: Options | None = None) -> bytes:
    (content,) = write(tree, options or Options()).files.values()
    return content


def notes(content: bytes, folder: Path) -> dict[str, list[str]]:
    """Return the fields of the notes by their ids in words, in the order of the database."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        path = Path(archive.extract("collection.anki2", folder))
    connection = sqlite3.connect(path)
    try:
        return {
            fields.split("\x1f")[0]: fields.split("\x1f") for (fields,) in connection.execute("select flds from notes")
        }
    finally:
        connection.close()


class Words(HTMLParser):
    """The words of HTML as they are shown."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found = ""
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.found += data


def in_order(texts: list[str], shown: str) -> bool:
    """Tell whether texts stand one after the other in another."""
    begin = 0
    for text in texts:
        found = shown.find(text, begin)
        if found < 0:
            return False
        begin = found + len(text)
    return True


@every_case
def test_cards_have_key_and_mistakes(problem: str, level: str, tmp_path: Path) -> None:
    tree = tree_of(problem, level)
    found = notes(deck(tree), tmp_path)
    assert len(found) == sum(len(part.variants) for part in tree.parts)
    for part in tree.parts:
        for variant in part.variants:
            _, question, answer, mistakes = found[f"{part.id}-{variant.id}"]
            assert question
            wrong = Words(mistakes).found
            match variant.answer:
                case Computed() as key:
                    assert in_order(
                        [entry.number.tex for entry in key.entries], Words(answer.partition("</p>")[0]).found
                    )
                    for mistake in variant.mistakes:
                        assert in_order([number.tex for number in mistake.numbers], wrong)
                case Choice() as choice:
                    right = [one for one in choice.options if one.right]
                    assert answer.count("<li>") >= len(right)


def imported(collection: Any, path: Path) -> Any:
    """Have Anki import a deck as its window does."""
    pb = importlib.import_module("anki.import_export_pb2")
    request = pb.ImportAnkiPackageRequest(
        package_path=str(path),
        options=pb.ImportAnkiPackageOptions(
            merge_notetypes=True,
            update_notes=pb.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER,
            update_notetypes=pb.IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_IF_NEWER,
            with_scheduling=False,
        ),
    )
    return collection.import_anki_package(request).log


@pytest.fixture
def collection(tmp_path: Path) -> Any:
    library = pytest.importorskip("anki.collection")
    made = library.Collection(str(tmp_path / "user.anki2"))
    yield made
    made.close()


@pytest.mark.slow
def test_anki_takes_a_deck_once(collection: Any, tmp_path: Path) -> None:
    tree = build(sheet_of("linear-layer-gradients"), Wanted(count=2, with_png=True))
    path = tmp_path / "deck.apkg"
    path.write_bytes(deck(tree))
    count = sum(len(part.variants) for part in tree.parts)
    assert len(imported(collection, path).new) == count
    assert collection.note_count() == collection.card_count() == count
    again = imported(collection, path)
    assert not again.new
    assert not again.updated
    assert collection.note_count() == count
    media = {one.name for one in Path(collection.media.dir()).iterdir()}
    with zipfile.ZipFile(path) as archive:
        named = {*json.loads(archive.read("media")).values()}
    assert named
    assert named <= media
    assert not collection.fix_integrity()[0].strip() or collection.fix_integrity()[1]


@pytest.mark.slow
def test_a_newer_revision_replaces_what_changed(collection: Any, tmp_path: Path) -> None:
    tree = tree_of("dropout", "standard")
    path = tmp_path / "deck.apkg"
    path.write_bytes(deck(tree))
    count = len(imported(collection, path).new)
    path.write_bytes(deck(tree, Options(solutions=False)))
    assert not imported(collection, path).updated
    path.write_bytes(deck(tree, Options(solutions=False, revision=1)))
    log = imported(collection, path)
    assert log.updated
    assert not log.new
    assert collection.note_count() == count


@pytest.mark.slow
def test_anki_takes_two_decks(collection: Any, tmp_path: Path) -> None:
    count = 0
    for name in ("dropout", "layer-norm"):
        path = tmp_path / f"{name}.apkg"
        path.write_bytes(deck(tree_of(name)))
        count += len(imported(collection, path).new)
    assert collection.note_count() == count


def test_same_bytes_and_stable_guids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def guids(content: bytes) -> list[str]:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            path = Path(archive.extract("collection.anki2", tmp_path))
        connection = sqlite3.connect(path)
        try:
            return [guid for (guid,) in connection.execute("select guid from notes order by id")]
        finally:
            connection.close()

    few = deck(tree_of("dropout", "standard", 1))
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.chdir(tmp_path)
    time.tzset()
    later = time.time() + 100
    monkeypatch.setattr(time, "time", lambda: later)
    assert deck(build(sheet_of("dropout"), Wanted(count=1))) == few
    monkeypatch.undo()
    time.tzset()
    many = guids(deck(tree_of("dropout", "standard", 3)))
    assert {*guids(few)} < {*many}
    assert len({*many}) == len(many)
    with zipfile.ZipFile(io.BytesIO(few)) as archive:
        assert all(one.date_time[0] == 1980 for one in archive.infolist())
    assert FIRST > 0


def test_signs_of_the_platform_come_out_as_themselves(tmp_path: Path) -> None:
    path = tmp_path / "x.apkg"
    path.write_bytes(deck(hostile_tree()))
    assert TARGET.faults(path) == []
    for name, fields in notes(path.read_bytes(), tmp_path).items():
        assert WORDS in Words(fields[1]).found, name
        assert WORDS in Words(fields[2]).found, name
        assert "[sound:" not in "".join(fields)
        assert "<b>" not in "".join(fields)
    with zipfile.ZipFile(path) as archive:
        database = Path(archive.extract("collection.anki2", tmp_path))
    connection = sqlite3.connect(database)
    decks = connection.execute("select decks from col").fetchone()[0]
    tags = connection.execute("select tags from notes").fetchone()[0]
    connection.close()
    assert not any("::" in one["name"] for one in json.loads(decks).values())
    assert "two-words" in tags.split()


def changed(change: Callable[[dict[str, bytes]], Any]) -> Callable[[Path], None]:
    def edit(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        change(files)
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in files.items():
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)

    return edit


def said_to_the_database(command: str) -> Callable[[Path], None]:
    def edit(path: Path) -> None:
        def change(files: dict[str, bytes]) -> None:
            database = path.with_suffix(".db")
            database.write_bytes(files["collection.anki2"])
            connection = sqlite3.connect(database)
            connection.execute(command)
            connection.commit()
            connection.close()
            files["collection.anki2"] = database.read_bytes()

        changed(change)(path)

    return edit


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda path: path.write_bytes(b"no"), "no zip"),
        (changed(lambda files: files.pop("media")), "missing"),
        (changed(lambda files: files.update(media=b'{"7": "x.png"}')), "is missing"),
        (changed(lambda files: files.update(media=b'{"0": "a/x.png"}')), "folder in its name"),
        (said_to_the_database("update notes set id = 0 where id = (select min(id) from notes)"), "the id 0"),
        (said_to_the_database("update notes set guid = 'same'"), "one guid"),
        (said_to_the_database("delete from cards"), "no card"),
        (said_to_the_database("update notes set flds = replace(flds, char(31), ' ')"), "fields"),
        (said_to_the_database("delete from notes"), "no notes"),
    ],
)
def test_checker_finds_what_is_broken(edit: Callable[[Path], Any], said: str, tmp_path: Path) -> None:
    path = tmp_path / "x.apkg"
    path.write_bytes(deck(tree_of("dropout", "standard")))
    assert TARGET.faults(path) == []
    edit(path)
    assert any(said in fault for fault in TARGET.faults(path)), TARGET.faults(path)


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from generator.errors import InputError

    monkeypatch.setitem(sys.modules, "genanki", None)
    with pytest.raises(InputError, match=r"problemwright\[export\]"):
        deck(tree_of("dropout", "standard"))
