"""Packages with one fault each, to see that it is found."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

Files: TypeAlias = dict[str, bytes]
Mutation: TypeAlias = Callable[[Files], Files]


def unpacked(content: bytes) -> Files:
    """Return the files of a zip, in its order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Files, path: Path) -> Path:
    """Write files as a zip."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def replaced(old: str, new: str, where: str = ".xml", count: int = 1) -> Mutation:
    """Return a mutation that replaces a text in the files of some name, and does so somewhere."""

    def mutate(files: Files) -> Files:
        found = dict(files)
        left = count
        for name, content in files.items():
            if where in name and left and old.encode() in content:
                found[name] = content.replace(old.encode(), new.encode(), left)
                left -= 1
        assert found != files, old
        return found

    return mutate


def without(end: str) -> Mutation:
    """Return a mutation that takes a file out."""

    def mutate(files: Files) -> Files:
        gone = next(name for name in files if name.endswith(end))
        return {name: content for name, content in files.items() if name != gone}

    return mutate
