"""The records of a class: its manifest, read line by line and held against what a record must be."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from generator.errors import InputError

RECORDS = "manifest.jsonl"
"""The file with one record a line, one line a paper."""

REPORT = "report.html"
"""The page on the fairness of the class."""

INDEX = "index.csv"
"""The table of whose paper is which."""

MANIFEST_HASH = "manifest.sha256"
"""The SHA-256 of both."""

_MOST_COST = 10**9
_MOST_OPTIONS = 100
_MOST_ANSWERS = 10**9

_CONTINUE = "run the same command again to continue"


def read_records(folder: Path) -> Iterator[dict[str, Any]]:
    """The records of the class in ``folder``, one at a time, in the order of the file.

    Raises :class:`InputError` where there is no class, and at the first line that is no record of the same sheet.
    """
    path = _manifest_in(folder)
    shared: list[str] | None = None
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                record = _record(line, f"{path}, line {number}")
                ids = [problem["id"] for problem in record["problems"]]
                if shared is not None and ids != shared:
                    raise InputError(
                        f"{path}, line {number}: expected the problems of the lines before, {', '.join(shared)}; "
                        f"got {', '.join(ids)}; a report is about one sheet"
                    )
                shared = ids
                yield record
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", field="DIR") from error
    if shared is None:
        raise InputError(f"{path} holds no paper; the run did not finish: {_CONTINUE}", field="DIR")


def _manifest_in(folder: Path) -> Path:
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}; give the one that a class was written into", field="DIR")
    path = folder / RECORDS
    if path.is_file():
        return path
    if (folder / "manifest.json").is_file():
        raise InputError(f"{folder} holds a single paper; a report needs a class (generate --roster)", field="DIR")
    raise InputError(
        f"{folder} has no {RECORDS}; give the folder that a class was written into, or, if its run did not finish, "
        f"{_CONTINUE}",
        field="DIR",
    )


def _record(line: bytes, where: str) -> dict[str, Any]:
    """The record on a line; what the report reads of it is as it must be."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        if not line.endswith(b"\n"):
            raise InputError(f"{where} is cut short; the run did not finish: {_CONTINUE}") from error
        told = f"{error.msg} at character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else str(error)
        raise InputError(f"{where} is not JSON: {told}") from error
    record: dict[str, Any] = _checked(found, dict, "an object", where)
    for place, raw in enumerate(_get(record, "problems", list, "a list", where), start=1):
        inside = f"{where}, problem {place}"
        problem = _checked(raw, dict, "an object", inside)
        _get(problem, "id", str, "a text", inside)
        _get(problem, "canonical", str, "a text", inside)
        _get(problem, "answers", dict, "an object", inside)
        cost = _get(problem, "cost", int, "an integer", inside)
        if not 0 <= cost <= _MOST_COST:
            raise InputError(f"{inside}, cost: expected a number from 0 to {_MOST_COST}; got {_shown(cost)}")
        for part, choice in _get(problem, "letters", dict, "an object", inside).items():
            _check_choice(choice, f"{inside}, letters, {_shown(part)}")
        for part, answers in _checked(problem.get("possible", {}), dict, "an object", f"{inside}, possible").items():
            if type(answers) is not int or not 1 <= answers <= _MOST_ANSWERS:
                raise InputError(
                    f"{inside}, possible, {_shown(part)}: expected a number from 1 to {_MOST_ANSWERS}; got {_shown(answers)}"
                )
    return record


def _check_choice(raw: Any, where: str) -> None:
    """``{"right": [1], "of": 4}``: positions from 0, each once, among so many options."""
    choice = _checked(raw, dict, "an object", where)
    options = _get(choice, "of", int, "an integer", where)
    if not 1 <= options <= _MOST_OPTIONS:
        raise InputError(f"{where}, of: expected a number from 1 to {_MOST_OPTIONS}; got {_shown(options)}")
    right = _get(choice, "right", list, "a list", where)
    if not all(type(place) is int and 0 <= place < options for place in right) or len(set(right)) != len(right):
        raise InputError(f"{where}: expected positions from 0, below {options}, in 'right'; got {_shown(right)}")


def _get(table: Mapping[str, Any], key: str, kind: type, described: str, where: str) -> Any:
    if key not in table:
        raise InputError(f"{where}: the key {key!r} is missing; was the manifest changed, or made by another version?")
    return _checked(table[key], kind, described, f"{where}, {key}")


def _checked(value: Any, kind: type, described: str, where: str) -> Any:
    if type(value) is not kind:  # exactly: True is no integer here
        raise InputError(f"{where}: expected {described}; got {_shown(value)}")
    return value


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
