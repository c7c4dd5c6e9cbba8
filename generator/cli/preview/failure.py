"""An error as the page shows it: what is wrong, where, and the line of the file with its neighbours."""

from __future__ import annotations

import re
from pathlib import Path

from generator.cli.preview.opened_files import opened_files
from generator.cli.preview.request import Failure, Line
from generator.errors import WorksheetError, authoring_error

_PLACE = re.compile(r"(?P<path>(?:\S*[/\\])?(?P<name>[^\s:/\\]+\.(?:py|toml|j2))), line (?P<line>\d+)(?:: )?")
_LINE_OF_TOML = re.compile(r"\bat line (\d+)")

_AROUND = 2
"""So many lines are shown before the line that is meant, and after it."""


def failure(error: BaseException, path: Path | None = None) -> Failure:
    """Return the error that stopped the work on the file ``path``."""
    ours = error if isinstance(error, WorksheetError) else authoring_error(error, str((path or Path()).resolve()))
    about = ", ".join(filter(None, (ours.context, ours.item)))
    text, message = str(ours), ours.message.strip()
    if found := _PLACE.search(text):
        file, number = _file(found["path"], path), int(found["line"])
        message = message.replace(found[0], "", 1)
    elif path is not None and (found := _LINE_OF_TOML.search(text)):
        file, number = path, int(found[1])
    else:
        return Failure(message, about)
    return Failure(message, about, f"{file.name}, line {number}", _lines(file, number))


def _file(named: str, path: Path | None) -> Path:
    """Return the file that a message names: one beside the file that is shown, or else the last one of that name that was read."""
    name = Path(named).name
    opened = [one for one in map(Path, opened_files()) if one.name == name]
    likely = [Path(named).absolute(), (path or Path()).resolve().parent / name, *reversed(opened)]
    return next(filter(Path.is_file, likely), Path(name))


def _lines(file: Path, number: int) -> tuple[Line, ...]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ()
    first = max(1, number - _AROUND)
    shown = lines[first - 1 : number + _AROUND]
    return tuple(Line(at, text, at == number) for at, text in enumerate(shown, start=first))
