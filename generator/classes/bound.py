"""Which files were made of a whole class, from which papers and how: what is as it would be made is left alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import blake2b, file_digest
from pathlib import Path
from typing import Any

import msgspec

from generator.paper.manifest import RECORDS

HASHES = "bound.json"
"""The SHA-256 of each of these files, as the manifest has those of the papers' files."""

_ORIGINS = "from"
"""The key under which :data:`HASHES` has, for each file, the manifest's digest and one of how the file was made."""


class BoundFiles:
    """The files of a folder that are made of its whole class; ``how`` is what beside its papers decides their content."""

    def __init__(self, folder: Path, how: object) -> None:
        self.asked: set[str] = set()
        self._folder = folder
        self._manifest = digest_of(folder / RECORDS)
        self._origin = f"{self._manifest} {blake2b(repr(how).encode(), digest_size=16).hexdigest()}"
        self._noted = _read(folder / HASHES)
        self._origins: dict[str, str] = self._noted.setdefault(_ORIGINS, {})
        self._made: list[Path] = []

    def asks(self, name: str) -> bool:
        """Ask for a file; return whether it must be made, since it is not there as it would be."""
        self.asked.add(name)
        return self._origins.get(name) != self._origin or not self._is_whole(name)

    def add(self, made: Path) -> None:
        """Note a file that was made, and stands elsewhere yet."""
        self._noted[made.name] = digest_of(made)
        self._origins[made.name] = self._origin
        self._made.append(made)

    def is_outdated(self, name: str) -> bool:
        """Return whether a file is not known to be of these papers, in whatever way it was made."""
        return not self._origins.get(name, "").startswith(self._manifest)

    def remove(self, name: str) -> None:
        """Remove a file."""
        (self._folder / name).unlink(missing_ok=True)
        self._noted.pop(name, None)
        self._origins.pop(name, None)

    def save(self, staging: Path) -> None:
        """Write the hashes, then move what was made into its place; what has the same content already stays as it is."""
        if self._noted.keys() == {_ORIGINS}:
            (self._folder / HASHES).unlink(missing_ok=True)
        elif self._noted != _read(self._folder / HASHES):
            (staging / HASHES).write_bytes(msgspec.json.encode(self._noted) + b"\n")
            (staging / HASHES).replace(self._folder / HASHES)
        for made in self._made:  # a run that is stopped here knows by the hashes what is its own
            if self._is_whole(made.name):
                made.unlink()
            else:
                made.replace(self._folder / made.name)

    def _is_whole(self, name: str) -> bool:
        path = self._folder / name
        return path.is_file() and digest_of(path) == self._noted.get(name)


def current_names(folder: Path) -> set[str]:
    """Return the files that are as they were made of the papers that are in the folder."""
    noted, manifest = _read(folder / HASHES), digest_of(folder / RECORDS)
    return {
        name
        for name, origin in noted.get(_ORIGINS, {}).items()
        if str(origin).startswith(manifest)
        and (folder / name).is_file()
        and digest_of(folder / name) == noted.get(name)
    }


def hashes_under(folder: Path, names: Iterable[str], manifest: str) -> bytes:
    """Return :data:`HASHES` with these files alone, which stay as they are under a manifest with another digest."""
    noted = _read(folder / HASHES)
    origins = {name: f"{manifest} {noted[_ORIGINS][name].partition(' ')[2]}" for name in sorted(names)}
    return msgspec.json.encode({_ORIGINS: origins} | {name: noted[name] for name in origins}) + b"\n"


def _read(path: Path) -> dict[str, Any]:
    """The content of :data:`HASHES`; nothing where it is not what a run writes."""
    try:
        noted = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) and isinstance(noted.get(_ORIGINS, {}), dict) else {}


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
