"""What was typed and not yet checked, so that nothing is lost when another part is checked or a hint is shown."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping

MOST = 64
"""Attempts whose drafts are kept; the one that was touched longest ago is forgotten first."""


class Drafts:
    """The fields of the last attempts' forms, by part; in memory, since the browser has them too until they are sent."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, dict[str, dict[str, str]]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, attempt_id: str, part_id: str) -> Mapping[str, str] | None:
        """The draft of a part; None if none was sent."""
        with self._lock:
            return self._kept.get(attempt_id, {}).get(part_id)

    def keep(self, attempt_id: str, by_part: Mapping[str, Mapping[str, str]]) -> None:
        """Keep what was sent of an attempt."""
        with self._lock:
            parts = self._kept.setdefault(attempt_id, {})
            parts.update({part: dict(draft) for part, draft in by_part.items()})
            self._kept.move_to_end(attempt_id)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._kept.clear()
