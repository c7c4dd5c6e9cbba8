"""An error as the page shows it: what is wrong, where, and the line of the file with its neighbours."""

from __future__ import annotations

import re
from pathlib import Path

from generator.cli.preview.opened_files import opened_files
from generator.cli.preview.request import Failure, Line
from generator.errors import WorksheetError, authoring_error

_PLACE = re.compile(r"([^\s:/\\]+\.(?:py|toml|j2)), line (\d+)")
_LINE_OF_TOML = re.compile(r"\bat line (\d+)")

_AROUND = 2
"""So many lines are shown before the line that is meant, and after it."""


def failure(error: BaseException, path: Path | None = None) -> Failure:
    """Return the error that stopped the work on the file ``path``."""
    ours = error if isinstance(error, WorksheetError) else authoring_error(error, str((path or Path()).resolve()))
    about = ", ".join(filter(None, (ours.context, ours.item)))
    place, lines = _place(str(ours), path)
    message = ours.message.strip()
    return Failure(message.replace(f"{place}: ", "") if place else message, about, place, lines)


def _place(text: str, path: Path | None) -> tuple[str, tuple[Line, ...]]:
    """Return the place that a message names, ``sums.py, line 12``, and what stands there."""
    if found := _PLACE.search(text):
        name, number = found[1], int(found[2])
    elif path is not None and (found := _LINE_OF_TOML.search(text)):
        name, number = path.name, int(found[1])
    else:
        return "", ()
    return f"{name}, line {number}", _lines(_file(name, path), number)


def _file(name: str, path: Path | None) -> Path:
    """Return the file that a message means: the one beside the file that is shown, or else the last one of that name that was read."""
    beside = (path or Path()).resolve().parent / name
    opened = [one for one in map(Path, opened_files()) if one.name == name]
    return beside if beside.is_file() or not opened else opened[-1]


def _lines(file: Path, number: int) -> tuple[Line, ...]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ()
    first = max(1, number - _AROUND)
    shown = lines[first - 1 : number + _AROUND]
    return tuple(Line(at, text, at == number) for at, text in enumerate(shown, start=first))
