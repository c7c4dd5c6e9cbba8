"""A student's progress as a file of her own, and its deletion."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from generator.practice.store import Row, Store

FORMAT = 1
"""Counts the changes of what an export looks like."""

_TEXTS = {"params", "shows", "working", "earlier", "marked", "points", "card", "fields"}
"""Columns that hold JSON."""
_TIMES = {"started", "finished", "at", "due"}
_LEFT_OUT = {"attempt", "exam", "after"}


def export(store: Store) -> dict[str, Any]:
    """All that is stored, for JSON: exams, attempts with their answers and help, reviews; times are in UTC.

    How answers were read, in TeX, is left out: it can be made again.
    """
    of_attempt = {
        name: store.by_attempt(f"SELECT * FROM {name} ORDER BY at")  # noqa: S608 - our own names
        for name in ("answers", "drafts", "hints", "solutions", "self_marks")
    }
    attempts = []
    for row in store.all("SELECT * FROM attempts ORDER BY started, id"):
        told = _table(row, without={"canonical"})
        told |= {
            name: [_table(one, without=_LEFT_OUT) for one in rows.get(row["id"], ())]
            for name, rows in of_attempt.items()
        }
        attempts.append(told)
    return {
        "format": FORMAT,
        "exams": [_table(row) for row in store.all("SELECT * FROM exams ORDER BY started, id")],
        "attempts": attempts,
        "reviews": [_table(row) for row in store.all("SELECT * FROM reviews ORDER BY problem, level")],
    }


def delete(store: Store) -> int:
    """Delete all progress, so that nothing of it is left in the file; how many attempts there were."""
    row = store.one("SELECT count(*) AS attempts FROM attempts")
    with store.change() as change:
        for name in ("reviews", "attempts", "exams"):  # what belongs to an attempt goes with it
            change.run(f"DELETE FROM {name}")  # noqa: S608
    store.shrink()
    return row["attempts"] if row else 0


def _table(row: Row, without: Iterable[str] = ()) -> dict[str, Any]:
    table = {name: _value(name, row[name]) for name in row.keys() if name not in {*without}}  # noqa: SIM118 - not a dict
    if isinstance(table.get("marked"), dict):
        table["marked"].pop("tex", None)
    return table


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _TIMES:
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds")
    return json.loads(value) if name in _TEXTS and isinstance(value, str) else value
