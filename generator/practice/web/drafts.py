"""What was typed and not checked yet: kept with the progress, so that a reload or a restart loses none of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from generator.practice.store import Change, Store
from generator.practice.web.fields import Draft

_NEWEST = "coalesce((SELECT max(id) FROM answers a WHERE a.attempt = ? AND a.part = ?), 0)"
"""The id of a part's newest answer.  A draft holds as long as that is the one it was typed ``after``: no clock is asked."""


class Drafts:
    """The fields of the attempts' forms, by part.  Of a part, what was kept last holds, whichever tab it came from."""

    def __init__(self, store: Store, now: Callable[[], float]) -> None:
        self._store = store
        self._now = now

    def of(self, attempt_id: str) -> dict[str, Draft]:
        """The drafts of an attempt's parts; none of a part that was answered since, here or in the terminal."""
        rows = self._store.all(
            "SELECT part, fields FROM drafts d WHERE attempt = ? AND after = "
            "coalesce((SELECT max(id) FROM answers a WHERE a.attempt = d.attempt AND a.part = d.part), 0)",
            attempt_id,
        )
        return {row["part"]: json.loads(row["fields"]) for row in rows}

    def keep(self, attempt_id: str, by_part: Mapping[str, Draft]) -> None:
        """Keep what was sent of an attempt; nothing is written where it is kept already."""
        known = self.of(attempt_id)
        changed = {part: draft for part, draft in by_part.items() if known.get(part) != draft}
        if not changed:
            return
        with self._store.change() as change:
            for part, draft in changed.items():
                self._put(change, attempt_id, part, draft)

    def is_kept(self, attempt_id: str) -> bool:
        """Whether something was typed into an attempt that was not answered."""
        return any(self.of(attempt_id).values())

    def _put(self, change: Change, attempt_id: str, part: str, draft: Draft) -> None:
        if change.one("SELECT 1 FROM attempts WHERE id = ?", attempt_id) is None:
            return  # deleted since, by another program perhaps
        change.run(
            f"INSERT INTO drafts VALUES (?, ?, ?, {_NEWEST}, ?) ON CONFLICT DO UPDATE "  # noqa: S608 - our own words
            "SET fields = excluded.fields, after = excluded.after, at = excluded.at",
            attempt_id,
            part,
            json.dumps(dict(draft)),
            attempt_id,
            part,
            self._now(),
        )
