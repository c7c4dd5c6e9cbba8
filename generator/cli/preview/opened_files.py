"""Which files this process reads, or tries to: what was made from them is made again when one of them is saved."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from generator.tex.scratch import PREFIX

_opened: dict[str, None] = {}


def record_opened_files() -> None:
    """From now on remember every file that is opened by name for reading: by an import, too."""
    sys.addaudithook(_note)


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and isinstance(arguments[0], str | bytes):
        _, _, flags = arguments
        if not flags & (os.O_WRONLY | os.O_RDWR):
            _opened[os.fsdecode(arguments[0])] = None


def opened_files() -> tuple[str, ...]:
    """Return those that an author may edit: none of Python's, of its libraries', of the system's, and none of ours in a cache."""
    system = ("/proc", "/dev", "/sys", "/etc", "/usr")
    others = {Path(one).resolve() for one in (sys.prefix, sys.base_prefix, *system, user_cache_path("keyright"))}
    found = sorted({Path(name).absolute() for name in tuple(_opened)})
    return tuple(
        str(path)
        for path in found
        if path.suffix != ".pyc"
        and "site-packages" not in path.parts
        and not others.intersection(path.parents)
        and not any(part.startswith(PREFIX) for part in path.parts)
        and not path.is_dir()
    )
