"""The SQLite file that a student's progress is kept in: one connection a thread, every change one transaction.

What was acknowledged survives a kill and a power cut: the journal is a write-ahead log, flushed at every commit.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self, TypeAlias

from generator.practice.schema import StoreError, migrate, transaction, version_of

__all__ = ["Row", "Store", "StoreError", "default_path"]

Row: TypeAlias = sqlite3.Row

PATIENCE = 10_000
"""Milliseconds that a writer waits for another one."""


def default_path() -> Path:
    """The file in the user's data folder."""
    from platformdirs import user_data_path

    return user_data_path("keyright", appauthor=False) / "practice.sqlite3"


class Store:
    """The progress in one file, from any thread.

    Raises :class:`StoreError` where the file cannot be opened, is damaged, or is not ours; nothing in it is changed then.
    Every use of it raises the same once the file was taken away: what was written then would be lost with it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._file: tuple[int, int] | None = None
        self._prepare()

    def close(self) -> None:
        """Close the connections of all threads; none may be at work."""
        with self._lock:
            for connection in self._open:
                connection.close()
            self._open.clear()
        self._local = threading.local()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def all(self, query: str, *values: Any) -> list[Row]:
        """The rows that a query finds."""
        with self._explained():
            return self._connection().execute(query, values).fetchall()

    def by_attempt(self, query: str, *values: Any) -> dict[str, list[Row]]:
        """The rows that a query finds, in its order, by the attempts that they are of."""
        found: dict[str, list[Row]] = {}
        for row in self.all(query, *values):
            found.setdefault(row["attempt"], []).append(row)
        return found

    def one(self, query: str, *values: Any) -> Row | None:
        """The first row that a query finds."""
        with self._explained():
            row: Row | None = self._connection().execute(query, values).fetchone()
            return row

    @contextmanager
    def change(self) -> Iterator[Change]:
        """One transaction: all of it is written when the block ends, or nothing if it raises."""
        with self._explained():
            connection = self._connection()
            with transaction(connection):
                yield Change(connection)

    def shrink(self) -> None:
        """Write the file anew without what was deleted, the journal too."""
        with self._explained():
            connection = self._connection()
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    # ------------------------------------------------------------------------------------------- the file

    def _prepare(self) -> None:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))  # nobody else's business
            self._file = self._identity()
        except OSError as error:
            raise StoreError(
                f"progress cannot be kept in {self.path}: {error.strerror}; name another file with --data"
            ) from error
        try:
            with self._explained():
                with closing(sqlite3.connect(self.path, timeout=PATIENCE / 1000)) as first:
                    version_of(first, str(self.path))  # before anything is set, which would be written into it
                migrate(self._connection(), str(self.path))
        except BaseException:
            self.close()
            raise

    def _identity(self) -> tuple[int, int]:
        found = self.path.stat()
        return found.st_dev, found.st_ino

    def _check_file(self) -> None:
        """What is open may have no name any more, or another file may have it."""
        try:
            is_there = self._identity() == self._file
        except OSError:
            is_there = False
        if not is_there:
            raise StoreError(
                f"{self.path} was deleted, moved or replaced while it was in use; nothing was written. Bring it back and "
                "start the program again, or start it to begin anew"
            )

    def _connection(self) -> sqlite3.Connection:
        self._check_file()
        known: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if known is not None:
            return known
        # Closed by whichever thread closes the store, hence not bound to one.
        made = sqlite3.connect(self.path, timeout=PATIENCE / 1000, isolation_level=None, check_same_thread=False)
        try:
            made.row_factory = sqlite3.Row
            made.execute(f"PRAGMA busy_timeout = {PATIENCE}")
            made.execute("PRAGMA foreign_keys = ON")
            _keep_a_write_ahead_log(made)
            made.execute("PRAGMA synchronous = FULL")
        except BaseException:
            made.close()
            raise
        with self._lock:
            self._open.append(made)
        self._local.connection = made
        return made

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """SQLite's errors about the file as ours; what a query got wrong is a fault of the program and stays."""
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError):
            raise
        except sqlite3.OperationalError as error:
            if "no such" in str(error) or "syntax" in str(error):
                raise
            raise StoreError(f"{self.path} cannot be used: {error}; nothing was written") from error
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"{self.path} is damaged or no database ({error}); nothing in it was changed. Move it away and begin anew, "
                "or bring back a copy"
            ) from error


def _keep_a_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Set the journal's mode; for this alone SQLite does not wait by itself while another program is at it."""
    deadline = time.monotonic() + PATIENCE / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


class Change:
    """A transaction under way."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, statement: str, *values: Any) -> int:
        """Carry out a statement; the id of the row that it added, if it did."""
        return self._connection.execute(statement, values).lastrowid or 0

    def one(self, query: str, *values: Any) -> Row | None:
        """The first row that a query finds."""
        row: Row | None = self._connection.execute(query, values).fetchone()
        return row
