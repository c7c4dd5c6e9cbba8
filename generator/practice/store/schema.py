"""The tables of a progress file, and the migrations that bring an older file up to date.

``PRAGMA user_version`` counts the migrations that a file has been through.  A published migration is never changed: a new
one is added at the end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.errors import WorksheetError

APPLICATION_ID = 0x4B657972
"""Distinguishes progress files from other SQLite files.  It spells ``Keyr``, from an earlier name of the program."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE exams (
            id TEXT PRIMARY KEY,
            started REAL NOT NULL,
            seconds REAL NOT NULL,
            finished REAL
        ) STRICT
        """,
        """
        CREATE TABLE attempts (
            id TEXT PRIMARY KEY,
            problem TEXT NOT NULL,
            source TEXT NOT NULL,
            level TEXT NOT NULL,
            guided INTEGER NOT NULL,
            stream TEXT NOT NULL,
            params TEXT NOT NULL,
            canonical TEXT NOT NULL,
            shows TEXT NOT NULL,
            started REAL NOT NULL,
            finished REAL,
            exam TEXT REFERENCES exams(id) ON DELETE CASCADE,
            place INTEGER NOT NULL DEFAULT 0
        ) STRICT
        """,
        "CREATE INDEX attempts_by_problem ON attempts(problem, level, started)",
        "CREATE INDEX attempts_by_exam ON attempts(exam, place)",
        """
        CREATE TABLE answers (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            attempt TEXT NOT NULL REFERENCES attempts(id) ON DELETE CASCADE,
            part TEXT NOT NULL,
            text TEXT NOT NULL,
            working TEXT NOT NULL,
            reasons TEXT NOT NULL,
            earlier TEXT NOT NULL,
            at REAL NOT NULL,
            status TEXT NOT NULL,
            points INTEGER,
            max_points INTEGER NOT NULL,
            earned INTEGER NOT NULL,
            share REAL NOT NULL,
            hints INTEGER NOT NULL,
            solution INTEGER NOT NULL,
            marked TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX answers_by_attempt ON answers(attempt, part, id)",
        """
        CREATE TABLE hints (
            attempt TEXT NOT NULL REFERENCES attempts(id) ON DELETE CASCADE,
            part TEXT NOT NULL,
            shown INTEGER NOT NULL,
            at REAL NOT NULL,
            PRIMARY KEY (attempt, part)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE solutions (
            attempt TEXT NOT NULL REFERENCES attempts(id) ON DELETE CASCADE,
            part TEXT NOT NULL,
            at REAL NOT NULL,
            PRIMARY KEY (attempt, part)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE self_marks (
            attempt TEXT NOT NULL REFERENCES attempts(id) ON DELETE CASCADE,
            part TEXT NOT NULL,
            points TEXT NOT NULL,
            at REAL NOT NULL,
            PRIMARY KEY (attempt, part)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE reviews (
            problem TEXT NOT NULL,
            level TEXT NOT NULL,
            card TEXT NOT NULL,
            due REAL NOT NULL,
            attempt TEXT NOT NULL,
            PRIMARY KEY (problem, level)
        ) STRICT, WITHOUT ROWID
        """,
    ),
    (
        """
        CREATE TABLE drafts (
            attempt TEXT NOT NULL REFERENCES attempts(id) ON DELETE CASCADE,
            part TEXT NOT NULL,
            fields TEXT NOT NULL,
            after INTEGER NOT NULL,
            at REAL NOT NULL,
            PRIMARY KEY (attempt, part)
        ) STRICT, WITHOUT ROWID
        """,
    ),
    (
        "ALTER TABLE hints ADD COLUMN numbers TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE attempts ADD COLUMN entry TEXT NOT NULL DEFAULT '{}'",
        """
        CREATE TABLE part_reviews (
            problem TEXT NOT NULL,
            level TEXT NOT NULL,
            part TEXT NOT NULL,
            card TEXT NOT NULL,
            due REAL NOT NULL,
            attempt TEXT NOT NULL,
            PRIMARY KEY (problem, level, part)
        ) STRICT, WITHOUT ROWID
        """,
        # a review of a whole problem, from before reviews brought parts, has no part
        "INSERT INTO part_reviews SELECT problem, level, '', card, due, attempt FROM reviews",
        "DROP TABLE reviews",
    ),
)


class StoreError(WorksheetError):
    """The progress file cannot be used as it is; nothing in it was changed."""


JSON_COLUMNS = {
    "attempts": ("params", "shows", "entry"),
    "answers": ("working", "earlier", "marked"),
    "drafts": ("fields",),
    "self_marks": ("points",),
    "reviews": ("card",),
    "part_reviews": ("card",),
}
"""The columns that hold JSON, by table."""


def damaged(path: Path, found: str) -> StoreError:
    """Return the error for a file in which something was ``found`` that does not belong there."""
    return StoreError(
        f"{path} is damaged or not a database ({found}); nothing in it was changed. Move it away to start a new one, "
        "or restore a copy"
    )


def check_whole(connection: sqlite3.Connection, path: Path) -> None:
    """Raise :class:`StoreError` if any page, row or text of the file is damaged; change nothing."""
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise damaged(path, found.splitlines()[-1])
    orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
    if orphan is not None:
        raise damaged(path, f"a row of {orphan[0]} belongs to nothing in {orphan[2]}")
    there = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in there:
        try:
            for _ in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - every text is decoded
                pass
        except sqlite3.OperationalError as error:
            raise damaged(path, str(error)) from error
        columns = {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')}
        for column in columns & {*JSON_COLUMNS.get(table, ())}:
            row = connection.execute(f"SELECT 1 FROM {table} WHERE NOT json_valid({column}) LIMIT 1")  # noqa: S608
            if row.fetchone() is not None:
                raise damaged(path, f"{column} of a row of {table} cannot be read")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run the block as one transaction: commit when it ends, roll back if it raises; no other connection writes meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def migrate(connection: sqlite3.Connection, name: str) -> None:
    """Bring the file called ``name`` up to date in one transaction; raise what :func:`version_of` raises."""
    with transaction(connection):  # or two programs that start together would both create the tables
        version = version_of(connection, name)
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def version_of(connection: sqlite3.Connection, name: str) -> int:
    """Return how many migrations the file called ``name`` has been through, without writing anything.

    Raise :class:`StoreError` if another program or a newer version wrote it.
    """
    # A single statement sees one state of the file: between two, another program may create the tables.
    application, version, tables = connection.execute(
        "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_master) "
        "FROM pragma_application_id, pragma_user_version"
    ).fetchone()
    if application != APPLICATION_ID and (application or version or tables):
        raise StoreError(f"{name} is another program's database: name another file with --data")
    if version > len(MIGRATIONS):
        raise StoreError(
            f"{name} was written by a newer version (format {version}; this one knows {len(MIGRATIONS)}): install that "
            "version again, or start another file with --data"
        )
    return int(version)
