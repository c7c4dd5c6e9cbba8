"""A student's progress as JSON, and its deletion."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from generator.practice.store.database import Store

FORMAT = 2
"""Counts the changes in what an export looks like."""

_JSON = {"params", "shows", "working", "earlier", "marked", "points", "card", "fields", "entry", "numbers"}
_TIMES = {"started", "finished", "at", "due"}
_OMITTED = {"attempt", "exam", "after"}


def export(store: Store) -> dict[str, Any]:
    """Return all that is stored, for JSON: exams, attempts with their answers and help, reviews; times are in UTC.

    How answers were read and what would follow from earlier ones are left out: they can be computed again, and what follows may
    be the answer to a part that is still open.  Afterwards the one file holds everything too.
    """
    store.checkpoint()
    tables = {
        name: store.by_attempt(f"SELECT * FROM {name} ORDER BY at")  # noqa: S608 - constant names
        for name in ("answers", "drafts", "hints", "solutions", "self_marks")
    }
    attempts = []
    for row in store.all("SELECT * FROM attempts ORDER BY started, id"):
        attempt = _exported(row, without={"canonical"})
        for name, rows in tables.items():
            attempt[name] = [_exported(one, without=_OMITTED) for one in rows.get(row["id"], ())]
        attempts.append(attempt)
    return {
        "format": FORMAT,
        "exams": [_exported(row) for row in store.all("SELECT * FROM exams ORDER BY started, id")],
        "attempts": attempts,
        "reviews": [_exported(row) for row in store.all("SELECT * FROM part_reviews ORDER BY problem, level, part")],
    }


def delete(store: Store) -> int:
    """Delete all progress, so that nothing of it is left in the file; return how many attempts there were."""
    row = store.one("SELECT count(*) AS attempts FROM attempts")
    with store.change() as change:
        for name in ("part_reviews", "attempts", "exams"):  # what belongs to an attempt is deleted with it
            change.run(f"DELETE FROM {name}")  # noqa: S608
    store.vacuum()
    return row["attempts"] if row else 0


def _exported(row: sqlite3.Row, without: Collection[str] = ()) -> dict[str, Any]:
    exported = {name: _value(name, row[name]) for name in row.keys() if name not in without}  # noqa: SIM118 - not a dict
    if isinstance(exported.get("marked"), dict):
        for name in ("tex", "expected_from_working"):
            exported["marked"].pop(name, None)
    return exported


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _TIMES:
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds")
    return json.loads(value or "null") if name in _JSON and isinstance(value, str) else value
