"""Whether one of the files has been saved, by what the file system says of them: looked at whenever the page asks."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock
from typing import TypeAlias

_State: TypeAlias = tuple[int, int, int] | None

_CLOCK_NS = 20_000_000
"""The clock of a file system may be behind by so much."""


class Watch:
    """Files and folders, and a version that changes whenever one of them has changed."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._known: dict[str, _State] = {str(path.absolute()): state_of(path) for path in paths}
        self._while_failing: dict[str, _State] = {}
        self._server = secrets.token_hex(4)  # another server, which may show another file, has other versions
        self._count = 1
        self._lock = Lock()

    def version(self) -> str:
        """Look at everything, and return the version."""
        with self._lock:
            changed = [self._renew(known) for known in (self._known, self._while_failing)]
            self._count += any(changed)
            return f"{self._server}-{self._count}"

    def _renew(self, known: dict[str, _State]) -> bool:
        now = {path: state_of(path) for path in known}
        changed = now != known
        known.update(now)
        return changed

    def add(self, paths: Iterable[str], since: int) -> None:
        """Watch these files too; one that has changed ``since`` then (nanoseconds) was perhaps read before it did."""
        with self._lock:
            for path in paths:
                if path not in self._known:
                    state = self._known[path] = state_of(path)
                    self._count += state is not None and state[0] > since - _CLOCK_NS

    def set_failing(self, folders: Iterable[Path]) -> None:
        """Watch what is added to these folders, and taken from them, until the next call: a file may be missing."""
        with self._lock:
            found: Mapping[str, _State] = {str(path.absolute()): state_of(path) for path in folders}
            self._while_failing = {path: self._while_failing.get(path, state) for path, state in found.items()}


def state_of(path: str | Path) -> _State:
    """Return what changes when a file is saved, or is put in place of another; None if there is none."""
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
