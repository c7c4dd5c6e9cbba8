"""The file that progress is kept in: killed while it is written, damaged, somebody else's, used by many at once."""

from __future__ import annotations

import re
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from generator.practice.store import schema
from generator.practice.store.database import Store
from generator.practice.store.export import export
from generator.practice.store.schema import StoreError
from tests.practice.student import answer_text, practice_in

WRITER = """
import sys
from pathlib import Path
from generator.practice.store.database import Store
store = Store(Path(sys.argv[1]))
name = sys.argv[2]
for number in range(100_000):
    with store.change() as change:
        change.run("INSERT INTO exams (id, started, seconds) VALUES (?, 1, 1)", f"{name}-{number}")
        change.run("INSERT INTO part_reviews VALUES (?, ?, '', ?, 1, ?)", f"{name}-{number}", "x" * 500, "{}", "a")
    print(number, flush=True)
"""


def add_exam(store: Store, name: str) -> None:
    with store.change() as change:
        change.run("INSERT INTO exams (id, started, seconds) VALUES (?, 1, 60)", name)


def names(store: Store) -> set[str]:
    return {row["id"] for row in store.all("SELECT id FROM exams")}


@pytest.mark.slow
def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "progress.sqlite3"
    acknowledged: set[str] = set()
    for run in range(8):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, path, str(run)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        for _ in range(3 + 7 * run):
            acknowledged.add(f"{run}-{writer.stdout.readline().strip()}")
        writer.kill()  # between two lines it is writing the next
        acknowledged |= {f"{run}-{line.strip()}" for line in writer.stdout if line.endswith("\n")}
        writer.stdout.close()
        writer.wait()
        with Store(path) as store:
            check = store.one("PRAGMA integrity_check")
            assert check is not None
            assert check[0] == "ok"
            assert store.all("PRAGMA foreign_key_check") == []
            assert acknowledged <= names(store)
            both = store.all("SELECT e.id, r.problem FROM exams e FULL JOIN part_reviews r ON r.problem = e.id")
            assert all(row["id"] == row["problem"] for row in both)  # a transaction is there whole or not at all
    assert len(acknowledged) > 200


def test_a_change_that_raises_leaves_nothing(tmp_path: Path) -> None:
    with Store(tmp_path / "a.sqlite3") as store:
        add_exam(store, "kept")
        with pytest.raises(ZeroDivisionError), store.change() as change:
            change.run("INSERT INTO exams (id, started, seconds) VALUES ('lost', 1, 1)")
            raise ZeroDivisionError
        assert names(store) == {"kept"}
        add_exam(store, "next")  # and no transaction is left open
        assert names(store) == {"kept", "next"}


def test_threads_write_side_by_side(tmp_path: Path) -> None:
    with Store(tmp_path / "a.sqlite3") as store:
        failures: list[Exception] = []

        def write(name: int) -> None:
            try:
                for number in range(20):
                    add_exam(store, f"{name}-{number}")
            except Exception as error:  # noqa: BLE001 - reported by the thread that asserts
                failures.append(error)

        threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert len(names(store)) == 80


def test_what_belongs_to_an_attempt_needs_one(tmp_path: Path) -> None:
    with (
        Store(tmp_path / "a.sqlite3") as store,
        pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"),
        store.change() as change,
    ):
        change.run("INSERT INTO hints VALUES ('nobody', 'a', 1, 1, '')")


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    with Store(tmp_path / "new" / "a.sqlite3") as store:
        add_exam(store, "a")
        assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
        assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700


def refused(path: Path) -> str:
    before = path.read_bytes()
    with pytest.raises(StoreError) as error:
        Store(path)
    assert path.read_bytes() == before
    return str(error.value)


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    with Store(path) as store:
        add_exam(store, "a")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    assert f"written by a newer version (format 99; this one knows {len(schema.MIGRATIONS)})" in refused(path)


def test_a_damaged_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    path.write_bytes(b"SQLite format 3\0" + b"\x07" * 5000)
    assert "is damaged or not a database" in refused(path)
    path.write_bytes(b"Dear diary, " * 100)
    assert "Move it away" in refused(path)


def test_a_damaged_page_is_reported_and_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    with Store(path) as store:
        for number in range(200):
            add_exam(store, f"exam {number} " + "x" * 200)
    content = bytearray(path.read_bytes())
    for place in range(4096 * 6, len(content)):
        content[place] = 0xFF
    path.write_bytes(bytes(content))
    assert "is damaged" in refused(path)
    assert path.read_bytes() == bytes(content)


def test_a_text_that_is_none_is_damage(tmp_path: Path) -> None:
    """Of the tables' own definitions too, which SQLite reads before any row."""
    path = tmp_path / "a.sqlite3"
    Store(path).close()
    content = path.read_bytes()
    assert b"CREATE TABLE attempts" in content
    path.write_bytes(
        content.replace(b"attemptsattempts", b"\xff" * 16).replace(
            b"CREATE TABLE attempts", b"CREATE TIBLE \xffttempts"
        )
    )
    assert "is damaged" in refused(path)


def test_a_mark_that_nobody_wrote_is_damage(tmp_path: Path) -> None:
    practice = practice_in(tmp_path)
    attempt = practice.start("dropout", seed=3)
    practice.check(attempt, "y_drop", "0")
    with practice.store.change() as change:
        change.run("UPDATE answers SET marked = replace(marked, 'message', 'massage')")
    with pytest.raises(StoreError, match="the mark of an answer to y_drop cannot be read"):
        practice.state(attempt)


@pytest.mark.parametrize("place", [0.02, 0.2, 0.4, 0.5, 0.6, 0.8, 0.98])
@pytest.mark.slow
def test_damage_anywhere_is_refused_or_leaves_everything_whole(tmp_path: Path, place: float) -> None:
    """Some bytes in the file become others: the file is refused as it is, or nothing that it holds was hit."""
    practice = practice_in(tmp_path)
    for name in ("layer-norm", "dropout", "model-size"):
        attempt = practice.start(name, seed=3)
        for part_id in attempt.parts:
            practice.check(attempt, part_id, answer_text(attempt, part_id))
    before = export(practice.store)
    practice.store.close()
    path = practice.store.path
    whole = path.read_bytes()
    start = int(len(whole) * place) // 512 * 512
    broken = whole[:start] + bytes(byte ^ 0xA5 for byte in whole[start : start + 512]) + whole[start + 512 :]
    path.write_bytes(broken)
    try:
        with Store(path) as store:
            after = export(store)
    except StoreError:
        assert re.search("is damaged or not a database|another program", refused(path))
        assert path.read_bytes() == broken
    else:
        assert after == before


def test_a_copy_of_the_one_file_has_everything(tmp_path: Path) -> None:
    practice = practice_in(tmp_path)
    attempt = practice.start("dropout", seed=3)
    practice.check(attempt, "y_drop", answer_text(attempt, "y_drop"))
    copy = tmp_path / "copy.sqlite3"
    copy.write_bytes(practice.store.path.read_bytes())  # while the program runs
    with Store(copy) as store:
        assert export(store) == export(practice.store)


def test_another_program_s_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "places.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE attempts (id TEXT)")
    connection.commit()
    connection.close()
    assert "another program's database" in refused(path)


def test_a_file_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"progress cannot be saved in .* name another file with --data"):
        Store(tmp_path / "file" / "a.sqlite3")
    with pytest.raises(StoreError, match="Is a directory"):
        Store(tmp_path)


def test_an_older_file_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.sqlite3"
    with Store(path) as store:
        add_exam(store, "old")
    later = (*schema.MIGRATIONS, ("ALTER TABLE exams ADD COLUMN title TEXT NOT NULL DEFAULT 'none'",))
    monkeypatch.setattr(schema, "MIGRATIONS", later)
    with Store(path) as store:
        assert [tuple(row) for row in store.all("SELECT id, title FROM exams")] == [("old", "none")]


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.sqlite3"
    with Store(path) as store:
        add_exam(store, "old")
    known = schema.MIGRATIONS
    monkeypatch.setattr(schema, "MIGRATIONS", (*known, ("ALTER TABLE exams ADD COLUMN title TEXT", "NONSENSE")))
    with pytest.raises(sqlite3.OperationalError, match="NONSENSE"):
        Store(path)
    monkeypatch.setattr(schema, "MIGRATIONS", known)
    with Store(path) as store:
        row = store.one("SELECT * FROM exams")
        assert row is not None
        assert "title" not in row.keys()  # noqa: SIM118 - not a dict


@pytest.mark.slow
def test_two_programs_may_begin_together(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"
    code = "import sys; from pathlib import Path; from generator.practice.store.database import Store; Store(Path(sys.argv[1]))"
    running = [subprocess.Popen([sys.executable, "-W", "ignore", "-c", code, path]) for _ in range(4)]
    assert [one.wait() for one in running] == [0, 0, 0, 0]


def test_a_program_that_begins_while_another_one_looks_is_no_other_kind_of_program(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite3"

    class Overtaken(sqlite3.Connection):
        """After each of its statements another program begins."""

        def execute(self, *query: Any) -> Any:
            with closing(super().execute(*query)) as cursor:
                rows = cursor.fetchall()
            Store(path).close()
            return SimpleNamespace(fetchone=iter(rows).__next__)

    with closing(sqlite3.connect(path, factory=Overtaken)) as looking:
        assert schema.version_of(looking, "a") == 0
        assert schema.version_of(looking, "a") == len(schema.MIGRATIONS)
