"""The SQLite file that holds a student's progress: one connection per thread, every change one transaction.

What was acknowledged survives a kill and a power cut: the journal is a write-ahead log, flushed at every commit.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from platformdirs import user_data_path

from generator.practice.store.schema import StoreError, check_whole, damaged, migrate, transaction, version_of

BUSY_TIMEOUT_MS = 10_000
"""How long a writer waits for another one."""


def default_path() -> Path:
    """Return the progress file in the user's data folder."""
    # The folder has the name that the program had when the first progress files were written.
    return user_data_path("keyright", appauthor=False) / "practice.sqlite3"


class Store:
    """The progress in one file, usable from any thread.

    Raise :class:`StoreError` where the file cannot be opened, is damaged or belongs to another program; nothing in it is
    changed then.  Every later use raises it too once the file was removed or replaced: what is written then would be lost.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._file: tuple[int, int] | None = None
        self._prepare()

    def close(self) -> None:
        """Close the connections of all threads; none may be in use.  Then the one file holds everything."""
        with suppress(StoreError):
            self.checkpoint()
        with self._lock:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
        self._local = threading.local()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def all(self, query: str, *values: Any) -> list[sqlite3.Row]:
        """Return the rows that a query finds."""
        with self._store_errors():
            return self._connection().execute(query, values).fetchall()

    def by_attempt(self, query: str, *values: Any) -> dict[str, list[sqlite3.Row]]:
        """Return the rows that a query finds, in its order, grouped by attempt."""
        found: dict[str, list[sqlite3.Row]] = {}
        for row in self.all(query, *values):
            found.setdefault(row["attempt"], []).append(row)
        return found

    def one(self, query: str, *values: Any) -> sqlite3.Row | None:
        """Return the first row that a query finds."""
        with self._store_errors():
            row: sqlite3.Row | None = self._connection().execute(query, values).fetchone()
            return row

    @contextmanager
    def change(self) -> Iterator[Change]:
        """Run the block as one transaction: all of it is written when the block ends, or nothing if it raises."""
        with self._store_errors():
            connection = self._connection()
            with transaction(connection):
                yield Change(connection)
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")  # so that a copy of the one file has this change

    def checkpoint(self) -> None:
        """Write everything that stands in the journal into the file itself, and empty the journal."""
        with self._store_errors():
            if self._connections:
                self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def vacuum(self) -> None:
        """Rewrite the file and its journal without what was deleted."""
        with self._store_errors():
            connection = self._connection()
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    # ------------------------------------------------------------------------------------------- the file

    def _prepare(self) -> None:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))  # readable by its owner alone
            self._file = self._identity()
        except OSError as error:
            raise StoreError(
                f"progress cannot be saved in {self.path}: {error.strerror}; name another file with --data"
            ) from error
        try:
            with self._store_errors():
                with closing(sqlite3.connect(self.path, timeout=BUSY_TIMEOUT_MS / 1000)) as first:
                    version = version_of(
                        first, str(self.path)
                    )  # before any setting, which would be written into the file
                    if version:
                        check_whole(first, self.path)
                migrate(self._connection(), str(self.path))
        except BaseException:
            self.close()
            raise

    def _identity(self) -> tuple[int, int]:
        found = self.path.stat()
        return found.st_dev, found.st_ino

    def _check_file(self) -> None:
        """Raise :class:`StoreError` if the open file was deleted, or another one has its name."""
        try:
            is_there = self._identity() == self._file
        except OSError:
            is_there = False
        if not is_there:
            raise StoreError(
                f"{self.path} was deleted, moved or replaced while it was in use; nothing was written. Restore it and "
                "start the program again, or start it with a new file"
            )

    def _connection(self) -> sqlite3.Connection:
        """Return this thread's connection."""
        self._check_file()
        known: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if known is not None:
            return known
        # Not bound to its thread: whichever thread closes the store closes it.
        connection = sqlite3.connect(
            self.path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None, check_same_thread=False
        )
        try:
            connection.row_factory = sqlite3.Row
            connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
            connection.execute("PRAGMA foreign_keys = ON")
            _use_write_ahead_log(connection)
            connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
        with self._lock:
            self._connections.append(connection)
        self._local.connection = connection
        return connection

    @contextmanager
    def _store_errors(self) -> Iterator[None]:
        """Raise SQLite's errors about the file as :class:`StoreError`; errors in a query are bugs and pass."""
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError):
            raise
        except sqlite3.OperationalError as error:
            if "no such" in str(error) or "syntax" in str(error):
                raise
            raise StoreError(f"{self.path} cannot be used: {error}; nothing was written") from error
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter: a text of it is no text
            raise damaged(self.path, str(error)) from error


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Set the journal mode; it is the one statement for which SQLite ignores the busy timeout."""
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
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
    """A transaction in progress."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, statement: str, *values: Any) -> int:
        """Execute a statement; return the id of the row that it inserted, if it did."""
        return self._connection.execute(statement, values).lastrowid or 0

    def one(self, query: str, *values: Any) -> sqlite3.Row | None:
        """Return the first row that a query finds."""
        row: sqlite3.Row | None = self._connection.execute(query, values).fetchone()
        return row

    def all(self, query: str, *values: Any) -> list[sqlite3.Row]:
        """Return all rows that a query finds."""
        return self._connection.execute(query, values).fetchall()
